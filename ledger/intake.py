"""A ledger that is handed in as a table: read, compared, told row by row, then written.

Nothing is written while a plan is made. A plan with a fault is never applied; one
without is applied in the transaction it was made in, all rows or none, by the verbs
that people use, so that rights, rules and history hold for each row.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa

from gis.errors import LandMapError, LedgerError
from ledger import appraisals, fields, projects, rows, tables
from ledger.access import Verb, is_managed, require
from ledger.intake_cells import FIELDS, Vocabulary, normal, read_cell
from ledger.model import Level, Project, Stage
from ledger.owned import ruling_region, sees
from ledger.stages import STAGE_DATES, needs_reason, next_stages
from ledger.unit_of_work import Work

MOST_ROWS: Final = 20_000
VERSION: Final = "version"
"""A column of an export: the version of the project that the row was written from."""

_ASKED: Final = ("title", "level", "region", "stage")


class Action(StrEnum):
    """What a row comes to."""

    NEW = "new"
    CHANGE = "change"
    SAME = "same"
    FAULT = "fault"


@dataclass(frozen=True)
class Step:
    """What one row of the table comes to.

    Attributes:
        line: Number of the row, as the spreadsheet counts.
        action: What it comes to.
        code: Code of the project, "" where one is made.
        title: Its title.
        values: Fields of a new project, or only those that change.
        before: What the changed fields were.
        project: The project it changes.
        faults: What is wrong; a row with one is not applied.
    """

    line: int
    action: Action
    code: str
    title: str
    values: Mapping[str, Any] = field(default_factory=dict)
    before: Mapping[str, Any] = field(default_factory=dict)
    project: Project | None = None
    faults: Sequence[LandMapError] = ()


@dataclass(frozen=True)
class Plan:
    """What a table comes to, row by row."""

    steps: Sequence[Step]

    def count(self, action: Action) -> int:
        """Count the rows that come to something."""
        return sum(step.action is action for step in self.steps)

    @property
    def good(self) -> bool:
        """Whether it can be applied: there is something to do and nothing is wrong."""
        return not self.count(Action.FAULT) and any(
            self.count(action) for action in (Action.NEW, Action.CHANGE)
        )


def plan(
    work: Work,
    table: Sequence[tuple[int, Mapping[str, str]]],
    words: Vocabulary,
    *,
    empty_clears: bool = False,
) -> Plan:
    """Tell what each row of a table would do.

    Args:
        work: The unit of work.
        table: Number of each row, and its cells by field of `FIELDS` or `VERSION`.
        words: Words of people for what is stored as codes.
        empty_clears: Whether an empty cell empties the field of a project that is
            there; else it leaves it as it is.

    Returns:
        A step for each row.

    Raises:
        LedgerError: There are more rows than are read.
    """
    require(work.actor, Verb.PROJECT_CREATE)
    if len(table) > MOST_ROWS:
        raise LedgerError(
            "The table has {count} rows; at most {most} are read at once.",
            count=len(table),
            most=MOST_ROWS,
        )
    codes = [normal(cells.get("code", "")) for _, cells in table]
    known = _known(work, codes)
    twice = {code for code, count in Counter(codes).items() if code and count > 1}
    return Plan([
        _step(work, line, cells, known, words, twice, empty_clears=empty_clears)
        for line, cells in table
    ])


def apply(work: Work, made: Plan) -> int:
    """Do what a plan tells, all of it; the caller commits.

    Args:
        work: The unit of work, the same that the plan was made in.
        made: The plan.

    Returns:
        How many projects were added or changed.

    Raises:
        LedgerError: A row is faulty, or there is nothing to do.
    """
    if not made.good:
        raise LedgerError(
            "The table is not taken: {faulty} rows are faulty, {new} new, {changed} "
            "changed. Nothing was saved.",
            faulty=made.count(Action.FAULT),
            new=made.count(Action.NEW),
            changed=made.count(Action.CHANGE),
        )
    for step in made.steps:
        if step.action is Action.NEW:
            projects.create(work, **step.values)
        elif step.action is Action.CHANGE and step.project is not None:
            _change(work, step.project, dict(step.values))
    return made.count(Action.NEW) + made.count(Action.CHANGE)


def _step(  # noqa: PLR0913 - a row and what it is compared with
    work: Work,
    line: int,
    cells: Mapping[str, str],
    known: Mapping[str, Project],
    words: Vocabulary,
    twice: set[str],
    *,
    empty_clears: bool,
) -> Step:
    code = normal(cells.get("code", ""))
    project = known.get(code)
    if project is not None and not sees(work, project):
        # Another place's: nothing of it is told but that the code is theirs.
        place = project.region
        refused = _refusals(lambda: require(work.actor, Verb.PROJECT_READ, place))
        return Step(line, Action.FAULT, code, cells.get("title", ""), faults=refused)
    values, faults = _read(cells, words)
    title = str(values.get("title") or (project.title if project else ""))
    if code in twice:
        faults.append(LedgerError("The code {code} stands in several rows.", code=code))
    if project is None:
        values = {name: value for name, value in values.items() if value is not None}
        values.setdefault("level", Level.COUNTY)
        values.setdefault("stage", Stage.LEAD)
        if is_managed(work.actor.region):
            # The office of a management region hands in what it runs itself.
            values["managed_by"] = work.actor.region
        faults += _new_faults(work, values) if not faults else []
        before: dict[str, Any] = {}
        action = Action.NEW
    else:
        values = _changed(project, values, empty_clears=empty_clears)
        faults += _change_faults(work, project, values, cells) if not faults else []
        before = {name: getattr(project, name) for name in values}
        action = Action.CHANGE if values else Action.SAME
    return Step(
        line=line,
        action=Action.FAULT if faults else action,
        code=code,
        title=title,
        values=values,
        before=before,
        project=project,
        faults=faults,
    )


def _read(
    cells: Mapping[str, str], words: Vocabulary
) -> tuple[dict[str, Any], list[LandMapError]]:
    values: dict[str, Any] = {}
    faults: list[LandMapError] = []
    for name in FIELDS:
        if name not in cells:
            continue
        try:
            values[name] = read_cell(name, cells[name], words)
        except LedgerError as error:
            faults.append(error)
    return values, faults


def _changed(
    project: Project, values: dict[str, Any], *, empty_clears: bool
) -> dict[str, Any]:
    """Return the fields that differ; what is not said leaves them as they are."""
    kept = {}
    for name, value in values.items():
        empty = value is None or value == ""
        if empty and (not empty_clears or name in {"code", *_ASKED}):
            continue
        if getattr(project, name) != value:
            kept[name] = value
    return kept


def _new_faults(work: Work, values: Mapping[str, Any]) -> list[LandMapError]:
    found = [*fields.faults(values), *fields.future(values, work.today())]
    return [*found] or _refusals(lambda: projects.require_new(work, values))


def _change_faults(
    work: Work, project: Project, values: Mapping[str, Any], cells: Mapping[str, str]
) -> list[LandMapError]:
    if not values:
        return []
    found = _version_faults(project, cells.get(VERSION, "").strip())
    now = ruling_region(project, work)
    found += _refusals(lambda: require(work.actor, Verb.PROJECT_EDIT, now))
    to = values.get("stage", project.stage)
    if to is not project.stage and (
        to not in next_stages(project.stage) or needs_reason(project.stage, to)
    ):
        found.append(
            LedgerError(
                "Stage: a project at {stage} is not moved to {to} by a table; move it "
                "in the ledger, with the reason.",
                stage=project.stage.label,
                to=to.label,
            )
        )
    elif to is Stage.SIGNED and to is not project.stage:
        found += _refusals(lambda: appraisals.require_signable(work, project))
    if found:
        return found
    return _refusals(lambda: projects.require_change(work, project, values))


def _version_faults(project: Project, seen: str) -> list[LandMapError]:
    """Find what is wrong with the version that a row was written from; "" is none."""
    if not seen:
        return []
    try:
        version = int(float(seen))
    except (ValueError, OverflowError):
        return [LedgerError("{value} is no version of a project.", value=seen)]
    return _refusals(lambda: rows.require_version(project, version, tables.project))


def _refusals(asked: Callable[[], None]) -> list[LandMapError]:
    """Return why something is refused, each fault of its own; none where it is not."""
    try:
        asked()
    except LandMapError as error:
        return [*(error.faults or [error])]
    return []


def _change(work: Work, project: Project, values: dict[str, Any]) -> None:
    """Move the project first, then change the rest, so that both leave their trace."""
    version = project.version
    to = values.pop("stage", project.stage)
    if to is not project.stage:
        day = values.pop(STAGE_DATES.get(to, ""), None)
        moved = projects.move(work, project.id, to=to, version=version, on=day)
        version = moved.version
        values = {k: v for k, v in values.items() if getattr(moved, k) != v}
    if values:
        projects.edit(work, project.id, version=version, **values)


def _known(work: Work, codes: Sequence[str]) -> dict[str, Project]:
    """Read the projects of some codes, a few hundred at a time."""
    asked = sorted({code for code in codes if code})
    found: dict[str, Project] = {}
    for at in range(0, len(asked), 500):
        some = sa.select(tables.project).where(
            tables.project.c.code.in_(asked[at : at + 500])
        )
        for row in work.connection.execute(some):
            found[row.code] = rows.made(Project, row)
    return found

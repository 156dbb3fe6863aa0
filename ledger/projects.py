"""The projects of the ledger: add, change, move along the stages, find."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from itertools import count
from typing import Any, Unpack

import sqlalchemy as sa

from gis.errors import LedgerError
from ledger import appraisals, audit, demand_figures, project_list, rows, tables
from ledger.access import Verb, require
from ledger.fields import ProjectFields, require_good
from ledger.model import Level, Milestone, Project, Stage, StageMove
from ledger.owned import project_for, seen, sees
from ledger.regions import Matter, managed_by_faults, ruling_of
from ledger.stages import (
    DATE_TITLES,
    SIGNED_OR_LATER,
    STAGE_DATES,
    dates_asked,
    needs_reason,
    next_stages,
)
from ledger.unit_of_work import Work

_BLANK: ProjectFields = {
    "investor": "",
    "industry": "",
    "level": Level.COUNTY,
    "stage": Stage.LEAD,
    "signed_on": None,
    "started_on": None,
    "production_on": None,
    "investment_wan_cny": None,
    "output_wan_cny": None,
    "tax_wan_cny": None,
    "jobs": None,
    "owner": "",
    "leader": "",
    "need": "",
    "land_demand_mu": None,
    "demand_met": False,
    "note": "",
    "managed_by": "",
}


def create(
    work: Work, *, synthetic: bool = False, **fields: Unpack[ProjectFields]
) -> Project:
    """Add a project.

    Args:
        work: The unit of work.
        synthetic: Whether it is made up, for the demo.
        **fields: What is known; title and region are required. A code is made
            when none is given. A project that is further on than a lead brings
            the dates of the stages behind it.

    Returns:
        The project as stored, version 1.

    Raises:
        LedgerError: With every fault of the fields, or the code is taken.
    """
    values: dict[str, Any] = {**_BLANK, **fields}
    require_new(work, values)
    values["code"] = str(values.get("code") or "").strip() or _new_code(work)
    _require_free(work, values["code"])
    project_id = rows.add(
        work,
        tables.project,
        values | {"synthetic": synthetic, "created_at": work.now()},
        verb="project.create",
    )
    _remember_stages(work, project_id, values)
    return rows.get(work, tables.project, Project, project_id)


def edit(
    work: Work, project_id: int, *, version: int, **fields: Unpack[ProjectFields]
) -> Project:
    """Change what is known of a project; the stage is changed by `move`.

    Args:
        work: The unit of work.
        project_id: The project.
        version: The version that the person saw.
        **fields: What to change.

    Returns:
        The project as stored.

    Raises:
        LedgerError: With every fault of the fields.
    """
    project = project_for(work, project_id, Verb.PROJECT_EDIT)
    rows.require_version(project, version, tables.project)
    changes: dict[str, Any] = dict(fields)
    if changes.get("stage", project.stage) != project.stage:
        raise LedgerError("The stage is changed by moving the project.")
    require_change(work, project, changes)
    rows.change(
        work, tables.project, project, changes, version=version, verb="project.edit"
    )
    return rows.get(work, tables.project, Project, project_id)


def require_new(work: Work, values: Mapping[str, Any]) -> None:
    """Refuse a project that cannot be added like this.

    Args:
        work: The unit of work.
        values: Its fields.

    Raises:
        AccessError: It lies in a place that the actor does not answer for.
        LedgerError: With every fault of the fields.
    """
    require(work.actor, Verb.PROJECT_CREATE, _ruling(work, values) or None)
    _require_good(work, values)
    signed_on = values.get("signed_on")
    if values["stage"] in SIGNED_OR_LATER and signed_on is not None:
        appraisals.require_none_asked(work, signed_on)


def require_change(work: Work, project: Project, changes: Mapping[str, Any]) -> None:
    """Refuse fields of a project that cannot be changed like this.

    Args:
        work: The unit of work.
        project: The project as it is.
        changes: The fields as they are to be.

    Raises:
        AccessError: It would go to a place that the actor does not answer for.
        LedgerError: With every fault of the fields, or the code is taken.
    """
    values = {**asdict(project), **changes}
    _require_good(work, values)
    require(work.actor, Verb.PROJECT_EDIT, _ruling(work, values))
    _require_followed(work, project, values)
    if values["code"] != project.code:
        _require_free(work, values["code"])


def move(
    work: Work,
    project_id: int,
    *,
    to: Stage,
    version: int,
    why: str = "",
    on: date | None = None,
) -> Project:
    """Move a project to another stage.

    Moving on fills the date of the stage; moving back clears the dates of the
    stages that are no longer reached.

    Args:
        work: The unit of work.
        project_id: The project.
        to: The stage to enter, one of `stages.next_stages`.
        version: The version that the person saw.
        why: The reason; required for a step back, for ending and reopening.
        on: The day it was reached; today when not given.

    Returns:
        The project as stored.

    Raises:
        LedgerError: The stage cannot follow, the reason is missing, or the day
            is in the future or before the stage that went before.
    """
    project = project_for(work, project_id, Verb.PROJECT_MOVE)
    rows.require_version(project, version, tables.project)
    if to not in next_stages(project.stage):
        raise LedgerError(
            "A project at stage {stage} cannot move to {to}.",
            stage=project.stage.label,
            to=to.label,
        )
    if needs_reason(project.stage, to) and not why.strip():
        raise LedgerError("Say why the project is moved back, ended or reopened.")
    if to is Stage.SIGNED and not needs_reason(project.stage, to):
        appraisals.require_signable(work, project)
    day = on or work.today()
    changes: dict[str, Any] = {"stage": to, **_dates_at(project, to, day)}
    values = asdict(project) | changes
    require_good(
        values | {"entered_on": day}, work.today(), _day_faults(values, to, day)
    )
    rows.change(
        work, tables.project, project, changes, version=version, verb="project.move"
    )
    _remember(work, project_id, to, day, why.strip())
    return rows.get(work, tables.project, Project, project_id)


def get(work: Work, project_id: int) -> Project:
    """Read one project.

    Args:
        work: The unit of work.
        project_id: The project.

    Returns:
        The project as it is now.
    """
    return project_for(work, project_id, Verb.PROJECT_READ)


def by_code(work: Work, code: str) -> Project | None:
    """Read a project by its code.

    Args:
        work: The unit of work.
        code: The code.

    Returns:
        The project; None where there is none, or none that the actor may see.
    """
    require(work.actor, Verb.PROJECT_READ)
    found = work.connection.execute(
        sa.select(tables.project).where(tables.project.c.code == code)
    ).first()
    if found is None or not sees(work, project := rows.made(Project, found)):
        return None
    return project


def find(
    work: Work,
    text: str = "",
    *,
    stages: Sequence[Stage] = (),
    region: str = "",
    level: str = "",
) -> list[Project]:
    """Find the projects that the actor may see, whole; lists read `project_list`.

    Args:
        work: The unit of work.
        text: Part of title, code, investor, owner or industry; "" for all.
        stages: Stages to keep; none for all.
        region: A county's, prefecture's, province's or management region's code, or
            "" for all.
        level: A `Level`, or "" for all.

    Returns:
        The projects, by code.
    """
    require(work.actor, Verb.PROJECT_READ)
    asked = project_list.Asked(text, tuple(stages), region, level)
    found = work.connection.execute(
        sa
        .select(tables.project)
        .where(*project_list.conditions(work, asked))
        .order_by(tables.project.c.code)
    )
    return [rows.made(Project, row) for row in found]


def regions(work: Work) -> list[str]:
    """List the counties in which the actor sees projects.

    Args:
        work: The unit of work.

    Returns:
        Six-digit codes, in their order.
    """
    require(work.actor, Verb.PROJECT_READ)
    region = tables.project.c.region
    found = work.connection.scalars(
        sa.select(region).where(seen(work)).distinct().order_by(region)
    )
    return list(found)


def timeline(work: Work, project_id: int) -> list[StageMove]:
    """Tell when a project entered each stage, the first one first.

    Args:
        work: The unit of work.
        project_id: The project.

    Returns:
        Every move, with who and why.
    """
    get(work, project_id)
    table = tables.stage_move
    found = work.connection.execute(
        sa.select(table).where(table.c.project_id == project_id).order_by(table.c.id)
    )
    return [rows.made(StageMove, row) for row in found]


def milestones(work: Work, project_id: int) -> list[Milestone]:
    """List the key dates of a project's construction plan, in order.

    Args:
        work: The unit of work.
        project_id: The project.

    Returns:
        The milestones, those without a planned day last.
    """
    get(work, project_id)
    table = tables.milestone
    found = work.connection.execute(
        sa
        .select(table)
        .where(table.c.project_id == project_id)
        .order_by(table.c.planned_on.is_(None), table.c.planned_on, table.c.id)
    )
    return [rows.made(Milestone, row) for row in found]


def add_milestone(
    work: Work,
    project_id: int,
    *,
    title: str,
    planned_on: date | None = None,
    done_on: date | None = None,
) -> Milestone:
    """Add a key date to a project's construction plan.

    Args:
        work: The unit of work.
        project_id: The project.
        title: What is to be done.
        planned_on: The day it is planned for.
        done_on: The day it was done.

    Returns:
        The milestone as stored.

    Raises:
        LedgerError: The title is empty.
    """
    project_for(work, project_id, Verb.PROJECT_EDIT)
    if not title.strip():
        raise LedgerError("Give the milestone a title.")
    values = {
        "project_id": project_id,
        "title": title.strip(),
        "planned_on": planned_on,
        "done_on": done_on,
    }
    milestone_id = rows.add(work, tables.milestone, values, verb="milestone.add")
    return Milestone(id=milestone_id, **values)  # type: ignore[arg-type]


def _ruling(work: Work, values: Mapping[str, Any]) -> str:
    """Return the place whose offices would answer for a project of these fields."""
    region, managed_by = (str(values.get(k) or "") for k in ("region", "managed_by"))
    return ruling_of(work, region, managed_by, Matter.STAFF)


def _require_good(work: Work, values: Mapping[str, Any]) -> None:
    """Refuse fields that cannot be stored, the management region among them."""
    managed = managed_by_faults(
        work,
        managed_by=str(values.get("managed_by") or ""),
        region=str(values.get("region") or ""),
    )
    require_good(values, work.today(), managed)


def _dates_at(project: Project, to: Stage, day: date) -> dict[str, date | None]:
    """Return the stage dates after a move: the new one filled, later ones cleared."""
    if to is Stage.ENDED:
        return {}
    asked = dates_asked(to)
    dates: dict[str, date | None] = {
        name: getattr(project, name) if name in asked else None for name in DATE_TITLES
    }
    own = STAGE_DATES.get(to)
    if own and dates[own] is None:
        dates[own] = day
    return dates


def _day_faults(values: Mapping[str, Any], to: Stage, day: date) -> list[LedgerError]:
    """Find the dates of earlier stages that a stage without its own date precedes."""
    return [
        LedgerError(
            "{later} ({on}) lies before {earlier} ({before}).",
            later=to.label,
            on=day,
            earlier=title,
            before=values[name],
        )
        for name, title in DATE_TITLES.items()
        if to not in STAGE_DATES and values[name] is not None and day < values[name]
    ]


def _require_followed(work: Work, project: Project, values: dict[str, Any]) -> None:
    """Refuse to tick a land demand off by hand where demands are written down."""
    followed = demand_figures.met(work, project.id)
    if followed is None or values["demand_met"] in {project.demand_met, followed}:
        return
    raise LedgerError(
        "Whether the land demand is met follows from the demands that are written "
        "down: strike them off there, with evidence."
    )


def _require_free(work: Work, code: str) -> None:
    if not code.strip() or _taken(work, code):
        raise LedgerError(
            "The code {code} is taken or empty: give the project its own.", code=code
        )


def _new_code(work: Work) -> str:
    newest = work.connection.scalar(sa.select(sa.func.max(tables.project.c.id))) or 0
    numbers = (f"XM-{work.today().year}-{number:04d}" for number in count(newest + 1))
    return next(code for code in numbers if not _taken(work, code))


def _taken(work: Work, code: str) -> bool:
    one = sa.select(tables.project.c.id).where(tables.project.c.code == code)
    return work.connection.execute(one).first() is not None


def _remember_stages(work: Work, project_id: int, values: dict[str, Any]) -> None:
    """Write the stages that a project brings with it when it is added."""
    stage = values["stage"]
    for reached, name in STAGE_DATES.items():
        if values[name] is not None and reached is not stage:
            _remember(work, project_id, reached, values[name], "")
    day = values.get(STAGE_DATES.get(stage, ""))
    if stage is Stage.LEAD:
        day = work.today()
    _remember(work, project_id, stage, day, "")


def _remember(
    work: Work, project_id: int, stage: Stage, day: date | None, why: str
) -> None:
    # Told by the audit row of the move itself, so it gets none of its own.
    audit.require_writing(work)
    work.connection.execute(
        tables.stage_move.insert().values(
            project_id=project_id,
            stage=stage,
            entered_on=day,
            why=why,
            moved_by=work.actor.name,
            moved_at=work.now(),
        )
    )

"""Lists of problems and of requests: filtered, bounded, counted in a few questions."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final, Generic

import sqlalchemy as sa

from gis.words import Title
from ledger import list_part, routing, rows, tables
from ledger.access import Verb, require
from ledger.chinese_order import chinese_order
from ledger.closed_loop import OFFICES, Case, CaseState, Loop, shown_to
from ledger.list_part import EVERYTHING, Columns, Part, Wanted
from ledger.model import Level, Word
from ledger.owned import lies_in, seen
from ledger.routing import Routing
from ledger.unit_of_work import Work

_project = tables.project


class Age(Word):
    """How long a case has been open."""

    MONTH = "month", Title("Up to 30 days")
    QUARTER = "quarter", Title("31 to 90 days")
    HALF = "half", Title("91 to 180 days")
    LONGER = "longer", Title("More than 180 days")


AGE_DAYS: Final[Mapping[Age, int]] = {Age.MONTH: 30, Age.QUARTER: 90, Age.HALF: 180}
"""The most days of each age; the last one has no end."""


@dataclass(frozen=True)
class Asked:
    """What a list is filtered by; nothing of it keeps everything.

    Attributes:
        text: Words in the title or the project's title, code or investor.
        state: How far a case has come; None for all that are open.
        closed: Whether closed cases are among them, where no state is asked for.
        level: The level that has it.
        sort: Kind of problem, or channel of a request.
        office: Code of the office it is routed to.
        region: Code of a county, prefecture or province.
        overdue: Only open ones past their last day.
        to_hand_up: Only those that the rules say should be handed up by now.
    """

    text: str = ""
    state: CaseState | None = None
    closed: bool = False
    level: Level | None = None
    sort: str = ""
    office: str = ""
    region: str = ""
    overdue: bool = False
    to_hand_up: bool = False


@dataclass(frozen=True)
class Listed(Generic[Case]):
    """A case in a list, with what is told of its project."""

    case: Case
    project_code: str
    project_title: str
    investor: str
    region: str
    managed_by: str
    synthetic: bool


@dataclass(frozen=True)
class Group:
    """Open cases that are alike, counted."""

    level: Level
    sort: str
    category: str
    age: Age
    open: int
    overdue: int
    escalated: int
    unrouted: int
    to_hand_up: int


@dataclass(frozen=True)
class Figures:
    """What stands above a list: open cases by group, and what was closed this month."""

    groups: Sequence[Group]
    closed_this_month: int

    def total(self, what: str) -> int:
        """Add up one of the counts of `Group`."""
        return self._totals[what]

    @cached_property
    def _totals(self) -> dict[str, int]:
        """Add up each count once: a page names them a dozen times."""
        return {
            what: sum(getattr(group, what) for group in self.groups)
            for what in ("open", "overdue", "escalated", "unrouted", "to_hand_up")
        }

    def by(self, *names: str, what: str = "open") -> dict[tuple[Any, ...], int]:
        """Add up one count by columns of the groups.

        Args:
            names: Columns, such as "level", "sort".
            what: The count.

        Returns:
            Counts by the values of the columns; what does not occur is left out.
        """
        counted: Counter[tuple[Any, ...]] = Counter()
        for group in self.groups:
            key = tuple(getattr(group, name) for name in names)
            counted[key] += getattr(group, what)
        return dict(counted)


def find(
    work: Work,
    loop: Loop[Case],
    asked: Asked,
    wanted: Wanted = EVERYTHING,
    *,
    total: int | None = None,
) -> Part[Listed[Case]]:
    """Find the cases that the actor works on, those that wait for them first.

    Args:
        work: The unit of work.
        loop: The list.
        asked: What it is filtered by.
        wanted: Which part, sorted by `title`, `state`, `project`, `office`, `level` or
            `due`.
        total: How many there are, where that was counted in the same transaction.

    Returns:
        The rows, where nothing else is asked for: to a department its inbox, then the
        overdue, then by last day.
    """
    require(work.actor, Verb.PROJECT_READ)
    found = list_part.read(
        work,
        sa
        .select(loop.table, *_told())
        .join(_project, _project.c.id == loop.table.c.project_id)
        .where(*_conditions(work, loop, asked)),
        wanted,
        key=loop.table.c.id,
        own=_order(work, loop),
        by=_sorts(loop),
        total=total,
    )
    return found.of(lambda row: _listed(loop, row))


def find_one(work: Work, loop: Loop[Case], case_id: int) -> Listed[Case] | None:
    """Read one case of the list by its number.

    Args:
        work: The unit of work.
        loop: The list.
        case_id: The case.

    Returns:
        The case; None where there is none, or none that the actor may see.
    """
    require(work.actor, Verb.PROJECT_READ)
    found = work.connection.execute(
        sa
        .select(loop.table, *_told())
        .join(_project, _project.c.id == loop.table.c.project_id)
        .where(loop.table.c.id == case_id, seen(work), shown_to(work, loop))
    ).first()
    return None if found is None else _listed(loop, found)


def of(work: Work, loop: Loop[Case], project_id: int) -> list[Case]:
    """List what one project has, open ones first, then the newest.

    Args:
        work: The unit of work.
        loop: The list.
        project_id: The project; the caller has asked whether it may be seen.

    Returns:
        The cases that the actor's office works on.
    """
    columns = loop.table.c
    found = work.connection.execute(
        sa
        .select(loop.table)
        .where(columns.project_id == project_id, shown_to(work, loop))
        .order_by(
            columns.closed_on.is_not(None), columns[loop.since].desc(), columns.id
        )
    )
    return [rows.made(loop.made, row) for row in found]


def to_hand_up(work: Work, loop: Loop[Case], *, most: int) -> Part[Listed[Case]]:
    """List what the rules say should be handed up by now, the longest overdue first.

    Args:
        work: The unit of work.
        loop: The list.
        most: How many rows are read at most.

    Returns:
        The rows and how many there are.
    """
    return find(work, loop, Asked(to_hand_up=True), Wanted(most=most))


def figures(work: Work, loop: Loop[Case]) -> Figures:
    """Count what the actor works on.

    Args:
        work: The unit of work.
        loop: The list.

    Returns:
        Open cases by level, kind, category and age, and those closed since the first
        of the month.
    """
    require(work.actor, Verb.INDICATOR_READ)
    columns, today = loop.table.c, work.today()
    joined = loop.table.join(_project, _project.c.id == columns.project_id)
    own = (seen(work), shown_to(work, loop))
    keys = (
        columns.level,
        columns[loop.sort].label("sort"),
        columns.category,
        _age(columns[loop.since], today).label("age"),
    )
    counted = work.connection.execute(
        sa
        .select(
            *keys,
            sa.func.count().label("open"),
            _sum(columns.due_on < today).label("overdue"),
            _sum(columns.escalations > 0).label("escalated"),
            _sum(columns.office == "").label("unrouted"),
            _sum(_due_up(loop, routing.read(work), today)).label("to_hand_up"),
        )
        .select_from(joined)
        .where(columns.closed_on.is_(None), *own)
        .group_by(*keys)
    )
    groups = [
        Group(
            level=row.level,
            sort=str(row.sort),
            category=row.category,
            age=Age(row.age),
            open=int(row.open),
            overdue=int(row.overdue or 0),
            escalated=int(row.escalated or 0),
            unrouted=int(row.unrouted or 0),
            to_hand_up=int(row.to_hand_up or 0),
        )
        for row in counted
    ]
    closed = work.connection.scalar(
        sa
        .select(sa.func.count())
        .select_from(joined)
        .where(columns.closed_on >= today.replace(day=1), *own)
    )
    return Figures(groups, int(closed or 0))


_TOLD: Final = ("code", "title", "investor", "region", "managed_by", "synthetic")


def _told() -> list[sa.Label[Any]]:
    return [_project.c[name].label(f"project_{name}") for name in _TOLD]


def _listed(loop: Loop[Case], row: sa.Row[Any]) -> Listed[Case]:
    values = list(row)
    own = len(fields(loop.made))
    case = loop.made(**dict(zip(row._fields[:own], values[:own], strict=True)))
    code, title, investor, region, managed_by, synthetic = values[own:]
    return Listed(case, code, title, investor, region, managed_by, synthetic)


def _conditions(
    work: Work, loop: Loop[Case], asked: Asked
) -> list[sa.ColumnElement[bool]]:
    """Write what a filter asks for, beside the actor's own places and office."""
    columns: Any = loop.table.c
    today = work.today()
    wanted = [seen(work), shown_to(work, loop), *_words(columns, asked.text)]
    if asked.state is not None:
        wanted.append(_STATES[asked.state](columns))
    elif not asked.closed:
        wanted.append(columns.closed_on.is_(None))
    for column, value in (
        (columns.level, asked.level),
        (columns[loop.sort], asked.sort),
        (columns.office, asked.office),
    ):
        if value:
            wanted.append(column == value)
    if asked.region:
        wanted.append(lies_in(asked.region))
    if asked.overdue:
        wanted += [columns.closed_on.is_(None), columns.due_on < today]
    if asked.to_hand_up:
        wanted.append(_due_up(loop, routing.read(work), today))
    return wanted


def _words(columns: Any, text: str) -> list[sa.ColumnElement[bool]]:  # noqa: ANN401 - of any list's table
    return [
        sa.or_(
            columns.title.icontains(word, autoescape=True),
            *(
                _project.c[name].icontains(word, autoescape=True)
                for name in ("title", "code", "investor")
            ),
        )
        for word in text.split()
    ]


def _unconfirmed(columns: Any) -> sa.ColumnElement[bool]:  # noqa: ANN401 - of any list's table
    if "confirmed_on" in columns:
        unconfirmed: sa.ColumnElement[bool] = columns.confirmed_on.is_(None)
        return unconfirmed
    return sa.true()


def _confirmed(columns: Any) -> sa.ColumnElement[bool]:  # noqa: ANN401 - of any list's table
    if "confirmed_on" in columns:
        return sa.and_(columns.closed_on.is_(None), columns.confirmed_on.is_not(None))
    return sa.false()


_STATES: Final[Mapping[CaseState, Callable[[Any], sa.ColumnElement[bool]]]] = {
    CaseState.UNROUTED: lambda c: sa.and_(
        c.closed_on.is_(None), c.office == "", c.answered_on.is_(None)
    ),
    CaseState.WAITING: lambda c: sa.and_(
        c.closed_on.is_(None), c.office != "", c.answered_on.is_(None)
    ),
    CaseState.ANSWERED: lambda c: sa.and_(
        c.closed_on.is_(None), c.answered_on.is_not(None), _unconfirmed(c)
    ),
    CaseState.CONFIRMED: _confirmed,
    CaseState.CLOSED: lambda c: c.closed_on.is_not(None),
}


def _order(work: Work, loop: Loop[Case]) -> list[sa.ColumnElement[Any]]:
    """Open ones first; in a department's inbox what waits for it; then by last day."""
    columns = loop.table.c
    order: list[sa.ColumnElement[Any]] = [columns.closed_on.is_not(None)]
    if work.actor.role in OFFICES:
        waits = sa.and_(
            columns.office == work.actor.office, columns.answered_on.is_(None)
        )
        order.append(sa.case((waits, 0), else_=1))
    return [
        *order,
        columns.due_on.is_(None),
        columns.due_on,
        columns[loop.since],
        columns.id,
    ]


def _sorts(loop: Loop[Case]) -> Mapping[str, Columns]:
    columns = loop.table.c
    states = [(_STATES[state](columns), place) for place, state in enumerate(CaseState)]
    levels = {level.value: place for place, level in enumerate(Level)}
    return {
        "title": [chinese_order(columns.title)],
        "state": [sa.case(*states)],
        "project": [chinese_order(_project.c.title)],
        "office": [columns.office],
        "level": [sa.case(levels, value=sa.cast(columns.level, sa.Text))],
        "due": [columns.due_on],
    }


def _due_up(loop: Loop[Case], rules: Routing, today: date) -> sa.ColumnElement[bool]:
    """Write what the rules say should be handed up by now."""
    columns = loop.table.c
    late = [
        sa.and_(columns.level == level, columns.due_on < before)
        for level in rules.steps
        if (before := routing.overdue_before(rules, level, today)) is not None
    ]
    return sa.and_(columns.closed_on.is_(None), sa.or_(sa.false(), *late))


def _age(since: sa.ColumnElement[date], today: date) -> sa.ColumnElement[str]:
    return sa.case(
        *(
            (since >= today - timedelta(days=days), age.value)
            for age, days in AGE_DAYS.items()
        ),
        else_=Age.LONGER.value,
    )


def _sum(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[Any]:
    return sa.func.sum(sa.case((condition, 1), else_=0))

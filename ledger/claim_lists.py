"""Claims of all places in lists: who holds what, and what runs out when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa

from ledger import holdings, list_part, tables
from ledger.access import Verb, prefix_of, require
from ledger.chinese_order import chinese_order
from ledger.list_part import EVERYTHING, Columns, Part, Wanted
from ledger.model import HOLDING, Claim, ClaimKind
from ledger.unit_of_work import Work

_table = tables.claim
_project = tables.project.c
_TOLD: Final = ("code", "title", "region", "managed_by", "synthetic")
WEEK_DAYS: Final = 7
RUN_OUT: Final = "run_out"
STATES: Final = (*(kind.value for kind in HOLDING), RUN_OUT, ClaimKind.RELEASED.value)
"""What claims are filtered by: how firmly they hold, run out, released."""


@dataclass(frozen=True)
class Asked:
    """What a list of claims is filtered by.

    Attributes:
        states: Some of `STATES`; none for all that were not released.
        region: Code of a county, prefecture or management region, "" for all.
        text: Words in parcel, note, title or code of the project.
        first: The first of the days on which they run out; None for any.
        last: The last of them; None for any.
    """

    states: tuple[str, ...] = ()
    region: str = ""
    text: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class SeenClaim:
    """A claim in a list of many, with the project that it belongs to.

    Attributes:
        claim: The claim.
        code: Code of the project.
        project: Title of the project.
        region: Code of the county of the project.
        managed_by: Code of the management region that runs it, "" for none.
        synthetic: Whether the project is made up.
    """

    claim: Claim
    code: str
    project: str
    region: str
    managed_by: str
    synthetic: bool


@dataclass(frozen=True)
class Day:
    """The claims that were not released and run out on one day; None: on none.

    Attributes:
        day: The day.
        claims: How many they are.
        area_m2: Their ground, in square metres.
    """

    day: date | None
    claims: int
    area_m2: float


@dataclass(frozen=True)
class Week:
    """What runs out in a week.

    Attributes:
        first: Its Monday.
        last: Its Sunday.
        claims: How many claims do.
        area_m2: Their ground, in square metres.
    """

    first: date
    last: date
    claims: int
    area_m2: float


@dataclass(frozen=True)
class Hatched:
    """A claim as a map hatches the parcel it names."""

    id: int
    parcel_id: str
    kind: ClaimKind
    part: bool


def find(
    work: Work, asked: Asked = Asked(), wanted: Wanted = EVERYTHING
) -> Part[SeenClaim]:
    """Read a part of the claims of all places.

    Args:
        work: The unit of work.
        asked: What they are filtered by.
        wanted: Which part, sorted by `parcel`, `project`, `state`, `area`, `last` or
            `region`.

    Returns:
        Where nothing else is asked for those that run out soonest first, those without
        an end after them, and released ones last, the newest release first.
    """
    require(work.actor, Verb.CLAIM_READ)
    columns = _table.c
    released = columns.kind == ClaimKind.RELEASED
    found = list_part.read(
        work,
        _listed().where(*_conditions(work, asked)),
        wanted,
        key=columns.id,
        own=[
            released,
            sa.case((released, columns.released_at)).desc(),
            columns.expires_on.is_(None),
            columns.expires_on,
            columns.id,
        ],
        by=_sorts(work),
    )
    return found.of(_seen)


def find_one(work: Work, claim_id: int) -> SeenClaim | None:
    """Read one claim of the list; None where there is none."""
    require(work.actor, Verb.CLAIM_READ)
    found = work.connection.execute(_listed().where(_table.c.id == claim_id)).first()
    return None if found is None else _seen(found)


def hatched(work: Work, asked: Asked) -> list[Hatched]:
    """List the claims that a map hatches: all that a filter asks for, told shortly.

    Args:
        work: The unit of work.
        asked: What they are filtered by; released ones are left out.

    Returns:
        The claims, by number.
    """
    require(work.actor, Verb.CLAIM_READ)
    columns = _table.c
    found = work.connection.execute(
        sa
        .select(columns.id, columns.parcel_id, columns.kind, columns.part)
        .join(tables.project, _project.id == columns.project_id)
        .where(*_conditions(work, asked), columns.kind.in_(HOLDING))
        .order_by(columns.id)
    )
    return [Hatched(*row) for row in found]


def counts(work: Work) -> dict[str, int]:
    """Count the claims of all places in each of `STATES`, whatever is filtered by.

    Args:
        work: The unit of work.

    Returns:
        How many there are.
    """
    require(work.actor, Verb.CLAIM_READ)
    state = _state(work)
    found = work.connection.execute(sa.select(state, sa.func.count()).group_by(state))
    return dict.fromkeys(STATES, 0) | {row[0]: int(row[1]) for row in found}


def by_day(work: Work) -> list[Day]:
    """Add up the claims that were not released by the day they run out.

    Args:
        work: The unit of work.

    Returns:
        The days, the first one first, and what has no end last.
    """
    require(work.actor, Verb.CLAIM_READ)
    last = _table.c.expires_on
    found = work.connection.execute(
        sa
        .select(last, sa.func.count(), sa.func.sum(_table.c.area_m2))
        .where(_table.c.kind.in_(HOLDING))
        .group_by(last)
        .order_by(last.is_(None), last)
    )
    return [Day(day, int(count), float(area)) for day, count, area in found]


def regions(work: Work) -> list[str]:
    """List the counties in which land is claimed, released claims left out.

    Args:
        work: The unit of work.

    Returns:
        Codes, in their order.
    """
    require(work.actor, Verb.CLAIM_READ)
    found = work.connection.scalars(
        sa
        .select(_place())
        .distinct()
        .join_from(_table, tables.project, _project.id == _table.c.project_id)
        .where(_table.c.kind.in_(HOLDING))
    )
    return sorted(found)


def held_m2(work: Work) -> dict[str, float]:
    """Add up the ground that is held today, by the parcel it is named by.

    Args:
        work: The unit of work.

    Returns:
        Square metres by parcel.
    """
    require(work.actor, Verb.CLAIM_READ)
    found = work.connection.execute(
        sa
        .select(_table.c.parcel_id, sa.func.sum(_table.c.area_m2))
        .where(*holdings.today(work))
        .group_by(_table.c.parcel_id)
    )
    return {parcel: float(area) for parcel, area in found}


def within(found: Iterable[Day], today: date, *, days: int) -> list[Day]:
    """Keep the days until some days from now; those that are past are left out.

    Args:
        found: Days on which claims run out.
        today: The day it is.
        days: How far to look, today among them.

    Returns:
        The days, in their order.
    """
    until = today + timedelta(days=days)
    return [one for one in found if one.day is not None and today <= one.day <= until]


def by_week(found: Iterable[Day]) -> list[Week]:
    """Lay days out by week.

    Args:
        found: Days on which claims run out.

    Returns:
        The weeks in which any does, in order.
    """
    weeks: dict[date, list[Day]] = {}
    for one in found:
        if one.day is not None:
            monday = one.day - timedelta(days=one.day.weekday())
            weeks.setdefault(monday, []).append(one)
    return [
        Week(
            monday,
            monday + timedelta(days=WEEK_DAYS - 1),
            sum(one.claims for one in weeks[monday]),
            sum(one.area_m2 for one in weeks[monday]),
        )
        for monday in sorted(weeks)
    ]


def _listed() -> sa.Select[Any]:
    beside = [_project[name].label(f"project_{name}") for name in _TOLD]
    return sa.select(_table, *beside).join(
        tables.project, _project.id == _table.c.project_id
    )


def _seen(row: sa.Row[Any]) -> SeenClaim:
    values: tuple[Any, ...] = tuple(row)
    own = len(values) - len(_TOLD)
    return SeenClaim(Claim(*values[:own]), *values[own:])


def _state(work: Work) -> sa.ColumnElement[str]:
    """Write the state a claim is filtered by, one of `STATES`."""
    kind = sa.cast(_table.c.kind, sa.Text)
    over = sa.and_(_table.c.kind.in_(HOLDING), _table.c.expires_on < work.today())
    return sa.case((over, RUN_OUT), else_=kind)


def _place() -> sa.ColumnElement[str]:
    return sa.case((_table.c.region != "", _table.c.region), else_=_project.region)


def _conditions(work: Work, asked: Asked) -> list[sa.ColumnElement[bool]]:
    columns = _table.c
    held = columns.kind.in_(HOLDING)
    wanted: list[sa.ColumnElement[bool]] = [
        _state(work).in_(asked.states) if asked.states else held
    ]
    if asked.region:
        wanted.append(_place().startswith(prefix_of(asked.region), autoescape=True))
    if asked.first is not None:
        wanted.append(columns.expires_on >= asked.first)
    if asked.last is not None:
        wanted.append(columns.expires_on <= asked.last)
    said = (columns.parcel_id, columns.note, _project.title, _project.code)
    wanted += [
        sa.or_(*(column.icontains(word, autoescape=True) for column in said))
        for word in asked.text.split()
    ]
    return wanted


def _sorts(work: Work) -> Mapping[str, Columns]:
    columns = _table.c
    places = {state: place for place, state in enumerate(STATES)}
    return {
        "parcel": [columns.parcel_id],
        "project": [chinese_order(_project.title)],
        "state": [sa.case(places, value=_state(work))],
        "area": [columns.area_m2],
        "last": [columns.expires_on],
        "region": [_place()],
    }

"""Claims of all places in lists: who holds what, and what runs out when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from ledger import holdings, tables
from ledger.access import Verb, require
from ledger.model import HOLDING, Claim, ClaimKind
from ledger.unit_of_work import Work

_table = tables.claim
WEEK_DAYS = 7


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
class Week:
    """The claims that run out in a week.

    Attributes:
        first: Its Monday.
        last: Its Sunday.
        claims: The claims, the soonest first.
    """

    first: date
    last: date
    claims: Sequence[SeenClaim]


def holding(work: Work) -> list[SeenClaim]:
    """List the claims that were not released, run out or not, of all places.

    Args:
        work: The unit of work.

    Returns:
        The claims, those that run out soonest first, those without an end last.
    """
    order = (_table.c.expires_on.is_(None), _table.c.expires_on, _table.c.id)
    return _read(work, _table.c.kind.in_(HOLDING), order)


def released(work: Work, most: int) -> list[SeenClaim]:
    """List the claims that were released.

    Args:
        work: The unit of work.
        most: At most this many.

    Returns:
        The claims, the newest release first.
    """
    order = (_table.c.released_at.desc(), _table.c.id.desc())
    return _read(work, _table.c.kind == ClaimKind.RELEASED, order, most)


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


def expiring(found: Iterable[SeenClaim], today: date, *, days: int) -> list[SeenClaim]:
    """Keep the claims that run out within some days; those that have are left out.

    Args:
        found: The claims.
        today: The day it is.
        days: How far to look, today among them.

    Returns:
        The claims, in their order.
    """
    until = today + timedelta(days=days)
    return [
        one
        for one in found
        if one.claim.kind is not ClaimKind.RELEASED
        and one.claim.expires_on is not None
        and today <= one.claim.expires_on <= until
    ]


def by_week(found: Iterable[SeenClaim]) -> list[Week]:
    """Lay claims out by the week in which they run out.

    Args:
        found: Claims with a last day.

    Returns:
        The weeks in which any runs out, in order.
    """
    weeks: dict[date, list[SeenClaim]] = {}
    for one in found:
        if one.claim.expires_on is not None:
            day = one.claim.expires_on
            weeks.setdefault(day - timedelta(days=day.weekday()), []).append(one)
    return [
        Week(
            monday,
            monday + timedelta(days=WEEK_DAYS - 1),
            sorted(weeks[monday], key=lambda one: (one.claim.expires_on, one.claim.id)),
        )
        for monday in sorted(weeks)
    ]


def _read(
    work: Work,
    condition: sa.ColumnElement[bool],
    order: Sequence[sa.ColumnElement[Any]],
    most: int | None = None,
) -> list[SeenClaim]:
    require(work.actor, Verb.CLAIM_READ)
    project = tables.project.c
    beside = (
        project.code.label("project_code"),
        project.title.label("project_title"),
        project.region.label("project_region"),
        project.managed_by,
        project.synthetic,
    )
    found = work.connection.execute(
        sa
        .select(_table, *beside)
        .join(tables.project, project.id == _table.c.project_id)
        .where(condition)
        .order_by(*order)
        .limit(most)
    )
    end = -len(beside)
    return [SeenClaim(Claim(*row[:end]), *row[end:]) for row in map(tuple, found)]

"""Whether ground can be claimed: who holds it, whose turn it is, what a loser reads."""

from collections.abc import Container
from typing import Any, NoReturn

from gis.errors import ClaimConflictError
from gis.units import M2_PER_MU
from gis.words import Title
from ledger import holdings, queue_order, rows, tables
from ledger.model import HOLDING, Claim, Project
from ledger.queue_order import Wanted
from ledger.unit_of_work import CHINA, Work

_table = tables.claim


def in_the_way(
    work: Work, wanted: Wanted, *, but: int | None = None
) -> list[tuple[Claim, float]]:
    """Find the claims that stand in the way of another, run out or not.

    Args:
        work: The unit of work.
        wanted: The ground.
        but: Number of a claim that does not count, because it makes way.

    Returns:
        Claims with the overlap in square metres, the largest first; then those that
        name the same parcel elsewhere. Parts of one parcel meet by their ground alone.
    """
    holding = _table.c.kind.in_(HOLDING)
    near = holdings.read(work, holding, near=wanted.bounds)
    found = holdings.overlapping(wanted.geometry, near)
    met = {held.id for held, _ in found}
    named = holdings.read(work, holding, _table.c.parcel_id == wanted.parcel_id)
    found += [
        (held, 0.0)
        for held in named
        if held.id not in met and not (held.part and wanted.part)
    ]
    return [(held, area) for held, area in found if held.id != but]


def require_free(
    work: Work, project: Project, wanted: Wanted, *, but: int | None = None
) -> list[Claim]:
    """Refuse ground that anybody holds.

    Args:
        work: The unit of work.
        project: Who wants it.
        wanted: The ground.
        but: Number of a claim that makes way.

    Returns:
        Claims in the way that have run out: they are to be released.

    """
    blocking = in_the_way(work, wanted, but=but)
    for held, overlap_m2 in blocking:
        if not held.expired(work.today()):
            _refuse(work, project, wanted, held, overlap_m2)
    return [held for held, _ in blocking]


def require_turn(
    work: Work, project: Project, wanted: Wanted, *, but: Container[int] = ()
) -> None:
    """Refuse ground that another project waits for, before this one.

    Args:
        work: The unit of work.
        project: Who wants it.
        wanted: The ground.
        but: Numbers of places in the queue that are passed over, with a reason.

    Raises:
        ClaimConflictError: Somebody is before it in the queue.
    """
    for entry, area in queue_order.waiting_for(work, wanted):
        if entry.project_id == project.id:
            return
        if entry.id in but:
            continue
        first = rows.get(work, tables.project, Project, entry.project_id)
        raise ClaimConflictError(
            "{overlap_mu} mu of parcel {parcel} are waited for by {holder} ({code}), "
            "first in the queue since {since}. It takes the land over, or leaves the "
            "queue; join the queue behind it, or choose other land.",
            parcel=wanted.parcel_id,
            holder=first.title,
            code=first.code,
            since=entry.queued_at.astimezone(CHINA).date(),
            overlap_mu=f"{area / M2_PER_MU:.2f}",
        )


def _refuse(
    work: Work, project: Project, wanted: Wanted, held: Claim, overlap_m2: float
) -> NoReturn:
    """Say who holds what, since when, until when; carry what an attempt is kept by."""
    holder = rows.get(work, tables.project, Project, held.project_id)
    values: dict[str, Any] = {
        "parcel": wanted.parcel_id,
        "held_parcel": held.parcel_id,
        "holder": holder.title,
        "code": holder.code,
        "kind": held.kind.label,
        "who": Title(held.claimed_by),
        "since": held.claimed_at.astimezone(CHINA).date(),
        "until": held.expires_on,
        "overlap_mu": f"{overlap_m2 / M2_PER_MU:.2f}",
        "overlap_m2": overlap_m2,
        "claim_id": held.id,
        "project_id": project.id,
    }
    if held.project_id == project.id:
        raise ClaimConflictError(
            "This project already holds {overlap_mu} mu of this land: parcel "
            "{held_parcel}, {kind}, since {since}. Change that claim instead.",
            **values | {"claim_id": None},
        )
    if held.expires_on is None:
        raise ClaimConflictError(
            "{overlap_mu} mu of parcel {parcel} are held by {holder} ({code}): parcel "
            "{held_parcel}, {kind}, entered by {who}, since {since}, with no end "
            "date. Choose other land, or ask the holder to release it.",
            **values,
        )
    raise ClaimConflictError(
        "{overlap_mu} mu of parcel {parcel} are held by {holder} ({code}): parcel "
        "{held_parcel}, {kind}, entered by {who}, from {since} to {until}. Choose "
        "other land, or ask the holder to release it.",
        **values,
    )

"""The queue for land that somebody else holds: join, leave, take over when it is free.

Order is first come, first served, by ground (`ledger.queue_order`). The first in the
queue takes the land over when the holder hands it over (`claims.hand_over`), or by
itself when it was released or has run out (`take`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import sqlalchemy as sa
from shapely import from_wkb, to_wkb
from shapely.geometry.base import BaseGeometry

from gis.errors import LedgerError
from ledger import (
    casework_tables,
    claim_ground,
    claims,
    ground,
    queue_order,
    rows,
    tables,
)
from ledger.access import Verb, require
from ledger.casework import QueueEntry, QueueState
from ledger.model import Claim, ClaimKind
from ledger.owned import project_for
from ledger.queue_order import Wanted
from ledger.unit_of_work import Work

_table = casework_tables.claim_queue


@dataclass(frozen=True)
class Lines:
    """Who waits for which land today.

    Attributes:
        entries: Everybody who waits, in their order.
        behind: Those who wait behind each claim, by its number, the first one first.
    """

    entries: Sequence[QueueEntry]
    behind: dict[int, list[QueueEntry]]

    @cached_property
    def places(self) -> Mapping[int, int]:
        """Place of each entry, from 1, among those who want the same ground."""
        return queue_order.places(self.entries)


def join(  # noqa: PLR0913 - which ground, for whom, how firmly
    work: Work,
    *,
    project_id: int,
    parcel_id: str,
    geometry: BaseGeometry,
    area_m2: float,
    kind: ClaimKind = ClaimKind.INTENT,
    note: str = "",
    region: str = "",
    part: bool = False,
) -> QueueEntry:
    """Wait for ground that another project holds, or that others wait for.

    Args:
        work: The unit of work.
        project_id: The project that waits.
        parcel_id: The parcel.
        geometry: Its ground, or the part wanted, polygon in EPSG:4490.
        area_m2: The area as the parcel states it, square metres.
        kind: How firmly the land is to be held once it is taken over.
        note: What the wish rests on.
        region: County of the ground, where known.
        part: Whether the ground is less than the parcel.

    Returns:
        The place in the queue.

    Raises:
        LedgerError: The land is free, the project holds it or waits for it already, or
            a value cannot be used.
    """
    project = project_for(work, project_id, Verb.CLAIM_QUEUE)
    claims.require_place(work, project, Verb.CLAIM_QUEUE, region)
    claims.require_going(project)
    wanted = Wanted(parcel_id, ground.require_ground(geometry), part)
    claims.require_terms(work, parcel_id, kind, area_m2, None)
    holders = {
        held.project_id
        for held, _ in claim_ground.in_the_way(work, wanted)
        if held.holds(work.today())
    }
    waiting = {entry.project_id for entry, _ in queue_order.waiting_for(work, wanted)}
    if project_id in waiting:
        raise LedgerError("This project waits for this land already.")
    if project_id in holders:
        raise LedgerError("This project holds some of this land already.")
    if not holders and not waiting:
        raise LedgerError("The land is free: claim it instead of queueing for it.")
    west, south, east, north = wanted.bounds
    entry_id = rows.add(
        work,
        _table,
        {
            "project_id": project_id,
            "parcel_id": parcel_id,
            "kind": kind,
            "geometry": to_wkb(wanted.geometry),
            "area_m2": float(area_m2),
            "minx": west,
            "miny": south,
            "maxx": east,
            "maxy": north,
            "part": part,
            "region": region,
            "state": QueueState.WAITING,
            "note": note.strip(),
            "queued_at": work.now(),
            "queued_by": work.actor.name,
        },
        verb="queue.join",
    )
    return rows.get(work, _table, QueueEntry, entry_id)


def leave(work: Work, entry_id: int, *, why: str, version: int) -> QueueEntry:
    """Give up a place in the queue; the reason goes before the note.

    Args:
        work: The unit of work.
        entry_id: The place.
        why: The reason.
        version: The version that the person saw.

    Returns:
        The place as stored.

    Raises:
        LedgerError: The reason is missing, or it waits no more.
    """
    entry = _waiting(work, entry_id, Verb.CLAIM_QUEUE, version)
    if not why.strip():
        raise LedgerError("Say why the project leaves the queue.")
    changes = {
        "state": QueueState.LEFT,
        "note": f"{why.strip()}\n{entry.note}".strip(),
    }
    rows.change(work, _table, entry, changes, version=version, verb="queue.leave")
    return rows.get(work, _table, QueueEntry, entry_id)


def take(
    work: Work, entry_id: int, *, version: int, expires_on: date | None = None
) -> Claim:
    """Claim the land that a project waited for, now that it is free and its turn.

    Args:
        work: The unit of work.
        entry_id: The place in the queue.
        version: The version that the person saw.
        expires_on: The last day of the claim; None for no end.

    Returns:
        The claim, of the kind and ground that the place asked for.
    """
    entry = _waiting(work, entry_id, Verb.CLAIM_MAKE, version)
    return claims.claim(
        work,
        project_id=entry.project_id,
        parcel_id=entry.parcel_id,
        geometry=from_wkb(entry.geometry),
        area_m2=entry.area_m2,
        kind=entry.kind,
        note=entry.note,
        expires_on=expires_on,
        region=entry.region,
        part=entry.part,
    )


def behind(work: Work, claim: Claim) -> list[QueueEntry]:
    """List who waits for the ground of a claim; the first one is next.

    Args:
        work: The unit of work.
        claim: The claim.

    Returns:
        The places, the first one first.
    """
    require(work.actor, Verb.CLAIM_READ)
    found = queue_order.waiting_for(work, queue_order.ground_of(claim))
    return [entry for entry, _ in found if entry.project_id != claim.project_id]


def of(work: Work, project_id: int) -> list[QueueEntry]:
    """List a project's places in queues, waiting ones first, then the newest.

    Args:
        work: The unit of work.
        project_id: The project.

    Returns:
        The places.
    """
    project_for(work, project_id, Verb.PROJECT_READ)
    found = work.connection.execute(
        sa
        .select(_table)
        .where(_table.c.project_id == project_id)
        .order_by(_table.c.state != QueueState.WAITING, _table.c.id.desc())
    )
    return [rows.made(QueueEntry, row) for row in found]


def lines(work: Work, held: Sequence[Claim]) -> Lines:
    """Tell who waits for which land, of all places: claims are seen by every office.

    Args:
        work: The unit of work.
        held: The claims that people may wait behind.

    Returns:
        Everybody who waits, by claim and by place.
    """
    require(work.actor, Verb.CLAIM_READ)
    entries = queue_order.waiting(work)
    return Lines(entries, queue_order.lines(held, entries))


def names(work: Work) -> dict[int, str]:
    """Return what people call the projects that wait for land, by number.

    Args:
        work: The unit of work.

    Returns:
        Title and code: two projects may bear one title.
    """
    require(work.actor, Verb.CLAIM_READ)
    project = tables.project.c
    waiting = sa.select(_table.c.project_id).where(_table.c.state == QueueState.WAITING)
    found = work.connection.execute(
        sa.select(project.id, project.title, project.code).where(
            project.id.in_(waiting)
        )
    )
    return {number: f"{title} ({code})" for number, title, code in found}


def _waiting(work: Work, entry_id: int, verb: Verb, version: int) -> QueueEntry:
    entry = rows.get(work, _table, QueueEntry, entry_id)
    project_for(work, entry.project_id, verb)
    rows.require_version(entry, version, _table)
    if entry.state is not QueueState.WAITING:
        raise LedgerError(
            "This place in the queue is settled: {state}.", state=entry.state.label
        )
    return entry

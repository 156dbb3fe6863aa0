"""Claims on land: who holds which ground, and that nobody else can.

A claim holds a geometry. Two claims conflict when their ground overlaps by more than a
sliver, whatever their parcels are called, or when they name the same parcel and one of
them is the whole of it: parts of one parcel exclude each other by their ground alone.
Check and write stand in one transaction that no other write can enter, so of two who
claim the same ground at once, one gets it and the other reads who has it. A project
that claims ground it already holds is refused too, and told to change the claim it has.

Ground that others wait for (`ledger.queue`) goes to the first of them, whether the
holder hands it over, releases it or lets it run out.
"""

from datetime import date
from typing import Any

import numpy as np
import sqlalchemy as sa
from shapely import to_wkb
from shapely.geometry.base import BaseGeometry

from gis.errors import LedgerError
from gis.words import Title
from ledger import claim_ground, ground, queue_order, rows, tables
from ledger.access import Verb, require
from ledger.casework import QueueEntry, QueueState
from ledger.casework_tables import claim_queue
from ledger.holdings import (
    active,
    claimed_by_box,
    claimed_parcels,
    conflicts,
    holder_names,
    holder_of,
    holders,
)
from ledger.model import HOLDING, Claim, ClaimKind, Project, Stage
from ledger.owned import project_for
from ledger.queue_order import Wanted, ground_of
from ledger.unit_of_work import Work

LAPSED = Title("The claim had run out.")
"""The reason of a release that made way for a later claim."""

HANDED_OVER = Title("Handed over to the next in the queue.")
"""The reason of a release to the first who waited."""

__all__ = [
    "active",
    "amend",
    "claim",
    "claimed_by_box",
    "claimed_parcels",
    "conflicts",
    "hand_over",
    "holder_names",
    "holder_of",
    "holders",
    "of",
    "release",
]

_table = tables.claim


def claim(  # noqa: PLR0913 - which ground, for whom, how firmly, how long
    work: Work,
    *,
    project_id: int,
    parcel_id: str,
    geometry: BaseGeometry,
    area_m2: float,
    kind: ClaimKind = ClaimKind.INTENT,
    note: str = "",
    expires_on: date | None = None,
    region: str = "",
    part: bool = False,
) -> Claim:
    """Hold ground for a project, if nobody holds any of it or waits for it first.

    Claims whose last day is past do not block; those in the way are released. Where
    the project waited for the ground, its place in the queue is settled.

    Args:
        work: The unit of work.
        project_id: The project.
        parcel_id: The parcel.
        geometry: Its ground, or the part claimed, polygon in EPSG:4490.
        area_m2: The area as the parcel states it, square metres.
        kind: How firmly it is held.
        note: What the claim rests on.
        expires_on: The last day it holds; None for no end.
        region: County of the ground, where known: the actor must cover it too, unless
            it is the county of a project that a management region runs.
        part: Whether the ground is less than the parcel.

    Returns:
        The claim as stored.

    Raises:
        ClaimConflictError: Somebody holds some of it; the sentence says who.
        LedgerError: A value cannot be used.
    """
    project = project_for(work, project_id, Verb.CLAIM_MAKE)
    require_place(work, project, Verb.CLAIM_MAKE, region)
    require_going(project)
    wanted = Wanted(parcel_id, ground.require_ground(geometry), part)
    require_terms(work, parcel_id, kind, area_m2, expires_on)
    lapsed = claim_ground.require_free(work, project, wanted)
    claim_ground.require_turn(work, project, wanted)
    for held in lapsed:
        _release(work, held, LAPSED, version=held.version, verb="claim.lapse")
    return _hold(
        work,
        project,
        wanted,
        {
            "kind": kind,
            "area_m2": float(area_m2),
            "region": region,
            "note": note.strip(),
            "expires_on": expires_on,
        },
        verb="claim.make",
    )


def hand_over(
    work: Work,
    claim_id: int,
    *,
    version: int,
    to: int | None = None,
    why: str = "",
    expires_on: date | None = None,
) -> Claim:
    """Release ground and claim it for who waits for it, in one step.

    Who waits has asked for the land by joining the queue, so that the holder's office
    alone decides; the new claim is of the kind and ground that were asked for. What of
    the holder's ground was not asked for stays with the holder, as a part.

    Args:
        work: The unit of work.
        claim_id: The claim of the holder.
        version: Its version that the person saw.
        to: Number of a place in the queue; None is the first.
        why: The reason; required where somebody else is passed over.
        expires_on: The last day of the new claim; None for no end.

    Returns:
        The new claim.

    Raises:
        ClaimConflictError: The one who waits wants ground beside it that is held, or
            that others wait for before it.
        LedgerError: Nobody waits, not that one, or no reason is given.
    """
    held, _ = _own(work, claim_id, Verb.CLAIM_HAND_OVER)
    rows.require_version(held, version, _table)
    waiting = [
        entry
        for entry, _ in queue_order.waiting_for(work, ground_of(held))
        if entry.project_id != held.project_id
    ]
    if not waiting:
        raise LedgerError(
            "Nobody waits for parcel {parcel}: release it instead.",
            parcel=held.parcel_id,
        )
    chosen = [one for one in waiting if to in {None, one.id}]
    if not chosen:
        raise LedgerError("The chosen project does not wait for this land.")
    entry = chosen[0]
    if entry.id != waiting[0].id and not why.strip():
        raise LedgerError("Say why the first in the queue is passed over.")
    project = rows.get(work, tables.project, Project, entry.project_id)
    require_going(project)
    wanted = ground_of(entry)
    require_terms(work, entry.parcel_id, entry.kind, entry.area_m2, expires_on)
    lapsed = claim_ground.require_free(work, project, wanted, but=held.id)
    # Ground beside the holder's own is not theirs to give: there the queue decides.
    passed = {one.id for one in waiting}
    claim_ground.require_turn(work, project, wanted, but=passed - {entry.id})
    _release(
        work,
        held,
        why.strip() or HANDED_OVER,
        version=version,
        verb="claim.hand_over",
    )
    for one in lapsed:
        _release(work, one, LAPSED, version=one.version, verb="claim.lapse")
    _keep_rest(work, held, wanted)
    return _hold(
        work,
        project,
        wanted,
        {
            "kind": entry.kind,
            "area_m2": entry.area_m2,
            "region": entry.region,
            "note": entry.note,
            "expires_on": expires_on,
        },
        verb="claim.take_over",
    )


def amend(
    work: Work,
    claim_id: int,
    *,
    version: int,
    expires_on: date | None,
    kind: ClaimKind | None = None,
    note: str | None = None,
) -> Claim:
    """Make a claim firmer or weaker, or change its last day.

    Args:
        work: The unit of work.
        claim_id: The claim.
        version: The version that the person saw.
        expires_on: The last day it holds; None for no end.
        kind: How firmly it is held from now on; None leaves it.
        note: What it rests on; None leaves it.

    Returns:
        The claim as stored.

    Raises:
        LedgerError: It is released, its project has ended, or a value cannot be used.
    """
    held, project = _own(work, claim_id, Verb.CLAIM_MAKE)
    rows.require_version(held, version, _table)
    require_going(project)
    if held.expired(work.today()):
        # A claim that has run out is renewed only where nobody waits for the land.
        claim_ground.require_turn(work, project, ground_of(held))
    kind = kind or held.kind
    require_terms(work, held.parcel_id, kind, held.area_m2, expires_on)
    changes: dict[str, Any] = {"kind": kind, "expires_on": expires_on}
    if note is not None:
        changes["note"] = note.strip()
    rows.change(work, _table, held, changes, version=version, verb="claim.amend")
    return rows.get(work, _table, Claim, claim_id)


def release(
    work: Work, claim_id: int, *, reason: str, version: int | None = None
) -> Claim:
    """Give ground free again.

    Args:
        work: The unit of work.
        claim_id: The claim.
        reason: Why; required.
        version: The version that the person saw; None releases it as it is.

    Returns:
        The claim as stored.

    Raises:
        LedgerError: It was released before, or no reason is given.
    """
    held, _ = _own(work, claim_id, Verb.CLAIM_RELEASE)
    if not reason.strip():
        raise LedgerError("Say why the land is released.")
    _release(
        work,
        held,
        reason.strip(),
        version=held.version if version is None else version,
        verb="claim.release",
    )
    return rows.get(work, _table, Claim, claim_id)


def of(work: Work, project_id: int) -> list[Claim]:
    """List all claims of a project, released ones too, the newest first.

    Args:
        work: The unit of work.
        project_id: The project.

    Returns:
        The claims.
    """
    project_for(work, project_id, Verb.PROJECT_READ)
    found = work.connection.execute(
        sa
        .select(_table)
        .where(_table.c.project_id == project_id)
        .order_by(_table.c.id.desc())
    )
    return [rows.made(Claim, row) for row in found]


def _own(work: Work, claim_id: int, verb: Verb) -> tuple[Claim, Project]:
    held = rows.get(work, _table, Claim, claim_id)
    project = project_for(work, held.project_id, verb)
    if held.kind is ClaimKind.RELEASED:
        raise LedgerError(
            "The claim on parcel {parcel} was released before.", parcel=held.parcel_id
        )
    return held, project


def _hold(
    work: Work, project: Project, wanted: Wanted, terms: dict[str, Any], *, verb: str
) -> Claim:
    """Write a claim, and settle the project's places in the queue that it fulfils."""
    west, south, east, north = wanted.bounds
    claim_id = rows.add(
        work,
        _table,
        {
            "project_id": project.id,
            "parcel_id": wanted.parcel_id,
            "geometry": to_wkb(wanted.geometry),
            "minx": west,
            "miny": south,
            "maxx": east,
            "maxy": north,
            "part": wanted.part,
            "claimed_at": work.now(),
            "claimed_by": work.actor.name,
            "released_at": None,
            "released_by": "",
            "release_reason": "",
            **terms,
        },
        verb=verb,
    )
    for entry, _ in queue_order.waiting_for(work, wanted):
        if entry.project_id == project.id:
            _settle(work, entry)
    return rows.get(work, _table, Claim, claim_id)


def _keep_rest(work: Work, held: Claim, wanted: Wanted) -> None:
    """Claim what of handed-over ground was not asked for anew for its holder."""
    whole_asked = wanted.parcel_id == held.parcel_id and not wanted.part
    rest = ground.beside(ground_of(held).geometry, wanted.geometry)
    project = rows.get(work, tables.project, Project, held.project_id)
    over = held.expired(work.today()) or project.stage is Stage.ENDED
    if rest is None or whole_asked or over:
        return
    _hold(
        work,
        project,
        Wanted(held.parcel_id, rest, part=True),
        {
            "kind": held.kind,
            "area_m2": ground.area_m2(rest),
            "region": held.region,
            "note": held.note,
            "expires_on": held.expires_on,
        },
        verb="claim.keep_rest",
    )


def _settle(work: Work, entry: QueueEntry) -> None:
    rows.change(
        work,
        claim_queue,
        entry,
        {"state": QueueState.TAKEN},
        version=entry.version,
        verb="queue.taken",
    )


def _release(work: Work, held: Claim, reason: str, *, version: int, verb: str) -> None:
    changes = {
        "kind": ClaimKind.RELEASED,
        "released_at": work.now(),
        "released_by": work.actor.name,
        "release_reason": reason,
    }
    rows.change(work, _table, held, changes, version=version, verb=verb)


def require_going(project: Project) -> None:
    """Refuse land to a project that has ended.

    Args:
        project: The project.

    Raises:
        LedgerError: It has ended.
    """
    if project.stage is Stage.ENDED:
        raise LedgerError("The project has ended: it claims no more land.")


def require_place(work: Work, project: Project, verb: Verb, region: str) -> None:
    """Refuse land in a county that the actor does not answer for.

    Args:
        work: The unit of work.
        project: Who wants the land.
        verb: What is to be done with it.
        region: Code of the county of the land; "" where it is not known.
    """
    # A management region's office has no county's code, and works in the county.
    run_there = bool(project.managed_by) and region == project.region
    if region and not run_there:
        require(work.actor, verb, region)


def require_terms(
    work: Work,
    parcel_id: str,
    kind: ClaimKind,
    area_m2: float,
    expires_on: date | None,
) -> None:
    """Refuse terms that make no sense, all of them at once.

    Args:
        work: The unit of work.
        parcel_id: The parcel.
        kind: How firmly it is to be held.
        area_m2: The area, square metres.
        expires_on: The last day; None for no end.

    Raises:
        LedgerError: With every fault.
    """
    found = []
    if not parcel_id.strip():
        found.append(LedgerError("Name the parcel."))
    if kind not in HOLDING:
        found.append(
            LedgerError("A claim of kind {kind} holds no land.", kind=kind.label)
        )
    if not (np.isfinite(area_m2) and area_m2 > 0):
        found.append(
            LedgerError("The area must be more than 0 m2; got {area}.", area=area_m2)
        )
    if expires_on is not None and expires_on < work.today():
        found.append(LedgerError("The last day {day} is past already.", day=expires_on))
    if found:
        raise LedgerError("The land cannot be claimed like this.", faults=found)

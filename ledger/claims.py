"""Claims on land: who holds which ground, and that nobody else can.

A claim holds a geometry. Two claims conflict when their ground overlaps by more than a
sliver, whatever their parcels are called, or when they name the same parcel. Check and
write stand in one transaction that no other write can enter, so of two who claim the
same ground at once, one gets it and the other reads who has it. A project that claims
ground it already holds is refused too, and told to change the claim it has.
"""

from datetime import date
from typing import Any

import numpy as np
import sqlalchemy as sa
from shapely import to_wkb
from shapely.geometry.base import BaseGeometry

from gis.errors import ClaimConflictError, LedgerError
from gis.words import Title
from ledger import ground, holdings, rows, tables
from ledger.access import Verb, require
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
from ledger.unit_of_work import CHINA, Work

M2_PER_MU = 10_000 / 15

LAPSED = Title("The claim had run out.")
"""The reason of a release that made way for a later claim."""

__all__ = [
    "active",
    "amend",
    "claim",
    "claimed_by_box",
    "claimed_parcels",
    "conflicts",
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
) -> Claim:
    """Hold ground for a project, if nobody holds any of it.

    Claims whose last day is past do not block; those in the way are released.

    Args:
        work: The unit of work.
        project_id: The project.
        parcel_id: The parcel.
        geometry: Its ground, or the part claimed, polygon in EPSG:4490.
        area_m2: The area as the parcel states it, square metres.
        kind: How firmly it is held.
        note: What the claim rests on.
        expires_on: The last day it holds; None for no end.
        region: County of the ground, where known: the actor must cover it too.

    Returns:
        The claim as stored.

    Raises:
        ClaimConflictError: Somebody holds some of it; the sentence says who.
        LedgerError: A value cannot be used.
    """
    project = rows.get(work, tables.project, Project, project_id)
    require(work.actor, Verb.CLAIM_MAKE, project.region)
    if region:
        require(work.actor, Verb.CLAIM_MAKE, region)
    if project.stage is Stage.ENDED:
        raise LedgerError("The project has ended: it claims no more land.")
    shape = ground.require_ground(geometry)
    _require_terms(work, parcel_id, kind, area_m2, expires_on)
    _make_way(work, project, parcel_id, shape)
    west, south, east, north = shape.bounds
    claim_id = rows.add(
        work,
        _table,
        {
            "project_id": project_id,
            "parcel_id": parcel_id,
            "kind": kind,
            "geometry": to_wkb(shape),
            "area_m2": float(area_m2),
            "minx": west,
            "miny": south,
            "maxx": east,
            "maxy": north,
            "region": region,
            "note": note.strip(),
            "claimed_at": work.now(),
            "claimed_by": work.actor.name,
            "expires_on": expires_on,
            "released_at": None,
            "released_by": "",
            "release_reason": "",
        },
        verb="claim.make",
    )
    return rows.get(work, _table, Claim, claim_id)


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
        LedgerError: It is released, or a value cannot be used.
    """
    held, _ = _own(work, claim_id, Verb.CLAIM_MAKE)
    rows.require_version(held, version, _table)
    kind = kind or held.kind
    _require_terms(work, held.parcel_id, kind, held.area_m2, expires_on)
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
    project = rows.get(work, tables.project, Project, project_id)
    require(work.actor, Verb.PROJECT_READ, project.region)
    found = work.connection.execute(
        sa
        .select(_table)
        .where(_table.c.project_id == project_id)
        .order_by(_table.c.id.desc())
    )
    return [rows.made(Claim, row) for row in found]


def _make_way(
    work: Work, project: Project, parcel_id: str, shape: BaseGeometry
) -> None:
    """Refuse when anybody holds some of the ground; release what has run out."""
    holding = _table.c.kind.in_(HOLDING)
    near = holdings.read(work, holding, near=shape.bounds)
    blocking = holdings.overlapping(shape, near)
    met = {held.id for held, _ in blocking}
    named = holdings.read(work, holding, _table.c.parcel_id == parcel_id)
    blocking += [(held, 0.0) for held in named if held.id not in met]
    for held, overlap_m2 in blocking:
        if not held.expired(work.today()):
            raise _conflict(work, project, parcel_id, held, overlap_m2)
    for held, _ in blocking:
        _release(work, held, LAPSED, version=held.version, verb="claim.lapse")


def _conflict(
    work: Work, project: Project, parcel_id: str, held: Claim, overlap_m2: float
) -> ClaimConflictError:
    holder = rows.get(work, tables.project, Project, held.project_id)
    values: dict[str, Any] = {
        "parcel": parcel_id,
        "held_parcel": held.parcel_id,
        "holder": holder.title,
        "code": holder.code,
        "kind": held.kind.label,
        "who": Title(held.claimed_by),
        "since": held.claimed_at.astimezone(CHINA).date(),
        "until": held.expires_on,
        "overlap_mu": f"{overlap_m2 / M2_PER_MU:.2f}",
        "claim_id": held.id,
    }
    if held.project_id == project.id:
        return ClaimConflictError(
            "This project already holds {overlap_mu} mu of this land: parcel "
            "{held_parcel}, {kind}, since {since}. Change that claim instead.",
            **values,
        )
    if held.expires_on is None:
        return ClaimConflictError(
            "{overlap_mu} mu of parcel {parcel} are held by {holder} ({code}): parcel "
            "{held_parcel}, {kind}, entered by {who}, since {since}, with no end "
            "date. Choose other land, or ask the holder to release it.",
            **values,
        )
    return ClaimConflictError(
        "{overlap_mu} mu of parcel {parcel} are held by {holder} ({code}): parcel "
        "{held_parcel}, {kind}, entered by {who}, from {since} to {until}. Choose "
        "other land, or ask the holder to release it.",
        **values,
    )


def _own(work: Work, claim_id: int, verb: Verb) -> tuple[Claim, Project]:
    held = rows.get(work, _table, Claim, claim_id)
    project = rows.get(work, tables.project, Project, held.project_id)
    require(work.actor, verb, project.region)
    if held.kind is ClaimKind.RELEASED:
        raise LedgerError(
            "The claim on parcel {parcel} was released before.", parcel=held.parcel_id
        )
    return held, project


def _release(work: Work, held: Claim, reason: str, *, version: int, verb: str) -> None:
    changes = {
        "kind": ClaimKind.RELEASED,
        "released_at": work.now(),
        "released_by": work.actor.name,
        "release_reason": reason,
    }
    rows.change(work, _table, held, changes, version=version, verb=verb)


def _require_terms(
    work: Work,
    parcel_id: str,
    kind: ClaimKind,
    area_m2: float,
    expires_on: date | None,
) -> None:
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

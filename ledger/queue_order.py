"""Who waits for which ground, and in what order: first come, first served.

A place in the queue holds a geometry, as a claim does. Two meet where their ground
overlaps by more than a sliver, or where they name the same parcel and one of them is
the whole of it. Order is that of the places' numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
import sqlalchemy as sa
from geopandas import GeoSeries
from numpy.typing import NDArray
from shapely import STRtree, from_wkb
from shapely.geometry.base import BaseGeometry

from gis.crs import CGCS2000, Box
from ledger import casework_tables, ground, rows, tables
from ledger.casework import QueueEntry, QueueState
from ledger.model import Claim, Stage
from ledger.unit_of_work import Work

_table = casework_tables.claim_queue


@dataclass(frozen=True)
class Wanted:
    """Ground that somebody wants or holds.

    Attributes:
        parcel_id: The parcel it is named by.
        geometry: Polygon in EPSG:4490.
        part: Whether it is less than that parcel.
    """

    parcel_id: str
    geometry: BaseGeometry
    part: bool

    @property
    def bounds(self) -> Box:
        """West, south, east, north, in degrees."""
        west, south, east, north = self.geometry.bounds
        return west, south, east, north


def ground_of(one: Claim | QueueEntry) -> Wanted:
    """Return the ground of a claim or of a place in the queue."""
    return Wanted(one.parcel_id, from_wkb(one.geometry), one.part)


def waiting(work: Work, *, near: Box | None = None) -> list[QueueEntry]:
    """Read the places in the queue that still wait, in their order.

    Args:
        work: The unit of work; the caller has checked who asks.
        near: Only those whose box meets this one, EPSG:4490.

    Returns:
        The places.
    """
    query = sa.select(_table).where(*_still()).order_by(_table.c.id)
    if near is not None:
        west, south, east, north = near
        query = query.where(
            _table.c.minx <= east,
            _table.c.maxx >= west,
            _table.c.miny <= north,
            _table.c.maxy >= south,
        )
    return [rows.made(QueueEntry, row) for row in work.connection.execute(query)]


def waiting_for(work: Work, wanted: Wanted) -> list[tuple[QueueEntry, float]]:
    """Find who waits for some of a piece of ground, the first one first.

    Args:
        work: The unit of work; the caller has checked who asks.
        wanted: The ground.

    Returns:
        Places with the ground they share with it, in square metres.
    """
    query = (
        sa
        .select(_table)
        .where(*_still(), _table.c.parcel_id == wanted.parcel_id)
        .order_by(_table.c.id)
    )
    named = [rows.made(QueueEntry, row) for row in work.connection.execute(query)]
    found = {one.id: one for one in [*waiting(work, near=wanted.bounds), *named]}
    entries = [found[number] for number in sorted(found)]
    shared = shared_m2([wanted] * len(entries), [ground_of(one) for one in entries])
    return [
        (one, area)
        for one, area in zip(entries, shared.tolist(), strict=True)
        if area > ground.SLIVER_M2 or _same_parcel(wanted, one)
    ]


def shared_m2(left: Sequence[Wanted], right: Sequence[Wanted]) -> NDArray[np.float64]:
    """Measure the ground that pairs share.

    Args:
        left: One of each pair, shape (n,).
        right: The other, shape (n,).

    Returns:
        Square metres, shape (n,).
    """
    return ground.overlaps(
        GeoSeries([one.geometry for one in left], crs=CGCS2000),
        GeoSeries([one.geometry for one in right], crs=CGCS2000),
    )


def lines(
    held: Sequence[Claim], entries: Sequence[QueueEntry]
) -> dict[int, list[QueueEntry]]:
    """Line up who waits behind each claim.

    Args:
        held: The claims.
        entries: The places that wait, in their order.

    Returns:
        Places by the number of the claim, the first one first; claims that nobody
        waits for are left out.
    """
    found: dict[int, list[QueueEntry]] = {}
    for at, by in _meeting([*held], [*entries]):
        if held[at].project_id != entries[by].project_id:
            found.setdefault(held[at].id, []).append(entries[by])
    return found


def places(entries: Sequence[QueueEntry]) -> Mapping[int, int]:
    """Tell the place of everybody who waits, from 1, among those for the same ground.

    Args:
        entries: All places that wait, in their order.

    Returns:
        Place by the number of the entry.
    """
    found = dict.fromkeys((one.id for one in entries), 1)
    for at, by in _meeting([*entries], [*entries]):
        if entries[by].id < entries[at].id:
            found[entries[at].id] += 1
    return found


def _still() -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions of a place that counts: an ended project waits no more."""
    ended = sa.select(tables.project.c.id).where(tables.project.c.stage == Stage.ENDED)
    return (
        _table.c.state == QueueState.WAITING,
        _table.c.project_id.not_in(ended),
    )


def _meeting(
    left: Sequence[Claim | QueueEntry], right: Sequence[Claim | QueueEntry]
) -> list[tuple[int, int]]:
    """Pair those that meet, in the order of the right ones.

    Most name one parcel, which needs no geometry; of the others those whose boxes meet
    are measured.

    Returns:
        Positions of the pairs.
    """
    named: dict[str, list[int]] = {}
    for at, one in enumerate(left):
        named.setdefault(one.parcel_id, []).append(at)
    pairs = {
        (at, by)
        for by, other in enumerate(right)
        for at in named.get(other.parcel_id, ())
        if _same_parcel(left[at], other)
    }
    near = [pair for pair in _boxes_meeting(left, right) if pair not in pairs]
    shared = shared_m2(
        [ground_of(left[at]) for at, _ in near],
        [ground_of(right[by]) for _, by in near],
    )
    pairs |= {
        pair
        for pair, area in zip(near, shared.tolist(), strict=True)
        if area > ground.SLIVER_M2
    }
    return sorted(pairs, key=lambda pair: (pair[1], pair[0]))


def _boxes_meeting(
    left: Sequence[Claim | QueueEntry], right: Sequence[Claim | QueueEntry]
) -> list[tuple[int, int]]:
    """Pair those whose boxes meet."""
    if not left or not right:
        return []
    by, at = STRtree(_boxes(left)).query(_boxes(right))
    return list(zip(at.tolist(), by.tolist(), strict=True))


def _boxes(some: Sequence[Claim | QueueEntry]) -> NDArray[np.object_]:
    edges = np.array([(one.minx, one.miny, one.maxx, one.maxy) for one in some])
    boxes: NDArray[np.object_] = shapely.box(*edges.T)
    return boxes


def _same_parcel(
    one: Claim | QueueEntry | Wanted, other: Claim | QueueEntry | Wanted
) -> bool:
    """Tell whether two name one parcel, of which at least one is the whole."""
    return one.parcel_id == other.parcel_id and not (one.part and other.part)

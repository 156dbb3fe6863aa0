"""See that rings are closed and counted as said; lay them out as arrays."""

import math
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gis.errors import LayerError
from gis.words import Title
from layers.readers.boundary_txt_notes import Notes
from layers.readers.boundary_txt_raw import (
    DAMAGED,
    RawParcel,
    RawRing,
    is_damaged_closing,
)

_OPEN: Final = Title("Ring {ring} from line {line} is not closed: closed on its first.")
_NEARLY: Final = Title(
    "Line {line} closes ring {ring}, but misses its first point by {distance:.3g}: "
    "closed on the first."
)
_NAMESAKE: Final = Title(
    "Line {line} has the name of the ring's first point, {name}, and lies elsewhere."
)
_COUNT: Final = Title(
    "The parcel from line {line} says {said} points; {read} were read, closing points "
    "among them."
)
_FEW: Final = 3
_NEAR_M, _NEAR_DEGREES = 0.05, 5e-7  # what rounding may leave between two closings
_LARGEST_DEGREE = 180


@dataclass(frozen=True)
class Layout:
    """Points of all parcels in the file's order.

    Attributes:
        first: Coordinates called X, shape (v,).
        second: Coordinates called Y, shape (v,).
        line: Where each point stands, shape (v,).
        ring: Ring i is the points `ring[i]` to `ring[i + 1]`, not closed, shape
            (r + 1,).
        parcel: Parcel k is the rings `parcel[k]` to `parcel[k + 1]`, shape (n + 1,).
    """

    first: NDArray[np.float64]
    second: NDArray[np.float64]
    line: NDArray[np.int64]
    ring: NDArray[np.int64]
    parcel: NDArray[np.int64]

    @cached_property
    def start(self) -> NDArray[np.int64]:
        """The first point of each parcel, shape (n,)."""
        found: NDArray[np.int64] = self.ring[self.parcel[:-1]]
        return found

    def points(self, parcel: int) -> slice:
        """Return where the points of a parcel stand."""
        low, high = self.parcel[parcel], self.parcel[parcel + 1]
        return slice(int(self.ring[low]), int(self.ring[high]))


def close(parcels: list[RawParcel], notes: Notes, *, expected: bool) -> None:
    """Take closing points off the rings, whatever their exporter made of them.

    Args:
        parcels: As read; changed.
        notes: Where deviations and faults are put.
        expected: Whether the format wants a closing point.
    """
    for parcel in parcels:
        _require_rings(parcel, notes)
        for ring in parcel.rings:
            if not ring.closed and len(ring.points) > _FEW:
                _close_badly(ring, notes)
            if not ring.closed and expected:
                line = ring.points[0][2]
                notes.add(_OPEN, "mended", line, parcel.key, ring=ring.number)
            _require_three(ring, notes)
        _compare_count(parcel, notes)
    notes.require_none()


def _require_rings(parcel: RawParcel, notes: Notes) -> None:
    if not parcel.rings:
        notes.fault(
            LayerError(
                "The parcel {parcel} from line {line} has no points.",
                line=parcel.line,
                parcel=parcel.key,
            )
        )


def _require_three(ring: RawRing, notes: Notes) -> None:
    count = len({spot[:2] for spot in ring.points[: 2 * _FEW]})
    if count < _FEW and len({spot[:2] for spot in ring.points}) < _FEW:
        notes.fault(
            LayerError(
                "Ring {ring} from line {line} has {count} different points: a ring "
                "has 3 or more.",
                line=ring.points[0][2],
                ring=ring.number,
                count=count,
            )
        )


def _close_badly(ring: RawRing, notes: Notes) -> None:
    """Take off a last point that should have been the first, but was damaged."""
    (x, y, _, name), (last_x, last_y, line, last_name) = ring.points[0], ring.points[-1]
    near = _NEAR_DEGREES if max(abs(x), abs(y)) <= _LARGEST_DEGREE else _NEAR_M
    distance = math.hypot(last_x - x, last_y - y)
    if is_damaged_closing(ring, last_x, last_y):
        notes.add(DAMAGED, "mended", line, ring=ring.number, value=last_x)
    elif not name or last_name != name:
        return
    elif distance > near:
        notes.add(_NAMESAKE, "noticed", line, name=name)
        return
    else:
        notes.add(_NEARLY, "mended", line, ring=ring.number, distance=distance)
    ring.points.pop()
    ring.closed = True


def _compare_count(parcel: RawParcel, notes: Notes) -> None:
    """Remark upon a count that is right neither with nor without closing points."""
    alone = sum(len(ring.points) for ring in parcel.rings)
    if parcel.count not in {None, alone, parcel.written}:
        notes.add(
            _COUNT,
            "noticed",
            parcel.line,
            parcel.key,
            said=parcel.count,
            read=parcel.written,
        )


def lay_out(parcels: list[RawParcel]) -> Layout:
    """Lay the points of parcels out as arrays.

    Args:
        parcels: Closed; every ring has points.

    Returns:
        The same points.
    """
    rings = [ring for parcel in parcels for ring in parcel.rings]
    spots = list(chain.from_iterable(ring.points for ring in rings))
    return Layout(
        np.array([spot[0] for spot in spots], dtype=np.float64),
        np.array([spot[1] for spot in spots], dtype=np.float64),
        np.array([spot[2] for spot in spots], dtype=np.int64),
        _ends([len(ring.points) for ring in rings]),
        _ends([len(parcel.rings) for parcel in parcels]),
    )


def _ends(counts: list[int]) -> NDArray[np.int64]:
    """Return where each of consecutive runs begins, and where the last ends."""
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)

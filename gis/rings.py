"""Polygons as bare coordinates: what compiled loops read."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.tiles import polygons_of

_Float = NDArray[np.float64]
_Int = NDArray[np.int64]


@dataclass(frozen=True)
class Rings:
    """Polygons and multipolygons as arrays; the arrays are never changed.

    Attributes:
        x: First coordinate of every vertex, shape (v,).
        y: Second coordinate of every vertex, shape (v,).
        ring: Ring k is the vertices `ring[k]` to `ring[k + 1]`, closed: its first
            vertex stands at its end again; shells run counter-clockwise, holes
            clockwise, so that land is always on the left; shape (r + 1,).
        shape: Geometry i is the rings `shape[i]` to `shape[i + 1]`; none where it is
            missing, empty or has no polygon; shape (n + 1,).
    """

    x: _Float
    y: _Float
    ring: _Int
    shape: _Int

    def __len__(self) -> int:
        return len(self.shape) - 1

    @property
    def vertex(self) -> _Int:
        """Geometry i is the vertices `vertex[i]` to `vertex[i + 1]`, shape (n + 1,)."""
        found: _Int = self.ring[self.shape]
        return found

    def part(self, start: int, stop: int) -> "Rings":
        """Return the geometries `start` to `stop`; coordinates are not copied."""
        shape = self.shape[start : stop + 1]
        ring = self.ring[shape[0] : shape[-1] + 1]
        xy = slice(ring[0], ring[-1])
        return Rings(self.x[xy], self.y[xy], ring - ring[0], shape - shape[0])

    def at(self, x: _Float, y: _Float) -> "Rings":
        """Return the same rings with other coordinates, as in another plane."""
        return Rings(x, y, self.ring, self.shape)

    def bounds(self) -> _Float:
        """Measure west, south, east, north; NaN without rings; shape (n, 4)."""
        box = np.full((len(self), 4), np.nan)
        vertex = self.vertex
        there = np.flatnonzero(vertex[1:] > vertex[:-1])
        if len(there):
            at = vertex[there]
            box[there, 0] = np.minimum.reduceat(self.x, at)
            box[there, 1] = np.minimum.reduceat(self.y, at)
            box[there, 2] = np.maximum.reduceat(self.x, at)
            box[there, 3] = np.maximum.reduceat(self.y, at)
        return box

    def area(self) -> _Float:
        """Measure plane areas, 0 without rings, shape (n,)."""
        owner = np.repeat(np.arange(len(self)), np.diff(self.shape))
        signed = signed_areas(self.x, self.y, self.ring)
        total = np.bincount(owner, signed, minlength=len(self))
        return np.asarray(total, dtype=np.float64)


def rings_of(shapes: NDArray[np.object_]) -> Rings:
    """Take polygons apart into coordinates.

    Args:
        shapes: Geometries, shape (n,); points, lines and heights are left out.

    Returns:
        Their rings, shells counter-clockwise and holes clockwise whichever way the
        file turned them, each geometry in its place.
    """
    parts, row = polygons_of(shapely.force_2d(shapes))
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, of = shapely.get_coordinates(rings, return_index=True)
    ring = np.zeros(len(rings) + 1, dtype=np.int64)
    np.cumsum(np.bincount(of, minlength=len(rings)), out=ring[1:])
    shell = np.diff(part, prepend=-1) > 0
    x, y = np.ascontiguousarray(xy[:, 0]), np.ascontiguousarray(xy[:, 1])
    wrong = (signed_areas(x, y, ring) > 0) != shell
    turned = _turned(ring, wrong)
    shape = np.zeros(len(shapes) + 1, dtype=np.int64)
    np.cumsum(np.bincount(row[part], minlength=len(shapes)), out=shape[1:])
    return Rings(x[turned], y[turned], ring, shape)


def joined(pieces: Sequence[Rings]) -> Rings:
    """Put the polygons of several pieces one after the other.

    Args:
        pieces: In one plane, one at least.

    Returns:
        All their polygons.
    """
    x, y = (np.concatenate([getattr(one, side) for one in pieces]) for side in "xy")
    return Rings(
        x,
        y,
        _after([one.ring for one in pieces]),
        _after([one.shape for one in pieces]),
    )


def _after(starts: list[_Int]) -> _Int:
    """Number on from piece to piece."""
    steps = np.concatenate([np.diff(start) for start in starts])
    answer = np.zeros(len(steps) + 1, dtype=np.int64)
    np.cumsum(steps, out=answer[1:])
    return answer


def signed_areas(x: _Float, y: _Float, ring: _Int) -> _Float:
    """Measure ring areas, counter-clockwise ones positive.

    Args:
        x: First coordinate of every vertex, shape (v,).
        y: Second coordinate, shape (v,).
        ring: Ring k is the vertices `ring[k]` to `ring[k + 1]`, shape (r + 1,).

    Returns:
        Square units, shape (r,).
    """
    first = ring[:-1]
    if not len(first):
        return np.zeros(0)
    # From each ring's own first vertex: big coordinates would round small areas.
    count = np.diff(ring)
    dx, dy = x - np.repeat(x[first], count), y - np.repeat(y[first], count)
    cross = np.zeros(len(x))
    cross[:-1] = dx[:-1] * dy[1:] - dx[1:] * dy[:-1]
    cross[ring[1:] - 1] = 0.0  # no edge runs from one ring to the next
    return np.asarray(np.add.reduceat(cross, first) / 2)


def _turned(ring: _Int, wrong: NDArray[np.bool_]) -> _Int:
    """Number vertices so that rings which run the wrong way run the other way."""
    count = np.diff(ring)
    place = np.arange(ring[-1] if len(ring) else 0)
    mirrored = np.repeat(ring[:-1] + ring[1:] - 1, count) - place
    return np.where(np.repeat(wrong, count), mirrored, place)

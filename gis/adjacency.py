"""Tell which parcels are neighbours: nearer to each other than a gap."""

import numpy as np
from numpy.typing import NDArray

from gis.rings import Rings

_Int = NDArray[np.int64]
_Float = NDArray[np.float64]

_SPARE_M = 0.001  # boxes are drawn out by more than is asked for, never by less
_CROWD = 8  # places that a parcel takes in the grid, on average at most


def adjacency(plane: Rings, within_m: float) -> tuple[_Int, _Int, _Float]:
    """Find all pairs of parcels with a gap of at most `within_m` between them.

    With 20 m, say, parcels on both sides of a road are neighbours. What a pair is does
    not depend on which other parcels are asked about: a window of the land may be asked
    alone.

    Args:
        plane: Parcels in a plane, metres, n of them; those without polygon have no
            neighbours.
        within_m: The widest gap, metres, 0 or more: with 0 those that touch or overlap.

    Returns:
        Places of the two parcels, the lesser first, sorted, and the gap between their
        boundaries in the plane, metres: 0 where they touch, overlap or one holds the
        other; each of shape (p,).

    Source:
        See `gis/adjacency_loops.py`.
    """
    from gis.adjacency_loops import near_pairs  # noqa: PLC0415 - the compiler

    box = plane.bounds()
    there = np.flatnonzero(np.isfinite(box).all(axis=1))
    if not len(there):
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    half = within_m / 2 + _SPARE_M
    wide = box[there] + np.array([-half, -half, half, half])
    west, south = wide[:, 0].min(), wide[:, 1].min()
    size = _cell_size(wide)
    low = np.floor((wide[:, :2] - (west, south)) / size).astype(np.int64)
    high = np.floor((wide[:, 2:] - (west, south)) / size).astype(np.int64)
    member, column, line = _in_cells(low, high)
    key = line * (high[:, 0].max() + 1) + column
    order = np.argsort(key, kind="stable")
    first = np.flatnonzero(np.diff(key[order], prepend=-1))
    start = np.append(first, len(key))
    at = order[first]
    grid = np.array([west, south, size, half, within_m], dtype=np.float64)
    pair, gap = near_pairs(
        plane.x,
        plane.y,
        (plane.ring, plane.shape),
        box,
        there[member[order]],
        (column[at], line[at], start),
        grid,
    )
    by = np.lexsort((pair[:, 1], pair[:, 0]))
    return (
        np.ascontiguousarray(pair[by, 0]),
        np.ascontiguousarray(pair[by, 1]),
        gap[by],
    )


def _cell_size(box: _Float) -> float:
    """Choose cells twice as wide as boxes are, so that most lie in one or two."""
    side = np.maximum(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1])
    size = 2 * max(float(side.mean()), 1e-6)
    while True:
        across = (box[:, 2:] - box[:, :2]) / size + 1
        if (across[:, 0] * across[:, 1]).sum() <= _CROWD * len(box):
            return size
        size *= 2


def _in_cells(low: _Int, high: _Int) -> tuple[_Int, _Int, _Int]:
    """List which box lies in which cells: box, column, line, shape (k,) each."""
    columns, lines = (high - low + 1).T
    count = columns * lines
    member = np.repeat(np.arange(len(low)), count)
    nth = np.arange(len(member)) - np.repeat(np.cumsum(count) - count, count)
    line, column = np.divmod(nth, columns[member])
    return member, low[member, 0] + column, low[member, 1] + line

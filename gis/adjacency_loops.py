"""Measure the gaps between parcels that lie close together, compiled.

Boxes, drawn out by the gap asked for, lie in the cells of a grid; two parcels are
compared in the one cell that holds the lower left corner of what their boxes share.
Only edges that come close enough to the other's box are compared. Whether edges meet
is asked exactly; where none do, a ring lies wholly inside the other parcel or outside,
and one vertex tells.

Source:
    Ericson (2005), Real-Time Collision Detection, 7.1 (grids) and 5.1.9 (segments).
"""

import math

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled
from gis.exact_loops import segments_meet

_Float = NDArray[np.float64]
_Int = NDArray[np.int64]


@compiled
def near_pairs(  # noqa: C901, PLR0913, PLR0915, PLR0917 - rings, boxes, grid
    x: _Float,
    y: _Float,
    vertex: tuple[_Int, _Int],
    box: _Float,
    member: _Int,
    cell: tuple[_Int, _Int, _Int],
    grid: _Float,
) -> tuple[_Int, _Float]:
    """Find parcels that are no farther apart than a gap.

    Args:
        x: Of vertices.
        y: Of vertices.
        vertex: `ring` and `shape` as in `Rings`.
        box: West, south, east, north of parcels, shape (n, 4).
        member: Parcels by cell, shape (k,).
        cell: Column and row of each cell, and where its members begin.
        grid: West, south, cell size, how far boxes are drawn out, and the gap, metres.

    Returns:
        Pairs, the lesser place first, shape (p, 2), and gaps, metres, shape (p,).
    """
    ring, shape = vertex
    column, line, start = cell
    west, south, size, half, within = grid[0], grid[1], grid[2], grid[3], grid[4]
    limit = within * within
    pair, gap, found = np.empty((1024, 2), np.int64), np.empty(1024), 0
    longest = 1
    for row in range(len(shape) - 1):
        longest = max(longest, ring[shape[row + 1]] - ring[shape[row]])
    near = np.empty((2, longest), np.int64)
    for c in range(len(column)):
        for i in range(start[c], start[c + 1]):
            for j in range(i + 1, start[c + 1]):
                a, b = member[i], member[j]
                if _between_boxes(box[a], box[b]) > limit:
                    continue
                left = max(box[a, 0], box[b, 0]) - half
                low = max(box[a, 1], box[b, 1]) - half
                if math.floor((left - west) / size) != column[c]:
                    continue
                if math.floor((low - south) / size) != line[c]:
                    continue
                one = ring[shape[a] : shape[a + 1] + 1]
                other = ring[shape[b] : shape[b + 1] + 1]
                square = _between(x, y, one, other, box[a], box[b], limit, near)
                if square > limit:
                    continue
                if found == len(gap):
                    pair = np.concatenate((pair, np.empty_like(pair)))
                    gap = np.concatenate((gap, np.empty_like(gap)))
                pair[found, 0], pair[found, 1] = min(a, b), max(a, b)
                gap[found] = math.sqrt(square)
                found += 1
    return pair[:found], gap[:found]


@compiled
def _between_boxes(a: _Float, b: _Float) -> float:
    dx = max(a[0] - b[2], b[0] - a[2], 0.0)
    dy = max(a[1] - b[3], b[1] - a[3], 0.0)
    return float(dx * dx + dy * dy)


@compiled
def _between(  # noqa: PLR0913, PLR0917 - two parcels
    x: _Float,
    y: _Float,
    one: _Int,
    other: _Int,
    box: _Float,
    far: _Float,
    limit: float,
    near: _Int,
) -> float:
    """Measure the squared gap of two parcels; infinite where beyond the limit."""
    best = np.inf
    m = _close_edges(x, y, one, far, limit, near[0])
    n = _close_edges(x, y, other, box, limit, near[1])
    bound = limit
    for p in near[0, :m]:
        for q in near[1, :n]:
            dx = max(
                min(x[p], x[p + 1]) - max(x[q], x[q + 1]),
                min(x[q], x[q + 1]) - max(x[p], x[p + 1]),
                0.0,
            )
            dy = max(
                min(y[p], y[p + 1]) - max(y[q], y[q + 1]),
                min(y[q], y[q + 1]) - max(y[p], y[p + 1]),
                0.0,
            )
            if dx * dx + dy * dy > bound:
                continue
            best = min(best, _between_edges(x, y, p, q))
            if best == 0.0:
                return 0.0
            bound = min(bound, best)
    if _between_boxes(box, far) == 0.0 and (
        _holds(x, y, one, other) or _holds(x, y, other, one)
    ):
        return 0.0
    return best


@compiled
def _close_edges(
    x: _Float, y: _Float, rings: _Int, box: _Float, limit: float, near: _Int
) -> int:
    """List edges whose boxes come within the limit of a box; return how many."""
    count = 0
    for r in range(len(rings) - 1):
        for i in range(rings[r], rings[r + 1] - 1):
            dx = max(min(x[i], x[i + 1]) - box[2], box[0] - max(x[i], x[i + 1]), 0.0)
            dy = max(min(y[i], y[i + 1]) - box[3], box[1] - max(y[i], y[i + 1]), 0.0)
            if dx * dx + dy * dy <= limit:
                near[count] = i
                count += 1
    return count


@compiled
def _between_edges(x: _Float, y: _Float, p: int, q: int) -> float:
    """Measure the squared gap of two edges: 0 or from an end of one of them."""
    if segments_meet(x[p], y[p], x[p + 1], y[p + 1], x[q], y[q], x[q + 1], y[q + 1]):
        return 0.0
    return min(
        _to_edge(x, y, p, q),
        _to_edge(x, y, p + 1, q),
        _to_edge(x, y, q, p),
        _to_edge(x, y, q + 1, p),
    )


@compiled
def _to_edge(x: _Float, y: _Float, i: int, edge: int) -> float:
    """Measure the squared distance of a vertex from an edge."""
    ux, uy = x[edge + 1] - x[edge], y[edge + 1] - y[edge]
    vx, vy = x[i] - x[edge], y[i] - y[edge]
    length = ux * ux + uy * uy
    along = ux * vx + uy * vy
    if along >= length:
        vx, vy = x[i] - x[edge + 1], y[i] - y[edge + 1]
    elif along > 0.0:
        across = ux * vy - uy * vx
        return float(across * across / length)
    return float(vx * vx + vy * vy)


@compiled
def _holds(x: _Float, y: _Float, rings: _Int, other: _Int) -> bool:
    """Tell whether a ring of the other, which meets no edge, lies inside."""
    for r in range(len(other) - 1):
        px, py, inside = x[other[r]], y[other[r]], False
        for k in range(len(rings) - 1):
            for i in range(rings[k], rings[k + 1] - 1):
                if (y[i] > py) != (y[i + 1] > py):
                    at = x[i] + (py - y[i]) * (x[i + 1] - x[i]) / (y[i + 1] - y[i])
                    inside ^= at > px
        if inside:
            return True
    return False

"""Measure what pairs of polygons share, without building what they share.

A closed ring, walked with its land on the left, tells of every point how often it is
wound around: edges above the point count, those that run east -1, those that run west
+1. What P and Q share is the integral of the product of both numbers:

    area = sum over edges e of P, f of Q: w_e w_f * integral of min(e(x), f(x)) dx

over the range of x that both have, heights from a base below both. With d = e - f at
both ends of that range, and n = min(d, 0), the mean of min(e, f) is the mean of f less
(n0 + n1)^2 / (2 (|d0| + |d1|)), whichever way they cross. Nearly coincident edges,
over which an overlay labours longest, are as quick as others.

Source:
    Green's theorem; `gis.area_loops` does the same, compiled.
"""

from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.rings import Rings, rings_of

_AT_ONCE: Final = 1 << 15  # edges; more leave the processor's cache
_TINY: Final = 1e-300
_Float = NDArray[np.float64]
_Int = NDArray[np.int64]
_Shapes = NDArray[np.object_]


class _Edges(NamedTuple):
    """Edges of polygons, from west to east.

    Args:
        begin: Polygon i is the edges `begin[i]` to `begin[i + 1]`, shape (n + 1,).
        west: Where each begins, shape (e,).
        east: Where it ends.
        first: How high it begins.
        last: How high it ends.
        slope: How much it rises.
        weight: -1 where land lies above it, else 1.
    """

    begin: _Int
    west: _Float
    east: _Float
    first: _Float
    last: _Float
    slope: _Float
    weight: _Float


def shared_ground(left: _Shapes, right: _Shapes, one: _Int, other: _Int) -> _Float:
    """Measure what polygons share, pair by pair.

    Args:
        left: Valid polygons in a plane, metres, shape (n,).
        right: Others in the same plane, shape (m,).
        one: Place in `left` of each pair's first, shape (k,).
        other: Place in `right` of its second, shape (k,).

    Returns:
        Square metres, shape (k,); what rounding leaves of nothing, some 1e-9 m2, may
        be less than 0.
    """
    ours, theirs = rings_of(left), rings_of(right)
    mine, its = _edges(ours), _edges(theirs)
    west, south, east, _ = ours.bounds()[one].T
    area, begin, end = np.zeros(len(one)), its.begin[other], its.begin[other + 1]
    for some in _blocks(end - begin):
        pair, edge = _each(begin[some], end[some])
        pair += some.start
        # Only edges of the second that reach above the first's bounds count.
        counts = (its.west[edge] < east[pair]) & (its.east[edge] > west[pair])
        counts &= np.maximum(its.first[edge], its.last[edge]) > south[pair]
        pair, edge = pair[counts], edge[counts]
        row, of = _each(mine.begin[one[pair]], mine.begin[one[pair] + 1])
        pair, edge = pair[row], edge[row]
        meet = np.minimum(mine.east[of], its.east[edge]) > np.maximum(
            mine.west[of], its.west[edge]
        )
        pair, edge, of = pair[meet], edge[meet], of[meet]
        shared = _under_both((mine, of), (its, edge), south[pair])
        area[some] = np.bincount(pair - some.start, shared, some.stop - some.start)
    return area


def _edges(rings: Rings) -> _Edges:
    """Take the edges of polygons; upright ones have nothing below them."""
    at = np.zeros(len(rings.x), dtype=np.bool_)
    at[:-1] = rings.x[1:] != rings.x[:-1]
    at[rings.ring[1:] - 1] = False  # no edge runs from one ring to the next
    k = np.flatnonzero(at)
    x0, y0, x1, y1 = rings.x[k], rings.y[k], rings.x[k + 1], rings.y[k + 1]
    east = x0 < x1
    return _Edges(
        begin=np.concatenate([[0], np.cumsum(at)])[rings.vertex],
        west=np.where(east, x0, x1),
        east=np.where(east, x1, x0),
        first=np.where(east, y0, y1),
        last=np.where(east, y1, y0),
        slope=(y1 - y0) / (x1 - x0),
        weight=np.where(east, -1.0, 1.0),
    )


def _under_both(
    mine: tuple[_Edges, _Int], its: tuple[_Edges, _Int], base: _Float
) -> _Float:
    """Integrate the lower of two edges, weighted, over the range that both have."""
    (ours, of), (theirs, edge) = mine, its
    from_x, to_x = ours.west[of], ours.east[of]
    start, end = theirs.west[edge], theirs.east[edge]
    west = np.maximum(from_x, start)
    wide = np.minimum(to_x, end) - west
    rise, slope = ours.slope[of], theirs.slope[edge]
    low = theirs.first[edge] - base + slope * (west - start)
    d0 = ours.first[of] - base + rise * (west - from_x) - low
    d1 = d0 + (rise - slope) * wide
    under = np.minimum(d0, 0.0) + np.minimum(d1, 0.0)
    apart = 2.0 * (np.abs(d0) + np.abs(d1)) + _TINY
    mean = low + 0.5 * slope * wide - under * under / apart
    return np.asarray(ours.weight[of] * theirs.weight[edge] * wide * mean)


def _each(begin: _Int, end: _Int) -> tuple[_Int, _Int]:
    """List all places of ranges, and which range each is of."""
    count = end - begin
    which = np.repeat(np.arange(len(count)), count)
    shift = np.repeat(begin - (np.cumsum(count) - count), count)
    return which, shift + np.arange(len(which))


def _blocks(count: _Int) -> list[slice]:
    """Part rows so that what they count stays within `_AT_ONCE`, or is one row."""
    total = np.cumsum(count)
    edges = [0]
    while edges[-1] < len(count):
        done = total[edges[-1] - 1] if edges[-1] else 0
        stop = int(np.searchsorted(total, done + _AT_ONCE, side="right"))
        edges.append(max(stop, edges[-1] + 1))
    return [slice(a, b) for a, b in pairwise(edges)]

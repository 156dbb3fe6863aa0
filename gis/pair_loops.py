"""Pair polygons whose boxes meet and measure what both share, compiled.

Boxes are thrown into square bins no smaller than the mean box; a pair is told in the
bin that holds the south-west corner of what their boxes share, so once. What two
polygons share is the sum over their edges that `gis.area_loops` tells, from the base
of that common box: below it the edges of one count nothing, as the other is wound
around by none of them. Long outlines are parted into strips from west to east.

Source:
    Green's theorem, as in `gis.area_loops`; bins: Dittrich and Seeger (2000), Data
    redundancy and duplicate detection in spatial join processing, ICDE.
"""

import numpy as np
from numpy.typing import NDArray

from gis.area_loops import add_pieces, grown
from gis.compiled import compiled

_Float = NDArray[np.float64]
_Int = NDArray[np.int64]
_Places = tuple[_Float, _Float, _Int, _Int]

_SHORT, _STRIP = 256, 16
_MANY = -2  # more than one part stands in a bin


@compiled
def _span(
    low: float, high: float, origin: float, side: float, count: int
) -> tuple[int, int]:
    """Return the first bin that a stretch lies in, and the one after the last."""
    first = int((low - origin) / side)
    after = first
    while after < count and origin + after * side <= high:
        after += 1
    return first, after


@compiled
def on_the_rim(  # noqa: C901 - the loops over boxes and bins
    box: _Float, part: _Int, corner: tuple[float, float, float], columns: int, rows: int
) -> NDArray[np.bool_]:
    """Tell the boxes that stand in a bin together with one of another part.

    Args:
        box: West, south, east, north, or NaN, shape (n, 4).
        part: Which part each belongs to, 0 or more, shape (n,).
        corner: West and south of the bins and the side of one, in the boxes' unit.
        columns: Of bins; they cover all boxes.
        rows: Of bins.

    Returns:
        Truths, shape (n,).
    """
    west, south, side = corner
    seen = np.full(columns * rows, -1, np.int64)
    answer = np.zeros(len(box), np.bool_)
    for turn in range(2):
        for k in range(len(box)):
            if not box[k, 0] <= box[k, 2]:
                continue
            first, last = _span(box[k, 0], box[k, 2], west, side, columns)
            low, high = _span(box[k, 1], box[k, 3], south, side, rows)
            for j in range(low, high):
                for i in range(first, last):
                    c = j * columns + i
                    if turn == 1:
                        answer[k] |= seen[c] == _MANY
                    elif seen[c] < 0 and seen[c] != _MANY:
                        seen[c] = part[k]
                    elif seen[c] != part[k]:
                        seen[c] = _MANY
    return answer


@compiled
def meeting_boxes(  # noqa: C901, PLR0912, PLR0915 - the loops over boxes and bins
    box: _Float, corner: tuple[float, float, float], columns: int, rows: int
) -> tuple[_Int, _Int]:
    """Pair the boxes that share ground.

    Args:
        box: West, south, east, north, metres, or NaN, shape (n, 4).
        corner: West and south of the bins and the side of one, metres.
        columns: Of bins; they cover all boxes.
        rows: Of bins.

    Returns:
        Places of the lower and the higher of each pair, shape (k,) each.
    """
    west, south, side = corner
    start = np.zeros(columns * rows + 2, np.int64)
    held = np.empty(0, np.int64)
    for turn in range(2):
        for k in range(len(box)):
            if not box[k, 0] <= box[k, 2]:
                continue
            east_from, east_to = _span(box[k, 0], box[k, 2], west, side, columns)
            north_from, north_to = _span(box[k, 1], box[k, 3], south, side, rows)
            for j in range(north_from, north_to):
                for i in range(east_from, east_to):
                    if turn == 0:
                        start[j * columns + i + 2] += 1
                    else:
                        held[start[j * columns + i + 1]] = k
                        start[j * columns + i + 1] += 1
        if turn == 0:
            for c in range(1, len(start)):
                start[c] += start[c - 1]
            held = np.empty(start[-1], np.int64)
    low, high, n = np.empty(1024, np.int64), np.empty(1024, np.int64), 0
    for c in range(columns * rows):
        for one in range(start[c], start[c + 1]):
            p = held[one]
            for other in range(one + 1, start[c + 1]):
                q = held[other]
                a, b = max(box[p, 0], box[q, 0]), min(box[p, 2], box[q, 2])
                if a >= b:
                    continue
                a_low = max(box[p, 1], box[q, 1])
                if a_low >= min(box[p, 3], box[q, 3]):
                    continue
                i, j = int((a - west) / side), int((a_low - south) / side)
                if j * columns + i != c:
                    continue
                low, high = grown(low, n + 1), grown(high, n + 1)
                low[n], high[n] = p, q
                n += 1
    return low[:n].copy(), high[:n].copy()


@compiled
def _within(
    places: _Places, row: int, span: tuple[float, float, float], piece: _Float
) -> int:
    """Write a polygon's edges between west and east that reach above south."""
    x, y, ring, shape = places
    west, south, east = span
    n = 0
    for r in range(shape[row], shape[row + 1]):
        for k in range(ring[r], ring[r + 1] - 1):
            u0, u1 = x[k] - west, x[k + 1] - west
            v0, v1 = y[k] - south, y[k + 1] - south
            weight = -1.0
            if u0 > u1:
                u0, v0, u1, v1, weight = u1, v1, u0, v0, 1.0
            left, right = max(u0, 0.0), min(u1, east - west)
            if left >= right or (v0 <= 0.0 and v1 <= 0.0):
                continue
            slope = (v1 - v0) / (u1 - u0)
            piece[n, 0], piece[n, 1] = left, weight * right
            piece[n, 2], piece[n, 3] = v0 + slope * (left - u0), slope
            n += 1
    return n


@compiled
def _strung(piece: _Float, n: int, side: float, head: _Int, link: _Int) -> _Int:
    """String pieces together by the strips they run through."""
    for k in range(len(head)):
        head[k] = -1
    many = 0
    for k in range(n):
        first, last = int(piece[k, 0] / side), int(abs(piece[k, 1]) / side)
        for strip in range(first, min(last, len(head) - 1) + 1):
            link = grown(link, 2 * many + 2)
            link[2 * many], link[2 * many + 1] = head[strip], k
            head[strip] = many
            many += 1
    return link


@compiled
def shared_areas(  # noqa: C901, PLR0912, PLR0915 - the loops over pairs and strips
    places: _Places, low: _Int, high: _Int, box: _Float
) -> _Float:
    """Measure what the polygons of each pair share.

    Args:
        places: x and y, metres, shape (v,); ring and shape as in `Rings`.
        low: Place of one polygon of every pair, shape (k,).
        high: Place of the other.
        box: West, south, east, north of every polygon, shape (n, 4).

    Returns:
        Square metres, shape (k,); what rounding leaves is left.
    """
    ring, shape = places[2], places[3]
    shared = np.zeros(len(low))
    one, other = np.empty((64, 4)), np.empty((64, 4))
    side = np.empty((6, 64))
    link, links = np.empty(256, np.int64), np.empty(256, np.int64)
    head, heads = np.empty(1, np.int64), np.empty(1, np.int64)
    for k in range(len(low)):
        p, q = low[k], high[k]
        if ring[shape[p + 1]] - ring[shape[p]] > ring[shape[q + 1]] - ring[shape[q]]:
            p, q = q, p
        many = ring[shape[q + 1]] - ring[shape[q]]
        if many > len(one):
            one, other = np.empty((2 * many, 4)), np.empty((2 * many, 4))
            side = np.empty((6, 2 * many))
        south = max(box[p, 1], box[q, 1])
        span = (max(box[p, 0], box[q, 0]), south, min(box[p, 2], box[q, 2]))
        n = _within(places, p, span, one)
        if n == 0:
            continue
        m = _within(places, q, span, other)
        if m == 0:
            continue
        if n + m <= _SHORT:
            for e in range(n):
                side[0, e], side[1, e] = one[e, 0], abs(one[e, 1])
                side[2, e], side[3, e] = one[e, 2], one[e, 3]
                side[4, e] = 1.0 if one[e, 1] > 0 else -1.0
                side[5, e] = 0.0
            add_pieces(side, n, other, (0, m), (0.0, 0.0, np.inf))
            for e in range(n):
                shared[k] += side[4, e] * side[5, e]
            continue
        strips = (n + m) // _STRIP
        if strips != len(head):
            head, heads = np.empty(strips, np.int64), np.empty(strips, np.int64)
        wide = (span[2] - span[0]) / strips
        link = _strung(one, n, wide, head, link)
        links = _strung(other, m, wide, heads, links)
        for strip in range(strips):
            west = strip * wide
            east = west + wide if strip + 1 < strips else np.inf
            n, at = 0, head[strip]
            while at >= 0:
                e = link[2 * at + 1]
                left, right = max(one[e, 0], west), min(abs(one[e, 1]), east)
                if right > left:
                    side[0, n], side[1, n], side[3, n] = left, right, one[e, 3]
                    side[2, n] = one[e, 2] + one[e, 3] * (left - one[e, 0])
                    side[4, n] = 1.0 if one[e, 1] > 0 else -1.0
                    side[5, n] = 0.0
                    n += 1
                at = link[2 * at]
            at = heads[strip]
            while at >= 0 and n > 0:
                f = links[2 * at + 1]
                add_pieces(side, n, other, (f, f + 1), (west, 0.0, east))
                at = links[2 * at]
            for e in range(n):
                shared[k] += side[4, e] * side[5, e]
    return shared

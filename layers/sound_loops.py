"""Loops that prove, from its bytes, that a polygon needs no mending.

Sound is a polygon of one closed ring, flat, least byte first, whose edges meet at
their common ends only: GEOS finds such a ring valid, and nothing is left to mend.
What is not proven here is not wrong: it is left to others.
"""

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled
from gis.exact_loops import segments_meet, side
from layers.wkb_loops import POLYGON, number_at

HEAD = 13  # order, kind, number of rings, number of points
LEAST = 4  # points of a triangle that closes
LONGEST = 1_000  # points; each edge is held against each, others do that better
# Between these the products of `side` neither overflow nor vanish.
TINY, HUGE = 1e-100, 1e100
UNSURE = 1e-9  # of the box: more than summing an area can be wrong by

_Bytes = NDArray[np.uint8]
_Float = NDArray[np.float64]
_Int = NDArray[np.int64]
_Mask = NDArray[np.bool_]


@compiled
def look(data: _Bytes, edges: _Int, least: float, box: _Float, sound: _Mask) -> None:
    """Tell which geometries are sound, and where those lie.

    Args:
        data: The bytes of all.
        edges: Geometry i is the bytes `edges[i]` to `edges[i + 1]`, shape (n + 1,).
        least: Area that a polygon must exceed, in square units of its coordinates.
        box: Takes west, south, east, north of the sound ones, shape (n, 4).
        sound: Takes whether each is proven sound, shape (n,).
    """
    for row in range(len(sound)):
        at, stop = edges[row], edges[row + 1]
        sound[row] = False
        if stop - at < HEAD or data[at] != 1:
            continue
        if number_at(data, at + 1) != POLYGON or number_at(data, at + 5) != 1:
            continue
        many = number_at(data, at + 9)
        if LEAST <= many <= LONGEST and stop - at == HEAD + 16 * many:
            xy = data[at + HEAD : stop].view(np.float64)
            sound[row] = (
                _numbers(xy)
                and _closed(xy)
                and _land(xy, least, box[row])
                and (_around(xy) or (_turns(xy) and _apart(xy)))
            )


@compiled
def _numbers(xy: _Float) -> bool:
    for value in xy:
        size = abs(value)
        if not (TINY < size < HUGE or size == 0.0):
            return False
    return True


@compiled
def _closed(xy: _Float) -> bool:
    return not (abs(xy[0] - xy[-2]) > 0.0 or abs(xy[1] - xy[-1]) > 0.0)


@compiled
def _land(xy: _Float, least: float, box: _Float) -> bool:
    """Measure the box, and tell whether the area is beyond doubt."""
    box[0] = box[2] = xy[0]
    box[1] = box[3] = xy[1]
    twice = 0.0
    for i in range(2, len(xy) - 2, 2):
        box[0], box[2] = min(box[0], xy[i]), max(box[2], xy[i])
        box[1], box[3] = min(box[1], xy[i + 1]), max(box[3], xy[i + 1])
        twice += (xy[i] - xy[0]) * (xy[i + 3] - xy[1])
        twice -= (xy[i + 2] - xy[0]) * (xy[i + 1] - xy[1])
    doubt = UNSURE * (box[2] - box[0]) * (box[3] - box[1])
    return bool(abs(twice) / 2.0 > 2.0 * least + doubt)


@compiled
def _around(xy: _Float) -> bool:
    """Tell whether the ring runs once round its middle and never turns back.

    Every edge seen from one point on the same side, and one round in all: no two
    edges share a direction, so none can meet. Most parcels are proven so, in one pass.

    Returns:
        True where that is certain.
    """
    last = len(xy) - 2
    x, y = 0.0, 0.0
    for i in range(0, last, 2):
        x += xy[i] - xy[0]
        y += xy[i + 1] - xy[1]
    x, y = xy[0] + 2.0 * x / last, xy[1] + 2.0 * y / last
    left, right, rounds = 0, 0, 0
    for i in range(0, last, 2):
        turn = side(x, y, xy[i], xy[i + 1], xy[i + 2], xy[i + 3])
        left += turn > 0.0
        right += turn < 0.0
        rounds += xy[i + 1] < y <= xy[i + 3]
    return rounds == 1 and max(left, right) == last // 2


@compiled
def _turns(xy: _Float) -> bool:
    """Tell whether each edge has a length and none runs back over the one before."""
    last = len(xy) - 2
    for i in range(0, last, 2):
        j = i + 2
        k = j + 2 if j < last else 2
        ux, uy = xy[j] - xy[i], xy[j + 1] - xy[i + 1]
        if not (abs(ux) > 0.0 or abs(uy) > 0.0):
            return False
        turn = side(xy[i], xy[i + 1], xy[j], xy[j + 1], xy[k], xy[k + 1])
        on = ux * (xy[k] - xy[j]) + uy * (xy[k + 1] - xy[j + 1])
        if not (abs(turn) > 0.0 or on > 0.0):
            return False
    return True


@compiled
def _apart(xy: _Float) -> bool:
    """Tell whether edges that are not neighbours stay apart."""
    last = len(xy) - 2
    for i in range(0, last, 2):
        ax, ay, bx, by = xy[i], xy[i + 1], xy[i + 2], xy[i + 3]
        low_x, high_x = min(ax, bx), max(ax, bx)
        low_y, high_y = min(ay, by), max(ay, by)
        # The last edge is a neighbour of the first.
        for j in range(i + 4, last - 2 if i == 0 else last, 2):
            cx, cy, dx, dy = xy[j], xy[j + 1], xy[j + 2], xy[j + 3]
            if (cx > high_x and dx > high_x) or (cx < low_x and dx < low_x):
                continue
            if (cy > high_y and dy > high_y) or (cy < low_y and dy < low_y):
                continue
            if segments_meet(ax, ay, bx, by, cx, cy, dx, dy):
                return False
    return True


@compiled
def hash_each(data: _Bytes, edges: _Int, found: NDArray[np.uint64]) -> None:
    """Hash texts by their bytes (FNV-1a, 64 bits).

    Args:
        data: The bytes of all.
        edges: Text i is the bytes `edges[i]` to `edges[i + 1]`, shape (n + 1,).
        found: Takes the hash of each, shape (n,).
    """
    for row in range(len(found)):
        value = np.uint64(14695981039346656037)
        for at in range(edges[row], edges[row + 1]):
            value = (value ^ np.uint64(data[at])) * np.uint64(1099511628211)
        found[row] = value

"""Look for the largest rectangle in each polygon, compiled.

At one angle the polygon is turned, and horizontal strips are laid over it. In a strip,
every chain of edges that stays in it blocks the range of x that it sweeps; a gap
between blocked ranges is land where the crossings of the strip's lower side left of it
wind around it, else not. A gap of land is a rectangle that no edge enters, and so is
what the gaps of neighbouring strips share. The best of all runs of strips is then
drawn out up and down until it meets an edge: every rectangle lies in the polygon by
construction, whatever the number of strips. Only which angles and strips are tried is
a matter of choice: even angles, the longest edges and the main axis; from the best of
them strips and turns that are halved where nothing better is found.

Source:
    Largest rectangle over runs of rows: Daniels, Milenkovic and Roth (1997), Finding
    the largest area axis-parallel rectangle in a polygon, Computational Geometry 7;
    rotation by search: Knauer et al. (2012), Largest inscribed rectangles in convex
    polygons, Journal of Discrete Algorithms 13.
"""

import math

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled

_Float = NDArray[np.float64]
_Int = NDArray[np.int64]
_Room = tuple[_Float, _Int, _Int, _Float, _Float]
_Scratch = tuple[_Float, _Float, _Float]

_STRIPS = 16  # laid over the whole polygon
_EVEN = 4  # angles in a quarter turn
_LONGEST = 4  # edges whose directions are tried
_STARTS = 2  # best angles to search from
_STEPS = 7  # halvings and moves of a search
_FINE = 2  # levels on either side of the two that are moved
_SAME = 0.02  # radians: directions this close are tried once
_LEAST_MOVE = 1e-4  # radians
_ROUNDING = 1e-10  # of the rectangle's size: an edge this close stands beside it


@compiled
def largest_rectangles(x: _Float, y: _Float, ring: _Int, shape: _Int) -> _Float:
    """Find the largest rectangle of each polygon that the search comes to.

    Returns:
        Centre x, y, length, width, angle of the length in [0, pi); NaN without land;
        shape (n, 5).
    """
    found = np.full((len(shape) - 1, 5), np.nan)
    longest = 1
    for row in range(len(found)):
        longest = max(longest, ring[shape[row + 1]] - ring[shape[row]])
    strip = np.empty((_STRIPS, longest, 2))
    wound = np.empty((_STRIPS, longest), np.int64)
    count = np.empty(_STRIPS, np.int64)
    shared = np.empty((2, longest + 1, 2))
    level, rectangle = np.empty(_STRIPS + 1), np.empty(6)
    start = np.empty((_STARTS, 6))
    angle = np.empty(_EVEN + _LONGEST + 1)
    scratch = (angle, start, rectangle)
    for row in range(len(found)):
        rings = ring[shape[row] : shape[row + 1] + 1]
        first, last = rings[0], rings[-1]
        if last == first:
            continue
        land = np.empty((4, last - first))
        for i in range(last - first):  # big coordinates would round what is small
            land[0, i], land[1, i] = x[first + i] - x[first], y[first + i] - y[first]
        rings = rings - first
        if not (_finite(land[0]) and _finite(land[1])):
            continue
        best = _best(land, rings, (strip, wound, count, shared, level), scratch)
        if start[best, 0] > 0.0:
            _tell(start[best], x[first], y[first], found[row])
    return found


@compiled
def _finite(values: _Float) -> bool:
    total = 0.0
    for value in values:
        total += abs(value)
    return math.isfinite(total)


@compiled
def _extent(values: _Float) -> tuple[float, float]:
    low, high = values[0], values[0]
    for value in values:
        low, high = min(low, value), max(high, value)
    return low, high


@compiled
def _copy(source: _Float, target: _Float) -> None:
    for k in range(len(source)):
        target[k] = source[k]


@compiled
def _best(land: _Float, rings: _Int, room: _Room, scratch: _Scratch) -> int:
    """Try all angles, search from the best of them; tell which start led farthest."""
    angle, start, rectangle = scratch
    for one in range(_STARTS):
        start[one, 0] = 0.0
    for nth in range(_directions(land, rings, angle)):
        rectangle[0] = start[_STARTS - 1, 0]  # smaller ones are of no use
        _over_all(land, rings, angle[nth], room, rectangle)
        _keep(start, rectangle)
    best = 0
    for one in range(_STARTS):
        if start[one, 0] > 0.0:
            _search(land, rings, room, start[one], rectangle)
        best = one if start[one, 0] > start[best, 0] else best
    return best


@compiled
def _directions(land: _Float, rings: _Int, angle: _Float) -> int:
    """List angles worth trying, all in a quarter turn: even, main axis, long edges."""
    quarter = math.pi / 2
    for i in range(_EVEN):
        angle[i] = i * quarter / _EVEN
    x, y = land[0], land[1]
    xx, xy, yy = 0.0, 0.0, 0.0
    top, size = np.zeros(_LONGEST), 0
    taken = np.zeros(_LONGEST)
    for r in range(len(rings) - 1):
        for i in range(rings[r], rings[r + 1] - 1):
            dx, dy = x[i + 1] - x[i], y[i + 1] - y[i]
            length = math.hypot(dx, dy)
            if length == 0.0:
                continue
            xx, xy, yy = xx + dx * dx, xy + dx * dy, yy + dy * dy
            if size == _LONGEST and length <= top[size - 1]:
                continue
            size = _among(top, taken, size, length, math.atan2(dy, dx) % quarter)
    angle[_EVEN] = (math.atan2(2.0 * xy, xx - yy) / 2) % quarter
    for k in range(size):
        angle[_EVEN + 1 + k] = taken[k]
    return _EVEN + 1 + size


@compiled
def _among(top: _Float, taken: _Float, size: int, length: float, turn: float) -> int:
    """Put a direction among the longest, once; longest first."""
    place = size
    for k in range(size):
        apart = abs(taken[k] - turn)
        if min(apart, math.pi / 2 - apart) < _SAME:
            if length <= top[k]:
                return size
            place = k
            break
    if place == size:
        place, size = min(size, _LONGEST - 1), min(size + 1, _LONGEST)
    while place > 0 and top[place - 1] < length:
        top[place], taken[place] = top[place - 1], taken[place - 1]
        place -= 1
    top[place], taken[place] = length, turn
    return size


@compiled
def _keep(start: _Float, rectangle: _Float) -> None:
    """Keep the best few, the best first."""
    place = _STARTS
    while place > 0 and start[place - 1, 0] < rectangle[0]:
        place -= 1
    for k in range(_STARTS - 1, place, -1):
        _copy(start[k - 1], start[k])
    if place < _STARTS:
        _copy(rectangle, start[place])


@compiled
def _over_all(
    land: _Float, rings: _Int, angle: float, room: _Room, best: _Float
) -> None:
    """Lay even strips over the whole polygon, along its longer extent."""
    _turn(land, angle)
    low, high = _extent(land[3])
    left, right = _extent(land[2])
    if high - low > right - left:
        angle += math.pi / 2
        _turn(land, angle)
        low, high = _extent(land[3])
    level = room[4]
    # A side along the strips, but for rounding, must not block the outer ones.
    inset = _ROUNDING * (high - low)
    low, high = low + inset, high - inset
    for k in range(_STRIPS + 1):
        level[k] = low + (high - low) * k / _STRIPS
    _fit(land, rings, angle, room, _STRIPS, best)


@compiled
def _search(
    land: _Float, rings: _Int, room: _Room, best: _Float, tried: _Float
) -> None:
    """Turn and move a rectangle, less and less, while it grows."""
    turn = math.pi / 4 / _EVEN
    step = (best[4] - best[3]) / 3
    for _ in range(_STEPS):
        before, angle = best[0], best[5]
        x, y = (best[1] + best[2]) / 2, (best[3] + best[4]) / 2
        cosine, sine = math.cos(angle), math.sin(angle)
        x, y = cosine * x - sine * y, sine * x + cosine * y
        half = (best[4] - best[3]) / 2
        step = min(step, half * 0.9)
        for way in range(-1, 2):
            new = angle + way * turn
            middle = math.cos(new) * y - math.sin(new) * x
            for k in range(-_FINE, _FINE + 1):
                room[4][k + _FINE] = middle - half + k * step / _FINE
                room[4][k + 3 * _FINE + 1] = middle + half + k * step / _FINE
            _copy(best, tried)
            _turn(land, new)
            _fit(land, rings, new, room, 4 * _FINE + 1, tried)
            if tried[0] > best[0]:
                _copy(tried, best)
        if best[0] <= before * 1.002:
            turn, step = turn / 2, step / 2
        if turn < _LEAST_MOVE:
            return


@compiled
def _turn(land: _Float, angle: float) -> None:
    """Turn the polygon back by an angle: rows 2 and 3 from rows 0 and 1."""
    cosine, sine = math.cos(angle), math.sin(angle)
    for i in range(land.shape[1]):
        land[2, i] = cosine * land[0, i] + sine * land[1, i]
        land[3, i] = cosine * land[1, i] - sine * land[0, i]


@compiled
def _fit(  # noqa: C901, PLR0915 - all runs of strips
    land: _Float, rings: _Int, angle: float, room: _Room, strips: int, best: _Float
) -> None:
    """Find the best run of strips; `best` is changed where it is beaten."""
    strip, wound, count, shared, level = room
    _block(land, rings, level, strips, strip, wound, count)
    widest = 0.0
    for k in range(strips):
        widest = max(widest, _gaps(strip[k], wound[k], count, k))
    area = best[0]
    box = np.zeros(4)
    for low in range(strips):
        if (level[strips] - level[low]) * widest <= area:
            break
        now, size = 0, count[low]
        for k in range(size):
            shared[0, k, 0], shared[0, k, 1] = strip[low, k, 0], strip[low, k, 1]
        for high in range(low, strips):
            if high > low:
                size = _common(
                    shared[now], size, strip[high], count[high], shared[1 - now]
                )
                now = 1 - now
            if size == 0:
                break
            tall, at = level[high + 1] - level[low], _widest(shared[now], size)
            wide = shared[now, at, 1] - shared[now, at, 0]
            if tall * wide > area:
                area = tall * wide
                box[0], box[1] = shared[now, at, 0], shared[now, at, 1]
                box[2], box[3] = level[low], level[high + 1]
            if (level[strips] - level[low]) * wide <= area:
                break
    if area > best[0]:
        _draw_out(land, rings, box)
        best[0] = (box[1] - box[0]) * (box[3] - box[2])
        best[1], best[2], best[3], best[4] = box[0], box[1], box[2], box[3]
        best[5] = angle


@compiled
def _block(  # noqa: C901, PLR0913, PLR0915, PLR0917 - one walk along rings
    land: _Float,
    rings: _Int,
    level: _Float,
    strips: int,
    strip: _Float,
    wound: _Int,
    count: _Int,
) -> None:
    """Collect the ranges that chains of edges block in each strip.

    A strip holds its lower level, not its upper one: an edge that lies on a level
    blocks the strip above it.
    """
    u, v = land[2], land[3]
    for k in range(strips):
        count[k] = 0
    for r in range(len(rings) - 1):
        here = -1
        while here < strips and v[rings[r]] >= level[here + 1]:
            here += 1
        joined = False
        for i in range(rings[r], rings[r + 1] - 1):
            there = here
            while there < strips and v[i + 1] >= level[there + 1]:
                there += 1
            while there >= 0 and v[i + 1] < level[there]:
                there -= 1
            bottom = min(here, there)
            sign = 1 if there < here else -1
            for k in range(max(bottom, 0), min(max(here, there), strips - 1) + 1):
                a, b = u[i], u[i + 1]
                if here != k:
                    a = _crossing(u, v, i, level[k + (here > k)])
                if there != k:
                    b = _crossing(u, v, i, level[k + (there > k)])
                at = count[k]
                if joined and k == here:
                    at -= 1
                    strip[k, at, 0] = min(strip[k, at, 0], a, b)
                    strip[k, at, 1] = max(strip[k, at, 1], a, b)
                else:
                    strip[k, at, 0], strip[k, at, 1] = min(a, b), max(a, b)
                    wound[k, at] = 0
                    count[k] += 1
                if bottom < k:
                    wound[k, at] += sign
            here, joined = there, True


@compiled
def _crossing(u: _Float, v: _Float, i: int, level: float) -> float:
    """Say where edge i crosses a level, between its ends whatever is rounded."""
    at = u[i] + (level - v[i]) * (u[i + 1] - u[i]) / (v[i + 1] - v[i])
    return float(min(max(at, min(u[i], u[i + 1])), max(u[i], u[i + 1])))


@compiled
def _gaps(blocked: _Float, wound: _Int, count: _Int, k: int) -> float:
    """Turn blocked ranges into the gaps of land between them, in place.

    Returns:
        The width of the widest.
    """
    size = count[k]
    leap = size // 2
    while leap > 0:  # Shell sort: short as a rule, and never quadratic for combs
        for i in range(leap, size):
            low, high, turn = blocked[i, 0], blocked[i, 1], wound[i]
            j = i
            while j >= leap and blocked[j - leap, 0] > low:
                blocked[j, 0], blocked[j, 1] = (
                    blocked[j - leap, 0],
                    blocked[j - leap, 1],
                )
                wound[j] = wound[j - leap]
                j -= leap
            blocked[j, 0], blocked[j, 1], wound[j] = low, high, turn
        leap //= 2
    kept, inside, widest, end = 0, 0, 0.0, -np.inf
    for i in range(size):
        low, high = blocked[i, 0], blocked[i, 1]
        if low > end and inside > 0:
            blocked[kept, 0], blocked[kept, 1] = end, low
            widest = max(widest, low - end)
            kept += 1
        inside += wound[i]
        end = max(end, high)
    count[k] = kept
    return widest


@compiled
def _widest(ranges: _Float, size: int) -> int:
    """Tell which range is the widest."""
    best = 0
    for k in range(1, size):
        if ranges[k, 1] - ranges[k, 0] > ranges[best, 1] - ranges[best, 0]:
            best = k
    return best


@compiled
def _common(one: _Float, m: int, other: _Float, n: int, out: _Float) -> int:
    """Intersect two lists of ranges in order; return how many are left."""
    i, j, size = 0, 0, 0
    while i < m and j < n:
        low, high = max(one[i, 0], other[j, 0]), min(one[i, 1], other[j, 1])
        if low < high:
            out[size, 0], out[size, 1] = low, high
            size += 1
        if one[i, 1] < other[j, 1]:
            i += 1
        else:
            j += 1
    return size


@compiled
def _draw_out(land: _Float, rings: _Int, box: _Float) -> None:
    """Draw a rectangle out up and down until it meets an edge."""
    u, v = land[2], land[3]
    rounding = _ROUNDING * (box[1] - box[0] + box[3] - box[2])
    left, right = box[0] + rounding, box[1] - rounding
    middle, floor, roof = (box[2] + box[3]) / 2, -np.inf, np.inf
    for r in range(len(rings) - 1):
        for i in range(rings[r], rings[r + 1] - 1):
            if max(u[i], u[i + 1]) <= left or min(u[i], u[i + 1]) >= right:
                continue
            a, b = v[i], v[i + 1]
            if min(u[i], u[i + 1]) < box[0]:
                at = _crossing(v, u, i, box[0])
                a, b = (at, b) if u[i] < box[0] else (a, at)
            if max(u[i], u[i + 1]) > box[1]:
                at = _crossing(v, u, i, box[1])
                a, b = (at, b) if u[i] > box[1] else (a, at)
            if a + b < 2 * middle:
                floor = max(floor, a, b)
            else:
                roof = min(roof, a, b)
    if math.isfinite(floor) and math.isfinite(roof):
        box[2], box[3] = min(box[2], floor), max(box[3], roof)


@compiled
def _tell(best: _Float, x: float, y: float, out: _Float) -> None:
    """Turn a rectangle back to where the polygon lies."""
    u, v = (best[1] + best[2]) / 2, (best[3] + best[4]) / 2
    cosine, sine = math.cos(best[5]), math.sin(best[5])
    out[0], out[1] = x + cosine * u - sine * v, y + sine * u + cosine * v
    wide, tall, angle = best[2] - best[1], best[4] - best[3], best[5]
    if tall > wide:
        wide, tall, angle = tall, wide, angle + math.pi / 2
    out[2], out[3], out[4] = wide, tall, angle % math.pi

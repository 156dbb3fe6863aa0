"""A point on each polygon, and its narrowest crossing.

The point lies on a line half-way up the polygon's box, moved to the middle between
the two vertices' latitudes next to it so that it meets no vertex; in the middle of the
widest piece of that line that is inside. That is GEOS's own method, step by step.

The narrowest crossing goes from an edge of the convex hull to the corner farthest from
it: the hull by Andrew's monotone chain, every edge against every corner.

Source:
    GEOS, InteriorPointArea; Andrew (1979), Information Processing Letters 9, 216-219;
    Houle and Toussaint (1988), Computing the width of a set, IEEE PAMI 10; Snyder
    (1987), USGS PP 1395, p. 101-102 (scale of the Albers plane).
"""

import math

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled
from gis.plane_loops import arc

_Float = NDArray[np.float64]
_Int = NDArray[np.int64]
_Ground = tuple[float, float, float]

_A = 6378137.0
_F = 1.0 / 298.257222101
_E2 = _F * (2.0 - _F)
_CORNERS = 3  # fewer make no area


@compiled
def _is_shell(x: _Float, y: _Float, start: int, stop: int) -> bool:
    area = 0.0
    for nth in range(start, stop - 1):
        x0, y0 = x[nth] - x[start], y[nth] - y[start]
        area += x0 * (y[nth + 1] - y[start]) - (x[nth + 1] - x[start]) * y0
    return area >= 0.0


@compiled
def _line(y: _Float, shell: tuple[int, int], stop: int) -> float:
    """Find the height of the line that cuts a polygon, its shell first."""
    low: float = y[shell[0]]
    high = low
    for nth in range(shell[0], shell[1]):
        low, high = min(low, y[nth]), max(high, y[nth])
    middle = (low + high) / 2.0
    for nth in range(shell[0], stop):
        if y[nth] <= middle:
            low = max(low, y[nth])
        else:
            high = min(high, y[nth])
    return (high + low) / 2.0


@compiled
def _crossings(
    xy: tuple[_Float, _Float], ring: _Int, rings: tuple[int, int], level: float,
    found: _Float,
) -> int:  # fmt: skip
    """Write where edges cross the line into `found`, from west to east."""
    x, y = xy
    count = 0
    for at in range(rings[0], rings[1]):
        for nth in range(ring[at], ring[at + 1] - 1):
            y0, y1 = y[nth], y[nth + 1]
            # The lower end of an edge on the line counts, the upper does not.
            if (y0 > level) == (y1 > level):
                continue
            x0, x1 = x[nth], x[nth + 1]
            cut = x0 if x0 == x1 else x0 + (level - y0) / ((y1 - y0) / (x1 - x0))
            place = count
            while place > 0 and found[place - 1] > cut:
                found[place] = found[place - 1]
                place -= 1
            found[place] = cut
            count += 1
    return count


@compiled
def inner_points(x: _Float, y: _Float, ring: _Int, shape: _Int) -> _Float:
    """Find a point on each polygon, shape (n, 2); NaN without rings."""
    answer = np.full((len(shape) - 1, 2), np.nan)
    found = np.empty(max(len(x), 1))
    for row in range(len(answer)):
        best = -1.0
        at = shape[row]
        while at < shape[row + 1]:
            start, after = ring[at], at + 1
            while after < shape[row + 1] and not _is_shell(
                x, y, ring[after], ring[after + 1]
            ):
                after += 1
            level = _line(y, (start, ring[at + 1]), ring[after])
            count = _crossings((x, y), ring, (at, after), level, found)
            width, east, north = 0.0, x[start], y[start]
            for nth in range(0, count - 1, 2):
                if found[nth + 1] - found[nth] > width:
                    width = found[nth + 1] - found[nth]
                    east, north = (found[nth] + found[nth + 1]) / 2.0, level
            if width > best:
                best = width
                answer[row, 0], answer[row, 1] = east, north
            at = after
    return answer


@compiled
def _sort(x: _Float, y: _Float, count: int) -> None:
    """Sort points by x, then y, in place (Shell's method)."""
    gap = 1
    while gap < count // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for nth in range(gap, count):
            x0, y0, at = x[nth], y[nth], nth
            while at >= gap and (
                x[at - gap] > x0 or (x[at - gap] == x0 and y[at - gap] > y0)
            ):
                x[at], y[at] = x[at - gap], y[at - gap]
                at -= gap
            x[at], y[at] = x0, y0
        gap //= 3


@compiled
def _hull(x: _Float, y: _Float, count: int, hull: _Int) -> int:
    """Write the corners of sorted points' hull into `hull`, anticlockwise."""
    size, floor = 0, 1
    for step in range(2 * count - 1):
        nth = step if step < count else 2 * count - 2 - step
        if step == count:
            floor = size
        while size > floor:
            a, b = hull[size - 2], hull[size - 1]
            cross = (x[b] - x[a]) * (y[nth] - y[a]) - (y[b] - y[a]) * (x[nth] - x[a])
            if cross > 0.0:
                break
            size -= 1
        hull[size] = nth
        size += 1
    return size - 1


@compiled
def _ground(x: float, y: float, plane: _Float) -> _Ground:
    """Return how a parallel runs at a place of an Albers plane, and its stretch."""
    n = plane[0]
    east, south = x - plane[3], plane[4] - y
    far = math.sqrt(east * east + south * south)
    turned = n * far / _A
    q = (plane[1] - turned * turned) / n / (1.0 - _E2)
    # q = s / (1 - e2 s2) + atanh(e s) / e for the sine s: Newton, from 0.4 %.
    s = 0.5 * q * (1.0 - _E2 / 1.5)
    for _ in range(3):
        flat = 1.0 - _E2 * s * s
        s -= (s / flat + arc(s) - q) * flat * flat / 2.0
    k = turned / math.sqrt((1.0 - s * s) / (1.0 - _E2 * s * s))
    return south / far, east / far, k


@compiled
def _on_ground(dx: float, dy: float, ground: _Ground) -> float:
    """Measure a short step: the plane stretches it along the parallel by k."""
    cosine, sine, k = ground
    along, up = dx * cosine + dy * sine, dy * cosine - dx * sine
    return math.sqrt((along / k) * (along / k) + (up * k) * (up * k))


@compiled
def _narrowest(
    x: _Float, y: _Float, hull: _Int, corners: int, ground: _Ground
) -> tuple[float, float, float, float]:
    """Return x, y of the ends of the crossing that is narrowest on the ground."""
    ends = (0.0, 0.0, 0.0, 0.0)
    least = np.inf
    for nth in range(corners):
        a, b = hull[nth], hull[nth + 1]
        along_x, along_y = x[b] - x[a], y[b] - y[a]
        edge = math.sqrt(along_x * along_x + along_y * along_y)
        if edge == 0.0:
            continue
        along_x, along_y = along_x / edge, along_y / edge
        most, far = -1.0, a
        for other in range(corners):
            c = hull[other]
            off = abs(along_x * (y[c] - y[a]) - along_y * (x[c] - x[a]))
            if off > most:
                most, far = off, c
        foot = along_x * (x[far] - x[a]) + along_y * (y[far] - y[a])
        to_x, to_y = x[a] + along_x * foot, y[a] + along_y * foot
        wide = _on_ground(to_x - x[far], to_y - y[far], ground)
        if wide < least:
            least, ends = wide, (x[far], y[far], to_x, to_y)
    return ends


@compiled
def crossings(x: _Float, y: _Float, vertex: _Int, plane: _Float) -> _Float:
    """Find the narrowest crossing of each polygon's hull.

    Args:
        x: Metres east, shape (v,).
        y: Metres north, shape (v,).
        vertex: Polygon i is the vertices `vertex[i]` to `vertex[i + 1]`.
        plane: Of an Albers plane n, C, the central meridian, x and y of the pole: it
            stretches one way and shrinks the other. Empty for a conformal plane.

    Returns:
        x, y of a corner and of the foot on the edge across, shape (n, 4); NaN without
        vertices, one point twice where all lie on a line.
    """
    answer = np.full((len(vertex) - 1, 4), np.nan)
    most = 1
    for row in range(len(answer)):
        most = max(most, vertex[row + 1] - vertex[row])
    px, py = np.empty(most), np.empty(most)
    hull = np.empty(2 * most + 1, dtype=np.int64)
    for row in range(len(answer)):
        start, count = vertex[row], vertex[row + 1] - vertex[row]
        if count == 0:
            continue
        # From the first vertex: big coordinates would round small shapes.
        for nth in range(count):
            px[nth], py[nth] = x[start + nth] - x[start], y[start + nth] - y[start]
        _sort(px, py, count)
        corners = _hull(px, py, count, hull)
        ends = (0.0, 0.0, 0.0, 0.0)
        if corners >= _CORNERS:
            ground = (1.0, 0.0, 1.0)
            if len(plane):
                ground = _ground(x[start], y[start], plane)
            ends = _narrowest(px, py, hull, corners, ground)
        answer[row, 0], answer[row, 1] = ends[0] + x[start], ends[1] + y[start]
        answer[row, 2], answer[row, 3] = ends[2] + x[start], ends[3] + y[start]
    return answer


@compiled
def albers_lengths(pair: _Float, plane: _Float) -> _Float:
    """Measure short lines of an Albers plane on the ellipsoid.

    The plane stretches along a parallel by k and shrinks along the meridian by as
    much; taken in the middle, k leaves out (length / radius)^2 / 24.

    Args:
        pair: x, y, x, y of each line's ends, shape (n, 4).
        plane: n, C, the central meridian, x and y of the pole.

    Returns:
        Metres, shape (n,); NaN where an end is.
    """
    metres = np.full(len(pair), np.nan)
    for row in range(len(pair)):
        dx, dy = pair[row, 2] - pair[row, 0], pair[row, 3] - pair[row, 1]
        east = (pair[row, 0] + pair[row, 2]) / 2.0
        north = (pair[row, 1] + pair[row, 3]) / 2.0
        metres[row] = _on_ground(dx, dy, _ground(east, north, plane))
    return metres

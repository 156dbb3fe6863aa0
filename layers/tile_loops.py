"""Loops that straighten outlines and write vector tiles (MVT 2.1).

A vertex has a rank: the least zoom that needs it. Ranks come from the lines of Douglas
and Peucker, nested, so that the vertices of any zoom are those whose rank is no more.
A tile is written straight from coordinates: moved, straightened, cut to the tile and
its margin (Sutherland and Hodgman for rings, Liang and Barsky for lines), rounded,
and put down as commands.

Source:
    Douglas, Peucker (1973), Cartographica 10(2), doi:10.3138/FM57-6770-U75U-7727;
    Sutherland, Hodgman (1974), CACM 17(1), doi:10.1145/360767.360802;
    Liang, Barsky (1984), ACM TOG 3(1), doi:10.1145/357332.357333;
    Mapbox Vector Tile Specification 2.1.
"""
# ruff: noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917 - a writer is one walk over arrays
# ruff: noqa: FBT001, FBT003, PLR2004 - compiled: no names for arguments, bare numbers

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled

AREA, LINE, POINT = 3, 2, 1  # as MVT numbers them
MARGIN = 64.0  # units around a tile that are drawn in it as well
EXTENT = 4096.0
NEAR = 0.6  # units of a tile by which an outline may move
AFAR = 11  # below this zoom it may move by NEAR_AFAR: less than a third of a pixel
NEAR_AFAR = 2.4
DEEPEST = 20
ROOM = 40  # bytes that a vertex may take: cutting makes no more than six of it

_Int32 = NDArray[np.int32]
_Int = NDArray[np.int64]
_Byte = NDArray[np.uint8]
_Float = NDArray[np.float64]


@compiled
def rank_vertices(
    x: _Int32,
    y: _Int32,
    ring: _Int,
    closed: bool,
    rank: _Byte,
) -> None:
    """Tell from which zoom on each vertex matters.

    Args:
        x: First coordinates, units of the world, shape (v,).
        y: Second coordinates, shape (v,).
        ring: Ring or line k is the vertices `ring[k]` to `ring[k + 1]`, shape (r + 1,).
        closed: Whether they are rings, with the first vertex again at their end.
        rank: Takes the zooms, shape (v,).
    """
    most = 2
    for k in range(len(ring) - 1):
        most = max(most, ring[k + 1] - ring[k])
    start, stop = np.empty((2, most + 2), dtype=np.int64)
    reach = np.empty(most + 2, dtype=np.float64)
    for k in range(len(ring) - 1):
        low, high = ring[k], ring[k + 1] - 1
        for v in range(low, high + 1):
            rank[v] = DEEPEST + 1  # on the line, whatever the zoom
        if high < low:
            continue
        rank[low] = 0
        rank[high] = 0
        held = 0
        if closed and high - low >= 3:
            # A ring has no ends: it is halved at the vertex farthest from its first.
            far, away = low, -1.0
            for v in range(low + 1, high):
                d = (float(x[v]) - x[low]) ** 2 + (float(y[v]) - y[low]) ** 2
                if d > away:
                    far, away = v, d
            rank[far] = 0
            start[0], stop[0], reach[0] = low, far, np.inf
            start[1], stop[1], reach[1] = far, high, np.inf
            held = 2
        elif high - low >= 2:
            start[0], stop[0], reach[0] = low, high, np.inf
            held = 1
        while held > 0:
            held -= 1
            a, b, above = start[held], stop[held], reach[held]
            if b - a < 2:
                continue
            ax, ay = float(x[a]), float(y[a])
            dx, dy = float(x[b]) - ax, float(y[b]) - ay
            span = dx * dx + dy * dy
            worst, at = -1.0, a
            for v in range(a + 1, b):
                px, py = float(x[v]) - ax, float(y[v]) - ay
                if span > 0.0:
                    t = min(1.0, max(0.0, (px * dx + py * dy) / span))
                    px -= t * dx
                    py -= t * dy
                d = px * px + py * py
                if d > worst:
                    worst, at = d, v
            away = min(above, np.sqrt(worst))
            rank[at] = _zoom_of(away)
            start[held], stop[held], reach[held] = a, at, away
            start[held + 1], stop[held + 1], reach[held + 1] = at, b, away
            held += 2


@compiled
def _zoom_of(away: float) -> int:
    """Tell the least zoom at which a distance in units of the world is seen."""
    zoom = 0
    unit = float(1 << DEEPEST)
    while zoom <= DEEPEST and away <= (NEAR_AFAR if zoom < AFAR else NEAR) * unit:
        zoom += 1
        unit /= 2.0
    return zoom


@compiled
def _twice_area(x: _Int32, y: _Int32, low: int, high: int) -> float:
    """Measure a ring: twice its area, positive where it turns right on the screen."""
    total = 0.0
    for v in range(low, high - 1):
        ax, ay = float(x[v]) - x[low], float(y[v]) - y[low]
        bx, by = float(x[v + 1]) - x[low], float(y[v + 1]) - y[low]
        total += ax * by - bx * ay
    return total


@compiled
def twice_areas(x: _Int32, y: _Int32, ring: _Int, area: _Float) -> None:
    """Measure rings, as `_twice_area` does."""
    for k in range(len(ring) - 1):
        area[k] = _twice_area(x, y, ring[k], ring[k + 1])


@compiled
def turn_rings(x: _Int32, y: _Int32, ring: _Int, hole: _Byte) -> None:
    """Turn rings as tiles want them: shells to the right on the screen, holes left."""
    for k in range(len(ring) - 1):
        low, high = ring[k], ring[k + 1]
        if (_twice_area(x, y, low, high) > 0.0) == (hole[k] == 1):
            for i in range((high - low) // 2):
                a, b = low + i, high - 1 - i
                x[a], x[b] = x[b], x[a]
                y[a], y[b] = y[b], y[a]


@compiled
def write_features(
    places: _Int,
    zoom: int,
    left: float,
    top: float,
    x: _Int32,
    y: _Int32,
    rank: _Byte,
    ring: _Int,
    hole: _Byte,
    shape: _Int,
    box: _Int32,
    kind: int,
    codes: _Int32,
    named: _Int32,
    used: _Int,
    out: _Byte,
) -> tuple[int, int, int]:
    """Write the features of a tile as field 2 of its layer.

    Args:
        places: Which features, ascending.
        zoom: Zoom of the tile.
        left: West edge of the tile in units of the world.
        top: North edge of the tile in units of the world.
        x: First coordinates of all, units of the world, shape (v,).
        y: Second coordinates, shape (v,).
        rank: Least zoom that needs a vertex, shape (v,).
        ring: Ring k is the vertices `ring[k]` to `ring[k + 1]`, shape (r + 1,).
        hole: 1 where a ring is a hole, shape (r,).
        shape: Feature i is the rings `shape[i]` to `shape[i + 1]`, shape (n + 1,).
        box: West, north, east, south of each feature, shape (n, 4).
        kind: AREA, LINE or POINT.
        codes: Number of each attribute's value among all values, -1 for none,
            shape (a, n).
        named: Number of a value in this tile, -1 before it is met, shape (w,).
        used: Takes the values met in their order, shape (w,).
        out: Takes the bytes.

    Returns:
        How many bytes, how many features, how many values.
    """
    unit = float(1 << (DEEPEST - zoom))
    longest = 16
    for i in range(len(places)):
        row = places[i]
        for k in range(shape[row], shape[row + 1]):
            longest = max(longest, ring[k + 1] - ring[k])
    ax, ay, bx, by = np.empty((4, 6 * longest + 64), dtype=np.float64)
    total = 64
    for i in range(len(places)):
        row = places[i]
        total = max(total, ROOM * (ring[shape[row + 1]] - ring[shape[row]]) + 256)
    body = np.empty(total, dtype=np.uint8)
    low, high = -MARGIN, EXTENT + MARGIN
    at, features, values = 0, 0, 0
    for i in range(len(places)):
        row = places[i]
        west, north = (box[row, 0] - left) / unit, (box[row, 1] - top) / unit
        east, south = (box[row, 2] - left) / unit, (box[row, 3] - top) / unit
        if east < low or west > high or south < low or north > high:
            continue
        within = west >= low and east <= high and north >= low and south <= high
        size, cx, cy = 0, 0, 0
        if kind == POINT:
            met = 0
            for k in range(shape[row], shape[row + 1]):
                px, py = (x[ring[k]] - left) / unit, (y[ring[k]] - top) / unit
                if low <= px <= high and low <= py <= high:
                    ax[met], ay[met] = px, py
                    met += 1
                    if met == len(ax):
                        break
            if met > 0:
                size = _number(body, size, met << 3 | 1)
                for v in range(met):
                    qx, qy = _whole(ax[v]), _whole(ay[v])
                    size = _number(body, size, _zigzag(qx - cx))
                    size = _number(body, size, _zigzag(qy - cy))
                    cx, cy = qx, qy
        elif kind == LINE:
            for k in range(shape[row], shape[row + 1]):
                met = _straightened(
                    x, y, rank, ring[k], ring[k + 1], zoom, left, top, unit, ax, ay
                )
                size, cx, cy = _line(ax, ay, met, within, low, high, body, size, cx, cy)
        else:
            gone = False
            for k in range(shape[row], shape[row + 1]):
                if hole[k] == 1 and gone:
                    continue  # a shell that vanishes takes its holes along
                met = _straightened(
                    x, y, rank, ring[k], ring[k + 1], zoom, left, top, unit, ax, ay
                )
                if not within:
                    met = _cut_ring(ax, ay, met, low, high, bx, by)
                before = size
                size, cx, cy = _ring(ax, ay, met, hole[k] == 1, body, size, cx, cy)
                if hole[k] == 0:
                    gone = size == before
            if size == 0 and shape[row + 1] > shape[row]:
                # Too thin for an area, never too small to be there: a sliver along
                # its length, one unit wide.
                k = shape[row]
                met = _straightened(
                    x, y, rank, ring[k], ring[k + 1], zoom, left, top, unit, ax, ay
                )
                if not within:
                    met = _cut_ring(ax, ay, met, low, high, bx, by)
                if met > 0:
                    met = _sliver(ax, ay, met)
                    size, cx, cy = _ring(ax, ay, met, False, body, size, cx, cy)
        if size == 0:
            continue
        tags = 0
        for a in range(codes.shape[0]):
            code = codes[a, row]
            if code < 0:
                continue
            if named[code] < 0:
                named[code] = values
                used[values] = code
                values += 1
            tags += _length(a) + _length(named[code])
        inner = 1 + _length(row) + 2 + 1 + _length(size) + size
        if tags > 0:
            inner += 1 + _length(tags) + tags
        out[at] = 0x12
        at = _number(out, at + 1, inner)
        out[at] = 0x08
        at = _number(out, at + 1, row)
        if tags > 0:
            out[at] = 0x12
            at = _number(out, at + 1, tags)
            for a in range(codes.shape[0]):
                if codes[a, row] >= 0:
                    at = _number(out, at, a)
                    at = _number(out, at, named[codes[a, row]])
        out[at] = 0x18
        out[at + 1] = kind
        out[at + 2] = 0x22
        at = _number(out, at + 3, size)
        for b in range(size):
            out[at + b] = body[b]
        at += size
        features += 1
    return at, features, values


@compiled
def _whole(value: float) -> int:
    return int(np.floor(value + 0.5))


@compiled
def _zigzag(value: int) -> int:
    return value << 1 if value >= 0 else (-value << 1) - 1


@compiled
def _length(value: int) -> int:
    """Tell how many bytes a number takes."""
    many = 1
    while value >= 128:
        value >>= 7
        many += 1
    return many


@compiled
def _number(out: _Byte, at: int, value: int) -> int:
    """Write a number, seven bits a byte, the least first."""
    while value >= 128:
        out[at] = (value & 127) | 128
        value >>= 7
        at += 1
    out[at] = value
    return at + 1


@compiled
def _straightened(
    x: _Int32,
    y: _Int32,
    rank: _Byte,
    start: int,
    stop: int,
    zoom: int,
    left: float,
    top: float,
    unit: float,
    ax: _Float,
    ay: _Float,
) -> int:
    """Take the vertices that a zoom needs, in units of the tile."""
    met = 0
    for v in range(start, stop):
        if rank[v] <= zoom:
            ax[met] = (x[v] - left) / unit
            ay[met] = (y[v] - top) / unit
            met += 1
    return met


@compiled
def _cut_ring(
    ax: _Float, ay: _Float, met: int, low: float, high: float, bx: _Float, by: _Float
) -> int:
    """Cut a closed ring to a square, in place; it stays closed."""
    for side in range(4):
        if met < 2:
            return 0
        kept = 0
        for v in range(met - 1):
            px, py, qx, qy = ax[v], ay[v], ax[v + 1], ay[v + 1]
            if side == 0:
                p, q, edge = px, qx, low
            elif side == 1:
                p, q, edge = -px, -qx, -high
            elif side == 2:
                p, q, edge = py, qy, low
            else:
                p, q, edge = -py, -qy, -high
            if p >= edge:
                bx[kept], by[kept] = px, py
                kept += 1
            if (p >= edge) != (q >= edge):
                t = (edge - p) / (q - p)
                bx[kept], by[kept] = px + t * (qx - px), py + t * (qy - py)
                kept += 1
        if kept > 0:
            bx[kept], by[kept] = bx[0], by[0]
            kept += 1
        for v in range(kept):
            ax[v], ay[v] = bx[v], by[v]
        met = kept
    return met


@compiled
def _sliver(ax: _Float, ay: _Float, met: int) -> int:
    """Put a ring one unit wide in the place of one that has no area."""
    far, away = 0, -1.0
    for v in range(met):
        d = (ax[v] - ax[0]) ** 2 + (ay[v] - ay[0]) ** 2
        if d > away:
            far, away = v, d
    px, py = float(_whole(ax[0])), float(_whole(ay[0]))
    qx, qy = float(_whole(ax[far])), float(_whole(ay[far]))
    if abs(qx - px) >= abs(qy - py):
        if qx < px:
            px, py, qx, qy = qx, qy, px, py
        if qx == px:
            qx += 1.0
        nx, ny = 0.0, 1.0
    else:
        if qy > py:
            px, py, qx, qy = qx, qy, px, py
        nx, ny = 1.0, 0.0
    ax[0], ay[0] = px, py
    ax[1], ay[1] = qx, qy
    ax[2], ay[2] = qx + nx, qy + ny
    ax[3], ay[3] = px + nx, py + ny
    ax[4], ay[4] = px, py
    return 5


@compiled
def _ring(
    ax: _Float,
    ay: _Float,
    met: int,
    hole: bool,
    body: _Byte,
    at: int,
    cx: int,
    cy: int,
) -> tuple[int, int, int]:
    """Write a ring; one that has no area after rounding is left out."""
    kept = 0
    for v in range(met - 1):
        qx, qy = _whole(ax[v]), _whole(ay[v])
        if kept > 0 and qx == ax[kept - 1] and qy == ay[kept - 1]:
            continue
        ax[kept], ay[kept] = qx, qy
        kept += 1
    while kept > 1 and ax[kept - 1] == ax[0] and ay[kept - 1] == ay[0]:
        kept -= 1
    if kept < 3:
        return at, cx, cy
    area = 0.0
    for v in range(kept):
        w = v + 1 if v + 1 < kept else 0
        area += ax[v] * ay[w] - ax[w] * ay[v]
    if area == 0.0 or (area > 0.0) == hole:
        return at, cx, cy
    at = _number(body, at, 1 << 3 | 1)
    for v in range(kept):
        qx, qy = int(ax[v]), int(ay[v])
        if v == 1:
            at = _number(body, at, (kept - 1) << 3 | 2)
        at = _number(body, at, _zigzag(qx - cx))
        at = _number(body, at, _zigzag(qy - cy))
        cx, cy = qx, qy
    at = _number(body, at, 1 << 3 | 7)
    return at, cx, cy


@compiled
def _line(
    ax: _Float,
    ay: _Float,
    met: int,
    within: bool,
    low: float,
    high: float,
    body: _Byte,
    at: int,
    cx: int,
    cy: int,
) -> tuple[int, int, int]:
    """Write a line in the pieces that lie in a square."""
    v = 0
    while v < met - 1:
        # The longest run of segments that lie in the square, one after the other.
        first = v
        px, py, qx, qy = ax[v], ay[v], ax[v + 1], ay[v + 1]
        inside, sx, sy, ex, ey = True, px, py, qx, qy
        if not within:
            inside, sx, sy, ex, ey = _cut_segment(px, py, qx, qy, low, high)
        if not inside:
            v += 1
            continue
        mx, my = _whole(sx), _whole(sy)
        head = at
        at = _number(body, at, 1 << 3 | 1)
        at = _number(body, at, _zigzag(mx - cx))
        at = _number(body, at, _zigzag(my - cy))
        # Room for the longest number, and the steps moved up once it is known.
        at += 5
        begin, steps, lx, ly = at, 0, mx, my
        while True:
            nx, ny = _whole(ex), _whole(ey)
            if nx != lx or ny != ly:
                at = _number(body, at, _zigzag(nx - lx))
                at = _number(body, at, _zigzag(ny - ly))
                lx, ly = nx, ny
                steps += 1
            v += 1
            if v >= met - 1 or ex != ax[v] or ey != ay[v]:
                break
            px, py, qx, qy = ax[v], ay[v], ax[v + 1], ay[v + 1]
            inside, sx, sy, ex, ey = True, px, py, qx, qy
            if not within:
                inside, sx, sy, ex, ey = _cut_segment(px, py, qx, qy, low, high)
            if not inside:
                break
        if steps == 0:
            at = head
        else:
            told = _number(body, begin - 5, steps << 3 | 2)
            for b in range(at - begin):
                body[told + b] = body[begin + b]
            at = told + at - begin
            cx, cy = lx, ly
        v = max(v, first + 1)
    return at, cx, cy


@compiled
def _cut_segment(
    px: float, py: float, qx: float, qy: float, low: float, high: float
) -> tuple[bool, float, float, float, float]:
    """Cut a segment to a square; tell whether any of it is left."""
    t0, t1 = 0.0, 1.0
    dx, dy = qx - px, qy - py
    for side in range(4):
        if side == 0:
            p, q = -dx, px - low
        elif side == 1:
            p, q = dx, high - px
        elif side == 2:
            p, q = -dy, py - low
        else:
            p, q = dy, high - py
        if p == 0.0:
            if q < 0.0:
                return False, px, py, qx, qy
        else:
            r = q / p
            if p < 0.0:
                if r > t1:
                    return False, px, py, qx, qy
                t0 = max(t0, r)
            else:
                if r < t0:
                    return False, px, py, qx, qy
                t1 = min(t1, r)
    sx, sy, ex, ey = px, py, qx, qy
    if t0 > 0.0:
        sx, sy = px + t0 * dx, py + t0 * dy
    if t1 < 1.0:
        ex, ey = px + t1 * dx, py + t1 * dy
    return True, sx, sy, ex, ey

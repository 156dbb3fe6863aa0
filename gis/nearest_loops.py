"""Search the nearest feature of each parcel, compiled.

Features lie in leaves of eight along a Hilbert curve, leaves in boxes of eight, and
so on up (a packed tree: Kamel and Faloutsos, 1993). A box farther from the parcel's
box than the best pair so far is passed over with all that is in it; of two boxes the
nearer is opened first.

The nearest pair is sought in the conformal plane of the features. A parcel's vertices
come there from isometric coordinates by one exponential together and the series of
exp(u) - 1 to u^4 each: up to |u| = 0.001, five kilometres or so, what is left is
below 1e-8 m; wider parcels take an exponential a vertex.

Parcels stand beside each other in a file: features are gathered for a block of them,
and the tree is only gone down where too many are. No answer depends on the blocks:
each is the least of all pairs, and of equal ones that of the first feature.

What touches is asked exactly, in the plane that parcels and features came in: of the
pairs that are nearer than the two planes' edges may bend apart, and of features that
start in the parcel's box. Where no edges meet, a feature lies wholly inside the parcel
or wholly outside, and a ring of the parcel wholly inside a polygon or outside: one
vertex tells (even and odd crossings of a ray).

Source:
    Kamel and Faloutsos (1993), On packing R-trees, CIKM; Shimrat (1962), Algorithm
    112: Position of point relative to polygon, Comm. ACM 5.
"""

import math

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled
from gis.exact_loops import segments_meet, side
from gis.geodesic_loops import lambert

_Float = NDArray[np.float64]
_Int = NDArray[np.int64]
_Features = tuple[_Float, _Float, _Int]
_Tiles = tuple[_Float, _Int, _Float, _Int]

_FAN = 8
_NARROW = 1e-3
_THIRD = 1.0 / 3.0
_DEEP = 256  # eight children on each of 20 levels, and some
# Edges of a parcel and of a feature bend apart by less: 5e-10 times length squared.
_NEAR_M, _BEND = 0.01, 4e-9
# A micrometre, squared: no further apart can two projections of one vertex be.
_ONE_PLACE, _PLACE_M = 1e-12, 1e-6
_LOOSE = 1.0 + 1e-9
_BLOCK, _SOME = 32, 64  # parcels that features are gathered for, and how many at most
_RADIUS, _ROUGH, _FEW_M = 6378137.0, 1.005, 1.0


@compiled
def nearest_pairs(  # noqa: C901, PLR0912, PLR0915 - the loops over blocks and parcels
    vertices: tuple[_Float, _Float, _Float, _Float],
    parcels: tuple[_Int, _Int, _Float],
    features: _Features,
    tiles: _Tiles,
    plane: _Float,
    pair: _Float,
) -> None:
    """Find the nearest pair of points of each parcel and a layer.

    Args:
        vertices: x and y in the plane that the features came in, longitudes and
            isometric latitudes in radians, shape (v,) each.
        parcels: Rings and shapes as in `Rings`, and how far each is asked for, metres
            on the ground: infinity for however far, NaN for not at all.
        features: Segments in the conformal plane and in the first (x, y, x, y, x, y,
            x, y; a point is one twice), shape (m, 8); boxes of the eight children of
            each node (eight west edges, south, east, north), shape (b, 4, 8), and
            the first child: a feature below m, else node + m; shape (b,).
        tiles: Edges of polygons in the first plane (x, y, x, y), where each polygon's
            edges begin, and nodes above the polygons.
        plane: n, r, lambda0, r0 of the conformal plane.
        pair: Takes x, y on the parcel and x, y on the feature in the conformal plane,
            shape (n, 4): zeros where they touch; left where nothing is within reach
            (a pair beyond it may be told all the same).
    """
    x, y, lon, psi = vertices
    ring, shape, reach = parcels
    if not len(features[0]):
        return
    longest = 1
    for row in range(len(pair)):
        longest = max(longest, ring[shape[row + 1]] - ring[shape[row]])
    edge, vertex = np.empty((6, longest)), np.empty(longest, np.int64)
    stack, gap = np.empty(_DEEP, np.int64), np.empty(_DEEP)
    found, bound, spot = np.empty(6), np.empty(4), np.full(2, np.inf)
    some, areal = np.empty(_SOME, np.int64), len(tiles[1]) > 1
    for start in range(0, len(pair), _BLOCK):
        stop = min(start + _BLOCK, len(pair))
        farthest = -1.0
        for row in range(start, stop):
            if reach[row] > farthest and ring[shape[row]] < ring[shape[row + 1]]:
                farthest = reach[row]
        if farthest < 0.0:
            continue
        _around(lon, psi, ring[shape[start] : shape[stop] + 1], plane, bound)
        limit = _in_plane(farthest, psi[ring[shape[start]]], plane)
        many = _gather(features, bound, limit, spot, stack, some)
        for row in range(start, stop):
            if many == 0:
                break
            if np.isnan(reach[row]) or ring[shape[row]] == ring[shape[row + 1]]:
                continue
            rings = ring[shape[row] : shape[row + 1] + 1]
            limit = _in_plane(reach[row], psi[rings[0]], plane)
            limit *= limit
            if limit < np.inf:
                _around(lon, psi, rings, plane, bound)
                if many > 0 and not _is_near(features[0], some[:many], bound, limit):
                    continue
            _flatten(lon, psi, rings, plane, edge, bound)
            edges = _walk(rings, edge, vertex)
            found[0], found[5] = np.inf, np.inf
            # The spot is a rounded point on its feature: a micrometre more is safe.
            far = math.hypot(spot[0] - edge[0, 0], spot[1] - edge[1, 0]) + _PLACE_M
            limit = min(limit, far * far * _LOOSE)
            at = vertex[:edges]
            if many > 0:
                here = some[:many]
                _among(features[0], here, x, y, edge, at, bound, found, gap, limit)
            else:
                _search(features, x, y, edge, at, bound, found, stack, gap, limit)
            if found[5] < np.inf:
                spot[0], spot[1] = found[3], found[4]
            touches = found[0] <= _ONE_PLACE
            if areal and not touches:
                touches = _inside_a_tile(x, y, rings, tiles, stack)
            if touches:
                for nth in range(4):
                    pair[row, nth] = 0.0
            elif found[0] < np.inf:
                for nth in range(4):
                    pair[row, nth] = found[1 + nth]


@compiled
def _gather(
    features: _Features, bound: _Float, reach: float, spot: _Float, stack: _Int,
    some: _Int,
) -> int:  # fmt: skip
    """Collect the features that may be nearest to a parcel of a block.

    No parcel in the block's box is farther from the nearest feature than from `spot`,
    a point on one; what is farther from the box is nobody's nearest.

    Args:
        features: As in `nearest_pairs`.
        bound: A box that all the block's parcels lie in.
        reach: How far, in the plane, anybody asks.
        spot: A point on a feature, infinite where none is known yet.
        stack: Room to work in.
        some: Takes the numbers of the features.

    Returns:
        How many they are; -1 for more than there is room for.
    """
    item, box, child = features
    wide = math.hypot(bound[2] - bound[0], bound[3] - bound[1])
    near = _NEAR_M + _BEND * wide * wide
    dx = max(abs(spot[0] - bound[0]), abs(spot[0] - bound[2]))
    dy = max(abs(spot[1] - bound[1]), abs(spot[1] - bound[3]))
    limit = max(min(math.hypot(dx, dy) + _PLACE_M, reach) * _LOOSE, near)
    limit *= limit
    away = np.empty(_FAN)
    stack[0], top, many = len(item) + len(box) - 1, 1, 0
    while top:
        top -= 1
        node = stack[top] - len(item)
        if node < 0:
            if many == len(some):
                return -1
            some[many] = stack[top]
            many += 1
            continue
        _children_apart(box, node, bound, away)
        for nth in range(_FAN):
            # Nobody stands infinitely far: there are fewer than eight children.
            if away[nth] <= limit and away[nth] < np.inf:
                stack[top] = child[node] + nth
                top += 1
    return many


@compiled
def _children_apart(box: _Float, node: int, bound: _Float, away: _Float) -> None:
    """Square the distances between a box and those of the eight children of a node."""
    for nth in range(_FAN):
        dx = max(bound[0] - box[node, 2, nth], box[node, 0, nth] - bound[2])
        dy = max(bound[1] - box[node, 3, nth], box[node, 1, nth] - bound[3])
        dx, dy = max(dx, 0.0), max(dy, 0.0)
        away[nth] = dx * dx + dy * dy


@compiled
def _among(  # noqa: PLR0913, PLR0917 - the loop's whole state
    item: _Float,
    some: _Int,
    x: _Float,
    y: _Float,
    edge: _Float,
    vertex: _Int,
    bound: _Float,
    found: _Float,
    gap: _Float,
    limit: float,
) -> None:
    """Ask some features in turn, and keep the best pair in `found`, as `_search`."""
    near = _close(bound)
    first = 0
    for nth in range(len(some)):
        gap[nth] = _apart(item, some[nth], bound)
        if gap[nth] < gap[first]:
            first = nth
    # The one whose box is nearest first: most others need not be met then.
    for turn in range(-1, len(some)):
        nth = first if turn < 0 else turn
        if turn == first or gap[nth] > max(min(found[0] * _LOOSE, limit), near):
            continue
        at = some[nth]
        least = _meet(item, at, edge, len(vertex), found)
        if (least < near or gap[nth] == 0.0) and _touch(item, at, x, y, vertex):
            found[0] = 0.0
            return


@compiled
def _close(bound: _Float) -> float:
    """Return the square of how near a pair must be to be asked whether it touches."""
    wide = math.hypot(bound[2] - bound[0], bound[3] - bound[1])
    near: float = _NEAR_M + _BEND * wide * wide
    return near * near


@compiled
def _flatten(
    lon: _Float, psi: _Float, rings: _Int, plane: _Float, edge: _Float, bound: _Float
) -> None:
    """Bring a parcel's vertices into the plane, `edge[:2]`, and find their box."""
    first, many, n = rings[0], rings[-1] - rings[0], plane[0]
    # Short loops over arrays of their own: so the compiler takes several at a time.
    lons, psis = lon[first : rings[-1]], psi[first : rings[-1]]
    xs, ys = edge[0, :many], edge[1, :many]
    lon0, psi0 = lons[0], psis[0]
    far = plane[1] * math.exp(-n * psi0)
    sine, cosine = math.sin(n * (lon0 - plane[2])), math.cos(n * (lon0 - plane[2]))
    x0, y0 = far * sine, plane[3] - far * cosine
    for nth in range(len(lons)):
        u, v = n * (psi0 - psis[nth]), n * (lons[nth] - lon0)
        # w = exp(u + iv) - 1 = z (1 + z/2 (1 + z/3 (1 + z/4)))
        p, q = 1.0 + u * 0.25, v * 0.25
        p, q = 1.0 + (u * p - v * q) * _THIRD, (u * q + v * p) * _THIRD
        p, q = 1.0 + (u * p - v * q) * 0.5, (u * q + v * p) * 0.5
        p, q = u * p - v * q, u * q + v * p
        xs[nth] = x0 + far * (sine * p + cosine * q)
        ys[nth] = y0 - far * (cosine * p - sine * q)
    narrow = 0
    for nth in range(len(lons)):
        u, v = n * (psi0 - psis[nth]), n * (lons[nth] - lon0)
        narrow += (abs(u) < _NARROW) & (abs(v) < _NARROW)
    if narrow < many:
        for nth in range(len(lons)):
            xs[nth], ys[nth] = lambert(lons[nth], psis[nth], plane)
    west, south, east, north = np.inf, np.inf, -np.inf, -np.inf
    for nth in range(len(xs)):
        x, y = xs[nth], ys[nth]
        west, east = min(west, x), max(east, x)
        south, north = min(south, y), max(north, y)
    bound[0], bound[1], bound[2], bound[3] = west, south, east, north


@compiled
def _in_plane(metres: float, psi: float, plane: _Float) -> float:
    """Return how far at most so many metres from a place reach in the plane.

    The scale there is n r exp(-n psi) over the parallel's radius, which 1 / cosh(psi)
    tells to 0.34 %; along the way it changes by less than the way turns the vertical
    times the tangent of the latitudes between, below 1 in any sane plane.
    """
    far: float = plane[0] * plane[1] * math.exp(-plane[0] * psi)
    scale = far * math.cosh(psi) / _RADIUS
    return metres * scale * (_ROUGH + metres / _RADIUS) + _FEW_M


@compiled
def _around(
    lon: _Float, psi: _Float, rings: _Int, plane: _Float, bound: _Float
) -> None:
    """Find a box in the plane that a parcel lies in, by its first vertex alone."""
    first, widest, highest = rings[0], 0.0, 0.0
    lon0, psi0 = lon[first], psi[first]
    for at in range(first, rings[-1]):
        widest = max(widest, abs(lon[at] - lon0))
        highest = max(highest, abs(psi[at] - psi0))
    x, y = lambert(lon0, psi0, plane)
    # |exp(z) - 1| is at most |z| exp(|z|).
    z = plane[0] * (widest + highest)
    far = plane[1] * math.exp(z - plane[0] * psi0) * z
    bound[0], bound[1], bound[2], bound[3] = x - far, y - far, x + far, y + far


@compiled
def _is_near(item: _Float, some: _Int, bound: _Float, limit: float) -> bool:
    """Tell whether the box of a feature is nearer to a box than the limit, squared."""
    for nth in range(len(some)):  # noqa: SIM110 - compiled: no generators
        if _apart(item, some[nth], bound) <= limit:
            return True
    return False


@compiled
def _apart(item: _Float, at: int, bound: _Float) -> float:
    """Square the distance between a box and that of a feature."""
    west, east = min(item[at, 0], item[at, 2]), max(item[at, 0], item[at, 2])
    south, north = min(item[at, 1], item[at, 3]), max(item[at, 1], item[at, 3])
    dx: float = max(bound[0] - east, west - bound[2], 0.0)
    dy: float = max(bound[1] - north, south - bound[3], 0.0)
    return dx * dx + dy * dy


@compiled
def _walk(rings: _Int, edge: _Float, vertex: _Int) -> int:
    """Turn vertices into edges, in place: x, y, how far on, inverted square of that.

    Returns:
        How many there are; `vertex` tells where each begins.
    """
    count, first = 0, rings[0]
    for r in range(len(rings) - 1):
        begin, many = rings[r] - first, max(rings[r + 1] - rings[r] - 1, 0)
        xs, ys = edge[0, begin : begin + many + 1], edge[1, begin : begin + many + 1]
        east, north = edge[2, count : count + many], edge[3, count : count + many]
        inverse, place = edge[4, count : count + many], vertex[count : count + many]
        for nth in range(many):
            dx, dy = xs[nth + 1] - xs[nth], ys[nth + 1] - ys[nth]
            square = dx * dx + dy * dy
            east[nth], north[nth] = dx, dy
            inverse[nth] = 1.0 / square if square > 0.0 else 0.0
            place[nth] = rings[r] + nth
        if begin != count:  # a ring has one edge less than vertices
            for nth in range(many):
                edge[0, count + nth], edge[1, count + nth] = xs[nth], ys[nth]
        count += many
    return count


@compiled
def _search(  # noqa: PLR0913, PLR0917 - the loop's whole state
    features: _Features,
    x: _Float,
    y: _Float,
    edge: _Float,
    vertex: _Int,
    bound: _Float,
    found: _Float,
    stack: _Int,
    gap: _Float,
    limit: float,
) -> None:
    """Go down the nodes, the nearest first, and keep the best pair in `found`."""
    item, box, child = features
    near = _close(bound)
    away = np.empty(_FAN)
    stack[0], gap[0], top = len(item) + len(box) - 1, 0.0, 1
    while top:
        top -= 1
        at = stack[top]
        if gap[top] > max(min(found[0] * _LOOSE, limit), near):
            continue
        if at >= len(item):
            node = at - len(item)
            _children_apart(box, node, bound, away)
            most = max(min(found[0] * _LOOSE, limit), near)
            top = _push(child[node], away, most, stack, gap, top)
            continue
        least = _meet(item, at, edge, len(vertex), found)
        if (least < near or gap[top] == 0.0) and _touch(item, at, x, y, vertex):
            found[0] = 0.0
            return


@compiled
def _push(
    first: int, away: _Float, limit: float, stack: _Int, gap: _Float, top: int
) -> int:
    """Put the children of a node on the stack, the nearest on top.

    Returns:
        The new height of the stack.
    """
    floor = top
    for nth in range(_FAN):
        if away[nth] <= limit and away[nth] < np.inf:
            at = top
            while at > floor and gap[at - 1] < away[nth]:
                gap[at], stack[at] = gap[at - 1], stack[at - 1]
                at -= 1
            gap[at], stack[at] = away[nth], first + nth
            top += 1
    return top


@compiled
def _squared(px: float, py: float, dx: float, dy: float, inverse: float) -> float:
    """Square the distance from p to the segment from the origin to d."""
    t = min(max((px * dx + py * dy) * inverse, 0.0), 1.0)
    px, py = px - t * dx, py - t * dy
    return px * px + py * py


@compiled
def _meet(item: _Float, at: int, edge: _Float, edges: int, found: _Float) -> float:
    """Measure from a feature to all edges of a parcel; keep a better pair.

    Three squared distances an edge: from both ends of the feature to the edge, and
    from the edge's beginning to the feature (its end is the next edge's beginning).
    No branch depends on the data, so that several edges go at a time.

    Returns:
        The least of them.
    """
    cx, cy = item[at, 0], item[at, 1]
    ux, uy = item[at, 2] - cx, item[at, 3] - cy
    length = ux * ux + uy * uy
    xs, ys, away = edge[0, :edges], edge[1, :edges], edge[5, :edges]
    dx, dy, by = edge[2, :edges], edge[3, :edges], edge[4, :edges]
    if length == 0.0:
        for nth in range(len(away)):
            px, py = cx - xs[nth], cy - ys[nth]
            away[nth] = _squared(px, py, dx[nth], dy[nth], by[nth])
    else:
        inverse = 1.0 / length
        for nth in range(len(away)):
            px, py = cx - xs[nth], cy - ys[nth]
            away[nth] = min(
                _squared(px, py, dx[nth], dy[nth], by[nth]),
                _squared(px + ux, py + uy, dx[nth], dy[nth], by[nth]),
                _squared(-px, -py, ux, uy, inverse),
            )
    nearest, least = 0, float(away[0])
    for nth in range(len(away)):
        if away[nth] < least:
            nearest, least = nth, away[nth]
    # Of two equally near the first in the layer, in whatever order they are met.
    if least < found[0] or (least == found[0] and at < found[5]):
        _keep(item, at, edge, nearest, found)
        found[0], found[5] = least, at
    return least


@compiled
def _keep(item: _Float, at: int, edge: _Float, nth: int, found: _Float) -> None:
    """Keep the nearest points of a feature and an edge."""
    ax, ay, dx, dy = edge[0, nth], edge[1, nth], edge[2, nth], edge[3, nth]
    found[0] = np.inf
    for end in range(0, 4, 2):
        px, py = item[at, end] - ax, item[at, end + 1] - ay
        t = min(max((px * dx + py * dy) * edge[4, nth], 0.0), 1.0)
        rx, ry = px - t * dx, py - t * dy
        if rx * rx + ry * ry < found[0]:
            found[0] = rx * rx + ry * ry
            found[1], found[2] = ax + t * dx, ay + t * dy
            found[3], found[4] = item[at, end], item[at, end + 1]
    cx, cy = item[at, 0], item[at, 1]
    ux, uy = item[at, 2] - cx, item[at, 3] - cy
    length = ux * ux + uy * uy
    inverse = 1.0 / length if length > 0.0 else 0.0
    t = min(max(((ax - cx) * ux + (ay - cy) * uy) * inverse, 0.0), 1.0)
    rx, ry = ax - cx - t * ux, ay - cy - t * uy
    if rx * rx + ry * ry < found[0]:
        found[0] = rx * rx + ry * ry
        found[1], found[2], found[3], found[4] = ax, ay, cx + t * ux, cy + t * uy


@compiled
def _touch(item: _Float, nth: int, x: _Float, y: _Float, vertex: _Int) -> bool:
    """Tell whether a feature shares a point with a parcel, edges and inside."""
    cx, cy, dx, dy = item[nth, 4], item[nth, 5], item[nth, 6], item[nth, 7]
    inside = False
    for place in range(len(vertex)):
        at = vertex[place]
        ax, ay, bx, by = x[at], y[at], x[at + 1], y[at + 1]
        if segments_meet(ax, ay, bx, by, cx, cy, dx, dy):
            return True
        if _crosses(cx, cy, ax, ay, bx, by):
            inside = not inside
    return inside


@compiled
def _crosses(px: float, py: float, ax: float, ay: float, bx: float, by: float) -> bool:
    """Tell whether the ray from a point to the west crosses a segment."""
    if (ay <= py) == (by <= py):
        return False
    if max(ax, bx) < px:
        return True
    if min(ax, bx) >= px:
        return False
    turn = side(ax, ay, bx, by, px, py)
    return turn < 0.0 if by > ay else turn > 0.0


@compiled
def _inside_a_tile(
    x: _Float, y: _Float, rings: _Int, tiles: _Tiles, stack: _Int
) -> bool:
    """Tell whether a ring of a parcel begins inside one of the polygons."""
    edge, start, box, child = tiles
    count = len(start) - 1
    for at in rings[:-1]:
        px, py = x[at], y[at]
        stack[0], top = count + len(box) - 1, min(len(box), 1)
        while top:
            top -= 1
            node = stack[top] - count
            if node < 0:
                if _inside_tile(px, py, edge, start, stack[top]):
                    return True
                continue
            for nth in range(_FAN):
                if (
                    box[node, 0, nth] <= px <= box[node, 2, nth]
                    and box[node, 1, nth] <= py <= box[node, 3, nth]
                ):
                    stack[top] = child[node] + nth
                    top += 1
    return False


@compiled
def _inside_tile(px: float, py: float, edge: _Float, start: _Int, tile: int) -> bool:
    """Tell whether a point lies inside one polygon, by a ray to the west."""
    inside = False
    for at in range(start[tile], start[tile + 1]):
        if _crosses(px, py, edge[at, 0], edge[at, 1], edge[at, 2], edge[at, 3]):
            inside = not inside
    return inside

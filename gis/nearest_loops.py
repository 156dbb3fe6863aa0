"""Search the nearest feature of each parcel, compiled.

Features lie in leaves of eight along a Hilbert curve, leaves in boxes of eight, and
so on up (a packed tree: Kamel and Faloutsos, 1993). A box farther from the parcel's
box than the best pair so far is passed over with all that is in it; of two boxes the
nearer is opened first.

The nearest pair is sought in the conformal plane of the features. A parcel's vertices
come there from isometric coordinates by one exponential together and the series of
exp(u) - 1 to u^4 each: up to |u| = 0.001, five kilometres or so, what is left is
below 1e-8 m; wider parcels take an exponential a vertex.

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
_DEEP = 256  # eight children on each of 20 levels, and some
# Edges of a parcel and of a feature bend apart by less: 5e-10 times length squared.
_NEAR_M, _BEND = 0.01, 4e-9


@compiled
def nearest_pairs(
    vertices: tuple[_Float, _Float, _Float, _Float],
    parcels: tuple[_Int, _Int, NDArray[np.bool_]],
    features: _Features,
    tiles: _Tiles,
    plane: _Float,
) -> _Float:
    """Find the nearest pair of points of each parcel and a layer.

    Args:
        vertices: x and y in the plane that the features came in, longitudes and
            isometric latitudes in radians, shape (v,) each.
        parcels: Rings and shapes as in `Rings`, and which parcels are asked for.
        features: Segments in the conformal plane and in the first (x, y, x, y, x, y,
            x, y; a point is one twice), shape (m, 8), and their boxes and children.
        tiles: Edges of polygons in the first plane (x, y, x, y), where each polygon's
            edges begin, and the polygons' boxes and children.
        plane: n, r, lambda0, r0 of the conformal plane.

    Returns:
        x, y on the parcel and x, y on the feature in the conformal plane, shape
        (n, 4): zeros where they touch, NaN where there is nothing to measure.
    """
    x, y, lon, psi = vertices
    ring, shape, wanted = parcels
    pair = np.full((len(shape) - 1, 4), np.nan)
    if not len(features[0]):
        return pair
    longest = 1
    for row in range(len(pair)):
        longest = max(longest, ring[shape[row + 1]] - ring[shape[row]])
    edge = np.empty((longest, 5))
    vertex = np.empty(longest, np.int64)
    stack, gap = np.empty(_DEEP, np.int64), np.empty(_DEEP)
    found, bound = np.empty(5), np.empty(4)
    for row in range(len(pair)):
        if not wanted[row] or ring[shape[row]] == ring[shape[row + 1]]:
            continue
        rings = ring[shape[row] : shape[row + 1] + 1]
        edges = _flatten(lon, psi, rings, plane, edge, vertex, bound)
        found[0] = np.inf
        wide = math.hypot(bound[2] - bound[0], bound[3] - bound[1])
        near = _NEAR_M + _BEND * wide * wide
        near *= near
        _search(features, x, y, edge[:edges], vertex, bound, near, found, stack, gap)
        if found[0] > 0.0 and _inside_a_tile(x, y, rings, tiles, stack):
            found[0] = 0.0
        pair[row] = found[1:]
        if found[0] == 0.0:
            pair[row] = 0.0
    return pair


@compiled
def _flatten(  # noqa: PLR0913, PLR0915, PLR0917 - one pass over the vertices
    lon: _Float,
    psi: _Float,
    rings: _Int,
    plane: _Float,
    edge: _Float,
    vertex: _Int,
    bound: _Float,
) -> int:
    """Bring a parcel's edges into the plane: x, y, x, y, inverted square of length.

    Returns:
        How many there are; `vertex` tells where each begins.
    """
    first = rings[0]
    n, lon0, psi0 = plane[0], lon[first], psi[first]
    far = plane[1] * math.exp(-n * psi0)
    sine, cosine = math.sin(n * (lon0 - plane[2])), math.cos(n * (lon0 - plane[2]))
    x0, y0 = far * sine, plane[3] - far * cosine
    bound[:2], bound[2:] = np.inf, -np.inf
    count = 0
    for r in range(len(rings) - 1):
        last_x = last_y = 0.0
        for at in range(rings[r], rings[r + 1]):
            u, v = n * (psi0 - psi[at]), n * (lon[at] - lon0)
            if abs(u) < _NARROW and abs(v) < _NARROW:
                # w = exp(u + iv) - 1 = z (1 + z/2 (1 + z/3 (1 + z/4)))
                p, q = 1.0 + u / 4.0, v / 4.0
                p, q = 1.0 + (u * p - v * q) / 3.0, (u * q + v * p) / 3.0
                p, q = 1.0 + (u * p - v * q) / 2.0, (u * q + v * p) / 2.0
                p, q = u * p - v * q, u * q + v * p
                new_x = x0 + far * (sine * p + cosine * q)
                new_y = y0 - far * (cosine * p - sine * q)
            else:
                new_x, new_y = lambert(lon[at], psi[at], plane)
            bound[0], bound[2] = min(bound[0], new_x), max(bound[2], new_x)
            bound[1], bound[3] = min(bound[1], new_y), max(bound[3], new_y)
            if at > rings[r]:
                dx, dy = new_x - last_x, new_y - last_y
                square = dx * dx + dy * dy
                edge[count, 0], edge[count, 1] = last_x, last_y
                edge[count, 2], edge[count, 3] = new_x, new_y
                edge[count, 4] = 1.0 / square if square > 0.0 else 0.0
                vertex[count] = at - 1
                count += 1
            last_x, last_y = new_x, new_y
    return count


@compiled
def _search(  # noqa: C901, PLR0913, PLR0917 - the loop's whole state
    features: _Features,
    x: _Float,
    y: _Float,
    edge: _Float,
    vertex: _Int,
    bound: _Float,
    near: float,
    found: _Float,
    stack: _Int,
    gap: _Float,
) -> None:
    """Go down the boxes, the nearest first, and keep the best pair in `found`."""
    item, box, child = features
    leaves = (len(item) + _FAN - 1) // _FAN
    stack[0], gap[0], top = len(box) - 1, 0.0, 1
    while top:
        top -= 1
        node = stack[top]
        if gap[top] >= max(found[0], near):
            continue
        if node < leaves:
            for nth in range(child[node, 0], child[node, 1]):
                _meet(item[nth], x, y, edge, vertex, bound, near, found)
                if found[0] == 0.0:
                    return
            continue
        floor = top
        for nth in range(child[node, 0], child[node, 1]):
            away = _between(
                box[nth, 0], box[nth, 1], box[nth, 2], box[nth, 3],
                bound[0], bound[1], bound[2], bound[3],
            )  # fmt: skip
            if away >= max(found[0], near):
                continue
            at = top
            while at > floor and gap[at - 1] < away:
                gap[at], stack[at] = gap[at - 1], stack[at - 1]
                at -= 1
            gap[at], stack[at] = away, nth
            top += 1


@compiled
def _between(  # noqa: PLR0913, PLR0917 - two boxes
    a0: float,
    a1: float,
    a2: float,
    a3: float,
    b0: float,
    b1: float,
    b2: float,
    b3: float,
) -> float:
    """Return the squared distance between two boxes."""
    dx = max(b0 - a2, a0 - b2, 0.0)
    dy = max(b1 - a3, a1 - b3, 0.0)
    return dx * dx + dy * dy


@compiled
def _meet(  # noqa: C901, PLR0913, PLR0915, PLR0917 - the innermost loop
    item: _Float,
    x: _Float,
    y: _Float,
    edge: _Float,
    vertex: _Int,
    bound: _Float,
    near: float,
    found: _Float,
) -> None:
    """Measure from a feature to all edges of a parcel."""
    cx, cy, dx, dy = item[0], item[1], item[2], item[3]
    west, east = min(cx, dx), max(cx, dx)
    south, north = min(cy, dy), max(cy, dy)
    away = _between(west, south, east, north, bound[0], bound[1], bound[2], bound[3])
    if away >= max(found[0], near):
        return
    length = (dx - cx) * (dx - cx) + (dy - cy) * (dy - cy)
    inverse = 1.0 / length if length > 0.0 else 0.0
    for nth in range(len(edge)):
        ax, ay, bx, by = edge[nth, 0], edge[nth, 1], edge[nth, 2], edge[nth, 3]
        limit = max(found[0], near)
        away = _between(
            min(ax, bx), min(ay, by), max(ax, bx), max(ay, by),
            west, south, east, north,
        )  # fmt: skip
        if away >= limit:
            continue
        best = _foot(cx, cy, ax, ay, bx, by, edge[nth, 4], 0, found)
        if length > 0.0:
            best = min(best, _foot(dx, dy, ax, ay, bx, by, edge[nth, 4], 0, found))
            best = min(best, _foot(ax, ay, cx, cy, dx, dy, inverse, 1, found))
            best = min(best, _foot(bx, by, cx, cy, dx, dy, inverse, 1, found))
            if away == 0.0 and segments_meet(ax, ay, bx, by, cx, cy, dx, dy):
                found[0] = 0.0
                return
        if best < near:
            at = vertex[nth]
            if segments_meet(
                x[at], y[at], x[at + 1], y[at + 1], item[4], item[5], item[6], item[7]
            ):
                found[0] = 0.0
                return
    slack = 1.0
    if (
        bound[0] - slack <= cx <= bound[2] + slack
        and bound[1] - slack <= cy <= bound[3] + slack
        and _inside_edges(item[4], item[5], x, y, vertex, len(edge))
    ):
        found[0] = 0.0


@compiled
def _foot(  # noqa: PLR0913, PLR0917 - a point and a segment
    px: float,
    py: float,
    ax: float,
    ay: float,
    bx: float,
    by: float,
    inverse: float,
    mine: int,
    found: _Float,
) -> float:
    """Measure from a point to a segment; a better pair than the best is kept.

    Args:
        px: The point's x.
        py: The point's y.
        ax: The segment's first x.
        ay: The segment's first y.
        bx: The segment's last x.
        by: The segment's last y.
        inverse: 1 by the square of its length, 0 for a point.
        mine: 1 where the point is the parcel's and the segment the feature's, else 0.
        found: The best pair so far and its squared distance.

    Returns:
        The squared distance.
    """
    dx, dy = bx - ax, by - ay
    t = ((px - ax) * dx + (py - ay) * dy) * inverse
    t = min(max(t, 0.0), 1.0)
    fx, fy = ax + t * dx, ay + t * dy
    square = (px - fx) * (px - fx) + (py - fy) * (py - fy)
    if square < found[0]:
        found[0] = square
        if mine:
            found[1], found[2], found[3], found[4] = px, py, fx, fy
        else:
            found[1], found[2], found[3], found[4] = fx, fy, px, py
    return square


@compiled
def _inside_edges(
    px: float, py: float, x: _Float, y: _Float, vertex: _Int, edges: int
) -> bool:
    """Tell whether a point lies inside a parcel, by a ray to the west."""
    inside = False
    for nth in range(edges):
        at = vertex[nth]
        if _crosses(px, py, x[at], y[at], x[at + 1], y[at + 1]):
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
def _inside_a_tile(  # noqa: C901 - down the boxes, then around each tile
    x: _Float, y: _Float, rings: _Int, tiles: _Tiles, stack: _Int
) -> bool:
    """Tell whether a ring of a parcel begins inside one of the polygons."""
    edge, start, box, child = tiles
    if not len(box):
        return False
    leaves = (len(start) - 1 + _FAN - 1) // _FAN
    for r in range(len(rings) - 1):
        px, py = x[rings[r]], y[rings[r]]
        stack[0], top = len(box) - 1, 1
        while top:
            top -= 1
            node = stack[top]
            if not (
                box[node, 0] <= px <= box[node, 2]
                and box[node, 1] <= py <= box[node, 3]
            ):
                continue
            for nth in range(child[node, 0], child[node, 1]):
                if node >= leaves:
                    stack[top] = nth
                    top += 1
                    continue
                inside = False
                for at in range(start[nth], start[nth + 1]):
                    if _crosses(
                        px, py, edge[at, 0], edge[at, 1], edge[at, 2], edge[at, 3]
                    ):
                        inside = not inside
                if inside:
                    return True
    return False

"""Unite what overlaps in a layer of bare coordinates, and leave all else as it is."""

from typing import Final

import numpy as np
import shapely
from geopandas import GeoSeries
from numpy.typing import NDArray
from shapely import STRtree

from gis.errors import GeometryError
from gis.repair import mend
from gis.rings import Rings, joined, rings_of, signed_areas

_Float = NDArray[np.float64]
_Int = NDArray[np.int64]
_Shapes = NDArray[np.object_]
INVALID: Final = (
    "Invalid polygons cannot be measured: parcels at positions {parcels}, layer "
    "at positions {layer}. Mend them first."
)
# So far an edge of 2 km runs aside when it is straight in a plane, not in degrees.
_FOLD_M: Final = 0.05


def dissolved(
    layer: Rings, group: _Int, rows: _Int, squares: _Float, of: _Int
) -> tuple[Rings, _Int, _Int]:
    """Unite the polygons of one group that overlap where ground is held twice.

    Args:
        layer: Polygons in a plane, metres, m of them. One may be folded over itself
            where rounding or projecting moved an edge across a point near it.
        group: Group of every polygon, shape (m,).
        rows: Places of the polygons that count, shape (k,).
        squares: West, south, east, north of ground that a group holds more than once,
            shape (s, 4).
        of: Which group that is, shape (s,).

    Returns:
        The layer and its groups, what came of each heap of polygons standing last,
        and the places of the polygons that count now: `rows` where nothing overlaps.

    Raises:
        GeometryError: A polygon is invalid, and not by a fold.
    """
    among = _meeting(layer, group, rows, squares, of)
    shapes, folded = unfolded(polygons_from(layer, among), among)
    heap = _heaps(shapes, group[among])
    members = np.flatnonzero((np.bincount(heap)[heap] > 1) | folded)
    if not len(members):
        return layer, group, rows
    members = members[np.argsort(heap[members], kind="stable")]
    one, at = np.unique(heap[members], return_inverse=True)
    heaps = np.asarray(shapely.geometrycollections(shapes[members], indices=at))
    united = rings_of(np.asarray(shapely.union_all(heaps[:, None], axis=1)))
    return (
        joined([layer, united]),
        np.concatenate([group, group[among[one]]]),
        np.append(np.setdiff1d(rows, among[members]), len(layer) + np.arange(len(one))),
    )


def unfolded(shapes: _Shapes, place: _Int) -> tuple[_Shapes, NDArray[np.bool_]]:
    """Mend polygons that projecting or rounding folded over themselves.

    Args:
        shapes: Polygons in a plane, metres, shape (k,).
        place: What to name each by in an error, shape (k,).

    Returns:
        Valid polygons, and which of them were folded, shape (k,) each.

    Raises:
        GeometryError: A polygon is invalid, and mending it moves more ground than a
            fold has: it was no polygon before it was projected.
    """
    folded = ~shapely.is_valid(shapes)
    if not folded.any():
        return shapes, folded
    mended = shapes.copy()
    mended[folded] = mend(GeoSeries(shapes[folded])).geometry.to_numpy()
    moved = np.abs(shapely.area(mended) - shapely.area(shapes))
    wrong = ~(moved <= _FOLD_M * shapely.length(shapes))
    if wrong.any():
        raise GeometryError(INVALID, parcels="-", layer=listed(place[wrong]))
    return mended, folded


def _meeting(layer: Rings, group: _Int, rows: _Int, squares: _Float, of: _Int) -> _Int:
    """Find the polygons of a square's group whose bounds meet it, ascending."""
    box = layer.bounds()[rows]
    # Squares are few: what is far from all of them needs no tree.
    low, high = squares[:, :2].min(axis=0), squares[:, 2:].max(axis=0)
    near = (box[:, :2] <= high).all(axis=1) & (box[:, 2:] >= low).all(axis=1)
    rows, box = rows[near], box[near]
    tree = STRtree(np.asarray(shapely.box(*squares.T)))
    found, square = tree.query(np.asarray(shapely.box(*box.T)))
    return np.unique(rows[found[group[rows[found]] == of[square]]])


def _heaps(shapes: _Shapes, group: _Int) -> _Int:
    """Name, for each polygon, the first of the heap of those that share ground."""
    shapely.prepare(shapes)  # ours alone: they were made from coordinates
    left, right = STRtree(shapes).query(shapes, predicate="intersects")
    pair = (left < right) & (group[left] == group[right])
    left, right = left[pair], right[pair]
    # Neighbours that only touch hold no ground twice.
    share = ~shapely.touches(shapes[left], shapes[right])
    left, right = left[share], right[share]
    heap, before = np.arange(len(shapes)), np.zeros(0, dtype=np.int64)
    while not np.array_equal(heap, before):
        before = heap.copy()
        least = np.minimum(heap[left], heap[right])
        np.minimum.at(heap, left, least)
        np.minimum.at(heap, right, least)
        heap = heap[heap]
    return heap


def listed(places: _Int) -> str:
    """Name places in a sentence, the first five of them."""
    return ", ".join(map(str, places[:5])) or "-"


def polygons_from(rings: Rings, rows: _Int) -> _Shapes:
    """Build polygons from their rings again.

    Args:
        rings: Shells stand before their holes, as `rings_of` leaves them.
        rows: Which geometries, shape (k,).

    Returns:
        Polygons and multipolygons, shape (k,).
    """
    some = _taken(rings, rows)
    if not len(some.x):
        return np.array([shapely.Polygon()] * len(rows), dtype=object)
    count = np.diff(some.ring)
    xy = np.column_stack([some.x, some.y])
    owner = np.repeat(np.arange(len(count)), count)
    lines = np.asarray(shapely.linearrings(xy, indices=owner))
    # By the sign of its area, as `rings_of` turned it: a ring that is folded at its
    # northern tip is turned the other way there.
    shell = signed_areas(some.x, some.y, some.ring) >= 0.0
    shell[some.shape[:-1][np.diff(some.shape) > 0]] = True
    part = np.cumsum(shell) - 1
    holes = np.flatnonzero(~shell)
    parts = np.asarray(shapely.polygons(lines[shell]))
    for nth in np.unique(part[holes]):
        parts[nth] = shapely.Polygon(
            lines[shell][nth], lines[holes[part[holes] == nth]]
        )
    owner = np.repeat(np.arange(len(rows)), np.diff(some.shape))[shell]
    return np.asarray(shapely.multipolygons(parts, indices=owner))


def _taken(rings: Rings, rows: _Int) -> Rings:
    ring = _ranges(rings.shape, rows)
    vertex = _ranges(rings.ring, ring)
    return Rings(
        rings.x[vertex],
        rings.y[vertex],
        _offsets(np.diff(rings.ring)[ring]),
        _offsets(np.diff(rings.shape)[rows]),
    )


def _ranges(start: _Int, rows: _Int) -> _Int:
    count = np.diff(start)[rows]
    shift = np.repeat(start[rows] - _offsets(count)[:-1], count)
    return np.asarray(shift + np.arange(len(shift)))


def _offsets(count: _Int) -> _Int:
    return np.concatenate([[0], np.cumsum(count)]).astype(np.int64)

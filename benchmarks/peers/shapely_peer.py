"""Shapely: a tree and overlay geometries; at its best on tiles, in two threads."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import numpy as np
import shapely
from numpy.typing import NDArray

from benchmarks.contest import Run
from benchmarks.scene import Scene, Shapes
from gis.tiles import cut_into_tiles

_Float = NDArray[np.float64]
AT_ONCE = 10_000
LEAST_M2 = 1e-6


def overlay(scene: Scene, *, best: bool, stack: ExitStack) -> Run:  # noqa: ARG001
    """Measure every parcel against every layer, m2, shape (n, layers)."""
    layers = [tiles_of(one) if best else one for one in scene.layers.values()]
    trees = [shapely.STRtree(one) for one in layers]

    def against(part: Shapes) -> _Float:
        measure = _tile_areas if best else _plain_areas
        pairs = zip(layers, trees, strict=True)
        return np.column_stack([measure(part, own, tree) for own, tree in pairs])

    return lambda: np.concatenate(in_threads(against, scene.parcels, 2 if best else 1))


def self_overlap(scene: Scene, *, best: bool, stack: ExitStack) -> Run:  # noqa: ARG001
    """Pair parcels that overlap: left, right, m2."""
    tree = shapely.STRtree(scene.parcels)
    places = np.arange(len(scene))

    def pairs(part: NDArray[np.int64]) -> _Float:
        left, right = tree.query(scene.parcels[part])
        left = part[left]
        first = left < right
        left, right = left[first], right[first]
        area = _shared(scene.parcels[left], scene.parcels[right])
        kept = area > LEAST_M2
        return np.column_stack([left, right, area])[kept]

    return lambda: np.concatenate(in_threads(pairs, places, 2 if best else 1))


def nearest(scene: Scene, *, best: bool, stack: ExitStack) -> Run:  # noqa: ARG001
    """Measure to the nearest target of each layer, planar metres, (n, layers)."""
    targets = [segments_of(one) if best else one for one in scene.targets.values()]
    trees = [shapely.STRtree(one) for one in targets]

    def away(part: Shapes) -> _Float:
        found = np.empty((len(part), len(trees)))
        for column, tree in enumerate(trees):
            (row, _), metres = tree.query_nearest(
                part, return_distance=True, all_matches=False
            )
            found[row, column] = metres
        return found

    return lambda: np.concatenate(in_threads(away, scene.parcels, 2 if best else 1))


def tiles_of(shapes: Shapes) -> Shapes:
    """Subdivide polygons to at most 128 vertices."""
    return cut_into_tiles(shapes, max_vertices=128)[0]


def segments_of(shapes: Shapes) -> Shapes:
    """Break lines into their segments; points stay."""
    if (shapely.get_dimensions(shapes) == 0).all():
        return shapes
    xy, line = shapely.get_coordinates(shapely.get_parts(shapes), return_index=True)
    joined = line[1:] == line[:-1]
    made: Shapes = shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1)[joined])
    return made


def in_threads(
    work: Callable[[NDArray], _Float], rows: NDArray, threads: int
) -> list[_Float]:
    """Work on parts of rows, in threads where there are several."""
    parts = np.array_split(rows, max(len(rows) // AT_ONCE, 1))
    if threads == 1:
        return [work(part) for part in parts]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, parts))


def _plain_areas(parcels: Shapes, layer: Shapes, tree: shapely.STRtree) -> _Float:
    """Intersect each parcel with what meets it."""
    row, feature = tree.query(parcels, predicate="intersects")
    area = shapely.area(shapely.intersection(parcels[row], layer[feature]))
    return np.bincount(row, area, minlength=len(parcels))


def _tile_areas(parcels: Shapes, tiles: Shapes, tree: shapely.STRtree) -> _Float:
    """Intersect with tiles; what a rectangular tile holds is not intersected."""
    row, tile = tree.query(parcels)
    box, own = shapely.bounds(tiles)[tile], shapely.bounds(parcels)[row]
    inside = (own[:, :2] >= box[:, :2]).all(axis=1)
    inside &= (own[:, 2:] <= box[:, 2:]).all(axis=1)
    whole = (
        inside
        & (
            shapely.area(tiles)
            == np.prod(
                np.diff(shapely.bounds(tiles).reshape(-1, 2, 2), axis=1)[:, 0], axis=1
            )
        )[tile]
    )
    area = shapely.area(parcels[row])
    cut = ~whole
    area[cut] = _shared(parcels[row[cut]], tiles[tile[cut]])
    return np.bincount(row, area, minlength=len(parcels))


def _shared(one: Shapes, other: Shapes) -> _Float:
    """Measure what pairs share; unprepared shapes may be shared by threads."""
    area: _Float = shapely.area(shapely.intersection(one, other))
    return area

"""GeoPandas: `overlay` as one writes it; at its best `sjoin` on tiles."""

from contextlib import ExitStack

import geopandas
import numpy as np
from numpy.typing import NDArray

from benchmarks.contest import Run
from benchmarks.peers.shapely_peer import LEAST_M2, segments_of, tiles_of
from benchmarks.scene import Scene

_Float = NDArray[np.float64]


def overlay(scene: Scene, *, best: bool, stack: ExitStack) -> Run:  # noqa: ARG001
    """Measure every parcel against every layer, m2, shape (n, layers)."""
    parcels = scene.frame(scene.parcels)
    shapes = [tiles_of(one) if best else one for one in scene.layers.values()]
    layers = [scene.frame(one).rename(columns={"id": "feature"}) for one in shapes]
    measure = _joined if best else _overlaid
    return lambda: np.column_stack([measure(parcels, layer) for layer in layers])


def self_overlap(scene: Scene, *, best: bool, stack: ExitStack) -> Run:  # noqa: ARG001
    """Pair parcels that overlap: left, right, m2."""
    parcels = scene.frame(scene.parcels)

    def overlaid() -> _Float:
        pairs = geopandas.overlay(parcels, parcels, how="intersection")
        pairs = pairs[pairs["id_1"] < pairs["id_2"]]
        area = pairs.area.to_numpy()
        found = np.column_stack([pairs["id_1"], pairs["id_2"], area])
        return found[area > LEAST_M2]

    def joined() -> _Float:
        left, right = parcels.sindex.query(parcels.geometry, predicate="intersects")
        first = left < right
        left, right = left[first], right[first]
        shapes = parcels.geometry
        shared = shapes.iloc[left].intersection(shapes.iloc[right], align=False)
        area = shared.area.to_numpy()
        return np.column_stack([left, right, area])[area > LEAST_M2]

    return joined if best else overlaid


def nearest(scene: Scene, *, best: bool, stack: ExitStack) -> Run:  # noqa: ARG001
    """Measure to the nearest target of each layer, planar metres, (n, layers)."""
    parcels = scene.frame(scene.parcels)
    shapes = [segments_of(one) if best else one for one in scene.targets.values()]
    targets = [scene.frame(one)[["geometry"]] for one in shapes]

    def away(layer: geopandas.GeoDataFrame) -> _Float:
        found = parcels.sjoin_nearest(layer, distance_col="metres")
        return found.groupby("id")["metres"].first().to_numpy()

    return lambda: np.column_stack([away(layer) for layer in targets])


def _overlaid(parcels: geopandas.GeoDataFrame, layer: geopandas.GeoDataFrame) -> _Float:
    """Make the overlay's geometries and measure them."""
    cut = geopandas.overlay(parcels, layer, how="intersection")
    return np.bincount(cut["id"], cut.area, minlength=len(parcels))


def _joined(parcels: geopandas.GeoDataFrame, layer: geopandas.GeoDataFrame) -> _Float:
    """Join, then intersect the pairs only."""
    pairs = parcels.sjoin(layer, predicate="intersects")
    shared = pairs.geometry.intersection(
        layer.geometry.iloc[pairs["index_right"]], align=False
    )
    return np.bincount(pairs["id"], shared.area, minlength=len(parcels))

"""What overlaps come to by another way than ours: shapely in degrees, geodesics.

Nothing of `gis` is used: edges are bent along geodesics by `Geod.inv_intermediate`, the
features are cut whole in degrees, and the pieces measured by `Geod`.
"""

from itertools import pairwise
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from shapely.geometry.polygon import orient

from layers.check import Check
from layers.store import LayerStore

CGCS2000: Final = Geod(a=6_378_137.0, rf=298.257_222_101)
BENT_M: Final = 50.0  # between points of an edge
PAIRS: Final = 10_000
LEAST_M2: Final = 0.01
LEAST_SHARE: Final = 1e-6
Shapes = NDArray[Any]


def compared(check: Check, store: LayerStore) -> tuple[int, float]:
    """Compare the overlaps of a check with those of the oracle.

    Args:
        check: What we found.
        store: The layers it was found in.

    Returns:
        How many overlaps, and the worst difference as a part of what is allowed: a
        millionth of the area or 0.01 m2, whichever is more.
    """
    worst, pairs = 0.0, 0
    parcels = check.parcels.geometry
    for one in check.layers:
        if one.layer.asked != "avoid" or not one.loaded:
            continue
        found = check.findings[check.findings["layer"] == one.layer.name]
        hit = found[found["overlap_m2"] > 0].iloc[:PAIRS]
        if hit.empty:
            continue
        features = store.read(one.layer.name, columns=[]).geometry.to_numpy()
        area = overlaps(parcels.loc[hit["parcel_id"]].to_numpy(), features)
        allowed = np.maximum(LEAST_SHARE * area, LEAST_M2)
        ours = hit["overlap_m2"].to_numpy()
        worst = max(worst, float((np.abs(ours - area) / allowed).max()))
        pairs += len(area)
    return pairs, worst


def overlaps(parcels: Shapes, features: Shapes) -> NDArray[np.float64]:
    """Measure how much of each parcel lies in any feature.

    Args:
        parcels: Polygons in degrees, CGCS2000, shape (n,).
        features: Polygons in degrees, CGCS2000.

    Returns:
        Square metres on the ellipsoid, shape (n,).
    """
    bent = np.array([_bent(shape) for shape in parcels])
    tree = shapely.STRtree(features)
    row, feature = tree.query(bent, predicate="intersects")
    met = {at: _bent(features[at]) for at in np.unique(feature)}
    pieces: list[list[Any]] = [[] for _ in bent]
    for at, other in zip(row, feature, strict=True):
        pieces[at].append(shapely.intersection(bent[at], met[other]))
    return np.array([_area(shapely.union_all(some)) for some in pieces])


def _bent(shape: Any) -> Any:  # noqa: ANN401 - a shape
    """Put points on the edges of a polygon, along geodesics."""
    bent = [
        shapely.Polygon(_ring(part.exterior), [_ring(one) for one in part.interiors])
        for part in shapely.get_parts(shape)
    ]
    return shapely.multipolygons(bent)


def _ring(ring: shapely.LinearRing) -> NDArray[np.float64]:
    xy = shapely.get_coordinates(ring)
    _, _, lengths = CGCS2000.inv(*xy[:-1].T, *xy[1:].T)
    points = [xy[:1]]
    for (start, end), length in zip(pairwise(xy), lengths, strict=True):
        between = int(np.ceil(length / BENT_M)) - 1
        if between > 0:
            made = CGCS2000.inv_intermediate(*start, *end, npts=between)
            points.append(np.column_stack([made.lons, made.lats]))
        points.append(end[None])
    return np.concatenate(points)


def _area(shape: Any) -> float:  # noqa: ANN401 - a shape
    """Measure the polygons of whatever an overlay gave."""
    polygons = [one for one in shapely.get_parts(shape) if one.geom_type == "Polygon"]
    return sum(CGCS2000.geometry_area_perimeter(orient(one))[0] for one in polygons)

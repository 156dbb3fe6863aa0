"""Measure how far each parcel is from the nearest feature of a layer."""

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pandas import Categorical, Index, Series
from pyproj import CRS, Proj, Transformer
from shapely import STRtree

from gis.crs import CGCS2000, Shapes, require_one_projected_crs
from gis.measure import true_length
from gis.tiles import cut_into_tiles

DISTANCE_EVIDENCE: Final = ("measured", "not_checked")
_GRID: Final = 9  # places along each side where the plane is asked for its scale
_MARGIN: Final = 1.0001  # for what lies between those places


def distance(parcels: Shapes, features: Shapes) -> Series:
    """Measure from each parcel's boundary to the nearest feature.

    The nearest pairs of points are sought in the plane and measured on the
    ellipsoid; features that the plane's stretch may put in the wrong order are all
    measured.

    Args:
        parcels: Polygons in a projected CRS in metres, shape (n,).
        features: Points, lines or polygons in the same CRS, shape (m,).

    Returns:
        Metres of the geodesic, float64, shape (n,), indexed as `parcels`; 0 where a
        feature touches or overlaps the parcel; NaN where there is no feature, or
        the parcel is missing or empty.

    Raises:
        CrsError: A CRS is missing, not projected, or they differ.
    """
    crs = require_one_projected_crs(parcels, features)
    shapes = parcels.geometry.to_numpy()
    simple = _simple(features.geometry.to_numpy())
    metres = _nearest(shapes, simple, crs)
    return Series(metres, index=parcels.index, name="distance_m")


def distance_to_coverage_edge(parcels: Shapes, coverage: Shapes) -> Series:
    """Measure how far around each parcel a layer's coverage reaches.

    Args:
        parcels: Polygons in a projected CRS in metres, shape (n,).
        coverage: The polygons that the layer was surveyed in, same CRS; edges that
            they share are no edges of the coverage.

    Returns:
        Metres of the geodesic to the coverage's edge, float64, shape (n,), indexed
        as `parcels`; 0 where the parcel touches it from inside; NaN where the
        parcel does not lie inside.

    Raises:
        CrsError: A CRS is missing, not projected, or they differ.
    """
    crs = require_one_projected_crs(parcels, coverage)
    shapes = parcels.geometry.to_numpy()
    whole = shapely.union_all(coverage.geometry.to_numpy())
    inside = STRtree(shapes).query(whole, predicate="covers")
    metres = np.full(len(shapes), np.nan)
    if inside.size:
        edge = _simple(np.array([shapely.boundary(whole)], dtype=object))
        metres[inside] = _nearest(shapes[inside], edge, crs)
    return Series(metres, index=parcels.index, name="edge_m")


def distance_evidence(found_m: Series, edge_m: Series) -> Series:
    """Say whether a distance is that of the nearest feature there is.

    Args:
        found_m: Metres to the nearest feature found, NaN where there is none,
            shape (n,).
        edge_m: Metres to the edge of the layer's coverage, NaN where the parcel is
            not inside, indexed as `found_m`.

    Returns:
        "measured" where no feature beyond the coverage can be nearer than the one
        found, else "not_checked". Categorical, shape (n,), indexed as `found_m`.
    """
    edge = edge_m.reindex(found_m.index)
    known = np.asarray(found_m <= edge, dtype=np.bool_)
    return Series(
        Categorical.from_codes((~known).astype(np.int8), Index(DISTANCE_EVIDENCE)),
        index=found_m.index,
        name="evidence",
    )


def _simple(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Break features into points, segments and small polygons, new objects all."""
    parts = shapely.get_parts(shapely.get_parts(shapely.force_2d(shapes)))
    dimension = shapely.get_dimensions(parts)
    tiles, _ = cut_into_tiles(parts[dimension == 2])  # noqa: PLR2004
    xy, line = shapely.get_coordinates(parts[dimension == 1], return_index=True)
    along = np.flatnonzero(line[1:] == line[:-1])
    segments = shapely.linestrings(np.stack([xy[along], xy[along + 1]], axis=1))
    points = parts[(dimension == 0) & ~shapely.is_empty(parts)]
    return np.concatenate([points, segments, tiles])


def _nearest(
    parcels: NDArray[np.object_], simple: NDArray[np.object_], crs: CRS
) -> NDArray[np.float64]:
    metres = np.full(len(parcels), np.nan)
    if not len(simple):
        return metres
    tree = STRtree(simple)
    (first, _), plane = tree.query_nearest(
        parcels, return_distance=True, all_matches=False
    )
    metres[first] = 0.0
    apart = first[plane > 0]
    reach = plane[plane > 0] * _stretch(parcels, simple, crs)
    pair, feature = tree.query(parcels[apart], predicate="dwithin", distance=reach)
    parcel = apart[pair]
    metres[apart] = np.inf
    lines = shapely.shortest_line(parcels[parcel], simple[feature])
    np.minimum.at(metres, parcel, true_length(lines, crs))
    return metres


def _stretch(
    parcels: NDArray[np.object_], simple: NDArray[np.object_], crs: CRS
) -> float:
    """Bound how much longer a distance may look in the plane than an equal one."""
    # An equal-area plane stretches one way what it squeezes the other, so of two
    # features the one that looks farther may be the nearer one.
    bounds = shapely.total_bounds(np.concatenate([parcels, simple]))
    x, y = np.meshgrid(*np.linspace(bounds[:2], bounds[2:], _GRID).T)
    to_lonlat = Transformer.from_crs(crs, CGCS2000, always_xy=True)
    scale = Proj(crs).get_factors(*to_lonlat.transform(x, y))
    most, least = np.max(scale.tissot_semimajor), np.min(scale.tissot_semiminor)
    return float(most / least) * _MARGIN

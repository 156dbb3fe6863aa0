"""Describe the shape of parcels: how compact, how narrow."""

import numpy as np
import shapely
from geopandas import GeoSeries
from numpy.typing import NDArray
from pandas import Series
from pyproj import CRS

from gis.crs import require_projected
from gis.measure import true_length

_CHUNK = 4_000_000  # vertex-edge pairs held in memory at once
# An equal-area plane of a whole country stretches one way by less than the other.
_STRETCH = 1.2
_Float = NDArray[np.float64]


def compactness(area_m2: Series, perimeter_m: Series) -> Series:
    """Compare areas with those of circles of the same perimeter.

    Args:
        area_m2: Areas, shape (n,).
        perimeter_m: Perimeters, indexed as `area_m2`.

    Returns:
        4 pi A / P^2, 0 to 1: 1 for a circle, pi/4 for a square; NaN where the
        perimeter is 0 or missing; float64, shape (n,), indexed as `area_m2`.

    Source:
        Polsby and Popper (1991), Yale Law & Policy Review 9.
    """
    length = perimeter_m.astype(float).where(perimeter_m > 0)
    return (4 * np.pi * area_m2 / length**2).rename("compactness")


def minimum_width(projected: GeoSeries) -> Series:
    """Measure the least width of each geometry's convex hull.

    That is the narrowest gap between two parallel lines with the geometry between
    them; one of the two always lies along an edge of the hull.

    Args:
        projected: Geometries in a projected CRS in metres, shape (n,).

    Returns:
        Metres on the ellipsoid, float64, shape (n,), indexed as `projected`; 0 for
        points and straight lines, NaN where a geometry is missing or empty.

    Raises:
        CrsError: `projected` is not in a projected CRS in metres.

    Source:
        Houle and Toussaint (1988), Computing the width of a set, IEEE PAMI 10.
    """
    crs = CRS.from_user_input(require_projected(projected).crs)
    shapes = projected.to_numpy()
    width = np.where(shapely.is_empty(shapes) | shapely.is_missing(shapes), np.nan, 0.0)
    hulls = shapely.convex_hull(shapes)
    rows = np.flatnonzero(shapely.get_type_id(hulls) == shapely.GeometryType.POLYGON)
    corners = shapely.get_num_coordinates(hulls[rows]) - 1
    for count in np.unique(corners):
        same = rows[corners == count]
        step = max(1, _CHUNK // int(count) ** 2)
        for start in range(0, len(same), step):
            some = same[start : start + step]
            xy = shapely.get_coordinates(hulls[some]).reshape(len(some), -1, 2)
            hull, lines = _across(xy[:, :-1])
            width[some] = np.inf
            np.minimum.at(width, some[hull], true_length(lines, crs))
    return Series(width, index=projected.index, name="width_min_m")


def _across(xy: _Float) -> tuple[NDArray[np.intp], NDArray[np.object_]]:
    """Draw the crossings of hulls of k corners each, shape (m, k, 2), that may count.

    Those that are narrowest in the plane but for what it may stretch one way.

    Returns:
        Which hull each crosses, and the line, shape (c,) each.
    """
    edge = np.roll(xy, -1, axis=1) - xy
    edge /= np.hypot(edge[..., 0], edge[..., 1])[..., None]
    x, y = xy[..., 0], xy[..., 1]
    # Distance of corner j from the line of edge i, shape (m, i, j).
    offset = np.abs(
        edge[..., 0][..., None] * (y[:, None, :] - y[..., None])
        - edge[..., 1][..., None] * (x[:, None, :] - x[..., None])
    )
    wide = offset.max(axis=2)
    hull, side = np.nonzero(wide <= wide.min(axis=1, keepdims=True) * _STRETCH)
    corner = xy[hull, offset[hull, side].argmax(axis=1)]
    start, along = xy[hull, side], edge[hull, side]
    foot = start + along * ((corner - start) * along).sum(axis=1, keepdims=True)
    return hull, np.asarray(shapely.linestrings(np.stack([corner, foot], axis=1)))

"""The ground that claims hold: shapes checked at the door, overlaps as areas."""

from functools import lru_cache
from math import ceil, floor
from typing import Final

import numpy as np
import shapely
from geopandas import GeoSeries
from numpy.typing import NDArray
from pyproj import CRS
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from gis.crs import CGCS2000, Box, equal_area
from gis.errors import GeometryError
from gis.measure import ellipsoidal_area

SLIVER_M2: Final = 1.0
"""Overlaps of up to this many square metres are digitising noise."""

_WIDTH, _HEIGHT = 180.0, 90.0


def require_ground(geometry: BaseGeometry) -> Polygon | MultiPolygon:
    """Let a shape pass that land can be claimed by.

    Args:
        geometry: Polygon or multipolygon in EPSG:4490, x east, y north.

    Returns:
        The shape, flat.

    Raises:
        GeometryError: It is no area, not valid, or its coordinates are no degrees.
    """
    flat = shapely.force_2d(geometry)
    if not isinstance(flat, Polygon | MultiPolygon) or flat.is_empty:
        raise GeometryError(
            "Land is claimed by an area; got {kind}.",
            kind=getattr(geometry, "geom_type", type(geometry).__name__),
        )
    xy = np.abs(shapely.get_coordinates(flat))
    if not (xy <= (_WIDTH, _HEIGHT)).all():
        raise GeometryError(
            "The claimed area must be in degrees of EPSG:4490; read ({x}, {y}).",
            x=float(shapely.get_coordinates(flat)[0, 0]),
            y=float(shapely.get_coordinates(flat)[0, 1]),
        )
    if not flat.is_valid:
        raise GeometryError(
            "The claimed area has a faulty outline ({reason}): mend it first.",
            reason=shapely.is_valid_reason(flat),
        )
    return flat


def overlaps(left: GeoSeries, right: GeoSeries) -> NDArray[np.float64]:
    """Measure how much two rows of shapes overlap, pair by pair.

    Args:
        left: Polygons in EPSG:4490, shape (n,).
        right: Polygons in EPSG:4490, shape (n,).

    Returns:
        Square metres in an equal-area plane on the CGCS2000 ellipsoid, float64,
        shape (n,).
    """
    if not len(left):
        return np.zeros(0)
    plane = _plane(
        _degrees(
            np.minimum(left.total_bounds, right.total_bounds)[:2],
            np.maximum(left.total_bounds, right.total_bounds)[2:],
        )
    )
    ours, theirs = left.to_crs(plane).to_numpy(), right.to_crs(plane).to_numpy()
    area: NDArray[np.float64] = shapely.area(shapely.intersection(ours, theirs))
    return area


def _degrees(low: NDArray[np.float64], high: NDArray[np.float64]) -> Box:
    """Widen a box to whole degrees, so that few planes serve all claims."""
    west, south = (floor(edge) for edge in low)
    east, north = (ceil(edge) for edge in high)
    return west, south, max(east, west + 1), max(north, south + 1)


@lru_cache(maxsize=64)
def _plane(box: Box) -> CRS:
    return equal_area(box)


def beside(geometry: BaseGeometry, taken: BaseGeometry) -> MultiPolygon | None:
    """Return what is left of a piece of ground when another is taken out of it.

    Args:
        geometry: Polygon in EPSG:4490.
        taken: Polygon in EPSG:4490.

    Returns:
        The rest, without slivers; None where nothing else is left.
    """
    parts = shapely.get_parts(shapely.difference(geometry, taken))
    left = [
        one for one in parts if isinstance(one, Polygon) and area_m2(one) > SLIVER_M2
    ]
    return MultiPolygon(left) if left else None


def area_m2(geometry: BaseGeometry) -> float:
    """Measure a piece of ground on the CGCS2000 ellipsoid.

    Args:
        geometry: Polygon in EPSG:4490.

    Returns:
        Square metres.
    """
    return float(ellipsoidal_area(GeoSeries([geometry], crs=CGCS2000)).iloc[0])

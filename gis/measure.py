"""Measure land: areas and perimeters on the ellipsoid and in planes."""

from functools import lru_cache
from itertools import pairwise

import numpy as np
import shapely
from geopandas import GeoSeries
from numpy.typing import NDArray
from pandas import Series
from pyproj import CRS, Transformer
from shapely import Polygon

from gis.crs import (
    CGCS2000,
    ELLIPSOID,
    gauss_kruger_crs,
    gauss_kruger_zone,
    require_crs,
    require_projected,
)
from gis.errors import CrsError

_POLYGONAL = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
_WITH_EDGES = (
    shapely.GeometryType.LINESTRING,
    shapely.GeometryType.MULTILINESTRING,
    *_POLYGONAL,
)
_DEGREE_M = 111_700.0  # more than a degree is anywhere


def ellipsoidal_area(geometry: GeoSeries) -> Series:
    """Measure areas on the CGCS2000 ellipsoid, edges being geodesics.

    Args:
        geometry: Polygons in any CRS, shape (n,); rings may turn either way.

    Returns:
        Square metres, float64, shape (n,), indexed as `geometry`; 0 for points and
        lines, NaN where a geometry is missing.

    Raises:
        CrsError: `geometry` has no CRS.

    Source:
        Karney (2013), J. Geodesy 87, doi:10.1007/s00190-012-0578-z.
    """
    lonlat = require_crs(geometry).to_crs(CGCS2000).to_numpy()
    rows = np.flatnonzero(np.isin(shapely.get_type_id(lonlat), _POLYGONAL))
    parts, part_row = shapely.get_parts(lonlat[rows], return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    # The first ring of a polygon is its shell, the others are holes: their way of
    # turning is not relied on, files get it wrong.
    sign = np.where(np.diff(ring_part, prepend=-1) > 0, 1.0, -1.0)
    signed = sign * _ring_areas(rings)
    area = np.where(shapely.is_missing(lonlat), np.nan, 0.0)
    area[rows] = np.bincount(part_row[ring_part], signed, minlength=len(rows))
    return Series(area, index=geometry.index, name="area_m2")


def equal_area_area(projected: GeoSeries) -> Series:
    """Measure areas in an equal-area plane.

    Args:
        projected: Polygons in an equal-area CRS in metres, shape (n,). Edges longer
            than a few kilometres should have been through `densify` before they
            were projected.

    Returns:
        Square metres on the ellipsoid, float64, shape (n,), indexed as `projected`;
        NaN where a geometry is missing.

    Raises:
        CrsError: The CRS is missing, not in metres, or not equal-area.
    """
    crs = CRS.from_user_input(require_projected(projected).crs)
    operation = crs.coordinate_operation
    if operation is None or "equal area" not in operation.method_name.lower():
        raise CrsError(
            "Areas in {crs} are not true: an equal-area CRS is needed here.",
            crs=crs.name,
        )
    return Series(projected.area.to_numpy(), index=projected.index, name="area_m2")


def plane_area(geometry: GeoSeries) -> Series:
    """Measure areas in the 3-degree Gauss-Kruger plane of each polygon's zone.

    Args:
        geometry: Polygons in any CRS, shape (n,).

    Returns:
        Square metres in the plane of the zone `plane_zone` tells, float64, shape
        (n,), indexed as `geometry`; NaN where a geometry is missing or empty. They
        exceed the ellipsoid's by up to 0.055 % at a zone's edge in Guizhou.

    Raises:
        CrsError: `geometry` has no CRS, or lies outside the zones of China.
    """
    lonlat = require_crs(geometry).to_crs(CGCS2000)
    zone = plane_zone(lonlat).to_numpy()
    area = np.full(len(lonlat), np.nan)
    for number in np.unique(zone[zone > 0]):
        rows = np.flatnonzero(zone == number)
        same = GeoSeries(lonlat.to_numpy()[rows], crs=CGCS2000)
        area[rows] = same.to_crs(gauss_kruger_crs(int(number))).area
    return Series(area, index=geometry.index, name="area_plane_m2")


def plane_zone(geometry: GeoSeries) -> Series:
    """Tell the 3-degree Gauss-Kruger zone that each polygon's centre lies in.

    Args:
        geometry: Geometries in any CRS, shape (n,).

    Returns:
        Zone numbers by the longitude of the centroid, int64, shape (n,), indexed as
        `geometry`; 0 where a geometry is missing or empty.

    Raises:
        CrsError: `geometry` has no CRS, or lies outside the zones of China.
    """
    lonlat = require_crs(geometry).to_crs(CGCS2000).to_numpy()
    there = ~(shapely.is_missing(lonlat) | shapely.is_empty(lonlat))
    zone = np.zeros(len(lonlat), dtype=np.int64)
    zone[there] = gauss_kruger_zone(shapely.get_x(shapely.centroid(lonlat[there])))
    return Series(zone, index=geometry.index, name="gk_zone")


def perimeter(geometry: GeoSeries) -> Series:
    """Measure the length of all rings on the CGCS2000 ellipsoid.

    Args:
        geometry: Polygons (holes count) or lines in any CRS, shape (n,).

    Returns:
        Metres, float64, shape (n,), indexed as `geometry`; NaN where a geometry is
        missing.

    Raises:
        CrsError: `geometry` has no CRS.
    """
    lonlat = require_crs(geometry).to_crs(CGCS2000).to_numpy()
    parts, part_row = shapely.get_parts(lonlat, return_index=True)
    areal = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    rings, ring_part = shapely.get_rings(parts[areal], return_index=True)
    lines = np.concatenate([rings, parts[~areal]])
    row = np.concatenate([part_row[areal][ring_part], part_row[~areal]])
    xy, of = shapely.get_coordinates(lines, return_index=True)
    along = of[1:] == of[:-1]
    start, end = xy[:-1][along], xy[1:][along]
    metres = ELLIPSOID.inv(start[:, 0], start[:, 1], end[:, 0], end[:, 1])[2]
    length = np.bincount(row[of[:-1][along]], metres, minlength=len(lonlat))
    length[shapely.is_missing(lonlat)] = np.nan
    return Series(length, index=geometry.index, name="perimeter_m")


def circle_around(
    lng: float, lat: float, radius_m: float, *, corners: int = 96
) -> Polygon:
    """Draw the circle around a point, true on the ellipsoid.

    Args:
        lng: Longitude in degrees, EPSG:4490.
        lat: Latitude in degrees, EPSG:4490.
        radius_m: Radius along geodesics, in metres.
        corners: Corners of the polygon; each lies on the circle.

    Returns:
        A polygon in EPSG:4490.
    """
    azimuths = np.linspace(0.0, -360.0, corners, endpoint=False)
    there = np.full(corners, radius_m)
    x, y, _ = ELLIPSOID.fwd(
        np.full(corners, lng), np.full(corners, lat), azimuths, there
    )
    return Polygon(np.column_stack([x, y]))


def densify(geometry: GeoSeries, *, max_segment_m: float) -> GeoSeries:
    """Put points on long edges, so that projecting does not move their middle.

    Args:
        geometry: Polygons or lines in any CRS, shape (n,).
        max_segment_m: Longest edge to leave, in metres.

    Returns:
        Geometries in the same CRS, shape (n,), indexed as `geometry`. In degrees
        the new points lie on the geodesic between two vertices, in a plane on the
        straight line.

    Raises:
        CrsError: `geometry` has no CRS.
        ValueError: `max_segment_m` is not above 0.
    """
    if not max_segment_m > 0:
        message = f"max_segment_m must be above 0, not {max_segment_m}"
        raise ValueError(message)
    crs = CRS.from_user_input(require_crs(geometry).crs)
    if crs.is_projected:
        return geometry.segmentize(max_segment_m)
    lonlat = geometry.to_crs(CGCS2000)
    dense = _along_geodesics(lonlat.to_numpy(), max_segment_m)
    return GeoSeries(dense, index=geometry.index, crs=CGCS2000).to_crs(crs)


def true_length(lines: NDArray[np.object_], crs: CRS) -> NDArray[np.float64]:
    """Measure lines of two points on the ellipsoid.

    Args:
        lines: Lines of two points each, in `crs`, shape (n,).
        crs: Projected CRS.

    Returns:
        Metres of the geodesic between the ends, shape (n,); exactly 0 where the
        ends are one point.
    """
    ends = shapely.get_coordinates(lines).reshape(-1, 2, 2)
    lon, lat = _to_lonlat(crs).transform(ends[..., 0], ends[..., 1])
    metres = ELLIPSOID.inv(lon[:, 0], lat[:, 0], lon[:, 1], lat[:, 1])[2]
    return np.where((ends[:, 0] == ends[:, 1]).all(axis=1), 0.0, metres)


@lru_cache(maxsize=64)
def _to_lonlat(crs: CRS) -> Transformer:
    """Make the way back from a plane; to find it takes longer than to go it."""
    return Transformer.from_crs(crs, CGCS2000, always_xy=True)


def _ring_areas(rings: NDArray[np.object_]) -> NDArray[np.float64]:
    """Measure rings in degrees, whichever way they turn, shape (r,)."""
    lon, lat = np.ascontiguousarray(shapely.get_coordinates(rings).T)
    stop = np.cumsum(shapely.get_num_coordinates(rings)).tolist()
    measured = ELLIPSOID.polygon_area_perimeter
    areas = [measured(lon[at:end], lat[at:end])[0] for at, end in pairwise([0, *stop])]
    return np.abs(np.array(areas, dtype=np.float64))


def _along_geodesics(
    shapes: NDArray[np.object_], max_segment_m: float
) -> NDArray[np.object_]:
    """Put points on long edges, shapes of one kind together."""
    dense, kinds = shapes.copy(), shapely.get_type_id(shapes)
    for kind in _WITH_EDGES:
        rows = np.flatnonzero((kinds == kind) & ~shapely.is_empty(shapes))
        if len(rows):
            _, xy, starts = shapely.to_ragged_array(shapes[rows], include_z=False)
            xy, ring = along_geodesics(xy, np.asarray(starts[0]), max_segment_m)
            outer = (np.asarray(start, dtype=np.int64) for start in starts[1:])
            dense[rows] = shapely.from_ragged_array(kind, xy, (ring, *outer))
    for row in np.flatnonzero(kinds == shapely.GeometryType.GEOMETRYCOLLECTION):
        parts = _along_geodesics(shapely.get_parts(shapes[row]), max_segment_m)
        dense[row] = shapely.GeometryCollection(list(parts))
    return dense


def along_geodesics(
    xy: NDArray[np.float64], ring: NDArray[np.int64], max_segment_m: float
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Put points on the long edges of rings or lines.

    Args:
        xy: Vertices in degrees of EPSG:4490, shape (v, 2).
        ring: Ring k is the vertices `ring[k]` to `ring[k + 1]`, shape (r + 1,).
        max_segment_m: Longest edge to leave, in metres.

    Returns:
        The vertices and new ones between them on the geodesic, and where each ring
        begins now.
    """
    step = np.abs(np.diff(xy, axis=0)).sum(axis=1)
    step[ring[1:-1][ring[1:-1] < len(xy)] - 1] = 0.0  # from ring to ring is no edge
    pieces = np.ones(len(xy), dtype=np.int64)
    long = np.flatnonzero(step * _DEGREE_M > max_segment_m)
    lon, lat = xy[long].T
    azimuth, _, metres = ELLIPSOID.inv(lon, lat, *xy[long + 1].T)
    pieces[long] = np.maximum(np.ceil(metres / max_segment_m), 1).astype(np.int64)
    place = np.concatenate([[0], np.cumsum(pieces)])
    edge = np.repeat(np.arange(len(long)), pieces[long] - 1)
    nth = np.arange(len(edge)) - np.repeat(
        np.cumsum(pieces[long] - 1) - (pieces[long] - 1), pieces[long] - 1
    )
    along = (nth + 1) * (metres / pieces[long])[edge]
    answer = np.empty((place[-1], 2))
    # Vertices stay to the last bit, so that neighbours still share them.
    answer[place[:-1]] = xy
    at = place[long][edge] + nth + 1
    new_lon, new_lat, _ = ELLIPSOID.fwd(lon[edge], lat[edge], azimuth[edge], along)
    answer[at] = np.column_stack([new_lon, new_lat])
    return answer, place[ring]

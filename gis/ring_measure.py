"""Measure polygons given as bare coordinates in degrees: the large-data path.

What `gis.measure` and `gis.shape` tell of shapes, told of rings. Polygons that reach
farther than 0.1 degree from their first vertex are left to the library's geodesics;
which way a polygon goes depends on it alone.
"""

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from gis.crs import CGCS2000, ELLIPSOID, gauss_kruger_crs, gauss_kruger_zone
from gis.isometric import albers_constants, frozen, frozen_rings
from gis.measure import true_length
from gis.rings import Rings

_FAR_M: Final = 5_000.0  # longer crossings are no straight lines any more
_Float = NDArray[np.float64]
_Int = NDArray[np.int64]


def ring_areas(lonlat: Rings) -> _Float:
    """Measure areas on the CGCS2000 ellipsoid, edges being geodesics.

    Args:
        lonlat: Polygons in degrees of EPSG:4490, shape (n,).

    Returns:
        Square metres, shape (n,), as `gis.measure.ellipsoidal_area` to 1e-8 or
        0.001 m2; NaN without rings.

    Source:
        See `gis.ring_loops`.
    """
    return ring_areas_perimeters(lonlat)[0]


def ring_perimeters(lonlat: Rings) -> _Float:
    """Measure the length of all rings on the CGCS2000 ellipsoid.

    Args:
        lonlat: Polygons in degrees of EPSG:4490, shape (n,).

    Returns:
        Metres, shape (n,), as `gis.measure.perimeter` to 1e-8, to 1e-10 where edges
        are below 1 km; NaN without rings.
    """
    return ring_areas_perimeters(lonlat)[1]


def ring_areas_perimeters(lonlat: Rings) -> tuple[_Float, _Float]:
    """Measure areas and perimeters in one pass.

    Args:
        lonlat: Polygons in degrees of EPSG:4490, shape (n,).

    Returns:
        What `ring_areas` and `ring_perimeters` tell, shape (n,) each.
    """
    # Not above: small data never waits for the compiler.
    from gis.ring_loops import edge_sums  # noqa: PLC0415

    sums = edge_sums(*frozen_rings(lonlat))
    for row in _far(lonlat):
        sums[row] = 0.0
        for at in range(lonlat.shape[row], lonlat.shape[row + 1]):
            ring = slice(lonlat.ring[at], lonlat.ring[at + 1])
            sums[row] += ELLIPSOID.polygon_area_perimeter(
                lonlat.x[ring], lonlat.y[ring]
            )
    return np.abs(sums[:, 0]), sums[:, 1].copy()


def ring_flat_areas(plane: Rings) -> _Float:
    """Measure areas in the plane of the coordinates: `Rings.area`, compiled.

    Args:
        plane: Polygons, shape (n,).

    Returns:
        Square units of the plane, 0 without rings, shape (n,).
    """
    # Not above: small data never waits for the compiler.
    from gis.ring_loops import flat_areas  # noqa: PLC0415

    return flat_areas(*frozen_rings(plane))


def ring_bounds(plane: Rings) -> _Float:
    """Measure boxes: `Rings.bounds`, compiled.

    Args:
        plane: Polygons of finite coordinates, shape (n,).

    Returns:
        West, south, east, north; NaN without rings; shape (n, 4).
    """
    # Not above: small data never waits for the compiler.
    from gis.ring_loops import boxes  # noqa: PLC0415

    return boxes(frozen(plane.x), frozen(plane.y), frozen(plane.vertex))


def ring_plane_areas(lonlat: Rings) -> tuple[_Float, _Int]:
    """Measure areas in the 3-degree Gauss-Kruger plane of each polygon's zone.

    Args:
        lonlat: Polygons in degrees of EPSG:4490, shape (n,).

    Returns:
        Square metres, shape (n,), as `gis.measure.plane_area` to 1e-9 or 0.001 m2,
        NaN without rings; and zones as `gis.measure.plane_zone`, 0 without rings.

    Raises:
        CrsError: A polygon lies outside the zones of China.
    """
    # Not above: small data never waits for the compiler.
    from gis.ring_loops import centre_longitudes, plane_sums  # noqa: PLC0415

    rings = frozen_rings(lonlat)
    middle = centre_longitudes(*rings)
    there = ~np.isnan(middle)
    zone = np.zeros(len(lonlat), dtype=np.int64)
    zone[there] = gauss_kruger_zone(middle[there])
    area = plane_sums(*rings, frozen(np.multiply(3.0, zone, dtype=np.float64)))
    far = _far(lonlat)
    for number in np.unique(zone[far]):
        crs = gauss_kruger_crs(int(number))
        to_plane = Transformer.from_crs(CGCS2000, crs, always_xy=True)
        for row in far[zone[far] == number]:
            one = lonlat.part(int(row), int(row) + 1)
            area[row] = abs(one.at(*to_plane.transform(one.x, one.y)).area()[0])
    return area, zone


def ring_points(lonlat: Rings) -> tuple[_Float, _Float]:
    """Find a point on each polygon.

    Args:
        lonlat: Polygons, shape (n,), in degrees or any plane.

    Returns:
        Its coordinates, shape (n,) each, by the steps of GEOS's representative point:
        the same to the last bit where the file's rings turn as ours do (shells
        counter-clockwise), else to rounding; a first vertex where a polygon has no
        area; NaN without rings.
    """
    from gis.ring_shape_loops import inner_points  # noqa: PLC0415

    point = inner_points(*frozen_rings(lonlat))
    return point[:, 0].copy(), point[:, 1].copy()


def ring_widths(plane: Rings, crs: CRS) -> _Float:
    """Measure the least width of each polygon's convex hull.

    Args:
        plane: Polygons in `crs`, shape (n,).
        crs: A projected CRS in metres; Albers on the CGCS2000 ellipsoid is fast.

    Returns:
        Metres on the ellipsoid, shape (n,), as `gis.shape.minimum_width` to 1e-7;
        0 where all corners lie on a line, NaN without rings.
    """
    from gis.ring_shape_loops import albers_lengths, crossings  # noqa: PLC0415

    constants = albers_constants(crs.to_wkt())
    told = np.zeros(0) if constants is None else constants
    pair = crossings(
        frozen(plane.x), frozen(plane.y), frozen(plane.vertex), frozen(told)
    )
    if constants is None:
        width = np.full(len(plane), np.nan)
        rest = np.flatnonzero(~np.isnan(pair[:, 0]))
    else:
        width = albers_lengths(frozen(pair), constants)
        rest = np.flatnonzero(width > _FAR_M)
    if len(rest):
        lines = np.asarray(shapely.linestrings(pair[rest].reshape(-1, 2, 2)))
        width[rest] = true_length(lines, crs)
    return width


def _far(lonlat: Rings) -> _Int:
    """Number the polygons that the short series do not serve."""
    from gis.ring_loops import REACH, reaches  # noqa: PLC0415

    x, y = frozen(lonlat.x), frozen(lonlat.y)
    return np.flatnonzero(reaches(x, y, frozen(lonlat.vertex)) > REACH)

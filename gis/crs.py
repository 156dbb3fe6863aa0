"""Say what ground coordinates stand on: CGCS2000, its planes, checks at the door."""

from typing import Final, TypeVar

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries
from numpy.typing import ArrayLike, NDArray
from pandas import Index
from pyproj import CRS, Geod
from pyproj.crs import GeographicCRS, ProjectedCRS
from pyproj.crs.coordinate_operation import (
    AlbersEqualAreaConversion,
    LambertConformalConic2SPConversion,
)

from gis.errors import CrsError

CGCS2000: Final = "EPSG:4490"
# GB 22021-2008 and https://epsg.org/ellipsoid_1024: the axes of CGCS2000.
ELLIPSOID: Final = Geod(a=6378137.0, rf=298.257222101)

Box = tuple[float, float, float, float]
Shapes = GeoSeries | GeoDataFrame
_Shapes = TypeVar("_Shapes", bound=Shapes)

_FIRST_ZONE, _LAST_ZONE = 25, 45  # central meridians 75 E to 135 E
_FIRST_PREFIXED, _FIRST_PLAIN = 4513, 4534  # EPSG of zone 25
_SHOWN_ROWS = 5
_EARTH: Final = (-180.0, -90.0, 180.0, 90.0)


def require_crs(frame: _Shapes) -> _Shapes:
    """Let a frame pass that says which CRS its coordinates are in.

    Args:
        frame: Geometries.

    Returns:
        The same frame.

    Raises:
        CrsError: The frame has no CRS.
    """
    if frame.crs is None:
        raise CrsError(
            "The geometries have no CRS: say which one they are in, "
            "it is never guessed."
        )
    return frame


def require_projected(frame: _Shapes) -> _Shapes:
    """Let a frame pass whose coordinates are metres in a plane.

    Args:
        frame: Geometries.

    Returns:
        The same frame.

    Raises:
        CrsError: The frame has no CRS, or one that is not a plane in metres.
    """
    crs = _crs_of(require_crs(frame))
    if not crs.is_projected or crs.axis_info[0].unit_name != "metre":
        raise CrsError(
            "A projected CRS in metres is needed here, and {crs} is none: "
            "project the geometries first.",
            crs=crs.name,
        )
    return frame


def require_one_projected_crs(left: Shapes, right: Shapes) -> CRS:
    """Let two frames meet that are in one plane.

    Args:
        left: Geometries.
        right: Geometries.

    Returns:
        The CRS of both, projected, in metres.

    Raises:
        CrsError: A frame has no CRS, or no projected one, or they differ.
    """
    ours, theirs = _crs_of(require_projected(left)), _crs_of(require_projected(right))
    if ours != theirs:
        raise CrsError(
            "The geometries are in two CRSs, {left} and {right}: "
            "project them to one first.",
            left=ours.name,
            right=theirs.name,
        )
    return ours


def require_inside(frame: _Shapes, box: Box) -> _Shapes:
    """Let a frame pass whose coordinates can be what its CRS says they are.

    Args:
        frame: Geometries in any CRS; missing and empty ones are not looked at.
        box: West, south, east, north, in degrees of EPSG:4490.

    Returns:
        The same frame.

    Raises:
        CrsError: The frame has no CRS, or coordinates that are no numbers, that
            are too large for degrees, that cannot be turned into degrees, or that
            lie outside the box. The sentence names the rows and what was read.
    """
    shapes = require_crs(frame).geometry
    xy, row = shapely.get_coordinates(shapes.to_numpy(), return_index=True)
    crs, index = _crs_of(shapes), shapes.index
    _refuse(
        "Rows {rows} have coordinates that are no numbers ({x}, {y}): repair the file.",
        _no_number(xy),
        (xy, row, index),
    )
    if crs.is_geographic:
        _refuse(
            "Rows {rows} read ({x}, {y}), which cannot be degrees although the CRS "
            "says {crs}: they look like metres, declare their projected CRS.",
            _outside(xy, _EARTH),
            (xy, row, index),
            crs=crs.name,
        )
    lonlat = _degrees(shapes, xy)
    _refuse(
        "Rows {rows} read ({x}, {y}), which no place on earth has in {crs}: "
        "declare the right CRS.",
        _no_number(lonlat),
        (xy, row, index),
        crs=crs.name,
    )
    _refuse(
        "Rows {rows} lie outside the region: read ({x}, {y}) in {crs}, outside "
        "{box} (west, south, east, north). Check the CRS and the order of the axes.",
        _outside(lonlat, box),
        (xy, row, index),
        crs=crs.name,
        box=", ".join(f"{edge:g}" for edge in box),
    )
    return frame


def equal_area(box: Box) -> CRS:
    """Make the equal-area plane of a region: Albers on the CGCS2000 ellipsoid.

    The standard parallels stand a sixth of the height inside the box (to 0.1
    degree), the central meridian in its middle (to 0.5 degree); for Guizhou that
    is 25.4 N, 28.4 N and 106.5 E.

    Args:
        box: West, south, east, north, in degrees.

    Returns:
        A projected CRS in metres, x east, y north. Planar areas in it are areas
        on the ellipsoid.

    Raises:
        CrsError: The box is empty, no range of degrees, or astride the equator.

    Source:
        Snyder (1987), Map Projections: A Working Manual, USGS PP 1395, p. 98-103.
    """
    west, south, east, north = box
    on_earth = not _outside(np.reshape(box, (2, 2)), _EARTH).any()
    if not (on_earth and west < east and south < north) or south < 0 < north:
        raise CrsError(
            "The box {box} is no region for an equal-area plane: give west, south, "
            "east, north in degrees, on one side of the equator.",
            box=", ".join(f"{edge:g}" for edge in box),
        )
    inset = (north - south) / 6
    lower, upper = round(south + inset, 1), round(north - inset, 1)
    middle = round(west + east) / 2
    return ProjectedCRS(
        name=f"CGCS2000 / Albers {lower:g} {upper:g} {middle:g}",
        conversion=AlbersEqualAreaConversion(
            latitude_first_parallel=lower,
            latitude_second_parallel=upper,
            latitude_false_origin=lower,
            longitude_false_origin=middle,
        ),
        geodetic_crs=GeographicCRS.from_user_input(CGCS2000),
    )


def conformal(box: Box) -> CRS:
    """Make a conformal plane of a region: Lambert on the CGCS2000 ellipsoid.

    Args:
        box: West, south, east, north, in degrees; a point will do.

    Returns:
        A projected CRS in metres, x east, y north, whose scale is the same in every
        direction at a place, and changes with the latitude.

    Source:
        Snyder (1987), Map Projections: A Working Manual, USGS PP 1395, p. 104-110.
    """
    west, south, east, north = box
    inset = (north - south) / 6
    middle = (south + north) / 2
    return ProjectedCRS(
        name="CGCS2000 / Lambert conformal",
        conversion=LambertConformalConic2SPConversion(
            latitude_first_parallel=south + inset,
            latitude_second_parallel=north - inset,
            latitude_false_origin=middle,
            longitude_false_origin=(west + east) / 2,
        ),
        geodetic_crs=GeographicCRS.from_user_input(CGCS2000),
    )


def gauss_kruger_zone(lon: ArrayLike) -> NDArray[np.int64]:
    """Tell the 3-degree Gauss-Kruger zone of longitudes.

    Args:
        lon: Degrees east; a meridian on a seam belongs to the zone east of it.

    Returns:
        Zone numbers, int64, shaped as `lon`: 35 from 103.5 E, 36 from 106.5 E.

    Raises:
        CrsError: A longitude is missing or outside the zones 25 to 45 of China.

    Source:
        GB/T 17278-2009: zone n has its central meridian at 3n degrees.
    """
    degrees = np.asarray(lon, dtype=np.float64)
    zone = np.floor((degrees + 1.5) / 3.0)
    wrong = ~((zone >= _FIRST_ZONE) & (zone <= _LAST_ZONE))
    if wrong.any():
        raise CrsError(
            "The longitude {lon} is in none of the 3-degree zones 25 to 45 "
            "(73.5 E to 136.5 E).",
            lon=float(degrees[wrong].flat[0]),
        )
    return zone.astype(np.int64)


def gauss_kruger_crs(zone: int, *, prefixed: bool = False) -> str:
    """Name the EPSG code of a 3-degree Gauss-Kruger zone of CGCS2000.

    Args:
        zone: 25 to 45.
        prefixed: Whether eastings carry the zone number (8 digits).

    Returns:
        "EPSG:4545" for zone 36, "EPSG:4524" for the same zone prefixed.

    Raises:
        CrsError: There is no such zone.
    """
    if not _FIRST_ZONE <= zone <= _LAST_ZONE:
        raise CrsError(
            "There is no 3-degree zone {zone}: CGCS2000 has 25 to 45.", zone=zone
        )
    first = _FIRST_PREFIXED if prefixed else _FIRST_PLAIN
    return f"EPSG:{first + zone - _FIRST_ZONE}"


def zone_of_code(crs: str) -> int:
    """Tell the 3-degree Gauss-Kruger zone of CGCS2000 that a code stands for.

    Args:
        crs: Any CRS by its text.

    Returns:
        36 for "EPSG:4545" and "EPSG:4524"; 0 for whatever is no such zone.
    """
    zones = range(_FIRST_ZONE, _LAST_ZONE + 1)
    for zone in zones:
        if crs in {gauss_kruger_crs(zone), gauss_kruger_crs(zone, prefixed=True)}:
            return zone
    return 0


def _crs_of(frame: Shapes) -> CRS:
    return CRS.from_user_input(frame.crs)


def _degrees(shapes: GeoSeries, xy: NDArray[np.float64]) -> NDArray[np.float64]:
    points = GeoSeries.from_xy(xy[:, 0], xy[:, 1], crs=shapes.crs)
    return shapely.get_coordinates(points.to_crs(CGCS2000).to_numpy())


def _outside(lonlat: NDArray[np.float64], box: Box) -> NDArray[np.bool_]:
    low, high = np.asarray(box[:2]), np.asarray(box[2:])
    return np.asarray(((lonlat < low) | (lonlat > high)).any(axis=1))


def _no_number(xy: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.asarray(~np.isfinite(xy).all(axis=1))


def _refuse(
    msgid: str,
    wrong: NDArray[np.bool_],
    read: tuple[NDArray[np.float64], NDArray[np.int64], Index],
    crs: str = "",
    box: str = "",
) -> None:
    if not wrong.any():
        return
    xy, row, index = read
    first = int(np.flatnonzero(wrong)[0])
    rows = [str(index[at]) for at in np.unique(row[wrong])]
    more = f" (+{len(rows) - _SHOWN_ROWS})" if len(rows) > _SHOWN_ROWS else ""
    raise CrsError(
        msgid,
        rows=", ".join(rows[:_SHOWN_ROWS]) + more,
        x=float(xy[first, 0]),
        y=float(xy[first, 1]),
        crs=crs,
        box=box,
    )

"""Read what somebody drew on the map, or brought from a file."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from gis.errors import GeometryError, OversizeError, RequestError
from gis.measure import circle_around

MOST_VERTICES: Final = 20_000
MOST_RADIUS_M: Final = 300_000.0
CIRCLE_CORNERS: Final = 1_440  # 3 millionths less than the circle's area
KINDS: Final = {"LineString", "Polygon", "MultiPolygon"}
# What reading GeoJSON that is none may raise.
UNREADABLE: Final = (
    AttributeError,
    ShapelyError,
    LookupError,
    TypeError,
    ValueError,
    OverflowError,
)


def read_drawn(given: object) -> BaseGeometry:
    """Read a geometry that somebody drew.

    Args:
        given: GeoJSON geometry in degrees, EPSG:4490: a line, a polygon, several
            polygons, or a point with `radius_m`.

    Returns:
        A line, a polygon or several, of two dimensions, EPSG:4490; a circle on the
        ellipsoid as a polygon. Rings may cross themselves.

    Raises:
        GeometryError: The radius is none, or far too large.
        OversizeError: It has too many vertices.
        RequestError: It is no such geometry, or not in degrees.
    """
    if not isinstance(given, Mapping):
        raise RequestError("The shape cannot be read.")
    if given.get("type") == "Point":
        return _circle(given)
    try:
        drawn: BaseGeometry = shapely.force_2d(shape(dict(given)))
    except UNREADABLE as error:
        raise RequestError("The shape cannot be read.") from error
    xy = shapely.get_coordinates(drawn)
    if drawn.geom_type not in KINDS or not len(xy):
        raise RequestError("The shape is no line, no polygon and no circle.")
    if len(xy) > MOST_VERTICES:
        raise OversizeError(
            "The shape has {vertices} vertices; at most {most}.",
            vertices=len(xy),
            most=MOST_VERTICES,
        )
    _in_degrees(xy)
    return drawn


def _circle(given: Mapping[str, Any]) -> BaseGeometry:
    try:
        lng, lat = (float(part) for part in given["coordinates"][:2])
        radius_m = float(given["radius_m"])
    except UNREADABLE as error:
        raise RequestError("The shape cannot be read.") from error
    _in_degrees(np.array([[lng, lat]]))
    if not 0 < radius_m <= MOST_RADIUS_M:
        raise GeometryError(
            "The radius is {radius} m; at most {most} m.",
            radius=radius_m,
            most=round(MOST_RADIUS_M),
        )
    return circle_around(lng, lat, radius_m, corners=CIRCLE_CORNERS)


def _in_degrees(xy: NDArray[np.float64]) -> None:
    if not (np.abs(xy) <= [180.0, 90.0]).all():
        raise RequestError(
            "The shape is not in degrees: its numbers reach {most}. Have it turned"
            " into CGCS2000 degrees (EPSG:4490) first.",
            most=round(float(np.nan_to_num(np.abs(xy)).max())),
        )

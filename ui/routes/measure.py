"""`/measure` and `/coordinates`: exact figures of what is drawn, on the ellipsoid."""

from typing import Any, Final

import shapely
from geopandas import GeoSeries
from shapely import GEOSException, LineString
from shapely.geometry import shape
from starlette.exceptions import HTTPException

from gis.crs import CGCS2000, gauss_kruger_crs, gauss_kruger_zone
from gis.errors import GeometryError
from gis.measure import ellipsoidal_area, perimeter, plane_area
from gis.units import M2_PER_MU
from ui import search_area
from ui.figures import metres
from ui.i18n import t
from ui.routes.desk import Asked

MOST_VERTICES: Final = 20_000
M2_PER_HA: Final = 10_000.0
KM: Final = 1_000


def measure(asked: Asked) -> dict[str, Any]:
    """Measure a line or an area that was drawn.

    Args:
        asked: Posted GeoJSON in degrees, EPSG:4490: a line, a polygon, or a point
            with `radius_m`.

    Returns:
        Figures, and the lines of `text` that tell them.

    Raises:
        GeometryError: It is neither.
    """
    if asked.body.get("type") == "LineString":
        return _line(asked.body)
    area = search_area.read_area(asked.body)
    drawn = GeoSeries([area.geometry], crs=CGCS2000)
    area_m2 = float(ellipsoidal_area(drawn).iloc[0])
    plane_m2 = float(plane_area(drawn).iloc[0])
    around_m = float(perimeter(drawn).iloc[0])
    zone = int(gauss_kruger_zone(drawn.geometry.iloc[0].centroid.x))
    return {
        "area_m2": area_m2,
        "area_plane_m2": plane_m2,
        "perimeter_m": around_m,
        "text": [
            t(
                "{mu} mu · {ha} ha · {m2} m2",
                mu=f"{area_m2 / M2_PER_MU:,.2f}",
                ha=f"{area_m2 / M2_PER_HA:,.4f}",
                m2=f"{area_m2:,.2f}",
            ),
            t("Perimeter {length}", length=_length(around_m)),
            t(
                "In the plane of 3-degree zone {zone}: {m2} m2",
                zone=zone,
                m2=f"{plane_m2:,.2f}",
            ),
        ],
    }


def coordinates(asked: Asked) -> dict[str, Any]:
    """Tell a place in metres of its 3-degree zone.

    Args:
        asked: `lng` and `lat` of the query, in degrees, EPSG:4490.

    Returns:
        Zone, easting with the zone's number before it, northing, and `text`.

    Raises:
        HTTPException: They are no degrees, or beyond the zones of China.
    """
    lng, lat = asked.number("lng"), asked.number("lat")
    if not (72 <= lng <= 138 and 0 <= lat <= 60):  # noqa: PLR2004 - where the zones lie
        raise HTTPException(400, "lng, lat")
    zone = int(gauss_kruger_zone(lng))
    point = GeoSeries.from_xy([lng], [lat], crs=CGCS2000).to_crs(gauss_kruger_crs(zone))
    east, north = float(point.x.iloc[0]), float(point.y.iloc[0])
    return {
        "zone": zone,
        "east_m": east,
        "north_m": north,
        "text": t(
            "3-degree zone {zone}: X {north} Y {east}",
            zone=zone,
            north=f"{north:.2f}",
            east=f"{east:.2f}",
        ),
    }


def _line(given: dict[str, Any]) -> dict[str, Any]:
    try:
        drawn = shape(given)
    except (KeyError, TypeError, ValueError, GEOSException) as error:
        raise GeometryError("What was drawn is no line.") from error
    vertices = int(shapely.get_num_coordinates(drawn))
    if not isinstance(drawn, LineString) or not 1 < vertices <= MOST_VERTICES:
        raise GeometryError("What was drawn is no line.")
    flat = shapely.force_2d(drawn)
    length_m = float(perimeter(GeoSeries([flat], crs=CGCS2000)).iloc[0])
    return {"length_m": length_m, "text": [_length(length_m)]}


def _length(length_m: float) -> str:
    """Write a length in metres, and as people say it."""
    exact = f"{length_m:,.2f} m"
    return f"{exact} · {metres(length_m)}" if length_m >= KM else exact

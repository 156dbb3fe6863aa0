"""What somebody drew on the map, measured and told: lengths, areas, coordinates."""

from collections.abc import Mapping
from typing import Any, Final

import shapely
from geopandas import GeoSeries

from gis.coordinates import dms, plane_point
from gis.crs import CGCS2000
from gis.errors import CrsError, GeometryError, RequestError
from gis.measure import (
    ellipsoidal_area,
    perimeter,
    plane_area,
    plane_zone,
)
from gis.units import M2_IN, shown
from ui.drawn import read_drawn
from ui.figures import area_mu, gap_text
from ui.i18n import t

KILOMETRE_M: Final = 1_000


def measures_of(given: object) -> dict[str, Any]:
    """Measure what was drawn.

    Args:
        given: GeoJSON geometry in degrees, EPSG:4490: a line, a polygon, or a point
            with `radius_m`.

    Returns:
        `length_m` of a line, on geodesics. Of a polygon or circle `perimeter_m` and
        `area_m2` on the CGCS2000 ellipsoid, `area_mu`, `area_ha`, and `plane`: its
        area in the 3-degree plane of the zone its centre lies in, that zone and its
        central meridian, None outside the zones of China. And `text`, all in lines.

    Raises:
        GeometryError: It cannot be measured.
        OversizeError: It has too many vertices.
        RequestError: It is no such geometry.
    """
    drawn = read_drawn(given)
    shapes = GeoSeries([drawn], crs=CGCS2000)
    if drawn.geom_type == "LineString":
        length_m = float(perimeter(shapes).iloc[0])
        text = [t("Length {length}", length=length_text(length_m))]
        return {"kind": "line", "length_m": length_m, "text": text}
    if not shapely.is_valid(drawn):
        raise GeometryError(
            "The outline crosses itself and has no area: mend it and try again."
        )
    area_m2 = float(ellipsoidal_area(shapes).iloc[0])
    around_m = float(perimeter(shapes).iloc[0])
    plane = _plane(shapes)
    lines = [
        t(
            "{mu} mu · {ha} ha · {m2} m2",
            mu=area_mu(area_m2),
            ha=f"{area_m2 / M2_IN['ha']:,.4f}",
            m2=f"{area_m2:,.2f}",
        ),
        t("Perimeter {length}", length=length_text(around_m)),
    ]
    if plane is not None:
        lines.append(_plane_text(plane, area_m2))
    return {
        "kind": "area",
        "area_m2": area_m2,
        "area_mu": shown(area_m2, "mu"),
        "area_ha": shown(area_m2, "ha"),
        "perimeter_m": around_m,
        "plane": plane,
        "text": lines,
    }


def coordinates_of(lng: float, lat: float) -> dict[str, Any]:
    """Tell where a point is.

    Args:
        lng: Longitude in degrees, EPSG:4490.
        lat: Latitude in degrees, EPSG:4490.

    Returns:
        `lng` and `lat`; `dms`, both in degrees, minutes and seconds; `plane`: zone,
        central meridian, X (north) and Y (east, with the zone's number) in metres,
        None outside the zones of China; `text`: the plane in a line.

    Raises:
        RequestError: It is no place on earth.
    """
    if not (abs(lng) <= 180 and abs(lat) <= 90):  # noqa: PLR2004 - the globe
        raise RequestError("({lng}, {lat}) is no place on earth.", lng=lng, lat=lat)
    east, north = ("W" if lng < 0 else "E"), ("S" if lat < 0 else "N")
    told = {
        "lng": lng,
        "lat": lat,
        "dms": [f"{dms(lng)}{east}", f"{dms(lat)}{north}"],
        "datum": "CGCS2000",
    }
    try:
        point = plane_point(lng, lat)
    except CrsError:
        outside = t("Outside the 3-degree zones of China")
        return {**told, "plane": None, "text": outside}
    plane = {
        "zone": point.zone,
        "central_meridian": point.meridian,
        "x_m": point.north_m,
        "y_m": point.east_with_zone_m,
    }
    text = t(
        "zone {zone} · X {north} · Y {east}",
        zone=point.zone,
        north=f"{point.north_m:.2f}",
        east=f"{point.east_with_zone_m:.2f}",
    )
    return {**told, "plane": plane, "text": text}


def length_text(length_m: float) -> str:
    """Write a length to the centimetre; from a kilometre on to the metre."""
    if length_m < KILOMETRE_M:
        return t("{metres} m", metres=f"{length_m:,.2f}")
    return t("{kilometres} km", kilometres=f"{length_m / KILOMETRE_M:,.3f}")


def _plane(shapes: GeoSeries) -> dict[str, Any] | None:
    """Measure in the plane of the zone; None outside the zones."""
    try:
        zone = int(plane_zone(shapes).iloc[0])
        area_m2 = float(plane_area(shapes).iloc[0])
    except CrsError:
        return None
    return {"area_m2": area_m2, "zone": zone, "central_meridian": 3 * zone}


def _plane_text(plane: Mapping[str, Any], area_m2: float) -> str:
    there = t(
        "3-degree plane: {m2} m2, zone {zone}, central meridian {meridian}° E",
        m2=f"{plane['area_m2']:,.2f}",
        zone=plane["zone"],
        meridian=plane["central_meridian"],
    )
    if not area_m2:
        return there
    gap = gap_text(plane["area_m2"] / area_m2 - 1, digits=3)
    return f"{there} ({gap})"

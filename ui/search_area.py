"""Where a search is held to: a drawn or uploaded area, and what the map shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from geopandas import GeoSeries
from shapely.geometry.base import BaseGeometry

from gis.crs import CGCS2000, Box
from gis.errors import GeometryError, LandMapError
from gis.measure import ellipsoidal_area
from ui.drawn import read_drawn
from ui.i18n import tell
from ui.state import Slot


@dataclass(frozen=True)
class SearchArea:
    """An area that a search is held to.

    Attributes:
        wkb: The area, valid polygons in EPSG:4490.
    """

    wkb: bytes

    @property
    def geometry(self) -> BaseGeometry:
        """The area, EPSG:4490."""
        return shapely.from_wkb(self.wkb)

    @property
    def geojson(self) -> dict[str, Any]:
        """The area as GeoJSON for the map."""
        return dict(shapely.geometry.mapping(self.geometry))


AREA: Slot[SearchArea | None] = Slot("search_area", lambda: None)
IN_VIEW: Slot[Box | None] = Slot("in_view", lambda: None)
REFUSED: Slot[str] = Slot("search_area_refused", lambda: "")


def take(asked: Mapping[str, Any]) -> None:
    """Take what the map asks for: a search area, or the candidates in view.

    Args:
        asked: `{"kind": "area", "area": GeoJSON or None}` or
            `{"kind": "view", "box": [west, south, east, north]}`.
    """
    REFUSED.set("")
    try:
        if asked.get("kind") == "area":
            IN_VIEW.set(None)
            given = asked.get("area")
            AREA.set(None if given is None else read_area(given))
        elif asked.get("kind") == "view":
            IN_VIEW.set(read_box(asked.get("box")))
    except LandMapError as error:
        REFUSED.set(tell(error))


def read_area(given: object) -> SearchArea:
    """Read an area that a reader drew.

    Args:
        given: As `ui.drawn.read_drawn` reads it.

    Returns:
        The area, mended where its rings cross themselves.

    Raises:
        GeometryError: It is no area.
        LandMapError: It cannot be read.
    """
    return area_of(read_drawn(given))


def area_of(drawn: BaseGeometry) -> SearchArea:
    """Make an area of a geometry.

    Args:
        drawn: Polygons in degrees, EPSG:4490, of two dimensions.

    Returns:
        The area, valid.

    Raises:
        GeometryError: It holds no polygon.
    """
    mended = shapely.make_valid(drawn)
    parts = [
        part
        for part in shapely.get_parts(shapely.get_parts([mended]))
        if part.geom_type == "Polygon"
    ]
    area = shapely.union_all(parts)
    if area.is_empty or not shapely.is_valid(area):
        raise GeometryError("The search area is no polygon.")
    return SearchArea(shapely.to_wkb(area))


def read_box(given: object) -> Box:
    """Read the box of a view.

    Args:
        given: West, south, east, north in degrees.

    Returns:
        The box.

    Raises:
        GeometryError: It is no box.
    """
    try:
        west, south, east, north = (float(edge) for edge in given)  # type: ignore[attr-defined]
    except (TypeError, ValueError) as error:
        raise GeometryError("The view is no box.") from error
    return west, south, east, north


def area_m2(area: SearchArea) -> float:
    """Return the area on the ellipsoid, in square metres."""
    return float(ellipsoidal_area(GeoSeries([area.geometry], crs=CGCS2000)).iloc[0])

"""From a click on the map to a parcel."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from gis.box_index import BoxIndex

NEAR_DEG = 1e-9


def parcel_at(lng: float, lat: float, frame: GeoDataFrame) -> str | None:
    """Return the parcel under a point.

    Args:
        lng: Longitude in degrees, EPSG:4490.
        lat: Latitude in degrees, EPSG:4490.
        frame: Parcels in EPSG:4490, indexed by `parcel_id`.

    Returns:
        The id; the smallest parcel where several overlap; None beside all of them.
    """
    hit = smallest_at(lng, lat, frame.geometry.to_numpy())
    return None if hit is None else str(frame.index[hit])


def smallest_at(lng: float, lat: float, shapes: NDArray[np.object_]) -> int | None:
    """Return the place of the smallest shape under a point, its border included.

    Args:
        lng: Longitude in degrees, EPSG:4490.
        lat: Latitude in degrees, EPSG:4490.
        shapes: Polygons in EPSG:4490, shape (n,).

    Returns:
        Its place among the shapes; None beside all of them.
    """
    hit = np.flatnonzero(shapely.intersects_xy(shapes, lng, lat))
    return int(hit[np.argmin(shapely.area(shapes[hit]))]) if hit.size else None


def boxes_at(lng: float, lat: float, boxes: BoxIndex) -> list[str]:
    """Return the parcels whose box holds a point: the only ones to read from the store.

    Args:
        lng: Longitude in degrees, EPSG:4490.
        lat: Latitude in degrees, EPSG:4490.
        boxes: Bounds of the parcels in degrees, EPSG:4490, by `parcel_id`.

    Returns:
        Their ids.
    """
    return parcels_around((lng, lat, lng, lat), boxes)


def parcels_around(
    box: tuple[float, float, float, float], boxes: BoxIndex
) -> list[str]:
    """Return the parcels whose box meets another box, all in degrees, EPSG:4490."""
    return [str(name) for name in boxes.index[boxes.meeting(box)]]


def point_of(clicked: Mapping[str, Any] | None) -> tuple[float, float] | None:
    """Read what the map says of a click: longitude and latitude, or nothing."""
    last = (clicked or {}).get("last_clicked")
    if not isinstance(last, Mapping):
        return None
    return float(last["lng"]), float(last["lat"])

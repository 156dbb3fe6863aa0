"""A parcel in a few lines, for the map's tooltip."""

from typing import Any, Final

from gis.errors import LayerMissingError, OutdatedError, RequestError
from gis.units import shown
from siting.words import STOCK_STATUSES
from ui.figures import absent, area_mu, land_use_text
from ui.i18n import t
from ui.parcel_ground import ParcelGround

TOLD: Final = ("name", "area_m2", "land_use_code", "stock_status")


def brief_at(ground: ParcelGround, lng: float, lat: float) -> dict[str, Any]:
    """Tell the parcel under a point.

    Args:
        ground: The parcels that may be seen.
        lng: Longitude in degrees, EPSG:4490.
        lat: Latitude in degrees, EPSG:4490.

    Returns:
        As `brief_of` tells it; nothing beside all parcels.

    Raises:
        RequestError: The point is not on earth.
    """
    if not (abs(lng) <= 180 and abs(lat) <= 90):  # noqa: PLR2004 - the globe
        raise RequestError("({lng}, {lat}) is no place on earth.", lng=lng, lat=lat)
    place = ground.under(lng, lat)
    return {} if place is None else brief_of(ground, place)


def brief_of(ground: ParcelGround, place: int) -> dict[str, Any]:
    """Tell a parcel.

    Args:
        ground: The parcels that may be seen.
        place: Number in the tiles.

    Returns:
        `place`, `id`, `name`, `area_m2`, `area_mu` and `text`: name, id, area, land
        use, stock status, a line each.

    Raises:
        LayerMissingError: There is no such parcel for this reader.
    """
    at = ground.at([place])
    if not len(at):
        raise LayerMissingError("There is no such parcel.")
    row = {
        name: None if (held := ground.values(name, at)) is None else held.iloc[0]
        for name in TOLD
    }
    parcel_id = str(ground.table.index[int(at[0])])
    name = "" if absent(row["name"]) else str(row["name"])
    area_m2 = float(str(row["area_m2"]))
    status = str(row["stock_status"])
    lines = [
        name,
        parcel_id,
        t("{mu} mu", mu=area_mu(area_m2)),
        "" if absent(row["land_use_code"]) else land_use_text(row["land_use_code"]),
        t(STOCK_STATUSES[status]) if status in STOCK_STATUSES else "",
    ]
    return {
        "place": place,
        "id": parcel_id,
        "name": name,
        "area_m2": area_m2,
        "area_mu": shown(area_m2, "mu"),
        "text": [line for line in lines if line],
    }


def require_version(ground: ParcelGround, asked: object) -> None:
    """Refuse numbers of a version that is not in force: they name other parcels.

    Args:
        ground: The parcels in force.
        asked: The version that the asker's numbers are of.

    Raises:
        OutdatedError: It is another one.
    """
    if asked != ground.version:
        raise OutdatedError("The parcels were loaded anew: reload the page.")

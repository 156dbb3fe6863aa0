"""`/parcels/...`: the parcel under a point, by its number, and sums of many."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from gis.errors import RequestError
from ui import resources
from ui.parcel_brief import brief_at, brief_of, require_version
from ui.parcel_totals import totals_in_area, totals_of_places
from ui.routes.desk import QUICK, SLOW, Asked
from ui.search_area import read_area


async def parcel_at(request: Request) -> Response:
    """Answer `GET /parcels/at?lng=&lat=`: the parcel there, or `{}`."""
    return await QUICK.answer(request, _at)


async def parcel(request: Request) -> Response:
    """Answer `GET /parcels/{place}?version=`: a parcel by its number in the tiles."""
    return await QUICK.answer(request, _one)


async def parcel_totals(request: Request) -> Response:
    """Answer `POST /parcels/totals`: the sum of parcels named, or of an area.

    The body is `{"places": [...], "version": ...}` or `{"area": GeoJSON}`.

    Returns:
        The sum.
    """
    return await SLOW.answer(request, _totals)


def _at(asked: Asked) -> dict[str, Any]:
    ground = resources.parcel_ground(internal=asked.internal)
    return brief_at(ground, asked.number("lng"), asked.number("lat"))


def _one(asked: Asked) -> dict[str, Any]:
    place = asked.whole("place")
    ground = resources.parcel_ground(internal=asked.internal)
    require_version(ground, asked.query.get("version"))
    return brief_of(ground, place)


def _totals(asked: Asked) -> dict[str, Any]:
    told = asked.body
    if not isinstance(told, dict) or ("places" in told) == ("area" in told):
        raise RequestError("Name parcels or an area, one of both.")
    ground = resources.parcel_ground(internal=asked.internal)
    if "places" in told or "version" in told:
        require_version(ground, told.get("version"))
    if "places" in told:
        return totals_of_places(ground, told["places"])
    return totals_in_area(ground, read_area(told["area"]))

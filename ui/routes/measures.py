"""`/measure` and `/coordinates`: exact figures of what is drawn or pointed at."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ui.drawn_measures import coordinates_of, measures_of
from ui.routes.desk import QUICK, Asked


async def measure(request: Request) -> Response:
    """Answer `POST /measure`, the body being a GeoJSON geometry."""
    return await QUICK.answer(request, _measures)


async def coordinates(request: Request) -> Response:
    """Answer `GET /coordinates?lng=&lat=`."""
    return await QUICK.answer(request, _coordinates)


def _measures(asked: Asked) -> dict[str, Any]:
    return measures_of(asked.body)


def _coordinates(asked: Asked) -> dict[str, Any]:
    return coordinates_of(asked.number("lng"), asked.number("lat"))

"""`/places?q=`: places and parcels by name, as somebody types, or one by one."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ui import resources
from ui.routes.desk import QUICK, Asked


async def places(request: Request) -> Response:
    """Answer `GET /places?q=`: `{"places": [...]}`, the best first.

    With `in=` instead it lists what lies in a prefecture or county, or all prefectures.

    Returns:
        The answer.
    """
    return await QUICK.answer(request, _found)


def _found(asked: Asked) -> dict[str, Any]:
    directory = resources.directory(internal=asked.internal)
    if "in" in asked.query:
        return {"places": directory.inside(asked.query["in"])}
    return {"places": directory.search(asked.query.get("q", ""))}

"""`/map/{digest}.json`: words and layers of the map, read once for each state."""

from starlette.requests import Request
from starlette.responses import Response

from gis.errors import AccessError
from ui import resources
from ui.i18n import language
from ui.routes.desk import QUICK, Asked

KEPT = {"Cache-Control": "private, max-age=86400"}


async def map_setting(request: Request) -> Response:
    """Answer `GET /map/{digest}.json`.

    Returns:
        As `ui.map_layers.map_setting`; with `for=staff` in the query what is internal
        as well, for offices alone.
    """
    return await QUICK.answer(request, _told)


def _told(asked: Asked) -> Response:
    staff = asked.query.get("for") == "staff"
    if staff and not asked.internal:
        raise AccessError("This is answered to offices only.")
    _, told = resources.map_setting(language(), internal=staff)
    return Response(told, media_type="application/json", headers=KEPT)

"""`/map/{digest}.json`: words and layers of the map, read once for each state."""

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from ui import map_layers
from ui.routes.desk import Asked

KEPT = {"Cache-Control": "private, max-age=86400"}


def map_setting(asked: Asked) -> JSONResponse:
    """Tell the words and layers of the map.

    Args:
        asked: `for=staff` in the query wants what is internal as well.

    Returns:
        As `ui.map_layers.map_setting`.

    Raises:
        HTTPException: 403 where the reader may not see what is internal.
    """
    staff = asked.query.get("for") == "staff"
    if staff and not asked.internal:
        raise HTTPException(403)
    return JSONResponse(map_layers.map_setting(internal=staff), headers=KEPT)

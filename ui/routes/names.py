"""`/names/...`: the names the map writes, the greater places first."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse

from ui import resources
from ui.i18n import DEFAULT, LANGUAGES

FOR_EVER = "public, max-age=31536000, immutable"


async def names(request: Request) -> JSONResponse:
    """Tell the names of prefectures, counties, zones and towns.

    Returns:
        A list of `{"kind", "name", "at": [latitude, longitude]}`; kept for ever by a
        browser that asked for the version in force.
    """
    spoken = request.query_params.get("lang", "")
    spoken = spoken if spoken in LANGUAGES else DEFAULT
    told = await run_in_threadpool(resources.map_names, spoken)
    current = request.path_params["version"] == resources.names_version()
    kept = FOR_EVER if current else "no-store"
    return JSONResponse(told, headers={"Cache-Control": kept})

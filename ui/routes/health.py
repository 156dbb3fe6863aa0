"""`/healthz`: 200 once data and ledger are ready, 503 with the reason before.

A public process says so only when its pages are imported and their data are read: a
proxy sends visitors to it, who come once and do not come again.
"""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse

from gis.errors import LandMapError
from ui import start
from ui.preparing import PREPARATION
from ui.secret_key import read_key
from ui.settings import settings


async def health(_request: Request) -> JSONResponse:
    """Tell whether the app can answer.

    Returns:
        200 `{"status": "ok"}`, or 503 with what is missing, which a public process
        keeps to itself.
    """
    if settings().public and PREPARATION.working:
        return JSONResponse({"status": "starting"}, status_code=503)
    reasons = await run_in_threadpool(_reasons)
    if reasons and settings().public:
        return JSONResponse({"status": "starting"}, status_code=503)
    if reasons:
        return JSONResponse({"status": "starting", "missing": reasons}, status_code=503)
    return JSONResponse({"status": "ok"})


def _reasons() -> list[str]:
    """Ask anew each time: what failed at the start may be mended by now."""
    from ledger.soundness import require_sound  # noqa: PLC0415 - heavy

    chosen = settings()
    try:
        absent = start.missing(chosen)
        if not absent:
            read_key(chosen.secret_file)
            require_sound(start.ledger_address(chosen))
    except LandMapError as error:
        return [str(error)]
    if absent and PREPARATION.error is not None:
        return [str(PREPARATION.error)]
    return absent

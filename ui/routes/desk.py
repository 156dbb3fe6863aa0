"""What the routes of the map's tools share: the reader, the language, refusals."""

import json
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gis.errors import LandMapError, LayerMissingError
from gis.words import Title
from ui import access
from ui.i18n import DEFAULT, LANGUAGES, speaking, t, tell
from ui.settings import settings

MOST_BYTES: Final = 2**20
NOT_KEPT: Final = {"Cache-Control": "no-store"}
NOT_READ: Final = Title("The request could not be read: {why}.")

Work = Callable[["Asked"], Any]


class Asked:
    """A request as its work reads it.

    Attributes:
        query: Values by name.
        path: Parts of the path by name.
        body: What was posted, {} for a plain request.
        internal: Whether the reader sees what is internal.
        actor: Who asks.
    """

    def __init__(self, request: Request, body: dict[str, Any]) -> None:
        self.query = dict(request.query_params)
        self.path = dict(request.path_params)
        self.body = body
        self.actor = access.actor_of(request.cookies, settings())
        self.internal = access.sees_internal(self.actor)

    def number(self, name: str) -> float:
        """Return a number of the query.

        Raises:
            HTTPException: It is missing or no number.
        """
        try:
            value = float(self.query[name])
        except (KeyError, ValueError) as error:
            raise HTTPException(400, name) from error
        if not abs(value) < 1e9:  # noqa: PLR2004 - neither NaN nor endless
            raise HTTPException(400, name)
        return value


def answering(work: Work) -> Callable[[Request], Awaitable[Response]]:
    """Make a route of some work: off the event loop, in the reader's language.

    Args:
        work: Takes what is asked, returns JSON or a whole answer.

    Returns:
        The route. What cannot be read is 400, what is not there 404, an old version
        410, what the data forbids 422; each tells a sentence.
    """

    @wraps(work)
    async def route(request: Request) -> Response:
        spoken = request.query_params.get("lang", "")
        spoken = spoken if spoken in LANGUAGES else DEFAULT
        try:
            body = await _body(request)
        except HTTPException as refusal:
            with speaking(spoken):
                return _refusal(refusal)
        return await run_in_threadpool(_worked, work, Asked(request, body), spoken)

    return route


def _worked(work: Work, asked: Asked, spoken: str) -> Response:
    with speaking(spoken):
        try:
            told = work(asked)
        except HTTPException as refusal:
            return _refusal(refusal)
        except LayerMissingError as error:
            return _refused(404, tell(error))
        except LandMapError as error:
            return _refused(422, tell(error))
    return told if isinstance(told, Response) else JSONResponse(told, headers=NOT_KEPT)


async def _body(request: Request) -> dict[str, Any]:
    """Read what was posted from one of our pages, no more than `MOST_BYTES`."""
    if request.method != "POST":
        return {}
    origin = request.headers.get("origin", "")
    if urlsplit(origin).netloc != request.headers.get("host", ""):
        raise HTTPException(403)
    taken = bytearray()
    async for part in request.stream():
        taken += part
        if len(taken) > MOST_BYTES:
            raise HTTPException(400, "size")
    try:
        told = json.loads(bytes(taken) or b"{}")
    except ValueError as error:
        raise HTTPException(400, "JSON") from error
    if not isinstance(told, dict):
        raise HTTPException(400, "JSON")
    return told


def _refusal(refusal: HTTPException) -> JSONResponse:
    """Say in the reader's language why something is not answered."""
    said = {
        400: t(NOT_READ, why=refusal.detail),
        403: t("The map's tools answer our own pages only."),
        410: t("The data has a newer version: reload the page."),
    }
    return _refused(refusal.status_code, said[refusal.status_code])


def _refused(status: int, reason: str) -> JSONResponse:
    return JSONResponse({"error": reason}, status_code=status, headers=NOT_KEPT)

"""What the routes of the map's tools share: the reader, the language, refusals."""

import json
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
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
            BadRequestError: It is missing or no number.
        """
        try:
            value = float(self.query[name])
        except (KeyError, ValueError) as error:
            raise BadRequestError(field=name) from error
        if not abs(value) < 1e9:  # noqa: PLR2004 - neither NaN nor endless
            raise BadRequestError(field=name)
        return value


class BadRequestError(Exception):
    """Something was asked that cannot be read.

    Args:
        field: Name of what it is.
    """

    def __init__(self, *, field: str) -> None:
        super().__init__(field)


class GoneError(Exception):
    """What was asked for was of a version that is not in force any more."""


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
        except BadRequestError as error:
            with speaking(spoken):
                return _refused(400, t(NOT_READ, why=error))
        except PermissionError:
            with speaking(spoken):
                return _refused(403, t("The map's tools answer our own pages only."))
        return await run_in_threadpool(_worked, work, Asked(request, body), spoken)

    return route


def _worked(work: Work, asked: Asked, spoken: str) -> Response:
    with speaking(spoken):
        try:
            told = work(asked)
        except BadRequestError as error:
            return _refused(400, t(NOT_READ, why=error))
        except GoneError:
            return _refused(410, t("The data has a newer version: reload the page."))
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
        raise PermissionError
    taken = bytearray()
    async for part in request.stream():
        taken += part
        if len(taken) > MOST_BYTES:
            raise BadRequestError(field="size")
    try:
        told = json.loads(bytes(taken) or b"{}")
    except ValueError as error:
        raise BadRequestError(field="JSON") from error
    if not isinstance(told, dict):
        raise BadRequestError(field="JSON")
    return told


def _refused(status: int, reason: str) -> JSONResponse:
    return JSONResponse({"error": reason}, status_code=status, headers=NOT_KEPT)

"""How the map's questions are answered: read, worked out in a thread, told as JSON.

Each question knows who asks and in which language, and every refusal is a sentence in
that language: `{"error": "..."}`.
"""

import asyncio
import json
import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gis.errors import (
    AccessError,
    LandMapError,
    LayerMissingError,
    OutdatedError,
    OversizeError,
    RequestError,
    SettingsError,
    StoreError,
)
from gis.words import Title
from ledger.model import Actor
from ui import access
from ui.i18n import DEFAULT, LANGUAGES, speaking, tell
from ui.routes.origin import from_our_page
from ui.settings import settings

MOST_BYTES: Final = 2**20
SENT_WITHIN_S: Final = 20.0  # nobody may hold a place with a body that never ends
NOT_KEPT: Final = {"Cache-Control": "no-store"}
# The first that fits counts; whatever else LandMap refuses is a wrong question.
STATUSES: Final = (
    (OutdatedError, 410),
    (OversizeError, 413),
    (AccessError, 403),
    (LayerMissingError, 404),
    (StoreError, 503),
    (SettingsError, 503),
)
BUSY: Final = Title("Too much is asked for at once: try again in a moment.")


@dataclass(frozen=True)
class Asked:
    """A question of the map.

    Attributes:
        actor: Who asks, by the cookie.
        internal: Whether the asker sees what nobody published.
        spoken: Language of the answer.
        query: What stands behind the `?`.
        path: What stands in the address.
        body: What was sent as JSON; None for a question without a body.
    """

    actor: Actor
    internal: bool
    spoken: str
    query: dict[str, str]
    path: dict[str, str]
    body: Any = None

    def number(self, name: str) -> float:
        """Read a number from the query.

        Args:
            name: Its name.

        Returns:
            The number, finite.

        Raises:
            RequestError: It is missing or no number.
        """
        return number_of(self.query.get(name), name)

    def whole(self, name: str) -> int:
        """Read a whole number from the address.

        Args:
            name: Its name.

        Returns:
            The number, 0 or more.

        Raises:
            RequestError: It is no whole number.
        """
        text = self.path.get(name, "")
        if not (text.isascii() and text.isdigit() and len(text) <= 9):  # noqa: PLR2004 - more than any layer has rows
            raise RequestError("{name} must be a whole number.", name=name)
        return int(text)


Work = Callable[[Asked], Response | dict[str, Any]]


class Desk:
    """Answers questions in threads of its own.

    Args:
        name: What it is for.
        threads: How many answers are worked out at once.
        waiting: How many may be under way; more are sent away.
    """

    def __init__(self, name: str, *, threads: int, waiting: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._under_way, self._most = 0, waiting

    async def answer(self, request: Request, work: Work) -> Response:
        """Answer a question.

        Args:
            request: The question; what is sent with POST is JSON from our own pages.
            work: Works the answer out, in a thread, in the asker's language.

        Returns:
            The answer, kept by nobody; or why there is none.
        """
        spoken = _language(request)
        if self._under_way >= self._most:
            return refusal(OversizeError(BUSY), spoken, status=503)
        self._under_way += 1
        try:
            body = await _body(request) if request.method == "POST" else None
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(
                self._pool, _worked_out, request, body, work
            )
        except LandMapError as error:
            return refusal(error, spoken)
        finally:
            self._under_way -= 1


QUICK: Final = Desk("quick", threads=2, waiting=64)
SLOW: Final = Desk("slow", threads=1, waiting=8)


def refusal(error: LandMapError, spoken: str, status: int = 0) -> JSONResponse:
    """Say why there is no answer.

    Args:
        error: Why.
        spoken: Language.
        status: HTTP status; by the kind of the error if not told.

    Returns:
        `{"error": sentence}`.
    """
    fitting = (code for kind, code in STATUSES if isinstance(error, kind))
    with speaking(spoken):
        told = {"error": tell(error)}
    return JSONResponse(
        told, status_code=status or next(fitting, 400), headers=NOT_KEPT
    )


def number_of(given: object, name: str) -> float:
    """Read a finite number.

    Args:
        given: What was sent.
        name: How it is called.

    Returns:
        The number.

    Raises:
        RequestError: It is none.
    """
    try:
        read = float(given) if isinstance(given, str | int | float) else math.nan
    except (ValueError, OverflowError):
        read = math.nan
    if isinstance(given, bool) or not math.isfinite(read):
        raise RequestError("{name} must be a number.", name=name)
    return read


def _worked_out(request: Request, body: object, work: Work) -> Response:
    actor = access.actor_of(request.cookies, settings())
    asked = Asked(
        actor=actor,
        internal=access.sees_internal(actor),
        spoken=_language(request),
        query=dict(request.query_params),
        path={name: str(value) for name, value in request.path_params.items()},
        body=body,
    )
    with speaking(asked.spoken):
        told = work(asked)
    if isinstance(told, Response):
        return told
    return JSONResponse(told, headers=NOT_KEPT)


def _language(request: Request) -> str:
    spoken = request.query_params.get("lang", "")
    return spoken if spoken in LANGUAGES else DEFAULT


async def _body(request: Request) -> Any:  # noqa: ANN401 - JSON has no narrower type
    """Read JSON that one of our pages sent, no more of it than is allowed."""
    if not from_our_page(request):
        raise AccessError("This is answered to our own pages only.")
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != "application/json":
        raise RequestError("What was sent is no JSON.")
    read = bytearray()
    try:
        async with asyncio.timeout(SENT_WITHIN_S):
            async for part in request.stream():
                read += part
                if len(read) > MOST_BYTES:
                    raise OversizeError(
                        "What was sent is larger than {most} MB.", most=1
                    )
    except TimeoutError as error:
        raise RequestError("What was sent took too long.") from error
    try:
        return json.loads(read.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise RequestError("What was sent is no JSON.") from error


def _no_number(word: str) -> float:
    raise ValueError(word)

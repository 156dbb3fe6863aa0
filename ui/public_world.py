"""What a public process answers: a list of addresses; everything else is not there."""

from collections.abc import Iterable, Iterator
from typing import Final

from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from ui.base_path import base_path
from ui.page_list import pages_of
from ui.routes import public_routes, visitors_routes
from ui.settings import settings

NOT_HERE: Final = "There is nothing at this address. 此地址无内容。\n"
SOCKET: Final = "/_stcore/stream"
LOOKS: Final = frozenset({"GET", "HEAD"})
# What pages of Streamlit ask of their server, and no more of what it would answer.
STREAMLITS: Final = frozenset({
    *("/", "/index.html", "/favicon.png", "/manifest.json"),
    *("/_stcore/health", "/_stcore/host-config"),
})
STREAMLITS_BELOW: Final = (
    *("/static/", "/media/", "/component/", "/_stcore/bidi-components/"),
)


class PublicWorld:
    """Answer, in a public process, nothing but what is public.

    The offices' process, which reads everything, does not answer what is made for
    visitors: there it would not be what is published.

    Args:
        app: The application behind.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Keep the application behind."""
        self._app = app
        self._public = tuple(public_routes())
        self._visitors = tuple(visitors_routes())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is public; to the rest say that nothing is there."""
        if scope["type"] not in {"http", "websocket"} or self._is_here(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(code=1008)(scope, receive, send)
        else:
            await PlainTextResponse(NOT_HERE, 404)(scope, receive, send)

    def _is_here(self, scope: Scope) -> bool:
        if settings().public:
            return self._is_public(scope)
        return scope["type"] == "websocket" or not _is_among(scope, self._visitors)

    def _is_public(self, scope: Scope) -> bool:
        base, path = base_path(), str(scope["path"])
        if scope["type"] == "websocket":
            return path == base + SOCKET
        if _is_among(scope, self._public):
            return True
        if scope["method"] not in LOOKS or not path.startswith(base):
            return False
        return is_streamlits(path.removeprefix(base) or "/")


def is_streamlits(path: str) -> bool:
    """Tell whether an address is one of a public page, or asked for by such a page.

    Args:
        path: Path of the address, without the base path.

    Returns:
        False for what Streamlit would answer to nobody's use here: metrics, uploads,
        its agents' interface, signing in, pages of offices.
    """
    plain = path if path == "/" else path.rstrip("/")
    return plain in {*STREAMLITS, *page_paths()} or path.startswith(STREAMLITS_BELOW)


def _is_among(scope: Scope, routes: Iterable[BaseRoute]) -> bool:
    return any(route.matches(scope)[0] is not Match.NONE for route in routes)


def page_paths() -> Iterator[str]:
    """List the addresses of the public pages."""
    return (f"/{entry.path}" for entry in pages_of(public=True))

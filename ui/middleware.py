"""What every answer of the server carries, and what no visitor may send."""

import re
from logging import getLogger

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from gis.errors import SettingsError
from ledger.access import Verb, may
from ui import access
from ui.base_path import base_path
from ui.light_page import POLICY
from ui.public_world import PublicWorld, is_streamlits
from ui.quotas import Quotas
from ui.settings import is_loopback, settings

LOG = getLogger("landmap")
FAULT = "Something went wrong; the log of LandMap says what.\n"
UPLOADS = "/_stcore/upload_file"
UPLOADS_AT_ONCE = 8
MOST_UPLOADED = 51 * 2**20  # a boundary file of 50 MB, and what the form adds to it
COMPONENT = "/component/"
FORWARDED = ("x-forwarded-for", "x-real-ip")
_HOST = re.compile(r"[A-Za-z0-9.\-]+(:\d+)?|\[[0-9A-Fa-f:]+\](:\d+)?")


class SafeHeaders:
    """Add the headers that keep a page to itself.

    Args:
        app: The application behind.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Keep the application behind."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, with our headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        ours = headers_for(Headers(scope=scope).get("host", ""), scope["path"])

        begun = False

        async def send_safely(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in ours.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, send_safely)
        except Exception:
            if begun:
                raise
            # Starlette's own answer to a fault of ours would go out without headers.
            LOG.exception("An answer failed")
            await PlainTextResponse(FAULT, 500)(scope, receive, send_safely)


class OfficeUploads:
    """Take files from offices only, few at once and none too large.

    The pages of the land check take boundary files. Streamlit takes what is sent to
    its address from anybody whose page is open, whether or not that page asks for a
    file, and keeps it in memory.

    Args:
        app: The application behind.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Keep the application behind."""
        self._app = app
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what may not be sent to the upload address; pass on the rest."""
        if scope["type"] != "http" or not _is_upload(scope):
            await self._app(scope, receive, send)
            return
        status, reason = self._refusal(scope)
        if reason:
            await PlainTextResponse(reason, status_code=status)(scope, receive, send)
            return
        self._under_way += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._under_way -= 1

    def _refusal(self, scope: Scope) -> tuple[int, str]:
        """Say why a file is not taken; nothing where it is."""
        asked = HTTPConnection(scope)
        try:
            actor = access.actor_of(asked.cookies, settings())
        except SettingsError as error:
            return 503, str(error)
        if not may(actor, Verb.CHECK_MAKE):
            return 403, "Files are taken from offices only."
        if scope["method"] == "DELETE":
            return 200, ""
        if self._under_way >= UPLOADS_AT_ONCE:
            return 503, "Too many files are being sent: try again in a moment."
        return _length_refused(asked.headers.get("content-length", ""))


def _length_refused(told: str) -> tuple[int, str]:
    """Say why a body of that length is not taken; nothing where it is."""
    if not told.isdigit():
        return 411, "Say how long the file is."
    if int(told) > MOST_UPLOADED:
        return 413, "The file is too large."
    return 200, ""


class DemoStaysHome:
    """Answer this machine only while the demo lets every visitor choose a role.

    `uv run app.py` listens on 127.0.0.1 anyway; this holds under `streamlit run` and
    any other server as well, and behind a proxy on this machine, trusted or not: whom
    it names as the visitor must be here too.

    Args:
        app: The application behind.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Keep the application behind."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse whoever is not on this machine; pass on the rest."""
        reason = _refusal(scope) if scope["type"] in {"http", "websocket"} else ""
        if not reason:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(code=1008)(scope, receive, send)
        else:
            await PlainTextResponse(reason, status_code=403)(scope, receive, send)


def middleware() -> list[Middleware]:
    """List the middleware of the app, outermost first."""
    return [
        Middleware(SafeHeaders),
        Middleware(DemoStaysHome),
        Middleware(PublicWorld),
        Middleware(Quotas),
        Middleware(OfficeUploads),
    ]


def headers_for(host: str, path: str = "/") -> dict[str, str]:
    """Return the security headers of an answer.

    Args:
        host: Host header of the request; only a plain host may enter the policy.
        path: What is asked for.

    Returns:
        Value by header. Inline scripts and `eval` stay allowed because the map
        component runs on them; no other host is, for anything, except for the
        pictures of base maps that the operator asked for. In a public process `eval`
        is for the map component alone, and what is no page may do nothing at all.
    """
    return {
        "Content-Security-Policy": _policy(host, path),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "SAMEORIGIN",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


def _policy(host: str, path: str) -> str:
    """Write what a page at an address may load and run."""
    below = path.removeprefix(base_path()) or "/"
    public = _is_public()
    if public and not is_streamlits(below):
        return POLICY
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    evaluates = not public or below.startswith(COMPONENT)
    policy = {
        "default-src": "'self'",
        "script-src": " ".join([
            "'self' 'unsafe-inline'",
            *(["'unsafe-eval'"] if evaluates else []),
            "blob:",
        ]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": " ".join(["'self' data: blob:", *_other_hosts()]),
        "font-src": "'self' data:",
        "connect-src": f"'self'{sockets}",
        "worker-src": "'self' blob:",
        "frame-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'self'",
    }
    return "; ".join(f"{name} {value}" for name, value in policy.items())


def _is_public() -> bool:
    try:
        return settings().public
    except SettingsError:
        return False


def _other_hosts() -> list[str]:
    """List the origins that base maps are asked of; none unless an operator says so."""
    try:
        bases = settings().online
    except SettingsError:
        return []
    return sorted({origin for base in bases for origin in base.origins})


def _refusal(scope: Scope) -> str:
    """Say why a caller is not served, "" where they are."""
    try:
        chosen = settings()
    except SettingsError as error:
        return str(error)
    if not chosen.acts_demo or all(is_loopback(caller) for caller in _callers(scope)):
        return ""
    return "The demo answers this machine only: set LANDMAP_DEMO=false to serve more."


def _callers(scope: Scope) -> list[str]:
    """List who sent a request, and whom the proxies before us name."""
    client = scope.get("client")
    named = ",".join(
        value for name in FORWARDED for value in Headers(scope=scope).getlist(name)
    )
    said = [part.strip() for part in named.split(",") if part.strip()]
    return [client[0], *said] if client else said


def _is_upload(scope: Scope) -> bool:
    looks = {"GET", "HEAD", "OPTIONS"}
    return UPLOADS in scope["path"] and scope["method"] not in looks

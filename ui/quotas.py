"""How much one address may ask of a public process: requests, sessions, inquiries.

Whom a request comes from is told by uvicorn, which believes trusted proxies and nobody
else (`LANDMAP_TRUSTED_PROXIES`).
"""

from collections import OrderedDict
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from threading import Lock
from time import monotonic
from typing import Final

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from ui.base_path import base_path
from ui.settings import Settings, settings

MINUTE_S: Final = 60.0
HOUR_S: Final = 3_600.0
MOST_ADDRESSES: Final = 20_000
HOME_BITS: Final = 64  # of IPv6: what one household has
UNKNOWN: Final = "unknown"
TOO_MANY: Final = "Too many requests from this address: try again in a minute.\n"
FILES: Final = ("/static/", "/assets/")
FILE_COST: Final = 1 / 8
"""An empty browser asks for some 130 of them: a page without them stays blank."""
TRY_LATER: Final = 1013  # of websockets


class Allowance:
    """So many in a time for each address, given back little by little.

    Args:
        within_s: Seconds that what was used up takes to come back.
        now: Tells the time, seconds.
    """

    def __init__(
        self, within_s: float, *, now: Callable[[], float] = monotonic
    ) -> None:
        self._within_s, self._now = within_s, now
        self._used: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, address: str, most: int, *, cost: float = 1.0) -> bool:
        """Use one, if there is one left.

        Args:
            address: Whose.
            most: How many an address has in the time.
            cost: Which part of one is used.

        Returns:
            False where none was left.
        """
        with self._lock:
            now = self._now()
            used, since = self._used.pop(address, (0.0, now))
            used = max(0.0, used - (now - since) * most / self._within_s)
            granted = used + cost <= most
            self._used[address] = (used + cost * granted, now)
            while len(self._used) > MOST_ADDRESSES:
                self._used.popitem(last=False)
            return granted


REQUESTS: Final = Allowance(MINUTE_S)
INQUIRIES: Final = Allowance(HOUR_S)


class Quotas:
    """Send away, from a public process, who asks for too much.

    Args:
        app: The application behind.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Keep the application behind."""
        self._app = app
        self._open: dict[str, int] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count a request or a session; pass it on where it is within the quota."""
        if scope["type"] not in {"http", "websocket"} or not settings().public:
            await self._app(scope, receive, send)
            return
        chosen, address = settings(), address_of(HTTPConnection(scope))
        cost = FILE_COST if _asks_for_file(scope) else 1.0
        if not REQUESTS.take(address, chosen.quota_requests, cost=cost):
            await _refused(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._session(address, chosen, (scope, receive, send))
        else:
            await self._app(scope, receive, send)

    async def _session(
        self, address: str, chosen: Settings, asked: tuple[Scope, Receive, Send]
    ) -> None:
        if self._open.get(address, 0) >= chosen.quota_sessions:
            await _refused(*asked)
            return
        self._open[address] = self._open.get(address, 0) + 1
        try:
            await self._app(*asked)
        finally:
            self._open[address] -= 1
            if not self._open[address]:
                del self._open[address]


def may_inquire(address: str | None) -> bool:
    """Count an inquiry of a visitor.

    Args:
        address: Whose page it comes from; None where nobody tells.

    Returns:
        False where the address has used up what it may ask in an hour.
    """
    return INQUIRIES.take(household(address or ""), settings().quota_inquiries)


def address_of(asked: HTTPConnection) -> str:
    """Return whom a request is counted to."""
    return household(asked.client.host if asked.client else "")


def household(address: str) -> str:
    """Return what all addresses of one household share.

    Args:
        address: An IP address.

    Returns:
        The address; of IPv6 the network of 64 bits that a household is given.
    """
    try:
        read = ip_address(address)
    except ValueError:
        return UNKNOWN
    mapped = getattr(read, "ipv4_mapped", None)
    if read.version == 4 or mapped:  # noqa: PLR2004 - the version's own number
        return str(mapped or read)
    return str(ip_network((read, HOME_BITS), strict=False))


def _asks_for_file(scope: Scope) -> bool:
    """Tell whether a request is for a file that the program brings along."""
    path = str(scope["path"]).removeprefix(base_path())
    return scope["type"] == "http" and path.startswith(FILES)


async def _refused(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await WebSocketClose(code=TRY_LATER)(scope, receive, send)
        return
    answer = PlainTextResponse(
        TOO_MANY, status_code=429, headers={"Retry-After": str(int(MINUTE_S))}
    )
    await answer(scope, receive, send)

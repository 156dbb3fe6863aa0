"""`/tiles/{layer}/{version}/{z}/{x}/{y}.mvt`: vector tiles, by role.

They are made off the event loop, in a few threads.

Without a query a tile holds what is public of the version in force, and may be kept by
anybody for ever; what was withdrawn since is not served from an older version. With
`?for=staff` it holds all, for those whose cookie proves an office, and stays private.
"""

import asyncio
import gzip
import re
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from time import perf_counter
from typing import Final, NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gis.errors import LandMapError, LayerMissingError
from layers.tiles import MOST_ZOOM
from ui import access, resources
from ui.i18n import discreet
from ui.settings import settings

THREADS: Final = 2
WAITING: Final = 400  # more than a screen asks for, with every layer on
KEPT_BYTES: Final = 64 * 2**20
GZIP_LEVEL: Final = 3
RETRY_S: Final = "2"
FOR_EVER: Final = "max-age=31536000, immutable"
TYPE: Final = "application/vnd.mapbox-vector-tile"
STAFF: Final = "staff"
GONE: Final = "This version is not kept any more, or not for everybody."
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_VERSION: Final = re.compile(r"[0-9a-f]{4,64}")
_NUMBER: Final = re.compile(r"[0-9]{1,7}")


class Wanted(NamedTuple):
    """A tile that somebody asks for.

    Attributes:
        layer: Its layer.
        version: Its version.
        internal: Whether what nobody published is wanted as well.
        z: Zoom.
        x: Column.
        y: Row.
    """

    layer: str
    version: str
    internal: bool
    z: int
    x: int
    y: int


class Shelf(NamedTuple):
    """What there is to have tiles of.

    Attributes:
        published: Tells who may see a layer: "public", "internal", None for no layer.
        in_force: Tells a layer's version in force; raises `LayerMissingError`.
    """

    published: Callable[[str], str | None]
    in_force: Callable[[str], str]


Make = Callable[[Wanted], bytes]


class TileDesk:
    """Makes tiles in a few threads and keeps what was asked for lately.

    Args:
        make: Makes the bytes of a tile; empty where nothing lies.
        kept_bytes: How many bytes are kept.
        waiting: How many tiles may wait at once.
    """

    def __init__(
        self, make: Make, *, kept_bytes: int = KEPT_BYTES, waiting: int = WAITING
    ) -> None:
        self._make_one = make
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="tiles")
        self._kept: OrderedDict[Wanted, bytes] = OrderedDict()
        self._size, self._most = 0, kept_bytes
        self._waiting, self._room = 0, waiting
        self._lock = Lock()

    async def tile(self, wanted: Wanted, request: Request) -> bytes:
        """Return a tile; empty where nothing lies.

        Args:
            wanted: Which.
            request: Who asks: nothing is made for somebody who left.

        Returns:
            What `make` made.

        Raises:
            HTTPException: Too many wait already.
        """
        if (kept := self._look(wanted)) is not None:
            return kept
        if self._waiting >= self._room:
            raise HTTPException(503, "Too many tiles are asked for at once.")
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            made = asyncio.ensure_future(
                loop.run_in_executor(self._pool, self._make, wanted)
            )
            while not (await asyncio.wait({made}, timeout=1.0))[0]:
                if await request.is_disconnected():
                    made.cancel()
                    raise HTTPException(499, "Nobody waits for it any more.")
            return await made
        finally:
            self._waiting -= 1

    def _look(self, wanted: Wanted) -> bytes | None:
        with self._lock:
            kept = self._kept.get(wanted)
            if kept is not None:
                self._kept.move_to_end(wanted)
            return kept

    def _make(self, wanted: Wanted) -> bytes:
        packed = self._make_one(wanted)
        with self._lock:
            if wanted not in self._kept:
                self._kept[wanted] = packed
                self._size += len(packed)
            while self._size > self._most and self._kept:
                _, oldest = self._kept.popitem(last=False)
                self._size -= len(oldest)
        return packed


def _packed(wanted: Wanted) -> bytes:
    """Write a vector tile, gzip."""
    source = resources.tile_source_of(wanted.layer, wanted.version)
    plain = source.tile(wanted.z, wanted.x, wanted.y, internal=wanted.internal)
    return gzip.compress(plain, GZIP_LEVEL, mtime=0) if plain else b""


DESK: Final = TileDesk(_packed)


async def tile(request: Request) -> Response:
    """Answer with a tile.

    Returns:
        200 with the tile; 204 where nothing lies; 403 without the role; 404 for what
        is not there, or not for this reader; 410 for a version that is gone; 503
        where too many are asked for or the data is damaged. Refusals tell a reason.
    """

    def published(name: str) -> str | None:
        declared = resources.catalog()
        return declared[name].publish if name in declared else None

    shelf = Shelf(published, resources.map_version)
    return await answer(request, DESK, shelf, _as_vector)


def _as_vector(packed: bytes, request: Request, headers: dict[str, str]) -> Response:
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(gzip.decompress(packed), media_type=TYPE, headers=headers)
    headers["Content-Encoding"] = "gzip"
    return Response(packed, media_type=TYPE, headers=headers)


async def answer(
    request: Request,
    desk: TileDesk,
    shelf: Shelf,
    as_response: Callable[[bytes, Request, dict[str, str]], Response],
) -> Response:
    """Answer a request for a tile of any kind.

    Args:
        request: Who asks for what.
        desk: Makes it.
        shelf: What there is.
        as_response: Puts the bytes into an answer with these headers.

    Returns:
        As `tile` tells.
    """
    try:
        wanted = _wanted(request, shelf.published)
        if not wanted.internal:
            await _refuse_older(shelf, wanted)
        begun = perf_counter()
        made = await desk.tile(wanted, request)
    except HTTPException as refused:
        return _refusal(refused)
    except LayerMissingError:
        return _refusal(HTTPException(410, GONE))
    except LandMapError as error:
        return _refusal(HTTPException(503, str(discreet(error))))
    scope = "private" if wanted.internal else "public"
    vary = "Cookie" if wanted.internal else "Accept-Encoding"
    headers = {"Cache-Control": f"{scope}, {FOR_EVER}", "Vary": vary}
    if not wanted.internal:  # how long a secret takes may tell something about it
        took_ms = 1000 * (perf_counter() - begun)
        headers["Server-Timing"] = f"tile;dur={took_ms:.1f}"
    if not made:
        return Response(status_code=204, headers=headers)
    return as_response(made, request, headers)


async def _refuse_older(shelf: Shelf, wanted: Wanted) -> None:
    """Keep older versions from guests: what they show may be withdrawn since."""
    newest = await run_in_threadpool(shelf.in_force, wanted.layer)
    if newest != wanted.version:
        raise HTTPException(410, GONE)


def _wanted(request: Request, published: Callable[[str], str | None]) -> Wanted:
    """Read what is asked for, and whether the reader may have it."""
    path = request.path_params
    name, version = path["layer"], path["version"]
    numbers = [path["z"], path["x"], path["y"]]
    if not all(_NUMBER.fullmatch(number) for number in numbers):
        raise HTTPException(
            404, "There is no such tile: zoom, column and row are numbers."
        )
    z, x, y = map(int, numbers)
    if z > MOST_ZOOM or x >= 1 << z or y >= 1 << z:
        raise HTTPException(404, "There is no such tile: it lies outside the world.")
    internal = request.query_params.get("for") == STAFF
    office = access.sees_internal(access.actor_of(request.cookies, settings()))
    if internal and not office:
        raise HTTPException(403, "These tiles are for offices only.")
    seen_by = published(name) if _NAME.fullmatch(name) else None
    if seen_by is None or (seen_by != "public" and not internal):
        raise HTTPException(404, "There is no such layer.")
    if not _VERSION.fullmatch(version):
        raise HTTPException(404, "There is no such version.")
    return Wanted(name, version, internal, z, x, y)


def _refusal(refused: HTTPException) -> JSONResponse:
    headers = {"Cache-Control": "no-store"}
    if refused.status_code == 503:  # noqa: PLR2004 - the one that is worth asking again
        headers["Retry-After"] = RETRY_S
    return JSONResponse(
        {"error": refused.detail}, status_code=refused.status_code, headers=headers
    )

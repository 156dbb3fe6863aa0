"""`/ogc/...`: the published parcels by OGC API - Features, through pygeoapi, as JSON.

Its HTML asks other hosts for scripts, so nothing but JSON is answered, and no link
leads to anything else. What a query may say is a list: an unknown word is refused, as
the standard wants it, instead of being passed over.
"""

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from gis.errors import LandMapError, OversizeError, RequestError
from ui import resources
from ui.i18n import DEFAULT, speaking, t
from ui.light_page import root_of
from ui.ogc_provider import config_of
from ui.routes.desk import BUSY, refusal

MOST_QUERY: Final = 2_000
MOST_WAITING: Final = 16
JSON_FORMS: Final = frozenset({"", "json"})
LINKED: Final = ("application/json", "application/geo+json", "application/schema+json")
GEOJSON: Final = "application/geo+json"
OPENAPI: Final = "application/vnd.oai.openapi+json"
EVERYWHERE: Final = frozenset({"f", "lang"})
OF_ITEMS: Final = frozenset({
    *("limit", "offset", "bbox", "resulttype", "properties", "sortby"),
    *("skipGeometry", "datetime", "bbox-crs", "crs"),
})
CRS84: Final = frozenset({
    "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    "https://www.opengis.net/def/crs/OGC/1.3/CRS84",
    "urn:ogc:def:crs:OGC:1.3:CRS84",
})
Ask = Callable[[Any, Any], tuple[dict[str, str], int, Any]]


class Gate:
    """Asks pygeoapi in one thread: it keeps its state in its modules."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="ogc")
        self._waiting = 0

    async def answer(
        self, request: Request, ask: Ask, words: frozenset[str] = EVERYWHERE
    ) -> Response:
        """Answer a question.

        Args:
            request: The question.
            ask: Asks pygeoapi.
            words: What the query may say.

        Returns:
            JSON; or why there is none.
        """
        if self._waiting >= MOST_WAITING:
            return refusal(OversizeError(BUSY), DEFAULT, status=503)
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(
                self._pool, _answered, request, ask, words
            )
        finally:
            self._waiting -= 1


GATE: Final = Gate()


async def landing(request: Request) -> Response:
    """Answer `/ogc`: what there is."""
    return await GATE.answer(request, _core("landing_page"))


async def conformance(request: Request) -> Response:
    """Answer `/ogc/conformance`: which parts of the standard are kept."""
    return await GATE.answer(request, _core("conformance"))


async def openapi(request: Request) -> Response:
    """Answer `/ogc/openapi`: how it is asked."""
    return await GATE.answer(request, _core("openapi_"))


async def collections(request: Request) -> Response:
    """Answer `/ogc/collections` and `/ogc/collections/{name}`."""
    return await GATE.answer(
        request, _core("describe_collections", *request.path_params.values())
    )


async def schema(request: Request) -> Response:
    """Answer `/ogc/collections/{name}/schema`: the columns and their types."""
    return await GATE.answer(
        request, _core("get_collection_schema", *request.path_params.values())
    )


async def queryables(request: Request) -> Response:
    """Answer `/ogc/collections/{name}/queryables`: what may be asked for."""
    return await GATE.answer(
        request, _items("get_collection_queryables", *request.path_params.values())
    )


async def items(request: Request) -> Response:
    """Answer `/ogc/collections/{name}/items`: the features, a page at a time."""
    return await GATE.answer(
        request,
        _items("get_collection_items", *request.path_params.values()),
        EVERYWHERE | OF_ITEMS,
    )


async def item(request: Request) -> Response:
    """Answer `/ogc/collections/{name}/items/{parcel_id}`: one feature."""
    return await GATE.answer(
        request,
        _items("get_collection_item", *request.path_params.values()),
        EVERYWHERE | {"crs"},
    )


def _core(function: str, *path: object) -> Ask:
    def ask(api: Any, asked: Any) -> tuple[dict[str, str], int, Any]:  # noqa: ANN401 - pygeoapi has no types
        from pygeoapi import api as core  # noqa: PLC0415 - heavy

        answer: tuple[dict[str, str], int, Any] = getattr(core, function)(
            api, asked, *path
        )
        return answer

    return ask


def _items(function: str, *path: object) -> Ask:
    def ask(api: Any, asked: Any) -> tuple[dict[str, str], int, Any]:  # noqa: ANN401 - pygeoapi has no types
        from pygeoapi.api import itemtypes  # noqa: PLC0415 - heavy

        answer: tuple[dict[str, str], int, Any] = getattr(itemtypes, function)(
            api, asked, *path
        )
        return answer

    return ask


def _answered(request: Request, ask: Ask, words: frozenset[str]) -> Response:
    """Ask pygeoapi, and let nothing but JSON out."""
    from pygeoapi.api import APIRequest  # noqa: PLC0415 - heavy

    try:
        _require_known(request, words)
        api = _api(str(resources.data_home()), root_of(request))
        asked = APIRequest(_as_json(request), api.locales)
        headers, status, content = ask(api, asked)
    except LandMapError as error:
        return refusal(error, DEFAULT)
    told = json.loads(content) if isinstance(content, str | bytes) else content
    kind = headers.get("Content-Type", "application/json")
    if isinstance(told, dict) and str(told.get("type", "")).startswith("Feature"):
        kind = GEOJSON
    return Response(
        json.dumps(_without_pages(told), ensure_ascii=False),
        status_code=int(status),
        headers={
            "Cache-Control": "public, max-age=300" if status < 400 else "no-store",  # noqa: PLR2004 - HTTP's own
            "Content-Type": kind,
            "Access-Control-Allow-Origin": "*",  # open data, for any page's script
        },
    )


def _require_known(request: Request, words: frozenset[str]) -> None:
    """Refuse what is no word of the query, and what we do not answer."""
    asked = request.query_params
    if len(request.url.query) > MOST_QUERY:
        raise OversizeError("The query is longer than {most} letters.", most=MOST_QUERY)
    columns = set(resources.open_frame().columns) if words > EVERYWHERE else set()
    if unknown := sorted(set(asked) - words - columns):
        raise RequestError(
            "The query says {unknown}, which is not known here.",
            unknown=", ".join(unknown)[:200],
        )
    if asked.get("f", "") not in JSON_FORMS:
        raise RequestError("The answer is JSON; another format is not offered.")
    if any(asked.get(name, "") not in CRS84 | {""} for name in ("crs", "bbox-crs")):
        raise RequestError("Coordinates are told in CRS84, degrees, and no other way.")


def _as_json(request: Request) -> Request:
    """Ask for JSON whatever the asker's program would rather have."""
    told = [*request.query_params.multi_items(), ("f", "json")]
    told = [pair for pair in told[:-1] if pair[0] != "f"] + told[-1:]
    headers = [
        (name, value)
        for name, value in request.scope["headers"]
        if name in {b"host", b"accept-language"}
    ]
    return Request({
        **request.scope,
        "query_string": urlencode(told).encode(),
        "headers": headers,
    })


def _without_pages(told: Any) -> Any:  # noqa: ANN401 - any JSON
    """Leave out links to what is not answered."""
    if isinstance(told, list):
        return [_without_pages(one) for one in told]
    if not isinstance(told, dict):
        return told
    kept = {name: _without_pages(value) for name, value in told.items()}
    if isinstance(kept.get("links"), list):
        kept["links"] = [one for one in kept["links"] if _is_answered(one)]
    return kept


def _is_answered(link: object) -> bool:
    if not isinstance(link, dict):
        return False
    kind = str(link.get("type", ""))
    gone = ("processes", "jobs", "tiling-schemes", "tilematrixsets", "TileMatrixSets")
    return kind.startswith((*LINKED, OPENAPI)) and not str(link.get("href")).endswith(
        gone
    )


@lru_cache(maxsize=8)
def _api(folder: str, root: str) -> Any:  # noqa: ANN401 - pygeoapi has no types
    """Set pygeoapi up for a published version, seen at an address."""
    from pygeoapi.api import API  # noqa: PLC0415 - heavy
    from pygeoapi.openapi import get_oas  # noqa: PLC0415 - heavy

    with speaking("en"):  # what programs read
        config = config_of(resources.published(), root, t("Published land"), folder)
    return API(config, get_oas(config))

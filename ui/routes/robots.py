"""`/robots.txt` and `/sitemap.xml`: what a search engine may read, and where it is."""

from collections.abc import Iterator
from html import escape
from typing import Final
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from gis.errors import LandMapError
from ui import light_land, resources
from ui.light_page import POLICY, root_of
from ui.routes.desk import refusal

MOST_IN_A_MAP: Final = 20_000
HEADERS: Final = {
    "Cache-Control": "public, max-age=3600",
    "Content-Security-Policy": POLICY,
}
NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
# Questions of the map and its tiles are no pages.
UNREAD: Final = ("parcels", "tiles", "print", "measure", "places", "_stcore", "media")


async def robots(request: Request) -> Response:
    """Answer `/robots.txt`."""
    root = root_of(request)
    lines = ["User-agent: *", *(f"Disallow: /{one}/" for one in UNREAD), ""]
    return PlainTextResponse(
        "\n".join([*lines, f"Sitemap: {root}/sitemap.xml", ""]), headers=HEADERS
    )


async def sitemap(request: Request) -> Response:
    """Answer `/sitemap.xml`: all plain pages; with `?part=` a part of many."""
    return await run_in_threadpool(_sitemap, request)


def _sitemap(request: Request) -> Response:
    try:
        root, paths = root_of(request), list(_paths())
    except LandMapError as error:
        return refusal(error, "en")
    part = request.query_params.get("part", "")
    parts = range(0, len(paths), MOST_IN_A_MAP)
    if len(parts) > 1 and not part:
        inner = "".join(
            f"<sitemap><loc>{escape(root)}/sitemap.xml?part={number}</loc></sitemap>"
            for number in range(len(parts))
        )
        return _xml("sitemapindex", inner)
    number = int(part) if part.isascii() and part.isdigit() and len(part) < 4 else 0  # noqa: PLR2004 - a thousand maps
    first = number * MOST_IN_A_MAP
    inner = "".join(
        f"<url><loc>{escape(root + path)}</loc></url>"
        for path in paths[first : first + MOST_IN_A_MAP]
    )
    return _xml("urlset", inner)


def _paths() -> Iterator[str]:
    yield from ("/land", "/zone", "/open")
    yield from (f"/zone/{quote(code, safe='')}" for code in light_land.zone_codes())
    table = resources.facts().table
    yield from (f"/land/{quote(str(one), safe='')}" for one in table.index)


def _xml(name: str, inner: str) -> Response:
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{name} xmlns="{NAMESPACE}">'
        f"{inner}</{name}>\n"
    )
    return Response(text, media_type="application/xml", headers=HEADERS)

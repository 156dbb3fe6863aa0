"""`/land`, `/zone`: published land and zones as plain pages with stable addresses."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from gis.errors import LandMapError, LayerMissingError
from ui import light_land, resources
from ui.base_path import base_path
from ui.i18n import DEFAULT, LANGUAGES, speaking, t, tell
from ui.light_page import POLICY, Page, root_of, written

ON_A_PAGE: Final = 100
KEPT: Final = {
    "Cache-Control": "public, max-age=300",
    "Content-Security-Policy": POLICY,
}
NOT_KEPT: Final = {"Cache-Control": "no-store", "Content-Security-Policy": POLICY}
_MOST_DIGITS: Final = 6

Write = Callable[[Request], str]


@dataclass(frozen=True)
class Place:
    """A county in the list: its code, its name, how many parcels it has."""

    code: str
    name: str
    count: int


async def land(request: Request) -> Response:
    """Answer `/land/{id}`: one parcel."""
    return await answered(request, _land)


async def land_list(request: Request) -> Response:
    """Answer `/land`: the parcels, of a county with `?in=`, a page at a time."""
    return await answered(request, _land_list)


async def zone(request: Request) -> Response:
    """Answer `/zone/{code}`: one development zone and its land."""
    return await answered(request, _zone)


async def zone_list(request: Request) -> Response:
    """Answer `/zone`: the development zones."""
    return await answered(request, _zone_list)


async def answered(request: Request, write: Write) -> Response:
    """Answer with a page, written in a thread in the reader's language.

    Args:
        request: What is asked for.
        write: Writes the page.

    Returns:
        The page; 404 where nothing of it is published, 503 where the data cannot be
        read, each as a page that says so.
    """
    return await run_in_threadpool(_answer, request, write)


def _answer(request: Request, write: Write) -> Response:
    with speaking(spoken_of(request)):
        try:
            return HTMLResponse(write(request), headers=KEPT)
        except LayerMissingError:
            page = page_of(request, t("Nothing is here"), "")
            text = written("absent.html", page)
            return HTMLResponse(text, 404, headers=NOT_KEPT)
        except LandMapError as error:
            text = tell(error)
            return Response(text, 503, headers=NOT_KEPT, media_type="text/plain")


def spoken_of(request: Request) -> str:
    """Return the language an address asks for; Chinese where it names none."""
    asked = request.query_params.get("lang", "")
    return asked if asked in LANGUAGES else DEFAULT


def page_of(request: Request, heading: str, description: str, **extra: str) -> Page:
    """Frame a page.

    Args:
        request: What was asked for.
        heading: What the page is about.
        description: The same in a sentence.
        **extra: Further words of its address.

    Returns:
        The frame; its address is that of the request, without the language.
    """
    return Page(
        heading=heading,
        description=description,
        path=request.url.path.removeprefix(base_path()),
        published=resources.published(),
        root=root_of(request),
        extra={name: value for name, value in extra.items() if value},
    )


def _land(request: Request) -> str:
    one = light_land.land_of(str(request.path_params["parcel_id"]))
    page = page_of(request, one.name or one.parcel_id, one.summary)
    return written("land.html", page, land=one)


def _land_list(request: Request) -> str:
    table = resources.facts().table
    counties = light_land.counties(table)
    asked = request.query_params.get("in", "")
    place = {code: name for code, name, _ in counties}.get(asked, "")
    if asked and not place:
        raise LayerMissingError("There is no published land in {place}.", place=asked)
    if place:
        table = table[(table["county_code"].astype(str) == asked).to_numpy()]
    number = _page_number(request)
    first = number * ON_A_PAGE
    shown = table.iloc[first : first + ON_A_PAGE]
    if number and shown.empty:
        raise LayerMissingError("There is no such page.")
    title = t("Published land: {place}", place=place) if place else t("Published land")
    told = t("{count} parcels", count=f"{len(table):,}")
    turned = {"in": asked} if place else {}
    page = page_of(request, title, told, **turned, page=str(number) if number else "")
    last = first + ON_A_PAGE >= len(table)
    return written(
        "land_list.html",
        page,
        rows=light_land.rows_of(shown),
        places=() if place else [Place(*one) for one in counties],
        before=_turned(page, turned, number - 1) if number else "",
        after="" if last else _turned(page, turned, number + 1),
    )


def _page_number(request: Request) -> int:
    """Read which page of a list is asked for; the first where that is no number."""
    asked = request.query_params.get("page", "")
    known = asked.isascii() and asked.isdigit() and len(asked) <= _MOST_DIGITS
    return int(asked) if known else 0


def _turned(page: Page, words: Mapping[str, str], number: int) -> str:
    """Name another page of a list, in the same language."""
    told = dict(words)
    if number:
        told["page"] = str(number)
    if page.query:
        told["lang"] = page.language
    return f"{page.base}{page.path}" + (f"?{urlencode(told)}" if told else "")


def _zone(request: Request) -> str:
    one = light_land.zone_of(str(request.path_params["code"]))
    summary = " · ".join(
        filter(
            None,
            (
                one.place,
                t("{count} parcels", count=f"{one.count:,}"),
                t("{mu} mu", mu=one.area),
            ),
        )
    )
    rows = light_land.rows_of(light_land.land_in_zone(one.code))
    page = page_of(request, one.name, summary)
    return written("zone.html", page, zone=one, rows=rows)


def _zone_list(request: Request) -> str:
    found = light_land.zones()
    told = t("{count} development zones", count=f"{len(found):,}")
    page = page_of(request, t("Development zones"), told)
    return written("zone_list.html", page, zones=found)

"""Nothing that must stay inside leaves a public process, by any door.

A home is planted with canaries: words in every private field, figures nobody rounds,
and the true vertices themselves. Every public route is asked, well and badly, every
public page is opened in a browser that listens to its websocket, and each answer is
read to the bottom: packed, tiled, in metadata and statistics.

A new route fails `test_every_public_route_is_crawled` until it is listed in `CRAWLED`;
a new public page is opened without being listed.
"""

import gzip
import http.client
import json
import math
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from leak_home import Secrets, plant, secrets_of
from leak_reading import Reader
from playwright.sync_api import Browser

from layers.facts_store import FactStore
from layers.open_data import FORMATS
from layers.published import published_home
from layers.store import LayerStore
from layers.tiles import tile_source
from ui import access
from ui.page_list import pages_of
from ui.public_world import page_paths
from ui.routes import office_routes, page_routes, public_routes, routes
from ui.settings import Settings

ZOOMS = (6, 10, 13, 16, 18)
EXACT_ZOOM = 16  # from here on a unit of a tile is less than 0.2 m
TILED_PARCELS = 6


@dataclass(frozen=True)
class Answer:
    """What a public process said."""

    path: str
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        return self.headers.get("content-type", "")


class Visitor:
    """Asks a public process.

    Args:
        address: Its address.
        settings: Its home.
    """

    def __init__(self, address: str, settings: Settings) -> None:
        self.address, self.settings = address, settings
        self.folder = published_home(settings.home)
        self.facts = FactStore(self.folder / "facts").read()
        self.store = LayerStore(self.folder / "layers")

    @property
    def version(self) -> str:
        return self.facts.layers["parcels"]

    def ask(self, path: str, body: object = None, **headers: str) -> Answer:
        server = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=120)
        sent = None if body is None else json.dumps(body)
        own = {"Accept-Encoding": "gzip", **headers}
        if sent is not None:
            own |= {"Origin": self.address, "Content-Type": "application/json"}
        server.request("GET" if sent is None else "POST", path, sent, own)
        answer = server.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        packed = told.get("content-encoding") == "gzip"
        raw = answer.read()
        body_read = gzip.decompress(raw) if packed and raw else raw
        read = Answer(path, answer.status, told, body_read)
        server.close()
        return read

    def some(self) -> list[str]:
        """Name a few published parcels."""
        return [str(one) for one in self.facts.table.index[::60]]

    def box(self, row: int) -> list[float]:
        sides = self.facts.table[["minx", "miny", "maxx", "maxy"]].iloc[row]
        west, south, east, north = (float(one) for one in sides)
        return [west - 0.01, south - 0.01, east + 0.01, north + 0.01]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return plant(tmp_path_factory.mktemp("leaks"))


@pytest.fixture(scope="module")
def secrets(planted: Settings) -> Secrets:
    return secrets_of(planted)


@pytest.fixture(scope="module")
def visitor(planted: Settings, running: Any) -> Iterator[Visitor]:
    environment = {
        "LANDMAP_SAMPLE": str(planted.sample),
        "LANDMAP_CATALOG": os.pathsep.join(map(str, planted.catalog)),
        "LANDMAP_PUBLISHING": str(planted.publishing),
        "LANDMAP_PUBLIC": "true",
        "LANDMAP_QUOTA_REQUESTS": "100000",
    }
    with running(planted.home, **environment) as address:
        yield Visitor(address, planted)


@pytest.fixture
def reader(secrets: Secrets, planted: Settings) -> Reader:
    return Reader(secrets, planted)


Asks = Iterator[tuple[str, object]]


def plain(*paths: str) -> Callable[[Visitor], Asks]:
    """Ask some paths as they are, in both languages."""

    def asks(_visitor: Visitor) -> Asks:
        for path in paths:
            yield path, None
            yield f"{path}{'&' if '?' in path else '?'}lang=en", None

    return asks


def places_of_parcels(visitor: Visitor) -> Asks:
    for row in range(0, len(visitor.facts.table), 40):
        lon, lat = (visitor.facts.table[name].iloc[row] for name in ("lon", "lat"))
        yield f"/parcels/at?lng={lon}&lat={lat}", None
        yield f"/parcels/{row}?version={visitor.version}&lang=en", None
    yield "/parcels/at?lng=900&lat=x", None
    yield "/parcels/999999999?version=0", None


def totals(visitor: Visitor) -> Asks:
    everywhere = [[[103, 24], [110, 24], [110, 30], [103, 30], [103, 24]]]
    yield "/parcels/totals", {"places": [0, 1, 5], "version": visitor.version}
    yield "/parcels/totals", {"places": [0], "version": "0"}
    yield (
        "/parcels/totals?lang=en",
        {"area": {"type": "Polygon", "coordinates": everywhere}},
    )
    yield "/parcels/totals", {"places": ["x"]}
    for row in range(3):
        west, south, east, north = visitor.box(row)
        ring = [
            [west, south],
            [east, south],
            [east, north],
            [west, north],
            [west, south],
        ]
        yield "/parcels/totals", {"area": {"type": "Polygon", "coordinates": [ring]}}


def measures(_visitor: Visitor) -> Asks:
    line = {"type": "LineString", "coordinates": [[106.1, 26.1], [106.2, 26.2]]}
    yield "/measure", line
    yield "/measure", {"type": "nothing"}


def sheets(visitor: Visitor) -> Asks:
    open_to_all = ["parcels", "zoning", "county", "interchange"]
    for kind, layers in (
        ("pdf", open_to_all),
        ("png", open_to_all),
        ("pdf", ["redline"]),
        ("pdf", ["substation"]),
    ):
        yield (
            "/print?lang=en",
            {
                "view": {"box": visitor.box(0), "zoom": 15},
                "layers": [{"name": name, "opacity": 1} for name in layers],
                "candidates": [{"place": 0, "rank": 1}],
                "chosen": 0,
                "title": "A sheet",
                "format": kind,
                "version": visitor.version,
            },
        )
    yield "/print", {"view": None}


def tiles(visitor: Visitor) -> Asks:
    for layer, version in [*visitor.store.versions().items(), ("redline", "0" * 16)]:
        for z in ZOOMS:
            for row in range(TILED_PARCELS):
                x, y = tile_at(visitor, row, z)
                yield f"/tiles/{layer}/{version}/{z}/{x}/{y}.mvt", None
    yield f"/tiles/parcels/{visitor.version}/16/0/0.mvt?for=staff", None
    yield "/tiles/parcels/0000/x/0/0.mvt", None


def tile_at(visitor: Visitor, row: int, z: int) -> tuple[int, int]:
    """Name the tile that a published parcel lies in."""
    lon, lat = (float(visitor.facts.table[one].iloc[row]) for one in ("lon", "lat"))
    north = math.asinh(math.tan(math.radians(lat)))
    return int((lon + 180) / 360 * 2**z), int((1 - north / math.pi) / 2 * 2**z)


def pictures(_visitor: Visitor) -> Asks:
    yield "/tiles/orthophoto/0000/9/0/0.png", None
    yield "/tiles/parcels/0000/9/0/0.png", None


def map_settings(visitor: Visitor) -> Asks:
    yield from plain("/map/none.json", "/map/none.json?for=staff")(visitor)


def coverages(visitor: Visitor) -> Asks:
    for name, version in visitor.store.versions().items():
        yield f"/coverage/{name}/{version}.json", None
    yield "/coverage/substation/0000.json", None


def parcels_pages(visitor: Visitor) -> Asks:
    for parcel in visitor.some():
        yield f"/land/{quote(parcel)}", None
        yield f"/land/{quote(parcel)}?lang=en", None
    yield "/land/nobody", None


def parcel_lists(visitor: Visitor) -> Asks:
    yield from plain("/land", "/land?page=1", "/land?page=99", "/land?in=x")(visitor)
    for county in visitor.facts.table["county_code"].astype(str).unique()[:5]:
        yield f"/land?in={county}", None


def leaflets(visitor: Visitor) -> Asks:
    """Ask for leaflets of one and of several parcels, and of none."""
    first, second, third, *_ = map(quote, visitor.some())
    yield f"/leaflet.pdf?list={first}", None
    yield f"/leaflet.pdf?list={first},{second},{third},nobody&lang=en", None
    for nothing in ("", "?list=nobody", "?list=,,,", f"?list={'x,' * 9}"):
        yield f"/leaflet.pdf{nothing}", None


def zone_pages(visitor: Visitor) -> Asks:
    for code in map(str, visitor.store.read("development_zone", columns=[]).index):
        yield f"/zone/{code}", None
    yield "/zone/nobody?lang=en", None


def files(_visitor: Visitor) -> Asks:
    for name in (*FORMATS, "parcels.xlsx"):
        yield f"/open/{name}", None


def items(visitor: Visitor) -> Asks:
    at = "/ogc/collections/parcels/items"
    yield from plain(
        f"{at}?limit=1000",
        f"{at}?limit=5&offset=20&sortby=-area_m2&properties=name,area_m2",
        f"{at}?resulttype=hits",
        f"{at}?bbox=106,26,107,27&skipGeometry=true",
        f"{at}?holder=x",
        f"{at}?filter=area_m2>1",
        f"{at}?limit=-1",
        f"{at}?f=html",
        "/ogc/collections/substation/items",
    )(visitor)
    yield f"{at}?stock_status=net_land", None


def item(visitor: Visitor) -> Asks:
    for parcel in (*visitor.some()[:3], "nobody"):
        yield f"/ogc/collections/parcels/items/{quote(parcel)}", None


def of_collections(*ends: str) -> Callable[[Visitor], Asks]:
    """Ask of a collection that is there, and of one that is not."""
    names = ("parcels", "substation")
    return plain(*(f"/ogc/collections/{name}{end}" for name in names for end in ends))


CRAWLED: dict[str, Callable[[Visitor], Asks]] = {
    "/assets/map.js": plain("/assets/find_site.css"),
    "/assets": plain("/assets/light_page.css", "/assets/nothing.js"),
    "/healthz": plain("/healthz"),
    "/tiles/{layer}/{version}/{z}/{x}/{y}.mvt": tiles,
    "/tiles/{layer}/{version}/{z}/{x}/{y}.png": pictures,
    "/map/{digest}.json": map_settings,
    "/names/{version}.json": plain("/names/none.json"),
    "/coverage/{layer}/{version}.json": coverages,
    "/parcels/at": places_of_parcels,
    "/parcels/totals": totals,
    "/parcels/{place}": places_of_parcels,
    "/measure": measures,
    "/coordinates": plain("/coordinates?lng=106.7&lat=26.6", "/coordinates?lng=x"),
    "/places": plain(
        "/places?q=gz", "/places?q=GZ-5", "/places?in=", "/places?in=520100"
    ),
    "/print": sheets,
    "/land": parcel_lists,
    "/land/{parcel_id}": parcels_pages,
    "/zone": plain("/zone"),
    "/zone/{code}": zone_pages,
    "/leaflet.pdf": leaflets,
    "/open": plain("/open"),
    "/open/{file}": files,
    "/robots.txt": plain("/robots.txt"),
    "/sitemap.xml": plain("/sitemap.xml", "/sitemap.xml?part=9"),
    "/ogc": plain("/ogc", "/ogc?f=html"),
    "/ogc/conformance": plain("/ogc/conformance"),
    "/ogc/openapi": plain("/ogc/openapi"),
    "/ogc/collections": plain("/ogc/collections"),
    "/ogc/collections/{name}": of_collections(""),
    "/ogc/collections/{name}/schema": of_collections("/schema"),
    "/ogc/collections/{name}/queryables": of_collections("/queryables"),
    "/ogc/collections/{name}/items": items,
    "/ogc/collections/{name}/items/{parcel_id}": item,
}
TILE = re.compile(r"/(\d+)/(\d+)/(\d+)\.mvt$")
SHUT = (
    *("/ledger", "/today", "/administration", "/exchange", "/inquiries", "/check"),
    *("/_stcore/metrics", "/_stcore/upload_file/a/b", "/_stcore/agent/openapi.json"),
    *("/_stcore/agent/mcp", "/_stcore/script-health-check", "/oauth2callback"),
    *("/auth/login", "/auth/logout", "/actor", "//actor", "/actor/", "/nothing"),
)


def route_names(made: list[Any]) -> set[str]:
    """Return paths of routes; the map's script is named after what is in it."""
    paths = {str(route.path) for route in made}
    return {"/assets/map.js" if one.startswith("/assets/") else one for one in paths}


def test_every_public_route_is_crawled() -> None:
    assert route_names(public_routes()) == set(CRAWLED)
    inside = route_names([*office_routes(), *page_routes()])
    assert route_names(routes()) == set(CRAWLED) | inside


@pytest.mark.parametrize("route", CRAWLED)
def test_no_answer_holds_what_stays_inside(
    visitor: Visitor, reader: Reader, route: str, tmp_path: Path
) -> None:
    answered = 0
    for path, body in CRAWLED[route](visitor):
        answer = visitor.ask(path, body)
        assert answer.status < 500, (path, answer.body[:300])
        answered += answer.status in {200, 204}
        held = reader.found(answer.body, answer.kind)
        if at := TILE.search(path):
            z, x, y = map(int, at.groups())
            if answer.status == 200 and z >= EXACT_ZOOM:
                held += reader.tile(answer.body, (z, x, y), tmp_path)
        told = json.dumps(answer.headers).encode()
        assert held + reader.found(told, "headers") == [], path
        require_headers(answer)
    assert answered or route.endswith(".png")


def require_headers(answer: Answer) -> None:
    """Hold an answer to the headers of every public address."""
    headers = answer.headers
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'self'" in policy, answer.path
    assert "unsafe-eval" not in policy or answer.path.startswith("/component/")
    assert "http:" not in policy
    assert "https:" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "set-cookie" not in headers or "_streamlit_xsrf" in headers["set-cookie"]


def test_the_reader_finds_what_is_there(
    planted: Settings, reader: Reader, secrets: Secrets, tmp_path: Path
) -> None:
    """A leak test that finds nothing must be one that could."""
    private = LayerStore(planted.home / "layers")
    data = (private.folder("parcels") / "data.parquet").read_bytes()
    held = reader.found(data, "application/parquet")
    assert {one.split()[0] for one in held} == {"word", "figure", "vertex"}
    source = tile_source(private, "parcels")
    lon, lat = shapely.get_coordinates(private.read("parcels").geometry.iloc[0])[0]
    north = math.asinh(math.tan(math.radians(lat)))
    x, y = int((lon + 180) / 360 * 2**16), int((1 - north / math.pi) / 2 * 2**16)
    drawn = source.tile(16, x, y, internal=True)
    assert any("vertex" in one for one in reader.tile(drawn, (16, x, y), tmp_path))
    told = f"{secrets.figures[0]:,.2f} {next(iter(secrets.mu))} mu {lon},{lat}"
    assert {one.split()[0] for one in reader.found(told.encode(), "text/html")} == {
        *("figure", "area", "vertex")
    }


@pytest.mark.parametrize("path", SHUT)
def test_what_is_not_public_is_not_there(
    visitor: Visitor, reader: Reader, path: str
) -> None:
    for body in (None, {"actor": "province"}):
        answer = visitor.ask(path, body, Cookie="landmap_actor=forged")
        assert answer.status in {404, 400}, path
        assert reader.found(answer.body, answer.kind) == []
        require_headers(answer)


def test_a_parcel_nobody_published_is_answered_as_one_that_never_was(
    visitor: Visitor, secrets: Secrets
) -> None:
    for at in ("/land/{}", "/ogc/collections/parcels/items/{}", "/?parcel={}"):
        hidden, never = (
            visitor.ask(at.format(quote(one)))
            for one in (secrets.hidden_ids[0], "GZ-no-1")
        )
        assert hidden.status == never.status
        said = hidden.body.replace(quote(secrets.hidden_ids[0]).encode(), b"GZ-no-1")
        assert said == never.body
    found = visitor.ask(f"/places?q={quote(secrets.hidden_ids[0])}")
    assert json.loads(found.body) == {"places": []}


def test_no_cookie_makes_a_visitor_an_official(
    visitor: Visitor, planted: Settings
) -> None:
    cookie = f"{access.COOKIE}={access.sign('province', planted)}"
    tile = f"/tiles/parcels/{visitor.version}/12/3262/1735.mvt?for=staff"
    assert visitor.ask(tile, Cookie=cookie).status == 403
    assert visitor.ask("/map/x.json?for=staff", Cookie=cookie).status == 403


def test_gdal_reads_all_features_that_are_published(visitor: Visitor) -> None:
    source = f"OAPIF:{visitor.address}/ogc"
    assert [name for name, _ in pyogrio.list_layers(source)] == ["parcels"]
    read = pyogrio.read_dataframe(source, layer="parcels")
    assert len(read) == len(visitor.facts.table)
    assert set(read["parcel_id"]) == set(visitor.facts.table.index)
    assert set(read.columns) & {"holder", "note", "area_declared_m2"} == set()


def test_every_open_file_holds_all_parcels_with_licence_and_date(
    visitor: Visitor,
) -> None:
    count = len(visitor.facts.table)
    table = pq.read_table(BytesIO(visitor.ask("/open/parcels.parquet").body))
    assert table.num_rows == count
    assert table.schema.metadata[b"licence"] == b"Apache-2.0 (part of LandMap)"
    assert table.schema.metadata[b"data_date"] == b"2026-06-30"
    assert b"Synthetic" in table.schema.metadata[b"notice"]
    told = json.loads(visitor.ask("/open/parcels.geojson").body)
    assert len(told["features"]) == count
    assert told["licence"] == "Apache-2.0 (part of LandMap)"
    assert told["synthetic"] is True
    lines = visitor.ask("/open/parcels.csv").body.decode("utf-8-sig").splitlines()
    assert len(lines) == count + 1
    assert lines[0].endswith(
        "licence,data_date,published_at,edition_of_rules,crs_name,synthetic,notice"
    )


@pytest.mark.browser
def test_no_public_page_shows_or_receives_what_stays_inside(
    visitor: Visitor, reader: Reader, browser: Browser, asking: Any
) -> None:
    heard: list[tuple[str, str, bytes]] = []

    def listen(socket: Any) -> None:
        def keep(frame: str | bytes) -> None:
            told = frame.encode() if isinstance(frame, str) else frame
            heard.append((socket.url, "frame", told))

        socket.on("framereceived", keep)

    with asking(browser, visitor.address) as profile:
        parcel = f"parcel={quote(visitor.some()[0])}"
        for path in (*page_paths(), f"/?{parcel}", f"/parcel?{parcel}"):
            page = profile.new_page()
            page.on("websocket", listen)
            page.goto(f"{visitor.address}{path}")
            page.wait_for_selector('[data-test-script-state="notRunning"]')
            page.wait_for_timeout(1_500)  # what comes after the run: tiles, fragments
            heard.append((path, "page", page.content().encode()))
            heard += [
                (path, "frame of the page", inner.content().encode())
                for inner in page.frames[1:]
            ]
            page.close()
    kinds = {kind for _, kind, _ in heard}
    assert kinds >= {"frame", "page"}
    assert len({path for path, kind, _ in heard if kind == "page"}) > len(
        pages_of(public=True)
    )
    for at, kind, told in heard:
        assert reader.found(told, kind) == [], at


def test_a_public_process_reads_nothing_beside_what_is_published(
    visitor: Visitor, planted: Settings
) -> None:
    """The last of the file: the offices' stores are taken away while it runs."""
    for name in ("layers", "facts", "rasters"):
        folder = planted.home / name
        if folder.exists():
            folder.rename(folder.with_name(f"{name}.away"))
    try:
        for path in (
            "/land?page=2&lang=en",
            f"/land/{quote(visitor.some()[-1])}",
            "/names/none.json?lang=en",
            f"/tiles/county/{visitor.store.version('county')}/5/25/13.mvt",
            f"/parcels/7?version={visitor.version}",
            "/places?q=gui&lang=en",
            "/ogc/collections/parcels/items?limit=3",
            "/healthz",
        ):
            assert visitor.ask(path).status == 200, path
    finally:
        for away in planted.home.glob("*.away"):
            away.rename(away.with_name(away.name.removesuffix(".away")))

"""Vector tiles over HTTP: by role, by version, each refusal with its reason."""

import asyncio
import gzip
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import Route
from starlette.testclient import TestClient

from gis.errors import StoreError
from gis.mercator import BITS, HALF, to_world
from layers.tile_build import tiles_folder
from ui import access, resources
from ui.routes import tiles
from ui.routes.map_setting import map_setting
from ui.routes.tiles import TileDesk, Wanted, tile
from ui.settings import Settings, settings

Z = 14
FOR_EVER = "max-age=31536000, immutable"


@dataclass(frozen=True)
class Asking:
    """A reader who asks for tiles."""

    client: TestClient
    chosen: Settings

    def ask(self, name: str = "parcels", at: str = "", **more: str):
        version = more.pop("version", "") or resources.map_version(name)
        actor = more.pop("actor", "public")
        self.client.cookies.set(access.COOKIE, access.sign(actor, self.chosen))
        query = "?for=staff" if more.pop("staff", "") else ""
        return self.client.get(
            f"/tiles/{name}/{version}/{at or somewhere()}.mvt{query}",
            headers={"accept-encoding": more.pop("accept", "gzip")},
        )


@pytest.fixture
def asking(at_home: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asking]:
    settings.cache_clear()
    st.cache_resource.clear()
    monkeypatch.setattr(tiles, "DESK", TileDesk(tiles._packed))
    routes = [
        Route("/tiles/{layer}/{version}/{z}/{x}/{y}.mvt", tile),
        Route("/map/{digest}.json", map_setting),
    ]
    yield Asking(TestClient(Starlette(routes=routes)), at_home)
    settings.cache_clear()
    st.cache_resource.clear()


def somewhere(z: int = Z, row: int = 5) -> str:
    """Return the address of the tile around a parcel."""
    parcel = resources.facts().table.iloc[row]
    east, south = to_world(np.array([parcel["lon"]]), np.array([parcel["lat"]]))
    x, y = ((int(n[0]) + int(HALF)) >> (BITS - z) for n in (east, south))
    return f"{z}/{x}/{y}"


def test_everybody_gets_public_ground_and_may_keep_it(asking: Asking) -> None:
    answer = asking.ask()
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    assert answer.headers["cache-control"] == f"public, {FOR_EVER}"
    assert answer.headers["content-encoding"] == "gzip"
    assert b"outlines" in answer.content


def test_whoever_takes_no_gzip_gets_the_same_tile(asking: Asking) -> None:
    packed, plain = asking.ask(), asking.ask(accept="identity")
    assert "content-encoding" not in plain.headers
    assert plain.content == packed.content  # the client unpacked the other
    assert gzip.compress(plain.content)


def test_the_cookie_decides_who_sees_what_is_internal(asking: Asking) -> None:
    assert asking.ask(staff="yes").status_code == 403
    assert asking.ask(staff="yes", actor="investor").status_code == 403
    office = asking.ask(staff="yes", actor="planner")
    assert office.status_code == 200
    assert office.headers["cache-control"] == f"private, {FOR_EVER}"
    assert office.headers["vary"] == "Cookie"


def test_outside_the_demo_no_cookie_of_it_opens_anything(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANDMAP_DEMO", "false")
    settings.cache_clear()
    assert asking.ask(staff="yes", actor="planner").status_code == 403


def test_an_internal_parcel_leaves_in_no_public_tile(asking: Asking) -> None:
    table = resources.facts().table
    hidden = np.flatnonzero(table["publish"].astype("str") != "public")
    assert hidden.size
    for z in (8, 12, 14, 17):
        at = somewhere(z, int(hidden[0]))
        guest = asking.ask(at=at)
        office = asking.ask(at=at, staff="yes", actor="planner")
        assert office.content != guest.content
        assert len(office.content) > len(guest.content)


def test_an_internal_layer_is_as_if_it_were_not(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = resources.catalog()["redline"].model_copy(update={"publish": "internal"})
    catalog = resources.catalog().joined({"redline": secret})
    monkeypatch.setattr(resources, "catalog", lambda: catalog)
    made: Any = resources._map_setting  # of a catalogue that never changes in a process
    made.cache_clear()
    unknown, hidden = asking.ask("nothing", version="ab12"), asking.ask("redline")
    assert (hidden.status_code, hidden.json()) == (404, unknown.json())
    assert asking.ask("redline", staff="yes", actor="planner").status_code in {200, 204}
    told = asking.client.get("/map/x.json?lang=en").json()
    assert "redline" not in {layer["name"] for layer in told["layers"]}


def test_where_nothing_lies_the_answer_is_empty(asking: Asking) -> None:
    answer = asking.ask(at="14/0/0")
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["cache-control"] == f"public, {FOR_EVER}"


@pytest.mark.parametrize(
    "at", ["14/13048/x", "14/-1/6935", "99/0/0", "3/8/0", "3/0/8", "1e1/0/0"]
)
def test_rubbish_is_not_found_and_says_why(asking: Asking, at: str) -> None:
    answer = asking.ask(at=at)
    assert answer.status_code == 404
    assert "no such tile" in answer.json()["error"]
    assert answer.headers["cache-control"] == "no-store"


def test_no_name_reaches_the_files_before_it_is_known(asking: Asking) -> None:
    for name in ("..", "%2e%2e", "PARCELS", "parcels%00"):
        path = f"/tiles/{name}/ab12/14/1/1.mvt"
        assert asking.client.get(path).status_code == 404
    assert asking.ask(version="..%2f..").status_code == 404
    assert asking.ask(version="secret.key").status_code == 404


def test_a_version_that_is_gone_is_told_apart_from_one_that_never_was(
    asking: Asking,
) -> None:
    answer = asking.ask(version="feedfeedfeed")
    assert answer.status_code == 410
    assert "not kept" in answer.json()["error"]


def test_what_was_withdrawn_is_not_served_from_an_older_version(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The older version is kept, but only the newest knows what is public now."""
    older = resources.map_version("parcels")
    at = somewhere()
    assert asking.ask(version=older, at=at).status_code == 200
    monkeypatch.setattr(resources, "map_version", lambda _: "feedfeedfeed")
    withdrawn = asking.ask(version=older, at=at)
    assert withdrawn.status_code == 410
    assert withdrawn.headers["cache-control"] == "no-store"
    office = asking.ask(version=older, at=at, staff="yes", actor="planner")
    assert office.status_code == 200


def test_damaged_data_are_told_and_the_rest_still_works(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(name: str, _version: str) -> None:
        raise StoreError("The layer {layer} is damaged.", layer=name)

    whole = resources.tile_source_of
    monkeypatch.setattr(
        resources,
        "tile_source_of",
        lambda name, version: (broken if name == "redline" else whole)(name, version),
    )
    answer = asking.ask("redline")
    assert answer.status_code == 503
    assert "redline is damaged" in answer.json()["error"]
    assert answer.headers["retry-after"]
    assert asking.ask().status_code == 200


def test_tiles_are_built_before_anybody_asks(at_home: Settings) -> None:
    home = at_home.home / "layers"
    versions = list(home.glob("*/current"))
    assert versions
    for file in versions:
        version = file.read_text("ascii").strip()
        assert (tiles_folder(file.parent / version) / "tiles.json").is_file()


def in_a_loop_of_its_own(ask: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Run a coroutine in a thread: browser tests keep a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(ask())).result()


def _request() -> Request:
    async def nothing() -> dict[str, object]:
        await asyncio.sleep(3_600)
        return {}

    return Request({"type": "http", "headers": []}, nothing)


def test_what_was_made_is_kept_up_to_a_bound() -> None:
    made: list[Wanted] = []

    def make(wanted: Wanted) -> bytes:
        made.append(wanted)
        return bytes(400)

    async def ask() -> None:
        desk = TileDesk(make, kept_bytes=1_000)
        for x in (1, 2, 1, 3, 1, 2):
            await desk.tile(Wanted("a", "b", False, 9, x, 0), _request())  # noqa: FBT003

    in_a_loop_of_its_own(ask)
    assert [wanted.x for wanted in made] == [1, 2, 3, 2]


def test_too_many_are_sent_away_and_the_loop_stays_free() -> None:
    async def ask() -> list[int]:
        desk = TileDesk(lambda _: b"x", waiting=3)
        wanted = [Wanted("a", "b", False, 9, x, 0) for x in range(6)]  # noqa: FBT003
        told = await asyncio.gather(
            *(desk.tile(one, _request()) for one in wanted), return_exceptions=True
        )
        return [one.status_code for one in told if isinstance(one, HTTPException)]

    assert in_a_loop_of_its_own(ask) == [503, 503, 503]

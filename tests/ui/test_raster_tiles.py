"""Tiles of pictures over HTTP: by role, by version, each refusal with its reason."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from ui import access, map_layers, resources, start
from ui.routes.raster_tiles import raster_tile
from ui.secret_key import make_key
from ui.settings import ROOT, Settings, settings

AT = "{x}/{y}.png"
SEEN = {"open": "public", "secret": "internal"}
TOML = """
title = "Aerial imagery"
kind = "imagery"
source = "A test"
licence = "CC0"
data_date = 2026-05-18
path = "../{name}.tif"
publish = "{publish}"
"""
# 106.7 E, 26.6 N at zoom 14 by the spherical formula.
Z, X, Y = 14, 13048, 6935
FOR_EVER = "max-age=31536000, immutable"


@dataclass(frozen=True)
class Desk:
    """A server of tiles and what it serves."""

    client: TestClient
    chosen: Settings
    versions: dict[str, str]

    def ask(self, name: str, at: str = f"{Z}/{X}/{Y}", **more: str):
        version = more.pop("version", self.versions.get(name, "0" * 16))
        actor = more.pop("actor", "public")
        self.client.cookies.set(access.COOKIE, access.sign(actor, self.chosen))
        query = "?for=staff" if more.pop("staff", "") else ""
        return self.client.get(f"/tiles/{name}/{version}/{at}.png{query}")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    catalog = tmp_path / "catalog"
    (catalog / "rasters").mkdir(parents=True)
    data = np.random.default_rng(3).integers(0, 256, (3, 64, 64)).astype(np.uint8)
    for name, publish in SEEN.items():
        told = TOML.format(name=name, publish=publish)
        (catalog / "rasters" / f"{name}.toml").write_text(told, "utf-8")
        with rasterio.open(
            catalog / f"{name}.tif",
            "w",
            driver="GTiff",
            dtype="uint8",
            count=3,
            height=64,
            width=64,
            crs="EPSG:4490",
            transform=from_origin(106.66, 26.64, 0.00125, 0.00125),
        ) as file:
            file.write(data)
    monkeypatch.setenv("LANDMAP_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LANDMAP_CATALOG", str(catalog))
    monkeypatch.setenv("LANDMAP_SAMPLE", str(tmp_path / "no sample"))
    settings.cache_clear()
    (tmp_path / "home").mkdir()
    make_key(settings().secret_file)
    start.fill_rasters(settings(), say=lambda _msgid, _values: None)
    app = Starlette(
        routes=[Route("/tiles/{layer}/{version}/{z}/{x}/{y}.png", raster_tile)]
    )
    kept = resources.raster_store().versions()
    yield Desk(TestClient(app), settings(), kept)
    settings.cache_clear()


def test_everybody_gets_a_public_picture_and_may_keep_it(desk: Desk) -> None:
    answer = desk.ask("open")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.content.startswith(b"\xff\xd8")
    assert answer.headers["cache-control"] == f"public, {FOR_EVER}"


def test_the_rim_is_a_png_and_beyond_is_nothing(desk: Desk) -> None:
    rim = desk.ask("open", "8/203/108")
    beyond = desk.ask("open", "14/0/0")

    assert rim.headers["content-type"] == "image/png"
    assert (beyond.status_code, beyond.content) == (204, b"")
    assert beyond.headers["cache-control"] == f"public, {FOR_EVER}"


def test_an_internal_picture_is_for_offices_that_ask_as_such(desk: Desk) -> None:
    assert desk.ask("secret").status_code == 404
    assert desk.ask("secret", actor="planner").status_code == 404
    assert desk.ask("secret", staff="yes").status_code == 403
    assert desk.ask("secret", staff="yes", actor="investor").status_code == 403
    seen = desk.ask("secret", staff="yes", actor="planner")
    assert seen.status_code == 200
    assert seen.headers["cache-control"] == f"private, {FOR_EVER}"
    assert "Cookie" in seen.headers["vary"]


def test_the_answer_for_an_internal_picture_tells_nothing_of_it(desk: Desk) -> None:
    unknown, hidden = desk.ask("nothing"), desk.ask("secret")
    assert (unknown.status_code, unknown.json()) == (hidden.status_code, hidden.json())


@pytest.mark.parametrize(
    "at",
    ["14/13048/x", "14/-1/6935", "99/0/0", "3/8/0", "3/0/8", "1e1/0/0", "14/1%00/2"],
)
def test_rubbish_is_not_found_and_says_why(desk: Desk, at: str) -> None:
    answer = desk.ask("open", at)
    assert answer.status_code == 404
    assert json.loads(answer.content)["error"]
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("version", ["..", "%2e%2e", "XYZ", "current", "0" * 99])
def test_a_version_that_can_be_none_is_not_found(desk: Desk, version: str) -> None:
    assert desk.ask("open", version=version).status_code == 404


def test_a_version_that_is_gone_is_told_as_gone(desk: Desk) -> None:
    answer = desk.ask("open", version="0123456789abcdef")
    assert answer.status_code == 410
    assert json.loads(answer.content)["error"]


def test_a_damaged_file_is_told_with_what_mends_it(desk: Desk) -> None:
    store = resources.raster_store()
    store.file(store.manifest("open")).write_bytes(b"II*\x00")

    answer = desk.ask("open", "13/6524/3467")

    assert answer.status_code == 503
    assert "landmap ingest open" in json.loads(answer.content)["error"]


def test_a_version_taken_in_as_internal_stays_so(desk: Desk) -> None:
    """What the declaration says today does not open what was closed when it came."""
    store = resources.raster_store()
    hidden = desk.versions["secret"]
    shutil.copytree(store.home / "secret" / hidden, store.home / "open" / hidden[::-1])
    (store.home / "open" / "current").write_text(hidden[::-1], "ascii")

    answer = desk.ask("open", version=hidden[::-1])

    assert answer.status_code == 404


def test_the_base_lists_what_the_reader_may_see(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    del desk
    monkeypatch.setattr(resources, "catalog", dict)
    guest = map_layers.map_layers(internal=False)
    office = map_layers.map_layers(internal=True)

    assert "secret" not in {one["name"] for one in guest}
    by_name = {one["name"]: one for one in office}
    assert by_name["secret"]["url"].endswith(".png?for=staff")
    assert not by_name["open"]["url"].endswith("?for=staff")
    assert by_name["open"]["date"] == "2026-05-18"
    (south, west), (north, east) = by_name["open"]["bounds"]
    box = pytest.approx([106.66, 26.56, 106.74, 26.64])
    assert [west, south, east, north] == box


def test_a_picture_that_is_refused_does_not_stop_a_start(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    (folder / "rasters").mkdir(parents=True)
    (folder / "bad.tif").write_bytes(b"no picture")
    (folder / "rasters" / "bad.toml").write_text(
        TOML.format(name="bad", publish="public"), "utf-8"
    )
    said: list[str] = []
    chosen = Settings(
        home=tmp_path / "home", catalog=(folder,), sample=ROOT / "sample_data"
    )

    start.fill_rasters(chosen, say=lambda msgid, v: said.append(msgid.format(**v)))

    assert any("is not what its suffix says" in one for one in said)
    assert start.rasters_to_load(chosen) == ["bad"]

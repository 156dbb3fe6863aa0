"""Answers are packed once, a question for the head alone is answered, time is told."""

import gzip
import http.client
import math
import re
from urllib.parse import urlsplit

import pytest

from ui import access
from ui.routes.assets import VENDOR

GUIZHOU = (106.7, 26.6)
ASSET = "/assets/vendor/leaflet/leaflet.js"


@pytest.fixture(scope="module")
def tile(desk) -> str:
    """Name a tile with outlines of many counties."""
    lon, lat = GUIZHOU
    z = 7
    x = int((lon + 180) / 360 * 2**z)
    y = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**z)
    version = desk.store.manifest("county").version
    return f"/tiles/county/{version}/{z}/{x}/{y}.mvt"


def ask(
    desk, path: str, *, method: str = "GET", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(urlsplit(desk.address).netloc, timeout=60)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, headers=named)
    answer = connection.getresponse()
    told = {name.lower(): value for name, value in answer.getheaders()}
    read = answer.status, told, answer.read()
    connection.close()
    return read


def test_a_tile_that_is_packed_is_not_packed_again(desk, tile: str) -> None:
    status, headers, packed = ask(desk, tile, accept_encoding="gzip, br")
    _, plain_headers, plain = ask(desk, tile, accept_encoding="identity")
    assert status == 200
    assert headers["content-encoding"] == "gzip"
    assert int(headers["content-length"]) == len(packed)
    assert len(plain) > 1000, "so small a tile would not be packed anyway"
    assert "content-encoding" not in plain_headers
    assert gzip.decompress(packed) == plain


def test_an_asset_is_packed_for_those_who_can_read_it(desk) -> None:
    _, headers, packed = ask(desk, ASSET, accept_encoding="gzip")
    _, plain_headers, plain = ask(desk, ASSET, accept_encoding="identity")
    assert headers["content-encoding"] == "gzip"
    assert "accept-encoding" in headers["vary"].lower()
    assert "content-encoding" not in plain_headers
    assert plain == (VENDOR / "leaflet/leaflet.js").read_bytes()
    assert gzip.decompress(packed) == plain


def test_a_picture_is_left_as_it_is(desk) -> None:
    path = "vendor/leaflet/images/layers-2x.png"
    _, headers, body = ask(desk, f"/assets/{path}", accept_encoding="gzip")
    assert "content-encoding" not in headers
    assert body == (VENDOR.parent / path).read_bytes()


def test_the_head_alone_is_what_the_whole_answer_has(desk, tile: str) -> None:
    own = {"date", "server-timing"}  # of the moment
    for path in (tile, ASSET):
        # Unpacked: Starlette sends no body of a file to be packed, so tells none.
        status, whole, body = ask(desk, path, accept_encoding="identity")
        head, told, nothing = ask(desk, path, method="HEAD", accept_encoding="identity")
        assert (status, head, nothing) == (200, 200, b"")
        assert int(told["content-length"]) == len(body)
        lasting = set(whole) - own - {"vary", "transfer-encoding"}
        assert {name: told[name] for name in lasting} == {
            name: whole[name] for name in lasting
        }
    _, told, _ = ask(desk, tile, method="HEAD", accept_encoding="gzip")
    assert told["content-encoding"] == "gzip"


def test_how_long_a_public_tile_took_is_told_and_nothing_of_a_secret_one(
    desk, tile: str
) -> None:
    _, headers, _ = ask(desk, tile)
    assert re.fullmatch(r"tile;dur=\d+\.\d", headers["server-timing"])
    cookie = f"{access.COOKIE}={access.sign('province', desk.settings)}"
    status, headers, _ = ask(desk, f"{tile}?for=staff", cookie=cookie)
    assert status == 200
    assert headers["cache-control"].startswith("private")
    assert "server-timing" not in headers

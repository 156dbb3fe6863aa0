"""Behind nginx with a prefix, as docs/nginx.conf has it: two processes, one visitor."""

import gzip
import json
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser
from the_map import TheMap

from layers.store import LayerStore
from ui import access
from ui.settings import ROOT, Settings, read_settings

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed"),
]
WHOLE = """
user {owner};
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    log_format told '$status $upstream_addr $upstream_cache_status $request_uri';
    access_log {folder}/access.log told;
    types {{ text/html html; }}
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    {server}
}}
"""
SEAT = "landmap_seat"


class Passed(NamedTuple):
    """A request as nginx told it: what it answered, and whom it asked."""

    status: str
    process: str
    cache: str
    path: str


@dataclass(frozen=True)
class Front:
    """nginx before two processes.

    Attributes:
        address: Its address.
        log: Its log, a line a request.
        home: State of the processes.
        processes: Where they listen.
    """

    address: str
    log: Path
    home: Path
    processes: tuple[str, ...]

    def passed(self) -> list[Passed]:
        """Read what passed; a line is written when its request has ended."""
        return [
            Passed(*line.split(" ", 3))
            for line in self.log.read_text().split("\n")[:-1]
        ]

    def ask(
        self, path: str, cookies: str = "", *, accept: str = "identity"
    ) -> tuple[int, dict[str, str], bytes]:
        connection = HTTPConnection(urlsplit(self.address).netloc, timeout=120)
        headers = {"Accept-Encoding": accept}
        connection.request("GET", path, headers=headers | {"Cookie": cookies})
        with closing(connection):
            answer = connection.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, told, answer.read()

    def as_actor(self, name: str) -> str:
        return f"{access.COOKIE}={access.sign(name, read_settings(home=self.home))}"


@pytest.fixture(scope="module")
def front(
    prepared: Settings,
    running: Callable[..., AbstractContextManager[str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Front]:
    """Run two processes on one home, and nginx before them."""
    folder = tmp_path_factory.mktemp("nginx")
    home = tmp_path_factory.mktemp("fronted") / "home"
    shutil.copytree(prepared.home, home)
    chosen = {
        "LANDMAP_SAMPLE": str(prepared.sample),
        "LANDMAP_BASE_PATH": "gis",
        "LANDMAP_TRUSTED_PROXIES": "127.0.0.1",
    }
    with ExitStack() as servers:
        behind = [servers.enter_context(running(home, **chosen)) for _ in range(2)]
        processes = tuple(urlsplit(address).netloc for address in behind)
        port = _free()
        whole = _written(folder, port, processes)
        command = ["nginx", "-c", str(whole), "-p", str(folder)]
        with (
            (folder / "output").open("wb") as output,
            subprocess.Popen(command, stderr=output) as nginx,
        ):
            try:
                _until_open(port, folder)
                address = f"http://127.0.0.1:{port}"
                yield Front(address, folder / "access.log", home, processes)
            finally:
                nginx.terminate()


def _written(folder: Path, port: int, processes: tuple[str, ...]) -> Path:
    """Write docs/nginx.conf with ports and folders of this run."""
    here = {
        "127.0.0.1:8501": processes[0],
        "127.0.0.1:8502": processes[1],
        "listen 80;": f"listen 127.0.0.1:{port};",
        "/var/cache/nginx-landmap": f"{folder}/cache",
    }
    text = (ROOT / "docs" / "nginx.conf").read_text("utf-8")
    for plain, ours in here.items():
        assert text.count(plain) == 1
        text = text.replace(plain, ours)
    owner = f"{folder.owner()} {folder.group()}"  # root keeps such folders to itself
    whole = folder / "nginx.conf"
    whole.write_text(WHOLE.format(folder=folder, owner=owner, server=text), "utf-8")
    return whole


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _until_open(port: int, folder: Path) -> None:
    end = monotonic() + 20
    while monotonic() < end:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        sleep(0.1)
    pytest.fail(f"nginx does not listen: {(folder / 'output').read_text()}")


def _seat(headers: dict[str, str]) -> str:
    """Read the cookie that keeps a visitor with one process."""
    return headers["set-cookie"].partition(";")[0]


def test_every_address_stands_under_the_prefix(front: Front) -> None:
    status, _, body = front.ask("/gis/healthz")
    assert (status, json.loads(body)) == (200, {"status": "ok"})
    status, headers, _ = front.ask("/gis/assets/vendor/leaflet/leaflet.js")
    assert status == 200
    assert "immutable" in headers["cache-control"]
    for path in ("/gis/", "/gis/healthz", "/gis/assets/shell.css"):
        _, headers, _ = front.ask(path)
        assert "frame-ancestors" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
    assert front.ask("/healthz")[0] == 404
    for path in ("/", "/gis"):
        status, headers, _ = front.ask(path)
        assert (status, urlsplit(headers["location"]).path) == (302, "/gis/")


def test_what_is_text_comes_packed_once(front: Front) -> None:
    _, _, page = front.ask("/gis/")
    script = page.split(b'src="./')[1].split(b'"')[0].decode()
    version = LayerStore(front.home / "layers").manifest("county").version
    tile = f"/gis/tiles/county/{version}/7/101/54.mvt"
    for path in (f"/gis/{script}", "/gis/assets/vendor/leaflet/leaflet.js", tile):
        status, headers, packed = front.ask(path, accept="gzip")
        _, plain_headers, plain = front.ask(path)
        assert status == 200
        assert headers["content-encoding"] == "gzip"
        assert "content-encoding" not in plain_headers
        assert len(packed) < len(plain)
        assert gzip.decompress(packed) == plain


def test_a_visitor_stays_with_one_process_and_visitors_are_shared_out(
    front: Front,
) -> None:
    met: dict[str, set[str]] = {}
    for _ in range(60):  # chance sends them all to one process once in 10^17 runs
        _, headers, _ = front.ask("/gis/healthz")
        seat = _seat(headers)
        assert "HttpOnly" in headers["set-cookie"]
        asked = [front.ask(f"/gis/healthz?seat={seat}", seat) for _ in range(3)]
        assert all("set-cookie" not in headers for _, headers, _ in asked)
        met[seat] = set()
    for one in front.passed():
        _, of, seat = one.path.partition("?seat=")
        if of:
            met[seat].add(one.process)
    assert all(len(processes) == 1 for processes in met.values())
    assert set.union(*met.values()) == set(front.processes)


def test_what_is_public_is_kept_by_nginx_and_what_is_not_never(front: Front) -> None:
    version = LayerStore(front.home / "layers").manifest("county").version
    tile = f"/gis/tiles/county/{version}/6/50/27.mvt"
    office, public = front.as_actor("province"), front.as_actor("public")
    first, again = front.ask(tile, public), front.ask(tile, public)
    assert (first[0], again[0], first[2]) == (200, 200, again[2])
    assert [
        front.ask(f"{tile}?for=staff", who)[0] for who in (office, public, office)
    ] == [
        200,
        403,
        200,
    ]
    kept = [one.cache for one in front.passed() if one.path == tile]
    assert kept == ["MISS", "HIT"]
    asked = [one for one in front.passed() if one.path == f"{tile}?for=staff"]
    assert [one.cache for one in asked] == ["BYPASS"] * 3
    assert all(one.process in front.processes for one in asked)


def test_the_page_and_its_map_work_behind_a_prefix(
    browser: Browser, front: Front
) -> None:
    before = len(front.passed())
    profile = browser.new_context(locale="zh-CN")
    page = profile.new_page()
    asked: list[str] = []
    sockets: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda opened: sockets.append(opened.url))
    page.goto(f"{front.address}/gis/")
    the_map = TheMap(page)
    the_map.frame.wait_for_function("landmap.lit.order.length")
    the_map.look_at(zoom=15)
    the_map.click()
    page.wait_for_selector(".card-head")
    profile.close()
    ours = (f"{front.address}/gis/", "data:", "blob:")
    assert [one for one in asked if not one.startswith(ours)] == []
    assert any("/gis/tiles/" in one for one in asked)
    stream = f"{front.address}/gis/_stcore/stream".replace("http:", "ws:")
    assert sockets
    assert set(sockets) == {stream}
    passed = _until_the_socket_is_told(front, before)
    assert "101" in {one.status for one in passed if one.path.endswith("/stream")}
    assert len({one.process for one in passed if one.process != "-"}) == 1


def _until_the_socket_is_told(front: Front, before: int) -> list[Passed]:
    """Wait for the line of the socket, which is written when it is closed."""
    end = monotonic() + 20
    while monotonic() < end:
        passed = front.passed()[before:]
        if any(one.path.endswith("/_stcore/stream") for one in passed):
            return passed
        sleep(0.1)
    pytest.fail("no socket was opened through nginx")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="processes are not told")
def test_when_a_process_dies_the_other_takes_its_visitors(front: Front) -> None:
    """Ask last: one of the processes is gone afterwards."""
    seats = [_seat(front.ask("/gis/healthz")[1]) for _ in range(20)]
    os.kill(_listening(front.processes[0]), signal.SIGKILL)
    assert {front.ask("/gis/healthz", seat)[0] for seat in seats} == {200}


def _listening(process: str) -> int:
    """Find the process of ours that was told to listen somewhere."""
    words = ["app.py", "--port", process.rpartition(":")[2]]
    (found,) = [
        int(file.parent.name)
        for file in Path("/proc").glob("[0-9]*/cmdline")
        if file.read_text(errors="replace").split("\0")[-4:-1] == words
    ]
    return found

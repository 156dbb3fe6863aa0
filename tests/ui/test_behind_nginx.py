"""Behind nginx with a prefix, as docs/nginx.conf has it: two processes, one visitor."""

import json
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, suppress
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser
from the_map import TheMap

from ui.settings import ROOT

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed"),
]
WHOLE = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    types {{ text/html html; }}
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    {server}
}}
"""


@pytest.fixture(scope="module")
def fronted(
    small_sample: Path,
    running: Callable[..., AbstractContextManager[str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """Run two processes on one home, and nginx before them."""
    folder = tmp_path_factory.mktemp("nginx")
    home = tmp_path_factory.mktemp("fronted")
    chosen = {
        "LANDMAP_SAMPLE": str(small_sample),
        "LANDMAP_BASE_PATH": "gis",
        "LANDMAP_TRUSTED_PROXIES": "127.0.0.1",
    }
    with ExitStack() as servers:
        behind = [servers.enter_context(running(home, **chosen)) for _ in range(2)]
        port = _free()
        text = (ROOT / "docs" / "nginx.conf").read_text("utf-8")
        for plain, address in zip(("8501", "8502"), behind, strict=True):
            there = str(urlsplit(address).port)
            text = text.replace(f"127.0.0.1:{plain}", f"127.0.0.1:{there}")
        text = text.replace("listen 80;", f"listen 127.0.0.1:{port};")
        whole = folder / "nginx.conf"
        whole.write_text(WHOLE.format(folder=folder, server=text), "utf-8")
        command = ["nginx", "-c", str(whole), "-p", str(folder)]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as nginx:
            try:
                _until_open(port)
                yield f"http://127.0.0.1:{port}"
            finally:
                nginx.terminate()


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _until_open(port: int) -> None:
    end = monotonic() + 20
    while monotonic() < end:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        sleep(0.1)
    pytest.fail("nginx does not listen")


def _ask(address: str, path: str) -> tuple[int, dict[str, str], bytes]:
    connection = HTTPConnection(urlsplit(address).netloc, timeout=30)
    connection.request("GET", path)
    with closing(connection):
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, headers, answer.read()


def test_every_address_stands_under_the_prefix(fronted: str) -> None:
    status, _, body = _ask(fronted, "/gis/healthz")
    assert (status, json.loads(body)) == (200, {"status": "ok"})
    status, headers, _ = _ask(fronted, "/gis/assets/vendor/leaflet/leaflet.js")
    assert status == 200
    assert "immutable" in headers["cache-control"]
    assert "frame-ancestors" in headers["content-security-policy"]
    assert _ask(fronted, "/healthz")[0] == 404
    assert _ask(fronted, "/")[0] == 302


def test_the_page_and_its_map_work_behind_a_prefix(
    browser: Browser, fronted: str
) -> None:
    profile = browser.new_context(locale="zh-CN")
    page = profile.new_page()
    strays: list[str] = []
    tiles: list[str] = []

    def asked(address: str) -> None:
        if not address.startswith((f"{fronted}/gis/", "data:", "blob:")):
            strays.append(address)
        if "/gis/tiles/" in address:
            tiles.append(address)

    page.on("request", lambda request: asked(request.url))
    page.goto(f"{fronted}/gis/")
    the_map = TheMap(page)
    assert the_map.lit() > 0
    the_map.look_at(zoom=15)
    the_map.click()
    page.wait_for_selector(".card-head")
    assert tiles
    assert strays == []
    profile.close()

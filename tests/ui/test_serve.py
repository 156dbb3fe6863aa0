"""Starting the server: a taken port is a sentence, `streamlit run` works as well."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
import uvicorn
from playwright.sync_api import Browser, expect
from streamlit import config as streamlit_config
from streamlit.web.server.starlette import starlette_server

from gis.errors import SettingsError
from ui import base_path as base_path_module
from ui.serve import address_of, require_free, uvicorn_options
from ui.settings import ROOT, Settings, read_settings


@contextmanager
def taken() -> Iterator[int]:
    """Listen on a port for the length of a block."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield int(other.getsockname()[1])


def free() -> int:
    with taken() as port:
        return port


def test_a_taken_port_is_told_with_what_to_do() -> None:
    with taken() as port, pytest.raises(SettingsError) as caught:
        require_free(read_settings(port=port))
    assert f"Port {port} cannot be used" in str(caught.value)
    assert "--port" in str(caught.value)


def test_a_free_port_is_left_free_by_the_check() -> None:
    chosen = read_settings(port=free())
    require_free(chosen)
    require_free(chosen)


def test_the_address_is_the_public_one_where_there_is_one() -> None:
    chosen = read_settings(port=9001)
    assert address_of(chosen) == "http://127.0.0.1:9001"
    public = chosen.model_copy(update={"public_url": "https://land.example"})
    assert address_of(public) == "https://land.example"


def test_the_app_leaves_with_one_sentence_when_its_port_is_taken(
    prepared: Settings,
) -> None:
    with taken() as port:
        done = subprocess.run(
            [sys.executable, "app.py", "--port", str(port)],
            cwd=ROOT,
            env=environment(prepared.home, prepared.sample),
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert f"Port {port}" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_path_behind_a_proxy_is_part_of_the_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chosen = read_settings(port=9001, base_path="/gis/")
    asked = {"server.baseUrlPath": ""}
    monkeypatch.setattr(base_path_module, "settings", lambda: chosen)
    monkeypatch.setattr(base_path_module.st, "get_option", asked.get)
    monkeypatch.setattr(
        base_path_module.streamlit_config, "set_option", asked.__setitem__
    )
    assert address_of(chosen) == "http://127.0.0.1:9001/gis"
    assert asked == {"server.baseUrlPath": "gis"}


def test_uvicorn_serves_the_socket_as_streamlit_sets_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    theirs = {
        "server.sslCertFile": "/etc/land.pem",
        "server.sslKeyFile": "/etc/land.key",
        "server.websocketPingInterval": 11,
        "server.enableWebsocketCompression": True,
    }
    known = streamlit_config.get_option
    monkeypatch.setattr(
        starlette_server.config,
        "get_option",
        lambda name: theirs.get(name, known(name)),
    )
    chosen = read_settings(port=9001, trusted_proxies="10.0.0.2, 10.1.0.0/16")
    config = uvicorn.Config("app:app", **uvicorn_options(chosen))
    assert (config.host, config.port) == ("127.0.0.1", 9001)
    assert (config.ssl_certfile, config.ssl_keyfile) == (
        "/etc/land.pem",
        "/etc/land.key",
    )
    assert (config.ws_ping_interval, config.ws_ping_timeout) == (11, 11)
    assert config.ws_per_message_deflate
    assert config.ws == "websockets-sansio"
    assert config.ws_max_size == known("server.maxMessageSize") * 10**6
    assert config.proxy_headers
    assert config.forwarded_allow_ips == ["10.0.0.2/32", "10.1.0.0/16"]
    nobody = uvicorn.Config("app:app", **uvicorn_options(read_settings()))
    assert not nobody.proxy_headers


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to send")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_from_any_folder_streamlits_file_holds_and_a_signal_ends_the_server(
    prepared: Settings, tmp_path: Path, sent: signal.Signals
) -> None:
    home, port = tmp_path / "home", free()
    shutil.copytree(prepared.home, home)
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "app.py"), "--port", str(port)],
            cwd=tmp_path,
            env=environment(home, prepared.sample) | {"LANDMAP_BASE_PATH": "gis"},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        while process.poll() is None and health(port, "/gis")[0] != 200:
            time.sleep(0.1)
        with urlopen(f"http://127.0.0.1:{port}/gis/_stcore/host-config") as answer:
            # As in .streamlit/config.toml; Streamlit's own is a list of hosts.
            assert json.load(answer)["allowedOrigins"] == []
        with urlopen(f"http://127.0.0.1:{port}/gis/") as answer:
            assert b"<html" in answer.read()
    finally:
        process.send_signal(sent)
        code = process.wait(timeout=20)
    said = (tmp_path / "log").read_text("utf-8")
    assert code in {0, -sent}
    assert f"http://127.0.0.1:{port}/gis" in said
    assert "Traceback" not in said


def environment(home: Path, sample: Path) -> dict[str, str]:
    return os.environ | {
        "LANDMAP_HOME": str(home),
        "LANDMAP_SAMPLE": str(sample),
        "LANDMAP_LANGUAGE": "en",
    }


def health(port: int, base: str = "") -> tuple[int, bytes]:
    """Ask for the server's health; 0 while nobody answers."""
    try:
        with urlopen(f"http://127.0.0.1:{port}{base}/healthz", timeout=5) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read()
    except OSError:
        return 0, b""


def test_streamlit_run_answers_at_once_and_is_ready_when_all_is_built(
    prepared: Settings, tmp_path: Path
) -> None:
    home, port = tmp_path / "home", free()
    shutil.copytree(prepared.home, home)
    shutil.rmtree(home / "facts")
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "streamlit",
            "run",
            "app.py",
            "--server.port",
            str(port),
        ],
        cwd=ROOT,
        env=environment(home, prepared.sample),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    seen: list[tuple[int, bytes]] = []
    try:
        for _ in range(1200):
            seen.append(health(port))
            if seen[-1][0] == 200 or process.poll() is not None:
                break
            time.sleep(0.1)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
    codes = [code for code, _ in seen]
    assert codes[-1] == 200
    assert 503 in codes
    reasons = next(body for code, body in seen if code == 503)
    assert b"facts" in reasons


@pytest.mark.browser
def test_damaged_data_are_told_on_the_page_as_a_sentence(
    prepared: Settings, tmp_path: Path, browser: Browser
) -> None:
    home, port = tmp_path / "home", free()
    shutil.copytree(prepared.home, home)
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "app.py", "--port", str(port)],
            cwd=ROOT,
            env=environment(home, prepared.sample),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        while health(port)[0] != 200 and process.poll() is None:
            time.sleep(0.1)
        facts = next((home / "facts").glob("*.parquet"))
        facts.write_bytes(facts.read_bytes()[:1000])
        reader = browser.new_context(locale="en-GB")
        page = reader.new_page()
        page.goto(f"http://127.0.0.1:{port}/data")
        sentence = page.locator(".lm-error")
        expect(sentence).to_contain_text("is damaged", timeout=30_000)
        expect(sentence).to_contain_text("landmap ingest")
        expect(page.locator("body")).not_to_contain_text("Traceback")
        reader.close()
    finally:
        process.terminate()
        process.wait(timeout=30)

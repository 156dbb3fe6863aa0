"""The map in a real browser: first view, frames, candidates, clicks, memory.

    python -m benchmarks map

Starts the app on the home that LANDMAP_HOME names, drives a headless Chromium (medians
of five) and beside it a plain `folium.GeoJson` of 10,000 of the same parcels and a
`pydeck` chart of 100,000, which need Leaflet's and Carto's hosts only for what stays
grey here: their drawing is not waited for, their reruns are.
"""

import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.request import urlopen

from playwright.sync_api import (
    Browser,
    Frame,
    Page,
    TimeoutError,  # noqa: A004 - playwright's own
    sync_playwright,
)

from benchmarks.rerun import NEED
from ui.settings import ROOT
from ui.share_link import View, query

WAIT_MS: Final = 120_000
RUNS: Final = 5
SIZE: Final = {"width": 1366, "height": 768}
OURS: Final = (
    "/tiles/",
    "/map/",
    "/assets/",
    "/names/",
    "/coverage/",
    "/parcels/",
    "/places",
)
FULL: Final = """() => window.landmap && landmap.lit.order.length
    && landmap.ground.tiles().length && landmap.ground.tiles()
        .every((one) => one.data.size >= landmap.ground.specs.length)"""
WHOLE: Final = """() => landmap.under.tiles()
        .every((one) => one.data.size >= landmap.under.specs.length)"""
FRAMES: Final = """() => { if (window.frames_ms) { frames_ms.length = 0; return; }
    window.frames_ms = []; let last = performance.now();
    const tick = (now) => { frames_ms.push(now - last); last = now;
        requestAnimationFrame(tick); };
    requestAnimationFrame(tick); }"""


def race() -> dict[str, Any]:
    """Measure the map and its plain peers in one run.

    Returns:
        `ours`, `peers`, `ratios` as every benchmark tells them.
    """
    chromium = shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        with serving(ROOT / "app.py", "--port") as address:
            ours = _ours(browser, f"{address}/?{query(View(changes=NEED))}")
        for name, value in ours.items():
            print(f"{name:28} {value}", flush=True)
        peers = dict(_peers(browser))
        browser.close()
    ratios = {
        f"{name}: a rerun": round(told["rerun_ms"] / ours["criterion_ms"], 1)
        for name, told in peers.items()
        if told.get("rerun_ms")
    }
    print(f"ratios {ratios}")
    ours["p50_ms"] = ours["criterion_ms"]
    return {"ours": ours, "peers": peers, "ratios": ratios}


def _ours(browser: Browser, address: str) -> dict[str, Any]:
    """Drive our map."""
    first = [_opened(browser, address) for _ in range(RUNS + 1)][1:]
    told = {
        "navigation_s": _median(first, "seconds"),
        "with_base_map_s": _median(first, "whole"),
        "own_bytes": _median(first, "own"),
        "streamlit_bytes": _median(first, "others"),
        "websocket_bytes": _median(first, "socket"),
    }
    page = browser.new_page(viewport=SIZE, locale="zh-CN")
    sent, received = _socket(page)
    frame = _ready(page, address)
    told["lit"] = frame.evaluate("landmap.lit.order.length")
    before = len(sent)
    moves = [_moved(page, frame, sent) for _ in range(RUNS)]
    told |= {name: _median(moves, name) for name in moves[0]}
    told["frames_sent_while_moving"] = len(sent) - before
    told["worst_frame_of_all_ms"] = max(
        one[name] for one in moves for name in ("drag_worst_ms", "zoom_worst_ms")
    )
    told |= _criterion(page, frame, received)
    told |= _clicked(page, frame)
    cdp = page.context.new_cdp_session(page)
    cdp.send("HeapProfiler.collectGarbage")
    told["heap_mb"] = round(page.evaluate("performance.memory.usedJSHeapSize") / 1e6, 1)
    page.close()
    return told


def _opened(browser: Browser, address: str) -> dict[str, float]:
    """Open the page in a fresh profile; count what travels."""
    profile = browser.new_context(viewport=SIZE, locale="zh-CN")
    page = profile.new_page()
    cdp = profile.new_cdp_session(page)
    cdp.send("Network.enable")
    asked: dict[str, str] = {}
    counted = {"own": 0.0, "others": 0.0}

    def received(event: dict[str, Any]) -> None:
        asked[event["requestId"]] = event["response"]["url"]

    def finished(event: dict[str, Any]) -> None:
        address = asked.get(event["requestId"], "")
        kind = "own" if any(part in address for part in OURS) else "others"
        counted[kind] += event["encodedDataLength"]

    cdp.on("Network.responseReceived", received)
    cdp.on("Network.loadingFinished", finished)
    _, frames = _socket(page)
    began = time.perf_counter()
    frame = _ready(page, address)
    seconds = time.perf_counter() - began
    frame.wait_for_function(WHOLE, timeout=WAIT_MS)
    whole = time.perf_counter() - began
    profile.close()
    return {"seconds": seconds, "whole": whole, **counted, "socket": float(sum(frames))}


def _ready(page: Page, address: str) -> Frame:
    """Open the page; wait until all parcels and control lines in view are drawn."""
    page.goto(address)
    handle = page.wait_for_selector(".st-key-site_map iframe", timeout=WAIT_MS)
    frame = handle.content_frame() if handle else None
    if frame is None:
        message = "the map has no frame"
        raise RuntimeError(message)
    frame.wait_for_function(FULL, timeout=WAIT_MS)
    return frame


def _socket(page: Page) -> tuple[list[int], list[int]]:
    """Count the frames of the page's socket: sent and received, in bytes."""
    sent: list[int] = []
    received: list[int] = []

    def opened(socket: Any) -> None:  # noqa: ANN401 - playwright's own
        socket.on("framesent", lambda one: sent.append(len(one)))
        socket.on("framereceived", lambda one: received.append(len(one)))

    page.on("websocket", opened)
    return sent, received


def _moved(page: Page, frame: Frame, sent: list[int]) -> dict[str, Any]:
    """Drag and zoom for some seconds; count frames and what is sent."""
    frame.evaluate("map.setView([26.6, 106.7], 13, { animate: false })")
    frame.wait_for_function(FULL, timeout=WAIT_MS)
    page.wait_for_timeout(1_000)
    box = page.locator(".st-key-site_map iframe").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    before = len(sent)
    frame.evaluate(FRAMES)
    for turn in range(6):
        page.mouse.move(x, y)
        page.mouse.down()
        for step in range(30):
            way = 6 * step * (1 if turn % 2 else -1)
            page.mouse.move(x + way, y + way / 3)
            page.wait_for_timeout(12)
        page.mouse.up()
    dragged = frame.evaluate("frames_ms.splice(0)")
    for turn in range(4):
        page.mouse.wheel(0, -240 if turn % 2 else 240)
        page.wait_for_timeout(900)
    zoomed = frame.evaluate("frames_ms.splice(0)")
    page.wait_for_timeout(600)
    return {
        "drag_fps": round(1000 / statistics.median(dragged), 1),
        "drag_worst_ms": round(max(dragged[1:]), 1),
        "zoom_fps": round(1000 / statistics.median(zoomed), 1),
        "zoom_worst_ms": round(max(zoomed[1:]), 1),
        "frames_sent_while_moving": len(sent) - before,
    }


def _criterion(page: Page, frame: Frame, received: list[int]) -> dict[str, Any]:
    """Change the least area; wait for the new candidates to be lit."""
    frame.evaluate(
        "() => { const set = landmap.lit.set;"
        " landmap.lit.set = (...given) => { set(...given);"
        " requestAnimationFrame(() => { window.lit_at = Date.now(); }); }; }"
    )
    page.get_by_role("button", name="面积").first.click()
    field = page.get_by_role("textbox", name="不低于")
    times, sizes = [], []
    for number in range(RUNS + 1):
        field.fill(f"{20 + number / 10:.1f} 亩")
        page.wait_for_timeout(700)
        frame.evaluate("window.lit_at = 0")
        before = sum(received)
        began = page.evaluate("Date.now()")
        field.press("Enter")
        frame.wait_for_function("window.lit_at > 0", timeout=WAIT_MS)
        times.append(frame.evaluate("window.lit_at") - began)
        page.wait_for_timeout(700)
        sizes.append(sum(received) - before)
    page.keyboard.press("Escape")
    return {
        "criterion_ms": statistics.median(times[1:]),
        "criterion_bytes": statistics.median(sizes[1:]),
    }


def _clicked(page: Page, frame: Frame) -> dict[str, Any]:
    """Click parcels; wait for their cards."""
    at = frame.evaluate("[landmap.lit.order[0].lat, landmap.lit.order[0].lng]")
    frame.evaluate(f"map.setView({at}, 15, {{ animate: false }})")
    frame.wait_for_function(FULL, timeout=WAIT_MS)
    page.evaluate(
        "() => { window.card = ''; new MutationObserver(() => {"
        " const one = document.querySelector('.card-head');"
        " const said = one ? one.innerText : '';"
        " if (said && said !== card) { card = said; window.card_at = Date.now(); } })"
        " .observe(document.body,"
        " { childList: true, subtree: true, characterData: true }); }"
    )
    box = page.locator(".st-key-site_map iframe").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    times = []
    for number in range(RUNS + 3):
        page.evaluate("window.card_at = 0")
        page.mouse.move(x + 37 * number - 120, y + 23 * (number % 4) - 30)
        page.wait_for_timeout(400)
        began = page.evaluate("Date.now()")
        page.mouse.down()
        page.mouse.up()
        page.wait_for_timeout(1_500)
        card_at = page.evaluate("window.card_at")
        if card_at:
            times.append(card_at - began)
    return {"click_ms": statistics.median(times[1:]), "clicks": len(times)}


def _peers(browser: Browser) -> Iterator[tuple[str, dict[str, Any]]]:
    """Serve the plain ways and rerun them."""
    for name in ("geojson", "pydeck"):
        app = Path(__file__).parent / "map_peers" / f"{name}_app.py"
        with serving(app, "streamlit") as address:
            page = browser.new_page(viewport=SIZE)
            told = _plain(page, address)
            print(f"{name:28} {told}", flush=True)
            page.close()
            yield name, told


def _plain(page: Page, address: str) -> dict[str, Any]:
    """Open a plain page and rerun it; tell what it took, or that it gave up."""
    _, received = _socket(page)
    told: dict[str, Any] = {}
    try:
        began = time.perf_counter()
        page.goto(address)
        page.wait_for_selector("text=rerun 0", timeout=WAIT_MS)
        told["first_ms"] = round(1000 * (time.perf_counter() - began))
        began = time.perf_counter()
        page.get_by_role("button", name="again").click(timeout=WAIT_MS)
        page.wait_for_selector("text=rerun 1", timeout=WAIT_MS)
        told["rerun_ms"] = round(1000 * (time.perf_counter() - began))
    except TimeoutError:
        told["gave_up_after_ms"] = WAIT_MS
    return {**told, "socket_bytes": sum(received)}


@contextmanager
def serving(app: Path, how: str) -> Iterator[str]:
    """Run a server on a free port until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command: list[str] = [sys.executable, str(app), "--port", str(port)]
    if how == "streamlit":
        command = [sys.executable, "-m", "streamlit", "run", str(app)]
        command += [f"--server.port={port}", "--server.headless=true"]
        command += ["--server.maxMessageSize=1000"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as run:
        try:
            wait_until(lambda: _answers(f"http://127.0.0.1:{port}"))
            yield f"http://127.0.0.1:{port}"
        finally:
            run.terminate()


def _answers(address: str) -> bool:
    try:
        with urlopen(f"{address}/_stcore/health", timeout=2) as answer:  # noqa: S310
            return bool(answer.status == 200)  # noqa: PLR2004 - OK
    except OSError:
        return False


def wait_until(true: Callable[[], bool]) -> None:
    """Wait until something is true, two minutes at most."""
    for _ in range(600):
        if true():
            return
        time.sleep(0.2)
    message = "the server does not answer"
    raise RuntimeError(message)


def _median(runs: list[dict[str, float]], name: str) -> float:
    return round(statistics.median(run[name] for run in runs), 3)

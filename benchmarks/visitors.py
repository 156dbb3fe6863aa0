"""Sixty visitors of a public process rerun their page at once; and the first view.

    python -m benchmarks visitors

Starts `app.py --public` in the home that LANDMAP_HOME names, one process a core as
docs/serving.md says, and once more a single one. When `/healthz` says that visitors
may come, a browser with an empty cache opens the first page of a process that nobody
asked before. Then sixty sessions are opened as a browser does (the websocket, and what
Streamlit's pages send over it), each with its own process as a proxy deals them out;
all rerun at the same moment several times, and the memory is looked at in between.
At last a leaflet is made of one parcel and of four.
Aims: p95 under 2 s, memory growth under 20 %, first view under 2.5 s, a leaflet under
3 s.
"""

import asyncio
import json
import os
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter
from typing import Any, Final
from urllib.request import urlopen

from playwright.sync_api import sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.map import serving, wait_until
from ui.routes.leaflet import LEAFLET
from ui.settings import ROOT

VISITORS: Final = 60
ROUNDS: Final = 5
AIM_P95_S: Final = 2.0
AIM_GROWTH: Final = 0.2
AIM_FIRST_S: Final = 2.5
AIM_LEAFLET_S: Final = 3.0
PROCESSES: Final = Path("/proc")
CHROMIUM: Final = "/usr/bin/chromium"
OK: Final = 200
PARCELS: Final = "/ogc/collections/parcels/items"
READY: Final = '[data-test-script-state="notRunning"] .st-key-lm_header'


def race() -> dict[str, Any]:
    """Measure both.

    Returns:
        `ours`, `peers`, `ratios` as every benchmark tells them.
    """
    ours: dict[str, Any] = {}
    for processes in (os.cpu_count() or 1, 1):
        told = _with(processes)
        ours = ours or told
        ours[f"{processes}_processes"] = told
    return {"ours": ours, "peers": {}, "ratios": {}}


def _with(processes: int) -> dict[str, float]:
    """Measure so many processes."""
    with ExitStack() as stack:
        addresses = [stack.enter_context(_public()) for _ in range(processes)]
        for address in addresses:
            wait_until(partial(_lets_in, address))
        first_s = _first_view(addresses[0])
        times, growth, memory_mb, cpu_ms = asyncio.run(_all_at_once(addresses))
        leaflet_s = max(_leaflet_s(addresses[0], count) for count in (1, 4))
    p95 = statistics.quantiles(times, n=20)[-1]
    print(
        f"{processes} processes: first view, nothing kept anywhere: {first_s:.2f} s"
        f" (aim {AIM_FIRST_S}); {VISITORS} visitors rerun at once, {ROUNDS} rounds:"
        f" p50 {statistics.median(times):.2f} s, p95 {p95:.2f} s (aim {AIM_P95_S});"
        f" memory {memory_mb:,.0f} MB, {growth:+.1%} (aim {AIM_GROWTH:+.0%});"
        f" {cpu_ms:.0f} ms of the processor for each;"
        f" a leaflet {leaflet_s:.2f} s (aim {AIM_LEAFLET_S})",
        flush=True,
    )
    return {
        "p50_ms": 1000 * statistics.median(times),
        "p95_ms": 1000 * p95,
        "growth": growth,
        "memory_mb": memory_mb,
        "cpu_ms": cpu_ms,
        "first_view_s": first_s,
        "leaflet_s": leaflet_s,
    }


def _lets_in(address: str) -> bool:
    try:
        with urlopen(f"{address}/healthz", timeout=5) as answer:  # noqa: S310
            return bool(answer.status == OK)
    except OSError:  # not yet: a refusal is one too
        return False


def _leaflet_s(address: str, count: int) -> float:
    """Make a leaflet of the first parcels on offer; seconds."""
    with urlopen(f"{address}{PARCELS}?f=json&limit={count}") as answer:  # noqa: S310
        ids = [str(one["id"]) for one in json.load(answer)["features"]]
    began = perf_counter()
    with urlopen(f"{address}{LEAFLET}?list={','.join(ids)}") as answer:  # noqa: S310
        assert answer.read().startswith(b"%PDF")
    return perf_counter() - began


@contextmanager
def _public() -> Iterator[str]:
    """Run a public process that lets one address open as many pages as are needed."""
    told = {
        "LANDMAP_PUBLIC": "true",
        "LANDMAP_QUOTA_SESSIONS": str(2 * VISITORS),
        "LANDMAP_QUOTA_REQUESTS": "100000",
    }
    before = {name: os.environ.get(name) for name in told}
    os.environ.update(told)
    try:
        with serving(ROOT / "app.py", "--port") as address:
            yield address
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def _first_view(address: str) -> float:
    """Open the first page with an empty browser, until it is drawn."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(locale="zh-CN", viewport={"width": 390, "height": 844})
        began = perf_counter()
        page.goto(address)
        page.wait_for_selector(READY, timeout=60_000)
        took = perf_counter() - began
        browser.close()
    return took


async def _all_at_once(
    addresses: Sequence[str],
) -> tuple[list[float], float, float, float]:
    """Open sessions, rerun all at once, round by round."""
    sessions = [
        await connect(
            address.replace("http://", "ws://") + "/_stcore/stream",
            subprotocols=["streamlit"],
            max_size=None,
            origin=address,
        )
        for address in islice(cycle(addresses), VISITORS)
    ]
    servers = [_process_of(address) for address in addresses]

    def all_of(measure: Callable[[Path], float]) -> float:
        return sum(map(measure, servers))

    try:
        for session in sessions:
            await _rerun(session)
        await asyncio.gather(*map(_rerun, sessions))
        before, begun = all_of(_memory_mb), all_of(_cpu_s)
        times: list[float] = []
        for _ in range(ROUNDS):
            times += await asyncio.gather(*map(_rerun, sessions))
        after = all_of(_memory_mb)
        cpu_ms = 1000 * (all_of(_cpu_s) - begun) / len(times)
    finally:
        for session in sessions:
            await session.close()
    return times, after / before - 1, after, cpu_ms


async def _rerun(session: ClientConnection) -> float:
    """Ask for a run of the page and wait for its end; seconds."""
    asked = BackMsg()
    asked.rerun_script.query_string = ""
    began = perf_counter()
    await session.send(asked.SerializeToString())
    while True:
        told = ForwardMsg()
        told.ParseFromString(await session.recv())
        if told.WhichOneof("type") == "script_finished":
            return perf_counter() - began


def _process_of(address: str) -> Path:
    """Find who listens at an address, among the processes of this machine."""
    port = address.rpartition(":")[2]
    for folder in PROCESSES.glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_text("utf-8").split("\0")
        except OSError:  # a process that ended meanwhile
            continue
        if port in words and "app.py" in " ".join(words):
            return folder
    msg = f"Nobody listens at {address}"
    raise RuntimeError(msg)


def _memory_mb(process: Path) -> float:
    """Read the resident memory of a process."""
    pages = int((process / "statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _cpu_s(process: Path) -> float:
    """Read how long a process has worked: a busy machine does not change it much."""
    told = (process / "stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")

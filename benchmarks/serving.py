"""How long an answer takes on a connection that is kept open, by server and client.

    python -m benchmarks serving

Starts the app in the home that LANDMAP_HOME names twice, as `app.py` and under
`streamlit run`, and asks both in turn, with `http.client` and with `requests`, for its
health, for an asset and for a tile that was made before.
"""

import http.client
import statistics
import time
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

import requests

from benchmarks.map import serving, wait_until
from layers.store import LayerStore
from ui.settings import ROOT, settings

ROUNDS: Final = 200
OK: Final = 200
TILE: Final = "7/101/54"  # over the sample's province
Ask = Callable[[str], int]


def race() -> dict[str, Any]:
    """Ask both servers in turn.

    Returns:
        `ours`, `peers`, `ratios` as every benchmark tells them, in milliseconds.
    """
    app = ROOT / "app.py"
    with serving(app, "--port") as ours, serving(app, "streamlit") as peer:
        wait_until(lambda: _library(ours)("/healthz") == OK)
        wait_until(lambda: _library(peer)("/healthz") == OK)
        told = {
            f"{kind}, {client.__name__[1:]}": _compared(
                client(ours), client(peer), path
            )
            for kind, path in _paths().items()
            for client in (_library, _requests)
        }
    ratios = {}
    for name, (mine, theirs) in told.items():
        ratios[name] = round(theirs["p50_ms"] / mine["p50_ms"], 1)
        print(f"{name:18} app.py {_line(mine)}   streamlit run {_line(theirs)}")
    ours_told: dict[str, Any] = {name: mine for name, (mine, _) in told.items()}
    middle = statistics.median(mine["p50_ms"] for mine in ours_told.values())
    ours_told["p50_ms"] = round(middle, 2)
    peers = {"streamlit run": {name: theirs for name, (_, theirs) in told.items()}}
    return {"ours": ours_told, "peers": peers, "ratios": ratios}


def _paths() -> dict[str, str]:
    """Name what is asked for."""
    version = LayerStore(settings().home / "layers").manifest("county").version
    return {
        "health": "/healthz",
        "asset": "/assets/vendor/leaflet/leaflet.css",
        "tile": f"/tiles/county/{version}/{TILE}.mvt",
    }


def _compared(ours: Ask, peer: Ask, path: str) -> tuple[dict[str, float], ...]:
    """Ask both for a path in turn; the first answers are no measure."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS + 5):
        for ask, spent in zip((ours, peer), times, strict=True):
            begun = time.perf_counter()
            status = ask(path)
            spent.append(1000 * (time.perf_counter() - begun))
            assert status == OK, f"{path}: {status}"
    return tuple(
        {
            "p50_ms": round(statistics.median(spent[5:]), 2),
            "p95_ms": round(statistics.quantiles(spent[5:], n=20)[-1], 2),
        }
        for spent in times
    )


def _library(address: str) -> Ask:
    """Ask on one connection of Python's own library."""
    kept = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)

    def ask(path: str) -> int:
        kept.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = kept.getresponse()
        answer.read()
        return answer.status

    return ask


def _requests(address: str) -> Ask:
    """Ask in one session of `requests`."""
    session = requests.Session()
    session.trust_env = False  # no proxy of this machine between us

    def ask(path: str) -> int:
        return session.get(f"{address}{path}", timeout=30).status_code

    return ask


def _line(told: dict[str, float]) -> str:
    return f"p50 {told['p50_ms']:6.2f} ms, p95 {told['p95_ms']:6.2f} ms"

"""How long a land check takes: reading, checking, its report.

    LANDMAP_HOME=... python -m benchmarks check

Takes parcels of the home, moved by some metres so that nothing fits by chance, and
checks them against all of its layers; overlaps are compared with an oracle that shares
nothing with ours (`check_oracle.py`).
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pyogrio
from geopandas import GeoDataFrame

from benchmarks.check_oracle import compared
from layers.check import Check
from layers.checking import Checker
from layers.placing import place
from layers.sandbox import Sandbox
from layers.store import LayerStore
from layers.upload import read_upload
from ui.check_reports import Report, outlines, written
from ui.settings import settings
from ui.start import catalog_of, region_of

COUNTS: Final = (500, 20_000)
ROUNDS: Final = 3
EAST_M, NORTH_M = 0.0004, 0.0003  # degrees: some 40 m
SMALL: Final = 10
WARM_ROUNDS: Final = 21  # the first of them warms the sandbox


def race() -> dict[str, Any]:
    """Check parcels of the home, and compare what overlaps with the oracle.

    Returns:
        `ours`, `peers`, `ratios` as every benchmark tells them.
    """
    store = LayerStore(settings().home / "layers")
    warm = _warm_read(_file(store, SMALL))
    told: dict[str, Any] = {"warm_read_ms": warm}
    least, middle, most = warm
    print(
        f"{SMALL} parcels, the sandbox warm: read in {middle:.0f} ms"
        f" ({least:.0f} to {most:.0f})"
    )
    few, many = (_checked(store, count, told) for count in COUNTS)
    report = Report(
        few, "HC-20261127-BENCH000", store, outlines(catalog_of(settings()))
    )
    told["pdf_s"] = _median(lambda: written(report, "pdf"))
    print(f"PDF of {COUNTS[0]} with its maps: {told['pdf_s']:.2f} s")
    told["pairs"], told["worst"] = compared(many, store)
    print(
        f"{told['pairs']:,} overlaps against shapely and geodesics: at most"
        f" {told['worst']:.3f} of what is allowed"
    )
    assert told["worst"] <= 1.0, "an overlap differs by more than is allowed"
    told["p50_ms"] = 1000 * told[f"{COUNTS[0]}"]["check_s"]
    return {"ours": told, "peers": {}, "ratios": {}}


def _checked(store: LayerStore, count: int, told: dict[str, Any]) -> Check:
    """Read and check some parcels, and tell how long it took."""
    file, region = _file(store, count), region_of(settings())
    with Sandbox() as sandbox:
        read = _median(lambda: read_upload("a.gpkg", file, sandbox=sandbox))
        boundary = read_upload("a.gpkg", file, sandbox=sandbox)
    submission = place(
        boundary, name="a.gpkg", data=file, region=region, precision_m=0.05
    )
    checker = Checker(store, catalog_of(settings()), region)

    def check() -> Check:
        return checker.check(submission, now=datetime.now(UTC))

    spent = _median(check)
    told[f"{count}"] = {"read_s": read, "check_s": spent}
    print(f"{count:>6,} parcels: read {read:.2f} s, checked {spent:.2f} s")
    return check()


def _file(store: LayerStore, count: int) -> bytes:
    """Write parcels of the home, moved, as a GeoPackage."""
    parcels = store.read("parcels", columns=["name"])
    some = parcels.sample(count, random_state=1, replace=len(parcels) < count)
    frame = GeoDataFrame(
        {"DKBH": [f"U{n}" for n in range(count)], "DKMC": some["name"].to_numpy()},
        geometry=some.geometry.translate(EAST_M, NORTH_M).to_numpy(),
        crs=some.crs,
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.gpkg"
        pyogrio.write_dataframe(frame, file, driver="GPKG")
        return file.read_bytes()


def _warm_read(file: bytes) -> tuple[float, float, float]:
    """Time reading in a sandbox that has read before: least, median, most in ms."""
    spent = []
    with Sandbox() as sandbox:
        for _ in range(WARM_ROUNDS):
            begun = time.perf_counter()
            read_upload("a.gpkg", file, sandbox=sandbox)
            spent.append(1000 * (time.perf_counter() - begun))
    warm = spent[1:]
    return min(warm), statistics.median(warm), max(warm)


def _median(work: Callable[[], object]) -> float:
    """Time work, the median of a few runs."""
    spent = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        spent.append(time.perf_counter() - begun)
    return round(statistics.median(spent), 3)

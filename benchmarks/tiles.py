"""Cold tiles at the server: milliseconds and bytes by zoom, and the laying out.

LANDMAP_HOME=... python -m benchmarks tiles
"""

import gzip
import shutil
import statistics
from time import perf_counter
from typing import Any, Final

import numpy as np

from gis.mercator import BITS, HALF
from layers.load import silent
from layers.store import LayerStore
from layers.tile_build import tiles_folder
from layers.tiles import TileSource, build_tiles, tile_source
from ui.routes.tiles import GZIP_LEVEL
from ui.settings import settings

LAYERS: Final = ("parcels", "redline", "farmland", "zoning")
ZOOMS: Final = range(8, 17)
TILES: Final = 60


def race() -> dict[str, Any]:
    """Lay all layers out anew, then draw tiles around random features.

    Returns:
        `ours` as every benchmark tells them; nobody else does that job.
    """
    store = LayerStore(settings().home / "layers")
    versions = store.versions()
    for name, version in versions.items():
        shutil.rmtree(tiles_folder(store.home / name / version), ignore_errors=True)
    began = perf_counter()
    build_tiles(store, silent)
    seconds = perf_counter() - began
    folders = [tiles_folder(store.home / n / v) for n, v in versions.items()]
    size = sum(f.stat().st_size for folder in folders for f in folder.iterdir())
    print(f"laid out {len(versions)} layers in {seconds:.1f} s, {size / 1e6:,.0f} MB")
    random = np.random.default_rng(1)
    every: list[float] = []
    for name in LAYERS:
        source = tile_source(store, name)
        source.draw_any()
        for zoom in ZOOMS:
            times, raw, packed = _drawn(source, store, name, zoom, random)
            every += times
            p50, p95 = np.quantile(times, [0.5, 0.95])
            print(
                f"{name:10} z {zoom:2}: p50 {p50:6.2f} ms, p95 {p95:6.2f} ms,"
                f" {raw / 1e3:6.1f} kB, {packed / 1e3:6.1f} kB gzip"
            )
    p50, p95 = np.quantile(every, [0.5, 0.95])
    print(f"all: p50 {p50:.2f} ms, p95 {p95:.2f} ms, worst {max(every):.2f} ms")
    told = {"build_s": seconds, "bytes": size, "p50_ms": p50, "p95_ms": p95}
    return {"ours": told, "peers": {}, "ratios": {}}


def _drawn(
    source: TileSource,
    store: LayerStore,
    name: str,
    zoom: int,
    random: np.random.Generator,
) -> tuple[list[float], float, float]:
    """Draw the tiles around random features; return ms, and the middle sizes."""
    folder = tiles_folder(store.folder(name))
    boxes = np.load(folder / "box.npy", mmap_mode="r")
    times, raw, packed = [], [], []
    for row in random.integers(0, source.count, TILES):
        middle = (boxes[row, :2].astype(np.int64) + boxes[row, 2:]) // 2 + int(HALF)
        x, y = (int(edge) >> (BITS - zoom) for edge in middle)
        began = perf_counter()
        plain = source.tile(zoom, x, y, internal=True)
        small = gzip.compress(plain, GZIP_LEVEL, mtime=0)
        times.append(1_000 * (perf_counter() - began))
        raw.append(len(plain))
        packed.append(len(small))
    return times, statistics.median(raw), statistics.median(packed)

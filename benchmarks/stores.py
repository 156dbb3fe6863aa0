"""Layers in a folder and in PostGIS: written, read whole, by window and by key.

python -m benchmarks stores --n 100000
"""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any, Final, TypeVar

import numpy as np

from benchmarks.own_postgis import own_postgis
from benchmarks.scene import sample
from layers.catalog import read_catalog
from layers.load import load_layer
from layers.region import read_region
from layers.store import LayerStore
from layers.stores.opened import open_store

PARCELS: Final = "parcels"
ASKED: Final = 200  # keys at once
REACH: Final = 0.05  # degrees around a parcel
TIMES: Final = 20
Answer = TypeVar("Answer")


def race(count: int, data: Path | None) -> dict[str, Any]:
    """Load parcels into both stores and read them again.

    Args:
        count: How many parcels.
        data: A sample somebody made.

    Returns:
        `ours` as every benchmark tells them: seconds and milliseconds by store.
    """
    file = sample(count, data) / f"{PARCELS}.parquet"
    told: dict[str, Any] = {}
    with own_postgis() as server:
        for kind, address in (("folder", ""), ("postgis", server.make("stores"))):
            home = Path(tempfile.mkdtemp(prefix="landmap-"))
            store = open_store(home, address)
            told[kind] = _measured(store, file)
            shutil.rmtree(home)
    for what in told["folder"]:
        figures = (f"{kind} {of[what]:,.3f}" for kind, of in told.items())
        print(f"{what:16} {', '.join(figures)}")
    p50 = 1000 * told["postgis"]["whole_s"]
    return {"ours": {**told, "p50_ms": p50}, "peers": {}, "ratios": {}}


def _measured(store: LayerStore, file: Path) -> dict[str, float]:
    """Ask one store for everything; the rows are asked for twice, and told warm."""
    random = np.random.default_rng(1)
    layer = read_catalog()[PARCELS].model_copy(update={"coverage": "box"})
    load_s, manifest = _timed(
        lambda: load_layer(layer, store=store, region=read_region(), path=file)
    )
    store.read(PARCELS)
    whole_s, frame = _timed(lambda: store.read(PARCELS))
    assert len(frame) == manifest.count
    windows, keyed = [], []
    for _ in range(TIMES):
        point = frame.geometry.iloc[random.integers(len(frame))].centroid
        x, y = point.x, point.y
        box = (x - REACH, y - REACH, x + REACH, y + REACH)
        windows.append(_timed(lambda box=box: store.read(PARCELS, box=box))[0])
        ids = random.choice(frame.index.to_numpy(), ASKED, replace=False).tolist()
        keyed.append(_timed(lambda ids=ids: store.read(PARCELS, ids=ids))[0])
    intact_s, whole = _timed(lambda: store.is_intact(PARCELS, manifest.version))
    assert whole
    return {
        "rows": float(manifest.count),
        "load_s": load_s,
        "whole_s": whole_s,
        "window_p50_s": float(np.median(windows)),
        "keys_p50_s": float(np.median(keyed)),
        "intact_s": intact_s,
    }


def _timed(do: Callable[[], Answer]) -> tuple[float, Answer]:
    began = perf_counter()
    answer = do()
    return perf_counter() - began, answer

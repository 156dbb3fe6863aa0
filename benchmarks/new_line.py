"""A control line nobody had yesterday: dropped on measured parcels, and screened."""

import time
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from geopandas import GeoDataFrame

from layers.catalog import read_catalog
from layers.facts_store import FactStore
from layers.facts_table import Facts
from layers.ingest import ingest
from layers.region import read_region
from layers.store import LayerStore
from siting.board import prepare
from siting.need import read_need
from siting.screen import screen

MANY: Final = 10_000
CORNERS: Final = 40
WIDE_M: Final = 300.0
DEGREE_M: Final = 111_000.0
TOML: Final = """
title = "New control line"
role = "constraint"
source = "Made by the benchmarks"
licence = "Apache-2.0"
data_date = "2026-06-30"
synthetic = true
path = "new_line.parquet"
coverage = "layer:province"
key = "line_id"
"""
NEED: Final = {
    "constraints": [
        {"use": "area_between", "minimum": "5 mu", "maximum": "300 mu"},
        {"use": "clear_of", "layer": "new_line"},
    ],
    "factors": [{"use": "near", "layer": "interchange", "within_m": 20_000}],
}


def drop(store: LayerStore, kept: FactStore, facts: Facts, folder: Path) -> Any:  # noqa: ANN401
    """Drop a new control line on parcels that are measured, and screen them.

    Args:
        store: The layers.
        kept: Where facts are.
        facts: Those in force.
        folder: Where the line's file goes.

    Returns:
        `polygons`, `seconds` of loading and measuring, `screened_s` of opening the
        facts and the first screening, and how many parcels are `excluded` by it.
    """
    _draw(facts, folder)
    start = time.perf_counter()
    done = ingest(read_catalog(), store, kept, read_region(), [folder])
    measured = time.perf_counter()
    found = screen(read_need(NEED), prepare(done.facts))
    _ = found.best(200), found.counts
    screened = time.perf_counter()
    return {
        "polygons": MANY,
        "seconds": measured - start,
        "screened_s": screened - measured,
        "excluded": list(found.excluded_by.values())[-1],
    }


def _draw(facts: Facts, folder: Path) -> None:
    """Draw stars around parcels here and there, and declare them."""
    rng = np.random.default_rng(5)
    folder.mkdir()
    at = rng.integers(0, len(facts.table), MANY)
    middle = facts.table[["lon", "lat"]].to_numpy()[at]
    turn = np.linspace(0.0, 2 * np.pi, CORNERS, endpoint=False)
    far = WIDE_M / DEGREE_M * rng.uniform(0.6, 1.0, (MANY, CORNERS))
    star = np.stack([far * np.cos(turn), far * np.sin(turn)], axis=-1)
    shapes = shapely.polygons(middle[:, None] + star)
    ids = [f"L-{nth:05d}" for nth in range(MANY)]
    rows = GeoDataFrame({"line_id": ids}, geometry=shapes, crs="EPSG:4490")
    rows.to_parquet(folder / "new_line.parquet")
    (folder / "new_line.toml").write_text(TOML, "utf-8")

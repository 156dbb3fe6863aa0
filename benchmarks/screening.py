"""Print how long a screening takes: `python benchmarks/screening.py [--home var]`.

A need with 12 constraints and 6 factors is asked of the sample's 20,000 parcels and of
1,000,000 (the same rows, tiled). What is timed is what a page does after a criterion
was changed: read the need, answer every parcel, count, find the best 200 and their
scores. Each run asks other limits than the one before, so that nothing but columns can
be reused. Many parcels are read as ingest keeps them: mapped columns.
"""

import argparse
import gc
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from pandas import DataFrame, Index

from layers.facts_columns import FactColumnsWriter, read_columns
from layers.facts_store import FactStore
from siting.board import Board, prepare
from siting.explain import candidates
from siting.need import read_need
from siting.screen import Screening, screen, warm

ROOT = Path(__file__).resolve().parents[1]
MILLION = 1_000_000
TOP = 200
CONSTRAINTS = [
    {"use": "land_use_permitted", "codes": ["1001"]},
    {"use": "stock_status_in", "statuses": ["net_land", "standard_land", "planned"]},
    {"use": "clear_of", "layer": "farmland"},
    {"use": "clear_of", "layer": "redline"},
    {"use": "clear_of", "layer": "geohazard", "up_to_share": 0.05},
    {"use": "clear_of", "layer": "water_source"},
    {"use": "inside", "layer": "urban_boundary", "at_least_share": 0.95},
    {"use": "services_at_least", "services": {"power": "planned", "water": "planned"}},
    {"use": "price_at_most", "price": "40 wan_cny/mu"},
    {"use": "far_allows", "far": 1.2},
]
FACTORS = [
    {"use": "near", "layer": "interchange", "weight": 3},
    {"use": "near", "layer": "freight_yard", "within_m": 40_000, "weight": 2},
    {"use": "price_low", "at_most": "45 wan_cny/mu", "weight": 2},
    {"use": "services_level", "weight": 2},
    {"use": "area_near_ideal", "ideal": "60 mu", "tolerance": "60 mu"},
    {"use": "compact"},
]


@dataclass(frozen=True)
class Tiled:
    """Facts as `layers.facts.Facts` has them."""

    table: DataFrame
    version: str
    layers: dict[str, str]


def main() -> None:
    """Time screenings of the sample and of a million parcels."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=ROOT / "var")
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--n", type=int, default=MILLION, help="parcels of the tiled")
    given = parser.parse_args()
    store = FactStore(given.home / "facts")
    if store.version() is None:
        parser.exit(1, f"No facts in {given.home}: run `landmap ingest` first.\n")
    facts = store.read()
    sample = Tiled(facts.table, facts.version, facts.layers)
    report(sample, "weighted_sum", given.runs)
    report(sample, "topsis", given.runs)
    warm()
    with tempfile.TemporaryDirectory(dir=given.home) as folder:
        many = tiled(sample, given.n, Path(folder))
        report(many, "weighted_sum", max(10, given.runs // 10))


def report(facts: Tiled, method: str, runs: int) -> None:
    """Time needs with changing limits on one board."""
    start = time.perf_counter()
    board = prepare(facts)
    found = asked(board, 0, method)
    first = time.perf_counter() - start
    gc.collect()
    times, busy = [], []
    for run in range(runs):
        start, used = time.perf_counter(), time.process_time()
        found = asked(board, run, method)
        times.append((time.perf_counter() - start) * 1000)
        busy.append((time.process_time() - used) * 1000)
    start = time.perf_counter()
    shown = candidates(found, 20)
    reasons = (time.perf_counter() - start) * 1000
    start = time.perf_counter()
    _ = found.result_hash
    hashed = (time.perf_counter() - start) * 1000
    p50, p95 = statistics.median(times), float(np.percentile(times, 95))
    print(
        f"{len(board):>9,} parcels x {len(found.constraints)} constraints"
        f" + {len(found.factors)} factors, {method}: p50 {p50:.2f} ms,"
        f" p95 {p95:.2f} ms over {runs} needs, processor time p50"
        f" {statistics.median(busy):.2f} ms"
        f" (first, columns read: {first * 1000:.0f} ms; reasons of {len(shown)}"
        f" candidates: {reasons:.1f} ms; result hash: {hashed:.1f} ms;"
        f" eligible in the last: {len(found.tally.places):,})"
    )


def asked(board: Board, run: int, method: str) -> Screening:
    """Read a need, answer it, rank, count."""
    limits = [
        {"use": "area_between", "minimum": f"{5 + run % 40} mu", "maximum": "300 mu"},
        {
            "use": "within_distance",
            "layer": "interchange",
            "within_m": 15_000 + 10 * run,
        },
    ]
    told = {"method": method, "constraints": CONSTRAINTS + limits, "factors": FACTORS}
    found = screen(read_need(told), board)
    best = found.best(TOP)
    _ = found.scores(best), found.counts, found.excluded_by, found.excluded_only_by
    return found


def tiled(facts: Tiled, count: int, folder: Path) -> Tiled:
    """Repeat the rows until there are so many, each with an id of its own."""
    table = facts.table.rename_axis(index="parcel_id")
    schema = pa.Schema.from_pandas(table.iloc[:1].reset_index(), preserve_index=False)
    writer = FactColumnsWriter(folder, count, schema)
    for start in range(0, count, len(table)):
        rows = table.iloc[: count - start]
        ids = [f"P-{n:08d}" for n in range(start, start + len(rows))]
        writer.write(start, rows.set_axis(Index(ids, name="parcel_id", dtype="str")))
    writer.close()
    return Tiled(read_columns(folder), facts.version, facts.layers)


if __name__ == "__main__":
    main()

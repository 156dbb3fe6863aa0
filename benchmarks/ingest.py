"""Print how fast the sample province becomes facts: `python benchmarks/ingest.py`.

Layers are read, mended, validated and swapped into an empty store, then every parcel
is measured against all of them, step by step.
"""

import argparse
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from layers import facts as facts_module
from layers.catalog import SHIPPED, read_catalog
from layers.facts import build_facts
from layers.facts_store import FactStore
from layers.load import load_layer
from layers.loading import in_order
from layers.region import read_region
from layers.store import LayerStore

STEPS = (
    "ground_of",
    "neighbour_facts",
    "_cover",
    "measured_facts",
    "layer_facts",
)


def timed(name: str, spent: dict[str, float]) -> None:
    """Count the seconds that a step of `build_facts` takes."""
    step = getattr(facts_module, name)

    def counted(*given: object, **named: object) -> object:
        start = time.perf_counter()
        answer = step(*given, **named)
        spent[name] += time.perf_counter() - start
        return answer

    setattr(facts_module, name, counted)


def main() -> None:
    """Ingest the sample layers, or those of another catalogue, and print seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--catalog", type=Path, default=SHIPPED)
    parser.add_argument("--layers", type=Path, help="folder of other sample files")
    asked = parser.parse_args()
    catalog, region = read_catalog(asked.catalog), read_region()
    spent: dict[str, float] = defaultdict(float)
    for name in STEPS:
        timed(name, spent)
    with tempfile.TemporaryDirectory() as home:
        store, kept = LayerStore(Path(home) / "layers"), FactStore(Path(home) / "facts")
        start = time.perf_counter()
        for layer in in_order(catalog, catalog):
            path = asked.layers and asked.layers / layer.path.name
            begun = time.perf_counter()
            manifest = load_layer(layer, store=store, region=region, path=path)
            seconds = time.perf_counter() - begun
            print(f"load {layer.name:18}{manifest.count:>9,} rows {seconds:8.2f} s")
        loaded = time.perf_counter() - start
        facts = build_facts(store, catalog, region)
        kept.write(facts)
        total = time.perf_counter() - start
    parcels = len(facts.table)
    for name, seconds in sorted(spent.items(), key=lambda item: -item[1]):
        rate = parcels / seconds
        print(f"facts {name:28}{seconds:8.2f} s {rate:>12,.0f} parcels/s")
    print(f"layers loaded in {loaded:.1f} s, facts built in {total - loaded:.1f} s")
    print(
        f"ingest: {parcels:,} parcels in {total:.1f} s, {parcels / total:,.0f}/s;"
        f" processor time, imports included: {time.process_time():.1f} s"
    )


if __name__ == "__main__":
    main()

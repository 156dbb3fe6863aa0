"""The whole ingest, files to facts, in a process of its own."""

import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from benchmarks.new_line import drop
from benchmarks.scene import cache, sample
from layers.catalog import read_catalog
from layers.facts_store import FactStore
from layers.ingest import ingest
from layers.region import read_region
from layers.store import LayerStore

EVERY_S = 0.25


def measure(count: int, data: Path | None) -> dict[str, Any]:
    """Ingest a sample in a new process.

    Args:
        count: How many parcels.
        data: A sample somebody made.

    Returns:
        `seconds` of loading and measuring, `tiles_s` of laying the map's tiles out
        after that, `parcels`, `peak_mb` in memory and `own_peak_mb` of it without
        mapped files, `curve` (seconds and those megabytes), and `new_line`: what one
        more control line costs.
    """
    folder = sample(count, data)
    command = [sys.executable, "-m", "benchmarks.whole_ingest", str(folder)]
    # What goes wrong there is seen here.
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def main() -> None:
    """Ingest the sample in the folder given and print the figures as JSON."""
    folder, catalog = Path(sys.argv[1]), read_catalog()
    files = [folder / f"{name}.parquet" for name in catalog]
    curve: list[tuple[float, float]] = []
    stages: list[tuple[float, str]] = []
    with tempfile.TemporaryDirectory(dir=cache()) as home:
        store, kept = LayerStore(Path(home) / "layers"), FactStore(Path(home) / "facts")
        start, over = time.perf_counter(), threading.Event()

        def watch() -> None:
            while not over.wait(EVERY_S):
                curve.append((time.perf_counter() - start, _now_mb()))

        watcher = threading.Thread(target=watch)
        watcher.start()

        def said(msgid: str, _values: object) -> None:
            stages.append((time.perf_counter() - start, msgid))

        done = ingest(catalog, store, kept, read_region(), files, said)
        whole = time.perf_counter() - start
        over.set()
        watcher.join()
        loaded = next(at for at, said in stages if said.startswith("Facts:"))
        seconds = next(at for at, said in stages if said.startswith("Tiles"))
        figures = {
            "parcels": done.manifests["parcels"].count,
            "seconds": seconds,
            "tiles_s": whole - seconds,
            "measured_after_s": loaded,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "own_peak_mb": max(used for _, used in curve),
            "curve": [(at, used) for at, used in curve if at <= seconds],
        }
        figures["new_line"] = drop(store, kept, done.facts, Path(home) / "line")
    print(json.dumps(figures))


def _now_mb() -> float:
    """Tell the memory of this process that is not mapped files."""
    fields = Path("/proc/self/status").read_text().split("RssAnon:")[1]
    return int(fields.split()[0]) / 1024


if __name__ == "__main__":
    main()

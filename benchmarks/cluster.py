"""One worker of a Dask cluster against two, and both against this process."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pandas.testing import assert_frame_equal

from benchmarks.scene import cache, sample
from layers.catalog import read_catalog
from layers.cluster import Cluster
from layers.facts_cluster import ClusterWorkers
from layers.facts_plan import Plan
from layers.facts_renew import How, renew_facts
from layers.facts_store import FactStore
from layers.facts_table import Facts
from layers.ingest import ingest
from layers.load import Say
from layers.region import read_region
from layers.store import LayerStore


class Timed:
    """Workers whose time is taken, with that of starting the cluster.

    Args:
        workers: How many.
    """

    def __init__(self, workers: int) -> None:
        self.inner = ClusterWorkers(Cluster("local", workers=workers))
        self.seconds = 0.0

    def measure_all(self, plan: Plan, *, say: Say) -> None:
        """Measure, and note how long it took."""
        start = time.perf_counter()
        self.inner.measure_all(plan, say=say)
        self.seconds = time.perf_counter() - start


def race(count: int) -> dict[str, Any]:
    """Measure a sample in this process, by one worker and by two.

    Args:
        count: How many parcels.

    Returns:
        `one_s` and `two_s`, the cluster's own start included, and their `ratio`.
    """
    with _loaded(count) as (home, store):
        alone = _measured(store, home / "alone", How(engine="kernel"))
        seconds = []
        for workers in (1, 2):
            timed = Timed(workers)
            found = _measured(store, home / f"by-{workers}", How(workers=timed))
            assert_frame_equal(found.table, alone.table, check_exact=True)
            seconds.append(timed.seconds)
    one, two = seconds
    print(
        f"  Dask, {count:,} parcels: 1 worker {one:.1f} s, 2 workers {two:.1f} s,"
        f" {one / two:.2f} times; all facts equal to the bit"
    )
    return {"parcels": count, "one_s": one, "two_s": two, "ratio": one / two}


@contextmanager
def _loaded(count: int) -> Iterator[tuple[Path, LayerStore]]:
    folder, catalog = sample(count), read_catalog()
    with tempfile.TemporaryDirectory(dir=cache()) as name:
        home = Path(name)
        store = LayerStore(home / "layers")
        files = [folder / f"{layer}.parquet" for layer in catalog]
        ingest(catalog, store, FactStore(home / "facts"), read_region(), files)
        yield home, store


def _measured(store: LayerStore, home: Path, how: How) -> Facts:
    return renew_facts(store, FactStore(home), read_catalog(), read_region(), how=how)

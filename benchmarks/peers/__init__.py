"""Whom we measure against. Each family has one file; jobs it cannot do are missing."""

from contextlib import ExitStack
from functools import partial
from importlib import import_module
from typing import Any

from benchmarks.contest import BEST, PLAIN, Entry, Run

PEERS = ("geopandas", "shapely", "duckdb", "sedonadb", "postgis", "polars")
MANY = 200_000  # beyond, plain configurations take hours


def entries(job: str, peers: list[str], given: Any, count: int) -> list[Entry]:  # noqa: ANN401
    """Enter the peers that can do a job, each plain and at its best.

    Args:
        job: `overlay`, `self_overlap`, `nearest` or `screen`.
        peers: Their names.
        given: What the job works on.
        count: How many parcels: plain configurations are left out beyond 200,000.

    Returns:
        The entries in order.
    """
    entered = []
    for peer in peers:
        module = import_module(f"benchmarks.peers.{peer}_peer")
        prepare = getattr(module, job, None)
        if prepare is None:
            entered.append(Entry(peer, BEST, None, "cannot do it"))
            continue
        for way in (PLAIN, BEST):
            if way == PLAIN and count > MANY:
                entered.append(Entry(peer, way, None, "would take too long"))
            else:
                entered.append(
                    Entry(peer, way, partial(_prepared, prepare, given, way))
                )
    return entered


def _prepared(prepare: Any, given: Any, way: str, stack: ExitStack) -> Run:  # noqa: ANN401
    run: Run = prepare(given, best=way == BEST, stack=stack)
    return run

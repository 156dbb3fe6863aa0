"""DuckDB: its spatial extension for overlays, plain SQL for screening."""

from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from benchmarks.contest import NotHereError, Run
from benchmarks.peers.shapely_peer import tiles_of
from benchmarks.peers.tables import AREAS, PAIRS, PAIRS_FIRST, dense
from benchmarks.scene import Scene, Shapes
from benchmarks.screen import TOP, Asked, columns, score, where

MOST_NESTED = 20_000


def overlay(scene: Scene, *, best: bool, stack: ExitStack) -> Run:
    """Measure every parcel against every layer, m2, shape (n, layers)."""
    database = _spatial(scene, stack)
    for name, shapes in scene.layers.items():
        _table(database, name, tiles_of(shapes) if best else shapes)

    def measured(layer: str) -> Any:  # noqa: ANN401
        found = database.execute(AREAS.format(layer=layer)).fetchnumpy()
        return dense(found["id"], found["m2"], len(scene))

    return lambda: np.column_stack([measured(name) for name in scene.layers])


def self_overlap(scene: Scene, *, best: bool, stack: ExitStack) -> Run:
    """Pair parcels that overlap: left, right, m2; at its best the join comes first."""
    if not best and len(scene) > MOST_NESTED:
        raise NotHereError("its planner makes it a nested loop: hours")
    database = _spatial(scene, stack)

    def pairs() -> Any:  # noqa: ANN401
        found = database.execute(PAIRS_FIRST if best else PAIRS).fetchnumpy()
        return np.column_stack([found["a"], found["b"], found["m2"]])

    return pairs


def opened(stack: ExitStack) -> Any:  # noqa: ANN401 - its types come with the package
    """Open a database in memory.

    Args:
        stack: Closes it.

    Returns:
        The connection.

    Raises:
        NotHereError: DuckDB is not installed.
    """
    try:
        import duckdb  # noqa: PLC0415 - of the dependency group `peers`
    except ImportError as error:
        raise NotHereError("duckdb is not installed: --group peers") from error
    return stack.enter_context(duckdb.connect())


def _spatial(scene: Scene, stack: ExitStack) -> Any:  # noqa: ANN401
    database = opened(stack)
    try:
        database.execute(f"INSTALL '{_extension()}'")
        database.execute("LOAD spatial")
    except Exception as error:
        raise NotHereError("its spatial extension cannot be fetched here") from error
    _table(database, "parcels", scene.parcels)
    return database


def _extension() -> str:
    """Find the extension that a package brought, or else name it to be fetched."""
    found = find_spec("duckdb_extension_spatial")
    folders = found.submodule_search_locations if found else None
    files = [f for one in folders or () for f in Path(one).rglob("*.duckdb_extension")]
    return str(files[0]) if files else "spatial"


def _table(database: Any, name: str, shapes: Shapes) -> None:  # noqa: ANN401
    rows = pa.table({"id": np.arange(len(shapes)), "wkb": shapely.to_wkb(shapes)})
    database.register("arriving", rows)
    geometry = "select id, st_geomfromwkb(wkb) as geom from arriving"
    database.execute(f"create table {name} as {geometry}")
    database.unregister("arriving")


def screen(asked: Asked, *, best: bool, stack: ExitStack) -> Run:  # noqa: ARG001
    """Count the eligible, score, take the best: in memory, one way to write it."""
    database = opened(stack)
    rows = asked.table[columns()].reset_index(drop=True)
    database.register("arriving", pa.Table.from_pandas(rows, preserve_index=False))
    database.execute("create table facts as select * from arriving")
    upcoming = asked.limits()

    def run() -> Any:  # noqa: ANN401
        found = database.execute(
            f"select {score()} as score, count(*) over () as eligible from facts"  # noqa: S608
            f" where {where(next(upcoming))} order by score desc limit {TOP}"
        ).fetchnumpy()
        return int(found["eligible"].max(initial=0)), found["score"]

    return run

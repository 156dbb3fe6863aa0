"""PostGIS: indexed tables, both cores; at its best the layers are subdivided."""

import tempfile
from contextlib import ExitStack
from typing import Any

import numpy as np
import shapely
from pandas.api.types import is_float_dtype

from benchmarks.contest import NotHereError, Run
from benchmarks.peers.postgres import postgres
from benchmarks.peers.tables import AREAS, PAIRS, dense
from benchmarks.scene import Scene, Shapes
from benchmarks.screen import TOP, Asked, columns, score, where

NEAREST = """
    select p.id, near.m from parcels p cross join lateral (
        select p.geom <-> t.geom as m from {layer} t order by p.geom <-> t.geom limit 1
    ) as near
"""


def overlay(scene: Scene, *, best: bool, stack: ExitStack) -> Run:
    """Measure every parcel against every layer, m2, shape (n, layers)."""
    database = _opened(scene, stack)
    for name, shapes in scene.layers.items():
        _table(database, name, shapes, subdivide=best)

    def measured(layer: str) -> Any:  # noqa: ANN401
        found = _rows(database, AREAS.format(layer=layer))
        return dense(found[:, 0], found[:, 1], len(scene))

    return lambda: np.column_stack([measured(name) for name in scene.layers])


def self_overlap(scene: Scene, *, best: bool, stack: ExitStack) -> Run:  # noqa: ARG001
    """Pair parcels that overlap: left, right, m2; there is one way to write it."""
    database = _opened(scene, stack)
    return lambda: _rows(database, PAIRS)


def nearest(scene: Scene, *, best: bool, stack: ExitStack) -> Run:
    """Measure to the nearest target of each layer, planar metres, (n, layers)."""
    from benchmarks.peers.shapely_peer import segments_of  # noqa: PLC0415

    database = _opened(scene, stack)
    for name, shapes in scene.targets.items():
        _table(database, name, segments_of(shapes) if best else shapes)

    def away(layer: str) -> Any:  # noqa: ANN401
        found = _rows(database, NEAREST.format(layer=layer))
        return dense(found[:, 0], found[:, 1], len(scene))

    return lambda: np.column_stack([away(name) for name in scene.targets])


def _opened(scene: Scene, stack: ExitStack) -> Any:  # noqa: ANN401
    database = stack.enter_context(postgres())
    try:
        database.execute("create extension postgis")
    except Exception as error:
        raise NotHereError("PostGIS is not installed") from error
    _table(database, "parcels", scene.parcels)
    return database


def _table(
    database: Any,  # noqa: ANN401
    name: str,
    shapes: Shapes,
    *,
    subdivide: bool = False,
) -> None:
    """Copy shapes into an indexed table."""
    database.execute(f"create unlogged table {name} (id int, geom geometry)")
    with database.cursor().copy(f"copy {name} from stdin") as copy:
        for row in enumerate(shapely.to_wkb(shapes, hex=True)):
            copy.write_row(row)
    if subdivide:
        database.execute(f"alter table {name} rename to whole")
        database.execute(
            f"create unlogged table {name} as"  # noqa: S608 - our own names
            " select id, st_subdivide(geom, 128) as geom from whole"
        )
        database.execute("drop table whole")
    database.execute(f"create index on {name} using gist (geom)")
    database.execute(f"alter table {name} set (parallel_workers = 2)")
    database.execute(f"vacuum analyze {name}")


def _rows(database: Any, query: str) -> Any:  # noqa: ANN401
    rows = database.execute(query).fetchall()
    return np.array(rows, dtype=float) if rows else np.zeros((0, 3))


def screen(asked: Asked, *, best: bool, stack: ExitStack) -> Run:
    """Count the eligible, score, take the best; at its best with indexes."""
    database = stack.enter_context(postgres())
    rows = asked.table[columns()]
    told = [
        f"{name} {'float8' if is_float_dtype(kind) else 'text'}"
        for name, kind in rows.dtypes.items()
    ]
    database.execute(f"create unlogged table facts ({', '.join(told)})")
    with tempfile.NamedTemporaryFile(mode="w+", suffix=".csv") as file:
        rows.to_csv(file.name, index=False, header=False)
        with database.cursor().copy("copy facts from stdin csv") as copy:
            while block := file.read(1 << 22):
                copy.write(block)
    if best:
        for column in ("interchange_distance_m", "urban_boundary_share", "area_m2"):
            database.execute(f"create index on facts ({column})")
    database.execute("alter table facts set (parallel_workers = 2)")
    database.execute("vacuum analyze facts")
    upcoming = asked.limits()

    def run() -> Any:  # noqa: ANN401
        found = _rows(
            database,
            f"select {score()} as score, count(*) over () as eligible from facts"  # noqa: S608
            f" where {where(next(upcoming))} order by score desc limit {TOP}",
        )
        return (int(found[0, 1]), found[:, 0]) if len(found) else (0, np.zeros(0))

    return run

"""SedonaDB: SQL over frames in memory; at its best the layers are tiles."""

from contextlib import ExitStack
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.contest import NotHereError, Run
from benchmarks.peers.shapely_peer import tiles_of
from benchmarks.peers.tables import AREAS, PAIRS, dense
from benchmarks.scene import Scene, Shapes


def overlay(scene: Scene, *, best: bool, stack: ExitStack) -> Run:  # noqa: ARG001
    """Measure every parcel against every layer, m2, shape (n, layers)."""
    database = _opened(scene)
    for name, shapes in scene.layers.items():
        _table(database, scene, name, tiles_of(shapes) if best else shapes)

    def measured(layer: str) -> Any:  # noqa: ANN401
        found = pa.table(database.sql(AREAS.format(layer=layer)))
        return dense(found["id"], found["m2"], len(scene))

    return lambda: np.column_stack([measured(name) for name in scene.layers])


def self_overlap(scene: Scene, *, best: bool, stack: ExitStack) -> Run:  # noqa: ARG001
    """Pair parcels that overlap: left, right, m2; there is one way to write it."""
    database = _opened(scene)
    return lambda: np.column_stack(pa.table(database.sql(PAIRS)).columns)


def _opened(scene: Scene) -> Any:  # noqa: ANN401 - untyped package
    try:
        import sedonadb  # noqa: PLC0415 - of the dependency group `peers`
    except ImportError as error:
        raise NotHereError("sedonadb is not installed: --group peers") from error
    database = sedonadb.connect()
    _table(database, scene, "parcels", scene.parcels)
    return database


def _table(database: Any, scene: Scene, name: str, shapes: Shapes) -> None:  # noqa: ANN401
    frame = (
        scene.frame(shapes).rename_geometry("geom").set_crs(None, allow_override=True)
    )
    database.create_data_frame(frame).to_memtable().to_view(name, overwrite=True)

"""Lay a layer's version out for tiles: flat coordinates in world units, mapped.

Beside the data of a version stands a folder of plain arrays in the order of the store,
which follows a space-filling curve: what a tile needs lies together. It is made once,
a batch of rows at a time, and made anew when it is missing or damaged.
"""

import json
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from numpy.typing import NDArray

from gis.mercator import to_world
from layers.layer import Layer
from layers.shapes_at import ShapesAt, shapes_in
from layers.store import DATA, LayerStore
from layers.tile_density import write_density

CODE: Final = "2"  # of the arrays; another number makes them anew
BATCH: Final = 20_000
THREADS: Final = 2
AT_ONCE: Final = 8  # batches in memory
PUBLISHED: Final = "public"
# Never who holds land, never notes: only what the map is coloured and named by.
OF_PARCELS: Final = ("land_use_code", "stock_status")
OF_OTHERS: Final = ("name", "name_en", "land_use_code", "level", "class")
AREA, LINE, POINT = 3, 2, 1  # as MVT numbers them
FLAT: Final = {
    "x": "<i4",
    "y": "<i4",
    "rank": "u1",
    "hole": "u1",
}  # written as they come
ARRAYS: Final = ("x", "y", "rank", "ring", "hole", "shape", "box", "hidden", "codes")
META: Final = "tiles.json"


@dataclass(frozen=True)
class _Batch:
    """Rows of a layer as flat arrays; offsets begin at 0."""

    x: NDArray[np.int32]
    y: NDArray[np.int32]
    rank: NDArray[np.uint8]
    ring: NDArray[np.int64]
    hole: NDArray[np.uint8]
    shape: NDArray[np.int64]
    box: NDArray[np.int32]
    area: NDArray[np.float64]


def tiles_folder(folder: Path) -> Path:
    """Return the folder of a version's arrays."""
    return folder / f"tiles-{CODE}"


def build(store: LayerStore, name: str, version: str) -> Path:
    """Lay a version out, whatever is there already.

    Args:
        store: The layers.
        name: The layer.
        version: One of its versions in the store.

    Returns:
        The folder of its arrays.

    Raises:
        StoreError: The data of the version is damaged, or the disk is full.
    """
    home = store.folder_of(name, version)
    layer = store.manifest_of(name, version).layer
    shapes = shapes_in(home, layer.key_column)
    aside = home / f".{uuid.uuid4().hex}"
    aside.mkdir()
    try:
        _write(aside, home, layer, shapes)
        for older in home.glob("tiles-*"):
            shutil.rmtree(older, ignore_errors=True)
        folder = tiles_folder(home)
        aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return folder


def _write(aside: Path, home: Path, layer: Layer, shapes: ShapesAt) -> None:
    """Write all arrays of a version into a folder."""
    kind = _kind_of(shapes)
    names, words, codes, hidden = _attributes(home, layer)
    box, area = _write_shapes(aside, _batches(shapes, kind))
    np.save(aside / "hidden.npy", hidden)
    np.save(aside / "codes.npy", codes)
    meta = write_density(aside, box, area, hidden, kind=kind, layer=layer)
    told = {"kind": kind, "names": names, "words": words, "count": len(box), **meta}
    with (aside / META).open("w", encoding="utf-8") as file:
        json.dump(told, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())  # on disk before the folder has its name


def _write_shapes(
    aside: Path, batches: Iterable[_Batch]
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Write what the shapes are made of, batch by batch; return boxes and areas."""
    ring, shape = [], []
    boxes, areas = [np.empty((0, 4), np.int32)], [np.empty(0)]
    vertices, rings = 0, 0
    with ExitStack() as files:
        flat = {
            one: files.enter_context((aside / f"{one}.bin").open("wb")) for one in FLAT
        }
        for batch in batches:
            for one, file in flat.items():
                getattr(batch, one).tofile(file)
            ring.append(batch.ring[:-1] + vertices)
            shape.append(batch.shape[:-1] + rings)
            boxes.append(batch.box)
            areas.append(batch.area)
            vertices += len(batch.x)
            rings += len(batch.ring) - 1
    ring.append(np.array([vertices]))
    shape.append(np.array([rings]))
    box = np.concatenate(boxes)
    np.save(aside / "ring.npy", np.concatenate(ring).astype(np.int64))
    np.save(aside / "shape.npy", np.concatenate(shape).astype(np.int64))
    np.save(aside / "box.npy", box)
    for one, kept in FLAT.items():
        _as_array(aside / f"{one}.bin", aside / f"{one}.npy", np.dtype(kept))
    return box, np.concatenate(areas)


def _kind_of(shapes: ShapesAt) -> int:
    """Tell what a layer is made of by its first shape that is not empty."""
    if not len(shapes):
        return AREA
    first = shapely.from_wkb(
        shapes.rows(0, min(len(shapes), BATCH))["geometry"].to_numpy()
    )
    dimensions = shapely.get_dimensions(first)
    known = dimensions[dimensions >= 0]
    return int(known[0]) + 1 if len(known) else AREA


def _batches(shapes: ShapesAt, kind: int) -> Iterator[_Batch]:
    """Lay batch by batch out, a few at once in threads, in the order of the store."""

    def laid_out(start: int) -> _Batch:
        rows = shapes.rows(start, min(start + BATCH, len(shapes)))
        return _batch(shapely.from_wkb(rows["geometry"].to_numpy()), kind)

    starts = range(0, len(shapes), BATCH)
    with ThreadPoolExecutor(THREADS) as pool:
        for first in range(0, len(starts), AT_ONCE):
            yield from pool.map(laid_out, starts[first : first + AT_ONCE])


def _batch(geometry: NDArray[np.object_], kind: int) -> _Batch:
    """Lay some shapes out."""
    from layers import tile_loops as loops  # noqa: PLC0415 - the compiler is slow

    parts, row = _parts(geometry, kind)
    if kind == AREA:
        rings, part = shapely.get_rings(parts, return_index=True)
        hole = np.ones(len(rings), dtype=np.uint8)
        hole[np.searchsorted(part, np.arange(len(parts)))] = 0
        row = row[part]
    else:
        rings, hole = parts, np.zeros(len(parts), dtype=np.uint8)
    coordinates, at = shapely.get_coordinates(rings, return_index=True)
    x, y = to_world(coordinates[:, 0], coordinates[:, 1])
    ring = np.zeros(len(rings) + 1, dtype=np.int64)
    np.cumsum(np.bincount(at, minlength=len(rings)), out=ring[1:])
    shape = np.zeros(len(geometry) + 1, dtype=np.int64)
    np.cumsum(np.bincount(row, minlength=len(geometry)), out=shape[1:])
    rank = np.zeros(len(x), dtype=np.uint8)
    area = np.zeros(len(rings))
    if kind == AREA:
        loops.turn_rings(x, y, ring, hole)
        loops.twice_areas(x, y, ring, area)
    if kind != POINT:
        loops.rank_vertices(x, y, ring, kind == AREA, rank)
    owned = np.bincount(row, area / 2.0, minlength=len(geometry)).astype(float)
    return _Batch(x, y, rank, ring, hole, shape, _boxes(x, y, ring[shape]), owned)


def _parts(
    geometry: NDArray[np.object_], kind: int
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Take single shapes of a kind out of those that gather several."""
    parts, row = shapely.get_parts(geometry, return_index=True)
    parts, again = shapely.get_parts(parts, return_index=True)
    row = row[again]
    kept = (shapely.get_dimensions(parts) == kind - 1) & ~shapely.is_empty(parts)
    return parts[kept], row[kept].astype(np.int64)


def _boxes(
    x: NDArray[np.int32], y: NDArray[np.int32], vertex: NDArray[np.int64]
) -> NDArray[np.int32]:
    """Bound each shape: west, north, east, south; turned inside out where empty."""
    box = np.empty((len(vertex) - 1, 4), dtype=np.int32)
    box[:, :2], box[:, 2:] = np.iinfo(np.int32).max, np.iinfo(np.int32).min
    there = np.flatnonzero(vertex[1:] > vertex[:-1])
    if len(there):
        first = vertex[there]
        box[there, 0] = np.minimum.reduceat(x, first)
        box[there, 1] = np.minimum.reduceat(y, first)
        box[there, 2] = np.maximum.reduceat(x, first)
        box[there, 3] = np.maximum.reduceat(y, first)
    return box


def _attributes(
    home: Path, layer: Layer
) -> tuple[list[str], list[str], NDArray[np.int32], NDArray[np.uint8]]:
    """Read what the map is coloured by, and which rows guests may not see.

    Returns:
        Names of the attributes, all their values, the number of each row's value
        (-1 for none, shape (a, n)) and 1 for a row that is not published.
    """
    wanted = OF_PARCELS if layer.role == "parcel" else OF_OTHERS
    with pq.ParquetFile(home / DATA) as file:
        there = file.schema_arrow.names
        names = [name for name in wanted if name in there]
        guarded = layer.role == "parcel"
        extra = ["publish"] if guarded and "publish" in there else []
        table = file.read(columns=[*names, *extra])
        count = file.metadata.num_rows
    codes = np.full((len(names), count), -1, dtype=np.int32)
    words: list[str] = []
    for number, name in enumerate(names):
        known, values = _coded(table[name])
        codes[number] = np.where(known < 0, -1, known + len(words))
        words += values
    # Only what somebody said may be shown is shown.
    hidden = np.full(count, guarded, dtype=np.uint8)
    if extra:
        told = table["publish"].cast(pa.string()).to_numpy(zero_copy_only=False)
        hidden[told == PUBLISHED] = 0
    return names, words, codes, hidden


def _coded(column: pa.ChunkedArray) -> tuple[NDArray[np.int32], list[str]]:
    """Number the values of a column, -1 for none."""
    whole = column.combine_chunks()
    if not pa.types.is_dictionary(whole.type):
        whole = whole.cast(pa.string()).dictionary_encode()
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.combine_chunks()
    known = whole.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    values = ["" if one is None else str(one) for one in whole.dictionary.to_pylist()]
    return known.astype(np.int32), values


def _as_array(raw: Path, file: Path, kept: np.dtype[Any]) -> None:
    """Turn plain numbers into an array that can be mapped."""
    count = raw.stat().st_size // kept.itemsize
    made = np.lib.format.open_memmap(file, mode="w+", dtype=kept, shape=(count,))
    if count:
        made[:] = np.memmap(raw, dtype=kept, mode="r", shape=(count,))
    made.flush()
    del made
    raw.unlink()

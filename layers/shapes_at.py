"""Read a few shapes of a large layer by their place, in microseconds each.

Parquet is unpacked by the row group: a few parcels scattered over a province cost as
much as all of them. Beside the Parquet of a version stands the same geometry unpacked,
mapped into memory and read where it is asked for; a big file's is written while it is
loaded, any other's when it is first asked for, and anew when it is missing.
"""

import os
import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from geopandas import GeoSeries

from gis.crs import CGCS2000
from layers.store import DAMAGE, DATA, LayerStore

SHAPES: Final = "shapes.arrow"
THREADS: Final = 2
AT_ONCE: Final = 16  # row groups in memory


class ShapesAt:
    """Shapes of one version of a layer, by their place in the store.

    Args:
        file: The unpacked geometry, as `shapes_at` makes it.
    """

    def __init__(self, file: Path) -> None:
        with pa.memory_map(str(file)) as opened:
            reader = pa.ipc.open_file(opened)
            self._batches = [
                reader.get_batch(number) for number in range(reader.num_record_batches)
            ]
        self._schema = reader.schema
        counts = [batch.num_rows for batch in self._batches]
        self._start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)

    def __len__(self) -> int:
        return int(self._start[-1])

    def rows(self, start: int, stop: int) -> pa.Table:
        """Return keys and geometry as well-known binary of some rows, not copied.

        Args:
            start: Place of the first row.
            stop: Place after the last row.

        Returns:
            The key's column and `geometry`.
        """
        first = int(np.searchsorted(self._start, start, side="right")) - 1
        last = int(np.searchsorted(self._start, stop, side="left"))
        held = pa.Table.from_batches(self._batches[first:last], self._schema)
        return held.slice(start - int(self._start[first]), stop - start)

    def of(self, places: Iterable[int]) -> GeoSeries:
        """Read shapes.

        Args:
            places: Their places in the order of the store, from 0; places beyond its
                end are left out.

        Returns:
            EPSG:4490, by key, in the order asked for.
        """
        keys, blobs = [], []
        for place in places:
            if not 0 <= place < len(self):
                continue
            number = int(np.searchsorted(self._start, place, side="right")) - 1
            batch, row = self._batches[number], int(place - self._start[number])
            keys.append(batch.column(0)[row].as_py())
            blobs.append(batch.column(1)[row].as_py())
        return GeoSeries(shapely.from_wkb(blobs), index=keys, crs=CGCS2000)


def shapes_at(store: LayerStore, name: str) -> ShapesAt:
    """Open the shapes of a layer's current version; unpack them the first time.

    Args:
        store: The layers.
        name: The layer.

    Returns:
        Its shapes.

    Raises:
        LayerMissingError: Nothing is loaded under that name.
        StoreError: The layer's pointer or manifest is damaged.
    """
    key = store.manifest(name).layer.key_column
    return shapes_in(store.folder(name), key)


def shapes_in(folder: Path, key: str) -> ShapesAt:
    """Open the shapes of a version; unpack them the first time.

    Args:
        folder: The version's folder.
        key: The layer's key column.

    Returns:
        Its shapes.

    Raises:
        StoreError: The data of the version is damaged.
    """
    file = folder / SHAPES
    try:
        return ShapesAt(file)
    except DAMAGE:
        # Not made yet, or left half on disk by a power cut: it is made anew.
        file.unlink(missing_ok=True)
    try:
        _unpack(folder / DATA, key, file)
    except DAMAGE as error:
        fault = LayerStore.damaged(folder.parent.name, folder / DATA, error)
        raise fault from error
    return ShapesAt(file)


@contextmanager
def writing_shapes(file: Path, key: str) -> Iterator[Callable[[pa.Table], None]]:
    """Write a layer's shapes as they are made: who loads it has them at hand.

    Args:
        file: `SHAPES` in the folder of a version that nobody reads yet.
        key: The layer's key column.

    Yields:
        What writes rows that have a key and a `geometry`, in the order of the store.
    """
    schema = pa.schema([(key, pa.string()), ("geometry", pa.binary())])
    with (
        pa.OSFile(str(file), "wb") as opened,
        pa.ipc.new_file(opened, schema) as written,
    ):

        def write(rows: pa.Table) -> None:
            plain = rows.select(schema.names).cast(schema)
            written.write_table(plain.combine_chunks())

        yield write
    with file.open("rb") as whole:
        os.fsync(whole.fileno())  # on disk before it has its name


def _unpack(source: Path, key: str, file: Path) -> None:
    """Write keys and geometry uncompressed, a batch for each row group."""
    aside = file.with_name(f".{uuid.uuid4().hex}")

    def unpacked(number: int) -> pa.Table:
        with pq.ParquetFile(source, page_checksum_verification=True) as packed:
            return packed.read_row_group(
                number, columns=[key, "geometry"], use_threads=False
            )

    try:
        with (
            pq.ParquetFile(source) as packed,
            writing_shapes(aside, key) as write,
            ThreadPoolExecutor(THREADS) as pool,
        ):
            count = packed.num_row_groups
            for start in range(0, count, AT_ONCE):
                numbers = range(start, min(start + AT_ONCE, count))
                for rows in pool.map(unpacked, numbers):
                    write(rows)
        aside.replace(file)
    finally:
        aside.unlink(missing_ok=True)

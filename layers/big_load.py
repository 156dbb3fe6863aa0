"""Load a big GeoParquet in bounded memory: read some, sort aside, write in order."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeVar

import numpy as np
import pyarrow as pa
from geopandas import GeoDataFrame, GeoSeries
from numpy.typing import NDArray
from pandas import Series
from pyproj import CRS

from gis.crs import CGCS2000
from gis.words import Title
from layers.big_rows import EDGES, SHAPE, BigRows, Looked, Settled
from layers.geoparquet import BBOX, GeoParquetWriter
from layers.layer import Layer
from layers.readers.big_parquet import BATCH, BigParquet
from layers.region import Region
from layers.runs import Runs
from layers.shapes_at import SHAPES, writing_shapes
from layers.store import ROW_GROUP

Say = Callable[[str, Mapping[str, object]], None]
Item = TypeVar("Item")

WRITTEN: Final = 2 * ROW_GROUP  # rows gathered while those before are written
# Fewer words than this are handed over as a dictionary, more as text.
FEW_WORDS: Final = 256
KINDS: Final = ("Point", "LineString", "LinearRing", "Polygon", "MultiPoint",
    "MultiLineString", "MultiPolygon", "GeometryCollection")  # fmt: skip


def load_big(  # noqa: PLR0913 - what is loaded, whereto, and how
    big: BigParquet,
    crs: CRS,
    layer: Layer,
    *,
    region: Region,
    file: Path,
    say: Say,
    size: int = BATCH,
) -> Settled:
    """Turn a big file's rows into a layer's rows, and write them.

    Args:
        big: The file.
        crs: The CRS of its shapes.
        layer: The declaration.
        region: The region the rows have to lie in.
        file: The GeoParquet to write; its shapes are written beside it unpacked, and
            runs, which are removed.
        say: Takes progress.
        size: Rows read at a time, about.

    Returns:
        What became of the rows; those kept are in `file`, EPSG:4490, the key as first
        column, in Hilbert order.

    Raises:
        LayerError: Declared columns are not in the file, the file is damaged, or more
            rows are refused than the layer allows; `faults` lists them.
        CrsError: The rows do not lie in the region.
    """
    with (
        TemporaryDirectory(dir=file.parent, prefix=".runs") as folder,
        Runs(Path(folder)) as runs,
    ):
        rows = BigRows(big, crs, layer, region, runs)
        done = 0
        for looked in _ahead(_read(big, rows, size)):
            rows.add(looked)
            done += len(looked.rows)
            told = {"layer": Title(layer.title), "done": done, "count": big.count}
            say(Title("{layer}: {done} of {count} rows read"), told)
        settled = rows.settle()
        _write(file, rows, runs, settled, lambda done: say(
            Title("{layer}: {done} of {count} rows written"),
            {"layer": Title(layer.title), "done": done, "count": len(settled.order)},
        ))  # fmt: skip
    return settled


def _read(big: BigParquet, rows: BigRows, size: int) -> Iterator[Looked]:
    """Read the file; what is damaged is told as `read_vector` tells it."""
    shape, start = big.empty.geometry.name, 0
    sources = list(dict.fromkeys(rows.sources.values()))
    batches = big.batches(sources, repeating=rows.repeating, size=size)
    while True:
        with big.telling_damage():
            batch = next(batches, None)
        if batch is None:
            return
        yield rows.look(start, batch.rename_columns({shape: SHAPE}))
        start += len(batch)


def _ahead(made: Iterator[Item]) -> Iterator[Item]:
    """Make the next item in a thread while one is used."""
    with ThreadPoolExecutor(1) as beside:
        coming = beside.submit(next, made, None)
        while (item := coming.result()) is not None:
            coming = beside.submit(next, made, None)
            yield item


def _write(
    file: Path,
    rows: BigRows,
    runs: Runs,
    settled: Settled,
    done: Callable[[int], None],
) -> None:
    """Gather the rows kept in their order and write them."""
    words = {name: known.words for name, known in rows.words.items()}
    few = [name for name, known in words.items() if len(known) <= FEW_WORDS]
    kinds = [KINDS[kind] for kind in settled.kinds]
    low, high = np.full(2, np.inf), np.full(2, -np.inf)
    written = 0
    with (
        GeoParquetWriter(file, _empty(rows), dictionaries=few) as writer,
        writing_shapes(file.with_name(SHAPES), rows.names[0]) as write_shapes,
    ):
        for part in _ahead(_gathered(runs, settled.order, words, few)):
            edges = part["bbox"].combine_chunks().flatten()
            west, south, east, north = (edge.to_numpy() for edge in edges)
            low = np.minimum(low, [west.min(), south.min()])
            high = np.maximum(high, [east.max(), north.max()])
            writer.write(part)
            write_shapes(part)
            written += len(part)
            done(written)
        writer.finish(kinds=kinds, bounds=[*low.tolist(), *high.tolist()])


def _gathered(
    runs: Runs, order: NDArray[np.int64], words: Mapping[str, pa.Array], few: list[str]
) -> Iterator[pa.Table]:
    """Gather rows as they are written, codes told as the words they stand for."""
    for start in range(0, len(order), WRITTEN):
        rows = runs.take(order[start : start + WRITTEN])
        columns = {name: _one(rows[name]) for name in rows.column_names}
        for name, known in words.items():
            code = columns[name]
            columns[name] = (
                pa.DictionaryArray.from_arrays(code, known)
                if name in few
                else known.take(code)
            )
        edges = [columns.pop(edge) for edge in EDGES]
        columns["bbox"] = pa.StructArray.from_arrays(edges, BBOX)
        yield pa.table(columns)


def _one(column: pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks()
    return whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole


def _empty(rows: BigRows) -> GeoDataFrame:
    """Make the frame that `rows.accept_rows` would, without rows."""
    columns = {
        name: Series([], dtype="float64" if name in rows.numbers else "str")
        for name in rows.names
    }
    return GeoDataFrame(columns, geometry=GeoSeries([], crs=CGCS2000), crs=CGCS2000)

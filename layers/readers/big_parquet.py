"""Read a big GeoParquet some rows at a time, its shapes left as bytes."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from geopandas import GeoDataFrame
from pandas import StringDtype

from gis.errors import LayerError
from layers.convert import FEW
from layers.readers.vector import DAMAGE

# Fewer rows are read at once: what streams them is compiled first.
STREAM_FROM: Final = 100_000
BATCH: Final = 65_536
MOST_BYTES: Final = 1 << 29  # of a batch: an array of bytes may hold four times as many
SEEN: Final = 10_000  # rows that tell whether values repeat


@dataclass(frozen=True)
class BigParquet:
    """A GeoParquet that can be read some rows at a time.

    Attributes:
        path: The file.
        count: Its rows.
        empty: What `read_vector` makes of it, without rows: columns and CRS.
        gappy: Columns of whole numbers of which some are missing; pandas makes all
            of such a column float64.
    """

    path: Path
    count: int
    empty: GeoDataFrame
    gappy: frozenset[str] = frozenset()

    @contextmanager
    def telling_damage(self) -> Iterator[None]:
        """Turn what reading a damaged file raises into a sentence.

        Yields:
            Nothing; the block reads the file.

        Raises:
            LayerError: The file is damaged.
        """
        try:
            yield
        except DAMAGE as error:
            raise LayerError(
                "The file {file} cannot be read: {why}.", file=self.path, why=str(error)
            ) from error

    def repeating(self, columns: list[str]) -> list[str]:
        """Name those columns of text whose values stand in many rows."""
        texts = [
            name for name in columns if isinstance(self.empty[name].dtype, StringDtype)
        ]
        if not texts:
            return []
        first: list[pa.RecordBatch] = []
        with pq.ParquetFile(self.path, read_dictionary=texts) as file:
            for batch in file.iter_batches(SEEN, columns=texts):
                first.append(batch)
                if sum(map(len, first)) >= SEEN:
                    break
        seen = pa.Table.from_batches(first)
        return [name for name in texts if _different(seen[name]) <= FEW * len(seen)]

    def batches(
        self, columns: list[str], *, repeating: list[str], size: int = BATCH
    ) -> Iterator[pa.Table]:
        """Read all rows in the file's order.

        Args:
            columns: Those wanted, beside the geometry.
            repeating: Those of them to read as a dictionary.
            size: Rows at a time, about; fewer where rows are heavy.

        Yields:
            Rows, the geometry as well-known binary under its own name.
        """
        wanted = [*columns, self.empty.geometry.name]
        with pq.ParquetFile(self.path, read_dictionary=repeating) as file:
            size = min(size, _bearable(file.metadata))
            for groups, rows in _together(file.metadata, size):
                if rows <= size:
                    yield self._as_read(file.read_row_groups(groups, columns=wanted))
                    continue
                for batch in file.iter_batches(size, groups, columns=wanted):
                    yield self._as_read(pa.Table.from_batches([batch]))

    def _as_read(self, rows: pa.Table) -> pa.Table:
        """Give columns the type that they have where all rows are read at once."""
        for name in self.gappy.intersection(rows.column_names):
            place = rows.column_names.index(name)
            figures = rows[name].cast(pa.float64(), safe=False)
            rows = rows.set_column(place, name, figures)
        return rows


def _bearable(told: pq.FileMetaData) -> int:
    """Return how many rows make a batch of `MOST_BYTES`, by the heaviest row group."""
    groups = [told.row_group(at) for at in range(told.num_row_groups)]
    heavy = [one.total_byte_size / one.num_rows for one in groups if one.num_rows]
    return max(int(MOST_BYTES / max([1.0, *heavy])), 1)


def open_big(path: Path, columns: list[str], *, fewest: int) -> BigParquet | None:
    """Open a GeoParquet of many rows, if each row of it can be read by itself.

    Args:
        path: A file of any format.
        columns: Names of the columns wanted; those the file lacks are passed over.
        fewest: Rows a file must have.

    Returns:
        The file; None where it has fewer rows, is of another kind, is damaged, or
        has wanted columns of which what a value is read as is told by others.
    """
    if path.suffix.lower() != ".parquet":
        return None
    try:
        with pq.ParquetFile(path) as file:
            told = file.metadata
            # Some writers tell the shapes beside the schema, not in it.
            beside = {k: v for k, v in told.metadata.items() if k != b"ARROW:schema"}
            schema = file.schema_arrow.with_metadata(beside)
        if told.num_rows < fewest:
            return None
        empty = _empty(schema)
        geo = json.loads(schema.metadata[b"geo"])["columns"]
    except (*DAMAGE, KeyError):
        return None
    held = [name for name in dict.fromkeys(columns) if name in empty.columns]
    shape = empty.geometry.name
    plain = len(geo) == 1 and geo[shape]["encoding"] == "WKB" and shape not in held
    bytes_only = schema.field(shape).type in {pa.binary(), pa.large_binary()}
    alone = all(_alone(schema, name, empty) for name in held)
    if not (plain and bytes_only and alone):
        return None
    whole = [name for name in held if pa.types.is_integer(schema.field(name).type)]
    gappy = frozenset(name for name in whole if _nulls(path, told, name))
    return BigParquet(path, told.num_rows, empty, gappy)


def _together(told: pq.FileMetaData, size: int) -> Iterator[tuple[list[int], int]]:
    """Put row groups together up to a number of rows; a bigger one stays alone."""
    groups: list[int] = []
    held = 0
    for group in range(told.num_row_groups):
        rows = told.row_group(group).num_rows
        if groups and held + rows > size:
            yield groups, held
            groups, held = [], 0
        groups.append(group)
        held += rows
    if groups:
        yield groups, held


def _different(column: pa.ChunkedArray) -> int:
    """Count the different values of a dictionary column."""
    codes = [piece.indices for piece in column.unify_dictionaries().chunks]
    return int(pc.count_distinct(pa.chunked_array(codes)).as_py())


def _empty(schema: pa.Schema) -> GeoDataFrame:
    """Let geopandas tell what it makes of a schema."""
    file = io.BytesIO()
    pq.write_table(schema.empty_table(), file)
    return geopandas.read_parquet(file)  # type: ignore[arg-type]


def _alone(schema: pa.Schema, name: str, empty: GeoDataFrame) -> bool:
    """Tell whether a column's values are read alike whichever rows come with them."""
    kind = schema.field(name).type
    if pa.types.is_large_string(kind) or pa.types.is_string(kind):
        return str(empty[name].dtype) == "str"
    if pa.types.is_floating(kind):
        return str(empty[name].dtype) in {"float64", "float32"}
    if pa.types.is_integer(kind):
        return str(empty[name].dtype) == str(kind)
    return bool(pa.types.is_date32(kind))


def _nulls(path: Path, told: pq.FileMetaData, name: str) -> bool:
    """Tell whether a column has nulls: as the file says, or by reading the column."""
    place = [told.schema.column(at).path for at in range(told.num_columns)].index(name)
    groups = range(told.num_row_groups)
    figures = [told.row_group(group).column(place).statistics for group in groups]
    if all(one is not None and one.has_null_count for one in figures):
        return any(one.null_count for one in figures)
    return bool(pq.read_table(path, columns=[name])[name].null_count)

"""Write rows as GeoParquet some at a time, as geopandas writes them at once."""

import base64
import io
import json
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import pyarrow as pa
import pyarrow.parquet as pq
from geopandas import GeoDataFrame
from pyarrow import ArrowException

from layers.store import COMPRESSION, ROW_GROUP

BBOX: Final = ("xmin", "ymin", "xmax", "ymax")
GEO: Final = b"geo"
FETCHED: Final = b"landmap:fetched_from"


class GeoParquetWriter:
    """A GeoParquet that grows by row groups.

    Args:
        path: The file.
        empty: A frame without rows: columns, types and CRS of the file.
        dictionaries: Columns of text that are handed over as dictionaries.
    """

    def __init__(
        self, path: Path, empty: GeoDataFrame, *, dictionaries: list[str]
    ) -> None:
        # What geopandas writes of the frame, but for the rows.
        file = io.BytesIO()
        empty.to_parquet(file, write_covering_bbox=True, index=False)
        self.schema = pq.read_schema(file)
        self._geo: dict[str, Any] = json.loads(self.schema.metadata[GEO])
        kind = pa.dictionary(pa.int32(), pa.large_string())
        self._handed = pa.schema(
            field.with_type(kind) if field.name in dictionaries else field
            for field in self.schema
        )
        repeats = [
            field.name
            for field in self.schema
            if field.name not in {"geometry", "bbox", empty.columns[0]}
        ]
        self._writer = pq.ParquetWriter(
            path,
            self._handed,
            compression=COMPRESSION,
            use_dictionary=repeats,
            write_page_checksum=True,
            store_schema=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._writer.close()

    def write(self, rows: pa.Table) -> None:
        """Write rows.

        Args:
            rows: Columns as in `schema`, texts among `dictionaries` as such.
        """
        arranged = rows.select(self._handed.names)
        self._writer.write_table(arranged.cast(self._handed), row_group_size=ROW_GROUP)

    def finish(
        self, *, kinds: list[str], bounds: list[float], fetched_from: str = ""
    ) -> None:
        """Say what shapes the file holds; nothing is written after it.

        Args:
            kinds: Their kinds by their GeoParquet names.
            bounds: West, south, east, north of all, in the CRS of the file.
            fetched_from: Where the rows were fetched from, for people to read.
        """
        told = self._geo["columns"]["geometry"]
        told["geometry_types"] = sorted(kinds)
        told["bbox"] = bounds
        metadata = self.schema.metadata | {GEO: json.dumps(self._geo).encode()}
        # Readers are told plain text: a dictionary is how it came, not what it is.
        schema = self.schema.with_metadata(metadata).serialize()
        metadata[b"ARROW:schema"] = base64.b64encode(schema)
        if fetched_from:
            metadata[FETCHED] = fetched_from.encode()
        self._writer.add_key_value_metadata(metadata)


def source_name_of(path: Path) -> str:
    """Name a file, or what its rows were fetched from.

    Args:
        path: A file of any format.

    Returns:
        Its name, unless `GeoParquetWriter.finish` was told another source.
    """
    if path.suffix.lower() == ".parquet":
        with suppress(OSError, ArrowException):  # damaged: whoever reads it says so
            told: dict[bytes, bytes] = pq.read_metadata(path).metadata or {}
            return told.get(FETCHED, path.name.encode()).decode()
    return path.name

"""Keep what was measured of a chunk against a layer, named by what it came from.

A part is one file: `<home>/<what>/<chunk>.arrow`, where `what` hashes the layer's
version, the region and the code, and `chunk` the parcels. The same input is the same
file, so an ingest that was killed goes on where it was, and only what changed is
measured again.
"""

import shutil
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import pyarrow as pa
from pandas import Series

SUFFIX: Final = ".arrow"
SHORT: Final = 32  # digits of a hash in a name

Made = tuple[Iterable[str], Iterable[str]]


class Parts:
    """Parts on disk; made when first written.

    Args:
        home: Their folder.
    """

    def __init__(self, home: Path) -> None:
        self.home = home

    def file(self, what: str, chunk: str) -> Path:
        """Name the file of a part.

        Args:
            what: Hash of what the parcels are measured against, and how.
            chunk: Hash of the parcels.

        Returns:
            Its path, whether it is there or not.
        """
        return self.home / what[:SHORT] / f"{chunk[:SHORT]}{SUFFIX}"

    def has(self, what: str, chunk: str) -> bool:
        """Say whether a part was measured."""
        return self.file(what, chunk).is_file()

    def write(self, what: str, chunk: str, columns: Mapping[str, Series]) -> None:
        """Keep a part: aside first, then in place in one step.

        Args:
            what: As in `file`.
            chunk: As in `file`.
            columns: A value for each parcel in each; the index is not kept.
        """
        file = self.file(what, chunk)
        file.parent.mkdir(parents=True, exist_ok=True)
        rows = pa.table({name: _array(values) for name, values in columns.items()})
        aside = file.with_name(f".{uuid.uuid4().hex}")
        try:
            with (
                pa.OSFile(str(aside), "wb") as opened,
                pa.ipc.new_file(opened, rows.schema) as written,
            ):
                written.write_table(rows)
            aside.replace(file)
        finally:
            aside.unlink(missing_ok=True)

    def read(self, what: str, chunk: str) -> dict[str, Series]:
        """Open a part, mapped into memory.

        Args:
            what: As in `file`.
            chunk: As in `file`.

        Returns:
            Each column's values, in the order of the parcels.
        """
        with pa.memory_map(str(self.file(what, chunk))) as opened:
            rows = pa.ipc.open_file(opened).read_all()
        return {name: _series(rows[name]) for name in rows.column_names}

    def sweep(self, used: Iterable[Made]) -> None:
        """Delete the parts that no version of the facts is made of.

        Args:
            used: For each version kept, what it was measured against and its chunks.
        """
        kept = {
            self.file(what, chunk)
            for whats, chunks in used
            for what in whats
            for chunk in chunks
        }
        folders = {file.parent for file in kept}
        for folder in [*self.home.glob("*/")]:
            if folder not in folders:
                shutil.rmtree(folder, ignore_errors=True)
                continue
            for file in folder.iterdir():
                if file not in kept:
                    file.unlink(missing_ok=True)


def _array(values: Series) -> pa.Array:
    """Hand figures over as they are: NaN stays NaN, and nothing is copied."""
    if values.dtype.kind in "fi":
        return pa.array(values.to_numpy())
    array = pa.array(values)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _series(column: pa.ChunkedArray) -> Series:
    """Take figures as they are, anything else as pandas would."""
    if pa.types.is_floating(column.type) and column.num_chunks == 1:
        return Series(column.chunk(0).to_numpy(), copy=False)
    values: Series = column.to_pandas()
    return values

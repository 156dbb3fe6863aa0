"""Write facts as columns in a folder, row range by row range, in any order.

See `layers.facts_columns` for what the folder holds.
"""

import json
import os
import zlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.lib.format import open_memmap
from numpy.typing import NDArray
from pandas import Categorical, DataFrame, Series

HEAD: Final = "columns.json"
EDITION: Final = 1
BLOCK: Final = 1 << 22
THREADS: Final = 2
MISSING: Final = -1


class FactColumnsWriter:
    """A folder of facts that is being written.

    Rows may come in any order and from several threads, columns together or apart;
    what is on disk after `close` does not depend on it. Memory holds what is handed
    in, and the words of the categories.

    Args:
        folder: Where to; made here, and no facts before `close`.
        count: How many rows there will be.
        schema: Type of each column, the index among them: figures and truths of any
            width, dictionaries for categories, anything else is text.
        index: The column that names the rows.
    """

    def __init__(
        self, folder: Path, count: int, schema: pa.Schema, *, index: str = "parcel_id"
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.count = count
        self.index = index
        self._columns: dict[str, _Figures | _Categories | _Text] = {
            field.name: _kind(field.type)(folder / f"c{at:03d}", count, field.type)
            for at, field in enumerate(schema)
        }

    def write(self, start: int, table: DataFrame | pa.Table) -> None:
        """Write some rows.

        Args:
            start: Place of the first of them.
            table: Some or all of the columns; the index of a frame counts where it has
                the name of the facts' index.

        Raises:
            KeyError: The schema has no such column.
        """
        frame = table.to_pandas() if isinstance(table, pa.Table) else table
        if frame.index.name == self.index and self.index not in frame:
            self._columns[self.index].write(start, frame.index.to_series())
        for name in frame.columns:
            self._columns[str(name)].write(start, frame[name])

    def close(self, told: Mapping[str, Any] | None = None) -> None:
        """Finish the columns and say what they are; only now are there facts.

        Args:
            told: What to know of all of them, JSON-able.

        Raises:
            ValueError: A row of a column was never written.
        """
        lacking = [n for n, one in self._columns.items() if one.written < self.count]
        if lacking:
            why = f"rows are missing in {', '.join(lacking)}"
            raise ValueError(why)
        with ThreadPoolExecutor(THREADS) as pool:  # most of it is checksums
            closed = list(pool.map(self._closed, self._columns.values()))
        head = {
            "edition": EDITION,
            "rows": self.count,
            "index": self.index,
            "columns": [
                {"name": name, **one}
                for name, one in zip(self._columns, closed, strict=True)
            ],
            "told": dict(told or {}),
        }
        aside = self.folder / f".{HEAD}"
        aside.write_text(json.dumps(head, ensure_ascii=False), "utf-8")
        aside.replace(self.folder / HEAD)

    def _closed(self, column: "_Figures | _Categories | _Text") -> dict[str, Any]:
        """Finish one column and describe its files."""
        told, files = column.close()
        sized = {one.name: [one.stat().st_size, checksum(one)] for one in files}
        return {**told, "files": sized}


def checksum(file: Path) -> int:
    """Return the CRC-32 of a file's bytes."""
    found = 0
    with file.open("rb") as opened:
        while block := opened.read(BLOCK):
            found = zlib.crc32(block, found)
    return found


class _Figures:
    """A column of figures."""

    def __init__(self, stem: Path, count: int, kind: pa.DataType) -> None:
        self.written = 0
        self._file = stem.with_suffix(".npy")
        self._values = _made(self._file, np.dtype(kind.to_pandas_dtype()), count)

    def write(self, start: int, values: Series) -> None:
        rows = self._values[start : start + len(values)]
        rows[:] = values.to_numpy()
        if rows.dtype.kind == "f":
            # There are many bit patterns of NaN, but one of this.
            np.copyto(rows, np.nan, where=np.isnan(rows))
        self.written += len(values)

    def close(self) -> tuple[dict[str, Any], list[Path]]:
        _flushed(self._values)
        return {"kind": "figures"}, [self._file]


class _Categories:
    """A column of few words; they get their numbers as they come, and are sorted last.

    Words that were handed in as categories count even where no row has them.
    """

    def __init__(self, stem: Path, count: int, kind: pa.DataType) -> None:
        del kind
        self.written = 0
        self._file = stem.with_suffix(".npy")
        self._aside = stem.with_suffix(".codes")
        self._codes = _made(self._aside, np.dtype(np.int32), count)
        self._numbers: dict[str, int] = {}
        self._lock = Lock()

    def write(self, start: int, values: Series) -> None:
        few = Categorical(values)
        with self._lock:
            numbers = self._numbers
            known = [numbers.setdefault(str(w), len(numbers)) for w in few.categories]
            self.written += len(values)
        codes = np.array([*known, MISSING], dtype=np.int32)[few.codes]
        self._codes[start : start + len(values)] = codes

    def close(self) -> tuple[dict[str, Any], list[Path]]:
        words = sorted(self._numbers)
        kind = Categorical([], categories=words).codes.dtype
        final = np.full(len(words) + 1, MISSING, dtype=kind)
        final[[self._numbers[word] for word in words]] = np.arange(len(words))
        codes = _made(self._file, kind, len(self._codes))
        for at in range(0, len(codes), BLOCK):
            codes[at : at + BLOCK] = final[self._codes[at : at + BLOCK]]
        _flushed(codes)
        self._aside.unlink()
        return {"kind": "categories", "words": words}, [self._file]


class _Text:
    """A column of text: lengths go to their place, bytes into a file for each range."""

    def __init__(self, stem: Path, count: int, kind: pa.DataType) -> None:
        del kind
        self.written = 0
        self._stem = stem
        self._aside = stem.with_suffix(".lengths")
        self._lengths = _made(self._aside, np.dtype(np.int32), count)
        self._starts: list[int] = []

    def write(self, start: int, values: Series) -> None:
        text = pa.array(values, pa.large_string(), from_pandas=True)
        if isinstance(text, pa.ChunkedArray):
            text = text.combine_chunks()
        lengths = pc.binary_length(text).fill_null(MISSING)
        self._lengths[start : start + len(values)] = lengths.to_numpy(
            zero_copy_only=False
        )
        self._part(start).write_bytes(_bytes(text))
        self._starts.append(start)
        self.written += len(values)

    def close(self) -> tuple[dict[str, Any], list[Path]]:
        bytes_, ends, valid = (
            self._stem.with_suffix(f".{one}") for one in ("utf8", "npy", "valid.npy")
        )
        lengths = np.asarray(self._lengths)
        offsets = _made(ends, np.dtype(np.int64), len(lengths) + 1)
        offsets[0] = 0
        np.cumsum(np.maximum(lengths, 0), out=offsets[1:])
        _flushed(offsets)
        files = [bytes_, ends]
        if (lengths == MISSING).any():
            np.save(valid, np.packbits(lengths != MISSING, bitorder="little"))
            files.append(valid)
        with bytes_.open("wb") as whole:
            for start in sorted(self._starts):
                whole.write(self._part(start).read_bytes())
                self._part(start).unlink()
        self._aside.unlink()
        return {"kind": "text"}, files

    def _part(self, start: int) -> Path:
        return self._stem.with_suffix(f".{start}")


def _kind(kind: pa.DataType) -> type[_Figures | _Categories | _Text]:
    if pa.types.is_dictionary(kind):
        return _Categories
    if pa.types.is_primitive(kind) and not pa.types.is_temporal(kind):
        return _Figures
    return _Text


def _made(file: Path, kind: np.dtype[Any], count: int) -> NDArray[Any]:
    """Make an array on disk; of no rows in memory, for none can be mapped."""
    if not count:
        np.save(file.with_suffix(".tmp.npy"), np.empty(0, dtype=kind))
        file.with_suffix(".tmp.npy").replace(file)
        return np.empty(0, dtype=kind)
    values = open_memmap(file, mode="w+", dtype=kind, shape=(count,))
    # A full disk is told of here; met while writing into the map it kills the process.
    with file.open("rb+") as opened:
        os.posix_fallocate(opened.fileno(), 0, file.stat().st_size)
    return values


def _flushed(values: NDArray[Any]) -> None:
    if isinstance(values, np.memmap):
        values.flush()


def _bytes(text: pa.Array) -> memoryview:
    """Return the bytes of all rows, one after the other."""
    _, ends, data = text.buffers()
    if data is None or not len(text):
        return memoryview(b"")
    at = np.frombuffer(ends, dtype=np.int64)[text.offset : text.offset + len(text) + 1]
    return memoryview(data)[at[0] : at[-1]]

"""Facts as columns in a folder: opened without reading them.

A folder holds plain numpy files, one or a few for each column, and `columns.json`,
which is written last and names them with their sizes and checksums:

- figures: an array of their own type;
- categories: codes of the smallest type that holds them, -1 missing; the words, sorted,
  stand in `columns.json`;
- text: the UTF-8 bytes of all rows, the offset of each row and, where some are missing,
  a bit for each row: Arrow's own layout.
"""

import json
import mmap
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pandas import Categorical, CategoricalDtype, DataFrame, Index, StringDtype

from gis.errors import StoreError
from layers.facts_columns_writer import EDITION, HEAD, FactColumnsWriter, checksum

__all__ = ["FactColumnsWriter", "check_columns", "read_columns", "read_told"]

TEXT: Final[Any] = StringDtype("pyarrow", na_value=np.nan)
# What a damaged file makes the readers of arrays, JSON and text say.
WRONG: Final = (OSError, ValueError, KeyError, TypeError, IndexError, pa.ArrowException)


def read_columns(folder: Path) -> DataFrame:
    """Open facts; pages are read when somebody looks at them.

    Args:
        folder: What a `FactColumnsWriter` has closed.

    Returns:
        A row for each parcel, read-only, with the types and the index written.

    Raises:
        damaged: A StoreError: a file is missing, cut off or not what `columns.json`
            says.
    """
    head = _head(folder)
    try:
        columns = {
            one["name"]: _column(folder, one, head["rows"]) for one in head["columns"]
        }
        index = Index(columns.pop(head["index"]), name=head["index"], copy=False)
        return DataFrame(columns, index=index, copy=False)
    except WRONG as error:
        raise damaged(folder, error) from error


def read_told(folder: Path) -> dict[str, Any]:
    """Return what was told of the facts when they were closed.

    Args:
        folder: A folder of facts.

    Returns:
        Version, layers and so on, as they were given.

    Raises:
        StoreError: `columns.json` is missing or damaged.
    """
    told: dict[str, Any] = _head(folder)["told"]
    return told


def check_columns(folder: Path) -> None:
    """Read every byte and hold it against its checksum: a second for each gigabyte.

    Args:
        folder: A folder of facts.

    Raises:
        damaged: A StoreError: a file is not what was written.
    """
    for one in _head(folder)["columns"]:
        for name, (_, told) in one["files"].items():
            try:
                _refuse(checksum(folder / name) != told, "checksum")
            except WRONG as error:
                raise damaged(folder / name, error) from error


def damaged(file: Path, error: Exception) -> StoreError:
    """Say that facts cannot be used.

    Args:
        file: What is damaged.
        error: Why.

    Returns:
        The error to raise.
    """
    return StoreError(
        "The facts file {file} is damaged ({why}); rebuild it with "
        "`landmap ingest`. The ledger is not affected.",
        file=file,
        why=f"{type(error).__name__}: {error}",
    )


def _head(folder: Path) -> dict[str, Any]:
    file = folder / HEAD
    try:
        head: dict[str, Any] = json.loads(file.read_text("utf-8"))
        _refuse(head["edition"] != EDITION, "edition")
        _refuse(not {"rows", "index", "columns", "told"} <= head.keys(), "keys")
    except WRONG as error:
        raise damaged(file, error) from error
    return head


def _column(folder: Path, told: dict[str, Any], rows: int) -> Any:  # noqa: ANN401 - what pandas holds
    """Open one column; its files have the sizes written, or it is refused."""
    files = [folder / name for name in told["files"]]
    for file in files:
        same = file.stat().st_size == told["files"][file.name][0]
        _refuse(not same, f"{file.name} size")
    if told["kind"] == "text":
        return TEXT.__from_arrow__(_text(files, rows))
    values = _array(files[0], rows)
    if told["kind"] == "figures":
        return values
    kind = CategoricalDtype(Index(told["words"], dtype=TEXT))
    return Categorical.from_codes(values, dtype=kind, validate=False)


def _array(file: Path, rows: int) -> NDArray[Any]:
    values = np.load(file, mmap_mode="r" if rows else None, allow_pickle=False)
    _refuse(values.shape != (rows,), f"{file.name} shape")
    # A plain array: every slice of a memmap would cost a Python call.
    plain: NDArray[Any] = values.view(np.ndarray)
    return plain


def _text(files: list[Path], rows: int) -> pa.Array:
    """Put text together of its buffers, without a copy."""
    ends = _array(files[1], rows + 1)
    _refuse(ends[-1] != files[0].stat().st_size, f"{files[0].name} size")
    valid = [_array(file, (rows + 7) // 8) for file in files[2:]]
    buffers = [pa.py_buffer(valid[0]) if valid else None, pa.py_buffer(ends)]
    data = pa.py_buffer(b"")
    if ends[-1]:
        with files[0].open("rb") as opened:
            mapped = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
        data = pa.py_buffer(mapped)
    return pa.Array.from_buffers(pa.large_string(), rows, [*buffers, data])


def _refuse(wrong: bool, why: str) -> None:  # noqa: FBT001 - reads as a sentence
    if wrong:
        raise ValueError(why)

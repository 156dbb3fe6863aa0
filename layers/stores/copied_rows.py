"""Rows on their way to and from PostgreSQL: a batch of Arrow as the CSV of COPY.

Texts are always quoted, so that no value is taken for a command or for nothing; shapes
travel as well-known binary in hexadecimal, figures in the fewest digits that give the
same bits again.
"""

import binascii
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from gis.errors import LayerError

GEOMETRY: Final = "geometry"
ROWS: Final = 20_000  # in memory at a time
BYTES: Final = 1 << 26  # fewer rows where they are heavy
Line = bytes | bytearray | memoryview
NOTHING: Final = "\x00"  # what PostgreSQL keeps in no text
_WRITTEN: Final = csv.WriteOptions(include_header=False, quoting_style="all_valid")
_PARSED: Final = csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False)


def as_csv(rows: pa.Table, key: str) -> bytes:
    """Write rows as COPY reads them.

    Args:
        rows: Texts, figures, and `geometry` as well-known binary.
        key: The column that names a row, for the refusal.

    Returns:
        A line for each row.

    Raises:
        LayerError: A text holds the one sign that PostgreSQL cannot keep.
    """
    for name in rows.column_names:
        if pa.types.is_string(rows[name].type) or pa.types.is_large_string(
            rows[name].type
        ):
            _require_keepable(rows, name, key)
    place = rows.column_names.index(GEOMETRY)
    shapes = rows[GEOMETRY].combine_chunks().cast(pa.binary())
    rows = rows.set_column(place, GEOMETRY, _hexed(shapes))
    sink = io.BytesIO()
    csv.write_csv(rows, sink, _WRITTEN)
    return sink.getvalue()


def tables_of(
    lines: Iterable[Line], types: Mapping[str, pa.DataType]
) -> Iterator[pa.Table]:
    """Read what COPY writes, some rows at a time.

    Args:
        lines: Each a whole row.
        types: Type of each column, in their order; that of `geometry` is binary.

    Yields:
        Rows; at least one table, be it without rows.
    """
    held: list[Line] = []
    size, told = 0, False
    for line in lines:
        held.append(line)
        size += len(line)
        if len(held) >= ROWS or size >= BYTES:
            yield _parsed(b"".join(held), types)
            held, size, told = [], 0, True
    if held or not told:
        yield _parsed(b"".join(held), types)


def _parsed(text: bytes, types: Mapping[str, pa.DataType]) -> pa.Table:
    """Read lines into columns."""
    schema = pa.schema(list(types.items()))
    if not text:
        return schema.empty_table()
    read = {
        name: pa.string() if name == GEOMETRY else kind for name, kind in types.items()
    }
    rows = csv.read_csv(
        io.BytesIO(text),
        csv.ReadOptions(
            column_names=list(types),
            block_size=len(text) + 1,  # one block: no row is cut
            use_threads=False,
        ),
        _PARSED,
        csv.ConvertOptions(
            column_types=read,
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    place = rows.column_names.index(GEOMETRY)
    shapes = _unhexed(rows[GEOMETRY].combine_chunks())
    return rows.set_column(place, GEOMETRY, shapes)


def _require_keepable(rows: pa.Table, name: str, key: str) -> None:
    """Refuse a text with U+0000 in it."""
    bad = pc.fill_null(pc.match_substring(rows[name], NOTHING), False)  # noqa: FBT003
    if not pc.any(bad).as_py():
        return
    first = pc.index(bad, True).as_py()
    raise LayerError(
        "`{column}` of {key} holds the sign U+0000, which PostgreSQL cannot keep:"
        " remove it from the file.",
        column=name,
        key=repr(rows[key][first].as_py()),
    )


def _hexed(values: pa.Array) -> pa.Array:
    """Write bytes as hexadecimal text, all at once."""
    edges, data = _pieces(values)
    text = binascii.hexlify(data)
    return _of_buffers(pa.string(), values, 2 * edges, text)


def _unhexed(values: pa.Array) -> pa.Array:
    """Read hexadecimal text as bytes, all at once."""
    edges, data = _pieces(values)
    return _of_buffers(pa.binary(), values, edges // 2, binascii.unhexlify(data))


def _pieces(values: pa.Array) -> tuple[np.ndarray, memoryview]:
    """Return where each value begins in the bytes of all, and these bytes."""
    _, offsets, data = values.buffers()
    edges = np.frombuffer(offsets, dtype=np.int32)[values.offset :][: len(values) + 1]
    return edges - edges[0], memoryview(data or b"")[edges[0] : edges[-1]]


def _of_buffers(
    kind: pa.DataType, like: pa.Array, edges: np.ndarray, data: bytes
) -> pa.Array:
    """Make an array of other bytes that lacks what another lacks."""
    known = pa.array(np.asarray(like.is_valid()))
    buffers = [
        known.buffers()[1],
        pa.py_buffer(edges.astype(np.int32)),
        pa.py_buffer(data),
    ]
    return pa.Array.from_buffers(kind, len(like), buffers)

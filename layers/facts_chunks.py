"""Part the parcels into chunks whose borders stay where they are when rows come and go.

A border stands after a row whose key hashes to one of a few values: a parcel that is
added, changed or removed touches its own chunk, all others keep their name, and what
was measured of them stands.
"""

import hashlib
import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray
from pandas.util import hash_array

from layers.shapes_at import shapes_in
from layers.store import DAMAGE, LayerStore

CHUNKS: Final = "chunks.json"
FEWEST: Final = 20_000
MOST: Final = 60_000
THREADS: Final = 2
BIG: Final = (pa.large_binary(), pa.large_string())


@dataclass(frozen=True)
class Chunk:
    """Some parcels that stand beside each other in the store.

    Attributes:
        start: Place of the first one.
        stop: Place after the last one.
        digest: Hash of their keys and shapes.
    """

    start: int
    stop: int
    digest: str


def chunks_of(
    store: LayerStore, name: str, *, fewest: int = FEWEST, most: int = MOST
) -> tuple[Chunk, ...]:
    """Part a layer's current version into chunks; known from the second time on.

    Args:
        store: The layers.
        name: The layer.
        fewest: Rows that a chunk has at least, but for the last one.
        most: Rows that a chunk has at most.

    Returns:
        The chunks in the order of the store; together they are all rows.

    Raises:
        StoreError: The data of the version is damaged.
    """
    folder, key = store.folder(name), store.manifest(name).layer.key_column
    asked = {"fewest": fewest, "most": most}
    told = folder / CHUNKS
    if known := _known(told, asked):
        return known
    shapes = shapes_in(folder, key)
    keys = shapes.rows(0, len(shapes))[key]
    edges = borders(hashes_of(keys), fewest=fewest, most=most)
    with ThreadPoolExecutor(THREADS) as pool:
        digests = pool.map(lambda at: digest_of(shapes.rows(*at)), edges)
        made = tuple(
            Chunk(*at, digest) for at, digest in zip(edges, digests, strict=True)
        )
    aside = folder / f".{uuid.uuid4().hex}"
    try:
        whole = asked | {"chunks": [asdict(chunk) for chunk in made]}
        aside.write_text(json.dumps(whole), "ascii")
        aside.replace(told)
    finally:
        aside.unlink(missing_ok=True)
    return made


def _known(told: Path, asked: dict[str, int]) -> tuple[Chunk, ...]:
    """Read chunks made before with these sizes; none where there are none."""
    try:
        known: dict[str, Any] = json.loads(told.read_bytes())
        if all(known[name] == size for name, size in asked.items()):
            return tuple(Chunk(**chunk) for chunk in known["chunks"])
    except (OSError, ValueError, KeyError, TypeError):
        pass  # not made yet, or damaged: made anew
    return ()


def hashes_of(keys: pa.ChunkedArray) -> NDArray[np.uint64]:
    """Hash keys, the same in every process, shape (n,)."""
    given = keys.to_numpy().astype(object)
    return np.asarray(hash_array(given, categorize=False), dtype=np.uint64)


def borders(
    hashes: NDArray[np.uint64], *, fewest: int, most: int
) -> list[tuple[int, int]]:
    """Cut rows where their hash says so.

    Args:
        hashes: Of each row, shape (n,).
        fewest: Rows that a piece has at least, but for the last one.
        most: Rows that a piece has at most.

    Returns:
        Where each piece starts and stops; a row more or less moves few of them.
    """
    marks = np.flatnonzero(hashes % np.uint64(fewest) == 0) + 1
    pieces, start = [], 0
    while start < len(hashes):
        at = int(np.searchsorted(marks, start + fewest))
        stop = int(marks[at]) if at < len(marks) else len(hashes)
        stop = min(stop, start + most)
        pieces.append((start, stop))
        start = stop
    return pieces


def rows_of(
    file: Path, columns: list[str], start: int = 0, stop: int | None = None
) -> pa.Table:
    """Read some rows of a Parquet file, and of it only the row groups they lie in.

    Args:
        file: The Parquet.
        columns: Those wanted.
        start: Place of the first row.
        stop: Place after the last row; None reads to the end.

    Returns:
        The rows.

    Raises:
        StoreError: The file is damaged.
    """
    try:
        with pq.ParquetFile(file, page_checksum_verification=True) as opened:
            told = opened.metadata
            counts = [told.row_group(at).num_rows for at in range(told.num_row_groups)]
            edge = np.concatenate([[0], np.cumsum(counts)])
            stop = int(edge[-1]) if stop is None else stop
            groups = np.flatnonzero((edge[:-1] < stop) & (edge[1:] > start))
            # Threads are ours: one for each chunk.
            read = opened.read_row_groups(groups, columns=columns, use_threads=False)
        first = int(edge[groups[0]]) if len(groups) else 0
        return read.slice(start - first, stop - start)
    except DAMAGE as error:
        fault = LayerStore.damaged(file.parent.parent.name, file, error)
        raise fault from error


def digest_of(rows: pa.Table) -> str:
    """Hash columns of text and bytes, however they are held in pieces."""
    hashed = hashlib.sha256()
    for column in rows.columns:
        lengths = pc.fill_null(pc.binary_length(column), -1)
        hashed.update(lengths.to_numpy().astype(np.int64).tobytes())
        for piece in column.chunks:
            hashed.update(_bytes_of(piece))
    return hashed.hexdigest()


def _bytes_of(piece: pa.Array) -> memoryview:
    """Show the bytes of an array of text or bytes."""
    _, offsets, data = piece.buffers()
    wide = np.int64 if piece.type in BIG else np.int32
    edge = np.frombuffer(offsets, dtype=wide)[piece.offset :][: len(piece) + 1]
    return memoryview(data or b"")[edge[0] : edge[-1]]

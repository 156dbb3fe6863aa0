"""Rows written aside in sorted runs, and read back in the order of all."""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

# Rows read at once from a run: what is held of each run while runs are merged.
PIECE: Final = 2_048

_Int = NDArray[np.int64]


class Runs:
    """Runs of rows on disk; only pieces of them are held in memory.

    Args:
        folder: Takes a file for each run; it is there, and the caller's to remove.
        piece: Rows of a run held at a time.
    """

    def __init__(self, folder: Path, *, piece: int = PIECE) -> None:
        self._folder, self._piece = folder, piece
        self._edges: list[int] = [0]
        self._files: list[pa.OSFile] = []
        self._opened: list[pa.ipc.RecordBatchFileReader] = []
        self._held: dict[int, tuple[int, pa.RecordBatch]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        for file in self._files:
            file.close()

    def add(self, rows: pa.Table) -> None:
        """Write a run; its rows are numbered after those of the runs before.

        Args:
            rows: The run, in the order it is to be read in; one schema for all runs.
        """
        path = self._folder / f"{len(self._files)}.arrow"
        with pa.ipc.new_file(str(path), rows.schema) as sink:
            sink.write_table(rows, max_chunksize=self._piece)
        file = pa.OSFile(str(path))
        self._files.append(file)
        self._opened.append(pa.ipc.open_file(file))
        self._edges.append(self._edges[-1] + rows.num_rows)

    def take(self, places: _Int) -> pa.Table:
        """Gather rows.

        Args:
            places: Their numbers, shape (n,).

        Returns:
            The rows in the order asked for.
        """
        edges = np.array(self._edges)
        run = np.searchsorted(edges, places, side="right") - 1
        parts: list[pa.RecordBatch] = []
        at = np.empty(len(places), dtype=np.int64)
        before = 0
        for number in np.unique(run).tolist():
            mine = run == number
            inside = places[mine] - edges[number]
            first, last = int(inside.min()), int(inside.max())
            found = list(self._read(number, first, last + 1))
            at[mine] = inside - first + before
            before += sum(map(len, found))
            parts += found
        # One piece each: taking from many would copy them all for each column.
        return pa.Table.from_batches(parts).combine_chunks().take(pa.array(at))

    def _read(self, run: int, start: int, stop: int) -> Iterator[pa.RecordBatch]:
        """Read a stretch of a run."""
        for number in range(start // self._piece, (stop - 1) // self._piece + 1):
            # Stretches follow each other: the last piece is the next one's first.
            held = self._held.get(run)
            if held is None or held[0] != number:
                held = (number, self._opened[run].get_batch(number))
                self._held[run] = held
            begin = number * self._piece
            low = max(start - begin, 0)
            yield held[1].slice(low, min(stop - begin, len(held[1])) - low)

"""Values that stand in many rows: each read and checked once, whatever rows it has."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pandas import DataFrame, Series

from layers.column import Column
from layers.convert import convert
from layers.manifest import Fault
from layers.schema import check_rows

_Codes = NDArray[np.int32]


class Vocabulary:
    """The values of one column of text, as the file holds them and as they are read.

    Args:
        name: The column here.
        column: What it may hold; not a number, whose text may be any.
    """

    def __init__(self, name: str, column: Column) -> None:
        self.name, self.column = name, column
        self._given = pa.array([], pa.large_string())
        self._code = np.zeros(0, dtype=np.int32)
        self._words: dict[str, int] = {}
        self._faults: dict[int, Fault] = {}

    @property
    def words(self) -> pa.Array:
        """The values read so far; a row's code is a place in it."""
        return pa.array(list(self._words), pa.large_string())

    def read(self, given: pa.ChunkedArray, keys: Series) -> tuple[_Codes, list[Fault]]:
        """Read some rows.

        Args:
            given: The column in the file, a dictionary of text.
            keys: Key of each row, indexed by row number.

        Returns:
            The code of each row's value, shape (n,), and what is wrong with values.
        """
        whole = given.unify_dictionaries().combine_chunks()
        if isinstance(whole, pa.ChunkedArray):
            whole = whole.chunk(0)
        values = pa.concat_arrays([
            whole.dictionary.cast(pa.large_string()),
            pa.nulls(1, pa.large_string()),
        ])
        self._learn(values)
        known = pc.index_in(values, value_set=self._given).to_numpy()
        place = pc.fill_null(whole.indices, len(values) - 1).to_numpy()
        raw = known[place]
        return self._code[raw], list(self._told(raw, keys))

    def _told(self, raw: _Codes, keys: Series) -> Iterator[Fault]:
        """Say of each row with a faulty value what is said of the value."""
        if not self._faults:
            return
        faulty = np.zeros(len(self._given), dtype=bool)
        faulty[list(self._faults)] = True
        for place in np.flatnonzero(faulty[raw]).tolist():
            fault = self._faults[int(raw[place])]
            row, key = int(keys.index[place]), str(keys.iloc[place])
            yield fault._replace(
                row=row, note=fault.note.model_copy(update={"key": key})
            )

    def _learn(self, values: pa.Array) -> None:
        """Read the values not met before."""
        fresh = values.filter(pc.invert(pc.is_in(values, value_set=self._given)))
        if not len(fresh):
            return
        start = len(self._given)
        told = {self.name: self.column.model_copy(update={"source": "given"})}
        keys = Series("", index=range(start, start + len(fresh)), dtype="str")
        raw = DataFrame({
            "given": Series(fresh.to_pandas().to_numpy(), keys.index, "str")
        })
        table, faults = convert(raw, columns=told, keys=keys)
        found = check_rows(table, columns={self.name: self.column}, keys=keys)
        self._faults |= {fault.row: fault for fault in [*found, *faults]}
        read = table[self.name]
        unknown = "unknown" if "unknown" in self.column.allowed else ""
        soft = [fault.row for fault in [*found, *faults] if not fault.refuses]
        read.loc[soft] = unknown
        codes = [self._words.setdefault(word, len(self._words)) for word in read]
        self._given = pa.concat_arrays([self._given, fresh])
        self._code = np.concatenate([self._code, np.array(codes, dtype=np.int32)])

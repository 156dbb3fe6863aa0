"""Facts laid out for screening: each column read once, as plain arrays."""

import hashlib
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pandas import DataFrame, Series

from siting.columns import Coded, Codes, coded, days, numbers

# So many ids are sorted or written at once.
FEW: Final = 50_000
READERS: Final = {"number": numbers, "word": coded, "date": days}


class MeasuredFacts(Protocol):
    """What screening takes: `layers.facts.Facts` or anything of that shape."""

    @property
    def table(self) -> DataFrame:
        """A row for each parcel, by parcel_id."""

    @property
    def version(self) -> str:
        """Hash of what the facts were measured from."""

    @property
    def layers(self) -> dict[str, str]:
        """Version of each layer measured, by name."""


class Board:
    """The facts of all parcels, as the criteria read them.

    Columns are read at the first question and kept, so one board serves any number of
    screenings of the same facts.

    Args:
        facts: The facts; never changed.

    Attributes:
        table: What it lays out, by parcel_id: the very facts an answer rests on.
    """

    def __init__(self, facts: MeasuredFacts) -> None:
        self.layers = dict(facts.layers)
        self.version = facts.version
        # Some layers are loaded and not measured: the outline of the province.
        self.loaded = frozenset(getattr(facts, "seen", ())) | facts.layers.keys()
        self.table = facts.table
        self._columns: dict[tuple[str, str, tuple[str, ...]], Any] = {}

    def __len__(self) -> int:
        return len(self.table)

    @cached_property
    def parcel_ids(self) -> NDArray[np.object_]:
        """Parcel ids, in the order of the facts; shape (n,)."""
        return self.table.index.to_numpy(dtype=object)

    def ids(self, places: Codes) -> NDArray[np.object_]:
        """Return the ids of some parcels, shape (m,)."""
        return self.table.index.take(places).to_numpy(dtype=object)

    @cached_property
    def id_order(self) -> Codes:
        """Places of the parcels in the order of their ids, shape (n,)."""
        if self._in_order:
            return np.arange(len(self))
        order: Codes = pc.array_sort_indices(self._texts).to_numpy().astype(np.intp)
        return order

    @cached_property
    def id_rank(self) -> Codes:
        """Place of each parcel when they are put in the order of their ids."""
        rank = np.empty(len(self), dtype=np.intp)
        rank[self.id_order] = np.arange(len(self))
        return rank

    def ranks(self, places: Codes) -> Codes:
        """Return numbers that stand in the order of the ids of some parcels.

        Args:
            places: Which; m of them.

        Returns:
            Shape (m,). To rank a few, the others are not looked at.
        """
        if "id_rank" in vars(self) or len(places) > FEW:
            return self.id_rank[places]
        if self._in_order:
            return places
        rank = np.empty(len(places), dtype=np.intp)
        order = pc.array_sort_indices(self._texts.take(pa.array(places)))
        rank[order.to_numpy()] = np.arange(len(places))
        return rank

    @cached_property
    def ids_digest(self) -> str:
        """Hash of the parcel ids in their own order."""
        digest = hashlib.sha256()
        for start in range(0, len(self), FEW):
            ids = self._texts.take(pa.array(self.id_order[start : start + FEW]))
            told = "\n".join(ids.to_pylist())
            digest.update(("\n" + told if start else told).encode())
        return digest.hexdigest()

    def place(self, parcel_id: str) -> int | None:
        """Find a parcel.

        Args:
            parcel_id: Its id.

        Returns:
            Its place in all columns; None where there is no such parcel.
        """
        found = pc.index(self._texts, pa.scalar(parcel_id, self._texts.type)).as_py()
        return None if found < 0 else int(found)

    def column(self, name: str, kind: str, *, of: tuple[str, ...] = ()) -> Any:  # noqa: ANN401
        """Return a fact column.

        Args:
            name: Its name; "prefix*" returns every column that begins so, by the rest
                of its name.
            kind: "number", "word" or "date".
            of: What "*" may stand for; anything if empty.

        Returns:
            float64 numbers, words as `Coded`, dates as days since 1970, or a mapping
            of these; None where there is no such column.
        """
        key = name, kind, of
        if key not in self._columns:
            self._columns[key] = self._read(*key)
        return self._columns[key]

    def held(self, claims: Series | None) -> Coded | None:
        """Lay out who holds which parcel.

        Args:
            claims: The holder by parcel_id. The snapshot is complete: a parcel that it
                does not name, or names with "", is free.

        Returns:
            The holder of each parcel, "" for nobody; None without a snapshot, when
            nothing is known.
        """
        if claims is None:
            return None
        taken = claims[claims.fillna("").astype("str") != ""]
        words = dict.fromkeys(["", *map(str, taken)])
        number = {word: code for code, word in enumerate(words)}
        holders = np.array([number[str(who)] for who in taken], dtype=np.int32)
        codes = np.zeros(len(self), dtype=np.int32)
        named = pa.array(map(str, taken.index), self._texts.type)
        who = pc.index_in(self._texts, value_set=named)
        known = who.is_valid().to_numpy(zero_copy_only=False)
        codes[known] = holders[who.drop_null().to_numpy()]
        return Coded(codes=codes, words=tuple(words))

    @cached_property
    def _texts(self) -> pa.LargeStringArray:
        """The ids as one array of text, which may lie in a mapped file."""
        ids = pa.array(self.table.index.astype("str").array)
        whole = ids.combine_chunks() if isinstance(ids, pa.ChunkedArray) else ids
        return whole.cast(pa.large_string())

    @cached_property
    def _in_order(self) -> bool:
        """Whether the facts stand in the order of the ids already."""
        ids = self._texts
        return not len(ids) or bool(
            pc.all(pc.less(ids[:-1], ids[1:])).as_py() is not False
        )

    def _read(self, name: str, kind: str, of: tuple[str, ...]) -> Any:  # noqa: ANN401
        if name.endswith("*"):
            return self._many(name.removesuffix("*"), kind, of) or None
        if name not in self.table:
            return None
        return READERS[kind](self.table[name])

    def _many(self, prefix: str, kind: str, of: tuple[str, ...]) -> Mapping[str, Any]:
        names = [str(one) for one in self.table.columns if one.startswith(prefix)]
        told = {name.removeprefix(prefix): name for name in names}
        return {
            stem: self.column(name, kind)
            for stem, name in told.items()
            if not of or stem in of
        }


def prepare(facts: MeasuredFacts) -> Board:
    """Lay facts out for screening; keep the board as long as the facts.

    Args:
        facts: The facts.

    Returns:
        A board for any number of screenings.
    """
    return Board(facts)

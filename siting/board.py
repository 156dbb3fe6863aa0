"""Facts laid out for screening: each column read once, as plain arrays."""

import hashlib
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray
from pandas import DataFrame, Index, Series

from siting.columns import Coded, Codes, coded, days, numbers

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
    """

    def __init__(self, facts: MeasuredFacts) -> None:
        self.layers = dict(facts.layers)
        self.version = facts.version
        # Some layers are loaded and not measured: the outline of the province.
        self.loaded = frozenset(getattr(facts, "seen", ())) | facts.layers.keys()
        self._table = facts.table
        self._columns: dict[tuple[str, str, tuple[str, ...]], Any] = {}

    def __len__(self) -> int:
        return len(self._table)

    @cached_property
    def parcel_ids(self) -> NDArray[np.object_]:
        """Parcel ids, in the order of the facts; shape (n,)."""
        return self._table.index.to_numpy(dtype=object)

    @cached_property
    def index(self) -> Index:
        """Parcel ids, for finding a parcel's place."""
        return Index(self.parcel_ids)

    @cached_property
    def id_order(self) -> Codes:
        """Places of the parcels in the order of their ids, shape (n,)."""
        return np.argsort(self.parcel_ids.astype(str), kind="stable")

    @cached_property
    def id_rank(self) -> Codes:
        """Place of each parcel when they are put in the order of their ids."""
        rank = np.empty(len(self), dtype=np.intp)
        rank[self.id_order] = np.arange(len(self))
        return rank

    @cached_property
    def ids_digest(self) -> str:
        """Hash of the parcel ids in their own order."""
        told = "\n".join(str(one) for one in self.parcel_ids[self.id_order])
        return hashlib.sha256(told.encode()).hexdigest()

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
        place = self.index.get_indexer(Index(taken.index.to_numpy(dtype=object)))
        words = dict.fromkeys(["", *map(str, taken)])
        number = {word: code for code, word in enumerate(words)}
        codes = np.zeros(len(self), dtype=np.intp)
        known = place >= 0
        codes[place[known]] = [number[str(who)] for who in taken[known]]
        return Coded(codes=codes, words=tuple(words))

    def _read(self, name: str, kind: str, of: tuple[str, ...]) -> Any:  # noqa: ANN401
        if name.endswith("*"):
            return self._many(name.removesuffix("*"), kind, of) or None
        if name not in self._table:
            return None
        return READERS[kind](self._table[name])

    def _many(self, prefix: str, kind: str, of: tuple[str, ...]) -> Mapping[str, Any]:
        names = [str(one) for one in self._table.columns if one.startswith(prefix)]
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

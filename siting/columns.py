"""Columns as screening reads them: plain numbers, and words as small integers."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from pandas import Categorical, CategoricalDtype, Series, to_datetime

from gis.units import DECIMALS, Numbers, price_shown, rounded, shown
from siting.measures import Measure, fixed
from siting.trials import Wanted

Codes = NDArray[np.intp]

Made = TypeVar("Made")
KEPT: Final = 16
EPOCH: Final = np.datetime64("1970-01-01", "D")


class Readable(Protocol):
    """A value for each parcel, read one at a time."""

    def __getitem__(self, index: int, /) -> Any:  # noqa: ANN401 - number, word, list
        """Return the value of one parcel."""

    def __len__(self) -> int:
        """Return how many parcels there are."""


class Kept:
    """What was made of a column before: the newest few are kept."""

    def __init__(self) -> None:
        self._kept: dict[object, Any] = {}

    def keep(self, key: object, make: Callable[[], Made]) -> Made:
        """Return what is made of the column; made again only after many others.

        Args:
            key: Tells what is made.
            make: Makes it of facts alone.

        Returns:
            The same value at every call; never to be changed.
        """
        made: Made
        try:
            made = self._kept[key]
        except KeyError:
            made = make()
            while len(self._kept) >= KEPT:
                self._kept.pop(next(iter(self._kept)), None)
            self._kept[key] = made
        return made


class Figures(Kept):
    """A number for each parcel.

    Args:
        raw: float64, NaN where unknown, shape (n,); never changed.
    """

    def __init__(self, raw: Numbers) -> None:
        super().__init__()
        self.raw: Numbers = fixed(raw)

    def shown(self, decimals: int) -> Measure:
        """Return the numbers rounded as they are shown, shape (n,)."""

        def make(raw: Numbers) -> Numbers:
            return rounded(raw, decimals)

        return self.made(decimals, make, decimals)

    def area(self, unit: str) -> Measure:
        """Return areas given in m2 as they are shown in a unit, shape (n,)."""

        def make(raw: Numbers) -> Numbers:
            return shown(raw, unit)

        return self.made(unit, make, DECIMALS[unit])

    def price(self, unit: str) -> Measure:
        """Return prices given in yuan per m2 as they are shown in a unit, (n,)."""

        def make(raw: Numbers) -> Numbers:
            return price_shown(raw, unit)

        return self.made(unit, make, DECIMALS[unit])

    def made(
        self,
        key: object,
        make: Callable[..., Numbers],
        decimals: int,
        *beside: NDArray[Any],
    ) -> Measure:
        """Return a measure of this column and others beside it, made once.

        Args:
            key: Tells what is made, the other columns included.
            make: Makes numbers of some rows of all these columns.
            decimals: How many decimals the numbers have.
            *beside: The other columns, shape (n,).

        Returns:
            The measure, shape (n,).
        """
        return self.keep(
            key, lambda: Measure(make, self.raw, *beside, decimals=decimals)
        )

    def __getitem__(self, index: int, /) -> float:
        return float(self.raw[index])

    def __len__(self) -> int:
        return len(self.raw)


class Coded(Kept):
    """A word for each parcel, kept as a number.

    Args:
        codes: Place of each parcel's word in `words`; -1 where it is unknown; (n,).
        words: Each word once.
    """

    def __init__(
        self, codes: NDArray[np.signedinteger[Any]], words: tuple[str, ...]
    ) -> None:
        super().__init__()
        self.codes: NDArray[np.signedinteger[Any]] = fixed(codes)
        self.words = words

    def look_up(self, values: Sequence[float]) -> Numbers:
        """Exchange each word for a number.

        Args:
            values: A number for each of `words`.

        Returns:
            A number for each parcel, NaN where the word is unknown, shape (n,).
        """
        return np.array([*values, np.nan]).take(self.codes)

    def wanted(
        self, wanted: Callable[[str], bool], *, unknown: Collection[str] = ()
    ) -> Wanted:
        """Ask each word a question, when somebody asks for the answers.

        Args:
            wanted: Tells whether a word is wanted; asked once a word.
            unknown: Words that mean nobody knows.

        Returns:
            Pass where wanted, fail where not, not checked where the word is unknown.
        """
        # The last entry answers code -1.
        answers = [-1 if word in unknown else int(wanted(word)) for word in self.words]
        return Wanted(self.codes, np.array([*answers, -1], dtype=np.int8))

    def states(
        self, wanted: Callable[[str], bool], *, unknown: Collection[str] = ()
    ) -> NDArray[np.int8]:
        """Ask each word a question.

        Args:
            wanted: Tells whether a word is wanted; asked once a word.
            unknown: Words that mean nobody knows.

        Returns:
            1 wanted, 0 not, -1 where the word is unknown; shape (n,).
        """
        return self.wanted(wanted, unknown=unknown).at(slice(None))

    def __getitem__(self, index: int, /) -> str | None:
        code = self.codes[index]
        return self.words[code] if code >= 0 else None

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(frozen=True, slots=True)
class Together:
    """Several values for each parcel, read as one object: {name: value}."""

    parts: Mapping[str, Readable]

    def __getitem__(self, index: int, /) -> dict[str, Any]:
        return {name: part[index] for name, part in self.parts.items()}

    def __len__(self) -> int:
        return len(next(iter(self.parts.values()), ()))


@dataclass(frozen=True, slots=True)
class Dates:
    """A date for each parcel, from days since 1970; None where it is unknown."""

    days: Numbers

    def __getitem__(self, index: int, /) -> str | None:
        return iso_date(float(self.days[index]))

    def __len__(self) -> int:
        return len(self.days)


def iso_date(days: float) -> str | None:
    """Write days since 1970 as an ISO date; None for NaN."""
    return None if np.isnan(days) else str(EPOCH + np.timedelta64(int(days), "D"))


def numbers(column: Series) -> Figures:
    """Read a column of figures.

    Args:
        column: Figures, missing ones as NaN or NA.

    Returns:
        float64, contiguous, NaN where missing.
    """
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    return Figures(np.ascontiguousarray(values))


def coded(column: Series) -> Coded:
    """Read a column of words.

    Args:
        column: Words, categorical or not, missing ones as NaN or NA.

    Returns:
        The words as numbers; an empty word is a word.
    """
    few = column if isinstance(column.dtype, CategoricalDtype) else column.astype("str")
    kept = Categorical(few)
    words = tuple(str(word) for word in kept.categories)
    return Coded(codes=kept.codes, words=words)


def days(column: Series) -> Figures:
    """Read a column of ISO dates.

    Args:
        column: ISO dates, "" or missing where unknown.

    Returns:
        Days since 1970, NaN where unknown or no date.
    """
    when = to_datetime(column.astype("str"), format="ISO8601", errors="coerce")
    day = when.to_numpy().astype("datetime64[D]")
    count = (day - EPOCH).astype(np.float64)
    count[np.isnat(day)] = np.nan
    return Figures(count)

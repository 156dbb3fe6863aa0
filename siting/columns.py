"""Columns as screening reads them: plain numbers, and words as small integers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray
from pandas import Categorical, CategoricalDtype, Series, to_datetime

from gis.units import Numbers

Codes = NDArray[np.intp]

EPOCH: Final = np.datetime64("1970-01-01", "D")


class Readable(Protocol):
    """A value for each parcel, read one at a time."""

    def __getitem__(self, index: int, /) -> Any:  # noqa: ANN401 - number, word, list
        """Return the value of one parcel."""

    def __len__(self) -> int:
        """Return how many parcels there are."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A word for each parcel, kept as a number.

    Attributes:
        codes: Place of each parcel's word in `words`; -1 where it is unknown; (n,).
        words: Each word once.
    """

    codes: Codes
    words: tuple[str, ...]

    def look_up(self, values: Sequence[float]) -> Numbers:
        """Exchange each word for a number.

        Args:
            values: A number for each of `words`.

        Returns:
            A number for each parcel, NaN where the word is unknown, shape (n,).
        """
        return np.array([*values, np.nan])[self.codes]

    def states(self, wanted: Callable[[str], bool]) -> NDArray[np.int8]:
        """Ask each word a question.

        Args:
            wanted: Tells whether a word is wanted; asked once a word.

        Returns:
            1 wanted, 0 not, -1 where the word is unknown; shape (n,).
        """
        answers = [*(int(wanted(word)) for word in self.words), -1]
        return np.array(answers, dtype=np.int8)[self.codes]

    def without(self, *unknown: str) -> "Coded":
        """Return the same words with some of them taken as unknown."""
        if not set(unknown) & set(self.words):
            return self
        kept = [-1 if word in unknown else at for at, word in enumerate(self.words)]
        return Coded(np.array([*kept, -1])[self.codes], self.words)

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


def numbers(column: Series) -> Numbers:
    """Read a column of figures.

    Args:
        column: Figures, missing ones as NaN or NA.

    Returns:
        float64, contiguous, NaN where missing.
    """
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    return np.ascontiguousarray(values)


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
    return Coded(codes=kept.codes.astype(np.intp), words=words)


def days(column: Series) -> Numbers:
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
    return count

"""Numbers as they are compared, made of fact columns when somebody asks.

What is compared is what is shown, so a number has few decimals and fits a small whole
number: 2 or 4 bytes a parcel, which a million parcels are compared by in a millisecond.
"""

from collections.abc import Callable, Iterator
from functools import cached_property
from mmap import MADV_DONTNEED, mmap
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from gis.units import Numbers

Whole = NDArray[np.int16] | NDArray[np.int32]
Places = slice | NDArray[np.intp]

# Below so many parcels an array of all numbers is made once and kept.
MANY: Final = 200_000
BLOCK: Final = 1 << 16
# How many codes at the ends stand for no finite number: two below, one above.
SPARE: Final = 2


class Measure:
    """A number for each parcel.

    Args:
        make: Makes the numbers of some rows from the same rows of the columns: a row's
            number depends on that row alone.
        *columns: Fact columns, shape (n,) each.
        decimals: How many the numbers have.
    """

    def __init__(
        self,
        make: Callable[..., Numbers],
        *columns: NDArray[Any],
        decimals: int,
    ) -> None:
        self.decimals = decimals
        self._make = make
        self._columns = columns

    def __len__(self) -> int:
        return len(self._columns[0])

    def __getitem__(self, index: int, /) -> float:
        return float(self.at(slice(index, index + 1))[0])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Numbers:  # noqa: ANN401, FBT001 - numpy's signature
        return np.array(self.array, dtype=dtype, copy=copy)

    @cached_property
    def array(self) -> Numbers:
        """All numbers, float64, NaN where unknown, shape (n,)."""
        return self._make(*self._columns)

    def at(self, places: Places) -> Numbers:
        """Return the numbers of some parcels.

        Args:
            places: Which; m of them.

        Returns:
            float64, NaN where unknown, shape (m,).
        """
        if len(self) < MANY or "array" in vars(self):
            return self.array[places]
        return self._make(*(one[places] for one in self._columns))

    @cached_property
    def whole(self) -> Whole | None:
        """The numbers in units of their last decimal, shape (n,).

        int16 where they fit, else int32; the least code is unknown, the next one minus
        infinity, the greatest infinity. None where they do not fit or have more
        decimals than they say: then they are compared as they are.
        """
        made = np.empty(len(self), dtype=np.int32)
        low, high = np.inf, -np.inf
        for rows, values in self._blocks():
            if not _into(values, self.decimals, made[rows]):
                return None
            finite = np.isfinite(values)
            units = np.rint(values[finite] * 10.0**self.decimals)
            low = min(low, units.min(initial=low))
            high = max(high, units.max(initial=high))
        for one in self._columns:
            let_go(one)
        narrow = np.iinfo(np.int16)
        if narrow.min + SPARE <= low and high < narrow.max:
            return _recoded(made, np.int16)
        return fixed(made)

    @cached_property
    def wide(self) -> Whole | None:
        """The same as int32."""
        if self.whole is None or self.whole.dtype == np.int32:
            return self.whole
        return _recoded(self.whole, np.int32)

    def _blocks(self) -> Iterator[tuple[slice, Numbers]]:
        for start in range(0, len(self), BLOCK):
            rows = slice(start, start + BLOCK)
            yield rows, self.at(rows)


def fixed(values: NDArray[Any]) -> NDArray[Any]:
    """Return the same array, read-only: loops are compiled once for such."""
    seen = values.view()
    seen.flags.writeable = False
    return seen


def let_go(values: NDArray[Any]) -> None:
    """Let the pages of a mapped column go from memory; they are read again if need be.

    Args:
        values: A column; one that lies in no mapped file stays.
    """
    base: Any = values
    while isinstance(base, np.ndarray):
        base = base.base
    if isinstance(base, mmap):
        base.madvise(MADV_DONTNEED)


def measure(values: Measure | Numbers, decimals: int) -> Measure:
    """Take numbers as a measure.

    Args:
        values: A measure, or its numbers, shape (n,).
        decimals: How many they have.

    Returns:
        The measure.
    """
    if isinstance(values, Measure):
        return values
    return Measure(_itself, values, decimals=decimals)


def limit_code(
    limit: float, decimals: int, kind: np.dtype[Any], *, upper: bool
) -> int | None:
    """Write a limit in units of the last decimal, so that it cuts as it would.

    Args:
        limit: The limit, rounded to `decimals`.
        decimals: How many the numbers have.
        kind: int16 or int32, as the numbers are kept.
        upper: Whether it is the greatest that passes.

    Returns:
        The code; one beyond all finite numbers where the limit lies there. None where
        it has more decimals.
    """
    ends = np.iinfo(kind)
    if not np.isfinite(limit) or abs(limit) > np.iinfo(np.int32).max:
        return None
    units = round(limit * 10.0**decimals)
    if units / 10.0**decimals != limit:
        return None
    # Infinity does not lie below a finite limit, nor minus infinity above one.
    return min(max(units, ends.min + SPARE - upper), ends.max - upper)


def _itself(values: Numbers) -> Numbers:
    return values


def _into(values: Numbers, decimals: int, made: NDArray[np.int32]) -> bool:
    """Write numbers as int32 codes; False where that would change one."""
    ends = np.iinfo(np.int32)
    scale = 10.0**decimals
    with np.errstate(invalid="ignore", over="ignore"):
        units = np.rint(values * scale)
        finite = np.isfinite(values)
        fits = (units >= ends.min + SPARE) & (units < ends.max)
        if not (fits & (units / scale == values))[finite].all():
            return False
    units[np.isnan(values)] = ends.min
    units[values == -np.inf] = ends.min + 1
    units[values == np.inf] = ends.max
    made[:] = units
    return True


def _recoded(codes: Whole, kind: type[np.int16 | np.int32]) -> Whole:
    """Move codes to another width; NaN and infinities stay at its ends."""
    ours, theirs = np.iinfo(codes.dtype), np.iinfo(kind)
    moved = np.empty(len(codes), dtype=kind)
    for start in range(0, len(codes), BLOCK):
        rows = slice(start, start + BLOCK)
        told = codes[rows].astype(np.int64)
        part = told.copy()
        part[told == ours.min] = theirs.min
        part[told == ours.min + 1] = theirs.min + 1
        part[told == ours.max] = theirs.max
        moved[rows] = part
    return cast("Whole", fixed(moved))

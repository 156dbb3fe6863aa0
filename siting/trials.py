"""How the state of parcels against a limit is found: told first, done when asked.

Each trial answers any parcels by numpy (`at`), which is the rule and the path of small
data, and tells compiled loops, which give the same of many, what to ask (`steps`).
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import ModuleType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gis.units import Numbers
from siting.measures import BLOCK, Measure, Places, limit_code

PASS: Final = 1
FAIL: Final = 0
NOT_CHECKED: Final = -1

States = NDArray[np.int8]
Mask = NDArray[np.bool_]
Coded = tuple[Sequence[NDArray[Any]], NDArray[Any]]


class Trial(ABC):
    """A question to each parcel that has the answers pass, fail and not checked."""

    @abstractmethod
    def __len__(self) -> int:
        """Return how many parcels there are."""

    @abstractmethod
    def at(self, places: Places) -> States:
        """Answer some parcels.

        Args:
            places: Which; m of them.

        Returns:
            1 pass, 0 fail, -1 not checked; int8, shape (m,).
        """

    def steps(self, loops: ModuleType) -> tuple["Step", ...]:
        """Tell what compiled loops ask, one after the other.

        Args:
            loops: `siting.screen_loops`.

        Returns:
            Steps of which the first begins anew; the answers themselves where the
            loops do not know the question.
        """
        return (self.answered(loops),)

    def answered(self, loops: ModuleType) -> "Step":
        """Return the answers themselves as a step, see `steps`."""
        states = np.empty(len(self), dtype=np.int8)
        for start in range(0, len(self), BLOCK):
            rows = slice(start, start + BLOCK)
            states[rows] = self.at(rows)
        return Step(loops.STATES, (states,))


@dataclass(frozen=True)
class Step:
    """One question to all rows of some columns.

    Attributes:
        what: Which, as `siting.screen_loops` numbers them.
        columns: What it reads, shape (n,) each.
        limits: What it compares with.
        join: How the answers join those of the steps before it.
    """

    what: int
    columns: tuple[NDArray[Any], ...]
    limits: NDArray[Any] = field(default_factory=lambda: np.zeros(0, dtype=np.int8))
    join: int = 0


@dataclass(frozen=True)
class Given(Trial):
    """Answers that are there already."""

    states: States

    def __len__(self) -> int:
        return len(self.states)

    def at(self, places: Places) -> States:
        """Pick them."""
        return self.states[places]


@dataclass(frozen=True)
class Unasked(Trial):
    """The same answer for all: not checked."""

    count: int

    def __len__(self) -> int:
        return self.count

    def at(self, places: Places) -> States:
        """Repeat it."""
        chosen = range(self.count)[places] if isinstance(places, slice) else places
        return np.full(len(chosen), NOT_CHECKED, dtype=np.int8)


@dataclass(frozen=True)
class Known(Trial):
    """Whether a figure is known."""

    raw: Numbers

    def __len__(self) -> int:
        return len(self.raw)

    def at(self, places: Places) -> States:
        """Pass where it is."""
        unknown = np.isnan(self.raw[places]).view(np.int8)
        return PASS + (NOT_CHECKED - PASS) * unknown

    def steps(self, loops: ModuleType) -> tuple[Step, ...]:
        """Look at the figure."""
        return (Step(loops.KNOWN, (self.raw,)),)


@dataclass(frozen=True)
class InRange(Trial):
    """Whether a value known to lie between two others lies within limits, included.

    A parcel passes where every value it may have passes, fails where none does, and is
    not checked otherwise.

    Attributes:
        least: The least that each value may be, shape (n,).
        most: The most that each value may be.
        low: The least that passes, None for no limit; rounded as the measures are.
        high: The greatest that passes.
    """

    least: Measure
    most: Measure
    low: float | None
    high: float | None

    def __len__(self) -> int:
        return len(self.least)

    def at(self, places: Places) -> States:
        """Compare the numbers."""
        least = self.least.at(places)
        most = least if self.most is self.least else self.most.at(places)
        passes = _all_pass(least, most, self.low, self.high)
        unknown = np.equal(passes, _none_passes(least, most, self.low, self.high))
        states: States = passes.view(np.int8) - unknown.view(np.int8)
        return states

    def steps(self, loops: ModuleType) -> tuple[Step, ...]:
        """Compare whole numbers, or the numbers where they are not."""
        if self.codes is None:
            return super().steps(loops)
        columns, ends = self.codes
        narrow = ends.dtype == np.int16
        if all(one is columns[0] for one in columns):
            what = loops.VALUE_2 if narrow else loops.VALUE_4
            return (Step(what, (columns[0],), ends),)
        what = loops.ENDS_2 if narrow else loops.ENDS_4
        return (Step(what, tuple(columns), ends),)

    @cached_property
    def codes(self) -> Coded | None:
        """Columns and limits as the loop takes them, None where it cannot."""
        least, most = self.least, self.most
        return _coded_range((least, most, least, most), self.low, self.high)


@dataclass(frozen=True)
class Holds(InRange):
    """Whether a parcel's own range, of which an end may be unknown, holds a value.

    `least` and `most` are the margins to both ends, of which the worse and the better
    one count (`low` is 0); the loop compares the ends themselves.

    Attributes:
        ends: The parcel's own least and greatest value, shape (n,).
        value: What must lie between them.
    """

    ends: tuple[Measure, Measure]
    value: float

    @cached_property
    def codes(self) -> Coded | None:
        """The ends themselves, and the value rounded to both sides."""
        lower, upper = self.ends
        scale = 10.0**lower.decimals
        # The last decimals at or below the value, and at or above it.
        units = np.floor(self.value * scale) + np.arange(-1, 3)
        under = (units / scale)[units / scale <= self.value]
        above = (units / scale)[units / scale >= self.value]
        if not (under.size and above.size):
            return None
        return _coded_range((upper, lower, lower, upper), above[0], under[-1])


@dataclass(frozen=True)
class Wanted(Trial):
    """Whether a word is wanted.

    Attributes:
        codes: Place of each parcel's word in the table, -1 unknown, shape (n,).
        table: Answer to each word, and to an unknown one last.
    """

    codes: NDArray[Any]
    table: States

    def __len__(self) -> int:
        return len(self.codes)

    def at(self, places: Places) -> States:
        """Look the words up."""
        return self.table.take(self.codes[places])

    def steps(self, loops: ModuleType) -> tuple[Step, ...]:
        """Look the words up."""
        widths = {1: loops.WORD_1, 2: loops.WORD_2, 4: loops.WORD_4}
        what = widths.get(self.codes.itemsize)
        if what is None:
            return super().steps(loops)
        return (Step(what, (self.codes,), self.table),)


@dataclass(frozen=True)
class AllOf(Trial):
    """Whether several trials pass: one failure fails, else one unknown is unknown.

    Attributes:
        parts: The trials, one at least.
    """

    parts: tuple[Trial, ...]

    def __len__(self) -> int:
        return len(self.parts[0])

    def at(self, places: Places) -> States:
        """Join the answers."""
        found = [one.at(places) for one in self.parts]
        worst: States = np.minimum.reduce(found)
        worst[np.any([one == FAIL for one in found], axis=0)] = FAIL
        return worst

    def steps(self, loops: ModuleType) -> tuple[Step, ...]:
        """Join the answers."""
        first, *others = self.parts
        more = (_joined(one, loops.ALL_OF, loops) for one in others)
        return (*first.steps(loops), *more)


@dataclass(frozen=True)
class Proven(Trial):
    """The answer of another trial, "not checked" where evidence proves nothing.

    Attributes:
        trial: The other trial.
        evidence: Passes where it proves.
    """

    trial: Trial
    evidence: Wanted

    def __len__(self) -> int:
        return len(self.trial)

    def at(self, places: Places) -> States:
        """Answer where it is proven."""
        proves = self.evidence.at(places) > 0
        return np.where(proves, self.trial.at(places), np.int8(NOT_CHECKED))

    def steps(self, loops: ModuleType) -> tuple[Step, ...]:
        """Answer where it is proven."""
        evidence = _joined(self.evidence, loops.PROVEN, loops)
        return (*self.trial.steps(loops), evidence)


def _joined(trial: Trial, join: int, loops: ModuleType) -> Step:
    """Join a trial's answers to those before it, in one step."""
    steps = trial.steps(loops)
    one = steps[0] if len(steps) == 1 else trial.answered(loops)
    return replace(one, join=join)


def _all_pass(
    least: Numbers, most: Numbers, low: float | None, high: float | None
) -> Mask:
    """Tell where every value between two others lies within the limits."""
    if low is None:
        return most <= (np.inf if high is None else high)
    return least >= low if high is None else (least >= low) & (most <= high)


def _none_passes(
    least: Numbers, most: Numbers, low: float | None, high: float | None
) -> Mask:
    """Tell where no value between two others lies within the limits."""
    if low is None:
        return least > (np.inf if high is None else high)
    return most < low if high is None else (most < low) | (least > high)


def _coded_range(
    measures: Sequence[Measure], low: float | None, high: float | None
) -> Coded | None:
    """Write four columns and two limits as whole numbers of one width."""
    columns = [one.whole for one in measures]
    if any(one is None or one.dtype == np.int32 for one in columns):
        columns = [one.wide for one in measures]
    whole = [one for one in columns if one is not None]
    if len(whole) < len(columns) or len({one.decimals for one in measures}) > 1:
        return None
    kind, decimals = whole[0].dtype, measures[0].decimals
    ends = np.iinfo(kind)
    least = ends.min if low is None else limit_code(low, decimals, kind, upper=False)
    most = ends.max if high is None else limit_code(high, decimals, kind, upper=True)
    if least is None or most is None:
        return None
    # Without an upper limit an unknown upper end passes; with one it proves nothing.
    floor = ends.min if high is None and low is not None else ends.min + 1
    return whole, np.array([least, most, floor, ends.min], dtype=kind)

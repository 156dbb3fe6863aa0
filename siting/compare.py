"""The one comparator: what is compared is what is shown, and every limit is included.

Distances and widths count to 0.1 m, shares to 0.0001 (0.01 %), areas and prices as
`gis.units` shows them. A gap is signed and in the unit of the value: 0 or more passes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from gis.units import Numbers, rounded
from siting.columns import Coded, Readable
from siting.note import Note

PASS: Final = 1
FAIL: Final = 0
NOT_CHECKED: Final = -1
STATES: Final = {PASS: "pass", FAIL: "fail", NOT_CHECKED: "not_checked"}
METRE_DECIMALS: Final = 1
SHARE_DECIMALS: Final = 4

States = NDArray[np.int8]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a criterion answers to all parcels.

    Attributes:
        state: 1 pass, 0 fail, -1 not checked; int8, shape (n,).
        value: The parcels' values as shown, shape (n,).
        threshold: What the need asks, JSON-able.
        gap: Signed, in `unit`; NaN where there is none; float64, shape (n,).
        unit: Unit of value, threshold and gap; "" for yes/no criteria.
        low: The least value that passes, where there is one.
        high: The greatest value that passes, where there is one.
        below: Whether what is missing lies at the lower limit; for all or (n,).
        evidence: What the layer proves, in words, where it is a layer.
        share: For factors: 0 to 1, NaN unknown; shape (n,).
        remarks: What to know about the whole answer.
        flags: What to know about some parcels: a sentence and whom it concerns.
        beside: Further figures worth showing, by fact name.
    """

    state: States
    value: Readable
    threshold: Any
    gap: Numbers
    unit: str = ""
    low: float | None = None
    high: float | None = None
    below: Mask | bool = False
    evidence: Coded | None = None
    share: Numbers | None = None
    remarks: tuple[Note, ...] = ()
    flags: tuple[tuple[Note, Mask], ...] = ()
    beside: Mapping[str, Readable] = field(default_factory=dict)

    def with_evidence(self, evidence: Coded | None) -> Self:
        """Return the same answer with what its layer proves beside it."""
        return replace(self, evidence=evidence)

    def reading_as(self, value: Readable, threshold: object = None) -> Self:
        """Return the same answer with values (and limit) written another way."""
        return replace(
            self,
            value=value,
            threshold=self.threshold if threshold is None else threshold,
        )

    def worth(self, share: Numbers) -> Self:
        """Return the same answer with what it adds to the score, cut to 0 to 1."""
        return replace(self, share=np.clip(share, 0.0, 1.0))


def within(
    value: Numbers,
    *,
    low: float | None = None,
    high: float | None = None,
    unit: str,
    decimals: int,
) -> Verdict:
    """Compare values with a lower limit, an upper limit or both, all included.

    Args:
        value: In the unit shown; NaN where unknown; shape (n,).
        low: The least that passes.
        high: The most that passes.
        unit: Unit of value and limits.
        decimals: Digits shown after the point; values and limits are rounded to them.

    Returns:
        State, value as compared, gap to the nearer limit.
    """
    return between_known(value, value, low=low, high=high, unit=unit, decimals=decimals)


def between_known(
    least: Numbers,
    most: Numbers,
    *,
    low: float | None = None,
    high: float | None = None,
    unit: str,
    decimals: int,
) -> Verdict:
    """Compare values known only to lie between two others with the limits.

    A parcel passes where every value it may have passes, fails where none does, and
    is not checked otherwise.

    Args:
        least: The least that the value may be, shape (n,); NaN where unknown.
        most: The most that it may be, shape (n,).
        low: The least that passes.
        high: The most that passes.
        unit: Unit of values and limits.
        decimals: Digits shown after the point.

    Returns:
        State, `least` as value, and the gap of the value that decided.
    """
    least, most = rounded(least, decimals), rounded(most, decimals)
    low = None if low is None else rounded(low, decimals)
    high = None if high is None else rounded(high, decimals)
    worst, best = _margins(least, most, low, high)
    state = np.where(worst >= 0, PASS, np.where(best < 0, FAIL, NOT_CHECKED))
    gap = np.where(state == PASS, worst, np.where(state == FAIL, best, np.nan))
    both = low is not None and high is not None
    return Verdict(
        state=state.astype(np.int8),
        value=least,
        threshold=[low, high] if both else (low if high is None else high),
        gap=rounded(gap, decimals),
        unit=unit,
        low=low,
        high=high,
        below=least < low if low is not None and both else high is None,
    )


def _margins(
    least: Numbers, most: Numbers, low: float | None, high: float | None
) -> tuple[Numbers, Numbers]:
    """Return the margin to the limits in the worst case and in the best."""
    worst, best = np.full(least.shape, np.inf), np.full(least.shape, np.inf)
    if low is not None:
        worst, best = least - low, most - low
    if high is not None:
        worst, best = np.minimum(worst, high - most), np.minimum(best, high - least)
    return worst, best


def among(words: Coded, wanted: Callable[[str], bool], threshold: object) -> Verdict:
    """Ask whether each parcel's word is one of those wanted.

    Args:
        words: A word for each parcel, shape (n,); missing where unknown.
        wanted: Tells whether a word passes.
        threshold: What the need asks, JSON-able.

    Returns:
        State and word; there is no gap between words.
    """
    return yes_or_no(words.states(wanted), words, threshold)


def yes_or_no(state: States, value: Readable, threshold: object) -> Verdict:
    """Answer a question that has no measure.

    Args:
        state: 1, 0 or -1, shape (n,).
        value: What is known of each parcel, shape (n,).
        threshold: What the need asks, JSON-able.

    Returns:
        The answer, its gap NaN everywhere.
    """
    return Verdict(
        state=state, value=value, threshold=threshold, gap=np.full(len(state), np.nan)
    )


def unanswered(count: int, why: Note) -> Verdict:
    """Answer "not checked" for all parcels.

    Args:
        count: How many parcels.
        why: What is missing.

    Returns:
        An answer without values.
    """
    unknown = np.full(count, np.nan)
    state = np.full(count, NOT_CHECKED, dtype=np.int8)
    return Verdict(
        state=state,
        value=unknown,
        threshold=None,
        gap=unknown,
        share=unknown,
        remarks=(why,),
    )

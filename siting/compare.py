"""The one comparator: what is compared is what is shown, and every limit is included.

Distances and widths count to 0.1 m, shares to 0.0001 (0.01 %), areas and prices as
`gis.units` shows them. A gap is signed and in the unit of the value: 0 or more passes.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final, Self

import numpy as np

from gis.units import Numbers, rounded
from siting.columns import Coded, Readable
from siting.measures import MANY, Measure, Places, fixed, measure
from siting.note import Note
from siting.trials import (
    FAIL,
    NOT_CHECKED,
    PASS,
    Given,
    InRange,
    Mask,
    Proven,
    States,
    Trial,
    Unasked,
)
from siting.worth import Figured, Stated, Worth

__all__ = [
    "FAIL",
    "METRE_DECIMALS",
    "NOT_CHECKED",
    "PASS",
    "SHARE_DECIMALS",
    "STATES",
    "Mask",
    "Places",
    "States",
    "Verdict",
    "among",
    "between_known",
    "unanswered",
    "within",
    "yes_or_no",
]

STATES: Final = {PASS: "pass", FAIL: "fail", NOT_CHECKED: "not_checked"}
METRE_DECIMALS: Final = 1
SHARE_DECIMALS: Final = 4


@dataclass(frozen=True)
class Verdict:
    """What a criterion answers to all parcels, reckoned when somebody asks.

    Attributes:
        trial: How the state of a parcel is found.
        reads: The parcels' values as shown, shape (n,).
        threshold: What the need asks, JSON-able.
        unit: Unit of value, threshold and gap; "" for yes/no criteria.
        decimals: Digits shown after the point.
        least: The least that each value may be, as compared, shape (n,); None where
            there is no measure.
        most: The most that each value may be; the same where values are known.
        low: The least value that passes, where there is one.
        high: The greatest value that passes, where there is one.
        evidence: What the layer proves, in words, where it is a layer.
        earns: For factors: how the share of a parcel is found.
        remarks: What to know about the whole answer.
        flags: What to know about some parcels: a sentence, and a function that tells
            whether it concerns the parcel at a place.
        beside: Further figures worth showing, by fact name.
    """

    trial: Trial
    reads: Readable
    threshold: Any
    unit: str = ""
    decimals: int = 0
    least: Measure | None = None
    most: Measure | None = None
    low: float | None = None
    high: float | None = None
    evidence: Coded | None = None
    earns: Worth | None = None
    remarks: tuple[Note, ...] = ()
    flags: tuple[tuple[Note, Callable[[int], bool]], ...] = ()
    beside: Mapping[str, Readable] = field(default_factory=dict)

    @cached_property
    def state(self) -> States:
        """1 pass, 0 fail, -1 not checked; int8, shape (n,)."""
        return self.trial.at(slice(None))

    @property
    def value(self) -> Readable:
        """The parcels' values as shown, shape (n,)."""
        reads = self.reads
        return reads.array if isinstance(reads, Measure) else reads

    @cached_property
    def share(self) -> Numbers | None:
        """For factors: 0 to 1, NaN unknown; shape (n,)."""
        return None if self.earns is None else self.earns.at(slice(None))

    def states(self, places: Places) -> States:
        """Return the state of some parcels.

        Args:
            places: Which; m of them.

        Returns:
            As `state`, shape (m,).
        """
        small = len(self.trial) < MANY or "state" in vars(self)
        return self.state[places] if small else self.trial.at(places)

    def shares(self, places: Places) -> Numbers | None:
        """Return the share of some parcels.

        Args:
            places: Which; m of them.

        Returns:
            As `share`, shape (m,).
        """
        if self.earns is None or len(self.trial) >= MANY:
            return None if self.earns is None else self.earns.at(places)
        return None if self.share is None else self.share[places]

    @cached_property
    def gap(self) -> Numbers:
        """Signed distance from the nearer limit in `unit`; 0 or more passes.

        NaN where not checked and where there is no measure; shape (n,). Where a value
        is not known exactly, a pass counts its worst case, a failure its best.
        """
        return self.gaps(slice(None))

    def gaps(self, places: Places) -> Numbers:
        """Return the gap of some parcels.

        Args:
            places: Which; m of them.

        Returns:
            As `gap`, shape (m,).
        """
        state = self.states(places)
        if self.least is None or self.most is None:
            return np.full(len(state), np.nan)
        least, most = self.least.at(places), self.most.at(places)
        worst = _margin(least, most, self.low, self.high)
        best = _margin(most, least, self.low, self.high)
        gap = rounded(np.where(state == PASS, worst, best), self.decimals)
        return np.where(state == NOT_CHECKED, np.nan, gap)

    def below(self, places: Places) -> Mask:
        """Tell of some parcels whether the nearer limit is the lower one.

        Args:
            places: Which; m of them.

        Returns:
            Shape (m,).
        """
        if self.low is None or self.high is None or self.least is None:
            return np.full(len(self.states(places)), self.high is None)
        least = self.least.at(places)
        return least - self.low <= self.high - least

    def reading(self, value: Readable, threshold: object = None) -> Self:
        """Return the same answer with values (and limit) written another way."""
        limit = self.threshold if threshold is None else threshold
        return replace(self, reads=value, threshold=limit)

    def proven_by(self, evidence: Coded | None) -> Self:
        """Return the same answer, "not checked" where the evidence proves nothing."""
        if evidence is None:
            return self
        proves = evidence.wanted({"hit", "clear"}.__contains__)
        return replace(self, trial=Proven(self.trial, proves), evidence=evidence)

    def worth(self, share: Numbers | Worth) -> Self:
        """Return the same answer with what it adds to the score.

        Args:
            share: Shares, cut here to 0 to 1, NaN unknown, shape (n,); or how they are
                found.

        Returns:
            The answer of a factor.
        """
        if not isinstance(share, Worth):
            share = Figured(fixed(np.clip(share, 0.0, 1.0)))
        return replace(self, earns=share)


def within(
    value: Measure | Numbers,
    *,
    low: float | None = None,
    high: float | None = None,
    unit: str,
    decimals: int,
    evidence: Coded | None = None,
) -> Verdict:
    """Compare values with a lower limit, an upper limit or both, all included.

    Args:
        value: In the unit, rounded as shown (see `Figures`); NaN where unknown; (n,).
        low: The least that passes.
        high: The most that passes.
        unit: Unit of value and limits.
        decimals: Digits shown after the point; limits are rounded to them.
        evidence: What the layer proves.

    Returns:
        State, value, limits.
    """
    return between_known(
        value,
        value,
        low=low,
        high=high,
        unit=unit,
        decimals=decimals,
        evidence=evidence,
    )


def between_known(  # noqa: PLR0913 - what is compared, and how it is told
    least: Measure | Numbers,
    most: Measure | Numbers,
    *,
    low: float | None = None,
    high: float | None = None,
    unit: str,
    decimals: int,
    evidence: Coded | None = None,
) -> Verdict:
    """Compare values known only to lie between two others with the limits.

    A parcel passes where every value it may have passes, fails where none does, and
    is not checked otherwise.

    Args:
        least: The least that each value may be, rounded as shown, shape (n,); NaN
            where unknown.
        most: The most that it may be; the same array where values are known.
        low: The least that passes.
        high: The most that passes.
        unit: Unit of values and limits.
        decimals: Digits shown after the point; limits are rounded to them.
        evidence: What the layer proves.

    Returns:
        State, limits, and `least` as value.
    """
    low = None if low is None else rounded(low, decimals)
    high = None if high is None else rounded(high, decimals)
    both = low is not None and high is not None
    known = most is least
    least = measure(least, decimals)
    most = least if known else measure(most, decimals)
    return Verdict(
        trial=InRange(least, most, low, high),
        reads=least,
        threshold=[low, high] if both else (low if high is None else high),
        unit=unit,
        decimals=decimals,
        least=least,
        most=most,
        low=low,
        high=high,
        evidence=evidence,
    )


def _margin(
    least: Numbers, most: Numbers, low: float | None, high: float | None
) -> Numbers:
    """Return how far values are from the limit that is nearer, negative beyond it."""
    if low is None:
        return (np.inf if high is None else high) - most
    return least - low if high is None else np.minimum(least - low, high - most)


def among(
    words: Coded,
    wanted: Callable[[str], bool],
    threshold: object,
    *,
    unknown: Collection[str] = (),
) -> Verdict:
    """Ask whether each parcel's word is one of those wanted.

    Args:
        words: A word for each parcel, shape (n,); missing where unknown.
        wanted: Tells whether a word passes.
        threshold: What the need asks, JSON-able.
        unknown: Words that mean nobody knows.

    Returns:
        State and word; there is no gap between words.
    """
    return yes_or_no(words.wanted(wanted, unknown=unknown), words, threshold)


def yes_or_no(state: Trial | States, value: Readable, threshold: object) -> Verdict:
    """Answer a question that has no measure.

    Args:
        state: 1, 0 or -1, shape (n,), or how it is found.
        value: What is known of each parcel, shape (n,).
        threshold: What the need asks, JSON-able.

    Returns:
        The answer; it has no gap.
    """
    trial = state if isinstance(state, Trial) else Given(state)
    return Verdict(trial=trial, reads=value, threshold=threshold)


def unanswered(count: int, why: Note) -> Verdict:
    """Answer "not checked" for all parcels.

    Args:
        count: How many parcels.
        why: What is missing.

    Returns:
        An answer without values.
    """
    unasked = Unasked(count)
    return Verdict(
        trial=unasked,
        reads=np.broadcast_to(np.nan, count),
        threshold=None,
        earns=Stated(unasked),
        remarks=(why,),
    )

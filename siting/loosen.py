"""Which settings of a constraint, loosened one at a time, might admit parcels."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

import numpy as np

from gis.units import Numbers, rounded
from gis.words import Title
from siting.answer import Answer
from siting.columns import Coded, Codes, Readable, Together
from siting.measures import Measure
from siting.note import Note
from siting.parameter import ANY_ZONE
from siting.words import SERVICE_LEVELS

# The steps of a relaxation admit one parcel, ten, a hundred, or all if they are fewer.
STEPS: Final = (1, 10, 100)
MOST_WORDS: Final = 5
DAYS: Final = 365.0

LACKS_SEVERAL: Final = Title(
    "Each of these parcels lacks more than one service: no single step admits one."
)
NO_STEP: Final = Title("No single step of this condition admits a parcel.")
RANGE_UNKNOWN: Final = Title(
    "The planned range of these parcels is not wholly known or contradicts itself: no"
    " ratio admits one."
)


class Proposal(NamedTuple):
    """A setting that might admit parcels.

    Attributes:
        parameter: The setting to change.
        to: What to set it to, as a need holds it; None leaves the condition out.
        relative: The change as a share of the threshold; None where there is none.
    """

    parameter: str
    to: Any
    relative: float | None = None


def proposals(answer: Answer, places: Codes) -> Iterator[Proposal]:
    """Propose settings that might admit some of the parcels.

    Args:
        answer: What a constraint answered.
        places: Parcels that fail it and that nothing else excludes.

    Returns:
        Settings of one parameter each; asking again tells what each admits.
    """
    criterion = answer.criterion
    if criterion.members and isinstance(answer.value, Coded):
        yield from _more_words(answer, answer.value, places)
    if criterion.levels:
        yield from _lower_levels(answer)
    if criterion.within:
        yield from _other_values(answer, places)
    else:
        yield from _wider_limits(answer, places)


def no_way(answer: Answer) -> Note:
    """Say why no proposal admits a parcel."""
    if answer.criterion.levels:
        return Note(LACKS_SEVERAL)
    return Note(RANGE_UNKNOWN if answer.criterion.within else NO_STEP)


def relative_gaps(answer: Answer, places: Codes) -> Numbers:
    """Return |gap| of parcels as a share of the threshold.

    Args:
        answer: What a criterion answered.
        places: Which parcels; m of them.

    Returns:
        Shares of a parcel as they are, days as a share of a year, infinite where there
        is no gap; shape (m,).
    """
    verdict, criterion = answer.verdict, answer.criterion
    low, high = verdict.low or 0.0, verdict.high or 0.0
    limit = np.where(verdict.below(places), low, high)
    scale = {"d": DAYS, "share": 1.0}.get(answer.unit)
    if criterion.within:
        scale = float(answer.asked.values[criterion.within])
    if scale is not None:
        limit = np.full(places.size, scale)
    relative = np.abs(verdict.gaps(places)) / np.where(limit == 0, 1.0, limit)
    return np.where(np.isnan(relative), np.inf, relative)


def _wider_limits(answer: Answer, places: Codes) -> Iterator[Proposal]:
    """Propose to move a limit out to where parcels are."""
    criterion, verdict = answer.criterion, answer.verdict
    for side, limit, sign in (
        (criterion.low, verdict.low, -1),
        (criterion.high, verdict.high, 1),
    ):
        ours = places[verdict.below(places) == (sign < 0)]
        if not side or limit is None or not ours.size:
            continue
        away, relative = np.abs(verdict.gaps(ours)), relative_gaps(answer, ours)
        for gap, share in _steps(away, relative):
            to = rounded(limit + sign * gap, verdict.decimals)
            yield Proposal(side, criterion.parameter(side).at(to, answer.unit), share)


def _other_values(answer: Answer, places: Codes) -> Iterator[Proposal]:
    """Propose values that lie within the parcels' own ranges, above or below."""
    parameter = answer.criterion.within
    asked = float(answer.asked.values[parameter])
    away, relative = np.abs(answer.verdict.gaps(places)), relative_gaps(answer, places)
    too_high = asked > _highest(answer.value, places)
    for ours, sign in ((too_high, -1), (~too_high, 1)):
        for gap, share in _steps(away[ours], relative[ours]):
            to = rounded(asked + sign * gap, answer.verdict.decimals)
            yield Proposal(parameter, to, share)


def _highest(spans: Readable, places: Codes) -> Numbers:
    """Return the upper ends of parcels' own ranges, infinite where unknown; (m,)."""
    *_, upper = spans.parts.values() if isinstance(spans, Together) else (spans,)
    highest = (
        upper.at(places)
        if isinstance(upper, Measure)
        else np.array([upper[int(one)] for one in places])
    )
    return np.where(np.isnan(highest), np.inf, highest)


def _steps(away: Numbers, relative: Numbers) -> list[tuple[float, float]]:
    """Choose the gaps that admit the nearest parcel, ten, a hundred or all."""
    if not away.size:
        return []
    order = np.argsort(away, kind="stable")
    taken = {order[min(step, order.size) - 1] for step in STEPS}
    return sorted({(float(away[at]), float(relative[at])) for at in taken})


def _more_words(answer: Answer, value: Coded, places: Codes) -> Iterator[Proposal]:
    """Propose to add the words that most of the parcels have, or to ask for none."""
    codes, counts = np.unique(value.codes[places], return_counts=True)
    most = codes[np.argsort(-counts, kind="stable")]
    words = [value.words[code] for code in most]
    parameter, asked = answer.criterion.members, answer.threshold
    named = [word for word in words if word]
    if isinstance(asked, list):
        for word in named[:MOST_WORDS]:
            yield Proposal(parameter, [*asked, word])
    if answer.criterion.parameter(parameter).kind == "zones":
        if isinstance(asked, list) and len(named) > 1:
            yield Proposal(parameter, ANY_ZONE)
        if "" in words or not isinstance(asked, list):
            yield Proposal(parameter, None)


def _lower_levels(answer: Answer) -> Iterator[Proposal]:
    """Propose to lower one service by one level, or to do without it."""
    parameter, order = answer.criterion.levels, list(SERVICE_LEVELS)
    asked: Mapping[str, str] = answer.asked.values[parameter]
    for name, level in asked.items():
        lower = order[order.index(level) + 1 :]
        if lower:
            yield Proposal(parameter, {**asked, name: lower[0]})
        if lower[1:]:
            rest = {one: held for one, held in asked.items() if one != name}
            yield Proposal(parameter, rest or None)

"""What would bring parcels in: near misses, and single relaxations with their count.

A control line is never relaxed, nor is the planned land use or another's claim.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from gis.units import Numbers, rounded
from siting.answer import Answer
from siting.asked import AskedConstraint
from siting.columns import Coded, Codes
from siting.compare import FAIL, Mask
from siting.need import Need
from siting.screen import Screening, answer_constraint, context

# The steps of a relaxation admit one parcel, ten, a hundred, or all if they are fewer.
STEPS: Final = (1, 10, 100)
MOST_WORDS: Final = 5
DAYS: Final = 365.0


@dataclass(frozen=True)
class NearMiss:
    """A parcel that fails exactly one constraint.

    Attributes:
        parcel_id: The parcel.
        name: The constraint it fails.
        control_line: Whether that is a line that is never relaxed.
        gap: Signed, in `unit`; None where there is none.
        unit: Unit of the gap.
        relative: |gap| as a share of the threshold; None where there is none.
        score: 0 to 100; None where the need has no factors.
    """

    parcel_id: str
    name: str
    control_line: bool
    gap: float | None
    unit: str
    relative: float | None
    score: float | None


@dataclass(frozen=True)
class Relaxation:
    """One setting of one constraint, loosened by one step.

    Attributes:
        name: The constraint.
        control_line: Whether it is a line that is never relaxed.
        firm: Why it is not relaxed, an English msgid; "" where it is.
        excludes: Parcels that this constraint alone keeps out.
        parameter: The setting to change; "" where nothing is relaxed.
        to: What to set it to, as a need holds it.
        admits: Parcels that would come in.
        relative: The change as a share of the threshold; None where there is none.
    """

    name: str
    control_line: bool
    firm: str
    excludes: int
    parameter: str = ""
    to: Any = None
    admits: int = 0
    relative: float | None = None


def near_misses(screening: Screening, limit: int = 20) -> list[NearMiss]:
    """List parcels that fail exactly one constraint, the nearest first.

    Args:
        screening: A screening.
        limit: At most this many.

    Returns:
        Ordered by |gap| as a share of the threshold (shares of a parcel as they are,
        days as a share of a year), those without a gap last, then by id.
    """
    found: list[tuple[float, int, int, Answer]] = []
    for answer in screening.constraints:
        places = np.flatnonzero(_alone(screening, answer))
        relative, rank = _relative(answer, places), screening.board.id_rank[places]
        # No more than `limit` of one constraint can be among the first `limit`.
        first = np.lexsort((rank, relative))[:limit]
        found += [
            (float(relative[at]), int(rank[at]), int(places[at]), answer)
            for at in first
        ]
    found.sort(key=lambda one: one[:2])
    return [
        _near_miss(screening, relative, place, answer)
        for relative, _, place, answer in found[:limit]
    ]


def relaxations(screening: Screening) -> list[Relaxation]:
    """List what would bring parcels in, one constraint at a time.

    Args:
        screening: A screening.

    Returns:
        For each constraint that alone keeps parcels out: a few steps with the exact
        count of parcels that each admits, or why it is not relaxed. The gentlest come
        first, those that are never relaxed last.
    """
    found: list[tuple[bool, int, float, Relaxation]] = []
    for answer in screening.constraints:
        taken: Counter[str] = Counter()
        for one in _steps(screening, answer):
            change = np.inf if one.relative is None else one.relative
            found.append((not one.parameter, taken[one.parameter], change, one))
            taken[one.parameter] += 1
    found.sort(key=lambda one: one[:3])
    return [one for *_, one in found]


def relaxed(need: Need, screening: Screening, relaxation: Relaxation) -> Need:
    """Return the need with one relaxation taken.

    Args:
        need: The need of the screening.
        screening: The screening.
        relaxation: One of its relaxations that has a `parameter`.

    Returns:
        A new need.
    """
    names = [one.name for one in screening.constraints]
    place = names.index(relaxation.name)
    constraints = list(need.constraints)
    change = {relaxation.parameter: relaxation.to}
    constraints[place] = _changed(constraints[place], change)
    return need.model_copy(update={"constraints": tuple(constraints)})


def _steps(screening: Screening, answer: Answer) -> Iterator[Relaxation]:
    """List the steps of one constraint, the gentlest first."""
    criterion = answer.criterion
    alone = screening.blocked == 1
    about = Relaxation(
        name=answer.name,
        control_line=criterion.control_line,
        firm="",
        excludes=int((alone & answer.blocks).sum()),
    )
    if (alone & answer.blocks & answer.unknown).any():
        keep = replace(about, parameter="not_checked", to="keep")
        yield replace(keep, admits=_admits(screening, answer, keep))
    failing = np.flatnonzero(_alone(screening, answer))
    if failing.size and criterion.firm:
        yield replace(about, firm=criterion.firm)
    elif failing.size:
        for parameter, to, relative in _proposals(answer, failing):
            offer = replace(about, parameter=parameter, to=to, relative=relative)
            yield replace(offer, admits=_admits(screening, answer, offer))


def _proposals(
    answer: Answer, places: Codes
) -> Iterator[tuple[str, Any, float | None]]:
    """Propose settings that would admit some of the parcels."""
    criterion, verdict = answer.criterion, answer.verdict
    if criterion.members and isinstance(answer.value, Coded):
        for wider in _more_words(answer.threshold, answer.value, places):
            yield criterion.members, wider, None
    for side, limit, sign in (
        (criterion.low, verdict.low, -1),
        (criterion.high, verdict.high, 1),
    ):
        ours = places[verdict.below(places) == (sign < 0)]
        if not side or limit is None or not ours.size:
            continue
        away, relative = np.abs(verdict.gaps(ours)), _relative(answer, ours)
        order = np.argsort(away, kind="stable")
        taken = {min(step, order.size) - 1 for step in STEPS}
        for at in sorted(
            {float(away[order[one]]): order[one] for one in taken}.items()
        ):
            to = rounded(limit + sign * at[0], verdict.decimals)
            setting = criterion.parameter(side).at(to, answer.unit)
            yield side, setting, float(relative[at[1]])


def _more_words(asked: Any, value: Coded, places: Codes) -> Iterator[list[str]]:  # noqa: ANN401
    """Propose to add the words that most of the parcels have, one at a time."""
    codes, counts = np.unique(value.codes[places], return_counts=True)
    most = codes[np.argsort(-counts, kind="stable")][:MOST_WORDS]
    words = [value.words[code] for code in most]
    if isinstance(asked, list):
        yield from ([*asked, word] for word in words if word)


def _admits(screening: Screening, answer: Answer, offer: Relaxation) -> int:
    """Count the parcels that a changed setting would admit, by asking again."""
    told = context(
        screening.need, screening.board, screening.claims, screening.project_id
    )
    asked = _changed(answer.asked, {offer.parameter: offer.to})
    again = answer_constraint(asked, screening.board, told, name=answer.name)
    out = (screening.blocked == 1) & answer.blocks
    return int((out & ~again.blocks).sum())


def _changed(asked: Any, change: Mapping[str, Any]) -> AskedConstraint:  # noqa: ANN401
    """Return the same constraint with some settings changed."""
    return AskedConstraint.model_validate({**asked.model_dump(), **change})


def _alone(screening: Screening, answer: Answer) -> Mask:
    """Find the parcels that fail this constraint and that no other excludes."""
    alone: Mask = (screening.blocked == 1) & answer.blocks & (answer.state == FAIL)
    return alone


def _relative(answer: Answer, places: Codes) -> Numbers:
    """Return |gap| of parcels as a share of the limit, infinite where there is none."""
    verdict = answer.verdict
    low, high = verdict.low or 0.0, verdict.high or 0.0
    limit = np.where(verdict.below(places), low, high)
    scale = {"d": DAYS, "share": 1.0}.get(answer.unit)
    if scale is not None:
        limit = np.full(places.size, scale)
    relative = np.abs(verdict.gaps(places)) / np.where(limit == 0, 1.0, limit)
    return np.where(np.isnan(relative), np.inf, relative)


def _near_miss(
    screening: Screening, relative: float, place: int, answer: Answer
) -> NearMiss:
    """Describe one near miss."""
    score = float(screening.score[place])
    return NearMiss(
        parcel_id=str(screening.parcel_ids[place]),
        name=answer.name,
        control_line=answer.criterion.control_line,
        gap=answer.gap_at(place),
        unit=answer.unit,
        relative=relative if np.isfinite(relative) else None,
        score=score if np.isfinite(score) else None,
    )

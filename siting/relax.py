"""What would bring parcels in: near misses, and single relaxations with their count.

A control line is never relaxed, nor is the planned land use or another's claim.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from siting.answer import Answer
from siting.columns import Coded, Codes
from siting.compare import FAIL, Mask
from siting.need import AskedConstraint, Need
from siting.screen import Screening, answer_constraint, context

# Steps of a relaxation: it admits the nearest parcel, about ten, all.
STEPS: Final = (1, 10)
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
    """

    name: str
    control_line: bool
    firm: str
    excludes: int
    parameter: str = ""
    to: Any = None
    admits: int = 0


def near_misses(screening: Screening, limit: int = 20) -> list[NearMiss]:
    """List parcels that fail exactly one constraint, the nearest first.

    Args:
        screening: A screening.
        limit: At most this many.

    Returns:
        Ordered by |gap| as a share of the threshold (days as a share of a year),
        those without a gap last, then by id.
    """
    found: list[tuple[float, int, Answer]] = []
    for answer in screening.constraints:
        places = np.flatnonzero(_alone(screening, answer))
        relative = _relative(answer)[places]
        # No more than `limit` of each constraint can be among the first `limit`.
        rank = screening.board.id_rank[places]
        first = np.lexsort((rank, relative))[:limit]
        found += [(float(relative[at]), int(places[at]), answer) for at in first]
    found.sort(key=lambda one: (one[0], screening.board.id_rank[one[1]]))
    return [_near_miss(screening, *one) for one in found[:limit]]


def relaxations(screening: Screening) -> list[Relaxation]:
    """List what would bring parcels in, one constraint at a time.

    Args:
        screening: A screening.

    Returns:
        For each constraint that alone keeps parcels out: up to three steps with the
        exact count of parcels each admits, or why it is not relaxed. Most admitting
        constraints first, those that are never relaxed last.
    """
    found = [_steps(screening, answer) for answer in screening.constraints]
    found.sort(key=lambda steps: -max((one.admits for one in steps), default=0))
    return [one for steps in found for one in steps]


def relaxed(need: Need, screening: Screening, relaxation: Relaxation) -> Need:
    """Return the need with one relaxation taken.

    Args:
        need: The need of the screening.
        screening: The screening.
        relaxation: One of its relaxations, not of a control line.

    Returns:
        A new need.
    """
    names = [one.name for one in screening.constraints]
    place = names.index(relaxation.name)
    constraints = list(need.constraints)
    change = {relaxation.parameter: relaxation.to}
    constraints[place] = _changed(constraints[place], change)
    return need.model_copy(update={"constraints": tuple(constraints)})


def _steps(screening: Screening, answer: Answer) -> list[Relaxation]:
    """List the steps of one constraint."""
    alone = _alone(screening, answer)
    criterion = answer.criterion
    if not alone.any():
        return []
    about = Relaxation(
        name=answer.name,
        control_line=criterion.control_line,
        firm=criterion.firm,
        excludes=int(alone.sum()),
    )
    if criterion.firm:
        return [about]
    steps = []
    for parameter, to in _proposals(answer, np.flatnonzero(alone)):
        admits = _admits(screening, answer, {parameter: to}, alone)
        if admits:
            steps.append(
                Relaxation(**{
                    **vars(about),
                    "parameter": parameter,
                    "to": to,
                    "admits": admits,
                })
            )
    return steps


def _proposals(answer: Answer, places: Codes) -> Iterator[tuple[str, Any]]:
    """Propose settings that would admit some of the parcels."""
    criterion, verdict = answer.criterion, answer.verdict
    if criterion.members and isinstance(answer.value, Coded):
        yield from _more_words(answer, answer.value, places)
        return
    if isinstance(answer.value, Coded):
        return
    gap = np.abs(answer.gap[places])
    for side, limit in ((criterion.low, verdict.low), (criterion.high, verdict.high)):
        if not side or limit is None:
            continue
        below = side == criterion.low
        ours = verdict.below[places] == below
        away = np.sort(gap[ours])
        if not away.size:
            continue
        taken = {min(step, away.size) - 1 for step in STEPS} | {away.size - 1}
        for at in sorted(taken):
            to = limit - away[at] if below else limit + away[at]
            yield side, criterion.parameter(side).at(float(to), answer.unit)


def _more_words(
    answer: Answer, value: Coded, places: Codes
) -> Iterator[tuple[str, Any]]:
    """Propose to add the words that most of the parcels have."""
    codes, counts = np.unique(value.codes[places], return_counts=True)
    most = codes[np.argsort(-counts, kind="stable")][:MOST_WORDS]
    asked = answer.threshold
    for code in most:
        word = value.words[code]
        wider = [*asked, word] if isinstance(asked, list) and word else None
        if wider:
            yield answer.criterion.members, wider


def _admits(
    screening: Screening, answer: Answer, change: Mapping[str, Any], alone: Mask
) -> int:
    """Count the parcels that a changed setting would admit, by asking again."""
    asked = _changed(answer.asked, change)
    told = context(
        screening.need, screening.board, screening.claims, screening.project_id
    )
    again = answer_constraint(asked, screening.board, told, name=answer.name)
    return int((alone & ~again.blocks).sum())


def _changed(asked: Any, change: Mapping[str, Any]) -> AskedConstraint:  # noqa: ANN401
    """Return the same constraint with some settings changed."""
    return AskedConstraint.model_validate({**asked.model_dump(), **change})


def _alone(screening: Screening, answer: Answer) -> Mask:
    """Find the parcels that fail this constraint and are excluded by no other."""
    alone: Mask = (screening.blocked == 1) & answer.blocks & (answer.state == FAIL)
    return alone


def _relative(answer: Answer) -> Any:  # noqa: ANN401 - an array
    """Return |gap| as a share of the limit missed; infinite where there is none."""
    low, high = answer.verdict.low, answer.verdict.high
    if low is None and high is None:
        return np.full(len(answer.state), np.inf)
    scale = np.where(answer.verdict.below, low or 0.0, high or 0.0)
    if answer.unit == "d":
        scale[:] = DAYS
    if answer.unit == "share":
        scale[:] = 1.0
    relative = np.abs(answer.gap) / np.where(scale == 0, 1.0, scale)
    return np.nan_to_num(relative, nan=np.inf)


def _near_miss(
    screening: Screening, relative: float, place: int, answer: Answer
) -> NearMiss:
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

"""What would bring parcels in: near misses, and single relaxations with their count.

A control line is never relaxed, nor is the planned land use or another's claim: what
was not checked there is to be checked.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from gis.words import Title
from siting.answer import Answer
from siting.asked import AskedConstraint
from siting.columns import Codes
from siting.compare import FAIL
from siting.loosen import no_way, proposals, relative_gaps
from siting.need import Need
from siting.note import Note
from siting.screen import Screening, answer_constraint, context

TO_CHECK: Final = Title(
    "{count} parcels only need checking against this line; it is never relaxed."
)


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
        firm: Why it is not relaxed; None where it is.
        excludes: Parcels that this constraint alone keeps out.
        parameter: The setting to change; "" where nothing is relaxed.
        to: What to set it to, as a need holds it; None leaves the constraint out.
        admits: Parcels that would come in.
        loses: Eligible parcels that would go, where another value suits others.
        relative: The change as a share of the threshold; None where there is none.
    """

    name: str
    control_line: bool
    firm: Note | None
    excludes: int
    parameter: str = ""
    to: Any = None
    admits: int = 0
    loses: int = 0
    relative: float | None = None

    @property
    def drops(self) -> bool:
        """Whether the whole constraint is left out."""
        return bool(self.parameter) and self.to is None


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
        places = _failing(screening, answer)
        relative, rank = relative_gaps(answer, places), screening.board.ranks(places)
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
    if relaxation.drops:
        del constraints[place]
    else:
        change = {relaxation.parameter: relaxation.to}
        constraints[place] = _changed(constraints[place], change)
    return need.model_copy(update={"constraints": tuple(constraints)})


def _steps(screening: Screening, answer: Answer) -> Iterator[Relaxation]:
    """List the steps of one constraint, the gentlest first."""
    criterion = answer.criterion
    alone = screening.alone(answer.name)
    about = Relaxation(
        name=answer.name,
        control_line=criterion.control_line,
        firm=None,
        excludes=len(alone),
    )
    unchecked = int(answer.unknown_at(alone).sum())
    if unchecked and criterion.control_line:
        yield replace(about, firm=Note(TO_CHECK, count=f"{unchecked:,}"))
    elif unchecked:
        keep = replace(about, parameter="not_checked", to="keep")
        yield _counted(screening, answer, keep)
    failing = _failing(screening, answer)
    if failing.size and criterion.firm:
        yield replace(about, firm=Note(criterion.firm))
    elif failing.size:
        offers = (
            replace(about, parameter=one.parameter, to=one.to, relative=one.relative)
            for one in proposals(answer, failing)
        )
        counted = (_counted(screening, answer, one) for one in offers)
        helpful = [one for one in counted if one.admits]
        yield from helpful or [replace(about, firm=no_way(answer))]


def _counted(screening: Screening, answer: Answer, offer: Relaxation) -> Relaxation:
    """Count whom a changed setting would admit and whom it would lose, by asking."""
    alone = screening.alone(answer.name)
    if offer.drops:
        return replace(offer, admits=len(alone))
    told = context(
        screening.need, screening.board, screening.claims, screening.project_id
    )
    asked = _changed(answer.asked, {offer.parameter: offer.to})
    again = answer_constraint(asked, screening.board, told, name=answer.name)
    return replace(
        offer,
        admits=int((~again.blocks_at(alone)).sum()),
        loses=int(again.blocks_at(screening.tally.places).sum()),
    )


def _changed(asked: Any, change: Mapping[str, Any]) -> AskedConstraint:  # noqa: ANN401
    """Return the same constraint with some settings changed."""
    return AskedConstraint.model_validate({**asked.model_dump(), **change})


def _failing(screening: Screening, answer: Answer) -> Codes:
    """Find the parcels that fail this constraint and that no other excludes."""
    alone = screening.alone(answer.name)
    failing: Codes = alone[answer.verdict.states(alone) == FAIL]
    return failing


def _near_miss(
    screening: Screening, relative: float, place: int, answer: Answer
) -> NearMiss:
    """Describe one near miss."""
    (score,) = screening.scores(np.array([place])).tolist()
    (parcel_id,) = screening.board.ids(np.array([place]))
    return NearMiss(
        parcel_id=str(parcel_id),
        name=answer.name,
        control_line=answer.criterion.control_line,
        gap=answer.gap_at(place),
        unit=answer.unit,
        relative=relative if np.isfinite(relative) else None,
        score=score if np.isfinite(score) else None,
    )

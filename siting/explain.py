"""Why a parcel is in or out, in figures for scripts and in sentences for people."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from siting.answer import Answer
from siting.note import Note
from siting.relax import NearMiss, Relaxation, near_misses, relaxations, relaxed
from siting.replay import canonical
from siting.screen import Screening
from siting.sentences import BESIDE, gap_sentence

__all__ = [
    "NearMiss",
    "Reason",
    "Relaxation",
    "Why",
    "candidates",
    "canonical",
    "near_misses",
    "reason",
    "relaxations",
    "relaxed",
    "to_json",
    "why",
]


@dataclass(frozen=True)
class Reason:
    """What one criterion says about one parcel.

    Attributes:
        name: Unlike any other's in the need: "clear_of:farmland".
        use: Name of the criterion.
        kind: "constraint" or "factor".
        title: What people read, an English msgid.
        layer: The layer asked about, "" where it is none.
        state: "pass", "fail" or "not_checked".
        value: As shown and compared, JSON-able; None unknown.
        threshold: What the need asks, JSON-able.
        gap: Signed, in `unit`; None where there is none.
        unit: Unit of value, threshold and gap.
        excludes: Whether this alone would exclude the parcel.
        evidence: What the layer proves: "hit", "clear", "measured", ...; "" for none.
        evidence_title: The same for people, an English msgid.
        share: Of a factor: 0 to 1, None unknown.
        weight: Of a factor.
        points: What a factor adds to a weighted sum, 0 to 100.
        sentence: The gap in words.
        notes: What else to know.
        beside: Further figures by fact name, such as the overlap in m2.
    """

    name: str
    use: str
    kind: str
    title: str
    layer: str
    state: str
    value: Any
    threshold: Any
    gap: float | None
    unit: str
    excludes: bool
    evidence: str
    evidence_title: str
    share: float | None
    weight: float
    points: float
    sentence: Note
    notes: tuple[Note, ...]
    beside: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Return the stable keys of the command line."""
        keys = ("name", "state", "value", "threshold", "gap", "unit")
        return {key: getattr(self, key) for key in keys}


@dataclass(frozen=True)
class Why:
    """Why one parcel is in or out.

    Attributes:
        parcel_id: The parcel.
        eligible: Whether nothing excludes it.
        flagged: Whether it is eligible although something was not checked.
        rank: From 1 among the eligible; None if it is out.
        score: 0 to 100; None where the need has no factors.
        criteria: Constraints, then factors, in the order of the need.
    """

    parcel_id: str
    eligible: bool
    flagged: bool
    rank: int | None
    score: float | None
    criteria: tuple[Reason, ...]

    @property
    def excluding(self) -> tuple[Reason, ...]:
        """The constraints that keep it out."""
        return tuple(one for one in self.criteria if one.excludes)

    def to_json(self) -> dict[str, Any]:
        """Return the stable keys of the command line."""
        return {
            "parcel_id": self.parcel_id,
            "score": self.score,
            "criteria": [one.to_json() for one in self.criteria],
        }


def why(screening: Screening, parcel_id: str) -> Why:
    """Explain one parcel, in or out.

    Args:
        screening: A screening.
        parcel_id: The parcel.

    Returns:
        What every criterion says about it.

    Raises:
        LayerMissingError: There is no such parcel.
    """
    return _why(screening, screening.place(parcel_id))


def candidates(screening: Screening, top: int | None = None) -> list[Why]:
    """Explain the best parcels.

    Args:
        screening: A screening.
        top: At most this many; None explains all.

    Returns:
        Best first.
    """
    return [
        _why(screening, int(place), rank)
        for rank, place in enumerate(screening.best(top), start=1)
    ]


def to_json(screening: Screening, top: int | None = None) -> dict[str, Any]:
    """Tell a screening by the stable keys of the command line.

    Args:
        screening: A screening.
        top: At most this many candidates; None tells all.

    Returns:
        What `json.dumps` takes, NaN nowhere.
    """
    return {
        "need": screening.need.model_dump(),
        "data": screening.data,
        "counts": screening.counts,
        "candidates": [one.to_json() for one in candidates(screening, top)],
        "excluded_by": screening.excluded_by,
        "result_hash": screening.result_hash,
    }


def reason(answer: Answer, place: int, *, total_weight: float = 0.0) -> Reason:
    """Tell what one criterion says about one parcel.

    Args:
        answer: The criterion's answer.
        place: Place of the parcel in the screening's arrays.
        total_weight: Sum of the weights of all factors.

    Returns:
        Figures and sentence.
    """
    evidence = answer.evidence[place] if answer.evidence is not None else None
    share = answer.share_at(place)
    points = 100 * (share or 0.0) * answer.weight / (total_weight or 1.0)
    value, state = answer.value_at(place), answer.state_at(place)
    gap = answer.gap_at(place)
    return Reason(
        name=answer.name,
        use=answer.use,
        kind=answer.kind,
        title=answer.title,
        layer=answer.layer,
        state=state,
        value=value,
        threshold=answer.threshold,
        gap=gap,
        unit=answer.unit,
        excludes=answer.kind == "constraint"
        and bool(answer.blocks_at(slice(place, place + 1))[0]),
        evidence=evidence or "",
        evidence_title=BESIDE.get(evidence or "", ""),
        share=share,
        weight=answer.weight,
        points=round(points, 2),
        sentence=gap_sentence(
            gap, answer.unit, below=answer.is_below(place), state=state
        ),
        notes=answer.notes_at(place),
        beside=answer.beside_at(place),
    )


def _why(screening: Screening, place: int, rank: int | None = None) -> Why:
    eligible = bool(screening.eligible[place])
    if eligible and rank is None:
        rank = screening.rank(place)
    (score,) = screening.scores(np.array([place])).tolist()
    (parcel_id,) = screening.board.ids(np.array([place]))
    total = sum(one.weight for one in screening.factors)
    return Why(
        parcel_id=str(parcel_id),
        eligible=eligible,
        flagged=bool(screening.flagged[place]),
        rank=rank,
        score=None if score != score else score,  # noqa: PLR0124 - NaN
        criteria=tuple(
            reason(one, place, total_weight=total) for one in screening.answers
        ),
    )

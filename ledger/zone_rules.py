"""What a zone is evaluated by: criteria and recognitions, data of an edition."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from gis.errors import LedgerError
from ledger import rules
from ledger.unit_of_work import Work

TABLE: Final = "zone_evaluation"
BETTER: Final = ("more", "less")
SCORED_BY: Final = ("weight", "worst", "best")


@dataclass(frozen=True)
class Criterion:
    """One figure of the yearly evaluation.

    Attributes:
        code: What the ledger stores.
        title: As offices write it.
        english: In English.
        unit: Of the figure, as offices write it.
        english_unit: The same in English.
        better: "more" or "less".
        weight: Its part in a score; None where the table states none.
        worst: The value from which on it is worth nothing.
        best: The value from which on it is worth all of its weight.
        confidence: How sure it is that this criterion is asked.
    """

    code: str
    title: str
    english: str
    unit: str
    english_unit: str
    better: str
    weight: float | None
    worst: float | None
    best: float | None
    confidence: str


@dataclass(frozen=True)
class Recognition:
    """Something that a zone may be recognised as, with the document that says so."""

    code: str
    title: str
    english: str
    basis: str
    confidence: str


@dataclass(frozen=True)
class Evaluation:
    """The table in force, with its head."""

    edition: str
    source: str
    confidence: str
    criteria: tuple[Criterion, ...]
    recognitions: tuple[Recognition, ...]

    @property
    def weighed(self) -> tuple[Criterion, ...]:
        """The criteria that a score is made of; none where no weights are stated."""
        return tuple(one for one in self.criteria if one.weight)


@dataclass(frozen=True)
class Score:
    """What a zone's figures of a year come to.

    Attributes:
        points: 0 to 100; None where the table states no weights or a figure is missing.
        missing: Criteria that have a weight and no figure.
    """

    points: float | None
    missing: tuple[Criterion, ...]


def evaluation(work: Work) -> Evaluation:
    """Return the table of zone evaluation in force.

    Args:
        work: The unit of work.

    Returns:
        The table.
    """
    found = rules.in_force(work, TABLE)
    return Evaluation(
        edition=found.edition,
        source=found.source,
        confidence=found.confidence,
        criteria=tuple(_criterion(one) for one in found.data["criterion"]),
        recognitions=tuple(
            _recognition(one) for one in found.data.get("recognition") or ()
        ),
    )


def score(table: Evaluation, values: Mapping[str, float]) -> Score:
    """Weigh a zone's figures by the table; nothing is guessed.

    Args:
        table: The table.
        values: Figures by code of the criterion.

    Returns:
        The mean of the criteria's worth by weight, and what is missing for it.
    """
    weighed = table.weighed
    missing = tuple(one for one in weighed if one.code not in values)
    if not weighed or missing:
        return Score(None, missing)
    worth = sum((one.weight or 0.0) * _worth(one, values[one.code]) for one in weighed)
    weights = sum(one.weight or 0.0 for one in weighed)
    return Score(round(100 * worth / weights, 1), ())


def faults(data: Mapping[str, Any]) -> list[LedgerError]:
    """Find what is wrong with a table of zone evaluation.

    Args:
        data: The table, as TOML reads it.

    Returns:
        One error for each faulty line.
    """
    criteria = data.get("criterion") or []
    found = [
        fault
        for number, one in enumerate(criteria, start=1)
        for fault in _faults_of(number, one)
    ]
    for number, one in enumerate(data.get("recognition") or [], start=1):
        if not (one.get("code") and one.get("title")):
            found.append(
                LedgerError(
                    "Recognition {number} needs a code and a title.", number=number
                )
            )
    for name in ("criterion", "recognition"):
        codes = [one.get("code") for one in data.get(name) or []]
        if len(set(codes)) != len(codes):
            found.append(LedgerError("Each {name} needs a code of its own.", name=name))
    if not criteria:
        found.append(LedgerError("The table has no criterion."))
    return found


def _faults_of(number: int, one: Mapping[str, Any]) -> list[LedgerError]:
    told = [name for name in SCORED_BY if one.get(name) is not None]
    found = []
    if not (one.get("code") and one.get("title") and one.get("better") in BETTER):
        found.append(
            LedgerError(
                "Criterion {number} needs a code, a title and what is better "
                "({allowed}).",
                number=number,
                allowed=", ".join(BETTER),
            )
        )
    if told and len(told) < len(SCORED_BY):
        found.append(
            LedgerError(
                "Criterion {number} states {told} alone: a score needs weight, worst "
                "and best together.",
                number=number,
                told=", ".join(told),
            )
        )
    elif told and not _sound(one):
        found.append(
            LedgerError(
                "Criterion {number}: the weight is more than 0, and best lies beyond "
                "worst where {better} is better.",
                number=number,
                better=one.get("better"),
            )
        )
    return found


def _sound(one: Mapping[str, Any]) -> bool:
    values = [one[name] for name in SCORED_BY]
    if not all(type(value) in {int, float} for value in values):
        return False
    weight, worst, best = (float(value) for value in values)
    more = one.get("better") == "more"
    return weight > 0 and ((best > worst) if more else (best < worst))


def _worth(one: Criterion, value: float) -> float:
    if one.worst is None or one.best is None:
        return 0.0
    return min(max((value - one.worst) / (one.best - one.worst), 0.0), 1.0)


def _criterion(entry: Mapping[str, Any]) -> Criterion:
    return Criterion(
        code=str(entry["code"]),
        title=str(entry["title"]),
        english=str(entry.get("english") or entry["title"]),
        unit=str(entry.get("unit") or ""),
        english_unit=str(entry.get("english_unit") or entry.get("unit") or ""),
        better=str(entry["better"]),
        weight=entry.get("weight"),
        worst=entry.get("worst"),
        best=entry.get("best"),
        confidence=str(entry.get("confidence") or ""),
    )


def _recognition(entry: Mapping[str, Any]) -> Recognition:
    return Recognition(
        code=str(entry["code"]),
        title=str(entry["title"]),
        english=str(entry.get("english") or entry["title"]),
        basis=str(entry.get("basis") or ""),
        confidence=str(entry.get("confidence") or ""),
    )

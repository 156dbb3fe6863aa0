"""The conditions of documents, each asked of a whole column at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gis.units import rounded
from ledger.access import is_managed
from ledger.applicability import Applicability, FactAsked, Kind, Limits
from ledger.policy_subjects import Subjects
from siting.compare import METRE_DECIMALS, SHARE_DECIMALS
from siting.land_use import SYSTEM
from siting.words import is_part_of, lies_in, region_prefix

Answers = NDArray[np.int8]
"""An `Answer` for each subject, shape (n,)."""

MONEY_DECIMALS: Final = 4
AREA_DECIMALS: Final = 2
OPEN: Final = Limits()
NO_WORD: Final = frozenset({"", "nan", "None", "<NA>"})
_NOT_KNOWN: Final = frozenset({"not_checked", "partly_covered", "unknown"})
_LOOKED: Final = frozenset({"hit", "clear"})
_MEASURED: Final = frozenset({"measured"})


class Answer(IntEnum):
    """What a condition answers; the least of several is that of all together."""

    NO = 0
    UNKNOWN = 1
    YES = 2


@dataclass(frozen=True)
class Asked:
    """One condition of a document, and how it is answered.

    Attributes:
        kind: What is asked.
        wanted: What is wanted: codes, or words a person reads.
        limits: From how much to how much, where a figure is asked.
        column: The fact, where one is asked; else the column that answers.
    """

    kind: Kind
    wanted: tuple[str, ...] = ()
    limits: Limits = OPEN
    column: str = ""


def asked_of(applies: Applicability) -> list[Asked]:
    """List the conditions of a document, in the order they are told.

    Args:
        applies: To whom it applies.

    Returns:
        The conditions that ask something.
    """
    listed = [
        Asked(Kind.INDUSTRY, applies.industries, column="industry"),
        Asked(Kind.REGION, applies.regions, column="region"),
        Asked(Kind.LAND_CLASS, applies.land_classes, column="land_use_code"),
        Asked(Kind.STOCK, applies.stocks, column="stock_status"),
        Asked(Kind.STAGE, tuple(one.value for one in applies.stages), column="stage"),
        Asked(Kind.INVESTMENT, limits=applies.investment, column="investment_wan_cny"),
        *(_fact_asked(one) for one in applies.facts),
        *(Asked(Kind.TOLD, (one,)) for one in applies.told),
    ]
    return [one for one in listed if one.wanted or one.limits]


def single_words(asked: Asked) -> list[Asked]:
    """Part a condition into one for each of its words."""
    return [Asked(asked.kind, (one,), OPEN, asked.column) for one in asked.wanted]


def ask(subjects: Subjects, asked: Asked) -> Answers:
    """Ask one condition of all subjects.

    Args:
        subjects: Whom it is asked of.
        asked: The condition.

    Returns:
        An `Answer` each, shape (n,), int8.
    """
    found: Answers = _ASK[asked.kind](subjects, asked)
    return found


def _fact_asked(fact: FactAsked) -> Asked:
    return Asked(Kind.FACT, fact.words, Limits(fact.least, fact.most), fact.column)


def _by_word(
    subjects: Subjects, column: str, answer: Callable[[str], Answer]
) -> Answers:
    """Ask each word of a column once; what is not there is unknown."""
    found = subjects.words.get(column)
    if found is None:
        return np.full(subjects.count, Answer.UNKNOWN, dtype=np.int8)
    told = [Answer.UNKNOWN if word in NO_WORD else answer(word) for word in found.words]
    # The last entry answers code -1, which is no word at all.
    table = np.array([*told, Answer.UNKNOWN], dtype=np.int8)
    return table.take(found.codes)


def _yes(found: object) -> Answer:
    return Answer.YES if found else Answer.NO


def _industry(subjects: Subjects, asked: Asked) -> Answers:
    def answer(code: str) -> Answer:
        if code.startswith(asked.wanted):
            return Answer.YES
        wider = any(one.startswith(code) for one in asked.wanted)
        return Answer.UNKNOWN if wider else Answer.NO

    return _by_word(subjects, "industry", answer)


def _region(subjects: Subjects, asked: Asked) -> Answers:
    managed = {one for one in asked.wanted if is_managed(one)}
    counties = [one for one in asked.wanted if one not in managed]

    def answer(code: str) -> Answer:
        if code in managed or lies_in(code, counties):
            return Answer.YES
        part = any(one.startswith(region_prefix(code)) for one in counties)
        reached = not managed.isdisjoint(subjects.reaches.get(code, ()))
        return Answer.UNKNOWN if part or reached else Answer.NO

    found = _by_word(subjects, "region", answer)
    if managed and "managed_by" in subjects.words:
        # A project that names no management region is run by its county.
        run = subjects.words["managed_by"]
        table = [*(_yes(word in managed) for word in run.words), Answer.NO]
        found = np.maximum(found, np.array(table, dtype=np.int8).take(run.codes))
    return found


def _land_class(subjects: Subjects, asked: Asked) -> Answers:
    def answer(code: str) -> Answer:
        if any(is_part_of(code, one) for one in asked.wanted):
            return Answer.YES
        wider = any(is_part_of(one, code) for one in asked.wanted)
        return Answer.UNKNOWN if wider else Answer.NO

    found = _by_word(subjects, "land_use_code", answer)
    if "land_use_system" not in subjects.words:
        return found
    # The same digits mean another class in another system.
    ours = _by_word(
        subjects,
        "land_use_system",
        lambda system: Answer.YES if system == SYSTEM else Answer.UNKNOWN,
    )
    return np.where(ours == Answer.YES, found, np.int8(Answer.UNKNOWN))


def _among(subjects: Subjects, asked: Asked) -> Answers:
    def answer(word: str) -> Answer:
        if word in asked.wanted:
            return Answer.YES
        return Answer.UNKNOWN if word in _NOT_KNOWN else Answer.NO

    return _by_word(subjects, asked.column, answer)


def _investment(subjects: Subjects, asked: Asked) -> Answers:
    return _figure(subjects, asked, MONEY_DECIMALS)


def _fact(subjects: Subjects, asked: Asked) -> Answers:
    if asked.wanted:
        return _among(subjects, asked)
    column = asked.column
    if column.endswith("_distance_m"):
        known = _looked(subjects, column.removesuffix("_m"), _MEASURED)
        return np.where(known, _figure(subjects, asked, METRE_DECIMALS), _UNKNOWN)
    for ending in ("_overlap_m2", "_share"):
        if column.endswith(ending):
            return _overlap(subjects, asked, column.removesuffix(ending))
    return _figure(subjects, asked, MONEY_DECIMALS)


def _overlap(subjects: Subjects, asked: Asked, layer: str) -> Answers:
    """Ask how much of a layer lies in each parcel: more may lie where nobody looked."""
    decimals = SHARE_DECIMALS if asked.column.endswith("_share") else AREA_DECIMALS
    found = _figure(subjects, asked, decimals)
    if asked.column not in subjects.figures:
        return found
    least, most = asked.limits.least, asked.limits.most
    shown = rounded(subjects.figures[asked.column].raw, decimals)
    # Too much stays too much, and enough stays enough, whatever else is found.
    stays = shown > most if most is not None else shown >= (least or 0.0)
    sure = _looked(subjects, layer, _LOOKED) | stays
    return np.where(sure, found, _UNKNOWN)


def _looked(
    subjects: Subjects, layer: str, proves: frozenset[str]
) -> NDArray[np.bool_]:
    name = f"{layer}_evidence"
    if name not in subjects.words and layer.endswith("_distance"):
        name = f"{layer.removesuffix('_distance')}_evidence"
    answers = _by_word(
        subjects, name, lambda word: Answer.YES if word in proves else Answer.UNKNOWN
    )
    return np.asarray(answers == Answer.YES)


def _figure(subjects: Subjects, asked: Asked, decimals: int) -> Answers:
    found = subjects.figures.get(asked.column)
    if found is None:
        return np.full(subjects.count, Answer.UNKNOWN, dtype=np.int8)
    shown = rounded(found.raw, decimals)
    least, most = asked.limits.least, asked.limits.most
    within = np.ones(len(shown), dtype=bool)
    if least is not None:
        within &= shown >= least
    if most is not None:
        within &= shown <= most
    told = np.where(within, np.int8(Answer.YES), np.int8(Answer.NO))
    return np.where(np.isnan(shown), _UNKNOWN, told)


def _told(subjects: Subjects, asked: Asked) -> Answers:
    del asked
    return np.full(subjects.count, Answer.UNKNOWN, dtype=np.int8)


_UNKNOWN: Final = np.int8(Answer.UNKNOWN)
_Ask = Callable[[Subjects, Asked], Any]
_ASK: Final[Mapping[Kind, _Ask]] = {
    Kind.INDUSTRY: _industry,
    Kind.REGION: _region,
    Kind.LAND_CLASS: _land_class,
    Kind.STOCK: _among,
    Kind.STAGE: _among,
    Kind.INVESTMENT: _investment,
    Kind.FACT: _fact,
    Kind.TOLD: _told,
}

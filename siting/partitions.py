"""Screen parcels in partitions, and put the answers together: the same as in one.

A parcel's answer depends on its own facts, so partitions need nothing of each other:
counts add up, and the best of all are among the best of each.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from siting.screen import Screening


class Candidate(NamedTuple):
    """An eligible parcel.

    Attributes:
        parcel_id: Its id.
        score: 0 to 100; None where the need has no factors.
    """

    parcel_id: str
    score: float | None


@dataclass(frozen=True)
class Partition:
    """What the parcels of a partition answered.

    Attributes:
        counts: As `Screening.counts`.
        excluded_by: How many parcels each constraint excludes.
        excluded_only_by: How many it excludes that no other does.
        best: Eligible parcels, best first, ties by id.
    """

    counts: dict[str, int]
    excluded_by: dict[str, int]
    excluded_only_by: dict[str, int]
    best: tuple[Candidate, ...]


def partition_of(screening: Screening, top: int) -> Partition:
    """Keep of an answer what is needed to put it together with others.

    Args:
        screening: The answer of some parcels.
        top: How many candidates.

    Returns:
        Small, and it can be sent to another process.
    """
    places = screening.best(top)
    scores, ids = screening.scores(places), screening.board.ids(places)
    return Partition(
        counts=dict(screening.counts),
        excluded_by=dict(screening.excluded_by),
        excluded_only_by=dict(screening.excluded_only_by),
        best=tuple(
            Candidate(str(one), None if np.isnan(score) else float(score))
            for one, score in zip(ids, scores, strict=True)
        ),
    )


def merged(partitions: Iterable[Partition], top: int) -> Partition:
    """Put the answers of all partitions together.

    Args:
        partitions: One answer for each, by the same need and with at least `top`
            candidates where there are so many; in any order.
        top: How many candidates.

    Returns:
        What one screening of all their parcels answers.
    """
    counts: Counter[str] = Counter()
    excluded_by: Counter[str] = Counter()
    excluded_only_by: Counter[str] = Counter()
    best: list[Candidate] = []
    for one in partitions:
        counts.update(one.counts)
        excluded_by.update(one.excluded_by)
        excluded_only_by.update(one.excluded_only_by)
        best = sorted([*best, *one.best], key=_place)[:top]
    return Partition(
        dict(counts), dict(excluded_by), dict(excluded_only_by), tuple(best)
    )


def _place(candidate: Candidate) -> tuple[float, str]:
    """Put the higher score first, then the lesser id."""
    return -(candidate.score or 0.0), candidate.parcel_id

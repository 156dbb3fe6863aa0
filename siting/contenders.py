"""Score parcels; of many, find the few that can be among the best without the rest.

A sample of the parcels is scored first: the best of all are no worse than the best of
the sample. The others lose their chance factor by factor, the weightiest first, as soon
as full points for all that is left would not bring them up to that. Whoever is left is
scored as `siting.rank.scores` has it, so the shortcut changes no score and no order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Final

import numpy as np

from gis.units import Numbers
from siting.answer import Answer
from siting.columns import Codes
from siting.rank import parts_of, scores
from siting.threads import pool, processors
from siting.worth import Figured, Worth

BLOCK: Final = 1 << 16
SAMPLE: Final = 4096
# Below so many parcels all are scored.
MANY: Final = 20_000
# More than what rounding to 0.01 and another order of adding up can change.
SLACK: Final = 0.02


@dataclass(frozen=True)
class Questions:
    """The criteria of a need, answered.

    Attributes:
        constraints: What each constraint answered.
        factors: What each factor answered.
        method: How factors make a score.
        count: How many parcels there are.
    """

    constraints: Sequence[Answer]
    factors: Sequence[Answer]
    method: str
    count: int


def score_of(asked: Questions, places: slice | Codes) -> Numbers:
    """Score some parcels.

    Args:
        asked: The criteria.
        places: Which; m of them.

    Returns:
        0 to 100 to 0.01, NaN without factors, shape (m,).
    """
    shares = [one.verdict.shares(places) for one in asked.factors]
    told = [one for one in shares if one is not None]
    weights = [one.weight for one in asked.factors]
    count = len(range(asked.count)[places] if isinstance(places, slice) else places)
    return scores(told, weights, asked.method, count)


def contenders(
    asked: Questions,
    places: Codes,
    top: int,
    loops: ModuleType | None,
    *,
    threads: int | None = None,
    block: int = BLOCK,
) -> Codes:
    """Leave out parcels that cannot be among the best by weighted sum.

    Args:
        asked: The criteria.
        places: Parcels; m of them, ascending.
        top: How many of the best are looked for.
        loops: `siting.screen_loops`; None leaves nobody out.
        threads: How many; None takes one for each processor.
        block: Parcels at a time.

    Returns:
        Places, ascending, the `top` best among them.
    """
    sample = max(SAMPLE, 4 * top)
    summed = asked.method == "weighted_sum" and bool(asked.factors)
    if loops is None or not summed or len(places) < max(MANY, 2 * sample) or top < 1:
        return places
    parts = _parts(asked)
    some = places[:: len(places) // sample]
    points = np.zeros(len(some))
    for worth, weight, _ in parts:
        _add(worth, weight, some, points, loops)
    points[~np.isfinite(points)] = 0.0
    bound = np.partition(points, -top)[-top] - SLACK

    def work(start: int) -> Codes:
        left = places[start : start + block].copy()
        score = np.zeros(len(left))
        for worth, weight, rest in parts:
            _add(worth, weight, left, score, loops)
            m = loops.thin_out(left, score, bound - rest)
            left, score = left[:m], score[:m]
        return left

    starts = range(0, len(places), block)
    return np.concatenate(list(pool(threads or processors()).map(work, starts)))


def _parts(asked: Questions) -> list[tuple[Worth, float, float]]:
    """List factors, the weightiest first, with the most that those after it add."""
    weights = parts_of(np.array([one.weight for one in asked.factors]))
    worths = [one.verdict.earns for one in asked.factors]
    told = [
        (worth, float(weight))
        for worth, weight in zip(worths, weights, strict=True)
        if worth is not None
    ]
    told.sort(key=lambda one: -one[1])
    most = [weight * _greatest(worth) for worth, weight in told]
    return [(*one, sum(most[at:])) for at, one in enumerate(told, start=1)]


def _greatest(worth: Worth) -> float:
    """Return a share that none is above."""
    uncut = isinstance(worth, Figured) and worth.scale is None
    return worth.greatest if isinstance(worth, Figured) and uncut else 1.0


def _add(
    worth: Worth, weight: float, places: Codes, score: Numbers, loops: ModuleType
) -> None:
    """Add a factor's points of some parcels."""
    if isinstance(worth, Figured):
        loops.add_points(worth.raw, places, worth.form, weight, score)
    else:
        score += np.fmax(worth.at(places), 0.0) * weight

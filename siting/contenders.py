"""Score parcels; of many, find the few that can be among the best without the rest.

A sample of the parcels is scored first: the best of all are no worse than the best of
the sample. The others lose their chance factor by factor, the weightiest first, as soon
as full points for all that is left would not bring them up to that. Each block that is
done may raise the bar for those after it. Whoever is left is scored as
`siting.rank.scores` has it, so the shortcut changes no score and no order.
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

BLOCK: Final = 1 << 17
SAMPLE: Final = 4096
RUN: Final = 32
# So many times larger is the second sample.
STEP: Final = 4
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
    parts, bar = _parts(asked), _Bar(top)
    for size in (sample, STEP * sample):
        if 2 * size <= len(places):
            _thinned(parts, _sampled(places, size), bar, loops)

    def work(start: int) -> Codes:
        return _thinned(parts, places[start : start + block], bar, loops)

    starts = range(0, len(places), block)
    return np.concatenate(list(pool(threads or processors()).map(work, starts)))


def _sampled(places: Codes, size: int) -> Codes:
    """Take about so many parcels from everywhere, in runs that lie beside each other.

    A parcel alone costs a miss of the cache for each factor.

    Args:
        places: Parcels, ascending.
        size: How many to take.

    Returns:
        Their places, ascending.
    """
    apart = len(places) // size * RUN
    whole = len(places) // apart * apart
    # Loops are compiled for arrays without gaps.
    return places[:whole].reshape(-1, apart)[:, :RUN].ravel()


class _Bar:
    """What the best have at least, as far as is known.

    Args:
        top: How many are the best.

    Attributes:
        least: Who stays below it is not among the best.
    """

    def __init__(self, top: int) -> None:
        self._top = top
        self.least = -np.inf

    def rise(self, points: Numbers) -> None:
        """Raise the bar if some parcels prove it too low; threads may do so at once.

        Args:
            points: Their points, which are among those of all.
        """
        if len(points) >= self._top:
            known = np.where(np.isfinite(points), points, 0.0)
            reached = float(np.partition(known, -self._top)[-self._top])
            # Another thread's bar may be overwritten by a lower one, which is as true.
            self.least = max(self.least, reached - SLACK)


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


def _thinned(
    parts: Sequence[tuple[Worth, float, float]],
    places: Codes,
    bar: _Bar,
    loops: ModuleType,
) -> Codes:
    """Leave the parcels that may reach the bar, and raise it by what they have."""
    points = np.zeros(len(places))
    for worth, weight, rest in parts:
        bound = bar.least - rest
        places, points = _add(worth, weight, places, points, bound, loops)
    bar.rise(points)
    return places


def _add(
    worth: Worth,
    weight: float,
    places: Codes,
    points: Numbers,
    bound: float,
    loops: ModuleType,
) -> tuple[Codes, Numbers]:
    """Add a factor's points of some parcels; leave those that reach a bound."""
    left, added = np.empty(len(places), dtype=np.intp), np.empty(len(places))
    if isinstance(worth, Figured):
        form = worth.form
        m = loops.earn(worth.raw, places, points, form, weight, bound, left, added)
    else:
        earned = points + np.fmax(worth.at(places), 0.0) * weight
        m = loops.thin_out(places, earned, bound, left, added)
    return left[:m], added[:m]

"""Make one score of the factors, the same for a parcel whatever the others are."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from gis.units import Numbers, rounded
from siting.columns import Codes

SCORE_DECIMALS: int = 2


def weighted_sum(shares: Sequence[Numbers], weights: Numbers) -> Numbers:
    """Score by the weighted mean of the shares.

    Args:
        shares: For each factor 0 to 1, NaN unknown and counted as 0, shape (n,).
        weights: Above 0, shape (k,).

    Returns:
        0 to 100, shape (n,).
    """
    score = np.zeros_like(shares[0])
    for share, weight in zip(shares, parts_of(weights), strict=True):
        points = np.fmax(share, 0.0)
        points *= weight
        score += points
    return score


def parts_of(weights: Numbers) -> Numbers:
    """Return the parts of 100 points that weights are, shape (k,)."""
    parts: Numbers = weights * (100 / weights.sum())
    return parts


def topsis(shares: Sequence[Numbers], weights: Numbers) -> Numbers:
    """Score by nearness to the best that there can be (TOPSIS, Hwang and Yoon 1981).

    The shares are not normalised over the parcels at hand: an ideal row of ones and an
    anti-ideal row of zeros are ranked with them, so a parcel's score does not depend on
    the others.

    Args:
        shares: For each factor 0 to 1, NaN unknown and counted as 0, shape (n,).
        weights: Above 0, shape (k,).

    Returns:
        0 to 100, shape (n,).
    """
    from pymcdm.methods import TOPSIS  # noqa: PLC0415 - seconds, and only for this

    anchors = np.vstack([np.ones_like(weights), np.zeros_like(weights)])
    known = np.fmax(np.stack(shares, axis=1), 0.0)
    rows = np.vstack([known, anchors])
    method = TOPSIS(normalization_function=_as_it_is)
    kinds = np.ones(len(weights))
    score = method(rows, weights / weights.sum(), kinds, validation=False)
    nearness: Numbers = score[: len(known)] * 100
    return nearness


METHODS = {"weighted_sum": weighted_sum, "topsis": topsis}


def scores(
    shares: Sequence[Numbers], weights: list[float], method: str, n: int
) -> Numbers:
    """Score all parcels.

    Args:
        shares: For each factor 0 to 1, NaN unknown, shape (n,).
        weights: For each factor, above 0.
        method: "weighted_sum" or "topsis".
        n: How many parcels.

    Returns:
        0 to 100 to 0.01, shape (n,); an unknown share adds nothing; NaN for all where
        there are no factors.
    """
    if not shares:
        return np.full(n, np.nan)
    return rounded(METHODS[method](shares, np.array(weights)), SCORE_DECIMALS)


def best_first(score: Numbers, id_rank: Codes, among: NDArray[np.bool_]) -> Codes:
    """Put parcels in order: by score as shown, then by id.

    Args:
        score: 0 to 100, or NaN, shape (n,).
        id_rank: Place of each parcel by id, shape (n,).
        among: Which parcels to put in order, shape (n,).

    Returns:
        Their places, best first.
    """
    places = np.flatnonzero(among)
    return best_of(places, score[places], id_rank.__getitem__)


def best_of(
    places: Codes,
    score: Numbers,
    ranks: Callable[[Codes], Codes],
    top: int | None = None,
) -> Codes:
    """Find the best of some parcels: by score as shown, then by id.

    Args:
        places: The parcels; m of them.
        score: Their scores, 0 to 100, NaN without factors, shape (m,).
        ranks: Tells numbers of some parcels that stand in the order of their ids.
        top: At most this many; None takes all.

    Returns:
        Their places, best first.
    """
    behind = hundredths_behind(score)
    if top is not None and 0 < top < len(places):
        # Scores are whole hundredths: counting them finds the last that can be best.
        reached = np.cumsum(np.bincount(behind - behind.min())) >= top
        near = behind <= reached.argmax() + behind.min()
        places, behind = places[near], behind[near]
    best: Codes = places[np.lexsort((ranks(places), behind))][:top]
    return best


def hundredths_behind(score: Numbers) -> NDArray[np.int64]:
    """Return how far scores are from 100, in hundredths; one that is none counts 0.

    Args:
        score: 0 to 100 to 0.01, shape (m,).

    Returns:
        Whole numbers, shape (m,).
    """
    points = np.where(np.isfinite(score), score, 0.0)
    behind: NDArray[np.int64] = np.rint((100 - points) * 10**SCORE_DECIMALS).astype(
        np.int64
    )
    return behind


def _as_it_is(column: Numbers, cost: bool = False) -> Numbers:  # noqa: FBT001, FBT002, ARG001 - pymcdm's signature
    return column

"""How much of a parcel lies inside a layer, where part of it was not checked."""

from collections.abc import Callable
from typing import Final

import numpy as np

from gis.units import Numbers, rounded
from siting.columns import Coded, Codes, Figures
from siting.compare import SHARE_DECIMALS, Verdict, between_known

# Coverage is a quotient of two areas: this much is noise.
WHOLE: Final = 1 - 1e-9
LEAST_SHOWN: Final = 10.0**-SHARE_DECIMALS

Make = Callable[[Numbers, Codes, Numbers], Numbers]


def share_up_to(
    overlap_share: Figures,
    covered_share: Figures,
    evidence: Coded,
    *,
    up_to_share: float,
) -> Verdict:
    """Ask whether at most a share of each parcel lies inside a layer.

    A hit above the share fails for sure, whatever else is covered. Below it, only a
    parcel that is wholly covered passes; a hit never rounds down to nothing.

    Args:
        overlap_share: Part inside the layer, NaN where not checked, shape (n,).
        covered_share: Part that the layer has been looked for in, shape (n,).
        evidence: "hit", "clear", "partly_covered" or "not_checked"; overlaps of up to
            a sliver count as clear.
        up_to_share: Greatest part that may lie inside.

    Returns:
        The part inside as shown.
    """
    least, most = _overlap(evidence)
    columns = (evidence.codes, covered_share.raw)
    return between_known(
        overlap_share.made("least overlap", least, SHARE_DECIMALS, *columns),
        overlap_share.made("most overlap", most, SHARE_DECIMALS, *columns),
        high=up_to_share,
        unit="share",
        decimals=SHARE_DECIMALS,
        evidence=evidence,
    )


def share_at_least(
    inside_share: Figures,
    covered_share: Figures,
    evidence: Coded,
    *,
    at_least_share: float,
) -> Verdict:
    """Ask whether at least a share of each parcel lies inside a layer.

    Args:
        inside_share: Part inside the layer, NaN where not checked, shape (n,).
        covered_share: Part that the layer has been looked for in, shape (n,).
        evidence: What the layer proves.
        at_least_share: Least part that must lie inside.

    Returns:
        The part inside as shown; ground that was not checked may lie in or out.
    """
    most = inside_share.made("most", at_most, SHARE_DECIMALS, covered_share.raw)
    return between_known(
        inside_share.shown(SHARE_DECIMALS),
        most,
        low=at_least_share,
        unit="share",
        decimals=SHARE_DECIMALS,
        evidence=evidence,
    )


def at_most(
    share: Numbers, covered_share: Numbers, maybe: Numbers | float = 0.0
) -> Numbers:
    """Return the most that a share may be when ground not checked is counted.

    Args:
        share: Part known to count, shape (n,).
        covered_share: Part that was looked at, shape (n,).
        maybe: Part that was looked at and may count, shape (n,).

    Returns:
        Shares as shown, shape (n,).
    """
    unseen = np.where(covered_share >= WHOLE, 0.0, 1.0 - covered_share)
    return rounded(np.minimum(share + unseen + maybe, 1.0), SHARE_DECIMALS)


def _overlap(evidence: Coded) -> tuple[Make, Make]:
    """Tell how the least and the most overlap follow from a layer's evidence."""
    hit = evidence.wanted("hit".__eq__).table
    looked = evidence.wanted("not_checked".__ne__).table

    def least(share: Numbers, codes: Codes, covered_share: Numbers) -> Numbers:
        del covered_share
        told = np.maximum(rounded(share, SHARE_DECIMALS), LEAST_SHOWN)
        unhit = np.where(looked.take(codes) > 0, 0.0, np.nan)
        return np.where(hit.take(codes) > 0, told, unhit)

    def most(share: Numbers, codes: Codes, covered_share: Numbers) -> Numbers:
        known = least(share, codes, covered_share)
        return np.where(covered_share >= WHOLE, known, np.inf)

    return least, most

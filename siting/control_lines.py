"""How much of a parcel lies inside a layer, where part of the ground was not checked."""

import numpy as np

from gis.units import Numbers, rounded
from siting.columns import Coded
from siting.compare import SHARE_DECIMALS, Verdict, between_known

# Coverage is a quotient of two areas: this much is noise.
WHOLE: float = 1 - 1e-9
LEAST_SHOWN: float = 10.0**-SHARE_DECIMALS


def share_up_to(
    overlap_share: Numbers,
    covered_share: Numbers,
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
    hit = evidence.states("hit".__eq__) > 0
    looked = evidence.states("not_checked".__ne__) > 0
    shown = np.maximum(rounded(overlap_share, SHARE_DECIMALS), LEAST_SHOWN)
    least = np.where(hit, shown, 0.0)
    most = np.where(looked & (covered_share >= WHOLE), least, np.inf)
    verdict = between_known(
        least, most, high=up_to_share, unit="share", decimals=SHARE_DECIMALS
    )
    value = np.where(looked, least, np.nan)
    return verdict.reading_as(value).with_evidence(evidence)


def share_at_least(
    inside_share: Numbers, covered_share: Numbers, *, at_least_share: float
) -> Verdict:
    """Ask whether at least a share of each parcel lies inside a layer.

    Args:
        inside_share: Part inside the layer, NaN where not checked, shape (n,).
        covered_share: Part that the layer has been looked for in, shape (n,).
        at_least_share: Least part that must lie inside.

    Returns:
        The part inside as shown; ground that was not checked may lie in or out.
    """
    most = np.minimum(1.0, inside_share + np.maximum(0.0, 1.0 - covered_share))
    most = np.where(covered_share >= WHOLE, inside_share, most)
    return between_known(
        inside_share, most, low=at_least_share, unit="share", decimals=SHARE_DECIMALS
    )

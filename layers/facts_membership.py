"""Facts of belonging: the county, the zone that a parcel lies in most."""

import numpy as np
from pandas import Series

from gis.overlay import covered_share, dominant, evidence, overlap_area_by
from layers.facts_overlap import Cover
from layers.ground import Ground


def membership_fact(ground: Ground, cover: Cover) -> Series:
    """Name the feature of a layer that holds most of each parcel.

    Args:
        ground: Some parcels, shape (n,).
        cover: The layer; its keys are the names.

    Returns:
        A key, "" where a parcel lies in none (or only by a sliver); str, shape (n,),
        by parcel_id. Of two features with the same ground the first key counts.
    """
    features = cover.features.sort_index()
    keys = features.index.to_numpy(dtype=object).astype(str)
    answer = np.full(len(ground.index), "", dtype=object)
    # Most parcels lie inside one feature and touch no other: no area needs measuring.
    feature, parcel = ground.plane.sindex.query(features.geometry, "intersects")
    met = np.bincount(parcel, minlength=len(answer))
    feature, parcel = ground.plane.sindex.query(features.geometry, "covers")
    alone = met[parcel] == 1
    answer[parcel[alone]] = keys[feature[alone]]
    rest = (met > 0) & (answer == "")
    if rest.any():
        some = ground.some(rest)
        named = features.assign(**{cover.layer.fact: keys})
        areas = overlap_area_by(some.plane, named, cover.layer.fact)
        enough = areas.max(axis=1) > cover.layer.sliver_m2
        answer[rest] = dominant(areas).where(enough, "").to_numpy()
    return Series(answer, index=ground.index, name=cover.layer.fact, dtype="str")


def membership_evidence(
    ground: Ground, cover: Cover, feature: Series, covered: Series | None = None
) -> Series:
    """Say what the layer proves where a parcel lies in one of its features or none.

    Args:
        ground: Some parcels, shape (n,).
        cover: The layer.
        feature: From `membership_fact`.
        covered: Part of each parcel that the layer has been looked for in, where that
            was measured before.

    Returns:
        "hit" where a feature is found; else "clear" where the layer has been looked for
        all over the parcel, "partly_covered" or "not_checked"; str, shape (n,).
    """
    name = evidence_name(cover.layer.fact)
    state = Series("hit", index=ground.index, name=name, dtype="str")
    without = (feature == "").to_numpy()
    if without.any():
        if covered is None:
            some = covered_share(ground.some(without).plane, cover.outline)
        else:
            some = covered[without]
        nothing = Series(0.0, index=some.index)
        proven = evidence(nothing, some, sliver_m2=cover.layer.sliver_m2)
        state[without] = proven.astype("str").to_numpy()
    return state


def evidence_name(fact: str) -> str:
    """Name the column beside a membership: "zone_evidence" beside "zone_code"."""
    return fact.removesuffix("_code") + "_evidence"

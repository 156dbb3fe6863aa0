"""Facts of belonging: the county, the zone that a parcel lies in most."""

import numpy as np
from pandas import Series

from gis.overlay import dominant, overlap_area_by
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

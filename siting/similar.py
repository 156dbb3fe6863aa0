"""Parcels like another one that nobody holds: for who came second to it."""

from collections.abc import Collection

import numpy as np
from pandas import DataFrame, Index


def similar_free(
    table: DataFrame, parcel_id: str, *, taken: Collection[str], top: int = 5
) -> Index:
    """Choose free parcels like one that is held.

    Args:
        table: Facts of the parcels, by parcel; needs `county_code` and `area_m2`.
        parcel_id: The parcel that is held.
        taken: Parcels that somebody holds some of.
        top: At most this many.

    Returns:
        Ids: those of the same county first, among them the nearest in area, which is
        told by the ratio of the areas; empty where the parcel is not in the table.
    """
    if parcel_id not in table.index:
        return table.index[:0]
    own = table.index.get_loc(parcel_id)
    area = np.asarray(table["area_m2"], dtype=np.float64)
    apart = np.abs(np.log(area / area[own]))
    free = ~table.index.isin([*taken, parcel_id]) & np.isfinite(apart)
    county = table["county_code"] == table["county_code"].iloc[own]
    # Of a million few are sorted: the nearest of the county, and of all others.
    found: list[int] = []
    for among in (free & county.to_numpy(), free & ~county.to_numpy()):
        places = np.flatnonzero(among)
        nearest = places[np.argsort(apart[places], kind="stable")[:top]]
        found += nearest.tolist()
    return table.index[found[:top]]

"""Find parcels that overlap each other, and parcels that stand twice."""

from typing import Final

import numpy as np
import shapely
from pandas import DataFrame, Series
from shapely import STRtree

from gis.crs import Shapes, require_projected

_SAME: Final = 1e-6  # share of an area by which two surveys of one parcel may differ


def self_overlap(parcels: Shapes, *, sliver_m2: float = 0.0) -> DataFrame:
    """Pair parcels that overlap each other.

    Args:
        parcels: Valid polygons in an equal-area CRS in metres, shape (n,).
        sliver_m2: Overlaps of up to this many square metres are left out.

    Returns:
        A row for each pair, in the order of `parcels`: `left`, `right` (index of
        the earlier and the later one), `overlap_m2`, and `share`, the part of the
        smaller of the two that is shared, 0 to 1.

    Raises:
        CrsError: `parcels` is not in a projected CRS in metres.
    """
    shapes = require_projected(parcels).geometry.to_numpy()
    left, right = STRtree(shapes).query(shapes)
    left, right = left[left < right], right[left < right]
    meet = shapely.intersects(shapes[left], shapes[right])
    left, right = left[meet], right[meet]
    overlap = shapely.area(shapely.intersection(shapes[left], shapes[right]))
    area = shapely.area(shapes)
    smaller = np.minimum(area[left], area[right])
    pairs = DataFrame({
        "left": parcels.index[left],
        "right": parcels.index[right],
        "overlap_m2": overlap,
        "share": np.minimum(overlap / smaller, 1.0),
    })
    order = np.lexsort((right, left))
    pairs = pairs.iloc[order]
    return pairs[pairs["overlap_m2"] > sliver_m2].reset_index(drop=True)


def duplicates(parcels: Shapes) -> Series:
    """Name, for each parcel, the one it stands there a second time for.

    Two parcels are one when each covers the other but for a millionth: start
    point, direction and needless vertices make no difference.

    Args:
        parcels: Valid polygons in an equal-area CRS in metres, shape (n,), by a
            unique key.

    Returns:
        The least key among its equals, "" where the parcel is that one or has no
        equal; str, shape (n,), indexed as `parcels`.

    Raises:
        CrsError: `parcels` is not in a projected CRS in metres.
    """
    pairs = self_overlap(parcels)
    area = Series(parcels.geometry.area.to_numpy(), index=parcels.index)
    larger = np.maximum(
        area.loc[pairs["left"]].to_numpy(), area.loc[pairs["right"]].to_numpy()
    )
    same = pairs[pairs["overlap_m2"] >= larger * (1 - _SAME)]
    keys = same[["left", "right"]].astype("str")
    one, other = keys.min(axis=1), keys.max(axis=1)
    least = one.groupby(other).min()
    found = least.reindex(parcels.index.astype("str")).fillna("").to_numpy()
    return Series(found, index=parcels.index, name="duplicate_of", dtype="str")

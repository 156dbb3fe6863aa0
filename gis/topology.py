"""Find parcels that overlap each other, and parcels that stand twice."""

from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pandas import DataFrame, Series
from shapely import STRtree

from gis.crs import Shapes, require_projected
from gis.isometric import frozen_rings
from gis.rings import Rings

SAME: Final = 1e-6  # share of an area by which two surveys of one parcel may differ
_NOISE_M2: Final = 1e-6  # rounding leaves less
_AT_ONCE: Final = 100_000  # pairs a thread measures at a time
_Float = NDArray[np.float64]
_Int = NDArray[np.int64]


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
    same = pairs[pairs["overlap_m2"] >= larger * (1 - SAME)]
    keys = same[["left", "right"]].astype("str")
    one, other = keys.min(axis=1), keys.max(axis=1)
    least = one.groupby(other).min()
    found = least.reindex(parcels.index.astype("str")).fillna("").to_numpy()
    return Series(found, index=parcels.index, name="duplicate_of", dtype="str")


def overlapping_pairs(
    parcels: Rings,
    *,
    part: _Int | None = None,
    whole: _Float | None = None,
    box: _Float | None = None,
) -> tuple[_Int, _Int, _Float]:
    """Pair parcels that overlap each other: `self_overlap` for a million of them.

    Args:
        parcels: Valid polygons in an equal-area plane, metres, n of them.
        part: Of each parcel a number, shape (n,): two of one number are no pair.
        whole: The parcels' `area`, where it is known already, shape (n,).
        box: Their `bounds`, where they are known, shape (n, 4).

    Returns:
        Places of the earlier and the later parcel and the square metres they share,
        shape (k,) each, by places; touching is no overlap, nor is what rounding
        leaves: up to 1e-6 m2, or a thousandth of a smaller parcel. A parcel wholly
        in another shares its `area` to the last bit. What a pair shares depends on
        these two alone.
    """
    from gis import pair_loops  # noqa: PLC0415 - loads the compiler

    box = parcels.bounds() if box is None else box
    area = parcels.area() if whole is None else whole
    left, right = pair_loops.meeting_boxes(box, *_bins(box))
    if part is not None:
        apart = part[left] != part[right]
        left, right = left[apart], right[apart]
    places = frozen_rings(parcels)
    starts = range(0, len(left), _AT_ONCE)

    def measured(at: int) -> _Float:
        pair = slice(at, at + _AT_ONCE)
        return pair_loops.shared_areas(places, left[pair], right[pair], box)

    with ThreadPoolExecutor(2) as threads:
        shared = np.concatenate([np.zeros(0), *threads.map(measured, starts)])
    smaller = np.minimum(area[left], area[right])
    noise = np.minimum(_NOISE_M2, 1e-3 * smaller) + 1e-12 * smaller
    shared = np.where(shared >= smaller - noise, smaller, shared)
    kept = np.flatnonzero(shared > noise)
    kept = kept[np.lexsort((right[kept], left[kept]))]
    return left[kept], right[kept], shared[kept]


def rim(box: _Float, part: _Int) -> NDArray[np.bool_]:
    """Tell the parcels that may meet one of another part.

    Args:
        box: West, south, east, north of each parcel, in one unit, or NaN, shape (n, 4).
        part: Which part each belongs to, shape (n,).

    Returns:
        False only where no box of another part shares ground with the parcel's,
        shape (n,).
    """
    from gis import pair_loops  # noqa: PLC0415 - loads the compiler

    return pair_loops.on_the_rim(box, part, *_bins(box))


def _bins(box: _Float) -> tuple[tuple[float, float, float], int, int]:
    """Choose bins: their corner and side in metres, columns and rows."""
    there = box[np.isfinite(box).all(axis=1)]
    if not len(there):
        return (0.0, 0.0, 1.0), 1, 1
    west, south = there[:, :2].min(axis=0)
    wide, high = there[:, 2:].max(axis=0) - (west, south)
    size = there[:, 2:] - there[:, :2]
    # No more entries than a few a box, however unequal boxes are.
    side = max(
        *size.mean(axis=0),
        np.sqrt(size.prod(axis=1).mean()),
        np.sqrt(wide * high / (2.0 * len(box))),
        max(wide, high) / (2.0 * len(box) + 1.0),
        np.finfo(np.float64).tiny,
    )
    corner = float(west), float(south), float(side)
    return corner, int(wide / side) + 1, int(high / side) + 1

"""Facts of parcels among each other: who lies over whom, and who stands there twice."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pandas import DataFrame, Series

from gis.rings import Rings
from gis.topology import SAME, overlapping_pairs
from layers.facts_chunks import rows_of
from layers.facts_parts import Parts
from layers.facts_plan import Plan, land_at
from layers.store import DATA

_Float = NDArray[np.float64]
_Int = NDArray[np.int64]


def neighbour_columns(plan: Plan, sliver_m2: float) -> dict[str, Series]:
    """Find parcels that lie over each other, among all.

    Args:
        plan: The parcels, in chunks.
        sliver_m2: Overlaps of up to this many square metres are digitising noise.

    Returns:
        `self_overlap_m2` and `duplicate_of`, as `layers.facts_parcel` tells them.
    """
    pairs = _pairs(plan)
    left, right = (pairs[side].to_numpy() for side in ("left", "right"))
    overlap, larger = (pairs[side].to_numpy() for side in ("overlap_m2", "larger_m2"))
    keys = rows_of(plan.parcels / DATA, [plan.key])[plan.key]
    count = len(keys)
    many = overlap > sliver_m2
    both = np.concatenate([left[many], right[many]])
    summed = np.bincount(both, np.tile(overlap[many], 2), minlength=count)
    same = overlap >= larger * (1 - SAME)
    return {
        "self_overlap_m2": Series(summed.astype(np.float64)),
        "duplicate_of": _duplicates(keys, left[same], right[same]),
    }


def _pairs(plan: Plan) -> dict[str, Series]:
    """Pair all parcels that overlap, or take the pairs found before."""
    parts, (what, every) = Parts(plan.parts), plan.pairs()
    if not parts.has(what, every):
        numbers = range(len(plan.chunks))
        whole = joined([land_at(plan, number).plane for number in numbers])
        left, right, overlap = overlapping_pairs(whole)
        area = whole.area()
        parts.write(
            what,
            every,
            {
                "left": Series(left),
                "right": Series(right),
                "overlap_m2": Series(overlap),
                "larger_m2": Series(np.maximum(area[left], area[right])),
            },
        )
    return parts.read(what, every)


def joined(pieces: list[Rings]) -> Rings:
    """Put the polygons of several pieces one after the other."""
    x, y = (np.concatenate([getattr(one, side) for one in pieces]) for side in "xy")
    return Rings(
        x,
        y,
        _after([one.ring for one in pieces]),
        _after([one.shape for one in pieces]),
    )


def _after(starts: list[_Int]) -> _Int:
    """Number on from piece to piece."""
    steps = np.concatenate([np.diff(start) for start in starts])
    answer = np.zeros(len(steps) + 1, dtype=np.int64)
    np.cumsum(steps, out=answer[1:])
    return answer


def _duplicates(keys: pa.ChunkedArray, left: _Int, right: _Int) -> Series:
    """Name, for each parcel of a pair of equals, the least key among its equals."""
    answer = np.full(len(keys), "", dtype=object)
    if len(left):
        names = DataFrame({
            "one": keys.take(left).to_numpy(),
            "other": keys.take(right).to_numpy(),
        })
        reverse = (names["one"] > names["other"]).to_numpy()
        later = np.where(reverse, left, right)
        least = names.min(axis=1).groupby(later).min()
        answer[least.index.to_numpy()] = least.to_numpy()
    return Series(answer, dtype="str")

"""Facts of parcels among each other: who lies over whom, and who stands there twice."""

from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pandas import DataFrame, Series

from gis.ring_measure import ring_flat_areas
from gis.rings import Rings, joined
from gis.topology import SAME, overlapping_pairs, rim
from layers.facts_chunks import rows_of
from layers.facts_kernel import pairs_told
from layers.facts_parts import Parts
from layers.facts_plan import Plan, land_at
from layers.store import DATA

THREADS: Final = 2
SIDES: Final = ("minx", "miny", "maxx", "maxy")
# A long edge runs beside the line between its ends by less than this, times the square
# of its degrees, in degrees.
BEND: Final = 0.005
_Float = NDArray[np.float64]
_Int = NDArray[np.int64]


def neighbour_columns(plan: Plan, sliver_m2: float) -> dict[str, Series]:
    """Find parcels that lie over each other, among all.

    Args:
        plan: The parcels, in chunks, each measured.
        sliver_m2: Overlaps of up to this many square metres are digitising noise.

    Returns:
        `self_overlap_m2` and `duplicate_of`, as `layers.facts_parcel` tells them.
    """
    left, right, overlap, larger = _pairs(plan)
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


def _pairs(plan: Plan) -> tuple[_Int, _Int, _Float, _Float]:
    """Join the pairs of chunks and those across borders: one order for any cut."""
    parts, (what, every) = Parts(plan.parts), plan.crossing()
    if not parts.has(what, every):
        parts.write(what, every, _crossing(plan))
    found = [(0, parts.read(what, every))]
    found += [
        (chunk.start, parts.read(plan.pairs(), chunk.digest)) for chunk in plan.chunks
    ]
    left, right = (
        np.concatenate([pairs[side].to_numpy() + start for start, pairs in found])
        for side in ("left", "right")
    )
    overlap, larger = (
        np.concatenate([pairs[name].to_numpy() for _, pairs in found])
        for name in ("overlap_m2", "larger_m2")
    )
    # Sums of a parcel's overlaps are rounded alike whatever chunk a pair was found in.
    order = np.lexsort((right, left))
    return left[order], right[order], overlap[order], larger[order]


def _crossing(plan: Plan) -> dict[str, Series]:
    """Pair the parcels of different chunks that overlap."""
    part = np.repeat(
        np.arange(len(plan.chunks)), [one.stop - one.start for one in plan.chunks]
    )
    outer = np.flatnonzero(rim(_boxes(plan), part))
    part = part[outer]
    edge = np.searchsorted(part, np.arange(len(plan.chunks) + 1))

    def plane(number: int) -> Rings:
        places = outer[edge[number] : edge[number + 1]] - plan.chunks[number].start
        return land_at(plan, number, places).plane

    with ThreadPoolExecutor(THREADS) as pool:
        numbers = np.flatnonzero(np.diff(edge)).tolist()
        pieces = list(pool.map(plane, numbers))
    if not pieces:
        nobody = np.zeros(0, dtype=np.int64)
        return pairs_told(np.zeros(0), nobody, nobody, np.zeros(0))
    whole = joined(pieces)
    # The areas that pairs within a chunk are told by, to the bit.
    area = ring_flat_areas(whole)
    told = pairs_told(area, *overlapping_pairs(whole, part=part, whole=area))
    return told | {side: Series(outer[told[side]]) for side in ("left", "right")}


def _boxes(plan: Plan) -> _Float:
    """Return boxes in degrees that hold each parcel in whatever plane, shape (n, 4)."""
    parts, own = Parts(plan.parts), plan.own()
    boxes = np.empty((plan.chunks[-1].stop if plan.chunks else 0, 4))
    for chunk in plan.chunks:
        columns = parts.read(own, chunk.digest)
        for at, side in enumerate(SIDES):
            boxes[chunk.start : chunk.stop, at] = columns[side]
    size = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    boxes[:, :2] -= (BEND * size**2)[:, None]
    boxes[:, 2:] += (BEND * size**2)[:, None]
    return boxes


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

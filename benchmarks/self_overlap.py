"""Parcels that overlap each other: `python -m benchmarks self`."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.contest import DisagreementError, Race, same_areas
from benchmarks.peers import entries
from benchmarks.scene import Scene
from gis.topology import overlapping_pairs

SURE_M2 = 0.01


def race(scene: Scene, peers: list[str], repeats: int) -> dict[str, Any]:
    """Race; pairs of less than 0.01 m2 are noise to all and not compared.

    Args:
        scene: The data.
        peers: Whom to measure against.
        repeats: Most runs of each.

    Returns:
        The figures.
    """
    rings = scene.rings
    print(f"self-overlap of {len(scene):,} parcels")

    def ours() -> NDArray[np.float64]:
        return np.column_stack(overlapping_pairs(rings))

    details = {"parcels": len(scene), "threads": 2}
    one = Race("self-overlap", ours, _same_pairs, repeats, details)
    return one.run(entries("self_overlap", peers, scene, len(scene)))


def _same_pairs(ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> str:
    """Compare pairs and their areas.

    Args:
        ours: Left, right, m2; shape (k, 3).
        theirs: The same in any order.

    Returns:
        The largest difference in words.

    Raises:
        DisagreementError: A pair is missing, or an area differs.
    """
    one, other = _sure(ours), _sure(theirs)
    key, its = (each[:, 0] * 1e8 + each[:, 1] for each in (one, other))
    both, at, its_at = np.intersect1d(key, its, return_indices=True)
    apart = (
        np.setdiff1d(np.arange(len(key)), at),
        np.setdiff1d(np.arange(len(its)), its_at),
    )
    # A pair near the limit may stand on its other side.
    if (one[apart[0], 2] > 2 * SURE_M2).any() or (
        other[apart[1], 2] > 2 * SURE_M2
    ).any():
        msg = f"{len(both)} pairs of {len(key)} and {len(its)} agree"
        raise DisagreementError(msg)
    return same_areas(one[at, 2], other[its_at, 2])


def _sure(pairs: NDArray[np.float64]) -> NDArray[np.float64]:
    return pairs[pairs[:, 2] > SURE_M2]

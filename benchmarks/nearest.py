"""Distances to the nearest of five layers: `python -m benchmarks nearest`.

Ours are metres of the geodesic between the two nearest points. The peers measure on the
equal-area plane, which is off by up to 0.06 %: they are held to 0.2 %.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from geopandas import GeoSeries
from numpy.typing import NDArray

from benchmarks.contest import DisagreementError, Race, Run
from benchmarks.peers import entries
from benchmarks.scene import Scene
from gis.isometric import isometric
from gis.nearest_grid import nearest_grid
from gis.proximity import distances

AT_ONCE = 25_000
WITHIN, WITHIN_M = 2e-3, 0.05


def race(scene: Scene, peers: list[str], repeats: int) -> dict[str, Any]:
    """Race to the nearest points and roads.

    Args:
        scene: The data.
        peers: Whom to measure against.
        repeats: Most runs of each.

    Returns:
        The figures.
    """
    told = ", ".join(f"{name} {len(one):,}" for name, one in scene.targets.items())
    print(f"distances of {len(scene):,} parcels to the nearest of {told}")
    details = {"parcels": len(scene), "threads": 2}
    one = Race("nearest", _ours(scene), _same_metres, repeats, details)
    return one.run(entries("nearest", peers, scene, len(scene)))


def _ours(scene: Scene) -> Run:
    grids = [
        nearest_grid(GeoSeries(one, crs=scene.crs)) for one in scene.targets.values()
    ]
    rings, count = scene.rings, len(scene)

    def part(start: int) -> NDArray[np.float64]:
        some = rings.part(start, min(start + AT_ONCE, count))
        radians = isometric(some, scene.crs)
        found = [distances(some, grid, radians=radians) for grid in grids]
        return np.column_stack(found)

    def run() -> NDArray[np.float64]:
        with ThreadPoolExecutor(2) as pool:
            return np.concatenate(list(pool.map(part, range(0, count, AT_ONCE))))

    return run


def _same_metres(ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> str:
    """Compare geodesic with planar metres.

    Args:
        ours: Shape (n, layers).
        theirs: The same by a peer.

    Returns:
        The largest difference in words.

    Raises:
        DisagreementError: Some differ by more than the plane may be off.
    """
    off = np.abs(ours - theirs)
    wrong = off > WITHIN_M + WITHIN * ours
    if wrong.any() or np.isnan(off).any():
        msg = f"{wrong.sum()} distances differ by {off.max()} m"
        raise DisagreementError(msg)
    return f"{np.max(off / (ours + 1.0)):.1e} relative"

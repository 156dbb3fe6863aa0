"""Overlay areas of parcels with four control lines: `python -m benchmarks overlay`."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from benchmarks.contest import Race, Run, same_areas
from benchmarks.peers import entries
from benchmarks.scene import Scene
from gis.area_grid import AreaGrid, area_grid
from gis.overlay_kernel import overlap_areas
from gis.ring_measure import ring_bounds, ring_flat_areas
from gis.rings import rings_of

AT_ONCE = 25_000
THREADS = 2


def race(scene: Scene, peers: list[str], repeats: int) -> dict[str, Any]:
    """Race on the control lines as they are, then on their small simple polygons.

    Args:
        scene: The data.
        peers: Whom to measure against.
        repeats: Most runs of each.

    Returns:
        The figures of the control lines; those of small polygons as `small`.
    """
    figures = _race("big control lines", scene, peers, repeats)
    figures["small"] = _race("small simple polygons", scene.small(), peers, repeats)
    return figures


def _race(title: str, scene: Scene, peers: list[str], repeats: int) -> dict[str, Any]:
    vertices = {
        name: shapely.get_num_coordinates(one) for name, one in scene.layers.items()
    }
    told = ", ".join(
        f"{name} {len(one):,} polygons of up to {one.max(initial=0):,} vertices"
        for name, one in vertices.items()
    )
    print(f"overlay areas, {len(scene):,} parcels, {title}: {told}")
    details = {"parcels": len(scene), "threads": THREADS}
    one = Race(title, ours(scene), same_areas, repeats, details)
    return one.run(entries("overlay", peers, scene, len(scene)))


def ours(scene: Scene) -> Run:
    """Cut the grids, and return the run: m2, shape (n, layers)."""
    grids = [_grid(one) for one in scene.layers.values()]
    rings, count = scene.rings, len(scene)
    starts = range(0, count, AT_ONCE)

    def part(start: int) -> NDArray[np.float64]:
        some = rings.part(start, min(start + AT_ONCE, count))
        # Once for all layers, as the facts do.
        whole, box = ring_flat_areas(some), ring_bounds(some)
        shared = [overlap_areas(some, grid, whole=whole, box=box) for grid in grids]
        return np.concatenate(shared, axis=1)

    def run() -> NDArray[np.float64]:
        with ThreadPoolExecutor(THREADS) as pool:
            return np.concatenate(list(pool.map(part, starts)))

    return run


def _grid(shapes: NDArray[np.object_]) -> AreaGrid:
    return area_grid(rings_of(shapes), np.zeros(len(shapes), dtype=np.int64), 1)

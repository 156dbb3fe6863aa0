"""Where land units lie: patches of them, on the flat ground first.

Above some ten thousand parcels no settlement has room for more lots. A land survey
then counts units: fields, yards, woods, wall to wall. Here they stand in
patches of 12 by 12; a tile of some kilometres holds patches of one size, as a valley
holds small fields and a plateau large ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from geopandas import GeoSeries
from shapely.geometry.base import BaseGeometry

from gis.errors import GeometryError
from sample_data.generator.draw import Floats, Ints, stream
from sample_data.generator.sites import Site
from sample_data.generator.terrain import Terrain

SIDE = 12
TILE_M = 4_000.0
# Up to so many units the tiles are 4 km wide; beyond, all ground shrinks with them.
ROOM = 3_500_000
LEAST_SLOT_M = 155.0
# How finely tiles are divided, and the share of the units in tiles of each kind.
DIVIDED = {1: 0.09, 2: 0.40, 4: 0.36, 8: 0.12, 16: 0.03}


@dataclass(frozen=True)
class Patches:
    """Slots that hold one patch of 12 by 12 units each, in the order of a walk.

    Attributes:
        box: Left, bottom, right, top on the plane, metres, shape (n, 4).
        county: Position of the county among the codes in order, shape (n,).
        site: Position of the site around each patch, -1 in the countryside,
            shape (n,).
    """

    box: Floats
    county: Ints
    site: Ints

    def where(self, kept: np.ndarray) -> "Patches":
        """Keep some patches, by flags or by positions."""
        return Patches(self.box[kept], self.county[kept], self.site[kept])

    def __len__(self) -> int:
        """Count the patches."""
        return len(self.box)


def place_patches(
    counties: Mapping[str, BaseGeometry],
    terrain: Terrain,
    sites: Sequence[Site],
    count: int,
    *,
    seed: int,
) -> Patches:
    """Choose patches for at least `count` units, none across a county's border.

    Args:
        counties: Polygons on the plane by code.
        terrain: The relief: valleys are taken first.
        sites: Zones and seats: ground in them is taken before all other.
        count: How many units are needed.
        seed: Seed of the province.

    Returns:
        Patches ordered by county and, within one, along a Hilbert curve.

    Raises:
        GeometryError: There is no room for so many.
    """
    bounds = shapely.total_bounds(list(counties.values()))
    slots, tile = _slots(bounds, count, seed)
    county = _holder(slots, [counties[code] for code in sorted(counties)])
    inside = np.flatnonzero(county >= 0)
    slots, tile, county = slots[inside], tile[inside], county[inside]
    site = _holder(slots, [site.outline for site in sites])
    wanted = _reluctance(slots, tile, terrain, seed) - 9.0 * (site >= 0)
    needed = -(-count // SIDE**2)
    if len(slots) < needed:
        raise GeometryError(
            "The sample has room for {room} parcels, not for {asked}: ask for fewer.",
            room=len(slots) * SIDE**2,
            asked=count,
        )
    chosen = np.sort(np.argsort(wanted, kind="stable")[:needed])
    taken = Patches(slots[chosen], county[chosen], site[chosen])
    middle = GeoSeries(shapely.points(_middle(taken.box)))
    along = middle.hilbert_distance(total_bounds=bounds, level=16).to_numpy()
    return taken.where(np.lexsort((along, taken.county)))


def _slots(bounds: Floats, count: int, seed: int) -> tuple[Floats, Ints]:
    """Divide tiles over the bounds into slots: boxes, and the tile of each."""
    side = TILE_M * min(1.0, np.sqrt(ROOM / count))
    across = np.ceil((bounds[2:] - bounds[:2]) / side).astype(int)
    x, y = np.meshgrid(*(np.arange(n) for n in across))
    corner = bounds[:2] + side * np.column_stack([x.ravel(), y.ravel()])
    rng = stream(seed, "tiles")
    share = np.array([part / fine**2 for fine, part in DIVIDED.items()])
    fine = rng.choice(list(DIVIDED), size=len(corner), p=share / share.sum())
    bent = np.array([0.75, 1.0, 1.25])[rng.integers(0, 3, (len(corner), 2))]
    most = int(side // LEAST_SLOT_M)
    parts = np.clip(np.rint(fine[:, None] * bent).astype(int), 1, most)
    total = parts.prod(axis=1)
    tile = np.repeat(np.arange(len(corner)), total)
    number = np.arange(len(tile)) - np.repeat(np.cumsum(total) - total, total)
    step = side / parts[tile]
    place = np.column_stack([number % parts[tile, 0], number // parts[tile, 0]])
    low = corner[tile] + place * step
    return np.hstack([low, low + step]), tile


def _holder(boxes: Floats, areas: Sequence[BaseGeometry]) -> Ints:
    """Find the area that holds each box wholly, -1 where there is none."""
    shapes = np.asarray(shapely.box(*boxes.T), dtype=object)
    tree = shapely.STRtree(shapes)
    holder = np.full(len(boxes), -1, dtype=np.int64)
    if areas:
        area, box = tree.query(list(areas), predicate="contains")
        holder[box] = area
    return holder


def _reluctance(slots: Floats, tile: Ints, terrain: Terrain, seed: int) -> Floats:
    """Say how late a slot is taken: ridges late, tiles of a valley together."""
    x, y = _middle(slots).T
    relief = terrain.grid.at(terrain.relief, x, y)
    per_tile = np.bincount(tile, relief) / np.maximum(np.bincount(tile), 1)
    luck = stream(seed, "tile luck").normal(0, 0.25, len(per_tile))
    late: Floats = (per_tile + luck)[tile] + 0.2 * relief
    return late


def _middle(boxes: Floats) -> Floats:
    """Return the middles of boxes, shape (n, 2)."""
    middle: Floats = (boxes[:, :2] + boxes[:, 2:]) / 2
    return middle

"""The parcels that are searched: those the reader may see, in the area asked for."""

import hashlib
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.box_index import BoxIndex
from layers.facts import Facts


@dataclass(frozen=True)
class Searched:
    """Facts of the parcels searched.

    Attributes:
        facts: What is known of them.
        rows: Number of each in the parcels' layer, which is its number in the tiles,
            shape (n,); None where all are searched and both numbers are one.
    """

    facts: Facts
    rows: NDArray[np.intp] | None

    def tile_places(self, places: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return the numbers in the tiles of some of the parcels searched."""
        return places if self.rows is None else self.rows[places]


def searched_in(
    facts: Facts, rows: NDArray[np.intp] | None, boxes: BoxIndex, area: bytes
) -> Searched:
    """Keep the parcels of an area.

    Args:
        facts: What may be seen.
        rows: Numbers in the tiles of these, None where they are their own.
        boxes: Bounds of the same parcels, EPSG:4490.
        area: Polygons in EPSG:4490, well-known binary.

    Returns:
        The parcels whose point inside (`lon`, `lat`) lies in the area or on its rim.
    """
    ground = shapely.from_wkb(area)
    near = boxes.meeting(ground.bounds)
    shapely.prepare(ground)
    lon, lat = (
        np.asarray(facts.table[name].iloc[near], dtype=np.float64)
        for name in ("lon", "lat")
    )
    inside = near[shapely.intersects_xy(ground, lon, lat)]
    digest = hashlib.sha256(area).hexdigest()[:12]
    held = replace(
        facts, table=facts.table.iloc[inside], version=f"{facts.version}-in-{digest}"
    )
    return Searched(held, inside if rows is None else rows[inside])

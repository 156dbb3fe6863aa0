"""The parcels that are searched: those the reader may see, in the area asked for."""

import hashlib
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.facts import Facts
from ui.parcel_ground import ParcelGround


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


def searched_in(facts: Facts, ground: ParcelGround, area: bytes | None) -> Searched:
    """Keep the parcels of an area.

    Args:
        facts: What may be seen.
        ground: The same parcels, by place.
        area: Polygons in EPSG:4490, well-known binary; None for everywhere.

    Returns:
        The parcels whose point inside (`lon`, `lat`) lies in the area or on its rim.
    """
    if area is None:
        return Searched(facts, ground.rows)
    inside = ground.inside(shapely.from_wkb(area))
    digest = hashlib.sha256(area).hexdigest()[:12]
    held = replace(
        facts, table=facts.table.iloc[inside], version=f"{facts.version}-in-{digest}"
    )
    return Searched(held, ground.numbers(inside))

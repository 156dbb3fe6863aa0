"""The parcels a reader may see, found by their number in the tiles or by a point."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pandas import DataFrame, Series

from gis.box_index import BoxIndex
from layers.shapes_at import ShapesAt
from ui.map_click import smallest_at


@dataclass(frozen=True)
class ParcelGround:
    """Facts, bounds and shapes of the same parcels.

    Attributes:
        version: Version of the parcels' layer that all numbers are of.
        table: Facts of the parcels that may be seen, by `parcel_id`, shape (n,).
        rows: Number of each in the tiles, ascending, shape (n,); None where all are
            seen and both numbers are one.
        boxes: Their bounds, EPSG:4490.
        shapes: Shapes by number in the tiles.
    """

    version: str
    table: DataFrame
    rows: NDArray[np.intp] | None
    boxes: BoxIndex
    shapes: ShapesAt

    def under(self, lng: float, lat: float) -> int | None:
        """Find the parcel under a point, its border included.

        Args:
            lng: Longitude in degrees, EPSG:4490.
            lat: Latitude in degrees, EPSG:4490.

        Returns:
            Its number in the tiles; the smallest where several overlap; None beside
            all of them.
        """
        places = self.numbers(self.boxes.meeting((lng, lat, lng, lat)))
        hit = smallest_at(lng, lat, self.shapes.of(places.tolist()).to_numpy())
        return None if hit is None else int(places[hit])

    def numbers(self, at: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return the numbers in the tiles of rows of the table."""
        return at if self.rows is None else self.rows[at]

    def at(self, places: Sequence[int]) -> NDArray[np.intp]:
        """Find parcels in the table by their numbers in the tiles.

        Args:
            places: Numbers; those of no parcel that may be seen are left out, and
                each is found once.

        Returns:
            Rows of the table, ascending.
        """
        asked = np.unique(np.asarray(places, dtype=np.intp))
        if self.rows is None:
            return asked[(asked >= 0) & (asked < len(self.table))]
        found = np.searchsorted(self.rows, asked)
        found = found[found < len(self.rows)]
        return found[np.isin(self.rows[found], asked)]

    def row(self, place: int) -> dict[str, Any] | None:
        """Return all facts of one parcel; None where it is not to be seen."""
        found = self.at([place])
        if not len(found):
            return None
        at = int(found[0])
        known = {str(name): self.table[name].iloc[at] for name in self.table.columns}
        return known | {"parcel_id": str(self.table.index[at])}

    def values(self, name: str, at: NDArray[np.intp]) -> Series | None:
        """Return a fact of some parcels; None where nobody measured it."""
        return self.table[name].iloc[at] if name in self.table else None

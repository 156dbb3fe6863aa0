"""The parcels a reader may see, found by their number in the tiles or by a point."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pandas import DataFrame, Index, Series
from shapely.geometry.base import BaseGeometry

from gis.box_index import BoxIndex
from layers.shapes_at import ShapesAt


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

    def under(self, lng: float, lat: float, *, shown: object = None) -> int | None:
        """Find the parcel under a point, its border included.

        Args:
            lng: Longitude in degrees, EPSG:4490.
            lat: Latitude in degrees, EPSG:4490.
            shown: Number of the parcel that the map showed there: where several lie
                over each other, this one is meant.

        Returns:
            Its number in the tiles; the smallest where several overlap; None beside
            all of them.
        """
        places = self.numbers(self.boxes.meeting((lng, lat, lng, lat)))
        # Only those whose bounds hold the point are read.
        shapes = self.shapes.of(places.tolist()).to_numpy()
        hit = np.flatnonzero(shapely.intersects_xy(shapes, lng, lat))
        if not hit.size:
            return None
        if isinstance(shown, int) and shown in places[hit]:
            return shown
        return int(places[hit[np.argmin(shapely.area(shapes[hit]))]])

    def inside(self, area: BaseGeometry) -> NDArray[np.intp]:
        """Find the parcels of an area.

        Args:
            area: Polygons, EPSG:4490; it is prepared by this.

        Returns:
            Rows of the table, ascending: those whose point inside their outline
            (`lon`, `lat`) lies in the area or on its border.
        """
        near = self.boxes.meeting(area.bounds)
        shapely.prepare(area)
        lon, lat = (
            np.asarray(self.table[name].iloc[near], dtype=np.float64)
            for name in ("lon", "lat")
        )
        found: NDArray[np.intp] = near[shapely.intersects_xy(area, lon, lat)]
        return found

    def id_of(self, place: int) -> str | None:
        """Return the parcel of a number in the tiles; None where none is to be seen."""
        found = self.at([place])
        return str(self.table.index[found[0]]) if len(found) else None

    def places_of(self, ids: Sequence[str]) -> NDArray[np.intp]:
        """Return the numbers of parcels in the tiles.

        Args:
            ids: The parcels.

        Returns:
            Shape (n,); -1 for those that are not to be seen.
        """
        found = self.table.index.get_indexer(Index(list(ids), dtype="str"))
        return np.where(found < 0, -1, self.numbers(found))

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

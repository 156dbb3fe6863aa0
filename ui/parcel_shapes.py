"""Parcels by id, read from the store once: a screening changes few of those shown."""

from collections.abc import Callable, Sequence
from threading import Lock

from geopandas import GeoSeries
from shapely.geometry.base import BaseGeometry

from gis.crs import CGCS2000

KEPT = 20_000


class ParcelShapes:
    """Geometries of parcels, shared between sessions, never changed.

    Args:
        read: Reads the geometries of some ids, indexed by id.
        kept: How many are kept; the oldest are forgotten.
    """

    def __init__(
        self, read: Callable[[Sequence[str]], GeoSeries], *, kept: int = KEPT
    ) -> None:
        """Begin with none."""
        self._read, self._kept = read, kept
        self._shapes: dict[str, BaseGeometry] = {}
        self._lock = Lock()

    def of(self, ids: Sequence[str]) -> GeoSeries:
        """Return geometries in the order asked for.

        Args:
            ids: Parcels wanted; unknown ones are left out.

        Returns:
            EPSG:4490, indexed by id.
        """
        with self._lock:
            missing = [one for one in ids if one not in self._shapes]
            if missing:
                read = self._read(missing)
                self._shapes.update(zip(read.index, read.to_numpy(), strict=True))
            found = {one: self._shapes[one] for one in ids if one in self._shapes}
            for oldest in list(self._shapes)[: max(0, len(self._shapes) - self._kept)]:
                del self._shapes[oldest]
        return GeoSeries(found, crs=CGCS2000)

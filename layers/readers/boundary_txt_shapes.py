"""Make polygons of rings: which is land, which is a hole, by where they lie."""

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.words import Title
from layers.readers.boundary_txt_axes import Axes, Seen
from layers.readers.boundary_txt_notes import Notes
from layers.readers.boundary_txt_raw import RawParcel
from layers.readers.boundary_txt_rings import Layout

_ACROSS: Final = Title(
    "Ring {ring} from line {line} is a hole that does not lie inside its outer ring."
)
_PART: Final = Title(
    "Ring {ring} from line {line} lies outside ring 1: read as a further part."
)
_Objects = NDArray[np.object_]


def polygons(
    layout: Layout, seen: Seen, parcels: list[RawParcel], notes: Notes
) -> _Objects:
    """Make the polygons of parcels, x east and y north.

    Args:
        layout: Points of the parcels.
        seen: What their coordinates are.
        parcels: The parcels, for their ring numbers.
        notes: Where deviations are put.

    Returns:
        Polygons and multipolygons, perhaps invalid, shape (n,).
    """
    size = np.diff(layout.ring)
    ring_of = np.repeat(np.arange(len(size)), size)
    parcel_of = np.repeat(np.arange(len(parcels)), np.diff(layout.parcel))
    lon_first = (seen.axes == Axes.LON_LAT)[parcel_of][ring_of]
    x = np.where(lon_first, layout.first, layout.second)
    y = np.where(lon_first, layout.second, layout.first)
    rings: _Objects = np.asarray(shapely.linearrings(x, y, indices=ring_of))
    low, high = layout.parcel[:-1], layout.parcel[1:]
    shapes: _Objects = np.asarray(shapely.polygons(rings[low]))
    for parcel in np.flatnonzero(high - low > 1).tolist():
        nest = _Nest(rings[low[parcel] : high[parcel]])
        _say(nest, parcels[parcel], notes)
        shapes[parcel] = nest.shape()
    return shapes


def _say(nest: "_Nest", parcel: RawParcel, notes: Notes) -> None:
    """Remark upon rings that are not where their number says."""
    lowest = min(ring.number for ring in parcel.rings)
    for at, ring in enumerate(parcel.rings):
        line = ring.points[0][2]
        if nest.is_shell[at] and ring.number != lowest:
            notes.add(_PART, "noticed", line, parcel.key, ring=ring.number)
        elif not nest.is_shell[at] and nest.crosses(at):
            notes.add(_ACROSS, "noticed", line, parcel.key, ring=ring.number)


class _Nest:
    """Rings of one parcel and how they lie in each other.

    A ring in no other is land, one in that a hole, one in the hole land again: the
    numbers and the order that exporters write are not relied on.
    """

    def __init__(self, rings: _Objects) -> None:
        self._rings = rings
        self._areas: _Objects = np.asarray(shapely.polygons(rings))
        area = shapely.area(self._areas)
        inner = _inner_points(self._areas)
        self._parent = np.full(len(rings), -1)
        self.is_shell = np.zeros(len(rings), dtype=bool)
        order = np.lexsort((np.arange(len(rings)), -area))
        # From large to small, so that the last ring that holds one is its parent.
        for place, ring in enumerate(order.tolist()):
            parent = self._parent[ring]
            self.is_shell[ring] = parent < 0 or not self.is_shell[parent]
            smaller = order[place + 1 :]
            inside = shapely.intersects_xy(self._areas[ring], *inner[smaller].T)
            self._parent[smaller[inside]] = ring

    def crosses(self, ring: int) -> bool:
        """Tell whether a hole leaves the ring it is cut out of."""
        around = self._areas[self._parent[ring]]
        xy = shapely.get_coordinates(self._rings[ring])
        return not bool(shapely.intersects_xy(around, xy[:, 0], xy[:, 1]).all())

    def shape(self) -> shapely.Geometry:
        """Return the parcel."""
        parts = [
            shapely.Polygon(
                self._rings[shell],
                self._rings[np.flatnonzero((self._parent == shell) & ~self.is_shell)],
            )
            for shell in np.flatnonzero(self.is_shell).tolist()
        ]
        return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _inner_points(areas: _Objects) -> NDArray[np.float64]:
    """Find a point inside each ring, shape (r, 2)."""
    return shapely.get_coordinates(shapely.point_on_surface(areas))

"""Name the CRS of each parcel: by the zone before its eastings, else by the head."""

from typing import Final

import numpy as np

from gis.crs import CGCS2000, gauss_kruger_crs
from gis.errors import LayerError
from gis.words import Title
from layers.readers.boundary_txt_axes import Axes, Seen
from layers.readers.boundary_txt_head import (
    FIRST_WIDE,
    FIRST_ZONE,
    LAST_WIDE,
    LAST_ZONE,
    Said,
)
from layers.readers.boundary_txt_notes import Notes
from layers.readers.boundary_txt_raw import RawParcel
from layers.readers.boundary_txt_rings import Layout

_OTHER_ZONE: Final = Title(
    "The eastings from line {line} carry zone {zone}, the head says {said}: the "
    "eastings count."
)
_NO_ZONE: Final = Title(
    "The eastings from line {line} carry no zone, and the file names none for them: "
    "say which zone they are in."
)
_DEGREES: Final = Title(
    "The head says a plane in metres, but line {line} reads degrees ({x}, {y}): read "
    "as longitude and latitude of CGCS2000."
)
_PER_ZONE = 1_000_000  # metres that a prefix is worth


def name_crs(
    layout: Layout,
    seen: Seen,
    parcels: list[RawParcel],
    said: list[Said],
    notes: Notes,
) -> list[str]:
    """Name the CRS of each parcel.

    Args:
        layout: Points of the parcels.
        seen: What their coordinates are.
        parcels: The parcels, for their heads.
        said: What each head says.
        notes: Where deviations are put, and zones that cannot be as faults.

    Returns:
        "EPSG:4523" where eastings carry their zone, "EPSG:4544" where only the head
        names it, "EPSG:4490" for degrees, "" where nobody says.
    """
    zones = np.where(
        layout.second >= _PER_ZONE * 10, layout.second // _PER_ZONE, 0
    ).astype(np.int64)
    namer = _Namer(layout, zones, notes)
    found = [
        namer.name(parcel, Axes(int(axes)), said[parcels[parcel].head])
        for parcel, axes in enumerate(seen.axes)
    ]
    notes.require_none()
    return found


class _Namer:
    """Names the CRS of one parcel after the other, and says each thing once."""

    def __init__(
        self, layout: Layout, zones: np.typing.NDArray[np.int64], notes: Notes
    ) -> None:
        self._layout = layout
        self._zones = zones
        self._notes = notes
        self._told: set[tuple[str, int]] = set()

    def name(self, parcel: int, axes: Axes, said: Said) -> str:
        """Name the CRS of a parcel; faults are put into the notes."""
        if axes in {Axes.LAT_LON, Axes.LON_LAT}:
            return self._in_degrees(parcel, said)
        if said.degrees:
            self._refuse_metres(parcel)
        if axes != Axes.METRES:
            return ""
        zone = self._prefix(parcel)
        if not zone and len(said.zones) != 1:
            self._once(_NO_ZONE, 0, parcel)
        if zone and said.zones and zone not in said.zones:
            told = ", ".join(map(str, said.zones))
            self._once(_OTHER_ZONE, zone, parcel, zone=zone, said=told)
        if not said.cgcs2000:
            return ""
        if zone:
            return gauss_kruger_crs(zone, prefixed=True)
        return gauss_kruger_crs(said.zones[0]) if len(said.zones) == 1 else ""

    def _in_degrees(self, parcel: int, said: Said) -> str:
        if said.zones and not said.degrees:
            x, y = self._pair(int(self._layout.start[parcel]))
            self._once(_DEGREES, 0, parcel, x=x, y=y)
        return CGCS2000 if said.cgcs2000 else ""

    def _prefix(self, parcel: int) -> int:
        """Tell the zone that the eastings of a parcel carry; 0 for none."""
        zones = self._zones[self._layout.points(parcel)]
        at = int(self._layout.start[parcel])
        zone = int(zones[0])
        if (zones != zone).any():
            self._refuse_two(at + int(np.flatnonzero(zones != zone)[0]), zone)
        elif FIRST_WIDE <= zone <= LAST_WIDE:
            self._refuse_wide(at, zone)
        elif zone and not FIRST_ZONE <= zone <= LAST_ZONE:
            self._refuse_zone(at, zone)
        else:
            return zone
        return 0

    def _once(self, what: str, of: int, parcel: int, **values: object) -> None:
        """Remark upon the first parcel of which something is true."""
        if (what, of) not in self._told:
            self._told.add((what, of))
            line = int(self._layout.line[self._layout.start[parcel]])
            self._notes.add(what, "noticed", line, "", **values)

    def _pair(self, at: int) -> tuple[float, float]:
        return float(self._layout.first[at]), float(self._layout.second[at])

    def _refuse_metres(self, parcel: int) -> None:
        at = int(self._layout.start[parcel])
        x, y = self._pair(at)
        self._notes.fault(
            LayerError(
                "The head says degrees, but line {line} reads ({x}, {y}), which no "
                "place in China has: correct the head or the coordinates.",
                line=int(self._layout.line[at]),
                x=x,
                y=y,
            )
        )

    def _refuse_two(self, at: int, zone: int) -> None:
        self._notes.fault(
            LayerError(
                "Line {line} reads the easting {y}, of zone {other}, in a parcel that "
                "began in zone {zone} (0: without one): one parcel is in one zone.",
                line=int(self._layout.line[at]),
                y=self._pair(at)[1],
                other=int(self._zones[at]),
                zone=zone,
            )
        )

    def _refuse_wide(self, at: int, zone: int) -> None:
        self._notes.fault(
            LayerError(
                "Line {line} reads the easting {y}, of the 6-degree zone {zone}: only "
                "3-degree zones (25 to 45) are read. Project the coordinates first.",
                line=int(self._layout.line[at]),
                y=self._pair(at)[1],
                zone=zone,
            )
        )

    def _refuse_zone(self, at: int, zone: int) -> None:
        self._notes.fault(
            LayerError(
                "Line {line} reads the easting {y}, of zone {zone}, which does not "
                "exist: 3-degree zones of China are 25 to 45.",
                line=int(self._layout.line[at]),
                y=self._pair(at)[1],
                zone=zone,
            )
        )

"""What a boundary file says, before anybody has said where on earth it lies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from pandas import Series

from gis.errors import LayerError

RemarkKind = Literal["noticed", "mended", "refused", "offered"]
"""Noticed only; mended while reading; left out; a cure that a person must choose."""

# Columns of `Boundary.parcels` beside the geometry, and what stands in them.
COLUMNS: Final[Mapping[str, type]] = {
    "parcel_id": str,  # unique in the file
    "name": str,
    "declared_m2": float,  # NaN where the file declares none
    "use": str,  # what the land is wanted for, as written
    "code": str,  # land-class code, as written
    "sheet": str,  # map sheet number
    "crs": str,  # "EPSG:4524" as the file says for this parcel, "" unknown
    "line": int,  # line or row the parcel begins at, from 1; 0 where there are none
}


@dataclass(frozen=True)
class Remark:
    """Something a reader says of a file: a deviation, and what was done about it.

    Attributes:
        what: English sentence with named holes; the key of its translation.
        values: What fills the holes.
        kind: What was done about it.
        line: Line of the text or row of the table, from 1; 0 for the whole file.
        parcel: The parcel concerned; "" for the file.
    """

    what: str
    values: Mapping[str, object] = field(default_factory=dict)
    kind: RemarkKind = "noticed"
    line: int = 0
    parcel: str = ""

    def as_error(self) -> LayerError:
        """Return the sentence as an error that a list of faults can hold."""
        error = LayerError(self.what)
        error.values = dict(self.values)
        return error


@dataclass(frozen=True)
class Boundary:
    """The parcels of one file, as they stand in it.

    Attributes:
        parcels: A row for each parcel, `COLUMNS` and a geometry: polygons or
            multipolygons in the coordinates of the file, x east, y north, whatever
            its CRS; the frame itself has none, because rows may differ in it. Rings
            may still be invalid.
        kind: Format, by its short name: "txt", "shp", "gpkg", "geojson", "kml",
            "dxf", "xlsx", "csv", "text".
        encoding: Encoding the text was read in; "" where that is no question.
        crs: The CRS that the file tells for all of it, as "EPSG:4490" or WKT; ""
            where it tells none or rows differ.
        precision_m: How exact its coordinates are said to be, in metres; None where
            nothing is said.
        remarks: What was noticed and mended, in the file's order.
        told: What else the file says of itself, by the name it uses.
        swapped: Whether x and y look exchanged and were left so.
    """

    parcels: GeoDataFrame
    kind: str
    encoding: str = ""
    crs: str = ""
    precision_m: float | None = None
    remarks: tuple[Remark, ...] = ()
    told: Mapping[str, str] = field(default_factory=dict)
    swapped: bool = False


def parcels_frame(rows: list[dict[str, object]], shapes: object) -> GeoDataFrame:
    """Make the frame of a boundary.

    Args:
        rows: Some of `COLUMNS` for each parcel; missing text is "", missing area NaN.
        shapes: Their geometries, shape (n,).

    Returns:
        The frame, every column there and typed, no CRS.
    """
    columns: dict[str, Series] = {}
    for name, kind in COLUMNS.items():
        nothing = {str: "", int: 0}.get(kind, np.nan)
        values = [row.get(name, nothing) for row in rows]
        dtype = "str" if kind is str else kind
        columns[name] = Series(values, dtype=dtype)
    return GeoDataFrame(columns, geometry=shapes)


def unique_ids(ids: list[str]) -> tuple[list[str], NDArray[np.bool_]]:
    """Give every parcel a name of its own.

    Args:
        ids: Numbers as written; "" where there is none.

    Returns:
        Names that differ: an empty one becomes its place ("1"), one that stands
        before gets "-2", "-3" ...; and which were changed, shape (n,).
    """
    taken: set[str] = set()
    named: list[str] = []
    given = {one for one in ids if one}
    for place, one in enumerate(ids, start=1):
        stem = name = one or str(place)
        count = 1
        while name in taken or (name != one and name in given):
            count += 1
            name = f"{stem}-{count}"
        taken.add(name)
        named.append(name)
    changed = np.array([a != b for a, b in zip(ids, named, strict=True)], dtype=bool)
    return named, changed

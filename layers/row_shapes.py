"""Decide what shapes a layer can hold: each refused or mended with its reason."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import shapely
from geopandas import GeoSeries
from numpy.typing import NDArray
from pandas import Series
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from gis.crs import CGCS2000
from gis.repair import NO_NUMBER, SEPARATOR, mend
from gis.words import Title
from layers.layer import Layer
from layers.manifest import Fault, Note
from layers.region import Region

POLYGON: Final = 2
# About a square centimetre, in square degrees: no parcel is surveyed finer.
LEAST_LAND: Final = 1e-14
NO_GEOMETRY: Final = Title("{key} has no geometry.")
NO_NUMBERS: Final = Title("{key} has coordinates that are no numbers.")
NO_PLACE: Final = Title(
    "{key} has coordinates that no place on earth has in the CRS of the file."
)
NO_POLYGON: Final = Title("{key} is a {value}, the layer holds polygons.")
NO_LAND: Final = Title("{key} has no area.")
OUTSIDE: Final = Title(
    "{key} lies outside the region: it spans {value} (west, south, east, north)."
)
NOTHING_LEFT: Final = Title(
    "Nothing was left of the shape of {key} when it was mended."
)

_Mask = NDArray[np.bool_]


def read_shapes(
    geometry: GeoSeries, keys: Series, layer: Layer
) -> tuple[GeoSeries, list[Fault]]:
    """Project shapes, mend them, and refuse those the layer cannot hold.

    Args:
        geometry: Shapes as the file holds them, indexed by row number.
        keys: Key of each row, indexed as `geometry`.
        layer: The declaration.

    Returns:
        Valid shapes, EPSG:4490, indexed as `geometry`, and what is said of rows.
    """
    lonlat = _in_degrees(geometry)
    shapes, what = mend(lonlat)
    faults: list[Fault] = []
    left = np.ones(len(keys), dtype=bool)
    made = shapes.to_numpy()
    for word, wrong in _reasons(geometry, made, (what == NO_NUMBER).to_numpy(), layer):
        faults += [
            _refused(row, keys, word, made[row].geom_type if word == NO_POLYGON else "")
            for row in np.flatnonzero(wrong & left).tolist()
        ]
        left &= ~wrong
    mended = np.flatnonzero((what != "").to_numpy() & left).tolist()
    faults += [
        Fault(row, refuses=False, note=Note(key=str(keys[row]), what=word))
        for row in mended
        for word in what[row].split(SEPARATOR)
    ]
    return shapes, faults


def misplaced(shapes: GeoSeries, keys: Series, region: Region) -> list[Fault]:
    """Refuse rows that do not lie in the region.

    Args:
        shapes: Valid shapes, EPSG:4490, indexed by row number.
        keys: Key of each row, indexed as `shapes`.
        region: The region they have to lie in.

    Returns:
        A fault for each row that reaches beyond the region's box.
    """
    bounds = shapely.bounds(shapes.to_numpy())
    low, high = np.asarray(region.box[:2]), np.asarray(region.box[2:])
    wrong = ((bounds[:, :2] < low) | (bounds[:, 2:] > high)).any(axis=1)
    return [
        _refused(
            shapes.index[place],
            keys,
            OUTSIDE,
            ", ".join(f"{edge:.6g}" for edge in bounds[place]),
        )
        for place in np.flatnonzero(wrong).tolist()
    ]


def _reasons(
    geometry: GeoSeries, made: NDArray[np.object_], unplaced: _Mask, layer: Layer
) -> Iterator[tuple[str, _Mask]]:
    """Tell why shapes cannot be held; the first reason that fits a row is its own."""
    given = geometry.to_numpy()
    yield NO_GEOMETRY, shapely.is_missing(given) | shapely.is_empty(given)
    written = unplaced.copy()
    written[unplaced] = [not _finite(shape) for shape in given[unplaced]]
    yield NO_NUMBERS, written
    yield NO_PLACE, unplaced
    yield NOTHING_LEFT, shapely.is_missing(made) | shapely.is_empty(made)
    flat = shapely.get_dimensions(made) == POLYGON
    if layer.role not in {"infrastructure", "base"}:
        yield NO_POLYGON, ~flat
    least = LEAST_LAND if layer.role == "parcel" else 0.0
    yield NO_LAND, flat & (shapely.area(made) <= least)


def _in_degrees(geometry: GeoSeries) -> GeoSeries:
    """Bring shapes to EPSG:4490; those that are there already are left alone."""
    if CRS.from_user_input(geometry.crs).equals(CGCS2000, ignore_axis_order=True):
        return geometry.set_crs(CGCS2000, allow_override=True)
    return geometry.to_crs(CGCS2000)


def _finite(shape: BaseGeometry) -> bool:
    return bool(np.isfinite(shapely.get_coordinates(shape)).all())


def _refused(row: int, keys: Series, what: str, value: str = "") -> Fault:
    """Refuse a row for its shape."""
    note = Note(key=str(keys[row]), what=what, value=value)
    return Fault(row=row, refuses=True, note=note)

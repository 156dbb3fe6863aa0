"""Read what area a parcel declares, in hectares, mu or square metres."""

from typing import Final

import numpy as np
import shapely
from geopandas import GeoSeries
from numpy.typing import NDArray

from gis.crs import CGCS2000
from gis.errors import NeedError
from gis.measure import ellipsoidal_area
from gis.units import M2_IN, Area
from gis.words import Title
from layers.readers.boundary_txt_notes import Notes, quoted
from layers.readers.boundary_txt_numbers import number
from layers.readers.boundary_txt_raw import RawParcel
from layers.readers.boundary_txt_text import folded

_NO_AREA: Final = Title("The parcel from line {line} declares no area.")
_STRANGE: Final = Title("Line {line}: {value} is no area and was left aside.")
_OTHER_UNIT: Final = Title(
    "Line {line} declares the area {value} without a unit; it fits the shape only in "
    "{unit}, not in hectares, and was read so."
)
_FITS: Final = 0.02  # of the shape's own area


def declared_areas(
    parcels: list[RawParcel],
    shapes: NDArray[np.object_],
    crs: list[str],
    notes: Notes,
    *,
    expected: bool = True,
) -> list[float]:
    """Read the areas that parcels declare.

    Args:
        parcels: The parcels.
        shapes: Their shapes.
        crs: Their CRSs.
        notes: Where deviations are put.
        expected: Whether the format wants every parcel to declare one.

    Returns:
        Square metres; NaN where none is declared. A number without a unit is
        hectares, unless it fits the shape as square metres or mu only.
    """
    if not expected and not any(one.area for one in parcels):
        return [np.nan] * len(parcels)
    own = _own_areas(shapes, crs)
    return [
        _declared(parcel, float(area), notes)
        for parcel, area in zip(parcels, own, strict=True)
    ]


def _own_areas(shapes: NDArray[np.object_], crs: list[str]) -> NDArray[np.float64]:
    """Measure shapes: on the ellipsoid in degrees, in their plane otherwise."""
    area: NDArray[np.float64] = shapely.area(shapes)
    degrees = np.array([one == CGCS2000 for one in crs], dtype=bool)
    if degrees.any():
        area[degrees] = ellipsoidal_area(GeoSeries(shapes[degrees], crs=CGCS2000))
    return area


def _declared(parcel: RawParcel, own_m2: float, notes: Notes) -> float:
    text = folded(parcel.area)
    value = number(text)
    if not text:
        notes.add(_NO_AREA, "noticed", parcel.line, parcel.key)
        return np.nan
    if value is None:
        area_m2 = _with_unit(text)
    else:
        unit = _unit_that_fits(value, own_m2)
        area_m2 = value * M2_IN[unit]
        if unit != "ha":
            notes.add(
                _OTHER_UNIT,
                "noticed",
                parcel.line,
                parcel.key,
                value=quoted(parcel.area),
                unit=Title(unit),
            )
    if area_m2 > 0:
        return area_m2
    notes.add(_STRANGE, "noticed", parcel.line, parcel.key, value=quoted(parcel.area))
    return np.nan


def _with_unit(text: str) -> float:
    """Read an area that has its unit behind it; NaN where it is none."""
    try:
        area = Area.parse(text)
    except NeedError:
        return np.nan
    value = area.value * M2_IN[area.unit]
    return value if np.isfinite(value) else np.nan


def _unit_that_fits(value: float, own_m2: float) -> str:
    for unit in ("ha", "m2", "mu"):
        if abs(value * M2_IN[unit] - own_m2) <= _FITS * own_m2:
            return unit
    return "ha"

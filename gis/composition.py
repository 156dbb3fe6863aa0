"""Say what parcels consist of: their ground by class, summing to their area."""

from typing import Final

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from pandas import DataFrame, concat

from gis.conflicts import shared_shapes
from gis.crs import Shapes, require_one_projected_crs

NOT_COVERED: Final = ""
SEVERAL: Final = "*"
_NOISE: Final = 1e-9  # of a parcel's area; rounding leaves less
_Float = NDArray[np.float64]


def composition(parcels: Shapes, layer: GeoDataFrame, by: str) -> DataFrame:
    """Part the ground of each parcel by the class of a layer it lies in.

    Args:
        parcels: Valid polygons in an equal-area CRS in metres, shape (n,).
        layer: Valid polygons in the same CRS, shape (m,).
        by: Column of `layer` that holds the class; rows without one are left out.

    Returns:
        A row for each parcel and class with ground, by parcel and class: `parcel`
        (place), `code`, `area_m2`, `share` (0 to 1). Ground in several classes at
        once counts in none of them but under `SEVERAL`, ground in none under
        `NOT_COVERED`: the areas of a parcel sum to its area.

    Raises:
        CrsError: A CRS is missing, not projected, or they differ.
    """
    require_one_projected_crs(parcels, layer)
    named = layer[layer[by].notna() & (layer[by].astype("str") != "")]
    codes = sorted(named[by].astype("str").unique())
    shapes = [
        shared_shapes(parcels, named[named[by].astype("str") == code]).to_numpy()
        for code in codes
    ]
    whole = np.asarray(shapely.area(parcels.geometry.to_numpy()))
    areas = [np.nan_to_num(shapely.area(shape)) for shape in shapes]
    several = _several(shapes, areas, whole)
    rest = whole - np.sum(areas, axis=0) - several if areas else whole.copy()
    rest[np.abs(rest) <= _NOISE * whole] = 0.0
    columns = [*zip(codes, areas, strict=True), (SEVERAL, several), (NOT_COVERED, rest)]
    return _rows(columns, whole)


# Outlines less than 1e-200 m apart set these flags; what GEOS makes of them holds.
@np.errstate(divide="ignore", invalid="ignore", over="ignore")
def _several(
    shapes: list[NDArray[np.object_]], areas: list[_Float], whole: _Float
) -> _Float:
    """Measure ground of several classes, and take it out of each; changes `areas`."""
    several = np.zeros(len(whole))
    if not shapes:
        return several
    stacked = np.stack(shapes, axis=1)
    several_at_all = (~shapely.is_missing(stacked)).sum(axis=1) > 1
    for row in np.flatnonzero(several_at_all):
        classes = np.flatnonzero(~shapely.is_missing(stacked[row]))
        pieces = stacked[row, classes]
        meets = [
            shapely.intersection(pieces[i], pieces[j])
            for i in range(len(pieces))
            for j in range(i)
        ]
        shared = shapely.union_all(np.asarray(meets, dtype=object))
        if shared.area <= _NOISE * whole[row]:
            continue
        several[row] = shared.area
        for place in classes:
            alone = shapely.difference(stacked[row, place], shared)
            areas[place][row] = alone.area if alone.area > _NOISE * whole[row] else 0.0
    return several


def _rows(columns: list[tuple[str, _Float]], whole: _Float) -> DataFrame:
    """Lay classes with ground out as rows, by parcel."""
    frames = []
    for order, (code, area) in enumerate(columns):
        at = np.flatnonzero(area != 0.0)
        frames.append(
            DataFrame({
                "parcel": at,
                "code": [code] * len(at),
                "area_m2": area[at],
                "share": area[at] / whole[at],
                "order": order,
            })
        )
    told = concat(frames, ignore_index=True)
    told = told.sort_values(["parcel", "order"], kind="stable")
    return told.drop(columns="order").reset_index(drop=True)

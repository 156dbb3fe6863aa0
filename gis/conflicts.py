"""Find the ground that parcels share with a layer, and what it amounts to.

Two boundaries that should be one never are: each is known to some metres only. An
overlap is therefore told three times: as drawn, the least it can be, and the most, if
every point of either boundary may lie anywhere within its stated error. What vanishes
within the errors is a boundary error, what is left at the least is certain.
"""

from typing import Final, Literal, NamedTuple

import numpy as np
import shapely
from geopandas import GeoSeries
from numpy.typing import NDArray
from pandas import DataFrame, Series
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from gis.crs import Shapes, require_one_projected_crs
from gis.tiles import cut_into_tiles, polygons_of

CLASSES: Final = ("certain", "to_verify", "within_precision")
Within = Literal["shared", "outside"]

_NOISE_M2: Final = 1e-6  # rounding leaves that much where outlines only touch
_LEAST_ERROR_M: Final = 1e-6  # no survey is finer than a micrometre
_SPARE_M: Final = 1.0
_CORNER: Final = 5.0  # corners sharper than that are cut when ground grows
_FEW_VERTICES: Final = 2_000  # a polygon of more is not cut as a whole
_Shapes = NDArray[np.object_]
_Float = NDArray[np.float64]


class Bounds(NamedTuple):
    """The least and the most that ground can be, given how exact outlines are.

    Args:
        low_m2: Square metres, shape (n,); NaN where an error is not known.
        high_m2: Likewise.
    """

    low_m2: _Float
    high_m2: _Float


def shared_shapes(parcels: Shapes, layer: Shapes) -> GeoSeries:
    """Cut out the ground that each parcel shares with a layer.

    Args:
        parcels: Valid polygons in an equal-area CRS in metres, shape (n,).
        layer: Valid polygons in the same CRS, shape (m,); where they overlap each
            other the ground counts once.

    Returns:
        Polygons or multipolygons, shape (n,), indexed as `parcels`, same CRS; None
        where no ground is shared: to touch is to share none.

    Raises:
        CrsError: A CRS is missing, not projected, or they differ.
    """
    require_one_projected_crs(parcels, layer)
    shapes = parcels.geometry.to_numpy()
    tiles, owner = cut_into_tiles(layer.geometry.to_numpy())
    row, tile = _meeting(shapes, tiles)
    pieces = shapely.intersection(shapes[row], tiles[tile])
    shared = _joined(pieces, row, len(shapes))
    # A tile's edges are no borders: one owner whole is exact, and often all there is.
    alone = _only_owner(row, owner[tile], len(shapes))
    whole = layer.geometry.to_numpy()
    few = np.flatnonzero((alone >= 0) & (np.bincount(row, minlength=len(shapes)) > 1))
    few = few[shapely.get_num_coordinates(whole[alone[few]]) < _FEW_VERTICES]
    if len(few):
        exact = shapely.intersection(shapes[few], whole[alone[few]])
        shared[few] = _joined(exact, np.arange(len(few)), len(few))
    return GeoSeries(shared, index=parcels.index, crs=parcels.crs)


def outside_shapes(parcels: Shapes, layer: Shapes, known: BaseGeometry) -> GeoSeries:
    """Cut out the ground of each parcel that lies outside a layer.

    Args:
        parcels: Valid polygons in an equal-area CRS in metres, shape (n,).
        layer: Valid polygons in the same CRS, shape (m,).
        known: Where the layer has been looked for, same CRS: beyond it nothing is
            known to be outside.

    Returns:
        Polygons or multipolygons, shape (n,), indexed as `parcels`; None where all
        ground that is known lies inside.

    Raises:
        CrsError: A CRS is missing, not projected, or they differ.
    """
    inside = shared_shapes(parcels, layer).to_numpy()
    looked = GeoSeries([known], crs=parcels.crs)
    ground = shared_shapes(parcels, looked).to_numpy()
    rest = ground.copy()
    some = np.flatnonzero(~shapely.is_missing(inside) & ~shapely.is_missing(ground))
    rest[some] = shapely.difference(ground[some], inside[some])
    there = np.flatnonzero(~shapely.is_missing(rest))
    joined = _joined(rest[there], there, len(rest))
    return GeoSeries(joined, index=parcels.index, crs=parcels.crs)


def area_bounds(
    parcels: Shapes,
    layer: Shapes,
    rows: NDArray[np.int64],
    *,
    ours_m: float | None,
    theirs_m: float | None,
    within: Within = "shared",
) -> Bounds:
    """Bound the ground that parcels share with a layer, or that lies outside of it.

    Args:
        parcels: Valid polygons in an equal-area CRS in metres, shape (n,).
        layer: Valid polygons in the same CRS, shape (m,).
        rows: Places of the parcels asked for, shape (k,).
        ours_m: How far a point of a parcel's boundary may lie from where it is
            drawn, in metres; None where nobody says.
        theirs_m: The same of the layer.
        within: "shared" for ground in the layer, "outside" for ground beyond it.

    Returns:
        Shape (n,) each, NaN for parcels not asked for and where an error is unknown.

    Raises:
        CrsError: A CRS is missing, not projected, or they differ.
    """
    require_one_projected_crs(parcels, layer)
    low, high = (np.full(len(parcels), np.nan) for _ in range(2))
    if ours_m is None or theirs_m is None or not len(rows):
        return Bounds(low, high)
    shapes = parcels.geometry.to_numpy()[rows]
    near = _near(shapes, layer.geometry.to_numpy(), ours_m + theirs_m)
    smaller, larger = _grown(shapes, -ours_m), _grown(shapes, ours_m)
    less, more = _grown(near, -theirs_m), _grown(near, theirs_m)
    if within == "shared":
        low[rows] = shapely.area(shapely.intersection(smaller, less))
        high[rows] = shapely.area(shapely.intersection(larger, more))
    else:
        low[rows] = shapely.area(shapely.difference(smaller, more))
        high[rows] = shapely.area(shapely.difference(larger, less))
    return Bounds(low, high)


def pair_bounds(
    left: GeoSeries, right: GeoSeries, *, left_m: float | None, right_m: float | None
) -> Bounds:
    """Bound the ground that two rows of parcels share, pair by pair.

    Args:
        left: Valid polygons in an equal-area CRS in metres, shape (n,).
        right: Valid polygons in the same CRS, shape (n,).
        left_m: How far points of the left outlines may lie off, in metres.
        right_m: The same of the right ones.

    Returns:
        Shape (n,) each; NaN where an error is unknown.

    Raises:
        CrsError: A CRS is missing, not projected, or they differ.
    """
    require_one_projected_crs(left, right)
    if left_m is None or right_m is None:
        return Bounds(np.full(len(left), np.nan), np.full(len(left), np.nan))
    ours, theirs = left.to_numpy(), right.to_numpy()
    less = shapely.intersection(_grown(ours, -left_m), _grown(theirs, -right_m))
    more = shapely.intersection(_grown(ours, left_m), _grown(theirs, right_m))
    return Bounds(np.asarray(shapely.area(less)), np.asarray(shapely.area(more)))


def conflict_class(
    area_m2: _Float, bounds: Bounds, *, certain_m2: float
) -> NDArray[np.object_]:
    """Say what ground in conflict amounts to.

    Args:
        area_m2: Ground as drawn, shape (n,); 0 or NaN where there is none.
        bounds: The least and the most it can be.
        certain_m2: More than this at the least is certain.

    Returns:
        "certain"; "within_precision" where nothing is left at the least;
        "to_verify" in between and where an error is not known; "" where there is no
        ground in conflict. Shape (n,).
    """
    found = np.nan_to_num(area_m2) > 0.0
    low = bounds.low_m2
    told = np.where(
        low > certain_m2,
        CLASSES[0],
        np.where(low <= _NOISE_M2, CLASSES[2], CLASSES[1]),
    )
    return np.where(found, told, "").astype(object)


def met_features(parcels: Shapes, layer: Shapes) -> DataFrame:
    """Pair parcels with the features of a layer that share ground with them.

    Args:
        parcels: Valid polygons in an equal-area CRS in metres, shape (n,).
        layer: Valid polygons in the same CRS, shape (m,).

    Returns:
        A row for each pair, by parcel and feature: `parcel` and `feature` (places),
        `area_m2`, `share` (of the parcel, 0 to 1).

    Raises:
        CrsError: A CRS is missing, not projected, or they differ.
    """
    require_one_projected_crs(parcels, layer)
    shapes = parcels.geometry.to_numpy()
    tiles, owner = cut_into_tiles(layer.geometry.to_numpy())
    row, tile = _meeting(shapes, tiles)
    area = shapely.area(shapely.intersection(shapes[row], tiles[tile]))
    pairs = DataFrame({"parcel": row, "feature": owner[tile], "area_m2": area})
    summed = pairs.groupby(["parcel", "feature"], as_index=False)["area_m2"].sum()
    whole = shapely.area(shapes)
    share = summed["area_m2"] / whole[summed["parcel"].to_numpy()]
    summed = summed.assign(share=np.minimum(share, 1.0))
    kept: DataFrame = summed[summed["area_m2"] > _NOISE_M2].reset_index(drop=True)
    return kept


def areas_of(shapes: GeoSeries) -> Series:
    """Measure shapes in their plane; what is not there has no area.

    Args:
        shapes: Polygons or None, shape (n,).

    Returns:
        Square metres of the plane, shape (n,), indexed as `shapes`; 0 for None.
    """
    area = np.nan_to_num(shapely.area(shapes.to_numpy()))
    return Series(area, index=shapes.index, name="area_m2")


def _meeting(
    shapes: _Shapes, tiles: _Shapes
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pair parcels and tiles that have a point in common."""
    row, tile = STRtree(tiles).query(shapes, predicate="intersects")
    order = np.lexsort((tile, row))
    return row[order], tile[order]


# Outlines less than 1e-200 m apart set these flags; what GEOS makes of them holds.
@np.errstate(divide="ignore", invalid="ignore", over="ignore")
def _joined(pieces: _Shapes, row: NDArray[np.int64], count: int) -> _Shapes:
    """Join pieces of each row; None where none has an area to speak of."""
    joined = np.full(count, None, dtype=object)
    parts, of = polygons_of(np.asarray(pieces, dtype=object))
    row = row[of]
    order = np.argsort(row, kind="stable")
    parts, row = parts[order], row[order]
    rows, begin = np.unique(row, return_index=True)
    sizes = np.diff(np.append(begin, len(row)))
    single = rows[sizes == 1]
    joined[single] = parts[begin[sizes == 1]]
    several = np.isin(row, rows[sizes > 1])
    if several.any():
        place = np.searchsorted(rows[sizes > 1], row[several])
        heaps = shapely.geometrycollections(parts[several], indices=place)
        unions = shapely.union_all(np.asarray(heaps)[:, None], axis=1)
        joined[rows[sizes > 1]] = unions
    joined[np.nan_to_num(shapely.area(joined)) <= _NOISE_M2] = None
    return joined


def _only_owner(
    row: NDArray[np.int64], owner: NDArray[np.int64], count: int
) -> NDArray[np.int64]:
    """Name the one owner of all tiles a parcel meets; -1 where there are several."""
    least = np.full(count, np.iinfo(np.int64).max)
    most = np.full(count, -1)
    np.minimum.at(least, row, owner)
    np.maximum.at(most, row, owner)
    return np.where(least == most, most, -1)


def _near(shapes: _Shapes, layer: _Shapes, error_m: float) -> _Shapes:
    """Join what of a layer lies about each parcel, farther than errors reach."""
    spare = 2.0 * error_m + _SPARE_M
    box = shapely.bounds(shapes) + np.array([-spare, -spare, spare, spare])
    windows = shapely.box(*box.T)
    tiles, _ = cut_into_tiles(layer)
    row, tile = STRtree(tiles).query(windows)
    pieces = shapely.intersection(windows[row], tiles[tile])
    near = _joined(np.asarray(pieces, dtype=object), row, len(shapes))
    near[shapely.is_missing(near)] = shapely.Polygon()
    return near


def _grown(shapes: _Shapes, by_m: float) -> _Shapes:
    """Move outlines outward, or inward; corners stay sharp: no ground is lost."""
    if abs(by_m) < _LEAST_ERROR_M:  # GEOS makes nothing of shapes moved by next to 0
        return shapes
    grown = np.asarray(
        shapely.buffer(shapes, by_m, join_style="mitre", mitre_limit=_CORNER),
        dtype=object,
    )
    folded = np.flatnonzero(~shapely.is_valid(grown))
    grown[folded] = shapely.make_valid(grown[folded], method="structure")
    return grown

"""Measure how much of each parcel a layer covers, and what that proves."""

from collections.abc import Callable
from typing import Final

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from pandas import Categorical, DataFrame, Index, Series
from shapely import GEOSException, STRtree

from gis.crs import Shapes, require_one_projected_crs
from gis.errors import GeometryError
from gis.shared_ground import shared_ground
from gis.tiles import cut_into_tiles, polygons_of

EVIDENCE: Final = ("hit", "clear", "partly_covered", "not_checked")
WHOLLY: Final = 1.0 - 1e-9  # a covered share from here on is all of the parcel
# Whoever shares less shares nothing: rounding leaves that much.
_NOISE_M2: Final = 1e-6
_NOISE: Final = 1e-12
_FEW: Final = 32
_BOX_CORNERS: Final = 5  # the first corner comes twice


def overlap_area(parcels: Shapes, layer: Shapes) -> Series:
    """Measure the part of each parcel that lies in a layer.

    Args:
        parcels: Valid polygons in an equal-area CRS in metres, shape (n,).
        layer: Valid polygons in the same CRS, shape (m,). Where they overlap each
            other the ground counts once; points and lines have no area.

    Returns:
        Square metres, float64, shape (n,), indexed as `parcels`; 0 where nothing
        overlaps, NaN only where the parcel itself is missing or empty.

    Raises:
        CrsError: A CRS is missing, not projected, or they differ.
        GeometryError: A polygon is invalid and cannot be measured.
    """
    require_one_projected_crs(parcels, layer)
    shapes = parcels.geometry.to_numpy()
    one = np.zeros(len(layer), dtype=np.int64)
    areas = _areas(shapes, layer.geometry.to_numpy(), one, groups=1)
    return Series(areas[:, 0], index=parcels.index, name="overlap_m2")


def overlap_area_by(parcels: Shapes, layer: GeoDataFrame, by: str) -> DataFrame:
    """Measure the part of each parcel that lies in each class of a layer.

    Args:
        parcels: Valid polygons in an equal-area CRS in metres, shape (n,).
        layer: Valid polygons in the same CRS, shape (m,).
        by: Column of `layer` that holds the class; rows without one are left out.

    Returns:
        Square metres, float64, shape (n, number of classes), indexed as `parcels`,
        a column for each class of the layer in sorted order. Ground that polygons
        of one class share counts once in that class.

    Raises:
        CrsError: A CRS is missing, not projected, or they differ.
        GeometryError: A polygon is invalid and cannot be measured.
    """
    require_one_projected_crs(parcels, layer)
    named = layer[layer[by].notna()]
    classes = Categorical(named[by])
    areas = _areas(
        parcels.geometry.to_numpy(),
        named.geometry.to_numpy(),
        classes.codes.astype(np.int64),
        groups=len(classes.categories),
    )
    columns = classes.categories.rename(by)
    return DataFrame(areas, index=parcels.index, columns=columns)


def covered_share(parcels: Shapes, coverage: Shapes) -> Series:
    """Tell which part of each parcel a layer's coverage reaches.

    Args:
        parcels: Valid polygons in an equal-area CRS in metres, shape (n,).
        coverage: The polygons that the layer was surveyed in, same CRS.

    Returns:
        0 to 1, exactly 1 where the coverage covers all of the parcel; float64,
        shape (n,), indexed as `parcels`; NaN where the parcel has no area.

    Raises:
        CrsError: A CRS is missing, not projected, or they differ.
        GeometryError: A polygon is invalid and cannot be measured.
    """
    area = parcels.geometry.area
    share = overlap_area(parcels, coverage) / area.where(area > 0)
    return share.clip(upper=1.0).rename("covered_share")


def dominant(overlaps: DataFrame) -> Series:
    """Name the class that covers most of each parcel.

    Args:
        overlaps: Square metres by class, as `overlap_area_by` answers.

    Returns:
        The class with the largest overlap, the first in column order of equal ones,
        "" where nothing overlaps; str, indexed as `overlaps`.
    """
    if overlaps.columns.empty:
        return Series("", index=overlaps.index, name=overlaps.columns.name, dtype="str")
    values = overlaps.fillna(0.0).to_numpy()
    names = overlaps.columns.astype("str").to_numpy()[values.argmax(axis=1)]
    found = np.where(values.max(axis=1) > 0, names, "")
    name = overlaps.columns.name
    return Series(found, index=overlaps.index, name=name, dtype="str")


def evidence(
    overlap_m2: Series, covered_share: Series, *, sliver_m2: float = 1.0
) -> Series:
    """Say what an overlap proves, given how far the layer was surveyed.

    Args:
        overlap_m2: Square metres of overlap, shape (n,).
        covered_share: Part of the parcel inside the layer's coverage, 0 to 1,
            indexed as `overlap_m2`.
        sliver_m2: Overlaps of up to this many square metres are digitising noise.

    Returns:
        "hit" above the sliver; else "clear" where all of the parcel is covered,
        "partly_covered" where some is, "not_checked" where none is or nothing is
        known. Categorical, shape (n,), indexed as `overlap_m2`.
    """
    share = covered_share.reindex(overlap_m2.index).to_numpy(dtype=float)
    overlap = overlap_m2.to_numpy(dtype=float)
    states = np.select(
        [np.isnan(overlap), overlap > sliver_m2, share >= WHOLLY, share > 0],
        [3, 0, 1, 2],
        default=3,
    ).astype(np.int8)
    return Series(
        Categorical.from_codes(states, categories=Index(EVIDENCE)),
        index=overlap_m2.index,
        name="evidence",
    )


def _areas(
    parcels: NDArray[np.object_],
    layer: NDArray[np.object_],
    group: NDArray[np.int64],
    *,
    groups: int,
) -> NDArray[np.float64]:
    """Sum overlaps by parcel and group of the layer, shape (n, groups)."""
    try:
        cells = _cell_areas(parcels, layer, group, groups)
    except GEOSException as broken:
        raise _invalid(parcels, layer) from broken
    areas = cells.reshape(len(parcels), groups)
    areas[shapely.is_missing(parcels) | shapely.is_empty(parcels)] = np.nan
    return areas


def _cell_areas(
    parcels: NDArray[np.object_],
    layer: NDArray[np.object_],
    group: NDArray[np.int64],
    groups: int,
) -> NDArray[np.float64]:
    whole = shapely.area(parcels)
    tiles, owner = cut_into_tiles(layer)
    parcel, tile, wholly = _meetings(parcels, tiles)
    cell = parcel * groups + group[owner[tile]]
    covered = np.zeros(len(parcels) * groups, dtype=np.bool_)
    covered[cell[wholly]] = True

    crossed = ~covered[cell]
    parcel, tile, cell = parcel[crossed], tile[crossed], cell[crossed]
    some, row = np.unique(parcel, return_inverse=True)
    asked = parcels[some], layer[np.unique(owner[tile])]
    if not all(shapely.is_valid(shapes).all() for shapes in asked):
        raise _invalid(parcels, layer)
    areas = shared_ground(parcels[some], tiles, row, tile)
    noise = np.minimum(_NOISE_M2, 1e-3 * whole) + _NOISE * whole
    areas[areas <= noise[parcel]] = 0.0  # what only touches shares nothing
    summed = np.bincount(cell, areas, minlength=len(covered))
    there = np.flatnonzero(areas > 0.0)

    def pieces_at(at: NDArray[np.int64]) -> NDArray[np.object_]:
        ours, theirs = parcels[parcel[there[at]]], tiles[tile[there[at]]]
        return np.asarray(shapely.intersection(ours, theirs), dtype=object)

    shared, once = _counted_once(pieces_at, cell[there], owner[tile[there]])
    summed[shared] = once
    # Rounding must make a part neither larger than its whole nor all but it.
    whole, noise = np.repeat(whole, groups), np.repeat(noise, groups)
    return np.where(covered | (summed >= whole - noise), whole, summed)


def _meetings(
    parcels: NDArray[np.object_], tiles: NDArray[np.object_]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Pair parcels and tiles that may meet, by parcel; tell tiles that cover theirs."""
    # The cheap questions come first: bounds, boxes, then prepared predicates; what has
    # few corners is measured as fast as asked.
    parcel, tile = STRtree(tiles).query(parcels)
    near, far = shapely.bounds(parcels), shapely.bounds(tiles)
    corners = shapely.get_num_coordinates(tiles)
    # A tile that fills its own bounds covers what lies within them.
    box = (corners == _BOX_CORNERS) & (
        shapely.area(tiles) == (far[:, 2] - far[:, 0]) * (far[:, 3] - far[:, 1])
    )
    inward = (near[parcel, :2] >= far[tile, :2]) & (near[parcel, 2:] <= far[tile, 2:])
    within = np.asarray(inward.all(axis=1))
    wholly = box[tile] & within

    shapely.prepare(tiles)  # ours alone: cutting made new objects
    asked = np.flatnonzero(~wholly & (corners[tile] > _FEW))
    meets = np.ones(len(tile), dtype=np.bool_)
    meets[asked] = shapely.intersects(tiles[tile[asked]], parcels[parcel[asked]])
    asked = asked[meets[asked] & within[asked]]
    wholly[asked] = shapely.covers(tiles[tile[asked]], parcels[parcel[asked]])
    return parcel[meets], tile[meets], wholly[meets]


def _counted_once(
    pieces_of: Callable[[NDArray[np.int64]], NDArray[np.object_]],
    cell: NDArray[np.int64],
    owner: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Measure the cells that several owners share by the union of their pieces."""
    # Tiles of one owner never overlap: a cell with one owner needs no union.
    order = np.lexsort((owner, cell))
    edge = (cell[order][1:] == cell[order][:-1]) & (
        owner[order][1:] != owner[order][:-1]
    )
    shared = np.unique(cell[order][1:][edge])
    among = np.flatnonzero(np.isin(cell, shared))
    pieces, piece = polygons_of(pieces_of(among))
    at = np.searchsorted(shared, cell[among][piece])
    order = np.argsort(at, kind="stable")
    heaps = shapely.geometrycollections(pieces[order], indices=at[order])
    unions = shapely.union_all(np.asarray(heaps)[:, None], axis=1)
    return shared, np.asarray(shapely.area(unions))


def _invalid(parcels: NDArray[np.object_], layer: NDArray[np.object_]) -> GeometryError:
    ours, theirs = (np.flatnonzero(~shapely.is_valid(s)) for s in (parcels, layer))
    return GeometryError(
        "Invalid polygons cannot be measured: parcels at positions {parcels}, layer "
        "at positions {layer}. Mend them first.",
        parcels=", ".join(map(str, ours[:5])) or "-",
        layer=", ".join(map(str, theirs[:5])) or "-",
    )

"""Cut big polygons into small tiles, so that a parcel meets only what is near it."""

from collections.abc import Callable
from typing import Final

import numpy as np
import shapely
from geopandas import GeoSeries
from numpy.typing import NDArray

# From 64 to 256 vertices overlays take the same time; 256 makes the fewest tiles.
MAX_VERTICES: Final = 256
_FEWEST: Final = 16  # below it tiles would only multiply
_LOST: Final = 1e-12  # share of an area that rounding may cost
_FINEST: Final = 1e-12  # of a coordinate; finer ground cannot be parted

_Shapes = NDArray[np.object_]
_Sides = tuple[NDArray[np.float64], ...]
_Take = Callable[[_Shapes, _Sides], _Shapes]


def subdivide(layer: GeoSeries, *, max_vertices: int = MAX_VERTICES) -> GeoSeries:
    """Cut polygons into tiles of few vertices.

    Args:
        layer: Valid polygons in any CRS, cut along straight lines of that CRS.
        max_vertices: Most vertices a tile may have, at least 16.

    Returns:
        Polygons that do not overlap where their owner does not, and that have its
        area together; each carries its owner's index, owners in their order.
        Missing and empty geometries, points and lines have no tiles.

    Raises:
        ValueError: `max_vertices` is below 16.
    """
    if max_vertices < _FEWEST:
        message = f"max_vertices must be at least {_FEWEST}, not {max_vertices}"
        raise ValueError(message)
    tiles, owner = cut_into_tiles(layer.to_numpy(), max_vertices=max_vertices)
    return GeoSeries(tiles, index=layer.index.take(owner), crs=layer.crs)


def cut_into_tiles(
    shapes: NDArray[np.object_], *, max_vertices: int = MAX_VERTICES
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Cut polygons into tiles of few vertices, and say whose each tile is.

    Args:
        shapes: Valid geometries, shape (m,); all but polygons are left out.
        max_vertices: Most vertices a tile may have.

    Returns:
        Tiles, shape (t,), new objects that nobody else holds, and for each the
        position of its owner in `shapes`, ascending.
    """
    flat = shapely.force_2d(shapes)
    parts, owner = polygons_of(flat)
    big = shapely.get_num_coordinates(parts) > max_vertices
    if not big.any():
        return parts, owner
    # Only what is cut is asked whether cutting went well.
    tiles, whose = _tiles_of(parts[big], owner[big], flat, max_vertices)
    tiles = np.concatenate([parts[~big], tiles])
    whose = np.concatenate([owner[~big], whose])
    order = np.argsort(whose, kind="stable")
    return tiles[order], whose[order]


def _tiles_of(
    parts: _Shapes, owner: NDArray[np.int64], shapes: _Shapes, max_vertices: int
) -> tuple[_Shapes, NDArray[np.int64]]:
    """Cut the big polygons of shapes, and see that no ground is lost."""
    tiles, whose = _cut(parts, owner, max_vertices, _clipped)
    # Clipping is four times faster than intersecting, but promises less.
    found = np.bincount(whose, shapely.area(tiles), minlength=len(shapes))
    area = np.bincount(owner, shapely.area(parts), minlength=len(shapes))
    wrong = np.abs(found - area)[owner] > _LOST * area[owner]
    wrong |= np.isin(owner, whose[~shapely.is_valid(tiles)])
    again = np.unique(owner[wrong])
    again = again[shapely.is_valid(shapes[again])]
    if len(again):
        redo, kept = np.isin(owner, again), ~np.isin(whose, again)
        better, theirs = _cut(parts[redo], owner[redo], max_vertices, _intersected)
        tiles = np.concatenate([tiles[kept], better])
        whose = np.concatenate([whose[kept], theirs])
    return tiles, whose


def polygons_of(
    shapes: NDArray[np.object_],
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Take the polygons out of multipolygons and collections.

    Args:
        shapes: Geometries, shape (m,).

    Returns:
        Polygons that are not empty, and the position in `shapes` each comes from.
    """
    kinds = shapely.get_type_id(shapes)
    plain = np.flatnonzero(kinds == shapely.GeometryType.POLYGON)
    if len(plain) == len(shapes):
        row = np.flatnonzero(~shapely.is_empty(shapes))  # taking apart is copying
        return shapes[row], row.astype(np.int64)
    others = np.flatnonzero(kinds > shapely.GeometryType.POLYGON)  # of many parts
    parts, place = shapely.get_parts(shapes[others], return_index=True)
    inner, part = shapely.get_parts(parts, return_index=True)
    found = np.concatenate([shapes[plain], inner])
    row = np.concatenate([plain, others[place[part]]])
    areal = shapely.get_type_id(found) == shapely.GeometryType.POLYGON
    areal &= ~shapely.is_empty(found)
    found, row = found[areal], row[areal]
    order = np.argsort(row, kind="stable")
    return found[order], row[order].astype(np.int64)


def _cut(
    parts: _Shapes, owner: NDArray[np.int64], max_vertices: int, take: _Take
) -> tuple[_Shapes, NDArray[np.int64]]:
    """Halve polygons until they are small, by one way of taking a half."""
    kept, owners = [], []
    while len(parts):
        small = shapely.get_num_coordinates(parts) <= max_vertices
        small |= _too_fine(parts)
        kept.append(parts[small])
        owners.append(owner[small])
        parts, owner = parts[~small], owner[~small]
        halves = [take(parts, sides) for sides in _halves(parts)]
        parts, which = polygons_of(np.concatenate(halves))
        owner = np.concatenate([owner, owner])[which]
    return np.concatenate([*kept, parts]), np.concatenate([*owners, owner])


def _too_fine(parts: _Shapes) -> NDArray[np.bool_]:
    """Tell polygons so small that halves of their sides are lost in rounding."""
    bounds = shapely.bounds(parts)
    side = np.maximum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
    return np.asarray(side <= _FINEST * np.abs(bounds).max(axis=1, initial=0.0))


def _halves(parts: _Shapes) -> tuple[_Sides, _Sides]:
    """Part the bounds of each polygon across their longer side."""
    west, south, east, north = shapely.bounds(parts).T
    wide = east - west > north - south
    x, y = (west + east) / 2, (south + north) / 2
    return (
        (west, south, np.where(wide, x, east), np.where(wide, north, y)),
        (np.where(wide, x, west), np.where(wide, south, y), east, north),
    )


def _clipped(parts: _Shapes, sides: _Sides) -> _Shapes:
    halves = np.empty(len(parts), dtype=object)
    halves[:] = [
        shapely.clip_by_rect(part, *box)
        for part, *box in zip(parts, *sides, strict=True)
    ]
    return halves


def _intersected(parts: _Shapes, sides: _Sides) -> _Shapes:
    west, south, east, north = sides
    return np.asarray(
        shapely.intersection(parts, shapely.box(west, south, east, north))
    )

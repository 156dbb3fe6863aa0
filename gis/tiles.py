"""Cut big polygons into small tiles, so that a parcel meets only what is near it."""

from typing import Final

import numpy as np
import shapely
from geopandas import GeoSeries
from numpy.typing import NDArray

# Of 64 to 512 vertices, 128 to 256 made overlays fastest on polygons of 80,000.
MAX_VERTICES: Final = 256
_FEWEST: Final = 16  # below it tiles would only multiply
_LOST: Final = 1e-12  # share of an area that rounding may cost a cut
_DEEPEST: Final = 64  # vertices nearer than a float can tell cannot be parted


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
    parts, owner = polygons_of(shapely.force_2d(shapes))
    kept, owners = [], []
    for _ in range(_DEEPEST):
        small = shapely.get_num_coordinates(parts) <= max_vertices
        kept.append(parts[small])
        owners.append(owner[small])
        parts, owner = parts[~small], owner[~small]
        if not len(parts):
            break
        parts, which = polygons_of(_halved(parts))
        owner = np.concatenate([owner, owner])[which]
    tiles = np.concatenate([*kept, parts])
    whose = np.concatenate([*owners, owner])
    order = np.argsort(whose, kind="stable")
    return tiles[order], whose[order]


def polygons_of(
    shapes: NDArray[np.object_],
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Take the polygons out of multipolygons and collections.

    Args:
        shapes: Geometries, shape (m,).

    Returns:
        Polygons that are not empty, and the position in `shapes` each comes from.
    """
    parts, row = shapely.get_parts(shapes, return_index=True)
    parts, part = shapely.get_parts(parts, return_index=True)
    areal = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    areal &= ~shapely.is_empty(parts)
    return parts[areal], row[part[areal]].astype(np.int64)


def _halved(parts: NDArray[np.object_]) -> NDArray[np.object_]:
    """Cut each polygon across its longer side: first halves, then second halves."""
    west, south, east, north = shapely.bounds(parts).T
    wide = east - west > north - south
    x, y = (west + east) / 2, (south + north) / 2
    first = (west, south, np.where(wide, x, east), np.where(wide, north, y))
    second = (np.where(wide, x, west), np.where(wide, south, y), east, north)
    halves = np.stack([_clipped(parts, first), _clipped(parts, second)])
    # Clipping is four times faster than intersecting, but promises less.
    area = shapely.area(parts)
    lost = np.abs(shapely.area(halves).sum(axis=0) - area) > _LOST * area
    lost |= ~shapely.is_valid(halves).all(axis=0)
    for half, box in zip(halves, (first, second), strict=True):
        sides = shapely.box(*box)
        half[lost] = shapely.intersection(parts[lost], sides[lost])
    return halves.ravel()


def _clipped(
    parts: NDArray[np.object_], box: tuple[NDArray[np.float64], ...]
) -> NDArray[np.object_]:
    halves = np.empty(len(parts), dtype=object)
    halves[:] = [
        shapely.clip_by_rect(part, *sides)
        for part, *sides in zip(parts, *box, strict=True)
    ]
    return halves

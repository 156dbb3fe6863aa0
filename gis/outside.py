"""Cut off what of shapes lies outside an outline."""

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from gis.tiles import cut_into_tiles

_TILE: Final = 64  # vertices of what is outside is cut into: cuts there are short
_ROOM_M: Final = 1.0  # a border drawn so far off meets nothing
_Shapes = NDArray[np.object_]


def parts_outside(shapes: _Shapes, outline: BaseGeometry) -> _Shapes:
    """Take the ground of shapes that an outline does not hold.

    Args:
        shapes: Valid polygons in a plane, metres, shape (m,), one at least; those that
            the outline holds wholly are better left out.
        outline: A polygon or multipolygon in the same plane.

    Returns:
        Pieces of them, of any kind where a shape touches the outline.
    """
    west, south, east, north = shapely.total_bounds(shapes)
    around = shapely.box(
        west - _ROOM_M, south - _ROOM_M, east + _ROOM_M, north + _ROOM_M
    )
    rest = np.array([shapely.difference(around, outline)], dtype=object)
    tiles, _ = cut_into_tiles(rest, max_vertices=_TILE)
    shape, tile = STRtree(tiles).query(shapes)
    return np.asarray(shapely.intersection(shapes[shape], tiles[tile]), dtype=object)

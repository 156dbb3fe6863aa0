"""Web Mercator as map tiles count it: whole numbers over the whole world.

The world is a square of 2^32 units a side, counted from 180 degrees west eastward and
from 85.0511 degrees north southward, less 2^31 so that 32 bits with a sign hold it.
One unit is 9 mm at the equator. Latitudes on the CGCS2000 ellipsoid are taken as they
are, as every web map does (EPSG:3857, "pseudo Mercator").

Source:
    EPSG guidance note 7-2 (2019), 3.5.2 Popular Visualisation Pseudo Mercator.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from gis.crs import Box

BITS: Final = 32
HALF: Final = 2.0 ** (BITS - 1)
MOST_LAT: Final = 85.0511287798066  # where the world is a square
EXTENT_BITS: Final = 12  # a tile has 4096 units a side
EXTENT: Final = 1 << EXTENT_BITS
DEEPEST: Final = BITS - EXTENT_BITS  # one unit of a tile is one of the world


def to_world(
    lng: NDArray[np.float64], lat: NDArray[np.float64]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Turn degrees into units of the world.

    Args:
        lng: Longitudes in degrees, shape (n,).
        lat: Latitudes in degrees, shape (n,); clipped to the square.

    Returns:
        Eastward and southward, shape (n,) each.
    """
    sine = np.sin(np.radians(np.clip(lat, -MOST_LAT, MOST_LAT)))
    east = lng / 360.0
    south = -np.arctanh(sine) / (2.0 * np.pi)
    most = HALF - 1.0
    return (
        np.clip(np.rint(east * 2.0 * HALF), -HALF, most).astype(np.int32),
        np.clip(np.rint(south * 2.0 * HALF), -HALF, most).astype(np.int32),
    )


def to_degrees(
    east: NDArray[np.float64], south: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Turn units of the world into longitude and latitude in degrees."""
    lng = np.asarray(east) / (2.0 * HALF) * 360.0
    lat = np.degrees(np.arcsin(np.tanh(-np.asarray(south) / HALF * np.pi)))
    return lng, lat


def tile_box(z: int, x: int, y: int) -> Box:
    """Return west, south, east, north of a tile in degrees."""
    edges = np.array([x, x + 1, y, y + 1], dtype=np.float64) * 2.0 ** (BITS - z) - HALF
    (west, east), (north, south) = to_degrees(edges[:2], edges[2:])
    return float(west), float(south), float(east), float(north)

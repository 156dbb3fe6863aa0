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
RADIUS_M: Final = 6_378_137.0
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
    east, north = _turns(lng, lat)
    most = HALF - 1.0
    return (
        np.clip(np.rint(east * 2.0 * HALF), -HALF, most).astype(np.int32),
        np.clip(np.rint(-north * 2.0 * HALF), -HALF, most).astype(np.int32),
    )


def to_degrees(
    east: NDArray[np.float64], south: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Turn units of the world into longitude and latitude in degrees."""
    return _degrees(np.asarray(east) / (2.0 * HALF), -np.asarray(south) / (2.0 * HALF))


def to_metres(
    lng: NDArray[np.float64], lat: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Turn degrees into metres of EPSG:3857, eastward and northward.

    Args:
        lng: Longitudes in degrees, shape (n,).
        lat: Latitudes in degrees, shape (n,); clipped to the square.

    Returns:
        x and y, shape (n,) each.
    """
    east, north = _turns(lng, lat)
    around_m = 2.0 * np.pi * RADIUS_M
    return east * around_m, north * around_m


def metres_to_degrees(x: float, y: float) -> tuple[float, float]:
    """Turn metres of EPSG:3857 into longitude and latitude in degrees."""
    around_m = 2.0 * np.pi * RADIUS_M
    lng, lat = _degrees(np.asarray(x / around_m), np.asarray(y / around_m))
    return float(lng), float(lat)


def tile_box(z: int, x: int, y: int) -> Box:
    """Return west, south, east, north of a tile in degrees."""
    edges = np.array([x, x + 1, y, y + 1], dtype=np.float64) * 2.0 ** (BITS - z) - HALF
    (west, east), (north, south) = to_degrees(edges[:2], edges[2:])
    return float(west), float(south), float(east), float(north)


def _turns(
    lng: NDArray[np.float64], lat: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Turn degrees into shares of the way around the world, eastward and northward."""
    sine = np.sin(np.radians(np.clip(lat, -MOST_LAT, MOST_LAT)))
    return np.asarray(lng) / 360.0, np.arctanh(sine) / (2.0 * np.pi)


def _degrees(
    east: NDArray[np.float64], north: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Turn shares of the way around the world into longitude and latitude."""
    return east * 360.0, np.degrees(np.arcsin(np.tanh(2.0 * np.pi * north)))

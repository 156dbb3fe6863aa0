"""The shift of GCJ-02, forth and back: only ever to recognise it and to undo it.

China's public web maps are shifted by some 500 m against the ground. Land that was
drawn on one of them is shifted as they are, while its file says nothing of it.

Source:
    The formula in public use since 2013, as in `eviltransform` and PROJ discussions;
    in Guizhou it shifts by 470 to 580 m toward the south-east
    (docs: domain facts 3.1). The official algorithm was never published.
"""

import math
from typing import Final

import numpy as np
import shapely
from geopandas import GeoSeries
from numpy.typing import NDArray

from gis.crs import CGCS2000, require_crs

# Krasovsky 1940, which the formula uses whatever ellipsoid the ground is told on.
_A: Final = 6_378_245.0
_EE: Final = 0.006_693_421_622_965_943_23
_ROUNDS: Final = 6  # each divides what is left of the shift by a thousand
_Float = NDArray[np.float64]


def shifted(geometry: GeoSeries) -> GeoSeries:
    """Shift shapes as GCJ-02 does.

    Args:
        geometry: Shapes in any CRS, shape (n,).

    Returns:
        The shapes where a map in GCJ-02 would draw them, EPSG:4490, indexed as
        `geometry`.

    Raises:
        CrsError: `geometry` has no CRS.
    """
    return _moved(geometry, back=False)


def unshifted(geometry: GeoSeries) -> GeoSeries:
    """Undo the shift of GCJ-02.

    Args:
        geometry: Shapes as a map in GCJ-02 draws them, in any CRS, shape (n,).

    Returns:
        The shapes where they lie on the ground, EPSG:4490, indexed as `geometry`;
        exact to a millimetre against `shifted`.

    Raises:
        CrsError: `geometry` has no CRS.
    """
    return _moved(geometry, back=True)


def _moved(geometry: GeoSeries, *, back: bool) -> GeoSeries:
    lonlat = require_crs(geometry).to_crs(CGCS2000)

    def move(xy: _Float) -> _Float:
        if not back:
            return xy + _offset(xy)
        guess = xy - _offset(xy)
        for _ in range(_ROUNDS):
            guess = xy - _offset(guess)
        return np.asarray(guess)

    moved = shapely.transform(lonlat.to_numpy(), move)
    return GeoSeries(moved, index=geometry.index, crs=CGCS2000)


def _offset(xy: _Float) -> _Float:
    """Return how far the formula shifts points, degrees."""
    x, y = xy[:, 0] - 105.0, xy[:, 1] - 35.0
    common = (20.0 * np.sin(6.0 * x * math.pi) + 20.0 * np.sin(2.0 * x * math.pi)) / 1.5
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y
    north += 0.2 * np.sqrt(np.abs(x)) + common
    north += (20.0 * np.sin(y * math.pi) + 40.0 * np.sin(y / 3.0 * math.pi)) / 1.5
    north += (
        160.0 * np.sin(y / 12.0 * math.pi) + 320.0 * np.sin(y * math.pi / 30.0)
    ) / 1.5
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y
    east += 0.1 * np.sqrt(np.abs(x)) + common
    east += (20.0 * np.sin(x * math.pi) + 40.0 * np.sin(x / 3.0 * math.pi)) / 1.5
    east += (
        150.0 * np.sin(x / 12.0 * math.pi) + 300.0 * np.sin(x / 30.0 * math.pi)
    ) / 1.5
    phi = np.radians(xy[:, 1])
    magic = 1.0 - _EE * np.sin(phi) ** 2
    root = np.sqrt(magic)
    north_deg = np.degrees(north * magic * root / (_A * (1.0 - _EE)))
    east_deg = np.degrees(east * root / (_A * np.cos(phi)))
    return np.column_stack([east_deg, north_deg])

"""The place of a box on the Hilbert curve, as `GeoSeries.hilbert_distance` tells it.

Source:
    rawrunprotected (2016), 2D Hilbert curves in O(1), as ported by geopandas
    (https://github.com/geopandas/geopandas, geopandas/tools/hilbert_curve.py).
"""

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled

SIDE = 65535.0  # 16 levels

_Float = NDArray[np.float64]


@compiled
def along(box: _Float, total: _Float, place: NDArray[np.uint32]) -> None:
    """Tell how far along the curve the middles of boxes lie.

    Args:
        box: West, south, east, north, all numbers, shape (n, 4).
        total: What the curve fills, shape (4,).
        place: Takes the distance of each, shape (n,).
    """
    for row in range(len(place)):
        x = _step((box[row, 0] + box[row, 2]) / 2.0, total[0], total[2])
        y = _step((box[row, 1] + box[row, 3]) / 2.0, total[1], total[3])
        place[row] = _along(x, y)


@compiled
def _step(at: float, low: float, high: float) -> int:
    return int(min(max((at - low) * (SIDE / (high - low)), 0.0), SIDE))


@compiled
def _along(x: int, y: int) -> int:
    ones = 0xFFFF
    a, b = x ^ y, ones ^ x ^ y
    c, d = ones ^ (x | y), x & (y ^ ones)
    a1, b1 = a | (b >> 1), (a >> 1) ^ a
    c1, d1 = ((c >> 1) ^ (b & (d >> 1))) ^ c, ((a & (c >> 1)) ^ (d >> 1)) ^ d
    a, b, c, d = a1, b1, c1, d1
    for shift in (2, 4):
        a1 = (a & (a >> shift)) ^ (b & (b >> shift))
        b1 = (a & (b >> shift)) ^ (b & ((a ^ b) >> shift))
        c1 = c ^ (a & (c >> shift)) ^ (b & (d >> shift))
        d1 = d ^ (b & (c >> shift)) ^ ((a ^ b) & (d >> shift))
        a, b, c, d = a1, b1, c1, d1
    c1 = c ^ (a & (c >> 8)) ^ (b & (d >> 8))
    d1 = d ^ (b & (c >> 8)) ^ ((a ^ b) & (d >> 8))
    a, b = c1 ^ (c1 >> 1), d1 ^ (d1 >> 1)
    even = x ^ y
    odd = b | (ones ^ (even | a))
    return _spread(odd) << 1 | _spread(even)


@compiled
def _spread(bits: int) -> int:
    bits = (bits | (bits << 8)) & 0x00FF00FF
    bits = (bits | (bits << 4)) & 0x0F0F0F0F
    bits = (bits | (bits << 2)) & 0x33333333
    return (bits | (bits << 1)) & 0x55555555

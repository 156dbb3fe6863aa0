"""Degrees into conic planes on the CGCS2000 ellipsoid: Albers and Lambert.

With s the sine of the latitude and e the eccentricity, the Albers plane has

    q = (1 - e2) (s / (1 - e2 s2) + atanh(e s) / e),  r = a sqrt(C - n q) / n,

and the Lambert plane, psi the isometric latitude,

    psi = atanh(s) - e atanh(e s),  r = a F exp(-n psi);

in both x = r sin(n (lambda - lambda0)) and y = r0 - r cos(n (lambda - lambda0)).
atanh(e s) / e is its series: e2 is 0.0067, what is left is below 1e-16.

Source:
    Snyder (1987), USGS PP 1395, p. 101 (Albers), p. 107 (Lambert).
"""

import math

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled

_Float = NDArray[np.float64]
_Int = NDArray[np.int64]

_A = 6378137.0
_F = 1.0 / 298.257222101
_E2 = _F * (2.0 - _F)


@compiled
def arc(sine: float) -> float:
    """Return atanh(e sin) / e of a latitude."""
    e = _E2 * sine * sine
    tail = 1.0 / 7.0 + e * (1.0 / 9.0 + e * (1.0 / 11.0 + e / 13.0))
    return sine * (1.0 + e * (1.0 / 3.0 + e * (1.0 / 5.0 + e * tail)))


@compiled
def cone(
    lon: _Float, lat: _Float, plane: _Float, conformal: int
) -> tuple[_Float, _Float]:
    """Project degrees into a conic plane.

    Args:
        lon: Degrees east, shape (v,).
        lat: Degrees north, shape (v,).
        plane: n, C (Albers) or F (Lambert), the central meridian in radians, x and y
            of the pole.
        conformal: 1 for Lambert's plane, 0 for Albers'.

    Returns:
        Metres east and north, shape (v,) each.
    """
    x, y = np.empty(len(lon)), np.empty(len(lon))
    n, whole, middle = plane[0], plane[1], plane[2]
    for nth in range(len(lon)):
        s = math.sin(math.radians(lat[nth]))
        if conformal:
            psi = 0.5 * math.log((1.0 + s) / (1.0 - s)) - _E2 * arc(s)
            far = _A * whole * math.exp(-n * psi)
        else:
            q = (1.0 - _E2) * (s / (1.0 - _E2 * s * s) + arc(s))
            far = _A * math.sqrt(whole - n * q) / n
        turn = n * (math.radians(lon[nth]) - middle)
        x[nth] = plane[3] + far * math.sin(turn)
        y[nth] = plane[4] - far * math.cos(turn)
    return x, y


@compiled
def long_edged(x: _Float, y: _Float, ring: _Int, shape: _Int, longest: float) -> _Int:
    """Number the polygons that have an edge longer than so many degrees, either way.

    Args:
        x: Degrees east, shape (v,).
        y: Degrees north, shape (v,).
        ring: As in `gis.rings.Rings`.
        shape: As there.
        longest: Degrees.

    Returns:
        Their places, ascending.
    """
    rows, count = np.empty(len(shape) - 1, np.int64), 0
    for row in range(len(shape) - 1):
        step = 0.0
        for r in range(shape[row], shape[row + 1]):
            for k in range(ring[r], ring[r + 1] - 1):
                step = max(step, abs(x[k + 1] - x[k]), abs(y[k + 1] - y[k]))
        if step > longest:
            rows[count] = row
            count += 1
    return rows[:count].copy()

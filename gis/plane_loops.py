"""Degrees into conic planes on the CGCS2000 ellipsoid: Albers and Lambert.

With s the sine of the latitude and e the eccentricity, the Albers plane has

    q = (1 - e2) (s / (1 - e2 s2) + atanh(e s) / e),  r = a sqrt(C - n q) / n,

and the Lambert plane, psi the isometric latitude,

    psi = atanh(s) - e atanh(e s),  r = a F exp(-n psi);

in both x = r sin(n (lambda - lambda0)) and y = r0 - r cos(n (lambda - lambda0)).
atanh(e s) / e is its series: e2 is 0.0067, what is left is below 1e-16.

Vertices of a small polygon stand around its first one: with s = s0 + ds, q is a short
series in ds,

    q = q0 + 2 (1 - e2) / (1 - e2 s0^2)^2 (ds + h ds^2 / 2 + k ds^3 / 6), h = q'' / q',

psi one in the latitude, less that of its e-part in ds, and angles are turned by series.
Within `_NARROW` radians what is left out is below 1e-8 m.

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
_NARROW = 5e-4  # radians, 3 km


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


@compiled
def albers_rings(  # noqa: PLR0915 - one formula
    lon: _Float, lat: _Float, vertex: _Int, plane: _Float
) -> tuple[_Float, _Float, _Float, _Float]:
    """Project polygons into an Albers plane, and to isometric coordinates.

    Args:
        lon: Degrees east, shape (v,).
        lat: Degrees north, shape (v,).
        vertex: Polygon i is the vertices `vertex[i]` to `vertex[i + 1]`.
        plane: n, C, the central meridian in radians, x and y of the pole.

    Returns:
        Metres east and north as `cone` tells them, longitudes and isometric latitudes
        in radians, shape (v,) each.
    """
    x, y = np.empty(len(lon)), np.empty(len(lon))
    lam, psi = np.empty(len(lon)), np.empty(len(lon))
    n, middle = plane[0], plane[2]
    for row in range(len(vertex) - 1):
        first, stop = vertex[row], vertex[row + 1]
        if first == stop:
            continue
        lon0, lat0 = lon[first], lat[first]
        widest, highest = 0.0, 0.0
        for k in range(first, stop):
            widest = max(widest, abs(lon[k] - lon0))
            highest = max(highest, abs(lat[k] - lat0))
        narrow = math.radians(max(widest, highest)) < _NARROW
        step = stop - first if narrow else 1
        for start in range(first, stop, step):
            lam0, phi0 = math.radians(lon[start]), math.radians(lat[start])
            s, c = math.sin(phi0), math.cos(phi0)
            flat = 1.0 - _E2 * s * s
            q = (1.0 - _E2) * (s / flat + arc(s))
            square = (plane[1] - n * q) / (n * n) * _A * _A
            belt = 2.0 * (1.0 - _E2) / (flat * flat) / n * _A * _A
            h2, h3 = 2.0 * _E2 * s / flat, 2.0 * _E2 / 3.0 / flat
            h3 *= 1.0 + 6.0 * _E2 * s * s / flat
            turn = n * (lam0 - middle)
            sine, cosine = math.sin(turn), math.cos(turn)
            psi0 = 0.5 * math.log((1.0 + s) / (1.0 - s)) - _E2 * arc(s)
            t, sec = s / c, 1.0 / c
            t2 = t * t
            p2, p3 = sec * t / 2.0, sec * (1.0 + 2.0 * t2) / 6.0
            p4 = sec * t * (5.0 + 6.0 * t2) / 24.0
            b1 = _E2 / flat
            b2, b3 = b1 * b1 * s, b1 * b1 / 3.0
            # Arrays of their own: so the compiler takes several vertices at a time.
            lons, lats = lon[start : start + step], lat[start : start + step]
            xs, ys = x[start : start + step], y[start : start + step]
            lams, psis = lam[start : start + step], psi[start : start + step]
            for k in range(len(lons)):
                d, v = math.radians(lats[k] - lat[start]), math.radians(lons[k]) - lam0
                dd = d * d
                up = d * (1.0 - dd / 6.0 * (1.0 - dd / 20.0))
                ds = c * up - s * dd / 2.0 * (1.0 - dd / 12.0)
                far = math.sqrt(square - belt * ds * (1.0 + ds * (h2 + ds * h3)))
                v *= n
                vv = v * v
                across = v * (1.0 - vv / 6.0 * (1.0 - vv / 20.0))
                less = vv / 2.0 * (1.0 - vv / 12.0 * (1.0 - vv / 30.0))
                xs[k] = plane[3] + far * (sine - sine * less + cosine * across)
                ys[k] = plane[4] - far * (cosine - cosine * less - sine * across)
                lams[k] = math.radians(lons[k])
                rise = d * (sec + d * (p2 + d * (p3 + d * p4)))
                psis[k] = psi0 + rise - ds * (b1 + ds * (b2 + ds * b3))
    return x, y, lam, psi

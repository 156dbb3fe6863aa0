"""Geodesics between pairs of points and the conformal plane they are found in.

The isometric latitude psi and the longitude lambda make a plane of their own,
conformal itself; any Lambert plane is an analytic function of it,

    x + i y = i r0 - i r exp(i n (lambda - lambda0 + i psi)),

which is why a parcel's vertices need one exponential together and a short series
each. Back from the plane, exp(-psi) gives sine and cosine of the conformal latitude
without a trigonometric function, and a series in the third flattening (to its fifth
power; what is left is 1e-16) the geographic latitude's. Lengths are those of
Vincenty's inverse formula, its longitudes by the longer series of Karney: within
1e-6 m of Karney's own method up to 500 km.

Source:
    Snyder (1987), USGS PP 1395, p. 107-110 (Lambert); Karney (2024), On auxiliary
    latitudes, Survey Review 56, doi:10.1080/00396265.2023.2217604 (series);
    Vincenty (1975), Survey Review 23, no. 176; Karney (2013), J. Geodesy 87,
    doi:10.1007/s00190-012-0578-z.
"""

import math

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled
from gis.plane_loops import arc

_Float = NDArray[np.float64]

_A = 6378137.0
_F = 1.0 / 298.257222101
_E2 = _F * (2.0 - _F)
_B = _A * (1.0 - _F)
_SECOND = _E2 / (1.0 - _E2)
_N = _F / (2.0 - _F)
_C2 = 2 * _N - 2 * _N**2 / 3 - 2 * _N**3 + 116 * _N**4 / 45 + 26 * _N**5 / 45
_C4 = 7 * _N**2 / 3 - 8 * _N**3 / 5 - 227 * _N**4 / 45 + 2704 * _N**5 / 315
_C6 = 56 * _N**3 / 15 - 136 * _N**4 / 35 - 1262 * _N**5 / 105
_C8 = 4279 * _N**4 / 630 - 332 * _N**5 / 35
_C10 = 4174 * _N**5 / 315
# Karney's (24) and (25), the latter twice.
_A31, _A32, _A33 = (1 - _N) / 2, 1 / 4 + _N / 8 - 3 * _N**2 / 8, 1 / 16 + 3 * _N / 16
_C31, _C32, _C33 = (1 - _N) / 2, (1 - _N**2) / 4, 3 * (1 + _N) / 32
_ROUNDS = 20
_SMALL = 0.01  # radians, 64 km: what the series leave out is below 1e-18
_STILL = 1e-15  # radians: 1e-8 m


@compiled
def _isometric(sine: float) -> float:
    return 0.5 * math.log((1.0 + sine) / (1.0 - sine)) - _E2 * arc(sine)


@compiled
def isometric_latitudes(lat: _Float) -> _Float:
    """Turn latitudes in degrees into isometric ones, shape (v,)."""
    psi = np.empty(len(lat))
    for nth in range(len(lat)):
        psi[nth] = _isometric(math.sin(math.radians(lat[nth])))
    return psi


@compiled
def albers_isometric(x: _Float, y: _Float, plane: _Float) -> tuple[_Float, _Float]:
    """Turn coordinates of an Albers plane into isometric ones.

    Args:
        x: Metres east, shape (v,).
        y: Metres north, shape (v,).
        plane: n, C, the central meridian in radians, x and y of the pole.

    Returns:
        Longitudes and isometric latitudes in radians, shape (v,) each.
    """
    lon, psi = np.empty(len(x)), np.empty(len(x))
    n = plane[0]
    for nth in range(len(x)):
        dx, dy = (x[nth] - plane[3]) / _A, (plane[4] - y[nth]) / _A
        lon[nth] = plane[2] + math.atan2(dx, dy) / n
        q = (plane[1] - (dx * dx + dy * dy) * n * n) / n / (1.0 - _E2)
        # q = s / (1 - e2 s2) + atanh(e s) / e for the sine s: Newton, from 0.4 %.
        s = 0.5 * q * (1.0 - _E2 / 1.5)
        for _ in range(3):
            flat = 1.0 - _E2 * s * s
            s -= (s / flat + arc(s) - q) * flat * flat / 2.0
        psi[nth] = _isometric(s)
    return lon, psi


@compiled
def _geographic(small: float) -> tuple[float, float]:
    """Return sine and cosine of the reduced latitude of exp(-psi)."""
    square = small * small
    sine, cosine = (1.0 - square) / (1.0 + square), 2.0 * small / (1.0 + square)
    sine2, cosine2 = 2.0 * sine * cosine, (cosine - sine) * (cosine + sine)
    twice = 2.0 * cosine2
    five = _C10
    four = _C8 + twice * five
    three = _C6 + twice * four - five
    two = _C4 + twice * three - four
    d = sine2 * (_C2 + twice * two - three)
    dd = d * d
    turn = d * (1.0 - dd / 6.0 * (1.0 - dd / 20.0 * (1.0 - dd / 42.0)))
    keep = 1.0 - dd / 2.0 * (1.0 - dd / 12.0 * (1.0 - dd / 30.0))
    up = (1.0 - _F) * (sine * keep + cosine * turn)
    along = cosine * keep - sine * turn
    length = math.sqrt(up * up + along * along)
    return up / length, along / length


@compiled
def _small_turn(angle: float) -> tuple[float, float]:
    """Return sin and 1 - cos of an angle, small ones by their series."""
    if abs(angle) > _SMALL:
        half = math.sin(angle / 2.0)
        return math.sin(angle), 2.0 * half * half
    a = angle * angle
    sine = angle * (1.0 - a / 6.0 * (1.0 - a / 20.0 * (1.0 - a / 42.0)))
    return sine, a / 2.0 * (1.0 - a / 12.0 * (1.0 - a / 30.0 * (1.0 - a / 56.0)))


@compiled
def _small_angle(up: float, along: float) -> float:
    """Return atan2(up, along), small angles by the series."""
    if along <= 0.0 or abs(up) > _SMALL * along:
        return math.atan2(up, along)
    t = up / along
    a = t * t
    return t * (1.0 - a * (1.0 / 3.0 - a * (1.0 / 5.0 - a * (1.0 / 7.0 - a / 9.0))))


@compiled
def _vincenty(  # noqa: PLR0915 - one formula
    up1: float, along1: float, up2: float, along2: float, turn: float
) -> float:
    """Measure a geodesic from reduced latitudes; NaN where it does not converge."""
    at = turn
    for _ in range(_ROUNDS):
        sine, short = _small_turn(at)
        east = along2 * sine
        # cos u1 sin u2 - sin u1 cos u2 cos(at) loses nothing when written so.
        north = (along1 * up2 - up1 * along2) + up1 * along2 * short
        s = math.sqrt(east * east + north * north)
        if s == 0.0:
            return 0.0
        c = up1 * up2 + along1 * along2 * (1.0 - short)
        sigma = _small_angle(s, c)
        bearing = along1 * along2 * sine / s
        rest = 1.0 - bearing * bearing
        middle = c - 2.0 * up1 * up2 / rest if rest > 0.0 else 0.0
        u2 = rest * _SECOND
        e = u2 / (2.0 * (1.0 + math.sqrt(1.0 + u2)) + u2)
        whole = 1.0 - e * (_A31 + e * (_A32 + e * _A33))
        k = e * (_C31 + e * (_C32 + e * _C33))
        m2 = 2.0 * middle * middle - 1.0
        more = whole * _F * bearing * (sigma + k * s * (middle + k * c * m2))
        # `more` grows in proportion to `at`, nearly: two rounds instead of five.
        new = turn / (1.0 - more / at) if at != 0.0 else more
        done = abs(new - at) < _STILL
        at = new
        if done:
            a = 1.0 + u2 / 16384.0 * (
                4096.0 + u2 * (-768.0 + u2 * (320.0 - 175.0 * u2))
            )
            b = u2 / 1024.0 * (256.0 + u2 * (-128.0 + u2 * (74.0 - 47.0 * u2)))
            tail = middle * (4.0 * s * s - 3.0) * (4.0 * middle * middle - 3.0)
            curve = c * m2 - b / 6.0 * tail
            return _B * a * (sigma - b * s * (middle + b / 4.0 * curve))
    return math.nan


@compiled
def geodesic_metres(lon: _Float, lat: _Float, to_lon: _Float, to_lat: _Float) -> _Float:
    """Measure geodesics between pairs of points in degrees, shape (n,)."""
    metres = np.empty(len(lon))
    psi, to_psi = isometric_latitudes(lat), isometric_latitudes(to_lat)
    for nth in range(len(lon)):
        up, along = _geographic(math.exp(-psi[nth]))
        to_up, to_along = _geographic(math.exp(-to_psi[nth]))
        turn = math.radians(to_lon[nth] - lon[nth])
        metres[nth] = _vincenty(up, along, to_up, to_along, turn)
    return metres


@compiled
def lambert(lon: float, psi: float, plane: _Float) -> tuple[float, float]:
    """Project a point; `plane` is n, r, lambda0, r0."""
    far = plane[1] * math.exp(-plane[0] * psi)
    turn = plane[0] * (lon - plane[2])
    return far * math.sin(turn), plane[3] - far * math.cos(turn)


@compiled
def pair_metres(pair: _Float, plane: _Float, metres: _Float) -> None:
    """Measure geodesics between pairs of points of the plane.

    Args:
        pair: x, y, x, y of each pair, shape (n, 4).
        plane: n, r, lambda0, r0 of the plane.
        metres: Takes the lengths, shape (n,): exactly 0 for one point twice; left
            where a coordinate is NaN.
    """
    for nth in range(len(pair)):
        x, u = pair[nth, 0], pair[nth, 1]
        to_x, to_u = pair[nth, 2], pair[nth, 3]
        if x == to_x and u == to_u:
            metres[nth] = 0.0
        elif not math.isnan(x):
            y, to_y = plane[3] - u, plane[3] - to_u
            up, along = _geographic(_shrunk(x, y, plane))
            to_up, to_along = _geographic(_shrunk(to_x, to_y, plane))
            turn = _small_angle(to_x * y - x * to_y, x * to_x + y * to_y)
            metres[nth] = _vincenty(up, along, to_up, to_along, turn / plane[0])


@compiled
def _shrunk(x: float, y: float, plane: _Float) -> float:
    """Return exp(-psi) of a point seen from the pole."""
    squared = (x * x + y * y) / (plane[1] * plane[1])
    return math.exp(math.log(squared) / (2.0 * plane[0]))

"""Areas, lengths and planes of small polygons in degrees, without trigonometry.

Around a polygon's first vertex sine and cosine of the latitude, the isometric latitude
and the Gauss-Kruger plane are short Taylor series; within `REACH` degrees what they
leave out is below 1e-9 m. With p = N cos(phi) and M the radii of curvature:

Area: in the cylindrical equal-area plane (lambda, S), dS = M p dphi, an edge straight
on the ground is the curve d2S/dlambda2 = -p2 sin(phi) (1 + 3 cot2 alpha), by Clairaut's
relation; under it lies the trapezoid of its ends and

    sin(phi) dlambda (p2 dlambda2 + 3 M2 dphi2) / 12

at the middle latitude. What is left out is of fifth order: 1e-9 of the area in 10 km.

Length: Gauss's mean-latitude formula, s2 = M2 dphi2 + p2 dlambda2 with the terms of
fourth order of the sphere: within 1e-8 in 10 km, 1e-10 in 1 km.

Plane: zeta = gd(psi + i lambda), w = A (zeta + sum alpha_k sin 2k zeta), both expanded
at the first vertex (dzeta/dz = cos zeta).

Source:
    Karney (2011), Transverse Mercator with an accuracy of a few nanometers, J. Geodesy
    85, eq. 35; Rapp (1991), Geometric Geodesy I, section 3 (Clairaut) and 6 (Gauss).
"""

import math

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled

_Float = NDArray[np.float64]
_Int = NDArray[np.int64]

REACH = 0.1  # degrees from a polygon's first vertex

_A = 6378137.0
_F = 1.0 / 298.257222101
_E2 = _F * (2.0 - _F)
_N = _F / (2.0 - _F)
_RADIUS = _A / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
_ALPHA = np.array([
    _N / 2 - 2 * _N**2 / 3 + 5 * _N**3 / 16 + 41 * _N**4 / 180 - 127 * _N**5 / 288,
    13 * _N**2 / 48 - 3 * _N**3 / 5 + 557 * _N**4 / 1440 + 281 * _N**5 / 630,
    61 * _N**3 / 240 - 103 * _N**4 / 140 + 15061 * _N**5 / 26880,
    49561 * _N**4 / 161280 - 179 * _N**5 / 168,
    34729 * _N**5 / 80640,
])


@compiled
def _turned(sine: float, cosine: float, d: float) -> tuple[float, float]:
    """Return sine and cosine of an angle that is d, below 0.01, larger."""
    dd = d * d
    up = d * (1.0 - dd / 6.0 * (1.0 - dd / 20.0))
    less = dd / 2.0 * (1.0 - dd / 12.0 * (1.0 - dd / 30.0))
    return sine - sine * less + cosine * up, cosine - cosine * less - sine * up


@compiled
def flat_areas(x: _Float, y: _Float, ring: _Int, shape: _Int) -> _Float:
    """Measure areas in the plane of the coordinates, 0 without rings; shape (n,)."""
    answer = np.zeros(len(shape) - 1)
    for row in range(len(answer)):
        for r in range(shape[row], shape[row + 1]):
            # From its own first vertex: big coordinates would round small areas.
            x0, y0, twice = x[ring[r]], y[ring[r]], 0.0
            for k in range(ring[r] + 1, ring[r + 1] - 1):
                twice += (x[k] - x0) * (y[k + 1] - y0) - (x[k + 1] - x0) * (y[k] - y0)
            answer[row] += twice / 2.0
    return answer


@compiled
def boxes(x: _Float, y: _Float, vertex: _Int) -> _Float:
    """Find west, south, east, north of polygons, NaN without vertices; (n, 4)."""
    box = np.full((len(vertex) - 1, 4), np.nan)
    for row in range(len(box)):
        xs, ys = x[vertex[row] : vertex[row + 1]], y[vertex[row] : vertex[row + 1]]
        west, south, east, north = np.inf, np.inf, -np.inf, -np.inf
        for nth in range(len(xs)):
            west, east = min(west, xs[nth]), max(east, xs[nth])
            south, north = min(south, ys[nth]), max(north, ys[nth])
        if len(xs):
            box[row, 0], box[row, 1], box[row, 2], box[row, 3] = (
                west, south, east, north,
            )  # fmt: skip
    return box


@compiled
def reaches(x: _Float, y: _Float, vertex: _Int) -> _Float:
    """Measure how far polygons go from their first vertex, NaN without; (n,)."""
    far = np.full(len(vertex) - 1, np.nan)
    for row in range(len(far)):
        first = vertex[row]
        for nth in range(first, vertex[row + 1]):
            step = max(abs(x[nth] - x[first]), abs(y[nth] - y[first]))
            far[row] = max(step, 0.0 if nth == first else far[row])
    return far


@compiled
def edge_sums(  # noqa: PLR0915 - one formula
    x: _Float, y: _Float, ring: _Int, shape: _Int
) -> _Float:
    """Measure on the ellipsoid polygons of `REACH`.

    Args:
        x: Degrees east, shape (v,).
        y: Degrees north, shape (v,).
        ring: As in `gis.rings.Rings`.
        shape: As there.

    Returns:
        Areas and perimeters, shape (n, 2); NaN without rings.
    """
    answer = np.full((len(shape) - 1, 2), np.nan)
    for row in range(len(answer)):
        if shape[row] == shape[row + 1]:
            continue
        origin = ring[shape[row]]
        x0, y0 = x[origin], y[origin]
        sine0, cosine0 = math.sin(math.radians(y0)), math.cos(math.radians(y0))
        flat0 = 1.0 - _E2 * sine0 * sine0
        h = 4.0 * _E2 * sine0 / flat0
        hh = 4.0 * _E2 / flat0 * (1.0 + 6.0 * _E2 * sine0 * sine0 / flat0)
        belt = _A * _A * (1.0 - _E2) / (flat0 * flat0)
        area, length = 0.0, 0.0
        for at in range(shape[row], shape[row + 1]):
            lam, phi, s = 0.0, 0.0, 0.0
            for nth in range(ring[at], ring[at + 1]):
                lam1 = math.radians(x[nth] - x0)
                phi1 = math.radians(y[nth] - y0)
                # Not the difference of two sines: small numbers stay exact.
                d2 = phi1 * phi1
                up = phi1 * (1.0 - d2 / 6.0 * (1.0 - d2 / 20.0))
                du = cosine0 * up - sine0 * d2 / 2.0 * (1.0 - d2 / 12.0)
                s1 = du * (1.0 + du * (h / 2.0 + du * hh / 6.0))
                if nth > ring[at]:
                    dlam, dphi = lam1 - lam, phi1 - phi
                    sine, cosine = _turned(sine0, cosine0, (phi + phi1) / 2.0)
                    flat = 1.0 - _E2 * sine * sine
                    normal = _A / math.sqrt(flat)
                    east = normal * cosine * dlam
                    north = normal * (1.0 - _E2) / flat * dphi
                    e2, n2 = east * east, north * north
                    area -= belt * (s + s1) / 2.0 * dlam
                    area -= sine * dlam * (e2 + 3.0 * n2) / 12.0
                    lam2 = dlam * dlam / 12.0
                    bend = n2 * (2.0 * cosine * cosine - 3.0) - e2 * sine * sine
                    length += math.sqrt(e2 + n2 + lam2 * bend)
                lam, phi, s = lam1, phi1, s1
        answer[row, 0], answer[row, 1] = abs(area), length
    return answer


@compiled
def centre_longitudes(x: _Float, y: _Float, ring: _Int, shape: _Int) -> _Float:
    """Find the longitudes of centroids in the plane of degrees, shape (n,)."""
    answer = np.full(len(shape) - 1, np.nan)
    for row in range(len(answer)):
        if shape[row] == shape[row + 1]:
            continue
        origin = ring[shape[row]]
        area, moment, length, along = 0.0, 0.0, 0.0, 0.0
        for at in range(shape[row], shape[row + 1]):
            for nth in range(ring[at], ring[at + 1] - 1):
                x0, y0 = x[nth] - x[origin], y[nth] - y[origin]
                x1, y1 = x[nth + 1] - x[origin], y[nth + 1] - y[origin]
                cross = x0 * y1 - x1 * y0
                area += cross
                moment += cross * (x0 + x1)
                step = math.sqrt((x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0))
                length += step
                along += step * (x0 + x1) / 2.0
        if area != 0.0:
            answer[row] = x[origin] + moment / (3.0 * area)
        else:
            answer[row] = x[origin] + (along / length if length > 0.0 else 0.0)
    return answer


@compiled
def _krueger(  # noqa: PLR0915 - one formula
    lat: float, lam: float
) -> NDArray[np.complex128]:
    """Expand the plane at a place: five terms of gd, five of the rest."""
    sine = math.sin(math.radians(lat))
    e = math.sqrt(_E2)
    psi = math.atanh(sine) - e * math.atanh(e * sine)
    up, down = math.exp(psi), math.exp(-psi)
    # cosh and sinh of psi + i lambda.
    cosine_l, sine_l = math.cos(lam), math.sin(lam)
    whole = complex((up + down) / 2.0 * cosine_l, (up - down) / 2.0 * sine_l)
    half = complex((up - down) / 2.0 * cosine_l, (up + down) / 2.0 * sine_l)
    c, s = 1.0 / whole, half / whole
    cc, ss = c * c, s * s
    terms = np.zeros(10, dtype=np.complex128)
    terms[0] = c
    terms[1] = -c * s / 2.0
    terms[2] = -c * (cc - ss) / 6.0
    terms[3] = c * s * (5.0 * cc - ss) / 24.0
    terms[4] = c * (5.0 * cc * cc - 18.0 * cc * ss + ss * ss) / 120.0
    s2, c2 = 2.0 * s * c, cc - ss
    sine_k, cosine_k = s2, c2
    terms[5] = 1.0
    for k in range(5):
        twice = 2.0 * (k + 1)
        by = _ALPHA[k]
        terms[5] += by * twice * cosine_k
        terms[6] -= by * twice**2 / 2.0 * sine_k
        terms[7] -= by * twice**3 / 6.0 * cosine_k
        terms[8] += by * twice**4 / 24.0 * sine_k
        terms[9] += by * twice**5 / 120.0 * cosine_k
        sine_k, cosine_k = sine_k * c2 + cosine_k * s2, cosine_k * c2 - sine_k * s2
    return terms


@compiled
def plane_sums(  # noqa: PLR0915 - one formula
    x: _Float, y: _Float, ring: _Int, shape: _Int, meridian: _Float
) -> _Float:
    """Measure polygons of `REACH` in the Gauss-Kruger plane of each one's meridian.

    Args:
        x: Degrees east, shape (v,).
        y: Degrees north, shape (v,).
        ring: As in `gis.rings.Rings`.
        shape: As there.
        meridian: Degrees east, shape (n,).

    Returns:
        Areas, shape (n,); NaN without rings.
    """
    answer = np.full(len(shape) - 1, np.nan)
    for row in range(len(answer)):
        if shape[row] == shape[row + 1]:
            continue
        origin = ring[shape[row]]
        x0, y0 = x[origin], y[origin]
        k = _krueger(y0, math.radians(x0 - meridian[row]))
        lat = math.radians(y0)
        sine, cosine = math.sin(lat), math.cos(lat)
        # The isometric latitude: that of the sphere, less that of the flattening.
        t, sec = sine / cosine, 1.0 / cosine
        t2 = t * t
        p2, p3 = sec * t / 2.0, sec * (1.0 + 2.0 * t2) / 6.0
        p4 = sec * t * (5.0 + 6.0 * t2) / 24.0
        p5 = sec * (5.0 + t2 * (28.0 + 24.0 * t2)) / 120.0
        b1 = _E2 / (1.0 - _E2 * sine * sine)
        b2, b3 = b1 * b1 * sine, b1 * b1 / 3.0
        area = 0.0
        for at in range(shape[row], shape[row + 1]):
            w = complex(0.0, 0.0)
            for nth in range(ring[at], ring[at + 1]):
                d = math.radians(y[nth] - y0)
                d2 = d * d
                up = d * (1.0 - d2 / 6.0 * (1.0 - d2 / 20.0))
                du = cosine * up - sine * d2 / 2.0 * (1.0 - d2 / 12.0)
                psi = d * (sec + d * (p2 + d * (p3 + d * (p4 + d * p5))))
                psi -= du * (b1 + du * (b2 + du * b3))
                z = complex(psi, math.radians(x[nth] - x0))
                g = z * (k[0] + z * (k[1] + z * (k[2] + z * (k[3] + z * k[4]))))
                v = g * (k[5] + g * (k[6] + g * (k[7] + g * (k[8] + g * k[9]))))
                if nth > ring[at]:
                    # Real is north, imaginary east.
                    area += (w.imag * v.real - v.imag * w.real) / 2.0
                w = v
        answer[row] = abs(area) * _RADIUS * _RADIUS
    return answer

"""Bring bare coordinates from degrees into a plane."""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from gis.crs import CGCS2000, ELLIPSOID
from gis.isometric import (
    albers_constants,
    frozen,
    frozen_rings,
    isometric_degrees,
)
from gis.measure import along_geodesics
from gis.rings import Rings

# Longer edges bend visibly between degrees and a plane.
LONGEST_EDGE_M: Final = 2_000.0
LONG_EDGE_DEGREES: Final = 0.0125  # longer than that may be longer in metres
_ONE_PARALLEL: Final = 1e-10  # radians between two that are one
_UNKNOWN_DATUM: Final = "Unknown based on"  # how PROJ names one that only has axes
_Float = NDArray[np.float64]


def project(x: _Float, y: _Float, crs: CRS) -> tuple[_Float, _Float]:
    """Project points.

    Args:
        x: Degrees east of EPSG:4490, shape (v,).
        y: Degrees north, shape (v,).
        crs: A projected CRS. Albers and Lambert planes of the northern half on the
            CGCS2000 datum, as `gis.crs` makes them, are fast; others are left to PROJ.

    Returns:
        Coordinates in the plane, east and north, float64, shape (v,) each; within
        1e-6 m of PROJ's, less than half a turn from the central meridian.

    Source:
        Snyder (1987), USGS PP 1395, p. 101, 107.
    """
    wkt = crs.to_wkt()
    ours = _is_ours(wkt)
    for conformal, find in ((0, albers_constants), (1, _lambert)):
        constants = find(wkt) if ours else None
        if constants is not None:
            # Not above: small data never waits for the compiler.
            from gis.plane_loops import cone  # noqa: PLC0415

            return cone(frozen(x), frozen(y), constants, conformal)
    east, north = Transformer.from_crs(CGCS2000, crs, always_xy=True).transform(x, y)
    return np.asarray(east), np.asarray(north)


def flat_rings(lonlat: Rings, crs: CRS) -> Rings:
    """Project polygons, long edges bent as they run on the ground.

    Args:
        lonlat: Polygons in degrees of EPSG:4490, shape (n,).
        crs: A projected CRS, as for `project`.

    Returns:
        The polygons of `bent_rings` in the plane.
    """
    bent = bent_rings(lonlat)
    return bent.at(*project(bent.x, bent.y, crs))


def flat_and_isometric(lonlat: Rings, crs: CRS) -> tuple[Rings, Rings]:
    """Project polygons, and turn their vertices into isometric coordinates.

    Args:
        lonlat: Polygons in degrees of EPSG:4490, shape (n,); edges are taken as they
            are.
        crs: A projected CRS, as for `project`.

    Returns:
        The polygons in the plane, as `project` to 1e-7 m, and in radians, as
        `gis.isometric.isometric` to 1e-14. A polygon's bits depend on it alone.
    """
    wkt = crs.to_wkt()
    constants = albers_constants(wkt) if _is_ours(wkt) else None
    if constants is None:
        return lonlat.at(*project(lonlat.x, lonlat.y, crs)), isometric_degrees(lonlat)
    # Not above: small data never waits for the compiler.
    from gis.plane_loops import albers_rings  # noqa: PLC0415

    x, y, lam, psi = albers_rings(
        frozen(lonlat.x), frozen(lonlat.y), frozen(lonlat.vertex), constants
    )
    return lonlat.at(x, y), lonlat.at(lam, psi)


def bent_rings(lonlat: Rings) -> Rings:
    """Put points on long edges, where they run on the ground.

    Args:
        lonlat: Polygons in degrees of EPSG:4490, shape (n,).

    Returns:
        The same polygons in degrees. Where an edge of one may be longer than 2 km,
        points stand on its edges at most 2 km apart, on the geodesic, as
        `layers.ground.flattened` puts them.
    """
    # Not above: small data never waits for the compiler.
    from gis.plane_loops import long_edged  # noqa: PLC0415

    rows = long_edged(*frozen_rings(lonlat), LONG_EDGE_DEGREES)
    return _bent(lonlat, rows) if len(rows) else lonlat


def _bent(lonlat: Rings, rows: NDArray[np.int64]) -> Rings:
    """Put points on the long edges of some polygons."""
    chosen = np.zeros(len(lonlat), dtype=np.bool_)
    chosen[rows] = True
    rings = np.repeat(chosen, np.diff(lonlat.shape))
    count = np.diff(lonlat.ring)
    old = np.repeat(rings, count)
    ring = np.concatenate([[0], np.cumsum(count[rings])])
    xy = np.column_stack([lonlat.x[old], lonlat.y[old]])
    xy, ring = along_geodesics(xy, ring, LONGEST_EDGE_M)
    count[rings] = np.diff(ring)
    new = np.repeat(rings, count)
    x, y = np.empty(len(new)), np.empty(len(new))
    x[new], y[new] = xy.T
    x[~new], y[~new] = lonlat.x[~old], lonlat.y[~old]
    ring = np.concatenate([[0], np.cumsum(count)])
    return Rings(x, y, ring, lonlat.shape)


@lru_cache(maxsize=8)
def _is_ours(wkt: str) -> bool:
    """Tell whether a CRS stands on CGCS2000, so that nothing but a formula is due."""
    crs, ground = CRS.from_wkt(wkt), CRS(CGCS2000)
    if crs.geodetic_crs is None or crs.geodetic_crs.datum is None:
        return False
    datum, ellipsoid = crs.geodetic_crs.datum, crs.geodetic_crs.ellipsoid
    # A plane declared by its ellipsoid alone, as `gis.crs.equal_area` makes it, has a
    # datum that PROJ calls unknown and never shifts.
    unshifted = datum == ground.datum or datum.name.startswith(_UNKNOWN_DATUM)
    return bool(
        all(axis.unit_name == "metre" for axis in crs.axis_info)
        and unshifted
        and ellipsoid is not None
        and ellipsoid.semi_major_metre == ELLIPSOID.a
        and np.isclose(ellipsoid.inverse_flattening, 1 / ELLIPSOID.f, rtol=1e-12)
    )


@lru_cache(maxsize=8)
def _lambert(wkt: str) -> _Float | None:
    """Return the constants of a Lambert plane of two parallels, None for others.

    They are n, F, the central meridian in radians, and x and y of the pole.
    """
    operation = CRS.from_wkt(wkt).coordinate_operation
    if operation is None or operation.method_name != "Lambert Conic Conformal (2SP)":
        return None
    said = {each.name: each.value for each in operation.params}
    names = ("1st standard parallel", "2nd standard parallel", "false origin")
    sine = np.sin(np.radians([said[f"Latitude of {name}"] for name in names]))
    e = np.sqrt(ELLIPSOID.es)
    psi = np.arctanh(sine) - e * np.arctanh(e * sine)
    parallel = np.sqrt((1.0 - sine**2) / (1.0 - ELLIPSOID.es * sine**2))
    n = sine[0]
    if abs(sine[1] - sine[0]) > _ONE_PARALLEL:
        n = np.log(parallel[0] / parallel[1]) / (psi[1] - psi[0])
    if not n > 0:
        return None
    scale = parallel[0] * np.exp(n * psi[0]) / n
    pole = ELLIPSOID.a * scale * np.exp(-n * psi[2])
    return frozen(
        np.array([
            n,
            scale,
            np.radians(said["Longitude of false origin"]),
            said["Easting at false origin"],
            said["Northing at false origin"] + pole,
        ])
    )

"""Bring rings of a plane to isometric coordinates, which all conformal planes share."""

from functools import lru_cache
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from gis.crs import CGCS2000, ELLIPSOID
from gis.rings import Rings

_Float = NDArray[np.float64]
_Int = NDArray[np.int64]
Kind = TypeVar("Kind", bound=np.generic)
_ONE_PARALLEL: Final = 1e-10  # radians between two that are one


def isometric(plane: Rings, crs: CRS) -> Rings:
    """Turn vertices of a plane into longitudes and isometric latitudes.

    Args:
        plane: Parcels in `crs`, shape (n,).
        crs: A projected CRS in metres; Albers on the CGCS2000 ellipsoid is fast, as
            `gis.crs.equal_area` makes it.

    Returns:
        The same rings in radians, within 1e-15 or 1e-8 m. They may be asked for once
        and given to each layer.

    Source:
        Snyder (1987), USGS PP 1395, p. 101-102 (inverse Albers, ellipsoid).
    """
    # Not above: small data never waits for the compiler.
    from gis.geodesic_loops import (  # noqa: PLC0415
        albers_isometric,
        isometric_latitudes,
    )

    wkt = crs.to_wkt()
    constants = albers_constants(wkt)
    if constants is not None:
        return plane.at(*albers_isometric(frozen(plane.x), frozen(plane.y), constants))
    to_lonlat = Transformer.from_crs(crs, CGCS2000, always_xy=True)
    lon, lat = to_lonlat.transform(plane.x, plane.y)
    return plane.at(np.radians(lon), isometric_latitudes(frozen(np.asarray(lat))))


def isometric_degrees(lonlat: Rings) -> Rings:
    """Turn longitudes and latitudes into longitudes and isometric latitudes.

    Args:
        lonlat: Polygons in degrees of EPSG:4490, shape (n,).

    Returns:
        The same rings in radians, as `isometric` tells them of a plane.
    """
    # Not above: small data never waits for the compiler.
    from gis.geodesic_loops import isometric_latitudes  # noqa: PLC0415

    return lonlat.at(np.radians(lonlat.x), isometric_latitudes(frozen(lonlat.y)))


def frozen(array: NDArray[Kind]) -> NDArray[Kind]:
    """Return a view that cannot be written to: one kind for the compiled loops."""
    view: NDArray[Kind] = np.ascontiguousarray(array).view(np.ndarray)
    view.flags.writeable = False
    return view


def frozen_rings(rings: Rings) -> tuple[_Float, _Float, _Int, _Int]:
    """Hand polygons to the compiled loops: x, y, ring and shape, of one kind always."""
    return (
        frozen(rings.x), frozen(rings.y), frozen(rings.ring), frozen(rings.shape),
    )  # fmt: skip


@lru_cache(maxsize=8)
def albers_constants(wkt: str) -> _Float | None:
    """Return the constants of an Albers plane on our ellipsoid, None for others.

    They are n, C, the central meridian in radians, and x and y of the pole.
    """
    crs = CRS.from_wkt(wkt)
    operation = crs.coordinate_operation
    ours = crs.ellipsoid is not None and (
        crs.ellipsoid.semi_major_metre == ELLIPSOID.a
        and np.isclose(crs.ellipsoid.inverse_flattening, 1 / ELLIPSOID.f, rtol=1e-12)
    )
    if operation is None or operation.method_name != "Albers Equal Area" or not ours:
        return None
    said = {each.name: each.value for each in operation.params}
    names = ("1st standard parallel", "2nd standard parallel", "false origin")
    lat = np.radians([said[f"Latitude of {name}"] for name in names])
    q, parallel = _authalic(lat), _parallel(lat)
    exponent = np.sin(lat[0])
    if abs(lat[1] - lat[0]) > _ONE_PARALLEL:
        exponent = (parallel[0] ** 2 - parallel[1] ** 2) / (q[1] - q[0])
    if not exponent > 0:
        return None
    whole = parallel[0] ** 2 + exponent * q[0]
    pole = ELLIPSOID.a * np.sqrt(whole - exponent * q[2]) / exponent
    return frozen(
        np.array([
            exponent,
            whole,
            np.radians(said["Longitude of false origin"]),
            said["Easting at false origin"],
            said["Northing at false origin"] + pole,
        ])
    )


def _authalic(lat: _Float) -> _Float:
    sine, e = np.sin(lat), np.sqrt(ELLIPSOID.es)
    straight = sine / (1.0 - ELLIPSOID.es * sine**2)
    return np.asarray((1.0 - ELLIPSOID.es) * (straight + np.arctanh(e * sine) / e))


def _parallel(lat: _Float) -> _Float:
    return np.asarray(np.cos(lat) / np.sqrt(1.0 - ELLIPSOID.es * np.sin(lat) ** 2))

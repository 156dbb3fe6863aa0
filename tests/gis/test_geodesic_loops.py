"""Geodesics between pairs: those of pyproj."""

import numpy as np
import pytest
from pyproj import Geod

from gis.geodesic_loops import geodesic_metres, isometric_latitudes

GEOD = Geod(a=6378137.0, rf=298.257222101)


@pytest.mark.parametrize(
    ("far_m", "off_m"), [(1.0, 3e-8), (1e4, 1e-7), (2e5, 1e-6), (1e6, 1e-5)]
)
def test_lengths_are_those_of_pyproj_in_all_of_china(far_m, off_m):
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(73.0, 135.0, 20_000), rng.uniform(3.0, 54.0, 20_000)
    metres, azimuth = rng.uniform(0.0, far_m, 20_000), rng.uniform(0.0, 360.0, 20_000)
    to_lon, to_lat, _ = GEOD.fwd(lon, lat, azimuth, metres)
    truth = GEOD.inv(lon, lat, to_lon, to_lat)[2]
    found = geodesic_metres(lon, lat, to_lon, to_lat)
    np.testing.assert_allclose(found, truth, rtol=0.0, atol=off_m)


def test_one_point_twice_is_exactly_nothing_apart():
    lon, lat = np.array([106.5, 0.0]), np.array([26.0, 0.0])
    assert geodesic_metres(lon, lat, lon, lat).tolist() == [0.0, 0.0]


def test_isometric_latitudes_are_those_of_the_book():
    # Snyder (1987), (3-7): with the logarithm of tan(pi/4 + phi/2).
    lat = np.linspace(-80.0, 80.0, 161)
    phi, e = np.radians(lat), np.sqrt(GEOD.es)
    rim = (1 - e * np.sin(phi)) / (1 + e * np.sin(phi))
    truth = np.log(np.tan(np.pi / 4 + phi / 2) * rim ** (e / 2))
    np.testing.assert_allclose(isometric_latitudes(lat), truth, rtol=0, atol=3e-15)

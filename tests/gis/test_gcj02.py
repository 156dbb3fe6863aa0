"""The shift of GCJ-02: as far as it is known to reach, and undone to the millimetre."""

import numpy as np
import pytest
import shapely
from geopandas import GeoSeries
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely import Point

from gis.gcj02 import shifted, unshifted

EARTH = Geod(ellps="GRS80")


def metres(one: GeoSeries, other: GeoSeries) -> float:
    return float(EARTH.inv(one.x[0], one.y[0], other.x[0], other.y[0])[2])


def at(lng: float, lat: float) -> GeoSeries:
    return GeoSeries([Point(lng, lat)], crs="EPSG:4490")


@pytest.mark.parametrize(
    ("lng", "lat", "far_m"),
    [
        (106.71, 26.58, 542),  # Guiyang
        (106.93, 27.73, 544),  # Zunyi
        (107.52, 26.26, 564),  # Duyun
        (104.83, 26.59, 474),  # Liupanshui
        (109.19, 27.72, 579),  # Tongren
    ],
)
def test_the_shift_in_guizhou_is_what_it_is_known_to_be(
    lng: float, lat: float, far_m: float
) -> None:
    here, there = at(lng, lat), shifted(at(lng, lat))
    assert metres(here, there) == pytest.approx(far_m, abs=1.0)
    assert there.x[0] > lng  # toward the south-east
    assert there.y[0] < lat


@given(st.floats(103.5, 109.6), st.floats(24.6, 29.2))
def test_the_shift_is_undone_to_a_millimetre(lng: float, lat: float) -> None:
    assert metres(at(lng, lat), unshifted(shifted(at(lng, lat)))) < 1e-3


def test_shapes_keep_their_index_and_their_points() -> None:
    square = shapely.box(106.7, 26.5, 106.71, 26.51)
    moved = shifted(GeoSeries([square], index=["a"], crs="EPSG:4490"))
    assert moved.index.tolist() == ["a"]
    assert shapely.get_num_coordinates(moved.to_numpy()).tolist() == [5]
    assert not np.allclose(moved.total_bounds, square.bounds, atol=1e-4)

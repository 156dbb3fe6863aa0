"""Shapes: squares and triangles by arithmetic, hulls by turning them slowly."""

import numpy as np
import pytest
import shapely
from geopandas import GeoSeries
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas import Series
from pandas.testing import assert_series_equal
from pyproj import Geod
from shapely import LineString, Point, Polygon, affinity, box

from gis import shape
from gis.crs import CGCS2000
from gis.errors import CrsError
from gis.shape import compactness, minimum_width

SEEDS = st.integers(0, 10_000)
LAW = settings(max_examples=15, deadline=None)


def test_a_circle_is_compact_and_a_square_is_pi_over_four():
    area = Series([np.pi, 1.0, 1.0, 1.0], list("abcd"))
    around = Series([2 * np.pi, 4.0, 0.0, np.nan], list("abcd"))
    found = compactness(area, around)
    assert found[["a", "b"]].to_list() == pytest.approx([1.0, np.pi / 4])
    assert found[["c", "d"]].isna().all()


@pytest.mark.parametrize("turned", [0, 17, 45, 89.9])
def test_a_rectangle_is_as_wide_as_its_short_side(albers, turned):
    shapes = GeoSeries([affinity.rotate(box(0, 0, 300, 40), turned)], crs=albers)
    assert minimum_width(shapes)[0] == pytest.approx(40.0, rel=1e-5)


def test_a_triangle_is_as_wide_as_its_least_height(albers):
    shapes = GeoSeries([Polygon([(0, 0), (400, 0), (0, 300)])], crs=albers)
    assert minimum_width(shapes)[0] == pytest.approx(400 * 300 / 500, rel=1e-5)


def test_a_dent_does_not_narrow_the_hull(albers):
    dented = box(0, 0, 100, 100).difference(box(10, 10, 90, 100))
    assert minimum_width(GeoSeries([dented], crs=albers))[0] == pytest.approx(
        100.0, rel=1e-5
    )


def test_points_and_lines_have_no_width_and_the_missing_have_none_known(albers):
    shapes = GeoSeries(
        [Point(1, 1), LineString([(0, 0), (9, 9)]), None, Polygon()],
        index=list("abcd"), crs=albers,
    )  # fmt: skip
    found = minimum_width(shapes)
    assert found[["a", "b"]].to_list() == [0.0, 0.0]
    assert found[["c", "d"]].isna().all()


def test_metres_are_those_of_the_ellipsoid(albers):
    geod = Geod(a=6378137.0, rf=298.257222101)
    height = geod.inv(104.0, 24.7, 104.0, 24.701)[2]
    strip = box(104.0, 24.7, 104.01, 24.701).segmentize(0.0005)
    shapes = GeoSeries([strip], crs=CGCS2000).to_crs(albers)
    assert minimum_width(shapes)[0] == pytest.approx(height, rel=2e-4)
    assert shapely.minimum_rotated_rectangle(shapes[0]).area > 0
    across = GeoSeries([box(104.0, 24.7, 104.001, 24.71)], crs=CGCS2000)
    width = geod.inv(104.0, 24.71, 104.001, 24.71)[2]
    assert minimum_width(across.to_crs(albers))[0] == pytest.approx(width, rel=2e-4)


@LAW
@given(seed=SEEDS)
def test_no_turning_makes_a_parcel_narrower(land, seed):
    shapes = land(seed, count=8)
    found = minimum_width(shapes).to_numpy()
    turns = np.deg2rad(np.arange(0, 180, 0.05))
    for width, parcel in zip(found, shapes, strict=True):
        xy = shapely.get_coordinates(parcel)
        along = xy @ np.array([np.cos(turns), np.sin(turns)])
        slow = np.ptp(along, axis=0).min()
        assert width <= slow * (1 + 1e-5)
        assert width == pytest.approx(slow, rel=2e-3)


@LAW
@given(seed=SEEDS)
def test_one_by_one_is_all_at_once(land, seed):
    shapes = land(seed)
    whole = minimum_width(shapes)
    for nth in range(0, len(shapes), 7):
        some = shapes.iloc[nth : nth + 7]
        assert_series_equal(minimum_width(some), whole.iloc[nth : nth + 7])


def test_large_crowds_are_measured_in_chunks(land, monkeypatch):
    shapes = land(4, count=50)
    whole = minimum_width(shapes)
    monkeypatch.setattr(shape, "_CHUNK", 100)
    assert_series_equal(minimum_width(shapes), whole)


def test_degrees_have_no_width(land):
    with pytest.raises(CrsError):
        minimum_width(land(1).to_crs(CGCS2000))

"""Areas, perimeters and lengths against geodesic oracles and published counties."""

import csv

import geopandas
import numpy as np
import pytest
import shapely
from geopandas import GeoSeries
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_series_equal
from pyproj import Geod
from shapely import LineString, MultiPolygon, Point, Polygon, box

from gis.crs import CGCS2000
from gis.errors import CrsError
from gis.measure import (
    densify,
    ellipsoidal_area,
    equal_area_area,
    perimeter,
    plane_area,
    plane_zone,
    true_length,
)

GEOD = Geod(a=6378137.0, rf=298.257222101)
EVERYWHERE = {"east": st.floats(-2.8e5, 2.8e5), "north": st.floats(-0.5e5, 3.5e5)}
SEEDS = st.integers(0, 10_000)
LAW = settings(max_examples=15, deadline=None)


def lonlat(*shapes):
    return GeoSeries(list(shapes), crs=CGCS2000)


def geodesic(shape):
    """Ask pyproj for area, rings turned as it wants them, and perimeter."""
    area, _ = GEOD.geometry_area_perimeter(shapely.orient_polygons(shape))
    return abs(area), sum(map(GEOD.geometry_length, shapely.get_rings(shape)))


@LAW
@given(seed=SEEDS, radius=st.floats(20, 600), **EVERYWHERE)
def test_the_equal_area_plane_gives_the_ellipsoids_area_to_a_millionth(
    land, seed, radius, east, north
):
    plane = land(seed, radius=radius).translate(east, north)
    degrees = plane.to_crs(CGCS2000)
    truth = np.array([geodesic(shape)[0] for shape in degrees])
    np.testing.assert_allclose(ellipsoidal_area(degrees), truth, rtol=1e-9)
    np.testing.assert_allclose(equal_area_area(plane), truth, rtol=1e-6)
    np.testing.assert_allclose(ellipsoidal_area(plane), truth, rtol=1e-9)


@LAW
@given(seed=SEEDS, **EVERYWHERE)
def test_perimeters_count_all_rings(land, seed, east, north):
    degrees = land(seed).translate(east, north).to_crs(CGCS2000)
    truth = [geodesic(shape)[1] for shape in degrees]
    np.testing.assert_allclose(perimeter(degrees), truth, rtol=1e-12)


def test_a_hole_is_taken_off_whichever_way_its_ring_turns():
    shell, hole = box(106, 26, 106.1, 26.1), box(106.02, 26.02, 106.04, 26.04)
    there = Polygon(shell.exterior, [hole.exterior])
    back = Polygon(shell.exterior, [hole.exterior.coords[::-1]])
    both = MultiPolygon([there, box(107, 26, 107.1, 26.1)])
    found = ellipsoidal_area(lonlat(shell, hole, there, back, both))
    assert found[2] == pytest.approx(found[0] - found[1], rel=1e-12)
    assert found[3] == found[2]
    assert found[4] == pytest.approx(found[2] + found[0], rel=1e-12)


def test_what_is_missing_is_nan_and_what_has_no_area_is_zero():
    shapes = lonlat(None, Polygon(), Point(106, 26), LineString([(106, 26), (106, 27)]))
    assert ellipsoidal_area(shapes).to_list()[1:] == [0.0, 0.0, 0.0]
    assert perimeter(shapes).to_list()[1:3] == [0.0, 0.0]
    assert perimeter(shapes)[3] == pytest.approx(GEOD.inv(106, 26, 106, 27)[2])
    assert plane_area(shapes).isna().to_list()[:2] == [True, True]
    for measured in (ellipsoidal_area, perimeter, plane_area):
        assert np.isnan(measured(shapes)[0])


def test_answers_keep_index_and_order(land):
    shapes = land(5).sample(frac=1.0, random_state=1)
    for measured in (
        ellipsoidal_area, equal_area_area, plane_area, plane_zone, perimeter
    ):  # fmt: skip
        found = measured(shapes)
        assert found.index.equals(shapes.index)
        assert_series_equal(found.sort_index(), measured(shapes.sort_index()))


def test_a_plane_that_is_not_equal_area_is_refused():
    with pytest.raises(CrsError, match="equal-area CRS is needed"):
        equal_area_area(GeoSeries([box(0, 0, 1, 1)], crs="EPSG:4545"))
    with pytest.raises(CrsError, match="projected CRS in metres"):
        equal_area_area(lonlat(box(106, 26, 107, 27)))


def test_no_measure_guesses_a_crs():
    bare = GeoSeries([box(106, 26, 107, 27)])
    for measured in (ellipsoidal_area, plane_area, plane_zone, perimeter):
        with pytest.raises(CrsError):
            measured(bare)
    with pytest.raises(CrsError):
        densify(bare, max_segment_m=100)


def test_a_square_kilometre_of_a_zones_plane_is_a_million_square_metres():
    middle = box(500_000, 2_900_000, 501_000, 2_901_000)
    shapes = GeoSeries([middle], crs="EPSG:4545")
    assert plane_area(shapes)[0] == pytest.approx(1e6, rel=1e-9)
    assert ellipsoidal_area(shapes)[0] == pytest.approx(1e6, rel=1e-7)


def test_the_seam_decides_the_plane_by_the_centre():
    west = box(106.49, 26.5, 106.505, 26.51)
    east = box(106.495, 26.5, 106.51, 26.51)
    shapes = lonlat(west, east, None)
    assert plane_zone(shapes).to_list() == [35, 36, 0]
    found, truth = plane_area(shapes), ellipsoidal_area(shapes)
    assert found[0] == pytest.approx(shapes.to_crs("EPSG:4544").area[0], rel=1e-12)
    assert found[1] == pytest.approx(shapes.to_crs("EPSG:4545").area[1], rel=1e-12)
    assert (found / truth - 1)[:2].to_list() == pytest.approx([5.4e-4] * 2, rel=0.05)


def test_new_points_lie_on_the_geodesic_and_old_ones_stay():
    line = LineString([(104, 25), (109, 25.5), (109, 28)])
    dense = densify(lonlat(line), max_segment_m=10_000)[0]
    xy = shapely.get_coordinates(dense)
    assert {(104.0, 25.0), (109.0, 25.5), (109.0, 28.0)} <= set(map(tuple, xy))
    steps = GEOD.line_lengths(*xy.T)
    assert steps[: len(xy) - 1].max() <= 10_000 + 1e-6
    assert GEOD.line_length(*xy.T) == pytest.approx(
        GEOD.line_length(*np.array(line.coords).T), rel=1e-12
    )


def test_densifying_keeps_kinds_holes_and_the_crs():
    ring = Polygon(
        box(106, 26, 107, 27).exterior, [box(106.2, 26.2, 106.4, 26.4).exterior]
    )
    given_shapes = lonlat(
        ring, MultiPolygon([ring]), Point(1, 2), None, Polygon(), LineString()
    )
    dense = densify(given_shapes, max_segment_m=5_000)
    assert dense.geom_type.to_list() == given_shapes.geom_type.to_list()
    assert dense.crs == given_shapes.crs
    assert len(dense[0].interiors) == 1
    np.testing.assert_allclose(
        ellipsoidal_area(dense)[:2], ellipsoidal_area(given_shapes)[:2], rtol=1e-10
    )
    assert shapely.get_num_coordinates(dense[0]) > 80


def test_in_a_plane_new_points_lie_on_the_straight_line():
    square = GeoSeries([box(0, 0, 1000, 1000)], crs="EPSG:4545")
    dense = densify(square, max_segment_m=100)
    assert shapely.get_num_coordinates(dense[0]) == 41
    assert dense.area[0] == 1e6


@pytest.mark.parametrize("length", [0.0, -5.0, float("nan")])
def test_a_segment_needs_a_length(length):
    with pytest.raises(ValueError, match="above 0"):
        densify(lonlat(box(106, 26, 107, 27)), max_segment_m=length)


def test_a_line_in_the_plane_has_its_length_on_the_ellipsoid(albers):
    ends = GeoSeries([LineString([(106.7, 26.5), (106.8, 26.6)])], crs=CGCS2000)
    lines = np.array([*ends.to_crs(albers), LineString([(5, 5), (5, 5)])])
    truth = GEOD.inv(106.7, 26.5, 106.8, 26.6)[2]
    assert true_length(lines, albers).tolist() == pytest.approx([truth, 0.0], abs=1e-6)


@pytest.mark.shared
def test_the_88_counties_have_their_geodesic_areas_to_a_millionth(shared, albers):
    oracle = shared / "data/oracles/county_ellipsoid_area_oracle.csv"
    with oracle.open(encoding="utf-8-sig", newline="") as lines:
        truth = {row["adcode"]: row for row in csv.DictReader(lines)}
    counties = geopandas.read_file(shared / "data/guizhou/gz_county_tianditu.geojson")
    shapes = counties.set_index("district_adcode").geometry.set_crs(
        CGCS2000, allow_override=True
    )
    assert set(shapes.index) == set(truth)
    area = np.array([
        float(truth[key]["geodesic_area_m2_geographiclib"]) for key in shapes.index
    ])
    np.testing.assert_allclose(ellipsoidal_area(shapes), area, rtol=1e-11)
    plane = densify(shapes, max_segment_m=1_000).to_crs(albers)
    np.testing.assert_allclose(equal_area_area(plane), area, rtol=1e-8)


@pytest.mark.shared
def test_the_88_counties_have_their_plane_areas(shared):
    oracle = shared / "data/oracles/county_ellipsoid_area_oracle.csv"
    with oracle.open(encoding="utf-8-sig", newline="") as lines:
        truth = {
            row["adcode"]: float(row["gk3_plane_area_m2"])
            for row in csv.DictReader(lines)
        }
    counties = geopandas.read_file(shared / "data/guizhou/gz_county_tianditu.geojson")
    shapes = counties.set_index("district_adcode").geometry.set_crs(
        CGCS2000, allow_override=True
    )
    found = plane_area(shapes)
    off = [abs(found[key] / truth[key] - 1) for key in shapes.index]
    assert max(off) < 1e-6

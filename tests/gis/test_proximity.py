"""Distances: arithmetic, a brute-force geodesic oracle, and what they prove."""

from itertools import pairwise

import numpy as np
import pytest
import shapely
from geopandas import GeoSeries
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas import Series
from pandas.testing import assert_series_equal
from pyproj import Geod
from shapely import LineString, MultiPoint, Point, Polygon, box

from gis.crs import CGCS2000
from gis.errors import CrsError
from gis.proximity import distance, distance_evidence, distance_to_coverage_edge

GEOD = Geod(a=6378137.0, rf=298.257222101)
SEEDS = st.integers(0, 10_000)
LAW = settings(max_examples=15, deadline=None)
# On the central meridian at a standard parallel the plane is as long as the ground.
TRUE = 1e-6


def squares(*sides, crs):
    names = [f"P{nth}" for nth in range(len(sides))]
    return GeoSeries([box(*side) for side in sides], index=names, crs=crs)


def by_brute_force(parcels, features, *, step_m):
    """Measure from points along each boundary to all vertices of all features."""
    lon, lat = shapely.get_coordinates(features.to_crs(CGCS2000).to_numpy()).T
    nearest = []
    for parcel in parcels.boundary.segmentize(step_m).to_crs(CGCS2000):
        at, to = np.meshgrid(np.arange(shapely.get_num_coordinates(parcel)), lon)
        xy = shapely.get_coordinates(parcel)[at.astype(int)]
        metres = GEOD.inv(
            xy[..., 0], xy[..., 1], to, np.broadcast_to(lat[:, None], to.shape)
        )[2]
        nearest.append(metres.min())
    return np.array(nearest)


def test_from_a_boundary_to_a_point_is_a_plain_difference(albers):
    parcels = squares((-50, -50, 50, 50), crs=albers)
    features = GeoSeries([Point(150, 0), Point(0, 1000), None, Point()], crs=albers)
    assert distance(parcels, features)["P0"] == pytest.approx(100.0, rel=TRUE)


def test_lines_are_met_between_their_vertices(albers):
    parcels = squares((-50, -50, 50, 50), crs=albers)
    road = GeoSeries([LineString([(-9000, 250), (9000, 250)])], crs=albers)
    assert distance(parcels, road)["P0"] == pytest.approx(200.0, rel=1e-5)


@pytest.mark.parametrize(
    "feature",
    [
        Point(0, 0),
        Point(50, 10),
        LineString([(50, -90), (50, 90)]),
        LineString([(-90, 0), (90, 0)]),
        box(50, 50, 60, 60),
        box(-900, -900, 900, 900),
        box(-1, -1, 1, 1),
    ],
    ids=["inside", "on edge", "along edge", "across", "corner", "around", "within"],
)
def test_what_touches_or_overlaps_is_at_zero(albers, feature):
    parcels = squares((-50, -50, 50, 50), crs=albers)
    assert distance(parcels, GeoSeries([feature], crs=albers))["P0"] == 0.0


def test_a_polygon_is_met_at_its_edge_and_its_hole_is_outside(albers):
    ring = box(-500, -500, 500, 500).difference(box(-150, -150, 150, 150))
    parcels = squares((-50, -50, 50, 50), (600, 0, 700, 100), crs=albers)
    found = distance(parcels, GeoSeries([ring.segmentize(2.0)], crs=albers))
    assert found.to_list() == pytest.approx([100.0, 100.0], rel=1e-5)


def test_no_features_and_no_shape_leave_it_unknown(albers):
    parcels = GeoSeries([box(0, 0, 1, 1), None, Polygon()], crs=albers)
    assert distance(parcels, GeoSeries([], crs=albers)).isna().all()
    found = distance(parcels, GeoSeries([Point(5, 0)], crs=albers))
    assert found.isna().to_list() == [False, True, True]


@LAW
@given(seed=SEEDS, east=st.floats(-2.8e5, 2.8e5), north=st.floats(-0.5e5, 3.5e5))
def test_metres_are_those_of_a_geodesic_oracle(land, seed, east, north):
    parcels = land(seed, count=4, spread=2_000.0).translate(east, north)
    rng = np.random.default_rng(seed)
    spots = MultiPoint(np.add((east, north), rng.uniform(-2e4, 2e4, (30, 2))))
    features = GeoSeries([spots], crs=parcels.crs)
    truth = by_brute_force(parcels, features, step_m=5.0)
    found = distance(parcels, features).to_numpy()
    # The oracle steps along boundaries, so it may only be longer, and hardly.
    away = found > 100.0
    assert (found[away] <= truth[away] * (1 + 1e-5)).all()
    np.testing.assert_allclose(found[away], truth[away], rtol=1e-3)
    far = found > 2_000.0
    np.testing.assert_allclose(found[far], truth[far], rtol=2e-5)


def test_of_two_features_the_one_nearer_on_the_ground_is_measured(albers):
    # At the south rim the equal-area plane shows east 0.1 % longer than north.
    at = (106.5, 24.7)
    east = GEOD.fwd(*at, 90.0, 10_000.0)[:2]
    north = GEOD.fwd(*at, 0.0, 10_005.0)[:2]
    spots = GeoSeries([Point(at), Point(east), Point(north)], crs=CGCS2000)
    here, *others = spots.to_crs(albers)
    parcels = GeoSeries([here.buffer(0.01)], crs=albers)
    in_the_plane = [here.distance(other) for other in others]
    assert in_the_plane[1] < in_the_plane[0]
    found = distance(parcels, GeoSeries(others, crs=albers))[0]
    assert found == pytest.approx(10_000.0 - 0.01, abs=1e-3)


@LAW
@given(seed=SEEDS, cuts=st.lists(st.integers(0, 20), max_size=4))
def test_cutting_the_parcels_changes_no_distance(land, seed, cuts):
    parcels = land(seed)
    features = land(seed + 1, count=5, spread=5_000.0)
    coverage = GeoSeries([box(-350, -350, 400, 500)], crs=parcels.crs)
    whole = distance(parcels, features)
    edge = distance_to_coverage_edge(parcels, coverage)
    for start, end in pairwise(sorted({0, *cuts, 20})):
        some = parcels.iloc[start:end]
        assert_series_equal(distance(some, features), whole.iloc[start:end])
        assert_series_equal(
            distance_to_coverage_edge(some, coverage), edge.iloc[start:end]
        )


@LAW
@given(seed=SEEDS)
def test_the_order_of_features_changes_no_distance(land, seed):
    parcels, features = land(seed), land(seed + 1, count=6, spread=3_000.0)
    there, back = distance(parcels, features), distance(parcels, features.iloc[::-1])
    np.testing.assert_allclose(there, back, rtol=1e-9, atol=1e-9)


def test_two_planes_and_degrees_are_refused(albers):
    parcels = squares((0, 0, 1, 1), crs=albers)
    with pytest.raises(CrsError):
        distance(parcels, squares((0, 0, 1, 1), crs="EPSG:4545"))
    with pytest.raises(CrsError):
        distance_to_coverage_edge(parcels.to_crs(CGCS2000), parcels.to_crs(CGCS2000))


def test_the_edge_is_as_far_as_the_coverage_reaches(albers):
    parcels = squares(
        (-50, -50, 50, 50), (900, 0, 1000, 100), (950, 0, 1050, 100),
        (2000, 0, 2100, 100), crs=albers,
    )  # fmt: skip
    coverage = squares((-1000, -1000, 0, 1000), (0, -1000, 1000, 1000), crs=albers)
    found = distance_to_coverage_edge(parcels, coverage)
    assert found.iloc[:2].to_list() == pytest.approx([950.0, 0.0], rel=1e-5)
    assert found.iloc[2:].isna().all()


def test_a_hole_of_the_coverage_is_an_edge_too(albers):
    parcels = squares((100, 100, 200, 200), crs=albers)
    ring = box(-9000, -9000, 9000, 9000).difference(box(-10, 100, 40, 200))
    found = distance_to_coverage_edge(parcels, GeoSeries([ring], crs=albers))
    assert found["P0"] == pytest.approx(60.0, rel=1e-5)


def test_without_coverage_nothing_is_inside(albers):
    parcels = squares((0, 0, 1, 1), crs=albers)
    assert distance_to_coverage_edge(parcels, GeoSeries([], crs=albers)).isna().all()


@pytest.mark.parametrize(
    ("found", "edge", "state"),
    [
        (100.0, 100.0, "measured"),
        (np.nextafter(100.0, 200), 100.0, "not_checked"),
        (0.0, 0.0, "measured"),
        (0.0, np.nan, "not_checked"),
        (np.nan, 5e5, "not_checked"),
        (np.nan, np.nan, "not_checked"),
    ],
)
def test_a_distance_is_measured_only_where_nothing_nearer_can_hide(found, edge, state):
    answer = distance_evidence(Series([found], ["P"]), Series([edge], ["P"]))
    assert answer.to_dict() == {"P": state}
    assert answer.cat.categories.tolist() == ["measured", "not_checked"]

"""The compiled distances: those of shapely's path, whatever the layer and the cut."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import shapely
from geopandas import GeoSeries
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, Polygon, box

from gis.crs import CGCS2000, ELLIPSOID
from gis.isometric import isometric
from gis.nearest_grid import nearest_grid
from gis.proximity import (
    distance,
    distance_to_coverage_edge,
    distances,
    edge_distances,
)
from gis.rings import rings_of

SEEDS = st.integers(0, 10_000)
LAW = settings(max_examples=25, deadline=None)


def measured(parcels, features):
    return distances(rings_of(parcels.to_numpy()), nearest_grid(features))


def mixed(land, seed, *, spread):
    """Scatter points, lines and polygons, some of them long, some of them empty."""
    rng = np.random.default_rng(seed)
    spots = list(shapely.points(rng.uniform(-spread, spread, (5, 2))))
    walks = np.cumsum(rng.normal(0, spread / 6, (3, 6, 2)), axis=1)
    stars = land(seed, count=4, spread=spread, radius=spread / 5, corners=40)
    shapes = [*spots, *map(LineString, walks), *stars, None, Point(), Polygon()]
    kept = [shapes[nth] for nth in rng.permutation(len(shapes))]
    return GeoSeries(kept[: rng.integers(1, len(kept) + 1)], crs=stars.crs)


@LAW
@given(
    seed=SEEDS,
    spread=st.sampled_from([50.0, 400.0, 3_000.0, 40_000.0, 300_000.0]),
    north=st.sampled_from([0.0, 300_000.0]),
)
def test_distances_are_those_of_the_shapely_path(land, seed, spread, north):
    parcels = land(seed, spread=spread / 2).translate(0.0, north)
    features = mixed(land, seed + 1, spread=spread).translate(0.0, north)
    truth = distance(parcels, features).to_numpy()
    found = measured(parcels, features)
    np.testing.assert_allclose(found, truth, rtol=0.0, atol=1e-3)
    assert ((found == 0.0) == (truth == 0.0)).all()


@LAW
@given(seed=SEEDS)
def test_of_points_they_are_the_same_to_the_micrometre(land, seed):
    rng = np.random.default_rng(seed)
    parcels = land(seed, spread=20_000.0)
    spots = shapely.points(rng.uniform(-1e5, 1e5, (300, 2)))
    features = GeoSeries(spots, crs=parcels.crs)
    truth = distance(parcels, features).to_numpy()
    np.testing.assert_allclose(measured(parcels, features), truth, rtol=0, atol=1e-6)


@LAW
@given(seed=SEEDS, east=st.integers(-400, 400), north=st.integers(-400, 400))
def test_whole_metres_touch_where_shapely_says_so(albers, seed, east, north):
    rng = np.random.default_rng(seed)
    middle = np.array([east, north])
    low = middle + rng.integers(-8, 8, (20, 2))
    high = low + rng.integers(1, 5, (20, 2))
    boxes = shapely.box(*low.T, *high.T)
    ends = middle + rng.integers(-9, 9, (6, 2, 2))
    ends[:, 1, 0] += 18 * (ends[:, 0] == ends[:, 1]).all(axis=1)  # a line, no point
    corners = middle + rng.integers(-9, 9, (3, 2))
    features = [
        *shapely.linestrings(ends[:3]),
        *shapely.points(ends[3:, 0]),
        *shapely.box(*corners.T, *(corners + 2).T),
    ]
    parcels = GeoSeries(boxes, crs=albers)
    for feature in features:
        layer = GeoSeries([feature], crs=albers)
        touching = parcels.intersects(feature).to_numpy()
        assert ((measured(parcels, layer) == 0.0) == touching).all()


@pytest.mark.parametrize(
    "feature",
    [
        Point(0, 0),
        Point(50, 10),
        LineString([(50, -90), (50, 90)]),
        LineString([(-90, 0), (90, 0)]),
        LineString([(-9000, -9000), (9000, 9000)]),
        box(50, 50, 60, 60),
        box(-900, -900, 900, 900),
        box(-90_000, -90_000, 90_000, 90_000).segmentize(100.0),
        LineString([(50, -8123.7), (50, 9999.1)]),
        LineString([(-7001.3, 50), (9999.1, 50)]),
        LineString([(-7050, -6950), (7000, 7100)]),
        box(-1, -1, 1, 1),
        box(-50, -50, 50, 50),
    ],
    ids=[
        "inside", "on edge", "along edge", "across", "long", "corner", "around",
        "far around", "long along", "long across", "slanting", "within", "same",
    ],
)  # fmt: skip
def test_what_touches_or_overlaps_is_at_zero(albers, feature):
    parcels = GeoSeries([box(-50, -50, 50, 50)], crs=albers)
    far = Point(60.0, 0.0)
    assert measured(parcels, GeoSeries([far, feature], crs=albers))[0] == 0.0


def test_a_part_within_a_polygon_is_enough_and_a_hole_is_outside(albers):
    ring = box(-500, -500, 500, 500).difference(box(-150, -150, 150, 150))
    parts = MultiPolygon([box(-50, -50, 50, 50), box(300, 300, 310, 310)])
    parcels = GeoSeries([parts, box(-50, -50, 50, 50)], crs=albers)
    found = measured(parcels, GeoSeries([ring.segmentize(2.0)], crs=albers))
    assert found.tolist() == pytest.approx([0.0, 100.0], rel=1e-5)


def test_a_feature_in_a_parcels_hole_is_as_far_as_the_hole_is_wide(albers):
    ring = box(-500, -500, 500, 500).difference(box(-150, -150, 150, 150))
    parcels = GeoSeries([ring], crs=albers)
    found = measured(parcels, GeoSeries([Point(0, 50)], crs=albers))
    assert found[0] == pytest.approx(100.0, rel=1e-5)


def test_no_features_and_no_shape_leave_it_unknown(albers):
    parcels = GeoSeries([box(0, 0, 1, 1), None, Polygon()], crs=albers)
    for nothing in ([], [None, Point()]):
        layer = GeoSeries(nothing, crs=albers)
        assert np.isnan(measured(parcels, layer)).all()
    found = measured(parcels, GeoSeries([Point(5, 0)], crs=albers))
    assert np.isnan(found).tolist() == [False, True, True]
    assert not len(measured(parcels.iloc[:0], GeoSeries([Point(5, 0)], crs=albers)))


def test_a_ring_without_points_takes_no_edge_from_its_parcel(albers):
    square, spots = box(0, 0, 100, 100), [Point(-50, 50), Point(50, -50),
        Point(150, 50), Point(50, 150)]  # fmt: skip
    plain = rings_of(np.array([square]))
    hollow = replace(plain, ring=np.array([0, 5, 5, 5]), shape=np.array([0, 3]))

    for spot in spots:
        grid = nearest_grid(GeoSeries([spot], crs=albers))
        assert distances(hollow, grid).tolist() == distances(plain, grid).tolist()
        assert distances(hollow, grid) == pytest.approx(50.0, abs=0.1)


@LAW
@given(seed=SEEDS, cuts=st.lists(st.integers(0, 20), max_size=4))
def test_cutting_the_parcels_changes_no_bit(land, seed, cuts):
    parcels = land(seed)
    plane = rings_of(parcels.to_numpy())
    radians = isometric(plane, parcels.crs)
    grid = nearest_grid(mixed(land, seed + 1, spread=2_000.0))
    whole = distances(plane, grid)
    for start, end in pairwise(sorted({0, *cuts, 20})):
        seen = radians.part(start, end)
        some = distances(plane.part(start, end), grid, radians=seen)
        assert some.tobytes() == whole[start:end].tobytes()


@LAW
@given(seed=SEEDS)
def test_the_order_of_features_changes_no_distance(land, seed):
    parcels, features = land(seed), mixed(land, seed + 1, spread=3_000.0)
    there, back = measured(parcels, features), measured(parcels, features.iloc[::-1])
    np.testing.assert_allclose(there, back, rtol=1e-9, atol=1e-9)


def test_two_projections_of_one_vertex_touch(albers):
    parcels = GeoSeries([box(0, 0, 1, 1)], crs=albers)
    spot = GeoSeries([Point(1.0 + 1e-8, 1.0), Point(3, 3)], crs=albers)
    assert measured(parcels, spot)[0] == 0.0
    assert measured(parcels, spot.translate(1e-4))[0] == pytest.approx(1e-4, rel=0.01)


def test_a_line_without_length_is_a_point(albers):
    parcels = GeoSeries([box(0, 0, 1, 1)], crs=albers)
    line = GeoSeries([LineString([(5, 0), (5, 0)])], crs=albers)
    spot = GeoSeries([Point(5, 0)], crs=albers)
    assert measured(parcels, line) == measured(parcels, spot)


def test_a_parcel_wider_than_the_series_reaches_is_measured_too(albers):
    parcels = GeoSeries([box(-2e4, -2e4, 2e4, 2e4).segmentize(500.0)], crs=albers)
    spots = GeoSeries([Point(9e4, 3e4), Point(-8e4, 0)], crs=albers)
    truth = distance(parcels, spots).to_numpy()
    np.testing.assert_allclose(measured(parcels, spots), truth, rtol=0, atol=1e-6)


@LAW
@given(seed=SEEDS)
def test_the_edge_is_as_far_as_the_coverage_reaches(land, seed):
    parcels = land(seed, spread=900.0)
    coverage = land(seed + 1, count=3, radius=1_500.0, corners=60)
    truth = distance_to_coverage_edge(parcels, coverage)
    edge = GeoSeries([coverage.union_all().boundary], crs=coverage.crs)
    share = truth.notna().to_numpy().astype(float)
    plane = rings_of(parcels.to_numpy())
    found = edge_distances(plane, nearest_grid(edge), share, np.full(len(share), 1e6))
    np.testing.assert_allclose(found, truth, rtol=0.0, atol=1e-3)


@LAW
@given(seed=SEEDS, share=st.floats(0.0, 2.0))
def test_an_edge_is_told_wherever_it_is_nearer_than_what_was_found(land, seed, share):
    # More parcels than stand in one block, and some that the coverage does not hold.
    parcels = land(seed, count=80, spread=2_000.0)
    coverage = land(seed + 1, count=3, radius=3_000.0, corners=60)
    truth = distance_to_coverage_edge(parcels, coverage).to_numpy()
    edge = nearest_grid(GeoSeries([coverage.union_all().boundary], crs=coverage.crs))
    rng = np.random.default_rng(seed)
    found_m = np.nan_to_num(truth, nan=50.0) * rng.uniform(0.0, share + 1e-6, 80)
    inside = (~np.isnan(truth)).astype(float)

    told = edge_distances(rings_of(parcels.to_numpy()), edge, inside, found_m)

    near = truth <= found_m
    np.testing.assert_allclose(told[near], truth[near], rtol=0.0, atol=1e-3)
    far = truth > found_m + 1e-3
    assert (told[far] > found_m[far]).all()
    assert np.isnan(told[np.isnan(truth)]).all()


@pytest.mark.parametrize("crs", ["EPSG:4545", "EPSG:4524", "EPSG:32648"])
def test_any_plane_in_metres_will_do(albers, crs):
    parcels = GeoSeries([box(-50, -50, 50, 50)], crs=albers).to_crs(crs)
    spots = GeoSeries([Point(900, 50), Point(0, -4_000)], crs=albers).to_crs(crs)
    truth = distance(parcels, spots).to_numpy()
    np.testing.assert_allclose(measured(parcels, spots), truth, rtol=0, atol=1e-6)


@given(lon=st.floats(95, 115), lat=st.floats(5, 50))
def test_isometric_coordinates_are_those_of_pyprojs_degrees(albers, lon, lat):
    at = GeoSeries([Point(lon, lat).buffer(1e-5)], crs=CGCS2000)
    seen = isometric(rings_of(at.to_crs(albers).to_numpy()), albers)
    lonlat = rings_of(at.to_numpy())
    np.testing.assert_allclose(seen.x, np.radians(lonlat.x), rtol=0, atol=3e-15)
    sine, e = np.sin(np.radians(lonlat.y)), np.sqrt(ELLIPSOID.es)
    truth = np.arctanh(sine) - e * np.arctanh(e * sine)
    np.testing.assert_allclose(seen.y, truth, rtol=0, atol=3e-15)

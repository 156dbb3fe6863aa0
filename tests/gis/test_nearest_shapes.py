"""The nearest of shapes: whoever asks in between, the proof is what all of it gives."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import shapely
from geopandas import GeoSeries
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, box

from gis.crs import CGCS2000, equal_area
from gis.nearest_shapes import CoverageEdge, Nearest, box_of, seen_in, simple_of
from gis.proximity import distance, distance_to_coverage_edge

GUIZHOU = (103.6, 24.6, 109.6, 29.3)
SEEDS = st.integers(0, 10_000)
LAW = settings(max_examples=15, deadline=None)


def edge_of(parcels, coverage, seen=None):
    shapes, outline = parcels.to_numpy(), coverage.to_numpy()
    return CoverageEdge(shapes, outline, parcels.crs, seen=seen)


def looked_around(land, seed):
    """Scatter parcels over a coverage with a hole; some lie across its edge."""
    parcels = land(seed, count=30, spread=4_000.0)
    outline = box(-4_000, -4_000, 4_000, 4_000) - box(-900, 200, 300, 1_400)
    return parcels, GeoSeries([outline], crs=parcels.crs)


@LAW
@given(seed=SEEDS, reaches=st.lists(st.floats(0.0, 9_000.0), min_size=1, max_size=4))
def test_an_edge_asked_for_up_to_a_reach_proves_what_the_whole_edge_proves(
    land, seed, reaches
):
    parcels, coverage = looked_around(land, seed)
    truth = distance_to_coverage_edge(parcels, coverage).to_numpy()
    edge = edge_of(parcels, coverage)
    rng = np.random.default_rng(seed)
    for reach in reaches:  # one after the other: the second finds what the first left
        asked = rng.uniform(0.0, reach, len(parcels))
        metres = edge.metres(asked)
        np.testing.assert_array_equal(np.isnan(metres), np.isnan(truth))
        np.testing.assert_array_equal(asked <= metres, asked <= truth)
        near = np.isfinite(metres)
        np.testing.assert_array_equal(metres[near], truth[near])


def test_what_is_surely_farther_is_not_measured_and_told_as_infinite(land):
    parcels, coverage = looked_around(land, 3)
    metres = edge_of(parcels, coverage).metres(np.full(len(parcels), 1.0))
    truth = distance_to_coverage_edge(parcels, coverage).to_numpy()
    assert np.isposinf(metres[truth > 500.0]).all()
    assert (truth > 500.0).sum() > 10


def test_a_plane_that_stretches_far_prunes_no_edge_that_is_within_reach():
    # From the equator to 82 N: at its northern rim all is drawn a third too long.
    region = (60.0, 0.0, 120.0, 82.0)
    lonlat = GeoSeries([box(90.0, 81.5, 90.01, 81.501)], crs=CGCS2000)
    looked = GeoSeries([box(89.0, 81.2, 91.0, 81.8)], crs=CGCS2000)
    crs = equal_area(region)
    seen = seen_in(lonlat, region)
    truth = edge_of(lonlat.to_crs(crs), looked.to_crs(crs), seen).metres()
    again = edge_of(lonlat.to_crs(crs), looked.to_crs(crs), seen).metres(truth + 1.0)
    assert seen.stretch > 1.25
    assert np.isfinite(truth).all()
    np.testing.assert_array_equal(again, truth)


def test_parcels_that_nothing_was_found_for_ask_nothing(land):
    parcels, coverage = looked_around(land, 4)
    metres = edge_of(parcels, coverage).metres(np.full(len(parcels), np.nan))
    inside = ~distance_to_coverage_edge(parcels, coverage).isna().to_numpy()
    assert np.isposinf(metres[inside]).all()
    assert np.isnan(metres[~inside]).all()


def test_threads_that_ask_one_edge_learn_what_each_would_alone(land):
    parcels, coverage = looked_around(land, 5)
    reaches = [np.full(len(parcels), reach) for reach in (50.0, 900.0, 9_000.0)] * 4
    alone = [edge_of(parcels, coverage).metres(reach) for reach in reaches]
    edge = edge_of(parcels, coverage)
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(edge.metres, reaches))
    for reach, one, other in zip(reaches, alone, together, strict=True):
        np.testing.assert_array_equal(reach <= one, reach <= other)


@LAW
@given(seed=SEEDS)
def test_on_the_plane_of_a_province_distances_are_those_on_the_features_own(land, seed):
    parcels = land(seed)
    features = land(seed + 1, count=6, spread=5_000.0)
    seen = seen_in(parcels.to_crs(CGCS2000), GUIZHOU)
    own, shared = distance(parcels, features), distance(parcels, features, seen=seen)
    np.testing.assert_allclose(shared, own, rtol=2e-6, atol=1e-6)


@pytest.mark.parametrize(
    "feature",
    [
        LineString([(-9_000, 3_000), (9_000, 3_000)]),
        LineString([(2_000, -9_000), (2_000, 9_000)]),
        Point(-4_000, -3_000),
        box(2_000, -500, 2_600, 500),
    ],
    ids=["along the north", "along the east", "at a corner", "wall to wall"],
)
def test_what_touches_a_big_parcel_is_at_zero_however_its_edges_bend(albers, feature):
    parcels = GeoSeries([box(-4_000, -3_000, 2_000, 3_000)], crs=albers)
    far = parcels.translate(2.4e5, 2.4e5)
    moved = GeoSeries([feature], crs=albers).translate(2.4e5, 2.4e5)
    seen = seen_in(far.to_crs(CGCS2000), GUIZHOU)
    assert distance(far, moved, seen=seen).tolist() == [0.0]
    assert distance(far, moved).tolist() == [0.0]


def test_missing_and_empty_parcels_are_not_there_and_disturb_no_other(albers):
    parcels = GeoSeries([None, box(0, 0, 1, 1), shapely.Polygon()], crs=albers)
    seen = seen_in(parcels.to_crs(CGCS2000), GUIZHOU)
    assert seen.there.tolist() == [False, True, False]
    found = distance(parcels, GeoSeries([Point(11, 0)], crs=albers), seen=seen)
    assert found.isna().tolist() == [True, False, True]


@LAW
@given(seed=SEEDS, reach=st.floats(0.0, 20_000.0))
def test_what_is_told_to_be_out_of_reach_is(land, seed, reach):
    parcels, spots = land(seed), land(seed + 1, spread=9_000.0).centroid
    simple = simple_of(spots.to_numpy())
    seen = seen_in(parcels.to_crs(CGCS2000), box_of(simple, parcels.crs))
    nearest = Nearest(parcels.to_numpy(), simple, parcels.crs, seen)
    rows = np.arange(len(parcels))
    out = ~nearest.within(rows, np.full(len(rows), reach))
    assert (nearest.metres(rows)[out] > reach).all()
    assert not nearest.within(rows, np.full(len(rows), np.nan)).any()
    assert nearest.within(rows, np.full(len(rows), np.inf)).all()

"""Pairs of a million: the pairs and areas of `self_overlap`."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, box
from shapely.affinity import rotate

from gis.rings import rings_of
from gis.topology import overlapping_pairs, rim, self_overlap

SEEDS = st.integers(0, 10_000)
LAW = settings(max_examples=25, deadline=None)


def pairs_of(*polygons):
    left, right, area = overlapping_pairs(
        rings_of(np.array([*polygons, None], dtype=object)[:-1])
    )
    return list(zip(left.tolist(), right.tolist(), area.tolist(), strict=True))


def test_squares_share_what_they_share_and_touching_is_nothing():
    assert pairs_of(
        box(0, 0, 10, 10), box(10, 0, 20, 10), box(8, 5, 12, 6), box(50, 50, 51, 51)
    ) == [(0, 2, 2.0), (1, 2, 2.0)]


def test_the_same_parcel_twice_is_a_pair_with_all_of_both():
    shape = rotate(box(0, 0, 37.1, 11.3).difference(box(3, 3, 4, 5)), 31)
    area = rings_of(np.array([shape]))
    assert pairs_of(shape, shape) == [(0, 1, area.area()[0])]


def test_a_parcel_in_the_hole_of_another_shares_nothing_and_an_island_all():
    ring = box(0, 0, 10, 10).difference(box(2, 2, 8, 8))
    assert pairs_of(ring, box(2, 2, 8, 8), box(0.5, 0.5, 1.5, 1)) == [(0, 2, 0.5)]


def test_nothing_and_parcels_without_ground_have_no_pairs():
    assert pairs_of() == []
    assert pairs_of(None, Polygon(), box(0, 0, 1, 1), box(1, 1, 1, 1)) == []


@LAW
@given(seed=SEEDS, corners=st.sampled_from([5, 12, 90, 700]), size=st.floats(10, 400))
def test_pairs_and_areas_are_those_of_the_shapely_path(land, seed, corners, size):
    parcels = land(seed, count=25, corners=corners, radius=size)
    parcels = pd.concat([parcels, parcels.iloc[:3]], ignore_index=True)
    truth = self_overlap(parcels, sliver_m2=1e-6)
    left, right, area = overlapping_pairs(rings_of(parcels.to_numpy()))

    assert np.array_equal(left, truth["left"])
    assert np.array_equal(right, truth["right"])
    np.testing.assert_allclose(area, truth["overlap_m2"], rtol=1e-9, atol=1e-6)


@LAW
@given(seed=SEEDS)
def test_a_window_finds_the_same_bits(land, seed):
    parcels = rings_of(land(seed, count=30, corners=200).to_numpy())
    left, right, area = overlapping_pairs(parcels)
    among = (left >= 5) & (right < 20)

    some = overlapping_pairs(parcels.part(5, 20))
    assert np.array_equal(some[0] + 5, left[among])
    assert np.array_equal(some[1] + 5, right[among])
    assert np.array_equal(some[2], area[among])


@LAW
@given(seed=SEEDS)
def test_a_plane_parted_without_gaps_has_no_pairs(seed):
    rng = np.random.default_rng(seed)
    sites = shapely.MultiPoint(rng.uniform(400_000, 401_000, (60, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(sites))

    assert len(overlapping_pairs(rings_of(cells))[0]) == 0


@pytest.mark.parametrize("far", [1.0, 1e7])
def test_one_giant_among_many_small_ones(far):
    small = [box(i, j, i + 1, j + 1) for i in range(20) for j in range(20)]
    found = pairs_of(*small, box(0.5, -far, 1.5, far))

    assert {row[1] for row in found} == {400}
    assert sum(row[2] for row in found) == pytest.approx(min(far, 20.0))


@LAW
@given(seed=SEEDS, parts=st.integers(1, 4), radius=st.floats(10, 200))
def test_pairs_of_several_parts_are_on_the_rim_and_those_of_one_part_no_pairs(
    land, seed, parts, radius
):
    parcels = rings_of(land(seed, count=40, radius=radius).to_numpy())
    # Neighbours along a line stand in one part, as they do along a Hilbert curve.
    part = np.argsort(np.argsort(parcels.bounds()[:, 0])) * parts // 40
    whole = np.column_stack(overlapping_pairs(parcels))
    left, right = whole[:, :2].astype(int).T
    apart = part[left] != part[right]

    across = np.column_stack(overlapping_pairs(parcels, part=part))

    np.testing.assert_array_equal(across, whole[apart])
    outer = rim(parcels.bounds(), part)
    assert outer[left[apart]].all()
    assert outer[right[apart]].all()


def test_a_parcel_far_from_all_others_is_on_no_rim():
    parcels = rings_of(np.array([box(0, 0, 9, 9), box(900, 900, 909, 909), Polygon()]))
    assert rim(parcels.bounds(), np.array([0, 1, 2])).tolist() == [False] * 3

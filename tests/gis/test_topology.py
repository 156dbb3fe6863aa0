"""Neighbours: who overlaps whom, and who stands twice."""

import numpy as np
import pytest
from geopandas import GeoSeries
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_series_equal
from shapely import Polygon, box

from gis.errors import CrsError
from gis.topology import duplicates, self_overlap

SEEDS = st.integers(0, 10_000)
LAW = settings(max_examples=15, deadline=None)


def named(crs, **shapes):
    return GeoSeries(list(shapes.values()), index=list(shapes), crs=crs)


def test_a_shared_strip_is_a_pair_with_its_area_and_share(albers):
    parcels = named(
        albers, c=box(0, 0, 10, 10), a=box(8, 0, 28, 10), b=box(50, 0, 60, 10)
    )
    pairs = self_overlap(parcels)
    assert pairs.to_dict("records") == [
        {"left": "c", "right": "a", "overlap_m2": 20.0, "share": 0.2}
    ]


def test_neighbours_that_touch_do_not_overlap(albers):
    parcels = named(
        albers, a=box(0, 0, 10, 10), b=box(10, 0, 20, 10), c=box(10, 10, 20, 20)
    )
    assert self_overlap(parcels).empty
    assert self_overlap(parcels).columns.tolist() == [
        "left", "right", "overlap_m2", "share"
    ]  # fmt: skip


@pytest.mark.parametrize(("sliver", "pairs"), [(0.0, 1), (19.999, 1), (20.0, 0)])
def test_slivers_up_to_the_limit_are_left_out(albers, sliver, pairs):
    parcels = named(albers, a=box(0, 0, 10, 10), b=box(8, 0, 18, 10))
    assert len(self_overlap(parcels, sliver_m2=sliver)) == pairs


def test_missing_and_empty_parcels_overlap_nobody(albers):
    parcels = named(albers, a=None, b=Polygon(), c=box(0, 0, 1, 1), d=box(0, 0, 1, 1))
    assert len(self_overlap(parcels)) == 1
    assert duplicates(parcels).to_dict() == {"a": "", "b": "", "c": "", "d": "c"}


@LAW
@given(seed=SEEDS)
def test_pairs_are_those_of_a_plain_loop(land, seed):
    parcels = land(seed)
    truth = {
        (left, right): parcels[left].intersection(parcels[right]).area
        for at, left in enumerate(parcels.index)
        for right in parcels.index[at + 1 :]
        if parcels[left].intersection(parcels[right]).area > 0
    }
    pairs = self_overlap(parcels)
    found = dict(
        zip(zip(pairs["left"], pairs["right"], strict=True), pairs["overlap_m2"],
            strict=True)
    )  # fmt: skip
    assert found == pytest.approx(truth, rel=1e-9)
    assert list(found) == sorted(found)
    assert pairs["share"].between(0, 1).all()


def test_a_duplicate_may_start_elsewhere_turn_back_and_hold_needless_points(albers):
    ring = [(0, 0), (100, 0), (100, 50), (0, 50)]
    parcels = named(
        albers,
        z=Polygon(ring),
        m=Polygon(ring[2:] + ring[:2]),
        a=Polygon(ring[::-1]).segmentize(7.0),
        other=box(0, 0, 100, 51),
    )
    assert duplicates(parcels).to_dict() == {"z": "a", "m": "a", "a": "", "other": ""}


def test_a_part_is_no_duplicate_of_its_whole(albers):
    parcels = named(albers, a=box(0, 0, 100, 100), b=box(0, 0, 100, 99.99))
    assert duplicates(parcels).to_list() == ["", ""]


@LAW
@given(seed=SEEDS)
def test_order_changes_no_duplicate(land, seed):
    once = land(seed, count=10)
    again = once.iloc[[2, 5, 5]].set_axis(["X2", "X5", "A5"])
    parcels = GeoSeries(
        np.concatenate([once, again]), index=[*once.index, *again.index], crs=once.crs
    )
    found = duplicates(parcels)
    assert found[found != ""].to_dict() == {
        "X2": "GZ-002", "GZ-005": "A5", "X5": "A5"
    }  # fmt: skip
    mixed = parcels.sample(frac=1.0, random_state=seed)
    assert_series_equal(duplicates(mixed), found[mixed.index])


def test_degrees_are_refused(land):
    with pytest.raises(CrsError):
        self_overlap(land(1).to_crs("EPSG:4490"))

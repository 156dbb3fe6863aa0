"""Neighbours: known ones by arithmetic, crowds against shapely."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, Polygon, box

from gis.adjacency import adjacency
from gis.rings import rings_of

SEEDS = st.integers(0, 10_000)
LAW = settings(max_examples=25, deadline=None)
EAST, NORTH = 500_000.0, 2_900_000.0


def pairs(shapes, within_m):
    found = adjacency(rings_of(np.array(shapes, dtype=object)), within_m)
    return [column.tolist() for column in found]


def by_shapely(parcels, within_m):
    tree = shapely.STRtree(parcels)
    left, right = tree.query(parcels, predicate="dwithin", distance=within_m)
    left, right = left[left < right], right[left < right]
    by = np.lexsort((right, left))
    return left[by], right[by], shapely.distance(parcels[left[by]], parcels[right[by]])


def test_a_road_of_twenty_metres_is_bridged_and_a_wider_one_is_not():
    row = [box(0, 0, 50, 50), box(70, 0, 120, 50), box(141, 0, 190, 50)]

    assert pairs(row, 20) == [[0], [1], [20]]
    assert pairs(row, 21) == [[0, 1], [1, 2], [20, 21]]


def test_what_touches_overlaps_or_is_held_has_no_gap():
    holder = box(0, 0, 100, 100)
    others = [
        box(100, 20, 120, 40),  # shares an edge
        box(-10, -10, 0, 0),  # shares a corner
        box(90, 90, 110, 110),  # overlaps
        box(40, 40, 60, 60),  # lies inside
        holder,  # lies there twice
    ]
    for other in others:
        assert pairs([holder, other], 5) == [[0], [1], [0]]
        assert pairs([other, holder], 0) == [[0], [1], [0]]


def test_a_parcel_in_a_hole_keeps_its_gap():
    holed = Polygon(box(0, 0, 100, 100).exterior, [box(30, 30, 70, 70).exterior.coords])

    assert pairs([holed, box(40, 40, 60, 60)], 20) == [[0], [1], [10]]
    assert pairs([holed, box(40, 40, 60, 60)], 9) == [[], [], []]


def test_one_part_that_lies_inside_is_enough():
    scattered = MultiPolygon([box(500, 0, 510, 10), box(40, 40, 60, 60)])

    assert pairs([scattered, box(0, 0, 100, 100)], 5) == [[0], [1], [0]]


def test_gaps_run_from_boundary_to_boundary():
    triangle = Polygon([(0, 0), (10, 10), (0, 20)])

    assert pairs([box(20, 0, 30, 20), triangle], 10) == [[0], [1], [10]]
    assert pairs([Polygon([(13, 14), (20, 20), (13, 20)]), triangle], 10)[2] == (
        pytest.approx([7 / np.sqrt(2)])
    )


def test_nobody_is_the_neighbour_of_nothing():
    assert pairs([], 20) == [[], [], []]
    assert pairs([None, Polygon(), Point(1, 1)], 20) == [[], [], []]
    assert pairs([None, box(0, 0, 1, 1), Point(1, 1), box(1, 0, 2, 1)], 20) == [
        [1], [3], [0],
    ]  # fmt: skip


def test_one_giant_among_many_small_ones_is_found_by_all():
    small = [box(x, y, x + 1, y + 1) for x in range(0, 40, 2) for y in range(0, 40, 2)]
    parcels = np.array([*small, box(-50_000, -9, 50_000, -1)], dtype=object)

    left, right, gap = adjacency(rings_of(parcels), 3)

    wanted = by_shapely(parcels, 3)
    assert np.array_equal(left, wanted[0])
    assert np.array_equal(right, wanted[1])
    assert gap == pytest.approx(wanted[2])


@LAW
@given(
    seed=SEEDS,
    within_m=st.sampled_from([0.0, 0.5, 20.0, 150.0]),
    spread=st.sampled_from([200.0, 1_000.0]),
)
def test_crowds_have_the_neighbours_that_shapely_finds(land, seed, within_m, spread):
    parcels = land(seed, count=60, spread=spread).translate(EAST, NORTH).to_numpy()

    left, right, gap = adjacency(rings_of(parcels), within_m)

    wanted = by_shapely(parcels, within_m)
    assert np.array_equal(left, wanted[0])
    assert np.array_equal(right, wanted[1])
    assert gap == pytest.approx(wanted[2], abs=1e-8)
    assert np.array_equal(gap == 0, wanted[2] == 0)


@LAW
@given(seed=SEEDS, start=st.integers(0, 30))
def test_a_window_knows_its_own_neighbours(land, seed, start):
    rings = rings_of(land(seed, count=40).to_numpy())
    left, right, gap = adjacency(rings, 20)

    some = adjacency(rings.part(start, start + 10), 20)

    inside = (left >= start) & (right < start + 10)
    assert np.array_equal(some[0] + start, left[inside])
    assert np.array_equal(some[1] + start, right[inside])
    assert np.array_equal(some[2], gap[inside])

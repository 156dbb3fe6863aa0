"""Overlaps by the grid: the areas of an overlay, whatever the cells and cuts."""

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box
from shapely.affinity import scale, translate

from gis.area_grid import area_grid
from gis.overlay_kernel import overlap_areas, overlap_pairs
from gis.rings import rings_of

SEEDS = st.integers(0, 10_000)
CELLS = st.sampled_from([None, 8.0, 17.3, 64.0, 100.0, 5_000.0])
LAW = settings(max_examples=25, deadline=None)


def shapes(*polygons):
    return np.array([*polygons, None], dtype=object)[:-1]


def grid_of(layer, group=None, groups=1, cell_m=None):
    group = np.zeros(len(layer), np.int64) if group is None else group
    return area_grid(rings_of(layer), group, groups, cell_m=cell_m)


def measured(parcels, layer, **how):
    return overlap_areas(rings_of(parcels), grid_of(layer, **how))


def by_geos(parcels, layer, group, groups):
    """Tell what GEOS's own overlay tells: it shares no code with either engine."""
    areas = np.zeros((len(parcels), groups))
    for number in range(groups):
        ground = shapely.union_all(layer[group == number])
        areas[:, number] = shapely.area(shapely.intersection(parcels, ground))
    areas[shapely.is_missing(parcels) | shapely.is_empty(parcels)] = np.nan
    return areas


def assert_is_truth(parcels, layer, group=None, groups=1, cell_m=None):
    numbers = np.zeros(len(layer), np.int64) if group is None else group
    truth = by_geos(parcels, layer, numbers, groups)
    found = measured(parcels, layer, group=group, groups=groups, cell_m=cell_m)
    np.testing.assert_allclose(found, truth, rtol=1e-9, atol=2e-6)


def blocks(draw, *, side=5):
    """Draw unit squares of a lattice, united: corners on cells' borders, holes."""
    cells = draw(st.sets(st.tuples(*[st.integers(0, side)] * 2), min_size=1))
    return shapely.union_all([box(i, j, i + 1, j + 1) for i, j in cells])


def test_a_quarter_of_a_square_is_a_quarter():
    parcels = shapes(box(0, 0, 100, 100), box(200, 0, 300, 100))
    layer = shapes(box(50, 50, 150, 150))

    assert measured(parcels, layer).tolist() == [[2500.0], [0.0]]


@pytest.mark.parametrize("cell_m", [None, 1.0, 7.7, 1_000.0])
def test_a_parcel_within_is_all_of_its_area_to_the_last_bit(land, cell_m):
    parcels = land(3, radius=10.0).to_numpy()
    layer = shapes(box(-1000, -1000, 0, 1000), box(0, -1000, 1000, 1000))
    whole = rings_of(parcels).area()

    assert (measured(parcels, layer, cell_m=cell_m)[:, 0] == whole).all()
    assert (measured(parcels, parcels, cell_m=cell_m)[:, 0] <= whole).all()


@pytest.mark.parametrize("cell_m", [None, 10.0, 7.7, 40.0])
def test_what_no_edge_runs_through_is_held_by_each_group_that_lies_there(cell_m):
    # Groups 0 and 1 lie over each other in the west, group 2 in the east; a yard is
    # left open in group 0, its walls along borders of cells of 10 and of 40.
    layer = shapes(
        box(0, 0, 400, 400) - box(120, 120, 160, 160),
        box(0, 0, 200, 400),
        box(400, 0, 600, 400),
    )
    parcels = shapes(
        box(30, 30, 95, 95).buffer(3), box(210, 30, 333, 288).buffer(3),
        box(420, 20, 590, 390), box(125, 125, 155, 155), box(900, 0, 950, 50),
        box(120, 120, 160, 160), box(110, 130, 170, 150), box(390, 30, 410, 60),
    )  # fmt: skip
    whole = rings_of(parcels).area()
    found = measured(parcels, layer, group=np.arange(3), groups=3, cell_m=cell_m)

    a, b, c = whole[:3]
    assert found[0].tolist() == [a, a, 0.0]
    assert found[1].tolist() == [b, 0.0, 0.0]
    assert found[2].tolist() == [0.0, 0.0, c]
    assert found[3].tolist() == [0.0, 900.0, 0.0]
    assert found[4].tolist() == [0.0, 0.0, 0.0]
    assert found[5].tolist() == [0.0, 1600.0, 0.0]
    assert found[6].tolist() == pytest.approx([400.0, 1200.0, 0.0], abs=1e-9)
    assert found[7].tolist() == pytest.approx([300.0, 0.0, 300.0], abs=1e-9)


@pytest.mark.parametrize("cell_m", [None, 10.0, 3.0])
def test_touching_is_not_overlapping(cell_m):
    parcels = shapes(box(0, 0, 10, 10), Polygon([(20, 0), (40, 13), (20, 10)]))
    layer = shapes(
        box(10, 0, 20, 10), box(10, 10, 20, 20), Polygon([(20, 0), (40, 0), (40, 13)])
    )

    row, _, _ = overlap_pairs(rings_of(parcels), grid_of(layer, cell_m=cell_m))
    assert row.tolist() == []


def test_ground_that_a_group_holds_twice_counts_once():
    parcels = shapes(box(0, 0, 10, 10), box(20, 0, 30, 10))
    layer = shapes(
        box(0, 0, 6, 10), box(4, 0, 8, 10), box(0, 0, 6, 10), box(19, 0, 31, 11)
    )

    assert measured(parcels, layer).tolist() == [[80.0], [100.0]]
    groups = np.array([0, 1, 0, 1])
    assert measured(parcels, layer, group=groups, groups=2).tolist() == [
        [60.0, 40.0],
        [0.0, 100.0],
    ]


def test_no_shape_is_not_checked_and_no_layer_covers_nothing():
    parcels = shapes(None, Polygon(), box(0, 0, 1, 1))

    assert np.isnan(measured(parcels, shapes(box(0, 0, 9, 9)))[:2]).all()
    assert measured(parcels, shapes())[2] == 0.0
    assert measured(shapes(), shapes(box(0, 0, 9, 9))).shape == (0, 1)
    assert measured(shapes(box(0, 0, 0, 0)), shapes(box(0, 0, 9, 9))).tolist() == [[0]]


def test_a_parcel_far_larger_than_the_layer_and_its_cells_holds_all_of_it(land):
    layer = land(5, count=12, spread=2_000.0).to_numpy()
    ring = box(-1e6, -1e6, 1e6, 1e6).difference(box(-500, -500, 0, 700))
    far = box(-3e6, 10, -2e6, 20)
    wedge = Polygon([(-1e6, -1e6), (1e6, -0.9e6), (-1e6, 1e6)])

    assert_is_truth(shapes(ring, far, wedge), layer, cell_m=16.0)


@LAW
@given(seed=SEEDS, corners=st.integers(5, 300), cell_m=CELLS)
def test_areas_are_those_of_an_overlay(land, seed, corners, cell_m):
    parcels = land(seed, count=30).to_numpy()
    layer = land(seed + 1, count=8, corners=corners, radius=400.0).to_numpy()

    assert_is_truth(parcels, layer, np.arange(8) % 3, 3, cell_m)


@LAW
@given(seed=SEEDS, cell_m=CELLS)
def test_areas_of_many_parts_with_holes_far_from_the_origin_are_too(land, seed, cell_m):
    moved = [each.translate(512_345.678, 2_987_654.321) for each in (
        land(seed, count=24), land(seed + 1, count=24, radius=40.0, spread=2_000.0)
    )]  # fmt: skip
    layer = moved[1].to_numpy()
    parcels = np.array([
        shapely.union_all(three) for three in moved[0].to_numpy().reshape(8, 3)
    ])

    assert_is_truth(parcels, layer, cell_m=cell_m)


@LAW
@given(data=st.data(), cell_m=st.sampled_from([None, 1.0, 2.0, 0.7, 50.0]))
def test_corners_and_edges_on_borders_of_cells_and_of_each_other(data, cell_m):
    one, other, third = (blocks(data.draw) for _ in range(3))
    parcels = shapes(one, other, translate(one, 3, 1), scale(one, 0.5, 0.5), third)

    assert_is_truth(parcels, shapes(other, third), np.array([0, 1]), 2, cell_m)
    assert_is_truth(parcels, shapes(other, third), None, 1, cell_m)


@LAW
@given(
    seed=SEEDS,
    thin=st.sampled_from([1e-3, 1e-6, 1e-9]),
    cell_m=st.sampled_from([None, 50.0]),
)
def test_needles_share_next_to_nothing_and_no_more(seed, thin, cell_m):
    rng = np.random.default_rng(seed)
    ends = rng.uniform(-200, 200, (12, 2, 2))
    needles = np.array([Polygon([start, end, end + thin]) for start, end in ends])
    layer = shapes(box(-100, -100, 100, 100).difference(box(-10, -10, 10, 10)))

    found = measured(needles, layer, cell_m=cell_m)
    truth = shapely.area(shapely.intersection(needles, layer[0]))
    np.testing.assert_allclose(found[:, 0], truth, atol=1e-5)


def test_rings_that_touch_themselves_and_each_other():
    hourglass = MultiPolygon([
        Polygon([(0, 0), (4, 0), (2, 2)]), Polygon([(2, 2), (4, 4), (0, 4)])
    ])  # fmt: skip
    pinched = Polygon(
        [(0, 0), (6, 0), (6, 6), (0, 6)], [[(0, 3), (3, 5), (5, 3), (3, 1)]]
    )
    for cell_m in (None, 1.0, 2.5):
        assert_is_truth(shapes(hourglass, pinched), shapes(pinched), cell_m=cell_m)
        assert_is_truth(shapes(pinched, hourglass), shapes(hourglass), cell_m=cell_m)


@LAW
@given(seed=SEEDS, cell_m=CELLS)
def test_parts_of_the_ground_add_up_to_the_parcel(land, seed, cell_m):
    rng = np.random.default_rng(seed)
    sites = shapely.MultiPoint(rng.uniform(-500, 500, (40, 2)))
    region = box(-600, -600, 600, 600)
    cells = shapely.get_parts(shapely.voronoi_polygons(sites, extend_to=region))
    parcels = land(seed).to_numpy()

    found = measured(
        parcels, cells, group=np.arange(len(cells)) % 7, groups=7, cell_m=cell_m
    )
    np.testing.assert_allclose(found.sum(axis=1), shapely.area(parcels), rtol=1e-9)


@LAW
@given(seed=SEEDS, cuts=st.lists(st.integers(0, 30), max_size=4), cell_m=CELLS)
def test_cutting_the_parcels_changes_no_bit(land, seed, cuts, cell_m):
    parcels = rings_of(land(seed, count=30).to_numpy())
    layer = land(seed + 1, count=8, corners=90, radius=400.0).to_numpy()
    grid = grid_of(layer, np.arange(8) % 2, 2, cell_m)

    parts = [
        overlap_areas(parcels.part(start, stop), grid)
        for start, stop in pairwise(sorted({0, *cuts, 30}))
    ]
    assert np.array_equal(np.concatenate(parts), overlap_areas(parcels, grid))


@LAW
@given(seed=SEEDS)
def test_no_part_is_larger_than_its_parcel_and_pairs_stand_in_order(land, seed):
    parcels = rings_of(land(seed).to_numpy())
    layer = land(seed + 1, count=12, radius=300.0).to_numpy()
    row, group, area = overlap_pairs(parcels, grid_of(layer, np.arange(12), 12))

    assert (area > 0).all()
    assert (area <= parcels.area()[row]).all()
    assert (np.diff(row * 12 + group) > 0).all()


def test_answers_that_outgrow_every_store_are_all_there():
    west, south = np.divmod(np.arange(40_000), 200)
    parcels = rings_of(shapely.box(west, south, west + 0.5, south + 0.5))
    grid = grid_of(shapes(box(0, 0, 100, 200), box(50, 0, 250, 250)), np.arange(2), 2)

    row, group, area = overlap_pairs(parcels, grid)
    both = [(west < 100), (west >= 50)]
    assert len(row) == len(group) == len(area) == np.sum(both)
    assert np.array_equal(row, np.flatnonzero(np.transpose(both)) // 2)
    assert (area == 0.25).all()


def test_a_coordinate_that_is_no_number_is_not_checked():
    parcels = rings_of(shapes(box(0, 0, 1, 1), box(2, 0, 3, 1)))
    x = np.where(np.arange(10) == 2, np.nan, parcels.x)

    found = overlap_areas(parcels.at(x, parcels.y), grid_of(shapes(box(0, 0, 9, 9))))
    assert np.isnan(found[0, 0])
    assert found[1, 0] == 1.0

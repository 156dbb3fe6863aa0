"""The ground in conflict, and what is left of it when both boundaries err."""

from itertools import pairwise

import numpy as np
import pytest
import shapely
from geopandas import GeoSeries
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import box

from gis.conflicts import (
    Bounds,
    area_bounds,
    areas_of,
    conflict_class,
    met_features,
    outside_shapes,
    pair_bounds,
    shared_shapes,
)
from gis.crs import equal_area
from gis.errors import CrsError
from layers.ground import FINE_EDGE_M, flattened

PLANE = equal_area((103.0, 24.0, 110.2, 29.8))


def ground(*shapes: shapely.Geometry, keys: list[str] | None = None) -> GeoSeries:
    return GeoSeries(list(shapes), index=keys, crs=PLANE)


def test_the_ground_shared_is_cut_out_and_keeps_its_parcel() -> None:
    shared = shared_shapes(
        ground(box(0, 0, 100, 100), box(500, 0, 600, 100), keys=["a", "b"]),
        ground(box(90, 0, 200, 50)),
    )
    assert shared.loc["a"].equals(box(90, 0, 100, 50))
    assert shared.loc["b"] is None
    assert areas_of(shared).tolist() == [500.0, 0.0]


def test_ground_that_features_share_counts_once() -> None:
    layer = ground(box(0, 0, 60, 100), box(40, 0, 100, 100))
    shared = shared_shapes(ground(box(0, 0, 100, 100)), layer)
    assert shared.iloc[0].area == 10_000.0


def test_to_touch_is_to_share_nothing() -> None:
    shared = shared_shapes(
        ground(box(0, 0, 100, 100)), ground(box(100, 0, 200, 100), box(0, 100, 1, 200))
    )
    assert shared.iloc[0] is None


def test_a_polygon_of_many_vertices_is_cut_as_exactly_as_a_square() -> None:
    round_one = shapely.Point(0, 0).buffer(1_000.0, quad_segs=2_000)
    parcels = ground(box(900, -50, 1_100, 50), box(-10, -10, 10, 10))
    shared = areas_of(shared_shapes(parcels, ground(round_one)))
    exact = [round_one.intersection(one).area for one in parcels]
    assert shared.tolist() == pytest.approx(exact, rel=1e-9)


def test_ground_outside_is_what_the_layer_leaves_of_what_is_known() -> None:
    inside = ground(box(0, 0, 50, 100))
    known = box(0, 0, 80, 100)
    outside = outside_shapes(ground(box(0, 0, 100, 100)), inside, known)
    assert outside.iloc[0].equals(box(50, 0, 80, 100))
    assert outside_shapes(ground(box(0, 0, 40, 40)), inside, known).iloc[0] is None


def test_a_layer_that_holds_nothing_leaves_all_outside() -> None:
    outside = outside_shapes(ground(box(0, 0, 10, 10)), ground(), box(-1, -1, 11, 11))
    assert outside.iloc[0].area == 100.0


def test_bounds_are_those_of_squares_moved_by_their_errors() -> None:
    # 10 m x 100 m shared; each side may lie off by 1 m and by 2 m.
    bounds = area_bounds(
        ground(box(0, 0, 100, 100)),
        ground(box(90, -50, 200, 150)),
        np.array([0]),
        ours_m=1.0,
        theirs_m=2.0,
    )
    assert bounds.low_m2[0] == pytest.approx((10 - 3) * 98)
    assert bounds.high_m2[0] == pytest.approx((10 + 3) * 102)


def test_bounds_of_ground_outside_swap_the_layers_error() -> None:
    bounds = area_bounds(
        ground(box(0, 0, 100, 100)),
        ground(box(-50, -50, 90, 150)),
        np.array([0]),
        ours_m=1.0,
        theirs_m=2.0,
        within="outside",
    )
    assert bounds.low_m2[0] == pytest.approx((10 - 3) * 98)
    assert bounds.high_m2[0] == pytest.approx((10 + 3) * 102)


@pytest.mark.parametrize(("ours", "theirs"), [(None, 1.0), (1.0, None), (None, None)])
def test_nothing_is_bounded_where_an_error_is_unknown(
    ours: float | None, theirs: float | None
) -> None:
    squares = ground(box(0, 0, 100, 100))
    bounds = area_bounds(squares, squares, np.array([0]), ours_m=ours, theirs_m=theirs)
    assert np.isnan(bounds.low_m2).all()
    assert conflict_class(np.array([10_000.0]), bounds, certain_m2=1.0).tolist() == [
        "to_verify"
    ]


def test_what_vanishes_within_the_errors_is_a_boundary_error() -> None:
    parcels = ground(box(0, 0, 100, 100), box(0, 200, 100, 300), box(0, 400, 100, 500))
    layer = ground(
        box(99.5, 0, 200, 100), box(99.01 - 2, 200, 200, 300), box(50, 400, 200, 500)
    )
    area = areas_of(shared_shapes(parcels, layer)).to_numpy()
    # 0.5 m shared against 3 m of error; 2.99 m against 2.985 m; 50 m against 2.985 m.
    bounds = area_bounds(
        parcels, layer, np.array([0, 1, 2]), ours_m=1.0, theirs_m=1.985
    )
    told = conflict_class(area, bounds, certain_m2=1.0)
    assert told.tolist() == ["within_precision", "to_verify", "certain"]


def test_no_ground_has_no_class() -> None:
    nothing = Bounds(np.array([np.nan]), np.array([np.nan]))
    assert conflict_class(np.array([0.0]), nothing, certain_m2=1.0).tolist() == [""]
    assert conflict_class(np.array([np.nan]), nothing, certain_m2=1.0).tolist() == [""]


@pytest.mark.parametrize("error_m", [0.0, 5e-324, 1e-200, 1e-12])
def test_an_error_of_next_to_nothing_bounds_by_the_ground_as_drawn(
    error_m: float,
) -> None:
    bounds = area_bounds(
        ground(box(0, 0, 100, 100)),
        ground(box(90, -50, 200, 150)),
        np.array([0]),
        ours_m=error_m,
        theirs_m=error_m,
    )
    assert (bounds.low_m2[0], bounds.high_m2[0]) == (1_000.0, 1_000.0)


def test_pairs_are_bounded_one_by_one() -> None:
    left = ground(box(0, 0, 100, 100), box(0, 0, 100, 100))
    right = ground(box(90, -50, 200, 150), box(99.9, -50, 200, 150))
    bounds = pair_bounds(left, right, left_m=1.0, right_m=1.0)
    assert bounds.low_m2.tolist() == pytest.approx([8 * 98, 0.0])


def test_features_met_are_told_with_their_ground() -> None:
    pairs = met_features(
        ground(box(0, 0, 100, 100), box(500, 500, 600, 600)),
        ground(box(90, 0, 200, 100), box(0, 0, 50, 10), box(100, 0, 200, 100)),
    )
    assert pairs[["parcel", "feature", "area_m2"]].to_numpy().tolist() == [
        [0, 0, 1_000.0],
        [0, 1, 500.0],
    ]
    assert pairs["share"].tolist() == [0.1, 0.05]


def test_planes_must_agree() -> None:
    elsewhere = GeoSeries([box(0, 0, 1, 1)], crs="EPSG:4545")
    with pytest.raises(CrsError):
        shared_shapes(ground(box(0, 0, 1, 1)), elsewhere)


star = st.lists(st.floats(20.0, 100.0), min_size=5, max_size=12).map(
    lambda radii: shapely.Polygon([
        (r * np.cos(a), r * np.sin(a))
        for r, a in zip(
            radii, np.linspace(0, 2 * np.pi, len(radii), endpoint=False), strict=True
        )
    ])
)
error = st.floats(0.0, 5.0)
shift = st.floats(-60.0, 60.0)


@settings(max_examples=60, deadline=None)
@given(star, star, shift, shift, error, error)
def test_the_ground_as_drawn_lies_between_its_bounds(
    one: shapely.Polygon,
    other: shapely.Polygon,
    east: float,
    north: float,
    ours: float,
    theirs: float,
) -> None:
    moved = shapely.transform(other, lambda xy: xy + np.array([east, north]))
    parcels, layer = ground(one), ground(moved)
    area = areas_of(shared_shapes(parcels, layer)).to_numpy()
    assert area[0] == pytest.approx(one.intersection(moved).area, abs=1e-6)
    bounds = area_bounds(parcels, layer, np.array([0]), ours_m=ours, theirs_m=theirs)
    assert bounds.low_m2[0] <= area[0] + 1e-6
    assert bounds.high_m2[0] >= area[0] - 1e-6


@settings(max_examples=60, deadline=None)
@given(star, star, shift, shift, st.floats(0.1, 3.0), st.floats(0.0, 2 * np.pi))
def test_a_boundary_moved_within_its_error_stays_between_the_bounds(
    one: shapely.Polygon,
    other: shapely.Polygon,
    east: float,
    north: float,
    off_m: float,
    towards: float,
) -> None:
    moved = shapely.transform(other, lambda xy: xy + np.array([east, north]))
    bounds = area_bounds(
        ground(one), ground(moved), np.array([0]), ours_m=off_m, theirs_m=0.0
    )
    by = off_m * 0.999 * np.array([np.cos(towards), np.sin(towards)])
    true_one = shapely.transform(one, lambda xy: xy + by)
    true_area = true_one.intersection(moved).area
    assert bounds.low_m2[0] - 1e-6 <= true_area <= bounds.high_m2[0] + 1e-6


def test_ten_thousand_random_pairs_agree_with_geodesics() -> None:
    """Pairs of stars all over the province; the oracle cuts in degrees."""
    rng = np.random.default_rng(20261127)
    count, corners = 10_000, 14
    turn = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    middle = np.column_stack([
        103.6 + 5.9 * (np.arange(count) % 100) / 100,
        24.7 + 4.4 * (np.arange(count) // 100) / 100,
    ])

    def stars(off: float) -> np.ndarray:
        far = rng.uniform(2e-4, 2e-3, (count, corners))
        at = middle + rng.uniform(-off, off, (count, 2))
        x = at[:, :1] + far * np.cos(turn)
        y = at[:, 1:] + far * np.sin(turn)
        return np.asarray(shapely.polygons(np.stack([x, y], axis=2)))

    ours, theirs = stars(0.0), stars(2e-3)
    left, right = (
        flattened(GeoSeries(one, crs="EPSG:4490"), PLANE, longest_m=FINE_EDGE_M)
        for one in (ours, theirs)
    )
    shared = areas_of(shared_shapes(left, right)).to_numpy()
    # What is checked is told in the parcel's own area, edges being geodesics.
    scale = by_geodesics(ours) / left.area.to_numpy()
    truth = by_geodesics(shapely.intersection(bent(ours), bent(theirs)))
    assert (truth > 1.0).sum() > 5_000
    allowed = np.maximum(1e-6 * truth, 0.01)
    assert (np.abs(shared * scale - truth) <= allowed).all()


def bent(shapes: np.ndarray) -> np.ndarray:
    """Put points on edges as geodesics run, by pyproj's own way along them."""
    earth = Geod(ellps="GRS80")
    made = []
    for one in shapes:
        ring = shapely.get_coordinates(one)
        points = []
        for (x0, y0), (x1, y1) in pairwise(ring):
            length = earth.inv(x0, y0, x1, y1)[2]
            between = earth.npts(x0, y0, x1, y1, max(1, int(length / 40.0)))
            points += [(x0, y0), *between]
        made.append(shapely.Polygon(points))
    return np.array(made, dtype=object)


def by_geodesics(shapes: np.ndarray) -> np.ndarray:
    earth = Geod(ellps="GRS80")
    return np.array([abs(earth.geometry_area_perimeter(one)[0]) for one in shapes])

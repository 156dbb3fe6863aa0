"""Parcels against parcels: overlaps, repeats, gaps, what has moved."""

import pytest
from geopandas import GeoSeries
from shapely import MultiPolygon, Polygon, box

from gis.crs import equal_area
from gis.neighbours import gaps_within, moves, overlaps_with, overlaps_within

PLANE = equal_area((103.0, 24.0, 110.2, 29.8))


def ground(*shapes: Polygon | MultiPolygon, keys: list[str] | None = None) -> GeoSeries:
    return GeoSeries(list(shapes), index=keys, crs=PLANE)


def test_overlaps_are_told_once_with_the_ground_shared() -> None:
    pairs = overlaps_within(
        ground(box(0, 0, 100, 100), box(95, 0, 200, 100), box(300, 0, 400, 100))
    )
    assert pairs[["place", "other", "kind"]].to_numpy().tolist() == [[0, 1, "overlap"]]
    assert pairs["area_m2"].tolist() == [500.0]
    assert pairs["share"].tolist() == [0.05]
    assert pairs.geometry.iloc[0].equals(box(95, 0, 100, 100))


def test_the_same_ground_twice_is_a_duplicate_whatever_its_first_point() -> None:
    square = Polygon([(0, 0), (0, 100), (100, 100), (100, 0)])
    again = Polygon([(100, 100), (100, 0), (0, 0), (0, 50), (0, 100)])
    assert overlaps_within(ground(square, again))["kind"].tolist() == ["duplicate"]


def test_neighbours_that_share_an_edge_do_not_overlap() -> None:
    assert overlaps_within(ground(box(0, 0, 1, 1), box(1, 0, 2, 1))).empty


def test_a_share_against_others_is_the_parcels_own() -> None:
    pairs = overlaps_with(ground(box(0, 0, 100, 100)), ground(box(50, 0, 60, 10)))
    assert pairs["share"].tolist() == [0.01]


def test_a_narrow_gap_between_neighbours_is_found() -> None:
    found = gaps_within(ground(box(0, 0, 100, 100), box(100.2, 0, 200, 100)))
    assert found["kind"].tolist() == ["gap"]
    assert found["area_m2"].iloc[0] == pytest.approx(20.0, rel=1e-3)


def test_a_wide_gap_is_no_slip() -> None:
    assert gaps_within(ground(box(0, 0, 100, 100), box(101, 0, 200, 100))).empty


def test_a_shared_edge_is_no_gap() -> None:
    assert gaps_within(ground(box(0, 0, 100, 100), box(100, 20, 200, 80))).empty


def test_what_moved_is_told_by_metres_and_by_ground() -> None:
    before = ground(box(0, 0, 100, 100), box(0, 0, 10, 10), keys=["a", "b"])
    after = ground(box(3, 0, 103, 100), box(0, 0, 10, 10), keys=["a", "b"])
    told = moves(before, after)
    assert told.loc["a", ["moved_m", "gained_m2", "lost_m2"]].tolist() == [3, 300, 300]
    assert told["same"].tolist() == [False, True]

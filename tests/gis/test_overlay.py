"""Overlays: squares, a plain pair loop, and the laws every answer obeys."""

from itertools import pairwise

import geopandas
import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame, GeoSeries
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas import Series
from pandas.testing import assert_frame_equal, assert_series_equal
from shapely import LineString, Point, Polygon, box

from gis.errors import CrsError, GeometryError
from gis.overlay import covered_share, dominant, evidence, overlap_area, overlap_area_by
from gis.tiles import subdivide

SEEDS = st.integers(0, 10_000)
LAW = settings(max_examples=15, deadline=None)


def squares(*sides, crs):
    names = [f"P{nth}" for nth in range(len(sides))]
    return GeoSeries([box(*side) for side in sides], index=names, crs=crs)


def by_pair_loop(parcels, layer):
    """Answer the same without a tree, tiles or predicates."""
    ground = shapely.union_all(layer.to_numpy())
    return Series(
        [shapely.intersection(parcel, ground).area for parcel in parcels],
        index=parcels.index,
    )


def test_a_quarter_of_a_square_is_a_quarter(albers):
    parcels = squares((0, 0, 100, 100), (200, 0, 300, 100), crs=albers)
    layer = squares((50, 50, 150, 150), crs=albers)
    found = overlap_area(parcels, layer)
    assert found.to_dict() == {"P0": 2500.0, "P1": 0.0}
    assert found.name == "overlap_m2"


def test_a_parcel_within_is_all_of_its_area_to_the_last_bit(albers, land):
    parcels = land(3, radius=10.0)
    layer = squares((-1000, -1000, 1000, 1000), crs=albers)
    assert (overlap_area(parcels, layer) == parcels.area).all()


def test_touching_is_not_overlapping(albers):
    parcels = squares((0, 0, 10, 10), crs=albers)
    layer = squares((10, 0, 20, 10), (10, 10, 20, 20), crs=albers)
    assert overlap_area(parcels, layer)["P0"] == 0.0


def test_ground_that_a_layer_holds_twice_counts_once(albers):
    parcels = squares((0, 0, 10, 10), (20, 0, 30, 10), crs=albers)
    layer = squares(
        (0, 0, 6, 10), (4, 0, 8, 10), (0, 0, 6, 10), (19, 0, 31, 11), crs=albers
    )
    assert overlap_area(parcels, layer).to_dict() == {"P0": 80.0, "P1": 100.0}
    doubled = layer.iloc[[3, 3]]
    assert overlap_area(parcels, doubled).to_dict() == {"P0": 0.0, "P1": 100.0}


def test_a_hole_is_no_part_of_a_layer(albers):
    ring = box(-100, -100, 110, 110).difference(box(2, 2, 4, 4))
    parcels = squares((0, 0, 10, 10), (2, 2, 4, 4), crs=albers)
    found = overlap_area(parcels, GeoSeries([ring], crs=albers))
    assert found.to_dict() == {"P0": 96.0, "P1": 0.0}


def test_points_and_lines_cover_nothing(albers):
    parcels = squares((0, 0, 10, 10), crs=albers)
    layer = GeoSeries([Point(5, 5), LineString([(0, 0), (9, 9)]), None], crs=albers)
    assert overlap_area(parcels, layer)["P0"] == 0.0


def test_an_empty_layer_and_no_parcels_are_answered(albers):
    parcels = squares((0, 0, 10, 10), crs=albers)
    none = GeoSeries([], crs=albers)
    assert overlap_area(parcels, none).to_dict() == {"P0": 0.0}
    assert overlap_area(none, parcels).empty


def test_a_parcel_without_a_shape_is_not_checked_rather_than_clear(albers):
    parcels = GeoSeries([None, Polygon(), box(0, 0, 1, 1)], crs=albers)
    found = overlap_area(parcels, squares((0, 0, 9, 9), crs=albers))
    assert np.isnan(found[:2]).all()
    assert found[2] == 1.0


def test_invalid_polygons_are_named(albers):
    tie = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    layer = GeoSeries([box(50, 50, 51, 51), tie], crs=albers)
    with pytest.raises(GeometryError, match="positions -, layer at positions 1"):
        overlap_area(squares((1, 0, 9, 9), crs=albers), layer)


def test_two_planes_are_refused(albers):
    with pytest.raises(CrsError):
        overlap_area(
            squares((0, 0, 1, 1), crs=albers), squares((0, 0, 1, 1), crs="EPSG:4545")
        )


@LAW
@given(seed=SEEDS, corners=st.integers(5, 300))
def test_the_answer_is_that_of_a_plain_pair_loop(land, seed, corners):
    parcels = land(seed, count=30)
    layer = land(seed + 1, count=8, corners=corners, radius=400.0)
    np.testing.assert_allclose(
        overlap_area(parcels, layer), by_pair_loop(parcels, layer), rtol=1e-9, atol=1e-6
    )


@LAW
@given(seed=SEEDS)
def test_classes_are_those_of_geopandas_overlay(land, seed):
    parcels = GeoDataFrame(geometry=land(seed, count=15))
    shapes = land(seed + 1, count=6, corners=40, radius=200.0)
    layer = GeoDataFrame(
        {"use": list("abcabc")}, geometry=shapes.to_numpy(), crs=shapes.crs
    )
    found = overlap_area_by(parcels, layer, "use")
    pieces = geopandas.overlay(
        parcels.reset_index(names="id"), layer.dissolve("use").reset_index(),
        keep_geom_type=True,
    )  # fmt: skip
    truth = pieces.area.groupby([pieces["id"], pieces["use"]]).sum().unstack()  # noqa: PD010
    truth = truth.reindex(index=parcels.index, columns=list("abc")).fillna(0.0)
    np.testing.assert_allclose(found, truth, rtol=1e-9, atol=1e-6)


@LAW
@given(seed=SEEDS, cuts=st.lists(st.integers(0, 30), max_size=4))
def test_cutting_the_parcels_changes_no_answer(land, seed, cuts):
    parcels = land(seed, count=30)
    layer = GeoDataFrame(
        {"use": list("abcdabcd")},
        geometry=land(seed + 1, count=8, corners=300, radius=400.0).to_numpy(),
        crs=parcels.crs,
    )
    whole, classes = (
        overlap_area(parcels, layer),
        overlap_area_by(parcels, layer, "use"),
    )
    for start, end in pairwise(sorted({0, *cuts, 30})):
        some = parcels.iloc[start:end]
        assert_series_equal(overlap_area(some, layer), whole.iloc[start:end])
        assert_frame_equal(overlap_area_by(some, layer, "use"), classes.iloc[start:end])


@LAW
@given(seed=SEEDS)
def test_neither_order_nor_subdividing_nor_doubling_changes_an_answer(land, seed):
    parcels = land(seed, count=30)
    layer = land(seed + 1, count=8, corners=200, radius=400.0)
    truth = overlap_area(parcels, layer)
    close = {"rtol": 1e-9, "atol": 1e-6}
    others = (
        layer.iloc[::-1], subdivide(layer, max_vertices=32), layer.iloc[[*range(8)] * 2]
    )  # fmt: skip
    for other in others:
        np.testing.assert_allclose(overlap_area(parcels, other), truth, **close)
    mixed = parcels.sample(frac=1.0, random_state=seed)
    assert_series_equal(overlap_area(mixed, layer), truth[mixed.index])


@LAW
@given(seed=SEEDS, east=st.floats(-1e5, 1e5), north=st.floats(-1e5, 1e5))
def test_moving_everything_changes_no_answer(land, seed, east, north):
    parcels, layer = land(seed, count=20), land(seed + 1, count=5, radius=300.0)
    moved = overlap_area(parcels.translate(east, north), layer.translate(east, north))
    np.testing.assert_allclose(moved, overlap_area(parcels, layer), atol=1e-4)


@LAW
@given(seed=SEEDS)
def test_no_part_is_larger_than_its_parcel(land, seed):
    parcels, layer = land(seed), land(seed + 1, count=12, radius=300.0)
    found = overlap_area(parcels, layer)
    assert (found >= 0).all()
    assert (found <= parcels.area).all()


def test_arguments_are_neither_changed_nor_prepared(land):
    parcels, layer = land(1), land(2, corners=300)
    before = parcels.to_wkb().to_list(), layer.to_wkb().to_list()
    overlap_area(parcels, layer)
    assert (parcels.to_wkb().to_list(), layer.to_wkb().to_list()) == before
    assert not shapely.is_prepared(parcels.to_numpy()).any()
    assert not shapely.is_prepared(layer.to_numpy()).any()


def test_classes_are_columns_in_order_and_overlaps_within_one_count_once(albers):
    parcels = squares((0, 0, 10, 10), crs=albers)
    layer = GeoDataFrame(
        {"use": ["1002", "1001", "1001", None]},
        geometry=[
            box(0, 0, 5, 10), box(5, 0, 10, 10), box(4, 0, 6, 10), box(0, 0, 9, 9)
        ],
        crs=albers,
    )  # fmt: skip
    found = overlap_area_by(parcels, layer, "use")
    assert found.columns.tolist() == ["1001", "1002"]
    assert found.columns.name == "use"
    assert found.loc["P0"].to_list() == [60.0, 50.0]


def test_the_dominant_class_is_the_largest_and_none_is_an_empty_word(albers):
    parcels = squares((0, 0, 10, 10), (3, 0, 7, 10), (50, 0, 60, 10), crs=albers)
    layer = GeoDataFrame(
        {"code": ["b", "a"]}, geometry=[box(0, 0, 5, 10), box(5, 0, 9, 10)], crs=albers
    )
    found = dominant(overlap_area_by(parcels, layer, "code"))
    assert found.to_dict() == {"P0": "b", "P1": "a", "P2": ""}
    assert found.name == "code"
    assert dominant(overlap_area_by(parcels, layer.iloc[:0], "code")).eq("").all()


def test_the_covered_share_is_exactly_one_inside_and_half_across_the_edge(albers):
    parcels = squares((0, 0, 10, 10), (95, 0, 105, 10), (200, 0, 210, 10), crs=albers)
    coverage = squares((0, 0, 50, 50), (50, 0, 100, 50), crs=albers)
    found = covered_share(parcels, coverage)
    assert found.to_dict() == {"P0": 1.0, "P1": 0.5, "P2": 0.0}


def test_a_parcel_without_area_has_no_covered_share(albers):
    parcels = GeoSeries([Polygon(), None, Point(1, 1)], crs=albers)
    assert covered_share(parcels, squares((0, 0, 9, 9), crs=albers)).isna().all()


@pytest.mark.parametrize(
    ("overlap", "share", "state"),
    [
        (1.0, 1.0, "clear"),
        (np.nextafter(1.0, 2), 1.0, "hit"),
        (0.0, 1.0 - 1e-9, "clear"),
        (0.0, 1.0 - 2e-9, "partly_covered"),
        (0.0, 1e-12, "partly_covered"),
        (0.0, 0.0, "not_checked"),
        (50.0, 0.2, "hit"),
        (0.0, np.nan, "not_checked"),
        (np.nan, 1.0, "not_checked"),
        (np.nan, np.nan, "not_checked"),
    ],
)
def test_evidence_has_four_states_with_sharp_edges(overlap, share, state):
    found = evidence(Series([overlap], ["P"]), Series([share], ["P"]))
    assert found.to_list() == [state]
    assert found.cat.categories.tolist() == [
        "hit", "clear", "partly_covered", "not_checked"
    ]  # fmt: skip


def test_the_sliver_is_a_setting_and_rows_meet_by_index():
    overlap = Series([30.0, 30.0], ["A", "B"])
    share = Series([1.0, 0.5, 0.1], ["B", "A", "C"])
    assert evidence(overlap, share, sliver_m2=30.0).to_dict() == {
        "A": "partly_covered", "B": "clear"
    }  # fmt: skip

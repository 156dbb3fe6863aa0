"""Cutting: tiles are small, keep every square metre, and know their owner."""

import numpy as np
import pytest
import shapely
from geopandas import GeoSeries
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, Polygon, box

from gis import tiles
from gis.tiles import cut_into_tiles, subdivide

LAW = settings(max_examples=40, deadline=None)


@LAW
@given(
    seed=st.integers(0, 10_000), corners=st.integers(5, 400), most=st.integers(16, 64)
)
def test_cutting_keeps_every_square_metre(land, seed, corners, most):
    layer = land(seed, count=6, corners=corners)
    cut = subdivide(layer, max_vertices=most)
    again = cut.area.groupby(level=0).sum()
    np.testing.assert_allclose(again[layer.index], layer.area, rtol=1e-12)
    assert shapely.get_num_coordinates(cut.to_numpy()).max() <= most
    assert cut.is_valid.all()


@LAW
@given(seed=st.integers(0, 10_000))
def test_tiles_of_one_owner_do_not_overlap_and_fill_it(land, seed):
    whole = land(seed, count=1, corners=200)
    cut = subdivide(whole, max_vertices=32).to_numpy()
    assert len(cut) > 4
    assert shapely.union_all(cut).area == pytest.approx(whole.area.sum(), rel=1e-12)
    assert shapely.symmetric_difference(
        shapely.union_all(cut), whole.iloc[0]
    ).area == pytest.approx(0.0, abs=1e-6)


def test_small_polygons_are_left_as_they_are_and_parts_are_parted(albers):
    layer = GeoSeries(
        [box(0, 0, 1, 1), MultiPolygon([box(2, 0, 3, 1), box(4, 0, 5, 1)])],
        index=["a", "b"],
        crs=albers,
    )
    cut = subdivide(layer)
    assert cut.index.tolist() == ["a", "b", "b"]
    assert cut.crs == albers
    assert cut.iloc[0].equals(layer["a"])


def test_what_has_no_area_has_no_tiles(albers):
    nothing = [None, Polygon(), Point(0, 0), LineString([(0, 0), (1, 1)])]
    assert subdivide(GeoSeries(nothing, crs=albers)).empty


def test_tiles_are_new_objects_and_the_argument_is_not_prepared(land):
    layer = land(1, count=3)
    given_shapes = layer.to_numpy().copy()
    made, owner = cut_into_tiles(layer.to_numpy())
    shapely.prepare(made)
    assert owner.tolist() == [0, 1, 2]
    assert not shapely.is_prepared(layer.to_numpy()).any()
    assert all(a is b for a, b in zip(layer, given_shapes, strict=True))


def test_where_clipping_loses_ground_the_owner_is_cut_by_intersection(
    land, monkeypatch
):
    layer = land(2, count=4, corners=100)
    right = subdivide(layer, max_vertices=32)

    def forgetful(parts, sides):
        halves = tiles._intersected(parts, sides)
        halves[0] = Polygon()
        return halves

    monkeypatch.setattr(tiles, "_clipped", forgetful)
    mended = subdivide(layer, max_vertices=32)
    np.testing.assert_allclose(
        mended.area.groupby(level=0).sum(), layer.area, rtol=1e-12
    )
    assert len(mended) == len(right)


def test_a_hole_that_touches_the_shell_is_cut_true(albers):
    shell = box(0, 0, 100, 100).segmentize(1.0).exterior
    diamond = [(0, 50), (30, 20), (60, 50), (30, 80)]
    hole = Polygon(diamond).segmentize(1.0).exterior
    layer = GeoSeries([Polygon(shell, [hole])], crs=albers)
    assert layer.is_valid.all()
    cut = subdivide(layer, max_vertices=16)
    assert cut.area.sum() == pytest.approx(layer.area.sum(), rel=1e-12)
    assert cut.is_valid.all()


def test_vertices_nearer_than_a_float_can_part_end_the_cutting(albers):
    ring = [(1e6 + nth % 2 * 1e-10, 0.0) for nth in range(40)]
    layer = GeoSeries([Polygon([*ring, (1e6, 1e-10)])], crs=albers)
    assert len(subdivide(layer, max_vertices=16)) == 1


def test_too_few_vertices_are_refused(land):
    with pytest.raises(ValueError, match="at least 16"):
        subdivide(land(0), max_vertices=8)

"""Mending: nothing is dropped, what was done is said, land stays land."""

import numpy as np
import pytest
import shapely
from geopandas import GeoSeries
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box

from gis import repair
from gis.repair import mend


def series(**shapes):
    return GeoSeries(list(shapes.values()), index=list(shapes), crs="EPSG:4545")


def test_valid_polygons_are_left_untouched():
    shapes = series(a=box(0, 0, 1, 1), b=MultiPolygon([box(0, 0, 1, 1)]))
    mended = mend(shapes)
    assert mended.geometry.to_list() == shapes.to_list()
    assert mended.what.to_list() == ["", ""]
    assert not mended.unusable.any()
    assert mended.geometry.crs == shapes.crs


def test_both_lobes_of_a_bow_tie_are_land():
    mended = mend(series(a=Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])))
    assert mended.geometry["a"].is_valid
    assert mended.geometry["a"].area == pytest.approx(2.0)
    assert mended.what["a"] == repair.INVALID


def test_a_hole_outside_its_shell_is_rebuilt():
    mended = mend(series(a=Polygon([(0, 0), (4, 0), (4, 4), (0, 4)], [
        [(5, 5), (6, 5), (6, 6), (5, 6)]
    ])))  # fmt: skip
    assert mended.geometry["a"].is_valid
    assert mended.geometry["a"].area >= 16.0
    assert mended.what["a"] == repair.INVALID


def test_what_cannot_be_used_stays_as_a_row_with_its_reason():
    with np.errstate(invalid="ignore"):
        broken = Polygon([(0, 0), (1, np.nan), (1, 1)])
    flat = Polygon([(0, 0), (1, 1), (2, 2)])
    mended = mend(series(a=None, b=Polygon(), c=broken, d=flat, e=box(0, 0, 1, 1)))
    assert mended.unusable.to_dict() == {
        "a": True, "b": True, "c": True, "d": True, "e": False
    }  # fmt: skip
    assert mended.what.to_dict() == {
        "a": repair.MISSING,
        "b": repair.EMPTY,
        "c": repair.NO_NUMBER,
        "d": f"{repair.INVALID}{repair.SEPARATOR}{repair.NOTHING_LEFT}",
        "e": "",
    }


def test_heights_and_repeated_points_are_dropped_and_said():
    high = Polygon([(0, 0, 9), (0, 1, 9), (0, 1, 9), (1, 1, 9)])
    mended = mend(series(a=high))
    assert not mended.geometry["a"].has_z
    assert shapely.get_num_coordinates(mended.geometry["a"]) == 4
    assert mended.what["a"] == f"{repair.HEIGHT}{repair.SEPARATOR}{repair.REPEATED}"


def test_points_and_lines_beside_a_polygon_are_dropped():
    mixed = GeometryCollection([
        box(0, 0, 1, 1),
        Point(5, 5),
        LineString([(0, 0), (9, 9)]),
    ])
    mended = mend(series(a=mixed, b=GeometryCollection([Point(1, 1)])))
    assert mended.geometry["a"].geom_type == "MultiPolygon"
    assert mended.geometry["a"].area == pytest.approx(1.0)
    assert mended.what["a"] == repair.MIXED
    assert mended.what["b"] == ""


def test_points_and_lines_of_a_layer_stay_what_they_are():
    shapes = series(a=Point(1, 2), b=LineString([(0, 0), (1, 1)]))
    mended = mend(shapes)
    assert mended.geometry.to_list() == shapes.to_list()
    assert mended.what.to_list() == ["", ""]


def test_an_empty_series_without_a_crs_is_fine():
    mended = mend(GeoSeries([]))
    assert mended.geometry.empty
    assert mended.what.empty
    assert mended.geometry.crs is None


@settings(deadline=None)
@given(
    ring=st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=3, max_size=12
    )
)
def test_any_ring_comes_out_valid_or_unusable_and_never_silently_changed(ring):
    shapes = GeoSeries([Polygon(ring)])
    before = shapes.to_wkb().to_list()
    mended = mend(shapes)
    shape = mended.geometry[0]
    assert shape is None or (shape.is_valid and shape.area > 0)
    assert shape is None or shape.geom_type in {"Polygon", "MultiPolygon"}
    untouched = shape is not None and shape.equals_exact(shapes[0], 0.0)
    assert (mended.what[0] == "") == untouched
    assert shapes.to_wkb().to_list() == before
    again = mend(mended.geometry)
    assert again.what[0] in {"", repair.MISSING}

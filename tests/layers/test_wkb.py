"""Bytes to coordinates: the same as through shapely."""

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import translate

from gis.errors import GeometryError
from gis.rings import Rings, rings_of
from layers.wkb import rings_of_wkb

HOLED = shapely.Polygon(
    [(0, 0), (9, 0), (9, 9), (0, 9)],
    [[(1, 1), (1, 3), (3, 3)], [(5, 5), (8, 5), (6, 7)]],
)
SHAPES = [
    HOLED,
    shapely.reverse(HOLED),
    shapely.box(2, 2, 3, 4),
    shapely.MultiPolygon([HOLED, shapely.box(20, 0, 21, 1)]),
    shapely.Polygon(),
    shapely.MultiPolygon(),
    None,
    shapely.Point(1, 2),
    shapely.LineString([(0, 0), (1, 1)]),
    shapely.force_3d(HOLED, 7.5),
    shapely.force_3d(shapely.MultiPolygon([HOLED]), 1.0),
]


def same(found: Rings, wanted: Rings) -> None:
    for name in ("x", "y", "ring", "shape"):
        np.testing.assert_array_equal(getattr(found, name), getattr(wanted, name))


@settings(deadline=None)
@given(
    picks=st.lists(st.tuples(st.sampled_from(SHAPES), st.floats(-180, 180))),
    kind=st.sampled_from([pa.binary(), pa.large_binary()]),
    iso=st.booleans(),
    cut=st.integers(0, 5),
)
def test_the_rings_are_those_of_the_shapes(picks, kind, iso, cut) -> None:
    shapes = np.array(
        [one and translate(one, xoff=by, yoff=by / 3) for one, by in picks] + [None],
        dtype=object,
    )
    blobs = shapely.to_wkb(
        shapes, flavor="iso" if iso else "extended", output_dimension=3
    )
    column = pa.array(blobs, type=kind)

    same(rings_of_wkb(column), rings_of(shapes))
    same(rings_of_wkb(column[cut:]), rings_of(shapes[cut:]))
    chunked = pa.chunked_array([column[:cut], column[cut:]])
    same(rings_of_wkb(chunked), rings_of(shapes))


@pytest.mark.parametrize(
    "shape",
    [shapely.GeometryCollection([HOLED, shapely.Point(0, 0)]), HOLED],
)
def test_collections_and_the_other_byte_order_are_read_as_well(shape) -> None:
    shapes = np.array([HOLED, shape], dtype=object)
    column = pa.array(shapely.to_wkb(shapes, byte_order=0))

    same(rings_of_wkb(column), rings_of(shapes))


def test_an_srid_before_the_rings_is_passed_over() -> None:
    shapes = np.array([shapely.set_srid(HOLED, 4490)], dtype=object)
    column = pa.array(shapely.to_wkb(shapes, include_srid=True))

    same(rings_of_wkb(column), rings_of(shapes))


@settings(deadline=None)
@given(cut=st.integers(1, len(shapely.to_wkb(HOLED)) - 1))
def test_bytes_that_end_too_early_are_named_by_their_place(cut: int) -> None:
    whole = shapely.to_wkb(HOLED)

    with pytest.raises(GeometryError, match="place 1 is damaged"):
        rings_of_wkb(pa.array([whole, whole[:cut], whole]))


def test_a_count_that_promises_more_than_there_is_reads_nothing_beyond() -> None:
    blob = bytearray(shapely.to_wkb(HOLED))
    blob[9:13] = b"\xff\xff\xff\x7f"

    with pytest.raises(GeometryError, match="damaged"):
        rings_of_wkb(pa.array([bytes(blob)]))


def test_a_ring_that_does_not_close_is_named_by_its_place() -> None:
    whole = shapely.to_wkb(shapely.box(0, 0, 1, 1))
    far = np.array([7.0, 7.0]).tobytes()

    with pytest.raises(GeometryError, match="place 1 is damaged"):
        rings_of_wkb(pa.array([whole, whole[:-16] + far]))


def test_damage_in_the_other_byte_order_is_an_error_of_ours() -> None:
    blob = shapely.to_wkb(HOLED, byte_order=0)

    with pytest.raises(GeometryError, match="place 0 is damaged"):
        rings_of_wkb(pa.array([blob[:-3]]))


def test_no_rows_are_no_rings() -> None:
    assert len(rings_of_wkb(pa.array([], type=pa.binary()))) == 0
    assert len(rings_of_wkb(pa.chunked_array([], type=pa.binary()))) == 0

"""What is proven sound is valid, and most of what is valid is proven."""

import numpy as np
import pyarrow as pa
import pytest
import shapely
from geopandas import GeoSeries
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, box

from layers import hilbert_loops, sound_loops
from layers.wkb import bytes_of

GRID = st.integers(0, 6).map(float)
RING = st.lists(st.tuples(GRID, GRID), min_size=3, max_size=9)


def sound(*blobs: bytes, least: float = 0.0) -> tuple[list[bool], np.ndarray]:
    found, edges = np.zeros(len(blobs), dtype=bool), np.full((len(blobs), 4), np.nan)
    sound_loops.look(*bytes_of(pa.array(blobs, pa.binary())), least, edges, found)
    return found.tolist(), edges


@settings(deadline=None, max_examples=500)
@given(ring=RING, shift=st.sampled_from([0.0, 0.1, 106.7]))
def test_a_ring_is_proven_sound_if_and_only_if_it_is_valid_without_repeats(
    ring, shift
) -> None:
    shape = Polygon([(x / 3 + shift, y / 3) for x, y in ring])
    xy = shapely.get_coordinates(shape)
    repeats = (xy[1:] == xy[:-1]).all(axis=1).any()

    (proven,), edges = sound(shapely.to_wkb(shape))

    assert proven == (shape.is_valid and not repeats and shape.area > 1e-6)
    if proven:
        assert edges[0].tolist() == list(shape.bounds)


def test_a_long_ring_and_a_small_one_are_left_to_others() -> None:
    many = shapely.Point(0, 0).buffer(1, quad_segs=sound_loops.LONGEST)
    small = box(0, 0, 1e-4, 1e-4)

    assert sound(shapely.to_wkb(many))[0] == [False]
    assert sound(shapely.to_wkb(small), least=1e-8)[0] == [False]
    assert sound(shapely.to_wkb(small), least=4e-9)[0] == [True]


@pytest.mark.parametrize(
    "blob",
    [
        b"",
        b"\x01\x03",
        shapely.to_wkb(box(0, 0, 1, 1), byte_order=0),
        shapely.to_wkb(box(0, 0, 1, 1)) + b"\x00",
        shapely.to_wkb(box(0, 0, 1, 1))[:-8],
        shapely.to_wkb(shapely.force_3d(box(0, 0, 1, 1), 2.0)),
        shapely.to_wkb(shapely.set_srid(box(0, 0, 1, 1), 4490), include_srid=True),
        shapely.to_wkb(shapely.MultiPolygon([box(0, 0, 1, 1)])),
        shapely.to_wkb(Polygon(box(0, 0, 9, 9).exterior, [box(1, 1, 2, 2).exterior])),
        shapely.to_wkb(shapely.LineString([(0, 0), (1, 1)])),
        shapely.to_wkb(box(0, 0, 1, 1))[:-16] + np.array([0.5, 0.5]).tobytes(),
    ],
)
def test_other_bytes_are_left_to_others(blob: bytes) -> None:
    square = shapely.to_wkb(box(0, 0, 1, 1))

    assert sound(square, blob, square)[0] == [True, False, True]


@settings(deadline=None)
@given(places=st.lists(st.tuples(st.floats(100, 112), st.floats(20, 32)), min_size=1))
def test_places_on_the_curve_are_those_of_geopandas(places) -> None:
    total = (103.5, 24.5, 109.6, 29.3)
    shapes = GeoSeries([box(x, y, x + 0.3, y + 0.1) for x, y in places])
    found = np.empty(len(shapes), dtype=np.uint32)

    hilbert_loops.along(shapes.bounds.to_numpy(), np.array(total), found)

    assert found.tolist() == shapes.hilbert_distance(total_bounds=total).tolist()


def test_texts_with_the_same_bytes_and_no_others_hash_alike() -> None:
    texts = pa.array(["", "a", "b", "ab", "ba", "a"], pa.large_string())
    found = np.empty(len(texts), dtype=np.uint64)

    sound_loops.hash_each(*bytes_of(texts), found)

    assert found[1] == found[5]
    assert len(set(found.tolist())) == 5

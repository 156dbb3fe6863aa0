"""What of shapes lies outside an outline, against a plain difference."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from gis.outside import parts_outside


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), holes=st.integers(0, 3))
def test_the_parts_are_the_difference(land, seed, holes):
    shapes = land(seed, spread=600.0).to_numpy()
    outline = box(-500, -450, 400, 500)
    for nth in range(holes):
        outline -= box(-300 + 200 * nth, -100, -180 + 200 * nth, 90)
    parts = parts_outside(shapes, outline)
    whole = shapely.union_all(shapes) - outline
    assert shapely.union_all(parts).area == pytest.approx(whole.area, abs=1e-6)
    assert shapely.union_all(parts).intersection(outline).area < 1e-6


def test_shapes_beside_each_other_keep_what_they_share():
    # Two that overlap outside: each has its part, and the ground is counted later.
    shapes = np.array([box(0, 0, 10, 10), box(5, 0, 15, 10)], dtype=object)
    parts = parts_outside(shapes, box(-5, -5, 2, 15))
    assert shapely.area(parts).sum() == pytest.approx(80.0 + 100.0)
    assert shapely.union_all(parts).area == pytest.approx(130.0)


def test_an_outline_of_many_corners_leaves_the_same(land):
    # It is cut into tiles of few vertices: the seams lose and double nothing.
    star = shapely.Point(0, 0).buffer(300, quad_segs=400)
    shapes = land(11, spread=400.0).to_numpy()
    parts = parts_outside(shapes, star)
    found, whole = (
        shapely.area(parts).sum(),
        shapely.area(shapely.difference(shapes, star)),
    )
    assert found == pytest.approx(whole.sum(), abs=1e-6)

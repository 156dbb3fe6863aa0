"""The largest rectangle: known ones by arithmetic, others against a slow search."""

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, Polygon, affinity, box

from gis.rectangle import inscribed_rectangles
from gis.rings import rings_of

SEEDS = st.integers(0, 10_000)
LAW = settings(max_examples=25, deadline=None)
EAST, NORTH = 500_000.0, 2_900_000.0


def found_in(*shapes):
    return inscribed_rectangles(rings_of(np.array(shapes, dtype=object)))


def drawn(found):
    """Draw rectangles as polygons."""
    shapes = []
    for x, y, length, width, angle in found:
        flat = box(-length / 2, -width / 2, length / 2, width / 2)
        turned = affinity.rotate(flat, angle, origin=(0, 0), use_radians=True)
        shapes.append(affinity.translate(turned, x, y))
    return np.array(shapes, dtype=object)


def chords(parcel, levels):
    """Ranges of x between which no edge enters each strip, by shapely."""
    west, _, east, _ = parcel.bounds
    for low, high in pairwise(levels):
        strip = box(west - 1, low, east + 1, high)
        walls = shapely.get_parts(shapely.intersection(parcel.boundary, strip))
        ends = sorted({(w, e) for w, _, e, _ in shapely.bounds(walls)})
        free, reach = [], -np.inf
        for left, right in ends:
            middle = Point((reach + left) / 2, (low + high) / 2)
            if left > reach > -np.inf and parcel.contains(middle):
                free.append((reach, left))
            reach = max(reach, right)
        yield free


def slowly(parcel, *, angles=30, strips=24):
    """Largest area over runs of strips at many angles."""
    best = 0.0
    for angle in np.arange(angles) * 90 / angles:
        turned = affinity.rotate(parcel, angle, origin=(0, 0))
        levels = np.linspace(turned.bounds[1], turned.bounds[3], strips + 1)
        rows = list(chords(turned, levels))
        for low in range(strips):
            ranges = rows[low]
            for high in range(low, strips):
                ranges = [
                    (max(a, c), min(b, d))
                    for a, b in ranges
                    for c, d in rows[high]
                    if max(a, c) < min(b, d)
                ]
                wide = max((b - a for a, b in ranges), default=0.0)
                best = max(best, wide * (levels[high + 1] - levels[low]))
    return best


@pytest.mark.parametrize("turned", [0, 17, 45, 89.9, 90, 133.3])
def test_a_rectangle_is_its_own_largest(turned):
    parcel = affinity.rotate(box(EAST, NORTH, EAST + 300, NORTH + 40), turned)

    x, y, length, width, angle = found_in(parcel)[0]

    assert (x, y) == pytest.approx((EAST + 150, NORTH + 20), abs=1e-4)
    assert (length, width) == pytest.approx((300, 40), rel=1e-6)
    assert np.sin(angle - np.deg2rad(turned)) == pytest.approx(0, abs=1e-6)
    assert 0 <= angle < np.pi


def test_an_l_shape_holds_its_longer_arm():
    parcel = Polygon([(0, 0), (100, 0), (100, 30), (40, 30), (40, 90), (0, 90)])

    _, _, length, width, _ = found_in(parcel)[0]

    assert length * width >= 90 * 40 - 1e-6  # against 100 by 30


@LAW
@given(turned=st.floats(0, 180), top=st.floats(0, 400), height=st.floats(50, 400))
def test_half_a_triangle_is_a_rectangle(turned, top, height):
    triangle = Polygon([(0, 0), (400, 0), (top, height)])
    parcel = affinity.translate(affinity.rotate(triangle, turned), EAST, NORTH)

    _, _, length, width, _ = found_in(parcel)[0]

    half = triangle.area / 2  # the largest there is has just this area
    assert 0.97 * half <= length * width <= half * (1 + 1e-9)


def test_no_rectangle_lies_over_a_hole_or_between_two_parts():
    holed = box(0, 0, 100, 100).difference(box(45, 45, 55, 55))
    parts = MultiPolygon([box(0, 0, 30, 10), box(30.5, 0, 90, 10)])

    found = found_in(holed, parts)

    assert found[0, 2] * found[0, 3] >= 100 * 45 - 1e-6
    assert not drawn(found)[0].overlaps(box(45, 45, 55, 55))
    assert found[1].tolist() == pytest.approx([60.25, 5, 59.5, 10, 0])


def test_what_has_no_inside_has_no_rectangle():
    flat = Polygon([(0, 0), (10, 0), (20, 0)])

    found = found_in(None, Polygon(), Point(1, 1), flat, box(0, 0, 2, 1))

    assert np.isnan(found[:4]).all()
    assert found[4].tolist() == pytest.approx([1, 0.5, 2, 1, 0])


def test_nothing_has_no_rectangles():
    assert inscribed_rectangles(rings_of(np.array([], dtype=object))).shape == (0, 5)


def test_coordinates_that_are_no_numbers_give_none():
    rings = rings_of(np.array([box(0, 0, 2, 1), box(0, 0, 2, 1)], dtype=object))
    x = rings.x.copy()
    x[1] = np.nan

    found = inscribed_rectangles(rings.at(x, rings.y))

    assert np.isnan(found[0]).all()
    assert found[1, 2] == pytest.approx(2)


@LAW
@given(seed=SEEDS, corners=st.integers(4, 60), turned=st.floats(0, 90))
def test_every_rectangle_lies_in_its_parcel(land, seed, corners, turned):
    shapes = land(seed, count=12, corners=corners).rotate(turned, origin=(0, 0))
    parcels = np.append(shapes.translate(EAST, NORTH).to_numpy(), shapes.union_all())

    found = found_in(*parcels)

    assert (found[:, 2] >= found[:, 3]).all()
    assert (found[:, 3] > 0).all()
    assert ((found[:, 4] >= 0) & (found[:, 4] < np.pi)).all()
    assert shapely.covers(shapely.buffer(parcels, 1e-6), drawn(found)).all()


def test_combs_and_rings_inside_one_another_are_no_trap():
    teeth = [(x, y) for k in range(300) for x, y in ((2 * k, 50), (2 * k + 1, 10))]
    comb = Polygon([(0, 0), *[], (600, 0), *teeth[::-1]])
    island = MultiPolygon([
        Polygon(box(0, 0, 90, 90).exterior, [box(10, 10, 80, 80).exterior.coords]),
        box(20, 20, 70, 70),
    ])

    found = found_in(comb, island)

    assert found[0, 2] * found[0, 3] >= 598 * 10 * 0.99
    assert found[1, 2] * found[1, 3] == pytest.approx(2500)
    assert shapely.covers(
        shapely.buffer(np.array([comb, island]), 1e-6), drawn(found)
    ).all()


def test_a_dense_search_finds_hardly_more(land):
    parcels = land(3, count=12, corners=20).to_numpy()

    found = found_in(*parcels)

    share = found[:, 2] * found[:, 3] / [slowly(parcel) for parcel in parcels]
    assert np.median(share) >= 0.99
    assert share.min() >= 0.85


@LAW
@given(seed=SEEDS, cut=st.integers(0, 20))
def test_a_row_depends_on_its_parcel_alone(land, seed, cut):
    rings = rings_of(land(seed).to_numpy())

    parts = [inscribed_rectangles(rings.part(a, b)) for a, b in ((0, cut), (cut, 20))]

    assert np.array_equal(np.concatenate(parts), inscribed_rectangles(rings))

"""Polygons as coordinates keep their land, whichever way their rings ran."""

import numpy as np
import shapely
from shapely import MultiPolygon, Point, Polygon, box

from gis.ring_measure import ring_bounds
from gis.rings import rings_of

HOLED = Polygon(
    [(0, 0), (0, 4), (4, 4), (4, 0)], [[(1, 1), (2, 1), (2, 2), (1, 2)]]
)  # shell clockwise, hole counter-clockwise: both the wrong way
SHAPES = np.array(
    [
        box(0, 0, 2, 3),
        None,
        HOLED,
        Point(1, 1),
        Polygon(),
        MultiPolygon([
            box(10, 10, 11, 11),
            box(12, 10, 13, 12),
        ]),
    ],
    dtype=object,
)


def test_shells_run_counter_clockwise_and_holes_clockwise() -> None:
    rings = rings_of(SHAPES)

    made = [
        shapely.LinearRing(np.column_stack([rings.x[a:b], rings.y[a:b]])).is_ccw
        for a, b in zip(rings.ring[:-1], rings.ring[1:], strict=True)
    ]
    assert made == [True, True, False, True, True]


def test_every_geometry_keeps_its_place_area_and_bounds() -> None:
    rings = rings_of(SHAPES)

    assert rings.area().tolist() == [6, 0, 15, 0, 0, 3]
    there = [0, 2, 5]
    assert np.array_equal(rings.bounds()[there], shapely.bounds(SHAPES[there]))
    assert np.isnan(rings.bounds()[[1, 3, 4]]).all()


def test_bounds_are_the_same_compiled() -> None:
    rings = rings_of(SHAPES)

    assert np.array_equal(ring_bounds(rings), rings.bounds(), equal_nan=True)
    assert ring_bounds(rings.part(0, 0)).shape == (0, 4)


def test_a_part_is_what_stands_there_alone() -> None:
    whole, alone = rings_of(SHAPES).part(2, 6), rings_of(SHAPES[2:6])

    for name in ("x", "y", "ring", "shape"):
        assert np.array_equal(getattr(whole, name), getattr(alone, name))


def test_nothing_has_no_rings() -> None:
    rings = rings_of(np.array([], dtype=object))

    assert len(rings) == 0
    assert rings.area().tolist() == []
    assert rings.part(0, 0).bounds().shape == (0, 4)


def test_other_coordinates_keep_the_rings() -> None:
    rings = rings_of(SHAPES)

    twice = rings.at(rings.x * 2, rings.y)

    assert twice.area().tolist() == [12, 0, 30, 0, 0, 6]

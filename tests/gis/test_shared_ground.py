"""What pairs of polygons share, without an overlay."""

import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, Polygon, box

from gis.shared_ground import shared_ground

HOLED = Polygon(
    [(0, 0), (100, 0), (100, 100), (0, 100)],
    [[(20, 20), (80, 20), (80, 80), (20, 80)]],
)
STAR = Polygon([(50, -20), (60, 40), (120, 50), (60, 60), (50, 120), (40, 60)])
APART = MultiPolygon([box(-10, -10, 10, 10), box(90, 90, 110, 110)])


def of_pairs(left, right):
    one, other = (np.array(each, dtype=object) for each in (left, right))
    places = np.arange(len(one))
    return shared_ground(one, other, places, places)


@pytest.mark.parametrize("other", [STAR, APART, box(30, 30, 70, 70), HOLED])
@pytest.mark.parametrize("turned", [False, True])
def test_it_is_the_area_of_the_overlay(other, turned):
    one = HOLED.reverse() if turned else HOLED

    area = shapely.area(shapely.intersection(one, other))
    assert of_pairs([one, other], [other, one]) == pytest.approx([area, area])


def test_edges_that_nearly_coincide_share_nothing_but_rounding():
    turn = np.array([[np.cos(0.3), -np.sin(0.3)], [np.sin(0.3), np.cos(0.3)]])
    east, west = (
        shapely.transform(each, lambda xy: xy @ turn + [3e5, -2e5])
        for each in (box(0, 0, 100, 100), box(100, 0, 200, 100))
    )

    assert of_pairs([east], [west]) == pytest.approx([0.0], abs=1e-7)
    assert of_pairs([east], [east]) == pytest.approx([10_000.0])


def test_a_pair_depends_on_that_pair_alone(land):
    one, other = land(1, count=40).to_numpy(), land(2, count=40).to_numpy()
    left, right = np.divmod(np.arange(1600), 40)

    whole = shared_ground(one, other, left, right)
    some = np.flatnonzero(whole > 0.0)[::3]
    assert len(some) > 1
    assert (shared_ground(one, other, left[some], right[some]) == whole[some]).all()

"""What overlaps in a layer is united, and nothing else is touched."""

import numpy as np
import pytest
import shapely
from shapely import Polygon, box

from gis.area_grid import area_grid
from gis.dissolve import dissolved, polygons_from
from gis.errors import GeometryError
from gis.overlay_kernel import overlap_pairs
from gis.rings import rings_of

ALL = np.array([[-1e3, -1e3, 1e3, 1e3]])


def united(shapes, group):
    layer, rows = rings_of(np.array(shapes, dtype=object)), np.arange(len(shapes))
    group = np.array(group, dtype=np.int64)
    return dissolved(layer, group, rows, ALL, np.zeros(1, np.int64))


def test_a_chain_of_overlaps_is_one_and_neighbours_stay_as_they_are():
    chain = [box(0, 0, 6, 10), box(4, 0, 12, 10), box(11, 0, 20, 10)]
    layer, group, rows = united([*chain, box(20, 0, 30, 10)], [0, 0, 0, 0])

    assert rows.tolist() == [3, 4]
    assert layer.area()[rows].tolist() == [100.0, 200.0]
    assert group.tolist() == [0] * 5


def test_polygons_of_other_groups_are_not_united():
    _, group, rows = united([box(0, 0, 6, 10), box(4, 0, 12, 10)], [0, 1])

    assert rows.tolist() == [0, 1]
    assert group.tolist() == [0, 1]


def test_what_projecting_folded_counts_as_the_ground_it_is():
    # A needle's point stands one centimetre beyond the edge that it came near to.
    needle = Polygon([(0, 0), (100, 0), (100, 100), (50, -0.01), (0, 100)])
    shapes = np.array([needle, box(0, -9, 40, 0)], dtype=object)
    grid = area_grid(rings_of(shapes), np.zeros(2, np.int64), 1, cell_m=256.0)
    whole = rings_of(np.array([box(-1e3, -1e3, 1e3, 1e3)], dtype=object))

    ground = shapely.area(shapely.make_valid(needle, method="structure")) + 360.0
    assert overlap_pairs(whole, grid)[2][0] == pytest.approx(ground, abs=1e-7)


def test_a_polygon_that_never_was_one_is_named():
    tie = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])

    with pytest.raises(GeometryError, match="layer at positions 1"):
        united([box(1, 0, 9, 9), tie], [0, 0])


def test_a_ring_folded_at_its_northern_tip_is_still_a_shell():
    tip = [(49.999, 100), (50, 150), (50.001, 100)]
    folded = Polygon([(0, 0), (100, 0), (100, 100), *tip, (0, 100)])
    shapes = [box(200, 0, 300, 9), folded, box(400, 0, 500, 9)]

    made = polygons_from(rings_of(np.array(shapes, dtype=object)), np.arange(3))

    assert shapely.get_num_geometries(made).tolist() == [1, 1, 1]
    assert [len(one.geoms[0].interiors) for one in made] == [0, 0, 0]
    assert shapely.area(made) == pytest.approx([900.0, folded.area, 900.0])

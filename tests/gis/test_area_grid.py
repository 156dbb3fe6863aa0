"""Grids of areas: they cover their layer, travel as arrays, hold ground once."""

import numpy as np
import pytest
import shapely
from shapely import Polygon, box

from gis.area_grid import MOST_CELLS, AreaGrid, area_grid
from gis.dissolve import polygons_from
from gis.errors import GeometryError
from gis.overlay_kernel import overlap_pairs
from gis.rings import Rings, rings_of


def grid_of(*polygons, cell_m=None):
    layer = rings_of(np.array([*polygons, None], dtype=object)[:-1])
    return area_grid(layer, np.zeros(len(layer), np.int64), 1, cell_m=cell_m)


def test_a_grid_is_its_arrays(land, tmp_path):
    grid = grid_of(*land(1, corners=50).to_numpy())
    for name, array in grid.arrays().items():
        np.save(tmp_path / f"{name}.npy", array)
    opened = AreaGrid.of({
        name: np.load(tmp_path / f"{name}.npy", mmap_mode="r") for name in grid.arrays()
    })

    parcels = rings_of(land(2).to_numpy())
    for one, other in zip(
        overlap_pairs(parcels, grid), overlap_pairs(parcels, opened), strict=True
    ):
        assert np.array_equal(one, other)
    assert not opened.piece.flags.writeable


@pytest.mark.parametrize(
    ("name", "at", "value"),
    [("box", 2, 1e6), ("box", 0, -1e6), ("frame", 0, 30.0), ("frame", 3, 1.0)],
)
def test_a_grid_that_does_not_cover_its_layer_is_refused(name, at, value):
    arrays = grid_of(box(0, 0, 100, 60), cell_m=10.0).arrays()
    arrays[name] = arrays[name].copy()
    arrays[name][at] = value

    with pytest.raises(GeometryError, match="does not cover its layer"):
        AreaGrid.of(arrays)


def test_a_coordinate_that_is_no_number_is_named():
    layer = rings_of(np.array([box(0, 0, 1, 1), box(2, 0, 3, 1)], dtype=object))
    layer = Rings(layer.x * np.where(np.arange(10) == 6, np.nan, 1), *(
        layer.y, layer.ring, layer.shape
    ))  # fmt: skip

    with pytest.raises(GeometryError, match="layer at positions 1"):
        area_grid(layer, np.zeros(2, np.int64), 1)


def test_cells_within_a_polygon_hold_no_edges():
    grid = grid_of(box(0, 0, 40, 40), cell_m=10.0)

    cells = np.diff(grid.start).reshape(5, 5)
    assert cells[:4, :4].tolist() == [[1] * 4] * 4
    assert cells[4].sum() == cells[:, 4].sum() == 0
    assert len(grid.piece) == 0


@pytest.mark.parametrize("wide", [1e-3, 1.0, 1e4, 6e6])
def test_cells_are_chosen_from_the_layer_and_are_not_too_many(wide):
    corner = box(wide, wide, 2 * wide, 2 * wide)
    grid = grid_of(box(0, 0, wide / 50, wide / 50), corner)

    assert len(grid.start) <= MOST_CELLS
    assert len(grid.piece) < 100_000
    assert np.log2(grid.cell_m) % 1 == 0


def test_only_polygons_that_overlap_are_united():
    shapes = [box(0, 0, 6, 10), box(4, 0, 8, 10), box(50, 0, 51, 1), box(51, 0, 52, 1)]
    grid = grid_of(*shapes)
    whole = rings_of(np.array([box(-1, -1, 60, 20)], dtype=object))

    assert overlap_pairs(whole, grid)[2].tolist() == [82.0]


def test_an_invalid_polygon_that_overlaps_is_named():
    tie = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])

    with pytest.raises(GeometryError, match="layer at positions 1"):
        grid_of(box(1, 0, 9, 9), tie)


def test_polygons_come_out_of_their_rings_as_they_went_in(land):
    shapes = land(4, count=9).to_numpy()
    shapes[3] = shapely.union_all([shapes[3], box(1e4, 0, 1e4 + 1, 1)])

    back = polygons_from(rings_of(shapes), np.array([3, 0, 8]))
    assert shapely.equals(back, shapes[[3, 0, 8]]).all()

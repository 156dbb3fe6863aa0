"""The laid-out features: nothing is lost, and files give back the same grid."""

import numpy as np
import pytest
import shapely
from geopandas import GeoSeries
from shapely import LineString, Point, box

from gis.crs import CGCS2000
from gis.errors import CrsError
from gis.nearest_grid import NearestGrid, nearest_grid


@pytest.fixture(name="features")
def some_of_each_kind(land):
    stars = land(5, count=300, spread=9_000.0, corners=30)
    rest = [Point(7, 7), LineString([(0, 0), (3_500, 0)]), None, box(0, 0, 3, 3)]
    return GeoSeries([*stars, *rest], crs=stars.crs)


def test_a_segment_is_kept_for_each_edge_and_a_long_one_is_broken(albers):
    shapes = [Point(7, 7), LineString([(0, 0), (3_500, 0)]), box(0, 0, 3, 3)]
    assert len(nearest_grid(GeoSeries(shapes, crs=albers))) == 1 + 4 + 4


def test_each_box_holds_what_is_below_it(features):
    grid = nearest_grid(features)
    low = np.minimum(grid.item[:, :2], grid.item[:, 2:4])
    high = np.maximum(grid.item[:, :2], grid.item[:, 2:4])
    inner_low, inner_high = grid.box[:, :2].min(axis=2), grid.box[:, 2:].max(axis=2)
    boxes = np.vstack([
        np.hstack([low, high]),
        np.hstack([inner_low, inner_high]),
    ])
    held = grid.child[:, None] + np.arange(8)
    there = np.isfinite(grid.box[:, 0])
    assert (grid.box.transpose(0, 2, 1)[there] == boxes[held[there]]).all()
    # Each item and each node but the last is the child of one node.
    assert (np.sort(held[there]) == np.arange(len(boxes) - 1)).all()


def test_the_plane_is_the_conformal_one_of_the_features(land):
    grid = nearest_grid(land(5, count=300, spread=9_000.0, corners=30))
    there = grid.item[:, :4].reshape(-1, 2)
    here = grid.item[:, 4:].reshape(-1, 2)
    apart = np.hypot(*(here[1:] - here[:-1]).T)
    np.testing.assert_allclose(np.hypot(*(there[1:] - there[:-1]).T), apart, rtol=2e-3)


def test_files_give_back_the_same_grid(features, tmp_path):
    grid = nearest_grid(features)
    for name, array in grid.arrays().items():
        np.save(tmp_path / f"{name}.npy", array)
    opened = NearestGrid.of({
        path.stem: np.load(path, mmap_mode="r") for path in tmp_path.glob("*.npy")
    })
    for name, array in grid.arrays().items():
        kept = opened.arrays()[name]
        assert (kept == array).all()
        assert not kept.flags.writeable


def test_tiles_hold_the_area_of_the_polygons(features):
    grid = nearest_grid(features)
    x, y, to_x, to_y = grid.tile.T
    areas = np.add.reduceat((x * to_y - to_x * y) / 2, grid.start[:-1])
    whole = shapely.area(features.to_numpy())
    assert np.abs(areas).sum() == pytest.approx(np.nansum(whole), rel=1e-6)


def test_degrees_are_refused(features):
    with pytest.raises(CrsError):
        nearest_grid(features.to_crs(CGCS2000))

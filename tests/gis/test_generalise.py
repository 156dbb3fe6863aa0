"""Outlines that are shown: on the grid, valid, and away from every true vertex."""

import numpy as np
import pytest
import shapely
from geopandas import GeoSeries
from hypothesis import given
from hypothesis import strategies as st
from shapely import Polygon, box

from gis.errors import CrsError, GeometryError
from gis.generalise import generalised, grid_clear_of, open_nodes

PLANE = "EPSG:4545"
SIDE, CLEAR = 20.0, 4.0


def shown(*shapes: Polygon, clear: float = CLEAR, tolerance: float = 15.0) -> GeoSeries:
    exact = GeoSeries(list(shapes), crs=PLANE)
    true = shapely.get_coordinates(exact.to_numpy())
    grid = grid_clear_of(true, side_m=SIDE, clear_m=clear)
    return generalised(exact, grid, tolerance_m=tolerance)


def least_gap(outlines: GeoSeries, *exact: Polygon) -> float:
    ours = shapely.get_coordinates(outlines.to_numpy())
    true = shapely.get_coordinates(list(exact))
    return float(np.hypot(*(ours[:, None] - true[None]).T).min())


def test_vertices_move_to_the_nearest_node() -> None:
    (outline,) = shown(box(7, 8, 233, 312), clear=0)
    assert outline.equals(box(0, 0, 240, 320))


def test_a_node_that_a_true_vertex_lies_near_is_closed() -> None:
    # 3 m east of the node at 0, 0 and far from all others: the next nearest is 20, 0.
    grid = grid_clear_of(np.array([[3.0, 0.0]]), side_m=SIDE, clear_m=CLEAR)
    assert open_nodes(
        np.array([[3.0, 0.0], [9.0, 1.0], [-31.0, 0.0]]), grid
    ).tolist() == [
        [20.0, 0.0],
        [20.0, 0.0],
        [-40.0, 0.0],
    ]


def test_every_vertex_of_a_parcel_on_the_grid_itself_moves_away() -> None:
    exact = box(0, 0, 200, 200)
    outlines = shown(exact)
    assert least_gap(outlines, exact) >= SIDE
    assert outlines.is_valid.all()


def test_a_parcel_smaller_than_a_cell_becomes_a_square_around_it() -> None:
    tiny = box(1003, 2003, 1006, 2006)
    (outline,) = shown(tiny)
    assert outline.is_valid
    assert outline.contains(tiny)
    assert outline.area <= (6 * SIDE) ** 2


def test_a_bow_tie_after_rounding_becomes_the_hull_of_its_nodes() -> None:
    needle = Polygon([(0, 9), (400, 9), (400, 31), (200, 11), (0, 31)])
    (outline,) = shown(needle, tolerance=0.5)
    assert outline.is_valid
    assert outline.area > 0


def test_neighbours_keep_the_vertices_they_share() -> None:
    west, east = box(0, 0, 107, 203), box(107, 0, 211, 203)
    one, other = shown(west, east)
    assert one.intersection(other).area == 0
    assert one.intersection(other).length > 0


@given(
    st.lists(st.tuples(st.floats(0, 500), st.floats(0, 500)), min_size=3, max_size=12)
)
def test_no_vertex_shown_is_near_a_true_one(corners: list[tuple[float, float]]) -> None:
    exact = shapely.convex_hull(shapely.MultiPoint(corners))
    if exact.geom_type != "Polygon" or exact.area < 1:
        return
    outlines = shown(exact)
    assert outlines.is_valid.all()
    assert outlines.area.iloc[0] > 0
    assert least_gap(outlines, exact) >= CLEAR
    nodes = shapely.get_coordinates(outlines.to_numpy()) / SIDE
    assert np.abs(nodes - np.rint(nodes)).max() < 1e-9


def test_a_grid_without_room_is_refused() -> None:
    with pytest.raises(GeometryError, match="less than half"):
        grid_clear_of(np.zeros((1, 2)), side_m=10, clear_m=5)


def test_vertices_too_dense_for_the_grid_are_refused() -> None:
    nodes = np.stack(np.meshgrid(*[np.arange(-70, 71) * 20.0] * 2), -1).reshape(-1, 2)
    grid = grid_clear_of(nodes, side_m=SIDE, clear_m=CLEAR)
    with pytest.raises(GeometryError, match="too dense"):
        open_nodes(np.zeros((1, 2)), grid)


def test_outlines_without_a_crs_are_refused() -> None:
    grid = grid_clear_of(np.zeros((0, 2)), side_m=SIDE, clear_m=CLEAR)
    with pytest.raises(CrsError):
        generalised(GeoSeries([box(0, 0, 9, 9)]), grid, tolerance_m=1)

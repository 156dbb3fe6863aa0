"""Main roads between the county seats: the easiest ways over the synthetic terrain."""

import numpy as np
import shapely
from geopandas import GeoDataFrame
from scipy.ndimage import gaussian_filter1d, zoom
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra, minimum_spanning_tree
from scipy.spatial import Delaunay
from shapely import LineString

from sample_data.generator.draw import Floats, Ints
from sample_data.generator.facts import read_facts
from sample_data.generator.frame import Frame
from sample_data.generator.plane import PLANE, points_to_plane
from sample_data.generator.rivers import heights_of
from sample_data.generator.terrain import Terrain

COARSE = 4  # cells of the terrain to a cell that a road passes
CLIMB = 9.0  # metres of way that a metre of height is worth
LONGEST_M = 75_000.0
HALF = ((0, 1), (1, 0), (1, 1), (1, -1))


def draw_roads(frame: Frame, terrain: Terrain) -> GeoDataFrame:
    """Draw the main roads.

    Args:
        frame: The real frame.
        terrain: What they lead over.

    Returns:
        Lines on the plane with `feature_id` and `class`: "1" links all seats on the
        shortest net, "2" links further neighbours.
    """
    heights = heights_of(terrain)
    metres = zoom(heights.metres, 1.0 / COARSE, order=1)
    cell_m = heights.grid.cell_m * COARSE
    table = read_facts("seats")
    seats = points_to_plane(table[["seat_lon", "seat_lat"]].to_numpy(dtype=float))
    columns = np.rint((seats[:, 0] - heights.grid.left) / cell_m).astype(int)
    rows = np.rint((seats[:, 1] - heights.grid.bottom) / cell_m).astype(int)
    cells = rows * metres.shape[1] + columns
    far, before = dijkstra(
        _ways(metres, cell_m), directed=False, indices=cells, return_predecessors=True
    )
    pairs, classes = _pairs(seats, far[:, cells])
    lines = []
    for one, other in pairs:
        path = _path(before[one], cells[one], cells[other])
        at_row, at_column = np.divmod(path, metres.shape[1])
        x = heights.grid.left + at_column * cell_m
        y = heights.grid.bottom + at_row * cell_m
        lines.append(_eased(np.column_stack([x, y]), seats[one], seats[other]))
    inside = shapely.intersection(np.array(lines, dtype=object), frame.outline)
    return GeoDataFrame(
        {
            "feature_id": [f"W{number:04d}" for number in range(1, len(lines) + 1)],
            "class": classes,
        },
        geometry=list(inside),
        crs=PLANE,
    )


def _ways(metres: Floats, cell_m: float) -> coo_matrix:
    """Link each cell with its eight neighbours; steep steps are long."""
    number = np.arange(metres.size).reshape(metres.shape)
    rows, columns = metres.shape
    begin, end, cost = [], [], []
    for up, right in HALF:
        a = (slice(0, rows - up), slice(max(0, -right), columns - max(0, right)))
        b = (slice(up, rows), slice(max(0, right), columns + min(0, right)))
        climb = np.abs(metres[a] - metres[b])
        begin.append(number[a].ravel())
        end.append(number[b].ravel())
        cost.append((cell_m * np.hypot(up, right) + CLIMB * climb).ravel())
    joined = [np.concatenate(part) for part in (cost, begin, end)]
    return coo_matrix((joined[0], (joined[1], joined[2])), shape=(metres.size,) * 2)


def _pairs(seats: Floats, far: Floats) -> tuple[Ints, list[str]]:
    """Choose which seats are linked, and how important each road is."""
    corners = Delaunay(seats).simplices
    sides = np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])
    pairs = np.unique(np.sort(sides, axis=1), axis=0)
    away = np.hypot(*(seats[pairs[:, 0]] - seats[pairs[:, 1]]).T)
    # Two seats in one cell are no way apart, and a net of nought has no link there.
    cost = np.maximum(far[pairs[:, 0], pairs[:, 1]], 1.0)
    net = coo_matrix((cost, (pairs[:, 0], pairs[:, 1])), shape=(len(seats),) * 2)
    tree = minimum_spanning_tree(net).tocoo()
    first = {(int(a), int(b)) for a, b in zip(tree.row, tree.col, strict=True)}
    kept = [
        (pair, "1" if tuple(pair.tolist()) in first else "2")
        for pair, distance in zip(pairs, away, strict=True)
        if tuple(pair.tolist()) in first or distance <= LONGEST_M
    ]
    return np.array([pair for pair, _ in kept]), [level for _, level in kept]


def _path(before: Ints, start: int, stop: int) -> Ints:
    """Follow the easiest way back from a seat to another."""
    path = [stop]
    while path[-1] != start:
        path.append(int(before[path[-1]]))
    return np.array(path[::-1])


def _eased(points: Floats, start: Floats, stop: Floats) -> LineString:
    """Round the corners of a road and lead it into both seats."""
    points = np.vstack([start, points[1:-1], stop])
    if len(points) > 3:  # noqa: PLR2004 - nothing to round
        smooth = gaussian_filter1d(points, 1.0, axis=0, mode="nearest")
        smooth[[0, -1]] = points[[0, -1]]
        points = smooth
    return LineString(shapely.get_coordinates(LineString(points).simplify(80.0)))

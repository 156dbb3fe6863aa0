"""Outlines that tell where land lies and never where a boundary point is.

An outline is straightened, and each vertex that is left moves to the nearest node of a
square grid. A node that a true vertex lies near is closed: no outline uses it, so that
no vertex that is shown is one that was surveyed, not even by chance. All that is shown
lies on the grid, whichever node was closed, and so the grid tells nothing of that.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from geopandas import GeoSeries
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gis.crs import require_crs
from gis.errors import GeometryError

_SHIFT: Final = 32
_FAR: Final = 64  # nodes; beyond that a grid is closed, not crowded
_AREA: Final = 2  # dimensions
_ROOM: Final = 2  # nodes from the middle to the corner of the least square

_Coordinates = NDArray[np.float64]


@dataclass(frozen=True)
class Grid:
    """Nodes that vertices may move to.

    Attributes:
        side_m: Metres between neighbouring nodes.
        closed: Nodes that lie near a true vertex, packed, ascending.
    """

    side_m: float
    closed: NDArray[np.int64]


def grid_clear_of(vertices: _Coordinates, *, side_m: float, clear_m: float) -> Grid:
    """Close the nodes that lie near true vertices.

    Args:
        vertices: True vertices in a projected CRS, metres, shape (n, 2).
        side_m: Metres between neighbouring nodes.
        clear_m: Metres that a node stays away from each true vertex.

    Returns:
        The grid.

    Raises:
        GeometryError: `clear_m` is not less than half of `side_m`, so that a vertex
            may close more nodes than the one that is nearest.
    """
    if not 0 <= clear_m < side_m / 2:
        raise GeometryError(
            "Vertices cannot be kept {clear} m away from nodes that are {side} m apart:"
            " give less than half of that.",
            clear=clear_m,
            side=side_m,
        )
    nodes = np.rint(vertices / side_m)
    near = np.hypot(*(vertices - nodes * side_m).T) < clear_m
    return Grid(side_m, np.unique(_packed(nodes[near])))


def generalised(outlines: GeoSeries, grid: Grid, *, tolerance_m: float) -> GeoSeries:
    """Straighten outlines and move what is left of their vertices to a grid.

    Args:
        outlines: Shapes in a projected CRS, metres, shape (n,).
        grid: Where vertices may lie.
        tolerance_m: Metres that straightening may move an edge.

    Returns:
        Valid shapes in the same CRS, indexed as `outlines`; every vertex is an open
        node of the grid. A polygon that falls in on itself is mended, or becomes the
        hull of its nodes, or the least square around its middle; a line shorter than
        a cell may be left without length.
    """
    require_crs(outlines)
    slim = shapely.simplify(outlines.to_numpy(), tolerance_m)
    moved = shapely.set_coordinates(
        slim, open_nodes(shapely.get_coordinates(slim), grid)
    )
    areas = shapely.get_dimensions(slim) == _AREA
    fallen = np.flatnonzero(areas & ~_is_sound(moved))
    moved[fallen] = [_mended(shape, grid) for shape in moved[fallen]]
    flat = areas & ~_is_sound(moved)
    moved[flat] = _squares(outlines.to_numpy()[flat], grid)
    tidy = shapely.remove_repeated_points(moved)
    return GeoSeries(tidy, index=outlines.index, crs=outlines.crs)


def _mended(shape: BaseGeometry, grid: Grid) -> BaseGeometry:
    """Mend a polygon that fell in on itself, on open nodes; or take its hull."""
    sound = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    parts = shapely.get_parts(sound)
    polygons = parts[shapely.get_dimensions(parts) == _AREA]
    whole = shapely.set_precision(shapely.union_all(polygons), grid.side_m)
    nodes = np.rint(shapely.get_coordinates(whole) / grid.side_m)
    if _is_sound(whole) and not _is_closed(nodes, grid).any():
        return whole
    return shapely.convex_hull(shape)


def _is_sound(shapes: NDArray[np.object_] | BaseGeometry) -> NDArray[np.bool_]:
    return np.asarray(shapely.is_valid(shapes) & (shapely.area(shapes) > 0))


def open_nodes(vertices: _Coordinates, grid: Grid) -> _Coordinates:
    """Find the nearest open node of each vertex.

    Args:
        vertices: Metres, shape (n, 2).
        grid: The grid.

    Returns:
        Metres, shape (n, 2). Equal vertices have equal nodes.

    Raises:
        GeometryError: True vertices lie so dense that no node is open for far around.
    """
    nodes = np.rint(vertices / grid.side_m)
    for reach in range(1, _FAR):
        taken = np.flatnonzero(_is_closed(nodes, grid))
        if not len(taken):
            return nodes * grid.side_m
        nodes[taken] = _nearest_open(vertices[taken], grid, reach)
    raise GeometryError(
        "The boundary points lie too dense for a grid of {side} m: choose a wider one.",
        side=grid.side_m,
    )


def _nearest_open(
    vertices: _Coordinates, grid: Grid, reach: int
) -> NDArray[np.float64]:
    """Find the nearest open node within a reach; where none is, a closed one stays."""
    home = np.rint(vertices / grid.side_m)
    best, least = home.copy(), np.full(len(home), np.inf)
    for east in range(-reach, reach + 1):
        for north in range(-reach, reach + 1):
            node = home + np.array((east, north))
            far = np.hypot(*(vertices - node * grid.side_m).T)
            better = (far < least) & ~_is_closed(node, grid)
            best[better], least[better] = node[better], far[better]
    return best


def _squares(shapes: NDArray[np.object_], grid: Grid) -> NDArray[np.object_]:
    """Draw the least square of open nodes around the middle of each shape."""
    middle = shapely.get_coordinates(shapely.point_on_surface(shapes))
    corners = [
        open_nodes(middle + np.array(side) * _ROOM * grid.side_m, grid)
        for side in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ]
    return np.asarray(shapely.polygons(np.stack(corners, axis=1)), dtype=object)


def _is_closed(nodes: _Coordinates, grid: Grid) -> NDArray[np.bool_]:
    asked = _packed(nodes)
    at = np.searchsorted(grid.closed, asked)
    there = at < len(grid.closed)
    found = np.zeros(len(asked), dtype=np.bool_)
    found[there] = grid.closed[at[there]] == asked[there]
    return found


def _packed(nodes: _Coordinates) -> NDArray[np.int64]:
    """Put both numbers of a node into one."""
    whole = nodes.astype(np.int64)
    packed: NDArray[np.int64] = (whole[:, 0] << _SHIFT) + whole[:, 1]
    return packed

"""Rivers of the synthetic terrain: water runs down from cell to cell and gathers.

Noise has hollows that no real valley has. Water leaves each over its lowest saddle, the
river cuts its bed through that saddle, and the heights are carved down to the bed: a
river runs downhill from its spring to its mouth, in gorges where it has to.
"""

import heapq
from dataclasses import dataclass

import numpy as np
import shapely
from geopandas import GeoDataFrame
from scipy.ndimage import (
    distance_transform_edt,
    gaussian_filter,
    gaussian_filter1d,
    zoom,
)
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from sample_data.generator.draw import Floats, Ints
from sample_data.generator.frame import Frame
from sample_data.generator.latin import in_latin
from sample_data.generator.plane import PLANE
from sample_data.generator.terrain import Grid, Terrain

COARSE = 2  # cells of the terrain to a cell that water runs over
GREAT_KM2, MIDDLE_KM2, SMALL_KM2 = 4_000.0, 900.0, 220.0
SHORTEST_M = 6_000.0
STEP_M = 120.0  # between points of a bed
SIDE_SLOPE, SIDE_RISE, SHOULDER_M = 0.06, 38.0, 24.0
FALL_M = 0.5  # a bed falls by so much a cell at least
# Valleys lead the water, not the folds of the highland.
LED_BY_RELIEF = 4.0
STEPS = ((-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1))


@dataclass(frozen=True)
class Heights:
    """Heights above the sea on a grid.

    Attributes:
        grid: Where they are known.
        metres: The heights, of the grid's shape.
    """

    grid: Grid
    metres: Floats


@dataclass(frozen=True)
class Rivers:
    """The rivers of the province.

    Attributes:
        frame: Lines on the plane from spring to mouth with `feature_id`, `name`,
            `name_en`, `class` (1 the greatest to 3).
        points: Points along every course, beyond the border as well, metres,
            shape (n, 2).
        beds: Height of the bed at each, metres, shape (n,).
    """

    frame: GeoDataFrame
    points: Floats
    beds: Floats


def heights_of(terrain: Terrain, *, relief_weight: float = 1.0) -> Heights:
    """Turn relief into heights as Guizhou has them: high in the west, low in the east.

    Args:
        terrain: The relief.
        relief_weight: How much deeper than usual its valleys are.

    Returns:
        About 300 to 2,700 m, on the terrain's grid.
    """
    grid = terrain.grid
    across = np.linspace(0.0, 1.0, grid.shape[1])[None, :]
    along = np.linspace(0.0, 1.0, grid.shape[0])[:, None]
    # The watershed of the province runs through its middle, west to east.
    back = 1.0 - np.abs(along - 0.5) * 1.1
    base = 620.0 + 1_250.0 * (1.0 - across) ** 1.4 + 320.0 * back
    local = 210.0 * np.tanh(gaussian_filter(terrain.relief, 1.0)) * 1.6
    return Heights(grid, base + relief_weight * local + 130.0 * terrain.massif)


def run_rivers(frame: Frame, terrain: Terrain) -> Rivers:
    """Let the rivers run.

    Args:
        frame: The real frame; rivers end at the province's border and take their
            names from settlements beside them.
        terrain: What the water runs over.

    Returns:
        The rivers and their beds.
    """
    heights = heights_of(terrain)
    led = heights_of(terrain, relief_weight=LED_BY_RELIEF).metres
    metres = zoom(led, 1.0 / COARSE, order=1)
    cell_m = heights.grid.cell_m * COARSE
    down, order = _drained(metres)
    gathered = _gathered(down, order) * (cell_m / 1_000.0) ** 2  # km2
    bed = _beds(zoom(heights.metres, 1.0 / COARSE, order=1).ravel(), down, order)
    lines: list[BaseGeometry] = []
    sizes, along = [], []
    for path, size in _courses(down, order, gathered):
        rows, columns = np.divmod(path, metres.shape[1])
        x = heights.grid.left + columns * cell_m
        y = heights.grid.bottom + rows * cell_m
        smooth = _wound(np.column_stack([x, y]))
        lines.append(LineString(smooth).simplify(60.0))
        sizes.append(size)
        along.append(_stepped(smooth, bed[path]))
    points = np.vstack(along)
    named = _named(lines, np.array(sizes), frame)
    return Rivers(named, points[:, :2], points[:, 2])


def carved(heights: Heights, rivers: Rivers) -> Heights:
    """Cut the rivers' beds into heights.

    Args:
        heights: What they run over.
        rivers: The rivers.

    Returns:
        Heights that fall to a bed near by from all sides, over a soft shoulder.
    """
    grid = heights.grid
    beds = np.full(grid.shape, np.inf)
    column, row = np.rint(
        (rivers.points - (grid.left, grid.bottom)).T / grid.cell_m
    ).astype(int)
    inside = (row >= 0) & (row < grid.shape[0])
    inside &= (column >= 0) & (column < grid.shape[1])
    np.minimum.at(beds, (row[inside], column[inside]), rivers.beds[inside])
    cells, at = distance_transform_edt(np.isinf(beds), return_indices=True)
    # The river's line runs between the middles of cells: a cell beside is bed, too.
    away_m = np.maximum(cells - 1.5, 0.0) * grid.cell_m
    side = beds[tuple(at)] + SIDE_SLOPE * away_m + SIDE_RISE * (away_m / 1_000.0) ** 2
    # The lower of both, rounded where they meet; never above either.
    lower = np.minimum(heights.metres, side)
    gap = np.abs(heights.metres - side)
    shoulder = SHOULDER_M * np.exp(-gap / SHOULDER_M) * (cells > 1.5)  # noqa: PLR2004 - not in the bed
    return Heights(grid, lower - shoulder)


def _beds(metres: Floats, down: Ints, order: Ints) -> Floats:
    """Let every bed fall towards its mouth, whatever lies in its way."""
    bed = metres.copy()
    for cell in order[::-1]:
        below = down[cell]
        if below != cell:
            bed[below] = min(bed[below], bed[cell] - FALL_M)
    return bed


def _stepped(points: Floats, beds: Floats) -> Floats:
    """Put points along a course, evenly: x, y and the bed's height, shape (n, 3)."""
    run = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    steps = np.linspace(0.0, run[-1], max(int(run[-1] / STEP_M), 1) + 1)
    parts = [np.interp(steps, run, part) for part in (*points.T, beds)]
    return np.column_stack(parts)


def _drained(metres: Floats) -> tuple[Ints, Ints]:
    """Tell where the water of each cell goes, out of every hollow (priority flood).

    Returns:
        The cell below each, itself at the rim, shape (n,); and the cells from the
        lowest reached to the highest.

    Source:
        Barnes, Lehman, Mulla (2014), Computers & Geosciences 62,
        doi:10.1016/j.cageo.2013.04.024.
    """
    rows, columns = metres.shape
    flat = metres.ravel()
    down = np.full(flat.size, -1, dtype=np.int64)
    heap: list[tuple[float, int]] = []
    for row in range(rows):
        for column in range(columns):
            if row in {0, rows - 1} or column in {0, columns - 1}:
                cell = row * columns + column
                down[cell] = cell
                heap.append((float(flat[cell]), cell))
    heapq.heapify(heap)
    order = np.empty(flat.size, dtype=np.int64)
    for number in range(flat.size):
        height, cell = heapq.heappop(heap)
        order[number] = cell
        row, column = divmod(cell, columns)
        for up, right in STEPS:
            at, beside = row + up, column + right
            if not (0 <= at < rows and 0 <= beside < columns):
                continue
            other = at * columns + beside
            if down[other] < 0:
                down[other] = cell
                heapq.heappush(heap, (max(height, float(flat[other])), other))
    return down, order


def _gathered(down: Ints, order: Ints) -> Floats:
    """Count the cells whose water passes each cell."""
    gathered = np.ones(len(down))
    for cell in order[::-1]:
        if down[cell] != cell:
            gathered[down[cell]] += gathered[cell]
    return gathered


def _courses(down: Ints, order: Ints, gathered: Floats) -> list[tuple[Ints, float]]:
    """Follow each river from its spring to its mouth, the greatest first."""
    wet = gathered >= SMALL_KM2
    fed = np.zeros(len(down), dtype=np.int64)  # the greatest of the cells above
    for cell in order[::-1]:
        below = down[cell]
        if (
            wet[cell]
            and below != cell
            and (fed[below] == 0 or gathered[cell] > gathered[fed[below] - 1])
        ):
            fed[below] = cell + 1
    mouths = [
        cell
        for cell in order
        if wet[cell] and (down[cell] == cell or fed[down[cell]] != cell + 1)
    ]
    courses = []
    for mouth in mouths:
        path = [down[mouth]] if down[mouth] != mouth else []
        cell = mouth
        while True:
            path.append(cell)
            if fed[cell] == 0:
                break
            cell = fed[cell] - 1
        if len(path) > 1:
            courses.append((np.array(path[::-1]), float(gathered[mouth])))
    return courses


def _wound(points: Floats) -> Floats:
    """Round the corners of a course; its ends stay."""
    if len(points) < 3:  # noqa: PLR2004 - nothing to round
        return points
    smooth: Floats = gaussian_filter1d(points, 1.3, axis=0, mode="nearest")
    smooth[[0, -1]] = points[[0, -1]]
    return smooth


def _named(lines: list[BaseGeometry], sizes: Floats, frame: Frame) -> GeoDataFrame:
    """Cut the courses to the province, name and class them."""
    inside = shapely.intersection(np.array(lines, dtype=object), frame.outline)
    long = shapely.length(inside) >= SHORTEST_M
    inside, sizes = inside[long], sizes[long]
    order = np.argsort(-sizes, kind="stable")
    inside, sizes = inside[order], sizes[order]
    middles = shapely.get_coordinates(
        shapely.line_interpolate_point(_longest(inside), 0.5, normalized=True)
    )
    names = _after_settlements(middles, frame)
    classes = np.where(sizes >= GREAT_KM2, 1, np.where(sizes >= MIDDLE_KM2, 2, 3))
    return GeoDataFrame(
        {
            "feature_id": [f"R{number:04d}" for number in range(1, len(inside) + 1)],
            "name": names,
            "name_en": [in_latin(name, "river") for name in names],
            "class": classes.astype(str),
        },
        geometry=list(inside),
        crs=PLANE,
    )


def _longest(lines: np.ndarray) -> np.ndarray:
    """Take the longest piece of each line that the border cut."""
    parts, owner = shapely.get_parts(lines, return_index=True)
    order = np.lexsort([-shapely.length(parts), owner])
    first = np.searchsorted(owner[order], np.arange(len(lines)))
    longest: np.ndarray = parts[order][first]
    return longest


def _after_settlements(points: Floats, frame: Frame) -> list[str]:
    """Name each river after a settlement that no greater river has taken."""
    table = frame.settlements
    places = table[["x", "y"]].to_numpy(dtype=float)
    given: set[str] = set()
    names = []
    for point in points:
        order = np.argsort(np.hypot(*(places - point).T))[:40]
        free = [n for at in order if (n := str(table["name"].iloc[at])) not in given]
        name = free[0] if free else ""
        given.add(name)
        names.append(f"{name}河" if name else "")
    return names

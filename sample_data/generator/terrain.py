"""A smooth synthetic terrain: valleys wind through it, ridges stand between.

No elevation model fine enough is public, so the relief is noise: the zero line of a
band-shaped noise is a net of valleys. Settlements, zones and fields follow it, control
lines are its contours.
"""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates, rotate

from sample_data.generator.draw import Floats, stream

CELL_M = 500.0
MARGIN_M = 5_000.0
STRIKE_DEGREES = -38.0


@dataclass(frozen=True)
class Grid:
    """Centres of square cells over the plane.

    Attributes:
        left: Easting of the first column, metres.
        bottom: Northing of the first row, metres.
        cell_m: Side of a cell, metres.
        shape: Rows and columns.
    """

    left: float
    bottom: float
    cell_m: float
    shape: tuple[int, int]

    @property
    def x(self) -> Floats:
        """Eastings of the columns, metres."""
        return self.left + self.cell_m * np.arange(self.shape[1], dtype=float)

    @property
    def y(self) -> Floats:
        """Northings of the rows, metres."""
        return self.bottom + self.cell_m * np.arange(self.shape[0], dtype=float)

    def at(self, values: Floats, x: Floats, y: Floats) -> Floats:
        """Read a field of this grid at points, linearly between cells.

        Args:
            values: The field, of this grid's shape.
            x: Eastings in metres, any shape.
            y: Northings in metres, the shape of `x`.

        Returns:
            Values, the shape of `x`; beyond the grid the nearest edge's.
        """
        rows = (np.asarray(y) - self.bottom) / self.cell_m
        columns = (np.asarray(x) - self.left) / self.cell_m
        read: Floats = map_coordinates(values, [rows, columns], order=1, mode="nearest")
        return read


@dataclass(frozen=True)
class Terrain:
    """The relief of one seed.

    Attributes:
        grid: Where the fields are known.
        relief: 0 in the middle of a valley, about 1 on its shoulders, 2 and more on
            ridges.
        massif: Highland where positive, standard deviation 1, features of 40 km.
    """

    grid: Grid
    relief: Floats
    massif: Floats

    def steepness(self) -> Floats:
        """Change of relief across a cell, scaled to standard deviation 1."""
        rows, columns = np.gradient(self.relief)
        size = np.hypot(rows, columns)
        steep: Floats = size / size.std()
        return steep


def make_grid(bounds: Floats, cell_m: float = CELL_M) -> Grid:
    """Lay a grid over bounds (left, bottom, right, top in metres) and a margin."""
    left, bottom = (np.floor((bounds[:2] - MARGIN_M) / cell_m) * cell_m).tolist()
    columns = int(np.ceil((bounds[2] + MARGIN_M - left) / cell_m)) + 1
    rows = int(np.ceil((bounds[3] + MARGIN_M - bottom) / cell_m)) + 1
    return Grid(left, bottom, cell_m, (rows, columns))


def make_terrain(grid: Grid, *, seed: int) -> Terrain:
    """Draw the relief of a seed.

    Args:
        grid: Where to draw it.
        seed: Seed of the province.

    Returns:
        The same relief for the same grid and seed.
    """
    bands = _noise(grid, seed, "bands", along=15.0, across=5.0)
    twigs = _noise(grid, seed, "twigs", along=4.5, across=2.6)
    crumbs = _noise(grid, seed, "crumbs", along=1.6, across=1.6)
    relief = np.abs(bands + 0.55 * twigs) + 0.16 * crumbs + 0.16
    massif = _noise(grid, seed, "massif", along=60.0, across=32.0)
    return Terrain(grid, relief, massif)


def _noise(grid: Grid, seed: int, name: str, *, along: float, across: float) -> Floats:
    """Draw slanted bands of noise, mean 0 and standard deviation 1.

    Args:
        grid: Where to draw it.
        seed: Seed of the province.
        name: Name of the stream.
        along: Length of the features in cells.
        across: Width of the features in cells.

    Returns:
        A field of the grid's shape.
    """
    side = int(np.ceil(np.hypot(*grid.shape)))
    white = stream(seed, "terrain", name).standard_normal((side, side))
    smooth = gaussian_filter(white, sigma=(across, along), mode="wrap")
    # Guizhou's folds strike north-east.
    turned = rotate(smooth, STRIKE_DEGREES, reshape=False, order=1, mode="grid-wrap")
    top, left = (side - grid.shape[0]) // 2, (side - grid.shape[1]) // 2
    field: Floats = turned[top : top + grid.shape[0], left : left + grid.shape[1]]
    even: Floats = (field - field.mean()) / field.std()
    return even

"""Control lines as finely drawn as real ones, for samples of many parcels.

The shipped lines are contours of cells of 500 m, a fiftieth of the points that surveyed
lines have. Here the same fields are read at 100 m and roughened, so that a redline
polygon has tens of thousands of points and hundreds of holes, across county borders.
The published totals are no longer met to the percent.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import shapely
from geopandas import GeoDataFrame
from scipy.ndimage import gaussian_filter, zoom

from sample_data.generator.contours import above_zero, cut_by
from sample_data.generator.control_lines import (
    farmland_and_redline_fields,
    line_layer,
    urban_field,
)
from sample_data.generator.draw import Floats, stream
from sample_data.generator.frame import Frame
from sample_data.generator.hazards import draw_slopes, steep_field
from sample_data.generator.sites import Site
from sample_data.generator.terrain import Grid, Terrain

URBAN = "urban_boundary"
FINER = {"farmland": 5, "redline": 5, URBAN: 2, "geohazard": 4}
# Standard deviation of the roughness, in that of the field (urban: metres).
ROUGH = {"farmland": 0.42, "redline": 0.36, URBAN: 420.0, "geohazard": 0.3}
TOLERANCE_M, LEAST_M2 = 4.0, 1e4


def draw_fine_lines(
    frame: Frame, terrain: Terrain, sites: Sequence[Site], *, seed: int
) -> dict[str, GeoDataFrame]:
    """Draw the control lines and the hazards finely.

    Args:
        frame: The real frame.
        terrain: The relief.
        sites: Seats and zones.
        seed: Seed of the province.

    Returns:
        `farmland`, `redline`, `urban_boundary`, `geohazard` on the plane, with the
        columns of the shipped layers. Redline polygons are not cut by county: their
        `county_code` is that of a point inside.
    """
    fields = farmland_and_redline_fields(frame, terrain, sites)
    cells, urban, level = urban_field(frame, terrain, sites, seed=seed)
    # Simplifying takes most of the time and frees the interpreter meanwhile; the two
    # largest never stand in memory together.
    with ThreadPoolExecutor(1) as aside:
        urban_lines = aside.submit(_drawn, cells.grid, urban - level, URBAN, seed)
        hazards = aside.submit(_hazards, frame, terrain, sites, seed)
        lines = {
            line: _drawn(terrain.grid, field, line, seed)
            for line, field in fields.items()
        }
        lines[URBAN] = urban_lines.result()
    layers = {
        line: line_layer(line, *cut_by(lines[line], frame.counties, least_m2=LEAST_M2))
        for line in ("farmland", URBAN)
    }
    redline = line_layer("redline", *_whole(frame, lines["redline"]))
    return {**layers, "redline": redline, "geohazard": hazards.result()}


def _hazards(
    frame: Frame, terrain: Terrain, sites: Sequence[Site], seed: int
) -> GeoDataFrame:
    """Draw hazard-prone slopes finely, and single slides."""
    grid, steep = _roughened(terrain.grid, steep_field(terrain), "geohazard", seed)
    return draw_slopes(frame, sites, grid, steep, tolerance_m=TOLERANCE_M, seed=seed)


def _drawn(grid: Grid, field: Floats, line: str, seed: int) -> np.ndarray:
    """Draw where a roughened field is above zero."""
    fine, rough = _roughened(grid, field, line, seed)
    return above_zero(fine, rough, tolerance_m=TOLERANCE_M, least_m2=LEAST_M2)


def _roughened(grid: Grid, field: Floats, line: str, seed: int) -> tuple[Grid, Floats]:
    """Read a field between its cells and add noise of a few hundred metres."""
    rows, columns = ((n - 1) * FINER[line] + 1 for n in grid.shape)
    rough = zoom(field, (rows / grid.shape[0], columns / grid.shape[1]), order=1)
    noise = stream(seed, "roughness", line).standard_normal(
        rough.shape, dtype=np.float32
    )
    noise = gaussian_filter(noise, 1.4, mode="wrap")
    size = ROUGH[line] * (1.0 if line == URBAN else field.std())
    noise *= np.float32(size / noise.std(dtype=float))
    rough += noise
    return Grid(grid.left, grid.bottom, grid.cell_m / FINER[line], rough.shape), rough


def _whole(frame: Frame, shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Keep shapes uncut but by the province, with the county of a point inside."""
    inside, _ = cut_by(shapes, {"": frame.outline}, least_m2=LEAST_M2)
    codes = np.array(list(frame.counties))
    tree = shapely.STRtree(list(frame.counties.values()))
    point, county = tree.query(shapely.point_on_surface(inside), "within")
    of = np.zeros(len(inside), dtype=int)
    of[point] = county
    return inside, codes[of]

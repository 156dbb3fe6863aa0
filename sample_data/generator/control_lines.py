"""The three control lines, calibrated on published totals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from geopandas import GeoDataFrame
from scipy.ndimage import distance_transform_edt
from shapely.geometry.base import BaseGeometry

from sample_data.generator.contours import above_zero, cut_by
from sample_data.generator.draw import Flags, Floats, Ints, stream
from sample_data.generator.facts import read_facts
from sample_data.generator.frame import Frame
from sample_data.generator.plane import PLANE
from sample_data.generator.sites import Site
from sample_data.generator.terrain import Grid, Terrain, make_grid

PROVINCE = "520000"
URBAN_CELL_M = 250.0
TOLERANCE_M = 90.0
LEAST_M2 = 1.5e5
TITLES = {
    "farmland": "永久基本农田",
    "redline": "生态保护红线",
    "urban_boundary": "城镇开发边界",
}


@dataclass(frozen=True)
class Cells:
    """The cells of a grid that lie in counties.

    Attributes:
        grid: The grid.
        county: Position of the cell's county among `codes`, -1 outside; the grid's
            shape.
        codes: County codes in order.
    """

    grid: Grid
    county: Ints
    codes: tuple[str, ...]

    def of(self, unit: str) -> Flags:
        """Flag the cells of a county, a prefecture (`520100`) or the province."""
        stem = unit.removesuffix("00").removesuffix("00")
        inside = [code.startswith(stem) for code in self.codes]
        return np.append(inside, False)[self.county]  # -1 takes the last


def label_cells(grid: Grid, counties: Mapping[str, BaseGeometry]) -> Cells:
    """Find the county of each cell of a grid."""
    codes = tuple(sorted(counties))
    county = np.full(grid.shape, -1)
    for number, code in enumerate(codes):
        rows, columns = window(grid, shapely.bounds(counties[code]))
        x, y = np.meshgrid(grid.x[columns], grid.y[rows])
        shapely.prepare(counties[code])
        county[rows, columns][shapely.contains_xy(counties[code], x, y)] = number
    return Cells(grid, county, codes)


def window(grid: Grid, bounds: Floats) -> tuple[slice, slice]:
    """Return the rows and columns of a grid that bounds cover."""
    low = np.floor((bounds[:2] - [grid.left, grid.bottom]) / grid.cell_m).astype(int)
    high = np.ceil((bounds[2:] - [grid.left, grid.bottom]) / grid.cell_m).astype(int)
    low = np.maximum(low - 1, 0)
    return slice(low[1], high[1] + 2), slice(low[0], high[0] + 2)


def published(line: str) -> dict[str, float]:
    """Read the published totals of a control line, m2 by code."""
    table = read_facts("plan_limits")
    rows = table[table["line"] == line]
    return {
        code: float(area) * 1e6
        for code, area in zip(rows["code"], rows["area_km2"], strict=True)
    }


def draw_urban(
    frame: Frame, terrain: Terrain, sites: Sequence[Site], *, seed: int
) -> GeoDataFrame:
    """Draw urban boundaries around seats and zones.

    Args:
        frame: The real frame.
        terrain: The relief; towns grow along valleys.
        sites: Seats and zones.
        seed: Seed of the province.

    Returns:
        On the plane: `feature_id`, `name`, `county_code`, geometry.
    """
    cells, field, level = urban_field(frame, terrain, sites, seed=seed)
    shapes, codes = [], []
    for code, county in frame.counties.items():
        rows, columns = window(cells.grid, shapely.bounds(county))
        part = Grid(
            float(cells.grid.x[columns][0]),
            float(cells.grid.y[rows][0]),
            URBAN_CELL_M,
            field[rows, columns].shape,
        )
        # The level of this county rules its whole window; the county cuts it after.
        own = level[cells.of(code)][0]
        drawn = above_zero(
            part, field[rows, columns] - own, tolerance_m=35.0, least_m2=LEAST_M2
        )
        pieces, of = cut_by(drawn, {code: county}, least_m2=2e4)
        shapes.append(pieces)
        codes.append(of)
    return line_layer("urban_boundary", np.concatenate(shapes), np.concatenate(codes))


def urban_field(
    frame: Frame, terrain: Terrain, sites: Sequence[Site], *, seed: int
) -> tuple[Cells, Floats, Floats]:
    """Say how urban each cell is, and from which level on it counts.

    Args:
        frame: The real frame.
        terrain: The relief; towns grow along valleys.
        sites: Seats and zones.
        seed: Seed of the province.

    Returns:
        The cells, the field, and the level of each cell's county.
    """
    cells = label_cells(make_grid(frame.bounds, URBAN_CELL_M), frame.counties)
    field = _nearness(cells.grid, [site.outline for site in sites])
    x, y = np.meshgrid(cells.grid.x, cells.grid.y)
    relief = terrain.grid.at(terrain.relief, x, y)
    # Ridges hold a town back, the more the farther from what is planned.
    field = np.where(field > 0, field, field * (0.35 + 1.5 * relief))
    field -= 190.0 * relief
    level = np.zeros(field.shape)
    for code, target in urban_targets(frame, sites, seed=seed).items():
        inside = cells.of(code)
        count = max(round(target / URBAN_CELL_M**2), 1)
        ranked = np.sort(field[inside])[::-1]
        level[inside] = ranked[min(count, len(ranked) - 1)]
    return cells, field, level


def urban_targets(
    frame: Frame, sites: Sequence[Site], *, seed: int
) -> dict[str, float]:
    """Choose the urban area of each county, m2.

    Published county totals stand; a published city total is shared out by what is
    planned in its counties; elsewhere 1.3 to 2.5 % of the county, and never less than
    its zones and its seat need.

    Args:
        frame: The real frame.
        sites: Seats and zones.
        seed: Seed of the province.

    Returns:
        Square metres by county code.
    """
    known = published("urban_boundary")
    planned = dict.fromkeys(frame.counties, 0.0)
    for site in sites:
        planned[site.county] += site.outline.area
    targets = {}
    for code, county in frame.counties.items():
        share = stream(seed, "urban share", code).uniform(0.013, 0.025)
        wish = max(share * county.area, 1.02 * planned[code])
        targets[code] = known.get(code, min(wish, 0.7 * county.area))
    for city in (code for code in known if code.endswith("00")):
        own = [c for c in targets if c[:4] == city[:4] and c not in known]
        fixed = sum(targets[c] for c in targets if c[:4] == city[:4] and c in known)
        factor = (known[city] - fixed) / sum(targets[c] for c in own)
        # Filling up evenly would pass the small districts' own area.
        targets |= _share_out(
            {c: targets[c] * factor for c in own},
            {c: 0.8 * frame.counties[c].area for c in own},
        )
    return targets


def _share_out(wish: dict[str, float], most: dict[str, float]) -> dict[str, float]:
    """Cap wishes and hand what is over to those below their cap; the sum stays."""
    shares = dict(wish)
    for _ in range(20):
        over = {c: max(shares[c] - most[c], 0.0) for c in shares}
        free = {c: shares[c] for c in shares if shares[c] < most[c]}
        if sum(over.values()) < 1.0 or not free:
            break
        more = 1 + sum(over.values()) / sum(free.values())
        shares = {c: shares[c] * more if c in free else most[c] for c in shares}
    return shares


def _nearness(grid: Grid, outlines: Sequence[BaseGeometry]) -> Floats:
    """Measure the signed distance to outlines, metres, positive inside."""
    inside = np.zeros(grid.shape, dtype=bool)
    for outline in outlines:
        rows, columns = window(grid, shapely.bounds(outline))
        x, y = np.meshgrid(grid.x[columns], grid.y[rows])
        shapely.prepare(outline)
        inside[rows, columns] |= shapely.contains_xy(outline, x, y)
    outward = distance_transform_edt(~inside) * grid.cell_m
    inward = distance_transform_edt(inside) * grid.cell_m
    signed: Floats = np.where(inside, inward, -outward)
    return signed


def draw_farmland_and_redline(
    frame: Frame, terrain: Terrain, sites: Sequence[Site]
) -> dict[str, GeoDataFrame]:
    """Draw farmland along the valleys and the redline over the ridges.

    Args:
        frame: The real frame.
        terrain: The relief.
        sites: Seats and zones; both lines mostly keep out of them.

    Returns:
        `farmland` and `redline` on the plane: `feature_id`, `name`, `county_code`,
        geometry. They do not overlap.
    """
    layers = {}
    for line, field in farmland_and_redline_fields(frame, terrain, sites).items():
        drawn = above_zero(
            terrain.grid, field, tolerance_m=TOLERANCE_M, least_m2=LEAST_M2
        )
        layers[line] = line_layer(line, *cut_by(drawn, frame.counties, least_m2=2e4))
    return layers


def farmland_and_redline_fields(
    frame: Frame, terrain: Terrain, sites: Sequence[Site]
) -> dict[str, Floats]:
    """Draw the fields whose parts above zero are farmland and redline.

    Args:
        frame: The real frame.
        terrain: The relief.
        sites: Seats and zones.

    Returns:
        `farmland` and `redline`, each of the shape of the terrain's grid.
    """
    cells = label_cells(terrain.grid, frame.counties)
    near = np.clip(_nearness(terrain.grid, [s.outline for s in sites]), -1_500, 500)
    built = (near + 1_500) / 2_000
    low = -terrain.relief - 0.08 * terrain.massif - 0.42 * built
    farmland = _calibrated(frame, cells, low, "farmland")
    # Ridges, but never where farmland is or nearly is.
    high = 0.62 * terrain.relief + 0.5 * terrain.massif - 0.8 * built
    high = np.minimum(high, 4.0 * (-0.06 - farmland))
    redline = _calibrated(frame, cells, high, "redline")
    return {"farmland": farmland, "redline": redline}


def _calibrated(frame: Frame, cells: Cells, field: Floats, line: str) -> Floats:
    """Shift a field until the polygons above zero have the published areas.

    Counties and cities with a total of their own get their own shift, the others share
    what remains of the province.

    Args:
        frame: The real frame.
        cells: Cells and their counties.
        field: What decides: the highest cells belong to the line.
        line: Name of the line.

    Returns:
        The field, shifted.
    """
    targets = published(line)
    total = targets.pop(PROVINCE)
    # Counties before the city around them: each takes what is not yet taken.
    units = sorted(targets, key=lambda code: code.endswith("00"))
    left = cells.of(PROVINCE)
    plan: list[tuple[Flags, float, set[str]]] = []
    for unit in units:
        members = {c for c in frame.counties if c.startswith(unit.removesuffix("00"))}
        taken = sum((goal for _, goal, codes in plan if codes <= members), 0.0)
        done = set().union(*(codes for _, _, codes in plan if codes <= members))
        own = cells.of(unit) & left
        plan.append((own, targets[unit] - taken, members - done))
        left = left & ~own
        total -= targets[unit] - taken
    done = set().union(*(codes for _, _, codes in plan))
    plan.append((left, total, set(frame.counties) - done))
    goals = np.array([goal for _, goal, _ in plan])
    aim = goals.copy()
    for _ in range(4):
        shifted = _shift(cells, field, plan, aim)
        drawn = above_zero(
            cells.grid, shifted, tolerance_m=TOLERANCE_M, least_m2=LEAST_M2
        )
        pieces, codes = cut_by(drawn, frame.counties, least_m2=2e4)
        area = shapely.area(pieces)
        got = np.array([area[np.isin(codes, list(own))].sum() for _, _, own in plan])
        if (np.abs(got / goals - 1) < 0.002).all():  # noqa: PLR2004 - a fifth of the promise
            break
        aim = aim * goals / got
    return shifted


def _shift(
    cells: Cells,
    field: Floats,
    plan: list[tuple[Flags, float, set[str]]],
    aim: Floats,
) -> Floats:
    """Shift a field in each part of a plan so that an area of cells is above zero."""
    shifted = np.full(field.shape, np.nan)
    for (own, _, _), area in zip(plan, aim, strict=True):
        ranked = np.sort(field[own])[::-1]
        count = min(round(area / cells.grid.cell_m**2), len(ranked) - 1)
        shifted[own] = field[own] - ranked[count]
        last = ranked[count]
    outside = np.isnan(shifted)
    shifted[outside] = field[outside] - last
    return shifted


def line_layer(line: str, shapes: np.ndarray, codes: np.ndarray) -> GeoDataFrame:
    """Name the polygons of a control line."""
    stem = {"farmland": "YJ", "redline": "HX", "urban_boundary": "KF"}[line]
    return GeoDataFrame(
        {
            "feature_id": [f"{stem}-{n:05d}" for n in range(1, len(shapes) + 1)],
            "name": TITLES[line],
            "county_code": codes.astype(str),
        },
        geometry=shapes,
        crs=PLANE,
    )

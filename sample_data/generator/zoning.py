"""Planned uses: every block gets a class of 用地用海 2023, what is left is streets."""

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.random import Generator
from pandas import DataFrame

from sample_data.generator.draw import Floats, stream
from sample_data.generator.lots import Lots, rectangles
from sample_data.generator.plane import PLANE
from sample_data.generator.streets import Plan, block_areas, block_centres

STREET = "1207"
LEAST_STREET_M2 = 0.01  # less is what cutting leaves of a shared edge, no ground
# Share of the blocks by class; within a site blocks of one class keep together.
ZONE_MIX = {
    "0701": 0.04, "0802": 0.015, "0901": 0.02, "0902": 0.015, "1401": 0.02,
    "100101": 0.24, "100102": 0.375, "100103": 0.07, "110101": 0.045,
    "110102": 0.03, "1302": 0.008, "1303": 0.012, "1208": 0.01, "1402": 0.045,
    "16": 0.055,
}  # fmt: skip
HEAVY_MIX = ZONE_MIX | {"100101": 0.15, "100102": 0.365, "100103": 0.17}
SEAT_MIX = {
    "0701": 0.44, "0801": 0.035, "0804": 0.07, "0806": 0.03, "0901": 0.09,
    "0902": 0.045, "1401": 0.07, "100101": 0.06, "110101": 0.02, "1301": 0.008,
    "1303": 0.007, "1208": 0.015, "1402": 0.04, "16": 0.07,
}  # fmt: skip
HEAVY = {"C25", "C26", "C31", "C32"}
# Along the axis from the quiet end to the heavy end of a site.
ORDER = (
    "0806", "0804", "0801", "0701", "0802", "0902", "0901", "1401", "1208",
    "100101", "16", "110101", "100102", "110102", "1303", "1301", "1302", "1402",
    "100103",
)  # fmt: skip
SPLIT_SHARE, LEAST_SPLIT_M2 = 0.08, 20_000.0


def assign_uses(plan: Plan, *, seed: int) -> DataFrame:
    """Give each block its planned use, and some blocks two.

    Args:
        plan: A site and its blocks.
        seed: Seed of the province.

    Returns:
        For each block, in order: `code`, `second` ("" where the block has one class)
        and `at`, the share along its longer side where the second begins.
    """
    rng = stream(seed, "zoning", plan.site.kind, plan.site.code)
    count = len(plan.blocks)
    mix = _mix(plan)
    codes = _codes_along(rng, plan, mix)
    second = np.full(count, "", dtype=object)
    double = (rng.uniform(size=count) < SPLIT_SHARE) & (
        block_areas(plan) > LEAST_SPLIT_M2
    )
    other = rng.permutation(codes)
    double &= other != codes
    second[double] = other[double]
    return DataFrame({
        "code": codes,
        "second": second,
        "at": rng.uniform(0.3, 0.7, count),
    })


def _mix(plan: Plan) -> dict[str, float]:
    """Choose the mix of classes for a site."""
    if plan.site.kind != "zone":
        return SEAT_MIX
    return HEAVY_MIX if HEAVY & set(plan.site.industries) else ZONE_MIX


def _codes_along(rng: Generator, plan: Plan, mix: dict[str, float]) -> np.ndarray:
    """Lay the classes along the site, quiet to heavy, with some disorder.

    Blocks are ranked by their place along the main streets plus noise that neighbours
    share, and the classes take their shares of the ground in that order.

    Args:
        rng: Random numbers of the site.
        plan: The site and its blocks.
        mix: Share of the ground by class.

    Returns:
        The class of each block, shape (n,).
    """
    points = block_centres(plan) - shapely.get_coordinates(
        shapely.centroid(plan.site.outline)
    )
    if len(points) == 0:
        return np.empty(0, dtype=object)
    axis = np.array([np.cos(plan.site.angle), np.sin(plan.site.angle)])
    axis *= rng.choice([-1.0, 1.0])
    along = (points @ axis) / np.sqrt(plan.site.outline.area)
    shared, own = (0.30, 0.12) if plan.site.kind == "zone" else (0.25, 0.45)
    disorder = rng.normal(0, shared, int(plan.blocks.quad.max()) + 1)
    place = along + disorder[plan.blocks.quad] + rng.normal(0, own, len(points))
    classes = [code for code in ORDER if code in mix]
    shares = np.array([mix[code] for code in classes])
    limits = np.cumsum(shares) / shares.sum()
    area = block_areas(plan)
    order = np.argsort(place, kind="stable")
    reached = np.empty(len(points))
    reached[order] = (np.cumsum(area[order]) - area[order] / 2) / area.sum()
    chosen = np.minimum(np.searchsorted(limits, reached), len(classes) - 1)
    return np.array(classes, dtype=object)[chosen]


def zone_blocks(plan: Plan, uses: DataFrame) -> GeoDataFrame:
    """Turn uses into polygons that tile the site's outline.

    Args:
        plan: A site and its blocks.
        uses: What `assign_uses` gave.

    Returns:
        On the plane: `land_use_code`, `site_code`, `county_code`, `block` (-1 for
        streets and crossings), geometry.
    """
    single = (uses["second"] == "").to_numpy()
    codes = [uses["code"].to_numpy()[single]]
    shapes = [plan.shapes[single]]
    blocks = [np.flatnonzero(single)]
    for half, column in ((0, "code"), (1, "second")):
        codes.append(uses[column].to_numpy()[~single])
        shapes.append(_half_of(plan, np.flatnonzero(~single), uses, half))
        blocks.append(np.flatnonzero(~single))
    for code, band in plan.crossings:
        codes.append(np.array([code], dtype=object))
        shapes.append(np.array([band], dtype=object))
        blocks.append(np.array([-1]))
    built = shapely.union_all(plan.shapes)
    bands = shapely.union_all([band for _, band in plan.crossings])
    rest = shapely.difference(shapely.difference(plan.site.outline, built), bands)
    streets = [p for p in shapely.get_parts(rest) if p.area > LEAST_STREET_M2]
    codes.append(np.full(len(streets), STREET, dtype=object))
    shapes.append(np.array(streets, dtype=object))
    blocks.append(np.full(len(streets), -1))
    frame = GeoDataFrame(
        {
            "land_use_code": np.concatenate(codes).astype(str),
            "site_code": plan.site.code,
            "county_code": plan.site.county,
            "block": np.concatenate(blocks),
        },
        geometry=np.concatenate(shapes),
        crs=PLANE,
    )
    return frame[~frame.geometry.is_empty]


def _half_of(plan: Plan, rows: np.ndarray, uses: DataFrame, half: int) -> np.ndarray:
    """Cut the first or second part out of blocks that have two classes."""
    lots = plan.blocks.where(rows)
    box: Floats = lots.box.copy()
    axis = (box[:, 3] - box[:, 1] > box[:, 2] - box[:, 0]).astype(int)
    at = np.arange(len(rows))
    low, high = box[at, axis], box[at, axis + 2]
    box[at, axis + (2 if half == 0 else 0)] = (
        low + (high - low) * uses["at"].to_numpy()[rows]
    )
    shapes = rectangles(Lots(lots.quad, box, lots.block), plan.quads)
    cut = plan.cut[rows]
    shapes[cut] = shapely.intersection(shapes[cut], plan.shapes[rows][cut])
    return shapes


def finish_zoning(frames: list[GeoDataFrame]) -> GeoDataFrame:
    """Lay the sites' zoning together into the shipped layer.

    Args:
        frames: What `zone_blocks` gave for each site.

    Returns:
        On the plane: `feature_id`, `land_use_code`, `land_use_system`, `county_code`,
        `site_code`, geometry.
    """
    frame = pd.concat(frames, ignore_index=True).explode(ignore_index=True)
    frame = frame[frame.geom_type == "Polygon"].reset_index(drop=True)
    ids = [f"ZN-{number:06d}" for number in range(1, len(frame) + 1)]
    frame.insert(0, "feature_id", ids)
    frame.insert(2, "land_use_system", "用地用海2023")
    return GeoDataFrame(frame.drop(columns="block"), crs=PLANE)

"""Geological hazards and drinking-water protection: two more constraints."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.random import Generator
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from sample_data.generator.contours import between, cut_by
from sample_data.generator.draw import Floats, stream
from sample_data.generator.facts import read_facts
from sample_data.generator.frame import Frame
from sample_data.generator.plane import PLANE, points_to_plane
from sample_data.generator.sites import Site
from sample_data.generator.terrain import Grid, Terrain

# Surveyed so far, in this sample: five of the nine prefectures.
SURVEYED = ("5201", "5202", "5203", "5205", "5227")
HIGH_SHARE, MEDIUM_SHARE = 0.03, 0.06


def surveyed_ground(frame: Frame) -> BaseGeometry:
    """Return the ground the hazard survey covers, on the plane."""
    own = [s for code, s in frame.counties.items() if code[:4] in SURVEYED]
    return shapely.union_all(own, grid_size=0.001)


def draw_geohazards(
    frame: Frame, terrain: Terrain, sites: Sequence[Site], *, seed: int
) -> GeoDataFrame:
    """Draw hazard-prone slopes, and single slides near sites.

    Args:
        frame: The real frame.
        terrain: The relief; slopes are prone.
        sites: Zones and seats; slides stand at the rim of some.
        seed: Seed of the province.

    Returns:
        On the plane: `feature_id`, `name`, `level` (高易发, 中易发, 隐患点),
        `county_code`, geometry.
    """
    steep = steep_field(terrain)
    return draw_slopes(frame, sites, terrain.grid, steep, tolerance_m=80.0, seed=seed)


def steep_field(terrain: Terrain) -> Floats:
    """Say how prone to slides each cell of the terrain is."""
    steep: Floats = terrain.steepness() + 0.35 * terrain.massif
    return steep


def draw_slopes(
    frame: Frame,
    sites: Sequence[Site],
    grid: Grid,
    steep: Floats,
    *,
    tolerance_m: float,
    seed: int,
) -> GeoDataFrame:
    """Draw the steepest shares of a field, and slides; see `draw_geohazards`."""
    own = {c: s for c, s in frame.counties.items() if c[:4] in SURVEYED}
    high, medium = np.quantile(steep, [1 - HIGH_SHARE, 1 - HIGH_SHARE - MEDIUM_SHARE])
    frames = []
    middle, upper = between(
        grid, steep, (medium, high, np.inf), tolerance_m=tolerance_m, least_m2=2e5
    )
    for grade, shapes in (("高易发", upper), ("中易发", middle)):
        pieces, codes = cut_by(shapes, own, least_m2=1e5)
        frames.append(_graded(grade, pieces, codes))
    slides = _slides(sites, seed)
    pieces, codes = cut_by(slides, own, least_m2=1e3)
    frames.append(_graded("隐患点", pieces, codes))
    frame_all = pd.concat(frames, ignore_index=True)
    ids = [f"DZ-{number:05d}" for number in range(1, len(frame_all) + 1)]
    frame_all.insert(0, "feature_id", ids)
    return GeoDataFrame(frame_all, crs=PLANE)


def _graded(grade: str, shapes: np.ndarray, codes: np.ndarray) -> GeoDataFrame:
    """Name the polygons of one grade."""
    name = "地质灾害隐患点" if grade == "隐患点" else f"地质灾害{grade}区"
    return GeoDataFrame(
        {"name": name, "level": grade, "county_code": codes.astype(str)},
        geometry=shapes,
        crs=PLANE,
    )


def _slides(sites: Sequence[Site], seed: int) -> np.ndarray:
    """Draw slides at the rim of sites: drops of 0.5 to 12 ha."""
    slides = []
    for site in sites:
        rng = stream(seed, "slides", site.kind, site.code)
        rim = site.outline.exterior
        for _ in range(int(rng.poisson(3.2))):
            at = rim.interpolate(rng.uniform(0, rim.length))
            where = np.array([at.x, at.y]) + rng.normal(0, 220.0, 2)
            size = float(np.clip(rng.lognormal(np.log(2.5e4), 0.8), 5e3, 1.2e5))
            slides.append(draw_drop(rng, where, size, stretch=rng.uniform(1.4, 2.4)))
    return np.array(slides, dtype=object)


def draw_drop(
    rng: Generator, where: Floats, area_m2: float, *, stretch: float
) -> Polygon:
    """Draw a drop, wide at its foot, as slides and catchments are.

    Args:
        rng: Random numbers.
        where: Its centre on the plane, metres.
        area_m2: About its area.
        stretch: Length over width.

    Returns:
        A valid polygon of 28 corners.
    """
    around = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    u = np.cos(around) * stretch
    v = np.sin(around) * (1 - 0.38 * np.cos(around)) + 0.10 * u**2
    swing = 1 + 0.07 * np.sin(3 * around + rng.uniform(0, 6.28))
    turn = rng.uniform(0, 2 * np.pi)
    cos, sin = np.cos(turn), np.sin(turn)
    points = np.column_stack([u * cos - v * sin, u * sin + v * cos]) * swing[:, None]
    shape = Polygon(points * np.sqrt(area_m2 / (np.pi * stretch)) + where)
    drop: Polygon = max(
        shapely.get_parts(shapely.make_valid(shape)), key=lambda part: part.area
    )
    return drop


def draw_water_sources(
    frame: Frame, sites: Sequence[Site], *, seed: int
) -> GeoDataFrame:
    """Draw the protection areas of each county's drinking water: two levels.

    Args:
        frame: The real frame.
        sites: Zones and seats; most reservoirs lie away from them.
        seed: Seed of the province.

    Returns:
        On the plane: `feature_id`, `name`, `level` (一级, 二级), `county_code`,
        geometry. The second level is a ring around the first.
    """
    seats = read_facts("seats")
    points = points_to_plane(seats[["seat_lon", "seat_lat"]].to_numpy(dtype=float))
    cores = shapely.union_all([site.outline.buffer(-350.0) for site in sites])
    shapely.prepare(cores)
    rows = []
    for code, name, point in zip(seats["code"], seats["name"], points, strict=True):
        rng = stream(seed, "water", code)
        county = frame.counties[code]
        second = _catchment(rng, point, county, cores)
        first = shapely.buffer(second, -0.30 * np.sqrt(second.area), quad_segs=3)
        title = f"{name}{rng.choice(WATERS)}水库"
        rows.append((f"{title}一级保护区", "一级", code, first))
        rows.append((
            f"{title}二级保护区",
            "二级",
            code,
            shapely.difference(second, first),
        ))
    rows = [row for row in rows if not row[3].is_empty]
    return GeoDataFrame(
        {
            "feature_id": [f"SY-{number:04d}" for number in range(1, len(rows) + 1)],
            "name": [row[0] for row in rows],
            "level": [row[1] for row in rows],
            "county_code": [row[2] for row in rows],
        },
        geometry=[row[3] for row in rows],
        crs=PLANE,
    )


WATERS = (
    "青岩",
    "红枫",
    "龙潭",
    "石板",
    "白水",
    "清溪",
    "双河",
    "松山",
    "碧云",
    "凉水",
)


def _catchment(
    rng: Generator, point: Floats, county: BaseGeometry, cores: BaseGeometry
) -> BaseGeometry:
    """Place a catchment in a county; it may touch the rim of a site, not its middle."""
    shapely.prepare(county)
    reach = 3_000.0
    for _ in range(200):
        turn = rng.uniform(0, 2 * np.pi)
        where = point + rng.uniform(0.5, 1.0) * reach * np.array([
            np.cos(turn),
            np.sin(turn),
        ])
        drop = draw_drop(rng, where, rng.uniform(2e6, 9e6), stretch=rng.uniform(1.2, 2))
        if county.contains(drop) and not cores.intersects(drop):
            return drop
        reach = min(reach * 1.03, 14_000.0)
    return shapely.intersection(drop, county)

"""Interchanges, freight yards, substations, water plants and gas stations."""

from collections.abc import Sequence

import numpy as np
import shapely
from geopandas import GeoDataFrame
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from sample_data.generator.draw import Floats, stream
from sample_data.generator.frame import Frame
from sample_data.generator.plane import PLANE
from sample_data.generator.settlements import nearest_names
from sample_data.generator.sites import Site

# No grid data of these prefectures in this sample: coverage is partial.
NO_GRID_DATA = ("5206", "5226")
APART_M = 5_500.0
NAMED_WITHIN_M = 9_000.0
SYLLABLES = (
    "青龙", "白岩", "大坪", "石门", "清水", "双山", "松林", "龙井", "新场", "马场",
    "高坡", "桃园", "红岩", "黄泥", "杉木", "凤凰", "木孔", "金竹", "平桥", "云峰",
    "茶山", "坝子", "竹林", "洪渡", "龙泉", "三合", "永乐", "东山", "沙坪", "锦屏山",
    "小河口", "长田", "乐丰", "安坪", "月亮", "百里", "天星", "泉湾", "玉华", "梨树",
)  # fmt: skip


def place_interchanges(
    frame: Frame, sites: Sequence[Site], *, seed: int
) -> GeoDataFrame:
    """Place interchanges along expressways, and where they pass zones and seats."""
    rng = stream(seed, "interchange")
    lines = np.array(frame.lines("expressway"), dtype=object)
    wanted = _nearest_on(lines, sites, within_m=7_000)
    along: list[BaseGeometry] = []
    for line in lines:
        steps = np.arange(rng.uniform(3e3, 11e3), line.length, 13_000.0)
        along += list(shapely.line_interpolate_point(line, steps))
    points = _apart([*wanted, *along], APART_M)
    return _named(frame, points, "JC", "互通", seed=seed)


def place_freight_yards(
    frame: Frame, sites: Sequence[Site], *, seed: int
) -> GeoDataFrame:
    """Place freight yards on railways that pass zones and seats."""
    lines = np.array(frame.lines("railway"), dtype=object)
    points = _apart(_nearest_on(lines, sites, within_m=9_000), 14_000)
    return _named(frame, points, "HC", "货场", seed=seed)


def ground_with_grid_data(frame: Frame) -> BaseGeometry:
    """Return the ground the substation layer covers, on the plane."""
    own = [s for code, s in frame.counties.items() if code[:4] not in NO_GRID_DATA]
    return shapely.union_all(own, grid_size=0.001)


def place_substations(
    frame: Frame, sites: Sequence[Site], *, seed: int
) -> GeoDataFrame:
    """Place 220 and 110 kV substations at the rim of sites, where data exist."""
    points, volts = [], []
    for site in sites:
        if site.county[:4] in NO_GRID_DATA:
            continue
        rng = stream(seed, "substation", site.kind, site.code)
        for number in range(2 if site.outline.area > 1.5e7 else 1):  # noqa: PLR2004 - 15 km2 need a second
            points.append(_at_rim(rng.uniform(0, 1), rng.uniform(80, 600), site))
            volts.append("220" if number == 0 and site.kind == "zone" else "110")
    titles = [f"{volt}kV变电站" for volt in volts]
    named = _named(frame, points, "BD", titles, seed=seed)
    voltage = named["name"].str.extract(r"(\d+)kV", expand=False)
    named.insert(2, "voltage_kv", voltage)
    return named


def place_plants(
    frame: Frame, sites: Sequence[Site], *, kind: str, seed: int
) -> GeoDataFrame:
    """Place water plants (seats, large zones) or gas stations (zones, city seats)."""
    stem, title = {"water_plant": ("SC", "水厂"), "gas_station": ("RQ", "天然气门站")}[
        kind
    ]
    points = []
    for site in sites:
        rng = stream(seed, kind, site.kind, site.code)
        if kind == "water_plant":
            wanted = site.kind == "seat" or site.outline.area > 1.6e7  # noqa: PLR2004 - 16 km2
        else:
            wanted = site.kind == "zone" and rng.uniform() < 0.75  # noqa: PLR2004 - zones on the gas grid
            wanted |= site.kind == "seat" and site.rank <= 2  # noqa: PLR2004 - cities
        if wanted:
            points.append(_at_rim(rng.uniform(0, 1), rng.uniform(150, 1_800), site))
    return _named(frame, points, stem, title, seed=seed)


def _nearest_on(
    lines: np.ndarray, sites: Sequence[Site], *, within_m: float
) -> list[BaseGeometry]:
    """Return the nearest point of the lines to each site that is near one."""
    tree = STRtree(lines)
    found = []
    for site in sites:
        at = tree.query_nearest(site.outline, max_distance=within_m, all_matches=False)
        if len(at):
            line = lines[int(at[0])]
            way = shapely.line_locate_point(line, site.outline.centroid)
            found.append(shapely.line_interpolate_point(line, way))
    return found


def _apart(points: Sequence[BaseGeometry], apart_m: float) -> list[BaseGeometry]:
    """Keep points in order, each only when no kept one is near."""
    kept: list[BaseGeometry] = []
    for point in points:
        if all(shapely.distance(point, other) >= apart_m for other in kept):
            kept.append(point)
    return kept


def _at_rim(along: float, out_m: float, site: Site) -> BaseGeometry:
    """Return a point a little outside a site's outline."""
    rim = site.outline.exterior
    at: Floats = shapely.get_coordinates(rim.interpolate(along, normalized=True))[0]
    centre = shapely.get_coordinates(site.outline.centroid)[0]
    way = (at - centre) / np.hypot(*(at - centre))
    return shapely.Point(at + way * out_m)


def _named(
    frame: Frame,
    points: Sequence[BaseGeometry],
    stem: str,
    titles: str | Sequence[str],
    *,
    seed: int,
) -> GeoDataFrame:
    """Number and name points by county; those outside every county are dropped.

    Args:
        frame: The real frame.
        points: On the plane.
        stem: Letters before the numbers.
        titles: The word for their kind, one for all or one for each.
        seed: Seed of the province.

    Returns:
        On the plane: `feature_id`, `name`, `county_code`, geometry. A point is named
        after the nearest settlement, or after its county and a made-up word.
    """
    table = frame.layers["county"]
    short = dict(zip(table["code"], table["name"].str[:2], strict=True))
    tree = STRtree(list(frame.counties.values()))
    at, county = tree.query(np.array(points, dtype=object), "within")
    order = np.lexsort((at, county))
    codes = np.array(list(frame.counties))[county[order]]
    shapes = np.array(points, dtype=object)[at[order]]
    words = nearest_names(
        frame.settlements, shapely.get_coordinates(shapes), within_m=NAMED_WITHIN_M
    )
    luck = stream(seed, "names", stem).permutation(len(SYLLABLES))
    made_up = [SYLLABLES[luck[n % len(SYLLABLES)]] for n in range(len(words))]
    own = [titles] * len(points) if isinstance(titles, str) else list(titles)
    names = [
        (word or short[code] + other) + own[row]
        for word, code, other, row in zip(words, codes, made_up, at[order], strict=True)
    ]
    ids = [f"{stem}-{number:04d}" for number in range(1, len(names) + 1)]
    columns = {"feature_id": ids, "name": names, "county_code": codes.astype(str)}
    return GeoDataFrame(columns, geometry=shapes, crs=PLANE)

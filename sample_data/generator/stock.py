"""As many parcels as asked: fewer blocks, finer lots, or more towns."""

from dataclasses import dataclass

import numpy as np
import shapely
from geopandas import GeoDataFrame
from pandas import DataFrame

from gis.errors import GeometryError
from sample_data.generator.attributes import describe
from sample_data.generator.draw import Floats, stream
from sample_data.generator.faults import choose_faults, put_in, twins_among
from sample_data.generator.parcels import Stock, cut_parcels, join_stocks
from sample_data.generator.plane import PLANE
from sample_data.generator.sites import Ground, Site, place_towns
from sample_data.generator.streets import Plan, lay_streets
from sample_data.generator.zoning import assign_uses

FINEST = 8.0
TOWN_APART_M = 4_300.0
BATCH = 800
# Below the full count, blocks of zones are chosen before those of seats.
ZONES_FIRST = 0.45


@dataclass
class Province:
    """Sites with their plans, and the ground to find room for more.

    Attributes:
        ground: What is taken.
        plans: Plans of seats and zones.
        uses: Planned uses of each plan's blocks.
    """

    ground: Ground
    plans: list[Plan]
    uses: list[DataFrame]


def draw_parcels(province: Province, count: int, *, seed: int) -> GeoDataFrame:
    """Draw exactly `count` parcels with their attributes.

    Args:
        province: Sites and their plans; towns are added where they do not suffice.
        count: How many.
        seed: Seed of the province.

    Returns:
        The parcel layer on the plane.
    """
    twins = twins_among(count)
    stock, sites = _enough(province, count, seed=seed)
    chosen = _choose(stock, sites, count - twins, seed=seed)
    faults = choose_faults(len(chosen), twins=twins, seed=seed)
    faulty = put_in(chosen, faults, seed=seed)
    # The table was written before the shape was spoilt.
    sound = chosen.where(np.concatenate([np.arange(len(chosen)), faults.twins]))
    table = describe(sound, sites, seed=seed)
    return GeoDataFrame(table, geometry=faulty.shapes, crs=PLANE)


def _enough(province: Province, count: int, *, seed: int) -> tuple[Stock, list[Site]]:
    """Cut at least `count` parcels: first finer lots, then towns."""
    sites = [plan.site for plan in province.plans]
    stock = cut_parcels(province.plans, province.uses, seed=seed)
    if len(stock) >= count:
        return stock, sites
    fineness = min(1.3 * count / len(stock), FINEST)
    stock = cut_parcels(province.plans, province.uses, seed=seed, fineness=fineness)
    stocks, spots = [stock], _town_spots(province, seed)
    for start in range(0, len(spots), BATCH):
        if sum(map(len, stocks)) >= count:
            break
        towns = place_towns(
            province.ground, spots[start : start + BATCH], first=start, seed=seed
        )
        stocks.append(_cut_towns(towns, len(sites), fineness / FINEST, seed))
        sites += towns
    return join_stocks(stocks), sites


def _cut_towns(towns: list[Site], first: int, fine: float, seed: int) -> Stock:
    """Lay streets over towns and cut them into parcels."""
    plans = [lay_streets(town, [], seed=seed) for town in towns]
    uses = [assign_uses(plan, seed=seed) for plan in plans]
    return cut_parcels(plans, uses, seed=seed, fineness=1 + fine, first=first)


def _choose(stock: Stock, sites: list[Site], count: int, *, seed: int) -> Stock:
    """Choose whole blocks at random, zones before seats, until the count is full.

    Args:
        stock: All parcels that could be.
        sites: Their sites.
        count: How many to choose.
        seed: Seed of the province.

    Returns:
        The chosen parcels, in the order of `stock`.

    Raises:
        GeometryError: There are fewer parcels than asked for.
    """
    if len(stock) < count:
        raise GeometryError(
            "The sample has room for {room} parcels, not for {asked}: ask for fewer.",
            room=len(stock),
            asked=count,
        )
    key = stock.plan * 1_000_003 + stock.block
    _, block = np.unique(key, return_inverse=True)
    luck = stream(seed, "choose").uniform(size=int(block.max()) + 1)[block]
    zone = np.array([site.kind == "zone" for site in sites])[stock.plan]
    chosen = np.argsort(np.where(zone, luck * ZONES_FIRST, luck), kind="stable")[:count]
    return stock.where(np.sort(chosen))


def _town_spots(province: Province, seed: int) -> list[tuple[str, Floats]]:
    """Scatter spots for towns over the counties, flat ground first."""
    frame, terrain = province.ground.frame, province.ground.terrain
    rng = stream(seed, "town spots")
    left, bottom, right, top = frame.bounds
    x, y = np.meshgrid(
        np.arange(left, right, TOWN_APART_M), np.arange(bottom, top, TOWN_APART_M)
    )
    x = x.ravel() + rng.uniform(-0.22, 0.22, x.size) * TOWN_APART_M
    y = y.ravel() + rng.uniform(-0.22, 0.22, y.size) * TOWN_APART_M
    tree = shapely.STRtree(list(frame.counties.values()))
    point, county = tree.query(shapely.points(x, y), "within")
    relief = terrain.grid.at(terrain.relief, x[point], y[point])
    codes = list(frame.counties)
    return [
        (codes[county[row]], np.array([x[point[row]], y[point[row]]]))
        for row in np.argsort(relief, kind="stable")
    ]

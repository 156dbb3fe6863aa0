"""Parcels: blocks cut into lots, some of them irregular."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.random import Generator
from pandas import DataFrame

from sample_data.generator.draw import Flags, Floats, Ints, stream
from sample_data.generator.lots import Lots, areas, polygons, sides, split, to_points
from sample_data.generator.plane import points_to_lonlat
from sample_data.generator.streets import Plan

LEAST_M2, MOST_M2 = 2_010.0, 799_000.0
# Nobody offers parks, streets, plants or stations to a project.
NOT_OFFERED = ("1401", "1402", "1208", "1301", "1302", "1303")
LOT_HA = {"zone": (13.0, 0.95), "seat": (2.6, 0.75), "town": (0.8, 0.6)}
LEFT_OUT = 0.18  # built on already


@dataclass(frozen=True)
class Stock:
    """Parcels as shapes, and where each came from.

    Attributes:
        shapes: Polygons on the plane, shape (n,).
        plan: Position of its plan, shape (n,).
        block: Number of its block in the plan, shape (n,).
        code: Planned use of its block, shape (n,).
    """

    shapes: np.ndarray
    plan: Ints
    block: Ints
    code: np.ndarray

    def __len__(self) -> int:
        """Count the parcels."""
        return len(self.shapes)

    def where(self, kept: Flags | Ints) -> "Stock":
        """Keep some parcels, by flags or by positions."""
        return Stock(
            self.shapes[kept], self.plan[kept], self.block[kept], self.code[kept]
        )


def cut_parcels(
    plans: Sequence[Plan],
    uses: Sequence[DataFrame],
    *,
    seed: int,
    fineness: float = 1.0,
    first: int = 0,
) -> Stock:
    """Cut the blocks of all plans into parcels.

    Args:
        plans: Sites and their blocks.
        uses: Planned uses of each plan's blocks.
        seed: Seed of the province.
        fineness: Divides the areas aimed at; 1 is the shipped province.
        first: Position of the first plan among all plans.

    Returns:
        All parcels between 0.2 and 80 ha, in the order of plans and blocks.
    """
    stocks = [
        _cut_plan(plan, use, seed=seed, fineness=fineness, number=first + number)
        for number, (plan, use) in enumerate(zip(plans, uses, strict=True))
        if len(plan.blocks)
    ]
    return join_stocks(stocks)


def join_stocks(stocks: Sequence[Stock]) -> Stock:
    """Lay stocks one behind the other."""
    return Stock(
        np.concatenate([stock.shapes for stock in stocks]),
        np.concatenate([stock.plan for stock in stocks]),
        np.concatenate([stock.block for stock in stocks]),
        np.concatenate([stock.code for stock in stocks]),
    )


def _cut_plan(
    plan: Plan, use: DataFrame, *, seed: int, fineness: float, number: int
) -> Stock:
    """Cut the blocks of one plan into parcels."""
    rng = stream(seed, "lots", plan.site.kind, plan.site.code)
    code = use["code"].to_numpy()
    blocks = plan.blocks.where(~np.isin(code, NOT_OFFERED))
    middle, spread = LOT_HA[plan.site.kind]
    aim = np.exp(rng.normal(np.log(middle * 1e4), spread, len(blocks)))
    # Homes and shops stand on smaller lots than works.
    smaller = np.isin([c[:2] for c in code[blocks.block]], ["07", "08", "09"])
    aim = np.where(smaller, aim * 0.55, aim) / fineness
    lots = split(rng, blocks, plan.quads, target_m2=np.maximum(aim, 2_600.0))
    lots = lots.where(rng.uniform(size=len(lots)) >= LEFT_OUT)
    shapes, lots = _draw(rng, lots, plan.quads)
    cut = plan.cut[lots.block]
    shapes[cut] = shapely.intersection(shapes[cut], plan.shapes[lots.block[cut]])
    parts, origin = shapely.get_parts(shapes, return_index=True)
    lots = lots.where(origin)
    size = shapely.area(parts)
    kept = (size >= LEAST_M2) & (size <= MOST_M2)
    kept &= shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    # A spike of millimetres would cross itself once it is rounded.
    kept[kept] = shapely.is_valid(shapely.transform(parts[kept], points_to_lonlat))
    block = lots.block[kept]
    return Stock(parts[kept], np.full(int(kept.sum()), number), block, code[block])


def _draw(rng: Generator, lots: Lots, quads: Floats) -> tuple[np.ndarray, Lots]:
    """Draw lots as rectangles, L-shapes with the lot in their corner, and worse."""
    chance = rng.uniform(size=len(lots))
    size = areas(lots, quads)
    corner = (chance < 0.05) & (size > 9_000)  # noqa: PLR2004 - a corner of 0.2 ha and more
    skewed = (chance > 0.90) & (size > 5_000)  # noqa: PLR2004 - the tenth that is irregular
    plain = ~corner & ~skewed
    groups = [
        (lots.where(plain), _ring(lots.where(plain).box)),
        *_corner_rings(rng, lots.where(corner)),
        (lots.where(skewed), _skewed_ring(rng, lots.where(skewed), quads)),
    ]
    shapes = [polygons(to_points(quads, lot.quad, ring)) for lot, ring in groups]
    joined = Lots(
        np.concatenate([lot.quad for lot, _ in groups]),
        np.concatenate([lot.box for lot, _ in groups]),
        np.concatenate([lot.block for lot, _ in groups]),
    )
    order = np.lexsort((joined.box[:, 1], joined.box[:, 0], joined.block))
    return np.concatenate(shapes)[order], joined.where(order)


def _ring(box: Floats) -> Floats:
    """Return the corners of boxes, shape (n, 4, 2)."""
    u0, v0, u1, v1 = box.T
    u = np.stack([u0, u1, u1, u0], axis=1)
    v = np.stack([v0, v0, v1, v1], axis=1)
    return np.stack([u, v], axis=2)


def _corner_rings(rng: Generator, lots: Lots) -> list[tuple[Lots, Floats]]:
    """Cut a corner lot out of each lot: L-shapes, and the corners as own lots."""
    u0, v0, u1, v1 = lots.box.T
    u = u0 + (u1 - u0) * rng.uniform(0.45, 0.65, len(lots))
    v = v0 + (v1 - v0) * rng.uniform(0.4, 0.6, len(lots))
    bent_u = np.stack([u0, u1, u1, u, u, u0], axis=1)
    bent_v = np.stack([v0, v0, v, v, v1, v1], axis=1)
    small = Lots(lots.quad, np.column_stack([u, v, u1, v1]), lots.block)
    return [(lots, np.stack([bent_u, bent_v], axis=2)), (small, _ring(small.box))]


def _skewed_ring(rng: Generator, lots: Lots, quads: Floats) -> Floats:
    """Set one side of lots back along a slope: seven corners, shape (n, 7, 2)."""
    u0, v0, u1, v1 = lots.box.T
    deep = rng.uniform(0.05, 0.30, (3, len(lots)))
    extent = (lots.box[:, 2:] - lots.box[:, :2]) * sides(quads)[lots.quad]
    chamfer = np.minimum(12.0 / extent, 0.2)
    width, height = u1 - u0, v1 - v0
    u = np.stack(
        [u0, u1 - chamfer[:, 0] * width, u1, u1, u0 + 0.67 * width,
         u0 + 0.3 * width, u0],
        axis=1,
    )  # fmt: skip
    v = np.stack(
        [v0, v0, v0 + chamfer[:, 1] * height, v1 - deep[0] * height,
         v1 - deep[1] * height, v1 - deep[2] * height * 0.6, v1],
        axis=1,
    )  # fmt: skip
    return np.stack([u, v], axis=2)

"""Faults put in on purpose, so that the checks have something to find."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.random import Generator
from shapely import STRtree
from shapely.affinity import translate

from sample_data.generator.draw import Floats, Ints, stream
from sample_data.generator.parcels import Stock

SLIVER_SHARE, TWIN_SHARE, BROKEN_SHARE = 0.015, 0.002, 0.0008
SLIVER_M = (0.1, 3.0)


@dataclass(frozen=True)
class Faults:
    """What was put in, by position of the parcel.

    Attributes:
        slivers: Parcels pushed over a neighbour's edge.
        twins: Parcels whose ring stands in the table a second time, appended in
            this order.
        broken: Parcels with an invalid or careless ring.
    """

    slivers: Ints
    twins: Ints
    broken: Ints


def twins_among(count: int) -> int:
    """Tell how many of `count` parcels are second copies of others."""
    return max(round(count * TWIN_SHARE), 1)


def choose_faults(count: int, *, twins: int, seed: int) -> Faults:
    """Choose which of `count` parcels get which fault; no parcel gets two."""
    order = stream(seed, "faults").permutation(count)
    slivers = max(round(count * SLIVER_SHARE), 2)
    broken = max(round(count * BROKEN_SHARE), 3)
    first, second, third = np.cumsum([slivers, twins, broken])
    return Faults(
        np.sort(order[:first]),
        np.sort(order[first:second]),
        np.sort(order[second:third]),
    )


def put_in(stock: Stock, faults: Faults, *, seed: int) -> Stock:
    """Put the faults into a stock.

    Args:
        stock: Parcels on the plane.
        faults: What to put in; the twins are appended.
        seed: Seed of the province.

    Returns:
        The stock, longer by the twins.
    """
    rng = stream(seed, "fault shapes")
    shapes = stock.shapes.copy()
    tree = STRtree(stock.shapes)
    for at in faults.slivers:
        shapes[at] = _pushed(rng, stock.shapes, tree, int(at))
    for number, at in enumerate(faults.broken):
        ring = shapely.get_coordinates(shapes[at])[:-1]
        shapes[at] = shapely.Polygon(_broken(ring, number))
    order = np.concatenate([np.arange(len(stock)), faults.twins])
    faulty = Stock(shapes, stock.plan, stock.block, stock.code)
    return faulty.where(order)


def _pushed(
    rng: Generator, shapes: np.ndarray, tree: STRtree, at: int
) -> shapely.Polygon:
    """Move a parcel a little towards a neighbour, as a bad survey would."""
    shape = shapes[at]
    centre = shapely.get_coordinates(shape.centroid)[0]
    neighbours = tree.query(shape, "dwithin", 0.05)
    neighbours = np.sort(neighbours[neighbours != at])
    if len(neighbours):
        other = shapely.get_coordinates(shapes[int(neighbours[0])].centroid)[0]
        way = other - centre
    else:
        way = rng.normal(size=2)
    step = way / np.hypot(*way) * rng.uniform(*SLIVER_M)
    moved: shapely.Polygon = translate(shape, float(step[0]), float(step[1]))
    return moved


def _broken(ring: Floats, number: int) -> Floats:
    """Break an open ring: a bow-tie, a spike that returns on itself, a repeat."""
    if number % 3 == 0:
        swapped = ring.copy()
        swapped[[1, 2]] = ring[[2, 1]]
        return swapped
    if number % 3 == 1:
        spike = ring[0] + (ring[1] - ring[0]) * 0.5
        away = spike + (ring[0] - ring[2]) * 0.2
        return np.vstack([ring[:1], spike, away, spike, ring[1:]])
    return np.repeat(ring, 2, axis=0)

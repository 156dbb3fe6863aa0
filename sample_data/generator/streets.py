"""Street grids: outlines cut into superblocks by arterials, into blocks by streets."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.random import Generator
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from sample_data.generator.draw import Floats, stream
from sample_data.generator.lots import Lots, rectangles, split
from sample_data.generator.sites import Site

LEAST_BLOCK_M2 = 3_000.0


@dataclass(frozen=True)
class Grain:
    """How coarse the streets of a kind of site are.

    Attributes:
        arterial_m: Least and greatest distance between arterials.
        arterial_wide_m: Width of an arterial.
        street_wide_m: Width of a street.
        block_ha: Median size of a block.
        spread: Standard deviation of its logarithm.
    """

    arterial_m: tuple[float, float]
    arterial_wide_m: float
    street_wide_m: float
    block_ha: float
    spread: float


GRAINS = {
    "zone": Grain((620.0, 1_050.0), 42.0, 20.0, 15.0, 0.75),
    "seat": Grain((380.0, 620.0), 34.0, 14.0, 4.2, 0.55),
    "town": Grain((260.0, 420.0), 22.0, 10.0, 2.6, 0.5),
}


@dataclass(frozen=True)
class Plan:
    """A site and its blocks.

    Attributes:
        site: The site.
        quads: Corners of its superblocks on the plane, metres, shape (q, 4, 2).
        blocks: Rectangles in the quads; `block` numbers them from 0.
        shapes: The blocks' polygons, cut by the outline and what crosses the site.
        cut: Whether a block was cut, shape (n,).
        crossings: What crosses the site: land-use code and polygon.
    """

    site: Site
    quads: Floats
    blocks: Lots
    shapes: np.ndarray
    cut: np.ndarray
    crossings: tuple[tuple[str, BaseGeometry], ...]


def lay_streets(
    site: Site, corridors: list[tuple[str, BaseGeometry]], *, seed: int
) -> Plan:
    """Lay a street grid over a site.

    Args:
        site: The site.
        corridors: Real lines that cross it: land-use code and a band on the plane.
        seed: Seed of the province.

    Returns:
        The plan; its blocks do not overlap and lie inside the outline.
    """
    rng = stream(seed, "streets", site.kind, site.code)
    grain = GRAINS[site.kind]
    quads = _superblocks(rng, site, grain)
    shapely.prepare(site.outline)
    quads = quads[shapely.intersects(shapely.polygons(quads), site.outline)]
    count = len(quads)
    whole = Lots(
        np.arange(count), np.tile([0.0, 0.0, 1.0, 1.0], (count, 1)), np.arange(count)
    )
    target = 1e4 * grain.block_ha * np.exp(rng.normal(0, grain.spread, count))
    blocks = split(rng, whole, quads, target_m2=target, gap_m=grain.street_wide_m)
    crossings = _crossings(rng, site, corridors)
    return _cut_blocks(site, quads, blocks, crossings)


def _cut_blocks(
    site: Site,
    quads: Floats,
    blocks: Lots,
    crossings: list[tuple[str, BaseGeometry]],
) -> Plan:
    """Cut the blocks by the outline and the crossings, and drop crumbs."""
    free: BaseGeometry = site.outline
    if crossings:
        free = shapely.difference(free, shapely.union_all([c for _, c in crossings]))
    shapely.prepare(free)
    shapes = rectangles(blocks, quads)
    inside = shapely.contains_properly(free, shapes)
    touched = shapely.intersects(free, shapes) & ~inside
    shapes[touched] = shapely.intersection(shapes[touched], free)
    # What a river parts are two blocks.
    parts, origin = shapely.get_parts(shapes, return_index=True)
    kept = (inside | touched)[origin] & (shapely.area(parts) > LEAST_BLOCK_M2)
    parts, origin = parts[kept], origin[kept]
    numbered = Lots(blocks.quad[origin], blocks.box[origin], np.arange(len(origin)))
    return Plan(site, quads, numbered, parts, touched[origin], tuple(crossings))


def largest_part(shape: BaseGeometry) -> Polygon:
    """Return the largest polygon of a shape, an empty one where there is none."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return max(parts, key=lambda part: part.area, default=Polygon())


def _superblocks(rng: Generator, site: Site, grain: Grain) -> Floats:
    """Lay gently bent arterials over the outline's extent: quads, shape (q, 4, 2)."""
    centre = shapely.get_coordinates(shapely.centroid(site.outline))[0]
    cos, sin = np.cos(site.angle), np.sin(site.angle)
    turn = np.array([[cos, -sin], [sin, cos]])  # rows: from the plane to u, v
    local = (shapely.get_coordinates(site.outline) - centre) @ turn
    bend = rng.uniform(0.03, 0.08) * np.ptp(local, axis=0)[::-1]
    low, high = local.min(axis=0) - bend.max(), local.max(axis=0) + bend.max()
    us = _lines(rng, low[0], high[0], grain.arterial_m)
    vs = _lines(rng, low[1], high[1], grain.arterial_m)
    half = grain.arterial_wide_m / 2
    u0, v0 = np.meshgrid(us[:-1] + half, vs[:-1] + half, indexing="ij")
    u1, v1 = np.meshgrid(us[1:] - half, vs[1:] - half, indexing="ij")
    u = np.stack([u0, u1, u1, u0], axis=-1).reshape(-1, 4)
    v = np.stack([v0, v0, v1, v1], axis=-1).reshape(-1, 4)
    phase = rng.uniform(0, 2 * np.pi, 2)
    length = rng.uniform(1.1, 1.7, 2) * (high - low)[::-1]
    bent_u = u + bend[0] * np.sin(2 * np.pi * v / length[0] + phase[0]) / 2
    bent_v = v + bend[1] * np.sin(2 * np.pi * u / length[1] + phase[1]) / 2
    quads: Floats = np.stack([bent_u, bent_v], axis=-1) @ turn.T + centre
    return quads


def _lines(
    rng: Generator, low: float, high: float, apart: tuple[float, float]
) -> Floats:
    """Draw positions of arterials over an extent, irregularly spaced."""
    most = int((high - low) / apart[0]) + 3
    steps = rng.uniform(*apart, most)
    at = low - rng.uniform(0, apart[0]) + np.concatenate([[0.0], np.cumsum(steps)])
    return at[: int(np.searchsorted(at, high)) + 1]


def _crossings(
    rng: Generator, site: Site, corridors: list[tuple[str, BaseGeometry]]
) -> list[tuple[str, BaseGeometry]]:
    """Collect what crosses a site: a river with its green banks, real lines."""
    found: list[tuple[str, BaseGeometry]] = []
    if site.kind != "town" and rng.uniform() < 0.55:  # noqa: PLR2004 - share of sites on a river
        course = _river(rng, site)
        wide = float(rng.uniform(14, 38))
        water = course.buffer(wide, quad_segs=3)
        found.append(("1701", water))
        found.append(("1402", course.buffer(wide + rng.uniform(18, 34), quad_segs=3)))
    found += [(code, band) for code, band in corridors if band.intersects(site.outline)]
    clipped: list[tuple[str, BaseGeometry]] = []
    used: BaseGeometry = Polygon()
    for code, band in found:
        own = shapely.difference(shapely.intersection(band, site.outline), used)
        used = shapely.union(used, own)
        clipped += [
            (code, part)
            for part in shapely.get_parts(own)
            if part.geom_type == "Polygon" and part.area > 1.0
        ]
    return clipped


def _river(rng: Generator, site: Site) -> BaseGeometry:
    """Draw a winding course through a site, roughly along its streets."""
    centre = shapely.get_coordinates(shapely.centroid(site.outline))[0]
    reach = 1.2 * np.sqrt(site.outline.area) + 1_000.0
    along = np.linspace(-reach, reach, 60)
    side = rng.uniform(-0.28, 0.28) * np.sqrt(site.outline.area)
    wave = np.zeros_like(along)
    for length, swing in ((4_200.0, 170.0), (1_500.0, 60.0), (700.0, 22.0)):
        phase = rng.uniform(0, 2 * np.pi)
        wave += swing * np.sin(2 * np.pi * along / length + phase)
    turn = site.angle + rng.normal(0, 0.25)
    cos, sin = np.cos(turn), np.sin(turn)
    across = side + wave
    return LineString(
        np.column_stack([along * cos - across * sin, along * sin + across * cos])
        + centre
    )


def block_centres(plan: Plan) -> Floats:
    """Return a point inside each block of a plan, metres, shape (n, 2)."""
    points: Floats = shapely.get_coordinates(shapely.point_on_surface(plan.shapes))
    return points


def block_areas(plan: Plan) -> Floats:
    """Measure the blocks of a plan, m2, shape (n,)."""
    area: Floats = shapely.area(plan.shapes)
    return area


def corridors_of(
    kind_lines: dict[str, list[BaseGeometry]],
) -> list[tuple[str, BaseGeometry]]:
    """Widen real lines to the land they take: 1202 roads 30 m, 1201 railways 15 m."""
    wide = {"expressway": ("1202", 30.0), "railway": ("1201", 15.0)}
    return [
        (
            wide[kind][0],
            line.buffer(wide[kind][1], cap_style="flat", join_style="mitre"),
        )
        for kind, lines in kind_lines.items()
        for line in lines
    ]

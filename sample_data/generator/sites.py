"""Where land is: development zones, county seats and towns, each with its outline."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.random import Generator
from shapely import Polygon, STRtree
from shapely.affinity import scale, translate

from gis.errors import GeometryError
from sample_data.generator.draw import Floats, stream
from sample_data.generator.facts import read_facts
from sample_data.generator.frame import Frame
from sample_data.generator.plane import points_to_plane
from sample_data.generator.terrain import Terrain

APART_M = 350.0
TRIES = 80


@dataclass(frozen=True)
class Site:
    """A piece of ground with one street grid.

    Attributes:
        name: Chinese name.
        code: Zone code, county code of a seat, or number of a town.
        kind: `zone`, `seat` or `town`.
        county: Code of its county.
        outline: On the plane, metres.
        angle: Direction of its main streets, radians from east.
        rank: 1 (the capital) to 5 (a town): prices and services follow it.
        industries: Divisions of GB/T 4754 that lead in a zone.
    """

    name: str
    code: str
    kind: str
    county: str
    outline: Polygon
    angle: float
    rank: int
    industries: tuple[str, ...] = ()


class Ground:
    """What is built on already, and which place suits a new outline."""

    def __init__(self, frame: Frame, terrain: Terrain) -> None:
        """Begin with an empty province."""
        self.frame = frame
        self.terrain = terrain
        self.taken: list[Polygon] = []
        self._roads = STRtree(frame.lines("expressway"))
        self.inner = {
            code: shapely.buffer(shape, -300.0)
            for code, shape in frame.counties.items()
        }
        for shape in self.inner.values():
            shapely.prepare(shape)

    def place(
        self,
        rng: Generator,
        near: Floats,
        *,
        county: str,
        area_m2: float,
        reach_m: float,
    ) -> tuple[Polygon, float]:
        """Find room for an outline near a point.

        Args:
            rng: Random numbers of this site.
            near: Point of the plane, metres, shape (2,).
            county: County the outline must stay in.
            area_m2: Area to aim at; it shrinks where there is no room.
            reach_m: How far from the point to look first.

        Returns:
            The outline and the direction of its main streets in radians.

        Raises:
            GeometryError: The county has no room at all.
        """
        inner = self.inner[county]
        for _ in range(24):
            found = self._best(rng, near, inner, area_m2, reach_m)
            if found is not None:
                self.taken.append(found[0])
                return found
            area_m2, reach_m = area_m2 * 0.85, reach_m * 1.2
        raise GeometryError("No room for a site in county {county}.", county=county)

    def _best(
        self,
        rng: Generator,
        near: Floats,
        inner: Polygon,
        area_m2: float,
        reach_m: float,
    ) -> tuple[Polygon, float] | None:
        """Try outlines around a point and keep the most suitable that fits."""
        turns = rng.uniform(0, 2 * np.pi, TRIES)
        away = reach_m * np.sqrt(rng.uniform(0, 1, TRIES))
        x = near[0] + away * np.cos(turns)
        y = near[1] + away * np.sin(turns)
        cost = self._cost(x, y, away / reach_m)
        taken = STRtree(self.taken)
        for at in np.argsort(cost, kind="stable"):
            angle = self.valley_direction(x[at], y[at])
            outline = draw_outline(rng, area_m2=area_m2, angle=angle)
            outline = translate(outline, float(x[at]), float(y[at]))
            fits = shapely.contains(inner, outline)
            if fits and not len(taken.query(outline, "dwithin", APART_M)):
                return outline, angle
        return None

    def _cost(self, x: Floats, y: Floats, away: Floats) -> Floats:
        """Rate places: flat, near an expressway and near the asked point are cheap."""
        relief = self.terrain.grid.at(self.terrain.relief, x, y)
        _, road_m = self._roads.query_nearest(
            shapely.points(x, y), return_distance=True, all_matches=False
        )
        return relief + np.minimum(road_m / 6_000.0, 2.0) + 0.8 * away

    def valley_direction(self, x: float, y: float) -> float:
        """Return the direction along the contour of the relief, radians."""
        grid, step = self.terrain.grid, 1_500.0
        xs = np.array([x - step, x + step, x, x])
        ys = np.array([y, y, y - step, y + step])
        west, east, south, north = grid.at(self.terrain.relief, xs, ys)
        return float(np.arctan2(east - west, south - north))


def draw_outline(rng: Generator, *, area_m2: float, angle: float) -> Polygon:
    """Draw an irregular, bent, elongated outline around the origin.

    Args:
        rng: Random numbers.
        area_m2: Its area.
        angle: Direction of its long axis, radians.

    Returns:
        A valid polygon of that area, its edges 50 to 500 m long.
    """
    around = np.linspace(0, 2 * np.pi, 96, endpoint=False)
    stretch = rng.uniform(1.25, 2.1)
    # A superellipse is fuller than an ellipse: planned ground is nearly a block.
    radius = (np.abs(np.cos(around)) ** 2.8 + np.abs(np.sin(around)) ** 2.8) ** (
        -1 / 2.8
    )
    for wave in range(2, 9):
        swing = rng.normal(0, 0.20 / wave)
        radius = radius * np.exp(swing * np.cos(wave * around + rng.uniform(0, 6.28)))
    radius = radius * np.exp(rng.normal(0, 0.006, len(around)))
    u = radius * np.cos(around) * stretch
    v = radius * np.sin(around) + rng.uniform(-0.16, 0.16) * u**2
    turned = np.column_stack([
        u * np.cos(angle) - v * np.sin(angle),
        u * np.sin(angle) + v * np.cos(angle),
    ])
    shape = shapely.make_valid(Polygon(turned - turned.mean(axis=0)))
    shape = max(shapely.get_parts(shape), key=lambda part: part.area)
    factor = np.sqrt(area_m2 / shape.area)
    grown = scale(shape, factor, factor, origin=(0.0, 0.0))
    simple: Polygon = shapely.simplify(grown, 0.012 * np.sqrt(area_m2)).normalize()
    return simple


def place_sites(
    frame: Frame, terrain: Terrain, *, seed: int
) -> tuple[list[Site], Ground]:
    """Place the built-up areas of all seats, then all development zones.

    Args:
        frame: The real frame.
        terrain: The relief.
        seed: Seed of the province.

    Returns:
        The sites, and the ground with what is taken.
    """
    ground = Ground(frame, terrain)
    sites = [
        *_place_seats(ground, seed),
        *_place_zones(ground, seed),
    ]
    return sites, ground


def _place_seats(ground: Ground, seed: int) -> list[Site]:
    """Place the built-up area of each county's seat."""
    table = read_facts("seats")
    points = points_to_plane(table[["seat_lon", "seat_lat"]].to_numpy(dtype=float))
    sites = []
    for code, name, point in zip(table["code"], table["name"], points, strict=True):
        rng = stream(seed, "seat", code)
        rank = rank_of(code)
        size = {1: 9.0, 2: 8.0, 3: 5.5, 4: 3.8}[rank] * 1e6 * rng.uniform(0.8, 1.25)
        outline, angle = ground.place(
            rng, point, county=code, area_m2=size, reach_m=2_500
        )
        sites.append(Site(f"{name}城区", code, "seat", code, outline, angle, rank))
    return sites


def _place_zones(ground: Ground, seed: int) -> list[Site]:
    """Place the development zones, the largest first."""
    table = read_facts("zones")
    points = points_to_plane(table[["lon", "lat"]].to_numpy(dtype=float))
    sizes = [_zone_size(row, seed) for row in table.itertuples(index=False)]
    sites: dict[int, Site] = {}
    for row in np.argsort(-np.array(sizes), kind="stable"):
        zone = table.iloc[row]
        rng = stream(seed, "zone", zone["zone_code"])
        outline, angle = ground.place(
            rng,
            points[row],
            county=zone["county_code"],
            area_m2=sizes[row],
            reach_m=8_000,
        )
        sites[int(row)] = Site(
            zone["name"],
            zone["zone_code"],
            "zone",
            zone["county_code"],
            outline,
            angle,
            rank_of(zone["county_code"]),
            tuple(zone["leading_industries"].split(";")),
        )
    return [sites[row] for row in sorted(sites)]


def _zone_size(zone: object, seed: int) -> float:
    """Draw the area of a zone in m2: 5 to 40 km2 by its kind."""
    rng = stream(seed, "zone size", zone.zone_code)  # type: ignore[attr-defined]
    if "新区" in zone.name:  # type: ignore[attr-defined]
        return 39.0e6
    if "综合保税区" in zone.name:  # type: ignore[attr-defined]
        return float(rng.uniform(5.1, 6.5) * 1e6)
    national = zone.level == "national"  # type: ignore[attr-defined]
    low, high, middle = (20.0, 36.0, 26.0) if national else (7.0, 26.0, 13.0)
    return float(np.clip(rng.lognormal(np.log(middle), 0.35), low, high) * 1e6)


def rank_of(county: str) -> int:
    """Rank a county: 1 Guiyang's core, 2 cities, 3 districts and county cities, 4."""
    if county in {"520102", "520103", "520115"}:
        return 1
    if county in {"520111", "520112", "520113", "520302", "520303"}:
        return 2
    kind = int(county[4:])
    is_city = county in {"522301", "522601", "522701", "520402", "520502", "520602"}
    return 2 if is_city else 3 if kind < 20 or kind > 80 else 4  # noqa: PLR2004 - GB/T 2260: 01-20 districts, 81-99 county cities


def place_towns(
    ground: Ground, spots: Sequence[tuple[str, Floats]], *, first: int, seed: int
) -> list[Site]:
    """Place one small town at each spot that has room; spots keep their distance.

    Args:
        ground: What seats and zones have taken.
        spots: County and point of the plane of each town.
        first: Number of the first spot.
        seed: Seed of the province.

    Returns:
        The towns, fewer than spots.
    """
    taken = STRtree(ground.taken)
    sites = []
    for number, (county, point) in enumerate(spots, start=first):
        rng = stream(seed, "town", number)
        size = float(np.clip(rng.lognormal(np.log(0.9), 0.3), 0.4, 1.5) * 1e6)
        angle = ground.valley_direction(point[0], point[1])
        outline = draw_outline(rng, area_m2=size, angle=angle)
        outline = translate(outline, float(point[0]), float(point[1]))
        if len(taken.query(outline, "dwithin", APART_M)):
            continue
        if ground.inner[county].contains(outline):
            code = f"T{number:05d}"
            name = f"乡镇{number + 1}"
            sites.append(Site(name, code, "town", county, outline, angle, 5))
    return sites

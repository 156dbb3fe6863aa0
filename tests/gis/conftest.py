"""Made-up land for the tests of geometry: stars with holes, from a seed."""

from collections.abc import Callable

import numpy as np
import pytest
import shapely
from geopandas import GeoSeries
from pyproj import CRS
from shapely import Polygon

from gis.crs import equal_area

Land = Callable[..., GeoSeries]
GUIZHOU = (103.6, 24.6, 109.6, 29.2)


def star(
    rng: np.random.Generator, *, radius: float, corners: int, hole: bool
) -> Polygon:
    """Draw a valid polygon around the origin, with a hole in its middle or none."""
    turn = 2 * np.pi * np.arange(corners) / corners
    rays = rng.uniform(0.4, 1.0, 13)
    rays[-1] = rays[0]
    far = radius * np.interp(turn, np.linspace(0, 2 * np.pi, 13), rays)
    ring = np.column_stack([far * np.cos(turn), far * np.sin(turn)])
    return Polygon(ring, [ring[::-1] * 0.3] if hole else [])


def land(
    seed: int,
    *,
    count: int = 20,
    corners: int = 12,
    radius: float = 100.0,
    spread: float = 300.0,
    crs: CRS | str | None = None,
) -> GeoSeries:
    """Scatter stars over a field, every third with a hole, many overlapping."""
    rng = np.random.default_rng(seed)
    middle = rng.uniform(-spread, spread, (count, 2))
    shapes = [
        shapely.transform(
            star(rng, radius=radius, corners=corners, hole=nth % 3 == 0),
            lambda xy, at=middle[nth]: xy + at,
        )
        for nth in range(count)
    ]
    names = [f"GZ-{nth:03d}" for nth in range(count)]
    return GeoSeries(shapes, index=names, crs=crs or equal_area(GUIZHOU))


@pytest.fixture(scope="session", name="land")
def land_maker() -> Land:
    return land


@pytest.fixture(scope="session")
def albers() -> CRS:
    return equal_area(GUIZHOU)

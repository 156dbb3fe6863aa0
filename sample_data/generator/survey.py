"""A survey of land units, county by county: more parcels than settlements hold."""

from collections.abc import Iterator, Mapping, Sequence
from zlib import crc32

import numpy as np
from geopandas import GeoDataFrame
from shapely.geometry.base import BaseGeometry

from sample_data.generator.attributes import describe
from sample_data.generator.draw import Ints, stream
from sample_data.generator.parcels import NOT_OFFERED, Stock
from sample_data.generator.patches import SIDE, Patches, place_patches
from sample_data.generator.plane import PLANE
from sample_data.generator.sites import Site, rank_of
from sample_data.generator.terrain import Terrain
from sample_data.generator.units import draw_units
from sample_data.generator.zoning import SEAT_MIX, ZONE_MIX

COUNTRYSIDE = "郊野"


def survey_units(
    counties: Mapping[str, BaseGeometry],
    terrain: Terrain,
    sites: Sequence[Site],
    count: int,
    *,
    seed: int,
) -> Iterator[GeoDataFrame]:
    """Survey exactly `count` land units; memory is that of one county.

    Args:
        counties: Polygons on the plane by code.
        terrain: The relief.
        sites: Zones and seats: units wholly in a zone carry its code.
        count: How many.
        seed: Seed of the province.

    Yields:
        The units of each county as a parcel layer on the plane, in the order of the
        county's code.
    """
    patches = place_patches(counties, terrain, sites, count, seed=seed)
    around = [*sites, *_countryside(counties)]
    left = count
    for number, code in enumerate(sorted(counties)):
        own = patches.where(patches.county == number)
        if len(own) == 0 or left == 0:
            continue
        units = min(left, len(own) * SIDE**2)
        left -= units
        at_home = np.where(own.site >= 0, own.site, len(sites) + number)
        site = np.repeat(at_home, SIDE**2)[:units]
        yield _county(own, site, around, seed=crc32(f"{seed} {code}".encode()))


def _county(
    patches: Patches, site: Ints, sites: Sequence[Site], *, seed: int
) -> GeoDataFrame:
    """Draw the units of one county with their attributes."""
    shapes = draw_units(stream(seed, "units"), patches.box, len(site))
    block = np.repeat(np.arange(len(patches)), SIDE**2)[: len(site)]
    code = _codes(site, sites, seed)
    table = describe(Stock(shapes, site, block, code), sites, seed=seed)
    return GeoDataFrame(table, geometry=shapes, crs=PLANE)


def _codes(site: Ints, sites: Sequence[Site], seed: int) -> np.ndarray:
    """Draw the planned use of units by the mix of their site."""
    rng = stream(seed, "unit codes")
    zone = np.array([one.kind == "zone" for one in sites])[site]
    drawn = []
    for mix in (SEAT_MIX, ZONE_MIX):
        offered = {c: share for c, share in mix.items() if c not in NOT_OFFERED}
        share = np.array(list(offered.values()))
        drawn.append(rng.choice(list(offered), len(site), p=share / share.sum()))
    codes: np.ndarray = np.where(zone, drawn[1], drawn[0]).astype(object)
    return codes


def _countryside(counties: Mapping[str, BaseGeometry]) -> list[Site]:
    """Make a site of each county's open land."""
    return [
        Site(COUNTRYSIDE, code, "town", code, counties[code], 0.0, rank_of(code))  # type: ignore[arg-type]
        for code in sorted(counties)
    ]

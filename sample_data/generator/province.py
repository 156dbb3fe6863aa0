"""The whole sample province: frame, sites, control lines, points, parcels, ledger."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import shapely
from geopandas import GeoDataFrame
from shapely.geometry.base import BaseGeometry

from gis.errors import GeometryError
from gis.words import Title
from sample_data.generator.casework import write_entries
from sample_data.generator.casework_appraisals import draw_appraisals
from sample_data.generator.casework_approvals import draw_approvals, draw_managed
from sample_data.generator.casework_inquiries import draw_inquiries
from sample_data.generator.casework_land import write_land
from sample_data.generator.casework_plans import draw_plans
from sample_data.generator.casework_promises import draw_promises
from sample_data.generator.casework_requests import draw_requests
from sample_data.generator.casework_routing import draw_routing
from sample_data.generator.casework_zones import draw_facilities, draw_zones
from sample_data.generator.control_lines import draw_farmland_and_redline, draw_urban
from sample_data.generator.facts import read_facts
from sample_data.generator.fine_lines import draw_fine_lines
from sample_data.generator.frame import Frame, read_frame
from sample_data.generator.hazards import (
    draw_geohazards,
    draw_water_sources,
    surveyed_ground,
)
from sample_data.generator.orthophoto import write_orthophoto
from sample_data.generator.plane import PLANE
from sample_data.generator.points import (
    ground_with_grid_data,
    place_freight_yards,
    place_interchanges,
    place_plants,
    place_substations,
)
from sample_data.generator.projects import draw_projects, write_ledger
from sample_data.generator.relief import write_relief
from sample_data.generator.rivers import run_rivers
from sample_data.generator.roads import draw_roads
from sample_data.generator.sites import Ground, Site, place_sites
from sample_data.generator.stock import Province, draw_parcels
from sample_data.generator.streets import corridors_of, lay_streets
from sample_data.generator.survey import survey_units
from sample_data.generator.terrain import Terrain, make_grid, make_terrain
from sample_data.generator.towns import draw_settlements
from sample_data.generator.write import write_coverage, write_layer, write_parts
from sample_data.generator.zoning import assign_uses, finish_zoning, zone_blocks

Tell = Callable[[str, dict[str, object]], None]
FEWEST = 100
SETTLED = 50_000  # more are land units all over the province
PICTURED = "52101001"  # the zone that the synthetic picture shows


def generate(out: Path, *, parcels: int, seed: int, say: Tell | None = None) -> None:
    """Write a synthetic province on Guizhou's real frame.

    The same seed, count, package versions and kind of processor give the same bytes.
    Up to 50,000 parcels stand in settlements, and only they depend on the count; more
    are land units all over the province, beside finely drawn control lines, and memory
    does not grow with their number.

    Args:
        out: Folder to write `layers/*.parquet`, `ledger.json`, `casework/*.json` into.
        parcels: How many parcels, at least 100.
        seed: Seed of everything synthetic.
        say: Called with a sentence and its values as the work goes on.

    Raises:
        GeometryError: Fewer parcels than 100 are asked for, or more than the ground
            has room for.
    """
    if parcels < FEWEST:
        raise GeometryError(
            "A sample of {asked} parcels is too small: ask for {fewest} or more.",
            asked=parcels,
            fewest=FEWEST,
        )
    tell = say or (lambda _msgid, _values: None)
    (folder := out / "layers").mkdir(parents=True, exist_ok=True)
    tell(Title("Reading the real frame."), {})
    frame = read_frame()
    terrain = make_terrain(make_grid(frame.bounds), seed=seed)
    sites, ground = place_sites(frame, terrain, seed=seed)
    tell(Title("Laying streets over {count} sites."), {"count": len(sites)})
    province = plan_province(frame, sites, ground, seed=seed)
    layers = {**frame.layers, **zoned(province, sites)}
    layers |= draw_ground(frame, terrain, layers, out / "rasters", seed=seed)
    tell(Title("Drawing control lines and infrastructure."), {})
    layers |= around(frame, sites, seed=seed)
    many = parcels > SETTLED
    layers |= (draw_fine_lines if many else draw_lines)(
        frame, terrain, sites, seed=seed
    )
    tell(Title("Cutting {count} parcels."), {"count": parcels})
    if many:
        units = survey_units(frame.counties, terrain, sites, parcels, seed=seed)
        write_parts(told(units, tell), folder / "parcels.parquet")
    else:
        layers["parcels"] = draw_parcels(province, parcels, seed=seed)
    write_layers(layers, coverages(frame, sites), folder, tell)
    write_office(out, seed=seed, settled=not many)


def write_office(out: Path, *, seed: int, settled: bool) -> None:
    """Write the sample ledger, and what offices work through for its projects.

    Args:
        out: Folder of `ledger.json` and of `casework/`, one file a domain.
        seed: Seed of the province; the same seed gives the same bytes.
        settled: Whether parcels stand in settlements: those are claimed, units are not.
    """
    write_ledger(out / "ledger.json", seed=seed)
    if settled:
        write_land(out, seed=seed)
    projects = draw_projects(seed=seed)
    drawn = {
        "managed": draw_managed(projects, seed=seed),
        "approvals": draw_approvals(projects, seed=seed),
        "appraisals": draw_appraisals(projects, seed=seed),
        "routing": draw_routing(projects, seed=seed),
        "requests": draw_requests(projects, seed=seed),
        "promises": draw_promises(projects, seed=seed),
        "facilities": draw_facilities(projects, seed=seed),
        "zones": draw_zones(seed=seed),
        "inquiries": draw_inquiries(seed=seed),
        "plans": draw_plans(projects, seed=seed),
    }
    for name, entries in drawn.items():
        write_entries(out / "casework" / f"{name}.json", entries)


def plan_province(
    frame: Frame, sites: list[Site], ground: Ground, *, seed: int
) -> Province:
    """Lay streets over all sites and plan the uses of their blocks."""
    lines = {kind: frame.lines(kind) for kind in ("expressway", "railway")}
    corridors = corridors_of(lines)
    plans = [lay_streets(site, corridors, seed=seed) for site in sites]
    return Province(ground, plans, [assign_uses(plan, seed=seed) for plan in plans])


def draw_ground(
    frame: Frame,
    terrain: Terrain,
    layers: Mapping[str, GeoDataFrame],
    folder: Path,
    *,
    seed: int,
) -> dict[str, GeoDataFrame]:
    """Draw what a map is read by: rivers, roads, settlements, and two pictures.

    Args:
        frame: The real frame.
        terrain: The relief.
        layers: What is drawn so far: zones and zoning.
        folder: Folder to write the shaded relief and the picture from above into.
        seed: Seed of the province.

    Returns:
        `river`, `road` and `settlement`, on the plane.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rivers = run_rivers(frame, terrain)
    write_relief(terrain, rivers, frame.outline, folder / "relief.tif", seed=seed)
    zones = layers["development_zone"].set_index("zone_code")
    write_orthophoto(
        layers["zoning"],
        zones.geometry[PICTURED],
        folder / "orthophoto.tif",
        seed=seed,
    )
    return {
        "river": rivers.frame,
        "road": draw_roads(frame, terrain),
        "settlement": draw_settlements(frame),
    }


def zoned(province: Province, sites: list[Site]) -> dict[str, GeoDataFrame]:
    """Draw the development zones and the zoning of all sites."""
    drawn = [
        zone_blocks(plan, use)
        for plan, use in zip(province.plans, province.uses, strict=True)
    ]
    return {"development_zone": zone_layer(sites), "zoning": finish_zoning(drawn)}


def told(parts: Iterable[GeoDataFrame], tell: Tell) -> Iterator[GeoDataFrame]:
    """Pass the parts of the parcel layer on and tell how many came so far."""
    count = 0
    for part in parts:
        count += len(part)
        tell(
            Title("Writing {layer}: {count} rows."),
            {
                "layer": "parcels",
                "count": count,
            },
        )
        yield part


def write_layers(
    layers: Mapping[str, GeoDataFrame],
    grounds: Mapping[str, BaseGeometry],
    folder: Path,
    tell: Tell,
) -> None:
    """Write all layers, and the ground each covers, into a folder."""
    for name, layer in layers.items():
        values: dict[str, object] = {"layer": name, "count": len(layer)}
        tell(Title("Writing {layer}: {count} rows."), values)
        write_layer(layer, folder / f"{name}.parquet", faulty=name == "parcels")
    for name, shape in grounds.items():
        write_coverage(shape, folder / f"{name}.coverage.parquet")


def draw_lines(
    frame: Frame, terrain: Terrain, sites: list[Site], *, seed: int
) -> dict[str, GeoDataFrame]:
    """Draw the control lines and the hazards as they are shipped."""
    return {
        **draw_farmland_and_redline(frame, terrain, sites),
        "urban_boundary": draw_urban(frame, terrain, sites, seed=seed),
        "geohazard": draw_geohazards(frame, terrain, sites, seed=seed),
    }


def around(frame: Frame, sites: list[Site], *, seed: int) -> dict[str, GeoDataFrame]:
    """Draw what lies around the sites: reservoirs and infrastructure."""
    return {
        "water_source": draw_water_sources(frame, sites, seed=seed),
        "interchange": place_interchanges(frame, sites, seed=seed),
        "freight_yard": place_freight_yards(frame, sites, seed=seed),
        "substation": place_substations(frame, sites, seed=seed),
        "water_plant": place_plants(frame, sites, kind="water_plant", seed=seed),
        "gas_station": place_plants(frame, sites, kind="gas_station", seed=seed),
    }


def coverages(frame: Frame, sites: list[Site]) -> dict[str, BaseGeometry]:
    """Tell the ground of the layers that do not cover the province, on the plane."""
    return {
        "zoning": shapely.union_all([site.outline for site in sites]),
        "geohazard": surveyed_ground(frame),
        "substation": ground_with_grid_data(frame),
    }


def zone_layer(sites: list[Site]) -> GeoDataFrame:
    """Put the development zones' facts beside their drawn outlines, on the plane."""
    outlines = {site.code: site.outline for site in sites if site.kind == "zone"}
    table = read_facts("zones")
    columns = [
        "zone_code", "name", "category", "level", "county_code",
        "leading_industries", "industry_words", "industries_basis",
    ]  # fmt: skip
    shapes = [outlines[code] for code in table["zone_code"]]
    return GeoDataFrame(table[columns].copy(), geometry=shapes, crs=PLANE)

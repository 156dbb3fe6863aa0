"""A small world in round figures: 100 m squares astride the 106.5 E seam."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from geopandas import GeoDataFrame, GeoSeries
from shapely import Point, box
from shapely.geometry.base import BaseGeometry

from benchmarks.own_postgis import OwnPostgis
from layers.catalog import Catalog, read_catalog
from layers.facts_store import FactStore
from layers.facts_table import Facts
from layers.ingest import ingest
from layers.region import Region, read_region
from layers.store import LayerStore
from layers.stores.opened import open_store
from layers.stores.postgis import PostgisStore

CGCS2000 = "EPSG:4490"
DECLARED = {"source": "drawn by hand", "licence": "CC0-1.0", "data_date": "2026-01-31"}


def ground(*shapes: BaseGeometry) -> GeoSeries:
    """Put shapes drawn in metres around 106.5 E onto the ground, EPSG:4490."""
    return GeoSeries(list(shapes), crs=read_region().equal_area_crs).to_crs(CGCS2000)


def rectangle(x0: float, x1: float, y0: float = 0.0, y1: float = 100.0) -> BaseGeometry:
    """Draw a rectangle in metres."""
    return box(x0, y0, x1, y1)


def frame(columns: Mapping[str, list[object]], *shapes: BaseGeometry) -> GeoDataFrame:
    """Make rows of shapes drawn in metres."""
    return GeoDataFrame(dict(columns), geometry=ground(*shapes), crs=CGCS2000)


def declare(folder: Path, name: str, **told: object) -> Path:
    """Write a declaration."""
    lines = [f"{key} = {_toml(value)}" for key, value in {**DECLARED, **told}.items()]
    if "title" not in told:
        lines.append(f'title = "{name}"')
    file = folder / f"{name}.toml"
    file.write_text("\n".join(lines), "utf-8")
    return file


def _toml(value: object) -> str:
    """Write a value as inline TOML."""
    if isinstance(value, dict):
        told = ", ".join(f'"{key}" = {_toml(part)}' for key, part in value.items())
        return f"{{ {told} }}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_toml(part) for part in value)}]"
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{value}'" if isinstance(value, (str, Path)) else str(value)


def stores(home: Path) -> tuple[LayerStore, FactStore]:
    """Open the two stores of a home."""
    return LayerStore(home / "layers"), FactStore(home / "facts")


@pytest.fixture(scope="session")
def hand() -> SimpleNamespace:
    """Return what tests draw and declare layers with."""
    return SimpleNamespace(
        ground=ground,
        rectangle=rectangle,
        frame=frame,
        declare=declare,
        stores=stores,
        draw_world=draw_world,
    )


@pytest.fixture(scope="session")
def region() -> Region:
    """Return Guizhou."""
    return read_region()


PARCELS = [(0, 100), (200, 300), (400, 500), (600, 700), (800, 900), (1000, 1100)]


def draw_world(folder: Path) -> Path:
    """Write the small world: six parcels of 1 ha, P0 to P5, 200 m from each other."""
    names = [f"P{number}" for number in range(6)]
    parcels = frame(
        {
            "ID": names,
            "AREA_MU": [15.0] * 6,
            "COUNTY": ["520102"] * 6,
            "STATUS": ["net_land"] * 6,
        },
        *(rectangle(x0, x1) for x0, x1 in PARCELS),
    )
    parcels.to_file(folder / "parcels.gpkg")
    declare(
        folder,
        "parcels",
        role="parcel",
        path="parcels.gpkg",
        key="parcel_id",
        columns={
            "parcel_id": "ID",
            "area_declared_m2": {"source": "AREA_MU", "unit": "mu"},
            "county_code": "COUNTY",
            "stock_status": "STATUS",
        },
    )
    # Twice over the same ground, which must count once.
    frame({}, rectangle(50, 300, -50, 150), rectangle(60, 250)).to_file(
        folder / "flood.geojson"
    )
    coverage = (
        ground(rectangle(-1000, 650, -900, 1000)).to_wkt(rounding_precision=-1).iloc[0]
    )
    declare(
        folder,
        "flood",
        role="constraint",
        path="flood.geojson",
        coverage=coverage,
        measure=["overlap", "distance"],
    )
    frame(
        {"CODE": ["100102", "1402"]}, rectangle(0, 450), rectangle(450, 860)
    ).to_parquet(folder / "zoning.parquet")
    declare(
        folder,
        "zoning",
        role="zoning",
        path="zoning.parquet",
        coverage="self",
        columns={"land_use_code": "CODE"},
    )
    frame({"NAME": ["one"]}, Point(350, 50)).to_file(folder / "hydrant.shp")
    reach = (
        ground(rectangle(-300, 520, -900, 1000)).to_wkt(rounding_precision=-1).iloc[0]
    )
    declare(
        folder,
        "hydrant",
        role="infrastructure",
        path="hydrant.shp",
        coverage=reach,
        columns={"name": "NAME"},
    )
    frame(
        {"CODE": ["520102", "520203"], "LEAD": ["C38", "C15"]},
        rectangle(-500, 240, -500, 500),
        rectangle(240, 1000, -500, 500),
    ).to_file(folder / "county.fgb")
    declare(
        folder,
        "county",
        role="boundary",
        path="county.fgb",
        key="code",
        fact="county_code",
        carry={"county_lead": "lead"},
        columns={"code": "CODE", "lead": "LEAD"},
    )
    return folder


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory, region: Region) -> SimpleNamespace:
    """Ingest the small world once."""
    folder = draw_world(tmp_path_factory.mktemp("world"))
    catalog: Catalog = read_catalog(folder)
    layers, kept = stores(folder / "var")
    result = ingest(catalog, layers, kept, region)
    facts: Facts = result.facts
    return SimpleNamespace(
        folder=folder,
        catalog=catalog,
        store=layers,
        kept=kept,
        facts=facts,
        table=facts.table.sort_index(),
        manifests=result.manifests,
    )


@pytest.fixture(params=["disk", pytest.param("postgis", marks=pytest.mark.postgis)])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """Return what opens an empty store of each kind in turn."""
    address = "" if request.param == "disk" else request.getfixturevalue("layers_url")
    made: list[LayerStore] = []

    def opened(home: Path = tmp_path) -> LayerStore:
        made.append(open_store(home, address))
        return made[-1]

    opened.home, opened.address = tmp_path, address  # type: ignore[attr-defined]
    yield opened
    for store in made:
        if isinstance(store, PostgisStore):
            store.close()


@pytest.fixture
def layers_url(postgis: OwnPostgis, emptied: str) -> str:
    """Return the address of a PostGIS database in which nothing is loaded."""
    postgis.run(
        "DROP SCHEMA IF EXISTS landmap, landmap_store CASCADE", database=emptied
    )
    return postgis.url(emptied)


@pytest.fixture(scope="session")
def emptied(postgis: OwnPostgis) -> str:
    """Make one database for all tests of stores: emptying one is faster."""
    postgis.make("stores")
    return "stores"

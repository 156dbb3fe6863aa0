"""A real city, complete: everything measured again by plain geopandas.

The oracle shares no code with LandMap: geopandas.overlay, sjoin_nearest and a plane of
its own (Lambert azimuthal, centred on the city), areas by pyproj's Geod.
"""

from pathlib import Path
from types import SimpleNamespace

import geopandas
import numpy as np
import pandas as pd
import pytest
from geopandas import GeoDataFrame
from pandas import DataFrame, Series
from pyproj import Geod

from gis.errors import LayerError
from layers.catalog import read_catalog
from layers.ingest import ingest
from layers.load import load_layer
from layers.region import read_region
from siting.need import read_need
from siting.screen import screen

pytestmark = pytest.mark.shared

PLANE = "+proj=laea +lat_0=42.378 +lon_0=-71.112 +ellps=GRS80 +units=m"
SLIVER_M2 = 1.0
RELATIVE = 1e-6
FILES = {
    "parcels": "ASSESSING_ParcelsFY2013.topojson",
    "zoning": "CDD_ZoningDistricts.geojson",
    "flood_100_year": "FEMA_FloodPlains100Year.geojson",
    "wetlands": "HYDRO_Wetlands.geojson",
    "open_space": "RECREATION_OpenSpace.geojson",
}
CITY = {
    "source": "City of Cambridge GIS",
    "licence": "PDDL-1.0",
    "data_date": "2013",
}
REGION = """
name = "cambridge"
title = "Cambridge"
box = [-71.3, 42.2, -70.9, 42.5]
plane = "EPSG:26986"
"""
NEED = """
title = "Industrial or office site"
[[constraints]]
use = "area_between"
minimum = "2000 m2"
[[constraints]]
use = "land_use_permitted"
codes = ["1001", "0902"]
share = 0.9
[[constraints]]
use = "clear_of"
layer = "flood_100_year"
[[constraints]]
use = "within_distance"
layer = "open_space"
within_m = 300
"""


def classes(shared: Path) -> dict[str, str]:
    """Map the city's zones to land-use classes: industry, office, open, the rest."""
    zones = geopandas.read_file(shared / "data/cambridge" / FILES["zoning"])[
        "ZONE_TYPE"
    ]
    return {zone: class_of(zone) for zone in sorted(zones.unique())}


def class_of(zone: str) -> str:
    """Read a zone's first letters as the city's ordinance does."""
    if zone.startswith("I"):
        return "1001"
    if zone.startswith("O-"):
        return "0902"
    return "1401" if zone == "OS" else "16"


def declare_city(folder: Path, shared: Path, hand: SimpleNamespace) -> None:
    """Write the city's catalogue."""
    told: dict[str, dict[str, object]] = {
        "parcels": {
            "role": "parcel",
            "crs": "EPSG:4326",
            "key": "parcel_id",
            "coverage": "layer:zoning",
            "columns": {"parcel_id": "GlobalID", "name": "ML"},
        },
        "zoning": {
            "role": "zoning",
            "coverage": "self",
            "key": "zone_id",
            "columns": {
                "zone_id": "GlobalID",
                "land_use_code": {"source": "ZONE_TYPE", "lookup": classes(shared)},
            },
        },
        "flood_100_year": {"role": "constraint", "coverage": "layer:zoning"},
        "wetlands": {
            "role": "constraint",
            "coverage": "layer:zoning",
            "measure": ["overlap", "distance"],
        },
        "open_space": {"role": "infrastructure", "coverage": "layer:zoning"},
    }
    for name, file in FILES.items():
        path = shared / "data/cambridge" / file
        hand.declare(folder, name, path=path, **CITY, **told[name])
    (folder / "region.toml").write_text(REGION, "utf-8")


@pytest.fixture(scope="module")
def city(
    tmp_path_factory: pytest.TempPathFactory, shared: Path, hand: SimpleNamespace
) -> SimpleNamespace:
    """Ingest the city, and measure it a second time by other means."""
    folder = tmp_path_factory.mktemp("cambridge")
    declare_city(folder, shared, hand)
    store, kept = hand.stores(folder / "var")
    region = read_region(folder / "region.toml")
    result = ingest(read_catalog(folder), store, kept, region)
    oracle = measured_again(shared / "data/cambridge")
    return SimpleNamespace(
        store=store,
        facts=result.facts,
        manifests=result.manifests,
        table=result.facts.table.loc[oracle.index],
        oracle=oracle,
    )


def read(folder: Path, name: str) -> GeoDataFrame:
    """Read a file of the city as anybody would."""
    rows = geopandas.read_file(folder / FILES[name]).set_crs(4326, allow_override=True)
    shapes = rows.geometry.make_valid(method="structure", keep_collapsed=False)
    return rows.set_geometry(shapes)


def area_within(parcels: GeoDataFrame, layer: GeoDataFrame) -> Series:
    """Measure the ground that each parcel shares with a layer."""
    dissolved = layer[["geometry"]].dissolve()
    pieces = geopandas.overlay(
        parcels, dissolved, how="intersection", keep_geom_type=True
    )
    shared = pieces.area.groupby(pieces["GlobalID"]).sum()
    return shared.reindex(parcels["GlobalID"]).fillna(0.0)


def nearest(parcels: GeoDataFrame, layer: GeoDataFrame) -> Series:
    """Measure how far the nearest feature is from each parcel."""
    joined = geopandas.sjoin_nearest(
        parcels[["GlobalID", "geometry"]], layer[["geometry"]], distance_col="metres"
    )
    return joined.groupby("GlobalID")["metres"].min().reindex(parcels["GlobalID"])


def measured_again(folder: Path) -> DataFrame:
    """Measure the city by plain geopandas, by the parcel's GlobalID."""
    lonlat = read(folder, "parcels")
    geod = Geod(ellps="GRS80")
    areas = [abs(geod.geometry_area_perimeter(shape)[0]) for shape in lonlat.geometry]
    parcels = lonlat.to_crs(PLANE)
    keys = parcels["GlobalID"]
    layers = {name: read(folder, name).to_crs(PLANE) for name in FILES}
    zoning = layers["zoning"]
    city = geopandas.GeoSeries([zoning.union_all()], crs=PLANE)
    table = {"area_m2": Series(areas, index=keys)}
    table["plane_m2"] = Series(parcels.area.to_numpy(), index=keys)
    table["covered_m2"] = area_within(parcels, GeoDataFrame(geometry=city))
    for code, zones in zoning.groupby(zoning["ZONE_TYPE"].map(class_of)):
        table[f"zoned_{code}"] = area_within(parcels, zones)
    for name in ("flood_100_year", "wetlands"):
        table[name] = area_within(parcels, layers[name])
    for name in ("open_space", "wetlands"):
        table[f"{name}_m"] = nearest(parcels, layers[name])
    edge = parcels.distance(city.boundary.iloc[0]).to_numpy()
    inside = parcels.covered_by(city.iloc[0]).to_numpy()
    table["edge_m"] = Series(np.where(inside, edge, np.nan), index=keys)
    return DataFrame(table)


def test_all_parcels_of_the_city_come_in(city: SimpleNamespace) -> None:
    manifest = city.manifests["parcels"]

    assert manifest.read_count == manifest.count == 13_159
    assert manifest.refused == ()
    assert len(city.table) == 13_159


def test_invalid_rings_are_told_by_id(city: SimpleNamespace, shared: Path) -> None:
    raw = geopandas.read_file(shared / "data/cambridge" / FILES["parcels"])
    invalid = set(raw["GlobalID"][~raw.is_valid])

    told = {
        note.key for note in city.manifests["parcels"].mended if "rings" in note.told()
    }

    assert len(invalid) == 24
    assert told == invalid
    mended = city.table["mended"]
    assert set(mended.index[mended.str.contains("rings")]) == invalid


def test_a_parcel_without_geometry_is_told_by_id(
    shared: Path, tmp_path: Path, hand: SimpleNamespace
) -> None:
    file = shared / "data/cambridge/ASSESSING_ParcelsFY2014.topojson"
    hand.declare(
        tmp_path,
        "parcels",
        role="parcel",
        path=file,
        crs="EPSG:4326",
        key="parcel_id",
        coverage="box",
        columns={"parcel_id": "id"},
        **CITY,
    )
    (tmp_path / "region.toml").write_text(REGION, "utf-8")
    store, _ = hand.stores(tmp_path / "var")
    raw = geopandas.read_file(file)
    empty = set(raw["id"][raw.is_empty | raw.geometry.isna()])

    layer = read_catalog(tmp_path)["parcels"]
    region = read_region(tmp_path / "region.toml")
    manifest = load_layer(layer, store=store, region=region)

    assert empty
    assert {note.key for note in manifest.refused} == empty
    assert manifest.count + len(empty) == manifest.read_count == len(raw)


def test_the_missing_crs_is_asked_for(
    shared: Path, tmp_path: Path, hand: SimpleNamespace
) -> None:
    declare_city(tmp_path, shared, hand)
    file = tmp_path / "parcels.toml"
    lines = file.read_text("utf-8").splitlines()
    file.write_text("\n".join(line for line in lines if "crs" not in line), "utf-8")
    store, kept = hand.stores(tmp_path / "var")

    with pytest.raises(LayerError, match=r"declare `crs` in parcels\.toml"):
        ingest(
            read_catalog(tmp_path),
            store,
            kept,
            read_region(tmp_path / "region.toml"),
            ["zoning", "parcels"],
        )


def test_areas_are_those_of_the_geodesic_oracle(city: SimpleNamespace) -> None:
    np.testing.assert_allclose(
        city.table["area_m2"], city.oracle["area_m2"], rtol=RELATIVE
    )


@pytest.mark.parametrize("layer", ["flood_100_year", "wetlands"])
def test_overlaps_are_those_of_the_oracle(city: SimpleNamespace, layer: str) -> None:
    ours, theirs = city.table[f"{layer}_overlap_m2"], city.oracle[layer]
    checked = ours.notna()

    assert (theirs > SLIVER_M2).sum() > 10
    off = (ours - theirs).abs()[checked]
    assert (off <= RELATIVE * city.oracle["plane_m2"][checked]).all()
    # What was not checked lies outside the city, where nothing was found either.
    assert (theirs[~checked] <= SLIVER_M2).all()


def test_zoning_shares_are_those_of_the_oracle(city: SimpleNamespace) -> None:
    for code in ("1001", "0902", "1401", "16"):
        ours = city.table[f"zoning_share_{code}"]
        theirs = city.oracle[f"zoned_{code}"] / city.oracle["plane_m2"]
        checked = ours.notna()

        assert (theirs > 0.5).sum() > 50
        np.testing.assert_allclose(ours[checked], theirs[checked], atol=RELATIVE)
        assert (theirs[~checked] < RELATIVE).all()


@pytest.mark.parametrize("layer", ["open_space", "wetlands"])
def test_distances_are_those_of_the_oracle(city: SimpleNamespace, layer: str) -> None:
    ours, theirs = city.table[f"{layer}_found_m"], city.oracle[f"{layer}_m"]

    np.testing.assert_allclose(ours, theirs, rtol=RELATIVE, atol=1e-3)
    known = city.table[f"{layer}_distance_m"].notna()
    assert 1_000 < known.sum() < len(known)
    np.testing.assert_array_equal(known, city.oracle["edge_m"] >= theirs)


def states(passes: Series, fails: Series) -> Series:
    """Write three states as the screening does: 1, 0, and -1 where neither holds."""
    answer = np.select([passes, fails], [1, 0], default=-1)
    return Series(answer, index=passes.index)


def screened_again(oracle: DataFrame) -> DataFrame:
    """Answer the need by the oracle's own figures, each as it is shown."""
    zoned = (oracle["zoned_1001"] + oracle["zoned_0902"]) / oracle["plane_m2"]
    uncovered = 1 - oracle["covered_m2"] / oracle["plane_m2"]
    wholly = uncovered <= 1e-9
    hit = oracle["flood_100_year"] > SLIVER_M2
    metres, known = oracle["open_space_m"].round(1), oracle["edge_m"]
    is_known = known >= oracle["open_space_m"]
    area = oracle["area_m2"].round(2)
    return DataFrame({
        "area_between": states(area >= 2_000, area < 2_000),
        "land_use_permitted": states(zoned >= 0.9, zoned + uncovered < 0.9),
        "clear_of:flood_100_year": states(~hit & wholly, hit),
        "within_distance:open_space": states(
            is_known & (metres <= 300), is_known & (metres > 300)
        ),
    })


def test_the_screening_is_that_of_the_oracle_parcel_by_parcel(
    city: SimpleNamespace,
) -> None:
    answer = screen(read_need(NEED), city.facts)
    ours = DataFrame(
        {one.name: one.state for one in answer.constraints},
        index=pd.Index(answer.parcel_ids),
    ).loc[city.oracle.index]
    theirs = screened_again(city.oracle)

    for name in theirs:
        wrong = ours.index[ours[name].to_numpy() != theirs[name].to_numpy()]
        assert list(wrong) == [], name
    eligible = Series(answer.eligible, index=answer.parcel_ids)
    expected = (theirs != 0).all(axis=1)
    assert 20 < expected.sum() < 500
    assert (eligible.loc[expected.index] == expected).all()

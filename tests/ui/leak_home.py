"""A home full of canaries: words, figures and vertices that nobody outside may see."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import shapely

from gis.units import M2_PER_MU
from layers.facts_store import FactStore
from layers.store import LayerStore
from ledger import claims, inquiries, projects
from ledger.model import Actor, ClaimKind, Role
from ui import start
from ui.settings import ROOT, Settings, read_settings

SAMPLE = ROOT / "sample_data" / "layers"
WORD = "Kanarienvogel"  # in every private text
EVERY = 50  # of the sample's parcels
DECLARED_M2 = 31_415.926
SURVEYED = "1987-06-05"
WHOLE = ("province", "prefecture", "county", "development_zone", "interchange")
HIDDEN_LAYER = "substation"  # public in the catalogue, taken back by the office's rules
NAMELESS_LAYER = "interchange"  # whose names the office's rules keep inside
INTERNAL_LAYER = "redline"
RULES = f"""
edition = "of the leak test"
hidden = ["{HIDDEN_LAYER}"]

[layers.{NAMELESS_LAYER}]
outline = "exact"
columns = {{ county_code = {{}} }}
"""


@dataclass(frozen=True)
class Secrets:
    """What must not leave.

    Attributes:
        words: Texts.
        figures: Exact figures, ascending.
        mu: Exact areas in mu, as they are written.
        vertices: True vertices of parcels and zoning in metres, shape (n, 2).
        hidden_ids: Parcels that nobody published.
    """

    words: tuple[str, ...]
    figures: np.ndarray
    mu: frozenset[str]
    vertices: np.ndarray
    hidden_ids: tuple[str, ...]


def plant(folder: Path) -> Settings:
    """Write a sample with canaries, and build a home on it.

    Args:
        folder: Where.

    Returns:
        Settings of the home; its process is to be a public one.
    """
    layers = folder / "sample" / "layers"
    layers.mkdir(parents=True)
    for name in WHOLE:
        shutil.copy(SAMPLE / f"{name}.parquet", layers)
    _plant_in_layers(layers)
    own = folder / "catalog"
    own.mkdir()
    declared = (ROOT / "layers" / "catalog" / "redline.toml").read_text("utf-8")
    (own / "redline.toml").write_text(
        declared.replace('publish = "public"', 'publish = "internal"').replace(
            "../../sample_data/layers/redline.parquet", str(layers / "redline.parquet")
        ),
        "utf-8",
    )
    rules = folder / "rules.toml"
    rules.write_text(RULES, "utf-8")
    chosen = read_settings(
        home=folder / "home",
        sample=folder / "sample",
        catalog=str(own),
        publishing=rules,
    )
    start.prepare(chosen)
    _plant_in_ledger(chosen)
    return chosen


def _plant_in_layers(layers: Path) -> None:
    """Write parcels, zoning, and layers that are hidden or lose their names."""
    parcels = geopandas.read_parquet(SAMPLE / "parcels.parquet").iloc[::EVERY]
    parcels = parcels.reset_index(drop=True)
    number = np.arange(len(parcels)).astype(str)
    parcels["note"] = np.char.add(f"{WORD}-note-", number)
    parcels["holder"] = np.char.add(f"{WORD}-holder-", number)
    parcels["area_declared_m2"] = DECLARED_M2 + np.arange(len(parcels)) / 7
    parcels["surveyed_on"] = SURVEYED
    inside = parcels["publish"] != "public"
    parcels.loc[inside, "name"] = f"{WORD}-name"
    parcels.loc[inside, "parcel_id"] = np.char.add(
        f"GZ-{WORD}-", number[inside.to_numpy()]
    )
    parcels.to_parquet(layers / "parcels.parquet")
    zoning = geopandas.read_parquet(SAMPLE / "zoning.parquet")
    near = zoning.sindex.query(parcels.geometry, predicate="intersects")[1]
    zoning.iloc[np.unique(near)].to_parquet(layers / "zoning.parquet")
    shutil.copy(SAMPLE / "zoning.coverage.parquet", layers)
    redline = geopandas.read_parquet(SAMPLE / "redline.parquet").iloc[:200]
    redline.assign(name=f"{WORD}-redline").to_parquet(layers / "redline.parquet")
    substation = geopandas.read_parquet(SAMPLE / "substation.parquet")
    substation.assign(name=f"{WORD}-substation").to_parquet(
        layers / "substation.parquet"
    )
    shutil.copy(SAMPLE / "substation.coverage.parquet", layers)
    named = geopandas.read_parquet(SAMPLE / "interchange.parquet")
    named.assign(name=f"{WORD}-interchange").to_parquet(layers / "interchange.parquet")


def secrets_of(chosen: Settings) -> Secrets:
    """Gather what must not leave from the private stores of a home."""
    layers = LayerStore(chosen.home / "layers")
    facts = FactStore(chosen.home / "facts").read().table
    plane = start.region_of(chosen).equal_area_crs
    flat = [layers.read(name).geometry.to_crs(plane) for name in ("parcels", "zoning")]
    figures = facts.select_dtypes("number").drop(
        columns=["lon", "lat", "minx", "miny", "maxx", "maxy", "price_cny_m2"]
    )
    exact = np.unique(figures.to_numpy().ravel())
    exact = exact[np.isfinite(exact) & (exact > 1_000)]
    told = np.abs(exact * 100 - np.rint(exact * 100)) > 1e-6  # no round figure
    areas = facts["area_m2"].to_numpy() / M2_PER_MU
    inside = facts.index[facts["publish"] != "public"]
    return Secrets(
        words=(WORD, SURVEYED, "13800000000"),
        figures=exact[told],
        mu=frozenset(
            f"{area:,.2f}" for area in areas if not f"{area:.2f}".endswith("00")
        ),
        vertices=np.concatenate([
            shapely.get_coordinates(one.to_numpy()) for one in flat
        ]),
        hidden_ids=tuple(map(str, inside)),
    )


def _plant_in_ledger(chosen: Settings) -> None:
    """Write canaries wherever the ledger keeps words about somebody."""
    layers = LayerStore(chosen.home / "layers")
    ground = layers.read("parcels", columns=["publish"])
    parcel_id = str(ground.index[ground["publish"] == "public"][0])
    office = Actor(name=f"{WORD}-official", role=Role.PROVINCE, region="520000")
    with start.open_ledger(chosen).begin(office) as work:
        project = projects.create(
            work,
            title=f"{WORD}-project",
            investor=f"{WORD}-investor",
            leader=f"{WORD}-leader",
            owner=f"{WORD}-owner",
            note=f"{WORD}-note",
            region="520000",
        )
        claims.claim(
            work,
            project_id=project.id,
            parcel_id=parcel_id,
            geometry=ground.geometry[parcel_id],
            area_m2=1_000.0,
            kind=ClaimKind.LOCKED,
            note=f"{WORD}-claim",
        )
        inquiries.receive(
            work,
            region="520102",
            person=f"{WORD}-person",
            contact="13800000000",
            text=f"{WORD}-question",
            consents=True,
        )
        work.commit()


def in_metres(lonlat: np.ndarray, chosen: Settings) -> np.ndarray:
    """Bring places in degrees into the plane of the vertices."""
    plane = start.region_of(chosen).equal_area_crs
    points = geopandas.GeoSeries(
        shapely.points(lonlat), crs="EPSG:4490", index=pd.RangeIndex(len(lonlat))
    )
    return shapely.get_coordinates(points.to_crs(plane).to_numpy())

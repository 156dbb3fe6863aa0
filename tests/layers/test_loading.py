"""Loading side by side: large files first, layers laid out while parcels are read."""

import threading
from pathlib import Path
from types import SimpleNamespace

import geopandas
import pytest

from layers import facts_grids, loading
from layers.catalog import read_catalog
from layers.facts_renew import How
from layers.ingest import Ingested, ingest
from layers.layer import Layer
from layers.load import load_layer
from layers.manifest import Manifest
from layers.region import Region
from layers.store import LayerStore

WAIT_S = 60


@pytest.fixture
def drawn(tmp_path: Path, hand: SimpleNamespace) -> Path:
    """Draw the small world, its parcels in a GeoParquet."""
    folder = hand.draw_world(tmp_path)
    parcels = geopandas.read_file(folder / "parcels.gpkg")
    parcels.to_parquet(folder / "parcels.parquet")
    return folder


@pytest.fixture
def made(
    drawn: Path, hand: SimpleNamespace, region: Region, monkeypatch: pytest.MonkeyPatch
) -> Ingested:
    """Ingest the world; the parcels wait until a layer is laid out for them."""
    monkeypatch.setattr(loading, "KERNEL_FROM", 1)
    ready, make_grids = threading.Event(), facts_grids.make_grids

    def patient(layer: Layer, **others: object) -> Manifest:
        # If all were loaded before any is laid out, this would wait for ever.
        assert layer.role != "parcel" or ready.wait(WAIT_S)
        return load_layer(layer, **others)

    def noted(store: LayerStore, name: str, where: Region) -> Path:
        folder = make_grids(store, name, where)
        ready.set()
        return folder

    monkeypatch.setattr(loading, "load_layer", patient)
    monkeypatch.setattr(facts_grids, "make_grids", noted)
    catalog = read_catalog(drawn)
    files = [
        drawn / "parcels.parquet" if name == "parcels" else name for name in catalog
    ]
    layers, kept = hand.stores(drawn / "var")
    how = How(engine="kernel")
    return ingest(catalog, layers, kept, region, files, how=how)


def test_layers_are_laid_out_while_many_parcels_are_read(
    made: Ingested, world: SimpleNamespace
) -> None:
    table = made.facts.table.sort_index()

    assert made.facts.engine == "kernel"
    for name in ("area_m2", "flood_overlap_m2"):
        assert table[name].to_numpy() == pytest.approx(
            world.table[name].to_numpy(), abs=0.01, nan_ok=True
        )


def test_large_files_come_first_but_none_before_what_its_coverage_needs(
    tmp_path: Path, hand: SimpleNamespace
) -> None:
    sizes = {"outline": 1, "small": 10, "large": 1000, "middle": 100}
    for name, size in sizes.items():
        (tmp_path / f"{name}.geojson").write_bytes(b" " * size)
        coverage = "self" if name == "outline" else "layer:outline"
        hand.declare(
            tmp_path,
            name,
            role="constraint",
            path=f"{name}.geojson",
            coverage=coverage,
        )
    order = loading.in_order(read_catalog(tmp_path), ["small", "outline", "large",
        "middle"])  # fmt: skip

    first = loading.largest_first(order, dict.fromkeys(sizes))

    assert [layer.name for layer in first] == ["outline", "large", "middle", "small"]

"""Ingest: names, files, folders; what fails is told and leaves what was there."""

import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from geopandas import GeoDataFrame
from shapely import Point

from gis.errors import LayerError
from layers.catalog import Catalog, read_catalog
from layers.facts import build_facts
from layers.ingest import Ingested, ingest
from layers.layer import Layer
from layers.load import Say, load_layer
from layers.loading import in_order
from layers.manifest import Manifest
from layers.region import Region


@pytest.fixture
def made(
    tmp_path: Path, hand: SimpleNamespace, region: Region
) -> Callable[..., Ingested]:
    """Draw the small world and ingest parts of it."""
    folder = tmp_path / "world"
    folder.mkdir()
    hand.draw_world(folder)
    layers, kept = hand.stores(tmp_path / "var")

    def run(
        given: object = None, *, catalog: Catalog | None = None, say: Say | None = None
    ) -> Ingested:
        catalog = catalog or read_catalog(folder)
        return ingest(catalog, layers, kept, region, given, say)

    run.folder, run.layers, run.kept = folder, layers, kept
    return run


def test_without_arguments_everything_declared_comes_in(made: SimpleNamespace) -> None:
    result = made()

    assert set(result.manifests) == set(read_catalog(made.folder))
    assert made.layers.versions() == result.facts.layers
    assert made.kept.is_current(made.layers)


def test_layers_whose_file_is_not_there_are_said_and_left_out(
    made: SimpleNamespace,
) -> None:
    (made.folder / "flood.geojson").unlink()
    said = []

    result = made(say=lambda msgid, values: said.append(msgid.format_map(values)))

    assert "flood" not in result.manifests
    assert not [name for name in result.facts.table if name.startswith("flood")]
    assert f"flood: no file {made.folder / 'flood.geojson'}" in said


def test_progress_tells_layers_and_parcels(made: SimpleNamespace) -> None:
    said = []

    made(say=lambda msgid, values: said.append(msgid.format_map(values)))

    assert "Layer 1 of 5: county" in said
    assert "parcels: 6 rows kept, 0 mended, 0 refused" in said
    assert "Facts: 6 parcels measured" in said
    assert said[-1] == "Tiles 5 of 5: zoning"


def test_names_files_and_folders_say_what_comes_in(
    made: SimpleNamespace, tmp_path: Path
) -> None:
    catalog = read_catalog(made.folder)
    elsewhere = tmp_path / "delivery"
    elsewhere.mkdir()
    shutil.copy(made.folder / "flood.geojson", elsewhere)
    (elsewhere / "readme.geojson").write_text("no layer")

    assert set(made(["parcels"], catalog=catalog).manifests) == {"parcels"}
    file = made.folder / "zoning.parquet"
    assert set(made([file], catalog=catalog).manifests) == {"zoning"}
    assert set(made([elsewhere], catalog=catalog).manifests) == {"flood"}
    assert set(made.layers.versions()) == {"parcels", "zoning", "flood"}


def test_a_folder_may_bring_its_own_declarations(made: SimpleNamespace) -> None:
    result = made([made.folder], catalog=Catalog({}))

    assert set(result.manifests) == set(read_catalog(made.folder))


@pytest.mark.parametrize("given", ["redlin", "nowhere.gpkg", "."])
def test_what_is_neither_is_refused_with_what_is_declared(
    made: SimpleNamespace,
    tmp_path: Path,
    given: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")

    with pytest.raises(LayerError, match="declared: county, flood, hydrant"):
        made([given])


def test_coverages_that_refer_to_each_other_are_refused(made: SimpleNamespace) -> None:
    for name, other in [("flood", "zoning"), ("zoning", "flood")]:
        file = made.folder / f"{name}.toml"
        kept = [
            line
            for line in file.read_text("utf-8").splitlines()
            if not line.startswith("coverage")
        ]
        file.write_text("\n".join([f'coverage = "layer:{other}"', *kept]), "utf-8")

    with pytest.raises(LayerError, match="flood, zoning refer to each other"):
        made()


def test_a_layer_that_fails_leaves_what_was_loaded_and_the_others_come_in(
    made: SimpleNamespace, hand: SimpleNamespace
) -> None:
    before = made()
    (made.folder / "flood.geojson").write_text("{")
    hand.frame({"CODE": ["1001"]}, hand.rectangle(0, 900)).to_parquet(
        made.folder / "zoning.parquet"
    )

    with pytest.raises(LayerError) as caught:
        made()

    assert "The layer flood was not loaded" in str(caught.value)
    now = made.layers.versions()
    assert now["flood"] == before.facts.layers["flood"]
    assert now["zoning"] != before.facts.layers["zoning"]
    assert made.kept.is_current(made.layers)
    assert "zoning_share_1001" in made.kept.read().table


def test_a_damaged_file_is_named_and_the_others_come_in(made: SimpleNamespace) -> None:
    file = made.folder / "zoning.parquet"
    damaged = bytearray(file.read_bytes())
    damaged[4:200] = bytes(196)
    file.write_bytes(damaged)

    with pytest.raises(LayerError, match=r"zoning\.parquet cannot be read"):
        made()

    assert set(made.layers.versions()) == {"parcels", "flood", "hydrant", "county"}


def test_layers_far_from_the_region_are_told_by_name(made: SimpleNamespace) -> None:
    file = made.folder / "hydrant.toml"
    file.write_text(file.read_text("utf-8") + '\ncrs = "EPSG:4490"\n', "utf-8")
    far = GeoDataFrame({"NAME": ["far"]}, geometry=[Point(2, 48)], crs=4490)
    far.to_file(made.folder / "hydrant.shp")

    with pytest.raises(LayerError, match="hydrant was not loaded") as caught:
        made()
    assert "outside the region" in str(caught.value)


def test_only_a_constraint_cannot_be_measured(made: SimpleNamespace) -> None:
    with pytest.raises(LayerError, match="No parcels are loaded"):
        made(["flood"])
    assert set(made.layers.versions()) == {"flood"}


def test_an_ingest_with_nothing_new_keeps_the_facts(made: SimpleNamespace) -> None:
    first = made()

    again = made()

    assert again.facts.built_at == first.facts.built_at
    assert again.facts.version == first.facts.version


def test_a_new_delivery_gives_new_facts(
    made: SimpleNamespace, hand: SimpleNamespace
) -> None:
    first = made()
    rows = hand.frame({}, hand.rectangle(0, 10))
    rows.to_file(made.folder / "flood.geojson")

    second = made(["flood"])

    assert second.facts.version != first.facts.version
    assert second.facts.layers["parcels"] == first.facts.layers["parcels"]
    assert second.facts.table["flood_overlap_m2"].loc["P0"] == pytest.approx(1_000)


def test_damaged_facts_are_measured_anew(made: SimpleNamespace) -> None:
    first = made()
    file = made.kept.home / f"{first.facts.version}.parquet"
    file.write_bytes(file.read_bytes()[:-50])
    said = []

    made(say=lambda msgid, values: said.append(msgid.format_map(values)))

    assert "Facts: damaged, measured anew" in said
    assert made.kept.read().version == first.facts.version


def test_a_layer_that_only_the_store_knows_is_measured_last(
    made: SimpleNamespace, region: Region
) -> None:
    made()
    shipped = Catalog({
        name: layer
        for name, layer in read_catalog(made.folder).items()
        if name != "flood"
    })

    table = build_facts(made.layers, shipped, region).table

    assert table.columns[-1].startswith("flood")


def test_progress_is_said_while_a_layer_is_loaded_and_in_the_order_of_the_layers(
    made: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard, said = threading.Event(), []

    def slow(layer: Layer, *, say: Say, **others: object) -> Manifest:
        say("half of {layer}", {"layer": layer.name})
        if layer.name == "flood":
            # Whoever says it only after the load would wait here for ever.
            assert heard.wait(20)
        return load_layer(layer, say=say, **others)

    def listen(msgid: str, values: dict[str, object]) -> None:
        said.append((msgid, values.get("layer")))
        if said[-1] == ("half of {layer}", "flood"):
            heard.set()

    monkeypatch.setattr("layers.loading.load_layer", slow)
    made(say=listen)

    order = [name for msgid, name in said if msgid == "half of {layer}"]
    assert order == [layer.name for layer in in_order(*[read_catalog(made.folder)] * 2)]

"""The app with its layers in PostGIS: starts, a second machine, a page that reads."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from benchmarks.own_postgis import OwnPostgis
from gis.errors import StoreError
from layers.load import load_layer
from layers.store import LayerStore
from layers.stores.postgis import PostgisStore
from layers.tiles import tile_source, tiles_missing
from ui import doctor, i18n, resources, start, terminal
from ui.settings import Settings, settings

MAIN = Path(__file__).resolve().parents[2] / "ui" / "main.py"
pytestmark = pytest.mark.postgis


@pytest.fixture
def chosen(
    at_home: Settings,
    postgis: OwnPostgis,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Settings]:
    """Return settings that name an empty database, in a home without layers."""
    home = tmp_path / "home"
    shutil.copytree(at_home.home, home, ignore=shutil.ignore_patterns("layers"))
    monkeypatch.setenv("LANDMAP_HOME", str(home))
    monkeypatch.setenv("LANDMAP_LAYERS_URL", postgis.make("app"))
    settings.cache_clear()
    st.cache_resource.clear()
    i18n.speak("en")
    yield settings()
    i18n.speak(i18n.DEFAULT)
    close(settings())
    settings.cache_clear()
    st.cache_resource.clear()
    postgis.drop("app")


def close(chosen: Settings) -> None:
    store = start.layers_of(chosen)
    assert isinstance(store, PostgisStore)
    store.close()


def test_a_start_loads_the_layers_once_and_a_page_reads_them(
    chosen: Settings, at_home: Settings
) -> None:
    steps: list[str] = []

    def say(msgid: str, _values: Mapping[str, object]) -> None:
        steps.append(msgid)

    before = LayerStore(at_home.home / "layers").versions()
    assert [one for one in start.missing(chosen) if one.startswith("layer ")]
    start.prepare(chosen, say=say)
    assert any("rows kept" in step for step in steps)
    assert resources.store().versions() == before
    assert not any((chosen.home / "layers").iterdir())

    assert start.missing(chosen) == []
    steps.clear()
    start.prepare(chosen, say=say)
    assert steps == []
    (found,) = [one for one in doctor.examine(chosen) if one.check == "Layers"]
    assert found.told()["finding"] == f"{len(before)} layers are loaded."

    listed = {one["name"]: one["count"] for one in terminal.layers(chosen)}
    assert listed["county"] == len(resources.layer_frame("county")) == 88
    page = AppTest.from_file(str(MAIN), default_timeout=60).run()
    assert not page.exception


def test_another_machine_lays_out_what_it_copies(
    chosen: Settings, tmp_path: Path
) -> None:
    catalog, region = start.catalog_of(chosen), start.region_of(chosen)
    load_layer(catalog["province"], store=start.layers_of(chosen), region=region)
    there = chosen.model_copy(update={"home": tmp_path / "there"})
    assert tiles_missing(start.layers_of(there)) == ["province"]
    assert tile_source(start.layers_of(there), "province").tile(
        6, 50, 27, internal=True
    )
    assert tiles_missing(start.layers_of(there)) == []
    close(there)


def test_a_database_that_is_away_is_told_without_its_password(
    chosen: Settings, postgis: OwnPostgis
) -> None:
    address = postgis.url("nowhere").replace("postgres@", "postgres:secret@")
    away = Settings(**{**chosen.model_dump(), "layers_url": address})

    with pytest.raises(StoreError, match='database "nowhere" does not exist') as caught:
        start.prepare(away)
    (found, *_) = [one for one in doctor.examine(away) if not one.good]
    told = str(found.told()["finding"])
    assert "LANDMAP_LAYERS_URL" in told
    assert "secret" not in told + str(caught.value)
    close(away)

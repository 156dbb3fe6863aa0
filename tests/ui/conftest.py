"""A small home for tests that need data but no browser: every tenth parcel."""

import os
import shutil
from pathlib import Path

import geopandas
import pytest

from ui import start
from ui.settings import ROOT, Settings, read_settings

TENTH = 10


@pytest.fixture(scope="session")
def small_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the sample with every tenth parcel."""
    folder = tmp_path_factory.mktemp("sample")
    shutil.copytree(ROOT / "sample_data" / "layers", folder / "layers")
    shutil.copy(ROOT / "sample_data" / "ledger.json", folder)
    file = folder / "layers" / "parcels.parquet"
    geopandas.read_parquet(file).iloc[::TENTH].to_parquet(file)
    return folder


@pytest.fixture(scope="session")
def prepared(small_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Build a home on the small sample, once for all tests; they leave it as it is."""
    home = tmp_path_factory.mktemp("small") / "home"
    chosen = read_settings(home=home, sample=small_sample)
    start.prepare(chosen)
    return chosen


@pytest.fixture
def at_home(prepared: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Make the small home the one that the environment names."""
    for name in [name for name in os.environ if name.startswith("LANDMAP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LANDMAP_HOME", str(prepared.home))
    monkeypatch.setenv("LANDMAP_SAMPLE", str(prepared.sample))
    monkeypatch.setenv("LANDMAP_LANGUAGE", "en")
    return prepared

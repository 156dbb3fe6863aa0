"""The stamp that shortens a start is believed only while nothing has changed."""

import shutil
from pathlib import Path

import pytest

from ui import readiness, start
from ui.readiness import is_stamped
from ui.settings import Settings


@pytest.fixture
def copy(prepared: Settings, tmp_path: Path) -> Settings:
    """Copy the small home, to change it."""
    chosen = prepared.model_copy(update={"home": tmp_path / "home"})
    shutil.copytree(prepared.home, chosen.home)
    return chosen


def test_a_built_home_is_stamped_and_nothing_is_missing(copy: Settings) -> None:
    assert is_stamped(copy)
    assert start.missing(copy) == []


def test_a_home_that_was_never_looked_at_is_not_stamped(tmp_path: Path) -> None:
    assert not is_stamped(Settings(home=tmp_path))


def test_another_version_of_a_layer_is_seen(copy: Settings) -> None:
    (copy.home / "layers" / "geohazard" / "current").write_text("0" * 16, "ascii")
    assert not is_stamped(copy)


def test_a_version_that_is_gone_is_seen(copy: Settings) -> None:
    for folder in (copy.home / "layers" / "geohazard").iterdir():
        if folder.is_dir():
            shutil.rmtree(folder)
    assert not is_stamped(copy)


def test_lost_facts_are_seen(copy: Settings) -> None:
    next((copy.home / "facts").glob("*.parquet")).unlink()
    assert not is_stamped(copy)


def test_a_lost_ledger_is_seen(copy: Settings) -> None:
    copy.ledger_file.unlink()
    assert not is_stamped(copy)
    assert start.missing(copy) == ["ledger"]


def test_a_new_declaration_and_a_new_sample_file_are_seen(
    copy: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "catalog"
    folder.mkdir()
    more = copy.model_copy(update={"catalog": (folder,)})
    start.stamp(more)
    assert is_stamped(more)
    (folder / "canals.toml").write_text("title = 'Canals'\n", "utf-8")
    assert not is_stamped(more)


def test_code_that_measures_otherwise_is_seen(
    copy: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "CODE", ("gis/*.py",))
    assert not is_stamped(copy)

"""Facts kept by version; stale ones recognised, damaged ones named."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Never

import pytest
from pandas.testing import assert_frame_equal

from gis.errors import StoreError
from layers import facts_store
from layers.facts_renew import How, renew_facts
from layers.facts_store import KEPT, FactStore
from layers.region import Region


@pytest.fixture
def kept(tmp_path: Path, world: SimpleNamespace) -> FactStore:
    store = FactStore(tmp_path)
    store.write(world.facts)
    return store


def test_what_was_written_is_read_back(kept: FactStore, world: SimpleNamespace) -> None:
    read = kept.read()

    assert_frame_equal(read.table, world.facts.table, check_exact=True)
    assert read.version == kept.version() == world.facts.version
    assert read.layers == world.facts.layers
    assert read.built_at == world.facts.built_at


def test_the_facts_name_every_layer_they_were_measured_from(
    world: SimpleNamespace,
) -> None:
    assert world.facts.layers == world.store.versions()
    assert set(world.facts.layers) == {
        *("parcels", "flood", "zoning", "hydrant", "county")
    }


def test_facts_are_current_until_a_layer_changes(
    kept: FactStore, world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = world.store.versions()
    assert kept.is_current(world.store)

    for changed in (
        {**versions, "flood": "another"},
        {**versions, "redline": "new"},
        {name: version for name, version in versions.items() if name != "flood"},
    ):
        monkeypatch.setattr(type(world.store), "versions", lambda _, told=changed: told)
        assert not kept.is_current(world.store)


def test_facts_of_other_code_are_not_current(
    kept: FactStore, world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts_store, "CODE", "another")

    assert not kept.is_current(world.store)


def test_before_anything_was_measured_there_are_no_facts(
    tmp_path: Path, world: SimpleNamespace
) -> None:
    empty = FactStore(tmp_path / "none")

    assert empty.version() is None
    assert not empty.is_current(world.store)
    with pytest.raises(StoreError, match="run `landmap ingest`"):
        empty.read()


@pytest.mark.parametrize("harm", ["truncated", "removed", "garbled", "foreign"])
def test_damaged_facts_are_named_with_the_command_that_rebuilds_them(
    kept: FactStore, world: SimpleNamespace, harm: str
) -> None:
    path = kept.home / f"{kept.version()}.parquet"
    whole = path.read_bytes()
    if harm == "removed":
        path.unlink()
    elif harm == "foreign":
        world.facts.table.to_parquet(path)
    else:
        garbled = whole[:40] + bytes(byte ^ 0xFF for byte in whole[40:80]) + whole[80:]
        path.write_bytes({"truncated": whole[:-50], "garbled": garbled}[harm])

    with pytest.raises(StoreError) as caught:
        kept.read()

    assert str(path) in str(caught.value)
    assert "`landmap ingest`" in str(caught.value)


def test_a_truncated_file_is_named_when_asked_whether_it_is_current(
    kept: FactStore, world: SimpleNamespace
) -> None:
    path = kept.home / f"{kept.version()}.parquet"
    path.write_bytes(path.read_bytes()[:-50])

    with pytest.raises(StoreError, match="is damaged"):
        kept.is_current(world.store)


def test_a_damaged_pointer_is_named(kept: FactStore) -> None:
    (kept.home / "current").write_bytes(b"\xff\xfe")

    with pytest.raises(StoreError, match="current is damaged"):
        kept.version()


def test_a_write_that_fails_leaves_the_facts_before(
    kept: FactStore, world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_options: object) -> Never:
        raise OSError("disk full")

    monkeypatch.setattr("pyarrow.parquet.write_table", fail)
    with pytest.raises(OSError, match="disk full"):
        kept.write(replace(world.facts, version="next"))

    assert kept.version() == world.facts.version
    assert not list(kept.home.glob(".*"))


def test_the_last_versions_are_kept_and_older_ones_go(
    kept: FactStore, world: SimpleNamespace
) -> None:
    names = [f"v{number}" for number in range(KEPT + 2)]
    for name in names:
        kept.write(replace(world.facts, version=name))

    assert {file.stem for file in kept.home.glob("*.parquet")} == set(names[-KEPT:])
    assert kept.read().version == names[-1]


def test_the_checksums_of_mapped_facts_are_held_to_the_last_byte(
    world: SimpleNamespace, region: Region, tmp_path: Path
) -> None:
    kept = FactStore(tmp_path)
    renew_facts(world.store, kept, world.catalog, region, how=How(engine="kernel"))
    kept.check()
    folder = tmp_path / str(kept.version())
    file = max(folder.glob("*.npy"), key=lambda one: one.stat().st_size)
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)

    with pytest.raises(StoreError, match=file.name):
        kept.check()

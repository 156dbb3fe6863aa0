"""The store on disk: damage named, what the dead left behind removed."""

import os
import time
from pathlib import Path
from typing import Never

import pytest
from drawn_layer import OUTLINE, manifest, rows

from gis.errors import StoreError
from layers.store import LayerStore


@pytest.fixture
def store(tmp_path: Path) -> LayerStore:
    return LayerStore(tmp_path)


@pytest.mark.parametrize(
    "broken",
    [
        "geopandas.GeoDataFrame.to_parquet",
        "layers.store._hashes",
        "layers.store.LayerStore._move_in",
        "layers.store.LayerStore._point",
    ],
)
def test_a_swap_that_fails_halfway_leaves_the_old_version(
    store: LayerStore, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    store.swap("redline", rows(3), OUTLINE, manifest("v1"))

    def fail(*_args: object, **_options: object) -> Never:
        raise OSError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(broken, fail)
        with pytest.raises(OSError, match="disk full"):
            store.swap("redline", rows(5), OUTLINE, manifest("v2", 5))

    assert store.versions() == {"redline": "v1"}
    assert len(store.read("redline")) == 3
    assert not list((store.home / "redline").glob(".*"))


@pytest.mark.parametrize("file", ["data.parquet", "coverage.parquet"])
@pytest.mark.parametrize("harm", ["truncated", "emptied", "removed", "garbled"])
def test_a_damaged_file_is_named_with_the_command_that_rebuilds_it(
    store: LayerStore, file: str, harm: str
) -> None:
    store.swap("redline", rows(3), OUTLINE, manifest("v1"))
    path = store.folder("redline") / file
    whole = path.read_bytes()
    if harm == "removed":
        path.unlink()
    else:
        garbled = whole[:40] + bytes(byte ^ 0xFF for byte in whole[40:80]) + whole[80:]
        left = {"truncated": whole[:-50], "emptied": b"", "garbled": garbled}
        path.write_bytes(left[harm])

    ask = store.read if file == "data.parquet" else store.coverage
    with pytest.raises(StoreError) as caught:
        ask("redline")

    message = str(caught.value)
    assert str(path) in message
    assert "`landmap ingest redline`" in message
    assert "ledger is not affected" in message
    assert not store.is_intact("redline", "v1")


def test_a_damaged_manifest_is_named(store: LayerStore) -> None:
    store.swap("redline", rows(3), OUTLINE, manifest("v1"))
    (store.folder("redline") / "manifest.json").write_text("{")

    with pytest.raises(StoreError, match=r"manifest\.json is damaged"):
        store.manifest("redline")


@pytest.mark.parametrize("pointer", [b"", b"gone", b"\xff\xfe"])
def test_a_damaged_pointer_is_named(store: LayerStore, pointer: bytes) -> None:
    store.swap("redline", rows(3), OUTLINE, manifest("v1"))
    (store.home / "redline" / "current").write_bytes(pointer)

    with pytest.raises(StoreError, match=r"current is damaged.*ingest redline"):
        store.versions()


def test_what_a_dead_process_left_behind_goes_after_a_day(store: LayerStore) -> None:
    store.swap("redline", rows(3), OUTLINE, manifest("v1"))
    old, fresh = (store.home / "redline" / name for name in (".v0.dead", ".v2.alive"))
    old.mkdir()
    fresh.mkdir()
    os.utime(old, (time.time() - 2 * 86_400,) * 2)

    store.swap("redline", rows(3), OUTLINE, manifest("v3"))

    assert not old.exists()
    assert fresh.exists()

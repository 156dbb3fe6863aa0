"""The store: versions swapped whole, damage named, two writers at once."""

import multiprocessing
import os
import time
from pathlib import Path
from typing import Never

import pytest
from geopandas import GeoDataFrame
from shapely import box

from gis.errors import LayerError, LayerMissingError, StoreError
from layers.layer import Layer
from layers.manifest import Manifest
from layers.shelf import KEPT
from layers.store import LayerStore

OUTLINE = box(106, 26, 107, 27)


def rows(count: int, shift: float = 0.0) -> GeoDataFrame:
    shapes = [
        box(106 + shift + 0.01 * n, 26, 106.005 + shift + 0.01 * n, 26.01)
        for n in range(count)
    ]
    names = [f"R{n}" for n in range(count)]
    return GeoDataFrame(
        {"id": names, "grade": ["high"] * count}, geometry=shapes, crs=4490
    )


def manifest(version: str, count: int = 3) -> Manifest:
    layer = Layer(
        name="redline",
        title="Redline",
        role="constraint",
        source="test",
        licence="CC0-1.0",
        data_date="2026",
        key="id",
    )
    return Manifest(
        name="redline",
        version=version,
        source_name="redline.gpkg",
        source_sha256="0",
        loaded_at="2026-11-22T00:00:00+00:00",
        read_count=count,
        count=count,
        columns=("id", "grade"),
        layer=layer,
    )


@pytest.fixture
def store(tmp_path: Path) -> LayerStore:
    return LayerStore(tmp_path)


def test_what_was_swapped_in_is_read_back(store: LayerStore) -> None:
    store.swap("redline", rows(3), OUTLINE, manifest("v1"))

    read = store.read("redline")
    assert store.versions() == {"redline": "v1"}
    assert read.index.tolist() == ["R0", "R1", "R2"]
    assert read.index.name == "id"
    assert read.columns.tolist() == ["grade", "geometry"]
    assert read.crs == 4490
    assert store.coverage("redline").equals(OUTLINE)
    assert store.manifest("redline").count == 3


def test_rows_are_read_by_column_by_key_and_by_window(store: LayerStore) -> None:
    store.swap("redline", rows(9), OUTLINE, manifest("v1", 9))

    assert store.read("redline", columns=()).columns.tolist() == ["geometry"]
    assert store.read("redline", ids=["R7", "R2"]).index.tolist() == ["R2", "R7"]
    assert store.read("redline", ids=[]).empty
    window = store.read("redline", columns=("grade",), box=(106.02, 26, 106.03, 27))
    assert window.index.tolist() == ["R2", "R3"]


def test_a_column_that_is_not_there_is_told_with_those_that_are(
    store: LayerStore,
) -> None:
    store.swap("redline", rows(3), OUTLINE, manifest("v1"))

    with pytest.raises(LayerError, match="no column colour; it has: id, grade"):
        store.read("redline", columns=["colour"])


def test_a_layer_that_is_not_loaded_says_how_to_load_it(store: LayerStore) -> None:
    for ask in (store.read, store.manifest, store.coverage, store.version):
        with pytest.raises(LayerMissingError, match="landmap ingest redline"):
            ask("redline")
    assert store.versions() == {}


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


def test_the_last_versions_are_kept_and_older_ones_go(store: LayerStore) -> None:
    names = [f"v{n}" for n in range(KEPT + 3)]
    for name in names:
        store.swap("redline", rows(3), OUTLINE, manifest(name))

    kept = {entry.name for entry in (store.home / "redline").iterdir()}
    assert kept == {"current", *names[-KEPT:]}


def test_what_a_dead_process_left_behind_goes_after_a_day(store: LayerStore) -> None:
    store.swap("redline", rows(3), OUTLINE, manifest("v1"))
    old, fresh = (store.home / "redline" / name for name in (".v0.dead", ".v2.alive"))
    old.mkdir()
    fresh.mkdir()
    os.utime(old, (time.time() - 2 * 86_400,) * 2)

    store.swap("redline", rows(3), OUTLINE, manifest("v3"))

    assert not old.exists()
    assert fresh.exists()


def write_many(home: Path, version: str, times: int) -> None:
    store = LayerStore(home)
    for _ in range(times):
        store.swap("redline", rows(3), OUTLINE, manifest(version))


@pytest.mark.parametrize("versions", [("v1", "v2"), ("v1", "v1")])
def test_two_processes_at_once_leave_a_whole_version(
    store: LayerStore, versions: tuple[str, str]
) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [
        context.Process(target=write_many, args=(store.home, version, 5))
        for version in versions
    ]
    store.swap("redline", rows(3), OUTLINE, manifest("v0"))
    for worker in workers:
        worker.start()
    seen = []
    while any(worker.is_alive() for worker in workers):
        seen.append(len(store.read("redline")))
    for worker in workers:
        worker.join()

    assert [worker.exitcode for worker in workers] == [0, 0]
    assert set(seen) == {3}
    assert store.version("redline") in versions
    assert store.is_intact("redline", store.version("redline"))


def test_a_removed_layer_is_gone(store: LayerStore) -> None:
    store.swap("redline", rows(3), OUTLINE, manifest("v1"))

    store.remove("redline")

    assert store.versions() == {}

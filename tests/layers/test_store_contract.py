"""What every store of layers does alike: the folder, and the PostGIS database."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import geopandas
import numpy as np
import pytest
import shapely
from drawn_layer import OUTLINE, manifest, rows
from geopandas import GeoDataFrame
from pandas.testing import assert_frame_equal
from shapely import LineString, MultiPolygon, Point, Polygon, box

from gis.errors import LayerError, LayerMissingError
from layers.catalog import read_catalog
from layers.column import Column
from layers.facts_store import FactStore
from layers.ingest import ingest
from layers.load import load_layer
from layers.region import Region
from layers.shelf import KEPT
from layers.store import DATA, LayerStore

HOSTILE = (
    "播州区“净地”一号，㐂𠮷",
    "",
    None,
    " leading, comma, \"quote\", 'single' ",
    "two\nlines\r\nand\rthree",
    "first\n\\.\nlast",
    "\\.",
    "\\N",
    "NULL",
    "%s %(name)s {} {0} :name $1",
    "'; DROP SCHEMA landmap_store CASCADE; --",
    "tab\tand \u2028 and \x01\x7f",
    "<script>alert(1)</script>",
    "2026-03-31",
)
FIGURES = (0.1 + 0.2, 1 / 3, -0.0, 5e-324, 1.7976931348623157e308, np.nan, 2**53 + 2.0)


@pytest.fixture
def store(opened: Callable[[], LayerStore]) -> LayerStore:
    return opened()


def told(columns: tuple[str, ...], count: int, version: str = "v1"):
    return manifest(version, count).model_copy(update={"columns": columns})


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
    assert store.is_intact("redline", "v1")


def test_rows_are_read_by_column_by_key_and_by_window(store: LayerStore) -> None:
    store.swap("redline", rows(9), OUTLINE, manifest("v1", 9))

    assert store.read("redline", columns=()).columns.tolist() == ["geometry"]
    assert store.read("redline", ids=["R7", "R2"]).index.tolist() == ["R2", "R7"]
    assert store.read("redline", ids=[]).empty
    assert store.read("redline", ids=["no", "\x00", "'"]).empty
    window = store.read("redline", columns=("grade",), box=(106.02, 26, 106.03, 27))
    assert window.index.tolist() == ["R2", "R3"]


def test_a_window_is_met_by_its_edge_and_missed_by_a_hair(store: LayerStore) -> None:
    store.swap("redline", rows(1), OUTLINE, manifest("v1", 1))
    west, south, east, north = rows(1).total_bounds
    hair = 1e-9  # a tenth of a millimetre: far less than boxes of 32 bits tell apart

    for touching in (
        (east, south, east + 1, north),
        (west - 1, south, west, north),
        (west, north, east, north + 1),
        (west, south - 1, east, south),
    ):
        assert len(store.read("redline", box=touching)) == 1
    for beside in (
        (east + hair, south, east + 1, north),
        (west - 1, south, west - hair, north),
        (west, north + hair, east, north + 1),
        (west, south - 1, east, south - hair),
    ):
        assert len(store.read("redline", box=beside)) == 0


def test_a_column_that_is_not_there_is_told_with_those_that_are(
    store: LayerStore,
) -> None:
    store.swap("redline", rows(3), OUTLINE, manifest("v1"))

    with pytest.raises(LayerError, match="no column colour; it has: id, grade"):
        store.read("redline", columns=["colour"])


def test_a_layer_that_is_not_loaded_says_how_to_load_it(store: LayerStore) -> None:
    for _ in ("nothing was ever loaded", "another layer is"):
        for ask in (store.read, store.manifest, store.coverage, store.version):
            with pytest.raises(LayerMissingError, match="landmap ingest redline"):
                ask("redline")
        assert not store.is_intact("redline", "v1")
        assert "redline" not in store.versions()
        store.swap("other", rows(3), OUTLINE, manifest("v1"))


def test_texts_and_figures_come_back_as_they_were(store: LayerStore) -> None:
    count = len(HOSTILE)
    frame = GeoDataFrame(
        {
            "id": [f"{n} {text}" for n, text in enumerate(HOSTILE)],
            '名称 "%s"': list(HOSTILE),
            "area_m2": (FIGURES * 2)[:count],
        },
        geometry=[Point(106 + n, 26) for n in range(count)],
        crs=4490,
    )
    store.swap("redline", frame, OUTLINE, told(tuple(frame.columns[:-1]), count))

    read = store.read("redline")
    assert_frame_equal(read, frame.set_index("id"), check_exact=True)
    assert np.signbit(read["area_m2"].iloc[2])
    for key in frame["id"]:
        assert store.read("redline", ids=[key]).index.tolist() == [key]


def test_shapes_come_back_to_the_bit(store: LayerStore) -> None:
    holed = Polygon(
        box(106, 26, 107, 27).exterior.coords,
        [box(106.3, 26.3, 106.6, 26.6).exterior.coords],
    )
    third = 106 + 1 / 3
    shapes = [
        holed,
        MultiPolygon([holed, box(108, 26, 108 + 1e-9, 27)]),
        MultiPolygon([box(106, 26, 107, 27)]),  # of one part: it stays one
        Point(third, 26.1),
        LineString([(106, 26), (third, 26 + 1e-13), (107, 27)]),
        shapely.GeometryCollection([Point(third, 26), holed]),
    ]
    keys = [str(n) for n in range(len(shapes))]
    frame = GeoDataFrame({"id": keys}, geometry=shapes, crs=4490)
    store.swap("redline", frame, MultiPolygon([holed]), told(("id",), len(shapes)))

    read = store.read("redline")
    assert shapely.to_wkb(read.geometry.to_numpy()).tolist() == [
        shapely.to_wkb(shape) for shape in shapes
    ]
    assert store.coverage("redline").wkb == MultiPolygon([holed]).wkb


def test_a_layer_without_rows_is_loaded_all_the_same(store: LayerStore) -> None:
    columns = ("id", "grade", "area_m2")
    frame = rows(1).assign(area_m2=1.0)[[*columns, "geometry"]].iloc[:0]
    store.swap("redline", frame, OUTLINE, told(columns, 0))

    read = store.read("redline", box=(106, 26, 107, 27))
    assert_frame_equal(read, frame.set_index("id"))
    assert store.read("redline").empty
    assert store.is_intact("redline", "v1")
    assert geopandas.read_parquet(store.folder("redline") / DATA).empty


def test_the_manifest_keeps_the_order_of_what_was_declared(store: LayerStore) -> None:
    columns = {name: Column(source=name) for name in ("zeta", "a", "地类", "mm")}
    layer = manifest("v1").layer.model_copy(update={"columns": columns})
    given = manifest("v1").model_copy(update={"layer": layer})
    store.swap("redline", rows(3), OUTLINE, given)

    read = store.manifest("redline")
    assert read.model_copy(update={"files": {}}) == given
    assert list(read.layer.columns) == list(columns)


def test_a_version_used_again_is_the_current_one(store: LayerStore) -> None:
    store.swap("redline", rows(3), OUTLINE, manifest("v1"))
    store.swap("redline", rows(5), OUTLINE, manifest("v2", 5))

    store.use("redline", "v1")

    assert store.version("redline") == "v1"
    assert len(store.read("redline")) == 3
    assert store.manifest_of("redline", "v2").count == 5


def test_the_last_versions_are_kept_and_older_ones_go(store: LayerStore) -> None:
    names = [f"v{n}" for n in range(KEPT + 3)]
    for name in names:
        store.swap("redline", rows(3), OUTLINE, manifest(name))

    kept = [name for name in names if store.is_intact("redline", name)]
    assert kept == names[-KEPT:]
    folders = {entry.name for entry in (store.home / "redline").iterdir()}
    assert folders - {"current"} == set(kept)


def test_a_removed_layer_is_gone(store: LayerStore) -> None:
    store.remove("redline")
    store.swap("redline", rows(3), OUTLINE, manifest("v1"))
    store.swap("redline", rows(3), OUTLINE, manifest("v2"))

    store.remove("redline")

    assert store.versions() == {}
    assert not store.is_intact("redline", "v1")
    store.swap("redline", rows(3), OUTLINE, manifest("v1"))
    assert store.versions() == {"redline": "v1"}


def test_the_folder_of_a_version_holds_what_is_read(store: LayerStore) -> None:
    store.swap("redline", rows(3), OUTLINE, manifest("v1"))
    store.swap("redline", rows(5), OUTLINE, manifest("v2", 5))

    for version, count in (("v1", 3), ("v2", 5)):
        told = geopandas.read_parquet(store.folder_of("redline", version) / DATA)
        assert_frame_equal(told, rows(count))


KILLED = """
import os, signal, sys
from pathlib import Path
from layers.shelf import Shelf
from layers.stores import postgis_versions
from layers.stores.opened import open_store
from drawn_layer import OUTLINE, manifest, rows
def deadly(*_args, **_options):
    os.kill(os.getpid(), signal.SIGKILL)
Shelf._point = staticmethod(deadly)
postgis_versions.put_in_force = deadly
home, address = sys.argv[1:]
open_store(Path(home), address).swap("redline", rows(5), OUTLINE, manifest("v2", 5))
"""


WRITING = """
import sys
from pathlib import Path
from layers.stores.opened import open_store
from drawn_layer import OUTLINE, manifest, rows
home, address, version = sys.argv[1:]
store = open_store(Path(home), address)
for _ in range(4):
    store.swap("redline", rows(3), OUTLINE, manifest(version))
"""


def begun(code: str, opened: SimpleNamespace, *given: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", code, opened.home, opened.address, *given],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )


def test_a_writer_that_is_killed_before_the_last_step_changes_nothing(
    store: LayerStore, opened: SimpleNamespace
) -> None:
    store.swap("redline", rows(3), OUTLINE, manifest("v1"))

    assert begun(KILLED, opened).wait() == -signal.SIGKILL

    assert store.versions() == {"redline": "v1"}
    assert len(store.read("redline")) == 3
    store.swap("redline", rows(5), OUTLINE, manifest("v2", 5))
    assert len(store.read("redline")) == 5
    assert store.is_intact("redline", "v2")


def test_processes_at_once_leave_a_whole_version(
    store: LayerStore, opened: SimpleNamespace
) -> None:
    versions = ("v1", "v1", "v2")
    store.swap("redline", rows(3), OUTLINE, manifest("v0"))
    workers = [begun(WRITING, opened, version) for version in versions]
    seen = []
    while any(worker.poll() is None for worker in workers):
        seen.append(len(store.read("redline")))

    assert [worker.wait() for worker in workers] == [0, 0, 0]
    assert set(seen) == {3}
    assert store.version("redline") in versions
    assert all(store.is_intact("redline", version) for version in versions)


def test_a_file_with_heights_and_dates_is_loaded_without_the_heights(
    store: LayerStore, tmp_path: Path, region: Region, hand: SimpleNamespace
) -> None:
    high = shapely.force_3d(hand.rectangle(0, 100), 1200.5)
    frame = hand.frame({"DAY": ["2026/3/31", None]}, high, hand.rectangle(200, 300))
    frame.to_file(tmp_path / "redline.gpkg")
    columns = {"seen_on": {"source": "DAY", "type": "date"}}
    file = hand.declare(
        tmp_path, "redline", role="constraint", path="redline.gpkg", coverage="box",
        columns=columns,
    )  # fmt: skip
    layer = read_catalog(file.parent)["redline"]

    loaded = load_layer(layer, store=store, region=region)
    again = load_layer(layer, store=store, region=region)

    read = store.read("redline")
    assert sorted(read["seen_on"]) == ["", "2026-03-31"]
    assert not shapely.has_z(read.geometry.to_numpy()).any()
    assert again.loaded_at == loaded.loaded_at
    assert again.version == loaded.version


def test_the_same_files_give_the_same_facts_whichever_store_keeps_them(
    store: LayerStore, world: SimpleNamespace, region: Region, tmp_path: Path
) -> None:
    kept = FactStore(tmp_path / "facts")
    done = ingest(world.catalog, store, kept, region)

    assert store.versions() == world.store.versions()
    assert done.facts.version == world.facts.version
    assert_frame_equal(done.facts.table, world.facts.table, check_exact=True)
    for name in store.versions():
        assert_frame_equal(store.read(name), world.store.read(name), check_exact=True)

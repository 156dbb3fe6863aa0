"""The kernel tells what shapely tells; cut, killed or changed, it tells the same."""

import hashlib
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from geopandas import GeoDataFrame, GeoSeries
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas import DataFrame, Series
from pandas.testing import assert_frame_equal
from shapely import MultiPolygon, Polygon, box

from layers.catalog import SHIPPED, read_catalog
from layers.facts import build_facts
from layers.facts_parts import Parts
from layers.facts_renew import How, renew_facts
from layers.facts_store import FactStore
from layers.facts_table import KERNEL_FROM, Facts, engine_for
from layers.ingest import ingest
from layers.load import load_layer
from layers.loading import in_order
from layers.region import Region, read_region
from layers.store import LayerStore

SOME = 7  # of the sample's parcels every seventh
SMALL = How(engine="kernel", fewest=1, most=2)
# A point on a parcel may be any point on it.
ANY_POINT = {"lon", "lat"}


def same_facts(kernel: DataFrame, shapely: DataFrame) -> None:
    """Compare what two engines tell: areas within 1e-6 or 0.01 m2, words equal."""
    assert kernel.columns.tolist() == shapely.columns.tolist()
    assert kernel.index.equals(shapely.index)
    assert kernel.index.name == shapely.index.name
    for name in kernel.columns:
        ours, theirs = kernel[name], shapely[name]
        if theirs.dtype.kind == "f" and name not in ANY_POINT:
            within = (
                0.01 if name.endswith("_m2") else 1e-3 if name.endswith("_m") else 2e-6
            )
            np.testing.assert_allclose(
                ours, theirs, rtol=1e-6, atol=within, err_msg=name
            )
        elif name not in ANY_POINT:
            assert ours.astype(str).tolist() == theirs.astype(str).tolist(), name


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory, region: Region) -> SimpleNamespace:
    """Load the sample province with some of its parcels."""
    home = tmp_path_factory.mktemp("sample")
    catalog = read_catalog(SHIPPED)
    store = LayerStore(home / "layers")
    for layer in in_order(catalog, catalog):
        load_layer(layer, store=store, region=region)
    rows = store.read("parcels").reset_index().iloc[::SOME]
    manifest = store.manifest("parcels")
    told = manifest.model_copy(update={"version": "some", "count": len(rows)})
    store.swap("parcels", rows, store.coverage("parcels"), told)
    kernel = build_facts(store, catalog, region, engine="kernel")
    return SimpleNamespace(catalog=catalog, store=store, kernel=kernel)


def test_the_kernel_tells_what_shapely_tells_of_the_sample_province(
    sample: SimpleNamespace, region: Region
) -> None:
    shapely = build_facts(sample.store, sample.catalog, region, engine="shapely")

    same_facts(sample.kernel.table, shapely.table)
    assert (sample.kernel.engine, shapely.engine) == ("kernel", "shapely")
    assert sample.kernel.version != shapely.version


def test_the_kernel_tells_what_shapely_tells_of_the_small_world(
    world: SimpleNamespace, region: Region
) -> None:
    kernel = build_facts(world.store, world.catalog, region, engine="kernel")

    # P5 begins where the counties end: what it shares with them is rounding.
    told = [
        facts.table.assign(
            county_evidence=facts
            .table["county_evidence"]
            .astype(str)
            .mask(facts.table.index == "P5", "partly_covered")
        )
        for facts in (kernel, world.facts)
    ]
    same_facts(*told)


def test_the_point_that_the_kernel_tells_lies_on_the_parcel(
    sample: SimpleNamespace,
) -> None:
    table = sample.kernel.table
    shapes = sample.store.read("parcels").geometry

    points = GeoSeries.from_xy(
        table["lon"], table["lat"], crs=shapes.crs, index=shapes.index
    )
    assert shapes.contains(points).all()


def renewed(
    world: SimpleNamespace,
    home: Path,
    how: How = SMALL,
    store: LayerStore | None = None,
) -> Facts:
    kept = FactStore(home)
    return renew_facts(
        store or world.store, kept, world.catalog, read_region(), how=how
    )


@settings(max_examples=8, deadline=None)
@given(fewest=st.integers(1, 6), more=st.integers(0, 3))
def test_any_cut_of_the_parcels_gives_the_same_bits(
    world: SimpleNamespace,
    tmp_path_factory: pytest.TempPathFactory,
    fewest: int,
    more: int,
) -> None:
    how = How(engine="kernel", fewest=fewest, most=fewest + more)
    whole = renewed(world, tmp_path_factory.mktemp("whole"), How(engine="kernel"))
    cut = renewed(world, tmp_path_factory.mktemp("cut"), how)

    assert_frame_equal(cut.table, whole.table, check_exact=True)
    assert cut.version == whole.version


class Changing:
    """A small world whose layers and parcels come and go."""

    def __init__(self, world: SimpleNamespace, home: Path) -> None:
        self.world, self.home = world, home
        self.store = LayerStore(home / "layers")
        self.rows = {}
        for name in world.store.versions():
            self.rows[name] = world.store.read(name).reset_index()
            self._swap(name, "0")

    def move(self, name: str, row: int, metres: int) -> None:
        """Shift a feature eastwards."""
        rows = self.rows[name]
        at = row % len(rows)
        shapes = rows.geometry.copy()
        shapes.iloc[at] = shapes.iloc[[at]].translate(metres * 1e-5).iloc[0]
        self.rows[name] = rows.set_geometry(shapes)
        self._swap(name, f"moved {at} by {metres}")

    def drop(self, name: str, row: int) -> None:
        """Take a feature away, unless it is the last one."""
        rows = self.rows[name]
        if len(rows) > 1:
            self.rows[name] = rows.drop(index=rows.index[row % len(rows)])
            self._swap(name, f"dropped {row}")

    def _swap(self, name: str, what: str) -> None:
        rows: GeoDataFrame = self.rows[name]
        manifest = self.world.store.manifest(name)
        shapes = rows.geometry.to_wkb().tolist()
        version = hashlib.sha256(repr((what, shapes)).encode()).hexdigest()[:16]
        told = manifest.model_copy(update={"version": version, "count": len(rows)})
        self.store.swap(name, rows, self.world.store.coverage(name), told)


LAYERS = st.sampled_from(["parcels", "flood", "zoning", "hydrant", "county"])
MOVES = st.tuples(st.just("move"), LAYERS, st.integers(0, 5), st.integers(-90, 90))
DROPS = st.tuples(st.just("drop"), LAYERS, st.integers(0, 5))


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(changes=st.lists(MOVES | DROPS, min_size=1, max_size=4))
def test_what_changed_is_measured_anew_and_the_rest_is_as_if_it_were(
    world: SimpleNamespace,
    tmp_path_factory: pytest.TempPathFactory,
    changes: list[tuple[str, ...]],
) -> None:
    changing = Changing(world, tmp_path_factory.mktemp("changing"))
    for verb, *given_ in changes:
        getattr(changing, verb)(*given_)
        bit_by_bit = renewed(world, changing.home / "facts", store=changing.store)

    fresh = tmp_path_factory.mktemp("fresh")
    at_once = renewed(world, fresh, How(engine="kernel"), store=changing.store)
    assert_frame_equal(bit_by_bit.table, at_once.table, check_exact=True)
    assert bit_by_bit.version == at_once.version


def measured_parts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note which parts are written."""
    written: list[str] = []
    write = Parts.write

    def noted(self: Parts, what: str, chunk: str, table: dict[str, Series]) -> None:
        written.append(next(iter(table)))
        write(self, what, chunk, table)

    monkeypatch.setattr(Parts, "write", noted)
    return written


def test_a_layer_that_changed_is_all_that_is_measured(
    world: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changing = Changing(world, tmp_path)
    renewed(world, tmp_path / "facts", store=changing.store)
    changing.move("flood", 0, 20)
    written = measured_parts(monkeypatch)

    renewed(world, tmp_path / "facts", store=changing.store)

    assert set(written) == {"flood_overlap_m2"}


def test_a_parcel_that_changed_is_measured_with_its_chunk_alone(
    world: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changing = Changing(world, tmp_path)
    renewed(world, tmp_path / "facts", store=changing.store)
    changing.move("parcels", 0, 20)
    written = measured_parts(monkeypatch)

    renewed(world, tmp_path / "facts", store=changing.store)

    assert written.count("area_m2") == written.count("flood_overlap_m2") == 1


def test_parts_are_swept_with_the_versions_that_were_made_of_them(
    world: SimpleNamespace, tmp_path: Path
) -> None:
    changing = Changing(world, tmp_path)
    counts = []
    for metres in range(1, 9):
        changing.move("parcels", 0, metres)
        renewed(world, tmp_path / "facts", store=changing.store)
        counts.append(len(list((tmp_path / "facts").rglob("*.arrow"))))

    assert counts[-1] == counts[-2] == counts[-3]


KILLED = """
import os, signal, sys
from pathlib import Path
from layers import facts_plan
from layers.catalog import read_catalog
from layers.facts_parts import Parts
from layers.facts_renew import How, renew_facts
from layers.facts_store import FactStore
from layers.region import read_region
from layers.store import LayerStore
folder, home = map(Path, sys.argv[1:])
write, done = Parts.write, []
def deadly(self, what, chunk, table):
    write(self, what, chunk, table)
    done.append(what)
    if len(done) == 7:
        os.kill(os.getpid(), signal.SIGKILL)
Parts.write = deadly
renew_facts(
    LayerStore(folder / "var/layers"), FactStore(home), read_catalog(folder),
    read_region(), how=How(engine="kernel", fewest=1, most=2),
)
"""


def test_a_killed_ingest_leaves_the_facts_before_and_goes_on_where_it_was(
    world: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = FactStore(tmp_path)
    kept.write(replace(world.facts, version="before"))
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, world.folder, tmp_path], check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert kept.read().version == "before"
    there = len(list(tmp_path.rglob("*.arrow")))
    assert there >= 7

    written = measured_parts(monkeypatch)
    resumed = renewed(world, tmp_path)

    assert kept.version() == resumed.version
    assert len(written) == len(list(tmp_path.rglob("*.arrow"))) - there
    whole = renewed(world, tmp_path / "whole", How(engine="kernel"))
    assert_frame_equal(resumed.table, whole.table, check_exact=True)


FULL = """
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_FSIZE, (1500, 1500))
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from gis.errors import StoreError
from layers.catalog import read_catalog
from layers.facts_renew import How, renew_facts
from layers.facts_store import FactStore
from layers.region import read_region
from layers.store import LayerStore
folder, home = map(Path, sys.argv[1:])
try:
    renew_facts(
        LayerStore(folder / "var/layers"), FactStore(home), read_catalog(folder),
        read_region(), how=How(engine="kernel", fewest=1, most=2),
    )
except StoreError as error:
    print(error)
"""


def test_a_full_disk_leaves_the_facts_before_and_says_so(
    world: SimpleNamespace, tmp_path: Path
) -> None:
    kept = FactStore(tmp_path)
    renewed(world, tmp_path / "other")  # the layers' grids are made
    kept.write(replace(world.facts, version="before"))

    full = subprocess.run(
        [sys.executable, "-c", FULL, world.folder, tmp_path],
        check=True,
        capture_output=True,
        text=True,
    )

    assert "The disk is full" in full.stdout
    assert "measured before stays in force" in full.stdout
    assert kept.read().version == "before"
    assert not list(tmp_path.glob(".*"))


def test_the_engine_is_chosen_by_the_number_of_parcels_alone(
    world: SimpleNamespace, tmp_path: Path
) -> None:
    assert engine_for(KERNEL_FROM - 1) == "shapely"
    assert engine_for(KERNEL_FROM) == "kernel"
    assert renewed(world, tmp_path, How()).engine == "shapely"
    assert FactStore(tmp_path).read().engine == "shapely"
    assert renewed(world, tmp_path, SMALL).engine == "kernel"
    assert FactStore(tmp_path).read().engine == "kernel"


def test_rows_that_cannot_be_measured_are_told_and_the_others_are_measured(
    tmp_path: Path, hand: SimpleNamespace, region: Region
) -> None:
    crossed = Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    flat = Polygon([(300, 0), (400, 0), (300, 0)])
    good = [hand.rectangle(600, 700), MultiPolygon([box(800, 0, 850, 50)])]
    shapes = [crossed, flat, Polygon(), *good, hand.rectangle(900, 950)]
    rows = hand.frame({"id": ["BOW", "FLAT", "EMPTY", "A", "M", "A"]}, *shapes)
    rows.to_parquet(tmp_path / "parcels.parquet")
    hand.declare(
        tmp_path, "parcels", role="parcel", path="parcels.parquet", key="id",
        max_refused_share=0.9,
    )  # fmt: skip
    store, kept = hand.stores(tmp_path / "var")

    done = ingest(read_catalog(tmp_path), store, kept, region, how=SMALL)

    assert set(done.facts.table.index) == {"BOW", "A", "M"}
    assert done.facts.table["area_m2"].loc[["BOW", "A"]].tolist() == pytest.approx(
        [5_000, 10_000], rel=1e-6
    )
    refused = {note.key for note in done.manifests["parcels"].refused}
    assert refused == {"FLAT", "EMPTY", "A"}

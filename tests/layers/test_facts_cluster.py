"""Chunks measured by workers elsewhere: the same facts, to the bit."""

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from pandas.testing import assert_frame_equal

from gis.errors import SettingsError
from layers.catalog import SHIPPED, read_catalog
from layers.cluster import Cluster
from layers.facts_cluster import ClusterWorkers
from layers.facts_plan import Plan, measure_chunk
from layers.facts_renew import How, renew_facts
from layers.facts_store import FactStore
from layers.load import load_layer
from layers.loading import in_order
from layers.region import Region
from layers.shared_storage import Share, fetched, measure_shared, send_layers
from layers.store import LayerStore

FILES = ("county", "redline", "zoning", "railway")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, region: Region) -> SimpleNamespace:
    """Load some layers of the sample and a few of its parcels."""
    import geopandas  # noqa: PLC0415

    home = tmp_path_factory.mktemp("world")
    catalog, store = read_catalog(SHIPPED), LayerStore(home / "layers")
    parcels = home / "parcels.parquet"
    source = catalog["parcels"].path
    geopandas.read_parquet(source).iloc[::200].to_parquet(parcels)
    names = ["province", "prefecture", *FILES, "parcels"]
    for layer in in_order(catalog, names):
        path = parcels if layer.name == "parcels" else layer.path
        load_layer(layer, store=store, region=region, path=path)
    return SimpleNamespace(home=home, catalog=catalog, store=store, region=region)


def renewed(world: SimpleNamespace, name: str, how: How):
    facts = FactStore(world.home / name)
    return renew_facts(world.store, facts, world.catalog, world.region, how=how)


def spread(**cluster: object) -> How:
    workers = ClusterWorkers(Cluster("local", **cluster))
    return How(engine="kernel", workers=workers, fewest=10, most=20)


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_two_workers_tell_what_one_process_tells(world: SimpleNamespace) -> None:
    alone = renewed(world, "alone", How(engine="kernel"))
    together = renewed(world, "together", spread(workers=2))

    assert together.version == alone.version
    assert_frame_equal(together.table, alone.table, check_exact=True)


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_workers_that_share_only_a_storage_tell_the_same(
    world: SimpleNamespace, tmp_path: Path
) -> None:
    alone = renewed(world, "alone", How(engine="kernel"))
    apart = renewed(world, "apart", spread(share=f"file://{tmp_path}/share"))

    assert_frame_equal(apart.table, alone.table, check_exact=True)
    assert len(list((tmp_path / "share" / "parts").rglob("*.arrow"))) > 0


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_worker_that_is_killed_in_the_middle_loses_nothing(
    world: SimpleNamespace,
) -> None:
    killed: list[int] = []

    def kill_one(_: str, values: Mapping[str, object]) -> None:
        if "done" in values and not killed:
            workers = [
                child
                for child in psutil.Process().children()
                if child.status() != psutil.STATUS_ZOMBIE  # what others started early
                and "spawn_main" in " ".join(child.cmdline())
            ]
            workers[0].kill()
            killed.append(workers[0].pid)

    alone = renewed(world, "alone", How(engine="kernel"))
    kept = FactStore(world.home / "killed")
    how = spread(workers=2)
    survived = renew_facts(
        world.store, kept, world.catalog, world.region, say=kill_one, how=how
    )

    assert killed
    assert_frame_equal(survived.table, alone.table, check_exact=True)


def test_parts_travel_over_any_storage(world: SimpleNamespace, tmp_path: Path) -> None:
    kept: list[Plan] = []

    class Keeper:
        def measure_all(self, plan: Plan, *, say: object) -> None:  # noqa: ARG002
            kept.append(plan)
            for number in range(len(plan.chunks)):
                measure_chunk(plan, number)

    how = How(engine="kernel", workers=Keeper(), fewest=10, most=20)
    renewed(world, "kept", how)
    (plan,) = kept
    share = Share("memory://landmap", cache=tmp_path / "worker")
    goal = SimpleNamespace(parts=tmp_path / "goal", chunks=plan.chunks)

    send_layers(plan, share)
    done = sum(measure_shared(plan, share, at) for at in range(len(plan.chunks)))
    fetched(goal, share)

    assert done == plan.chunks[-1].stop
    made = {file.relative_to(tmp_path / "goal") for file in goal.parts.rglob("*.arrow")}
    assert made
    for name in made:
        assert (goal.parts / name).read_bytes() == (plan.parts / name).read_bytes()


def test_no_scheduler_is_a_refusal(world: SimpleNamespace) -> None:
    workers = ClusterWorkers(Cluster("tcp://127.0.0.1:1"))

    with pytest.raises(SettingsError, match="No Dask scheduler answers"):
        renewed(world, "none", How(engine="kernel", workers=workers))

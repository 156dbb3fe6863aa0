"""Bring the facts up to the layers: by the engine that fits, the old ones in force."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, Protocol

from gis.words import Title
from layers.catalog import Catalog
from layers.facts import build_facts
from layers.facts_chunks import FEWEST, MOST, chunks_of
from layers.facts_parts import Parts
from layers.facts_store import PARTS, FactStore
from layers.facts_survey import Survey, survey_of
from layers.facts_table import CODE, Engine, Facts, engine_for, facts_version
from layers.load import Say, silent
from layers.region import Region
from layers.store import LayerStore

if TYPE_CHECKING:
    from layers.facts_plan import Plan


class Workers(Protocol):
    """Others that measure chunks, as a cluster does."""

    def measure_all(self, plan: "Plan", *, say: Say) -> None:
        """Measure every chunk that was not measured before."""


@dataclass(frozen=True)
class How:
    """How facts are measured.

    Attributes:
        engine: What measures; by the number of parcels if not told.
        workers: Who measures the chunks; threads of this process if not told. Only
            the kernel works in chunks.
        fewest: Parcels that a chunk has at least, but for the last one.
        most: Parcels that a chunk has at most.
    """

    engine: Engine | None = None
    workers: Workers | None = None
    fewest: int = FEWEST
    most: int = MOST


BY_SIZE: Final = How()


def renew_facts(
    store: LayerStore,
    facts: FactStore,
    catalog: Catalog,
    region: Region,
    *,
    say: Say | None = None,
    how: How = BY_SIZE,
) -> Facts:
    """Measure the parcels against the layers as they are now, and keep the facts.

    Args:
        store: The layers; each is measured as its manifest declares it.
        facts: Where facts are kept; those of before stay in force until the new ones
            are whole.
        catalog: Gives the order of the layers' columns.
        region: Tells the planes.
        say: Takes progress.
        how: By what engine, and on which machines.

    Returns:
        The facts, now the current ones.

    Raises:
        LayerMissingError: No parcels are loaded.
        StoreError: A store file is damaged, or the disk is full.
    """
    say = say or silent
    survey = survey_of(store, catalog)
    if engine_of(survey, how) == "shapely":
        built = build_facts(store, catalog, region, say=say, engine="shapely")
        facts.write(built)
        return built
    # Not above: small data never waits for the compiler.
    from layers.facts_plan import let_go  # noqa: PLC0415
    from layers.facts_stream import plan_of, write_facts  # noqa: PLC0415

    with facts.aside() as folder:
        with ThreadPoolExecutor(1) as pool:
            sizes = {"fewest": how.fewest, "most": how.most}
            chunks = pool.submit(chunks_of, store, survey.parcels.name, **sizes)
            plan = plan_of(store, survey, region, say=say)
        plan = plan.on(facts.home / PARTS, chunks.result())
        if how.workers is not None:
            how.workers.measure_all(plan, say=say)
        told = _told(survey, region, plan)
        writer = write_facts(plan, store.manifest(survey.parcels.name), folder, say=say)
        say(Title("Facts: writing {count} parcels"), {"count": survey.count})
        writer.close(told)
        facts.adopt(folder, told["version"])
    used = [kept[PARTS] for kept in facts.kept()]
    Parts(plan.parts).sweep((each["whats"], each["chunks"]) for each in used)
    let_go()
    return facts.read()


def engine_of(survey: Survey, how: How) -> Engine:
    """Say which engine measures."""
    if how.workers is not None:
        return "kernel"
    return how.engine or engine_for(survey.count)


def _told(survey: Survey, region: Region, plan: "Plan") -> dict[str, Any]:
    """Say what facts are measured from, and of which parts they are made."""
    return {
        "version": facts_version(survey.measured, region, "kernel"),
        "layers": survey.measured,
        "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "seen": survey.seen,
        "code": CODE,
        "engine": "kernel",
        PARTS: {"whats": plan.whats(), "chunks": plan.digests()},
    }


def kernel_facts(
    store: LayerStore, catalog: Catalog, region: Region, *, say: Say | None = None
) -> Facts:
    """Measure with the kernel and keep nothing: to compare and to try.

    Args:
        store: The layers.
        catalog: Gives the order of the layers' columns.
        region: Tells the planes.
        say: Takes progress.

    Returns:
        The facts, in memory.
    """
    with TemporaryDirectory() as home:
        kept = FactStore(Path(home))
        how = How(engine="kernel")
        built = renew_facts(store, kept, catalog, region, say=say, how=how)
        return Facts(**{**vars(built), "table": built.table.copy()})

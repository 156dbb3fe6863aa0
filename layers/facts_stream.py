"""Measure a million parcels and more: chunk by chunk, in threads, into a folder."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from threading import Lock
from typing import Final

import pyarrow as pa
from pandas import DataFrame, Series

from gis.errors import LayerMissingError
from gis.words import Title
from layers.facts_chunks import Chunk, rows_of
from layers.facts_columns_writer import FactColumnsWriter
from layers.facts_grids import make_grids
from layers.facts_pairs import neighbour_columns
from layers.facts_parcel import attribute_name, mended_among, words_of
from layers.facts_parts import Parts
from layers.facts_plan import Plan, measure_chunk
from layers.facts_survey import Survey
from layers.facts_table import is_category, prefecture_of
from layers.facts_warm import warm
from layers.load import Say
from layers.manifest import Manifest
from layers.region import Region
from layers.store import DATA, LayerStore

THREADS: Final = 2


def plan_of(store: LayerStore, survey: Survey, region: Region, *, say: Say) -> Plan:
    """Prepare the engine and the layers.

    Args:
        store: The layers.
        survey: What is to be measured.
        region: Tells the planes.
        say: Takes progress.

    Returns:
        What `measure_chunk` needs, but for the chunks and their parts.

    Raises:
        StoreError: A store file is damaged.
    """
    folders = []
    say(Title("Preparing the engine; the first time this takes a while"), {})
    with ThreadPoolExecutor(THREADS) as pool:
        awake = pool.submit(warm, region)
        work = [
            pool.submit(make_grids, store, layer.name, region)
            for layer in survey.covers
        ]
        for layer, made in zip(survey.covers, work, strict=True):
            say(Title("Facts: preparing {layer}"), {"layer": Title(layer.title)})
            folders.append(made.result())
        awake.result()
    return Plan(
        parcels=store.folder(survey.parcels.name),
        key=survey.parcels.key_column,
        covers=tuple(folders),
        region=region,
    )


def write_facts(
    plan: Plan, manifest: Manifest, folder: Path, *, say: Say
) -> FactColumnsWriter:
    """Measure every chunk that was not measured before, and write all rows.

    Args:
        plan: What to measure against what.
        manifest: What the parcels tell about themselves.
        folder: Where the columns go.
        say: Takes progress.

    Returns:
        What wrote them, all rows written; nobody has closed it.

    Raises:
        StoreError: The parcels' file is damaged.
    """
    written = _Columns(plan, manifest, folder)
    done, count = 0, manifest.count
    with ThreadPoolExecutor(THREADS) as pool:
        work = [pool.submit(written.measure, at) for at in range(len(plan.chunks))]
        try:
            for finished in as_completed(work):
                done += finished.result()
                values = {"done": done, "count": count}
                say(Title("Facts: {done} of {count} parcels measured"), values)
            writer = written.writer
            say(Title("Facts: comparing neighbouring parcels"), {})
            pairs = neighbour_columns(plan, manifest.layer.sliver_m2)
            writer.write(0, DataFrame(pairs))
        finally:
            pool.shutdown(cancel_futures=True)
    say(Title("Facts: {count} parcels measured"), {"count": count})
    return writer


class _Columns:
    """The columns that chunks are written into, in whatever order they are measured."""

    def __init__(self, plan: Plan, manifest: Manifest, folder: Path) -> None:
        self.plan, self.manifest, self.folder = plan, manifest, folder
        self._names = [name for name in manifest.columns if name != plan.key]
        self._words = words_of(manifest)
        self._lock = Lock()
        self._writer: FactColumnsWriter | None = None

    def measure(self, number: int) -> int:
        """Measure a chunk, and write its rows."""
        count = measure_chunk(self.plan, number)
        chunk = self.plan.chunks[number]
        declared = _declared(self.plan, self._names, self._words, chunk)
        measured = _measured(self.plan, chunk)
        with self._lock:
            if self._writer is None:
                schema = _schema(declared, measured)
                self._writer = FactColumnsWriter(
                    self.folder, self.manifest.count, schema, index=self.plan.key
                )
        self._writer.write(chunk.start, declared)
        self._writer.write(chunk.start, measured)
        return count

    @property
    def writer(self) -> FactColumnsWriter:
        """What wrote the first chunk."""
        if self._writer is None:
            raise LayerMissingError(
                "No parcels are loaded: run `landmap ingest {layer}`.",
                layer=self.manifest.name,
            )
        return self._writer


def _declared(
    plan: Plan, names: Sequence[str], words: Mapping[str, str], chunk: Chunk
) -> DataFrame:
    """Take over what the parcels' file declares of a chunk, and what was mended."""
    file = plan.parcels / DATA
    rows = rows_of(file, [plan.key, *names], chunk.start, chunk.stop)
    columns = {plan.key: rows[plan.key].to_pandas()}
    for name in names:
        fact = attribute_name(name)
        values = rows[name].dictionary_encode() if is_category(fact) else rows[name]
        columns |= _typed(fact, values.to_pandas())
    columns["mended"] = mended_among(words, columns[plan.key])
    return DataFrame(columns, copy=False)


def _measured(plan: Plan, chunk: Chunk) -> DataFrame:
    """Join what was measured of a chunk against each layer."""
    parts, columns = Parts(plan.parts), dict[str, Series]()
    for what in [plan.own(), *map(plan.layer, plan.covers)]:
        for name, values in parts.read(what, chunk.digest).items():
            columns |= _typed(name, values)
    return DataFrame(columns, copy=False)


def _typed(name: str, values: Series) -> dict[str, Series]:
    """Keep columns of few values as categories; derive what codes tell."""
    if is_category(name):
        values = values.astype("category")
    if name == "county_code":
        return {name: values, "prefecture_code": prefecture_of(values)}
    return {name: values}


def _schema(declared: DataFrame, measured: DataFrame) -> pa.Schema:
    """Tell the type of each column, in the order of the table."""
    fields = [
        *pa.Schema.from_pandas(declared, preserve_index=False),
        pa.field("self_overlap_m2", pa.float64()),
        pa.field("duplicate_of", pa.string()),
        *pa.Schema.from_pandas(measured, preserve_index=False),
    ]
    # A layer may tell anew what the parcels' file declares: the layer counts.
    return pa.schema({field.name: field for field in fields}.values())

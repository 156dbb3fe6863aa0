"""Measure every parcel once against every layer: the table that screening reads."""

import hashlib
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Final

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries
from pandas import DataFrame, Series, concat
from pyproj import CRS

from gis.crs import CGCS2000
from gis.nearest_shapes import CoverageEdge
from gis.words import Title
from layers.catalog import Catalog
from layers.facts_cover import Cover
from layers.facts_layer import layer_facts, needs_edge, needs_share
from layers.facts_parcel import (
    attribute_facts,
    measured_facts,
    mended_fact,
    neighbour_facts,
)
from layers.facts_survey import Survey, survey_of
from layers.facts_table import (
    Engine,
    Facts,
    engine_for,
    facts_version,
    is_category,
    prefecture_of,
)
from layers.ground import Ground, flattened, flattened_frame, ground_of
from layers.layer import Layer
from layers.load import Say, silent
from layers.region import Region
from layers.store import LayerStore

CHUNK: Final = 50_000
THREADS: Final = 2

__all__ = ["Engine", "Facts", "build_facts", "facts_of", "facts_version", "measure"]


def build_facts(
    store: LayerStore,
    catalog: Catalog,
    region: Region,
    *,
    say: Say | None = None,
    engine: Engine | None = None,
) -> Facts:
    """Measure all parcels against all layers loaded.

    Args:
        store: The layers; each is measured as its manifest declares it.
        catalog: Gives the order of the layers' columns; layers that only the store
            knows come last.
        region: Tells the planes.
        say: Takes progress.
        engine: What measures; by the number of parcels if not told.

    Returns:
        The facts.

    Raises:
        LayerMissingError: No parcels are loaded.
        StoreError: A store file is damaged.
    """
    say = say or silent
    survey = survey_of(store, catalog)
    if (engine or engine_for(survey.count)) == "kernel":
        from layers.facts_renew import kernel_facts  # noqa: PLC0415 - it asks us, too

        return kernel_facts(store, catalog, region, say=say)
    frame = store.read(survey.parcels.name)
    everything = ground_of(frame.geometry, region)
    columns = attribute_facts(frame)
    columns["mended"] = mended_fact(store.manifest(survey.parcels.name), frame)
    with ThreadPoolExecutor(THREADS) as pool:
        near = pool.submit(
            neighbour_facts, everything, sliver_m2=survey.parcels.sliver_m2
        )
        covers = list(_covers(store, survey, region, pool, say))
        columns |= near.result()
    chunks = []
    for start in range(0, len(frame), CHUNK):
        values = {"done": start, "count": len(frame)}
        say(Title("Facts: {done} of {count} parcels measured"), values)
        rows = np.zeros(len(frame), dtype=np.bool_)
        rows[start : start + CHUNK] = True
        chunks.append(measure(everything.some(rows), covers, region))
    say(Title("Facts: {count} parcels measured"), {"count": len(frame)})
    table = concat([DataFrame(columns), concat(chunks)], axis=1)
    return facts_of(_typed(table), survey, region, engine="shapely")


def facts_of(
    table: DataFrame, survey: Survey, region: Region, *, engine: Engine
) -> Facts:
    """Say what a table was measured from.

    Args:
        table: A row for each parcel.
        survey: What was measured.
        region: Where.
        engine: What measured.

    Returns:
        The facts.
    """
    return Facts(
        table=table,
        version=facts_version(survey.measured, region, engine),
        layers=survey.measured,
        built_at=datetime.now(UTC).isoformat(timespec="seconds"),
        seen=survey.seen,
        engine=engine,
    )


def measure(ground: Ground, covers: list[Cover], region: Region) -> DataFrame:
    """Measure some parcels: a row depends on that parcel and the layers alone.

    Args:
        ground: Some parcels, shape (n,).
        covers: The layers.
        region: Tells the surveyors' plane.

    Returns:
        Everything that geometry tells, by parcel_id; any cut of the parcels gives
        the same rows.
    """
    ground.plane.sindex.query(shapely.Point())  # made before threads ask it
    with ThreadPoolExecutor(THREADS) as pool:
        own = pool.submit(measured_facts, ground, region)
        if any(needs_edge(cover.layer) for cover in covers):
            # Made before several threads ask for it.
            seen = ground.seen
            _ = seen.there, seen.middle, seen.radius_m, seen.stretch
        # Many layers share one coverage, the province: each is measured against once.
        shares: dict[str, Future[Series]] = {}
        edges: dict[str, Future[CoverageEdge]] = {}
        for cover in covers:
            origin = cover.origin
            if needs_share(cover.layer) and origin not in shares:
                shares[origin] = pool.submit(cover.covered, ground)
            if needs_edge(cover.layer) and origin not in edges:
                edges[origin] = pool.submit(cover.edge, ground)
        # The largest layer first, or its thread is the last one to be waited for.
        facts = {
            cover.layer.name: pool.submit(_facts_of_layer, ground, cover, shares, edges)
            for cover in sorted(covers, key=lambda each: -len(each.features))
        }
        columns = own.result()
        for cover in covers:
            columns |= facts[cover.layer.name].result()
    return DataFrame(columns, index=ground.index)


def _facts_of_layer(
    ground: Ground,
    cover: Cover,
    shares: dict[str, Future[Series]],
    edges: dict[str, Future[CoverageEdge]],
) -> dict[str, Series]:
    """Measure against one layer, as soon as its coverage is measured."""
    share, edge = shares.get(cover.origin), edges.get(cover.origin)
    covered = None if share is None else share.result()
    edge_m = None if edge is None else (lambda found: _edge_m(edge.result(), found))
    return dict(layer_facts(ground, cover, covered, edge_m))


def _edge_m(edge: CoverageEdge, found: Series) -> Series:
    """Measure to a coverage's edge, as far as it matters for what was found."""
    return Series(edge.metres(found.to_numpy()), index=found.index)


def _covers(
    store: LayerStore,
    survey: Survey,
    region: Region,
    pool: ThreadPoolExecutor,
    say: Say,
) -> Iterator[Cover]:
    """Prepare the layers in threads, in the order of their columns."""
    crs = region.equal_area_crs
    work = [pool.submit(_cover, store, layer, crs) for layer in survey.covers]
    for layer, made in zip(survey.covers, work, strict=True):
        say(Title("Facts: preparing {layer}"), {"layer": Title(layer.title)})
        yield made.result()


def _cover(store: LayerStore, layer: Layer, crs: CRS) -> Cover:
    """Bring a layer into the equal-area plane."""
    frame: GeoDataFrame = store.read(layer.name)
    outline = store.coverage(layer.name)
    return Cover(
        layer=layer,
        features=flattened_frame(frame, crs),
        outline=flattened(GeoSeries([outline], crs=CGCS2000), crs),
        origin=hashlib.sha256(shapely.to_wkb(outline)).hexdigest(),
    )


def _typed(table: DataFrame) -> DataFrame:
    """Derive what codes tell, and keep columns of few values as categories."""
    few = [name for name in table.columns if is_category(str(name))]
    table = table.astype(dict.fromkeys(few, "category")).copy()
    if "county_code" in table:
        at = list(table.columns).index("county_code") + 1
        table.insert(at, "prefecture_code", prefecture_of(table["county_code"]))
    return table

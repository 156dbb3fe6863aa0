"""Measure every parcel once against every layer: the table that screening reads."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries
from pandas import DataFrame, Series, concat
from pandas.api.types import is_string_dtype
from pyproj import CRS

from gis.crs import CGCS2000
from gis.errors import LayerMissingError
from gis.overlay import covered_share
from gis.proximity import distance_to_coverage_edge
from gis.words import Title
from layers.catalog import Catalog
from layers.facts_distance import distance_facts
from layers.facts_membership import membership_evidence, membership_fact
from layers.facts_overlap import (
    Cover,
    overlap_facts,
    zoning_facts,
)
from layers.facts_parcel import (
    attribute_facts,
    measured_facts,
    mended_fact,
    neighbour_facts,
)
from layers.ground import Ground, flattened, flattened_frame, ground_of
from layers.layer import Layer
from layers.load import Say, silent
from layers.region import Region
from layers.schema import SERVICES
from layers.store import LayerStore

# Raised whenever the same layers would be measured into other facts.
CODE: Final = "2"
CHUNK: Final = 50_000
CATEGORIES: Final = frozenset(
    ["stock_status", "land_use_code", "county_code", "prefecture_code", "zone_code"]
    + [f"service_{name}" for name in SERVICES]
)


@dataclass(frozen=True)
class Facts:
    """What is known of every parcel.

    Attributes:
        table: A row for each parcel, by parcel_id, in the order of the store; the
            columns are told by `layers.facts_schema`.
        version: Hash of the layers measured and of the code that measured them.
        layers: The version of each layer measured, by name.
        built_at: When, ISO, UTC.
        seen: The version of every layer in the store at that time, by name.
        code: Which code measured.
    """

    table: DataFrame
    version: str
    layers: dict[str, str]
    built_at: str
    seen: dict[str, str] = field(default_factory=dict)
    code: str = CODE


def facts_version(layers: dict[str, str], region: Region) -> str:
    """Name the facts that these layers give.

    Args:
        layers: Layer versions by name.
        region: The region, which tells the planes.

    Returns:
        A hash of 16 digits.
    """
    told = "\n".join([CODE, region.digest(), *map(str, sorted(layers.items()))])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def build_facts(
    store: LayerStore, catalog: Catalog, region: Region, *, say: Say | None = None
) -> Facts:
    """Measure all parcels against all layers loaded.

    Args:
        store: The layers; each is measured as its manifest declares it.
        catalog: Gives the order of the layers' columns; layers that only the store
            knows come last.
        region: Tells the planes.
        say: Takes progress.

    Returns:
        The facts.

    Raises:
        LayerMissingError: No parcels are loaded.
        StoreError: A store file is damaged.
    """
    say = say or silent
    seen = store.versions()
    layers = {name: store.manifest(name).layer for name in _in_order(seen, catalog)}
    parcels = _parcels(layers)
    crs = region.equal_area_crs
    frame = store.read(parcels.name)
    covers: list[Cover] = []
    for layer in layers.values():
        if _is_measured(layer):
            say(Title("Facts: preparing {layer}"), {"layer": Title(layer.title)})
            covers.append(_cover(store, layer, crs))
    everything = ground_of(frame.geometry, crs)
    columns = attribute_facts(frame)
    columns["mended"] = mended_fact(store.manifest(parcels.name), frame)
    columns |= neighbour_facts(everything, sliver_m2=parcels.sliver_m2)
    chunks = []
    for start in range(0, len(frame), CHUNK):
        values = {"done": start, "count": len(frame)}
        say(Title("Facts: {done} of {count} parcels measured"), values)
        rows = np.zeros(len(frame), dtype=np.bool_)
        rows[start : start + CHUNK] = True
        chunks.append(measure(everything.some(rows), covers, region))
    say(Title("Facts: {count} parcels measured"), {"count": len(frame)})
    table = concat([DataFrame(columns), concat(chunks)], axis=1)
    measured = {cover.layer.name: seen[cover.layer.name] for cover in covers}
    measured[parcels.name] = seen[parcels.name]
    return Facts(
        table=_typed(table),
        version=facts_version(measured, region),
        layers=dict(sorted(measured.items())),
        built_at=datetime.now(UTC).isoformat(timespec="seconds"),
        seen=seen,
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
    columns = measured_facts(ground, region)
    # Many layers share one coverage, the province: each is measured against once.
    shares: dict[str, Series] = {}
    edges: dict[str, Series] = {}
    for cover in covers:
        layer, origin = cover.layer, cover.origin
        if (_is_areal(layer) or layer.role == "zoning") and origin not in shares:
            shares[origin] = covered_share(ground.plane, cover.outline)
        if "distance" in layer.measured and origin not in edges:
            edges[origin] = distance_to_coverage_edge(ground.plane, cover.outline)
        columns |= dict(
            _layer_facts(ground, cover, shares.get(origin), edges.get(origin))
        )
    return DataFrame(columns, index=ground.index)


def _layer_facts(
    ground: Ground, cover: Cover, covered: Series | None, edge_m: Series | None
) -> Iterator[tuple[str, Series]]:
    """Measure some parcels against one layer, its coverage being measured."""
    layer = cover.layer
    if layer.fact:
        feature = membership_fact(ground, cover)
        yield layer.fact, feature
        proven = membership_evidence(ground, cover, feature, covered)
        yield str(proven.name), proven
        for name, column in layer.carry.items():
            taken = feature.map(cover.features[column])
            yield name, taken.fillna("") if is_string_dtype(taken.dtype) else taken
    if covered is not None and layer.role == "zoning":
        yield from zoning_facts(ground, cover, covered).items()
    if covered is not None and _is_areal(layer):
        yield from overlap_facts(ground, cover, covered).items()
    if edge_m is not None and "distance" in layer.measured:
        yield from distance_facts(ground, cover, edge_m).items()


def _is_areal(layer: Layer) -> bool:
    """Tell layers whose overlaps become facts."""
    return "overlap" in layer.measured or "inside" in layer.measured


def _in_order(seen: dict[str, str], catalog: Catalog) -> list[str]:
    """Put the loaded layers in the catalogue's order, unknown ones last."""
    return [
        *(name for name in catalog if name in seen),
        *(name for name in seen if name not in catalog),
    ]


def _parcels(layers: dict[str, Layer]) -> Layer:
    """Find the parcels among the loaded layers."""
    for layer in layers.values():
        if layer.role == "parcel":
            return layer
    raise LayerMissingError(
        "No parcels are loaded: run `landmap ingest {layer}`.", layer="parcels"
    )


def _is_measured(layer: Layer) -> bool:
    return bool(layer.measured or layer.fact or layer.role == "zoning")


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
    if "county_code" in table:
        county = table["county_code"]
        prefecture = (county.str[:4] + "00").where(county != "", "")
        at = list(table.columns).index("county_code") + 1
        table.insert(at, "prefecture_code", prefecture)
    few = [name for name in table.columns if name in CATEGORIES]
    few += [name for name in table.columns if str(name).endswith("_evidence")]
    return table.astype(dict.fromkeys(few, "category")).copy()

"""What all sessions share.

Everything is keyed by the version it was made of, so that a layer loaded while the app
runs is seen at the next run of a page. Frames and facts are shared between sessions and
are never changed.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import streamlit as st
from geopandas import GeoDataFrame, GeoSeries
from pandas import DataFrame, Index, Series
from shapely import set_precision, transform
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from gis.box_index import BoxIndex
from gis.crs import equal_area
from gis.errors import LandMapError
from layers import english_names
from layers.catalog import Catalog
from layers.check_files import CheckFiles
from layers.facts import Facts
from layers.facts_store import FactStore
from layers.manifest import Manifest
from layers.open_data import open_frame as open_frame_of
from layers.published import (
    Published,
    PublishedLayers,
    published_home,
    read_published,
)
from layers.raster import Raster
from layers.raster_source import RasterSource
from layers.raster_store import FOLDER as RASTERS
from layers.raster_store import RasterStore
from layers.rectangles import rectangles_kept
from layers.region import Region
from layers.sandbox import Sandbox
from layers.shapes_at import ShapesAt, shapes_at, shapes_in
from layers.store import LayerStore
from layers.tiles import TileSource
from layers.tiles import tile_source as open_tiles
from ledger import accounts, policies, regions, rules
from ledger.model import Actor, Role
from ledger.policy_files import PolicyFiles
from ledger.policy_library import Library, library
from ledger.regions import ManagementRegion
from ledger.unit_of_work import CHINA, Ledger
from ui import start
from ui.identity import Identity
from ui.parcel_ground import ParcelGround
from ui.parcel_shapes import ParcelShapes
from ui.places import KIND_OF, Directory, directory_of
from ui.public_facts import SHOWN_FACTS, public_facts, public_rows
from ui.searched import Searched, searched_in
from ui.settings import Settings, settings
from ui.shared_cache import shared

if TYPE_CHECKING:
    from siting.board import Board
    from siting.need import Need
    from siting.screen import Screening

__all__ = ["settings"]

# Layers whose names the map writes, the greater places first, and as what.
NAMED = {
    "prefecture": "prefecture",
    "county": "county",
    "settlement": "town",
    "development_zone": "zone",
}
PLACES = ("county", "prefecture", "province")  # whose names are known in English
NOBODY = Actor(name="", role=Role.PUBLIC)  # for what is nobody's secret
_CLASSED = ("county_code", "land_use_code", "area_m2")
_OUTLINE_M = 1_000.0  # what a chart of a province can show
WHOLE = 0.98  # of the widest coverage: outlines of one province differ a little


def data_home() -> Path:
    """Return the folder that layers, facts and pictures are read from.

    Nothing here reads them from anywhere else: a public process has the published
    dataset and cannot open what lies beside it.

    Returns:
        The home; of a public process the published version in force, which is laid
        out as a home is.
    """
    chosen = settings()
    if not chosen.public:
        return chosen.home
    # Asked for hundreds of times in a run: a newer version is seen within a second.
    return _published_folder(chosen.home, int(monotonic()))


@lru_cache(maxsize=2)
def _published_folder(home: Path, _second: int) -> Path:
    return published_home(home)


def published() -> Published:
    """Return what is told of the published dataset in force."""
    return _published(published_home(settings().home))


def open_frame() -> GeoDataFrame:
    """Return the open data of the published version in force; never to be changed."""
    return _open_frame(published_home(settings().home))


def catalog() -> Catalog:
    """Return the declared layers; of a public process those that are published."""
    if settings().public:
        return _published_catalog(data_home())
    return _catalog()


@st.cache_resource(show_spinner=False)
def _catalog() -> Catalog:
    return start.catalog_of(settings())


def rasters() -> dict[str, Raster]:
    """Return the declared pictures of the ground by name."""
    if settings().public:
        kept = raster_store()
        return {name: kept.manifest(name).raster for name in kept.versions()}
    return _rasters()


@st.cache_resource(show_spinner=False)
def _rasters() -> dict[str, Raster]:
    return start.rasters_of(settings())


def raster_store() -> RasterStore:
    """Return the store of the pictures."""
    return RasterStore(data_home() / RASTERS)


def raster_source(name: str, version: str = "") -> RasterSource:
    """Return a version of a picture, opened once.

    Args:
        name: The picture.
        version: The version; without one, the current.

    Returns:
        What draws its tiles.
    """
    return _raster_source(data_home(), name, version or raster_store().version(name))


@st.cache_resource(show_spinner=False)
def region() -> Region:
    """Return the region the app works in."""
    return start.region_of(settings())


def store() -> LayerStore:
    """Return the layer store."""
    chosen = settings()
    if chosen.public:  # whatever database the offices keep their layers in
        return _published_layers(data_home())
    return start.layers_of(chosen)


@lru_cache(maxsize=4)
def _published_layers(folder: Path) -> PublishedLayers:
    return PublishedLayers(folder / "layers")


def ledger() -> Ledger:
    """Return the ledger of this process."""
    return ledger_of(settings())


def account_actor(who: Identity) -> Actor | None:
    """Return whom somebody who signed in acts as, looked up at most a second ago.

    Args:
        who: The person, as the provider's cookie proves.

    Returns:
        The actor; None where they have no account, or a disabled one.
    """
    return _account_actor(settings(), who)


@st.cache_data(show_spinner=False, ttl=1, max_entries=1024)
def _account_actor(chosen: Settings, who: Identity) -> Actor | None:
    with ledger_of(chosen).read(accounts.OPERATOR) as work:
        account = accounts.signed_in(work, who.issuer, who.subject, who.email)
    if account is None or account.disabled:
        return None
    actor = accounts.actor_of(account)
    if account.subject != who.subject:
        with ledger_of(chosen).begin(actor) as work:
            accounts.bind(work, account, who.subject)
            work.commit()
    return actor


@st.cache_resource(show_spinner=False, on_release=Sandbox.close)
def sandbox() -> Sandbox:
    """Return where files of strangers are opened: one for the process, kept warm."""
    return Sandbox()


def policy_library() -> Library:
    """Return the published documents of today; shared, never to be changed."""
    with ledger().read(NOBODY) as work:
        version = policies.library_version(work)
    return _policy_library(settings(), version)


@st.cache_resource(show_spinner=False, max_entries=2)
def _policy_library(chosen: Settings, version: str) -> Library:  # noqa: ARG001 - the key
    with ledger().read(NOBODY) as work:
        return library(work)


def policy_files() -> PolicyFiles:
    """Return where files of the policy desk are kept."""
    return PolicyFiles(settings().home / "policies")


def check_files() -> CheckFiles:
    """Return where checked files are kept."""
    return CheckFiles(settings().home / "checks")


def facts() -> Facts:
    """Return the newest facts of all parcels; shared, never to be changed."""
    facts_store = FactStore(data_home() / "facts")
    kept = rectangles_kept(facts_store.home)
    return _facts(data_home(), facts_store.version(), kept)


def layer_frame(name: str) -> GeoDataFrame:
    """Return a whole layer, EPSG:4490; shared, never to be changed.

    Args:
        name: Name in the catalogue; meant for small layers (boundaries, zones, lines).

    Returns:
        Its newest version.
    """
    return _layer_frame(data_home(), name, store().versions()[name])


def layer_coverage(name: str) -> BaseGeometry:
    """Return the ground a layer covers, EPSG:4490."""
    return _coverage(data_home(), name, store().versions()[name])


def synthetic_layers() -> list[str]:
    """List the loaded layers that are made up."""
    return [name for name, told in manifests().items() if told.layer.synthetic]


def manifests() -> dict[str, Manifest]:
    """Return what is known about the newest version of every loaded layer, by name."""
    home = data_home()
    return {
        name: _manifest(home, name, version)
        for name, version in store().versions().items()
    }


def manifest(name: str) -> Manifest:
    """Return what is known about the newest version of a layer."""
    return _manifest(data_home(), name, store().version(name))


def today() -> str:
    """Return the date of today by China's clock, as the ledger counts days."""
    return datetime.now(tz=CHINA).date().isoformat()


def place_names(spoken: str) -> dict[str, str]:
    """Return the names of counties and prefectures by code.

    Args:
        spoken: Code of the language; a place without a name in it keeps its own.

    Returns:
        Names by six-digit code; empty where no boundaries are loaded.
    """
    return _place_names(data_home(), place_versions(), spoken)


def place_versions() -> tuple[tuple[str, str], ...]:
    """Return the layers that name counties and prefectures, with their versions."""
    versions = store().versions()
    return tuple((n, versions[n]) for n in ("county", "prefecture") if n in versions)


def office_names(spoken: str) -> dict[str, str]:
    """Return the names of all places that have an office.

    Args:
        spoken: Code of the language.

    Returns:
        Names by code: counties, prefectures and management regions.
    """
    own = {
        one.code: one.english if spoken == "en" else one.title
        for one in management_regions()
    }
    return place_names(spoken) | own


def management_regions() -> list[ManagementRegion]:
    """Return the management regions in force; shared, never to be changed."""
    return _management_regions(settings())


def names_version() -> str:
    """Return a hash of the layers that name places on the map."""
    told = "/".join(f"{name}:{version}" for name, version in _naming_layers())
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def map_names(spoken: str) -> list[dict[str, Any]]:
    """Return what the map writes on the ground, the greater places first.

    Args:
        spoken: Code of the language; a place without a name in it keeps its own.

    Returns:
        Kind, name and latitude, longitude of each; public layers only.
    """
    return _map_names(data_home(), _naming_layers(), spoken)


def _naming_layers() -> tuple[tuple[str, str], ...]:
    """List the public layers that name places, with their versions."""
    loaded, declared = store().versions(), catalog()
    return tuple(
        (name, loaded[name])
        for name in NAMED
        if name in loaded and name in declared and declared[name].publish == "public"
    )


def zone_names(spoken: str) -> dict[str, str]:
    """Return the names of the development zones by code; empty without them."""
    versions = store().versions()
    if "development_zone" not in versions:
        return {}
    loaded = (("development_zone", versions["development_zone"]),)
    return _place_names(data_home(), loaded, spoken)


def english_name(name: str) -> str:
    """Write a Chinese name for readers of English: known places, pinyin else."""
    versions = store().versions()
    loaded = tuple((n, versions[n]) for n in PLACES if n in versions)
    return english_names.english_name(name, _english_names(settings().home, loaded))


def parcel_shapes() -> ParcelShapes:
    """Return the parcels' geometries by id, read as they are asked for."""
    return _parcel_shapes(data_home(), store().version("parcels"))


def map_version(name: str) -> str:
    """Return the version of a layer that the map draws.

    Args:
        name: Name in the catalogue.

    Returns:
        Of parcels the version that the facts were measured on, so that the numbers of
        an answer are the numbers in the tiles; of other layers the newest.
    """
    measured = facts().layers.get(name) if name == "parcels" else None
    return measured or store().version(name)


def tile_source(name: str) -> TileSource:
    """Return what a layer's tiles are made of, opened once for each version."""
    return tile_source_of(name, map_version(name))


def tile_source_of(name: str, version: str) -> TileSource:
    """Return what the tiles of a version are made of, opened once."""
    return _tile_source(data_home(), name, version)


def is_partly_covered(name: str) -> bool:
    """Tell whether a layer was looked for in a part of the region only.

    Args:
        name: Name in the catalogue.

    Returns:
        False where its coverage is that of the widest layer.
    """
    widest = _widest_m2(data_home(), tuple(store().versions().items()))
    return manifest(name).coverage_area_m2 < WHOLE * widest


def map_setting(spoken: str, *, internal: bool) -> tuple[str, str]:
    """Return the map's words and layers, gathered once for each state of the data.

    Args:
        spoken: Code of the language.
        internal: Whether what is internal is among them.

    Returns:
        A hash of them, and they as JSON.
    """
    loaded = tuple(store().versions().items())
    pictures = tuple(raster_store().versions().items())
    state = (*loaded, *pictures, ("facts", facts().version))
    return _map_setting(data_home(), state, spoken, internal)


def searched(*, internal: bool, area: bytes | None = None) -> Searched:
    """Return the parcels that are searched.

    Args:
        internal: Whether parcels marked internal are among them.
        area: Polygons they are held to, EPSG:4490, well-known binary; None for all.

    Returns:
        Their facts; shared, never to be changed.
    """
    return _searched(data_home(), facts().version, internal, area)


def facts_of(*, internal: bool) -> Facts:
    """Return the facts of all parcels, or of those that are public.

    Args:
        internal: Whether parcels marked internal are among them.

    Returns:
        Facts; shared, never to be changed.
    """
    everything = facts()
    if internal:
        return everything
    return _public_facts(data_home(), everything.version)


def parcel_ground(*, internal: bool) -> ParcelGround:
    """Return the parcels by their number in the tiles and by place.

    Args:
        internal: Whether parcels marked internal are among them.

    Returns:
        Facts, bounds and shapes of one version; shared, never to be changed.
    """
    return _parcel_ground(data_home(), facts().version, internal)


def directory(*, internal: bool) -> Directory:
    """Return what can be found by name.

    Args:
        internal: Whether layers and parcels marked internal are among it.

    Returns:
        Made once for each version of the data; shared, never to be changed.
    """
    versions, declared = store().versions(), catalog()
    seen = tuple(
        (name, versions[name])
        for name in KIND_OF
        if name in versions
        and name in declared
        and (internal or declared[name].publish == "public")
    )
    return _directory(data_home(), seen, facts().version, internal)


def screening(
    need: "Need",
    *,
    claims: Mapping[str, str] | None = None,
    project: str = "",
    internal: bool = True,
    area: bytes | None = None,
) -> "Screening":
    """Screen all parcels, once for each need, facts and claims.

    Args:
        need: What is asked for.
        claims: Code of the project that holds a parcel, by parcel; a complete
            snapshot. None: nothing is known of claims.
        project: The project that asks, as `claims` writes it.
        internal: Whether parcels marked internal are screened.
        area: Polygons that the search is held to, EPSG:4490, well-known binary.

    Returns:
        The answer; shared, never to be changed.
    """
    held = None if claims is None else tuple(sorted(claims.items()))
    laid_out = board(internal=internal, area=area)
    key = (need.to_json(), laid_out.version, held, project)
    return _screening(data_home(), key, need, laid_out)


def board(*, internal: bool = True, area: bytes | None = None) -> "Board":
    """Return the newest facts laid out for screening, of an area or of all."""
    return _board(data_home(), facts().version, internal, area)


def land_by_class(*, internal: bool) -> Mapping[tuple[str, str], float]:
    """Add up the parcels' areas by county and class of planned land use.

    Args:
        internal: Whether parcels marked internal are among them.

    Returns:
        Square metres by county and class; shared, never to be changed.
    """
    return _land_by_class(data_home(), facts().version, internal)


def land_held(
    held_m2: Mapping[str, float], *, internal: bool
) -> Mapping[tuple[str, str], float]:
    """Add up the land that is held by county and class of planned land use.

    Args:
        held_m2: Square metres held, by parcel; parcels that are not loaded are left
            out, and no more is held of one than there is.
        internal: Whether parcels marked internal are among them.

    Returns:
        Square metres by county and class.
    """
    table = facts_of(internal=internal).table
    held = Series(dict(held_m2), dtype=float)
    at = table.index.get_indexer(Index(held.index, dtype=table.index.dtype))
    some = table.iloc[at[at >= 0]][list(_CLASSED)]
    least = held[at >= 0].to_numpy().clip(max=some["area_m2"].fillna(0.0).to_numpy())
    return _area_by_class(some.assign(area_m2=least))


def county_outlines() -> Sequence[tuple[str, Mapping[str, Any]]]:
    """Return the counties' outlines for a small chart: code and GeoJSON geometry.

    Returns:
        Shapes in an equal-area plane of the region, in whole 100 m, neighbours still
        touching; empty where no counties are loaded.
    """
    versions = store().versions()
    if "county" not in versions:
        return ()
    return _county_outlines(data_home(), versions["county"])


@shared(4)
def _published(folder: Path) -> Published:
    return read_published(folder)


@st.cache_resource(show_spinner=False, max_entries=2)
def _open_frame(folder: Path) -> GeoDataFrame:
    return open_frame_of(folder)


@lru_cache(maxsize=4)
def _published_catalog(home: Path) -> Catalog:
    kept = _published_layers(home)
    return Catalog({name: kept.manifest(name).layer for name in kept.versions()})


@lru_cache(maxsize=8)  # asked for at every name: Streamlit's cache takes 0.5 ms
def _place_names(
    home: Path, loaded: tuple[tuple[str, str], ...], spoken: str
) -> dict[str, str]:
    names: dict[str, str] = {}
    for layer, version in loaded:
        frame = _layer_frame(home, layer, version)
        column = "name_en" if spoken == "en" and "name_en" in frame else "name"
        names |= dict(zip(map(str, frame.index), map(str, frame[column]), strict=True))
    return names


@shared(2)
def _english_names(
    home: Path, loaded: tuple[tuple[str, str], ...]
) -> Mapping[str, str]:
    chinese, english = (_place_names(home, loaded, one) for one in ("zh_CN", "en"))
    return english_names.known_names({
        chinese[code]: name for code, name in english.items()
    })


@st.cache_resource(show_spinner=False, ttl=60)
def _management_regions(chosen: Settings) -> list[ManagementRegion]:  # noqa: ARG001 - the key
    """Read the management regions in force; an edition is seen within a minute."""
    try:
        with ledger().read(NOBODY) as work:
            return regions.regions(work)
    except LandMapError:
        # Names are asked for while a refusal is told, of a ledger that may be broken.
        return regions.of_rules(rules.shipped(regions.TABLE))


@shared(8)
def _map_names(
    home: Path, loaded: tuple[tuple[str, str], ...], spoken: str
) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    for layer, version in loaded:
        frame = _layer_frame(home, layer, version)
        column = "name_en" if spoken == "en" and "name_en" in frame else "name"
        points = frame.geometry.representative_point()
        # Zones have no English name of their own; other places without one keep theirs.
        spelled = spoken == "en" and column == "name" and layer == "development_zone"
        told += [
            {
                "kind": NAMED[layer],
                "name": english_name(name) if spelled else name,
                "at": [round(y, 5), round(x, 5)],
            }
            for name, y, x in zip(frame[column], points.y, points.x, strict=True)
            if isinstance(name, str) and name
        ]
    return told


@st.cache_resource(show_spinner=False, max_entries=2)
def _parcel_shapes(home: Path, version: str) -> ParcelShapes:
    kept = store()

    def read(ids: Sequence[str]) -> GeoSeries:
        """Read by place where the facts are of this version, else by key."""
        measured = facts()
        if measured.layers.get("parcels") != version:
            return kept.read("parcels", columns=[], ids=ids).geometry
        places = measured.table.index.get_indexer(Index(ids))
        return _shapes_at(home, version).of(places)

    return ParcelShapes(read)


@shared(2)
def _shapes_at(home: Path, version: str) -> ShapesAt:  # noqa: ARG001 - the key
    return shapes_at(store(), "parcels")


@st.cache_resource(show_spinner=False, max_entries=64)
def _raster_source(home: Path, name: str, version: str) -> RasterSource:
    return RasterSource(RasterStore(home / RASTERS), name, version)


@shared(8)
def _widest_m2(home: Path, loaded: tuple[tuple[str, str], ...]) -> float:
    return max(_manifest(home, *one).coverage_area_m2 for one in loaded)


@shared(32)
def _map_setting(
    home: Path,  # noqa: ARG001 - part of the key
    state: tuple[tuple[str, str], ...],  # noqa: ARG001 - part of the key
    spoken: str,
    internal: bool,  # noqa: FBT001 - part of the key
) -> tuple[str, str]:
    from ui.i18n import speaking  # noqa: PLC0415 - it asks us for names of places
    from ui.map_layers import map_setting  # noqa: PLC0415 - it asks us for layers

    with speaking(spoken):
        told = json.dumps(
            map_setting(internal=internal), ensure_ascii=False, separators=(",", ":")
        )
    return hashlib.sha256(told.encode()).hexdigest()[:16], told


@st.cache_resource(show_spinner=False, max_entries=128)
def _tile_source(home: Path, name: str, version: str) -> TileSource:  # noqa: ARG001
    return open_tiles(store(), name, version)


@shared(16)
def _searched(home: Path, version: str, internal: bool, area: bytes | None) -> Searched:  # noqa: ARG001, FBT001 - the key
    return searched_in(
        facts_of(internal=internal), parcel_ground(internal=internal), area
    )


@shared(2)
def _public_facts(home: Path, version: str) -> Facts:  # noqa: ARG001 - part of the key
    return public_facts(facts(), catalog())


@shared(4)
def _parcel_ground(home: Path, version: str, internal: bool) -> ParcelGround:  # noqa: ARG001, FBT001 - the key
    everything = facts()
    table, rows = facts_of(internal=internal).table, None
    if not internal:
        rows = public_rows(everything, catalog())
        table = table[[name for name in table.columns if name in SHOWN_FACTS]]
    measured = everything.layers.get("parcels") or store().version("parcels")
    key = store().manifest_of("parcels", measured).layer.key_column
    return ParcelGround(
        version=measured,
        table=table,
        rows=rows,
        boxes=BoxIndex(table),
        shapes=shapes_in(store().folder_of("parcels", measured), key),
    )


@shared(4)
def _directory(
    home: Path,
    loaded: tuple[tuple[str, str], ...],
    version: str,  # noqa: ARG001 - part of the key
    internal: bool,  # noqa: FBT001 - part of the key
) -> Directory:
    frames = {name: _layer_frame(home, name, at) for name, at in loaded}
    return directory_of(frames, parcel_ground(internal=internal))


@shared(16)
def _board(
    home: Path,  # noqa: ARG001 - part of the key
    version: str,  # noqa: ARG001 - part of the key
    internal: bool,  # noqa: FBT001 - part of the key
    area: bytes | None,
) -> "Board":
    from siting.screen import prepare  # noqa: PLC0415 - the terminal starts without it
    from siting.tally import loops_at_hand  # noqa: PLC0415 - the same

    laid_out = prepare(searched(internal=internal, area=area).facts)
    # Many parcels are screened by compiled loops: made ready behind the first answer.
    loops_at_hand(len(laid_out))
    return laid_out


@shared(64, key=lambda home, key, *_: (home, key))
def _screening(
    home: Path,  # noqa: ARG001 - part of the key
    key: tuple[str, str, tuple[tuple[str, str], ...] | None, str],
    _need: "Need",
    _board: "Board",
) -> "Screening":
    from siting.screen import screen  # noqa: PLC0415 - the terminal starts without it

    held = None if key[2] is None else Series(dict(key[2]), dtype=str)
    return screen(_need, _board, claims=held, project_id=key[3] or None)


@shared(4)
def _land_by_class(
    home: Path,  # noqa: ARG001 - part of the key
    version: str,  # noqa: ARG001 - part of the key
    internal: bool,  # noqa: FBT001 - part of the key
) -> Mapping[tuple[str, str], float]:
    return _area_by_class(facts_of(internal=internal).table[list(_CLASSED)])


def _area_by_class(table: DataFrame) -> Mapping[tuple[str, str], float]:
    from ui.land_balance import class_of  # noqa: PLC0415 - it asks us for land

    classes = table["land_use_code"].fillna("").astype(str).map(class_of)
    counties = table["county_code"].fillna("").astype(str)
    summed = table["area_m2"].groupby([counties, classes]).sum()
    keys: list[tuple[str, str]] = list(summed.index)
    return dict(zip(keys, summed.to_numpy(dtype=float).tolist(), strict=True))


@shared(2)
def _county_outlines(
    home: Path, version: str
) -> Sequence[tuple[str, Mapping[str, Any]]]:
    frame = _layer_frame(home, "county", version)
    west, south, east, north = frame.total_bounds
    plane = frame.geometry.to_crs(equal_area((west, south, east, north)))
    slim = plane.simplify_coverage(_OUTLINE_M)
    rough = set_precision(slim.to_numpy(), _OUTLINE_M / 10, mode="pointwise")
    return tuple(
        (str(code), mapping(transform(shape, lambda xy: xy / 100)))
        for code, shape in zip(frame.index, rough, strict=True)
    )


@st.cache_resource(show_spinner=False, on_release=Ledger.close)
def ledger_of(chosen: Settings) -> Ledger:
    """Return the ledger of some settings, opened once."""
    return start.open_ledger(chosen)


@shared(2)
def _facts(home: Path, version: str | None, rectangles: str) -> Facts:  # noqa: ARG001 - the key
    return FactStore(home / "facts").read()


@lru_cache(maxsize=256)  # a page asks for each layer; Streamlit's cache takes 0.5 ms
def _manifest(home: Path, name: str, version: str) -> Manifest:  # noqa: ARG001
    return store().manifest(name)


@shared(64)
def _layer_frame(home: Path, name: str, version: str) -> GeoDataFrame:  # noqa: ARG001
    return store().read(name)


@shared(64)
def _coverage(home: Path, name: str, version: str) -> BaseGeometry:  # noqa: ARG001
    return store().coverage(name)

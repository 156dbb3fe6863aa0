"""What all sessions share: the only `st.cache_*` of the app.

Everything is keyed by the version it was made of, so that a layer loaded while the app
runs is seen at the next run of a page. Frames and facts are shared between sessions and
are never changed.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st
from geopandas import GeoDataFrame, GeoSeries
from pandas import Index, Series
from shapely.geometry.base import BaseGeometry

from gis.box_index import BoxIndex
from gis.crs import CGCS2000
from layers.catalog import Catalog
from layers.facts import Facts
from layers.facts_store import FactStore
from layers.manifest import Manifest
from layers.rectangles import rectangles_kept
from layers.region import Region
from layers.shapes_at import ShapesAt, shapes_at
from layers.store import LayerStore
from ledger.unit_of_work import Ledger
from ui import map_sections, start
from ui.cartography import Box, Section
from ui.parcel_shapes import ParcelShapes
from ui.public_facts import public_facts
from ui.settings import Settings, settings

if TYPE_CHECKING:
    from siting.board import Board
    from siting.need import Need
    from siting.screen import Screening

__all__ = ["settings"]

WHOLE = 0.98  # of the widest coverage: outlines of one province differ a little


@st.cache_resource(show_spinner=False)
def catalog() -> Catalog:
    """Return the declared layers."""
    return start.catalog_of(settings())


@st.cache_resource(show_spinner=False)
def region() -> Region:
    """Return the region the app works in."""
    return start.region_of(settings())


def store() -> LayerStore:
    """Return the layer store."""
    return LayerStore(settings().home / "layers")


def ledger() -> Ledger:
    """Return the ledger of this process."""
    return _ledger(settings())


def facts() -> Facts:
    """Return the newest facts of all parcels; shared, never to be changed."""
    facts_store = FactStore(settings().home / "facts")
    kept = rectangles_kept(facts_store.home)
    return _facts(settings().home, facts_store.version(), kept)


def layer_frame(name: str) -> GeoDataFrame:
    """Return a whole layer, EPSG:4490; shared, never to be changed.

    Args:
        name: Name in the catalogue; meant for small layers (boundaries, zones, lines).

    Returns:
        Its newest version.
    """
    return _layer_frame(settings().home, name, store().versions()[name])


def layer_coverage(name: str) -> BaseGeometry:
    """Return the ground a layer covers, EPSG:4490."""
    return _coverage(settings().home, name, store().versions()[name])


def synthetic_layers() -> list[str]:
    """List the loaded layers that are made up."""
    return [name for name in store().versions() if manifest(name).layer.synthetic]


def manifest(name: str) -> Manifest:
    """Return what is known about the newest version of a layer."""
    return _manifest(settings().home, name, store().version(name))


def today() -> str:
    """Return the date of today, as the ledger writes it."""
    return datetime.now(tz=UTC).astimezone().date().isoformat()


def place_names(spoken: str) -> dict[str, str]:
    """Return the names of counties and prefectures by code.

    Args:
        spoken: Code of the language; a place without a name in it keeps its own.

    Returns:
        Names by six-digit code; empty where no boundaries are loaded.
    """
    versions = store().versions()
    loaded = tuple((n, versions[n]) for n in ("county", "prefecture") if n in versions)
    return _place_names(settings().home, loaded, spoken)


def zone_names(spoken: str) -> dict[str, str]:
    """Return the names of the development zones by code; empty without them."""
    versions = store().versions()
    if "development_zone" not in versions:
        return {}
    loaded = (("development_zone", versions["development_zone"]),)
    return _place_names(settings().home, loaded, spoken)


def parcel_shapes() -> ParcelShapes:
    """Return the parcels' geometries by id, read as they are asked for."""
    return _parcel_shapes(settings().home, store().version("parcels"))


def base_sections(spoken: str) -> tuple[Section, ...]:
    """Return the quiet base of the map, in a language."""
    versions = store().versions()
    loaded = tuple((n, versions[n]) for n in ("county", "prefecture") if n in versions)
    return _base_sections(settings().home, loaded, spoken)


def layer_section(name: str, spoken: str, limit: int) -> Section:
    """Return a layer as the map draws it.

    Args:
        name: Name in the catalogue.
        spoken: Language of its names.
        limit: At most this many features.

    Returns:
        Its section, made once for each version.
    """
    version = store().version(name)
    return _layer_section(settings().home, name, version, spoken, limit)


def layer_near(name: str, box: Box) -> Section:
    """Return a layer to the metre, inside a box.

    Args:
        name: Name in the catalogue.
        box: West, south, east, north in degrees.

    Returns:
        Its section, read once for each version and box.
    """
    return _layer_near(settings().home, name, store().version(name), box)


def coverage_section(name: str) -> Section | None:
    """Return how far a layer was looked for; None where that is everywhere.

    Args:
        name: Name in the catalogue.

    Returns:
        Its section, made once for each version.
    """
    areas = [manifest(other).coverage_area_m2 for other in store().versions()]
    if manifest(name).coverage_area_m2 >= WHOLE * max(areas):
        return None
    return _coverage_section(settings().home, name, store().version(name))


def layer_size(name: str) -> int:
    """Return how many features a layer holds."""
    return manifest(name).count


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
    return _public_facts(settings().home, everything.version)


def boxes(*, internal: bool) -> BoxIndex:
    """Return the bounds of the parcels, EPSG:4490, to be found by place.

    Args:
        internal: Whether parcels marked internal are among them.

    Returns:
        Their index, made once for each version of the facts.
    """
    return _boxes(settings().home, facts().version, internal)


def screening(
    need: "Need",
    *,
    claims: Mapping[str, str] | None = None,
    project: str = "",
    internal: bool = True,
) -> "Screening":
    """Screen all parcels, once for each need, facts and claims.

    Args:
        need: What is asked for.
        claims: Code of the project that holds a parcel, by parcel; a complete
            snapshot. None: nothing is known of claims.
        project: The project that asks, as `claims` writes it.
        internal: Whether parcels marked internal are screened.

    Returns:
        The answer; shared, never to be changed.
    """
    held = None if claims is None else tuple(sorted(claims.items()))
    laid_out = board(internal=internal)
    key = (need.to_json(), laid_out.version, held, project)
    return _screening(settings().home, key, need, laid_out)


def board(*, internal: bool = True) -> "Board":
    """Return the newest facts laid out for screening."""
    return _board(settings().home, facts().version, internal)


@st.cache_resource(show_spinner=False, max_entries=8)
def _place_names(
    home: Path, loaded: tuple[tuple[str, str], ...], spoken: str
) -> dict[str, str]:
    names: dict[str, str] = {}
    for layer, version in loaded:
        frame = _layer_frame(home, layer, version)
        column = "name_en" if spoken == "en" and "name_en" in frame else "name"
        names |= dict(zip(map(str, frame.index), map(str, frame[column]), strict=True))
    return names


@st.cache_resource(show_spinner=False, max_entries=2)
def _parcel_shapes(home: Path, version: str) -> ParcelShapes:
    kept = LayerStore(home / "layers")

    def read(ids: Sequence[str]) -> GeoSeries:
        """Read by place where the facts are of this version, else by key."""
        measured = facts()
        if measured.layers.get("parcels") != version:
            return kept.read("parcels", columns=[], ids=ids).geometry
        places = measured.table.index.get_indexer(Index(ids))
        return _shapes_at(home, version).of(places)

    return ParcelShapes(read)


@st.cache_resource(show_spinner=False, max_entries=2)
def _shapes_at(home: Path, version: str) -> ShapesAt:  # noqa: ARG001 - part of the key
    return shapes_at(LayerStore(home / "layers"), "parcels")


@st.cache_resource(show_spinner=False, max_entries=8)
def _base_sections(
    home: Path, loaded: tuple[tuple[str, str], ...], spoken: str
) -> tuple[Section, ...]:
    drawn = {"county": map_sections.counties, "prefecture": map_sections.prefectures}
    return tuple(
        part
        for layer, version in loaded
        for part in drawn[layer](_layer_frame(home, layer, version), language=spoken)
    )


@st.cache_resource(show_spinner=False, max_entries=128)
def _layer_section(
    home: Path, name: str, version: str, spoken: str, limit: int
) -> Section:
    layer, frame = catalog()[name], _layer_frame(home, name, version)
    points = set(frame.geom_type) <= {"Point", "MultiPoint"}
    draw = map_sections.symbols if points else map_sections.areas
    return draw(layer, frame, limit=limit, language=spoken)


@st.cache_resource(show_spinner=False, max_entries=128)
def _layer_near(home: Path, name: str, version: str, box: Box) -> Section:  # noqa: ARG001
    frame = LayerStore(home / "layers").read(name, columns=[], box=box)
    return map_sections.details(catalog()[name], frame, box)


@st.cache_resource(show_spinner=False, max_entries=32)
def _coverage_section(home: Path, name: str, version: str) -> Section:
    outline = GeoSeries([_coverage(home, name, version)], crs=CGCS2000)
    return map_sections.looked_at(catalog()[name], outline)


@st.cache_resource(show_spinner=False, max_entries=2)
def _public_facts(home: Path, version: str) -> Facts:  # noqa: ARG001 - part of the key
    return public_facts(facts(), catalog())


@st.cache_resource(show_spinner=False, max_entries=4)
def _boxes(home: Path, version: str, internal: bool) -> BoxIndex:  # noqa: ARG001, FBT001 - the key
    return BoxIndex(facts_of(internal=internal).table)


@st.cache_resource(show_spinner=False, max_entries=4)
def _board(home: Path, version: str, internal: bool) -> "Board":  # noqa: ARG001, FBT001 - the key
    from siting.screen import prepare  # noqa: PLC0415 - the terminal starts without it
    from siting.tally import loops_at_hand  # noqa: PLC0415 - the same

    laid_out = prepare(facts_of(internal=internal))
    # Many parcels are screened by compiled loops: made ready behind the first answer.
    loops_at_hand(len(laid_out))
    return laid_out


@st.cache_resource(show_spinner=False, max_entries=64)
def _screening(
    home: Path,  # noqa: ARG001 - part of the key
    key: tuple[str, str, tuple[tuple[str, str], ...] | None, str],
    _need: "Need",
    _board: "Board",
) -> "Screening":
    from siting.screen import screen  # noqa: PLC0415 - the terminal starts without it

    held = None if key[2] is None else Series(dict(key[2]), dtype=str)
    return screen(_need, _board, claims=held, project_id=key[3] or None)


@st.cache_resource(show_spinner=False)
def _ledger(chosen: Settings) -> Ledger:
    return start.open_ledger(chosen)


@st.cache_resource(show_spinner=False, max_entries=2)
def _facts(home: Path, version: str | None, rectangles: str) -> Facts:  # noqa: ARG001 - the key
    return FactStore(home / "facts").read()


@st.cache_resource(show_spinner=False, max_entries=64)
def _manifest(home: Path, name: str, version: str) -> Manifest:  # noqa: ARG001
    return LayerStore(home / "layers").manifest(name)


@st.cache_resource(show_spinner=False, max_entries=64)
def _layer_frame(home: Path, name: str, version: str) -> GeoDataFrame:  # noqa: ARG001
    return LayerStore(home / "layers").read(name)


@st.cache_resource(show_spinner=False, max_entries=64)
def _coverage(home: Path, name: str, version: str) -> BaseGeometry:  # noqa: ARG001
    return LayerStore(home / "layers").coverage(name)

"""What all sessions share: the only `st.cache_*` of the app.

Everything is keyed by the version it was made of, so that a layer loaded while the app
runs is seen at the next run of a page. Frames and facts are shared between sessions and
are never changed.
"""

from datetime import UTC, datetime
from pathlib import Path

import streamlit as st
from geopandas import GeoDataFrame
from layers.facts import Facts, FactStore
from shapely.geometry.base import BaseGeometry

from layers.catalog import Catalog
from layers.manifest import Manifest
from layers.region import Region
from layers.store import LayerStore
from ledger.unit_of_work import Ledger
from ui import start
from ui.settings import Settings, settings

__all__ = ["settings"]


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
    return _facts(settings().home, facts_store.version())


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
    loaded = store().versions()
    return [
        name for name, layer in catalog().items() if layer.synthetic and name in loaded
    ]


def manifest(name: str) -> Manifest:
    """Return what is known about the newest version of a layer."""
    return store().manifest(name)


def today() -> str:
    """Return the date of today, as the ledger writes it."""
    return datetime.now(tz=UTC).astimezone().date().isoformat()


@st.cache_resource(show_spinner=False)
def _ledger(chosen: Settings) -> Ledger:
    return start.open_ledger(chosen)


@st.cache_resource(show_spinner=False, max_entries=2)
def _facts(home: Path, version: str) -> Facts:  # noqa: ARG001 - part of the key
    return FactStore(home / "facts").read()


@st.cache_resource(show_spinner=False, max_entries=64)
def _layer_frame(home: Path, name: str, version: str) -> GeoDataFrame:  # noqa: ARG001
    return LayerStore(home / "layers").read(name)


@st.cache_resource(show_spinner=False, max_entries=64)
def _coverage(home: Path, name: str, version: str) -> BaseGeometry:  # noqa: ARG001
    return LayerStore(home / "layers").coverage(name)

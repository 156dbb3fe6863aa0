"""Bring layers in and measure the facts: what `landmap ingest` does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gis.errors import LandMapError, LayerError, LayerMissingError, StoreError
from gis.words import Title
from layers.catalog import Catalog, read_catalog
from layers.facts_renew import BY_SIZE, How, renew_facts
from layers.facts_store import FactStore
from layers.facts_table import Facts
from layers.layer import Layer
from layers.load import Say, silent
from layers.loading import in_order, loading
from layers.manifest import Manifest
from layers.readers.vector import SUFFIXES
from layers.region import Region
from layers.store import LayerStore
from layers.tiles import build_tiles


@dataclass(frozen=True)
class Ingested:
    """What an ingest brought.

    Attributes:
        manifests: What each layer loaded tells about itself, by name.
        facts: The facts measured after it.
    """

    manifests: dict[str, Manifest]
    facts: Facts


def ingest(  # noqa: PLR0913 - how to measure is told to few
    catalog: Catalog,
    store: LayerStore,
    facts: FactStore,
    region: Region,
    names_or_paths: Sequence[str | Path] | None = None,
    say: Say | None = None,
    *,
    how: How = BY_SIZE,
) -> Ingested:
    """Load layers, then measure the facts anew.

    Args:
        catalog: The declared layers.
        store: Where layers are kept.
        facts: Where facts are kept.
        region: The region to work in.
        names_or_paths: Catalogue names, files (matched to a layer by their stem),
            folders (of such files, or holding their own catalogue of TOML files).
            Without any, everything declared.
        say: Takes progress.
        how: By what engine the parcels are measured, and on which machines.

    Returns:
        What was loaded and measured.

    Raises:
        LayerError: Some layers could not be loaded; `faults` lists them all, what was
            loaded before stays, and the facts are those of what is loaded.
        StoreError: A layer in the store is damaged; the sentence names it.
    """
    say = say or silent
    catalog, files = _wanted(catalog, names_or_paths, say)
    manifests: dict[str, Manifest] = {}
    faults: list[LayerError] = []
    order = in_order(catalog, files)
    coming = loading(order, files, store, region, how)
    for number, (layer, loaded) in enumerate(coming, start=1):
        values = {"layer": Title(layer.title), "number": number, "count": len(order)}
        say(Title("Layer {number} of {count}: {layer}"), values)
        try:
            manifests[layer.name] = loaded(say)
        except LandMapError as error:
            faults.append(_not_loaded(layer, error))
    try:
        measured = _measured(store, facts, catalog, region, say, how)
    except LayerMissingError as error:
        faults.append(error)
    build_tiles(store, say)
    if faults:
        raise LayerError("Not everything was loaded and measured:", faults=faults)
    return Ingested(manifests, measured)


def _not_loaded(layer: Layer, error: LandMapError) -> LayerError:
    """Say which layer an error kept from being loaded."""
    return LayerError(
        "The layer {layer} was not loaded; what was loaded before stays:",
        layer=layer.name,
        faults=[error],
    )


def _measured(
    store: LayerStore,
    facts: FactStore,
    catalog: Catalog,
    region: Region,
    say: Say,
    how: How,
) -> Facts:
    """Measure the parcels, unless sound facts of these very layers are there."""
    try:
        if facts.is_current(store):
            kept = facts.read()
            if kept.engine == (how.engine or kept.engine):
                return kept
    except StoreError:
        say(Title("Facts: damaged, measured anew"), {})
    return renew_facts(store, facts, catalog, region, say=say, how=how)


def _wanted(
    catalog: Catalog, names_or_paths: Sequence[str | Path] | None, say: Say
) -> tuple[Catalog, dict[str, Path | None]]:
    """Tell which layers to load, from which files, and by which catalogue."""
    if not names_or_paths:
        return catalog, dict.fromkeys(_with_file(catalog, say))
    files: dict[str, Path | None] = {}
    faults: list[LayerError] = []
    for given in names_or_paths:
        try:
            catalog, found = _files_of(given, catalog)
            files |= found
        except LayerError as error:
            faults.append(error)
    if faults:
        raise LayerError("Not everything can be ingested:", faults=faults)
    return catalog, files


def _with_file(catalog: Catalog, say: Say) -> Iterator[str]:
    """Name the declared layers whose file is there; say which are not."""
    for name, layer in catalog.items():
        if layer.path is not None and layer.path.is_file():
            yield name
        else:
            say(
                Title("{layer}: no file {file}"),
                {"layer": Title(layer.title), "file": layer.path},
            )


def _files_of(
    given: str | Path, catalog: Catalog
) -> tuple[Catalog, dict[str, Path | None]]:
    """Read one argument: a name, a file or a folder."""
    path = Path(given)
    if str(given) in catalog:
        return catalog, {str(given): None}
    if path.is_dir() and any(path.glob("*.toml")):
        own = read_catalog(path)
        return catalog.joined(own), dict.fromkeys(own)
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if file.suffix in SUFFIXES)
        found = {file.stem: file for file in files if file.stem in catalog}
        if not found:
            raise LayerError(
                "The folder {folder} holds no file named after a layer; declared: "
                "{declared}.",
                folder=path,
                declared=", ".join(catalog),
            )
        return catalog, dict(found)
    if path.is_file() and path.stem in catalog:
        return catalog, {path.stem: path}
    raise LayerError(
        "{given} is no layer, no file named after a layer and no folder; declared: "
        "{declared}.",
        given=given,
        declared=", ".join(catalog),
    )

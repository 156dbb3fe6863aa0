"""Make ready what the app needs: layers, facts, ledger, key; build what is missing.

Two starts at once do not build twice: the second waits for the first. What is heavy is
imported where it is used, so that a start with everything in place is quick.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from gis.errors import LayerError, SettingsError, StoreError
from ui.readiness import is_stamped, stamp
from ui.secret_key import make_key, read_key
from ui.settings import ROOT

if TYPE_CHECKING:
    from layers.catalog import Catalog
    from layers.layer import Layer
    from layers.published import Published
    from layers.raster import Raster
    from layers.region import Region
    from layers.store import LayerStore
    from ledger.engines import Address
    from ledger.unit_of_work import Ledger
    from ui.settings import Settings

Say = Callable[[str, Mapping[str, object]], None]
SAMPLE = ROOT / "sample_data"
SAMPLE_REGION = "guizhou"  # where the projects of the demo ledger lie


def prepare(chosen: Settings, *, say: Say | None = None) -> None:
    """Build what is missing under the home folder; whatever is there is kept.

    Args:
        chosen: Settings of the app.
        say: Told each step, as a sentence and its values.

    Raises:
        LandMapError: Something cannot be built; the sentence says what to do.
    """
    say = say or _silent
    make_home(chosen)
    if not missing(chosen):
        if not chosen.public:
            fill_policies(chosen, say=say)
            stamp(chosen)
        return
    with only_one(chosen.home / "prepare.lock", say=say):
        fill_store(chosen, say=say)
        fill_rasters(chosen, say=say)
        publish(chosen, say=say)
        fill_ledger(chosen, say=say)
        fill_policies(chosen, say=say)
        stamp(chosen)


def missing(chosen: Settings) -> list[str]:
    """List what a start has to build.

    Args:
        chosen: Settings of the app.

    Returns:
        Names of what is missing or out of date; empty when all is ready. A public
        process looks no farther than for a published dataset and a ledger: whether
        they are of today is the offices' business.
    """
    if chosen.public and _has_published(chosen) and has_ledger(chosen):
        return []
    if is_stamped(chosen):
        return []
    absent = [f"layer {name}" for name in layers_to_load(chosen)]
    if not absent and not _facts_current(chosen):
        absent.append("facts")
    absent += [f"tiles of {name}" for name in _tiles_missing(chosen)]
    absent += [f"picture {name}" for name in rasters_to_load(chosen)]
    if not absent and not _published_current(chosen):
        absent.append("published dataset")
    if not has_ledger(chosen):
        absent.append("ledger")
    return absent


def make_home(chosen: Settings) -> None:
    """Make the folders of the state, and the key, once.

    Args:
        chosen: Settings of the app.

    Raises:
        SettingsError: The folder cannot be written, or the key in it is none.
    """
    try:
        for name in ("layers", "facts", "uploads"):
            (chosen.home / name).mkdir(parents=True, exist_ok=True)
        make_key(chosen.secret_file)
    except OSError as error:
        raise SettingsError(
            "The folder {home} cannot be written ({why}): set LANDMAP_HOME to another.",
            home=chosen.home,
            why=error.strerror or error,
        ) from error
    read_key(chosen.secret_file)


@cache
def catalog_of(chosen: Settings) -> Catalog:
    """Read the declarations: the region's, then those of the settings."""
    from layers.catalog import Catalog, read_catalog  # noqa: PLC0415 - heavy

    declared = read_catalog(*region_of(chosen).catalog, *chosen.catalog)
    return Catalog({
        name: layer.model_copy(update={"path": file_of(layer, chosen)})
        for name, layer in declared.items()
    })


def rasters_of(chosen: Settings) -> dict[str, Raster]:
    """Read the declared pictures; those of the sample lie in the settings' folder."""
    from layers.raster import read_rasters  # noqa: PLC0415 - heavy

    declared = read_rasters(*region_of(chosen).catalog, *chosen.catalog)
    return {
        name: one.model_copy(update={"path": chosen.sample / "rasters" / one.path.name})
        if one.path.parent == SAMPLE / "rasters"
        else one
        for name, one in declared.items()
    }


@cache
def region_of(chosen: Settings) -> Region:
    """Read the region: a shipped one by name, or any file by path."""
    from layers.region import SHIPPED, read_region  # noqa: PLC0415 - heavy

    shipped = SHIPPED.parent / f"{chosen.region}.toml"
    return read_region(shipped if shipped.exists() else Path(chosen.region))


@cache
def layers_of(chosen: Settings) -> LayerStore:
    """Open the store of the layers: a folder, or the settings' database."""
    from layers.stores.opened import open_store  # noqa: PLC0415 - heavy

    return open_store(chosen.home, chosen.layers_url.get_secret_value())


def open_ledger(chosen: Settings, file: Path | None = None) -> Ledger:
    """Open the ledger, brought to the newest schema.

    Args:
        chosen: Settings of the app.
        file: Another file than the home's.

    Returns:
        The ledger.
    """
    from ledger.unit_of_work import Ledger  # noqa: PLC0415 - heavy

    key = read_key(chosen.secret_file)
    return Ledger.at(file, key) if file else Ledger(ledger_address(chosen), key)


def ledger_address(chosen: Settings) -> Address:
    """Tell where the ledger is kept.

    Args:
        chosen: Settings of the app.

    Returns:
        The address: of the database of the settings, or of the home's file.
    """
    from ledger.engines import address  # noqa: PLC0415 - heavy

    return address(chosen.ledger_file, chosen.database_url.get_secret_value())


def file_of(layer: Layer, chosen: Settings) -> Path:
    """Name the file a layer is loaded from.

    Args:
        layer: Its declaration.
        chosen: Settings of the app; `sample` moves what is declared in the sample.

    Returns:
        The declared file, or one named after the layer among the sample's.
    """
    declared = layer.path or SAMPLE / "layers" / f"{layer.name}.parquet"
    if declared.is_relative_to(SAMPLE):
        return chosen.sample / declared.relative_to(SAMPLE)
    return declared


def layers_to_load(chosen: Settings) -> list[str]:
    """List the declared layers that have a file and are not in the store."""
    loaded = layers_of(chosen).versions()
    return [
        name
        for name, layer in catalog_of(chosen).items()
        if name not in loaded and layer.path is not None and layer.path.exists()
    ]


def fill_store(chosen: Settings, *, say: Say) -> None:
    """Load each declared layer that is missing, and measure the parcels.

    A layer that is loaded stays as it is, whatever its file says today: loading anew
    is `landmap ingest`.

    Args:
        chosen: Settings of the app.
        say: Told each step.

    Raises:
        LayerError: No parcels are there, or a file is not as declared.
    """
    from layers.facts_renew import renew_facts  # noqa: PLC0415 - heavy
    from layers.facts_store import FactStore  # noqa: PLC0415 - heavy
    from layers.ingest import ingest  # noqa: PLC0415 - heavy
    from layers.tiles import build_tiles  # noqa: PLC0415 - heavy

    catalog, region = catalog_of(chosen), region_of(chosen)
    layers = layers_of(chosen)
    facts = FactStore(chosen.home / "facts")
    absent = layers_to_load(chosen)
    roles = {catalog[name].role for name in absent}
    roles |= {layers.manifest(name).layer.role for name in layers.versions()}
    if "parcel" not in roles:
        raise LayerError(
            "No parcels are loaded: put parcels.parquet into {folder} or declare your"
            " own, then run `landmap ingest`.",
            folder=chosen.sample / "layers",
        )
    if absent:
        ingest(catalog, layers, facts, region, absent, say)
        return
    if not _facts_current(chosen):
        renew_facts(layers, facts, catalog, region, say=say)
    build_tiles(layers, say)


def _tiles_missing(chosen: Settings) -> list[str]:
    """List the loaded layers that are not laid out for tiles."""
    from layers.tiles import tiles_missing  # noqa: PLC0415 - heavy

    return tiles_missing(layers_of(chosen))


def rasters_to_load(chosen: Settings) -> list[str]:
    """List the declared pictures that have a file and are not in the store."""
    from layers.raster_store import FOLDER, RasterStore, rasters_missing  # noqa: PLC0415 - heavy

    return rasters_missing(rasters_of(chosen), RasterStore(chosen.home / FOLDER))


def fill_rasters(chosen: Settings, *, say: Say) -> None:
    """Take in each declared picture that is missing.

    A picture that cannot be used never keeps the app from starting: the map says why
    it is not there.

    Args:
        chosen: Settings of the app.
        say: Told each step, and why a picture was refused.
    """
    absent = rasters_to_load(chosen)
    if not absent:
        return
    from layers.raster_load import ingest_rasters  # noqa: PLC0415 - heavy
    from layers.raster_store import FOLDER, RasterStore  # noqa: PLC0415 - heavy

    store = RasterStore(chosen.home / FOLDER)
    declared, region = rasters_of(chosen), region_of(chosen)
    for name in absent:
        try:
            ingest_rasters(declared, store, region, {name: None}, say)
        except LayerError as error:
            for fault in error.faults[0].faults:
                say(fault.msgid, fault.values)


def publish(chosen: Settings, *, say: Say) -> Published:
    """Publish what the rules let out, where rules or data have changed.

    Args:
        chosen: Settings of the app.
        say: Told each step.

    Returns:
        What is told of the dataset in force.
    """
    from layers.publishing import publish as make  # noqa: PLC0415 - heavy
    from layers.publishing_rules import read_rules  # noqa: PLC0415 - heavy
    from layers.publishing_source import private_of  # noqa: PLC0415 - heavy

    private = private_of(chosen.home, layers_of(chosen), region_of(chosen))
    return make(chosen.home, private, read_rules(chosen.publishing), say)


def _published_current(chosen: Settings) -> bool:
    """Tell whether what is published is what rules and data of today make."""
    from layers.publishing import is_published  # noqa: PLC0415 - heavy
    from layers.publishing_rules import read_rules  # noqa: PLC0415 - heavy
    from layers.publishing_source import private_of  # noqa: PLC0415 - heavy

    private = private_of(chosen.home, layers_of(chosen), region_of(chosen))
    return is_published(chosen.home, private, read_rules(chosen.publishing))


def published_folder(chosen: Settings) -> Path:
    """Return the folder of the published version in force.

    Args:
        chosen: Settings of the app.

    Returns:
        A folder that is laid out as a home is.
    """
    from layers.published import published_home  # noqa: PLC0415 - heavy

    return published_home(chosen.home)


def _has_published(chosen: Settings) -> bool:
    """Tell whether anything is published."""
    try:
        return published_folder(chosen).is_dir()
    except StoreError:
        return False


def fill_ledger(chosen: Settings, *, say: Say) -> None:
    """Make the ledger, with the demo's projects where this is the demo's province.

    A file is made aside and moved into place whole, so that a start that is cut off
    leaves no half-filled ledger behind. A ledger that is there is never touched.

    Args:
        chosen: Settings of the app.
        say: Told the step.
    """
    if has_ledger(chosen):
        return
    if chosen.database_url.get_secret_value():
        _fill(open_ledger(chosen), chosen, say)
        return
    aside = chosen.home / "ledger.new.db"
    for leftover in chosen.home.glob("ledger.new.db*"):
        leftover.unlink()
    _fill(open_ledger(chosen, aside), chosen, say)
    aside.replace(chosen.ledger_file)
    for leftover in chosen.home.glob("ledger.new.db-*"):
        leftover.unlink()  # SQLite's emptied journal


def fill_policies(chosen: Settings, *, say: Say) -> None:
    """Load what is new in the starting set of the policy desk.

    What an office changed stays as it is. A ledger that cannot be opened keeps nobody
    from starting: its pages say why.

    Args:
        chosen: Settings of the app.
        say: Told the step.
    """
    if region_of(chosen).name != SAMPLE_REGION:
        return
    from ledger import policy_shipped  # noqa: PLC0415 - heavy

    try:
        ledger = open_ledger(chosen)
        if not policy_shipped.is_loaded(ledger):
            say("Filling the policy desk with the documents known so far", {})
            policy_shipped.load(ledger)
        ledger.close()
    except StoreError as error:
        say(error.msgid, error.values)


def has_ledger(chosen: Settings) -> bool:
    """Tell whether there is a ledger; the demo's has projects from its first day.

    Args:
        chosen: Settings of the app.

    Returns:
        False where a start has to make one.
    """
    if not chosen.database_url.get_secret_value():
        return chosen.ledger_file.exists()
    from ledger.soundness import rows_of_history  # noqa: PLC0415 - heavy

    rows = rows_of_history(ledger_address(chosen))
    return rows is not None and (rows > 0 or _demo_of(chosen) is None)


def _fill(ledger: Ledger, chosen: Settings, say: Say) -> None:
    """Load the demo's projects where they belong, all or none."""
    told = _demo_of(chosen)
    if told is not None:
        from ledger import demo  # noqa: PLC0415 - heavy

        say("Filling the ledger with the demo's projects", {})
        demo.load(ledger, told)
    ledger.close()


def _demo_of(chosen: Settings) -> Path | None:
    """Name the file of the demo's projects, where this is the demo's province."""
    told = chosen.sample / "ledger.json"
    ours = chosen.demo and told.exists() and region_of(chosen).name == SAMPLE_REGION
    return told if ours else None


@contextmanager
def only_one(lock: Path, *, say: Say) -> Iterator[None]:
    """Let one process build at a time; others wait here.

    Args:
        lock: File that is held while building.
        say: Told when another process is being waited for.

    Yields:
        Nothing; the block is the building.
    """
    with lock.open("a+b") as file:
        _hold(file.fileno(), say)
        yield


def _hold(descriptor: int, say: Say) -> None:
    """Lock a file until it is closed."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - there is none elsewhere

        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
        return
    import fcntl  # noqa: PLC0415 - Windows has none

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("Another start is building; waiting for it", {})
        fcntl.flock(descriptor, fcntl.LOCK_EX)


def _facts_current(chosen: Settings) -> bool:
    """Tell whether the facts are there and measured on the layers of today."""
    from layers.facts_store import FactStore  # noqa: PLC0415 - heavy

    try:
        return bool(FactStore(chosen.home / "facts").is_current(layers_of(chosen)))
    except StoreError:
        return False


def _silent(_msgid: str, _values: Mapping[str, object]) -> None:
    """Say nothing."""

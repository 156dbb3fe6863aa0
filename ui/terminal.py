"""What the command line does and prints: values for scripts, tables for people."""

import json
import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from rich.console import Console, RenderableType
from rich.table import Table

from gis.errors import LayerError, SettingsError
from gis.words import Title
from ledger.model import Actor, Role
from ui import start
from ui.i18n import t
from ui.settings import Settings

if TYPE_CHECKING:
    from layers.catalog import Catalog
    from layers.cluster import Cluster

Told = dict[str, Any]


class Format(StrEnum):
    """How candidates are printed."""

    TABLE = "table"
    JSON = "json"
    GEOJSON = "geojson"
    GPKG = "gpkg"
    XLSX = "xlsx"


class ReportKind(StrEnum):
    """What a report of a land check is written as."""

    DOCX = "docx"
    PDF = "pdf"
    XLSX = "xlsx"
    GPKG = "gpkg"


OPERATOR = Actor(name=Title("Command line"), role=Role.PROVINCE)
"""Who works at the command line: someone with access to the machine and its files."""

IN_FILES = {Format.GPKG, Format.XLSX}


def print_or(as_json: bool, told: object, people: RenderableType) -> None:  # noqa: FBT001
    """Print what scripts read, or what people read.

    Args:
        as_json: Whether a script asks.
        told: The values.
        people: The same in words.
    """
    if as_json:
        sys.stdout.write(written_json(told))
        return
    Console(highlight=False, markup=False).print(people)


def written_json(told: object) -> str:
    """Write values as JSON, Chinese as it is."""
    return json.dumps(told, ensure_ascii=False, indent=2, default=str) + "\n"


def write_whole(file: Path, content: bytes) -> None:
    """Write a file aside and put it in place whole.

    Args:
        file: Where; what was there is replaced.
        content: What.

    Raises:
        SettingsError: It cannot be written there.
    """
    aside = file.with_name(f"{file.name}.new")
    try:
        aside.write_bytes(content)
        aside.replace(file)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise SettingsError(
            "{file} cannot be written ({why}): name another with --out.",
            file=file,
            why=error.strerror or error,
        ) from error


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> Table:
    """Lay out rows for people.

    Args:
        heads: Titles of the columns.
        rows: Their cells; numbers stand to the right.

    Returns:
        A table for the terminal, whose cells are text and never markup.
    """
    laid = Table(box=None, pad_edge=False, header_style="bold")
    for number, head in enumerate(heads):
        figures = all(isinstance(row[number], int | float) for row in rows)
        laid.add_column(head, justify="right" if rows and figures else "left")
    for row in rows:
        laid.add_row(*(_plain(cell) for cell in row))
    return laid


def generate(out: Path, *, parcels: int, seed: int, say: start.Say) -> None:
    """Generate a synthetic province.

    Args:
        out: Folder to write into.
        parcels: How many parcels.
        seed: The same seed gives the same bytes.
        say: Told each step.

    Raises:
        SettingsError: The packages that only this needs are not installed.
    """
    try:
        from sample_data.generator import generate as make  # noqa: PLC0415 - heavy
    except ModuleNotFoundError as error:
        raise SettingsError(
            "Generating needs {package}, which is not installed: `uv sync --group"
            " sample` in a clone of LandMap.",
            package=error.name,
        ) from error
    make(out, parcels=parcels, seed=seed, say=say)


def ingest(
    chosen: Settings,
    what: Sequence[str],
    *,
    cluster: "Cluster | None" = None,
    say: start.Say,
) -> Told:
    """Load layers and measure the parcels anew.

    Args:
        chosen: Settings of the app.
        what: Names, files, folders, and after a name the address of a table; nothing
            means every declared layer with a file.
        cluster: Where the parcels are measured; in this process if not told.
        say: Told each step.

    Returns:
        Each layer's version and counts, and the version of the facts.
    """
    from layers.facts_renew import BY_SIZE, How  # noqa: PLC0415 - heavy
    from layers.facts_store import FactStore  # noqa: PLC0415 - heavy
    from layers.from_database import fetch_tables  # noqa: PLC0415 - heavy
    from layers.ingest import ingest as load  # noqa: PLC0415 - heavy

    start.make_home(chosen)
    catalog = start.catalog_of(chosen)
    how = BY_SIZE
    if cluster is not None:
        from layers.facts_cluster import ClusterWorkers  # noqa: PLC0415 - only clusters

        how = How(workers=ClusterWorkers(cluster))
    with TemporaryDirectory(dir=chosen.home, prefix=".fetched") as folder:
        what = fetch_tables(what, catalog, Path(folder), say)
        pictures, left, refused = _ingest_pictures(chosen, what, say)
        if what and not left:
            if refused:
                raise refused
            return {"layers": {}, "rasters": pictures, "facts": None}
        if not what:
            _require_files(catalog)
        done = load(
            catalog,
            start.layers_of(chosen),
            FactStore(chosen.home / "facts"),
            start.region_of(chosen),
            left,
            say,
            how=how,
        )
    published = start.publish(chosen, say=say)
    if refused:  # a picture never keeps the layers out
        raise refused
    return {
        "layers": {
            name: {
                "version": told.version,
                "count": told.count,
                "mended": len(told.mended),
                "refused": len(told.refused),
            }
            for name, told in done.manifests.items()
        },
        "rasters": pictures,
        "facts": done.facts.version,
        "published": published.version,
    }


def publish(chosen: Settings, *, say: start.Say) -> Told:
    """Publish what the rules let out, where rules or data have changed.

    Args:
        chosen: Settings of the app.
        say: Told each step.

    Returns:
        Version, count and edition of what is published, the layers that leave, and
        those that stay inside.
    """
    from layers.store import LayerStore  # noqa: PLC0415 - heavy

    made = start.publish(chosen, say=say)
    loaded = start.layers_of(chosen).versions()
    folder = start.published_folder(chosen)
    public = LayerStore(folder / "layers").versions()
    return {
        "version": made.version,
        "edition": made.edition,
        "parcels": made.count,
        "layers": sorted(public),
        "inside": sorted(set(loaded) - set(public)),
    }


def _ingest_pictures(
    chosen: Settings, what: Sequence[str], say: start.Say
) -> tuple[Told, list[str], LayerError | None]:
    """Take in the pictures that are named, or all.

    Returns:
        What was taken in, what is left to load as layers, and what was refused.
    """
    from layers.raster_load import (  # noqa: PLC0415 - heavy
        all_files,
        ingest_rasters,
        split_pictures,
    )
    from layers.raster_store import FOLDER, RasterStore  # noqa: PLC0415 - heavy

    declared, files, left = split_pictures(what, start.rasters_of(chosen))
    try:
        taken = ingest_rasters(
            declared,
            RasterStore(chosen.home / FOLDER),
            start.region_of(chosen),
            files if what else all_files(declared),
            say,
        )
    except LayerError as error:
        return {}, left, error
    told = {
        name: {
            "version": one.version,
            "pixels": [one.width, one.height],
            "pixel_m": one.pixel_m,
            "data_date": one.raster.data_date,
        }
        for name, one in taken.items()
    }
    return told, left, None


def rectangles(chosen: Settings, *, say: start.Say) -> Told:
    """Find the largest rectangle in every parcel that is loaded.

    Args:
        chosen: Settings of the app.
        say: Told each step.

    Returns:
        How many parcels there are.
    """
    from layers.rectangles import make_rectangles  # noqa: PLC0415 - heavy

    count = make_rectangles(
        start.layers_of(chosen),
        chosen.home / "facts",
        start.catalog_of(chosen),
        start.region_of(chosen),
        say=say,
    )
    return {"parcels": count}


def ingested_table(done: Told) -> Table:
    """Lay out what an ingest brought."""
    heads = (t("Layer"), t("Records"), t("Mended"), t("Refused"), t("Version"))
    return table(
        heads,
        [
            (name, told["count"], told["mended"], told["refused"], told["version"])
            for name, told in done["layers"].items()
        ]
        + [
            (name, "{} x {}".format(*told["pixels"]), "", "", told["version"])
            for name, told in done["rasters"].items()
        ],
    )


def layers(chosen: Settings) -> list[Told]:
    """Tell every declared layer and what is loaded of it.

    Args:
        chosen: Settings of the app.

    Returns:
        A value for each layer, by name.
    """
    store = start.layers_of(chosen)
    loaded = store.versions()
    told: list[Told] = []
    for name, layer in start.catalog_of(chosen).items():
        known = store.manifest(name) if name in loaded else None
        told.append({
            "name": name,
            "title": layer.title,
            "role": layer.role,
            "source": layer.source,
            "licence": layer.licence,
            "data_date": layer.data_date,
            "edition": layer.edition,
            "synthetic": layer.synthetic,
            "publish": layer.publish,
            "file": str(layer.path),
            "version": known.version if known else None,
            "count": known.count if known else None,
            "mended": len(known.mended) if known else None,
            "refused": len(known.refused) if known else None,
        })
    return [*told, *_pictures(chosen)]


def _pictures(chosen: Settings) -> list[Told]:
    """Tell every declared picture of the ground and what is kept of it."""
    from layers.raster_store import FOLDER, RasterStore  # noqa: PLC0415 - heavy

    store = RasterStore(chosen.home / FOLDER)
    kept = store.versions()
    told: list[Told] = []
    for name, one in start.rasters_of(chosen).items():
        known = store.manifest(name) if name in kept else None
        told.append({
            "name": name,
            "title": one.title,
            "role": one.kind,
            "source": one.source,
            "licence": one.licence,
            "data_date": one.data_date,
            "edition": one.edition,
            "synthetic": one.synthetic,
            "publish": one.publish,
            "file": str(one.path),
            "version": known.version if known else None,
            "count": None,
            "mended": None,
            "refused": None,
            "crs": known.crs if known else None,
            "pixels": [known.width, known.height] if known else None,
            "pixel_m": known.pixel_m if known else None,
        })
    return told


def layers_table(told: Sequence[Told]) -> Table:
    """Lay out the layers."""
    heads = (t("Layer"), t("Title"), t("Records"), t("Data of"), t("Version"))
    return table(
        heads,
        [
            (
                one["name"],
                t(Title(one["title"])),
                one["count"] if one["count"] is not None else "",
                t(Title(one["data_date"])),
                one["version"] or t("not loaded"),
            )
            for one in told
        ],
    )


def findings_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    """Lay out what the doctor found."""
    heads = (t("Check"), t("State"), t("Finding"))
    states = {True: t("good"), False: t("to mend")}
    return table(
        heads, [(row["check"], states[row["good"]], row["finding"]) for row in rows]
    )


def _require_files(catalog: "Catalog") -> None:
    """Check that there is something to load.

    Args:
        catalog: The declared layers.

    Raises:
        LayerError: No declared layer has a file.
    """
    files = [layer.path for layer in catalog.values() if layer.path is not None]
    if not any(file.exists() for file in files):
        raise LayerError(
            "None of the declared layers has a file: {files}",
            files=", ".join(str(file) for file in files),
        )


def _plain(cell: object) -> str:
    """Write a cell; what looks like markup stays what it is."""
    from rich.markup import escape  # noqa: PLC0415 - used here only

    return escape(f"{cell:,}" if isinstance(cell, int) else str(cell))

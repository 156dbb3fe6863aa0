"""`landmap check`: check a boundary file, print what was found, write reports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from rich.console import Group, RenderableType

from gis.errors import LayerError, LayerMissingError, SettingsError
from gis.words import Title
from layers.check import Check
from layers.check_titles import VERDICT_TITLES
from layers.checking import Checker
from layers.placing import place
from layers.sandbox import Sandbox
from layers.sandbox_limits import Limits
from layers.shift import corrected, suspect_shift, with_suspicion
from layers.submission import Submission
from layers.upload import read_upload
from ledger import holdings
from ledger.checks import dossier_of
from ledger.unit_of_work import CHINA
from reports.check_bundle import bundled
from reports.check_json import check_json
from siting.industries import land_use_name
from ui import check_tables, start, terminal
from ui.check_reports import Report, outlines, written
from ui.i18n import t
from ui.settings import Settings

CLEAR, CONFLICT, NOT_FULLY, UNREADABLE = 0, 10, 11, 12
"""Exit codes: 1 and 2 stay what shells and Click mean by them."""

COLUMNS: Final = 7  # of a table, in a terminal
MOST_BYTES: Final = 50 * 2**20


@dataclass(frozen=True)
class Wish:
    """How a file is to be read and checked.

    Attributes:
        crs: CRS of coordinates that the file tells none of.
        precision_m: How exact its boundary is; the file's own word if not told.
        swap_axes: Exchange X and Y.
        undo_gcj02: Undo the offset of maps in GCJ-02.
        table: Layer inside a file that holds several.
        encoding: Encoding of names where the file does not tell, or wrongly.
        layers: Only these layers; all with a rule if none is named.
    """

    crs: str = ""
    precision_m: float | None = None
    swap_axes: bool = False
    undo_gcj02: bool = False
    table: str = ""
    encoding: str = ""
    layers: tuple[str, ...] = ()


def read(file: Path, wish: Wish, chosen: Settings) -> Submission:
    """Read a boundary file and bring it to its place.

    Args:
        file: The file.
        wish: How it is to be read.
        chosen: Settings of the app.

    Returns:
        The land.

    Raises:
        LayerError: It cannot be read.
        CrsError: Nobody says where it lies, or it lies elsewhere.
    """
    data = _bytes_of(file)
    limits = Limits(features=chosen.upload_features, vertices=chosen.upload_vertices)
    with Sandbox() as sandbox:
        boundary = read_upload(
            file.name,
            data,
            sandbox=sandbox,
            limits=limits,
            table=wish.table,
            encoding=wish.encoding,
            swap_axes=wish.swap_axes,
        )
    region = start.region_of(chosen)
    placed = place(
        boundary,
        name=file.name,
        data=data,
        region=region,
        crs=wish.crs,
        precision_m=wish.precision_m,
    )
    if wish.undo_gcj02:
        return corrected(placed)
    store = start.layers_of(chosen)
    shift = suspect_shift(placed, store, start.catalog_of(chosen), region)
    return with_suspicion(placed, shift) if shift.suspected else placed


def _bytes_of(file: Path) -> bytes:
    """Read a file that is not too large."""
    try:
        size = file.stat().st_size
        if size <= MOST_BYTES:
            return file.read_bytes()
    except OSError as error:
        raise LayerError(
            "{file} cannot be read: {why}.", file=file, why=error.strerror or error
        ) from error
    raise LayerError(
        "{file} has {size} MB; at most {most} MB are read.",
        file=file.name,
        size=size // 2**20,
        most=MOST_BYTES // 2**20,
    )


def check(
    submission: Submission, wish: Wish, chosen: Settings, *, say: start.Say
) -> Check:
    """Check land against the layers of the store and land that projects hold.

    Args:
        submission: The land.
        wish: Which layers.
        chosen: Settings of the app.
        say: Told each step.

    Returns:
        What was found.

    Raises:
        LayerMissingError: A layer that was named is not declared, or has no rule.
    """
    catalog = start.catalog_of(chosen)
    if wish.layers:
        for name in wish.layers:
            if not catalog[name].asked:
                raise LayerMissingError(
                    "The layer {layer} has no rule to check: declare `rule` in its"
                    " file.",
                    layer=name,
                )
        left_out = {
            name: layer.model_copy(update={"rule": ""})
            for name, layer in catalog.items()
            if name not in wish.layers
        }
        catalog = catalog.joined(left_out)
    box = submission.parcels.total_bounds.tolist()
    with start.open_ledger(chosen).read(terminal.OPERATOR) as work:
        held = holdings.held_ground(work, (box[0], box[1], box[2], box[3]))
        held_at = work.now().astimezone(CHINA).isoformat(timespec="seconds")
    return Checker(
        store=start.layers_of(chosen),
        catalog=catalog,
        region=start.region_of(chosen),
        held=held,
        held_at=held_at,
        certain_m2=chosen.check_certain_m2,
        name=lambda layer, code: land_use_name(code) if layer == "zoning" else code,
        software=version("landmap"),
    ).check(submission, now=datetime.now(UTC).astimezone(CHINA), say=say)


def exit_code(found: Check) -> int:
    """Tell what a script should know: a conflict wins over what is not known."""
    verdicts = set(found.parcels["verdict"])
    if verdicts & {"conflict", "to_verify"}:
        return CONFLICT
    return NOT_FULLY if "not_fully_checked" in verdicts else CLEAR


def write_reports(
    found: Check,
    kinds: Sequence[terminal.ReportKind],
    out: Path,
    chosen: Settings,
    *,
    each: bool = False,
    say: start.Say,
) -> list[Path]:
    """Write reports into a folder.

    Args:
        found: What was found.
        kinds: As what.
        out: The folder; it is made where there is none.
        chosen: Settings of the app.
        each: Write a report for each parcel, packed, instead of one for all.
        say: Told each report of a parcel.

    Returns:
        The files.

    Raises:
        SettingsError: The folder cannot be written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            "{file} cannot be written ({why}): name another with --out.",
            file=out,
            why=error.strerror or error,
        ) from error
    day = found.made_at[:10].replace("-", "")
    report = Report(
        found,
        dossier_of(found.result_hash, day),
        start.layers_of(chosen),
        outlines(start.catalog_of(chosen)),
        chosen.check_template,
    )
    stem = f"{Path(found.submission.name).stem}-{report.dossier}"
    files = []
    for kind in kinds:
        name = f"{stem}-{kind.value}.zip" if each else f"{stem}.{kind.value}"
        content = (
            _each(report, kind.value, say) if each else written(report, kind.value)
        )
        terminal.write_whole(out / name, content)
        files.append(out / name)
    return files


def _each(report: Report, kind: str, say: start.Say) -> bytes:
    """Write a report for each parcel, one after the other."""
    total, packed = len(report.check.parcels), b""

    def write(check: Check, _parcel: str) -> bytes:
        return written(replace(report, check=check), kind)

    for count, packed in bundled(report.check, kind, write):  # noqa: B007 - the last counts
        say(Title("Reports: {count} of {total}"), {"count": count, "total": total})
    return packed


def told(found: Check, files: Sequence[Path]) -> dict[str, Any]:
    """Return what scripts read of a check."""
    return {**check_json(found), "reports": [str(file) for file in files]}


def people(found: Check) -> RenderableType:
    """Lay out for people what was found."""
    rows = [
        [key, one["name"], t(VERDICT_TITLES[one["verdict"]]), f"{one['area_m2']:,.2f}"]
        for key, one in found.parcels.iterrows()
    ]
    heads = [t("Parcel"), t("Name"), t("Verdict"), t("Area (m2)")]
    met = check_tables.findings(
        replace(found, findings=found.findings[found.findings["class"] != ""]), ""
    )
    parts: list[RenderableType] = [terminal.table(heads, rows)]
    for one in (met, *check_tables.told_of(found, "not_checked")):
        if one.rows:
            parts += ["", one.title, _plain_table(one)]
    return Group(*parts)


def _plain_table(one: check_tables.Table) -> RenderableType:
    """Lay a table of the page out for the terminal, which is narrower."""
    heads = [column["text"] for column in one.data["columns"]][:COLUMNS]
    rows = [[_text(cell) for cell in row["cells"][:COLUMNS]] for row in one.rows]
    return terminal.table(heads, rows)


def _text(cell: Mapping[str, str]) -> str:
    return " ".join(filter(None, (cell["text"], cell.get("more", ""))))

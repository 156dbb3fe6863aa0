"""The buttons that take a land check away: reports, findings, parcels."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from layers.check import Check
from ledger.access import Verb, require
from ledger.checks import dossier_of
from ledger.model import Actor
from reports.boundary_txt import boundary_txt
from reports.check_bundle import bundled
from reports.check_json import check_json
from reports.parcel_files import parcel_file
from ui import access, resources
from ui.check_reports import Report, outlines, written
from ui.check_state import Desk
from ui.i18n import language, speaking, t
from ui.settings import settings
from ui.terminal import written_json

MIMES: Final = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "gpkg": "application/geopackage+sqlite3",
    "json": "application/json",
    "txt": "text/plain",
    "shp": "application/zip",
    "geojson": "application/geo+json",
    "kml": "application/vnd.google-earth.kml+xml",
    "dxf": "image/vnd.dxf",
}
REPORTS: Final = ("docx", "pdf", "xlsx", "gpkg")
EACH: Final = ("pdf", "docx", "xlsx")
PARCELS: Final = ("txt", "shp", "gpkg", "geojson", "kml", "dxf", "xlsx")


def downloads(desk: Desk) -> None:
    """Offer the check as reports, and its parcels in each format.

    Args:
        desk: What is on the desk; it was checked.
    """
    check = desk.check
    if check is None:
        return
    dossier = dossier_of(check.result_hash, check.made_at[:10].replace("-", ""))
    report = Report(
        check,
        dossier,
        resources.store(),
        outlines(resources.catalog()),
        settings().check_template,
    )
    # Read now: the file is written when no page is drawn.
    reader = access.current_actor(), language()
    for kind in REPORTS:
        _button(
            kind,
            f"{dossier}.{kind}",
            partial(made_for, *reader, partial(written, report, kind)),
            help_text=t("The report as {format}", format=kind.upper()),
        )
    _button(
        "json",
        f"{dossier}.json",
        partial(made_for, *reader, partial(_findings, check)),
        help_text=t("The findings for programs"),
    )
    _each_parcel(report, *reader)
    stem = Path(desk.name).stem[:60] or "land"
    with st.popover(t("Parcels as"), type="tertiary"):
        for kind in PARCELS:
            suffix = "zip" if kind == "shp" else kind
            _button(
                kind,
                f"{stem}.{suffix}",
                partial(made_for, *reader, partial(_parcels, check, kind)),
                key=f"check.parcels.{kind}",
            )


def _each_parcel(report: Report, actor: Actor, spoken: str) -> None:
    """Offer a report for each parcel, packed; who clicks anything else stops it."""
    if len(report.check.parcels) < 2:  # noqa: PLR2004 - one parcel has its report
        return
    with st.popover(t("One report a parcel"), type="tertiary"):
        kind = st.radio(
            t("Format"), EACH, format_func=str.upper, horizontal=True, key="check.each"
        )
        if st.button(t("Write {count} reports", count=len(report.check.parcels))):
            bar = st.progress(0.0)
            st.button(t("Cancel"), key="check.each.cancel")
            packed = made_for(actor, spoken, partial(_packed, report, str(kind), bar))
            st.download_button(
                t("Take the archive"),
                packed,
                file_name=f"{report.dossier}-{kind}.zip",
                mime=MIMES["shp"],
                on_click="ignore",
            )


def _packed(report: Report, kind: str, bar: DeltaGenerator) -> bytes:
    """Write the reports one after the other, and tell how far it is."""
    total, packed = len(report.check.parcels), b""

    def write(check: Check, _parcel: str) -> bytes:
        return written(replace(report, check=check), kind)

    for count, packed in bundled(report.check, kind, write):  # noqa: B007 - the last counts
        bar.progress(count / total, t("{count} of {total}", count=count, total=total))
    return packed


def _button(
    kind: str,
    name: str,
    make: Callable[[], bytes],
    *,
    help_text: str | None = None,
    key: str = "",
) -> None:
    """Draw a button whose file is written when it is pressed."""
    st.download_button(
        kind.upper(),
        make,
        file_name=name,
        mime=MIMES[kind],
        key=key or f"check.report.{kind}",
        help=help_text,
        type="tertiary",
        icon=":material/download:",
        on_click="ignore",
    )


def made_for(actor: Actor, code: str, make: Callable[[], bytes]) -> bytes:
    """Write a file for who asked for it.

    Args:
        actor: Who asks.
        code: The language they read.
        make: Writes the file.

    Returns:
        The file's bytes.

    Raises:
        AccessError: Their role may not check land.
    """
    require(actor, Verb.CHECK_MAKE)
    with speaking(code):
        return make()


def _findings(check: Check) -> bytes:
    """Write the findings for programs."""
    return written_json(check_json(check)).encode()


def _parcels(check: Check, kind: str) -> bytes:
    """Write the parcels as they were understood."""
    parcels = check.submission.parcels.drop(columns=["outline"])
    if kind == "txt":
        return boundary_txt(parcels, precision_m=check.precision_m)
    return parcel_file(parcels, kind, say=t)

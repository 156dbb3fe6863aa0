"""The buttons that take candidates away as files; written when one is pressed."""

from collections.abc import Callable, Sequence

import streamlit as st

from gis.words import Title
from ledger.model import Project
from siting.screen import Screening
from ui import access, resources
from ui.answer import Row
from ui.choices import names_for
from ui.export_files import Export, about
from ui.i18n import language, t
from ui.search_limits import limits_text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GPKG = "application/geopackage+sqlite3"
WHY_NO_EXPORT = Title(
    "Files of candidates are for offices: choose the role of an office to export."
)


def export_buttons(
    project: Project | None, screening: Screening, found: Sequence[Row]
) -> None:
    """Offer the candidates as a workbook and as a GeoPackage, to offices.

    Args:
        project: The project they are for; names the file.
        screening: The answer.
        found: Candidates, best first.
    """
    actor = access.current_actor()
    if not access.sees_internal(actor):
        st.caption(t("Offices may export."), help=t(WHY_NO_EXPORT))
        return
    if not found:
        return
    stem = project.code if project else "landmap"
    export = _export(screening)
    ids = [row.parcel_id for row in found]
    shapes = resources.parcel_shapes()
    makers: tuple[tuple[str, str, Callable[[], bytes]], ...] = (
        ("xlsx", XLSX, lambda: export.xlsx(among=ids)),
        ("gpkg", GPKG, lambda: export.gpkg(shapes.of(ids))),
    )
    for suffix, mime, make in makers:
        st.download_button(
            suffix,
            make,
            file_name=f"{stem}-candidates.{suffix}",
            mime=mime,
            key=f"site.export.{suffix}",
            help=t("Candidates as {format}", format=suffix),
            type="tertiary",
            icon=":material/download:",
            on_click="ignore",
        )


def _export(screening: Screening) -> Export:
    """Say who takes the candidates and what they rest on."""
    names = resources.store().versions()
    # Read now: the file is written when no page is drawn.
    named = {one: names_for(one) for one in ("region", "zone")}
    return Export(
        actor=access.current_actor(),
        screening=screening,
        about=about(
            screening,
            catalog=resources.catalog(),
            manifests={name: resources.manifest(name) for name in names},
            names=lambda source: named.get(source, {}),
            made_on=resources.today(),
            held_to=limits_text(),
        ),
        spoken=language(),
    )

"""Data 数据底数: where each layer comes from, how far it reaches, what was mended."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape

import streamlit as st

from gis.words import Title
from layers.manifest import Note
from ledger.unit_of_work import CHINA
from ui import access, resources
from ui.i18n import t
from ui.layer_report import M2_PER_KM2, LayerReport, note_rows, report_layers
from ui.page_parts import facts_html
from ui.picture_report import picture_heads, picture_rows

NOTES_SHOWN = 500


def overview(reports: list[LayerReport]) -> None:
    """Draw the table of the loaded layers."""
    heads = (
        t("Layer"),
        t("Kind"),
        t("Source"),
        t("Data of"),
        t("Edition"),
        t("Records"),
        t("Covers"),
        t("Mended"),
        t("Refused"),
        t("Licence"),
    )
    _table(heads, [_cells(report) for report in reports])


def missing_layers(reports: list[LayerReport]) -> None:
    """Name the declared layers that are not loaded, their files and the command."""
    if not reports:
        return
    st.subheader(t("Not loaded"), anchor=False)
    st.caption(
        t("Criteria on these layers answer “not checked”, never “clear”, until then.")
    )
    heads = (t("Layer"), t("Kind"), t("File"), t("Load it with"))
    rows = [
        [
            escape(report.title),
            escape(report.role),
            f"<code>{escape(str(report.layer.path))}</code>",
            f"<code>landmap ingest {report.layer.name}</code>",
        ]
        for report in reports
    ]
    _table(heads, [[f"<td>{cell}</td>" for cell in row] for row in rows])


def details(reports: list[LayerReport], *, office: bool) -> None:
    """Tell everything about one layer, chosen from a list.

    Args:
        reports: The loaded layers.
        office: Whether the reader may see what concerns single records.
    """
    st.subheader(t("One layer"), anchor=False)
    report = st.selectbox(
        t("Layer"),
        reports,
        format_func=lambda one: f"{one.title} · {one.role}",
        key="lm_data_layer",
        label_visibility="collapsed",
    )
    if report is None or report.manifest is None:
        return
    _facts_of(report)
    if not office:
        return
    known = report.manifest
    _notes(t("Mended on loading: {count}", count=len(known.mended)), known.mended)
    _notes(t("Refused on loading: {count}", count=len(known.refused)), known.refused)


def _facts_of(report: LayerReport) -> None:
    """List what is known of a layer, a line each."""
    layer, known = report.layer, report.manifest
    if known is None:
        return
    area_km2 = known.coverage_area_m2 / M2_PER_KM2
    lines = {
        t("Source"): t(Title(layer.source)),
        t("Licence"): t(Title(layer.licence)),
        t("Rule that applies"): t(Title(layer.clause)) if layer.clause else "—",
        t("Covers"): f"{area_km2:,.0f} km²{_of_region(report)}",
        t("Records"): t(
            "{count} kept of {read} read", count=known.count, read=known.read_count
        ),
        t("Loaded"): f"{_moment(known.loaded_at)} · {known.source_name}",
        t("Version"): known.version,
    }
    st.html(facts_html(lines.items()))


def _notes(title: str, notes: tuple[Note, ...]) -> None:
    """Fold away what was said about single records."""
    if not notes:
        st.caption(title)
        return
    with st.expander(title):
        rows = note_rows(notes[:NOTES_SHOWN])
        st.dataframe(rows, hide_index=True, width="stretch")
        if len(notes) > NOTES_SHOWN:
            st.caption(t("The first {count} are shown.", count=NOTES_SHOWN))


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Draw a plain table; cells are written already and encoded."""
    titles = "".join(f"<th>{escape(head)}</th>" for head in heads)
    lines = "".join(f"<tr>{''.join(row)}</tr>" for row in rows)
    st.html(
        f'<div class="lm-scroll"><table class="lm-table"><thead><tr>{titles}</tr>'
        f"</thead><tbody>{lines}</tbody></table></div>"
    )


def _cells(report: LayerReport) -> list[str]:
    """Write the cells of a layer's line."""
    layer, known = report.layer, report.manifest
    counts = (len(known.mended), len(known.refused)) if known else (0, 0)
    return [
        f"<th>{escape(report.title)}{_mark(report)}</th>",
        f'<td class="k">{escape(report.role)}</td>',
        f'<td class="t">{escape(t(Title(layer.source)))}</td>',
        f'<td class="k">{escape(t(Title(layer.data_date)))}</td>',
        f'<td class="k">{escape(layer.edition or "—")}</td>',
        f'<td class="n">{known.count if known else 0:,}</td>',
        f'<td class="n">{_extent(report)}</td>',
        *(f'<td class="n">{count:,}</td>' for count in counts),
        f'<td class="t">{escape(t(Title(layer.licence)))}</td>',
    ]


def _mark(report: LayerReport) -> str:
    """Mark what is synthetic."""
    if not report.layer.synthetic:
        return ""
    return f' <span class="lm-synthetic">{escape(t("Synthetic"))}</span>'


def _moment(iso: str) -> str:
    """Write a moment as people read it: day and minute of China's time."""
    return f"{datetime.fromisoformat(iso).astimezone(CHINA):%Y-%m-%d %H:%M}"


def _extent(report: LayerReport) -> str:
    """Write how far a layer reaches; parcels are collected there, not filling it."""
    if report.covered_share is None:
        return "—"
    share = f"{report.covered_share:.0%}"
    if report.layer.role != "parcel":
        return share
    return escape(t("collected from {share}", share=share))


def _of_region(report: LayerReport) -> str:
    """Say which part of the region a layer covers, where that is known."""
    if report.covered_share is None:
        return ""
    return " · " + t("{share} of the region", share=f"{report.covered_share:.1%}")


known = {name: resources.manifest(name) for name in resources.store().versions()}
office = access.sees_internal(access.current_actor())
reports = report_layers(resources.catalog(), known, internal=office)
loaded = [report for report in reports if report.manifest]
facts = resources.facts()
st.caption(
    t(
        "{loaded} layers are loaded, {missing} are not. {parcels} parcels were measured"
        " on them at {at}; version {version}.",
        loaded=len(loaded),
        missing=len(reports) - len(loaded),
        parcels=f"{len(facts.table):,}",
        at=_moment(facts.built_at),
        version=facts.version,
    )
)
overview(loaded)
st.caption(
    t(
        "“Covers” is how much of the region a layer was looked for or collected in,"
        " not the ground its shapes fill; beyond it nothing is known."
    )
)
if shown := picture_rows(
    resources.rasters(), resources.raster_store(), internal=office
):
    st.subheader(t("Pictures of the ground"), anchor=False)
    _table(picture_heads(), shown)
missing_layers([report for report in reports if not report.manifest])
details(loaded, office=office)

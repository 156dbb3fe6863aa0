"""Forms of a zone: a figure of a year, a recognition, the end of one."""

from collections.abc import Mapping

import streamlit as st

from gis.words import Title
from ledger import zones
from ledger.access import Verb
from ledger.casework import ZoneFigure, ZoneTitle
from ledger.unit_of_work import Work
from ledger.zone_rules import Evaluation
from ledger.zones import Zone
from ui.i18n import t
from ui.ledger_deeds import allowed, do
from ui.page_parts import plain
from ui.zone_rows import ZoneRow, criterion_name, recognition_name


def figure_form(
    row: ZoneRow,
    table: Evaluation,
    known: Mapping[tuple[int, str], ZoneFigure],
    year: int,
) -> None:
    """Offer to enter or correct a figure, where the actor may.

    Args:
        row: The zone.
        table: The table of zone evaluation in force.
        known: The zone's figures by year and criterion, as they were read.
        year: The year that is offered first.
    """
    if not allowed(Verb.ZONE_EDIT, row.region):
        return
    versions = sum(one.version for one in known.values())
    key = f"zone.figure.{row.code}.{len(known)}.{versions}"
    with (
        st.popover(t("Enter a figure"), icon=":material/edit:", key=f"{key}.open"),
        st.form(key, border=False),
    ):
        st.selectbox(
            t("Indicator"),
            [one.code for one in table.criteria],
            format_func=lambda code: plain(criterion_name(table, code)),
            key=f"{key}.code",
        )
        st.number_input(t("Year"), value=year, step=1, format="%d", key=f"{key}.year")
        st.number_input(
            t("Figure"), value=None, step=1.0, format="%.2f", key=f"{key}.value"
        )
        st.text_input(
            t("Source"),
            key=f"{key}.source",
            max_chars=300,
            help=t("Report or document that the figure was taken from."),
        )
        st.form_submit_button(
            t("Save"), type="primary", on_click=_put, args=(row, known, key)
        )


def recognition_form(row: ZoneRow, table: Evaluation, many: int) -> None:
    """Offer to write down a recognition, where the actor may.

    Args:
        row: The zone.
        table: The table of zone evaluation in force.
        many: How many recognitions the zone has: a new one makes an empty form.
    """
    if not allowed(Verb.ZONE_EDIT, row.region):
        return
    key = f"zone.title.{row.code}.{many}"
    with (
        st.popover(t("New recognition"), icon=":material/add:", key=f"{key}.open"),
        st.form(key, border=False),
    ):
        st.selectbox(
            t("Recognised as"),
            [one.code for one in table.recognitions],
            format_func=lambda code: plain(recognition_name(table, code)),
            key=f"{key}.title",
        )
        st.text_input(t("Document of recognition"), key=f"{key}.basis", max_chars=300)
        st.date_input(
            t("Recognised on"), value=None, key=f"{key}.since", format="YYYY-MM-DD"
        )
        st.form_submit_button(
            t("Add"), type="primary", on_click=_recognise, args=(row, key)
        )


def end_form(title: ZoneTitle) -> None:
    """Offer to end a recognition, where the actor may.

    Args:
        title: The recognition.
    """
    if not allowed(Verb.ZONE_EDIT, title.region):
        return
    key = f"zone.end.{title.id}.{title.version}"
    with st.popover(t("End"), key=f"{key}.open"), st.form(key, border=False):
        st.date_input(
            t("Last day"), value=None, key=f"{key}.until", format="YYYY-MM-DD"
        )
        st.form_submit_button(
            t("End the recognition"), on_click=_end, args=(title, key)
        )


def _put(row: ZoneRow, known: Mapping[tuple[int, str], ZoneFigure], key: str) -> None:
    said = st.session_state
    year, code, value = (said[f"{key}.{one}"] for one in ("year", "code", "value"))
    before = known.get((year, code))

    def deed(work: Work) -> None:
        zones.put_figure(
            work,
            Zone(row.code, row.region),
            year=year,
            code=code,
            value=float("nan") if value is None else value,
            source=said[f"{key}.source"] or "",
            version=before.version if before else None,
        )

    do(deed, Title("The figure was saved."))


def _recognise(row: ZoneRow, key: str) -> None:
    said = st.session_state

    def deed(work: Work) -> None:
        zones.recognise(
            work,
            Zone(row.code, row.region),
            title=said[f"{key}.title"] or "",
            basis=said[f"{key}.basis"] or "",
            since=said[f"{key}.since"] or work.today(),
        )

    do(deed, Title("The recognition was written down."))


def _end(title: ZoneTitle, key: str) -> None:
    until = st.session_state[f"{key}.until"]

    def deed(work: Work) -> None:
        zones.end(work, title.id, until=until or work.today(), version=title.version)

    do(deed, Title("The recognition was ended."))

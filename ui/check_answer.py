"""The answer of the land check below the map: verdicts, findings, their grounds."""

from collections.abc import Callable
from html import escape
from typing import Final

import streamlit as st

from layers.check import Check
from layers.check_titles import VERDICT_TITLES
from reports.candidates import SYNTHETIC
from ui import check_state, check_tables
from ui.check_downloads import downloads
from ui.check_state import Desk
from ui.check_tables import Table
from ui.i18n import t
from ui.page_parts import chosen_in, line_html, part, plain

TABS: Final = (
    "verdicts",
    "findings",
    "composition",
    "neighbours",
    "outlines",
    "not_checked",
    "data",
)


def answer(desk: Desk, check: Check) -> None:
    """Draw the answer below the map.

    Args:
        desk: What is on the desk.
        check: What was found.
    """
    with st.container(
        key="check_line", horizontal=True, vertical_alignment="center", gap="small"
    ):
        st.html(_summary(check))
        downloads(desk)
    if check.synthetic:
        st.html(line_html("ask", t(SYNTHETIC)))
    titles = _tab_titles(check)  # once: Streamlit names its options many times a run
    tab = st.segmented_control(
        t("Table"),
        TABS,
        default="findings",
        required=True,
        format_func=titles.__getitem__,
        key="check.tab",
        label_visibility="collapsed",
    )
    if desk.parcel and tab in {"findings", "composition"}:
        st.button(
            t("Only parcel {parcel}: show all", parcel=plain(desk.parcel)),
            key="check.all_parcels",
            type="tertiary",
            on_click=_all_parcels,
        )
    _tables(check, desk, tab or "findings")


def _tables(check: Check, desk: Desk, tab: str) -> None:
    """Draw the table of a tab."""
    if tab == "verdicts":
        _table("verdicts", check_tables.verdicts(check, desk.parcel), _choose_parcel)
    elif tab == "findings":
        found = check_tables.findings(check, desk.finding, desk.parcel)
        _table("findings", found, _choose_finding)
    else:
        told = check_tables.told_of(check, tab, desk.parcel)
        some = [one for one in told if one.rows]
        for place, one in enumerate(some or told[:1]):
            if len(told) > 1:
                st.html(line_html("pane-part", one.title))
            _table(f"{tab}.{place}", one)


def _tab_titles(check: Check) -> dict[str, str]:
    """Name the tabs, each with how much stands in it."""
    (unknown,) = check_tables.told_of(check, "not_checked")
    counts = {
        "verdicts": len(check.parcels),
        "findings": int((check.findings["class"] != "").sum()),
        "neighbours": len(check.neighbours),
        "outlines": len(check.outline_faults) + len(check.changes),
        "not_checked": len(unknown.rows),
    }
    titles = {
        "verdicts": t("Verdicts"),
        "findings": t("Findings"),
        "composition": t("Composition"),
        "neighbours": t("Neighbours"),
        "outlines": t("Outlines and changes"),
        "not_checked": t("Not checked"),
        "data": t("Data and clauses"),
    }
    return {
        tab: f"{title} {counts[tab]:,}" if tab in counts else title
        for tab, title in titles.items()
    }


def _summary(check: Check) -> str:
    """Say in one line what the land comes to."""
    counts = check.parcels["verdict"].value_counts()
    parts = [
        f'<span class="verdict v-{name}">{escape(t(title))} <b>{counts[name]:,}</b>'
        "</span>"
        for name, title in VERDICT_TITLES.items()
        if name in counts
    ]
    return f'<p class="check-line">{"".join(parts)}</p>'


def _table(name: str, told: Table, choose: Callable[[], None] | None = None) -> None:
    """Draw a table, or that nothing is in it."""
    if not told.rows:
        st.html(line_html("empty", t("Nothing to tell here.")))
        return
    key = f"check.table.{name}"
    if choose is None:
        part("check_table")(data=told.data, key=key)
    else:
        part("check_table")(data=told.data, key=key, on_chosen_change=choose)
    for note in told.notes:
        st.html(line_html("note", note))


def _all_parcels() -> None:
    check_state.change(parcel="", finding="")


def _choose_parcel() -> None:
    if parcel := chosen_in(st.session_state.get("check.table.verdicts")):
        check_state.change(parcel=parcel, finding="")


def _choose_finding() -> None:
    if finding := chosen_in(st.session_state.get("check.table.findings")):
        check_state.change(finding=finding)

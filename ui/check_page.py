"""The desk of the land check: the file at the left, the map, the findings below it."""

from html import escape
from typing import Final

import streamlit as st

from gis.words import Title
from ledger.access import Verb, refusal
from ui import access
from ui.check_answer import answer
from ui.check_file import file_pane, uploader_words
from ui.check_map import check_map
from ui.check_state import DESK
from ui.i18n import t
from ui.ledger_deeds import allowed, show_outcome
from ui.page_parts import asset

STEPS: Final = (
    (
        Title("Drop the boundary file"),
        Title(
            "Boundary-point TXT, zipped shapefile, GeoPackage, GeoJSON, KML, DXF or a"
            " table of coordinates. It is opened in a closed-off process, and every"
            " deviation is told with its line."
        ),
    ),
    (
        Title("See where it lies"),
        Title(
            "The map shows how it was understood: coordinate system, zone, number of"
            " parcels, precision. What the file does not say you decide; nothing is"
            " changed unasked."
        ),
    ),
    (
        Title("Get the verdicts"),
        Title(
            "Every parcel against control lines, zoning, hazards, water sources, other"
            " parcels and land held by projects. What no data covers is not checked,"
            " never clear."
        ),
    ),
)


def check_page() -> None:
    """Draw the page."""
    st.html(f"<style>{asset('check_land.css')}{uploader_words()}</style>")
    actor = access.current_actor()
    if not allowed(Verb.CHECK_MAKE):
        words = {
            "who": actor.name,
            "role": actor.role.label,
            "verb": Verb.CHECK_MAKE.label,
        }
        st.html(f'<p class="lm-error">{escape(t(refusal(actor), **words))}</p>')
        return
    show_outcome()
    with st.container(key="check_page"):
        left, right = st.columns([27, 73], gap="small")
        with right:
            check_map(DESK.get())
        with left, st.container(key="check_left"):
            file_pane()
        with right:
            desk = DESK.get()
            if desk is None or desk.check is None:
                st.html(_steps())
            else:
                answer(desk, desk.check)


def _steps() -> str:
    """Tell, on an empty desk, what it does and what its words mean."""
    parts = "".join(
        f"<li><b>{escape(t(head))}</b><p>{escape(t(said))}</p></li>"
        for head, said in STEPS
    )
    return f'<ol class="check-steps">{parts}</ol>'

"""What a boundary file does not tell, and a person is asked: zone, encoding, axes."""

from dataclasses import replace
from typing import Final

import streamlit as st

from gis.crs import zone_of_code
from layers.boundary import Boundary
from layers.placing import choices, needs_choice
from layers.shift import SUSPECTED, Suspicion
from ui import check_deeds, resources
from ui.check_state import DESK, Desk
from ui.i18n import t
from ui.page_parts import line_html

ENCODINGS: Final = ("", "utf-8", "gb18030")


def questions(desk: Desk, boundary: Boundary) -> None:
    """Ask what the file does not tell.

    Args:
        desk: What is on the desk.
        boundary: What was read of it.
    """
    if boundary.encoding:
        _encoding(desk)
    if boundary.swapped:
        st.html(line_html("ask", t("X and Y look exchanged.")))
        st.button(
            t("Exchange X and Y"),
            key="check.exchange",
            on_click=check_deeds.exchange_axes,
        )
    if desk.shift is not None and desk.shift.suspected and not desk.unshift:
        _shift(desk.shift)
    if needs_choice(boundary):
        _crs(desk, boundary)
    _precision(desk)


def _encoding(desk: Desk) -> None:
    """Ask for the encoding of names; what was found out is shown first."""
    st.selectbox(
        t("Encoding of names"),
        ENCODINGS,
        index=ENCODINGS.index(desk.encoding) if desk.encoding in ENCODINGS else 0,
        format_func=lambda one: one.upper() or t("as read"),
        key=desk.key("encoding"),
        on_change=_take_encoding,
        help=t("Change it where the names above are not readable."),
    )


def _shift(found: Suspicion) -> None:
    """Tell that the land looks shifted as web maps are, and offer to undo it."""
    told = {
        "before": f"{found.before:.0%}",
        "after": f"{found.after:.0%}",
    }
    st.html(line_html("ask", t(SUSPECTED, **told)))
    st.button(
        t("Undo the offset of GCJ-02"),
        key="check.unshift",
        on_click=check_deeds.undo_shift,
    )


def _crs(desk: Desk, boundary: Boundary) -> None:
    """Ask for the zone."""
    offered = choices(boundary, resources.region())
    inside = [one.crs for one in offered if one.inside]
    st.selectbox(
        t("Which 3-degree zone are the coordinates in?"),
        inside,
        index=inside.index(desk.crs) if desk.crs in inside else None,
        format_func=_zone_text,
        key=desk.key("crs"),
        on_change=_take_crs,
        placeholder=t("Choose; the map shows where the land would lie"),
    )


def _precision(desk: Desk) -> None:
    """Ask how exact the boundary is."""
    st.number_input(
        t("Boundary is exact to (m)"),
        min_value=0.0,
        max_value=100.0,
        value=desk.precision_m,
        step=0.01,
        format="%.3f",
        key=desk.key("precision"),
        on_change=_take_precision,
        placeholder=t("not stated"),
        help=t(
            "How far a boundary point may lie from where it is written. Without it"
            " nothing can be told apart from a boundary error, and overlaps stay to be"
            " verified."
        ),
    )


def said(name: str) -> object:
    """Return what a widget of the file on the desk says."""
    desk = DESK.get()
    return None if desk is None else st.session_state.get(desk.key(name))


def read_again(**changes: str) -> None:
    """Read the file again as a person says."""
    if desk := DESK.get():
        check_deeds.read(replace(desk, check=None, submission=None, **changes))  # type: ignore[arg-type]


def _take_encoding() -> None:
    read_again(encoding=str(said("encoding") or ""))


def _take_crs() -> None:
    check_deeds.choose_crs(str(said("crs") or ""))


def _take_precision() -> None:
    told = said("precision")
    check_deeds.be_exact_to(told if isinstance(told, float) else None)


def _zone_text(crs: str) -> str:
    """Name a CRS as surveyors do."""
    zone = zone_of_code(crs)
    if not zone:
        return t("Degrees, CGCS2000 ({crs})", crs=crs)
    return t(
        "3-degree zone {zone}, central meridian {meridian}°E ({crs})",
        zone=zone,
        meridian=3 * zone,
        crs=crs,
    )

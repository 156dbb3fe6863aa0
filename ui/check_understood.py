"""What was understood of a boundary file, in words, before anything is checked."""

from html import escape
from typing import Final

import shapely
import streamlit as st

from gis.words import Title
from layers.boundary import Remark
from layers.check_titles import FORMAT_TITLES, REMARK_TITLES
from reports.crs_words import crs_words
from ui.check_state import Desk
from ui.figures import area_text
from ui.i18n import t
from ui.page_parts import facts_html

MOST_REMARKS: Final = 200


def understood(desk: Desk) -> str:
    """Write what was understood, a line each.

    Args:
        desk: What is on the desk; its file was read.

    Returns:
        HTML for `st.html`; every text is escaped.
    """
    boundary = desk.boundary
    if boundary is None:
        return ""
    parcels = boundary.parcels
    count = f"{len(parcels):,}"
    points = f"{shapely.get_num_coordinates(parcels.geometry.to_numpy()).sum():,}"
    lines = [
        (t("File"), desk.name),
        (t("Format"), _format(boundary.kind, boundary.encoding)),
        (t("Parcels"), t("{parcels}, {points} points", parcels=count, points=points)),
        (t("Coordinates in"), _crs(desk)),
        (t("Precision"), _precision(desk)),
    ]
    if desk.submission is not None:
        lines.insert(3, (t("Names"), _names(list(desk.submission.parcels["name"]))))
        lines.append((t("Total area"), area_text(desk.area_m2)))
    return facts_html(lines, "check-understood")


def remarks_of(desk: Desk) -> None:
    """Fold away what was noticed and mended, with the lines of the file."""
    told = desk.submission or desk.boundary
    if told is None or not told.remarks:
        return
    with st.expander(t("Remarks on the file: {count}", count=len(told.remarks))):
        items = "".join(_item(one) for one in told.remarks[:MOST_REMARKS])
        st.html(f'<ul class="check-remarks">{items}</ul>')
        if len(told.remarks) > MOST_REMARKS:
            st.caption(t("The first {count} are shown.", count=MOST_REMARKS))


def _item(one: Remark) -> str:
    """Write a remark as a line of a list."""
    where = t("line {line}", line=one.line) if one.line else ""
    said = t(one.what, **one.values)
    head = " · ".join(filter(None, (t(REMARK_TITLES[one.kind]), where)))
    return f"<li><small>{escape(head)}</small> {escape(said)}</li>"


def _format(kind: str, encoding: str) -> str:
    """Name a format and the encoding of its text."""
    named = t(FORMAT_TITLES.get(kind, Title(kind)))
    return " · ".join(filter(None, (named, encoding.upper())))


def _crs(desk: Desk) -> str:
    """Say which CRSs the coordinates are in, and who says so."""
    if desk.submission is None:
        return t("not known yet")
    named = crs_words(desk.submission.crs_names, t)
    return f"{named} · {t(Title(desk.submission.crs_from))}"


def _precision(desk: Desk) -> str:
    if desk.precision_m is None:
        return t("not stated")
    return f"± {desk.precision_m:g} m"


def _names(names: list[str]) -> str:
    """Preview a few names, so that a wrong encoding is seen at once."""
    shown = [name for name in names if name][:3]
    return "、".join(shown) or "—"

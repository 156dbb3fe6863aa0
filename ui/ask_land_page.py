"""Ask the offices about land in general, and follow what was asked by its number."""

from html import escape
from typing import Any

import streamlit as st

from gis.errors import LandMapError
from ledger import inquiries
from ledger.casework import InquiryState
from ledger.inquiries import LENGTHS, Followed
from ledger.unit_of_work import CHINA
from ui import access, notices, resources, visitor_quota
from ui.ask_form import ASKED, ask_form
from ui.i18n import t, tell
from ui.land_frame import heading, land_page
from ui.page_parts import facts_html
from ui.state import Slot


def _none() -> Followed | str | None:
    return None


FOUND: Slot[Followed | str | None] = Slot("land_followed", _none)
"""What became of an inquiry, or why nothing is told."""


def ask_land_page() -> None:
    """Draw the page."""
    land_page(_draw)


def _draw() -> None:
    heading(
        t("Ask the office"),
        t("Without an account: you get a number to follow your question by."),
    )
    left, right = st.columns(2, gap="large")
    with left:
        st.html(f"<h2 class='land-part'>{escape(t('Ask a question'))}</h2>")
        ask_form()
    with right:
        st.html(f"<h2 class='land-part'>{escape(t('Follow a question'))}</h2>")
        _follow()


def _follow() -> None:
    number, contact = ASKED.get() or ("", "")
    with st.form("land.follow", border=False):
        st.text_input(t("Number"), value=number, key="land.follow.number", max_chars=32)
        st.text_input(
            t("Phone or e-mail, as you gave it"),
            value=contact,
            key="land.follow.contact",
            max_chars=LENGTHS["contact"],
        )
        st.form_submit_button(
            t("What became of it?"), width="stretch", on_click=_look, key="land.look"
        )
    found = FOUND.get()
    if isinstance(found, str):
        notices.show(found, "bad")
    elif found is not None:
        st.html(told_html(found))


def told_html(found: Followed) -> str:
    """Write what became of an inquiry, encoded.

    Args:
        found: What may be told.

    Returns:
        HTML.
    """
    words = {
        InquiryState.NEW: t("The office has it and has not answered yet."),
        InquiryState.ANSWERED: t("The office has answered."),
        InquiryState.LEAD: t("The office works on it with you as a project."),
        InquiryState.CLOSED: t("The office has closed it."),
    }
    lines: list[tuple[str, Any]] = [
        (t("Number"), found.number),
        (t("Received on"), f"{found.received_at.astimezone(CHINA):%Y-%m-%d %H:%M}"),
        (t("State"), words[found.state]),
    ]
    if found.answer:
        lines.append((t("Answer"), found.answer))
    return f"<div role='status'>{facts_html(lines, 'land-followed')}</div>"


def _look() -> None:
    state = st.session_state
    try:
        visitor_quota.follow()
        with resources.ledger().read(access.current_actor()) as work:
            FOUND.set(
                inquiries.follow(
                    work,
                    str(state.get("land.follow.number") or ""),
                    str(state.get("land.follow.contact") or ""),
                )
            )
    except LandMapError as error:
        FOUND.set(tell(error))

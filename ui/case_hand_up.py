"""Hand up many cases at once: those that the rules say are due, one reason for all."""

from collections.abc import Sequence
from typing import Any, Final

import streamlit as st

from gis.words import Title
from ledger import handling
from ledger.case_list import Listed
from ledger.unit_of_work import Work
from ui.case_books import Book, Seen
from ui.case_words import late_text
from ui.i18n import t
from ui.ledger_deeds import do
from ui.page_parts import plain

MOST: Final = 50
"""More are not read before they are ticked; the longest overdue stand first."""
HEIGHT: Final = 260


def hand_up_many(seen: Seen) -> None:
    """Offer to hand up the cases of the view that are the actor's to hand up.

    Args:
        seen: What the page shows.
    """
    offered = seen.due_up[:MOST]
    if not offered:
        return
    book = seen.book
    # Handed up ones leave the view: the next popover is a new one, and closed.
    key = f"cases.{book.name}.up.{len(seen.due_up)}.{offered[0].case.id}"
    with (
        st.popover(
            t("Hand up several"), icon=":material/keyboard_double_arrow_up:", key=key
        ),
        st.form(f"{key}.form", border=False),
    ):
        st.caption(
            t("Each goes to the level above it, and its term begins anew there.")
        )
        with st.container(height=HEIGHT, border=False):
            for one in offered:
                st.checkbox(
                    plain(_label(one, seen)), value=True, key=f"{key}.{one.case.id}"
                )
        if len(offered) < len(seen.due_up):
            st.caption(
                t(
                    "The first {shown} of {total}; the others follow.",
                    shown=len(offered),
                    total=len(seen.due_up),
                )
            )
        st.text_input(t("Reason"), key=f"{key}.why", max_chars=500)
        st.form_submit_button(
            t("Hand up those ticked"),
            type="primary",
            on_click=_hand_up,
            args=(book, offered, key),
        )


def _label(one: Listed[Any], seen: Seen) -> str:
    step = seen.rules.steps[one.case.level]
    way = f"{t(one.case.level.label)} → {t(step.to.label)}"
    parts = (one.case.title, one.project_title, late_text(one.case, seen.today), way)
    return " · ".join(filter(None, parts))


def _hand_up(book: Book, offered: Sequence[Listed[Any]], key: str) -> None:
    said = st.session_state
    versions = {
        one.case.id: one.case.version for one in offered if said[f"{key}.{one.case.id}"]
    }

    def deed(work: Work) -> None:
        handling.escalate_all(work, book.loop, versions, why=said[f"{key}.why"] or "")

    do(deed, Title("They were handed up."))

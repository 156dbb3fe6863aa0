"""Write down a new problem or request for a project that is named by its code."""

from typing import Final

import streamlit as st

from gis.errors import LedgerError
from gis.words import Title
from ledger import problems, projects, requests
from ledger.casework import Channel
from ledger.model import ProblemKind
from ledger.unit_of_work import Work
from ui.case_books import Book
from ui.case_words import CATEGORIES, category_name
from ui.i18n import t
from ui.ledger_deeds import allowed, do
from ui.state import PROJECT

LONGEST: Final = 300


def new_case(book: Book, count: int) -> None:
    """Offer the form of a new case, where the actor may write one down anywhere.

    Args:
        book: The list.
        count: How many there are; a new one makes the form's keys new.
    """
    if not allowed(book.loop.write):
        return
    label = t("New problem") if book.name == "problems" else t("New request")
    with st.popover(label, icon=":material/add:", key=f"cases.{book.name}.new"):
        case_form(book, f"cases.{book.name}.new.{count}", PROJECT.get() or "")


def case_form(book: Book, key: str, code: str, *, ask_project: bool = True) -> None:
    """Draw the form of a new case.

    Args:
        book: The list.
        key: Makes the keys of the widgets.
        code: Code of the project.
        ask_project: Whether the code can be changed.
    """
    with st.form(key, border=False):
        if ask_project:
            st.text_input(
                t("Code of the project"), value=code, key=f"{key}.code", max_chars=100
            )
        asks = (
            t("What is the problem")
            if book.name == "problems"
            else t("What the firm asks for")
        )
        st.text_input(asks, key=f"{key}.title", max_chars=LONGEST)
        st.selectbox(
            t(book.sort_title),
            list(book.sorts),
            format_func=lambda one: t(one.label),
            key=f"{key}.sort",
        )
        st.selectbox(
            t("Category"),
            list(CATEGORIES),
            format_func=category_name,
            key=f"{key}.category",
        )
        st.date_input(t("Due on"), value=None, key=f"{key}.due", format="YYYY-MM-DD")
        st.form_submit_button(
            t("Add"),
            type="primary",
            on_click=_add,
            args=(book, key, "" if ask_project else code),
        )


def _add(book: Book, key: str, code: str) -> None:
    said = st.session_state

    def deed(work: Work) -> None:
        wanted = (code or said[f"{key}.code"] or "").strip()
        project = projects.by_code(work, wanted)
        if project is None:
            raise LedgerError(
                "There is no project {code} that you may see.", code=wanted or "—"
            )
        terms = {
            "project_id": project.id,
            "title": said[f"{key}.title"] or "",
            "category": said[f"{key}.category"] or "",
            "due_on": said[f"{key}.due"],
        }
        if book.name == "problems":
            kind = ProblemKind(said[f"{key}.sort"])
            number = problems.open(work, kind=kind, **terms).id
        else:
            channel = Channel(said[f"{key}.sort"])
            number = requests.open(work, channel=channel, **terms).id
        book.chosen.set(number)

    do(deed, Title("It was written down. Route it now."))

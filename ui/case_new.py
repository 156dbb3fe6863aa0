"""Write down a new problem or request for a project that is named by its code."""

import streamlit as st

from gis.errors import LedgerError
from gis.words import Title
from ledger import problems, projects, requests
from ledger.unit_of_work import Work
from ui.case_books import Book
from ui.case_terms import said_terms, term_inputs
from ui.i18n import t
from ui.ledger_deeds import allowed, do
from ui.state import PROJECT


def new_case(book: Book, count: int) -> None:
    """Offer the form of a new case, where the actor may write one down anywhere.

    Args:
        book: The list.
        count: How many there are; a new one makes the form's keys new.
    """
    if not allowed(book.loop.write):
        return
    label = t("New problem") if book.name == "problems" else t("New request")
    key = f"cases.{book.name}.new.{count}"  # a new popover closes when it is done
    with st.popover(label, icon=":material/add:", key=f"{key}.open"):
        case_form(book, key, PROJECT.get() or "")


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
        term_inputs(book, key, None)
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
        begin = problems.open if book.name == "problems" else requests.open
        made = begin(work, project_id=project.id, **said_terms(book, key))
        book.chosen.set(made.id)

    do(deed, Title("It was written down. Route it now."))

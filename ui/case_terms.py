"""What is written of a problem or request: asked of a new one, and changed later."""

from typing import Any, Final

import streamlit as st

from gis.words import Title
from ledger import problems, requests
from ledger.casework import Channel, FirmRequest
from ledger.model import Problem, ProblemKind
from ledger.unit_of_work import Work
from ui.case_books import Book
from ui.case_words import CATEGORIES, category_name
from ui.i18n import t
from ui.ledger_deeds import do

LONGEST: Final = 300


def term_inputs(book: Book, key: str, case: Problem | FirmRequest | None) -> None:
    """Draw the inputs, inside a form.

    Args:
        book: The list.
        key: Makes the keys of the widgets.
        case: The case that is changed; None for a new one.
    """
    asks = (
        t("What is the problem")
        if book.name == "problems"
        else t("What the firm asks for")
    )
    st.text_input(
        asks, value=case.title if case else "", key=f"{key}.title", max_chars=LONGEST
    )
    sorts = list(book.sorts)
    st.selectbox(
        t(book.sort_title),
        sorts,
        index=sorts.index(getattr(case, book.loop.sort)) if case else 0,
        format_func=lambda one: t(one.label),
        key=f"{key}.sort",
    )
    # What an office or an import wrote stays what it is until somebody changes it.
    own = [case.category] if case and case.category not in CATEGORIES else []
    categories = [*own, *CATEGORIES]
    st.selectbox(
        t("Category"),
        categories,
        index=categories.index(case.category) if case else 0,
        format_func=lambda one: category_name(one) or t("No category"),
        key=f"{key}.category",
    )
    st.date_input(
        t("Due on"),
        value=case.due_on if case else None,
        key=f"{key}.due",
        format="YYYY-MM-DD",
    )


def said_terms(book: Book, key: str) -> dict[str, Any]:
    """Gather what the inputs say.

    Args:
        book: The list.
        key: As it was given to `term_inputs`.

    Returns:
        The terms, as the verbs of the list take them.
    """
    said = st.session_state
    kinds = {"kind": ProblemKind, "channel": Channel}
    sort = kinds[book.loop.sort](said[f"{key}.sort"])
    return {
        "title": said[f"{key}.title"] or "",
        book.loop.sort: sort,
        "category": said[f"{key}.category"] or "",
        "due_on": said[f"{key}.due"],
    }


def edit_form(book: Book, case: Problem | FirmRequest, key: str) -> None:
    """Offer to change what is written of a case.

    Args:
        book: The list.
        case: The case as it was read.
        key: Makes the keys of the widgets.
    """
    key = f"{key}.edit"
    with (
        st.popover(t("Edit"), icon=":material/edit:", key=f"{key}.p"),
        st.form(key, border=False),
    ):
        term_inputs(book, key, case)
        st.form_submit_button(
            t("Save"), type="primary", on_click=_edit, args=(book, case, key)
        )


def _edit(book: Book, case: Problem | FirmRequest, key: str) -> None:
    change = problems.edit if book.name == "problems" else requests.edit
    terms = said_terms(book, key)

    def deed(work: Work) -> None:
        change(work, case.id, version=case.version, **terms)

    do(deed, Title("The change was saved."))

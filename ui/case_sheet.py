"""One problem or request beside the table: what is known, its course, what to do."""

from datetime import date
from typing import Final

import streamlit as st

from gis.words import Title
from ledger.casework import FirmRequest
from ledger.closed_loop import is_overdue
from ledger.model import Problem
from ui import resources
from ui.case_books import Beside, Seen
from ui.case_forms import forms, proposal_text
from ui.case_page import facts, sheet_head
from ui.case_words import category_name, state_text
from ui.i18n import language, t
from ui.page_parts import plain
from ui.project_history import row_html
from ui.settings import ROOT
from ui.state import PROJECT

PROJECT_LEDGER: Final = ROOT / "ui" / "screens" / "project_ledger.py"


def sheet(seen: Seen) -> None:
    """Draw the chosen case, or say what to do where there is none.

    Args:
        seen: What the page shows.
    """
    if seen.beside is None:
        st.caption(t("Choose a row to see its course and what can be done."))
        return
    beside = seen.beside
    one, case = beside.one, beside.one.case
    place = resources.place_names(language()).get(one.region, one.region)
    sheet_head(
        case.title,
        state_text(case, seen.today),
        " · ".join(filter(None, (one.project_title, one.project_code, place))),
        synthetic=one.synthetic,
        amber=is_overdue(case, seen.today),
    )
    if not case.office and case.closed_on is None:
        st.caption(plain(proposal_text(beside.route, seen.rules, seen.offices)))
    forms(seen, beside)
    facts(known(seen, case))
    with st.expander(t("Course"), expanded=True):
        lines = "".join(row_html(row, seen.offices) for row in beside.course)
        st.html(f'<ul class="lines">{lines}</ul>')
    _to_project(beside)


def known(seen: Seen, case: Problem | FirmRequest) -> list[tuple[str, str]]:
    """Tell what is known of a case, a line each.

    Args:
        seen: What the page shows.
        case: The case.

    Returns:
        Names and values; what only a request has stands among them.
    """
    book = seen.book
    sort = book.sorts(getattr(case, book.loop.sort))
    office = seen.offices.get(case.office, case.office)
    lines = [
        (t(book.sort_title), t(sort.label)),
        (t("Category"), category_name(case.category)),
        (t("Office"), office),
        (t("Level"), t(case.level.label)),
        (t("Opened on"), str(book.loop.begun(case))),
        (t("Due on"), str(case.due_on or "")),
        answer_line(case),
    ]
    if isinstance(case, FirmRequest):
        lines.append((
            t("The firm confirms"),
            _said(case.confirmation, case.confirmed_on),
        ))
    if case.escalations:
        lines.append((t("Handed up"), handed_up_text(case)))
    if case.closed_on is not None:
        lines.append((t("Closed on"), str(case.closed_on)))
    if case.evidence:
        lines.append((t("Evidence of closing"), case.evidence))
    return lines


def answer_line(case: Problem | FirmRequest) -> tuple[str, str]:
    """Tell the answer of a case, or the earlier one that no longer stands.

    Args:
        case: The case.

    Returns:
        What it is called, and the answer with who and when.
    """
    who = t(Title(case.answered_by)) if case.answered_by else ""
    if case.answer and case.answered_on is None:
        return t("Earlier answer"), f"{case.answer} ({who})"
    told = " · ".join(filter(None, (str(case.answered_on or ""), who)))
    return t("Answer"), f"{case.answer} ({told})" if case.answer else ""


def handed_up_text(case: Problem | FirmRequest) -> str:
    """Tell how often a case was handed up, and when last."""
    return t(
        "{count} times, last on {day}", count=case.escalations, day=case.escalated_on
    )


def _said(text: str, day: date | None) -> str:
    return f"{text} ({day})" if text and day else text


def _to_project(beside: Beside) -> None:
    pressed = st.button(
        t("Open the project"), icon=":material/open_in_new:", key="cases.project"
    )
    if pressed:
        PROJECT.set(beside.one.project_code)
        st.switch_page(PROJECT_LEDGER)

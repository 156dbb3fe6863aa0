"""The problems of a project and the requests of its firm: what is open, with whom."""

from datetime import date
from html import escape
from typing import Any, Final

import streamlit as st

from ledger import problems, requests, routing
from ledger.casework import FirmRequest
from ledger.closed_loop import state_of
from ledger.model import Problem, Project
from ui import access, resources
from ui.case_books import BOOKS, SHOWN, Book
from ui.case_forms import close_form, reopen_form
from ui.case_new import case_form
from ui.case_sheet import answer_line, handed_up_text
from ui.case_words import category_name, late_text, office_names
from ui.i18n import t
from ui.ledger_deeds import allowed
from ui.ruling import ruling_region
from ui.settings import ROOT

PROBLEMS_PAGE: Final = ROOT / "ui" / "screens" / "problems.py"


def problems_tab(project: Project) -> None:
    """Draw the problems of a project, with what can be done."""
    book = BOOKS["problems"]
    with resources.ledger().read(access.current_actor()) as work:
        found = problems.of(work, project.id)
        offices, today = office_names(routing.read(work).offices), work.today()
    if allowed(book.loop.write, ruling_region(project)):
        _open_form(book, project, len(found), t("New problem"))
    if not found:
        st.html(f'<p class="none">{escape(t("No problem is written down."))}</p>')
    for problem in found:
        _case(book, project, problem, case_html(book, problem, offices, today))


def requests_tab(project: Project) -> None:
    """Draw what a project's firm asked for, once it has landed."""
    book = BOOKS["requests"]
    with resources.ledger().read(access.current_actor()) as work:
        found = requests.of(work, project.id)
        offices, today = office_names(routing.read(work).offices), work.today()
    landed = requests.has_landed(project)
    if landed and allowed(book.loop.write, ruling_region(project)):
        _open_form(book, project, len(found), t("New request"))
    if not found:
        nothing = (
            t("The firm has asked for nothing yet.")
            if landed
            else t("Requests are written down once construction has started.")
        )
        st.html(f'<p class="none">{escape(nothing)}</p>')
    for request in found:
        _case(book, project, request, case_html(book, request, offices, today))


def case_html(
    book: Book, case: Problem | FirmRequest, offices: dict[str, str], today: date
) -> str:
    """Write a case, encoded: state, kind, office, level, days, answer and evidence.

    Args:
        book: Its list.
        case: The case.
        offices: Names of the offices by code.
        today: The day it is.

    Returns:
        HTML.
    """
    late = late_text(case, today)
    css = "amber" if late else "held" if case.closed_on is not None else ""
    state = " · ".join(filter(None, (t(state_of(case).label), late)))
    about = " · ".join(filter(None, _about(book, case, offices)))
    name, answer = answer_line(case)
    more = [f"{name}: {answer}"] if answer else []
    if case.evidence:
        more.append(f"{t('Evidence of closing')}: {case.evidence}")
    return (
        f'<ul class="lines"><li><span class="chip {css}">{escape(state)}</span>'
        f"<b>{escape(case.title)}</b><small>{escape(about)}</small>"
        f"{''.join(f'<small>{escape(one)}</small>' for one in more)}</li></ul>"
    )


def _about(
    book: Book, case: Problem | FirmRequest, offices: dict[str, str]
) -> list[str]:
    sort = book.sorts(getattr(case, book.loop.sort))
    return [
        t(sort.label),
        category_name(case.category),
        offices.get(case.office, case.office),
        t(case.level.label),
        t("opened {day}", day=book.loop.begun(case)),
        t("due {day}", day=case.due_on) if case.due_on and not case.closed_on else "",
        f"{t('Handed up')} {handed_up_text(case)}" if case.escalations else "",
        t("closed {day}", day=case.closed_on) if case.closed_on else "",
    ]


def _case(book: Book, project: Project, case: Any, html: str) -> None:  # noqa: ANN401 - a problem or a request
    key = f"ledger.{book.name}.{case.id}.{case.version}"
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.html(html, width="stretch")
        if allowed(book.loop.close, ruling_region(project)):
            draw = close_form if case.closed_on is None else reopen_form
            draw(book.loop, case, key)
        if case.closed_on is None and st.button(
            t("Go on with it"),
            icon=":material/arrow_forward:",
            key=f"{key}.go",
            type="tertiary",
        ):
            SHOWN.set(book.name)
            book.chosen.set(case.id)
            st.switch_page(PROBLEMS_PAGE)


def _open_form(book: Book, project: Project, count: int, label: str) -> None:
    key = f"ledger.{book.name}.new.{project.id}.{count}"
    with st.popover(label, icon=":material/add:", key=f"{key}.open"):
        case_form(book, key, project.code, ask_project=False)

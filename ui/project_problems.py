"""The problems of a project: what is open, what closed it, how to add one."""

from collections.abc import Mapping
from datetime import date
from html import escape
from typing import Final

import streamlit as st

from gis.words import Title
from ledger import problems
from ledger.access import Verb
from ledger.model import Problem, ProblemKind, Project
from ledger.unit_of_work import Work
from ui import access, resources
from ui.i18n import t
from ui.ledger_deeds import allowed, do

CATEGORIES: Final[Mapping[str, Title]] = {
    "land": Title("Land quota and clearing"),
    "site": Title("Site"),
    "plan": Title("Detailed plan"),
    "planning": Title("Planning permit"),
    "environment": Title("Environment"),
    "energy": Title("Energy review"),
    "safety": Title("Safety review"),
    "construction": Title("Building permit"),
    "road": Title("Road access"),
    "power": Title("Power supply"),
    "water": Title("Water supply"),
    "drainage": Title("Drainage"),
    "gas": Title("Gas supply"),
    "finance": Title("Financing"),
    "labour": Title("Labour"),
    "policy": Title("Promised policy"),
    "other": Title("Other"),
}
"""What problems are about; a category of a ledger's own is shown as it is."""


def problems_tab(project: Project) -> None:
    """Draw the problems of a project, with what can be done."""
    with resources.ledger().read(access.current_actor()) as work:
        found = problems.of(work, project.id)
        today = work.today()
    if allowed(Verb.PROBLEM_EDIT, project.region):
        _open_form(project, f"ledger.problem.{project.id}.{len(found)}")
    if not found:
        st.html(f'<p class="none">{escape(t("No problem is written down."))}</p>')
    for problem in found:
        _problem(project, problem, today)


def problem_html(problem: Problem, today: date) -> str:
    """Write a problem, encoded: its state, kind, days and evidence.

    Args:
        problem: The problem.
        today: The day it is.

    Returns:
        HTML.
    """
    lines = [t("opened {day}", day=problem.opened_on)]
    if problem.closed_on is not None:
        css, state = "held", t("Closed problem")
        lines.append(t("closed {day}", day=problem.closed_on))
    else:
        css, state = "amber", t("Open problem")
        if problem.due_on is not None:
            lines.append(t("due {day}", day=problem.due_on))
            if problem.due_on < today:
                state = t("Overdue")
    about = " · ".join(
        filter(None, (t(problem.kind.label), category_name(problem.category), *lines))
    )
    evidence = (
        f"<small>{escape(t('Evidence of closing'))}: {escape(problem.evidence)}</small>"
        if problem.evidence
        else ""
    )
    return (
        f'<ul class="lines"><li><span class="chip {css}">{escape(state)}</span>'
        f"<b>{escape(problem.title)}</b><small>{escape(about)}</small>{evidence}</li></ul>"
    )


def category_name(category: str) -> str:
    """Name what a problem is about, in the reader's language."""
    return t(CATEGORIES[category]) if category in CATEGORIES else category


def _problem(project: Project, problem: Problem, today: date) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.html(problem_html(problem, today), width="stretch")
        if not allowed(Verb.PROBLEM_CLOSE, project.region):
            return
        if problem.closed_on is None:
            _close_form(problem)
        else:
            _reopen_form(problem)


def _open_form(project: Project, key: str) -> None:
    with (
        st.popover(t("New problem"), icon=":material/add:", key=f"{key}.open"),
        st.form(key, border=False),
    ):
        st.text_input(t("What is the problem"), key=f"{key}.title", max_chars=300)
        st.selectbox(
            t("Kind of problem"),
            list(ProblemKind),
            format_func=lambda one: t(one.label),
            key=f"{key}.kind",
        )
        st.selectbox(
            t("Category"),
            list(CATEGORIES),
            format_func=category_name,
            key=f"{key}.category",
        )
        st.date_input(t("Due on"), value=None, key=f"{key}.due", format="YYYY-MM-DD")
        st.form_submit_button(
            t("Add"), type="primary", on_click=_open, args=(project.id, key)
        )


def _close_form(problem: Problem) -> None:
    key = f"ledger.close.{problem.id}.{problem.version}"
    with (
        st.popover(t("Close with evidence"), key=f"{key}.open"),
        st.form(key, border=False),
    ):
        st.text_input(
            t("Evidence of closing"),
            key=f"{key}.evidence",
            max_chars=500,
            help=t("What proves that it is solved: a document, a date, a name."),
        )
        st.date_input(t("Solved on"), value=None, key=f"{key}.on", format="YYYY-MM-DD")
        st.form_submit_button(
            t("Close the problem"),
            type="primary",
            on_click=_close,
            args=(problem, key),
        )


def _reopen_form(problem: Problem) -> None:
    key = f"ledger.reopen.{problem.id}.{problem.version}"
    with st.popover(t("Reopen"), key=f"{key}.open"), st.form(key, border=False):
        st.text_input(t("Reason"), key=f"{key}.why", max_chars=500)
        st.form_submit_button(t("Open it again"), on_click=_reopen, args=(problem, key))


def _open(project_id: int, key: str) -> None:
    said = st.session_state

    def deed(work: Work) -> None:
        problems.open(
            work,
            project_id=project_id,
            kind=ProblemKind(said[f"{key}.kind"]),
            title=said[f"{key}.title"] or "",
            category=said[f"{key}.category"] or "",
            due_on=said[f"{key}.due"],
        )

    do(deed, Title("The problem was written down."))


def _close(problem: Problem, key: str) -> None:
    said = st.session_state

    def deed(work: Work) -> None:
        problems.close(
            work,
            problem.id,
            evidence=said[f"{key}.evidence"] or "",
            version=problem.version,
            on=said[f"{key}.on"],
        )

    do(deed, Title("The problem was closed."))


def _reopen(problem: Problem, key: str) -> None:
    why = st.session_state[f"{key}.why"] or ""
    do(
        lambda work: problems.reopen(
            work, problem.id, why=why, version=problem.version
        ),
        Title("The problem is open again."),
    )

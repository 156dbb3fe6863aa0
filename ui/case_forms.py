"""Forms of a case: route, answer, hand up, close, reopen, change, the firm's word.

Each carries the version it was read at: a stale save says who was first.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import streamlit as st

from gis.words import Title
from ledger import handling, requests
from ledger.casework import FirmRequest, Urgency
from ledger.closed_loop import CaseState, Loop, state_of
from ledger.model import Level, Problem
from ledger.routing import UPWARD, Route, Routing
from ledger.unit_of_work import Work
from ui.case_books import Beside, Book, Seen, can
from ui.case_terms import edit_form
from ui.i18n import t
from ui.ledger_deeds import do
from ui.page_parts import plain

KEEP: Final = "keep"
OTHER: Final = "other"


def forms(seen: Seen, beside: Beside) -> None:
    """Draw what can be done with the chosen case.

    Args:
        seen: What the page shows.
        beside: The case.
    """
    book, case = seen.book, beside.one.case
    key = f"case.{book.name}.{case.id}.{case.version}"
    with st.container(key="case_deeds", horizontal=True, gap="small"):
        if case.closed_on is not None:
            if can(beside, book, "close"):
                reopen_form(book.loop, case, key)
            return
        if can(beside, book, "route"):
            _route_form(seen, beside, key)
        if can(beside, book, "answer") and case.office:
            _answer_form(book, case, key)
        if can(beside, book, "route") and case.level in seen.rules.steps:
            _escalate_form(seen, beside, key)
        _off_the_list(beside, book, key)
        if can(beside, book, "write"):
            edit_form(book, case, key)


def _off_the_list(beside: Beside, book: Book, key: str) -> None:
    """Offer to write down the firm's word, and to strike the case off."""
    case = beside.one.case
    if not can(beside, book, "close"):
        return
    if state_of(case) is CaseState.ANSWERED and isinstance(case, FirmRequest):
        _confirm_form(case, key)
    close_form(book.loop, case, key)


def close_form(loop: Loop[Any], case: Problem | FirmRequest, key: str) -> None:
    """Draw the form that strikes a case off, with evidence.

    Args:
        loop: The list in the ledger.
        case: The case as it was read.
        key: Makes the keys of the widgets.
    """
    with (
        st.popover(
            t("Close with evidence"), icon=":material/task_alt:", key=f"{key}.c"
        ),
        st.form(f"{key}.close", border=False),
    ):
        if not loop.ready(case):
            st.caption(t("The firm has not confirmed an answer: say why."))
            st.text_input(t("Reason"), key=f"{key}.close.why", max_chars=500)
        st.text_input(
            t("Evidence of closing"),
            key=f"{key}.close.evidence",
            max_chars=500,
            help=t("What proves that it is solved: a document, a date, a name."),
        )
        st.date_input(
            t("Solved on"), value=None, key=f"{key}.close.on", format="YYYY-MM-DD"
        )
        st.form_submit_button(
            t("Strike it off"),
            type="primary",
            on_click=_close,
            args=(loop, case, f"{key}.close"),
        )


def reopen_form(loop: Loop[Any], case: Problem | FirmRequest, key: str) -> None:
    """Draw the form that puts a closed case back on the list.

    Args:
        loop: The list in the ledger.
        case: The case as it was read.
        key: Makes the keys of the widgets.
    """
    with (
        st.popover(t("Reopen"), icon=":material/undo:", key=f"{key}.o"),
        st.form(f"{key}.reopen", border=False),
    ):
        st.text_input(t("Reason"), key=f"{key}.reopen.why", max_chars=500)
        st.form_submit_button(
            t("Open it again"), on_click=_reopen, args=(loop, case, f"{key}.reopen")
        )


def _route_form(seen: Seen, beside: Beside, key: str) -> None:
    case, route, key = beside.one.case, beside.route, f"{key}.route"
    label = t("Route to another office") if case.office else t("Route")
    with (
        st.popover(label, icon=":material/alt_route:", key=f"{key}.p"),
        st.form(key, border=False),
    ):
        st.caption(plain(proposal_text(route, seen.rules, seen.offices)))
        codes = list(seen.offices)
        st.selectbox(
            t("Office"),
            codes,
            index=codes.index(case.office or route.office)
            if (case.office or route.office) in codes
            else None,
            format_func=lambda code: seen.offices[code],
            key=f"{key}.office",
        )
        st.selectbox(
            t("Level"),
            UPWARD,
            index=UPWARD.index(case.level),
            format_func=lambda one: t(one.label),
            key=f"{key}.level",
        )
        terms = [*([KEEP] if case.due_on else []), *Urgency, OTHER]
        st.radio(
            t("Term"),
            terms,
            format_func=lambda one: _term_name(one, case, seen.rules),
            key=f"{key}.term",
        )
        st.date_input(
            t("Another last day"), value=None, key=f"{key}.due", format="YYYY-MM-DD"
        )
        if case.office:
            st.text_input(t("Reason"), key=f"{key}.why", max_chars=500)
        st.form_submit_button(
            t("Route it"),
            type="primary",
            on_click=_route,
            args=(seen.book, case, key),
        )


def _answer_form(book: Book, case: Problem | FirmRequest, key: str) -> None:
    key = f"{key}.answer"
    with (
        st.popover(t("Answer"), icon=":material/reply:", key=f"{key}.p"),
        st.form(key, border=False),
    ):
        st.text_area(t("What is answered"), key=f"{key}.text", max_chars=2000)
        st.date_input(
            t("Answered on"), value=None, key=f"{key}.on", format="YYYY-MM-DD"
        )
        st.form_submit_button(
            t("Save the answer"),
            type="primary",
            on_click=_answer,
            args=(book.loop, case, key),
        )


def _escalate_form(seen: Seen, beside: Beside, key: str) -> None:
    case, key = beside.one.case, f"{key}.up"
    step = seen.rules.steps[case.level]
    term = seen.rules.terms.get(step.to)
    with (
        st.popover(t("Hand up"), icon=":material/north:", key=f"{key}.p"),
        st.form(key, border=False),
    ):
        st.caption(
            plain(
                t(
                    "It goes to {level}, which takes it over; its term of {days} days "
                    "begins anew.",
                    level=t(step.to.label),
                    days=term.normal if term else "—",
                )
            )
        )
        st.selectbox(
            t("Office"),
            ["", *seen.offices],
            format_func=lambda code: (
                seen.offices[code] if code else t("The same department there")
            ),
            key=f"{key}.office",
        )
        st.text_input(t("Reason"), key=f"{key}.why", max_chars=500)
        st.form_submit_button(
            t("Hand it up"),
            type="primary",
            on_click=_escalate,
            args=(seen.book.loop, case, key),
        )


def _confirm_form(case: FirmRequest, key: str) -> None:
    key = f"{key}.confirm"
    with (
        st.popover(
            t("The firm confirms"), icon=":material/how_to_reg:", key=f"{key}.p"
        ),
        st.form(key, border=False),
    ):
        st.text_input(
            t("What the firm said, and who said it"), key=f"{key}.said", max_chars=500
        )
        st.date_input(
            t("Confirmed on"), value=None, key=f"{key}.on", format="YYYY-MM-DD"
        )
        st.form_submit_button(
            t("Save"), type="primary", on_click=_confirm, args=(case, key)
        )


def proposal_text(route: Route, rules: Routing, offices: Mapping[str, str]) -> str:
    """Tell where the rules would send a case, and what of it is confirmed.

    Args:
        route: The proposal.
        rules: The rules in force.
        offices: Names of the offices by code.

    Returns:
        One line, with the edition of the table.
    """
    unconfirmed = t("unconfirmed")
    office = offices.get(route.office, route.office)
    days = "" if route.days is None else t("{days} days", days=route.days)
    parts = [
        f"{office}{'' if route.office_confirmed else f' ({unconfirmed})'}",
        f"{days}{'' if route.days_confirmed or not days else f' ({unconfirmed})'}",
    ]
    return t(
        "By the rules: {route}. Table {edition}.",
        route=" · ".join(filter(None, parts)),
        edition=rules.edition,
    )


def _term_name(term: str, case: Problem | FirmRequest, rules: Routing) -> str:
    if term == KEEP:
        return t("Keep {day}", day=case.due_on)
    if term == OTHER:
        return t("Another last day")
    days = " / ".join(
        str(getattr(rules.terms[level], term)) if level in rules.terms else "—"
        for level in UPWARD
    )
    return t(
        "{urgency}: {days} days (county / prefecture / province)",
        urgency=t(Urgency(term).label),
        days=days,
    )


def _route(book: Book, case: Problem | FirmRequest, key: str) -> None:
    said = st.session_state
    term = said[f"{key}.term"]

    def deed(work: Work) -> None:
        handling.route(
            work,
            book.loop,
            case.id,
            version=case.version,
            office=said[f"{key}.office"] or "",
            level=Level(said[f"{key}.level"]),
            due_on=_routed_due(case, term, said[f"{key}.due"]),
            urgency=Urgency(term) if term in list(Urgency) else None,
            why=said.get(f"{key}.why") or "",
        )

    do(deed, Title("It was routed."))


def _routed_due(case: Problem | FirmRequest, term: str, day: Any) -> Any:  # noqa: ANN401 - a date or None
    if term == KEEP:
        return case.due_on
    return day if term == OTHER else None


def _answer(loop: Loop[Any], case: Problem | FirmRequest, key: str) -> None:
    said = st.session_state
    _do(
        handling.answer,
        loop,
        case,
        Title("The answer was saved."),
        text=said[f"{key}.text"] or "",
        on=said[f"{key}.on"],
    )


def _escalate(loop: Loop[Any], case: Problem | FirmRequest, key: str) -> None:
    said = st.session_state
    _do(
        handling.escalate,
        loop,
        case,
        Title("It was handed up."),
        why=said[f"{key}.why"] or "",
        office=said[f"{key}.office"] or "",
    )


def _close(loop: Loop[Any], case: Problem | FirmRequest, key: str) -> None:
    said = st.session_state
    _do(
        handling.close,
        loop,
        case,
        Title("It was struck off."),
        evidence=said[f"{key}.evidence"] or "",
        on=said[f"{key}.on"],
        why=said.get(f"{key}.why") or "",
    )


def _reopen(loop: Loop[Any], case: Problem | FirmRequest, key: str) -> None:
    why = st.session_state[f"{key}.why"] or ""
    _do(handling.reopen, loop, case, Title("It is open again."), why=why)


def _confirm(case: FirmRequest, key: str) -> None:
    said = st.session_state

    def deed(work: Work) -> None:
        requests.confirm(
            work,
            case.id,
            version=case.version,
            said=said[f"{key}.said"] or "",
            on=said[f"{key}.on"],
        )

    do(deed, Title("The firm's word was written down."))


def _do(
    deed: Callable[..., object],
    loop: Loop[Any],
    case: Problem | FirmRequest,
    done: Title,
    **given: Any,  # noqa: ANN401 - what the deed takes
) -> None:
    do(lambda work: deed(work, loop, case.id, version=case.version, **given), done)

"""The promises to a project: what is due, what was paid on it, how to add one."""

from collections.abc import Sequence
from datetime import date
from html import escape

import streamlit as st

from gis.words import Title
from ledger import policy_uses, promises
from ledger.access import Verb
from ledger.casework import Payment, Promise, PromiseState
from ledger.model import Project
from ledger.offices import offices as known_offices
from ledger.promise_figures import is_overdue
from ui import access, resources
from ui.case_words import office_names
from ui.i18n import t
from ui.ledger_deeds import allowed
from ui.promise_deeds import new_promise, promise_deeds, take_back_form
from ui.promise_policy import policy_part
from ui.ruling import ruling_region


def promises_tab(project: Project) -> None:
    """Draw the promises to a project, with what can be done."""
    with resources.ledger().read(access.current_actor()) as work:
        found = promises.of(work, project.id)
        paid = promises.payments(work, project.id)
        links = policy_uses.of_project(work, project.id)
        today, offices = work.today(), office_names(known_offices(work))
    region = ruling_region(project)
    key = f"ledger.promise.{project.id}.{len(found)}"
    new_promise(project.id, region, offices, key)
    if not found:
        st.html(f'<p class="none">{escape(t("No promise is written down."))}</p>')
    for promise in found:
        st.html(promise_html(promise, today))
        payments(promise, paid.get(promise.id, ()), region)
        promise_deeds(promise, region, offices)
        policy_part(promise, links.get(promise.id), region)


def promise_html(promise: Promise, today: date) -> str:
    """Write a promise, encoded: its state, money, days, basis and what settled it.

    Args:
        promise: The promise.
        today: The day it is.

    Returns:
        HTML.
    """
    state, css = standing(promise, today)
    lines = [money_line(promise)]
    if promise.due_on is not None:
        lines.append(t("due {day}", day=promise.due_on))
    if promise.settled_on is not None:
        lines.append(t("settled {day}", day=promise.settled_on))
    more = [(t("Basis of the promise"), promise.basis), *settled_lines(promise)]
    small = "".join(
        f"<small>{escape(name)}: {escape(said)}</small>" for name, said in more if said
    )
    return (
        f'<ul class="lines"><li><span class="chip {css}">{escape(state)}</span>'
        f"<b>{escape(promise.title)}</b>"
        f"<small>{escape(' · '.join(filter(None, lines)))}</small>{small}</li></ul>"
    )


def standing(promise: Promise, today: date) -> tuple[str, str]:
    """Say how a promise stands: overdue, due, or what settled it.

    Args:
        promise: The promise.
        today: The day it is.

    Returns:
        The word, and the class it is drawn with.
    """
    if is_overdue(promise, today):
        return t("Overdue"), "amber"
    return t(promise.state.label), "held" if promise.state is PromiseState.KEPT else ""


def settled_lines(promise: Promise) -> list[tuple[str, str]]:
    """List what a promise was settled by: name and words of each."""
    return [
        (t("Evidence of keeping"), promise.evidence),
        (t("Lawful ground"), promise.ground),
        (t("Procedure followed"), promise.procedure),
        (t("Compensation"), promise.compensation),
    ]


def money_line(promise: Promise) -> str:
    """Say how much is promised and paid; "" for what is not money."""
    if promise.amount_wan_cny is None:
        return ""
    return t(
        "{paid} of {amount} × 10,000 CNY paid",
        paid=f"{promise.paid_wan_cny:,.2f}",
        amount=f"{promise.amount_wan_cny:,.2f}",
    )


def payments(promise: Promise, booked: Sequence[Payment], region: str) -> None:
    """Draw what was paid on a promise; each may be taken back while it is due.

    Args:
        promise: The promise.
        booked: The payments.
        region: The place whose offices answer for it.
    """
    may_take_back = promise.state is PromiseState.OPEN and allowed(
        Verb.PROMISE_SETTLE, region
    )
    taken = promises.taken_back(booked)
    for payment in booked:
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.html(payment_html(payment), width="stretch")
            if may_take_back and payment.id not in taken:
                take_back_form(promise, payment)


def payment_html(payment: Payment) -> str:
    """Write a payment, encoded: day, amount, evidence, who booked it."""
    amount = t("{amount} × 10,000 CNY", amount=f"{payment.amount_wan_cny:,.2f}")
    about = f"{payment.evidence} · {t(Title(payment.who))}"
    return (
        f'<ul class="lines"><li><span class="day">{payment.paid_on}</span>'
        f"{escape(amount)}<small>{escape(about)}</small></li></ul>"
    )

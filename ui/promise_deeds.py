"""What can be done with a promise: a button and its form for each verb."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from gis.words import Title
from ledger import promises
from ledger.access import Verb
from ledger.casework import Payment, Promise, PromiseState
from ledger.promises import BY_LAW, Ground
from ledger.unit_of_work import Work
from ui.i18n import t
from ui.ledger_deeds import allowed, do
from ui.page_parts import plain


def new_promise(
    project_id: int, region: str, offices: Mapping[str, str], key: str
) -> None:
    """Offer to write down a promise, where the actor may.

    Args:
        project_id: The project it was given to.
        region: The place whose offices answer for it.
        offices: Names of departments by code.
        key: Prefix of the widgets; a new one makes an empty form.
    """
    if not allowed(Verb.PROMISE_EDIT, region):
        return
    with (
        st.popover(t("New promise"), icon=":material/add:", key=f"{key}.open"),
        st.form(key, border=False),
    ):
        _terms(key, None, offices)
        st.form_submit_button(
            t("Add"), type="primary", on_click=_write, args=(project_id, key)
        )


def promise_deeds(promise: Promise, region: str, offices: Mapping[str, str]) -> None:
    """Offer what the actor may do with a promise as it stands.

    Args:
        promise: The promise.
        region: The place whose offices answer for it.
        offices: Names of departments by code.
    """
    key = f"promise.{promise.id}.{promise.version}"
    settles = allowed(Verb.PROMISE_SETTLE, region)
    with st.container(horizontal=True, gap="small", key=f"{key}.deeds"):
        if promise.state is not PromiseState.OPEN:
            if settles:
                _reopen_form(promise, f"{key}.reopen")
            return
        if settles:
            if promise.amount_wan_cny is not None:
                _pay_form(promise, f"{key}.pay")
            _keep_form(promise, f"{key}.keep")
            _law_form(promise, f"{key}.law")
        if allowed(Verb.PROMISE_EDIT, region):
            _edit_form(promise, f"{key}.edit", offices)


def take_back_form(promise: Promise, payment: Payment) -> None:
    """Offer to take back a payment that was booked wrongly.

    Args:
        promise: The promise, still due.
        payment: The payment.
    """
    key = f"promise.{promise.id}.{promise.version}.back.{payment.id}"
    with st.popover(t("Take back"), key=f"{key}.open"), st.form(key, border=False):
        st.text_input(t("Reason"), key=f"{key}.why", max_chars=500)
        st.form_submit_button(
            t("Take the payment back"),
            on_click=_take_back,
            args=(promise, payment, key),
        )


def _terms(key: str, promise: Promise | None, offices: Mapping[str, str]) -> None:
    """Ask for what a promise is told by."""
    st.text_input(
        t("What was promised"),
        value=promise.title if promise else "",
        key=f"{key}.title",
        max_chars=300,
    )
    st.text_input(
        t("Basis of the promise"),
        value=promise.basis if promise else "",
        key=f"{key}.basis",
        max_chars=300,
        help=t("Where it stands: agreement and clause, minutes, policy document."),
    )
    st.text_input(
        t("Condition"),
        value=promise.condition if promise else "",
        key=f"{key}.condition",
        max_chars=500,
    )
    st.number_input(
        t("Amount (10,000 CNY)"),
        value=promise.amount_wan_cny if promise else None,
        min_value=0.0,
        step=1.0,
        format="%.2f",
        key=f"{key}.amount",
        help=t("Leave it empty for what is not money."),
    )
    st.date_input(
        t("To be kept by"),
        value=promise.due_on if promise else None,
        key=f"{key}.due",
        format="YYYY-MM-DD",
    )
    now = promise.office if promise else ""
    options = ["", *offices] if now in {"", *offices} else ["", now, *offices]
    st.selectbox(
        t("Office that keeps it"),
        options,
        index=options.index(now),
        format_func=lambda code: plain(offices.get(code, code or "—")),
        key=f"{key}.office",
    )


def _pay_form(promise: Promise, key: str) -> None:
    left = (promise.amount_wan_cny or 0.0) - promise.paid_wan_cny
    with (
        st.popover(t("Book a payment"), icon=":material/payments:", key=f"{key}.open"),
        st.form(key, border=False),
    ):
        st.number_input(
            t("Paid (10,000 CNY)"),
            value=left,
            min_value=0.0,
            step=1.0,
            format="%.2f",
            key=f"{key}.amount",
            help=t("{left} are left of this promise.", left=f"{left:,.2f}"),
        )
        st.text_input(
            t("Evidence of payment"),
            key=f"{key}.evidence",
            max_chars=500,
            help=t("Number of the voucher, the document."),
        )
        st.date_input(t("Paid on"), value=None, key=f"{key}.on", format="YYYY-MM-DD")
        st.form_submit_button(
            t("Book"), type="primary", on_click=_pay, args=(promise, key)
        )


def _keep_form(promise: Promise, key: str) -> None:
    with (
        st.popover(t("Kept with evidence"), key=f"{key}.open"),
        st.form(key, border=False),
    ):
        st.text_input(
            t("Evidence of keeping"),
            key=f"{key}.evidence",
            max_chars=500,
            help=t("What proves that it was kept: a document, a date, a name."),
        )
        st.date_input(t("Kept on"), value=None, key=f"{key}.on", format="YYYY-MM-DD")
        st.form_submit_button(
            t("It was kept"), type="primary", on_click=_keep, args=(promise, key)
        )


def _law_form(promise: Promise, key: str) -> None:
    with (
        st.popover(t("Change or refuse by law"), key=f"{key}.open"),
        st.form(key, border=False),
    ):
        st.caption(
            t(
                "Only with lawful ground, procedure and compensation. What holds "
                "instead is written down as a new promise."
            )
        )
        st.selectbox(
            t("What becomes of it"),
            BY_LAW,
            format_func=lambda one: t(one.label),
            key=f"{key}.to",
        )
        st.text_area(t("Lawful ground"), key=f"{key}.ground", max_chars=1_000)
        st.text_area(
            t("Procedure followed"),
            key=f"{key}.procedure",
            max_chars=1_000,
            help=t("Who was heard, who decided, by which document."),
        )
        st.text_area(
            t("Compensation"),
            key=f"{key}.compensation",
            max_chars=1_000,
            help=t("What the firm gets for it, or why nothing is due."),
        )
        st.date_input(t("Decided on"), value=None, key=f"{key}.on", format="YYYY-MM-DD")
        st.form_submit_button(t("Settle by law"), on_click=_law, args=(promise, key))


def _edit_form(promise: Promise, key: str, offices: Mapping[str, str]) -> None:
    with (
        st.popover(t("Edit"), icon=":material/edit:", key=f"{key}.open"),
        st.form(key, border=False),
    ):
        _terms(key, promise, offices)
        st.form_submit_button(
            t("Save"), type="primary", on_click=_edit, args=(promise, key)
        )


def _reopen_form(promise: Promise, key: str) -> None:
    with st.popover(t("Reopen"), key=f"{key}.open"), st.form(key, border=False):
        st.text_input(t("Reason"), key=f"{key}.why", max_chars=500)
        st.form_submit_button(t("Open it again"), on_click=_reopen, args=(promise, key))


def _said_terms(key: str) -> Mapping[str, Any]:
    said = st.session_state
    return {
        "title": said[f"{key}.title"] or "",
        "basis": said[f"{key}.basis"] or "",
        "condition": said[f"{key}.condition"] or "",
        "amount_wan_cny": said[f"{key}.amount"] or None,
        "due_on": said[f"{key}.due"],
        "office": said[f"{key}.office"] or "",
    }


def _write(project_id: int, key: str) -> None:
    terms = _said_terms(key)
    do(
        lambda work: promises.write(work, project_id=project_id, **terms),
        Title("The promise was written down."),
    )


def _edit(promise: Promise, key: str) -> None:
    terms = _said_terms(key)
    do(
        lambda work: promises.edit(work, promise.id, version=promise.version, **terms),
        Title("The promise was saved."),
    )


def _pay(promise: Promise, key: str) -> None:
    said = st.session_state

    def deed(work: Work) -> None:
        promises.pay(
            work,
            promise.id,
            amount_wan_cny=said[f"{key}.amount"] or 0.0,
            evidence=said[f"{key}.evidence"] or "",
            on=said[f"{key}.on"],
            version=promise.version,
        )

    do(deed, Title("The payment was booked."))


def _take_back(promise: Promise, payment: Payment, key: str) -> None:
    why = st.session_state[f"{key}.why"] or ""
    do(
        lambda work: promises.take_back(
            work, payment.id, why=why, version=promise.version
        ),
        Title("The payment was taken back."),
    )


def _keep(promise: Promise, key: str) -> None:
    said = st.session_state

    def deed(work: Work) -> None:
        promises.keep(
            work,
            promise.id,
            evidence=said[f"{key}.evidence"] or "",
            on=said[f"{key}.on"],
            version=promise.version,
        )

    do(deed, Title("The promise is kept."))


def _law(promise: Promise, key: str) -> None:
    said = st.session_state

    def deed(work: Work) -> None:
        promises.settle_by_law(
            work,
            promise.id,
            to=PromiseState(said[f"{key}.to"]),
            lawful=Ground(
                said[f"{key}.ground"] or "",
                said[f"{key}.procedure"] or "",
                said[f"{key}.compensation"] or "",
            ),
            on=said[f"{key}.on"],
            version=promise.version,
        )

    do(deed, Title("The promise was settled by law."))


def _reopen(promise: Promise, key: str) -> None:
    why = st.session_state[f"{key}.why"] or ""
    do(
        lambda work: promises.reopen(
            work, promise.id, why=why, version=promise.version
        ),
        Title("The promise is due again."),
    )

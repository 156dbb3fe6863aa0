"""Claims and places in the queue as lines, and the forms that change them."""

from collections.abc import Sequence
from datetime import date
from html import escape

import streamlit as st

from gis.units import M2_PER_MU
from gis.words import Title
from ledger import claims, queue
from ledger.access import Verb
from ledger.casework import QueueEntry, QueueState
from ledger.model import HOLDING, Claim, ClaimKind
from ledger.unit_of_work import CHINA, Work
from ui.i18n import t
from ui.ledger_deeds import allowed, do
from ui.page_parts import plain


def mu_text(area_m2: float) -> str:
    """Write an area in mu."""
    return t("{area} mu", area=f"{area_m2 / M2_PER_MU:,.2f}")


def claim_state(claim: Claim, today: date) -> str:
    """Name how firmly land is held, and whether the claim has run out."""
    state = t(claim.kind.label)
    if claim.kind is not ClaimKind.RELEASED and claim.expired(today):
        return f"{state} · {t('run out')}"
    return state


def claim_html(claim: Claim, today: date, waiting: int = 0) -> str:
    """Write a claim, encoded: how firmly, how much, from when to when, by whom.

    Args:
        claim: The claim.
        today: The day it is.
        waiting: How many projects wait for its ground.

    Returns:
        HTML.
    """
    css = "held"
    if claim.kind is ClaimKind.RELEASED:
        css = ""
    elif claim.expired(today):
        css = "amber"
    since = f"{claim.claimed_at.astimezone(CHINA):%Y-%m-%d}"
    until = claim.expires_on or t("open end")
    lines = [f"{since} – {until} · {t(Title(claim.claimed_by))}", claim.note]
    if claim.released_at is not None:
        lines.append(
            t(
                "released on {day} by {who}: {reason}",
                day=f"{claim.released_at.astimezone(CHINA):%Y-%m-%d}",
                who=Title(claim.released_by),
                reason=Title(claim.release_reason),
            )
        )
    if waiting:
        lines.append(t("{count} projects wait for this land", count=waiting))
    about = "".join(f"<small>{escape(line)}</small>" for line in lines if line)
    part = f" {escape(t('part of the parcel'))}" if claim.part else ""
    return (
        f'<ul class="lines"><li><span class="chip {css}">'
        f"{escape(claim_state(claim, today))}</span>"
        f"<b>{escape(claim.parcel_id)}</b>{part} {escape(mu_text(claim.area_m2))}"
        f"{about}</li></ul>"
    )


def entry_html(entry: QueueEntry, name: str, place: int | None) -> str:
    """Write a place in the queue, encoded.

    Args:
        entry: The place.
        name: What is written in bold: the parcel, or the project that waits.
        place: Its number in the line; None where it waits no more.

    Returns:
        HTML.
    """
    state = t(entry.state.label) if place is None else t("No. {place}", place=place)
    css = "" if place is None else "held"
    parts = (
        t(entry.kind.label),
        mu_text(entry.area_m2),
        t("since {day}", day=f"{entry.queued_at.astimezone(CHINA):%Y-%m-%d}"),
        t(Title(entry.queued_by)),
    )
    note = f"<small>{escape(entry.note)}</small>" if entry.note else ""
    return (
        f'<ul class="lines"><li><span class="chip {css}">{escape(state)}</span>'
        f"<b>{escape(name)}</b><small>{escape(' · '.join(parts))}</small>{note}"
        "</li></ul>"
    )


def claim_deeds(
    claim: Claim, place: str, waiting: Sequence[tuple[QueueEntry, str]]
) -> None:
    """Offer what can be done with a claim that was not released.

    Args:
        claim: The claim.
        place: Code of the place whose offices answer for its project.
        waiting: Who waits for its ground with the name of the project, in order.
    """
    if claim.kind is ClaimKind.RELEASED:
        return
    if allowed(Verb.CLAIM_MAKE, place):
        _amend_form(claim)
    if waiting and allowed(Verb.CLAIM_HAND_OVER, place):
        _hand_over_form(claim, waiting)
    if allowed(Verb.CLAIM_RELEASE, place):
        _release_form(claim)


def entry_deeds(entry: QueueEntry, place: str, *, free: bool) -> None:
    """Offer what can be done with a place in the queue.

    Args:
        entry: The place.
        place: Code of the place whose offices answer for its project.
        free: Whether nobody holds the land and it is its turn.
    """
    if entry.state is not QueueState.WAITING:
        return
    if free and allowed(Verb.CLAIM_MAKE, place):
        _take_form(entry)
    if allowed(Verb.CLAIM_QUEUE, place):
        _leave_form(entry)


def _amend_form(claim: Claim) -> None:
    key = f"ledger.amend.{claim.id}.{claim.version}"
    with (
        st.popover(t("Change the claim"), key=f"{key}.open"),
        st.form(key, border=False),
    ):
        st.selectbox(
            t("Kind of claim"),
            HOLDING,
            index=HOLDING.index(claim.kind),
            format_func=lambda one: t(one.label),
            key=f"{key}.kind",
        )
        st.date_input(
            t("Last day"),
            value=claim.expires_on,
            key=f"{key}.until",
            format="YYYY-MM-DD",
        )
        st.text_input(
            t("What it rests on"), value=claim.note, key=f"{key}.note", max_chars=500
        )
        st.form_submit_button(
            t("Save"), type="primary", on_click=_amend, args=(claim, key)
        )


def _release_form(claim: Claim) -> None:
    key = f"ledger.release.{claim.id}.{claim.version}"
    with st.popover(t("Release"), key=f"{key}.open"), st.form(key, border=False):
        st.text_input(t("Reason"), key=f"{key}.why", max_chars=500)
        st.form_submit_button(
            t("Release the land"), type="primary", on_click=_release, args=(claim, key)
        )


def _hand_over_form(claim: Claim, waiting: Sequence[tuple[QueueEntry, str]]) -> None:
    key = f"ledger.handover.{claim.id}.{claim.version}"
    names = {entry.id: f"{n}. {name}" for n, (entry, name) in enumerate(waiting, 1)}
    with st.popover(t("Hand over"), key=f"{key}.open"), st.form(key, border=False):
        st.selectbox(
            t("To"),
            list(names),
            format_func=lambda one: plain(names[one]),
            key=f"{key}.to",
            help=t("Who passes the first one over says why."),
        )
        st.text_input(t("Reason"), key=f"{key}.why", max_chars=500)
        st.date_input(
            t("Last day of the new claim"),
            value=None,
            key=f"{key}.until",
            format="YYYY-MM-DD",
        )
        st.form_submit_button(
            t("Hand the land over"),
            type="primary",
            on_click=_hand_over,
            args=(claim, key),
        )


def _take_form(entry: QueueEntry) -> None:
    key = f"ledger.take.{entry.id}.{entry.version}"
    with st.popover(t("Take over"), key=f"{key}.open"), st.form(key, border=False):
        st.date_input(
            t("Last day"), value=None, key=f"{key}.until", format="YYYY-MM-DD"
        )
        st.form_submit_button(
            t("Take the land over"), type="primary", on_click=_take, args=(entry, key)
        )


def _leave_form(entry: QueueEntry) -> None:
    key = f"ledger.leave.{entry.id}.{entry.version}"
    with (
        st.popover(t("Leave the queue"), key=f"{key}.open"),
        st.form(key, border=False),
    ):
        st.text_input(t("Reason"), key=f"{key}.why", max_chars=500)
        st.form_submit_button(
            t("Give the place up"), on_click=_leave, args=(entry, key)
        )


def _amend(claim: Claim, key: str) -> None:
    said = st.session_state

    def deed(work: Work) -> None:
        claims.amend(
            work,
            claim.id,
            version=claim.version,
            kind=ClaimKind(said[f"{key}.kind"]),
            expires_on=said[f"{key}.until"],
            note=said[f"{key}.note"] or "",
        )

    do(deed, Title("The claim was changed."))


def _release(claim: Claim, key: str) -> None:
    why = st.session_state[f"{key}.why"] or ""
    do(
        lambda work: claims.release(work, claim.id, reason=why, version=claim.version),
        Title("The land was released."),
    )


def _hand_over(claim: Claim, key: str) -> None:
    said = st.session_state

    def deed(work: Work) -> None:
        claims.hand_over(
            work,
            claim.id,
            version=claim.version,
            to=said[f"{key}.to"],
            why=said[f"{key}.why"] or "",
            expires_on=said[f"{key}.until"],
        )

    do(deed, Title("The land was handed over."))


def _take(entry: QueueEntry, key: str) -> None:
    until = st.session_state[f"{key}.until"]
    do(
        lambda work: queue.take(
            work, entry.id, version=entry.version, expires_on=until
        ),
        Title("The land was taken over."),
    )


def _leave(entry: QueueEntry, key: str) -> None:
    why = st.session_state[f"{key}.why"] or ""
    do(
        lambda work: queue.leave(work, entry.id, why=why, version=entry.version),
        Title("The project left the queue."),
    )

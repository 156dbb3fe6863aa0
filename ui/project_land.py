"""The land of a project: parcels it considers, ground it holds."""

from datetime import date
from html import escape
from typing import Final

import streamlit as st

from gis.words import Title
from ledger import claims, shortlist
from ledger.access import Verb
from ledger.model import HOLDING, Claim, ClaimKind, Project, ShortlistItem
from ledger.unit_of_work import CHINA, Work
from ui import access, resources
from ui.i18n import t
from ui.ledger_deeds import allowed, do
from ui.project_checks import project_checks
from ui.project_table import M2_PER_MU
from ui.settings import ROOT
from ui.site_page import DRAFT_OF
from ui.state import PARCEL

FIND_SITE: Final = ROOT / "ui" / "screens" / "find_site.py"


def land_tab(project: Project) -> None:
    """Draw the shortlist and the claims of a project, with what can be done."""
    with resources.ledger().read(access.current_actor()) as work:
        items = shortlist.of(work, project.id)
        held = claims.of(work, project.id)
        today = work.today()
    st.html(f'<h3 class="part">{escape(t("Shortlist"))}</h3>')
    if not items:
        _none(t("No parcel is on the shortlist yet: find a site, then add parcels."))
    for item in items:
        _item(project, item)
    st.html(f'<h3 class="part">{escape(t("Land held"))}</h3>')
    if not held:
        _none(t("No land is claimed yet."))
    for claim in held:
        _claim(project, claim, today)
    project_checks(project)


def item_html(item: ShortlistItem) -> str:
    """Write an entry of the shortlist, encoded."""
    score = "" if item.score is None else t("score {score}", score=f"{item.score:.1f}")
    added = t(
        "added by {who} on {day}",
        who=Title(item.added_by),
        day=f"{item.added_at.astimezone(CHINA):%Y-%m-%d}",
    )
    about = " · ".join(filter(None, (score, item.note, added)))
    return (
        f'<ul class="lines"><li><b>{escape(item.parcel_id)}</b>'
        f"<small>{escape(about)}</small></li></ul>"
    )


def claim_html(claim: Claim, today: date) -> str:
    """Write a claim, encoded: how firmly, how much, from when to when, by whom.

    Args:
        claim: The claim.
        today: The day it is.

    Returns:
        HTML.
    """
    css, state = ("held", t(claim.kind.label))
    if claim.kind is ClaimKind.RELEASED:
        css = ""
    elif claim.expired(today):
        css, state = "amber", f"{state} · {t('run out')}"
    area = t("{area} mu", area=f"{claim.area_m2 / M2_PER_MU:,.2f}")
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
    about = "".join(f"<small>{escape(line)}</small>" for line in lines if line)
    return (
        f'<ul class="lines"><li><span class="chip {css}">{escape(state)}</span>'
        f"<b>{escape(claim.parcel_id)}</b> {escape(area)}{about}</li></ul>"
    )


def _none(sentence: str) -> None:
    st.html(f'<p class="none">{escape(sentence)}</p>')


def _item(project: Project, item: ShortlistItem) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.html(item_html(item), width="stretch")
        _map_button(project, item.parcel_id, f"ledger.map.item.{item.id}")
        if allowed(Verb.SHORTLIST_EDIT, project.region):
            st.button(
                t("Remove"),
                key=f"ledger.off.{item.id}",
                on_click=_remove,
                args=(project.id, item.parcel_id),
            )


def _claim(project: Project, claim: Claim, today: date) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.html(claim_html(claim, today), width="stretch")
        if claim.kind is ClaimKind.RELEASED:
            return
        _map_button(project, claim.parcel_id, f"ledger.map.claim.{claim.id}")
        if allowed(Verb.CLAIM_MAKE, project.region):
            _amend_form(claim)
        if allowed(Verb.CLAIM_RELEASE, project.region):
            _release_form(claim)


def _map_button(project: Project, parcel_id: str, key: str) -> None:
    """Offer to open a parcel's card on the page with the map."""
    if not st.button(t("Map"), icon=":material/map:", key=key):
        return
    if DRAFT_OF.get() != project.code:
        # The page then begins with this project, and keeps the parcel that is chosen.
        DRAFT_OF.set(None)
    PARCEL.set(parcel_id)
    st.switch_page(FIND_SITE)


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


def _remove(project_id: int, parcel_id: str) -> None:
    do(
        lambda work: shortlist.remove(work, project_id=project_id, parcel_id=parcel_id),
        Title("Taken off the shortlist."),
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

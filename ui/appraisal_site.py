"""The site evidence of an appraisal: a screening is run and its hash kept."""

from collections.abc import Mapping
from html import escape
from typing import Any

import numpy as np
import streamlit as st

from gis.errors import LandMapError
from gis.words import Title
from ledger import appraisals, claims, shortlist
from ledger.appraisals import Site
from ledger.casework import Appraisal
from ledger.model import ClaimKind, Project
from siting.need import read_need
from ui import access, need_draft, resources, site_ledger
from ui.i18n import t, tell
from ui.ledger_deeds import OUTCOME, Outcome, do

STATES: Mapping[str, Title] = {
    "pass": Title("Every constraint is met"),
    "fail": Title("A constraint excludes it"),
    "not_checked": Title("Something was not checked"),
}
SHOWN_HASH = 16


def site_html(site: Site | None) -> str:
    """Write the screening that an appraisal rests on, encoded.

    Args:
        site: The screening; None where there is none.

    Returns:
        HTML.
    """
    if site is None:
        none = t("No screening stands under it yet.")
        return f'<p class="none"><span class="chip amber">{escape(none)}</span></p>'
    css = "held" if site.state == "pass" else "amber"
    score = "" if site.score is None else t("score {score}", score=f"{site.score:.1f}")
    about = " · ".join(
        filter(
            None,
            (
                score,
                t("result {hash}", hash=site.result_hash[:SHOWN_HASH]),
                t("facts {version}", version=site.facts[:SHOWN_HASH]),
                t("{count} layers", count=len(site.layers)),
            ),
        )
    )
    differs = ""
    if site.earlier_hash not in {"", site.result_hash}:
        told = t(
            "The shortlist rests on an earlier screening: {hash}",
            hash=site.earlier_hash[:SHOWN_HASH],
        )
        differs = f"<small>{escape(told)}</small>"
    return (
        f'<ul class="lines"><li><span class="chip {css}">'
        f"{escape(t(STATES[site.state]))}</span><b>{escape(site.parcel_id)}</b>"
        f"<small>{escape(about)}</small>{differs}</li></ul>"
    )


def site_form(appraisal: Appraisal, project: Project) -> None:
    """Offer to screen the project's need and keep what it says of one parcel.

    Args:
        appraisal: A draft.
        project: Its project.
    """
    with resources.ledger().read(access.current_actor()) as work:
        listed = {
            one.parcel_id: one.result_hash for one in shortlist.of(work, project.id)
        }
        held = [
            one.parcel_id
            for one in claims.of(work, project.id)
            if one.kind is not ClaimKind.RELEASED
        ]
    parcels = list(dict.fromkeys([*listed, *held]))
    if not parcels or not project.need:
        st.caption(
            t(
                "Site evidence comes from a screening: give the project a need and put "
                "a parcel on its shortlist in “Find a site”."
            )
        )
        return
    key = f"appraisal.site.{appraisal.id}.{appraisal.version}"
    with (
        st.popover(
            t("Screen and keep"), icon=":material/fact_check:", key=f"{key}.open"
        ),
        st.form(key, border=False),
    ):
        st.selectbox(t("Parcel"), parcels, key=f"{key}.parcel")
        st.form_submit_button(
            t("Screen and keep the result"),
            type="primary",
            on_click=_keep,
            args=(appraisal, project, key, listed),
        )


def screened(project: Project, parcel_id: str, earlier: str) -> Site:
    """Screen a project's need and tell what it says of one parcel.

    Args:
        project: The project.
        parcel_id: The parcel.
        earlier: Hash of the screening that put it on the shortlist, "" for none.

    Returns:
        State, score and versions; `screening.place` refuses a parcel that is gone.
    """
    need = read_need(need_draft.read(project.need) or {})
    screening = resources.screening(
        need,
        claims=site_ledger.held_parcels(project),
        project=project.code,
        internal=True,
    )
    place = screening.place(parcel_id)
    if not screening.eligible[place]:
        state = "fail"
    else:
        state = "not_checked" if screening.flagged[place] else "pass"
    score = float(screening.scores(np.asarray([place]))[0])
    return Site(
        parcel_id=parcel_id,
        state=state,
        score=None if np.isnan(score) else round(score, 2),
        result_hash=screening.result_hash,
        need=project.need,
        layers=screening.data,
        facts=screening.board.version,
        earlier_hash=earlier,
    )


def _keep(
    appraisal: Appraisal, project: Project, key: str, listed: Mapping[str, Any]
) -> None:
    parcel = str(st.session_state[f"{key}.parcel"])
    try:
        site = screened(project, parcel, str(listed.get(parcel, "")))
    except LandMapError as error:
        OUTCOME.set(Outcome(good=False, text=tell(error)))
        return
    do(
        lambda work: appraisals.rest_on(
            work, appraisal.id, version=appraisal.version, site=site
        ),
        Title("The screening stands under the appraisal."),
    )

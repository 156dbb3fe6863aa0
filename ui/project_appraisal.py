"""The appraisals of a project in its sheet, and what is told before it is signed."""

from html import escape

import streamlit as st

from gis.words import Title
from ledger import appraisals
from ledger.access import Verb
from ledger.appraisal_figures import figures
from ledger.casework import AppraisalState
from ledger.model import Project
from ui import access, notices, resources
from ui.appraisal_page import APPRAISAL
from ui.appraisal_words import figures_html, opinions_html, state_text
from ui.case_page import facts
from ui.i18n import t, tell
from ui.ledger_deeds import allowed, do
from ui.ruling import ruling_region
from ui.settings import ROOT

PAGE = ROOT / "ui" / "screens" / "appraisals.py"


def appraisal_tab(project: Project) -> None:
    """Draw a project's appraisals.

    Args:
        project: The project.
    """
    with resources.ledger().read(access.current_actor()) as work:
        found = appraisals.of(work, project.id)
        said = {one.id: appraisals.opinions(work, one.id) for one in found[:1]}
    under_way = any(one.state is not AppraisalState.DECIDED for one in found)
    if not under_way and allowed(Verb.APPRAISAL_EDIT, ruling_region(project)):
        st.button(
            t("Begin an appraisal"),
            icon=":material/add:",
            key=f"appraisal.begin.{project.id}.{len(found)}",
            on_click=_begin,
            args=(project,),
        )
    if not found:
        nothing = t("No appraisal is written down: begin one before signing.")
        st.html(f'<p class="none">{escape(nothing)}</p>')
    for one in found:
        facts([
            (t("State"), state_text(one)),
            (t("Submitted on"), str(one.submitted_on or "")),
            (t("Decided on"), str(one.decided_on or "")),
            (t("Reason"), one.reason),
        ])
        if one.id in said:
            st.html(opinions_html(said[one.id], ()))
        if st.button(
            t("Open the appraisal"),
            icon=":material/open_in_new:",
            key=f"project.appraisal.{one.id}",
        ):
            APPRAISAL.set(one.id)
            st.switch_page(PAGE)
    st.html(f'<h3 class="part">{escape(t("Figures"))}</h3>')
    st.html(figures_html(figures(project)))


def signing_warning(project: Project) -> None:
    """Tell what stands against signing a project, as far as appraisals go.

    Args:
        project: The project, which may be signed next.
    """
    with resources.ledger().read(access.current_actor()) as work:
        fault = appraisals.signing_fault(work, project)
        required = appraisals.checklist(work).required
    if fault is None:
        return
    more = (
        t("The rule table refuses signing without it.")
        if required
        else t("It may be signed all the same.")
    )
    notices.show(
        f"{t('For the stage “{stage}”:', stage=t('Signed'))} {tell(fault)} {more}",
        "care",
    )


def _begin(project: Project) -> None:
    do(
        lambda work: appraisals.begin(work, project.id),
        Title("The appraisal is begun."),
    )

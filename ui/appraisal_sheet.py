"""One appraisal: figures, checklist, gates, site evidence, opinions, decision."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from gis.words import Title
from ledger import appraisals
from ledger.access import Verb
from ledger.appraisal_checklist import Answer, Checklist, read_answers
from ledger.appraisal_figures import Ratio, figures
from ledger.casework import Appraisal, AppraisalState, Opinion, View
from ledger.model import Project, Role
from ui.appraisal_deeds import checklist_form, deeds
from ui.appraisal_site import site_form, site_html
from ui.appraisal_words import (
    answers_html,
    figures_html,
    opinions_html,
    part_html,
    state_text,
)
from ui.case_page import facts, sheet_head
from ui.i18n import t
from ui.ledger_deeds import allowed
from ui.ruling import ruling_region


def draw_appraisal(
    appraisal: Appraisal,
    project: Project,
    checklist: Checklist,
    said: Sequence[Opinion],
) -> None:
    """Draw an appraisal with what the actor may do.

    Args:
        appraisal: The appraisal.
        project: Its project.
        checklist: The checklist in force.
        said: The opinions it has.
    """
    about = " · ".join(filter(None, (project.code, project.investor)))
    sheet_head(project.title, state_text(appraisal), about, synthetic=project.synthetic)
    if appraisal.state is AppraisalState.DECIDED:
        _frozen(appraisal)
        return
    deeds(appraisal, project, checklist, len(said))
    draft = appraisal.state is AppraisalState.DRAFT
    edits = draft and allowed(Verb.APPRAISAL_EDIT, ruling_region(project))
    st.html(part_html(t("Figures")) + figures_html(figures(project)))
    evidence = site_html(appraisals.site_of(appraisal))
    st.html(part_html(t("Site evidence")) + evidence)
    if edits:
        site_form(appraisal, project)
        checklist_form(appraisal, checklist)
    else:
        _read_only(appraisal, checklist)
    st.html(part_html(t("Opinions")) + opinions_html(said, checklist.opinions))
    facts([
        (t("Summary"), appraisal.summary),
        (t("Edition of the checklist"), checklist.edition),
        (t("Rests on"), checklist.source),
        (t("Confidence"), checklist.confidence),
    ])


def _told(checklist: Checklist, appraisal: Appraisal) -> tuple[list[Any], list[Any]]:
    """Put items and gates together with their answers, as they would be frozen."""
    answers = read_answers(appraisal.answers)

    def with_answer(one: Any) -> dict[str, Any]:  # noqa: ANN401 - an item or a gate
        given = answers.get(one.code, Answer())
        told: dict[str, Any] = vars(one)
        return told | {"found": given.found.value, "text": given.text}

    return [with_answer(one) for one in checklist.items], [
        with_answer(one) | {"filled": one.filled} for one in checklist.gates
    ]


def _read_only(appraisal: Appraisal, checklist: Checklist) -> None:
    items, gates = _told(checklist, appraisal)
    st.html(answers_html(items, gates))


def _frozen(appraisal: Appraisal) -> None:
    """Draw a decided appraisal out of what was frozen, not of what is now."""
    told = json.loads(appraisal.frozen)
    facts([
        (t("Decision"), state_text(appraisal)),
        (t("Decided on"), str(told["decided_on"])),
        (t("Decision taken by"), t(Title(told["decided_by"]))),
        (t("Reason"), told["reason"]),
        (t("Summary"), told["summary"]),
    ])
    st.html(
        part_html(t("Figures as decided"))
        + figures_html([
            Ratio(**one | {"title": Title(one["title"]), "unit": Title(one["unit"])})
            for one in told["figures"]
        ])
    )
    st.html(answers_html(told["items"], told["gates"]))
    st.html(part_html(t("Site evidence")) + site_html(appraisals.site_of(appraisal)))
    said = opinions_html([_opinion(one) for one in told["opinions"]], ())
    st.html(part_html(t("Opinions")) + said)
    with st.expander(t("Data and code it rested on")):
        facts([
            (t("Edition of the checklist"), told["checklist"]["edition"]),
            (t("Version of LandMap"), told["software"]),
            *sorted((name, str(said)) for name, said in told["data"].items()),
        ])
    st.download_button(
        t("Frozen record (JSON)"),
        appraisal.frozen,
        file_name=f"appraisal-{appraisal.id}.json",
        mime="application/json",
        key=f"appraisal.frozen.{appraisal.id}",
        on_click="ignore",
    )


def _opinion(told: Mapping[str, Any]) -> Opinion:
    return Opinion(
        **dict(told)
        | {
            "role": Role(told["role"]),
            "view": View(told["view"]),
            "said_at": datetime.fromisoformat(told["said_at"]),
        }
    )

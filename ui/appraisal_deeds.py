"""What can be done with an appraisal: answered, submitted, spoken to, decided."""

from collections.abc import Mapping
from importlib.metadata import version

import streamlit as st

from gis.words import Title
from ledger import appraisals
from ledger.access import Verb
from ledger.appraisal_checklist import (
    Answer,
    Checklist,
    Found,
    Gate,
    gates_clear,
    read_answers,
)
from ledger.casework import Appraisal, AppraisalState, Decision, View
from ledger.model import Project
from ledger.unit_of_work import Work
from ui import resources
from ui.appraisal_words import GATE_WORDS, gate_line, lines_html, part_html
from ui.approval_words import named
from ui.i18n import t
from ui.ledger_deeds import allowed, do
from ui.page_parts import plain
from ui.ruling import ruling_region


def deeds(
    appraisal: Appraisal, project: Project, checklist: Checklist, opinions: int
) -> None:
    """Draw what the actor may do with an appraisal that is not decided.

    Args:
        appraisal: The appraisal.
        project: Its project.
        checklist: The checklist in force.
        opinions: How many opinions it has.
    """
    place = ruling_region(project)
    edits = allowed(Verb.APPRAISAL_EDIT, place)
    with st.container(horizontal=True, gap="small", key="appraisal.deeds"):
        if appraisal.state is AppraisalState.DRAFT:
            if edits:
                _submit_form(appraisal, checklist)
            return
        if allowed(Verb.APPRAISAL_SAY, place):
            _say_form(appraisal, opinions)
        if allowed(Verb.APPRAISAL_DECIDE, place):
            _decide_form(appraisal, checklist)
        if edits:
            _back_form(appraisal)


def checklist_form(appraisal: Appraisal, checklist: Checklist) -> None:
    """Ask the checklist of a draft, part by part."""
    answers = read_answers(appraisal.answers)
    key = f"appraisal.answers.{appraisal.id}.{appraisal.version}"
    with st.form(key, border=False):
        for part in checklist.parts:
            st.html(part_html(named(part)))
            for item in checklist.items:
                if item.part == part.code:
                    _ask(item.code, named(item), answers, key, Found.FINE.label)
        st.html(part_html(t("Four “do not bring in” items")))
        for place, gate in enumerate(checklist.gates, start=1):
            _ask_gate(gate, place, answers, key)
        st.text_area(t("Summary"), value=appraisal.summary, key=f"{key}.summary")
        st.form_submit_button(
            t("Save the draft"),
            type="primary",
            on_click=_answer,
            args=(appraisal, checklist, key),
        )


def _ask_gate(gate: Gate, place: int, answers: Mapping[str, Answer], key: str) -> None:
    if not gate.filled:
        unfilled = {"filled": False, "title": "", "english": ""}
        st.html(lines_html([gate_line(unfilled, place)]))
        return
    _ask(gate.code, named(gate), answers, key, None)


def _ask(
    code: str,
    title: str,
    answers: Mapping[str, Answer],
    key: str,
    item: str | None,
) -> None:
    given = answers.get(code, Answer())
    left, right = st.columns([34, 66], gap="small", vertical_alignment="bottom")
    with left:
        st.selectbox(
            plain(title),
            list(Found),
            index=list(Found).index(given.found),
            format_func=lambda one: t(one.label if item else GATE_WORDS[one]),
            key=f"{key}.{code}.found",
        )
    with right:
        st.text_input(
            t("What was found"),
            value=given.text,
            key=f"{key}.{code}.text",
            max_chars=1000,
        )


def _submit_form(appraisal: Appraisal, checklist: Checklist) -> None:
    key = f"appraisal.submit.{appraisal.id}.{appraisal.version}"
    with st.popover(
        t("Submit for a decision"), icon=":material/send:", key=f"{key}.open"
    ):
        if not all(one.filled for one in checklist.gates):
            st.caption(
                t(
                    "The four “do not bring in” items are not filled in by the office: "
                    "they go up as not checked."
                )
            )
        if not appraisal.site:
            st.caption(t("No screening stands under it yet."))
        st.button(
            t("Submit"),
            type="primary",
            key=key,
            on_click=_submit,
            args=(appraisal,),
        )


def _say_form(appraisal: Appraisal, count: int) -> None:
    key = f"appraisal.say.{appraisal.id}.{count}"
    with (
        st.popover(t("Give an opinion"), icon=":material/comment:", key=f"{key}.open"),
        st.form(key, border=False),
    ):
        st.caption(t("An opinion is kept as it is given, with name and role."))
        st.selectbox(
            t("Opinion"),
            list(View),
            format_func=lambda one: t(one.label),
            key=f"{key}.view",
        )
        st.text_area(t("Reason"), key=f"{key}.text", max_chars=2000)
        st.form_submit_button(
            t("Give the opinion"), type="primary", on_click=_say, args=(appraisal, key)
        )


def _decide_form(appraisal: Appraisal, checklist: Checklist) -> None:
    key = f"appraisal.decide.{appraisal.id}.{appraisal.version}"
    with (
        st.popover(t("Decide"), icon=":material/gavel:", key=f"{key}.open"),
        st.form(key, border=False),
    ):
        st.caption(
            t("A decision freezes the appraisal: nothing of it can be changed after.")
        )
        if not gates_clear(checklist, read_answers(appraisal.answers)):
            st.caption(
                t("Not every “do not bring in” item is checked: give the reason.")
            )
        st.selectbox(
            t("Decision"),
            list(Decision),
            format_func=lambda one: t(one.label),
            key=f"{key}.decision",
        )
        st.text_area(t("Reason"), key=f"{key}.reason", max_chars=2000)
        st.form_submit_button(
            t("Decide and freeze"),
            type="primary",
            on_click=_decide,
            args=(appraisal, key),
        )


def _back_form(appraisal: Appraisal) -> None:
    key = f"appraisal.back.{appraisal.id}.{appraisal.version}"
    with st.popover(t("Take it back"), key=f"{key}.open"), st.form(key, border=False):
        st.text_input(t("Reason"), key=f"{key}.why", max_chars=500)
        st.form_submit_button(
            t("Make it a draft again"), on_click=_take_back, args=(appraisal, key)
        )


def _answer(appraisal: Appraisal, checklist: Checklist, key: str) -> None:
    said = st.session_state
    answers = {
        code: Answer(
            Found(said[f"{key}.{code}.found"]), said[f"{key}.{code}.text"] or ""
        )
        for code in checklist.codes
    }
    do(
        lambda work: appraisals.answer(
            work,
            appraisal.id,
            version=appraisal.version,
            answers=answers,
            summary=said[f"{key}.summary"] or "",
        ),
        Title("The draft was saved."),
    )


def _submit(appraisal: Appraisal) -> None:
    do(
        lambda work: appraisals.submit(work, appraisal.id, version=appraisal.version),
        Title("The appraisal waits for a decision."),
    )


def _say(appraisal: Appraisal, key: str) -> None:
    said = st.session_state
    do(
        lambda work: appraisals.say(
            work,
            appraisal.id,
            view=View(said[f"{key}.view"]),
            text=said[f"{key}.text"] or "",
        ),
        Title("The opinion was given."),
    )


def _decide(appraisal: Appraisal, key: str) -> None:
    said = st.session_state

    def deed(work: Work) -> None:
        appraisals.decide(
            work,
            appraisal.id,
            decision=Decision(said[f"{key}.decision"]),
            reason=said[f"{key}.reason"] or "",
            version=appraisal.version,
            data=resources.store().versions(),
            software=version("landmap"),
        )

    do(deed, Title("The appraisal is decided and frozen."))


def _take_back(appraisal: Appraisal, key: str) -> None:
    why = st.session_state[f"{key}.why"] or ""
    do(
        lambda work: appraisals.take_back(
            work, appraisal.id, why=why, version=appraisal.version
        ),
        Title("The appraisal is a draft again."),
    )

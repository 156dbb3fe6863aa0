"""What offices do on the policy desk: a button and its form for each verb."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import streamlit as st

from gis.errors import LedgerError
from gis.words import Title
from ledger import policies, policy_files, policy_making
from ledger.access import Verb
from ledger.policies import FIELD_TITLES, LENGTHS
from ledger.policy import (
    Confidence,
    Edition,
    EditionState,
    Origin,
    Policy,
    PolicyFile,
    PolicyLevel,
    PolicyState,
    Terms,
    Topic,
)
from ledger.policy_files import KINDS, MOST_BYTES
from ledger.policy_making import Answer, Point
from ledger.unit_of_work import Work
from ui import access, resources
from ui.case_words import CHINESE
from ui.i18n import language, t
from ui.ledger_deeds import allowed, do
from ui.page_parts import plain
from ui.policy_condition_form import conditions_form, conditions_of
from ui.policy_state import CHOSEN, TABS

_LONG: Final = ("abstract", "text", "to_do", "dates_note")
_DAYS: Final = ("issued_on", "effective_on", "until_on")
FIRST: Final = date(1949, 10, 1)
LAST: Final = date(2099, 12, 31)


def new_document(many: int) -> None:
    """Offer to write a document down, where the actor may.

    Args:
        many: How many drafts there are: one more makes an empty form.
    """
    if not allowed(Verb.POLICY_EDIT):
        return
    key = f"policy.new.{many}"
    with (
        st.popover(
            t("New document"), icon=":material/add:", type="primary", key=f"{key}.open"
        ),
        st.form(key, border=False),
    ):
        st.radio(
            t("What it is"),
            list(Origin),
            format_func=lambda one: t(one.label),
            key=f"{key}.origin",
            help=t("What this office makes passes the checklist before publishing."),
        )
        st.text_input(
            t(FIELD_TITLES["title"]), key=f"{key}.title", max_chars=LENGTHS["title"]
        )
        st.form_submit_button(
            t("Begin the draft"), type="primary", on_click=_begin, args=(key,)
        )


def draft_forms(
    policy: Policy,
    edition: Edition,
    points: Sequence[Point],
    offices: Mapping[str, str],
) -> None:
    """Offer what the actor may do with a draft.

    Args:
        policy: The document.
        edition: The draft.
        points: Points of the checklist.
        offices: Names of departments by code.
    """
    key = f"policy.{edition.id}.{edition.version}"
    with st.container(horizontal=True, gap="small", key=f"{key}.deeds"):
        if allowed(Verb.POLICY_PUBLISH, policy.keeper):
            st.button(
                t("Publish"),
                icon=":material/publish:",
                type="primary",
                key=f"{key}.publish",
                on_click=_publish,
                args=(policy, edition),
            )
        else:
            st.caption(t("The leader or the office above publishes it."))
        if allowed(Verb.POLICY_EDIT, policy.keeper):
            if policy.origin is Origin.MADE:
                _checklist_form(edition, points, f"{key}.checklist")
            if edition.number > 1:
                _why_form(t("Drop the draft"), key, _drop, edition)
    if allowed(Verb.POLICY_EDIT, policy.keeper):
        _edit_form(policy, edition, offices, f"{key}.edit")


def policy_deeds(policy: Policy, editions: Sequence[Edition]) -> None:
    """Offer what the actor may do with a published document.

    Args:
        policy: The document.
        editions: Its editions, the newest first.
    """
    if policy.state is not PolicyState.PUBLISHED:
        return
    key = f"policy.{policy.id}.{policy.version}"
    revised = any(one.state is EditionState.DRAFT for one in editions)
    with st.container(horizontal=True, gap="small", key=f"{key}.published"):
        if allowed(Verb.POLICY_EDIT, policy.keeper) and not revised:
            _why_form(t("New edition"), f"{key}.revise", _revise, policy)
        if allowed(Verb.POLICY_PUBLISH, policy.keeper):
            _repeal_form(policy, f"{key}.repeal")
            _why_form(t("Take off the desk"), f"{key}.withdraw", _withdraw, policy)


def file_forms(policy: Policy, files: Sequence[PolicyFile]) -> None:
    """Offer to add a file to a document, and to take one off.

    Args:
        policy: The document.
        files: Its files.
    """
    key = f"policy.file.{policy.id}.{len(files)}"
    with st.form(key, border=False):
        st.file_uploader(
            t("Add a file"),
            type=list(KINDS),
            max_upload_size=MOST_BYTES // 2**20,
            key=f"{key}.data",
        )
        st.form_submit_button(t("Add"), on_click=_attach, args=(policy, key))
    for one in files:
        st.button(
            plain(t("Take off: {name}", name=one.name)),
            key=f"{key}.off.{one.id}",
            type="tertiary",
            on_click=_remove,
            args=(one,),
        )


def _edit_form(
    policy: Policy, edition: Edition, offices: Mapping[str, str], key: str
) -> None:
    with (
        st.expander(t("Edit the draft"), icon=":material/edit:", key=f"{key}.open"),
        st.form(key, border=False),
    ):
        for name in ("title", "document_number", "issuer"):
            _input(edition, name, key)
        _choice(edition, "level", PolicyLevel, key)
        _choice(edition, "topic", Topic, key)
        for name in _DAYS:
            st.date_input(
                t(FIELD_TITLES[name]),
                value=getattr(edition, name),
                min_value=FIRST,
                max_value=LAST,
                format="YYYY-MM-DD",
                key=f"{key}.{name}",
            )
        for name in _LONG:
            st.text_area(
                t(FIELD_TITLES[name]),
                value=getattr(edition, name),
                max_chars=LENGTHS[name],
                key=f"{key}.{name}",
            )
        options = list(dict.fromkeys(["", *offices, edition.ask]))
        st.selectbox(
            t(FIELD_TITLES["ask"]),
            options,
            index=options.index(edition.ask),
            format_func=lambda code: plain(offices.get(code, code or "—")),
            key=f"{key}.ask",
        )
        _input(edition, "source", key)
        _choice(edition, "confidence", Confidence, key)
        conditions_form(edition.applies, policy.keeper, key)
        st.form_submit_button(
            t("Save"), type="primary", on_click=_save, args=(edition, key)
        )


def _input(edition: Edition, name: str, key: str) -> None:
    st.text_input(
        t(FIELD_TITLES[name]),
        value=getattr(edition, name),
        max_chars=LENGTHS[name],
        key=f"{key}.{name}",
    )


def _choice(edition: Edition, name: str, words: Any, key: str) -> None:  # noqa: ANN401 - any list of words
    options = list(words)
    st.selectbox(
        t(FIELD_TITLES[name]),
        options,
        index=options.index(getattr(edition, name)),
        format_func=lambda one: t(one.label),
        key=f"{key}.{name}",
    )


def _checklist_form(edition: Edition, points: Sequence[Point], key: str) -> None:
    told = policy_making.answers(edition.checklist)
    with (
        st.popover(
            t("Making of a policy"), icon=":material/checklist:", key=f"{key}.open"
        ),
        st.form(key, border=False),
    ):
        for point in points:
            found = told.get(point.code, Answer("", ""))
            name = point.title if language() == CHINESE else point.english
            st.text_input(
                plain(name),
                value=found.answer,
                help=point.help or None,
                max_chars=policy_making.MOST,
                key=f"{key}.{point.code}.answer",
            )
            st.text_input(
                plain(t("Evidence: {point}", point=name)),
                value=found.evidence,
                max_chars=policy_making.MOST,
                key=f"{key}.{point.code}.evidence",
            )
        st.form_submit_button(
            t("Save the answers"),
            type="primary",
            on_click=_answer,
            args=(edition, points, key),
        )


def _why_form(label: str, key: str, deed: Any, row: Any) -> None:  # noqa: ANN401 - any verb
    with (
        st.popover(label, key=f"{key}.why.open"),
        st.form(f"{key}.why.form", border=False),
    ):
        st.text_input(t("Reason"), key=f"{key}.why", max_chars=500)
        st.form_submit_button(label, on_click=deed, args=(row, f"{key}.why"))


def _repeal_form(policy: Policy, key: str) -> None:
    with (
        st.popover(t("Repealed"), icon=":material/event_busy:", key=f"{key}.open"),
        st.form(key, border=False),
    ):
        st.date_input(
            t("First day it holds no more"),
            value=date.fromisoformat(resources.today()),
            min_value=FIRST,
            max_value=LAST,
            format="YYYY-MM-DD",
            key=f"{key}.on",
        )
        st.text_input(t("By which document, and why"), key=f"{key}.why", max_chars=500)
        st.form_submit_button(
            t("Write the repeal down"), on_click=_repeal, args=(policy, key)
        )


def _begin(key: str) -> None:
    said, actor = st.session_state, access.current_actor()
    kept: list[Edition] = []

    def deed(work: Work) -> None:
        terms = Terms(title=said[f"{key}.title"] or "", level=_level(actor.region))
        made = policies.draft(
            work, terms, keeper=actor.region, origin=said[f"{key}.origin"]
        )
        kept.extend(policies.editions(work, made.id))

    if do(deed, Title("The draft was begun.")):
        CHOSEN.set(f"draft/{kept[0].id}")


def _level(region: str) -> PolicyLevel:
    if region.endswith("0000"):
        return PolicyLevel.PROVINCE
    return PolicyLevel.CITY if region.endswith("00") else PolicyLevel.COUNTY


def _save(edition: Edition, key: str) -> None:
    said = st.session_state

    def deed(work: Work) -> None:
        names = ("title", "document_number", "issuer", "source", *_LONG)
        told: dict[str, Any] = {
            name: (said[f"{key}.{name}"] or "").strip() for name in names
        }
        terms = Terms(
            **told,
            issued_on=said[f"{key}.issued_on"],
            effective_on=said[f"{key}.effective_on"],
            until_on=said[f"{key}.until_on"],
            level=said[f"{key}.level"],
            topic=said[f"{key}.topic"],
            ask=said[f"{key}.ask"],
            confidence=said[f"{key}.confidence"],
            applies=conditions_of(key),
        )
        policies.edit(work, edition.id, terms, version=edition.version)

    do(deed, Title("The draft was saved."))


def _answer(edition: Edition, points: Sequence[Point], key: str) -> None:
    said = st.session_state
    told = {
        one.code: Answer(
            said[f"{key}.{one.code}.answer"] or "",
            said[f"{key}.{one.code}.evidence"] or "",
        )
        for one in points
    }
    do(
        lambda work: policies.answer(work, edition.id, told, version=edition.version),
        Title("The answers were saved."),
    )


def _publish(policy: Policy, edition: Edition) -> None:
    if do(
        lambda work: policies.publish(work, edition.id, version=edition.version),
        Title("The document is published: “Uses” lists whom it touches."),
    ):
        CHOSEN.set(policy.code)
        st.session_state[TABS] = t("Uses")


def _drop(edition: Edition, key: str) -> None:
    why = st.session_state[key] or ""
    do(
        lambda work: policies.drop(work, edition.id, why=why, version=edition.version),
        Title("The draft was dropped."),
    )


def _revise(policy: Policy, key: str) -> None:
    why = st.session_state[key] or ""
    kept: list[Edition] = []

    def deed(work: Work) -> None:
        kept.append(policies.revise(work, policy.id, why=why, version=policy.version))

    if do(deed, Title("A new edition was begun; the old one holds until then.")):
        CHOSEN.set(f"draft/{kept[0].id}")


def _withdraw(policy: Policy, key: str) -> None:
    why = st.session_state[key] or ""
    do(
        lambda work: policies.withdraw(
            work, policy.id, why=why, version=policy.version
        ),
        Title("The document was taken off the desk."),
    )


def _repeal(policy: Policy, key: str) -> None:
    said = st.session_state
    do(
        lambda work: policies.repeal(
            work,
            policy.id,
            on=said[f"{key}.on"],
            why=said[f"{key}.why"] or "",
            version=policy.version,
        ),
        Title("The repeal was written down."),
    )


def _attach(policy: Policy, key: str) -> None:
    sent = st.session_state[f"{key}.data"]

    def deed(work: Work) -> None:
        if sent is None:
            raise LedgerError("Choose a file first.")
        policy_files.attach(
            work,
            policy.id,
            name=sent.name,
            data=sent.getvalue(),
            files=resources.policy_files(),
        )

    do(deed, Title("The file was added."))


def _remove(file: PolicyFile) -> None:
    do(
        lambda work: policy_files.remove(work, file.id, version=file.version),
        Title("The file was taken off the document."),
    )

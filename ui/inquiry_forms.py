"""Forms of inquiries: take one in, answer it, make it a lead, close it."""

import streamlit as st

from gis.words import Title
from ledger import inquiries
from ledger.access import Verb
from ledger.casework import Inquiry, InquiryState
from ledger.inquiries import FIELD_TITLES, LENGTHS
from ledger.unit_of_work import Work
from ui import resources
from ui.i18n import language, t
from ui.ledger_deeds import allowed, do
from ui.project_forms import counties
from ui.state import PROJECT, Slot


def _none() -> int | None:
    return None


CHOSEN: Slot[int | None] = Slot("inquiries_chosen", _none)
"""The inquiry beside the table."""


def new_inquiry(many: int) -> None:
    """Offer to take in an inquiry that came by telephone, letter or visit.

    Args:
        many: How many inquiries there are: one more makes an empty form.
    """
    if not allowed(Verb.INQUIRY_MAKE):
        return
    key = f"inquiry.new.{many}"
    with (
        st.popover(
            t("Write an inquiry down"),
            icon=":material/add:",
            type="primary",
            key=f"{key}.open",
        ),
        st.form(key, border=False),
    ):
        names = resources.place_names(language())
        options = counties()
        if options:
            st.selectbox(
                t("Region that answers"),
                options,
                index=None,
                format_func=lambda code: names.get(code, code),
                placeholder=t("Choose a county"),
                key=f"{key}.region",
            )
        else:
            st.text_input(t("Region that answers"), key=f"{key}.region", max_chars=6)
        for name in ("firm", "person", "contact", "parcel_id"):
            st.text_input(
                t(FIELD_TITLES[name]), key=f"{key}.{name}", max_chars=LENGTHS[name]
            )
        st.text_area(
            t(FIELD_TITLES["text"]), key=f"{key}.text", max_chars=LENGTHS["text"]
        )
        st.checkbox(
            t("The person agrees that name and contact are kept for the answer."),
            key=f"{key}.consents",
        )
        st.form_submit_button(
            t("Take it in"), type="primary", on_click=_receive, args=(key,)
        )


def inquiry_deeds(inquiry: Inquiry) -> None:
    """Offer what the actor may do with an inquiry as it stands.

    Args:
        inquiry: The inquiry.
    """
    if not allowed(Verb.INQUIRY_ANSWER, inquiry.region):
        return
    key = f"inquiry.{inquiry.id}.{inquiry.version}"
    with st.container(horizontal=True, gap="small", key=f"{key}.deeds"):
        waits = inquiry.state in {InquiryState.NEW, InquiryState.ANSWERED}
        if waits and allowed(Verb.PROJECT_CREATE, inquiry.region):
            st.button(
                t("Make it a lead"),
                icon=":material/conversion_path:",
                type="primary",
                key=f"{key}.lead",
                on_click=_lead,
                args=(inquiry,),
            )
        if inquiry.state is not InquiryState.CLOSED:
            _answer_form(inquiry, f"{key}.answer")
        if waits:
            _close_form(inquiry, f"{key}.close")


def _answer_form(inquiry: Inquiry, key: str) -> None:
    label = t("Answer anew") if inquiry.answer else t("Answer")
    with (
        st.popover(label, icon=":material/reply:", key=f"{key}.open"),
        st.form(key, border=False),
    ):
        st.text_area(
            t("Answer"),
            value=inquiry.answer,
            key=f"{key}.text",
            max_chars=LENGTHS["text"],
            help=t("As it is read by who asked."),
        )
        st.form_submit_button(
            t("Save the answer"), type="primary", on_click=_answer, args=(inquiry, key)
        )


def _close_form(inquiry: Inquiry, key: str) -> None:
    with st.popover(t("Close"), key=f"{key}.open"), st.form(key, border=False):
        st.text_input(
            t("Reason"),
            key=f"{key}.reason",
            max_chars=500,
            help=t("It stays in the office."),
        )
        st.form_submit_button(
            t("Close the inquiry"), on_click=_close, args=(inquiry, key)
        )


def _receive(key: str) -> None:
    said = st.session_state
    names = ("region", "firm", "person", "contact", "parcel_id", "text")
    told = {name: str(said[f"{key}.{name}"] or "") for name in names}
    kept: list[Inquiry] = []

    def deed(work: Work) -> None:
        kept.append(
            inquiries.receive(work, **told, consents=bool(said[f"{key}.consents"]))
        )

    if do(deed, Title("The inquiry was taken in.")):
        CHOSEN.set(kept[0].id)


def _answer(inquiry: Inquiry, key: str) -> None:
    text = st.session_state[f"{key}.text"] or ""
    do(
        lambda work: inquiries.answer(
            work, inquiry.id, text=text, version=inquiry.version
        ),
        Title("The answer was saved."),
    )


def _lead(inquiry: Inquiry) -> None:
    made: list[str] = []

    def deed(work: Work) -> None:
        made.append(inquiries.make_lead(work, inquiry.id, version=inquiry.version).code)

    if do(deed, Title("The inquiry is a lead in the project ledger now.")):
        PROJECT.set(made[0])


def _close(inquiry: Inquiry, key: str) -> None:
    reason = st.session_state[f"{key}.reason"] or ""
    do(
        lambda work: inquiries.close(
            work, inquiry.id, reason=reason, version=inquiry.version
        ),
        Title("The inquiry was closed."),
    )

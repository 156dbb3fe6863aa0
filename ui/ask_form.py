"""Ask about land without an account: consent, validation, a number to follow it by."""

from typing import Final

import streamlit as st

from gis.errors import LandMapError
from ledger import inquiries
from ledger.inquiries import FIELD_TITLES, LENGTHS
from ledger.unit_of_work import Work
from ui import access, land_words, notices, resources, visitor_quota
from ui.i18n import language, t, tell
from ui.land_state import ANSWERS, need_now
from ui.page_parts import line_html, plain
from ui.state import Slot

TRAP: Final = "website"


def _none() -> tuple[str, str] | None:
    return None


def _no_text() -> str:
    return ""


ASKED: Slot[tuple[str, str] | None] = Slot("land_asked", _none)
"""Number and contact of the inquiry that was sent last."""

REFUSED: Slot[str] = Slot("land_ask_refused", _no_text)


def ask_form(*, parcel_id: str = "", region: str = "") -> None:
    """Draw the form, or the number of what was just sent.

    Args:
        parcel_id: The parcel that is asked about, "" for none.
        region: Code of the county that answers; "" lets the visitor choose.
    """
    asked = ASKED.get()
    if asked is not None:
        _thanks(asked[0])
        return
    if REFUSED.get():
        notices.show(REFUSED.get(), "bad")
    key = f"land.asking.{parcel_id or 'general'}"
    with st.form(key, border=False):
        _county(region, key)
        for name in ("firm", "person", "contact"):
            st.text_input(
                t(FIELD_TITLES[name]), key=f"{key}.{name}", max_chars=LENGTHS[name]
            )
        st.text_area(
            t(FIELD_TITLES["text"]),
            key=f"{key}.text",
            max_chars=LENGTHS["text"],
            height=120,
            placeholder=t("What would you like to know?"),
        )
        with st.container(key="land_trap"):
            st.text_input(t("Leave this field empty"), key=f"{key}.{TRAP}")
        st.checkbox(
            t(
                "I agree that the office keeps my name, contact and question to answer "
                "them. They are shown to that office and the offices above it alone."
            ),
            key=f"{key}.consents",
        )
        st.form_submit_button(
            t("Send the question"),
            type="primary",
            icon=":material/send:",
            width="stretch",
            key=f"{key}.send",
            on_click=_send,
            args=(key, parcel_id, region),
        )


def _county(region: str, key: str) -> None:
    if region:
        office = t("The office of {place} answers.", place=land_words.place(region))
        st.html(line_html("land-about", office))
        return
    codes = [code for code in resources.place_names(language()) if code[4:] != "00"]
    st.selectbox(
        t("Which county is it about?"),
        sorted(codes),
        index=None,
        format_func=lambda code: plain(land_words.place_line(code)),
        placeholder=t("Choose a county"),
        key=f"{key}.region",
    )


def _send(key: str, parcel_id: str, region: str) -> None:
    """Send the question; what is wrong with it is told above the form."""
    state = st.session_state
    given = {
        name: str(state.get(f"{key}.{name}") or "")
        for name in ("firm", "person", "contact", "text")
    }
    if state.get(f"{key}.{TRAP}"):
        # Only a program fills what no person sees: it is told what a person would be.
        REFUSED.set(t("The question could not be sent: try again later."))
        return
    answers = ANSWERS.get()

    def receive(work: Work) -> str:
        return inquiries.receive(
            work,
            region=region or str(state.get(f"{key}.region") or ""),
            parcel_id=parcel_id,
            consents=bool(state.get(f"{key}.consents")),
            need="" if answers is None else need_now().to_json(),
            language=language(),
            **given,
        ).number

    try:
        visitor_quota.ask()
        with resources.ledger().begin(access.current_actor()) as work:
            number = receive(work)
            work.commit()
    except LandMapError as error:
        REFUSED.set(tell(error))
        return
    REFUSED.set("")
    ASKED.set((number, given["contact"].strip()))


def _thanks(number: str) -> None:
    """Tell the number, and what it is good for."""
    notices.show(
        t(
            "Your question was sent. Its number is {number}. Follow it with this "
            "number and the contact that you gave.",
            number=number,
        ),
        "good",
    )
    st.button(t("Ask another question"), key="land.ask.again", on_click=_again)


def _again() -> None:
    ASKED.set(None)

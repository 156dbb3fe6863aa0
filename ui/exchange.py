"""The page of workbooks: take the ledger away, hand one in."""

from functools import partial
from typing import Final

import streamlit as st

from ledger.access import Verb, require
from ui import access, resources
from ui.case_page import case_page
from ui.i18n import language, t
from ui.intake_form import intake_form
from ui.ledger_deeds import allowed
from ui.ledger_files import ledger_xlsx, monthly_xlsx, template_xlsx

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def exchange_page() -> None:
    """Draw the page."""
    case_page(_draw)


def _draw() -> None:
    require(access.current_actor(), Verb.INDICATOR_READ)
    left, right = st.columns([34, 66], gap="large")
    with left:
        _take_away()
    with right:
        st.subheader(t("Hand in a ledger"))
        if allowed(Verb.PROJECT_CREATE):
            intake_form()
        else:
            st.caption(t("Offices that keep projects hand ledgers in."))


def _take_away() -> None:
    spoken, day = language(), resources.today()
    actor = access.current_actor()
    st.subheader(t("Take away"))
    for name, file, make, about in (
        (
            t("All projects"),
            f"landmap-ledger-{day}.xlsx",
            partial(ledger_xlsx, spoken, actor),
            t("Change cells and hand it in again: only what differs is changed."),
        ),
        (
            t("Monthly report"),
            f"landmap-monthly-{day}.xlsx",
            partial(monthly_xlsx, spoken, actor),
            t("Totals by place and industry, overdue problems and promises."),
        ),
        (
            t("Empty template"),
            "landmap-template.xlsx",
            partial(template_xlsx, spoken),
            t("For a ledger that is kept elsewhere."),
        ),
    ):
        st.download_button(
            name,
            make,
            file_name=file,
            mime=XLSX,
            icon=":material/download:",
            key=f"exchange.{file.split('-')[1]}",
            on_click="ignore",
        )
        st.caption(about)

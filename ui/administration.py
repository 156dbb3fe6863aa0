"""The administrator's page: who may sign in, which rules hold, what was done."""

from collections.abc import Callable

import streamlit as st

from ledger.access import Verb, require
from ui import access
from ui.account_table import accounts_tab
from ui.audit_browser import audit_tab
from ui.case_page import case_page
from ui.i18n import t
from ui.ledger_deeds import allowed
from ui.rule_tables import rules_tab


def administration_page() -> None:
    """Draw the page."""
    case_page(_draw)


def _draw() -> None:
    require(access.current_actor(), Verb.AUDIT_READ)
    tabs: list[tuple[str, Callable[[], None]]] = [(t("History"), audit_tab)]
    if allowed(Verb.RULE_READ):
        tabs.insert(0, (t("Rule tables"), rules_tab))
    if allowed(Verb.ACCOUNT_EDIT):
        tabs.insert(0, (t("Accounts"), accounts_tab))
    drawn = st.tabs(
        [name for name, _ in tabs], key="administration.tabs", on_change="rerun"
    )
    for place, (_, draw) in zip(drawn, tabs, strict=True):
        if place.open:
            with place:
                draw()

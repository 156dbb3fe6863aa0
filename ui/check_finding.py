"""One finding in full, and a person's word against it."""

import streamlit as st

from gis.words import Title
from layers.check import Check, Overrule
from layers.check_titles import SAYS_TITLES
from ledger.access import Verb
from ui import check_deeds
from ui.check_state import finding_of
from ui.i18n import t
from ui.ledger_deeds import allowed, tried
from ui.page_parts import facts_html


def finding_card(check: Check, finding: str) -> None:
    """Tell all of one finding, and take a person's word against it.

    Args:
        check: The check.
        finding: Name of the finding.
    """
    with st.container(key="check_finding", border=True):
        st.html(_facts(check, finding))
        if allowed(Verb.CHECK_OVERRULE):
            _overrule(finding)


def _facts(check: Check, finding: str) -> str:
    """Write the finding, a line each, encoded."""
    parcel, name = finding_of(finding)
    layer = check.layer(name)
    told = check.findings
    row = told[(told["parcel_id"] == parcel) & (told["layer"] == name)].iloc[0]
    lines = [
        (t("Finding"), f"{parcel} · {t(Title(layer.title))}"),
        (t("Met"), row["features"] or "—"),
        (t("Clause"), t(Title(layer.clause)) if layer.clause else "—"),
        *(
            (t("Overruled"), _word_text(one))
            for one in check.overrules
            if (one.parcel_id, one.layer) == (parcel, name)
        ),
    ]
    return facts_html(lines)


def _overrule(finding: str) -> None:
    """Ask what holds instead, and why."""
    with st.form("check.overrule", border=False, clear_on_submit=True):
        says = st.radio(
            t("What holds instead"),
            ("no_conflict", "conflict"),
            format_func=lambda one: t(SAYS_TITLES[one]),
            horizontal=True,
        )
        reason = st.text_input(t("Reason for overruling"), max_chars=2_000)
        sent = st.form_submit_button(t("Overrule the finding"))
    if sent:
        tried(
            lambda: check_deeds.overrule(finding, says or "no_conflict", reason),
            Title("The finding was overruled; both stay on record."),
        )
        st.rerun()


def _word_text(one: Overrule) -> str:
    """Write a person's word against a finding."""
    said = t(SAYS_TITLES[one.says])
    when = one.at[:16].replace("T", " ")
    return f"{t(Title(one.who))} · {when} · {said}: {one.reason}"

"""Rule tables: which edition holds, its source, and how a new one is put in force."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import streamlit as st

from gis.words import Title
from ledger import (
    appraisal_checklist,
    approval_paths,
    offices,
    policy_making,
    regions,
    routing,
    rules,
    service,
    service_contacts,
    zone_rules,
)
from ledger.access import Verb
from ledger.casework import RuleTable
from ledger.unit_of_work import Work
from ui import access, resources
from ui.case_page import facts
from ui.i18n import t
from ui.ledger_deeds import allowed, do, show_outcome
from ui.page_parts import plain

TITLES: Final[Mapping[str, Title]] = {
    "appraisal": Title("Appraisal before signing"),
    "approval_paths": Title("Paths of land approval"),
    "management_regions": Title("Management regions"),
    "offices": Title("Departments and offices"),
    "policy_making": Title("Making of a policy"),
    "routing": Title("Routing of problems and requests"),
    "five_ones": Title("Service checklist"),
    "service_contacts": Title("Contacts of departments"),
    "zone_evaluation": Title("Evaluation and recognition of zones"),
}
"""What the tables are called; one without a name here is shown by its file's."""

CHECKS: Final[Mapping[str, rules.Checks]] = {
    "appraisal": appraisal_checklist.faults,
    "approval_paths": approval_paths.faults,
    "management_regions": regions.faults,
    "offices": offices.faults,
    "policy_making": policy_making.faults,
    "routing": routing.faults,
    "five_ones": service.faults,
    "service_contacts": service_contacts.faults,
    "zone_evaluation": zone_rules.faults,
}
"""What finds the faults of a table before it is put in force."""


def rules_tab() -> None:
    """Draw the table that is chosen: its head, its editions, its text."""
    show_outcome()
    name = st.selectbox(
        t("Rule table"), rules.names(), format_func=title_of, key="rules.name"
    )
    if name is None:
        return
    with resources.ledger().read(access.current_actor()) as work:
        now = rules.in_force(work, name)
        text = rules.text_of(work, name)
        editions = rules.editions(work, name)
        today = work.today()
    facts([
        (t("Edition in force"), now.edition),
        (t("Source"), now.source),
        (t("Confidence"), now.confidence),
        (
            t("Comes from"),
            t("LandMap, as shipped") if now.shipped else t("an edition of this office"),
        ),
    ])
    _editions(editions)
    if allowed(Verb.RULE_EDIT):
        _form(name, text, today)
    else:
        st.code(text, language="toml", height=420)


def title_of(name: str) -> str:
    """Name a rule table in the reader's language."""
    return t(TITLES[name]) if name in TITLES else name


def _editions(editions: list[RuleTable]) -> None:
    for one in editions:
        st.caption(
            plain(
                t(
                    "{edition}: in force from {day}, entered by {who}",
                    edition=one.edition,
                    day=one.effective_on,
                    who=one.updated_by,
                )
            )
        )


def _form(name: str, text: str, today: date) -> None:
    key = f"rules.{name}"
    with st.form(key, border=False):
        st.text_area(
            t("Text of the table (TOML)"),
            value=text,
            height=420,
            key=f"{key}.text",
            help=t("Give the new edition a name of its own in its first lines."),
        )
        st.date_input(
            t("In force from"), value=today, key=f"{key}.day", format="YYYY-MM-DD"
        )
        st.form_submit_button(
            t("Put in force"), type="primary", on_click=_put, args=(name, key)
        )


def _put(name: str, key: str) -> None:
    said = st.session_state

    def deed(work: Work) -> None:
        rules.put_in_force(
            work,
            name,
            said[f"{key}.text"] or "",
            effective_on=said[f"{key}.day"],
            check=CHECKS[name],
        )

    do(deed, Title("The edition was put in force."))

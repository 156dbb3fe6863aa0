"""One project beside the table: what it is, and a tab for each thing it needs."""

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from gis.words import Title
from ledger import requests
from ledger.access import Verb
from ledger.model import Project
from siting.industries import industry_name
from ui import (
    policy_matches,
    project_appraisal,
    project_approvals,
    project_course,
    project_facilities,
    project_history,
    project_land,
    project_problems,
    project_promises,
    resources,
)
from ui.i18n import language, t
from ui.ledger_deeds import allowed
from ui.project_forms import EDITED, start_editing
from ui.project_need import need_tab
from ui.project_service import service_part
from ui.state import SHEET_TAB


def project_sheet(project: Project) -> None:
    """Draw the sheet of a project.

    Args:
        project: As the ledger has it now.
    """
    _head(project)
    tabs: tuple[tuple[str, Callable[[Project], None]], ...] = (
        (t("Overview"), overview),
        (t("Stages"), project_course.course_tab),
        (t("Need"), need_tab),
        (t("Shortlist and land"), project_land.land_tab),
        (t("Problems"), project_problems.problems_tab),
        (t("Appraisal"), project_appraisal.appraisal_tab),
        (t("Land approval"), project_approvals.approvals_tab),
        *_requests(project),
        (t("Promises"), project_promises.promises_tab),
        (t("Policies"), policy_matches.project_tab),
        (t("Infrastructure"), project_facilities.facilities_tab),
        (t("History"), project_history.history_tab),
    )
    _open_asked([name for name, _ in tabs])
    drawn = st.tabs([name for name, _ in tabs], key="ledger.tabs", on_change="rerun")
    for place, (_, draw) in zip(drawn, tabs, strict=True):
        if place.open:
            with place:
                draw(project)


def _requests(
    project: Project,
) -> list[tuple[str, Callable[[Project], None]]]:
    """Give the requests of the firm a tab once it has landed."""
    if not requests.has_landed(project):
        return []
    return [(t("Requests"), project_problems.requests_tab)]


def _open_asked(names: Sequence[str]) -> None:
    """Open the tab that another page asked for, where the sheet has it."""
    asked = SHEET_TAB.get()
    SHEET_TAB.set("")
    if asked and t(Title(asked)) in names:
        st.session_state["ledger.tabs"] = t(Title(asked))


def overview(project: Project) -> None:
    """Draw what is known of a project, a line each."""
    lines = {
        t("Investor"): project.investor,
        t("Industry"): " ".join(
            filter(None, (project.industry, industry_name(project.industry)))
        )
        if project.industry
        else "",
        t("Region"): place_name(project.region),
        t("Management region"): place_name(project.managed_by),
        t("Level"): t(project.level.label),
        t("Investment"): _money(project.investment_wan_cny),
        t("Yearly output"): _money(project.output_wan_cny),
        t("Yearly tax"): _money(project.tax_wan_cny),
        t("Jobs"): "" if project.jobs is None else f"{project.jobs:,}",
        t("Land demand"): _demand(project),
        t("Responsible leader"): project.leader,
        t("Owner"): project.owner,
        t("Note"): project.note,
    }
    st.html(
        '<dl class="lm-facts">'
        + "".join(
            f"<dt>{escape(name)}</dt><dd>{escape(said) or '—'}</dd>"
            for name, said in lines.items()
        )
        + "</dl>"
    )
    service_part(project)


def place_name(code: str) -> str:
    """Name a place in the reader's language; its code where it has no name here."""
    return resources.office_names(language()).get(code, code)


def _head(project: Project) -> None:
    about = " · ".join(
        filter(
            None,
            (
                project.code,
                place_name(project.region),
                place_name(project.managed_by),
                project.investor,
            ),
        )
    )
    mark = (
        f' <span class="lm-synthetic">{escape(t("Synthetic"))}</span>'
        if project.synthetic
        else ""
    )
    st.html(
        f'<div class="sheet-head"><h2>{escape(project.title)}</h2><p>'
        f'<span class="sheet-stage">{escape(t(project.stage.label))}</span>'
        f"{escape(about)}{mark}</p></div>"
    )
    with st.container(
        key="ledger_actions", horizontal=True, vertical_alignment="center", gap="small"
    ):
        st.page_link(
            project_land.FIND_SITE,
            label=t("Find a site for it"),
            icon=":material/travel_explore:",
        )
        if allowed(Verb.PROJECT_EDIT, project.region) and EDITED.get() is None:
            st.button(
                t("Edit"),
                icon=":material/edit:",
                key="ledger.edit",
                on_click=start_editing,
                args=(project,),
            )
        project_course.move_button(project)


def _money(wan_cny: float | None) -> str:
    if wan_cny is None:
        return ""
    return t("{amount} × 10,000 CNY", amount=f"{wan_cny:,.0f}")


def _demand(project: Project) -> str:
    if project.land_demand_mu is None:
        return ""
    state = t("met") if project.demand_met else t("not met yet")
    return f"{t('{area} mu', area=f'{project.land_demand_mu:,.2f}')} · {state}"

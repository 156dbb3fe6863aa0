"""The applications for land of a project, and how a new one is begun."""

import streamlit as st

from gis.words import Title
from ledger import approval_course, approvals, demands
from ledger.access import Verb
from ledger.approval_paths import Path, PathTable
from ledger.casework import Urgency
from ledger.demand_states import WANTED
from ledger.model import Project
from ledger.unit_of_work import Work
from ui import access, resources
from ui.approval_page import APPROVAL, BY_STEP, VIEW
from ui.approval_words import named, road_html, state_text, steps_html
from ui.case_page import sheet_head
from ui.i18n import t
from ui.ledger_deeds import allowed, do
from ui.ruling import ruling_region
from ui.settings import ROOT

PAGE = ROOT / "ui" / "screens" / "approvals.py"
PROPOSED = ""


def approvals_tab(project: Project) -> None:
    """Draw a project's applications for land.

    Args:
        project: The project.
    """
    with resources.ledger().read(access.current_actor()) as work:
        found = approval_course.of(work, project.id)
        table = approvals.table(work)
        proposed = {
            case.code: approvals.proposed(work, project, case.code).code
            for case in table.cases
        }
        wanted = {
            one.id: one.title
            for one in demands.of(work, project.id)
            if one.state in WANTED
        }
        today = work.today()
    if allowed(Verb.APPROVAL_EDIT, ruling_region(project)):
        _apply_form(project, table, proposed, wanted, len(found))
    if not found:
        nothing = t("No land is applied for yet: begin with “Apply for land”.")
        st.html(f'<p class="none">{nothing}</p>')
    for course in found:
        approval = course.approval
        sheet_head(approval.title, state_text(course), approval.document_no)
        st.html(road_html(course.steps, approval.place))
        with st.expander(t("Steps and days in each")):
            st.html(steps_html(course, today))
        if st.button(
            t("Open in land approvals"),
            icon=":material/open_in_new:",
            key=f"project.approval.{approval.id}",
        ):
            APPROVAL.set(approval.id)
            VIEW.set(BY_STEP)
            st.switch_page(PAGE)


def _apply_form(
    project: Project,
    table: PathTable,
    proposed: dict[str, str],
    wanted: dict[int, str],
    count: int,
) -> None:
    key = f"approval.new.{project.id}.{count}"
    paths = {one.code: _path_name(one) for one in table.paths}
    given = {PROPOSED: t("The proposed path"), **paths}
    cases = {
        one.code: f"{named(one)} → {named(table.path(proposed[one.code]))}"
        for one in table.cases
    }
    with (
        st.popover(t("Apply for land"), icon=":material/add:", key=f"{key}.open"),
        st.form(key, border=False),
    ):
        st.text_input(
            t("What is applied for"),
            value=project.title,
            key=f"{key}.title",
            max_chars=300,
        )
        st.selectbox(
            t("Case"),
            list(cases),
            format_func=cases.__getitem__,
            key=f"{key}.case",
            help=t("The arrow tells the path that the table proposes for it."),
        )
        if wanted:
            st.selectbox(
                t("Land demand it serves"),
                list(wanted),
                format_func=wanted.__getitem__,
                index=None,
                key=f"{key}.demand",
            )
        st.number_input(
            f"{t('Area')} ({t('mu')})",
            value=project.land_demand_mu,
            min_value=0.0,
            format="%.2f",
            key=f"{key}.area",
        )
        st.checkbox(t("Urgent lane: goes up at once"), key=f"{key}.urgent")
        st.selectbox(
            t("Path"),
            list(given),
            format_func=given.__getitem__,
            key=f"{key}.path",
        )
        st.text_input(t("Why another path"), key=f"{key}.reason", max_chars=300)
        st.form_submit_button(
            t("Apply"), type="primary", on_click=_apply, args=(project.id, key)
        )


def _path_name(path: Path) -> str:
    sure = "" if path.confirmed else f" ({t('not confirmed')})"
    return f"{named(path)}{sure}"


def _apply(project_id: int, key: str) -> None:
    said = st.session_state

    def deed(work: Work) -> None:
        approvals.apply(
            work,
            project_id=project_id,
            title=said[f"{key}.title"] or "",
            case=said[f"{key}.case"],
            path=said[f"{key}.path"] or "",
            path_reason=said[f"{key}.reason"] or "",
            urgency=Urgency.URGENT if said[f"{key}.urgent"] else Urgency.NORMAL,
            area_mu=said[f"{key}.area"],
            demand_id=said.get(f"{key}.demand"),
        )

    do(deed, Title("The application is under way."))

"""One application for land: its head, steps, documents, what it rests on."""

from datetime import date
from html import escape

import streamlit as st

from ledger.approval_course import Course
from ledger.approval_paths import PathTable
from ledger.model import Project
from ui import resources
from ui.approval_deeds import deeds
from ui.approval_words import days_text, named, road_html, state_text, steps_html
from ui.case_page import facts, sheet_head
from ui.i18n import language, t


def draw_approval(
    course: Course, project: Project, table: PathTable, today: date
) -> None:
    """Draw an application: its head, steps, documents, and what can be done.

    Args:
        course: The application.
        project: Its project.
        table: The table of paths in force.
        today: The day it is.
    """
    approval = course.approval
    total = ((approval.decided_on or today) - approval.begun_on).days
    about = " · ".join(filter(None, (project.code, project.title)))
    sheet_head(approval.title, state_text(course), about, synthetic=project.synthetic)
    st.html(road_html(course.steps, approval.place))
    deeds(course, project, today)
    facts([*_facts(course, project, table), (t("Days in all"), days_text(total))])
    st.html(
        f'<h3 class="part">{escape(t("Steps and days in each"))}</h3>'
        f"{steps_html(course, today)}"
    )


def _facts(course: Course, project: Project, table: PathTable) -> list[tuple[str, str]]:
    approval = course.approval
    path = next((one for one in table.paths if one.code == approval.path), None)
    case = next((one for one in table.cases if one.code == approval.case_code), None)
    names = resources.office_names(language())
    sure = (
        t("who decides stands in a source")
        if path and path.confirmed
        else t("who decides is not confirmed")
    )
    lines = [
        (t("Waits for"), course.now.waits_for),
        (t("Case"), named(case) if case else approval.case_code),
        (t("Path"), f"{named(path) if path else approval.path} ({sure})"),
        (t("Why this path"), approval.path_reason),
        (t("Rests on"), path.source if path else ""),
        (t("Edition of the paths"), f"{approval.edition}；{table.confidence}"),
        (t("Region"), names.get(project.region, project.region)),
        (t("Management region"), names.get(project.managed_by, project.managed_by)),
        (t("Area"), _mu(approval.area_mu)),
        (t("Batch"), approval.batch),
        (t("Document number"), approval.document_no),
        (t("Note"), approval.note),
    ]
    return [(name, said) for name, said in lines if said]


def _mu(area_mu: float | None) -> str:
    return "" if area_mu is None else t("{area} mu", area=f"{area_mu:,.2f}")

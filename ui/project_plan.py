"""The form for the days a project plans to reach its stages."""

from collections.abc import Mapping

import streamlit as st

from gis.words import Title
from ledger import plans
from ledger.casework import StagePlan
from ledger.model import Project, Stage
from ui.i18n import t
from ui.ledger_deeds import do
from ui.project_forms import FIRST_DAY


def plan_form(project: Project, planned: Mapping[Stage, StagePlan]) -> None:
    """Offer to plan the days of all stages at once.

    Args:
        project: The project.
        planned: Its plan as it was read.
    """
    # A new version is a new popover: it closes when the plan is saved.
    state = "-".join(f"{one.id}.{one.version}" for one in planned.values())
    key = f"ledger.plan.{project.id}.{state}"
    with (
        st.popover(t("Plan the stages"), icon=":material/event:", key=f"{key}.open"),
        st.form(key, border=False),
    ):
        for stage in plans.PLANNED:
            one = planned.get(stage)
            st.date_input(
                t(stage.label),
                value=one.planned_on if one else None,
                min_value=FIRST_DAY,
                key=f"{key}.{stage.value}",
                format="YYYY-MM-DD",
            )
        st.form_submit_button(
            t("Save the plan"),
            type="primary",
            on_click=_save,
            args=(project.id, planned, key),
        )


def _save(project_id: int, planned: Mapping[Stage, StagePlan], key: str) -> None:
    said = {stage: st.session_state[f"{key}.{stage.value}"] for stage in plans.PLANNED}
    known = {stage: one.planned_on for stage, one in planned.items()}
    changed = {stage: day for stage, day in said.items() if day != known.get(stage)}
    versions = {stage: one.version for stage, one in planned.items()}
    do(
        lambda work: plans.plan(work, project_id, changed, versions=versions),
        Title("The plan was saved."),
    )

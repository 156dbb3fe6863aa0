"""What can be done with an application for land: a popover and a form for each."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime

import streamlit as st

from gis.words import Title
from ledger import (
    approval_batches,
    approval_course,
    approval_decisions,
    approvals,
    demands,
    projects,
)
from ledger.access import Verb
from ledger.approval_course import Course
from ledger.casework import Approval, ApprovalState, Demand, DemandState, Urgency
from ledger.model import Project
from ledger.unit_of_work import CHINA, Work
from ui import access, resources
from ui.approval_words import document_name, named
from ui.i18n import t
from ui.ledger_deeds import allowed, do
from ui.page_parts import plain
from ui.ruling import ruling_region

WEEKS_AHEAD = 4


def deeds(course: Course, project: Project, today: date) -> None:
    """Draw what the actor may do with an application.

    Args:
        course: The application.
        project: Its project.
        today: The day it is.
    """
    place = ruling_region(project)
    advances = allowed(Verb.APPROVAL_ADVANCE, place)
    if course.approval.state is not ApprovalState.OPEN:
        _offers(course.approval, project)
        return
    if advances:
        _documents_form(course, today)
    with st.container(horizontal=True, gap="small", key="approval.deeds"):
        if advances:
            _on_button(course)
            _waits_form(course)
            _back_form(course)
            _batch_form(course, today)
        if allowed(Verb.APPROVAL_EDIT, place):
            _lane_form(course)
        if advances:
            _refuse_form(course)
        if allowed(Verb.APPROVAL_EDIT, place):
            _withdraw_form(course)
    _offers(course.approval, project)


def this_day() -> date:
    """Return the day in China."""
    return datetime.now(tz=CHINA).date()


def _documents_form(course: Course, today: date) -> None:
    """Ask which documents of the step are there, and since when."""
    step = course.now
    listed = approval_course.documents(step)
    if not listed:
        return
    key = f"approval.documents.{step.id}.{step.version}"
    there = sum(1 for one in listed if one["got_on"])
    with (
        st.expander(
            t("Documents of this step: {there} of {all}", there=there, all=len(listed)),
            icon=":material/description:",
        ),
        st.form(key, border=False),
    ):
        for one in listed:
            since = f" · {one['got_on']}" if one["got_on"] else ""
            need = "" if one["required"] else f" ({t('not required')})"
            st.checkbox(
                plain(f"{document_name(one)}{need}{since}"),
                value=bool(one["got_on"]),
                key=f"{key}.{one['code']}",
            )
        st.date_input(
            t("Documents came on"),
            value=today,
            max_value=today,
            key=f"{key}.on",
            format="YYYY-MM-DD",
        )
        st.form_submit_button(t("Save"), on_click=_got, args=(course, key))


def _on_button(course: Course) -> None:
    """Offer the step on: to the next step, or to the approval in the last one."""
    step, approval = course.now, course.approval
    if step is course.steps[-1]:
        _approve_form(course)
        return
    if step.by_batch and approval.urgency is Urgency.NORMAL:
        return
    key = f"approval.on.{approval.id}.{approval.version}"
    following = named(course.steps[step.place + 1])
    with _form(
        t("On to: {step}", step=following), key, icon=":material/arrow_forward:"
    ):
        _day(t("Went on"), f"{key}.on")
        _despite(course, key)
        st.form_submit_button(
            t("Take it on"), type="primary", on_click=_advance, args=(approval, key)
        )


def _despite(course: Course, key: str) -> None:
    """Ask why it goes on where required documents are missing."""
    missing = approval_course.lacking(course.now)
    if missing:
        st.text_input(
            t("Goes on without {count} documents because", count=len(missing)),
            key=f"{key}.despite",
            max_chars=300,
        )


def _approve_form(course: Course) -> None:
    approval = course.approval
    key = f"approval.approve.{approval.id}.{approval.version}"
    with _form(t("Approved"), key, icon=":material/verified:"):
        st.text_input(t("Document number"), key=f"{key}.number", max_chars=200)
        _day(t("Day of the document"), f"{key}.on")
        _despite(course, key)
        st.form_submit_button(
            t("Write the approval down"),
            type="primary",
            on_click=_approve,
            args=(approval, key),
        )


def _waits_form(course: Course) -> None:
    step = course.now
    key = f"approval.waits.{step.id}.{step.version}"
    with _form(t("Waits for whom"), key):
        st.text_input(
            t("Office or person, and for what"),
            value=step.waits_for,
            key=f"{key}.whom",
            max_chars=300,
            help=t("Left empty: it waits for nobody."),
        )
        st.form_submit_button(t("Save"), on_click=_wait, args=(course, key))


def _back_form(course: Course) -> None:
    approval = course.approval
    if course.now.place == 0:
        return
    key = f"approval.back.{approval.id}.{approval.version}"
    with _form(t("Send back"), key):
        before = named(course.steps[course.now.place - 1])
        st.caption(t("Back to: {step}", step=plain(before)))
        _why(key)
        st.form_submit_button(
            t("Send back a step"),
            on_click=_with_reason,
            args=(approval, key, approvals.back, Title("It was sent back a step.")),
        )


def _batch_form(course: Course, today: date) -> None:
    approval = course.approval
    ahead = any(one.by_batch for one in course.steps[course.now.place :])
    if not ahead or approval.urgency is Urgency.URGENT:
        return
    key = f"approval.batch.{approval.id}.{approval.version}"
    weeks = approval_batches.weeks_ahead(today, WEEKS_AHEAD)
    with _form(t("Weekly batch"), key):
        st.selectbox(
            t("Week"),
            weeks,
            index=weeks.index(approval.batch) if approval.batch in weeks else 0,
            format_func=week_text,
            key=f"{key}.week",
        )
        st.form_submit_button(
            t("Put into this batch"),
            type="primary",
            on_click=_join,
            args=(approval, key),
        )
        if approval.batch:
            st.form_submit_button(
                t("Take out of its batch"), on_click=_leave, args=(approval,)
            )


def week_text(week: str) -> str:
    """Write an ISO week with its Monday."""
    return t(
        "{week} (from {monday})", week=week, monday=approval_batches.monday_of(week)
    )


def _lane_form(course: Course) -> None:
    approval = course.approval
    urgent = approval.urgency is Urgency.URGENT
    key = f"approval.lane.{approval.id}.{approval.version}"
    with _form(t("Normal lane") if urgent else t("Urgent lane"), key):
        _why(key)
        st.form_submit_button(t("Put it there"), on_click=_hurry, args=(approval, key))


def _refuse_form(course: Course) -> None:
    approval = course.approval
    key = f"approval.refuse.{approval.id}.{approval.version}"
    with _form(t("Not approved"), key):
        st.caption(t("A refused application is not opened again: apply anew."))
        _why(key)
        st.form_submit_button(
            t("Write the refusal down"),
            on_click=_with_reason,
            args=(
                approval,
                key,
                approval_decisions.refuse,
                Title("The refusal is written down."),
            ),
        )


def _withdraw_form(course: Course) -> None:
    approval = course.approval
    key = f"approval.withdraw.{approval.id}.{approval.version}"
    with _form(t("Withdraw it"), key):
        st.caption(t("A withdrawn application is not opened again: apply anew."))
        _why(key)
        st.form_submit_button(
            t("Withdraw the application"),
            on_click=_with_reason,
            args=(
                approval,
                key,
                approval_decisions.withdraw,
                Title("The application was withdrawn."),
            ),
        )


def _offers(approval: Approval, project: Project) -> None:
    """Offer what follows from an application: demand and stage of the project."""
    if approval.demand_id is not None:
        _offer_demand(approval, approval.demand_id, project)
    stage = approval_decisions.stage_offered(project, approval)
    if stage is None or not allowed(Verb.PROJECT_MOVE, ruling_region(project)):
        return
    st.button(
        t("Move the project to “{stage}”", stage=t(stage.label)),
        icon=":material/flag:",
        key=f"approval.stage.{approval.id}.{project.version}",
        on_click=_move,
        args=(project, approval),
    )


def _offer_demand(approval: Approval, demand_id: int, project: Project) -> None:
    with resources.ledger().read(access.current_actor()) as work:
        demand = demands.get(work, demand_id)
    to = approval_decisions.demand_offered(approval, demand)
    place = ruling_region(project)
    verb = Verb.DEMAND_CLOSE if to is DemandState.MET else Verb.DEMAND_EDIT
    if to is None or not allowed(verb, place):
        return
    label = (
        t("Strike the land demand off, on {number}", number=approval.document_no)
        if to is DemandState.MET
        else t("Take the land demand into approval")
    )
    st.button(
        plain(label),
        icon=":material/task_alt:",
        key=f"approval.demand.{approval.id}.{demand.version}",
        on_click=_take_demand,
        args=(approval, demand, to),
    )


def _take_demand(approval: Approval, demand: Demand, to: DemandState) -> None:
    def deed(work: Work) -> None:
        if to is DemandState.MET:
            demands.meet(
                work,
                demand.id,
                evidence=approval.document_no,
                version=demand.version,
                on=approval.decided_on,
            )
        else:
            demands.to_approval(work, demand.id, version=demand.version)

    do(deed, Title("The land demand was taken on."))


@contextmanager
def _form(label: str, key: str, icon: str | None = None) -> Iterator[None]:
    """Draw a popover with a form; a new version of the row is a new popover."""
    with (
        st.popover(plain(label), key=f"{key}.open", icon=icon),
        st.form(key, border=False),
    ):
        yield


def _why(key: str) -> None:
    st.text_input(t("Reason"), key=f"{key}.why", max_chars=500)


def _day(label: str, key: str) -> None:
    st.date_input(
        label, value=this_day(), max_value=this_day(), key=key, format="YYYY-MM-DD"
    )


def _got(course: Course, key: str) -> None:
    said, step = st.session_state, course.now
    on = said[f"{key}.on"] or this_day()
    days: dict[str, date | None] = {}
    for one in approval_course.documents(step):
        is_there = bool(said[f"{key}.{one['code']}"])
        if is_there is not bool(one["got_on"]):
            days[one["code"]] = on if is_there else None
    do(
        lambda work: approvals.got(work, step.id, days, version=step.version),
        Title("The documents were noted."),
    )


def _advance(approval: Approval, key: str) -> None:
    said = st.session_state

    def deed(work: Work) -> None:
        approvals.advance(
            work,
            approval.id,
            version=approval.version,
            on=said[f"{key}.on"],
            despite=said.get(f"{key}.despite") or "",
        )

    do(deed, Title("The application went a step on."))


def _approve(approval: Approval, key: str) -> None:
    said = st.session_state

    def deed(work: Work) -> None:
        approval_decisions.approve(
            work,
            approval.id,
            document_no=said[f"{key}.number"] or "",
            version=approval.version,
            on=said[f"{key}.on"],
            despite=said.get(f"{key}.despite") or "",
        )

    do(deed, Title("The approval is written down."))


def _wait(course: Course, key: str) -> None:
    step, whom = course.now, st.session_state[f"{key}.whom"] or ""
    do(
        lambda work: approvals.wait_for(work, step.id, whom=whom, version=step.version),
        Title("It is written down for whom it waits."),
    )


def _with_reason(
    approval: Approval, key: str, verb: Callable[..., Approval], done: Title
) -> None:
    why = st.session_state[f"{key}.why"] or ""
    do(lambda work: verb(work, approval.id, why=why, version=approval.version), done)


def _join(approval: Approval, key: str) -> None:
    week = st.session_state[f"{key}.week"]
    do(
        lambda work: approval_batches.join(
            work, approval.id, week=week, version=approval.version
        ),
        Title("It goes up with the batch of that week."),
    )


def _leave(approval: Approval) -> None:
    do(
        lambda work: approval_batches.leave(
            work, approval.id, version=approval.version
        ),
        Title("It is in no batch now."),
    )


def _hurry(approval: Approval, key: str) -> None:
    why = st.session_state[f"{key}.why"] or ""
    urgent = approval.urgency is Urgency.URGENT
    do(
        lambda work: approvals.hurry(
            work,
            approval.id,
            urgency=Urgency.NORMAL if urgent else Urgency.URGENT,
            why=why,
            version=approval.version,
        ),
        Title("The application changed its lane."),
    )


def _move(project: Project, approval: Approval) -> None:
    stage = approval_decisions.stage_offered(project, approval)
    if stage is None:
        return
    do(
        lambda work: projects.move(work, project.id, to=stage, version=project.version),
        Title("The project was moved to its new stage."),
    )

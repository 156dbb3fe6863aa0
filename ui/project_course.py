"""The course of a project: the road of stages, what was entered when, the plan."""

from collections.abc import Sequence
from datetime import date, datetime
from html import escape

import streamlit as st

from gis.words import Title
from ledger import plans, projects
from ledger.access import Verb
from ledger.model import Milestone, Project, Stage, StageMove
from ledger.plans import Course
from ledger.stages import ROAD, next_stages
from ledger.unit_of_work import CHINA, Work
from ui import access, resources
from ui.i18n import t
from ui.ledger_deeds import allowed, do
from ui.project_appraisal import signing_warning
from ui.project_forms import FIRST_DAY
from ui.project_plan import plan_form
from ui.ruling import ruling_region


def course_tab(project: Project) -> None:
    """Draw the road, the entries and the plan of a project."""
    with resources.ledger().read(access.current_actor()) as work:
        moves = projects.timeline(work, project.id)
        plan = projects.milestones(work, project.id)
        planned = plans.of(work, project.id)
        today = work.today()
    lines = plans.course(project, moves, planned, today)
    st.html(road_html(project.stage, moves) + course_html(lines))
    if allowed(Verb.PROJECT_EDIT, ruling_region(project)):
        plan_form(project, planned)
    st.html(f'<h3 class="part">{escape(t("Entries"))}</h3>{moves_html(moves)}')
    st.html(f'<h3 class="part">{escape(t("Construction plan"))}</h3>')
    st.html(plan_html(plan, today))
    if allowed(Verb.PROJECT_EDIT, project.region):
        _milestone_form(project, f"ledger.milestone.{project.id}.{len(plan)}")


def course_html(lines: Sequence[Course]) -> str:
    """Write plan and life of a project side by side, encoded.

    Args:
        lines: A line for each stage of the road.

    Returns:
        HTML; "" where neither a day is planned nor one is known.
    """
    told = [line for line in lines if line.planned_on or line.entered_on]
    if not any(line.planned_on for line in told):
        return ""
    heads = (t("Stage"), t("Planned for"), t("Reached on"), t("Standing"))
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    rows = "".join(
        f"<tr><td>{escape(t(line.stage.label))}</td><td>{line.planned_on or '—'}</td>"
        f"<td>{line.entered_on or '—'}</td><td>{_standing_html(line)}</td></tr>"
        for line in told
    )
    return (
        '<div class="lm-scroll"><table class="lm-table"><thead><tr>'
        f"{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _standing_html(line: Course) -> str:
    """Say how a stage stands against its plan."""
    if line.planned_on is None:
        return ""
    if line.late_days and line.reached:
        said = t("{days} days after the plan", days=line.late_days)
        return f'<span class="chip">{escape(said)}</span>'
    if line.late_days:
        said = t("{days} days behind the plan", days=line.late_days)
        return f'<span class="chip amber">{escape(said)}</span>'
    css, said = ("held", t("In time")) if line.entered_on else ("", t("Ahead"))
    if line.reached and line.entered_on is None:
        said = t("day unknown")
    return f'<span class="chip {css}">{escape(said)}</span>'


def move_button(project: Project) -> None:
    """Offer to move the project to another stage, where the actor may."""
    if not allowed(Verb.PROJECT_MOVE, project.region):
        return
    # A new version is a new popover: it closes when the move is done.
    key = f"ledger.move.{project.id}.{project.version}"
    with (
        st.popover(t("Move stage"), icon=":material/flag:", key=f"{key}.open"),
        st.form(key, border=False),
    ):
        st.selectbox(
            t("New stage"),
            next_stages(project.stage),
            format_func=lambda one: t(one.label),
            key=f"{key}.to",
        )
        if Stage.SIGNED in next_stages(project.stage):
            signing_warning(project)
        st.date_input(
            t("Reached on"),
            value=datetime.now(tz=CHINA).date(),
            min_value=FIRST_DAY,
            key=f"{key}.on",
            format="YYYY-MM-DD",
        )
        st.text_input(
            t("Reason"),
            key=f"{key}.why",
            max_chars=500,
            placeholder=t("Required for a step back, for ending and for reopening."),
        )
        st.form_submit_button(
            t("Move"), type="primary", on_click=_move, args=(project, key)
        )


def road_html(stage: Stage, moves: Sequence[StageMove]) -> str:
    """Draw the road of stages: passed, now, ahead.

    Args:
        stage: Where the project stands.
        moves: What it entered, in order.

    Returns:
        HTML, encoded.
    """
    reached = stage
    if stage is Stage.ENDED:
        before = [move.stage for move in moves if move.stage is not Stage.ENDED]
        reached = before[-1] if before else Stage.LEAD
    at = ROAD.index(reached)
    steps = []
    for place, step in enumerate(ROAD):
        now = step is stage
        css = "now" if now else "passed" if place <= at else ""
        current = ' aria-current="step"' if now else ""
        steps.append(f'<li class="{css}"{current}>{escape(t(step.label))}</li>')
    ended = (
        f'<p class="none"><span class="chip amber">{escape(t(stage.label))}</span></p>'
        if stage is Stage.ENDED
        else ""
    )
    return f'<ol class="road">{"".join(steps)}</ol>{ended}'


def moves_html(moves: Sequence[StageMove]) -> str:
    """List what a project entered when, the newest first, encoded."""
    lines = [
        f'<li><span class="day">{escape(_day(move.entered_on))}</span>'
        f"<b>{escape(t(move.stage.label))}</b>"
        f"{escape(' · ' + move.why if move.why else '')}"
        f"<small>{escape(_entered(move))}</small></li>"
        for move in reversed(moves)
    ]
    return f'<ul class="lines">{"".join(lines)}</ul>'


def plan_html(plan: Sequence[Milestone], today: date) -> str:
    """List the milestones with what was planned and kept, encoded.

    Args:
        plan: The milestones, in order.
        today: The day it is.

    Returns:
        HTML; overdue and late ones are marked in words.
    """
    if not plan:
        return f'<p class="none">{escape(t("No milestones are planned yet."))}</p>'
    lines = []
    for step in plan:
        state, css = standing(step, today)
        days = t(
            "planned {planned}, done {done}",
            planned=step.planned_on or "—",
            done=step.done_on or "—",
        )
        lines.append(
            f'<li><span class="chip {css}">{escape(state)}</span>'
            f"<b>{escape(step.title)}</b><small>{escape(days)}</small></li>"
        )
    return f'<ul class="lines">{"".join(lines)}</ul>'


def standing(step: Milestone, today: date) -> tuple[str, str]:
    """Say how a milestone stands: done, done late, overdue or ahead.

    Args:
        step: The milestone.
        today: The day it is.

    Returns:
        The word, and the class it is drawn with.
    """
    planned, done = step.planned_on, step.done_on
    if done is not None:
        late = planned is not None and done > planned
        return (t("Done late"), "") if late else (t("Done"), "held")
    if planned is not None and planned < today:
        return t("Overdue"), "amber"
    return t("Ahead"), ""


def _day(day: date | None) -> str:
    return t("day unknown") if day is None else f"{day:%Y-%m-%d}"


def _entered(move: StageMove) -> str:
    when = move.moved_at.astimezone(CHINA)
    return t(
        "entered by {who} at {when}",
        who=Title(move.moved_by),
        when=f"{when:%Y-%m-%d %H:%M}",
    )


def _milestone_form(project: Project, key: str) -> None:
    with (
        st.popover(t("Add a milestone"), icon=":material/add:", key=f"{key}.open"),
        st.form(key, border=False),
    ):
        st.text_input(t("Milestone"), key=f"{key}.title", max_chars=200)
        for name, label in (("planned", t("Planned for")), ("done", t("Done on"))):
            st.date_input(
                label,
                value=None,
                min_value=FIRST_DAY,
                key=f"{key}.{name}",
                format="YYYY-MM-DD",
            )
        st.form_submit_button(
            t("Add"), type="primary", on_click=_add_milestone, args=(project.id, key)
        )


def _add_milestone(project_id: int, key: str) -> None:
    said = st.session_state

    def deed(work: Work) -> None:
        projects.add_milestone(
            work,
            project_id,
            title=said[f"{key}.title"] or "",
            planned_on=said[f"{key}.planned"],
            done_on=said[f"{key}.done"],
        )

    do(deed, Title("The milestone is in the plan."))


def _move(project: Project, key: str) -> None:
    said = st.session_state
    to = Stage(said[f"{key}.to"])

    def deed(work: Work) -> None:
        projects.move(
            work,
            project.id,
            to=to,
            version=project.version,
            why=said[f"{key}.why"] or "",
            on=said[f"{key}.on"],
        )

    do(deed, Title("The project was moved to its new stage."))

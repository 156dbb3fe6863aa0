"""The page of land approvals: by step, this week's batch, what was decided."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import streamlit as st

from gis.errors import AccessError, LedgerError
from gis.words import Title
from ledger import (
    approval_batches,
    approval_course,
    approval_lists,
    approvals,
    projects,
)
from ledger.access import Verb
from ledger.approval_course import Course
from ledger.approval_lists import Card
from ledger.approval_paths import PathTable
from ledger.casework import ApprovalState, Urgency
from ledger.model import Project
from ledger.unit_of_work import Work
from ui import access, resources
from ui.approval_deeds import week_text
from ui.approval_sheet import draw_approval
from ui.approval_words import named
from ui.case_page import Figure, case_page, figures, table_and_sheet
from ui.case_table import Cell, Column, Line, case_table
from ui.i18n import t, tell
from ui.kept_figures import kept
from ui.ledger_deeds import OUTCOME, Outcome, allowed, do
from ui.settings import ROOT
from ui.state import PROJECT, Slot

LEDGER_PAGE: Final = ROOT / "ui" / "screens" / "project_ledger.py"
BY_STEP, BATCH, DECIDED = "step", "batch", "decided"
VIEWS: Final[Mapping[str, Title]] = {
    BY_STEP: Title("By step"),
    BATCH: Title("Weekly batch"),
    DECIDED: Title("Decided applications"),
}
ENDED: Final = (
    ApprovalState.APPROVED,
    ApprovalState.REFUSED,
    ApprovalState.WITHDRAWN,
)
ALL: Final = ""
MOST: Final = 500  # more are not read at a glance, and cost every rerun


def _none() -> int | None:
    return None


def _text() -> str:
    return ""


def _first() -> str:
    return BY_STEP


APPROVAL: Slot[int | None] = Slot("approval", _none)
VIEW: Slot[str] = Slot("approval_view", _first)
STEP: Slot[str] = Slot("approval_step", _text)
WEEK: Slot[str] = Slot("approval_week", _text)


@dataclass(frozen=True)
class Seen:
    """What the page shows, read in one look.

    Attributes:
        cards: Applications under review, urgent ones first.
        ended: The first of those that were decided, read only where they are shown.
        ended_count: How many were decided; 0 where they are not shown.
        chosen: The one beside the table, None for none.
        project: Its project.
        table: The table of paths in force.
        today: The day it is.
    """

    cards: Sequence[Card]
    ended: Sequence[Card]
    ended_count: int
    chosen: Course | None
    project: Project | None
    table: PathTable
    today: date


def approval_page() -> None:
    """Draw the page."""
    case_page(_draw)


def _draw() -> None:
    seen = read()
    figures(_figures(seen))
    table_and_sheet(lambda: _left(seen), lambda: _sheet(seen), wide=58)


def read() -> Seen:
    """Read what the page shows.

    Returns:
        What the actor may see.
    """
    with resources.ledger().read(access.current_actor()) as work:
        cards = kept(
            work,
            "approval.board",
            approval_lists.board,
            *approval_lists.OF_BOARD,
        )
        decided = VIEW.get() == DECIDED
        ended = approval_lists.board(work, states=ENDED, most=MOST) if decided else []
        count = approval_lists.count(work, states=ENDED) if decided else 0
        shown = _shown(cards, ended, work.today())
        chosen, project = _chosen(work, shown)
        table = approvals.table(work)
        return Seen(cards, ended, count, chosen, project, table, work.today())


def _chosen(work: Work, shown: Sequence[Card]) -> tuple[Course | None, Project | None]:
    """Read the chosen application; the first of the list where none is."""
    number = APPROVAL.get()
    try:
        course = approval_course.get(work, number) if number is not None else None
    except (AccessError, LedgerError):
        course = None  # another actor's choice, or another ledger's
    if course is None:
        if not shown:
            APPROVAL.set(None)
            return None, None
        course = approval_course.get(work, shown[0].approval.id)
        APPROVAL.set(course.approval.id)
    return course, projects.get(work, course.approval.project_id)


def _figures(seen: Seen) -> list[Figure]:
    cards, week = seen.cards, approval_batches.week_of(seen.today)
    urgent = [one for one in cards if one.urgent]
    longest = max((one.days_in_step for one in cards), default=0)
    late = approval_lists.late(cards)
    waiting = approval_lists.at_batch(cards)
    missed = approval_lists.overdue_batch(cards, seen.today)
    batch = [one for one in approval_lists.of_batch(cards, week) if one.batch_ahead]
    return [
        Figure(
            t("Under review"),
            f"{len(cards):,}",
            t("{count} in the urgent lane", count=len(urgent)),
        ),
        Figure(t("This week's batch"), f"{len(batch):,}", week),
        Figure(
            t("Ready, in no batch"),
            f"{len(waiting):,}",
            t("missed a batch: {count}", count=len(missed)),
            amber=bool(waiting or missed),
        ),
        Figure(t("Longest in its step"), f"{longest:,}", t("days")),
        Figure(
            t("Over a confirmed limit"),
            f"{len(late):,}",
            t("examples are not counted"),
            amber=bool(late),
        ),
    ]


def _left(seen: Seen) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.segmented_control(
            t("View"),
            list(VIEWS),
            default=VIEW.get(),
            format_func=lambda one: t(VIEWS[one]),
            key="approval.view",
            label_visibility="collapsed",
            on_change=_take_view,
        )
        if VIEW.get() == BATCH:
            _week_choice(seen)
    if VIEW.get() == BY_STEP:
        _step_choice(seen)
    shown = _shown(seen.cards, seen.ended, seen.today)
    if VIEW.get() == BATCH:
        _submit_button(shown, seen.today)
    _table(shown, seen)


def _shown(cards: Sequence[Card], ended: Sequence[Card], today: date) -> Sequence[Card]:
    """Keep what the view asks for."""
    if VIEW.get() == DECIDED:
        return ended
    if VIEW.get() == BATCH:
        return approval_lists.of_batch(cards, _week(today))
    step = STEP.get()
    return [one for one in cards if step in {ALL, one.step.code}]


def _week(today: date) -> str:
    return WEEK.get() or approval_batches.week_of(today)


def _step_choice(seen: Seen) -> None:
    """Draw the steps with how many stand in each, in the order of the road."""
    counts = Counter(one.step.code for one in seen.cards)
    names = {one.step.code: named(one.step) for one in seen.cards}
    places = {one.step.code: one.step.place for one in seen.cards}
    options = sorted(names, key=lambda code: (places[code], code))
    if not options:
        return
    st.pills(
        t("Step"),
        options,
        default=STEP.get() if STEP.get() in options else None,
        format_func=lambda code: f"{names[code]} {counts[code]}",
        key="approval.step",
        label_visibility="collapsed",
        on_change=_take_step,
    )


def _week_choice(seen: Seen) -> None:
    now = approval_batches.week_of(seen.today)
    kept = {one.approval.batch for one in seen.cards if one.approval.batch}
    weeks = sorted(
        kept | {*approval_batches.weeks_ahead(seen.today, 3), _week(seen.today)}
    )
    st.selectbox(
        t("Week"),
        weeks,
        index=weeks.index(_week(seen.today)),
        format_func=lambda one: (
            f"{week_text(one)} · {t('this week')}" if one == now else week_text(one)
        ),
        key="approval.week",
        label_visibility="collapsed",
        on_change=_take_week,
    )


def _submit_button(shown: Sequence[Card], today: date) -> None:
    """Offer to submit the batch; it asks first and names what stays behind."""
    week = _week(today)
    ready = [one for one in shown if one.step.by_batch]
    if not ready or not allowed(Verb.APPROVAL_ADVANCE):
        return
    if approval_batches.monday_of(week) > today:
        return
    with (
        st.popover(
            t("Submit this batch"),
            icon=":material/upload:",
            key=f"approval.submit.{week}",
        ),
        st.form(f"approval.submit.form.{week}", border=False),
    ):
        st.write(
            t(
                "{ready} applications go up; {rest} are still in an earlier step and "
                "stay.",
                ready=len(ready),
                rest=sum(one.batch_ahead for one in shown) - len(ready),
            )
        )
        st.form_submit_button(
            t("Submit"), type="primary", on_click=_submit, args=(week,)
        )


def _table(shown: Sequence[Card], seen: Seen) -> None:
    chosen = seen.chosen.approval.id if seen.chosen else None
    columns = [
        Column(t("Application"), 33, "title"),
        Column(t("Step"), 20, "chip"),
        Column(t("Days in step"), 10, "figure"),
        Column(t("Days"), 8, "figure wide"),
        Column(t("Waits for"), 17, "soft wide"),
        Column(t("Batch"), 12, "soft wide"),
    ]
    empty = {
        BY_STEP: t(
            "No application is under review. Open a project in the project ledger and "
            "apply for land in its tab “Land approval”."
        ),
        BATCH: t(
            "Nothing is in this batch. Choose an application that waits for its batch "
            "and put it in."
        ),
        DECIDED: t("No application was decided yet."),
    }
    case_table(
        "approval.table",
        label=t("Applications for land"),
        columns=columns,
        lines=[_line(one) for one in shown[:MOST]],
        chosen=None if chosen is None else str(chosen),
        empty=empty[VIEW.get()],
        count=count_text(seen.ended_count if VIEW.get() == DECIDED else len(shown)),
        choose=_choose,
    )


def count_text(count: int) -> str:
    """Say how many applications there are, and how many of them are listed."""
    if count <= MOST:
        return t("{count} applications", count=f"{count:,}")
    return t(
        "the first {most} of {count} applications: choose a step",
        most=f"{MOST:,}",
        count=f"{count:,}",
    )


def _line(card: Card) -> Line:
    approval, step = card.approval, card.step
    under_review = approval.state is ApprovalState.OPEN
    name = named(step) if under_review else t(approval.state.label)
    mark = "amber" if card.late else "going" if under_review else "done"
    urgent = approval.urgency is Urgency.URGENT and under_review
    waits = step.waits_for
    if under_review and not waits and card.lacking:
        waits = t("{count} documents missing", count=len(card.lacking))
    return Line(
        id=str(approval.id),
        cells=[
            Cell(
                f"{t('Urgent')} · {approval.title}" if urgent else approval.title,
                sort=f"{'0' if urgent else '1'}{approval.title}",
                mark="amber" if urgent else "",
            ),
            Cell(name, sort=step.place, mark=mark),
            Cell(f"{card.days_in_step:,}", sort=card.days_in_step),
            Cell(f"{card.days:,}", sort=card.days),
            Cell(waits),
            Cell(approval.batch),
        ],
        about=" · ".join(filter(None, (card.code, card.project))),
    )


def _sheet(seen: Seen) -> None:
    course, project = seen.chosen, seen.project
    if course is None or project is None:
        return
    draw_approval(course, project, seen.table, seen.today)
    if st.button(
        t("Open the project"), icon=":material/folder_open:", key="approval.project"
    ):
        PROJECT.set(project.code)
        st.switch_page(LEDGER_PAGE)


def _take_view() -> None:
    VIEW.set(str(st.session_state["approval.view"] or BY_STEP))
    APPROVAL.set(None)


def _take_step() -> None:
    STEP.set(str(st.session_state["approval.step"] or ALL))
    APPROVAL.set(None)


def _take_week() -> None:
    WEEK.set(str(st.session_state["approval.week"] or ""))
    APPROVAL.set(None)


def _choose(number: str) -> None:
    APPROVAL.set(int(number))


def _submit(week: str) -> None:
    told: list[approval_batches.Submitted] = []
    if not do(
        lambda work: told.append(approval_batches.submit(work, week)),
        Title("The batch was submitted."),
    ):
        return
    (became,) = told
    head = t(
        "The batch {week} was submitted: {count} applications went up.",
        week=week,
        count=len(became.went),
    )
    stayed = [f"- {one.approval.title}：{tell(one.why)}" for one in became.left]
    OUTCOME.set(Outcome(good=True, text="\n".join([head, *stayed])))

"""An application for land in words and HTML: its steps, days, documents, batch."""

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Any, Protocol

from ledger import approval_course
from ledger.approval_course import Course
from ledger.casework import ApprovalState, ApprovalStep, Urgency
from ui.i18n import language, t


class Titled(Protocol):
    """What a rule table names in Chinese and in English."""

    @property
    def title(self) -> str:
        """Its Chinese name."""

    @property
    def english(self) -> str:
        """Its English name."""


def named(one: Titled) -> str:
    """Name a line of a rule table in the reader's language."""
    return one.english or one.title if language() == "en" else one.title


def document_name(document: dict[str, Any]) -> str:
    """Name a document of a step in the reader's language."""
    english = str(document.get("english") or "")
    return english if language() == "en" and english else str(document["title"])


def days_text(days: int) -> str:
    """Write a number of days."""
    return t("{days} days", days=days)


def limit_text(step: ApprovalStep) -> str:
    """Tell how long a step may take, and whether that counts.

    Args:
        step: The step.

    Returns:
        "" where no limit is told.
    """
    if step.limit_days is None:
        return ""
    if step.limit_confirmed:
        return t("limit {days} days", days=step.limit_days)
    return t(
        "example limit {days} days, not confirmed: decides nothing",
        days=step.limit_days,
    )


def state_text(course: Course) -> str:
    """Tell the state of an application; of one under review, the step it is in."""
    approval = course.approval
    if approval.state is not ApprovalState.OPEN:
        return t(approval.state.label)
    now = named(course.now)
    return f"{t('Urgent')} · {now}" if approval.urgency is Urgency.URGENT else now


def steps_html(course: Course, today: date) -> str:
    """List the steps of an application with the days in each.

    Args:
        course: The application.
        today: The day it is.

    Returns:
        HTML, encoded: passed, now, ahead; late ones are marked in words.
    """
    ended = course.approval.decided_on
    return (
        '<ul class="lines">'
        + "".join(_step(step, course, today, ended) for step in course.steps)
        + "</ul>"
    )


def road_html(steps: Sequence[ApprovalStep], place: int) -> str:
    """Draw the steps as a road: passed, now, ahead.

    Args:
        steps: The steps.
        place: The one it is in.

    Returns:
        HTML, encoded.
    """
    drawn = []
    for step in steps:
        css = "now" if step.place == place else "passed" if step.place < place else ""
        current = ' aria-current="step"' if step.place == place else ""
        drawn.append(f'<li class="{css}"{current}>{escape(named(step))}</li>')
    return f'<ol class="road">{"".join(drawn)}</ol>'


def _step(step: ApprovalStep, course: Course, today: date, ended: date | None) -> str:
    is_open = course.approval.state is ApprovalState.OPEN
    css, state = _standing(step, course.approval.place, today, is_open=is_open)
    days = approval_course.days_in(step, today, ended)
    span = (
        f"{step.entered_on} – {step.done_on or (ended or '')}"
        if step.entered_on
        else ""
    )
    about = [step.office, span, limit_text(step)]
    if days or step.entered_on:
        about.insert(1, days_text(days))
    missing = approval_course.lacking(step) if step.entered_on else []
    more = ""
    if step.done_on is None and missing and is_open:
        names = "、".join(
            document_name(one)
            for one in approval_course.documents(step)
            if one["required"] and not one["got_on"]
        )
        more += _small(t("Documents missing: {names}", names=names))
    if step.waits_for:
        more += _small(t("Waits for: {whom}", whom=step.waits_for))
    more += "".join(_small(line) for line in step.note.split("\n") if line)
    return (
        f'<li><span class="chip {css}">{escape(state)}</span>'
        f"<b>{escape(named(step))}</b>"
        f"<small>{escape(' · '.join(filter(None, about)))}</small>{more}</li>"
    )


def _standing(
    step: ApprovalStep, place: int, today: date, *, is_open: bool
) -> tuple[str, str]:
    if step.done_on is not None:
        return "held", t("Done")
    if step.place != place:
        return "", t("Ahead")
    if not is_open:
        return "", t("Ended here")
    if approval_course.is_late(step, today):
        return "amber", t("Over its limit")
    return "held", t("Now")


def _small(text: str) -> str:
    return f"<small>{escape(text)}</small>"

"""An application for land on its course: read, counted, changed as it was read.

Days are calendar days by China's clock. The days of all steps add up to the days since
the application was begun, however often it was sent back: each step keeps the days of
its earlier visits.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from gis.errors import LedgerError
from ledger import casework_tables, rows
from ledger.access import Verb
from ledger.casework import Approval, ApprovalState, ApprovalStep
from ledger.owned import project_for
from ledger.unit_of_work import Work

_table = casework_tables.approval
_steps = casework_tables.approval_step


@dataclass(frozen=True)
class Course:
    """An application with its steps, in their order."""

    approval: Approval
    steps: tuple[ApprovalStep, ...]

    @property
    def now(self) -> ApprovalStep:
        """The step it is in, or was in when it was decided."""
        return self.steps[self.approval.place]


def get(work: Work, approval_id: int) -> Course:
    """Read an application with its steps.

    Args:
        work: The unit of work.
        approval_id: The application.

    Returns:
        The application as it is now.
    """
    return read_for(work, approval_id, Verb.PROJECT_READ)


def of(work: Work, project_id: int) -> list[Course]:
    """List a project's applications, the newest first.

    Args:
        work: The unit of work.
        project_id: The project.

    Returns:
        The applications with their steps.
    """
    project_for(work, project_id, Verb.PROJECT_READ)
    found = work.connection.execute(
        sa
        .select(_table)
        .where(_table.c.project_id == project_id)
        .order_by(_table.c.id.desc())
    ).all()
    steps = work.connection.execute(
        sa
        .select(_steps)
        .where(_steps.c.approval_id.in_([one.id for one in found]))
        .order_by(_steps.c.approval_id, _steps.c.place)
    ).all()
    made = [rows.made(ApprovalStep, one) for one in steps]
    return [
        Course(
            rows.made(Approval, one),
            tuple(step for step in made if step.approval_id == one.id),
        )
        for one in found
    ]


def read_for(work: Work, approval_id: int, verb: Verb) -> Course:
    """Read an application for somebody who wants to do something with it.

    Args:
        work: The unit of work.
        approval_id: The application.
        verb: What they want to do.

    Returns:
        The application with its steps.
    """
    approval = rows.get(work, _table, Approval, approval_id)
    project_for(work, approval.project_id, verb)
    steps = work.connection.execute(
        sa
        .select(_steps)
        .where(_steps.c.approval_id == approval_id)
        .order_by(_steps.c.place)
    )
    return Course(approval, tuple(rows.made(ApprovalStep, one) for one in steps))


def open_course(work: Work, approval_id: int, verb: Verb, version: int) -> Course:
    """Read an application for somebody who wants to change it.

    Args:
        work: The unit of work.
        approval_id: The application.
        verb: What they want to do.
        version: The version that they saw.

    Returns:
        The application with its steps.

    Raises:
        LedgerError: It is decided.
    """
    course = read_for(work, approval_id, verb)
    rows.require_version(course.approval, version, _table)
    require_open(course)
    return course


def require_open(course: Course) -> None:
    """Refuse to change an application that is decided."""
    approval = course.approval
    if approval.state is not ApprovalState.OPEN:
        raise LedgerError(
            "The application was decided on {day}: {state}.",
            day=approval.decided_on,
            state=approval.state.label,
        )


def change(
    work: Work, approval: Approval, changes: dict[str, Any], verb: str
) -> Approval:
    """Change an application as it was read, and read it again."""
    rows.change(work, _table, approval, changes, version=approval.version, verb=verb)
    return rows.get(work, _table, Approval, approval.id)


def change_step(
    work: Work, course: Course, step: ApprovalStep, changes: dict[str, Any], verb: str
) -> ApprovalStep:
    """Change a step as it was read, and read it again."""
    rows.change(
        work,
        _steps,
        step,
        changes,
        version=step.version,
        verb=verb,
        project_id=course.approval.project_id,
    )
    return rows.get(work, _steps, ApprovalStep, step.id)


def documents(step: ApprovalStep) -> list[dict[str, Any]]:
    """Return the documents of a step: code, titles, whether required, day it came."""
    listed: list[dict[str, Any]] = json.loads(step.documents or "[]")
    return listed


def lacking(step: ApprovalStep) -> list[str]:
    """List the titles of the required documents that are not there."""
    return [
        str(one["title"])
        for one in documents(step)
        if one["required"] and not one["got_on"]
    ]


def is_current(step: ApprovalStep) -> bool:
    """Tell whether an application stands in a step."""
    return step.entered_on is not None and step.done_on is None


def days_in(step: ApprovalStep, today: date, ended: date | None = None) -> int:
    """Count the calendar days an application lay in a step, all visits together.

    Args:
        step: The step.
        today: The day it is.
        ended: The day the application was decided, if it was.

    Returns:
        Days; 0 for a step that was not entered.
    """
    if step.entered_on is None:
        return step.earlier_days
    until = step.done_on or ended or today
    return step.earlier_days + (until - step.entered_on).days


def is_late(step: ApprovalStep, today: date) -> bool:
    """Tell whether the step an application is in takes longer than it may.

    Args:
        step: The step.
        today: The day it is.

    Returns:
        False where no limit is confirmed by a source: examples decide nothing.
    """
    if step.limit_days is None or not step.limit_confirmed or not is_current(step):
        return False
    return days_in(step, today) > step.limit_days


def require_documents(step: ApprovalStep, despite: str) -> None:
    """Refuse to leave a step whose required documents are missing.

    Args:
        step: The step.
        despite: Why it goes on all the same.

    Raises:
        LedgerError: Documents are missing and no reason is told.
    """
    if despite.strip() or not (missing := lacking(step)):
        return
    raise LedgerError(
        "Documents are missing in the step {step}: {missing}. Note them, or say why "
        "the application goes on without them.",
        step=step.title,
        missing="、".join(missing),
    )


def require_day(work: Work, step: ApprovalStep, day: date) -> None:
    """Refuse a day on which a step cannot end: before it was entered, or to come."""
    entered = step.entered_on or day
    if not entered <= day <= work.today():
        raise LedgerError(
            "The step {step} was entered on {entered}: it cannot end on {day}.",
            step=step.title,
            entered=entered,
            day=day,
        )


def told(listed: Sequence[dict[str, Any]]) -> str:
    """Write documents of a step as their column holds them."""
    return json.dumps(listed, ensure_ascii=False)


def before(said: str, note: str) -> str:
    """Put what is said now before an older note."""
    return f"{said.strip()}\n{note}".strip()


def require_reason(why: str) -> None:
    """Refuse a deed without a reason."""
    if not why.strip():
        raise LedgerError("Say why.")

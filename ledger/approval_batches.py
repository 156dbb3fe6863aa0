"""Weekly batches of applications: an ISO week such as 2026-W48, submitted at once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from gis.errors import LedgerError
from ledger import approvals, casework_tables, rows, tables
from ledger.access import Verb, may, require
from ledger.approval_course import Course, change, get, open_course
from ledger.casework import Approval, ApprovalState, Urgency
from ledger.model import Project
from ledger.owned import ruling_region, seen
from ledger.unit_of_work import Work

_table = casework_tables.approval
_WEEK = re.compile(r"(\d{4})-W(\d{2})")


@dataclass(frozen=True)
class Left:
    """An application that did not go up with its batch, and why.

    Attributes:
        approval: The application.
        why: What held it back.
    """

    approval: Approval
    why: LedgerError


@dataclass(frozen=True)
class Submitted:
    """What became of a batch."""

    went: tuple[Approval, ...]
    left: tuple[Left, ...]


def week_of(day: date) -> str:
    """Return the ISO week of a day, such as 2026-W48."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def monday_of(week: str) -> date:
    """Return the first day of an ISO week.

    Args:
        week: Such as 2026-W48.

    Returns:
        Its Monday.

    Raises:
        LedgerError: There is no such week.
    """
    found = _WEEK.fullmatch(week)
    try:
        if found:
            return date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError:
        pass
    raise LedgerError("There is no week {week}: write it as 2026-W48.", week=week)


def weeks_ahead(day: date, count: int) -> list[str]:
    """List the week of a day and those that follow."""
    return [week_of(day + timedelta(weeks=ahead)) for ahead in range(count)]


def join(work: Work, approval_id: int, *, week: str, version: int) -> Approval:
    """Put an application into a week's batch, or into that of another week.

    Args:
        work: The unit of work.
        approval_id: The application; it may join before it has come to the step.
        week: ISO week, this one or one ahead.
        version: The version that the person saw.

    Returns:
        The application as stored.

    Raises:
        LedgerError: Its path has no weekly batch, it is past it, it is urgent, or the
            week is over.
    """
    course = open_course(work, approval_id, Verb.APPROVAL_ADVANCE, version)
    if course.approval.urgency is Urgency.URGENT:
        raise LedgerError("Urgent applications go up at once, in no batch.")
    if not any(one.by_batch for one in course.steps[course.now.place :]):
        raise LedgerError("No weekly batch lies ahead on the path of this application.")
    if monday_of(week) < monday_of(week_of(work.today())):
        raise LedgerError("The week {week} is over: choose a later one.", week=week)
    return change(work, course.approval, {"batch": week}, "approval.join")


def leave(work: Work, approval_id: int, *, version: int) -> Approval:
    """Take an application out of its batch.

    Args:
        work: The unit of work.
        approval_id: The application.
        version: The version that the person saw.

    Returns:
        The application as stored.

    Raises:
        LedgerError: It is in no batch.
    """
    course = open_course(work, approval_id, Verb.APPROVAL_ADVANCE, version)
    if not course.approval.batch:
        raise LedgerError("The application is in no batch.")
    return change(work, course.approval, {"batch": ""}, "approval.leave")


def submit(work: Work, week: str, *, on: date | None = None) -> Submitted:
    """Submit a batch: what is ready goes on, what is not stays and is named.

    Args:
        work: The unit of work.
        week: ISO week, this one or one that is over.
        on: The day; today when not given.

    Returns:
        The applications that went, and those that stayed with the reason. Applications
        that the actor may not take on are left alone.

    Raises:
        LedgerError: The week lies ahead, or nothing in it can be submitted.
    """
    require(work.actor, Verb.APPROVAL_ADVANCE)
    if monday_of(week) > work.today():
        raise LedgerError("The week {week} has not begun.", week=week)
    went: list[Approval] = []
    left: list[Left] = []
    for course in of_week(work, week):
        try:
            _require_at_batch(course)
            went.append(approvals.go_on(work, course, on=on or work.today()))
        except LedgerError as error:
            left.append(Left(course.approval, error))
    if not went:
        raise LedgerError(
            "Nothing of the batch {week} can be submitted.",
            week=week,
            faults=[
                LedgerError("{title}:", title=one.approval.title, faults=[one.why])
                for one in left
            ],
        )
    return Submitted(tuple(went), tuple(left))


def of_week(work: Work, week: str) -> Sequence[Course]:
    """Read the open applications of a batch that the actor may take on.

    Args:
        work: The unit of work.
        week: ISO week.

    Returns:
        The applications that have not passed the batch yet, in the order they came.
    """
    found = work.connection.scalars(
        sa
        .select(_table.c.id)
        .join(tables.project, tables.project.c.id == _table.c.project_id)
        .where(_table.c.batch == week, _table.c.state == ApprovalState.OPEN, seen(work))
        .order_by(_table.c.id)
    ).all()
    courses = [get(work, number) for number in found]
    return [one for one in courses if _waits(one) and _may_take_on(work, one)]


def _may_take_on(work: Work, course: Course) -> bool:
    project = rows.get(work, tables.project, Project, course.approval.project_id)
    return may(work.actor, Verb.APPROVAL_ADVANCE, ruling_region(project, work))


def _waits(course: Course) -> bool:
    return any(one.by_batch for one in course.steps[course.now.place :])


def _require_at_batch(course: Course) -> None:
    if not course.now.by_batch:
        raise LedgerError("It is still in the step {step}.", step=course.now.title)

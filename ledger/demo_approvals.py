"""The demo's applications for land and the projects of management regions."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from ledger import (
    approval_batches,
    approval_course,
    approval_decisions,
    approvals,
    projects,
)
from ledger.approval_course import Course
from ledger.casework import ApprovalState, Urgency
from ledger.unit_of_work import Work

Entry = Mapping[str, Any]
THIS_WEEK = "this week"
_DESPITE = "容缺受理（示例）"


def load_managed(
    work: Work, entries: Sequence[Entry], numbers: Mapping[str, int]
) -> None:
    """Give projects to the management region that runs them.

    Args:
        work: The unit of work of the demo.
        entries: Of `casework/managed.json`.
        numbers: Numbers of the demo's projects by code.
    """
    for entry in entries:
        project = projects.get(work, numbers[entry["project"]])
        projects.edit(
            work, project.id, version=project.version, managed_by=entry["managed_by"]
        )


def load(work: Work, entries: Sequence[Entry], numbers: Mapping[str, int]) -> None:
    """Begin the demo's applications and take each as far as its file says.

    Args:
        work: The unit of work of the demo.
        entries: Of `casework/approvals.json`.
        numbers: Numbers of the demo's projects by code.
    """
    for entry in entries:
        made = approvals.apply(
            work,
            project_id=numbers[entry["project"]],
            title=entry["title"],
            case=entry["case"],
            urgency=Urgency.URGENT if entry.get("urgent") else Urgency.NORMAL,
            area_mu=entry.get("area_mu"),
            begun_on=date.fromisoformat(entry["begun_on"]),
        )
        _note_documents(work, made.id, entry)
        _go(work, made.id, entry)
        _end(work, made.id, entry)


def _note_documents(work: Work, approval_id: int, entry: Entry) -> None:
    step = approval_course.get(work, approval_id).now
    asked = {one["code"] for one in approval_course.documents(step)}
    days = {
        one["code"]: date.fromisoformat(one["on"])
        for one in entry.get("documents") or ()
        if one["code"] in asked
    }
    if days:
        approvals.got(work, step.id, days, version=step.version)


def _go(work: Work, approval_id: int, entry: Entry) -> None:
    """Leave steps on their days; a path may have fewer than the file has days."""
    course = approval_course.get(work, approval_id)
    for day in _days(course, entry):
        course = approval_course.get(work, approval_id)
        if course.now.place < len(course.steps) - 1:
            approvals.go_on(work, course, on=day, despite=_DESPITE)
    course = approval_course.get(work, approval_id)
    if whom := entry.get("waits_for"):
        approvals.wait_for(work, course.now.id, whom=whom, version=course.now.version)
    joins = any(one.by_batch for one in course.steps[course.now.place :])
    if entry.get("batch") and joins and course.approval.urgency is Urgency.NORMAL:
        week = approval_batches.week_of(work.today())
        approval_batches.join(
            work, approval_id, week=week, version=course.approval.version
        )


def _days(course: Course, entry: Entry) -> list[date]:
    """Return the days on which steps were left; "all" spreads them evenly."""
    if entry["steps"] != "all":
        return [date.fromisoformat(day) for day in entry["steps"]]
    count, begun = len(course.steps) - 1, course.approval.begun_on
    spread = entry["days"] / len(course.steps)
    return [begun + timedelta(days=int(spread * (at + 1))) for at in range(count)]


def _end(work: Work, approval_id: int, entry: Entry) -> None:
    ends = entry.get("ends")
    if not ends:
        return
    version = approval_course.get(work, approval_id).approval.version
    if ends["state"] == ApprovalState.APPROVED:
        approval_decisions.approve(
            work,
            approval_id,
            document_no=ends["document_no"],
            version=version,
            on=date.fromisoformat(ends["on"]),
            despite=_DESPITE,
        )
    else:
        approval_decisions.withdraw(work, approval_id, why=ends["why"], version=version)

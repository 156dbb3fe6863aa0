"""Applications for land: begun on a path and taken from step to step."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from gis.errors import LedgerError
from ledger import (
    approval_paths,
    casework_tables,
    regions,
    rows,
    rules,
)
from ledger.access import Verb
from ledger.approval_course import (
    Course,
    before,
    change,
    change_step,
    days_in,
    documents,
    open_course,
    read_for,
    require_day,
    require_documents,
    require_open,
    require_reason,
    told,
)
from ledger.approval_paths import Path, PathStep, PathTable
from ledger.casework import Approval, ApprovalState, ApprovalStep, Demand, Urgency
from ledger.model import Project, Stage
from ledger.owned import project_for
from ledger.unit_of_work import Work

_table = casework_tables.approval
_steps = casework_tables.approval_step


def table(work: Work) -> PathTable:
    """Return the table of paths in force.

    Args:
        work: The unit of work.

    Returns:
        Its cases and paths.
    """
    return approval_paths.of_rules(rules.in_force(work, approval_paths.TABLE))


def proposed(work: Work, project: Project, case: str) -> Path:
    """Propose the path of an application.

    Args:
        work: The unit of work.
        project: The project.
        case: Code of the case.

    Returns:
        The first path of the table that fits the place that rules it.
    """
    place = regions.ruling(work, project, regions.Matter.APPROVAL)
    return table(work).proposed(place, case)


def apply(  # noqa: PLR0913 - what an application is told by
    work: Work,
    *,
    project_id: int,
    title: str,
    case: str,
    path: str = "",
    path_reason: str = "",
    urgency: Urgency = Urgency.NORMAL,
    area_mu: float | None = None,
    demand_id: int | None = None,
    begun_on: date | None = None,
    note: str = "",
) -> Approval:
    """Begin an application for land; it stands in the first step of its path.

    Args:
        work: The unit of work.
        project_id: The project.
        title: What is applied for.
        case: Code of the case.
        path: Code of another path than the proposed one.
        path_reason: Why that one; required where it is another.
        urgency: Whether it goes by the urgent lane.
        area_mu: The area applied for, in mu.
        demand_id: The land demand it serves.
        begun_on: The day it was begun; today when not given.
        note: More about it.

    Returns:
        The application as stored.

    Raises:
        LedgerError: The project has ended, another path is taken without a reason, or
            a value cannot be used.
    """
    project = project_for(work, project_id, Verb.APPROVAL_EDIT)
    if project.stage is Stage.ENDED:
        raise LedgerError("The project has ended: it applies for no more land.")
    begun_on = begun_on or work.today()
    _require_terms(work, title, area_mu, begun_on)
    _require_demand(work, project_id, demand_id)
    taken = proposed(work, project, case)
    if path and path != taken.code:
        if not path_reason.strip():
            raise LedgerError(
                "The proposed path is {title}: say why another one is taken.",
                title=taken.title,
            )
        taken = table(work).path(path)
    approval_id = rows.add(
        work,
        _table,
        {
            "project_id": project_id,
            "demand_id": demand_id,
            "title": title.strip(),
            "case_code": case,
            "path": taken.code,
            "path_reason": path_reason.strip(),
            "edition": table(work).edition,
            "urgency": urgency,
            "batch": "",
            "area_mu": area_mu,
            "state": ApprovalState.OPEN,
            "place": 0,
            "begun_on": begun_on,
            "decided_on": None,
            "document_no": "",
            "note": note.strip(),
        },
        verb="approval.apply",
    )
    for place, step in enumerate(taken.steps):
        values = _step_values(step) | {
            "approval_id": approval_id,
            "place": place,
            "entered_on": begun_on if place == 0 else None,
        }
        rows.add(work, _steps, values, verb="approval_step.add", project_id=project_id)
    return rows.get(work, _table, Approval, approval_id)


def edit(  # noqa: PLR0913 - what may be changed
    work: Work,
    approval_id: int,
    *,
    version: int,
    title: str,
    area_mu: float | None,
    demand_id: int | None = None,
    note: str = "",
) -> Approval:
    """Change what is written of an application.

    Args:
        work: The unit of work.
        approval_id: The application.
        version: The version that the person saw.
        title: What is applied for.
        area_mu: The area applied for, in mu.
        demand_id: The land demand it serves.
        note: More about it.

    Returns:
        The application as stored.
    """
    course = open_course(work, approval_id, Verb.APPROVAL_EDIT, version)
    approval = course.approval
    _require_terms(work, title, area_mu, approval.begun_on)
    _require_demand(work, approval.project_id, demand_id)
    changes = {
        "title": title.strip(),
        "area_mu": area_mu,
        "demand_id": demand_id,
        "note": note.strip(),
    }
    return change(work, approval, changes, "approval.edit")


def hurry(
    work: Work, approval_id: int, *, urgency: Urgency, why: str, version: int
) -> Approval:
    """Put an application into the urgent lane, or back into the normal one.

    Args:
        work: The unit of work.
        approval_id: The application.
        urgency: The lane.
        why: The reason; it goes before the note.
        version: The version that the person saw.

    Returns:
        The application as stored; an urgent one is in no batch.
    """
    course = open_course(work, approval_id, Verb.APPROVAL_EDIT, version)
    require_reason(why)
    changes: dict[str, Any] = {
        "urgency": urgency,
        "note": before(why, course.approval.note),
    }
    if urgency is Urgency.URGENT:
        changes["batch"] = ""
    return change(work, course.approval, changes, "approval.hurry")


def got(
    work: Work, step_id: int, days: Mapping[str, date | None], *, version: int
) -> ApprovalStep:
    """Note which documents of a step are there.

    Args:
        work: The unit of work.
        step_id: The step.
        days: The day each came, by code of the document; None for one that is missing
            after all. Those not named stay.
        version: The version of the step that the person saw.

    Returns:
        The step as stored.

    Raises:
        LedgerError: The step asks for no such document, or a day lies ahead.
    """
    step, course = _step_of(work, step_id, version)
    listed = documents(step)
    known = {one["code"] for one in listed}
    for code, day in days.items():
        if code not in known:
            raise LedgerError(
                "The step {step} asks for no document {document}.",
                step=step.title,
                document=code,
            )
        if day is not None and day > work.today():
            raise LedgerError("The day {day} is in the future.", day=day)
    for one in listed:
        if one["code"] in days:
            came = days[one["code"]]
            one["got_on"] = None if came is None else came.isoformat()
    changes = {"documents": told(listed)}
    return change_step(work, course, step, changes, "approval_step.document")


def wait_for(
    work: Work, step_id: int, *, whom: str, version: int, note: str | None = None
) -> ApprovalStep:
    """Write down for whom a step waits; "" for nobody.

    Args:
        work: The unit of work.
        step_id: The step.
        whom: The office or person, and for what.
        version: The version of the step that the person saw.
        note: More about the step; None leaves it.

    Returns:
        The step as stored.
    """
    step, course = _step_of(work, step_id, version)
    changes = {"waits_for": whom.strip()}
    if note is not None:
        changes["note"] = note.strip()
    return change_step(work, course, step, changes, "approval_step.wait")


def advance(
    work: Work,
    approval_id: int,
    *,
    version: int,
    on: date | None = None,
    despite: str = "",
) -> Approval:
    """Take an application a step on.

    Args:
        work: The unit of work.
        approval_id: The application.
        version: The version that the person saw.
        on: The day it went on; today when not given.
        despite: Why it goes on although required documents are missing.

    Returns:
        The application as stored.

    Raises:
        LedgerError: It is decided or in its last step, goes by a weekly batch, lacks
            documents without a reason, or the day cannot be.
    """
    course = open_course(work, approval_id, Verb.APPROVAL_ADVANCE, version)
    now = course.now
    if now.by_batch and course.approval.urgency is Urgency.NORMAL:
        raise LedgerError(
            "This step is left with a weekly batch: put the application into a batch, "
            "or into the urgent lane."
        )
    return go_on(work, course, on=on or work.today(), despite=despite)


def go_on(work: Work, course: Course, *, on: date, despite: str = "") -> Approval:
    """Close the step an application is in and enter the next one.

    Args:
        work: The unit of work.
        course: The application and its steps; the right was checked.
        on: The day.
        despite: Why it goes on although required documents are missing.

    Returns:
        The application as stored.

    Raises:
        LedgerError: It is in its last step, lacks documents, or the day cannot be.
    """
    now = course.now
    if now is course.steps[-1]:
        raise LedgerError(
            "The application is in its last step: approve it with the number of the "
            "document, or refuse it."
        )
    require_documents(now, despite)
    require_day(work, now, on)
    changes = {
        "done_on": on,
        "waits_for": "",
        "note": before(despite, now.note),
    }
    change_step(work, course, now, changes, "approval_step.done")
    following = course.steps[now.place + 1]
    change_step(
        work,
        course,
        following,
        {"entered_on": on, "done_on": None},
        "approval_step.enter",
    )
    return change(work, course.approval, {"place": following.place}, "approval.advance")


def back(work: Work, approval_id: int, *, why: str, version: int) -> Approval:
    """Send an application back to the step before.

    Args:
        work: The unit of work.
        approval_id: The application.
        why: What must be mended; it goes before the note of that step.
        version: The version that the person saw.

    Returns:
        The application as stored; it is in no batch.

    Raises:
        LedgerError: It is in its first step, or the reason is missing.
    """
    course = open_course(work, approval_id, Verb.APPROVAL_ADVANCE, version)
    require_reason(why)
    now, today = course.now, work.today()
    if now.place == 0:
        raise LedgerError("The application is in its first step.")
    leaves = {"entered_on": None, "done_on": None, "waits_for": ""}
    change_step(
        work,
        course,
        now,
        leaves | {"earlier_days": days_in(now, today)},
        "approval_step.leave",
    )
    earlier = course.steps[now.place - 1]
    again = {
        "entered_on": today,
        "done_on": None,
        "earlier_days": days_in(earlier, today),
        "note": before(why, earlier.note),
    }
    change_step(work, course, earlier, again, "approval_step.again")
    steps_back = {"place": earlier.place, "batch": ""}
    return change(work, course.approval, steps_back, "approval.back")


def _step_of(work: Work, step_id: int, version: int) -> tuple[ApprovalStep, Course]:
    step = rows.get(work, _steps, ApprovalStep, step_id)
    course = read_for(work, step.approval_id, Verb.APPROVAL_ADVANCE)
    rows.require_version(step, version, _steps)
    require_open(course)
    return step, course


def _require_terms(
    work: Work, title: str, area_mu: float | None, begun_on: date
) -> None:
    if not title.strip():
        raise LedgerError("Say what is applied for.")
    if begun_on > work.today():
        raise LedgerError(
            "An application cannot be begun on {day}, in the future.", day=begun_on
        )
    if area_mu is not None and not 0 < area_mu < float("inf"):
        raise LedgerError("The area {area} is no area in mu.", area=area_mu)


def _require_demand(work: Work, project_id: int, demand_id: int | None) -> None:
    if demand_id is None:
        return
    demand = rows.get(work, casework_tables.demand, Demand, demand_id)
    if demand.project_id != project_id:
        raise LedgerError("That land demand is another project's.")


def _step_values(step: PathStep) -> dict[str, Any]:
    return {
        "code": step.code,
        "title": step.title,
        "english": step.english,
        "office": step.office,
        "by_batch": step.by_batch,
        "limit_days": step.limit_days,
        "limit_confirmed": step.limit_confirmed,
        "earlier_days": 0,
        "done_on": None,
        "documents": told([
            {
                "code": one.code,
                "title": one.title,
                "english": one.english,
                "required": one.required,
                "got_on": None,
            }
            for one in step.documents
        ]),
        "waits_for": "",
        "note": "",
    }

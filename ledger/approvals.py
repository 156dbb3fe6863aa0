"""Applications for land: begun on a path, taken from step to step, decided.

Days are calendar days by China's clock. The days of all steps add up to the days since
the application was begun, however often it was sent back: each step keeps the days of
its earlier visits.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from gis.errors import LedgerError
from ledger import approval_paths, casework_tables, regions, rows, rules
from ledger.access import Verb
from ledger.approval_paths import Path, PathStep, PathTable
from ledger.casework import (
    Approval,
    ApprovalState,
    ApprovalStep,
    Demand,
    DemandState,
    Urgency,
)
from ledger.demand_states import WANTED
from ledger.model import Project, Stage
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
        LedgerError: Another path is taken without a reason, or a value cannot be used.
    """
    project = project_for(work, project_id, Verb.APPROVAL_EDIT)
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
    _require_reason(why)
    changes: dict[str, Any] = {
        "urgency": urgency,
        "note": _before(why, course.approval.note),
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
    changes = {"documents": _told(listed)}
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
    _require_day(work, now, on)
    changes = {"done_on": on, "waits_for": "", "note": _before(despite, now.note)}
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
    _require_reason(why)
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
    before = course.steps[now.place - 1]
    again = {
        "entered_on": today,
        "done_on": None,
        "earlier_days": days_in(before, today),
        "note": _before(why, before.note),
    }
    change_step(work, course, before, again, "approval_step.again")
    steps_back = {"place": before.place, "batch": ""}
    return change(work, course.approval, steps_back, "approval.back")


def approve(
    work: Work,
    approval_id: int,
    *,
    document_no: str,
    version: int,
    on: date | None = None,
    despite: str = "",
) -> Approval:
    """Write down that an application was approved.

    Args:
        work: The unit of work.
        approval_id: The application.
        document_no: Number of the approving document.
        version: The version that the person saw.
        on: The day of the document; today when not given.
        despite: Why it counts although required documents are missing.

    Returns:
        The application as stored.

    Raises:
        LedgerError: It is not in its last step, the number is missing, or the day
            cannot be.
    """
    course = open_course(work, approval_id, Verb.APPROVAL_ADVANCE, version)
    now, day = course.now, on or work.today()
    if now is not course.steps[-1]:
        raise LedgerError(
            "The application is in the step {step}: it is approved in the last one, "
            "{last}.",
            step=now.title,
            last=course.steps[-1].title,
        )
    if not document_no.strip():
        raise LedgerError("Give the number of the approving document.")
    require_documents(now, despite)
    _require_day(work, now, day)
    changes = {"done_on": day, "waits_for": "", "note": _before(despite, now.note)}
    change_step(work, course, now, changes, "approval_step.done")
    decided = {
        "state": ApprovalState.APPROVED,
        "decided_on": day,
        "document_no": document_no.strip(),
    }
    return change(work, course.approval, decided, "approval.approve")


def refuse(
    work: Work,
    approval_id: int,
    *,
    why: str,
    version: int,
    on: date | None = None,
    document_no: str = "",
) -> Approval:
    """Write down that an application was refused.

    Args:
        work: The unit of work.
        approval_id: The application.
        why: The reason; it goes before the note.
        version: The version that the person saw.
        on: The day; today when not given.
        document_no: Number of the refusing document, if any.

    Returns:
        The application as stored.
    """
    course = open_course(work, approval_id, Verb.APPROVAL_ADVANCE, version)
    return _end(
        work,
        course,
        {"state": ApprovalState.REFUSED, "document_no": document_no.strip()},
        why,
        on or work.today(),
    )


def withdraw(work: Work, approval_id: int, *, why: str, version: int) -> Approval:
    """Take an application back.

    Args:
        work: The unit of work.
        approval_id: The application.
        why: The reason; it goes before the note.
        version: The version that the person saw.

    Returns:
        The application as stored.
    """
    course = open_course(work, approval_id, Verb.APPROVAL_EDIT, version)
    return _end(work, course, {"state": ApprovalState.WITHDRAWN}, why, work.today())


def get(work: Work, approval_id: int) -> Course:
    """Read an application with its steps.

    Args:
        work: The unit of work.
        approval_id: The application.

    Returns:
        The application as it is now.
    """
    return _course(work, approval_id, Verb.PROJECT_READ)


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


def stage_offered(project: Project, approval: Approval) -> Stage | None:
    """Tell which stage a project may be moved to for an application.

    Args:
        project: The project.
        approval: Its application.

    Returns:
        Land approval, for a signed project whose application is under review or was
        approved; None where there is nothing to offer.
    """
    goes = approval.state in {ApprovalState.OPEN, ApprovalState.APPROVED}
    before = project.stage in {Stage.SIGNED, Stage.SITING}
    return Stage.APPROVAL if goes and before else None


def demand_offered(approval: Approval, demand: Demand) -> DemandState | None:
    """Tell which state the land demand of an application may be taken to.

    Args:
        approval: The application.
        demand: The demand that it serves.

    Returns:
        Met, with the document as evidence, once it is approved; in land approval while
        it is under review; None where there is nothing to offer.
    """
    if approval.state is ApprovalState.APPROVED and demand.state in WANTED:
        return DemandState.MET
    if approval.state is ApprovalState.OPEN and demand.state is DemandState.MATCHED:
        return DemandState.APPROVAL
    return None


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
    course = _course(work, approval_id, verb)
    rows.require_version(course.approval, version, _table)
    _require_open(course)
    return course


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


def _course(work: Work, approval_id: int, verb: Verb) -> Course:
    approval = rows.get(work, _table, Approval, approval_id)
    project_for(work, approval.project_id, verb)
    steps = work.connection.execute(
        sa
        .select(_steps)
        .where(_steps.c.approval_id == approval_id)
        .order_by(_steps.c.place)
    )
    return Course(approval, tuple(rows.made(ApprovalStep, one) for one in steps))


def _step_of(work: Work, step_id: int, version: int) -> tuple[ApprovalStep, Course]:
    step = rows.get(work, _steps, ApprovalStep, step_id)
    course = _course(work, step.approval_id, Verb.APPROVAL_ADVANCE)
    rows.require_version(step, version, _steps)
    _require_open(course)
    return step, course


def _require_open(course: Course) -> None:
    approval = course.approval
    if approval.state is not ApprovalState.OPEN:
        raise LedgerError(
            "The application was decided on {day}: {state}.",
            day=approval.decided_on,
            state=approval.state.label,
        )


def _end(
    work: Work, course: Course, changes: dict[str, Any], why: str, day: date
) -> Approval:
    """Decide an application against it; the step it is in stays the one it ended in."""
    _require_reason(why)
    _require_day(work, course.now, day)
    told = {"decided_on": day, "note": _before(why, course.approval.note), "batch": ""}
    state: ApprovalState = changes["state"]
    verb = f"approval.{'refuse' if state is ApprovalState.REFUSED else 'withdraw'}"
    return change(work, course.approval, changes | told, verb)


def _require_reason(why: str) -> None:
    if not why.strip():
        raise LedgerError("Say why.")


def _require_day(work: Work, step: ApprovalStep, day: date) -> None:
    entered = step.entered_on or day
    if not entered <= day <= work.today():
        raise LedgerError(
            "The step {step} was entered on {entered}: it cannot end on {day}.",
            step=step.title,
            entered=entered,
            day=day,
        )


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
        "documents": _told([
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


def _told(listed: Sequence[dict[str, Any]]) -> str:
    return json.dumps(listed, ensure_ascii=False)


def _before(said: str, note: str) -> str:
    return f"{said.strip()}\n{note}".strip()

"""How an application for land ends: approved, refused, withdrawn; what that offers."""

from datetime import date
from typing import Any

from gis.errors import LedgerError
from ledger.access import Verb
from ledger.approval_course import (
    Course,
    before,
    change,
    change_step,
    open_course,
    require_day,
    require_documents,
    require_reason,
)
from ledger.casework import Approval, ApprovalState, Demand, DemandState
from ledger.demand_states import WANTED
from ledger.model import Project, Stage
from ledger.unit_of_work import Work


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
    require_day(work, now, day)
    changes = {
        "done_on": day,
        "waits_for": "",
        "note": before(despite, now.note),
    }
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


def _end(
    work: Work, course: Course, changes: dict[str, Any], why: str, day: date
) -> Approval:
    """Decide an application against it; the step it is in stays the one it ended in."""
    require_reason(why)
    require_day(work, course.now, day)
    told = {
        "decided_on": day,
        "note": before(why, course.approval.note),
        "batch": "",
    }
    state: ApprovalState = changes["state"]
    verb = f"approval.{'refuse' if state is ApprovalState.REFUSED else 'withdraw'}"
    return change(work, course.approval, changes | told, verb)

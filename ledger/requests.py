"""What firms ask for after they have landed: answered, confirmed by them, closed.

Routing, answering and handing up are the same as for problems: `ledger/handling.py`.
"""

from datetime import date
from typing import Any, Final

from gis.errors import LedgerError
from ledger import case_list, casework_tables, closed_loop, routing, rows
from ledger.access import Verb
from ledger.casework import Channel, FirmRequest
from ledger.closed_loop import Loop
from ledger.model import Level, Project
from ledger.owned import project_for
from ledger.stages import STARTED_OR_LATER
from ledger.unit_of_work import Work

_table = casework_tables.firm_request

LOOP: Final[Loop[FirmRequest]] = Loop(
    table=_table,
    made=FirmRequest,
    name="request",
    since="raised_on",
    sort="channel",
    routed_as=lambda _: routing.REQUEST,
    write=Verb.REQUEST_EDIT,
    route=Verb.REQUEST_EDIT,
    answer=Verb.REQUEST_ANSWER,
    close=Verb.REQUEST_CLOSE,
    ready=lambda request: request.confirmed_on is not None,
    cleared={"confirmed_on": None},
)
"""The list of requests."""


def has_landed(project: Project) -> bool:
    """Tell whether a project's firm has landed: construction started, or later."""
    return project.stage in STARTED_OR_LATER


def open(  # noqa: A001, PLR0913 - requests.open reads as what it does
    work: Work,
    *,
    project_id: int,
    title: str,
    channel: Channel,
    category: str = "",
    raised_on: date | None = None,
    due_on: date | None = None,
    level: Level = Level.COUNTY,
) -> FirmRequest:
    """Write down what a landed firm asks for.

    Args:
        work: The unit of work.
        project_id: The firm's project.
        title: What it asks for.
        channel: The way it came in.
        category: Land, infrastructure, permits or the like.
        raised_on: The day it came in; today when not given.
        due_on: The day it should be done.
        level: The level of government that has it first.

    Returns:
        The request as stored, routed to nobody yet.

    Raises:
        LedgerError: The firm has not landed, or the terms cannot be.
    """
    project = project_for(work, project_id, Verb.REQUEST_EDIT)
    if not has_landed(project):
        raise LedgerError(
            "{code} is at stage {stage}: requests are written down once construction "
            "has started. Write it down as a problem of the project.",
            code=project.code,
            stage=project.stage.label,
        )
    day = raised_on or work.today()
    _require_terms(work, title, day, due_on)
    values = {
        "project_id": project_id,
        "title": title.strip(),
        "channel": channel,
        "category": category.strip(),
        "level": level,
        "raised_on": day,
        "due_on": due_on,
    }
    request_id = rows.add(work, _table, values, verb="request.open")
    return rows.get(work, _table, FirmRequest, request_id)


def edit(  # noqa: PLR0913 - what may be changed
    work: Work,
    request_id: int,
    *,
    version: int,
    title: str,
    channel: Channel,
    category: str,
    due_on: date | None,
) -> FirmRequest:
    """Change what is written of a request.

    Args:
        work: The unit of work.
        request_id: The request.
        version: The version that the person saw.
        title: What the firm asks for.
        channel: The way it came in.
        category: Land, infrastructure, permits or the like.
        due_on: The day it should be done.

    Returns:
        The request as stored.
    """
    request, _ = closed_loop.read_for(work, LOOP, request_id, Verb.REQUEST_EDIT)
    closed_loop.require_editable(work, LOOP, request, version=version, due_on=due_on)
    _require_terms(work, title, request.raised_on, due_on)
    changes = {
        "title": title.strip(),
        "channel": channel,
        "category": category.strip(),
        "due_on": due_on,
    }
    return _change(work, request, changes, "request.edit")


def confirm(
    work: Work,
    request_id: int,
    *,
    version: int,
    said: str,
    on: date | None = None,
) -> FirmRequest:
    """Write down that the firm accepts the answer, and what it said.

    Args:
        work: The unit of work.
        request_id: The request.
        version: The version that the person saw.
        said: What the firm said, and who said it.
        on: The day; today when not given.

    Returns:
        The request as stored.

    Raises:
        LedgerError: It is closed or not answered, nothing is written down, or the day
            is before the answer or in the future.
    """
    request, _ = closed_loop.read_for(work, LOOP, request_id, Verb.REQUEST_CLOSE)
    rows.require_version(request, version, _table)
    if request.closed_on is not None or request.answered_on is None:
        raise LedgerError("Only an answer that stands can be confirmed by the firm.")
    if not said.strip():
        raise LedgerError("Write down what the firm said, and who said it.")
    day = on or work.today()
    if not request.answered_on <= day <= work.today():
        raise LedgerError(
            "An answer of {answered} cannot be confirmed on {day}.",
            answered=request.answered_on,
            day=day,
        )
    changes = {"confirmed_on": day, "confirmation": said.strip()}
    return _change(work, request, changes, "request.confirm")


def of(work: Work, project_id: int) -> list[FirmRequest]:
    """List the requests of a project's firm, open ones first, then the newest.

    Args:
        work: The unit of work.
        project_id: The project.

    Returns:
        The requests; to a department those it works on.
    """
    project_for(work, project_id, Verb.PROJECT_READ)
    return case_list.of(work, LOOP, project_id)


def _change(
    work: Work, request: FirmRequest, changes: dict[str, Any], verb: str
) -> FirmRequest:
    rows.change(work, _table, request, changes, version=request.version, verb=verb)
    return rows.get(work, _table, FirmRequest, request.id)


def _require_terms(
    work: Work, title: str, raised_on: date, due_on: date | None
) -> None:
    if not title.strip():
        raise LedgerError("Say what the firm asks for.")
    if raised_on > work.today():
        raise LedgerError(
            "A request cannot have come in on {day}, in the future.", day=raised_on
        )
    if due_on is not None and due_on < raised_on:
        raise LedgerError(
            "The request is due on {due}, before it came in ({raised}).",
            due=due_on,
            raised=raised_on,
        )

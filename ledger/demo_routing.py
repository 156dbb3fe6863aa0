"""What became of the demo's open problems: routed, handed up, answered by offices."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from gis.errors import LedgerError
from ledger import handling, problems, routing
from ledger.closed_loop import Case, Loop
from ledger.model import Actor, Problem, Role
from ledger.unit_of_work import Work

Entry = Mapping[str, Any]


def load(work: Work, entries: Sequence[Entry], projects: Mapping[str, int]) -> None:
    """Route, hand up and answer the demo's open problems.

    Args:
        work: The unit of work of the demo.
        entries: Of `casework/routing.json`; each names an open problem of a project.
        projects: Numbers of the demo's projects by code.
    """
    for entry in entries:
        problem = _named(work, projects[entry["project"]], entry)
        problem = routed(
            work, problems.LOOP, problem, date.fromisoformat(entry["due_on"])
        )
        for why in entry.get("handed_up") or ():
            problem = handling.escalate(
                work, problems.LOOP, problem.id, version=problem.version, why=why
            )
        if entry.get("answer"):
            answered(work, problems.LOOP, problem, entry["answer"])


def routed(work: Work, loop: Loop[Case], case: Case, due_on: date) -> Case:
    """Route a case of the demo to the office that the rules propose.

    Args:
        work: The unit of work.
        loop: Its list.
        case: The case.
        due_on: Its last day.

    Returns:
        The case as stored.
    """
    route = handling.proposal(work, loop, case, routing.read(work))
    return handling.route(
        work, loop, case.id, version=case.version, office=route.office, due_on=due_on
    )


def answered(
    work: Work, loop: Loop[Case], case: Case, text: str, on: date | None = None
) -> Case:
    """Answer a case of the demo in the name of the office it is routed to.

    Args:
        work: The unit of work.
        loop: Its list.
        case: The case.
        text: The answer.
        on: The day; today when not given.

    Returns:
        The case as stored.
    """
    office = next(one for one in routing.read(work).offices if one.code == case.office)
    clerk, kind = work.actor, Role(office.kind)
    work.actor = Actor(office.title, kind, clerk.region, office=office.code)
    try:
        return handling.answer(
            work, loop, case.id, version=case.version, text=text, on=on
        )
    finally:
        work.actor = clerk


def _named(work: Work, project_id: int, entry: Entry) -> Problem:
    for problem in problems.of(work, project_id):
        told = (problem.title, problem.opened_on.isoformat())
        if problem.closed_on is None and told == (entry["title"], entry["opened_on"]):
            return problem
    raise LedgerError(
        "The demo's file names a problem that {project} does not have: {title}.",
        project=entry["project"],
        title=entry["title"],
    )

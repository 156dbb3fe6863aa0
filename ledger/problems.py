"""What keeps a project from going on: opened, changed, closed with evidence.

Routing, answering and handing up are the same as for requests: `ledger/handling.py`.
"""

from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from gis.errors import LedgerError
from ledger import case_list, closed_loop, handling, rows, tables
from ledger.access import Verb, require
from ledger.closed_loop import Loop
from ledger.model import Level, Problem, ProblemKind
from ledger.owned import project_for, seen
from ledger.unit_of_work import Work

_table = tables.problem

LOOP: Final[Loop[Problem]] = Loop(
    table=_table,
    made=Problem,
    name="problem",
    since="opened_on",
    sort="kind",
    routed_as=lambda problem: problem.kind.value,
    write=Verb.PROBLEM_EDIT,
    route=Verb.PROBLEM_ROUTE,
    answer=Verb.PROBLEM_ANSWER,
    close=Verb.PROBLEM_CLOSE,
)
"""The list of problems."""


def open(  # noqa: A001, PLR0913 - problems.open reads as what it does
    work: Work,
    *,
    project_id: int,
    kind: ProblemKind,
    title: str,
    category: str = "",
    opened_on: date | None = None,
    due_on: date | None = None,
    level: Level = Level.COUNTY,
) -> Problem:
    """Write down a problem of a project.

    Args:
        work: The unit of work.
        project_id: The project.
        kind: One department's, a production factor's, or everybody's.
        title: What is wrong.
        category: Land, infrastructure, permits or the like.
        opened_on: The day it was raised; today when not given.
        due_on: The day it should be solved.
        level: The level of government that has it first.

    Returns:
        The problem as stored, routed to nobody yet.
    """
    project_for(work, project_id, Verb.PROBLEM_EDIT)
    opened_on = opened_on or work.today()
    _require_terms(work, title, opened_on, due_on)
    problem_id = rows.add(
        work,
        _table,
        {
            "project_id": project_id,
            "kind": kind,
            "category": category.strip(),
            "title": title.strip(),
            "opened_on": opened_on,
            "due_on": due_on,
            "closed_on": None,
            "evidence": "",
            "level": level,
        },
        verb="problem.open",
    )
    return rows.get(work, _table, Problem, problem_id)


def edit(  # noqa: PLR0913 - what may be changed
    work: Work,
    problem_id: int,
    *,
    version: int,
    kind: ProblemKind,
    title: str,
    category: str,
    due_on: date | None,
) -> Problem:
    """Change what is written of a problem.

    Args:
        work: The unit of work.
        problem_id: The problem.
        version: The version that the person saw.
        kind: One department's, a production factor's, or everybody's.
        title: What is wrong.
        category: Land, infrastructure, permits or the like.
        due_on: The day it should be solved.

    Returns:
        The problem as stored.
    """
    problem, _ = closed_loop.read_for(work, LOOP, problem_id, Verb.PROBLEM_EDIT)
    closed_loop.require_editable(work, LOOP, problem, version=version, due_on=due_on)
    _require_terms(work, title, problem.opened_on, due_on)
    changes = {
        "kind": kind,
        "title": title.strip(),
        "category": category.strip(),
        "due_on": due_on,
    }
    return _change(work, problem, changes, version)


def close(
    work: Work,
    problem_id: int,
    *,
    evidence: str,
    version: int,
    on: date | None = None,
) -> Problem:
    """Close a problem, with what proves that it is solved.

    Args:
        work: The unit of work.
        problem_id: The problem.
        evidence: What proves it: a document, a date, a name.
        version: The version that the person saw.
        on: The day it was solved; today when not given.

    Returns:
        The problem as stored; `handling.close` refuses what may not be.
    """
    return handling.close(
        work, LOOP, problem_id, version=version, evidence=evidence, on=on
    )


def reopen(work: Work, problem_id: int, *, why: str, version: int) -> Problem:
    """Open a closed problem again; the reason goes before the old evidence.

    Args:
        work: The unit of work.
        problem_id: The problem.
        why: What came up again.
        version: The version that the person saw.

    Returns:
        The problem as stored, waiting for an answer within a new term.
    """
    return handling.reopen(work, LOOP, problem_id, version=version, why=why)


def of(work: Work, project_id: int) -> list[Problem]:
    """List a project's problems, open ones first, then the newest.

    Args:
        work: The unit of work.
        project_id: The project.

    Returns:
        The problems; to a department those it works on.
    """
    project_for(work, project_id, Verb.PROJECT_READ)
    return case_list.of(work, LOOP, project_id)


def open_ones(work: Work) -> list[Problem]:
    """List the open problems of all projects that the actor may see.

    Args:
        work: The unit of work.

    Returns:
        The problems, the oldest first; to a department those it works on.
    """
    require(work.actor, Verb.PROJECT_READ)
    found = work.connection.execute(
        sa
        .select(_table)
        .join(tables.project, tables.project.c.id == _table.c.project_id)
        .where(
            _table.c.closed_on.is_(None), seen(work), closed_loop.shown_to(work, LOOP)
        )
        .order_by(_table.c.opened_on, _table.c.id)
    )
    return [rows.made(Problem, row) for row in found]


def _change(
    work: Work, problem: Problem, changes: dict[str, Any], version: int
) -> Problem:
    rows.change(work, _table, problem, changes, version=version, verb="problem.edit")
    return rows.get(work, _table, Problem, problem.id)


def _require_terms(
    work: Work, title: str, opened_on: date, due_on: date | None
) -> None:
    if not title.strip():
        raise LedgerError("Say what the problem is.")
    if opened_on > work.today():
        raise LedgerError(
            "A problem cannot be opened on {day}, in the future.", day=opened_on
        )
    if due_on is not None and due_on < opened_on:
        raise LedgerError(
            "The problem is due on {due}, before it was opened ({opened}).",
            due=due_on,
            opened=opened_on,
        )

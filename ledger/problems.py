"""What keeps a project from going on: opened, changed, closed with evidence."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from gis.errors import LedgerError
from ledger import rows, tables
from ledger.access import Verb, own_prefix, require
from ledger.model import Problem, ProblemKind, Project
from ledger.unit_of_work import Work

_table = tables.problem


def open(  # noqa: A001, PLR0913 - problems.open reads as what it does
    work: Work,
    *,
    project_id: int,
    kind: ProblemKind,
    title: str,
    category: str = "",
    opened_on: date | None = None,
    due_on: date | None = None,
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

    Returns:
        The problem as stored.
    """
    project = rows.get(work, tables.project, Project, project_id)
    require(work.actor, Verb.PROBLEM_EDIT, project.region)
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
    problem = _own(work, problem_id, Verb.PROBLEM_EDIT)
    rows.require_version(problem, version, _table)
    _require_terms(work, title, problem.opened_on, due_on)
    changes = {
        "kind": kind,
        "title": title.strip(),
        "category": category.strip(),
        "due_on": due_on,
    }
    return _change(work, problem, changes, version, "problem.edit")


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
        The problem as stored.

    Raises:
        LedgerError: It is closed already, the evidence is missing, or the day is
            before it was opened or in the future.
    """
    problem = _own(work, problem_id, Verb.PROBLEM_CLOSE)
    rows.require_version(problem, version, _table)
    if problem.closed_on is not None:
        raise LedgerError("The problem was closed on {day}.", day=problem.closed_on)
    if not evidence.strip():
        raise LedgerError("A problem is closed with evidence: say what proves it.")
    day = on or work.today()
    if not problem.opened_on <= day <= work.today():
        raise LedgerError(
            "A problem opened on {opened} cannot be closed on {day}.",
            opened=problem.opened_on,
            day=day,
        )
    changes = {"closed_on": day, "evidence": evidence.strip()}
    return _change(work, problem, changes, version, "problem.close")


def reopen(work: Work, problem_id: int, *, why: str, version: int) -> Problem:
    """Open a closed problem again; the reason goes before the old evidence.

    Args:
        work: The unit of work.
        problem_id: The problem.
        why: What came up again.
        version: The version that the person saw.

    Returns:
        The problem as stored.

    Raises:
        LedgerError: It is open, or the reason is missing.
    """
    problem = _own(work, problem_id, Verb.PROBLEM_CLOSE)
    rows.require_version(problem, version, _table)
    if problem.closed_on is None:
        raise LedgerError("The problem is open already.")
    if not why.strip():
        raise LedgerError("Say why the problem is opened again.")
    changes = {
        "closed_on": None,
        "evidence": f"{why.strip()}\n{problem.evidence}".strip(),
    }
    return _change(work, problem, changes, version, "problem.reopen")


def of(work: Work, project_id: int) -> list[Problem]:
    """List a project's problems, open ones first, then the newest.

    Args:
        work: The unit of work.
        project_id: The project.

    Returns:
        The problems.
    """
    project = rows.get(work, tables.project, Project, project_id)
    require(work.actor, Verb.PROJECT_READ, project.region)
    found = work.connection.execute(
        sa
        .select(_table)
        .where(_table.c.project_id == project_id)
        .order_by(
            _table.c.closed_on.is_not(None), _table.c.opened_on.desc(), _table.c.id
        )
    )
    return [rows.made(Problem, row) for row in found]


def open_ones(work: Work) -> list[Problem]:
    """List the open problems of all projects that the actor may see.

    Args:
        work: The unit of work.

    Returns:
        The problems, the oldest first.
    """
    require(work.actor, Verb.PROJECT_READ)
    own = own_prefix(work.actor) or "-"
    found = work.connection.execute(
        sa
        .select(_table)
        .join(tables.project, tables.project.c.id == _table.c.project_id)
        .where(
            _table.c.closed_on.is_(None),
            tables.project.c.region.startswith(own, autoescape=True),
        )
        .order_by(_table.c.opened_on, _table.c.id)
    )
    return [rows.made(Problem, row) for row in found]


def _own(work: Work, problem_id: int, verb: Verb) -> Problem:
    problem = rows.get(work, _table, Problem, problem_id)
    project = rows.get(work, tables.project, Project, problem.project_id)
    require(work.actor, verb, project.region)
    return problem


def _change(
    work: Work, problem: Problem, changes: dict[str, Any], version: int, verb: str
) -> Problem:
    rows.change(work, _table, problem, changes, version=version, verb=verb)
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

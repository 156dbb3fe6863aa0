"""Take back one's own last change of a project or of one of its problems.

What is taken back is written as a new change, with version check and history: nothing
is erased. Only edits of fields are taken back. A stage, a claim or a closed problem is
changed by its own deed, which says why.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from gis.errors import LedgerError
from gis.words import Title
from ledger import projects, rows, tables
from ledger.access import Verb, may
from ledger.columns import Choice
from ledger.model import AuditRow, Problem, Project
from ledger.owned import project_for, ruling_region
from ledger.unit_of_work import Work

_EDITS: Final[Mapping[str, tuple[sa.Table, type[Project] | type[Problem], Verb]]] = {
    "project.edit": (tables.project, Project, Verb.PROJECT_EDIT),
    "project.undo": (tables.project, Project, Verb.PROJECT_EDIT),
    "problem.edit": (tables.problem, Problem, Verb.PROBLEM_EDIT),
    "problem.undo": (tables.problem, Problem, Verb.PROBLEM_EDIT),
}
"""The deeds that are taken back; what was taken back is restored the same way."""

_NOT_AN_EDIT: Final = Title(
    "Your last change was no edit of fields: stages, claims, problems that were opened "
    "or closed and the like are taken back by their own deed."
)


@dataclass(frozen=True)
class LastChange:
    """An actor's newest change of a project, and whether it can be taken back.

    Attributes:
        row: Its row of the history.
        version: The version of the changed row as it is now.
        refusal: Why it cannot be taken back; None where it can.
    """

    row: AuditRow
    version: int
    refusal: LedgerError | None


def last_own(work: Work, project_id: int) -> LastChange | None:
    """Find the actor's newest change of a project.

    Args:
        work: The unit of work.
        project_id: The project.

    Returns:
        The change; None where the actor changed nothing of it.
    """
    project = project_for(work, project_id, Verb.PROJECT_READ)
    columns = tables.audit.c
    found = work.connection.execute(
        sa
        .select(tables.audit)
        .where(
            columns.project_id == project_id,
            columns.who == work.actor.name,
            columns.role == work.actor.role,
            columns.region == work.actor.region,
        )
        .order_by(columns.seq.desc())
        .limit(1)
    ).first()
    if found is None:
        return None
    row = rows.made(AuditRow, found)
    if row.verb not in _EDITS:
        return LastChange(row, 0, LedgerError(_NOT_AN_EDIT))
    table, kind, verb = _EDITS[row.verb]
    now = rows.get(work, table, kind, row.entity_id)
    if not may(work.actor, verb, ruling_region(project, work)):
        refusal: LedgerError | None = LedgerError(
            "You may no longer change this project: your last change stays."
        )
    else:
        refusal = _refusal(table, now, row)
    return LastChange(row, now.version, refusal)


def take_back(work: Work, project_id: int, *, seq: int, version: int) -> None:
    """Write the values before the actor's last change as a new change.

    Args:
        work: The unit of work.
        project_id: The project.
        seq: Number of the change in the history, as the person saw it.
        version: The version of the changed row that the person saw.

    Raises:
        LedgerError: It is no edit of fields, not their newest change any more, its
            values are no longer in force, or those before cannot be any more.
    """
    last = last_own(work, project_id)
    if last is None or last.row.seq != seq:
        raise LedgerError(
            "This is not your last change of the project any more: reload the history."
        )
    if last.refusal is not None:
        raise last.refusal
    table, kind, _ = _EDITS[last.row.verb]
    now = rows.get(work, table, kind, last.row.entity_id)
    before = _values(table, last.row.before)
    if isinstance(now, Project):
        projects.require_change(work, now, before)
    rows.change(work, table, now, before, version=version, verb=f"{table.name}.undo")


def _refusal(
    table: sa.Table, now: Project | Problem, row: AuditRow
) -> LedgerError | None:
    """Say why the values of a change are not taken back, None where they can be."""
    if isinstance(now, Problem) and now.closed_on is not None:
        return LedgerError("The problem was closed since: reopen it first.")
    after = _values(table, row.after)
    if any(getattr(now, name) != value for name, value in after.items()):
        return LedgerError(
            "{who} has changed the same fields since: look at the newest values and "
            "change them by hand.",
            who=Title(now.updated_by),
        )
    return None


def _values(table: sa.Table, text: str) -> dict[str, Any]:
    """Read the values of a history row as the columns hold them."""
    return {
        name: _value(table.c[name].type, value)
        for name, value in json.loads(text or "{}").items()
        if name in table.c
    }


def _value(kind: sa.types.TypeEngine[Any], value: Any) -> Any:  # noqa: ANN401 - a value of a column
    if value is None:
        return None
    if isinstance(kind, Choice):
        return kind.words(value)
    if isinstance(kind, sa.Date):
        return date.fromisoformat(value)
    return value

"""The parcels that a project considers."""

import sqlalchemy as sa

from gis.errors import LedgerError
from ledger import audit, rows, tables
from ledger.access import Verb
from ledger.model import ShortlistItem
from ledger.owned import project_for
from ledger.unit_of_work import Work

_table = tables.shortlist_item


def add(
    work: Work,
    *,
    project_id: int,
    parcel_id: str,
    note: str = "",
    score: float | None = None,
    result_hash: str = "",
) -> ShortlistItem:
    """Put a parcel on a project's shortlist; one that is there stays as it is.

    Args:
        work: The unit of work.
        project_id: The project.
        parcel_id: The parcel.
        note: Why it is considered.
        score: Its score in the screening, 0 to 100.
        result_hash: The screening's hash, so that it can be run again.

    Returns:
        The entry.

    Raises:
        LedgerError: No parcel is named.
    """
    project_for(work, project_id, Verb.SHORTLIST_EDIT)
    if not parcel_id.strip():
        raise LedgerError("Name the parcel.")
    there = _find(work, project_id, parcel_id)
    if there is not None:
        return there
    item_id = rows.add(
        work,
        _table,
        {
            "project_id": project_id,
            "parcel_id": parcel_id,
            "note": note.strip(),
            "score": score,
            "result_hash": result_hash,
            "added_at": work.now(),
            "added_by": work.actor.name,
        },
        verb="shortlist.add",
    )
    return rows.get(work, _table, ShortlistItem, item_id)


def remove(work: Work, *, project_id: int, parcel_id: str) -> None:
    """Take a parcel off a project's shortlist.

    Args:
        work: The unit of work.
        project_id: The project.
        parcel_id: The parcel.

    Raises:
        LedgerError: It is not on it.
    """
    project = project_for(work, project_id, Verb.SHORTLIST_EDIT)
    audit.require_writing(work)
    item = _find(work, project_id, parcel_id)
    if item is None:
        raise LedgerError(
            "The parcel {parcel} is not on the shortlist of {project}.",
            parcel=parcel_id,
            project=project.title,
        )
    work.connection.execute(_table.delete().where(_table.c.id == item.id))
    audit.record(
        work,
        "shortlist.remove",
        _table.name,
        item.id,
        project_id=project_id,
        before=vars(item),
    )


def of(work: Work, project_id: int) -> list[ShortlistItem]:
    """List a project's shortlist, in the order it was made.

    Args:
        work: The unit of work.
        project_id: The project.

    Returns:
        The entries.
    """
    project_for(work, project_id, Verb.PROJECT_READ)
    found = work.connection.execute(
        sa.select(_table).where(_table.c.project_id == project_id).order_by(_table.c.id)
    )
    return [rows.made(ShortlistItem, row) for row in found]


def _find(work: Work, project_id: int, parcel_id: str) -> ShortlistItem | None:
    found = work.connection.execute(
        sa.select(_table).where(
            _table.c.project_id == project_id, _table.c.parcel_id == parcel_id
        )
    ).first()
    return None if found is None else rows.made(ShortlistItem, found)

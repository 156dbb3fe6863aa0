"""The history: one signed row for each write, each row chained to the one before."""

import hmac
import json
from collections.abc import Generator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, NamedTuple

import sqlalchemy as sa

from gis.errors import LedgerError
from gis.words import Title
from ledger import tables
from ledger.access import Verb, may, require
from ledger.columns import Instant
from ledger.model import AuditRow
from ledger.sight import seen
from ledger.unit_of_work import Work

Values = Mapping[str, Any]

_START = ""


class Part(NamedTuple):
    """Some columns of a table: what is made of them outlives writes to the others."""

    entity: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Verified:
    """What a check of the chain found.

    `head` is the hash of the last good row: kept elsewhere, it proves later that no
    rows were cut off the end. `broken` is the first bad row's number, `why` what is
    wrong with it; None and "" when the chain is whole.
    """

    rows: int
    head: str
    broken: int | None = None
    why: str = ""


def record(  # noqa: PLR0913 - an audit row is this wide
    work: Work,
    verb: str,
    entity: str,
    entity_id: int,
    *,
    project_id: int | None = None,
    before: Values | None = None,
    after: Values | None = None,
) -> None:
    """Write what was done, in the same transaction as the deed.

    Args:
        work: The unit of work of the deed.
        verb: What was done, such as "project.edit".
        entity: Table of the row it was done to.
        entity_id: Number of that row.
        project_id: The project whose history it belongs to.
        before: The values as they were; None for a new row.
        after: The values as they became; None for a removed row.
    """
    head = _head(work)
    row = {
        "seq": head.seq + 1 if head else 1,
        "at": work.now(),
        "who": work.actor.name,
        "role": work.actor.role,
        "region": work.actor.region,
        "verb": verb,
        "entity": entity,
        "entity_id": entity_id,
        "project_id": project_id,
        "before": _json(before),
        "after": _json(after),
    }
    row["hash"] = _sign(work.key, head.hash if head else _START, row)
    work.connection.execute(tables.audit.insert(), row)


def require_writing(work: Work) -> None:
    """Refuse to write in a unit that only looks or is over.

    Args:
        work: The unit of work.

    Raises:
        LedgerError: It cannot write.
    """
    if not work.writing:
        raise LedgerError("This unit of work only reads: begin one that writes.")


def history(work: Work, entity: str, entity_id: int) -> list[AuditRow]:
    """Tell what was done to one row, the newest first.

    Args:
        work: The unit of work.
        entity: "project", "claim", "problem" or "shortlist_item". A project's
            history holds all that was done to it and to what belongs to it.
        entity_id: Number of the row.

    Returns:
        The rows of the audit that belong to projects the actor may see.
    """
    require(work.actor, Verb.AUDIT_READ)
    one = (
        (tables.audit.c.project_id == entity_id)
        if entity == "project"
        else (tables.audit.c.entity == entity) & (tables.audit.c.entity_id == entity_id)
    )
    query = (
        sa
        .select(
            tables.audit,
            tables.project.c.region.label("place"),
            tables.project.c.managed_by.label("run_by"),
        )
        .outerjoin(tables.project, tables.project.c.id == tables.audit.c.project_id)
        .where(one)
        .order_by(tables.audit.c.seq.desc())
    )
    return [
        _row(found)
        for found in work.connection.execute(query)
        if may(work.actor, Verb.AUDIT_READ, found.place or "")
        or (found.run_by and may(work.actor, Verb.AUDIT_READ, found.run_by))
    ]


def browse(
    work: Work,
    text: str = "",
    *,
    entity: str = "",
    since: datetime | None = None,
    before_seq: int | None = None,
    limit: int = 200,
) -> list[AuditRow]:
    """Look through the history, the newest first.

    Args:
        work: The unit of work.
        text: Part of who, the verb or the values; "" for all.
        entity: Table of the rows, "" for all.
        since: The first moment; None for the beginning.
        before_seq: Only rows before this number: the next page.
        limit: How many at most.

    Returns:
        The rows; an office sees those of its own projects, an administrator all.
    """
    require(work.actor, Verb.AUDIT_READ)
    columns = tables.audit.c
    query = sa.select(tables.audit).order_by(columns.seq.desc()).limit(limit)
    if not may(work.actor, Verb.AUDIT_READ, ""):
        own = sa.select(tables.project.c.id).where(seen(work))
        query = query.where(columns.project_id.in_(own))
    for word in text.split():
        query = query.where(
            sa.or_(
                *(
                    columns[name].icontains(word, autoescape=True)
                    for name in ("who", "verb", "before", "after")
                )
            )
        )
    if entity:
        query = query.where(columns.entity == entity)
    if since is not None:
        query = query.where(columns.at >= since)
    if before_seq is not None:
        query = query.where(columns.seq < before_seq)
    return [_row(found) for found in work.connection.execute(query)]


def of_row(work: Work, entity: str, entity_id: int) -> list[AuditRow]:
    """Tell the course of one row to whom the caller has let look at it.

    Args:
        work: The unit of work.
        entity: Table of the row.
        entity_id: Number of the row.

    Returns:
        What was done to it, the newest first; rights are the caller's.
    """
    found = work.connection.execute(
        sa
        .select(tables.audit)
        .where(tables.audit.c.entity == entity, tables.audit.c.entity_id == entity_id)
        .order_by(tables.audit.c.seq.desc())
    )
    return [_row(one) for one in found]


def verify(work: Work) -> Verified:
    """Check the whole chain, from the first row to the last.

    Args:
        work: The unit of work.

    Returns:
        How many rows are good, and the first one that is not.
    """
    require(work.actor, Verb.AUDIT_VERIFY)
    good, head = 0, _START
    with closing(_all(work)) as rows:
        for row in rows:
            if row.seq != good + 1:
                why = Title("The row is missing from the history.")
                return Verified(good, head, good + 1, why)
            if not hmac.compare_digest(_sign(work.key, head, _values(row)), row.hash):
                why = Title("The row was changed after it was written.")
                return Verified(good, head, row.seq, why)
            good, head = row.seq, row.hash
    return Verified(good, head)


def mark(work: Work, *entities: str | Part) -> str:
    """Tell a state of some tables by what was last written to them.

    Args:
        work: The unit of work, one that only looks: mark and figures are then of one
            snapshot.
        *entities: Names of the tables; of a `Part` the writes to other columns pass.

    Returns:
        A text that differs as soon as one of them does, for what is made of them and
        kept. It tells nothing of what was written.
    """
    return "/".join(_last(work, entity) for entity in entities)


def _last(work: Work, of: str | Part) -> str:
    """Sign the last write to a table, asked once a unit that only looks."""
    told = {} if work.marks is None else work.marks
    if of not in told:
        columns = tables.audit.c
        entity, names = (of, ()) if isinstance(of, str) else of
        query = sa.select(columns.hash).where(columns.entity == entity)
        if names:  # a row that came or went has no values before, or none after
            touched = (columns.before.contains(f'"{name}":') for name in names)
            query = query.where(
                sa.or_(columns.before == "", columns.after == "", *touched)
            )
        last = query.order_by(columns.seq.desc()).limit(1)
        told[of] = str(work.connection.scalar(last) or _START)
    return told[of]


def _all(work: Work) -> Generator[AuditRow]:
    """Read row by row; who stops before the end closes it."""
    # Told with the statement: on the connection it would hold for the writes to come.
    with work.connection.execute(
        sa.select(tables.audit).order_by(tables.audit.c.seq),
        execution_options={"yield_per": 1000},
    ) as found:
        yield from map(_row, found)


def _head(work: Work) -> AuditRow | None:
    found = work.connection.execute(
        sa.select(tables.audit).order_by(tables.audit.c.seq.desc()).limit(1)
    ).first()
    return None if found is None else _row(found)


def _row(found: sa.Row[Any]) -> AuditRow:
    values = dict(found._mapping)  # noqa: SLF001 - SQLAlchemy's public name
    for name in ("place", "run_by"):
        values.pop(name, None)
    return AuditRow(**values)


def _values(row: AuditRow) -> dict[str, Any]:
    return {name: value for name, value in vars(row).items() if name != "hash"}


def _sign(key: bytes, before: str, row: Values) -> str:
    return hmac.new(key, (before + _json(row)).encode(), sha256).hexdigest()


def _json(values: Values | None) -> str:
    """Write values in the one way that gives the same text every time."""
    if values is None:
        return ""
    return json.dumps(
        {name: _plain(value) for name, value in values.items()},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )


def _plain(value: object) -> object:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime):
        return Instant().process_bind_param(value, None)  # type: ignore[arg-type]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return "sha256:" + sha256(value).hexdigest()
    return value

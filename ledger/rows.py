"""Read and write single rows: versions are checked, every write leaves its trace."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Protocol, TypeVar

import sqlalchemy as sa

from gis.errors import LedgerError, StaleError
from gis.words import Title
from ledger import audit
from ledger.columns import LARGEST
from ledger.model import Project
from ledger.unit_of_work import CHINA, Work

ENTITIES = {
    "project": Title("project"),
    "claim": Title("land claim"),
    "problem": Title("problem"),
    "shortlist_item": Title("shortlist entry"),
    "land_check": Title("land check"),
    "check_overrule": Title("word against a finding"),
    "demand": Title("land demand"),
    "claim_queue": Title("place in the queue"),
    "claim_attempt": Title("refused claim"),
    "firm_request": Title("request of a firm"),
    "approval": Title("application for land"),
    "approval_step": Title("step of an application"),
    "appraisal": Title("appraisal"),
    "opinion": Title("opinion"),
    "promise": Title("promise"),
    "payment": Title("payment"),
    "facility": Title("infrastructure"),
    "fund": Title("fund"),
    "zone_figure": Title("figure of a zone"),
    "zone_title": Title("recognition of a zone"),
    "inquiry": Title("inquiry"),
    "saved_search": Title("saved search"),
    "stage_plan": Title("planned stage"),
    "service_item": Title("line of the service checklist"),
    "account": Title("account"),
    "rule_table": Title("rule table"),
    "policy": Title("policy"),
    "policy_edition": Title("edition of a policy"),
    "policy_file": Title("file of a policy"),
    "promise_policy": Title("policy of a promise"),
    "preference": Title("saved setting"),
}

_STALE = Title(
    "{who} changed this {entity} at {when}, after you opened it. Nothing was saved: "
    "reload it, look at the change and save again."
)

_NO_SIGN: Final = re.compile("[\x00\ud800-\udfff]")

Row = TypeVar("Row")


class Changing(Protocol):
    """A row that people change: it carries who changed it last, and its version."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def version(self) -> int:
        """How often it was written."""

    @property
    def updated_at(self) -> datetime:
        """When it was written last."""

    @property
    def updated_by(self) -> str:
        """Who wrote it last."""


def made(kind: type[Row], found: sa.Row[Any]) -> Row:
    """Make the plain value out of a database row."""
    # Twice as fast as `found._mapping`, for a table of thousands.
    return kind(**dict(zip(found._fields, found, strict=True)))


def get(work: Work, table: sa.Table, kind: type[Row], row_id: int) -> Row:
    """Read one row by its number.

    Args:
        work: The unit of work.
        table: Where it stands.
        kind: What it is.
        row_id: Its number.

    Returns:
        The row.

    Raises:
        LedgerError: There is no such row.
    """
    found = work.connection.execute(
        sa.select(table).where(table.c.id == row_id)
    ).first()
    if found is None:
        raise LedgerError(
            "The ledger has no {entity} number {id}.",
            entity=ENTITIES[table.name],
            id=row_id,
        )
    return made(kind, found)


def add(
    work: Work,
    table: sa.Table,
    values: dict[str, Any],
    *,
    verb: str,
    project_id: int | None = None,
) -> int:
    """Write a new row, and the audit row that tells of it.

    Args:
        work: The unit of work.
        table: Where it goes.
        values: Its columns, without number and version.
        verb: What the history calls the deed.
        project_id: The project whose history it belongs to; the row's own if not told.

    Returns:
        The new row's number.
    """
    audit.require_writing(work)
    _require_storable(values)
    values = values | stamp(work, table, version=1)
    inserted = work.connection.execute(table.insert(), values)
    (row_id,) = inserted.inserted_primary_key or (0,)
    audit.record(
        work,
        verb,
        table.name,
        row_id,
        project_id=row_id
        if table.name == "project"
        else project_id or values.get("project_id"),
        after=values,
    )
    return int(row_id)


def change(  # noqa: PLR0913 - which row, what changes, what the history says
    work: Work,
    table: sa.Table,
    row: Changing,
    changes: dict[str, Any],
    *,
    version: int,
    verb: str,
    project_id: int | None = None,
    why: str = "",
) -> None:
    """Change a row that nobody else has changed since it was read.

    Args:
        work: The unit of work.
        table: Where it stands.
        row: The row as it is now.
        changes: The columns to change.
        version: The version that the person saw when they decided.
        verb: What the history calls the deed.
        project_id: The project whose history it belongs to; the row's own if not told.
        why: The reason that the history tells beside the change.

    Raises:
        StaleError: Somebody changed the row in the meantime.
    """
    audit.require_writing(work)
    changes = {k: v for k, v in changes.items() if getattr(row, k) != v}
    require_version(row, version, table)
    if not changes:
        return
    _require_storable(changes)
    done = work.connection.execute(
        table
        .update()
        .where(table.c.id == row.id, table.c.version == version)
        .values(changes | stamp(work, table, version=version + 1))
    )
    if done.rowcount != 1:
        raise StaleError(_STALE, **_changed(row, table))
    audit.record(
        work,
        verb,
        table.name,
        row.id,
        project_id=project_id or _project_of(row),
        before={name: getattr(row, name) for name in changes},
        after=changes | ({"why": why} if why else {}),
    )


def _require_storable(values: Mapping[str, Any]) -> None:
    """Refuse what one kind of database keeps and another does not.

    Raises:
        LedgerError: A text holds a sign that is none, or a whole number is too large.
    """
    for name, value in values.items():
        if isinstance(value, str) and (found := _NO_SIGN.search(value)):
            raise LedgerError(
                "{field}: the sign U+{sign} cannot be kept. Write the text anew.",
                field=name,
                sign=f"{ord(found[0]):04X}",
            )
        if type(value) is int and abs(value) > LARGEST:
            raise LedgerError(
                "{field}: {value} is too large; {most} is the most.",
                field=name,
                value=value,
                most=LARGEST,
            )


def _project_of(row: Changing) -> int | None:
    if isinstance(row, Project):
        return row.id
    owner: int | None = getattr(row, "project_id", None)
    return owner


def require_version(row: Changing, version: int, table: sa.Table) -> None:
    """Refuse a decision taken on an outdated row.

    Args:
        row: The row as it is now.
        version: The version that the person saw.
        table: Where it stands.

    Raises:
        StaleError: They differ.
    """
    if row.version != version:
        raise StaleError(_STALE, **_changed(row, table))


def _changed(row: Changing, table: sa.Table) -> dict[str, Any]:
    return {
        "who": Title(row.updated_by),  # the demo's offices have translated names
        "entity": ENTITIES[table.name],
        "when": f"{row.updated_at.astimezone(CHINA):%Y-%m-%d %H:%M}",
    }


def stamp(work: Work, table: sa.Table, *, version: int) -> dict[str, Any]:
    """Return who wrote a row and when, for tables that keep it."""
    if "version" not in table.c:
        return {}
    return {
        "version": version,
        "updated_at": work.now(),
        "updated_by": work.actor.name,
    }

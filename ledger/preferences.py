"""What a person wants to find again: saved filters and the like, theirs alone."""

import sqlalchemy as sa

from gis.errors import LedgerError
from ledger import audit, casework_tables, rows
from ledger.access import Verb, require
from ledger.casework import Preference
from ledger.model import Actor
from ledger.unit_of_work import Work

_table = casework_tables.preference

MOST = 50
LONGEST_TITLE = 60
LONGEST_VALUE = 20_000


def owner_of(actor: Actor) -> str:
    """Return whom a setting belongs to.

    Args:
        actor: Who asks.

    Returns:
        Their account, where they have signed in; else role, place and name, which is
        what tells people of the demo apart.
    """
    if actor.account_id is not None:
        return f"account:{actor.account_id}"
    return f"{actor.role.value}:{actor.region}:{actor.name}"


def of(work: Work, kind: str) -> list[Preference]:
    """List the actor's own settings of a kind.

    Args:
        work: The unit of work.
        kind: What they are, such as "ledger_filter".

    Returns:
        The settings, in the order they were made.
    """
    require(work.actor, Verb.PREFERENCE_EDIT)
    found = work.connection.execute(
        sa
        .select(_table)
        .where(_table.c.owner == owner_of(work.actor), _table.c.kind == kind)
        .order_by(_table.c.id)
    )
    return [rows.made(Preference, row) for row in found]


def save(
    work: Work, *, kind: str, title: str, value: str, instead: bool = False
) -> Preference:
    """Keep a setting under a title; one of that title is written over.

    Args:
        work: The unit of work.
        kind: What it is.
        title: What its owner calls it.
        value: JSON.
        instead: Whether the oldest makes room where there are too many: for what is
            remembered unasked.

    Returns:
        The setting as stored.

    Raises:
        LedgerError: There is no title, it or the value is too long, or there are too
            many.
    """
    kept = of(work, kind)
    title = title.strip()
    if not title:
        raise LedgerError("Give the saved setting a name.")
    if len(title) > LONGEST_TITLE or len(value) > LONGEST_VALUE:
        raise LedgerError(
            "The name has {length} characters, the setting {size}: at most {most} and "
            "{largest} can be kept.",
            length=len(title),
            size=len(value),
            most=LONGEST_TITLE,
            largest=LONGEST_VALUE,
        )
    same = next((one for one in kept if one.title == title), None)
    if same is not None:
        rows.change(
            work,
            _table,
            same,
            {"value": value},
            version=same.version,
            verb="preference.save",
        )
        return rows.get(work, _table, Preference, same.id)
    if len(kept) >= MOST and instead:
        remove(work, min(kept, key=lambda one: one.updated_at).id)
    elif len(kept) >= MOST:
        raise LedgerError(
            "{count} settings are kept already: delete one first.", count=len(kept)
        )
    number = rows.add(
        work,
        _table,
        {"owner": owner_of(work.actor), "kind": kind, "title": title, "value": value},
        verb="preference.save",
    )
    return rows.get(work, _table, Preference, number)


def remove(work: Work, preference_id: int) -> None:
    """Delete one of the actor's own settings.

    Args:
        work: The unit of work.
        preference_id: The setting.

    Raises:
        LedgerError: There is none of that number that is theirs.
    """
    require(work.actor, Verb.PREFERENCE_EDIT)
    audit.require_writing(work)
    one = work.connection.execute(
        sa.select(_table).where(
            _table.c.id == preference_id, _table.c.owner == owner_of(work.actor)
        )
    ).first()
    if one is None:
        raise LedgerError("You have no saved setting number {id}.", id=preference_id)
    work.connection.execute(_table.delete().where(_table.c.id == preference_id))
    audit.record(
        work,
        "preference.remove",
        _table.name,
        preference_id,
        before={"kind": one.kind, "title": one.title, "value": one.value},
    )

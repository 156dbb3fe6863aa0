"""Rule tables: data with an edition, shipped with LandMap or put in force by an office.

The shipped table of a name is `ledger/rules_shipped/<name>.toml`; an edition of an
office goes before it from its day on. Each table has at its head `edition`, `source`
and `confidence`, which whoever uses it shows beside what it decides.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from gis.errors import LedgerError
from ledger import casework_tables, rows
from ledger.access import Verb, require
from ledger.casework import RuleTable
from ledger.unit_of_work import Work

SHIPPED = Path(__file__).parent / "rules_shipped"
HEAD = ("edition", "source", "confidence")

_table = casework_tables.rule_table

Checks = Callable[[Mapping[str, Any]], list[LedgerError]]


@dataclass(frozen=True)
class Rules:
    """A rule table in force: its head, and what it holds."""

    name: str
    edition: str
    source: str
    confidence: str
    shipped: bool
    data: Mapping[str, Any]


def in_force(work: Work, name: str, on: date | None = None) -> Rules:
    """Return the edition of a rule table that holds on a day.

    Args:
        work: The unit of work.
        name: Name of the table, such as "approval_paths".
        on: The day; today when not given.

    Returns:
        The newest edition of an office that is effective by then, else the shipped.
    """
    found = work.connection.execute(
        sa
        .select(_table)
        .where(_table.c.name == name, _table.c.effective_on <= (on or work.today()))
        .order_by(_table.c.effective_on.desc(), _table.c.id.desc())
        .limit(1)
    ).first()
    return shipped(name) if found is None else _read(name, found.text, shipped=False)


@cache
def shipped(name: str) -> Rules:
    """Return the rule table that comes with LandMap."""
    return _read(name, shipped_text(name), shipped=True)


def shipped_text(name: str) -> str:
    """Return the text of the rule table that comes with LandMap."""
    return (SHIPPED / f"{name}.toml").read_text("utf-8")


def names() -> list[str]:
    """List the rule tables there are."""
    return sorted(file.stem for file in SHIPPED.glob("*.toml"))


def text_of(work: Work, name: str) -> str:
    """Return the text of the edition in force, to be changed.

    Args:
        work: The unit of work.
        name: Name of the table.

    Returns:
        TOML.
    """
    require(work.actor, Verb.RULE_READ)
    rules = in_force(work, name)
    if rules.shipped:
        return shipped_text(name)
    one = sa.select(_table.c.text).where(
        _table.c.name == name, _table.c.edition == rules.edition
    )
    return str(work.connection.scalar(one))


def editions(work: Work, name: str) -> list[RuleTable]:
    """List the editions that offices put in force, the newest first.

    Args:
        work: The unit of work.
        name: Name of the table.

    Returns:
        The editions.
    """
    require(work.actor, Verb.RULE_READ)
    found = work.connection.execute(
        sa
        .select(_table)
        .where(_table.c.name == name)
        .order_by(_table.c.effective_on.desc(), _table.c.id.desc())
    )
    return [rows.made(RuleTable, row) for row in found]


def put_in_force(
    work: Work, name: str, text: str, *, effective_on: date, check: Checks
) -> RuleTable:
    """Put a new edition of a rule table in force from a day on.

    Args:
        work: The unit of work.
        name: Name of the table.
        text: TOML, with an edition that was not used before.
        effective_on: The first day it holds.
        check: Finds what is wrong with the data, for the room that uses it.

    Returns:
        The edition as stored.

    Raises:
        LedgerError: The text cannot be read, its head is not complete, the edition is
            taken, or the data is faulty or laid out otherwise; all faults are told.
    """
    require(work.actor, Verb.RULE_EDIT)
    if name not in names():
        raise LedgerError("There is no rule table called {name}.", name=name)
    rules = _read(name, text, shipped=False)
    try:
        faults = check(rules.data)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise LedgerError(
            "The rule table {name} is not laid out as the one that comes with LandMap "
            "({reason}).",
            name=name,
            reason=str(error),
        ) from error
    if faults:
        raise LedgerError("The rule table cannot be put in force.", faults=faults)
    if rules.edition in {one.edition for one in editions(work, name)}:
        raise LedgerError(
            "The edition {edition} of this table is taken: give the new one a name "
            "of its own.",
            edition=rules.edition,
        )
    row_id = rows.add(
        work,
        _table,
        {
            "name": name,
            "edition": rules.edition,
            "text": text,
            "effective_on": effective_on,
            "source": rules.source,
        },
        verb="rule.put_in_force",
    )
    return rows.get(work, _table, RuleTable, row_id)


def confirmed(entry: Mapping[str, Any]) -> bool:
    """Tell whether a line of a rule table rests on a source that says so.

    Args:
        entry: A line with `confidence`.

    Returns:
        False for what is unconfirmed, an example, or tells nothing.
    """
    return entry.get("confidence") == "source"


def _read(name: str, text: str, *, shipped: bool) -> Rules:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LedgerError(
            "The rule table {name} is not valid TOML ({reason}).",
            name=name,
            reason=str(error),
        ) from error
    missing = [key for key in HEAD if not str(data.get(key) or "").strip()]
    if missing:
        raise LedgerError(
            "The rule table {name} does not tell its {missing}.",
            name=name,
            missing=", ".join(missing),
        )
    head = {key: str(data[key]) for key in HEAD}
    return Rules(name=name, shipped=shipped, data=data, **head)

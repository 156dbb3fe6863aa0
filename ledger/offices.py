"""Departments and offices that work is routed to: data, read in one place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gis.errors import LedgerError
from ledger import rules
from ledger.model import Level
from ledger.unit_of_work import Work

TABLE = "offices"
KINDS = ("department", "factor", "conference")


@dataclass(frozen=True)
class Office:
    """A department or office.

    `categories` are those of problems and requests that it answers, `called` what
    the paths of land approval call it at each level.
    """

    code: str
    title: str
    english: str
    kind: str
    categories: tuple[str, ...]
    called: Mapping[Level, tuple[str, ...]]


def offices(work: Work) -> list[Office]:
    """List the offices, in the order of the table in force.

    Args:
        work: The unit of work.

    Returns:
        The offices.
    """
    return [_office(entry) for entry in rules.in_force(work, TABLE).data["office"]]


def faults(data: Mapping[str, Any]) -> list[LedgerError]:
    """Find what is wrong with a table of offices.

    Args:
        data: The table, as TOML reads it.

    Returns:
        One error for each faulty line.
    """
    entries = data.get("office") or []
    found = [
        LedgerError(
            "Office {number} needs a code, a title, a kind ({allowed}) and a list of "
            "categories; what it is called is a list at each of its levels.",
            number=number,
            allowed=", ".join(KINDS),
        )
        for number, entry in enumerate(entries, start=1)
        if not (entry.get("code") and entry.get("title"))
        or entry.get("kind") not in KINDS
        or not isinstance(entry.get("categories", []), list)
        or not _named_by_level(entry.get("called", {}))
    ]
    codes = [entry.get("code") for entry in entries]
    if not entries or len(set(codes)) != len(codes):
        found.append(LedgerError("Each office needs a code of its own."))
    return found


def _named_by_level(called: object) -> bool:
    return isinstance(called, dict) and all(
        level in list(Level) and isinstance(names, list)
        for level, names in called.items()
    )


def _office(entry: Mapping[str, Any]) -> Office:
    return Office(
        code=str(entry["code"]),
        title=str(entry["title"]),
        english=str(entry.get("english") or entry["title"]),
        kind=str(entry["kind"]),
        categories=tuple(entry.get("categories") or ()),
        called={
            Level(level): tuple(names)
            for level, names in (entry.get("called") or {}).items()
        },
    )

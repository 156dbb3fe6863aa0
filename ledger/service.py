"""The service checklist of a project ("five ones"): what is settled, since when.

Which lines it has is data (`rules_shipped/five_ones.toml`, or an office's edition).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from gis.errors import LedgerError
from ledger import casework_tables, rows, rules
from ledger.access import Verb
from ledger.casework import ServiceItem
from ledger.owned import project_for
from ledger.unit_of_work import Work

TABLE = "five_ones"

_table = casework_tables.service_item


@dataclass(frozen=True)
class Line:
    """One line of the checklist, and what the project has of it.

    Attributes:
        code: The line's code in the rule table.
        title: Its title as offices write it.
        english: Its title in English.
        hint: What to write down.
        hint_english: The same in English.
        item: What was written down, None for nothing yet.
    """

    code: str
    title: str
    english: str
    hint: str
    hint_english: str
    item: ServiceItem | None

    @property
    def settled(self) -> bool:
        """Whether the line is done."""
        return self.item is not None and self.item.settled_on is not None


def checklist(work: Work, project_id: int) -> list[Line]:
    """Read the checklist of a project.

    Args:
        work: The unit of work.
        project_id: The project.

    Returns:
        Its lines, in the order of the table in force; what was written of lines that
        the table no longer has comes last, so that nothing written is hidden.
    """
    project_for(work, project_id, Verb.PROJECT_READ)
    found = work.connection.execute(
        sa.select(_table).where(_table.c.project_id == project_id).order_by(_table.c.id)
    )
    written = {row.code: rows.made(ServiceItem, row) for row in found}
    lines = [_line(entry, written) for entry in _entries(work)]
    known = {line.code for line in lines}
    left = [
        _line({"code": code, "title": code}, written)
        for code in written
        if code not in known
    ]
    return lines + left


def settle(
    work: Work,
    project_id: int,
    code: str,
    *,
    text: str,
    settled_on: date | None,
    version: int | None = None,
) -> ServiceItem:
    """Write down a line of the checklist, or change what is written.

    Args:
        work: The unit of work.
        project_id: The project.
        code: The line.
        text: Who, or what.
        settled_on: Since when it is settled; None where it is not.
        version: The version that the person saw; None where nothing was written.

    Returns:
        The line as stored.

    Raises:
        LedgerError: The checklist has no such line, a settled line says nothing, or
            the day is in the future.
    """
    project_for(work, project_id, Verb.PROJECT_EDIT)
    titles = {str(one["code"]): str(one["title"]) for one in _entries(work)}
    if code not in titles:
        raise LedgerError("The service checklist has no line {code}.", code=code)
    if settled_on is not None and not text.strip():
        raise LedgerError("{line}: say who or what it is.", line=titles[code])
    if settled_on is not None and settled_on > work.today():
        raise LedgerError(
            "{line}: {day} is in the future.", line=titles[code], day=settled_on
        )
    values = {"text": text.strip(), "settled_on": settled_on}
    known = next(
        (line.item for line in checklist(work, project_id) if line.code == code), None
    )
    if known is None:
        number = rows.add(
            work,
            _table,
            {"project_id": project_id, "code": code, **values},
            verb="service.settle",
        )
        return rows.get(work, _table, ServiceItem, number)
    rows.change(work, _table, known, values, version=version or 0, verb="service.edit")
    return rows.get(work, _table, ServiceItem, known.id)


def faults(data: Mapping[str, Any]) -> list[LedgerError]:
    """Find what is wrong with a table of the checklist.

    Args:
        data: The table, as TOML reads it.

    Returns:
        One error for each fault.
    """
    entries = data.get("item") or []
    found = [
        LedgerError("Line {number} needs a code and a title.", number=number)
        for number, entry in enumerate(entries, start=1)
        if not (entry.get("code") and entry.get("title"))
    ]
    codes = [entry.get("code") for entry in entries]
    if not entries or len(set(codes)) != len(codes):
        found.append(LedgerError("Each line needs a code of its own."))
    return found


def _entries(work: Work) -> list[Mapping[str, Any]]:
    return list(rules.in_force(work, TABLE).data["item"])


def _line(entry: Mapping[str, Any], written: Mapping[str, ServiceItem]) -> Line:
    code, title, hint = (str(entry.get(k) or "") for k in ("code", "title", "hint"))
    return Line(
        code=code,
        title=title,
        english=str(entry.get("english") or title),
        hint=hint,
        hint_english=str(entry.get("hint_english") or hint),
        item=written.get(code),
    )

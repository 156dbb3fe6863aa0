"""Deeds on a problem or a request: route, answer, hand up, close, reopen.

One place for the rules of both lists (`ledger/closed_loop.py`).
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from gis.errors import LedgerError
from gis.words import Title
from ledger import audit, closed_loop, routing, rows
from ledger.casework import Urgency
from ledger.closed_loop import Case, Loop
from ledger.model import AuditRow, Level
from ledger.routing import Route, Routing
from ledger.unit_of_work import Work


def proposal(work: Work, loop: Loop[Case], case: Case, rules: Routing) -> Route:
    """Propose where a case goes from here, by today.

    Args:
        work: The unit of work.
        loop: The list.
        case: The case.
        rules: The rules in force.

    Returns:
        Office and last day, as the rules say; a person decides.
    """
    return routing.propose(
        rules,
        kind=loop.routed_as(case),
        category=case.category,
        level=case.level,
        since=work.today(),
    )


def route(  # noqa: PLR0913 - to whom, where, until when, why
    work: Work,
    loop: Loop[Case],
    case_id: int,
    *,
    version: int,
    office: str,
    level: Level | None = None,
    due_on: date | None = None,
    urgency: Urgency | None = None,
    why: str = "",
) -> Case:
    """Route a case to an office, or from one office to another.

    An answer of the office before no longer stands; its text is kept until the next.

    Args:
        work: The unit of work.
        loop: The list.
        case_id: The case.
        version: The version that the person saw.
        office: Code of the office (`offices.toml`).
        level: The level of government that has it; as it is when not given.
        due_on: The last day.
        urgency: Begins a new term by the rules, where no day is given. With neither,
            the last day stays as it is, unless the level changes or there is none.
        why: The reason; required where another office had it.

    Returns:
        The case as stored.

    Raises:
        LedgerError: It is closed, the office is not known, the day or the reason is
            missing or cannot be.
    """
    case, _ = closed_loop.read_for(work, loop, case_id, loop.route)
    _require_open(loop, case, version)
    closed_loop.require_turn(work, loop, case)
    rules = routing.read(work)
    _require_office(rules, office)
    moved = (office, level or case.level) != (case.office, case.level)
    if case.office and moved and not why.strip():
        raise LedgerError("Say why it goes to another office.")
    if due_on is None and urgency is None and level in {None, case.level}:
        due_on = case.due_on
    day = due_on or _last_day(work, rules, level or case.level, urgency)
    _require_due(loop, case, day)
    changes = {"office": office, "level": level or case.level, "due_on": day}
    if moved:
        changes |= {"answered_on": None, **loop.cleared}
    return _change(work, loop, case, changes, verb="route", why=why)


def answer(
    work: Work,
    loop: Loop[Case],
    case_id: int,
    *,
    version: int,
    text: str,
    on: date | None = None,
) -> Case:
    """Answer a case, for the office it is routed to.

    Args:
        work: The unit of work.
        loop: The list.
        case_id: The case.
        version: The version that the person saw.
        text: What the office says and does.
        on: The day; today when not given.

    Returns:
        The case as stored.

    Raises:
        LedgerError: It is closed or routed to nobody, the answer is empty, or the day
            is before it was raised or in the future.
    """
    case, _ = closed_loop.read_for(work, loop, case_id, loop.answer)
    _require_open(loop, case, version)
    closed_loop.require_turn(work, loop, case)
    if not case.office:
        raise LedgerError(
            "This {entity} is routed to nobody: route it first.", entity=loop.entity
        )
    if not text.strip():
        raise LedgerError("Write down what is answered.")
    changes = {
        "answer": text.strip(),
        "answered_on": _day(work, loop, case, on, Title("answered")),
        "answered_by": work.actor.name,
        **loop.cleared,
    }
    return _change(work, loop, case, changes, verb="answer")


def escalate(
    work: Work,
    loop: Loop[Case],
    case_id: int,
    *,
    version: int,
    why: str,
    office: str = "",
) -> Case:
    """Hand a case up to the next level; its term begins anew there.

    Args:
        work: The unit of work.
        loop: The list.
        case_id: The case.
        version: The version that the person saw.
        why: The reason.
        office: Code of the office there; the same department when not given.

    Returns:
        The case as stored.

    Raises:
        LedgerError: It is closed, no level is above, the reason is missing or the
            office is not known.
    """
    case, _ = closed_loop.read_for(work, loop, case_id, loop.route)
    _require_open(loop, case, version)
    closed_loop.require_turn(work, loop, case)
    rules = routing.read(work)
    step = rules.steps.get(case.level)
    if step is None:
        raise LedgerError(
            "This {entity} is at {level}: the rules hand nothing up from there.",
            entity=loop.entity,
            level=case.level.label,
        )
    if not why.strip():
        raise LedgerError("Say why it is handed up.")
    if office:
        _require_office(rules, office)
    changes = {
        "level": step.to,
        "office": office or case.office,
        "due_on": _last_day(work, rules, step.to),
        "escalations": case.escalations + 1,
        "escalated_on": work.today(),
        "answered_on": None,
        **loop.cleared,
    }
    return _change(work, loop, case, changes, verb="escalate", why=why)


def escalate_all(
    work: Work, loop: Loop[Case], versions: Mapping[int, int], *, why: str
) -> list[Case]:
    """Hand several cases up for one reason: all of them or none.

    Args:
        work: The unit of work; it is not committed where one of them is refused.
        loop: The list.
        versions: The version that the person saw of each case, by its number.
        why: The reason, written down with each.

    Returns:
        The cases as stored, each as `escalate` leaves it.

    Raises:
        LedgerError: No case is chosen, or `escalate` refuses one of them.
    """
    if not versions:
        raise LedgerError("No case is chosen: tick those that are to be handed up.")
    return [
        escalate(work, loop, case_id, version=version, why=why)
        for case_id, version in versions.items()
    ]


def close(  # noqa: PLR0913 - with what, when, why
    work: Work,
    loop: Loop[Case],
    case_id: int,
    *,
    version: int,
    evidence: str,
    on: date | None = None,
    why: str = "",
) -> Case:
    """Strike a case off its list, with what proves that it is done.

    Args:
        work: The unit of work.
        loop: The list.
        case_id: The case.
        version: The version that the person saw.
        evidence: What proves it: a document, a date, a name.
        on: The day it was done; today when not given.
        why: The reason, where the list asks for a step that was not taken.

    Returns:
        The case as stored.

    Raises:
        LedgerError: It is closed already, the evidence or the reason is missing, or
            the day is before it was raised or in the future.
    """
    case, _ = closed_loop.read_for(work, loop, case_id, loop.close)
    _require_open(loop, case, version)
    if not evidence.strip():
        raise LedgerError(
            "A {entity} is closed with evidence: say what proves it.",
            entity=loop.entity,
        )
    if not loop.ready(case) and not why.strip():
        raise LedgerError(
            "The firm has not confirmed an answer: write down what it says, or say "
            "why the request is closed all the same."
        )
    day = _day(work, loop, case, on, Title("closed"))
    told = "\n".join(filter(None, (why.strip(), evidence.strip())))
    changes = {"closed_on": day, "evidence": told}
    return _change(work, loop, case, changes, verb="close", why=why)


def reopen(
    work: Work, loop: Loop[Case], case_id: int, *, version: int, why: str
) -> Case:
    """Put a closed case back on its list: it waits for an answer, with a new term.

    The reason goes before the old evidence.

    Args:
        work: The unit of work.
        loop: The list.
        case_id: The case.
        version: The version that the person saw.
        why: What came up again.

    Returns:
        The case as stored.

    Raises:
        LedgerError: It is open, or the reason is missing.
    """
    case, _ = closed_loop.read_for(work, loop, case_id, loop.close)
    rows.require_version(case, version, loop.table)
    if case.closed_on is None:
        raise LedgerError("This {entity} is open already.", entity=loop.entity)
    if not why.strip():
        raise LedgerError("Say why the {entity} is opened again.", entity=loop.entity)
    changes = {
        "closed_on": None,
        "evidence": f"{why.strip()}\n{case.evidence}".strip(),
        "answered_on": None,
        "due_on": _last_day(work, routing.read(work), case.level),
        **loop.cleared,
    }
    return _change(work, loop, case, changes, verb="reopen", why=why)


def course(work: Work, loop: Loop[Case], case_id: int) -> list[AuditRow]:
    """Tell what was done to a case, the newest first.

    Args:
        work: The unit of work.
        loop: The list.
        case_id: The case.

    Returns:
        Its rows of the history, for everybody who may see the case.
    """
    closed_loop.read(work, loop, case_id)
    return audit.of_row(work, loop.table.name, case_id)


def _change(
    work: Work,
    loop: Loop[Case],
    case: Case,
    changes: Mapping[str, Any],
    *,
    verb: str,
    why: str = "",
) -> Case:
    rows.change(
        work,
        loop.table,
        case,
        dict(changes),
        version=case.version,
        verb=f"{loop.name}.{verb}",
        why=why.strip(),
    )
    return rows.get(work, loop.table, loop.made, case.id)


def _require_open(loop: Loop[Case], case: Case, version: int) -> None:
    rows.require_version(case, version, loop.table)
    if case.closed_on is not None:
        raise LedgerError(
            "This {entity} was closed on {day}.", entity=loop.entity, day=case.closed_on
        )


def _require_office(rules: Routing, office: str) -> None:
    codes = [one.code for one in rules.offices]
    if office not in codes:
        raise LedgerError(
            "There is no office {office}: the table of offices has {codes}.",
            office=office or "—",
            codes=", ".join(codes),
        )


def _require_due(loop: Loop[Case], case: Case, day: date | None) -> None:
    if day is not None and day < loop.begun(case):
        raise LedgerError(
            "The {entity} is due on {due}, before it was opened ({opened}).",
            entity=loop.entity,
            due=day,
            opened=loop.begun(case),
        )


def _last_day(
    work: Work, rules: Routing, level: Level, urgency: Urgency | None = None
) -> date | None:
    days = routing.days_at(rules, level, urgency or Urgency.NORMAL)
    return None if days is None else work.today() + timedelta(days=days)


def _day(
    work: Work, loop: Loop[Case], case: Case, on: date | None, deed: Title
) -> date:
    day = on or work.today()
    if not loop.begun(case) <= day <= work.today():
        raise LedgerError(
            "A {entity} opened on {opened} cannot be {deed} on {day}.",
            entity=loop.entity,
            opened=loop.begun(case),
            deed=deed,
            day=day,
        )
    return day

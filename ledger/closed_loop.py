"""What problems and requests of firms share: a way from raised to struck off a list.

A `Loop` is one such list. The deeds stand in `ledger/handling.py`, lists and figures in
`ledger/case_list.py`; what is particular to a list stands in its own file.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Generic, NoReturn, TypeVar

import sqlalchemy as sa

from gis.errors import AccessError, LedgerError
from gis.words import Title
from ledger import rows
from ledger.access import Verb
from ledger.casework import FirmRequest
from ledger.model import Actor, Level, Problem, Project, Role, Word
from ledger.owned import project_for
from ledger.routing import UPWARD
from ledger.unit_of_work import Work

Case = TypeVar("Case", Problem, FirmRequest)

OFFICES: Final = (Role.DEPARTMENT, Role.FACTOR, Role.CONFERENCE)
"""Who sees, answers and passes on only what is routed to their office."""

REACHES: Final[Mapping[Role, Level]] = {
    Role.PROVINCE: Level.PROVINCE,
    Role.CITY: Level.CITY,
    Role.COUNTY: Level.COUNTY,
}
"""Up to which level the staff of an investment office speaks for departments."""


class CaseState(Word):
    """How far a problem or a request has come."""

    UNROUTED = "unrouted", Title("Not routed")
    WAITING = "waiting", Title("Awaiting answer")
    ANSWERED = "answered", Title("Answered")
    CONFIRMED = "confirmed", Title("Confirmed by the firm")
    CLOSED = "closed", Title("Struck off")


def _always(_case: object) -> bool:
    return True


@dataclass(frozen=True)
class Loop(Generic[Case]):
    """One list of cases.

    Attributes:
        table: Where they stand.
        made: What a row of it is.
        name: What the verbs of the history begin with.
        since: Column of the day it was raised.
        sort: Column that sorts them: kind or channel.
        routed_as: Tells the kind by which the rules route a case.
        write: Who may open or change one.
        route: Who may route one or hand it up.
        answer: Who may answer one.
        close: Who may close or reopen one.
        ready: Whether one can be closed without a reason.
        cleared: Columns that are emptied where an answer no longer stands.
    """

    table: sa.Table
    made: type[Case]
    name: str
    since: str
    sort: str
    routed_as: Callable[[Case], str]
    write: Verb
    route: Verb
    answer: Verb
    close: Verb
    ready: Callable[[Case], bool] = _always
    cleared: Mapping[str, Any] = field(default_factory=dict)

    @property
    def entity(self) -> Title:
        """What a row is called in a sentence."""
        return rows.ENTITIES[self.table.name]

    def begun(self, case: Case) -> date:
        """Return the day a case was raised."""
        day: date = getattr(case, self.since)
        return day


def state_of(case: Problem | FirmRequest) -> CaseState:
    """Tell how far a case has come."""
    if case.closed_on is not None:
        return CaseState.CLOSED
    if isinstance(case, FirmRequest) and case.confirmed_on is not None:
        return CaseState.CONFIRMED
    if case.answered_on is not None:
        return CaseState.ANSWERED
    return CaseState.WAITING if case.office else CaseState.UNROUTED


def is_overdue(case: Problem | FirmRequest, today: date) -> bool:
    """Tell whether an open case is past its last day; the last day itself is not."""
    return case.closed_on is None and case.due_on is not None and case.due_on < today


def shown_to(work: Work, loop: Loop[Case]) -> sa.ColumnElement[bool]:
    """Return the condition that a case is one the actor's office works on.

    Args:
        work: The unit of work.
        loop: The list.

    Returns:
        A condition on the list's table: departments see what is routed to them and
        what they answered, everybody else whatever lies in their places.
    """
    if work.actor.role not in OFFICES:
        return sa.true()
    columns = loop.table.c
    return sa.or_(
        sa.and_(columns.office == work.actor.office, columns.office != ""),
        sa.and_(columns.answered_by == work.actor.name, columns.answered_by != ""),
    )


def read(work: Work, loop: Loop[Case], case_id: int) -> Case:
    """Read a case for somebody who looks at it.

    Args:
        work: The unit of work.
        loop: The list.
        case_id: Its number.

    Returns:
        The case, where it does not lie elsewhere or with another office.
    """
    case = rows.get(work, loop.table, loop.made, case_id)
    project_for(work, case.project_id, Verb.PROJECT_READ)
    if not _is_shown(work, case):
        _refuse_elsewhere(work, loop, case)
    return case


def read_for(
    work: Work, loop: Loop[Case], case_id: int, verb: Verb
) -> tuple[Case, Project]:
    """Read a case for somebody who wants to do something with it.

    Args:
        work: The unit of work.
        loop: The list.
        case_id: Its number.
        verb: What they want to do.

    Returns:
        The case and its project; `project_for` refuses what may not be.
    """
    case = rows.get(work, loop.table, loop.made, case_id)
    return case, project_for(work, case.project_id, verb)


def require_turn(work: Work, loop: Loop[Case], case: Case) -> None:
    """Refuse who has no say over a case as it stands now.

    Args:
        work: The unit of work.
        loop: The list.
        case: The case.

    Raises:
        AccessError: It is routed to another office, or handed up above the actor.
    """
    if not has_turn(work, case):
        if work.actor.role in OFFICES and not _is_with(work, case):
            _refuse_elsewhere(work, loop, case)
        raise AccessError(
            "{who} speaks for offices up to {own}; this {entity} is at {level}: the "
            "office there goes on with it.",
            who=work.actor.name,
            own=level_of(work.actor).label,
            entity=loop.entity,
            level=case.level.label,
        )


def has_turn(work: Work, case: Problem | FirmRequest) -> bool:
    """Tell whether a case is the actor's to route, answer or hand up.

    Args:
        work: The unit of work.
        case: The case.

    Returns:
        Whether it is at the actor's level or below and, for a department, routed to
        it. Planners and leaders only look on.
    """
    role = work.actor.role
    if role in OFFICES:
        return _is_with(work, case) and case.level in levels_of(work.actor)
    return role in REACHES and case.level in levels_of(work.actor)


def level_of(actor: Actor) -> Level:
    """Return the level of government that an actor sits at, by role or by place."""
    own = REACHES.get(actor.role)
    if own is not None:
        return own
    if actor.region.endswith("0000"):
        return Level.PROVINCE
    return Level.CITY if actor.region.endswith("00") else Level.COUNTY


def levels_of(actor: Actor) -> tuple[Level, ...]:
    """Return the levels that an actor speaks for: their own and those below."""
    return UPWARD[: UPWARD.index(level_of(actor)) + 1]


def require_editable(
    work: Work, loop: Loop[Case], case: Case, *, version: int, due_on: date | None
) -> None:
    """Refuse to change what is written of a case that others go on with, or nobody.

    Args:
        work: The unit of work.
        loop: The list.
        case: The case.
        version: The version that the person saw.
        due_on: The last day as it is to be: that of a case above the actor stays.

    Raises:
        AccessError: The last day would change of a case that was handed up.
        LedgerError: It is closed.
    """
    rows.require_version(case, version, loop.table)
    if case.closed_on is not None:
        raise LedgerError(
            "This {entity} was closed on {day}.", entity=loop.entity, day=case.closed_on
        )
    if due_on != case.due_on:
        require_turn(work, loop, case)


def _is_with(work: Work, case: Problem | FirmRequest) -> bool:
    """Tell whether a case is routed to the actor's office, at whatever level."""
    return bool(case.office) and case.office == work.actor.office


def _is_shown(work: Work, case: Problem | FirmRequest) -> bool:
    if work.actor.role not in OFFICES:
        return True
    answered = bool(case.answered_by) and case.answered_by == work.actor.name
    return answered or _is_with(work, case)


def _refuse_elsewhere(work: Work, loop: Loop[Case], case: Case) -> NoReturn:
    raise AccessError(
        "{who} works on what is routed to their own office; this {entity} is with "
        "{office}.",
        who=work.actor.name,
        entity=loop.entity,
        office=case.office or Title("nobody yet"),
    )

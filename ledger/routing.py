"""Whose a problem or request is, how long it may take, when it goes up: from rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from gis.errors import LedgerError
from ledger import offices, rules
from ledger.casework import Urgency
from ledger.model import Level, ProblemKind
from ledger.unit_of_work import Work

TABLE: Final = "routing"
REQUEST: Final = "request"
"""The kind that requests of firms are routed as."""

KINDS: Final = (*(kind.value for kind in ProblemKind), REQUEST)
UPWARD: Final = (Level.COUNTY, Level.CITY, Level.PROVINCE)
"""The levels, the lowest first."""

_CONFIRMED: Final = "source"


@dataclass(frozen=True)
class Way:
    """Where cases of one kind go: a kind of office, and who takes what is left."""

    to: str
    otherwise: str
    confirmed: bool


@dataclass(frozen=True)
class Term:
    """Days that a case may take at a level."""

    normal: int
    urgent: int
    confirmed: bool


@dataclass(frozen=True)
class Step:
    """One level up: to which, and how many days after the last day."""

    to: Level
    after_days: int
    confirmed: bool


@dataclass(frozen=True)
class Routing:
    """The rules in force, as they are read.

    Attributes:
        edition: Edition of the table.
        source: What it rests on.
        ways: By kind of case.
        terms: By level.
        steps: By the level that hands up; the highest has none.
        offices: Whom cases can be routed to.
    """

    edition: str
    source: str
    ways: Mapping[str, Way]
    terms: Mapping[Level, Term]
    steps: Mapping[Level, Step]
    offices: Sequence[offices.Office]


@dataclass(frozen=True)
class Route:
    """A proposed way: a person decides.

    Attributes:
        office: Code of the office.
        due_on: The last day by the rules; None where no term is known.
        days: The term.
        office_confirmed: Whether a source says so, or it is LandMap's reading.
        days_confirmed: The same of the days.
    """

    office: str
    due_on: date | None
    days: int | None
    office_confirmed: bool
    days_confirmed: bool


def read(work: Work) -> Routing:
    """Read the rules in force.

    Args:
        work: The unit of work.

    Returns:
        The rules.
    """
    table = rules.in_force(work, TABLE)
    data = table.data
    return Routing(
        edition=table.edition,
        source=table.source,
        ways={
            one["kind"]: Way(one["to"], one["otherwise"], _confirmed(one))
            for one in data["route"]
        },
        terms={
            Level(one["level"]): Term(one["normal"], one["urgent"], _confirmed(one))
            for one in data["term"]
        },
        steps={
            Level(one["from"]): Step(
                Level(one["to"]), one["after_days"], _confirmed(one)
            )
            for one in data["step"]
        },
        offices=offices.offices(work),
    )


def propose(
    routing: Routing,
    *,
    kind: str,
    category: str,
    level: Level,
    since: date,
    urgency: Urgency = Urgency.NORMAL,
) -> Route:
    """Propose who answers a case and by when.

    The office is the one that the category names, of the kind that the rule asks for
    where there is one; what the joint conference takes, it takes whatever the category.

    Args:
        routing: The rules.
        kind: Kind of problem, or `REQUEST`.
        category: What the case is about.
        level: The level of government that has it.
        since: The day its term begins.
        urgency: How soon it is needed.

    Returns:
        The proposal, with what of it a source confirms.
    """
    way = routing.ways[kind]
    named = [office for office in routing.offices if category in office.categories]
    fitting = [office for office in named if office.kind == way.to]
    chosen = fitting or ([] if way.to == "conference" else named)
    days = days_at(routing, level, urgency)
    term = routing.terms.get(level)
    return Route(
        office=chosen[0].code if chosen else way.otherwise,
        due_on=None if days is None else since + timedelta(days=days),
        days=days,
        office_confirmed=way.confirmed and (bool(fitting) or way.to == "conference"),
        days_confirmed=term is not None and term.confirmed,
    )


def days_at(
    routing: Routing, level: Level, urgency: Urgency = Urgency.NORMAL
) -> int | None:
    """Return the days that a case may take at a level; None where no rule tells."""
    term = routing.terms.get(level)
    if term is None:
        return None
    return term.urgent if urgency is Urgency.URGENT else term.normal


def overdue_before(routing: Routing, level: Level, today: date) -> date | None:
    """Return the day before which a last day makes handing up due.

    Args:
        routing: The rules.
        level: The level that has the case.
        today: The day it is.

    Returns:
        The day; None where the level hands nothing up.
    """
    step = routing.steps.get(level)
    return None if step is None else today - timedelta(days=step.after_days)


def faults(data: Mapping[str, Any]) -> list[LedgerError]:
    """Find what is wrong with a table of routes.

    Args:
        data: The table, as TOML reads it.

    Returns:
        One error for each fault.
    """
    return [*_way_faults(data), *_term_faults(data), *_step_faults(data)]


def _way_faults(data: Mapping[str, Any]) -> list[LedgerError]:
    ways = data.get("route") or []
    found = [
        LedgerError(
            "Route {number} needs the kind of office it goes to ({allowed}) and the "
            "office that takes the rest.",
            number=number,
            allowed=", ".join(offices.KINDS),
        )
        for number, one in enumerate(ways, start=1)
        if one.get("to") not in offices.KINDS or not one.get("otherwise")
    ]
    if sorted(str(one.get("kind")) for one in ways) != sorted(KINDS):
        found.append(
            LedgerError(
                "Each kind of case needs one route: {kinds}.", kinds=", ".join(KINDS)
            )
        )
    return found


def _term_faults(data: Mapping[str, Any]) -> list[LedgerError]:
    terms = data.get("term") or []
    found = [
        LedgerError(
            "The term of {level} needs whole days of 1 or more, normal and urgent.",
            level=one.get("level"),
        )
        for one in terms
        if not all(_is_days(one.get(name), least=1) for name in Urgency)
    ]
    if sorted(str(one.get("level")) for one in terms) != sorted(Level):
        found.append(
            LedgerError(
                "Each level needs one term: {levels}.", levels=", ".join(UPWARD)
            )
        )
    return found


def _step_faults(data: Mapping[str, Any]) -> list[LedgerError]:
    return [
        LedgerError(
            "Step {number} goes from a level to a higher one ({levels}) after a whole "
            "number of days.",
            number=number,
            levels=" < ".join(UPWARD),
        )
        for number, one in enumerate(data.get("step") or [], start=1)
        if not _is_up(one.get("from"), one.get("to"))
        or not _is_days(one.get("after_days"), least=0)
    ]


def _is_up(lower: object, upper: object) -> bool:
    if lower not in UPWARD or upper not in UPWARD:
        return False
    return UPWARD.index(Level(str(lower))) < UPWARD.index(Level(str(upper)))


def _is_days(value: object, *, least: int) -> bool:
    return type(value) is int and value >= least


def _confirmed(entry: Mapping[str, Any]) -> bool:
    return entry.get("confidence") == _CONFIRMED

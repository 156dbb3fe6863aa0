"""What an actor must do today, read from all tables at once, the gravest first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final, Protocol

from gis.words import Title
from ledger import agenda_tables as told
from ledger import policy_agenda
from ledger.access import Verb, require
from ledger.agenda_tables import LISTED, Entry, Found
from ledger.audit import Part
from ledger.keeping import Keep, anew, of_project
from ledger.model import Role, Word
from ledger.unit_of_work import Work

__all__ = ["GRAVE", "LISTED", "Agenda", "Entry", "Group", "Matter", "agenda"]

SOON_DAYS: Final = 14
CLAIM_DAYS: Final = 30
PROMISE_DAYS: Final = 30
DEMAND_DAYS: Final = 60
"""A demand that nobody matched for so many days has been open too long."""


class Matter(Word):
    """What asks to be done, the gravest first."""

    ROUTED = "routed", Title("Routed to my office, not answered")
    DECISION = "decision", Title("Appraisals to decide")
    POLICY_READY = "policy_ready", Title("Policies that wait to be published")
    PROBLEM_OVERDUE = "problem_overdue", Title("Problems overdue")
    REQUEST_OVERDUE = "request_overdue", Title("Requests of firms overdue")
    PROMISE_OVERDUE = "promise_overdue", Title("Promises overdue")
    ESCALATED = "escalated", Title("Handed up to my level")
    CLAIM_EXPIRING = "claim_expiring", Title("Claims on land that run out")
    CLAIM_ENDED = "claim_ended", Title("Land that ended projects still hold")
    LAND_LOST = "land_lost", Title("Candidates held by others")
    BATCH = "batch", Title("In this week's batch")
    STEP = "step", Title("Applications for land that wait at a step")
    PROMISE_POLICY = "promise_policy", Title("Promises whose policy changed or ends")
    PLAN_MISSED = "plan_missed", Title("Planned stages missed")
    MILESTONE_OVERDUE = "milestone_overdue", Title("Milestones overdue")
    INQUIRY = "inquiry", Title("New inquiries of investors")
    OPINION = "opinion", Title("Appraisals that wait for my opinion")
    DEMAND = "demand", Title("Land demands open too long")
    PROBLEM_DUE = "problem_due", Title("Problems due soon")
    REQUEST_DUE = "request_due", Title("Requests of firms due soon")
    PROMISE_DUE = "promise_due", Title("Promises due soon")
    POLICY_ENDING = "policy_ending", Title("Policies that end soon")
    MILESTONE_DUE = "milestone_due", Title("Milestones due soon")
    DATA_CHANGED = "data_changed", Title("Candidates chosen on older data")
    ACCOUNT = "account", Title("Accounts that wait for a role")


GRAVE: Final = frozenset({
    Matter.PROBLEM_OVERDUE,
    Matter.REQUEST_OVERDUE,
    Matter.PROMISE_OVERDUE,
    Matter.LAND_LOST,
    Matter.PLAN_MISSED,
    Matter.MILESTONE_OVERDUE,
})
"""What is late or lost already, whatever its day."""

_STAFF: Final = tuple(
    matter
    for matter in Matter
    if matter not in {Matter.ROUTED, Matter.DECISION, Matter.ACCOUNT}
)
_ANSWERS: Final = (Matter.ROUTED, Matter.STEP, Matter.OPINION)
DESKS: Final[Mapping[Role, tuple[Matter, ...]]] = {
    Role.PROVINCE: _STAFF,
    Role.CITY: _STAFF,
    Role.COUNTY: _STAFF,
    Role.PLANNER: (
        Matter.CLAIM_EXPIRING,
        Matter.LAND_LOST,
        Matter.BATCH,
        Matter.STEP,
        Matter.OPINION,
        Matter.DATA_CHANGED,
    ),
    Role.DEPARTMENT: _ANSWERS,
    Role.FACTOR: _ANSWERS,
    Role.CONFERENCE: (*_ANSWERS, Matter.ESCALATED),
    Role.LEADER: (
        Matter.DECISION,
        Matter.POLICY_READY,
        Matter.PROBLEM_OVERDUE,
        Matter.REQUEST_OVERDUE,
        Matter.PROMISE_OVERDUE,
        Matter.ESCALATED,
        Matter.PLAN_MISSED,
        Matter.MILESTONE_OVERDUE,
        Matter.BATCH,
    ),
    Role.ADMINISTRATOR: (Matter.ACCOUNT,),
}


@dataclass(frozen=True)
class Group:
    """One kind of work: how much there is, and what to begin with.

    `total` counts all of it, `entries` holds the first `LISTED`.
    """

    matter: Matter
    total: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Agenda:
    """A day's work: groups in the order of `Matter`, none of them empty."""

    today: date
    groups: tuple[Group, ...]

    @property
    def total(self) -> int:
        """How much there is altogether."""
        return sum(group.total for group in self.groups)

    def count(self, *matters: Matter) -> int:
        """Count the work of some kinds."""
        return sum(one.total for one in self.groups if one.matter in matters)


def agenda(
    work: Work,
    *,
    data_of: Mapping[str, datetime] | None = None,
    most: int = LISTED,
    keep: Keep = anew,
) -> Agenda:
    """Tell what an actor must do today.

    Staff see what is theirs in their places, departments what is routed to them,
    leaders what they decide and what is late, administrators accounts.

    Args:
        work: The unit of work.
        data_of: When the current version of each layer came in, so that candidates
            chosen before are told; None where nothing is known of layers.
        most: At most so many entries of a kind are listed; all are counted.
        keep: Remembers what was read of the same state of the ledger.

    Returns:
        The work, the gravest kind first; within a kind what is longest over first.
    """
    require(work.actor, Verb.PREFERENCE_EDIT)
    newest = max((data_of or {}).values(), default=None)
    groups = []
    for matter in Matter:
        if matter not in DESKS.get(work.actor.role, ()):
            continue
        read = partial(_READ[matter], most=most, newest=newest)
        name = f"agenda.{matter}/{most}/{newest}"
        total, entries = keep(work, name, read, *_OF[matter])
        if total:
            groups.append(Group(matter, total, entries))
    return Agenda(work.today(), tuple(groups))


def _within(days: int) -> Callable[[Work], tuple[date, date]]:
    return lambda work: (work.today(), work.today() + timedelta(days=days))


def _overdue(work: Work) -> tuple[None, date]:
    return None, work.today() - timedelta(days=1)


class Reader(Protocol):
    """Reads the work of one kind."""

    def __call__(self, work: Work, *, most: int, newest: datetime | None) -> Found:
        """Read how much there is, and the first of it.

        Args:
            work: The unit of work.
            most: At most so many are returned.
            newest: When the newest version of a layer came in; None for no layers.

        Returns:
            The number and the entries.
        """
        ...


def _of(read: Callable[..., Found], *more: Any) -> Reader:  # noqa: ANN401 - passed on
    """Fit a reader that needs no dates of layers."""

    def fitted(work: Work, *, most: int, newest: datetime | None) -> Found:  # noqa: ARG001
        return read(work, most, *(one(work) if callable(one) else one for one in more))

    return fitted


_READ: Final[Mapping[Matter, Reader]] = {
    Matter.ROUTED: _of(told.routed),
    Matter.DECISION: _of(told.decisions),
    Matter.POLICY_READY: _of(policy_agenda.ready),
    Matter.PROBLEM_OVERDUE: _of(told.problems, _overdue),
    Matter.REQUEST_OVERDUE: _of(told.requests, _overdue),
    Matter.PROMISE_OVERDUE: _of(told.promises, _overdue),
    Matter.ESCALATED: _of(told.escalated),
    Matter.CLAIM_EXPIRING: _of(told.claims, CLAIM_DAYS),
    Matter.CLAIM_ENDED: _of(told.claims_of_ended),
    Matter.LAND_LOST: _of(told.land_lost),
    Matter.BATCH: _of(told.batch),
    Matter.STEP: _of(told.steps),
    Matter.PROMISE_POLICY: _of(policy_agenda.warned),
    Matter.PLAN_MISSED: _of(told.plans_missed),
    Matter.MILESTONE_OVERDUE: _of(told.milestones, _overdue),
    Matter.INQUIRY: _of(told.inquiries),
    Matter.OPINION: _of(told.opinions),
    Matter.DEMAND: _of(told.demands, DEMAND_DAYS),
    Matter.PROBLEM_DUE: _of(told.problems, _within(SOON_DAYS)),
    Matter.REQUEST_DUE: _of(told.requests, _within(SOON_DAYS)),
    Matter.PROMISE_DUE: _of(told.promises, _within(PROMISE_DAYS)),
    Matter.POLICY_ENDING: _of(policy_agenda.ending),
    Matter.MILESTONE_DUE: _of(told.milestones, _within(SOON_DAYS)),
    Matter.DATA_CHANGED: told.data_changed,
    Matter.ACCOUNT: _of(told.accounts),
}

_NAMED: Final = of_project("code", "title")
_ON_ROAD: Final = of_project("code", "title", "stage")
_HANDED: Final = (_NAMED, "problem", "firm_request")
_APPROVAL: Final = (_NAMED, "approval", "approval_step")
_POLICY: Final = ("policy", "policy_edition", "promise", "promise_policy")
_OF: Final[Mapping[Matter, tuple[str | Part, ...]]] = {
    Matter.ROUTED: _HANDED,
    Matter.DECISION: (_NAMED, "appraisal"),
    Matter.POLICY_READY: ("policy", "policy_edition", "rule_table"),
    Matter.PROBLEM_OVERDUE: (_NAMED, "problem"),
    Matter.REQUEST_OVERDUE: (_NAMED, "firm_request"),
    Matter.PROMISE_OVERDUE: (_NAMED, "promise"),
    Matter.ESCALATED: (_NAMED, "problem"),
    Matter.CLAIM_EXPIRING: (_NAMED, "claim"),
    Matter.CLAIM_ENDED: (_ON_ROAD, "claim"),
    Matter.LAND_LOST: (_ON_ROAD, "claim", "shortlist_item"),
    Matter.BATCH: _APPROVAL,
    Matter.STEP: (*_APPROVAL, "rule_table"),
    Matter.PROMISE_POLICY: (*_POLICY, "project"),  # conditions ask what it is
    Matter.PLAN_MISSED: (_ON_ROAD, "stage_plan"),
    Matter.MILESTONE_OVERDUE: (_ON_ROAD, "milestone"),
    Matter.INQUIRY: ("inquiry",),
    Matter.OPINION: (_NAMED, "appraisal", "opinion"),
    Matter.DEMAND: (_ON_ROAD, "demand"),
    Matter.PROBLEM_DUE: (_NAMED, "problem"),
    Matter.REQUEST_DUE: (_NAMED, "firm_request"),
    Matter.PROMISE_DUE: (_NAMED, "promise"),
    Matter.POLICY_ENDING: _POLICY,
    Matter.MILESTONE_DUE: (_ON_ROAD, "milestone"),
    Matter.DATA_CHANGED: (_ON_ROAD, "shortlist_item"),
    Matter.ACCOUNT: ("account",),
}
"""What each kind is read of: a test holds it against the queries."""

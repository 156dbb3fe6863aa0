"""Land that projects want: raised, matched, applied for, struck off with evidence.

A project states its demand as one figure (`Project.land_demand_mu`). Where demands are
written down for it, they are what counts: `demand_figures` and `indicators` add up the
demands of such projects and the stated figure of all others, and `Project.demand_met`
follows the demands (`demand_figures.follow`). No migration writes demands for projects
that state one: a write without an actor and an audit row is no write of this ledger.
`write_down` makes a demand out of what a project states, when an office takes it up.
"""

from collections.abc import Sequence
from datetime import date
from math import isfinite
from typing import Any

import sqlalchemy as sa

from gis.errors import LedgerError
from ledger import casework_tables, demand_figures, holdings, rows, tables
from ledger.access import Verb
from ledger.casework import Demand, DemandState, Urgency
from ledger.demand_states import WANTED, may_follow, needs_reason
from ledger.model import Claim, ClaimKind, Project, Stage
from ledger.owned import project_for
from ledger.unit_of_work import Work

_table = casework_tables.demand


def add(  # noqa: PLR0913 - what a demand is told by
    work: Work,
    *,
    project_id: int,
    title: str,
    area_mu: float,
    need: str = "",
    urgency: Urgency = Urgency.NORMAL,
    raised_on: date | None = None,
    wanted_by: date | None = None,
    follower: str = "",
    note: str = "",
) -> Demand:
    """Write down land that a project wants.

    Args:
        work: The unit of work.
        project_id: The project.
        title: What the land is for.
        area_mu: How much, in mu.
        need: The need as screened, JSON; "" for the project's own.
        urgency: How soon.
        raised_on: The day it was raised; today when not given.
        wanted_by: The day the land is wanted by.
        follower: Who follows it.
        note: More about it.

    Returns:
        The demand as stored.

    Raises:
        LedgerError: The project has ended, or a value cannot be used.
    """
    project = project_for(work, project_id, Verb.DEMAND_EDIT)
    if project.stage is Stage.ENDED:
        raise LedgerError("The project has ended: it wants no more land.")
    raised_on = raised_on or work.today()
    _require_terms(work, title, area_mu, raised_on, wanted_by)
    demand_id = rows.add(
        work,
        _table,
        {
            "project_id": project_id,
            "title": title.strip(),
            "need": need,
            "area_mu": float(area_mu),
            "urgency": urgency,
            "state": DemandState.OPEN,
            "raised_on": raised_on,
            "wanted_by": wanted_by,
            "follower": follower.strip(),
            "parcel_id": "",
            "closed_on": None,
            "evidence": "",
            "note": note.strip(),
        },
        verb="demand.raise",
    )
    demand_figures.follow(work, project_id)
    return get(work, demand_id)


def write_down(work: Work, project_id: int) -> Demand:
    """Make a demand out of the land that a project states it wants.

    Args:
        work: The unit of work.
        project_id: The project.

    Returns:
        The demand as stored.

    Raises:
        LedgerError: It states no land, or has demands already.
    """
    project = project_for(work, project_id, Verb.DEMAND_EDIT)
    if not project.land_demand_mu:
        raise LedgerError("{project} states no land demand.", project=project.title)
    if of(work, project_id):
        raise LedgerError(
            "The land demand of {project} is written down already.",
            project=project.title,
        )
    return add(
        work,
        project_id=project_id,
        title=project.title,
        area_mu=project.land_demand_mu,
        need=project.need,
        follower=project.owner,
    )


def edit(  # noqa: PLR0913 - what may be changed
    work: Work,
    demand_id: int,
    *,
    version: int,
    title: str,
    area_mu: float,
    urgency: Urgency,
    wanted_by: date | None,
    follower: str = "",
    note: str = "",
) -> Demand:
    """Change what is written of a demand that is still wanted.

    Args:
        work: The unit of work.
        demand_id: The demand.
        version: The version that the person saw.
        title: What the land is for.
        area_mu: How much, in mu.
        urgency: How soon.
        wanted_by: The day the land is wanted by.
        follower: Who follows it.
        note: More about it.

    Returns:
        The demand as stored.

    Raises:
        LedgerError: It is closed, or a value cannot be used.
    """
    demand = _own(work, demand_id, Verb.DEMAND_EDIT, version)
    if demand.state not in WANTED:
        raise LedgerError(
            "The demand was closed on {day}: open it again to change it.",
            day=demand.closed_on,
        )
    _require_terms(work, title, area_mu, demand.raised_on, wanted_by)
    changes = {
        "title": title.strip(),
        "area_mu": float(area_mu),
        "urgency": urgency,
        "wanted_by": wanted_by,
        "follower": follower.strip(),
        "note": note.strip(),
    }
    rows.change(work, _table, demand, changes, version=version, verb="demand.edit")
    return get(work, demand_id)


def match(work: Work, demand_id: int, *, version: int, parcel_id: str) -> Demand:
    """Match a demand to a parcel, or to another one than before.

    Args:
        work: The unit of work.
        demand_id: The demand.
        version: The version that the person saw.
        parcel_id: The parcel; the project's claim on it, if any, is found by it.

    Returns:
        The demand as stored.

    Raises:
        LedgerError: No parcel is named, another project holds it, or the demand is
            past that.
    """
    demand = _own(work, demand_id, Verb.DEMAND_EDIT, version)
    parcel = parcel_id.strip()
    if not parcel:
        raise LedgerError("Name the parcel that meets the demand.")
    held = holdings.holder_of(work, parcel)
    if held and held.project_id != demand.project_id and not held.part:
        holder = rows.get(work, tables.project, Project, held.project_id)
        raise LedgerError(
            "The parcel {parcel} is held by {holder} ({code}): match other land, or "
            "join the queue for it.",
            parcel=parcel,
            holder=holder.title,
            code=holder.code,
        )
    if demand.state is DemandState.MATCHED:
        changes: dict[str, Any] = {"parcel_id": parcel}
        rows.change(work, _table, demand, changes, version=version, verb="demand.match")
        return get(work, demand_id)
    return _go(work, demand, DemandState.MATCHED, "demand.match", {"parcel_id": parcel})


def to_approval(work: Work, demand_id: int, *, version: int) -> Demand:
    """Take a matched demand into land approval.

    Args:
        work: The unit of work.
        demand_id: The demand.
        version: The version that the person saw.

    Returns:
        The demand as stored.
    """
    demand = _own(work, demand_id, Verb.DEMAND_EDIT, version)
    return _go(work, demand, DemandState.APPROVAL, "demand.approval", {})


def take_back(work: Work, demand_id: int, *, why: str, version: int) -> Demand:
    """Take a demand one step back: out of approval, or off its parcel.

    Args:
        work: The unit of work.
        demand_id: The demand.
        why: The reason.
        version: The version that the person saw.

    Returns:
        The demand as stored.
    """
    demand = _own(work, demand_id, Verb.DEMAND_EDIT, version)
    if demand.state is DemandState.APPROVAL:
        return _go(work, demand, DemandState.MATCHED, "demand.back", {}, why)
    return _go(work, demand, DemandState.OPEN, "demand.back", {"parcel_id": ""}, why)


def meet(
    work: Work,
    demand_id: int,
    *,
    evidence: str,
    version: int,
    on: date | None = None,
    parcel_id: str = "",
) -> Demand:
    """Strike a demand off the list, with what proves that it is met.

    Args:
        work: The unit of work.
        demand_id: The demand.
        evidence: What proves it: a contract, a decision, a lease.
        version: The version that the person saw.
        on: The day it was met; today when not given.
        parcel_id: The parcel that met it; "" leaves the one it is matched to.

    Returns:
        The demand as stored.

    Raises:
        LedgerError: The evidence is missing, the day is before it was raised or in
            the future, or the demand is closed already.
    """
    demand = _own(work, demand_id, Verb.DEMAND_CLOSE, version)
    if not evidence.strip():
        raise LedgerError(
            "A demand is struck off with evidence: say what proves that it is met."
        )
    day = on or work.today()
    if not demand.raised_on <= day <= work.today():
        raise LedgerError(
            "A demand raised on {raised} cannot be met on {day}.",
            raised=demand.raised_on,
            day=day,
        )
    changes = {
        "closed_on": day,
        "evidence": evidence.strip(),
        "parcel_id": parcel_id.strip() or demand.parcel_id,
    }
    return _go(work, demand, DemandState.MET, "demand.meet", changes)


def withdraw(work: Work, demand_id: int, *, why: str, version: int) -> Demand:
    """Give a demand up; the reason goes before the note.

    Args:
        work: The unit of work.
        demand_id: The demand.
        why: The reason.
        version: The version that the person saw.

    Returns:
        The demand as stored.
    """
    demand = _own(work, demand_id, Verb.DEMAND_CLOSE, version)
    changes = {"closed_on": work.today()}
    return _go(work, demand, DemandState.WITHDRAWN, "demand.withdraw", changes, why)


def reopen(work: Work, demand_id: int, *, why: str, version: int) -> Demand:
    """Open a closed demand again; the old evidence stays, the reason before it.

    Args:
        work: The unit of work.
        demand_id: The demand.
        why: What came up again.
        version: The version that the person saw.

    Returns:
        The demand as stored.

    Raises:
        LedgerError: It is not closed, the reason is missing, or the project has ended.
    """
    demand = _own(work, demand_id, Verb.DEMAND_CLOSE, version)
    if demand.state in WANTED:
        raise LedgerError("The demand is open already.")
    project = rows.get(work, tables.project, Project, demand.project_id)
    if project.stage is Stage.ENDED:
        raise LedgerError("The project has ended: it wants no more land.")
    changes = {"closed_on": None, "parcel_id": ""}
    return _go(work, demand, DemandState.OPEN, "demand.reopen", changes, why)


def get(work: Work, demand_id: int) -> Demand:
    """Read one demand.

    Args:
        work: The unit of work.
        demand_id: The demand.

    Returns:
        The demand as it is now.
    """
    demand = rows.get(work, _table, Demand, demand_id)
    project_for(work, demand.project_id, Verb.PROJECT_READ)
    return demand


def of(work: Work, project_id: int) -> list[Demand]:
    """List a project's demands, those still wanted first, then the newest.

    Args:
        work: The unit of work.
        project_id: The project.

    Returns:
        The demands.
    """
    project_for(work, project_id, Verb.PROJECT_READ)
    found = work.connection.execute(
        sa
        .select(_table)
        .where(_table.c.project_id == project_id)
        .order_by(_table.c.closed_on.is_not(None), _table.c.id.desc())
    )
    return [rows.made(Demand, row) for row in found]


def granted_for(demand: Demand, claims: Sequence[Claim]) -> Claim | None:
    """Choose the granted land that a demand could be struck off with.

    Args:
        demand: The demand.
        claims: The claims of its project.

    Returns:
        The grant on the parcel it is matched to, else the newest grant of the project
        where it is matched to none; None where nothing is granted, or the demand is
        closed.
    """
    if demand.state not in WANTED:
        return None
    granted = [one for one in claims if one.kind is ClaimKind.GRANTED]
    if demand.parcel_id:
        granted = [one for one in granted if one.parcel_id == demand.parcel_id]
    return max(granted, key=lambda one: one.id, default=None)


def _go(
    work: Work,
    demand: Demand,
    to: DemandState,
    verb: str,
    changes: dict[str, Any],
    why: str = "",
) -> Demand:
    """Take a demand to another state; the reason is kept before note or evidence."""
    if not may_follow(demand.state, to):
        raise LedgerError(
            "A demand in the state “{state}” cannot become “{to}”.",
            state=demand.state.label,
            to=to.label,
        )
    told = why.strip()
    if needs_reason(demand.state, to) and not told:
        raise LedgerError("Say why the demand is taken back, given up or reopened.")
    if told:
        kept = "evidence" if demand.state is DemandState.MET else "note"
        changes = {**changes, kept: f"{told}\n{getattr(demand, kept)}".strip()}
    rows.change(
        work,
        _table,
        demand,
        {**changes, "state": to},
        version=demand.version,
        verb=verb,
    )
    demand_figures.follow(work, demand.project_id)
    return get(work, demand.id)


def _own(work: Work, demand_id: int, verb: Verb, version: int) -> Demand:
    demand = rows.get(work, _table, Demand, demand_id)
    project_for(work, demand.project_id, verb)
    rows.require_version(demand, version, _table)
    return demand


def _require_terms(
    work: Work,
    title: str,
    area_mu: float,
    raised_on: date,
    wanted_by: date | None,
) -> None:
    found = []
    if not title.strip():
        found.append(LedgerError("Say what the land is for."))
    if not (isfinite(area_mu) and area_mu > 0):
        found.append(
            LedgerError("The area must be more than 0 mu; got {area}.", area=area_mu)
        )
    if raised_on > work.today():
        found.append(
            LedgerError(
                "A demand cannot be raised on {day}, in the future.", day=raised_on
            )
        )
    if wanted_by is not None and wanted_by < raised_on:
        found.append(
            LedgerError(
                "The land is wanted by {wanted}, before the demand was raised "
                "({raised}).",
                wanted=wanted_by,
                raised=raised_on,
            )
        )
    if found:
        raise LedgerError("The demand cannot be written like this.", faults=found)

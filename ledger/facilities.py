"""Infrastructure of zones and projects: what is missing, who builds, how far it is."""

from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any

import sqlalchemy as sa

from gis.errors import LedgerError
from ledger import casework_tables, rows
from ledger.access import Verb, is_code, own_prefix, require
from ledger.casework import Facility, FacilityKind, FacilityState, Fund, FundSource
from ledger.owned import project_for, ruling_region
from ledger.unit_of_work import Work

_table = casework_tables.facility
_fund = casework_tables.fund


@dataclass(frozen=True)
class Progress:
    """How far infrastructure has come.

    Attributes:
        state: Missing, planned, under construction or finished.
        share: Part that is built, 0 to 1; 1 exactly where it is finished.
        planned_on: The day it is to be finished.
        done_on: The day it was finished.
    """

    state: FacilityState = FacilityState.MISSING
    share: float = 0.0
    planned_on: date | None = None
    done_on: date | None = None


def add(  # noqa: PLR0913 - what infrastructure is told by
    work: Work,
    *,
    kind: FacilityKind,
    title: str,
    zone: str = "",
    region: str = "",
    project_id: int | None = None,
    progress: Progress | None = None,
    builder: str = "",
    note: str = "",
) -> Facility:
    """Write down infrastructure that a zone or a project needs.

    Args:
        work: The unit of work.
        kind: What kind.
        title: What is to be built, from where to where.
        zone: Code of the zone it belongs to; "" for a project's own.
        region: Code of the zone's county or management region, as the layer of zones
            has it; left out for a project, whose own place counts.
        project_id: The project that needs it; None for a zone's own.
        progress: How far it has come; missing when not given.
        builder: Who builds it.
        note: More about it.

    Returns:
        The infrastructure as stored.

    Raises:
        LedgerError: It belongs to nothing, or a value cannot be used.
    """
    if project_id is not None:
        project = project_for(work, project_id, Verb.FACILITY_EDIT)
        region = ruling_region(project, work)
    elif not (zone.strip() and is_code(region)):
        raise LedgerError(
            "Infrastructure belongs to a zone with its county, or to a project."
        )
    else:
        require(work.actor, Verb.FACILITY_EDIT, region)
    values = _values(work, kind, title, progress or Progress(), builder, note)
    values |= {"project_id": project_id, "zone": zone.strip(), "region": region}
    facility_id = rows.add(work, _table, values, verb="facility.add")
    return rows.get(work, _table, Facility, facility_id)


def edit(  # noqa: PLR0913 - what may be changed
    work: Work,
    facility_id: int,
    *,
    version: int,
    kind: FacilityKind,
    title: str,
    progress: Progress,
    builder: str,
    note: str,
) -> Facility:
    """Change what is written of infrastructure: progress, days, builder.

    Args:
        work: The unit of work.
        facility_id: The infrastructure.
        version: The version that the person saw.
        kind: What kind.
        title: What is to be built.
        progress: How far it has come.
        builder: Who builds it.
        note: More about it.

    Returns:
        The infrastructure as stored.
    """
    facility = _own(work, facility_id)
    rows.require_version(facility, version, _table)
    changes = _values(work, kind, title, progress, builder, note)
    rows.change(work, _table, facility, changes, version=version, verb="facility.edit")
    return rows.get(work, _table, Facility, facility_id)


def add_fund(  # noqa: PLR0913 - what money is told by
    work: Work,
    facility_id: int,
    *,
    source: FundSource,
    planned_wan_cny: float,
    arrived_wan_cny: float = 0.0,
    title: str = "",
    note: str = "",
) -> Fund:
    """Write down money for infrastructure.

    Args:
        work: The unit of work.
        facility_id: What it is for.
        source: Where it comes from.
        planned_wan_cny: How much is planned, in 10,000 yuan.
        arrived_wan_cny: How much of it has arrived.
        title: Which programme, batch or contract.
        note: More about it.

    Returns:
        The money as stored.
    """
    facility = _own(work, facility_id)
    values = _money(source, planned_wan_cny, arrived_wan_cny, title, note)
    fund_id = rows.add(
        work,
        _fund,
        values | {"facility_id": facility_id},
        verb="fund.add",
        project_id=facility.project_id,
    )
    return rows.get(work, _fund, Fund, fund_id)


def edit_fund(  # noqa: PLR0913 - what may be changed
    work: Work,
    fund_id: int,
    *,
    version: int,
    source: FundSource,
    planned_wan_cny: float,
    arrived_wan_cny: float,
    title: str,
    note: str,
) -> Fund:
    """Change what is planned or has arrived of money for infrastructure.

    Args:
        work: The unit of work.
        fund_id: The money.
        version: The version that the person saw.
        source: Where it comes from.
        planned_wan_cny: How much is planned, in 10,000 yuan.
        arrived_wan_cny: How much of it has arrived.
        title: Which programme, batch or contract.
        note: More about it.

    Returns:
        The money as stored.
    """
    fund = rows.get(work, _fund, Fund, fund_id)
    facility = _own(work, fund.facility_id)
    rows.change(
        work,
        _fund,
        fund,
        _money(source, planned_wan_cny, arrived_wan_cny, title, note),
        version=version,
        verb="fund.edit",
        project_id=facility.project_id,
    )
    return rows.get(work, _fund, Fund, fund_id)


def of_project(work: Work, project_id: int) -> list[Facility]:
    """List the infrastructure that a project needs for itself.

    Args:
        work: The unit of work.
        project_id: The project.

    Returns:
        The infrastructure, what is not finished first.
    """
    project_for(work, project_id, Verb.PROJECT_READ)
    return _listed(work, _table.c.project_id == project_id)


def of_zones(work: Work) -> list[Facility]:
    """List the infrastructure of the zones in the actor's own places.

    Args:
        work: The unit of work.

    Returns:
        The infrastructure, what is not finished first.
    """
    return _listed(work, _table.c.zone != "", _own_places(work))


def funds_of_project(work: Work, project_id: int) -> dict[int, list[Fund]]:
    """List the money for a project's infrastructure.

    Args:
        work: The unit of work.
        project_id: The project.

    Returns:
        Funds by number of the infrastructure.
    """
    project_for(work, project_id, Verb.PROJECT_READ)
    return _funds(work, _table.c.project_id == project_id)


def funds_of_zones(work: Work) -> dict[int, list[Fund]]:
    """List the money for the infrastructure of the zones in the actor's own places.

    Args:
        work: The unit of work.

    Returns:
        Funds by number of the infrastructure.
    """
    return _funds(work, _table.c.zone != "", _own_places(work))


def is_late(facility: Facility, today: date) -> bool:
    """Tell whether infrastructure should be finished by now and is not.

    Args:
        facility: The infrastructure.
        today: The day it is.

    Returns:
        Whether its planned day is past.
    """
    waits = facility.state is not FacilityState.DONE
    return waits and facility.planned_on is not None and facility.planned_on < today


def _listed(work: Work, *asked: sa.ColumnElement[bool]) -> list[Facility]:
    columns = _table.c
    found = work.connection.execute(
        sa
        .select(_table)
        .where(*asked)
        .order_by(
            columns.state == FacilityState.DONE,
            columns.zone,
            columns.planned_on.is_(None),
            columns.planned_on,
            columns.id,
        )
    )
    return [rows.made(Facility, row) for row in found]


def _funds(work: Work, *asked: sa.ColumnElement[bool]) -> dict[int, list[Fund]]:
    found = work.connection.execute(
        sa
        .select(_fund)
        .join(_table, _table.c.id == _fund.c.facility_id)
        .where(*asked)
        .order_by(_fund.c.id)
    )
    listed: dict[int, list[Fund]] = {}
    for row in found:
        fund = rows.made(Fund, row)
        listed.setdefault(fund.facility_id, []).append(fund)
    return listed


def _own_places(work: Work) -> sa.ColumnElement[bool]:
    require(work.actor, Verb.PROJECT_READ)
    own = own_prefix(work.actor) or "-"
    return _table.c.region.startswith(own, autoescape=True)


def _own(work: Work, facility_id: int) -> Facility:
    facility = rows.get(work, _table, Facility, facility_id)
    if facility.project_id is not None:
        project_for(work, facility.project_id, Verb.FACILITY_EDIT)
    else:
        require(work.actor, Verb.FACILITY_EDIT, facility.region)
    return facility


def _values(
    work: Work,
    kind: FacilityKind,
    title: str,
    progress: Progress,
    builder: str,
    note: str,
) -> dict[str, Any]:
    if not title.strip():
        raise LedgerError("Say what is to be built.")
    return {
        "kind": kind,
        "title": title.strip(),
        "builder": builder.strip(),
        "note": note.strip(),
        **vars(_consistent(work, progress)),
    }


def _consistent(work: Work, told: Progress) -> Progress:
    """Refuse progress that contradicts itself; finish what is told as finished."""
    if not (isfinite(told.share) and 0 <= told.share <= 1):
        raise LedgerError("The progress is a share from 0 to 100 %.")
    if told.state is FacilityState.DONE:
        done_on = told.done_on or work.today()
        if done_on > work.today():
            raise LedgerError(
                "{day} is in the future: tell what has happened.", day=done_on
            )
        return Progress(told.state, 1.0, told.planned_on, done_on)
    if told.done_on is not None or told.share == 1:
        raise LedgerError("What is wholly built or has a day of finishing is finished.")
    if told.state is not FacilityState.BUILDING and told.share > 0:
        raise LedgerError(
            "What is {state} has no progress yet.", state=told.state.label
        )
    return told


def _money(
    source: FundSource, planned: float, arrived: float, title: str, note: str
) -> dict[str, Any]:
    if not all(isfinite(one) and one >= 0 for one in (planned, arrived)):
        raise LedgerError("Money planned and arrived is 0 or more.")
    if not planned and not arrived:
        raise LedgerError("Say how much money is planned.")
    return {
        "source": source,
        "title": title.strip(),
        "planned_wan_cny": planned,
        "arrived_wan_cny": arrived,
        "note": note.strip(),
    }

"""How much land is wanted and met: from demands where there are any, else as stated.

A project with demands counts by them, withdrawn ones left out; a project without counts
by the figure it states (`land_demand_mu`, `demand_met`). Ended projects want nothing.
So every mu counts once, and the sums by county are the sums of the province.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa

from ledger import casework_tables, rows, tables
from ledger.access import Verb, require
from ledger.casework import DemandState
from ledger.demand_states import WANTED
from ledger.model import Project, Stage
from ledger.owned import seen
from ledger.unit_of_work import Work

_demand = casework_tables.demand
_project = tables.project


@dataclass(frozen=True)
class DemandFigure:
    """The land that the projects of a place want, in mu.

    Attributes:
        region: Code of the place.
        open_mu: Waiting for land, also where it is only stated.
        matched_mu: Matched to a parcel.
        approval_mu: In land approval.
        met_mu: Struck off the list.
        waiting: How many demands and stated wants are not met yet.
    """

    region: str
    open_mu: float = 0.0
    matched_mu: float = 0.0
    approval_mu: float = 0.0
    met_mu: float = 0.0
    waiting: int = 0

    @property
    def unmet_mu(self) -> float:
        """What is wanted and not met, in mu."""
        return self.open_mu + self.matched_mu + self.approval_mu

    @property
    def total_mu(self) -> float:
        """All that is wanted and was met, in mu."""
        return self.unmet_mu + self.met_mu


@dataclass(frozen=True)
class Unmet:
    """Land that projects of one county and industry still want, in mu."""

    region: str
    industry: str
    area_mu: float
    projects: int


@dataclass(frozen=True)
class Unwritten:
    """Land that a project states it wants, without a demand written down.

    Attributes:
        project_id: The project.
        place: Code of the place whose offices answer for it.
        area_mu: The land, in mu.
    """

    project_id: int
    place: str
    area_mu: float


def by_county(work: Work) -> list[DemandFigure]:
    """Add up the land that the projects an actor may see want, by county.

    Args:
        work: The unit of work.

    Returns:
        A figure for each county that wants or wanted land, by code.
    """
    require(work.actor, Verb.INDICATOR_READ)
    found: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for region, state, area, count in [*_written(work), *_stated(work)]:
        if state is DemandState.WITHDRAWN:
            continue
        told, name = found[region], f"{state.value}_mu"
        told[name] = told.get(name, 0.0) + float(area)
        if state in WANTED:
            told["waiting"] = told.get("waiting", 0) + int(count)
    return [DemandFigure(region, **found[region]) for region in sorted(found)]


def by_prefecture(counties: Sequence[DemandFigure]) -> list[DemandFigure]:
    """Add the figures of counties up to prefectures.

    Args:
        counties: Figures by county.

    Returns:
        Figures by prefecture, by code.
    """
    found: defaultdict[str, list[DemandFigure]] = defaultdict(list)
    for one in counties:
        found[f"{one.region[:4]}00"].append(one)
    return [summed(region, found[region]) for region in sorted(found)]


def summed(region: str, parts: Sequence[DemandFigure]) -> DemandFigure:
    """Add figures up.

    Args:
        region: Code of the place they add up to.
        parts: The figures.

    Returns:
        Their sum.
    """
    names = [one.name for one in fields(DemandFigure) if one.name != "region"]
    return DemandFigure(
        region, **{name: sum(getattr(one, name) for one in parts) for name in names}
    )


def unmet(work: Work) -> tuple[Unmet, ...]:
    """Add up the land that projects still want.

    Where a project has land demands, those that are neither met nor withdrawn count;
    where it has none, what the project itself states and is not met. Ended projects
    want nothing.

    Args:
        work: The unit of work.

    Returns:
        One line a county and industry, by both.
    """
    require(work.actor, Verb.INDICATOR_READ)
    columns = _project.c
    here = (seen(work), columns.stage != Stage.ENDED)
    by_demand = (
        sa
        .select(
            columns.region,
            columns.industry,
            _demand.c.area_mu.label("area_mu"),
            columns.id.label("project"),
        )
        .join(_demand, _demand.c.project_id == columns.id)
        .where(*here, _demand.c.state.in_(WANTED))
    )
    by_project = sa.select(
        columns.region, columns.industry, columns.land_demand_mu, columns.id
    ).where(
        *here,
        columns.land_demand_mu > 0,
        columns.demand_met.is_(sa.false()),
        ~_has_demands(),
    )
    both = sa.union_all(by_demand, by_project).subquery()
    counted = work.connection.execute(
        sa.select(
            both.c.region,
            both.c.industry,
            sa.func.sum(both.c.area_mu),
            sa.func.count(both.c.project.distinct()),
        ).group_by(both.c.region, both.c.industry)
    )
    found = [Unmet(r, i, float(area), int(n)) for r, i, area, n in counted]
    return tuple(sorted(found, key=lambda one: (one.region, one.industry)))


def unmet_by_project(work: Work) -> dict[int, float]:
    """Add up the land that each project waits for, by its demands or as it states.

    Args:
        work: The unit of work.

    Returns:
        Mu by number of the project; projects that wait for none are left out.
    """
    require(work.actor, Verb.INDICATOR_READ)
    written = work.connection.execute(
        sa
        .select(_demand.c.project_id, sa.func.sum(_demand.c.area_mu))
        .join(_project, _project.c.id == _demand.c.project_id)
        .where(
            seen(work),
            _project.c.stage != Stage.ENDED,
            _demand.c.state.in_(WANTED),
        )
        .group_by(_demand.c.project_id)
    )
    stated = work.connection.execute(
        sa.select(_project.c.id, _project.c.land_demand_mu).where(*_only_stated(work))
    )
    return {number: float(area) for number, area in (*written, *stated)}


def unwritten(work: Work) -> list[Unwritten]:
    """List the projects that state land they want and have no demand written down.

    Args:
        work: The unit of work.

    Returns:
        Those of projects the actor may see, not met and not ended, by code.
    """
    require(work.actor, Verb.PROJECT_READ)
    columns = _project.c
    found = work.connection.execute(
        sa
        .select(columns.id, columns.region, columns.managed_by, columns.land_demand_mu)
        .where(*_only_stated(work))
        .order_by(columns.code)
    )
    return [
        Unwritten(number, run_by or region, area)
        for number, region, run_by, area in found
    ]


def met(work: Work, project_id: int) -> bool | None:
    """Tell whether the demands of a project are met.

    Args:
        work: The unit of work.
        project_id: The project.

    Returns:
        None where it has none, or all are withdrawn: then what it states holds.
    """
    states = set(
        work.connection.scalars(
            sa.select(_demand.c.state).where(
                _demand.c.project_id == project_id,
                _demand.c.state != DemandState.WITHDRAWN,
            )
        )
    )
    return states == {DemandState.MET} if states else None


def follow(work: Work, project_id: int) -> None:
    """Let a project's `demand_met` say what its demands say.

    Args:
        work: The unit of work.
        project_id: The project, whose version grows where this changes it.
    """
    project = rows.get(work, _project, Project, project_id)
    now = met(work, project_id)
    if now is None or now == project.demand_met:
        return
    rows.change(
        work,
        _project,
        project,
        {"demand_met": now},
        version=project.version,
        verb="project.demand",
    )


def _written(work: Work) -> Sequence[sa.Row[Any]]:
    """Add up the demands by county and state."""
    columns = _project.c
    return work.connection.execute(
        sa
        .select(
            columns.region,
            _demand.c.state,
            sa.func.sum(_demand.c.area_mu),
            sa.func.count(),
        )
        .join(_demand, _demand.c.project_id == columns.id)
        .where(seen(work), columns.stage != Stage.ENDED)
        .group_by(columns.region, _demand.c.state)
    ).all()


def _stated(work: Work) -> list[tuple[str, DemandState, float, int]]:
    """Add up what projects without a demand state, by county."""
    columns = _project.c
    found = work.connection.execute(
        sa
        .select(
            columns.region,
            columns.demand_met,
            sa.func.sum(columns.land_demand_mu),
            sa.func.count(),
        )
        .where(
            seen(work),
            columns.stage != Stage.ENDED,
            columns.land_demand_mu > 0,
            ~_has_demands(),
        )
        .group_by(columns.region, columns.demand_met)
    )
    return [
        (region, DemandState.MET if done else DemandState.OPEN, area, count)
        for region, done, area, count in found
    ]


def _only_stated(work: Work) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions of a project that states land and has no demand for it."""
    columns = _project.c
    return (
        seen(work),
        columns.stage != Stage.ENDED,
        columns.land_demand_mu > 0,
        ~columns.demand_met,
        ~_has_demands(),
    )


def _has_demands() -> sa.ColumnElement[bool]:
    return sa.exists().where(_demand.c.project_id == _project.c.id)

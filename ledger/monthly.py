"""The monthly report: totals by place and industry, and what is overdue."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa

from ledger import casework_tables, demand_figures, problems, projects, rows, tables
from ledger.access import Verb, require
from ledger.casework import Promise
from ledger.closed_loop import shown_to
from ledger.model import Problem, Project, Stage
from ledger.sight import seen
from ledger.stages import PRODUCTION_OR_LATER, SIGNED_OR_LATER, STARTED_OR_LATER
from ledger.unit_of_work import Work

INDUSTRY_DIGITS: Final = 3
"""A letter and two digits of GB/T 4754: the division, such as C38."""


@dataclass(frozen=True)
class Line:
    """One line of totals; money in 10,000 yuan, land in mu.

    `started` and `in_production` are nested in `signed`: the rates share its
    denominator. Ended projects are counted in `projects` alone.
    """

    key: str
    projects: int
    signed: int
    started: int
    in_production: int
    investment_wan_cny: float
    demand_unmet_mu: float
    problems_open: int
    problems_overdue: int

    @property
    def start_rate(self) -> float | None:
        """Started over signed, 0 to 1; None where none is signed."""
        return self.started / self.signed if self.signed else None

    @property
    def production_rate(self) -> float | None:
        """In production over signed, 0 to 1; None where none is signed."""
        return self.in_production / self.signed if self.signed else None


@dataclass(frozen=True)
class Monthly:
    """The report of a day, of the projects that the actor may see.

    `places` holds the whole first (key ""), then each prefecture followed by its
    counties; `industries` the divisions, the most projects first.
    """

    on: date
    places: Sequence[Line]
    industries: Sequence[Line]
    overdue_problems: Sequence[tuple[Project, Problem]]
    overdue_promises: Sequence[tuple[Project, Promise]]


def monthly(work: Work) -> Monthly:
    """Make the report of today.

    Args:
        work: The unit of work.

    Returns:
        The report.
    """
    require(work.actor, Verb.INDICATOR_READ)
    found = projects.find(work)
    opened, overdue = _problems(work)
    unmet = demand_figures.unmet_by_project(work)
    by_id = {project.id: project for project in found}

    def line(key: str, some: Iterable[Project]) -> Line:
        return _line(key, list(some), opened, overdue, unmet)

    return Monthly(
        on=work.today(),
        places=[line("", found), *_places(found, line)],
        industries=sorted(
            (line(key, some) for key, some in _by(found, _division).items()),
            key=lambda one: (-one.projects, one.key),
        ),
        overdue_problems=[(by_id[one.project_id], one) for one in _late(work)],
        overdue_promises=_promises(work, by_id),
    )


def _places(
    found: Sequence[Project], line: Callable[[str, Iterable[Project]], Line]
) -> list[Line]:
    lines = []
    counties = _by(found, lambda one: one.region)
    for prefecture, some in sorted(_by(found, _prefecture).items()):
        lines.append(line(prefecture, some))
        lines += [
            line(county, counties[county])
            for county in sorted(counties)
            if county != prefecture and f"{county[:4]}00" == prefecture
        ]
    return lines


def _prefecture(project: Project) -> str:
    return f"{project.region[:4]}00"


def _division(project: Project) -> str:
    return project.industry[:INDUSTRY_DIGITS]


def _by(
    found: Sequence[Project], key: Callable[[Project], str]
) -> dict[str, list[Project]]:
    parted: defaultdict[str, list[Project]] = defaultdict(list)
    for project in found:
        parted[key(project)].append(project)
    return parted


def _line(
    key: str,
    some: Sequence[Project],
    opened: Mapping[int, int],
    overdue: Mapping[int, int],
    unmet: Mapping[int, float],
) -> Line:
    going = [one for one in some if one.stage is not Stage.ENDED]
    return Line(
        key=key,
        projects=len(some),
        signed=sum(one.stage in SIGNED_OR_LATER for one in going),
        started=sum(one.stage in STARTED_OR_LATER for one in going),
        in_production=sum(one.stage in PRODUCTION_OR_LATER for one in going),
        investment_wan_cny=sum(one.investment_wan_cny or 0.0 for one in going),
        demand_unmet_mu=sum(unmet.get(one.id, 0.0) for one in going),
        problems_open=sum(opened.get(one.id, 0) for one in some),
        problems_overdue=sum(overdue.get(one.id, 0) for one in some),
    )


def _problems(work: Work) -> tuple[dict[int, int], dict[int, int]]:
    """Count the open problems of each project, and those past their last day."""
    columns = tables.problem.c
    late = sa.func.sum(sa.case((columns.due_on < work.today(), 1), else_=0))
    found = work.connection.execute(
        sa
        .select(columns.project_id, sa.func.count(), late)
        .join(tables.project, tables.project.c.id == columns.project_id)
        .where(columns.closed_on.is_(None), seen(work))
        .group_by(columns.project_id)
    ).all()
    return {one: int(n) for one, n, _ in found}, {one: int(n) for one, _, n in found}


def _late(work: Work) -> list[Problem]:
    """Read the problems past their last day, to a department those it works on."""
    table = tables.problem
    found = work.connection.execute(
        sa
        .select(table)
        .join(tables.project, tables.project.c.id == table.c.project_id)
        .where(
            table.c.closed_on.is_(None),
            table.c.due_on < work.today(),
            seen(work),
            shown_to(work, problems.LOOP),
        )
        .order_by(table.c.due_on, table.c.id)
    )
    return [rows.made(Problem, row) for row in found]


def _promises(work: Work, by_id: dict[int, Project]) -> list[tuple[Project, Promise]]:
    table = casework_tables.promise
    found = work.connection.execute(
        sa
        .select(table)
        .join(tables.project, tables.project.c.id == table.c.project_id)
        .where(table.c.state == "open", table.c.due_on < work.today(), seen(work))
        .order_by(table.c.due_on, table.c.id)
    )
    told = [rows.made(Promise, row) for row in found]
    return [(by_id[one.project_id], one) for one in told if one.project_id in by_id]

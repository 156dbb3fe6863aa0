"""The monthly report: totals by place and industry, and what is overdue."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa

from ledger import casework_tables, projects, rows, tables
from ledger.access import Verb, require
from ledger.casework import Promise
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
    by_id = {project.id: project for project in found}

    def line(key: str, some: Iterable[Project]) -> Line:
        return _line(key, list(some), opened, overdue)

    late = [problem for of_one in overdue.values() for problem in of_one]
    late.sort(key=lambda one: (one.due_on or work.today(), one.id))
    return Monthly(
        on=work.today(),
        places=[line("", found), *_places(found, line)],
        industries=sorted(
            (line(key, some) for key, some in _by(found, _division).items()),
            key=lambda one: (-one.projects, one.key),
        ),
        overdue_problems=[(by_id[one.project_id], one) for one in late],
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
    opened: dict[int, int],
    overdue: dict[int, list[Problem]],
) -> Line:
    going = [one for one in some if one.stage is not Stage.ENDED]
    return Line(
        key=key,
        projects=len(some),
        signed=sum(one.stage in SIGNED_OR_LATER for one in going),
        started=sum(one.stage in STARTED_OR_LATER for one in going),
        in_production=sum(one.stage in PRODUCTION_OR_LATER for one in going),
        investment_wan_cny=sum(one.investment_wan_cny or 0.0 for one in going),
        demand_unmet_mu=sum(
            one.land_demand_mu or 0.0 for one in going if not one.demand_met
        ),
        problems_open=sum(opened.get(one.id, 0) for one in some),
        problems_overdue=sum(len(overdue.get(one.id, ())) for one in some),
    )


def _problems(work: Work) -> tuple[dict[int, int], dict[int, list[Problem]]]:
    table = tables.problem
    found = work.connection.execute(
        sa
        .select(table)
        .join(tables.project, tables.project.c.id == table.c.project_id)
        .where(table.c.closed_on.is_(None), seen(work))
        .order_by(table.c.due_on, table.c.id)
    )
    opened: defaultdict[int, int] = defaultdict(int)
    overdue: defaultdict[int, list[Problem]] = defaultdict(list)
    for row in found:
        problem = rows.made(Problem, row)
        opened[problem.project_id] += 1
        if problem.due_on is not None and problem.due_on < work.today():
            overdue[problem.project_id].append(problem)
    return opened, overdue


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

"""The ledger's figures: counts, rates with their denominators, land still wanted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from gis.words import Title
from ledger import demand_figures, tables
from ledger.access import Verb, require
from ledger.keeping import Keep, anew, of_project
from ledger.model import Stage
from ledger.owned import seen
from ledger.stages import PRODUCTION_OR_LATER, SIGNED_OR_LATER, STARTED_OR_LATER
from ledger.unit_of_work import Work

_project = tables.project

OF_STANDING: Final = of_project("stage", "investment_wan_cny")
OF_PROBLEMS: Final = (of_project(), "problem")
OF_LAND: Final = (
    of_project("stage", "industry", "land_demand_mu", "demand_met"),
    "demand",
)
"""What the figures are kept under: a test holds it against the queries."""


@dataclass(frozen=True)
class Rate:
    """A share with what it is a share of, and the words that define it."""

    name: Title
    numerator: int
    denominator: int
    definition: Title

    @property
    def value(self) -> float | None:
        """The share, 0 to 1; None where there is nothing to take a share of."""
        return self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True)
class Count:
    """How many projects of a county stand at a stage; investment in 10,000 yuan."""

    region: str
    stage: Stage
    projects: int
    investment_wan_cny: float


@dataclass(frozen=True)
class Kpis:
    """The figures of the projects an actor may see; land in mu.

    `started` and `in_production` are nested: a project in production has started.
    Land counts by the demands that are written down for a project, else by what it
    states (`ledger.demand_figures`).
    Ended projects are counted in `projects` and `by_stage` alone.
    """

    projects: int
    signed: int
    started: int
    in_production: int
    by_stage: dict[Stage, int]
    start_rate: Rate
    production_rate: Rate
    start_rate_disjoint: Rate
    production_rate_disjoint: Rate
    problems_open: int
    problems_closed: int
    demand_mu: float
    demand_met_mu: float
    demand_unmet_mu: float
    demand_unmet_projects: int


def standing(work: Work) -> Sequence[Count]:
    """Count the projects that the actor may see, by county and stage.

    Args:
        work: The unit of work.

    Returns:
        The counts; of a county and stage without projects there is none.
    """
    require(work.actor, Verb.INDICATOR_READ)
    columns = _project.c
    counted = work.connection.execute(
        sa
        .select(
            columns.region,
            columns.stage,
            sa.func.count(),
            sa.func.sum(columns.investment_wan_cny),
        )
        .where(seen(work))
        .group_by(columns.region, columns.stage)
    ).all()
    return [
        Count(region, stage, int(count), float(invested or 0.0))
        for region, stage, count, invested in counted
    ]


def kpis(work: Work, *, keep: Keep = anew) -> Kpis:
    """Count the projects that the actor may see.

    Both published definitions of the rates are given. Nested: started or later over
    signed or later, in production or later over signed or later. Disjoint: those
    started and not yet in production, so that the two rates add up.

    Args:
        work: The unit of work.
        keep: Remembers figures of the same state of the ledger.

    Returns:
        The figures.
    """
    require(work.actor, Verb.INDICATOR_READ)
    return kpis_of(
        keep(work, "standing", standing, OF_STANDING),
        keep(work, "problems", problem_counts, *OF_PROBLEMS),
        keep(work, "demand.by_county", demand_figures.by_county, *OF_LAND),
        keep(work, "unmet", demand_figures.unmet, *OF_LAND),
    )


def kpis_of(
    counted: Sequence[Count],
    problem_counts: tuple[int, int],
    wanted: Sequence[demand_figures.DemandFigure],
    unmet: Sequence[demand_figures.Unmet],
) -> Kpis:
    """Make the figures of what was counted.

    Args:
        counted: Projects by county and stage.
        problem_counts: How many problems are open, and how many closed.
        wanted: Land wanted and met by county.
        unmet: Land still wanted by county and industry.

    Returns:
        The figures.
    """
    by_stage = dict.fromkeys(Stage, 0)
    for one in counted:
        by_stage[one.stage] += one.projects
    signed, started, in_production = (
        sum(by_stage[stage] for stage in stages)
        for stages in (SIGNED_OR_LATER, STARTED_OR_LATER, PRODUCTION_OR_LATER)
    )
    problems_open, problems_closed = problem_counts
    demand = demand_figures.summed("", wanted)
    return Kpis(
        projects=sum(by_stage.values()),
        signed=signed,
        started=started,
        in_production=in_production,
        by_stage=by_stage,
        start_rate=Rate(
            Title("Start rate"),
            started,
            signed,
            Title("Construction started or later / signed or later"),
        ),
        production_rate=Rate(
            Title("Production rate"),
            in_production,
            signed,
            Title("In production or later / signed or later"),
        ),
        start_rate_disjoint=Rate(
            Title("Start rate"),
            started - in_production,
            signed,
            Title("Under construction, not yet in production / signed or later"),
        ),
        production_rate_disjoint=Rate(
            Title("Production rate"),
            in_production,
            signed,
            Title("In production or later / signed or later"),
        ),
        problems_open=problems_open,
        problems_closed=problems_closed,
        demand_mu=demand.total_mu,
        demand_met_mu=demand.met_mu,
        demand_unmet_mu=demand.unmet_mu,
        demand_unmet_projects=sum(one.projects for one in unmet),
    )


def _own_ids(work: Work) -> sa.Select[tuple[int]]:
    return sa.select(_project.c.id).where(seen(work))


def problem_counts(work: Work) -> tuple[int, int]:
    """Count the open and the closed problems of the projects the actor may see.

    Args:
        work: The unit of work.

    Returns:
        How many are open, and how many closed.
    """
    require(work.actor, Verb.INDICATOR_READ)
    closed = tables.problem.c.closed_on
    total, done = work.connection.execute(
        sa.select(sa.func.count(), sa.func.count(closed)).where(
            tables.problem.c.project_id.in_(_own_ids(work))
        )
    ).one()
    return int(total) - int(done), int(done)

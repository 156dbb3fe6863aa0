"""How the ledger moves: rates month by month, places, stages, ages, who is stuck.

Everything is counted in the database and comes back small, whatever the ledger holds.
The newest month and the sums over places equal `ledger.indicators`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa

from ledger.access import Verb, require
from ledger.claim_lists import held_m2
from ledger.demand_figures import Unmet, by_county, unmet
from ledger.indicators import (
    OF_LAND,
    OF_PROBLEMS,
    OF_STANDING,
    Count,
    Kpis,
    kpis_of,
    problem_counts,
    standing,
)
from ledger.keeping import Keep, anew, of_project
from ledger.model import Level, ProblemKind, Stage
from ledger.owned import seen
from ledger.stages import (
    PRODUCTION_OR_LATER,
    ROAD,
    SIGNED_OR_LATER,
    STAGE_DATES,
    STARTED_OR_LATER,
)
from ledger.tables import problem, project, stage_move
from ledger.unit_of_work import Work

MONTHS: Final = 24
STUCK: Final = 10
AGES: Final = (30, 90, 180)
"""Upper ends, in days, of the ages that open problems are counted by."""

_STAGES: Final = tuple(STAGE_DATES)
_MAY_BE_STUCK: Final = SIGNED_OR_LATER[: -len(PRODUCTION_OR_LATER)]
_YEAR: Final = 12
_OF_MONTHS: Final = of_project("stage", *STAGE_DATES.values())
_OF_STUCK: Final = (
    of_project("code", "title", "level", "stage", "signed_on"),
    "problem",
)


@dataclass(frozen=True)
class Month:
    """Projects as they stood at the end of a month; those ended by then are left out.

    `started` and `in_production` are nested: each is a part of `signed`. A share is
    None where nothing was signed.
    """

    first: date
    signed: int
    started: int
    in_production: int

    @property
    def start_rate(self) -> float | None:
        """Started or later / signed or later (nested)."""
        return self.started / self.signed if self.signed else None

    @property
    def start_rate_disjoint(self) -> float | None:
        """Under construction, not yet in production / signed or later (disjoint)."""
        under_way = self.started - self.in_production
        return under_way / self.signed if self.signed else None

    @property
    def production_rate(self) -> float | None:
        """In production or later / signed or later: the same in both definitions."""
        return self.in_production / self.signed if self.signed else None


@dataclass(frozen=True)
class Place:
    """What a county has; land in mu. Ended projects are counted in `projects` alone."""

    region: str
    projects: int = 0
    signed: int = 0
    started: int = 0
    in_production: int = 0
    problems_open: int = 0
    problems_overdue: int = 0
    unmet_mu: float = 0.0


@dataclass(frozen=True)
class Standing:
    """How many projects stand at a stage, and what is invested, in 10,000 yuan."""

    stage: Stage
    projects: int
    investment_wan_cny: float


@dataclass(frozen=True)
class Aged:
    """Open problems of a kind by age: one count for each of `AGES`, and one beyond."""

    kind: ProblemKind
    by_age: tuple[int, ...]
    overdue: int

    @property
    def total(self) -> int:
        """All open problems of the kind."""
        return sum(self.by_age)


@dataclass(frozen=True)
class _Open:
    """Open problems of one place and kind, by age, and how many are overdue."""

    region: str
    kind: ProblemKind
    by_age: tuple[int, ...]
    overdue: int


@dataclass(frozen=True)
class Stuck:
    """A signed project that is not in production and has problems open.

    `since` is the day it entered its stage, None where nobody wrote it down.
    """

    code: str
    title: str
    region: str
    level: Level
    stage: Stage
    since: date | None
    problems_open: int
    problems_overdue: int


@dataclass(frozen=True)
class Dashboard:
    """All that the dashboard shows, read in one look.

    `held_m2` is the land that claims of all places hold today, by the parcel they name.
    """

    today: date
    kpis: Kpis
    months: tuple[Month, ...]
    places: tuple[Place, ...]
    funnel: tuple[Standing, ...]
    ages: tuple[Aged, ...]
    unmet: tuple[Unmet, ...]
    stuck: tuple[Stuck, ...]
    held_m2: Mapping[str, float]

    @property
    def overdue(self) -> int:
        """Open problems past their day."""
        return sum(one.overdue for one in self.ages)


def dashboard(work: Work, *, keep: Keep = anew) -> Dashboard:
    """Read what the dashboard shows of the projects that the actor may see.

    Args:
        work: The unit of work.
        keep: Remembers figures of the same state of the ledger.

    Returns:
        The figures.
    """
    require(work.actor, Verb.INDICATOR_READ)
    wanted = keep(work, "unmet", unmet, *OF_LAND)
    counted = keep(work, "standing", standing, OF_STANDING)
    problems = keep(work, "open_problems", _open_problems, *OF_PROBLEMS)
    return Dashboard(
        today=work.today(),
        kpis=kpis_of(
            counted,
            keep(work, "problems", problem_counts, *OF_PROBLEMS),
            keep(work, "demand.by_county", by_county, *OF_LAND),
            wanted,
        ),
        months=keep(work, "by_month", by_month, _OF_MONTHS),
        places=_places(counted, problems, wanted),
        funnel=_funnel(counted),
        ages=_ages(problems),
        unmet=wanted,
        stuck=keep(work, "stuck", stuck, *_OF_STUCK),
        held_m2=keep(work, "held_m2", held_m2, "claim"),
    )


def by_month(work: Work, *, months: int = MONTHS) -> tuple[Month, ...]:
    """Count what was signed, started and in production at the end of each month.

    A project that has ended is counted until the day it ended; one whose last day
    nobody wrote down is left out. Of one that ended and was reopened the time between
    is not left out.

    Args:
        work: The unit of work.
        months: How many months, this one the last.

    Returns:
        The months, the oldest first.
    """
    require(work.actor, Verb.INDICATOR_READ)
    firsts = _firsts(work.today(), months)
    lives = _ended(work)
    reached = {stage: _reached(work, STAGE_DATES[stage]) for stage in _STAGES}
    told = []
    for first, following in firsts:
        counts = [
            sum(n for month, n in reached[stage].items() if month <= _number(first))
            + sum(
                1
                for days, ended in lives
                if (day := days[stage]) and day < following <= ended
            )
            for stage in _STAGES
        ]
        told.append(Month(first, *counts))
    return tuple(told)


def _places(
    counted: Sequence[Count], problems: Sequence[_Open], wanted: Sequence[Unmet]
) -> tuple[Place, ...]:
    late: dict[str, tuple[int, int]] = {}
    for case in problems:
        total, over = late.get(case.region, (0, 0))
        late[case.region] = (total + sum(case.by_age), over + case.overdue)
    land: dict[str, float] = {}
    for want in wanted:
        land[want.region] = land.get(want.region, 0.0) + want.area_mu
    here: dict[str, dict[Stage, int]] = {}
    for one in counted:
        here.setdefault(one.region, {})[one.stage] = one.projects

    def until(stages: dict[Stage, int], reached: tuple[Stage, ...]) -> int:
        return sum(stages.get(stage, 0) for stage in reached)

    return tuple(
        Place(
            region,
            projects=sum(stages.values()),
            signed=until(stages, SIGNED_OR_LATER),
            started=until(stages, STARTED_OR_LATER),
            in_production=until(stages, PRODUCTION_OR_LATER),
            problems_open=late.get(region, (0, 0))[0],
            problems_overdue=late.get(region, (0, 0))[1],
            unmet_mu=land.get(region, 0.0),
        )
        for region, stages in sorted(here.items())
    )


def _funnel(counted: Sequence[Count]) -> tuple[Standing, ...]:
    return tuple(
        Standing(
            stage,
            sum(one.projects for one in counted if one.stage is stage),
            sum(one.investment_wan_cny for one in counted if one.stage is stage),
        )
        for stage in ROAD
    )


def stuck(work: Work, *, most: int = STUCK) -> tuple[Stuck, ...]:
    """List signed projects that are not in production, the most stuck first.

    A project is the more stuck the more of its problems are overdue, then the more are
    open, then the longer ago it was signed.

    Args:
        work: The unit of work.
        most: At most so many.

    Returns:
        The projects with at least one open problem.
    """
    require(work.actor, Verb.INDICATOR_READ)
    columns = problem.c
    late = (
        sa
        .select(
            columns.project_id,
            sa.func.count().label("problems_open"),
            _times(columns.due_on < work.today()).label("problems_overdue"),
        )
        .where(columns.closed_on.is_(None))
        .group_by(columns.project_id)
        .subquery()
    )
    own = project.c
    found = work.connection.execute(
        sa
        .select(
            own.id,
            own.code,
            own.title,
            own.region,
            own.level,
            own.stage,
            late.c.problems_open,
            late.c.problems_overdue,
        )
        .join(late, late.c.project_id == own.id)
        .where(seen(work), own.stage.in_(_MAY_BE_STUCK))
        .order_by(
            late.c.problems_overdue.desc(),
            late.c.problems_open.desc(),
            own.signed_on,
            own.id,
        )
        .limit(most)
    ).all()
    entered = _entered(work, [row.id for row in found])
    return tuple(
        Stuck(
            code=row.code,
            title=row.title,
            region=row.region,
            level=row.level,
            stage=row.stage,
            since=entered.get((row.id, row.stage)),
            problems_open=int(row.problems_open),
            problems_overdue=int(row.problems_overdue),
        )
        for row in found
    )


def _times(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    """Count the rows of a group for which something is true."""
    return sa.func.sum(sa.case((condition, 1), else_=0))


def _open_problems(work: Work) -> list[_Open]:
    """Count the open problems by place, kind and age, in one pass over them."""
    columns, today = problem.c, work.today()
    edges = [today - timedelta(days=days) for days in AGES]
    older = [sa.true(), *(columns.opened_on < edge for edge in edges)]
    younger = [*(columns.opened_on >= edge for edge in edges), sa.true()]
    counted = work.connection.execute(
        sa
        .select(
            project.c.region,
            columns.kind,
            *(_times(a & b) for a, b in zip(older, younger, strict=True)),
            _times(columns.due_on < today),
        )
        .join(project, project.c.id == columns.project_id)
        .where(seen(work), columns.closed_on.is_(None))
        .group_by(project.c.region, columns.kind)
    )
    return [
        _Open(row[0], row[1], tuple(map(int, row[2:-1])), row[-1]) for row in counted
    ]


def _ages(problems: Sequence[_Open]) -> tuple[Aged, ...]:
    told = []
    for kind in ProblemKind:
        some = [one for one in problems if one.kind is kind]
        by_age = tuple(
            sum(one.by_age[age] for one in some) for age in range(len(AGES) + 1)
        )
        told.append(Aged(kind, by_age, sum(one.overdue for one in some)))
    return tuple(told)


def _firsts(today: date, months: int) -> list[tuple[date, date]]:
    """List the first day of each month and of the one after it."""
    last = _number(today)
    return [
        (_first(number), _first(number + 1))
        for number in range(last - months + 1, last + 1)
    ]


def _number(day: date) -> int:
    """Number the months, so that they can be counted on."""
    return day.year * _YEAR + day.month - 1


def _first(number: int) -> date:
    return date(number // _YEAR, number % _YEAR + 1, 1)


def _reached(work: Work, field: str) -> dict[int, int]:
    """Count the projects that have not ended by the month in a date field."""
    column = project.c[field]
    counted: Any = work.connection.execute(
        sa
        .select(column, sa.func.count())
        .where(seen(work), column.is_not(None), project.c.stage != Stage.ENDED)
        .group_by(column)  # days are few, and to take each apart there is dear
    ).all()
    found: Counter[int] = Counter()
    for day, count in counted:
        found[_number(day)] += int(count)
    return found


def _ended(work: Work) -> list[tuple[dict[Stage, date | None], date]]:
    """Read the days of the projects that have ended, and the day they did."""
    columns = project.c
    last = (
        sa
        .select(
            stage_move.c.project_id, sa.func.max(stage_move.c.entered_on).label("on")
        )
        .where(stage_move.c.stage == Stage.ENDED)
        .group_by(stage_move.c.project_id)
        .subquery()
    )
    found: Any = work.connection.execute(
        sa
        .select(*(columns[name] for name in STAGE_DATES.values()), last.c.on)
        .join(last, last.c.project_id == columns.id)
        .where(seen(work), columns.stage == Stage.ENDED, last.c.on.is_not(None))
    )
    return [(dict(zip(_STAGES, row[:-1], strict=True)), row[-1]) for row in found]


def _entered(work: Work, ids: list[int]) -> dict[tuple[int, Stage], date | None]:
    """Tell when projects entered each stage, the last time."""
    columns = stage_move.c
    found = work.connection.execute(
        sa
        .select(columns.project_id, columns.stage, columns.entered_on)
        .where(columns.project_id.in_(ids))
        .order_by(columns.id)
    )
    return {(row.project_id, row.stage): row.entered_on for row in found}

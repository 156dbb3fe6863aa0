"""The list of projects: filtered, sorted and read in parts, with what hangs on each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import sqlalchemy as sa

from ledger import holdings, list_part, rows, tables
from ledger.access import Verb, require
from ledger.chinese_order import chinese_order
from ledger.list_part import Columns, Part, Wanted
from ledger.model import Stage
from ledger.owned import lies_in
from ledger.sight import seen
from ledger.unit_of_work import Work

_project = tables.project.c
_TOLD: Final = (
    "id",
    "code",
    "title",
    "investor",
    "industry",
    "region",
    "stage",
    "land_demand_mu",
    "demand_met",
    "signed_on",
)
_NAMED: Final = ("title", "code", "investor", "owner", "industry")


@dataclass(frozen=True)
class Asked:
    """What the list is filtered by; nothing of it keeps everything.

    Attributes:
        text: Words in title, code, investor, owner or industry.
        stages: Stages to keep.
        region: A county's, prefecture's, province's or management region's code.
        level: A `Level`.
    """

    text: str = ""
    stages: tuple[Stage, ...] = ()
    region: str = ""
    level: str = ""


@dataclass(frozen=True)
class Listed:
    """A project as a list shows it; land in mu and square metres."""

    id: int
    code: str
    title: str
    investor: str
    industry: str
    region: str
    stage: Stage
    land_demand_mu: float | None
    demand_met: bool
    signed_on: date | None
    problems_open: int = 0
    held_m2: float = 0.0

    @property
    def waits(self) -> bool:
        """Whether it still wants land."""
        wants = bool(self.land_demand_mu) and not self.demand_met
        return wants and self.stage is not Stage.ENDED


def conditions(work: Work, asked: Asked) -> list[sa.ColumnElement[bool]]:
    """Write what a filter asks for, beside what the actor may see.

    Args:
        work: The unit of work.
        asked: The filter.

    Returns:
        Conditions on `tables.project`.
    """
    wanted = [seen(work)]
    wanted += [
        sa.or_(*(_project[name].icontains(word, autoescape=True) for name in _NAMED))
        for word in asked.text.split()
    ]
    if asked.stages:
        wanted.append(_project.stage.in_(asked.stages))
    if asked.region:
        wanted.append(lies_in(asked.region))
    if asked.level:
        wanted.append(_project.level == asked.level)
    return wanted


def find(work: Work, asked: Asked, wanted: Wanted) -> Part[Listed]:
    """Read a part of the projects that the actor may see.

    Args:
        work: The unit of work.
        asked: What they are filtered by.
        wanted: Which part, sorted by `title`, `stage`, `region`, `industry`,
            `demand`, `held`, `problems` or `signed`.

    Returns:
        The projects, the last code first where nothing else is asked for.
    """
    require(work.actor, Verb.PROJECT_READ)
    held, problems = held_m2(work), problems_open()
    query = sa.select(*(_project[name] for name in _TOLD)).where(
        *conditions(work, asked)
    )
    joined = {"held": held, "problems": problems}.get(wanted.order.column)
    if joined is not None:
        query = query.outerjoin_from(
            tables.project, joined, joined.c.project_id == _project.id
        )
    found = list_part.read(
        work,
        query,
        wanted,
        key=_project.id,
        own=[_project.code.desc()],
        by=_columns(held, problems),
    )
    numbers = [row.id for row in found.rows]
    tied, land = _of(work, problems, numbers), _of(work, held, numbers)
    return found.of(
        lambda row: replace(
            rows.made(Listed, row),
            problems_open=int(tied.get(row.id, 0)),
            held_m2=float(land.get(row.id, 0.0)),
        )
    )


def with_one(work: Work, found: Part[Listed], code: str) -> Part[Listed]:
    """Put a project before a part of the list that does not reach to it.

    Args:
        work: The unit of work.
        found: The part.
        code: Code of the project.

    Returns:
        The part with it, or as it was where the actor may not see the project.
    """
    query = sa.select(*(_project[name] for name in _TOLD)).where(
        seen(work), _project.code == code
    )
    own = [Listed(*row) for row in work.connection.execute(query)]
    return Part([*own, *found.rows], found.first, found.total)


def count(work: Work, asked: Asked) -> int:
    """Count the projects that the actor may see.

    Args:
        work: The unit of work.
        asked: What they are filtered by.

    Returns:
        How many there are.
    """
    require(work.actor, Verb.PROJECT_READ)
    query = sa.select(sa.func.count()).select_from(tables.project)
    return int(work.connection.scalar(query.where(*conditions(work, asked))) or 0)


def names(work: Work) -> dict[int, str]:
    """Name the projects that the actor may see, by number.

    Args:
        work: The unit of work.

    Returns:
        Title and code of each, by code: two projects may bear one title.
    """
    require(work.actor, Verb.PROJECT_READ)
    found = work.connection.execute(
        sa
        .select(_project.id, _project.title, _project.code)
        .where(seen(work))
        .order_by(_project.code)
    )
    return {number: f"{title} ({code})" for number, title, code in found}


def looking_for_land(work: Work) -> str | None:
    """Choose a project to begin with: one that has a need, best one at siting.

    Args:
        work: The unit of work.

    Returns:
        Its code; None where no project has a need.
    """
    require(work.actor, Verb.PROJECT_READ)
    elsewhere = sa.case((_project.stage == Stage.SITING, 0), else_=1)
    return work.connection.scalar(
        sa
        .select(_project.code)
        .where(seen(work), _project.need != "")
        .order_by(elsewhere, _project.code)
        .limit(1)
    )


def held_m2(work: Work) -> sa.Subquery:
    """Add up the land that is held today: `project_id` and `value` in square metres."""
    claim = tables.claim.c
    return (
        sa
        .select(claim.project_id, sa.func.sum(claim.area_m2).label("value"))
        .where(*holdings.today(work))
        .group_by(claim.project_id)
        .subquery("held")
    )


def problems_open() -> sa.Subquery:
    """Count the open problems: `project_id` and `value`."""
    problem = tables.problem.c
    return (
        sa
        .select(problem.project_id, sa.func.count().label("value"))
        .where(problem.closed_on.is_(None))
        .group_by(problem.project_id)
        .subquery("open_problems")
    )


def _columns(held: sa.Subquery, problems: sa.Subquery) -> Mapping[str, Columns]:
    road = {stage.value: place for place, stage in enumerate(Stage)}
    return {
        "title": [chinese_order(_project.title)],
        "stage": [sa.case(road, value=sa.cast(_project.stage, sa.Text))],
        "region": [_project.region],
        "industry": [_project.industry],
        "demand": [_project.land_demand_mu],
        "held": [held.c.value],
        "problems": [problems.c.value],
        "signed": [_project.signed_on],
    }


def _of(
    work: Work, summed: sa.Subquery, numbers: Sequence[int]
) -> Mapping[int, int | float]:
    """Read what hangs on some projects, by their number."""
    found = work.connection.execute(
        sa.select(summed.c.project_id, summed.c.value).where(
            summed.c.project_id.in_(numbers)
        )
    )
    return dict(found.all())

"""The list of land demands: filtered, sorted, read in parts, counted by state."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import sqlalchemy as sa

from ledger import casework_tables, list_part, tables
from ledger.access import Verb, require
from ledger.casework import Demand, DemandState, Urgency
from ledger.chinese_order import chinese_order
from ledger.demand_states import WANTED
from ledger.list_part import EVERYTHING, Columns, Part, Wanted
from ledger.model import Stage
from ledger.owned import lies_in
from ledger.sight import seen
from ledger.unit_of_work import Work

_table = casework_tables.demand
_project = tables.project.c
_TOLD: Final = ("code", "title", "region", "managed_by", "synthetic")


@dataclass(frozen=True)
class Asked:
    """What the list is filtered by; nothing of it keeps everything.

    Attributes:
        states: States to keep.
        region: A county's, prefecture's or management region's code.
        urgency: An `Urgency`.
        text: Words in the demand's or project's title, code, parcel or follower.
    """

    states: tuple[DemandState, ...] = ()
    region: str = ""
    urgency: str = ""
    text: str = ""


@dataclass(frozen=True)
class SeenDemand:
    """A demand in a list of many, with the project that it belongs to.

    Attributes:
        demand: The demand.
        code: Code of the project.
        project: Title of the project.
        region: Code of its county.
        managed_by: Code of the management region that runs it, "" for none.
        synthetic: Whether the project is made up.
    """

    demand: Demand
    code: str
    project: str
    region: str
    managed_by: str
    synthetic: bool


@dataclass(frozen=True)
class Counted:
    """How many demands stand in each state, and how many were wanted earlier."""

    states: Mapping[DemandState, int]
    overdue: int


def find(
    work: Work, asked: Asked = Asked(), wanted: Wanted = EVERYTHING
) -> Part[SeenDemand]:
    """Read a part of the demands that the actor may see, of projects that go on.

    Args:
        work: The unit of work.
        asked: What they are filtered by.
        wanted: Which part, sorted by `title`, `state`, `area`, `wanted`, `region` or
            `follower`.

    Returns:
        Urgent ones first, then those wanted soonest, where nothing else is asked for.
    """
    require(work.actor, Verb.PROJECT_READ)
    columns = _table.c
    found = list_part.read(
        work,
        _listed().where(*_conditions(work, asked)),
        wanted,
        key=columns.id,
        own=[
            columns.closed_on.is_not(None),
            columns.urgency != Urgency.URGENT,
            columns.wanted_by.is_(None),
            columns.wanted_by,
            columns.id,
        ],
        by=_sorts(),
    )
    return found.of(_seen)


def find_one(work: Work, demand_id: int) -> SeenDemand | None:
    """Read one demand of the list.

    Args:
        work: The unit of work.
        demand_id: The demand.

    Returns:
        The demand; None where there is none, or none that the actor may see.
    """
    require(work.actor, Verb.PROJECT_READ)
    query = _listed().where(*_conditions(work, Asked()), _table.c.id == demand_id)
    found = work.connection.execute(query).first()
    return None if found is None else _seen(found)


def count(work: Work, asked: Asked) -> Counted:
    """Count the demands that the actor may see, of projects that go on.

    Args:
        work: The unit of work.
        asked: What they are filtered by; those wanted earlier are counted in the
            states it asks for, each state whatever it asks for.

    Returns:
        The counts.
    """
    require(work.actor, Verb.PROJECT_READ)
    columns = _table.c
    late = sa.and_(columns.state.in_(WANTED), columns.wanted_by < work.today())
    found = work.connection.execute(
        sa
        .select(
            columns.state,
            sa.func.count(),
            sa.func.sum(sa.case((late, 1), else_=0)),
        )
        .join(tables.project, _project.id == columns.project_id)
        .where(*_conditions(work, replace(asked, states=())))
        .group_by(columns.state)
    ).all()
    overdue = {state: int(some) for state, _, some in found}
    return Counted(
        states=dict.fromkeys(DemandState, 0) | {row[0]: int(row[1]) for row in found},
        overdue=sum(overdue.get(one, 0) for one in asked.states or DemandState),
    )


def _listed() -> sa.Select[Any]:
    beside = [_project[name].label(f"project_{name}") for name in _TOLD]
    return sa.select(_table, *beside).join(
        tables.project, _project.id == _table.c.project_id
    )


def _seen(row: sa.Row[Any]) -> SeenDemand:
    values: tuple[Any, ...] = tuple(row)
    own = len(values) - len(_TOLD)
    return SeenDemand(Demand(*values[:own]), *values[own:])


def _conditions(work: Work, asked: Asked) -> list[sa.ColumnElement[bool]]:
    columns = _table.c
    wanted = [seen(work), _project.stage != Stage.ENDED]
    if asked.states:
        wanted.append(columns.state.in_(asked.states))
    if asked.urgency:
        wanted.append(columns.urgency == asked.urgency)
    if asked.region:
        wanted.append(lies_in(asked.region))
    said = (
        columns.title,
        columns.parcel_id,
        columns.follower,
        _project.title,
        _project.code,
    )
    wanted += [
        sa.or_(*(column.icontains(word, autoescape=True) for column in said))
        for word in asked.text.split()
    ]
    return wanted


def _sorts() -> Mapping[str, Columns]:
    columns = _table.c
    places = {state.value: place for place, state in enumerate(DemandState)}
    return {
        "title": [chinese_order(columns.title)],
        "state": [sa.case(places, value=sa.cast(columns.state, sa.Text))],
        "area": [columns.area_mu],
        "wanted": [columns.wanted_by],
        "region": [_project.region],
        "follower": [chinese_order(columns.follower)],
    }

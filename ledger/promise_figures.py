"""Promises over all projects: the list an office works through, and its figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from gis.words import Title
from ledger import casework_tables, list_part, tables
from ledger.access import Verb, require
from ledger.casework import Promise, PromiseState
from ledger.chinese_order import chinese_order
from ledger.indicators import Rate
from ledger.list_part import EVERYTHING, Columns, Part, Wanted
from ledger.owned import seen
from ledger.unit_of_work import Work

_table = casework_tables.promise
_project = tables.project
KEPT_RATE = Title("Share kept")
_TOLD: Final = ("code", "title", "region", "managed_by", "synthetic")


@dataclass(frozen=True)
class SeenPromise:
    """A promise in a list of many, with the project it was given to.

    Attributes:
        promise: The promise.
        code: Code of the project.
        project: Title of the project.
        region: Code of its county.
        managed_by: Code of the management region that runs it, "" for none.
        synthetic: Whether the project is made up.
    """

    promise: Promise
    code: str
    project: str
    region: str
    managed_by: str
    synthetic: bool


@dataclass(frozen=True)
class PromiseFigures:
    """Counts and money of the promises an actor may see; money in 10,000 yuan.

    Attributes:
        promises: How many there are.
        due: How many are still to be kept.
        overdue: How many of these should have been kept by yesterday.
        kept: How many were kept.
        by_law: How many were changed or refused by law.
        kept_rate: Those kept, of all that are settled or overdue.
        promised_wan_cny: What the promises that were not changed or refused name.
        paid_wan_cny: What was paid, on whichever promise.
        owed_wan_cny: What is left to pay on promises still due.
        overdue_wan_cny: The part of this that is overdue.
    """

    promises: int
    due: int
    overdue: int
    kept: int
    by_law: int
    kept_rate: Rate
    promised_wan_cny: float
    paid_wan_cny: float
    owed_wan_cny: float
    overdue_wan_cny: float


def is_overdue(promise: Promise, today: date) -> bool:
    """Tell whether a promise should have been kept by now; its day itself is in time.

    Args:
        promise: The promise.
        today: The day it is.

    Returns:
        Whether it is due and its day is past.
    """
    waits = promise.state is PromiseState.OPEN and promise.due_on is not None
    return waits and promise.due_on < today  # type: ignore[operator]


def listed(
    work: Work,
    text: str = "",
    *,
    state: PromiseState | None = None,
    overdue: bool = False,
    wanted: Wanted = EVERYTHING,
) -> Part[SeenPromise]:
    """List the promises of all projects that the actor may see.

    Args:
        work: The unit of work.
        text: Words of promise, basis, title or code of the project; "" for all.
        state: What became of them; None for all.
        overdue: Whether to list only what is overdue.
        wanted: Which part, sorted by `title`, `project`, `state`, `due`, `amount` or
            `paid`.

    Returns:
        Those still due first, the earliest day before; then the last settled; where
        nothing else is asked for.
    """
    require(work.actor, Verb.PROJECT_READ)
    columns = _table.c
    asked = [seen(work), *_named(text)]
    if state is not None:
        asked.append(columns.state == state)
    if overdue:
        asked.append(_overdue(work))
    found = list_part.read(
        work,
        _listed().where(*asked),
        wanted,
        key=columns.id,
        own=[
            columns.state != PromiseState.OPEN,
            columns.settled_on.desc(),
            columns.due_on.is_(None),
            columns.due_on,
            columns.id,
        ],
        by=_sorts(),
    )
    return found.of(_seen)


def find_one(work: Work, promise_id: int) -> SeenPromise | None:
    """Read one promise of the list.

    Args:
        work: The unit of work.
        promise_id: The promise.

    Returns:
        The promise; None where there is none, or none that the actor may see.
    """
    require(work.actor, Verb.PROJECT_READ)
    query = _listed().where(seen(work), _table.c.id == promise_id)
    found = work.connection.execute(query).first()
    return None if found is None else _seen(found)


def figures(work: Work) -> PromiseFigures:
    """Count the promises that the actor may see, and their money.

    Args:
        work: The unit of work.

    Returns:
        The figures.
    """
    require(work.actor, Verb.INDICATOR_READ)
    columns = _table.c
    amount = sa.func.coalesce(columns.amount_wan_cny, 0.0)
    # What was kept or paid otherwise leaves nothing to pay.
    left = sa.case((amount > columns.paid_wan_cny, amount - columns.paid_wan_cny))
    open_ = columns.state == PromiseState.OPEN
    kept = columns.state == PromiseState.KEPT
    found = work.connection.execute(
        sa
        .select(
            sa.func.count().label("promises"),
            _count(open_).label("due"),
            _count(_overdue(work)).label("overdue"),
            _count(kept).label("kept"),
            _count(sa.not_(sa.or_(open_, kept))).label("by_law"),
            _sum(sa.or_(open_, kept), amount).label("promised"),
            _sum(sa.true(), columns.paid_wan_cny).label("paid"),
            _sum(open_, left).label("owed"),
            _sum(_overdue(work), left).label("late"),
        )
        .select_from(_table.join(_project, _project.c.id == columns.project_id))
        .where(seen(work))
    ).one()
    return PromiseFigures(
        promises=found.promises,
        due=found.due,
        overdue=found.overdue,
        kept=found.kept,
        by_law=found.by_law,
        kept_rate=Rate(
            KEPT_RATE,
            found.kept,
            found.kept + found.by_law + found.overdue,
            Title("Kept / settled (kept, changed or refused by law) or overdue"),
        ),
        promised_wan_cny=float(found.promised),
        paid_wan_cny=float(found.paid),
        owed_wan_cny=float(found.owed),
        overdue_wan_cny=float(found.late),
    )


def _named(text: str) -> list[sa.ColumnElement[bool]]:
    said = (_table.c.title, _table.c.basis, _project.c.title, _project.c.code)
    return [
        sa.or_(*(column.icontains(word, autoescape=True) for column in said))
        for word in text.split()
    ]


def _overdue(work: Work) -> sa.ColumnElement[bool]:
    columns = _table.c
    return sa.and_(columns.state == PromiseState.OPEN, columns.due_on < work.today())


def _count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


def _sum(
    condition: sa.ColumnElement[bool], what: sa.ColumnElement[Any]
) -> sa.ColumnElement[float]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, what), else_=0.0)), 0.0)


def _listed() -> sa.Select[Any]:
    beside = [_project.c[name].label(f"project_{name}") for name in _TOLD]
    return sa.select(_table, *beside).join(
        _project, _project.c.id == _table.c.project_id
    )


def _seen(row: sa.Row[Any]) -> SeenPromise:
    values: tuple[Any, ...] = tuple(row)
    own = len(values) - len(_TOLD)
    promise = Promise(**dict(zip(row._fields[:own], values[:own], strict=True)))
    return SeenPromise(promise, *values[own:])


def _sorts() -> Mapping[str, Columns]:
    columns = _table.c
    places = {state.value: place for place, state in enumerate(PromiseState)}
    return {
        "title": [chinese_order(columns.title)],
        "project": [chinese_order(_project.c.title)],
        "state": [sa.case(places, value=sa.cast(columns.state, sa.Text))],
        "due": [columns.due_on],
        "amount": [columns.amount_wan_cny],
        "paid": [columns.paid_wan_cny],
    }

"""Lists of applications for land: by step, by batch, late ones, in one look."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from ledger import approval_course, casework_tables, tables
from ledger.access import Verb, require
from ledger.approval_batches import week_of
from ledger.casework import Approval, ApprovalState, ApprovalStep, Urgency
from ledger.keeping import of_project
from ledger.owned import seen
from ledger.unit_of_work import Work

_table = casework_tables.approval
_steps = casework_tables.approval_step
_APPROVAL, _STEP = tuple(_table.c.keys()), tuple(_steps.c.keys())
_PROJECT = ("code", "title", "region", "managed_by", "synthetic")


@dataclass(frozen=True)
class Card:
    """An application as a list shows it: with its project and the step it is in.

    Attributes:
        approval: The application.
        step: The step it is in, or was in when it was decided.
        code: Code of the project.
        project: Title of the project.
        region: Code of the project's county.
        managed_by: Code of the management region that runs it, or "".
        synthetic: Whether the project is made up.
        days_in_step: Calendar days in this step, all visits together.
        days: Calendar days since it was begun.
        late: Whether the step takes longer than a confirmed limit.
        batch_ahead: Whether a weekly batch lies ahead, or is where it stands.
    """

    approval: Approval
    step: ApprovalStep
    code: str
    project: str
    region: str
    managed_by: str
    synthetic: bool
    days_in_step: int
    days: int
    late: bool
    batch_ahead: bool

    @property
    def urgent(self) -> bool:
        """Whether it goes by the urgent lane."""
        return self.approval.urgency is Urgency.URGENT

    @property
    def lacking(self) -> list[str]:
        """Titles of required documents that are missing."""
        return approval_course.lacking(self.step)


OF_BOARD: Final = (
    of_project("code", "title", "synthetic"),
    "approval",
    "approval_step",
)
"""What the board is kept under: a test holds it against the queries."""


def board(
    work: Work,
    *,
    states: Sequence[ApprovalState] = (ApprovalState.OPEN,),
    region: str = "",
    most: int | None = None,
) -> list[Card]:
    """List applications with the step each is in, what is urgent and oldest first.

    Args:
        work: The unit of work.
        states: States to keep.
        region: Code of a county or management region, "" for all.
        most: At most so many are read; None for all.

    Returns:
        Those of projects that the actor may see.
    """
    require(work.actor, Verb.PROJECT_READ)
    project = tables.project.c
    batch = _steps.alias("batch")
    query = (
        sa
        .select(
            _table,
            *_steps.c,
            *(project[name] for name in _PROJECT),
            sa.exists().where(
                batch.c.approval_id == _table.c.id,
                batch.c.place >= _table.c.place,
                batch.c.by_batch,
            ),
        )
        .join(tables.project, project.id == _table.c.project_id)
        .join(
            _steps,
            sa.and_(
                _steps.c.approval_id == _table.c.id, _steps.c.place == _table.c.place
            ),
        )
        .where(seen(work), _table.c.state.in_(states))
        .order_by(_table.c.urgency.desc(), _table.c.begun_on, _table.c.id)
    )
    if region:
        query = query.where(
            sa.or_(project.region == region, project.managed_by == region)
        )
    today = work.today()
    return [_card(row, today) for row in work.connection.execute(query.limit(most))]


def count(
    work: Work, *, states: Sequence[ApprovalState] = (ApprovalState.OPEN,)
) -> int:
    """Count the applications that `board` lists.

    Args:
        work: The unit of work.
        states: States to keep.

    Returns:
        How many there are of projects that the actor may see.
    """
    require(work.actor, Verb.PROJECT_READ)
    query = (
        sa
        .select(sa.func.count())
        .select_from(_table)
        .join(tables.project, tables.project.c.id == _table.c.project_id)
        .where(seen(work), _table.c.state.in_(states))
    )
    return int(work.connection.scalar(query) or 0)


def of_batch(cards: Sequence[Card], week: str) -> list[Card]:
    """Keep the applications of a week's batch."""
    return [one for one in cards if one.approval.batch == week]


def at_batch(cards: Sequence[Card]) -> list[Card]:
    """Keep the applications whose step is left with a batch, and that are in none."""
    return [
        one
        for one in cards
        if one.step.by_batch and not one.approval.batch and not one.urgent
    ]


def late(cards: Sequence[Card]) -> list[Card]:
    """Keep the applications whose step takes longer than a confirmed limit."""
    return [one for one in cards if one.late]


def overdue_batch(cards: Sequence[Card], today: date) -> list[Card]:
    """Keep the applications whose batch's week is over and that did not go up."""
    this_week = week_of(today)
    return [
        one
        for one in cards
        if one.batch_ahead and one.approval.batch and one.approval.batch < this_week
    ]


def _card(row: sa.Row[Any], today: date) -> Card:
    """Cut a row of the joined query into its parts, by place."""
    values: tuple[Any, ...] = tuple(row)
    head = len(_APPROVAL)
    tail = head + len(_STEP)
    approval = Approval(**dict(zip(_APPROVAL, values[:head], strict=True)))
    step = ApprovalStep(**dict(zip(_STEP, values[head:tail], strict=True)))
    code, project, region, managed_by, synthetic, ahead = values[tail:]
    until = approval.decided_on or today
    return Card(
        approval=approval,
        step=step,
        code=code,
        project=project,
        region=region,
        managed_by=managed_by,
        synthetic=bool(synthetic),
        days_in_step=approval_course.days_in(step, today, approval.decided_on),
        days=(until - approval.begun_on).days,
        late=approval.state is ApprovalState.OPEN
        and approval_course.is_late(step, today),
        batch_ahead=bool(ahead),
    )

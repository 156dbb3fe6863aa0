"""The queries behind a day's work: one for each kind, counted and bounded.

Each returns how many rows there are at all and the first of them as entries. Where the
level that has a case now is the actor's own, it comes first.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from ledger import offices
from ledger.access import own_prefix
from ledger.casework import (
    AppraisalState,
    ApprovalState,
    DemandState,
    InquiryState,
    PromiseState,
    Urgency,
)
from ledger.casework_tables import (
    account,
    appraisal,
    approval,
    approval_step,
    demand,
    firm_request,
    inquiry,
    opinion,
    promise,
    stage_plan,
)
from ledger.closed_loop import OFFICES, level_of, levels_of
from ledger.model import HOLDING, Role, Stage
from ledger.owned import seen
from ledger.stages import ROAD
from ledger.tables import claim, milestone, problem, project, shortlist_item
from ledger.unit_of_work import CHINA, Work

LISTED: Final = 20
"""So many entries of one kind are listed; the rest is counted."""

_SIGNED_AND_OPEN: Final = ROAD[: ROAD.index(Stage.STARTED)]


@dataclass(frozen=True)
class Entry:
    """One thing to do.

    Attributes:
        entity: Table of the row it is about.
        id: Number of that row.
        title: What it is about, as it was written.
        day: The day that counts: due, running out, planned, or since when it waits.
        left: Days until then; fewer than 0 is over, None where there is no day.
        code: Code of the project, "" where there is none.
        project: Title of the project, or of the firm that asks.
        region: Code of the place.
        about: More that was written: a step, a holder, a state.
    """

    entity: str
    id: int
    title: str
    day: date | None
    left: int | None
    code: str = ""
    project: str = ""
    region: str = ""
    about: str = ""


Found = tuple[int, tuple[Entry, ...]]


def problems(work: Work, most: int, days: tuple[date | None, date]) -> Found:
    """Read the open problems that are due in some days, a bound of None is open."""
    return _handed(work, most, problem, days)


def requests(work: Work, most: int, days: tuple[date | None, date]) -> Found:
    """Read the open requests of firms that are due in some days."""
    return _handed(work, most, firm_request, days)


def escalated(work: Work, most: int) -> Found:
    """Read the open problems that were handed up to the actor's level."""
    columns = problem.c
    return _cases(
        work,
        most,
        problem,
        (
            columns.closed_on.is_(None),
            columns.escalations > 0,
            columns.level == level_of(work.actor),
        ),
        day=columns.escalated_on,
        first=columns.escalated_on,
    )


def routed(work: Work, most: int) -> Found:
    """Read problems and requests that the actor's office has not answered yet."""
    both = [
        _cases(
            work,
            most,
            table,
            (
                table.c.closed_on.is_(None),
                table.c.answered_on.is_(None),
                table.c.office == work.actor.office,
                table.c.office != "",
                table.c.level.in_(levels_of(work.actor)),
            ),
            day=table.c.due_on,
            first=table.c.due_on,
        )
        for table in (problem, firm_request)
    ]
    entries = [entry for _, found in both for entry in found]
    entries.sort(key=lambda one: (one.day is None, one.day or date.max, one.id))
    return sum(total for total, _ in both), tuple(entries[:most])


def promises(work: Work, most: int, days: tuple[date | None, date]) -> Found:
    """Read the promises that are neither kept nor changed and due in some days."""
    columns = promise.c
    return _cases(
        work,
        most,
        promise,
        (columns.state == PromiseState.OPEN, *_between(columns.due_on, days)),
        day=columns.due_on,
        first=columns.due_on,
    )


def claims(work: Work, most: int, days: int) -> Found:
    """Read the claims that run out in so many days, or ran out as long ago."""
    columns = claim.c
    span = timedelta(days=days)
    return _cases(
        work,
        most,
        claim,
        (
            columns.kind.in_(HOLDING),
            columns.expires_on.between(work.today() - span, work.today() + span),
        ),
        day=columns.expires_on,
        first=columns.expires_on,
        title=columns.parcel_id,
        about=columns.kind,
    )


def claims_of_ended(work: Work, most: int) -> Found:
    """Read the claims that hold land for projects that have ended: to be released."""
    columns = claim.c
    return _cases(
        work,
        most,
        claim,
        (
            columns.kind.in_(HOLDING),
            sa.or_(columns.expires_on.is_(None), columns.expires_on >= work.today()),
            project.c.stage == Stage.ENDED,
        ),
        day=columns.claimed_at,
        first=columns.claimed_at,
        title=columns.parcel_id,
        about=columns.kind,
    )


def demands(work: Work, most: int, days: int) -> Found:
    """Read the land demands that wait for so many days, or past their day."""
    columns = demand.c
    long_ago = work.today() - timedelta(days=days)
    return _cases(
        work,
        most,
        demand,
        (
            columns.state == DemandState.OPEN,
            project.c.stage != Stage.ENDED,
            sa.or_(columns.raised_on <= long_ago, columns.wanted_by < work.today()),
        ),
        day=columns.raised_on,
        first=columns.raised_on,
        about=columns.area_mu,
    )


def batch(work: Work, most: int) -> Found:
    """Read the applications that go up with this week's batch."""
    year, week, _ = work.today().isocalendar()
    columns = approval.c
    return _cases(
        work,
        most,
        approval,
        (
            columns.state == ApprovalState.OPEN,
            columns.batch == f"{year}-W{week:02d}",
        ),
        day=columns.begun_on,
        first=sa.case((columns.urgency == Urgency.URGENT, 0), else_=1),
        about=columns.batch,
    )


def steps(work: Work, most: int) -> Found:
    """Read the steps at which applications wait: a department sees its own alone."""
    columns = approval_step.c
    mine = (columns.office.in_(_called(work)),) if work.actor.role in OFFICES else ()
    joined = approval_step.join(approval, approval.c.id == columns.approval_id)
    return _cases(
        work,
        most,
        approval_step,
        (
            approval.c.state == ApprovalState.OPEN,
            columns.entered_on.is_not(None),
            columns.done_on.is_(None),
            *mine,
        ),
        day=columns.entered_on,
        first=columns.entered_on,
        title=approval.c.title,
        about=columns.title,
        joined=joined,
        owner=approval.c.project_id,
    )


def _called(work: Work) -> list[str]:
    """Return what the steps of applications call the actor's office, at its level."""
    own = work.actor.office
    level = level_of(work.actor)
    return [
        name
        for office in offices.offices(work)
        if office.code == own
        for name in (office.code, *office.called.get(level, ()))
    ]


def decisions(work: Work, most: int) -> Found:
    """Read the appraisals that wait for a decision."""
    return _appraisals(work, most, ())


def opinions(work: Work, most: int) -> Found:
    """Read the appraisals to which the actor's role and office said nothing yet."""
    said = sa.exists().where(
        opinion.c.appraisal_id == appraisal.c.id,
        opinion.c.role == work.actor.role,
        opinion.c.office == work.actor.office,
    )
    return _appraisals(work, most, (~said,))


def plans_missed(work: Work, most: int) -> Found:
    """Read the stages that were planned for a day that is past and not reached."""
    columns = stage_plan.c
    behind = _place_on_road(project.c.stage) < _place_on_road(columns.stage)
    return _cases(
        work,
        most,
        stage_plan,
        (columns.planned_on < work.today(), behind),
        day=columns.planned_on,
        first=columns.planned_on,
        title=columns.stage,
    )


def _place_on_road(stage: sa.ColumnElement[Stage]) -> sa.ColumnElement[int]:
    """Number the stages along the road; an ended project stands nowhere on it."""
    return sa.case({one: place for place, one in enumerate(ROAD)}, value=stage)


def milestones(work: Work, most: int, days: tuple[date | None, date]) -> Found:
    """Read the milestones that are not done and planned for some days."""
    columns = milestone.c
    return _cases(
        work,
        most,
        milestone,
        (
            columns.done_on.is_(None),
            *_between(columns.planned_on, days),
            project.c.stage != Stage.ENDED,
        ),
        day=columns.planned_on,
        first=columns.planned_on,
    )


def inquiries(work: Work, most: int) -> Found:
    """Read the inquiries of investors about the actor's places, the oldest first."""
    columns = inquiry.c
    own = own_prefix(work.actor) or "-"
    query = (
        sa
        .select(inquiry, sa.func.count().over().label("of"))
        .where(
            columns.state == InquiryState.NEW,
            columns.region.startswith(own, autoescape=True),
        )
        .order_by(columns.received_at, columns.id)
        .limit(most)
    )
    found = work.connection.execute(query).all()
    return _total(found), tuple(
        Entry(
            "inquiry",
            row.id,
            row.text,
            received := row.received_at.astimezone(CHINA).date(),
            (received - work.today()).days,
            project=row.firm or row.person,
            region=row.region,
            about=row.number,
        )
        for row in found
    )


def land_lost(work: Work, most: int) -> Found:
    """Read the candidates of projects without land that another project holds."""
    other, some = claim.alias("other"), claim.alias("some")
    holder = project.alias("holder")
    # Several may hold parts of one parcel: the candidate is told once, by the newest.
    newest = (
        sa
        .select(sa.func.max(some.c.id))
        .where(
            some.c.parcel_id == shortlist_item.c.parcel_id,
            some.c.project_id != shortlist_item.c.project_id,
            some.c.kind.in_(HOLDING),
            sa.or_(some.c.expires_on.is_(None), some.c.expires_on >= work.today()),
        )
        .correlate(shortlist_item)
        .scalar_subquery()
    )
    joined = shortlist_item.join(other, other.c.id == newest).join(
        holder, holder.c.id == other.c.project_id
    )
    return _cases(
        work,
        most,
        shortlist_item,
        (project.c.stage.in_(_SIGNED_AND_OPEN),),
        day=other.c.claimed_at,
        first=other.c.claimed_at.desc(),
        title=shortlist_item.c.parcel_id,
        about=holder.c.title,
        joined=joined,
    )


def data_changed(work: Work, most: int, newest: datetime | None) -> Found:
    """Read the projects without land whose candidates are older than the data.

    Args:
        work: The unit of work.
        most: At most so many are returned.
        newest: When the newest version of a layer came in; None for no layers.

    Returns:
        An entry for each project: its day is that of the oldest such candidate,
        `about` how many there are.
    """
    if newest is None:
        return 0, ()
    columns = shortlist_item.c
    oldest = sa.func.min(columns.added_at)
    return _cases(
        work,
        most,
        shortlist_item,
        (
            columns.added_at < newest,
            columns.result_hash != "",
            project.c.stage.in_(_SIGNED_AND_OPEN),
        ),
        number=sa.func.min(columns.id),
        day=oldest,
        first=oldest,
        title=project.c.title,
        about=sa.func.count(),
        grouped=True,
    )


def accounts(work: Work, most: int) -> Found:
    """Read the accounts of people who signed in and have no role yet."""
    columns = account.c
    query = (
        sa
        .select(account, sa.func.count().over().label("of"))
        .where(columns.role == Role.PUBLIC, columns.disabled.is_(sa.false()))
        .order_by(columns.updated_at, columns.id)
        .limit(most)
    )
    found = work.connection.execute(query).all()
    return _total(found), tuple(
        Entry("account", row.id, row.name, None, None, about=row.email) for row in found
    )


def _handed(
    work: Work, most: int, table: sa.Table, days: tuple[date | None, date]
) -> Found:
    columns = table.c
    mine = sa.case((columns.level == level_of(work.actor), 0), else_=1)
    return _cases(
        work,
        most,
        table,
        (columns.closed_on.is_(None), *_between(columns.due_on, days)),
        day=columns.due_on,
        first=(mine, columns.due_on),
    )


def _appraisals(
    work: Work, most: int, more: tuple[sa.ColumnElement[bool], ...]
) -> Found:
    columns = appraisal.c
    return _cases(
        work,
        most,
        appraisal,
        (columns.state == AppraisalState.SUBMITTED, *more),
        day=columns.submitted_on,
        first=columns.submitted_on,
        title=project.c.title,
    )


def _between(
    column: sa.ColumnElement[Any], days: tuple[date | None, date]
) -> list[sa.ColumnElement[bool]]:
    begin, end = days
    return [column <= end, *([] if begin is None else [column >= begin])]


def _cases(  # noqa: PLR0913 - which rows, and what is told of each
    work: Work,
    most: int,
    table: sa.Table,
    conditions: tuple[sa.ColumnElement[bool], ...],
    *,
    day: sa.ColumnElement[Any],
    first: Any,  # noqa: ANN401 - a column, or several
    title: sa.ColumnElement[Any] | None = None,
    about: sa.ColumnElement[Any] | None = None,
    number: sa.ColumnElement[Any] | None = None,
    joined: sa.FromClause | None = None,
    owner: sa.ColumnElement[int] | None = None,
    grouped: bool = False,
) -> Found:
    """Read rows of projects that the actor may see, counted before they are bounded.

    Args:
        work: The unit of work.
        most: At most so many are returned.
        table: The rows.
        conditions: Which of them.
        day: The day that counts.
        first: What they are ordered by.
        title: What each is about; its column `title` when not given.
        about: More about each.
        number: Its number; its column `id` when not given.
        joined: The table with what else it is asked by.
        owner: The project of each; its column `project_id` when not given.
        grouped: Whether a project is told once.

    Returns:
        How many there are, and the first.
    """
    owner = table.c.project_id if owner is None else owner
    told: list[sa.ColumnElement[Any]] = [
        (table.c.id if number is None else number).label("number"),
        (table.c.title if title is None else title).label("title"),
        day.label("day"),
        (sa.literal("") if about is None else about).label("about"),
        project.c.code,
        project.c.title.label("project"),
        project.c.region,
    ]
    order = first if isinstance(first, tuple) else (first,)
    source = table if joined is None else joined
    one_each = sa.select(*told).select_from(source.join(project, project.c.id == owner))
    query = one_each.where(seen(work), *conditions)
    if grouped:
        ordered = query.group_by(project.c.id).order_by(*order, project.c.id)
        found = work.connection.execute(ordered.limit(most)).all()
    else:
        # All are put in order by little; what is told is read of the first alone.
        order = (*order, table.c.id)
        narrow = query.with_only_columns(table.c.id, maintain_column_froms=True)
        first_ids = work.connection.scalars(narrow.order_by(*order).limit(most)).all()
        told_of = one_each.where(table.c.id.in_(first_ids)).order_by(*order)
        found = work.connection.execute(told_of).all() if first_ids else []
    count = len(found)
    if count == most:  # counted beside each row, all would be written down and sorted
        every = sa.func.count(project.c.id.distinct()) if grouped else sa.func.count()
        total = query.with_only_columns(every, maintain_column_froms=True)
        count = int(work.connection.scalar(total) or 0)
    return count, tuple(_entry(work, table.name, row) for row in found)


def _entry(work: Work, entity: str, row: sa.Row[Any]) -> Entry:
    day = row.day
    if isinstance(day, datetime):
        day = day.astimezone(CHINA).date()
    return Entry(
        entity=entity,
        id=row.number,
        title=str(row.title),
        day=day,
        left=None if day is None else (day - work.today()).days,
        code=row.code,
        project=row.project,
        region=row.region,
        about=str(row.about),
    )


def _total(found: Any) -> int:  # noqa: ANN401 - rows of a query
    return int(found[0].of) if found else 0

"""The days a project plans to reach its stages, beside the days it did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import sqlalchemy as sa

from gis.errors import LedgerError
from ledger import audit, casework_tables, rows
from ledger.access import Verb
from ledger.casework import StagePlan
from ledger.model import Project, Stage, StageMove
from ledger.owned import project_for
from ledger.stages import ROAD
from ledger.unit_of_work import Work

_table = casework_tables.stage_plan

PLANNED = ROAD[1:]
"""Stages that a day can be planned for: a lead is where everything begins."""


@dataclass(frozen=True)
class Course:
    """One stage of a project: the day planned, the day it was reached.

    Attributes:
        stage: The stage.
        planned_on: The day planned, None for none.
        entered_on: The day it was reached, None where it was not, or nobody knows.
        reached: Whether the project is there or beyond.
        late_days: Days it was reached after the plan, or is behind it today; 0 where
            it is in time or there is nothing to compare.
    """

    stage: Stage
    planned_on: date | None
    entered_on: date | None
    reached: bool
    late_days: int


def of(work: Work, project_id: int) -> dict[Stage, StagePlan]:
    """Read the days that a project plans to reach its stages.

    Args:
        work: The unit of work.
        project_id: The project.

    Returns:
        The plan by stage, in the order of the road.
    """
    project_for(work, project_id, Verb.PROJECT_READ)
    return _of(work, project_id)


def plan(
    work: Work,
    project_id: int,
    days: Mapping[Stage, date | None],
    *,
    versions: Mapping[Stage, int],
) -> dict[Stage, StagePlan]:
    """Plan the days of several stages at once, change them or take them back.

    Args:
        work: The unit of work.
        project_id: The project.
        days: The day of each stage, None to plan none; stages that are not named stay
            as they are.
        versions: The version that the person saw of each stage that had a day.

    Returns:
        The whole plan by stage.

    Raises:
        LedgerError: A stage cannot be planned, or a later one comes before an earlier.
    """
    project = project_for(work, project_id, Verb.PROJECT_EDIT)
    known = _of(work, project_id)
    for stage, one in known.items():
        if stage in days:
            rows.require_version(one, versions.get(stage, 0), _table)
    _require_order({stage: one.planned_on for stage, one in known.items()} | {**days})
    for stage, day in days.items():
        _write(work, project, known.get(stage), stage, day)
    return _of(work, project_id)


def course(
    project: Project,
    moves: Sequence[StageMove],
    planned: Mapping[Stage, StagePlan],
    today: date,
) -> list[Course]:
    """Put plan and life of a project side by side; nothing is read.

    Args:
        project: The project.
        moves: What it entered, in order.
        planned: Its plan.
        today: The day it is.

    Returns:
        A line for each stage of the road, in order. An ended project is late nowhere:
        it stands at the last stage it reached.
    """
    ended = project.stage is Stage.ENDED
    road = [move.stage for move in moves if move.stage is not Stage.ENDED]
    at = ROAD.index((road or [Stage.LEAD])[-1] if ended else project.stage)
    entered = {move.stage: move.entered_on for move in moves}
    lines = []
    for place, stage in enumerate(ROAD):
        one = planned.get(stage)
        day = one.planned_on if one else None
        reached = place <= at
        actual = entered.get(stage) if reached else None
        until = actual if reached else None if ended else today
        late = (until - day).days if day and until else 0
        lines.append(Course(stage, day, actual, reached, max(late, 0)))
    return lines


def _of(work: Work, project_id: int) -> dict[Stage, StagePlan]:
    found = work.connection.execute(
        sa.select(_table).where(_table.c.project_id == project_id)
    )
    known = {row.stage: rows.made(StagePlan, row) for row in found}
    return {stage: known[stage] for stage in ROAD if stage in known}


def _require_order(days: Mapping[Stage, date | None]) -> None:
    if wrong := [stage for stage in days if stage not in PLANNED]:
        raise LedgerError(
            "No day is planned for the stage {stage}.", stage=wrong[0].label
        )
    given = [(stage, day) for stage in PLANNED if (day := days.get(stage))]
    faults = [
        LedgerError(
            "{later} ({on}) is planned before {earlier} ({before}).",
            later=stage.label,
            on=day,
            earlier=earlier.label,
            before=before,
        )
        for (earlier, before), (stage, day) in pairwise(given)
        if day < before
    ]
    if faults:
        raise LedgerError("The plan cannot be saved as it is.", faults=faults)


def _write(
    work: Work,
    project: Project,
    one: StagePlan | None,
    stage: Stage,
    day: date | None,
) -> None:
    if one is None and day is not None:
        values = {"project_id": project.id, "stage": stage, "planned_on": day}
        rows.add(work, _table, values, verb="plan.set")
    elif one is not None and day is not None:
        changes = {"planned_on": day}
        rows.change(work, _table, one, changes, version=one.version, verb="plan.change")
    elif one is not None:
        audit.require_writing(work)
        work.connection.execute(_table.delete().where(_table.c.id == one.id))
        audit.record(
            work,
            "plan.remove",
            _table.name,
            one.id,
            project_id=project.id,
            before={"stage": one.stage, "planned_on": one.planned_on},
        )

"""Planned stages beside the life of a project."""

from datetime import date
from typing import Any

import pytest

from gis.errors import AccessError, LedgerError, StaleError
from ledger import audit, plans, projects
from ledger.model import Stage
from ledger.unit_of_work import Ledger

START, MAKE = date(2026, 6, 1), date(2027, 3, 1)


def planned(ledger: Ledger, who: Any, project: Any, days: Any, versions: Any) -> Any:
    with ledger.begin(who) as work:
        found = plans.plan(work, project.id, days, versions=versions)
        work.commit()
    return found


def test_days_are_planned_changed_and_taken_back(
    ledger: Ledger, county: Any, add: Any
) -> None:
    project = add()
    days = {Stage.STARTED: START, Stage.PRODUCTION: MAKE}
    first = planned(ledger, county, project, days, {})
    assert {stage: one.planned_on for stage, one in first.items()} == days
    moved = {Stage.STARTED: date(2026, 7, 1), Stage.PRODUCTION: None}
    seen = {stage: one.version for stage, one in first.items()}
    left = planned(ledger, county, project, moved, seen)
    assert {stage: one.planned_on for stage, one in left.items()} == {
        Stage.STARTED: date(2026, 7, 1)
    }
    with ledger.read(county) as work:
        told = audit.history(work, "project", project.id)
        assert plans.of(work, project.id) == left
    assert [row.verb for row in told[:4]] == [
        "plan.remove",
        "plan.change",
        "plan.set",
        "plan.set",
    ]


def test_a_later_stage_is_not_planned_before_an_earlier_one(
    ledger: Ledger, county: Any, add: Any
) -> None:
    project = add()
    planned(ledger, county, project, {Stage.STARTED: START}, {})
    with ledger.begin(county) as work:
        with pytest.raises(LedgerError, match="In production") as refused:
            plans.plan(
                work, project.id, {Stage.PRODUCTION: date(2026, 5, 31)}, versions={}
            )
        assert "planned before Construction started (2026-06-01)" in str(refused.value)
        for stage in (Stage.LEAD, Stage.ENDED):
            with pytest.raises(LedgerError, match="No day is planned"):
                plans.plan(work, project.id, {stage: START}, versions={})


def test_an_outdated_plan_is_refused_and_nothing_is_written(
    ledger: Ledger, county: Any, add: Any
) -> None:
    project = add()
    first = planned(ledger, county, project, {Stage.STARTED: START}, {})
    planned(
        ledger, county, project, {Stage.STARTED: date(2026, 7, 1)}, {Stage.STARTED: 1}
    )
    with ledger.begin(county) as work, pytest.raises(StaleError, match="播州 李"):
        plans.plan(
            work,
            project.id,
            {Stage.PRODUCTION: MAKE, Stage.STARTED: None},
            versions={Stage.STARTED: first[Stage.STARTED].version},
        )
    with ledger.read(county) as work:
        assert list(plans.of(work, project.id)) == [Stage.STARTED]


def test_another_county_plans_and_reads_nothing(
    ledger: Ledger, county: Any, add: Any
) -> None:
    project = add(region="520303")
    with ledger.begin(county) as work:
        with pytest.raises(AccessError):
            plans.plan(work, project.id, {Stage.STARTED: START}, versions={})
        with pytest.raises(AccessError):
            plans.of(work, project.id)


def test_late_stages_tell_by_how_many_days(
    ledger: Ledger, county: Any, add: Any
) -> None:
    # Today is 2026-05-20. Signed 5 days late, siting planned 19 days ago, start ahead.
    project = add(stage=Stage.SIGNED, signed_on=date(2026, 4, 6))
    days = {
        Stage.SIGNED: date(2026, 4, 1),
        Stage.SITING: date(2026, 5, 1),
        Stage.STARTED: START,
    }
    kept = planned(ledger, county, project, days, {})
    with ledger.read(county) as work:
        moves = projects.timeline(work, project.id)
        lines = plans.course(project, moves, kept, work.today())
    assert [line.stage for line in lines][:3] == [
        Stage.LEAD,
        Stage.NEGOTIATION,
        Stage.SIGNED,
    ]
    told = {line.stage: line for line in lines}
    assert told[Stage.SIGNED].entered_on == date(2026, 4, 6)
    assert [told[stage].late_days for stage in days] == [5, 19, 0]
    assert [told[stage].reached for stage in days] == [True, False, False]
    assert told[Stage.NEGOTIATION].late_days == 0


def test_an_ended_project_is_late_nowhere(
    ledger: Ledger, province: Any, county: Any, add: Any
) -> None:
    project = add()
    kept = planned(ledger, county, project, {Stage.SIGNED: date(2026, 4, 1)}, {})
    with ledger.begin(province) as work:
        ended = projects.move(
            work, project.id, to=Stage.ENDED, version=1, why="投资方撤回"
        )
        lines = plans.course(
            ended, projects.timeline(work, project.id), kept, work.today()
        )
    assert [line.late_days for line in lines] == [0] * len(lines)
    assert [line.reached for line in lines] == [True] + [False] * (len(lines) - 1)

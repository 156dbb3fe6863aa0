"""A day's work: what is told to whom, counted, bounded, the gravest first.

Today is 2026-05-20. Rows are written as the verbs of each table would.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from gis.errors import AccessError
from ledger import (
    agenda,
    approval_course,
    approvals,
    casework_tables,
    claims,
    demands,
    projects,
    shortlist,
    tables,
)
from ledger.agenda import Matter
from ledger.casework import (
    AppraisalState,
    ApprovalState,
    Channel,
    DemandState,
    InquiryState,
    PromiseState,
    Urgency,
    View,
)
from ledger.model import Actor, ClaimKind, Level, ProblemKind, Role, Stage
from ledger.unit_of_work import Ledger

TODAY = date(2026, 5, 20)
DAY = timedelta(days=1)
MOMENT = datetime(2026, 5, 1, tzinfo=UTC)
STAMP = {"version": 1, "updated_at": MOMENT, "updated_by": "setter"}
LAND = Actor("自然资源厅", Role.FACTOR, "520000", office="land")
LEADER = Actor("分管领导", Role.LEADER, "520000")
PLANNER = Actor("规划", Role.PLANNER, "520000")
ADMINISTRATOR = Actor("管理员", Role.ADMINISTRATOR, "520000")


def put(ledger: Ledger, table: Any, **values: Any) -> int:
    """Write a row as a verb would, without its checks."""
    clerk = Actor("setter", Role.PROVINCE, "520000")
    stamp = {name: value for name, value in STAMP.items() if name in table.c}
    with ledger.begin(clerk) as work:
        done = work.connection.execute(table.insert().values(values | stamp))
        work.commit()
    (number,) = done.inserted_primary_key or (0,)
    return int(number)


def problem(ledger: Ledger, project: Any, title: str = "缺电", **values: Any) -> int:
    base = {
        "project_id": project.id,
        "kind": ProblemKind.SINGLE,
        "title": title,
        "opened_on": date(2026, 1, 1),
        "level": Level.COUNTY,
    }
    return put(ledger, tables.problem, **(base | values))


def request(ledger: Ledger, project: Any, title: str = "用工", **values: Any) -> int:
    base = {
        "project_id": project.id,
        "title": title,
        "channel": Channel.HOTLINE,
        "level": Level.COUNTY,
        "raised_on": date(2026, 1, 1),
    }
    return put(ledger, casework_tables.firm_request, **(base | values))


def look(ledger: Ledger, who: Actor, **options: Any) -> agenda.Agenda:
    with ledger.read(who) as work:
        return agenda.agenda(work, **options)


def told(ledger: Ledger, who: Actor, matter: Matter, **options: Any) -> list[Any]:
    groups = {one.matter: one for one in look(ledger, who, **options).groups}
    return list(groups[matter].entries) if matter in groups else []


def titles(ledger: Ledger, who: Actor, matter: Matter, **options: Any) -> list[str]:
    return [one.title for one in told(ledger, who, matter, **options)]


def test_an_empty_ledger_asks_for_nothing(ledger: Ledger, county: Actor) -> None:
    found = look(ledger, county)
    assert (found.total, found.groups, found.today) == (0, (), TODAY)


def test_problems_are_overdue_the_day_after_and_due_until_then(
    ledger: Ledger, county: Actor, add: Any
) -> None:
    project = add()
    problem(ledger, project, "昨天", due_on=TODAY - DAY)
    problem(ledger, project, "上月", due_on=TODAY - 30 * DAY)
    problem(ledger, project, "今天", due_on=TODAY)
    problem(ledger, project, "两周", due_on=TODAY + 14 * DAY)
    problem(ledger, project, "更远", due_on=TODAY + 15 * DAY)
    problem(ledger, project, "无期限")
    problem(
        ledger, project, "已销号", due_on=TODAY - DAY, closed_on=TODAY, evidence="单"
    )
    over = told(ledger, county, Matter.PROBLEM_OVERDUE)
    assert [(one.title, one.left) for one in over] == [("上月", -30), ("昨天", -1)]
    assert (over[0].code, over[0].project, over[0].region) == (
        project.code,
        project.title,
        "520304",
    )
    assert titles(ledger, county, Matter.PROBLEM_DUE) == ["今天", "两周"]


def test_what_has_reached_one_s_own_level_comes_first(
    ledger: Ledger, province: Actor, add: Any
) -> None:
    project = add()
    problem(ledger, project, "县级", due_on=TODAY - 9 * DAY)
    problem(ledger, project, "省级", due_on=TODAY - DAY, level=Level.PROVINCE)
    assert titles(ledger, province, Matter.PROBLEM_OVERDUE) == ["省级", "县级"]


def test_what_was_handed_up_is_told_to_the_level_that_has_it(
    ledger: Ledger, province: Actor, county: Actor, add: Any
) -> None:
    up = {"escalations": 1, "escalated_on": TODAY - 3 * DAY, "level": Level.PROVINCE}
    problem(ledger, add(), "提级", **up)
    assert titles(ledger, province, Matter.ESCALATED) == ["提级"]
    assert titles(ledger, LEADER, Matter.ESCALATED) == ["提级"]
    assert titles(ledger, county, Matter.ESCALATED) == []
    city = Actor("市领导", Role.LEADER, "520300")
    assert titles(ledger, city, Matter.ESCALATED) == []


def test_an_office_sees_what_is_routed_to_it_and_not_answered(
    ledger: Ledger, county: Actor, add: Any
) -> None:
    project = add()
    problem(ledger, project, "指标", office="land")
    request(ledger, project, "不动产证", office="land", due_on=TODAY - DAY)
    problem(ledger, project, "电力", office="energy")
    answer = {"answer": "已办", "answered_on": TODAY, "answered_by": "厅"}
    problem(ledger, project, "已答复", office="land", **answer)
    found = told(ledger, LAND, Matter.ROUTED)
    assert [(one.title, one.entity) for one in found] == [
        ("不动产证", "firm_request"),
        ("指标", "problem"),
    ]
    assert look(ledger, LAND).total == 2
    assert titles(ledger, county, Matter.ROUTED) == []
    nowhere = Actor("厅", Role.DEPARTMENT, "520000")
    problem(ledger, project, "未转办")
    assert look(ledger, nowhere).total == 0


def test_requests_of_firms_are_told_like_problems(
    ledger: Ledger, county: Actor, add: Any
) -> None:
    project = add()
    request(ledger, project, "昨天", due_on=TODAY - DAY)
    request(ledger, project, "今天", due_on=TODAY)
    assert titles(ledger, county, Matter.REQUEST_OVERDUE) == ["昨天"]
    assert titles(ledger, county, Matter.REQUEST_DUE) == ["今天"]


def test_promises_are_told_until_they_are_settled(
    ledger: Ledger, county: Actor, add: Any
) -> None:
    base = {"project_id": add().id, "state": PromiseState.OPEN}
    table = casework_tables.promise
    put(ledger, table, title="奖补", due_on=TODAY - DAY, **base)
    put(ledger, table, title="贴息", due_on=TODAY + 30 * DAY, **base)
    put(ledger, table, title="远期", due_on=TODAY + 31 * DAY, **base)
    kept = {"state": PromiseState.KEPT, "settled_on": TODAY, "evidence": "凭证"}
    put(ledger, table, title="已兑现", due_on=TODAY - DAY, **(base | kept))
    assert titles(ledger, county, Matter.PROMISE_OVERDUE) == ["奖补"]
    assert titles(ledger, county, Matter.PROMISE_DUE) == ["贴息"]


def test_claims_are_told_when_they_run_out_or_just_did(
    ledger: Ledger, county: Actor, add: Any, square: Any, now: Any
) -> None:
    project = add()
    with ledger.begin(county) as work:
        for at, days in enumerate((30, 31, 1, None)):
            claims.claim(
                work,
                project_id=project.id,
                parcel_id=f"P{days}",
                geometry=square(200 * at),
                area_m2=10_000,
                expires_on=None if days is None else TODAY + days * DAY,
            )
        work.commit()
    found = told(ledger, county, Matter.CLAIM_EXPIRING)
    assert [(one.title, one.left) for one in found] == [("P1", 1), ("P30", 30)]
    now.pass_days(3)
    left = {one.title: one.left for one in told(ledger, county, Matter.CLAIM_EXPIRING)}
    assert left == {"P1": -2, "P30": 27, "P31": 28}


def test_land_of_a_project_that_has_ended_is_told_until_it_is_released(
    ledger: Ledger, county: Actor, add: Any, square: Any
) -> None:
    project = add("撤资")
    with ledger.begin(county) as work:
        held = claims.claim(
            work,
            project_id=project.id,
            parcel_id="P1",
            geometry=square(0),
            area_m2=10_000,
        )
        work.commit()
    assert told(ledger, county, Matter.CLAIM_ENDED) == []
    with ledger.begin(county) as work:
        projects.move(work, project.id, to=Stage.ENDED, version=1, why="撤资")
        work.commit()
    assert titles(ledger, county, Matter.CLAIM_ENDED) == ["P1"]
    with ledger.begin(county) as work:
        claims.release(work, held.id, reason="项目终止")
        work.commit()
    assert told(ledger, county, Matter.CLAIM_ENDED) == []


def test_a_demand_is_told_after_sixty_days_or_past_its_day(
    ledger: Ledger, county: Actor, add: Any
) -> None:
    base = {
        "project_id": add().id,
        "area_mu": 120.0,
        "urgency": Urgency.NORMAL,
        "state": DemandState.OPEN,
    }
    table = casework_tables.demand
    put(ledger, table, title="久", raised_on=TODAY - 60 * DAY, **base)
    put(ledger, table, title="新", raised_on=TODAY - 59 * DAY, **base)
    put(
        ledger,
        table,
        title="到期",
        raised_on=TODAY - DAY,
        wanted_by=TODAY - DAY,
        **base,
    )
    matched = base | {"state": DemandState.MATCHED}
    put(ledger, table, title="已匹配", raised_on=TODAY - 99 * DAY, **matched)
    found = told(ledger, county, Matter.DEMAND)
    assert [(one.title, one.left, one.about) for one in found] == [
        ("久", -60, "120.0"),
        ("到期", -1, "120.0"),
    ]


def test_nobody_is_sent_to_match_land_to_a_project_that_has_ended(
    ledger: Ledger, county: Actor, add: Any, now: Any
) -> None:
    project = add()
    with ledger.begin(county) as work:
        demands.add(work, project_id=project.id, title="一期", area_mu=30.0)
        at = projects.get(work, project.id).version
        projects.move(work, project.id, to=Stage.ENDED, version=at, why="撤资")
        work.commit()
    now.pass_days(70)
    assert told(ledger, county, Matter.DEMAND) == []


def approval(ledger: Ledger, project: Any, title: str, **values: Any) -> int:
    base = {
        "project_id": project.id,
        "title": title,
        "path": "province",
        "urgency": Urgency.NORMAL,
        "state": ApprovalState.OPEN,
        "begun_on": TODAY - 10 * DAY,
    }
    return put(ledger, casework_tables.approval, **(base | values))


def test_this_week_s_batch_has_the_urgent_first(
    ledger: Ledger, county: Actor, add: Any
) -> None:
    project = add()
    approval(ledger, project, "普通", batch="2026-W21")  # of 20 May 2026
    approval(ledger, project, "急件", batch="2026-W21", urgency=Urgency.URGENT)
    approval(ledger, project, "下周", batch="2026-W22")
    done = {"state": ApprovalState.APPROVED, "decided_on": TODAY}
    approval(ledger, project, "已批", batch="2026-W21", **done)
    assert titles(ledger, county, Matter.BATCH) == ["急件", "普通"]


def test_steps_that_wait_are_told_to_staff_and_to_their_own_office(
    ledger: Ledger, county: Actor, add: Any
) -> None:
    number = approval(ledger, add(), "一期用地")
    table = casework_tables.approval_step
    for place, (office, entered, done) in enumerate([
        ("land", TODAY - 9 * DAY, TODAY - 5 * DAY),
        ("land", TODAY - 5 * DAY, None),
        ("energy", TODAY - 4 * DAY, None),
        ("land", None, None),
    ]):
        put(
            ledger,
            table,
            approval_id=number,
            place=place,
            code=f"s{place}",
            title=f"第{place}步",
            office=office,
            entered_on=entered,
            done_on=done,
        )
    waiting = told(ledger, county, Matter.STEP)
    assert [(one.title, one.about, one.left) for one in waiting] == [
        ("一期用地", "第1步", -5),
        ("一期用地", "第2步", -4),
    ]
    assert [one.about for one in told(ledger, LAND, Matter.STEP)] == ["第1步"]


def test_a_step_is_told_to_the_office_that_the_shipped_path_calls_at_its_level(
    ledger: Ledger, county: Actor, add: Any
) -> None:
    project = add()
    with ledger.begin(county) as work:
        made = approvals.apply(
            work, project_id=project.id, title="一期用地", case="conversion"
        )
        first = approval_course.get(work, made.id).now
        work.commit()
    assert first.office == "县级自然资源部门"
    there = replace(LAND, region="520304")
    assert [one.about for one in told(ledger, there, Matter.STEP)] == [first.title]
    assert told(ledger, LAND, Matter.STEP) == []


def test_appraisals_wait_for_opinions_of_each_office_and_for_the_leader(
    ledger: Ledger, county: Actor, add: Any
) -> None:
    project = add("储能")
    base = {"project_id": project.id}
    table = casework_tables.appraisal
    put(ledger, table, state=AppraisalState.DRAFT, **base)
    number = put(
        ledger,
        table,
        state=AppraisalState.SUBMITTED,
        submitted_on=TODAY - 2 * DAY,
        **base,
    )
    assert [one.id for one in told(ledger, LEADER, Matter.DECISION)] == [number]
    assert titles(ledger, LAND, Matter.OPINION) == ["储能"]
    assert titles(ledger, county, Matter.DECISION) == []
    put(
        ledger,
        casework_tables.opinion,
        appraisal_id=number,
        role=Role.FACTOR,
        office="land",
        view=View.FOR,
        text="同意",
        said_at=MOMENT,
        said_by="厅",
    )
    assert titles(ledger, LAND, Matter.OPINION) == []
    finance = Actor("财政厅", Role.FACTOR, "520000", office="finance")
    assert titles(ledger, finance, Matter.OPINION) == ["储能"]
    assert titles(ledger, county, Matter.OPINION) == ["储能"]


def test_a_planned_stage_is_missed_until_it_is_reached(
    ledger: Ledger, county: Actor, province: Actor, add: Any
) -> None:
    project = add(stage=Stage.SIGNED, signed_on=date(2026, 3, 1))
    ended = add("终止项目")
    with ledger.begin(province) as work:
        projects.move(work, ended.id, to=Stage.ENDED, version=1, why="撤")
        work.commit()
    for one, stage, day in (
        (project, Stage.SIGNED, date(2026, 2, 1)),
        (project, Stage.SITING, TODAY - DAY),
        (project, Stage.STARTED, TODAY),
        (ended, Stage.SIGNED, date(2026, 2, 1)),
    ):
        put(
            ledger,
            casework_tables.stage_plan,
            project_id=one.id,
            stage=stage,
            planned_on=day,
        )
    found = told(ledger, county, Matter.PLAN_MISSED)
    assert [(one.title, one.left) for one in found] == [("siting", -1)]


def test_milestones_are_told_when_due_and_not_of_ended_projects(
    ledger: Ledger, county: Actor, province: Actor, add: Any
) -> None:
    project, ended = add(), add("终止项目")
    with ledger.begin(county) as work:
        for days, done in ((-3, None), (14, None), (15, None), (-3, TODAY)):
            projects.add_milestone(
                work,
                project.id,
                title=f"{days}",
                planned_on=TODAY + days * DAY,
                done_on=done,
            )
        projects.add_milestone(work, ended.id, title="x", planned_on=TODAY)
        work.commit()
    with ledger.begin(province) as work:
        projects.move(work, ended.id, to=Stage.ENDED, version=1, why="撤")
        work.commit()
    assert titles(ledger, county, Matter.MILESTONE_OVERDUE) == ["-3"]
    assert titles(ledger, county, Matter.MILESTONE_DUE) == ["14"]


def test_new_inquiries_are_told_in_their_place(ledger: Ledger, county: Actor) -> None:
    base = {
        "person": "陈",
        "contact": "138",
        "consented_at": MOMENT,
        "received_at": MOMENT,
    }
    table = casework_tables.inquiry
    rows = [
        ("ZX-1", "520304", InquiryState.NEW),
        ("ZX-2", "520303", InquiryState.NEW),
        ("ZX-3", "520304", InquiryState.ANSWERED),
    ]
    for number, region, state in rows:
        put(ledger, table, number=number, region=region, state=state, text="问", **base)
    (one,) = told(ledger, county, Matter.INQUIRY)
    assert (one.about, one.project, one.left) == ("ZX-1", "陈", -19)


def test_candidates_that_another_project_holds_are_lost(
    ledger: Ledger, county: Actor, add: Any, square: Any
) -> None:
    loser, holder = add("找地"), add("占地")
    with ledger.begin(county) as work:
        for parcel in ("P1", "P2", "P3"):
            shortlist.add(work, project_id=loser.id, parcel_id=parcel)
        shortlist.add(work, project_id=holder.id, parcel_id="P1")
        for at, (parcel, until) in enumerate((("P1", None), ("P2", TODAY + DAY))):
            claims.claim(
                work,
                project_id=holder.id,
                parcel_id=parcel,
                geometry=square(200 * at),
                area_m2=10_000,
                expires_on=until,
            )
        held = claims.claim(
            work,
            project_id=holder.id,
            parcel_id="P3",
            geometry=square(900),
            area_m2=10_000,
            kind=ClaimKind.LOCKED,
        )
        claims.release(work, held.id, reason="让地")
        work.commit()
    found = told(ledger, county, Matter.LAND_LOST)
    assert sorted((one.title, one.project, one.about) for one in found) == [
        ("P1", "找地", "占地"),
        ("P2", "找地", "占地"),
    ]


def test_a_candidate_of_which_two_hold_parts_is_lost_once(
    ledger: Ledger, county: Actor, add: Any, square: Any
) -> None:
    loser, *holders = add("找地"), add("占东"), add("占西")
    with ledger.begin(county) as work:
        shortlist.add(work, project_id=loser.id, parcel_id="P1")
        for at, holder in enumerate(holders):
            claims.claim(
                work,
                project_id=holder.id,
                parcel_id="P1",
                geometry=square(200 * at),
                area_m2=10_000,
                part=True,
            )
        work.commit()
    assert [one.about for one in told(ledger, county, Matter.LAND_LOST)] == ["占西"]


def test_candidates_older_than_the_data_are_told_once_a_project(
    ledger: Ledger, county: Actor, add: Any, now: Any
) -> None:
    project, fresh = add("旧数据"), add("新数据")
    with ledger.begin(county) as work:
        for parcel in ("P1", "P2"):
            shortlist.add(
                work, project_id=project.id, parcel_id=parcel, result_hash="ab"
            )
        shortlist.add(work, project_id=fresh.id, parcel_id="P9")  # no screening
        work.commit()
    loaded = {"roads": now() + timedelta(hours=1), "zoning": MOMENT}
    assert titles(ledger, county, Matter.DATA_CHANGED) == []
    assert titles(ledger, county, Matter.DATA_CHANGED, data_of={"zoning": MOMENT}) == []
    (one,) = told(ledger, county, Matter.DATA_CHANGED, data_of=loaded)
    assert (one.title, one.about, one.day) == ("旧数据", "2", TODAY)
    group = look(ledger, county, data_of=loaded).groups[-1]
    assert (group.matter, group.total) == (Matter.DATA_CHANGED, 1)


def test_the_administrator_sees_accounts_without_a_role_and_nothing_else(
    ledger: Ledger, add: Any
) -> None:
    problem(ledger, add(), due_on=TODAY - DAY)
    base = {"issuer": "https://id.example", "region": "520304", "email": "z@example.cn"}
    table = casework_tables.account
    put(ledger, table, subject="1", name="张", role=Role.PUBLIC, **base)
    put(ledger, table, subject="2", name="李", role=Role.COUNTY, **base)
    put(ledger, table, subject="3", name="王", role=Role.PUBLIC, disabled=True, **base)
    found = look(ledger, ADMINISTRATOR)
    assert [(one.matter, one.total) for one in found.groups] == [(Matter.ACCOUNT, 1)]
    assert found.groups[0].entries[0].title == "张"


def test_all_are_counted_and_the_first_are_listed(
    ledger: Ledger, county: Actor, add: Any
) -> None:
    project = add()
    for days in range(1, 6):
        problem(ledger, project, f"{days}", due_on=TODAY - days * DAY)
    found = look(ledger, county, most=2)
    (group,) = found.groups
    assert (group.total, [one.title for one in group.entries]) == (5, ["5", "4"])
    assert found.total == found.count(Matter.PROBLEM_OVERDUE) == 5
    assert found.count(Matter.DEMAND) == 0


def test_groups_come_the_gravest_first(ledger: Ledger, county: Actor, add: Any) -> None:
    project = add()
    problem(ledger, project, due_on=TODAY)
    request(ledger, project, due_on=TODAY - DAY)
    problem(ledger, project, due_on=TODAY - DAY)
    assert [one.matter for one in look(ledger, county).groups] == [
        Matter.PROBLEM_OVERDUE,
        Matter.REQUEST_OVERDUE,
        Matter.PROBLEM_DUE,
    ]


@pytest.mark.parametrize("role", [Role.COUNTY, Role.PLANNER, Role.LEADER])
def test_nobody_is_told_of_other_places(ledger: Ledger, add: Any, role: Role) -> None:
    project = add(region="520303")
    problem(ledger, project, due_on=TODAY - DAY, escalations=1, level=Level.COUNTY)
    approval(ledger, project, "x", batch="2026-W21")
    assert look(ledger, Actor("邻县", role, "520304")).total == 0


def test_guests_have_no_desk(ledger: Ledger) -> None:
    for role in (Role.PUBLIC, Role.INVESTOR):
        with ledger.read(Actor("客", role)) as work, pytest.raises(AccessError):
            agenda.agenda(work)

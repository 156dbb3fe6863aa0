"""A ledger handed in as a table: told row by row, then all rows or none."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from gis.errors import AccessError, LedgerError
from ledger import audit, intake, projects
from ledger.intake import Action, Plan
from ledger.intake_cells import Vocabulary, read_cell
from ledger.model import Actor, Level, Project, Role, Stage
from ledger.unit_of_work import Ledger

WORDS = Vocabulary(
    levels={"县级": Level.COUNTY, "市(州)级": Level.CITY, "省级": Level.PROVINCE},
    stages={"签约": Stage.SIGNED, "开工": Stage.STARTED, "线索": Stage.LEAD},
    places={"播州区": "520304", "桐梓县": "520322"},
    industries={"白酒制造": "C1512"},
)
ROW = {
    "code": "XM-9",
    "title": "电池材料",
    "region": "播州区",
    "level": "县级",
    "stage": "签约",
    "signed_on": "2026年1月5日",
    "investment_wan_cny": "1,200",
    "jobs": "３００",
}


def plan(ledger: Ledger, actor: Actor, *cells: Mapping[str, str], **how: Any) -> Plan:
    with ledger.read(actor) as work:
        return intake.plan(work, list(enumerate(cells, start=2)), WORDS, **how)


def take(ledger: Ledger, actor: Actor, *cells: Mapping[str, str], **how: Any) -> int:
    with ledger.begin(actor) as work:
        made = intake.plan(work, list(enumerate(cells, start=2)), WORDS, **how)
        count = intake.apply(work, made)
        work.commit()
    return count


def found(ledger: Ledger, actor: Actor, code: str) -> Project:
    with ledger.read(actor) as work:
        project = projects.by_code(work, code)
    assert project is not None
    return project


def test_a_new_row_becomes_a_project_read_as_people_write(
    ledger: Ledger, province: Actor
) -> None:
    assert take(ledger, province, ROW) == 1
    project = found(ledger, province, "XM-9")
    assert (project.region, project.level, project.stage) == (
        "520304",
        Level.COUNTY,
        Stage.SIGNED,
    )
    assert project.signed_on == date(2026, 1, 5)
    assert (project.investment_wan_cny, project.jobs) == (1200.0, 300)


def test_a_plan_writes_nothing(ledger: Ledger, province: Actor) -> None:
    made = plan(ledger, province, ROW)
    assert (made.good, made.count(Action.NEW)) == (True, 1)
    with ledger.read(province) as work:
        assert projects.find(work) == []


def test_one_changed_cell_is_one_change_in_the_history(
    ledger: Ledger, province: Actor
) -> None:
    take(ledger, province, ROW, {**ROW, "code": "XM-10", "title": "白酒"})
    assert take(ledger, province, {**ROW, "jobs": "320"}, {**ROW, "code": "XM-10"}) == 2
    first = found(ledger, province, "XM-9")
    with ledger.read(province) as work:
        newest, *_ = audit.history(work, "project", first.id)
    assert (newest.verb, newest.before, newest.after) == (
        "project.edit",
        '{"jobs":300}',
        '{"jobs":320}',
    )


def test_a_row_that_says_the_same_does_nothing(ledger: Ledger, province: Actor) -> None:
    take(ledger, province, ROW)
    made = plan(ledger, province, ROW)
    assert [step.action for step in made.steps] == [Action.SAME]
    assert not made.good


def test_one_faulty_row_keeps_all_out_and_every_fault_is_told(
    ledger: Ledger, province: Actor
) -> None:
    bad = {**ROW, "code": "", "title": "", "jobs": "许多", "stage": "飞行"}
    made = plan(ledger, province, ROW, bad)
    (step,) = (one for one in made.steps if one.action is Action.FAULT)
    told = [str(fault) for fault in step.faults]
    assert step.line == 3
    assert any("许多 is not a number" in one for one in told)
    assert any("飞行 is not one of" in one for one in told)
    with pytest.raises(LedgerError, match="1 rows are faulty, 1 new, 0 changed"):
        take(ledger, province, ROW, bad)
    with ledger.read(province) as work:
        assert projects.find(work) == []


def test_rules_of_fields_hold_for_a_table_too(ledger: Ledger, province: Actor) -> None:
    made = plan(
        ledger,
        province,
        {**ROW, "signed_on": ""},
        {**ROW, "code": "2", "region": "99"},
        {**ROW, "code": "3", "signed_on": "2030-01-01"},
    )
    told = [str(fault) for step in made.steps for fault in step.faults]
    assert any("needs this date" in one for one in told)
    assert any("not a six-digit region code" in one for one in told)
    assert any("in the future" in one for one in told)


def test_a_row_written_from_an_older_version_says_who_changed_it(
    ledger: Ledger, province: Actor
) -> None:
    take(ledger, province, ROW)
    project = found(ledger, province, "XM-9")
    with ledger.begin(province) as work:
        projects.edit(work, project.id, version=1, owner="王")
        work.commit()
    (step,) = plan(ledger, province, {**ROW, "jobs": "9", "version": "1"}).steps
    assert step.action is Action.FAULT
    assert "省投促局 王 changed this project" in str(step.faults[0])
    (step,) = plan(ledger, province, {**ROW, "jobs": "9", "version": "2"}).steps
    assert step.action is Action.CHANGE


@pytest.mark.parametrize("seen", ["inf", "first"])
def test_what_is_no_version_is_told(ledger: Ledger, province: Actor, seen: str) -> None:
    take(ledger, province, ROW)
    made = plan(ledger, province, ROW | {"jobs": "5", "version": seen})
    assert [str(one) for one in made.steps[0].faults] == [
        f"{seen} is no version of a project."
    ]


def test_an_empty_cell_leaves_a_field_unless_asked_to_clear_it(
    ledger: Ledger, province: Actor
) -> None:
    take(ledger, province, ROW)
    empty = {**ROW, "jobs": "", "title": ""}
    assert plan(ledger, province, empty).steps[0].action is Action.SAME
    (step,) = plan(ledger, province, empty, empty_clears=True).steps
    assert (step.values, step.before) == ({"jobs": None}, {"jobs": 300})


def test_a_stage_goes_on_by_a_table_and_never_back(
    ledger: Ledger, province: Actor
) -> None:
    take(ledger, province, ROW)
    going = {**ROW, "stage": "开工", "started_on": "2026-03-01", "owner": "李"}
    assert take(ledger, province, going) == 1
    project = found(ledger, province, "XM-9")
    assert (project.stage, project.started_on, project.owner) == (
        Stage.STARTED,
        date(2026, 3, 1),
        "李",
    )
    (step,) = plan(ledger, province, {**ROW, "stage": "线索"}).steps
    assert "is not moved to" in str(step.faults[0])


def test_the_same_code_twice_is_told(ledger: Ledger, province: Actor) -> None:
    made = plan(ledger, province, ROW, ROW)
    assert made.count(Action.FAULT) == 2
    assert "stands in several rows" in str(made.steps[0].faults[0])


def test_a_county_takes_in_its_own_rows_and_learns_nothing_of_others(
    ledger: Ledger, province: Actor, county: Actor
) -> None:
    take(ledger, province, {**ROW, "code": "GEHEIM", "region": "桐梓县"})
    made = plan(
        ledger,
        county,
        ROW,
        {**ROW, "code": "N", "region": "桐梓县"},
        {"code": "GEHEIM", "jobs": "5"},
    )
    assert [step.action for step in made.steps] == [
        Action.NEW,
        Action.FAULT,
        Action.FAULT,
    ]
    other = made.steps[2]
    assert (other.title, other.values, other.before, other.project) == (
        "",
        {},
        {},
        None,
    )


def test_the_office_of_a_management_region_takes_in_what_it_runs(
    ledger: Ledger, province: Actor, add: Callable[..., Project]
) -> None:
    area = Actor("贵安新区", Role.COUNTY, "52M001")
    own = add("数据中心", "520111", code="GA-1", managed_by="52M001")
    add("花溪自管", "520111", code="GA-2")
    new = {"code": "GA-3", "title": "算力", "region": "520111"}
    assert take(ledger, area, {"code": own.code, "title": "数据中心二期"}, new) == 2
    assert found(ledger, province, "GA-1").title == "数据中心二期"
    assert found(ledger, province, "GA-3").managed_by == "52M001"
    (fault,) = plan(ledger, area, {"code": "GA-2", "title": "x"}).steps[0].faults
    assert "may not see" in str(fault)
    (fault,) = plan(ledger, area, {"title": "x", "region": "520304"}).steps[0].faults
    assert "does not reach into 520304" in str(fault)


def test_a_code_is_the_same_in_full_width_signs(
    ledger: Ledger, province: Actor
) -> None:
    take(ledger, province, ROW)
    assert plan(ledger, province, ROW | {"code": "ＸＭ－9"}).count(Action.SAME) == 1
    twice = plan(ledger, province, ROW | {"code": "A-1"}, ROW | {"code": "Ａ-1"})
    assert twice.count(Action.FAULT) == 2


def test_who_may_not_add_projects_takes_in_nothing(ledger: Ledger) -> None:
    planner = Actor("规划", Role.PLANNER, "520000")
    with pytest.raises(AccessError):
        plan(ledger, planner, ROW)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("signed_on", "2026/1/5", date(2026, 1, 5)),
        ("signed_on", "2026.01.05", date(2026, 1, 5)),
        ("signed_on", "2026-01-05 00:00:00", date(2026, 1, 5)),
        ("signed_on", "  ", None),
        ("investment_wan_cny", "12,345.5", 12345.5),
        ("jobs", "300.0", 300),
        ("jobs", "300.5", 300.5),
        ("region", "520304", "520304"),
        ("industry", "白酒制造", "C1512"),
        ("industry", "Ｃ3841", "C3841"),
        ("level", "市（州）级", Level.CITY),
        ("note", " 原样（保留） ", "原样（保留）"),
    ],
)
def test_cells_are_read_as_people_write_them(name: str, text: str, value: Any) -> None:
    assert read_cell(name, text, WORDS) == value


@pytest.mark.parametrize("text", ["2026-13-01", "昨天", "20260105x"])
def test_what_is_no_date_is_told(text: str) -> None:
    with pytest.raises(LedgerError, match="is not a date"):
        read_cell("signed_on", text, WORDS)

"""Projects: added, changed, moved, found."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.errors import AccessError, LedgerError, StaleError
from ledger import projects, rows, tables
from ledger.model import Actor, Level, Project, Role, Stage
from ledger.stages import DATE_TITLES, ROAD, dates_asked, next_stages
from ledger.unit_of_work import Ledger

TODAY = date(2026, 5, 20)


def test_a_new_project_is_a_lead_with_a_code_of_its_own(
    add: Callable[..., Project],
) -> None:
    first, second = add(title="A"), add(title="B")
    assert (first.stage, first.version) == (Stage.LEAD, 1)
    assert (first.code, second.code) == ("XM-2026-0001", "XM-2026-0002")
    assert first.level is Level.COUNTY
    assert not first.synthetic


def test_when_a_stage_was_entered_is_not_made_up(ledger, province, add):
    lead, siting = add(), add(stage=Stage.SITING, signed_on=date(2026, 1, 1))
    with ledger.read(province) as work:
        told = [
            [(move.stage, move.entered_on) for move in projects.timeline(work, one.id)]
            for one in (lead, siting)
        ]
    assert told == [
        [(Stage.LEAD, TODAY)],
        [(Stage.SIGNED, date(2026, 1, 1)), (Stage.SITING, None)],
    ]


def test_what_is_written_is_what_is_read(
    ledger: Ledger, province: Actor, add: Callable[..., Project]
) -> None:
    fields = {
        "code": "GZ-7",
        "investor": "某新能源公司",
        "industry": "C3849",
        "level": Level.PROVINCE,
        "stage": Stage.STARTED,
        "signed_on": date(2025, 3, 1),
        "started_on": date(2026, 1, 15),
        "investment_wan_cny": 230_000.5,
        "output_wan_cny": 400_000.0,
        "tax_wan_cny": 9_000.0,
        "jobs": 1_200,
        "owner": "张工",
        "leader": "陈副市长",
        "need": '{"title": "电池"}',
        "land_demand_mu": 182.4,
        "demand_met": True,
        "note": "“特殊”字符 <b>&${}",
    }
    project = add(title="动力电池", region="520304", **fields)
    with ledger.read(province) as work:
        kept = projects.get(work, project.id)
    assert {name: getattr(kept, name) for name in fields} == fields
    assert (kept.title, kept.region) == ("动力电池", "520304")


def test_a_project_brings_the_stages_behind_it(
    ledger: Ledger, province: Actor, add: Callable[..., Project]
) -> None:
    project = add(
        stage=Stage.PRODUCTION,
        signed_on=date(2024, 1, 1),
        started_on=date(2024, 6, 1),
        production_on=date(2025, 6, 1),
    )
    with ledger.read(province) as work:
        told = [(m.stage, m.entered_on) for m in projects.timeline(work, project.id)]
    assert told == [
        (Stage.SIGNED, date(2024, 1, 1)),
        (Stage.STARTED, date(2024, 6, 1)),
        (Stage.PRODUCTION, date(2025, 6, 1)),
    ]


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"title": "  "}, "Project title: fill this in."),
        ({"region": ""}, "Region: fill this in."),
        ({"region": "52030"}, "Region: 52030 is not a six-digit region code."),
        ({"region": "52030四"}, "Region: 52030四 is not a six-digit region code."),
        ({"level": "moon"}, "Level: moon is not one of province, city, county."),
        ({"stage": "flying"}, "Stage: flying is not one of lead, negotiation, signed"),
        ({"jobs": -1}, "Jobs: -1 is not a number of 0 or more."),
        ({"jobs": True}, "Jobs: True is not a number of 0 or more."),
        ({"jobs": 1.5}, "Jobs: 1.5 is not a whole number."),
        ({"investment_wan_cny": "a lot"}, "Investment: a lot is not a number"),
        ({"tax_wan_cny": float("nan")}, "Yearly tax: nan is not a number"),
        ({"land_demand_mu": float("inf")}, "Land demand: inf is not a number"),
        ({"demand_met": "no"}, "Land demand met: no is neither yes nor no."),
        ({"owner": 7}, "Owner: 7 is not text."),
        ({"need": "[1]"}, "Land need: this is not a need in JSON."),
        ({"need": "{"}, "Land need: this is not a need in JSON."),
        ({"signed_on": TODAY}, "Signed on: a project at stage Lead has no such date"),
        (
            {"stage": Stage.SIGNED},
            "Signed on: a project at stage Signed needs this date.",
        ),
        (
            {"stage": Stage.SIGNED, "signed_on": "2026-05-20"},
            r"Signed on: 2026-05-20 is not a date \(YYYY-MM-DD\)",
        ),
        (
            {"stage": Stage.SIGNED, "signed_on": datetime(2026, 5, 1)},  # noqa: DTZ001
            "Signed on: 2026-05-01 00:00:00 is not a date",
        ),
        (
            {"stage": Stage.SIGNED, "signed_on": TODAY + timedelta(days=1)},
            "2026-05-21 is in the future",
        ),
        (
            {
                "stage": Stage.STARTED,
                "signed_on": date(2026, 2, 2),
                "started_on": date(2026, 2, 1),
            },
            r"Started on \(2026-02-01\) lies before Signed on \(2026-02-02\)",
        ),
    ],
)
def test_a_faulty_field_is_told_with_what_was_read(
    ledger: Ledger, province: Actor, fields: Any, fault: Any
) -> None:
    values = {"title": "A", "region": "520304"} | fields
    with (
        ledger.begin(province) as work,
        pytest.raises(LedgerError, match=fault),
    ):
        projects.create(work, **values)


def test_all_faults_are_told_at_once(ledger: Ledger, province: Actor) -> None:
    with ledger.begin(province) as work, pytest.raises(LedgerError) as refused:
        projects.create(
            work, title="", region="520304", jobs=-1, need="?", level="moon"
        )
    assert len(refused.value.faults) == 4


def test_a_code_is_given_once(
    ledger: Ledger, province: Actor, add: Callable[..., Project]
) -> None:
    first, second = add(code="GZ-1"), add(code=" GZ-2 ")
    assert second.code == "GZ-2"
    with ledger.begin(province) as work:
        with pytest.raises(LedgerError, match="The code GZ-1 is taken"):
            projects.create(work, title="C", region="520304", code="GZ-1")
        with pytest.raises(LedgerError, match="The code GZ-1 is taken"):
            projects.edit(work, second.id, version=1, code="GZ-1")
        with pytest.raises(LedgerError, match="taken or empty"):
            projects.edit(work, second.id, version=1, code=" ")
        assert projects.edit(work, first.id, version=1, code="GZ-3").code == "GZ-3"


def test_a_made_code_steps_aside_for_one_that_was_given(
    add: Callable[..., Project],
) -> None:
    add(code="XM-2026-0002")
    assert add().code not in {"XM-2026-0002", ""}


def test_an_edit_carries_the_version_it_read(
    ledger: Ledger,
    province: Actor,
    county: Actor,
    add: Callable[..., Project],
    now: Any,
) -> None:
    project = add()
    with ledger.begin(county) as work:
        second = projects.edit(work, project.id, version=1, owner="李")
        work.commit()
    assert (second.version, second.owner, second.updated_by) == (2, "李", "播州 李")
    now.pass_days(1)
    with (
        ledger.begin(province) as work,
        pytest.raises(
            StaleError,
            match=r"播州 李 changed this project at 2026-05-20 09:30, after you opened",
        ),
    ):
        projects.edit(work, project.id, version=1, owner="王")
    with ledger.read(province) as work:
        assert projects.get(work, project.id).owner == "李"


def test_a_row_that_another_database_session_changed_is_not_written_over(
    ledger: Ledger, province: Actor, add: Callable[..., Project]
) -> None:
    """What SQLite's one writer rules out, the version in the update rules out too."""
    project = add()
    with ledger.begin(province) as work:
        projects.edit(work, project.id, version=1, jobs=1)
        with pytest.raises(StaleError):
            rows.change(
                work,
                tables.project,
                project,
                {"jobs": 2},
                version=1,
                verb="project.edit",
            )
        assert projects.get(work, project.id).jobs == 1


def test_a_stale_move_is_refused(
    ledger: Ledger, province: Actor, add: Callable[..., Project]
) -> None:
    project = add()
    with ledger.begin(province) as work:
        projects.edit(work, project.id, version=1, jobs=1)
        with pytest.raises(StaleError):
            projects.move(work, project.id, to=Stage.NEGOTIATION, version=1)


def test_a_stage_is_not_changed_by_an_edit(
    ledger: Ledger, province: Actor, add: Callable[..., Project]
) -> None:
    project = add()
    with ledger.begin(province) as work:
        with pytest.raises(LedgerError, match="changed by moving the project"):
            projects.edit(work, project.id, version=1, stage=Stage.NEGOTIATION)
        edited = projects.edit(work, project.id, version=1, stage=Stage.LEAD, jobs=1)
        assert edited.jobs == 1


def test_a_date_can_be_corrected_once_its_stage_is_reached(
    ledger: Ledger, province: Actor, add: Callable[..., Project]
) -> None:
    project = add(stage=Stage.SITING, signed_on=date(2026, 5, 1))
    with ledger.begin(province) as work:
        edited = projects.edit(work, project.id, version=1, signed_on=date(2026, 4, 30))
        assert edited.signed_on == date(2026, 4, 30)
        with pytest.raises(LedgerError, match="needs this date"):
            projects.edit(work, project.id, version=2, signed_on=None)


def test_moving_on_fills_the_date_and_moving_back_clears_it(
    ledger: Ledger, province: Actor, add: Callable[..., Project]
) -> None:
    project = add(stage=Stage.SIGNED, signed_on=date(2026, 5, 1))
    with ledger.begin(province) as work:
        started = projects.move(
            work, project.id, to=Stage.STARTED, version=1, on=date(2026, 5, 18)
        )
        assert (started.stage, started.started_on) == (
            Stage.STARTED,
            date(2026, 5, 18),
        )
        back = projects.move(work, project.id, to=Stage.APPROVAL, version=2, why="停工")
        assert (back.started_on, back.signed_on) == (None, date(2026, 5, 1))
        told = projects.timeline(work, project.id)
    assert [(m.stage, m.why) for m in told] == [
        (Stage.SIGNED, ""),
        (Stage.STARTED, ""),
        (Stage.APPROVAL, "停工"),
    ]
    assert told[-1].entered_on == TODAY


@pytest.mark.parametrize(
    ("to", "why", "on", "sentence"),
    [
        (Stage.PRODUCTION, "", None, "at stage Signed cannot move to In production"),
        (Stage.SIGNED, "", None, "at stage Signed cannot move to Signed"),
        (Stage.NEGOTIATION, " ", None, "Say why"),
        (Stage.ENDED, "", None, "Say why"),
        (Stage.STARTED, "", date(2026, 5, 21), "in the future"),
        (Stage.SITING, "", date(2026, 5, 21), "in the future"),
        (Stage.STARTED, "", date(2026, 4, 30), "lies before Signed on"),
    ],
)
def test_a_move_that_cannot_be_is_refused_and_changes_nothing(
    ledger: Ledger,
    province: Actor,
    add: Callable[..., Project],
    to: Any,
    why: Any,
    on: Any,
    sentence: Any,
) -> None:
    project = add(stage=Stage.SIGNED, signed_on=date(2026, 5, 1))
    with ledger.begin(province) as work:
        with pytest.raises(LedgerError, match=sentence):
            projects.move(work, project.id, to=to, version=1, why=why, on=on)
        assert projects.get(work, project.id) == project
        assert len(projects.timeline(work, project.id)) == 1


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(moves=st.lists(st.tuples(st.sampled_from(Stage), st.integers(0, 2)), max_size=9))
def test_no_row_of_moves_leaves_dates_that_do_not_fit_the_stage(
    ledger: Ledger, province: Actor, moves: Any
) -> None:
    with ledger.begin(province) as work:
        project = projects.create(work, title="A", region="520304")
        road = [project.stage]
        for to, days_ago in moves:
            allowed = to in next_stages(project.stage)
            day = TODAY - timedelta(days=days_ago)
            version = project.version
            try:
                project = projects.move(
                    work, project.id, to=to, version=version, why="so", on=day
                )
            except LedgerError as error:
                refused = str(error)
            else:
                refused = ""
                road.append(to)
            # A way that is open is refused only on a day before the stage before.
            assert (refused == "") <= allowed
            assert not allowed or refused == "" or "lies before" in refused
            assert project == projects.get(work, project.id)
            held = {name for name in DATE_TITLES if getattr(project, name)}
            if project.stage is not Stage.ENDED:
                assert held == set(dates_asked(project.stage))
            days = [getattr(project, name) for name in DATE_TITLES if name in held]
            assert days == sorted(days)
        assert project.version == len(road)
        assert [m.stage for m in projects.timeline(work, project.id)] == road


def test_an_ended_project_keeps_its_dates_and_can_be_reopened(
    ledger: Ledger, province: Actor, add: Callable[..., Project]
) -> None:
    project = add(stage=Stage.SIGNED, signed_on=date(2026, 5, 1))
    with ledger.begin(province) as work:
        ended = projects.move(
            work, project.id, to=Stage.ENDED, version=1, why="资金断裂"
        )
        assert ended.signed_on == date(2026, 5, 1)
        again = projects.move(
            work, project.id, to=Stage.NEGOTIATION, version=2, why="换投资方"
        )
    assert (again.stage, again.signed_on) == (Stage.NEGOTIATION, None)


def test_projects_are_found_by_words_stage_place_and_level(
    ledger: Ledger, province: Actor, add: Callable[..., Project]
) -> Any:
    battery = add(title="电池材料", investor="宁新能源", region="520304", code="B")
    alu = add(
        title="铝精深加工",
        industry="C3252",
        region="520303",
        level=Level.CITY,
        code="A",
        stage=Stage.SIGNED,
        signed_on=TODAY,
    )
    data = add(title="100%_数据中心", owner="Ann", region="520115", code="C")

    def found(*words: Any, **options: Any) -> Any:
        with ledger.read(province) as work:
            return projects.find(work, *words, **options)

    assert found() == [alu, battery, data]
    assert found("电池") == [battery]
    assert found("宁新 电池") == [battery]
    assert found("电池 铝") == []
    assert found("c3252") == [alu]
    assert found("ANN") == [data]
    assert found("%") == [data]
    assert found("_") == [data]
    assert found("' OR 1=1 --") == []
    assert found(stages=[Stage.SIGNED]) == [alu]
    assert found(stages=[Stage.SIGNED, Stage.LEAD], region="520300") == [alu, battery]
    assert found(region="520115") == [data]
    assert found(region="520000") == [alu, battery, data]
    assert found(level=Level.CITY) == [alu]
    assert found("铝", stages=[Stage.LEAD]) == []


def test_a_project_is_found_by_its_code(
    ledger: Ledger, province: Actor, add: Callable[..., Project]
) -> None:
    project = add(code="GZ-1")
    with ledger.read(province) as work:
        assert projects.by_code(work, "GZ-1") == project
        assert projects.by_code(work, "GZ") is None


def test_a_number_that_is_not_there_is_told(ledger: Ledger, province: Actor) -> None:
    with (
        ledger.read(province) as work,
        pytest.raises(LedgerError, match="no project number 7"),
    ):
        projects.get(work, 7)


def test_milestones_stand_in_the_order_of_the_plan(
    ledger: Ledger, province: Actor, add: Callable[..., Project]
) -> None:
    project = add()
    with ledger.begin(province) as work:
        projects.add_milestone(work, project.id, title="投产")
        late = projects.add_milestone(
            work, project.id, title=" 封顶 ", planned_on=date(2027, 1, 1)
        )
        projects.add_milestone(
            work,
            project.id,
            title="开工",
            planned_on=date(2026, 6, 1),
            done_on=date(2026, 6, 3),
        )
        plan = projects.milestones(work, project.id)
        with pytest.raises(LedgerError, match="Give the milestone a title"):
            projects.add_milestone(work, project.id, title=" ")
    assert [step.title for step in plan] == ["开工", "封顶", "投产"]
    assert plan[1] == late
    assert plan[0].done_on == date(2026, 6, 3)


def test_who_has_no_place_adds_nothing(ledger: Ledger) -> None:
    with (
        ledger.begin(Actor("x", Role.COUNTY, "")) as work,
        pytest.raises(AccessError),
    ):
        projects.create(work, title="A")


def test_every_stage_of_the_road_can_be_registered(add: Callable[..., Project]) -> None:
    dates = dict(zip(DATE_TITLES, (TODAY, TODAY, TODAY), strict=True))
    for stage in ROAD:
        asked = {name: dates[name] for name in dates_asked(stage)}
        assert add(stage=stage, **asked).stage is stage


@pytest.mark.parametrize("to", [Stage.SITING, Stage.ENDED])
def test_a_stage_without_a_date_of_its_own_is_not_entered_before_signing(
    ledger: Ledger, province: Actor, add: Any, to: Stage
) -> None:
    project = add(stage=Stage.SIGNED, signed_on=date(2026, 5, 1))
    with ledger.begin(province) as work:
        with pytest.raises(LedgerError) as refused:
            projects.move(
                work, project.id, to=to, version=1, why="x", on=date(2026, 4, 30)
            )
        assert "lies before Signed on (2026-05-01)" in str(refused.value)
        on = date(2026, 5, 1)
        assert projects.move(work, project.id, to=to, version=1, why="x", on=on)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("jobs", 2**31, "2147483648 is too large"),
        ("note", "a\x00b", r"sign U\+0000"),
        ("title", "a\ud800b", r"sign U\+D800"),
    ],
)
def test_what_not_every_database_keeps_is_kept_by_none(
    ledger: Ledger, province: Actor, add: Any, field: str, value: Any, said: str
) -> None:
    with pytest.raises(LedgerError, match=said):
        add(**{field: value})
    project = add()
    with ledger.begin(province) as work, pytest.raises(LedgerError, match=said):
        projects.edit(work, project.id, version=1, **{field: value})

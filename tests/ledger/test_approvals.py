"""Applications for land: paths, steps, days, weekly batches, decisions."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.errors import AccessError, LedgerError, StaleError
from ledger import approval_batches as batches
from ledger import approval_course as courses
from ledger import approval_decisions as decisions
from ledger import approval_lists as lists
from ledger import (
    approval_paths,
    approvals,
    audit,
    casework_tables,
    demands,
    projects,
    rows,
    rules,
)
from ledger.casework import (
    Approval,
    ApprovalState,
    ApprovalStep,
    DemandState,
    Urgency,
)
from ledger.model import Actor, Project, Role, Stage
from ledger.unit_of_work import Ledger, Work

TODAY = date(2026, 5, 20)
WEEK = "2026-W21"
GUIYANG, ZUNYI, QIANNAN, HUAXI = "520112", "520304", "522722", "520111"
ADMIN = Actor("管理员", Role.ADMINISTRATOR, "520000")


@pytest.fixture
def begin(ledger: Ledger, province: Actor, add: Callable[..., Project]) -> Any:
    """Return a maker of applications, each committed."""

    def make(region: str = ZUNYI, case: str = "conversion", **told: Any) -> Any:
        project = add(region=region, managed_by=told.pop("managed_by", ""))
        with ledger.begin(province) as work:
            made = approvals.apply(
                work,
                project_id=project.id,
                title=told.pop("title", "一期用地"),
                case=case,
                **told,
            )
            work.commit()
        return made

    return make


def on(work: Work, approval: Approval, **told: Any) -> Approval:
    """Take an application a step on, all documents or not."""
    told.setdefault("despite", "容缺受理")
    now = courses.get(work, approval.id).approval
    return approvals.advance(work, approval.id, version=now.version, **told)


def to_step(work: Work, approval: Approval, code: str) -> Approval:
    """Take an application on until it stands in a step."""
    while (course := courses.get(work, approval.id)).now.code != code:
        approval = on(work, course.approval)
    return courses.get(work, approval.id).approval


@pytest.mark.parametrize(
    ("region", "managed_by", "case", "path"),
    [
        (ZUNYI, "", "conversion", "provincial"),
        (GUIYANG, "", "conversion", "guiyang_delegated"),
        (HUAXI, "52M001", "conversion", "guian_delegated"),
        ("520403", "52M001", "conversion", "guian_delegated"),
        (HUAXI, "", "conversion", "guiyang_delegated"),
        ("522730", "52M002", "conversion", "provincial"),
        (QIANNAN, "", "preliminary", "preliminary_autonomous"),
        ("522301", "", "preliminary", "preliminary_autonomous"),
        ("522601", "", "preliminary", "preliminary_autonomous"),
        (ZUNYI, "", "preliminary", "preliminary"),
        (GUIYANG, "", "state_council", "state_council"),
        (ZUNYI, "", "stock", "stock"),
    ],
)
def test_the_path_follows_from_place_and_case(
    begin: Any, region: Any, managed_by: Any, case: Any, path: Any
) -> None:
    assert begin(region, case, managed_by=managed_by).path == path


def test_the_first_path_that_fits_is_proposed() -> None:
    table = approval_paths.of_rules(rules.shipped("approval_paths"))
    fitting = [one.code for one in table.paths if one.fits(GUIYANG, "conversion")]
    assert fitting == ["guiyang_delegated", "provincial"]
    assert table.proposed(GUIYANG, "conversion").code == "guiyang_delegated"
    with pytest.raises(LedgerError, match="no case sale"):
        table.proposed(GUIYANG, "sale")
    with pytest.raises(LedgerError, match="No path of land approval fits 430104"):
        table.proposed("430104", "conversion")


def test_what_a_source_says_is_told_apart_from_what_it_does_not() -> None:
    table = approval_paths.of_rules(rules.shipped("approval_paths"))
    assert [one.code for one in table.paths if one.confirmed] == [
        "guian_delegated",
        "guiyang_delegated",
        "preliminary_autonomous",
        "provincial",
    ]
    steps = [step for one in table.paths for step in one.steps]
    assert not any(step.limit_confirmed for step in steps)
    (batch,) = [step for step in steps if step.by_batch]
    assert batch.code == "batch"
    assert len(table.path("provincial").steps[0].documents) == 8


def test_another_path_is_taken_with_a_reason(
    ledger: Ledger, province: Actor, add: Callable[..., Project]
) -> None:
    asked = {
        "project_id": add(region=GUIYANG).id,
        "title": "一期",
        "case": "conversion",
        "path": "provincial",
    }
    with ledger.begin(province) as work:
        with pytest.raises(LedgerError, match="say why another one is taken"):
            approvals.apply(work, **asked)
        made = approvals.apply(work, **asked, path_reason="超出委托权限")
        assert (made.path, made.path_reason) == ("provincial", "超出委托权限")
        with pytest.raises(LedgerError, match="no path of land approval nowhere"):
            approvals.apply(work, **{**asked, "path": "nowhere"}, path_reason="x")


def test_an_application_stands_in_the_first_step_of_its_path(
    ledger: Ledger, province: Actor, begin: Any
) -> None:
    made = begin(begun_on=TODAY - timedelta(days=3))
    with ledger.read(province) as work:
        course = courses.get(work, made.id)
    assert [one.code for one in course.steps] == [
        "dossier",
        "county",
        "prefecture",
        "province",
        "batch",
        "reply",
    ]
    assert (course.now.code, course.now.entered_on) == ("dossier", made.begun_on)
    assert made.edition == rules.shipped("approval_paths").edition
    assert [one.entered_on for one in course.steps[1:]] == [None] * 5


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        ({"title": " "}, "Say what is applied for"),
        ({"begun_on": TODAY + timedelta(days=1)}, "in the future"),
        ({"area_mu": 0.0}, "is no area"),
        ({"area_mu": float("nan")}, "is no area"),
        ({"demand_id": 9}, "no land demand number 9"),
    ],
)
def test_an_application_that_makes_no_sense_is_refused(
    begin: Any, terms: Any, sentence: Any
) -> None:
    with pytest.raises(LedgerError, match=sentence):
        begin(**terms)


def test_a_project_that_has_ended_applies_for_no_land(
    ledger: Ledger, province: Actor, add: Any
) -> None:
    project = add()
    with ledger.begin(province) as work:
        projects.move(work, project.id, to=Stage.ENDED, version=1, why="撤资")
        with pytest.raises(LedgerError, match="applies for no more land"):
            approvals.apply(
                work, project_id=project.id, title="一期", case="conversion"
            )


def test_a_demand_of_another_project_is_refused(
    ledger: Ledger, province: Actor, add: Any, begin: Any
) -> None:
    other = add()
    with ledger.begin(province) as work:
        demand = rows.add(
            work,
            casework_tables.demand,
            {
                "project_id": other.id,
                "area_mu": 10.0,
                "urgency": "normal",
                "state": "open",
                "raised_on": TODAY,
            },
            verb="demand.raise",
        )
        work.commit()
    with pytest.raises(LedgerError, match="another project's"):
        begin(demand_id=demand)


def test_a_step_is_left_only_with_its_documents_or_a_reason(
    ledger: Ledger, province: Actor, begin: Any
) -> None:
    made = begin()
    with ledger.begin(province) as work:
        with pytest.raises(LedgerError, match="Documents are missing in the step 组卷"):
            approvals.advance(work, made.id, version=1)
        step = courses.get(work, made.id).now
        every = {one["code"]: TODAY for one in courses.documents(step)}
        step = approvals.got(work, step.id, every, version=step.version)
        assert courses.lacking(step) == []
        step = approvals.got(work, step.id, {"plan": None}, version=step.version)
        assert courses.lacking(step) == ["国土空间规划、控制线和计划指标符合情况"]
        day = TODAY - timedelta(days=1)
        approvals.got(work, step.id, {"plan": day}, version=step.version)
        gone_on = approvals.advance(work, made.id, version=1)
        course = courses.get(work, made.id)
    assert (gone_on.place, course.now.code, gone_on.version) == (1, "county", 2)
    plan = courses.documents(course.steps[0])[2]
    assert plan["got_on"] == "2026-05-19"
    assert course.steps[0].done_on == TODAY


def test_documents_are_noted_for_what_the_step_asks(
    ledger: Ledger, province: Actor, begin: Any
) -> None:
    step_id = begin_step(ledger, province, begin)
    with ledger.begin(province) as work:
        with pytest.raises(LedgerError, match="asks for no document 无此件"):
            approvals.got(work, step_id, {"无此件": TODAY}, version=1)
        ahead = {"plan": TODAY + timedelta(days=1)}
        with pytest.raises(LedgerError, match="in the future"):
            approvals.got(work, step_id, ahead, version=1)
        approvals.got(work, step_id, {"plan": TODAY}, version=1)
        with pytest.raises(StaleError, match="step of an application"):
            approvals.got(work, step_id, {"basis": TODAY}, version=1)


def begin_step(ledger: Ledger, province: Actor, begin: Any) -> int:
    made = begin()
    with ledger.read(province) as work:
        return courses.get(work, made.id).now.id


def test_going_on_despite_missing_documents_is_written_down(
    ledger: Ledger, province: Actor, begin: Any
) -> None:
    made = begin()
    with ledger.begin(province) as work:
        on(work, made, despite="容缺受理，承诺5日内补齐")
        assert courses.get(work, made.id).steps[0].note == "容缺受理，承诺5日内补齐"


def test_what_a_step_waits_for_is_forgotten_when_it_is_done(
    ledger: Ledger, province: Actor, begin: Any
) -> None:
    made = begin()
    with ledger.begin(province) as work:
        step = courses.get(work, made.id).now
        approvals.wait_for(
            work, step.id, whom=" 县林业局：林地手续 ", version=1, note="已催办"
        )
        now = courses.get(work, made.id).now
        assert (now.waits_for, now.note) == ("县林业局：林地手续", "已催办")
        on(work, made, despite="容缺")
        assert courses.get(work, made.id).steps[0].waits_for == ""


def test_days_in_the_steps_add_up_to_the_days_since_it_was_begun(
    ledger: Ledger, province: Actor, begin: Any, now: Any
) -> None:
    made = begin()
    now.pass_days(4)
    with ledger.begin(province) as work:
        on(work, made)
        work.commit()
    now.pass_days(3)
    with ledger.begin(province) as work:
        approvals.back(work, made.id, why="补正", version=2)
        work.commit()
    now.pass_days(2)
    with ledger.begin(province) as work:
        on(work, made)
        work.commit()
    now.pass_days(5)
    with ledger.read(province) as work:
        course, today = courses.get(work, made.id), work.today()
        (card,) = lists.board(work)
    days = [courses.days_in(one, today) for one in course.steps]
    assert days == [6, 8, 0, 0, 0, 0]
    assert (card.days_in_step, card.days) == (8, 14)
    assert course.steps[0].note.startswith("容缺受理\n补正")


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=10))
def test_whatever_is_done_no_day_is_lost_or_counted_twice(
    ledger: Ledger, province: Actor, begin: Any, now: Any, moves: Any
) -> None:
    made, passed = begin(), 0
    for days, forward in moves:
        now.pass_days(days)
        passed += days
        with ledger.begin(province) as work:
            course = courses.get(work, made.id)
            place, version = course.approval.place, course.approval.version
            if forward and place < len(course.steps) - 1:
                approvals.go_on(work, course, on=work.today(), despite="容缺")
            elif not forward and place:
                approvals.back(work, made.id, why="补正", version=version)
            work.commit()
    with ledger.read(province) as work:
        steps = courses.get(work, made.id).steps
        today = work.today()
    assert sum(courses.days_in(one, today) for one in steps) == passed


def test_an_application_goes_back_with_a_reason_and_leaves_its_batch(
    ledger: Ledger, province: Actor, begin: Any
) -> None:
    made = begin()
    with ledger.begin(province) as work:
        with pytest.raises(LedgerError, match="in its first step"):
            approvals.back(work, made.id, why="补正", version=1)
        at = to_step(work, made, "province")
        at = batches.join(work, made.id, week=WEEK, version=at.version)
        with pytest.raises(LedgerError, match="Say why"):
            approvals.back(work, made.id, why=" ", version=at.version)
        sent = approvals.back(work, made.id, why="缺占补平衡", version=at.version)
        course = courses.get(work, made.id)
    assert (sent.batch, course.now.code) == ("", "prefecture")
    assert course.now.note.startswith("缺占补平衡")
    assert course.steps[3].entered_on is None


def test_a_day_that_cannot_be_is_refused(
    ledger: Ledger, province: Actor, begin: Any
) -> None:
    made = begin()
    with ledger.begin(province) as work:
        for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
            with pytest.raises(LedgerError, match="was entered on 2026-05-20"):
                on(work, made, on=day)


def test_the_weekly_batch_takes_what_is_ready_and_names_the_rest(
    ledger: Ledger, province: Actor, begin: Any
) -> None:
    ready, early = begin(title="一期"), begin(title="二期")
    with ledger.begin(province) as work:
        at = to_step(work, ready, "batch")
        with pytest.raises(LedgerError, match="left with a weekly batch"):
            on(work, at)
        batches.join(work, ready.id, week=WEEK, version=at.version)
        batches.join(work, early.id, week=WEEK, version=1)
        told = batches.submit(work, WEEK)
        assert [one.title for one in told.went] == ["一期"]
        assert [one.approval.title for one in told.left] == ["二期"]
        assert "still in the step 组卷" in str(told.left[0].why)
        assert courses.get(work, ready.id).now.code == "reply"
        assert courses.get(work, ready.id).approval.batch == WEEK
        assert [one.approval.id for one in batches.of_week(work, WEEK)] == [early.id]
        with pytest.raises(LedgerError, match="Nothing of the batch") as refused:
            batches.submit(work, WEEK)
    assert len(refused.value.faults) == 1


def test_a_batch_is_of_a_week_that_has_come_and_joined_ahead_of_its_end(
    ledger: Ledger, province: Actor, begin: Any
) -> None:
    made, delegated = begin(), begin(GUIYANG)
    with ledger.begin(province) as work:
        with pytest.raises(LedgerError, match="2026-W20 is over"):
            batches.join(work, made.id, week="2026-W20", version=1)
        with pytest.raises(LedgerError, match="no week 2026-W60"):
            batches.join(work, made.id, week="2026-W60", version=1)
        with pytest.raises(LedgerError, match="no week next"):
            batches.join(work, made.id, week="next", version=1)
        with pytest.raises(LedgerError, match="No weekly batch lies ahead"):
            batches.join(work, delegated.id, week=WEEK, version=1)
        with pytest.raises(LedgerError, match="has not begun"):
            batches.submit(work, "2026-W22")
        with pytest.raises(LedgerError, match="in no batch"):
            batches.leave(work, made.id, version=1)
        joined = batches.join(work, made.id, week="2026-W22", version=1)
        assert batches.leave(work, made.id, version=joined.version).batch == ""


def test_weeks_are_those_of_iso_8601() -> None:
    assert batches.week_of(date(2026, 5, 20)) == WEEK
    assert batches.week_of(date(2027, 1, 3)) == "2026-W53"
    assert batches.monday_of(WEEK) == date(2026, 5, 18)
    assert batches.weeks_ahead(date(2026, 12, 28), 2) == ["2026-W53", "2027-W01"]


def test_what_is_urgent_goes_at_once_and_in_no_batch(
    ledger: Ledger, province: Actor, begin: Any
) -> None:
    made = begin()
    with ledger.begin(province) as work:
        at = to_step(work, made, "batch")
        at = batches.join(work, made.id, week=WEEK, version=at.version)
        with pytest.raises(LedgerError, match="Say why"):
            approvals.hurry(
                work, made.id, urgency=Urgency.URGENT, why="", version=at.version
            )
        at = approvals.hurry(
            work, made.id, urgency=Urgency.URGENT, why="省重大项目", version=at.version
        )
        assert (at.batch, at.note) == ("", "省重大项目")
        with pytest.raises(LedgerError, match="go up at once"):
            batches.join(work, made.id, week=WEEK, version=at.version)
        assert on(work, at).place == 5


def test_an_application_is_approved_in_its_last_step_with_a_number(
    ledger: Ledger, province: Actor, begin: Any
) -> None:
    made = begin(GUIYANG)
    with ledger.begin(province) as work:
        with pytest.raises(LedgerError, match="approved in the last one, 受委托批复"):
            decisions.approve(work, made.id, document_no="黔府", version=1)
        at = to_step(work, made, "reply")
        with pytest.raises(LedgerError, match="in its last step"):
            on(work, at)
        with pytest.raises(LedgerError, match="number of the approving"):
            decisions.approve(work, made.id, document_no=" ", version=at.version)
        done = decisions.approve(
            work, made.id, document_no=" 筑府用地函〔2026〕8号 ", version=at.version
        )
        assert done.document_no == "筑府用地函〔2026〕8号"
        assert (done.state, done.decided_on) == (ApprovalState.APPROVED, TODAY)
        with pytest.raises(LedgerError, match="was decided on 2026-05-20: Approved"):
            decisions.withdraw(work, made.id, why="x", version=done.version)
        assert lists.board(work) == []
        (card,) = lists.board(work, states=[ApprovalState.APPROVED])
        assert card.step.code == "reply"


@pytest.mark.parametrize("verb", ["refuse", "withdraw"])
def test_an_application_ends_with_a_reason(
    ledger: Ledger, province: Actor, begin: Any, now: Any, verb: str
) -> None:
    made = begin()
    now.pass_days(6)
    with ledger.begin(province) as work:
        end = getattr(decisions, verb)
        with pytest.raises(LedgerError, match="Say why"):
            end(work, made.id, why="", version=1)
        ended = end(work, made.id, why="不符合规划", version=1)
        work.commit()
    now.pass_days(9)
    with ledger.read(province) as work:
        (card,) = lists.board(work, states=[ended.state])
        told = [row.verb for row in audit.history(work, "approval", made.id)]
    assert (ended.note, card.days, card.days_in_step) == ("不符合规划", 6, 6)
    assert told[0] == f"approval.{verb}"


def test_a_decision_on_an_outdated_application_is_refused(
    ledger: Ledger, province: Actor, begin: Any
) -> None:
    made = begin()
    with ledger.begin(province) as work:
        on(work, made)
        for stale in (
            lambda: approvals.advance(work, made.id, version=1),
            lambda: approvals.back(work, made.id, why="补正", version=1),
            lambda: decisions.withdraw(work, made.id, why="撤回", version=1),
            lambda: batches.join(work, made.id, week=WEEK, version=1),
            lambda: approvals.edit(work, made.id, version=1, title="x", area_mu=1.0),
        ):
            with pytest.raises(StaleError, match="changed this application for land"):
                stale()


def test_an_application_is_changed(ledger: Ledger, province: Actor, begin: Any) -> None:
    made = begin()
    with ledger.begin(province) as work:
        changed = approvals.edit(
            work, made.id, version=1, title=" 二期 ", area_mu=88.5, note="调整"
        )
    assert (changed.title, changed.area_mu, changed.note) == ("二期", 88.5, "调整")


def limited(work: Work, confidence: str) -> None:
    """Put a table in force in which the dossier may take five days."""
    text = rules.text_of(work, "approval_paths").replace(
        'code = "dossier"',
        f'limit_days = 5\nlimit_confidence = "{confidence}"\ncode = "dossier"',
    )
    rules.put_in_force(
        work,
        "approval_paths",
        text.replace("2026-11 (LandMap)", "测试版"),
        effective_on=TODAY,
        check=approval_paths.faults,
    )


@pytest.mark.parametrize(
    ("confidence", "days", "late"),
    [("source", 5, False), ("source", 6, True), ("example", 60, False)],
)
def test_only_a_limit_that_a_source_tells_decides_lateness(
    ledger: Ledger,
    begin: Any,
    province: Actor,
    now: Any,
    confidence: Any,
    days: Any,
    late: Any,
) -> None:
    with ledger.begin(ADMIN) as work:
        limited(work, confidence)
        work.commit()
    made = begin()
    now.pass_days(days)
    with ledger.read(province) as work:
        (card,) = lists.board(work)
    assert made.edition == "测试版"
    assert (card.step.limit_days, card.late) == (5, late)
    assert lists.late([card]) == ([card] if late else [])


def test_the_board_shows_urgent_ones_first_then_the_oldest(
    ledger: Ledger, province: Actor, begin: Any
) -> None:
    begin(title="新", begun_on=TODAY)
    begin(title="旧", begun_on=TODAY - timedelta(days=9))
    begin(title="急", urgency=Urgency.URGENT)
    waiting = begin(title="待批次")
    with ledger.begin(province) as work:
        to_step(work, waiting, "batch")
        work.commit()
    with ledger.read(province) as work:
        cards = lists.board(work)
        assert [one.approval.title for one in cards] == ["急", "旧", "新", "待批次"]
        assert [one.approval.title for one in lists.at_batch(cards)] == ["待批次"]
        assert len(cards[0].lacking) == 8
        assert lists.board(work, region=GUIYANG) == []
        assert len(lists.board(work, region=ZUNYI)) == 4


def test_a_batch_whose_week_is_over_is_told(
    ledger: Ledger, province: Actor, begin: Any, now: Any
) -> None:
    missed, went = begin(title="漏报"), begin(title="已报")
    with ledger.begin(province) as work:
        for one in (missed, went):
            at = to_step(work, one, "batch")
            batches.join(work, one.id, week=WEEK, version=at.version)
        approvals.back(
            work,
            missed.id,
            why="补",
            version=courses.get(work, missed.id).approval.version,
        )
        batches.submit(work, WEEK)
        at = to_step(work, missed, "batch")
        batches.join(work, missed.id, week=WEEK, version=at.version)
        work.commit()
    now.pass_days(7)
    with ledger.read(province) as work:
        cards = lists.board(work)
        assert len(lists.of_batch(cards, WEEK)) == 2
        told = lists.overdue_batch(cards, work.today())
    assert [one.approval.title for one in told] == ["漏报"]


def test_an_office_sees_and_moves_its_own_alone(
    ledger: Ledger, county: Actor, begin: Any
) -> None:
    own, other = begin(ZUNYI), begin(GUIYANG)
    with ledger.begin(county) as work:
        assert [one.approval.id for one in lists.board(work)] == [own.id]
        with pytest.raises(AccessError):
            courses.get(work, other.id)
        with pytest.raises(AccessError):
            approvals.advance(work, other.id, version=1)
        assert on(work, own).place == 1


def test_the_new_area_s_office_moves_what_it_runs_and_the_county_looks_on(
    ledger: Ledger, begin: Any
) -> None:
    made = begin(HUAXI, managed_by="52M001")
    area = Actor("贵安新区", Role.COUNTY, "52M001")
    with ledger.begin(Actor("花溪", Role.COUNTY, HUAXI)) as work:
        assert courses.get(work, made.id).approval == made
        with pytest.raises(AccessError, match="52M001"):
            on(work, made)
    with ledger.begin(area) as work:
        assert on(work, made).place == 1


def test_only_what_the_actor_may_take_on_goes_up(
    ledger: Ledger, province: Actor, county: Actor
) -> None:
    with ledger.begin(province) as work:
        for region in (ZUNYI, "520303"):
            at = to_step(work, begin_in(work, region), "batch")
            batches.join(work, at.id, week=WEEK, version=at.version)
        work.commit()
    with ledger.begin(county) as work:
        told = batches.submit(work, WEEK)
    assert len(told.went) == 1
    assert told.left == ()


def begin_in(work: Work, region: str) -> Approval:
    project = projects.create(work, title="A", region=region)
    return approvals.apply(work, project_id=project.id, title="一期", case="conversion")


def test_the_history_of_the_project_tells_every_step(
    ledger: Ledger, province: Actor, begin: Any
) -> None:
    made = begin(GUIYANG)
    with ledger.begin(province) as work:
        on(work, made)
        told = [
            row.verb
            for row in audit.history(work, "approval_step", made_step(work, made))
        ]
        assert told == ["approval_step.done", "approval_step.add"]


def made_step(work: Work, approval: Approval) -> int:
    return courses.get(work, approval.id).steps[0].id


def test_a_signed_project_is_offered_the_stage_of_land_approval(
    ledger: Ledger, province: Actor, add: Any
) -> None:
    signed = add(stage=Stage.SITING, signed_on=date(2026, 1, 1))
    lead = add(title="线索")
    with ledger.begin(province) as work:
        made = [
            approvals.apply(work, project_id=one.id, title="x", case="stock")
            for one in (signed, lead)
        ]
        offered = [
            decisions.stage_offered(project, one)
            for project, one in zip((signed, lead), made, strict=True)
        ]
        gone = decisions.withdraw(work, made[0].id, why="撤", version=1)
        assert decisions.stage_offered(signed, gone) is None
    assert offered == [Stage.APPROVAL, None]


def test_a_step_of_a_decided_application_is_not_touched(
    ledger: Ledger, province: Actor, begin: Any
) -> None:
    made = begin()
    with ledger.begin(province) as work:
        step = courses.get(work, made.id).now
        decisions.withdraw(work, made.id, why="撤回", version=1)
        with pytest.raises(LedgerError, match="was decided"):
            approvals.wait_for(work, step.id, whom="谁", version=1)


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ('places = ["520100"]', "places = []", "six-digit region codes"),
        ('cases = ["stock"]', 'cases = ["sale"]', "among those of the table"),
        (
            'code = "stock"\ntitle = "存量建设用地供地"',
            'code = "stock"\ntitle = ""',
            "title",
        ),
        ("limit_days = 10", "limit_days = 0", "whole number of days"),
        (
            'code = "guian_delegated"',
            'code = "guiyang_delegated"',
            "The list path needs",
        ),
        (
            'code = "preliminary"\ntitle = "用地预审与',
            'code = "stock"\ntitle = "用地预审与',
            "The list case needs",
        ),
        ('code = "offer"', 'code = "plan_terms"', "each with a code of its own"),
        ('title = "供地方案批准"', 'title = ""', "documents need titles"),
        (
            'code = "contract"\ntitle = "签订',
            'batch = true\ncode = "contract"\ntitle = "签订',
            "must follow the weekly",
        ),
    ],
)
def test_a_faulty_table_of_paths_is_not_put_in_force(
    ledger: Ledger, before: str, after: str, sentence: str
) -> None:
    with ledger.begin(ADMIN) as work:
        text = rules.text_of(work, "approval_paths")
        assert before in text
        with pytest.raises(LedgerError) as refused:
            rules.put_in_force(
                work,
                "approval_paths",
                text.replace(before, after, 1).replace("2026-11 (", "x ("),
                effective_on=TODAY,
                check=approval_paths.faults,
            )
    said = [
        str(one) for fault in refused.value.faults for one in (fault, *fault.faults)
    ]
    assert any(sentence in one for one in said), said


def test_steps_as_stored_are_those_that_were_begun(
    ledger: Ledger, province: Actor, begin: Any
) -> None:
    """A new edition of the paths leaves what is under way as it is."""
    made = begin()
    with ledger.begin(ADMIN) as work:
        limited(work, "source")
        work.commit()
    with ledger.read(province) as work:
        step: ApprovalStep = courses.get(work, made.id).now
    assert step.limit_days is None


def test_an_approved_application_offers_to_strike_its_demand_off(
    ledger: Ledger, province: Actor, add: Any
) -> None:
    project = add(region=GUIYANG)
    with ledger.begin(province) as work:
        demand = demands.add(work, project_id=project.id, title="一期", area_mu=50.0)
        made = approvals.apply(
            work,
            project_id=project.id,
            title="一期",
            case="conversion",
            demand_id=demand.id,
        )
        assert decisions.demand_offered(made, demand) is None
        matched = demands.match(work, demand.id, version=1, parcel_id="GZ-1")
        assert decisions.demand_offered(made, matched) is DemandState.APPROVAL
        at = to_step(work, made, "reply")
        done = decisions.approve(
            work, made.id, document_no="筑府〔2026〕8号", version=at.version
        )
        assert decisions.demand_offered(done, matched) is DemandState.MET
        met = demands.meet(
            work, demand.id, evidence=done.document_no, version=matched.version
        )
        assert decisions.demand_offered(done, met) is None

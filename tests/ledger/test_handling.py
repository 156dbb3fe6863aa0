"""Problems and requests alike: routed, answered, handed up, closed, reopened."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from gis.errors import AccessError, LedgerError, StaleError
from ledger import audit, closed_loop, handling, problems, requests, routing
from ledger.casework import Channel, Urgency
from ledger.closed_loop import CaseState, is_overdue, state_of
from ledger.model import Actor, Level, ProblemKind, Project, Role, Stage
from ledger.unit_of_work import Ledger

TODAY = date(2026, 5, 20)
ENERGY = Actor("播州能源局 赵", Role.DEPARTMENT, "520304", office="energy")
LAND = Actor("播州自然资源局 钱", Role.FACTOR, "520304", office="land")
CONFERENCE = Actor("联席办 孙", Role.CONFERENCE, "520304", office="conference")
CITY = Actor("遵义投促局 周", Role.CITY, "520300")


@pytest.fixture
def landed(add: Callable[..., Project]) -> Project:
    return add(
        stage=Stage.STARTED,
        signed_on=date(2025, 3, 1),
        started_on=date(2026, 1, 15),
    )


@pytest.fixture(params=["problem", "request"])
def case(request: Any, ledger: Ledger, province: Actor, landed: Project) -> Any:
    """Return a list and an open case in it: the same rules hold for both."""
    with ledger.begin(province) as work:
        if request.param == "problem":
            loop = problems.LOOP
            made: Any = problems.open(
                work,
                project_id=landed.id,
                kind=ProblemKind.SINGLE,
                title="缺电",
                category="power",
                opened_on=date(2026, 5, 1),
            )
        else:
            loop = requests.LOOP
            made = requests.open(
                work,
                project_id=landed.id,
                title="增容",
                channel=Channel.HOTLINE,
                category="power",
                raised_on=date(2026, 5, 1),
            )
        work.commit()
    return loop, made


@pytest.fixture
def go(ledger: Ledger, county: Actor) -> Any:
    """Return what does a deed on a case and commits it."""

    def do(deed: Any, case: Any, *, actor: Actor = county, **given: Any) -> Any:
        loop, made = case
        with ledger.begin(actor) as work:
            now = deed(work, loop, made.id, **{"version": made.version} | given)
            work.commit()
        return loop, now

    return do


def test_a_new_case_is_routed_to_nobody_and_at_the_county(case: Any) -> None:
    _, made = case
    assert (made.office, made.level, made.escalations) == ("", Level.COUNTY, 0)
    assert state_of(made) is CaseState.UNROUTED


def test_the_proposal_names_the_office_and_a_day_from_today(
    ledger: Ledger, county: Actor, case: Any
) -> None:
    loop, made = case
    with ledger.read(county) as work:
        proposed = handling.proposal(work, loop, made, routing.read(work))
    assert (proposed.office, proposed.due_on) == ("energy", date(2026, 6, 4))


def test_routing_sets_office_and_last_day_by_the_rules(case: Any, go: Any) -> None:
    _, now = go(handling.route, case, office="energy")
    assert (now.office, now.due_on) == ("energy", date(2026, 6, 4))
    assert state_of(now) is CaseState.WAITING


def test_an_urgent_case_gets_the_shorter_term(case: Any, go: Any) -> None:
    _, now = go(handling.route, case, office="energy", urgency=Urgency.URGENT)
    assert now.due_on == date(2026, 5, 25)


def test_the_last_day_stays_where_only_the_office_changes(case: Any, go: Any) -> None:
    routed = go(handling.route, case, office="energy", due_on=date(2026, 5, 22))
    _, moved = go(handling.route, routed, office="water", why="属供水")
    assert (moved.office, moved.due_on) == ("water", date(2026, 5, 22))


def test_another_level_begins_another_term(case: Any, go: Any, province: Actor) -> None:
    routed = go(handling.route, case, office="energy", due_on=date(2026, 5, 22))
    _, moved = go(
        handling.route,
        routed,
        actor=province,
        office="energy",
        level=Level.CITY,
        why="市级管线",
    )
    assert (moved.level, moved.due_on) == (Level.CITY, date(2026, 5, 30))
    assert moved.escalations == 0


def test_rerouting_needs_a_reason_that_the_history_tells(
    case: Any, go: Any, ledger: Ledger, county: Actor
) -> None:
    routed = go(handling.route, case, office="energy")
    with pytest.raises(LedgerError, match="Say why it goes to another office"):
        go(handling.route, routed, office="water", why=" ")
    loop, now = go(handling.route, routed, office="water", why=" 属供水 ")
    with ledger.read(county) as work:
        newest, *_ = handling.course(work, loop, now.id)
    assert newest.verb == f"{loop.name}.route"
    assert json.loads(newest.before) == {"office": "energy"}
    assert json.loads(newest.after) == {"office": "water", "why": "属供水"}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {"office": "天文台"},
            "There is no office 天文台: the table of offices has inv",
        ),
        ({"office": ""}, "There is no office —"),
        ({"office": "energy", "due_on": date(2026, 4, 30)}, "is due on 2026-04-30"),
    ],
)
def test_a_route_that_cannot_be_is_refused(
    case: Any, go: Any, given: Any, sentence: Any
) -> None:
    with pytest.raises(LedgerError, match=sentence):
        go(handling.route, case, **given)


def test_the_office_answers_what_is_routed_to_it(case: Any, go: Any) -> None:
    routed = go(handling.route, case, office="energy")
    _, now = go(handling.answer, routed, actor=ENERGY, text=" 下月通电 ")
    assert (now.answer, now.answered_on, now.answered_by) == (
        "下月通电",
        TODAY,
        ENERGY.name,
    )
    assert state_of(now) is CaseState.ANSWERED


@pytest.mark.parametrize("other", [LAND, CONFERENCE])
def test_another_office_neither_sees_nor_answers_it(
    case: Any, go: Any, ledger: Ledger, other: Any
) -> None:
    routed = go(handling.route, case, office="energy")
    loop, now = routed
    with pytest.raises(AccessError, match=r"own office; this .* is with energy"):
        go(handling.answer, routed, actor=other, text="好")
    with ledger.read(other) as work:
        with pytest.raises(AccessError, match="own office"):
            closed_loop.read(work, loop, now.id)
        with pytest.raises(AccessError, match="own office"):
            handling.course(work, loop, now.id)
        of = problems.of if loop is problems.LOOP else requests.of
        assert of(work, now.project_id) == []


def test_the_same_office_of_another_county_does_not_reach_it(
    case: Any, go: Any
) -> None:
    routed = go(handling.route, case, office="energy")
    elsewhere = Actor("桐梓能源局", Role.DEPARTMENT, "520322", office="energy")
    with pytest.raises(AccessError, match="520322"):
        go(handling.answer, routed, actor=elsewhere, text="好")


def test_who_has_no_office_answers_nothing(case: Any, go: Any) -> None:
    nobody = Actor("某部门", Role.DEPARTMENT, "520304")
    with pytest.raises(AccessError, match="nobody yet"):
        go(handling.answer, case, actor=nobody, text="好")
    routed = go(handling.route, case, office="energy")
    with pytest.raises(AccessError, match="is with energy"):
        go(handling.answer, routed, actor=nobody, text="好")


def test_an_office_still_sees_what_it_answered_after_it_went_on(
    case: Any, go: Any, ledger: Ledger, county: Actor
) -> None:
    answered = go(
        handling.answer,
        go(handling.route, case, office="energy"),
        actor=ENERGY,
        text="无权限",
    )
    loop, now = go(handling.route, answered, office="land", why="需用地指标")
    assert (now.answer, now.answered_on) == ("无权限", None)
    assert state_of(now) is CaseState.WAITING
    with ledger.read(ENERGY) as work:
        assert closed_loop.read(work, loop, now.id) == now
        assert not closed_loop.has_turn(work, now)
    with ledger.read(county) as work:
        assert closed_loop.has_turn(work, now)
    with pytest.raises(AccessError, match="is with land"):
        go(handling.answer, (loop, now), actor=ENERGY, text="再答")


def test_county_staff_answer_for_local_departments_but_not_above_the_county(
    case: Any, go: Any
) -> None:
    routed = go(handling.route, case, office="energy")
    go_on = go(handling.answer, routed, text="县能源局已办")
    up = go(handling.escalate, go_on, why="县级无权限")
    for deed, given in (
        (handling.answer, {"text": "好"}),
        (handling.route, {"office": "water", "why": "转"}),
        (handling.escalate, {"why": "再提"}),
    ):
        with pytest.raises(AccessError, match=r"up to County level; .* Prefecture"):
            go(deed, up, **given)
    _, now = go(handling.answer, up, actor=CITY, text="市能源局已办")
    assert now.answered_by == CITY.name


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"text": " "}, "Write down what is answered"),
        ({"text": "好", "on": date(2026, 4, 30)}, "cannot be answered on 2026-04-30"),
        ({"text": "好", "on": date(2026, 5, 21)}, "cannot be answered on 2026-05-21"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(
    case: Any, go: Any, given: Any, sentence: Any
) -> None:
    routed = go(handling.route, case, office="energy")
    with pytest.raises(LedgerError, match=sentence):
        go(handling.answer, routed, **given)


def test_what_is_routed_to_nobody_is_routed_before_it_is_answered(
    case: Any, go: Any
) -> None:
    with pytest.raises(LedgerError, match="is routed to nobody: route it first"):
        go(handling.answer, case, text="好")


def test_handing_up_goes_from_county_to_prefecture_to_province_and_no_further(
    case: Any, go: Any, province: Actor
) -> None:
    with pytest.raises(LedgerError, match="Say why it is handed up"):
        go(handling.escalate, case, why=" ")
    routed = go(handling.route, case, office="energy")
    answered = go(handling.answer, routed, text="无权限")
    loop, now = go(handling.escalate, answered, why="县级无权限")
    assert (now.level, now.office, now.due_on) == (
        Level.CITY,
        "energy",
        date(2026, 5, 30),
    )
    assert (now.escalations, now.escalated_on, now.answered_on) == (1, TODAY, None)
    loop, now = go(
        handling.escalate, (loop, now), actor=CITY, why="跨市", office="conference"
    )
    assert (now.level, now.office, now.escalations) == (
        Level.PROVINCE,
        "conference",
        2,
    )
    with pytest.raises(LedgerError, match="the rules hand nothing up from there"):
        go(handling.escalate, (loop, now), actor=province, why="再提")


def test_it_is_handed_up_only_to_an_office_there_is(case: Any, go: Any) -> None:
    with pytest.raises(LedgerError, match="There is no office 天文台"):
        go(handling.escalate, case, why="急", office="天文台")


def test_a_case_reopened_waits_for_an_answer_with_a_new_term(
    case: Any, go: Any, now: Any
) -> None:
    routed = go(handling.route, case, office="energy", due_on=date(2026, 5, 21))
    answered = go(handling.answer, routed, text="已通电")
    loop, closed = go(handling.close, answered, evidence="验收单", why="企业口头认可")
    assert state_of(closed) is CaseState.CLOSED
    assert not is_overdue(closed, date(2027, 1, 1))
    now.pass_days(10)
    with pytest.raises(LedgerError, match="Say why the"):
        go(handling.reopen, (loop, closed), why=" ")
    _, again = go(handling.reopen, (loop, closed), why="又停电")
    assert (again.closed_on, again.answered_on) == (None, None)
    assert again.due_on == date(2026, 6, 14)
    assert again.evidence.startswith("又停电\n")
    assert state_of(again) is CaseState.WAITING


def test_nothing_is_done_to_a_closed_case_but_reopening(case: Any, go: Any) -> None:
    routed = go(handling.route, case, office="energy")
    loop, closed = go(handling.close, routed, evidence="单", why="企业认可")
    for deed, given in (
        (handling.route, {"office": "water", "why": "转"}),
        (handling.answer, {"text": "好"}),
        (handling.escalate, {"why": "提"}),
        (handling.close, {"evidence": "单"}),
    ):
        with pytest.raises(LedgerError, match="was closed on 2026-05-20"):
            go(deed, (loop, closed), **given)


def test_each_deed_carries_the_version_it_was_decided_on(case: Any, go: Any) -> None:
    go(handling.route, case, office="energy")
    for deed, given in (
        (handling.route, {"office": "water", "why": "转"}),
        (handling.answer, {"text": "好"}),
        (handling.escalate, {"why": "提"}),
        (handling.close, {"evidence": "单"}),
        (handling.reopen, {"why": "又"}),
    ):
        with pytest.raises(StaleError, match="changed this"):
            go(deed, case, version=1, **given)


def test_several_are_handed_up_for_one_reason_or_none_of_them(
    ledger: Ledger, county: Actor, case: Any
) -> None:
    loop, made = case
    with ledger.begin(county) as work:
        if loop is problems.LOOP:
            other: Any = problems.open(
                work, project_id=made.project_id, kind=ProblemKind.SINGLE, title="缺水"
            )
        else:
            other = requests.open(
                work,
                project_id=made.project_id,
                title="缺水",
                channel=Channel.HOTLINE,
            )
        work.commit()
    with ledger.begin(county) as work, pytest.raises(StaleError):
        handling.escalate_all(work, loop, {made.id: 1, other.id: 9}, why="逾期")
    with ledger.begin(county) as work, pytest.raises(LedgerError, match="No case"):
        handling.escalate_all(work, loop, {}, why="逾期")
    with ledger.read(county) as work:
        assert closed_loop.read(work, loop, made.id).level is Level.COUNTY
    with ledger.begin(county) as work:
        up = handling.escalate_all(work, loop, {made.id: 1, other.id: 1}, why="逾期")
        work.commit()
    assert [(one.level, one.escalations) for one in up] == [(Level.CITY, 1)] * 2
    with ledger.read(county) as work:
        told = [handling.course(work, loop, one.id)[0] for one in up]
    assert [row.verb for row in told] == [f"{loop.name}.escalate"] * 2


def test_the_course_is_in_the_project_s_history_and_the_chain_holds(
    case: Any, go: Any, ledger: Ledger, province: Actor
) -> None:
    routed = go(handling.route, case, office="energy")
    answered = go(handling.answer, routed, text="好")
    up = go(handling.escalate, answered, why="提")
    loop, now = go(handling.close, up, evidence="单", why="企业认可")
    verbs = [f"{loop.name}.{one}" for one in ("close", "escalate", "answer", "route")]
    with ledger.read(province) as work:
        told = audit.history(work, "project", now.project_id)
        assert [row.verb for row in told][:4] == verbs
        course = handling.course(work, loop, now.id)
        assert [row.verb for row in course] == [*verbs, f"{loop.name}.open"]
        assert audit.verify(work).broken is None


def test_planners_and_leaders_look_on_and_do_nothing(
    case: Any, go: Any, ledger: Ledger
) -> None:
    routed = go(handling.route, case, office="energy")
    loop, now = routed
    for role in (Role.PLANNER, Role.LEADER):
        actor = Actor("看", role, "520304")
        with ledger.read(actor) as work:
            assert closed_loop.read(work, loop, now.id) == now
            assert not closed_loop.has_turn(work, now)
        for deed, given in (
            (handling.route, {"office": "water", "why": "转"}),
            (handling.answer, {"text": "好"}),
            (handling.escalate, {"why": "提"}),
            (handling.close, {"evidence": "单"}),
        ):
            with pytest.raises(AccessError):
                go(deed, routed, actor=actor, **given)


def test_the_conference_passes_on_what_is_routed_to_it(
    ledger: Ledger, province: Actor, landed: Project, go: Any
) -> None:
    with ledger.begin(province) as work:
        made = problems.open(
            work,
            project_id=landed.id,
            kind=ProblemKind.COMPREHENSIVE,
            title="压覆矿产",
            category="site",
        )
        work.commit()
    case = (problems.LOOP, made)
    with pytest.raises(AccessError, match="nobody yet"):
        go(handling.route, case, actor=CONFERENCE, office="land")
    routed = go(handling.route, case, office="conference")
    _, now = go(handling.route, routed, actor=CONFERENCE, office="land", why="会议议定")
    assert now.office == "land"


def test_a_county_s_department_answers_nothing_that_was_handed_up(
    case: Any, go: Any, ledger: Ledger
) -> None:
    up = go(handling.escalate, go(handling.route, case, office="energy"), why="无权限")
    with pytest.raises(AccessError, match=r"up to County level; .* Prefecture"):
        go(handling.answer, up, actor=ENERGY, text="好")
    with ledger.read(ENERGY) as work:
        assert closed_loop.read(work, up[0], up[1].id) == up[1]
    there = Actor("遵义能源局", Role.DEPARTMENT, "520300", office="energy")
    assert go(handling.answer, up, actor=there, text="好")[1].answered_by == there.name


def test_the_last_day_of_what_was_handed_up_is_not_put_off_from_below(
    case: Any, go: Any, ledger: Ledger, county: Actor
) -> None:
    loop, up = go(handling.escalate, case, why="无权限")
    written: dict[str, Any] = {"title": "改述", "category": "power"}
    if loop is problems.LOOP:
        edit: Any = problems.edit
        written["kind"] = up.kind
    else:
        edit = requests.edit
        written["channel"] = up.channel
    with ledger.begin(county) as work:
        with pytest.raises(AccessError, match="goes on with it"):
            edit(work, up.id, version=2, due_on=date(2099, 1, 1), **written)
        now = edit(work, up.id, version=2, due_on=up.due_on, **written)
        done = handling.close(work, loop, up.id, version=3, evidence="函", why="办结")
        with pytest.raises(LedgerError, match="was closed on"):
            edit(work, up.id, version=4, due_on=up.due_on, **written)
    assert (now.title, done.closed_on) == ("改述", TODAY)

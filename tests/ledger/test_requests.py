"""Requests of landed firms: raised, confirmed by the firm, closed."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from gis.errors import AccessError, LedgerError, StaleError
from ledger import handling, requests
from ledger.casework import Channel, FirmRequest
from ledger.closed_loop import CaseState, state_of
from ledger.model import Actor, Level, Project, Role, Stage
from ledger.stages import STARTED_OR_LATER
from ledger.unit_of_work import Ledger

TODAY = date(2026, 5, 20)


@pytest.fixture
def landed(add: Callable[..., Project]) -> Project:
    return add(
        stage=Stage.STARTED, signed_on=date(2025, 3, 1), started_on=date(2026, 1, 15)
    )


@pytest.fixture
def raised(ledger: Ledger, county: Actor, landed: Project) -> FirmRequest:
    with ledger.begin(county) as work:
        made = requests.open(
            work,
            project_id=landed.id,
            title=" 增容至10000千伏安 ",
            channel=Channel.PORTAL,
            category="power",
            raised_on=date(2026, 5, 10),
        )
        work.commit()
    return made


@pytest.fixture
def answered(ledger: Ledger, county: Actor, raised: FirmRequest) -> FirmRequest:
    with ledger.begin(county) as work:
        routed = handling.route(
            work, requests.LOOP, raised.id, version=1, office="energy"
        )
        made = handling.answer(
            work,
            requests.LOOP,
            raised.id,
            version=routed.version,
            text="列入计划",
            on=date(2026, 5, 15),
        )
        work.commit()
    return made


def test_a_request_tells_the_way_it_came_in(raised: FirmRequest) -> None:
    assert (raised.title, raised.channel) == ("增容至10000千伏安", Channel.PORTAL)
    assert (raised.raised_on, raised.level) == (date(2026, 5, 10), Level.COUNTY)
    assert state_of(raised) is CaseState.UNROUTED


@pytest.mark.parametrize("stage", list(Stage))
def test_only_a_firm_that_has_landed_has_requests(
    ledger: Ledger, county: Actor, add: Callable[..., Project], stage: Any
) -> None:
    dates = {
        "signed_on": date(2025, 3, 1),
        "started_on": date(2026, 1, 15),
        "production_on": date(2026, 3, 1),
    }
    asked = {
        Stage.LEAD: 0,
        Stage.NEGOTIATION: 0,
        Stage.ENDED: 0,
        Stage.STARTED: 2,
        Stage.PRODUCTION: 3,
        Stage.FULL_CAPACITY: 3,
    }.get(stage, 1)
    project = add(stage=stage, **dict(list(dates.items())[:asked]))
    with ledger.begin(county) as work:
        terms = {"project_id": project.id, "title": "缺水", "channel": Channel.VISIT}
        if stage in STARTED_OR_LATER:
            assert requests.open(work, **terms).title == "缺水"
        else:
            with pytest.raises(LedgerError, match="once construction has started"):
                requests.open(work, **terms)


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        ({"title": " "}, "Say what the firm asks for"),
        ({"raised_on": date(2026, 5, 21)}, "on 2026-05-21, in the future"),
        ({"due_on": date(2026, 5, 19)}, "due on 2026-05-19, before it came in"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(
    ledger: Ledger, county: Actor, landed: Project, terms: Any, sentence: Any
) -> None:
    asked = {"title": "缺水", "channel": Channel.VISIT} | terms
    with ledger.begin(county) as work, pytest.raises(LedgerError, match=sentence):
        requests.open(work, project_id=landed.id, **asked)


def test_a_slip_is_mended_with_the_version_it_was_read_at(
    ledger: Ledger, county: Actor, raised: FirmRequest
) -> None:
    change = {
        "title": "增容",
        "channel": Channel.HOTLINE,
        "category": "energy",
        "due_on": date(2026, 6, 1),
    }
    with ledger.begin(county) as work:
        changed = requests.edit(work, raised.id, version=1, **change)
        assert {name: getattr(changed, name) for name in change} == change
        with pytest.raises(StaleError, match="changed this request of a firm"):
            requests.edit(work, raised.id, version=1, **change)


def test_it_is_closed_once_the_firm_has_confirmed_the_answer(
    ledger: Ledger, county: Actor, answered: FirmRequest
) -> None:
    with ledger.begin(county) as work:
        with pytest.raises(LedgerError, match="The firm has not confirmed an answer"):
            handling.close(
                work,
                requests.LOOP,
                answered.id,
                version=answered.version,
                evidence="办结单",
            )
        confirmed = requests.confirm(
            work, answered.id, version=answered.version, said=" 认可，张总 "
        )
        assert (confirmed.confirmation, confirmed.confirmed_on) == ("认可，张总", TODAY)
        assert state_of(confirmed) is CaseState.CONFIRMED
        closed = handling.close(
            work,
            requests.LOOP,
            answered.id,
            version=confirmed.version,
            evidence="办结单",
        )
    assert (closed.closed_on, closed.evidence) == (TODAY, "办结单")
    assert state_of(closed) is CaseState.CLOSED


def test_it_is_closed_without_the_firm_s_word_for_a_reason_beside_the_evidence(
    ledger: Ledger, county: Actor, raised: FirmRequest
) -> None:
    given = {"version": raised.version, "why": "企业已撤回"}
    with ledger.begin(county) as work:
        with pytest.raises(LedgerError, match="closed with evidence"):
            handling.close(work, requests.LOOP, raised.id, evidence=" ", **given)
        closed = handling.close(
            work, requests.LOOP, raised.id, evidence="撤回函", **given
        )
    assert closed.evidence == "企业已撤回\n撤回函"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"said": " "}, "Write down what the firm said"),
        ({"said": "好", "on": date(2026, 5, 14)}, "2026-05-15 cannot be confirmed"),
        ({"said": "好", "on": date(2026, 5, 21)}, "cannot be confirmed on 2026-05-21"),
    ],
)
def test_a_confirmation_that_cannot_be_is_refused(
    ledger: Ledger, county: Actor, answered: FirmRequest, given: Any, sentence: Any
) -> None:
    with ledger.begin(county) as work, pytest.raises(LedgerError, match=sentence):
        requests.confirm(work, answered.id, version=answered.version, **given)


def test_only_an_answer_that_stands_is_confirmed(
    ledger: Ledger, county: Actor, raised: FirmRequest
) -> None:
    with (
        ledger.begin(county) as work,
        pytest.raises(LedgerError, match="Only an answer that stands"),
    ):
        requests.confirm(work, raised.id, version=1, said="好")


def test_a_new_answer_or_a_new_office_asks_the_firm_again(
    ledger: Ledger, county: Actor, answered: FirmRequest
) -> None:
    loop = requests.LOOP
    for deed, given in (
        (handling.answer, {"text": "改为下月"}),
        (handling.route, {"office": "water", "why": "转"}),
        (handling.escalate, {"why": "提"}),
    ):
        with ledger.begin(county) as work:
            confirmed = requests.confirm(
                work, answered.id, version=answered.version, said="好"
            )
            now = deed(work, loop, answered.id, version=confirmed.version, **given)
            assert now.confirmed_on is None
            assert now.confirmation == "好"


def test_a_department_neither_confirms_nor_closes(
    ledger: Ledger, answered: FirmRequest
) -> None:
    energy = Actor("播州能源局", Role.DEPARTMENT, "520304", office="energy")
    with ledger.begin(energy) as work:
        with pytest.raises(AccessError):
            requests.confirm(work, answered.id, version=answered.version, said="好")
        with pytest.raises(AccessError):
            handling.close(
                work,
                requests.LOOP,
                answered.id,
                version=answered.version,
                evidence="单",
                why="好",
            )


def test_a_project_s_requests_are_listed_open_ones_first(
    ledger: Ledger, county: Actor, landed: Project, raised: FirmRequest
) -> None:
    with ledger.begin(county) as work:
        newer = requests.open(
            work, project_id=landed.id, title="缺工", channel=Channel.VISIT
        )
        listed = requests.of(work, landed.id)
        assert [one.id for one in listed] == [newer.id, raised.id]
        handling.close(
            work, requests.LOOP, newer.id, version=1, evidence="单", why="撤回"
        )
        assert [one.id for one in requests.of(work, landed.id)] == [raised.id, newer.id]

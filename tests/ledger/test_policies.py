"""The policy desk: documents are drafted, published in editions, repealed and read."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from gis.errors import AccessError, LedgerError, StaleError
from ledger import accounts, audit, policies, policy_making, rules
from ledger.model import Actor, Role
from ledger.policy import (
    Confidence,
    Edition,
    EditionState,
    Origin,
    Policy,
    PolicyState,
    Standing,
    Terms,
)
from ledger.policy_making import Answer
from ledger.unit_of_work import Ledger

PUBLIC = Actor("访客", Role.PUBLIC)
TERMS = Terms(
    title="播州区工业用地保障办法",
    document_number="播府发〔2026〕1号",
    effective_on=date(2026, 1, 1),
    until_on=date(2026, 12, 31),
    source="区政府门户网站",
    confidence=Confidence.SOURCE,
)
WHOLE = Answer("区政府常务会议", "纪要第3期")


@pytest.fixture
def leader() -> Actor:
    return Actor("播州 分管领导", Role.LEADER, "520304")


@pytest.fixture
def put(ledger: Ledger, province: Actor) -> Callable[..., Policy]:
    """Return what publishes a document that somebody else issued."""

    def put(terms: Terms = TERMS, keeper: str = "520304") -> Policy:
        with ledger.begin(province) as work:
            made = policies.draft(work, terms, keeper=keeper, origin=Origin.RECORDED)
            (draft,) = policies.editions(work, made.id)
            published = policies.publish(work, draft.id, version=draft.version)
            work.commit()
        return published

    return put


def revised(work: Any, policy: Policy, **changes: Any) -> Policy:
    """Publish another edition of a document."""
    draft = policies.revise(work, policy.id, why="延期", version=policy.version)
    draft = policies.edit(
        work, draft.id, replace(draft.terms, **changes), version=draft.version
    )
    return policies.publish(work, draft.id, version=draft.version)


def test_a_draft_is_seen_by_the_offices_of_its_place_alone(
    ledger: Ledger, county: Actor
) -> None:
    with ledger.begin(county) as work:
        made = policies.draft(work, TERMS, keeper="520304", origin=Origin.RECORDED)
        work.commit()
    assert (made.code, made.state) == ("520304-0001", PolicyState.DRAFT)
    with ledger.read(county) as work:
        assert [policy.id for policy, _ in policies.drafts(work)] == [made.id]
        assert policies.on_day(work) == []
    for other in (PUBLIC, Actor("桐梓", Role.COUNTY, "520322")):
        with ledger.read(other) as work:
            assert policies.drafts(work) == []
            with pytest.raises(LedgerError, match="no policy number"):
                policies.editions(work, made.id)


def test_what_is_published_is_read_by_everybody_and_stays_as_it_is(
    ledger: Ledger, province: Actor, put: Any, raw: Any
) -> None:
    policy = put()
    with ledger.read(PUBLIC) as work:
        (held,) = policies.on_day(work)
    assert (held.edition.terms, held.standing) == (TERMS, Standing.IN_FORCE)
    with ledger.begin(province) as work, pytest.raises(LedgerError, match="stays"):
        policies.edit(work, held.edition.id, TERMS, version=held.edition.version)
    with (
        raw() as connection,
        pytest.raises(IntegrityError, match="stays as it is"),
    ):
        connection.exec_driver_sql(
            f"UPDATE policy_edition SET title = 'x' WHERE policy_id = {policy.id}"  # noqa: S608
        )


def test_who_writes_a_county_s_policy_does_not_publish_it(
    ledger: Ledger, county: Actor, leader: Actor
) -> None:
    with ledger.begin(county) as work:
        made = policies.draft(work, TERMS, keeper="520304", origin=Origin.RECORDED)
        (draft,) = policies.editions(work, made.id)
        with pytest.raises(AccessError, match="may not publish"):
            policies.publish(work, draft.id, version=1)
        work.commit()
    with ledger.begin(leader) as work:
        assert [edition.id for _, edition in policies.drafts(work)] == [draft.id]
        assert policies.publish(work, draft.id, version=1).edition == 1


def test_what_an_office_makes_is_published_when_every_point_has_evidence(  # noqa: PLR0915 - one story
    ledger: Ledger, county: Actor, leader: Actor
) -> None:
    with ledger.begin(county) as work:
        made = policies.draft(work, TERMS, keeper="520304", origin=Origin.MADE)
        (draft,) = policies.editions(work, made.id)
        codes = [one.code for one in policy_making.points(work)]
        told = dict.fromkeys(codes[1:], WHOLE) | {codes[0]: Answer("已定", " ")}
        draft = policies.answer(work, draft.id, told, version=draft.version)
        work.commit()
    with ledger.begin(leader) as work:
        with pytest.raises(LedgerError, match="cannot be published") as refused:
            policies.publish(work, draft.id, version=draft.version)
        assert len(refused.value.faults) == 1
    with ledger.begin(county) as work:
        draft = policies.answer(work, draft.id, {codes[0]: WHOLE}, version=2)
        work.commit()
    with ledger.begin(leader) as work:
        published = policies.publish(work, draft.id, version=draft.version)
        work.commit()
    assert published.state is PolicyState.PUBLISHED
    with ledger.read(PUBLIC) as work:
        (bare,) = policies.editions(work, made.id)
        (held,) = policies.on_day(work)
    # Who wrote and published, why, and the answers stay in the offices.
    assert held.edition == bare
    assert not bare.published_by + bare.updated_by + bare.why + bare.checklist
    with ledger.read(leader) as work:
        (one,) = policies.editions(work, made.id)
    assert (one.published_by, set(policy_making.answers(one.checklist))) == (
        leader.name,
        set(codes),
    )


def test_the_points_are_data_that_an_office_changes(ledger: Ledger) -> None:
    text = rules.shipped_text("policy_making").split("[[point]]")[0] + (
        '[[point]]\ncode = "heard"\ntitle = "听取意见"\n'
    )
    text = text.replace("2026-11", "本局 1")
    assert policy_making.faults(rules.shipped("policy_making").data) == []
    assert len(policy_making.faults({"point": [{"code": "a"}, {"code": "a"}]})) == 3
    with ledger.begin(accounts.OPERATOR) as work:
        rules.put_in_force(
            work,
            "policy_making",
            text,
            effective_on=work.today(),
            check=policy_making.faults,
        )
        assert [one.code for one in policy_making.points(work)] == ["heard"]
        with pytest.raises(LedgerError, match="no point legality"):
            policy_making.written(work, {"legality": WHOLE})
        with pytest.raises(LedgerError, match="at most"):
            policy_making.written(work, {"heard": Answer("长" * 2_001, "x")})


def test_a_record_of_somebody_else_s_document_tells_where_it_was_read(
    ledger: Ledger, province: Actor
) -> None:
    with ledger.begin(province) as work:
        made = policies.draft(
            work, replace(TERMS, source=""), keeper="520304", origin=Origin.RECORDED
        )
        (draft,) = policies.editions(work, made.id)
        with pytest.raises(LedgerError) as refused:
            policies.publish(work, draft.id, version=1)
    assert "read" in str(refused.value.faults[0])


def test_the_old_edition_holds_until_the_day_of_the_new(
    ledger: Ledger, province: Actor, put: Any
) -> None:
    policy = put()
    with ledger.begin(province) as work:
        later = {"effective_on": date(2026, 7, 1), "until_on": date(2027, 6, 30)}
        revised(work, policy, title="新办法", **later)
        work.commit()
    told = {
        date(2025, 12, 31): (TERMS.title, Standing.NOT_YET),
        date(2026, 6, 30): (TERMS.title, Standing.IN_FORCE),
        date(2026, 7, 1): ("新办法", Standing.IN_FORCE),
        date(2027, 6, 30): ("新办法", Standing.IN_FORCE),
        date(2027, 7, 1): ("新办法", Standing.ENDED),
    }
    with ledger.read(PUBLIC) as work:
        for day, (title, standing) in told.items():
            (held,) = policies.on_day(work, day)
            assert (held.edition.title, held.standing) == (title, standing), day


def test_a_revision_waits_for_no_other_and_can_be_dropped(
    ledger: Ledger, province: Actor, put: Any
) -> None:
    policy = put()
    with ledger.begin(province) as work:
        with pytest.raises(LedgerError, match="why"):
            policies.revise(work, policy.id, why=" ", version=policy.version)
        draft = policies.revise(work, policy.id, why="改", version=policy.version)
        with pytest.raises(LedgerError, match="draft of this document"):
            policies.revise(work, policy.id, why="改", version=policy.version)
        dropped = policies.drop(work, draft.id, why="不改了", version=1)
        assert dropped.state is EditionState.DROPPED
        again = policies.revise(work, policy.id, why="再改", version=policy.version)
        assert (again.number, again.terms) == (3, TERMS)
        assert [one.number for one in policies.editions(work, policy.id)] == [3, 2, 1]
        work.commit()
    with ledger.read(PUBLIC) as work:
        assert [one.number for one in policies.editions(work, policy.id)] == [1]


def test_a_repealed_document_stays_readable_and_has_no_new_edition(
    ledger: Ledger, province: Actor, put: Any
) -> None:
    policy = put()
    with ledger.begin(province) as work:
        ended = policies.repeal(
            work, policy.id, on=date(2026, 6, 1), why="新法", version=policy.version
        )
        with pytest.raises(LedgerError, match="not published now"):
            policies.withdraw(work, policy.id, why="x", version=ended.version)
        with pytest.raises(LedgerError, match="repealed"):
            policies.revise(work, policy.id, why="x", version=ended.version)
        work.commit()
    with ledger.read(PUBLIC) as work:
        (before,) = policies.on_day(work, date(2026, 5, 31))
        (after,) = policies.on_day(work, date(2026, 6, 1))
    assert (before.standing, after.standing) == (Standing.IN_FORCE, Standing.ENDED)


def test_what_was_taken_off_the_desk_comes_back_with_a_new_edition(
    ledger: Ledger, province: Actor, put: Any
) -> None:
    policy = put()
    with ledger.begin(province) as work:
        gone = policies.withdraw(work, policy.id, why="录错", version=policy.version)
        assert policies.on_day(work) == []
        back = revised(work, gone, abstract="已更正")
        assert (back.state, back.end_reason) == (PolicyState.PUBLISHED, "")
        (held,) = policies.on_day(work)
        assert held.edition.number == 2


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": "  "}, "Title of the document"),
        ({"abstract": "长" * 10_001}, "too many"),
        ({"until_on": date(2025, 12, 31)}, "lies before"),
        ({"applies": "{"}, "JSON"),
        ({"applies": '{"about": ["project"], "stages": ["soon"]}'}, "soon"),
    ],
)
def test_faulty_terms_are_refused_in_one_sentence_each(
    ledger: Ledger, province: Actor, wrong: Any, said: str
) -> None:
    with ledger.begin(province) as work, pytest.raises(LedgerError) as refused:
        policies.draft(
            work, replace(TERMS, **wrong), keeper="520304", origin=Origin.RECORDED
        )
    assert [said in str(fault) for fault in refused.value.faults] == [True]


def test_a_code_is_used_once_and_a_place_is_a_code(
    ledger: Ledger, province: Actor, put: Any
) -> None:
    code = put().code
    with ledger.begin(province) as work:
        for told, match in (
            ({"keeper": "520304", "code": code}, "taken"),
            ({"keeper": "52030"}, "cannot be saved"),
        ):
            with pytest.raises(LedgerError, match=match):
                policies.draft(work, TERMS, origin=Origin.RECORDED, **told)


def test_a_decision_on_an_outdated_draft_is_refused(
    ledger: Ledger, province: Actor
) -> None:
    with ledger.begin(province) as work:
        made = policies.draft(work, TERMS, keeper="520304", origin=Origin.RECORDED)
        (draft,) = policies.editions(work, made.id)
        edited: Edition = policies.edit(
            work, draft.id, replace(TERMS, abstract="甲"), version=1
        )
        assert edited.version == 2
        with pytest.raises(StaleError):
            policies.publish(work, draft.id, version=1)


def test_the_library_s_version_moves_with_each_write_and_each_day(
    ledger: Ledger, province: Actor, put: Any, now: Any
) -> None:
    def version() -> str:
        with ledger.read(province) as work:
            return policies.library_version(work)

    empty = version()
    policy = put()
    first = version()
    now.moment += timedelta(seconds=1)
    with ledger.begin(province) as work:
        policies.withdraw(work, policy.id, why="录错", version=policy.version)
        work.commit()
    second = version()
    now.pass_days(1)
    assert len({empty, first, second, version()}) == 4


def test_every_write_stands_in_a_history_that_verifies(
    ledger: Ledger, put: Any
) -> None:
    policy = put()
    with ledger.read(accounts.OPERATOR) as work:
        told = audit.history(work, "policy", policy.id)
        assert [one.verb for one in told] == ["policy.published", "policy.draft"]
        assert json.loads(told[0].after)["state"] == "published"
        assert audit.verify(work).broken is None

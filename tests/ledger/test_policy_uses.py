"""Where documents are used: projects they touch, promises made under them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from gis.errors import AccessError, LedgerError
from ledger import (
    accounts,
    agenda,
    audit,
    policies,
    policy_library,
    policy_uses,
    promises,
    rules,
    schema,
    service_contacts,
)
from ledger.agenda import Matter
from ledger.applicability import About, of_data, written
from ledger.model import Actor, Role
from ledger.policy import Confidence, Origin, Policy, Terms
from ledger.policy_subjects import one_subject
from ledger.unit_of_work import Ledger, Work

BATTERIES = written(
    of_data({"about": ["project"], "industries": ["C38"], "regions": ["520304"]})
)
TERMS = Terms(
    title="电池产业办法",
    effective_on=date(2026, 1, 1),
    until_on=date(2027, 12, 31),
    source="x",
    confidence=Confidence.SOURCE,
    applies=BATTERIES,
)


def published(work: Work, terms: Terms = TERMS) -> Policy:
    made = policies.draft(work, terms, keeper="520304", origin=Origin.RECORDED)
    (draft,) = policies.editions(work, made.id)
    return policies.publish(work, draft.id, version=1)


def revised(work: Work, policy: Policy, **changes: Any) -> Policy:
    draft = policies.revise(work, policy.id, why="改", version=policy.version)
    draft = policies.edit(
        work, draft.id, replace(draft.terms, **changes), version=draft.version
    )
    return policies.publish(work, draft.id, version=draft.version)


@pytest.fixture
def policy(ledger: Ledger, province: Actor) -> Policy:
    with ledger.begin(province) as work:
        made = published(work)
        work.commit()
    return made


@pytest.fixture
def promise(ledger: Ledger, county: Actor, add: Callable[..., Any]) -> Any:
    project = add("甲", industry="C38")
    with ledger.begin(county) as work:
        made = promises.write(
            work, project_id=project.id, title="用电补贴", basis="协议"
        )
        work.commit()
    return made


def test_a_document_lists_the_projects_it_touches_that_the_actor_may_see(
    ledger: Ledger, province: Actor, county: Actor, policy: Policy, add: Any
) -> None:
    add("甲", industry="C38")
    add("乙", industry="C38", region="520322")
    add("丙", industry="")
    add("丁", industry="I65")
    for who in (province, county):
        with ledger.read(who) as work:
            (held,) = policies.on_day(work)
            found = policy_uses.touched(work, held)
        assert [one.title for one in found.sure] == ["甲"]
        assert [one.title for one in found.maybe] == ["丙"]
    with ledger.read(Actor("访客", Role.PUBLIC)) as work, pytest.raises(AccessError):
        policy_uses.touched(work, held)
    assert held.policy.id == policy.id


def test_a_change_lists_only_the_projects_it_brings(
    ledger: Ledger, province: Actor, policy: Policy, add: Any
) -> None:
    for title, industry in (("甲", "C38"), ("乙", "C39"), ("丙", "I65")):
        add(title, industry=industry)
    wider = written(of_data({"about": ["project"], "industries": ["C"]}))
    with ledger.begin(province) as work:
        first = policy_uses.last_change(work, policy.id)
        assert first is not None
        assert first[1] is None
        later = work.today() + timedelta(days=30)
        revised(work, policy, applies=wider, effective_on=later)
        told = policy_uses.last_change(work, policy.id)
        assert told is not None
        found = policy_uses.touched(work, *told)
        assert [one.title for one in found.sure] == ["乙"]


def test_a_draft_changes_nothing_yet(ledger: Ledger, province: Actor) -> None:
    with ledger.begin(province) as work:
        made = policies.draft(work, TERMS, keeper="520304", origin=Origin.RECORDED)
        assert policy_uses.last_change(work, made.id) is None


def test_a_promise_stands_under_a_published_document_and_tells_its_edition(
    ledger: Ledger, county: Actor, policy: Policy, promise: Any
) -> None:
    with ledger.begin(county) as work:
        assert policy_uses.link_of(work, promise.id) is None
        made = policy_uses.link(work, promise.id, policy.id)
        assert (made.policy_id, made.edition) == (policy.id, 1)
        (one,) = policy_uses.under(work, policy.id)
        assert (one.promise.id, one.caution) == (promise.id, None)
        gone = policy_uses.link(work, promise.id, None, version=1)
        assert (gone.policy_id, policy_uses.under(work, policy.id)) == (None, [])
        draft = policies.draft(work, TERMS, keeper="520304", origin=Origin.MADE)
        with pytest.raises(LedgerError, match="published"):
            policy_uses.link(work, promise.id, draft.id, version=2)


def test_a_change_an_end_and_a_withdrawal_warn_the_promises_still_due(  # noqa: PLR0915 - one story
    ledger: Ledger,
    county: Actor,
    province: Actor,
    policy: Policy,
    promise: Any,
    now: Any,
) -> None:
    def cautions() -> list[Any]:
        with ledger.read(county) as work:
            return [one.caution for one in policy_uses.to_look_at(work)]

    with ledger.begin(county) as work:
        policy_uses.link(work, promise.id, policy.id)
        work.commit()
    assert cautions() == []
    with ledger.begin(province) as work:
        policy = revised(work, policy, until_on=date(2026, 8, 18))
        work.commit()
    assert [(one.changed, one.ends) for one in cautions()] == [
        (True, date(2026, 8, 18))
    ]
    with ledger.begin(county) as work:
        policy_uses.link(work, promise.id, policy.id, version=1)
        work.commit()
    # It ends in 90 days: still told, though its newest edition was looked at.
    assert [(one.changed, one.ends) for one in cautions()] == [
        (False, date(2026, 8, 18))
    ]
    with ledger.read(county) as work:
        assert [one.policy.id for one in policy_uses.ending(work, "5203")] == [
            policy.id
        ]
        assert policy_uses.ending(work, "5201") == []
    now.pass_days(91)
    assert [one.ends for one in cautions()] == [date(2026, 8, 18)]
    with ledger.read(county) as work:
        assert policy_uses.ending(work, "5203") == []
    with ledger.begin(province) as work:
        policies.withdraw(work, policy.id, why="录错", version=policy.version)
        work.commit()
    assert [one.gone for one in cautions()] == [True]
    with ledger.begin(county) as work:
        promises.keep(work, promise.id, evidence="凭证", version=1)
        work.commit()
    assert cautions() == []


def test_ninety_one_days_before_its_end_nothing_is_warned(
    ledger: Ledger, county: Actor, province: Actor, promise: Any
) -> None:
    with ledger.begin(province) as work:
        made = published(work, replace(TERMS, until_on=date(2026, 8, 19)))
        work.commit()
    with ledger.begin(county) as work:
        policy_uses.link(work, promise.id, made.id)
        assert policy_uses.to_look_at(work) == []
        assert policy_uses.ending(work, "520304") == []


def test_the_desk_s_tables_go_and_come_back_and_promises_stay(
    ledger: Ledger,
    county: Actor,
    province: Actor,
    policy: Policy,
    promise: Any,
    raw: Any,
) -> None:
    with ledger.begin(county) as work:
        policy_uses.link(work, promise.id, policy.id)
        work.commit()
    with raw() as connection:
        schema.downgrade(connection, "0003")
        schema.upgrade(connection)
    with ledger.read(county) as work:
        assert promises.get(work, promise.id) == promise
        assert policies.on_day(work) == []
    with ledger.read(province) as work:
        assert audit.verify(work).broken is None


def test_today_tells_what_ends_and_whose_promises_it_warns(
    ledger: Ledger, county: Actor, province: Actor, policy: Policy, promise: Any
) -> None:
    def told(who: Actor) -> dict[Matter, list[Any]]:
        with ledger.read(who) as work:
            found = agenda.agenda(work).groups
        return {
            one.matter: [(e.entity, e.code, e.left, e.about) for e in one.entries]
            for one in found
            if one.matter in {Matter.POLICY_ENDING, Matter.PROMISE_POLICY}
        }

    with ledger.begin(county) as work:
        policy_uses.link(work, promise.id, policy.id)
        work.commit()
    assert told(county) == {}
    with ledger.begin(province) as work:
        revised(work, policy, until_on=date(2026, 5, 30))
        work.commit()
    with ledger.read(county) as work:
        code = policy_uses.under(work, policy.id)[0].project.code
    assert told(county) == {
        Matter.PROMISE_POLICY: [("promise", code, 10, "changed")],
        Matter.POLICY_ENDING: [("policy", policy.code, 10, "")],
    }
    assert told(Actor("桐梓", Role.COUNTY, "520322")) == {}
    assert told(Actor("自然资源局", Role.PLANNER, "520304")) == {}


def test_a_draft_is_told_to_who_publishes_it_once_nothing_is_missing(
    ledger: Ledger, county: Actor, province: Actor
) -> None:
    leader = Actor("播州 分管领导", Role.LEADER, "520304")

    def told(who: Actor) -> list[tuple[str, int | None]]:
        with ledger.read(who) as work:
            groups = agenda.agenda(work).groups
        return [
            (one.code, one.left)
            for group in groups
            if group.matter is Matter.POLICY_READY
            for one in group.entries
        ]

    with ledger.begin(county) as work:
        open_terms = replace(TERMS, source="")
        made = policies.draft(work, open_terms, keeper="520304", origin=Origin.RECORDED)
        (draft,) = policies.editions(work, made.id)
        work.commit()
    assert told(leader) == []
    with ledger.begin(county) as work:
        policies.edit(work, draft.id, TERMS, version=draft.version)
        work.commit()
    assert told(leader) == told(province) == [(made.code, 0)]
    assert told(county) == []
    assert told(replace(leader, region="520322")) == []
    with ledger.begin(leader) as work:
        policies.publish(work, draft.id, version=draft.version + 1)
        work.commit()
    assert told(leader) == []


def test_a_parcel_is_told_what_is_published_for_it_on_a_day(
    ledger: Ledger, province: Actor
) -> None:
    rule = written(of_data({"about": ["parcel"], "regions": ["520304"]}))
    with ledger.begin(province) as work:
        published(work, replace(TERMS, applies=rule))
        work.commit()
    land = one_subject(About.PARCEL, {"region": "520304"})
    with ledger.read(Actor("访客", Role.PUBLIC)) as work:
        for day, titles in (
            (None, [TERMS.title]),
            (date(2025, 12, 31), []),
            (date(2028, 1, 1), []),
        ):
            found = policy_library.published_for(work, land, day)
            assert [held.edition.title for held, _, _ in found] == titles


CONTACTS = """
edition = "本局 1"
source = "门户网站"
confidence = "source"
[[contact]]
office = "land"
region = "520304"
post = "用地窗口"
reach = "政务大厅3号"
public = true
[[contact]]
office = "land"
region = "520304"
post = "值班室"
reach = "内线"
"""


def test_contacts_are_posts_that_an_administrator_enters(
    ledger: Ledger, county: Actor
) -> None:
    with ledger.begin(accounts.OPERATOR) as work:
        assert service_contacts.contacts(work) == []
        rules.put_in_force(
            work,
            service_contacts.TABLE,
            CONTACTS,
            effective_on=work.today(),
            check=service_contacts.faults,
        )
        work.commit()
    for who, posts in (
        (county, ["用地窗口", "值班室"]),
        (Actor("访客", Role.PUBLIC), ["用地窗口"]),
    ):
        with ledger.read(who) as work:
            assert [one.post for one in service_contacts.contacts(work)] == posts
    wrong = {"contact": [{"office": "land", "region": "x", "post": "a", "reach": "b"}]}
    assert len(service_contacts.faults(wrong)) == 1

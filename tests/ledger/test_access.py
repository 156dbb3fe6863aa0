"""Who may do what: every cell of the matrix, by the rule and by the verb itself."""

from collections.abc import Callable
from datetime import date
from itertools import product
from typing import Any

import pytest
from shapely import Polygon, box, from_wkb

from gis.errors import AccessError
from ledger import (
    accounts,
    appraisals,
    approval_decisions,
    approvals,
    audit,
    case_list,
    checks,
    claims,
    demands,
    facilities,
    handling,
    holdings,
    indicators,
    inquiries,
    offices,
    policies,
    preferences,
    problems,
    project_list,
    projects,
    promises,
    queue,
    requests,
    rules,
    saved_searches,
    shortlist,
    zones,
)
from ledger.access import MATRIX, Verb, may, own_prefix, require
from ledger.appraisal_checklist import Answer, Found
from ledger.casework import Channel, Decision, FacilityKind, View
from ledger.list_part import Wanted
from ledger.model import Actor, ClaimKind, ProblemKind, Role, Says, Stage
from ledger.policy import Origin, Terms
from ledger.unit_of_work import Ledger

# Written by hand, beside the code's own: o own places, a anywhere, - nowhere.
ROLES = (
    "province",
    "city",
    "county",
    "planner",
    "department",
    "factor",
    "conference",
    "leader",
    "administrator",
    "investor",
    "public",
)
CELLS = {
    "project.read": "o o o o o o o o - - -",
    "project.create": "o o o - - - - - - - -",
    "project.edit": "o o o - - - - - - - -",
    "project.move": "o o o - - - - - - - -",
    "shortlist.edit": "o o o o - - - - - - -",
    "claim.read": "a a a a a a a a - - -",
    "claim.state": "a a a a a a a a a a a",
    "claim.make": "o o o - - - - - - - -",
    "claim.release": "o o o - - - - - - - -",
    "claim.queue": "o o o - - - - - - - -",
    "claim.hand_over": "o o o - - - - - - - -",
    "demand.edit": "o o o - - - - - - - -",
    "demand.close": "o o o - - - - - - - -",
    "problem.edit": "o o o - - - - - - - -",
    "problem.route": "o o o - - - o - - - -",
    "problem.answer": "o o o - o o o - - - -",
    "problem.close": "o o o - - - - - - - -",
    "request.edit": "o o o - - - - - - - -",
    "request.answer": "o o o - o o o - - - -",
    "request.close": "o o o - - - - - - - -",
    "approval.edit": "o o o - - - - - - - -",
    "approval.advance": "o o o o - - - - - - -",
    "appraisal.edit": "o o o - - - - - - - -",
    "appraisal.say": "o o o o o o o o - - -",
    "appraisal.decide": "- - - - - - - o - - -",
    "promise.edit": "o o o - - - - - - - -",
    "promise.settle": "o o o - - - - - - - -",
    "facility.edit": "o o o - - - - - - - -",
    "zone.edit": "o o - - - - - - - - -",
    "inquiry.make": "a a a a - - - - - a a",
    "inquiry.answer": "o o o - - - - - - - -",
    "search.save": "a a a a a a a a a a a",
    "check.make": "a a a a - - - - - - -",
    "check.keep": "o o o o - - - - - - -",
    "check.overrule": "o o o o - - - - - - -",
    "indicator.read": "o o o o o o o o - - -",
    "policy.read": "a a a a a a a a a a a",
    "policy.edit": "o o o - - - - - - - -",
    "policy.publish": "o o - - - - - o - - -",
    "rule.read": "a a a a a a a a a - -",
    "rule.edit": "- - - - - - - - a - -",
    "account.edit": "- - - - - - - - a - -",
    "preference.edit": "a a a a a a a a a - -",
    "audit.read": "o o o o - - - o a - -",
    "audit.verify": "a - - - - - - - a - -",
}
HOMES = dict.fromkeys(ROLES, "520304") | {
    "province": "520000",
    "city": "520300",
}
OWN, OTHER = "520304", "430104"


EVERY = [
    (verb, role, cell)
    for verb, row in CELLS.items()
    for role, cell in zip(ROLES, row.split(), strict=True)
]


# Departments work on what is routed to their office: all of these sit in one.
OFFICES = dict.fromkeys(("department", "factor", "conference"), "land")


def actor(role: str) -> Actor:
    return Actor(f"{role} clerk", Role(role), HOMES[role], office=OFFICES.get(role, ""))


def test_the_table_of_this_test_has_every_verb_and_every_role() -> None:
    assert set(CELLS) == set(Verb)
    assert set(MATRIX) == set(Verb)
    assert set(ROLES) == set(Role)


@pytest.mark.parametrize(("verb", "role", "cell"), EVERY)
def test_a_cell_grants_its_place_and_no_other(verb: Any, role: Any, cell: Any) -> None:
    asks = actor(role)
    assert may(asks, Verb(verb), OWN) is (cell != "-")
    assert may(asks, Verb(verb), OTHER) is (cell == "a")
    assert may(asks, Verb(verb)) is (cell != "-")


def test_what_the_matrix_does_not_name_is_denied() -> None:
    assert not any(may(actor(role), "project.erase", OWN) for role in ROLES)


@pytest.mark.parametrize(
    ("role", "region", "prefix"),
    [
        ("province", "520000", "52"),
        ("city", "520300", "5203"),
        ("county", "520304", "520304"),
        ("county", "520000", "520000"),
        ("planner", "520000", "52"),
        ("planner", "520300", "5203"),
        ("planner", "520304", "520304"),
        ("investor", "520304", None),
        ("public", "520000", None),
        ("province", "", None),
        ("city", "52", None),
        ("county", "52030四", None),
        ("province", "５２００００", None),
    ],
)
def test_own_places_are_those_of_the_office(
    role: Any, region: Any, prefix: Any
) -> None:
    assert own_prefix(Actor("x", Role(role), region)) == prefix


def test_a_county_office_does_not_reach_the_next_county_nor_its_prefecture() -> None:
    office = Actor("播州", Role.COUNTY, "520304")
    reached = [
        c
        for c in ("520304", "520303", "520300", "520000", "")
        if may(office, Verb.PROJECT_READ, c)
    ]
    assert reached == ["520304"]


def test_a_refusal_says_who_asked_and_for_what() -> None:
    with pytest.raises(AccessError, match="Ann works for 520304 and may not change a"):
        require(Actor("Ann", Role.COUNTY, "520304"), Verb.PROJECT_EDIT, "520303")
    with pytest.raises(AccessError, match=r"Nobody \(Public\) may not claim land"):
        require(Actor("", Role.PUBLIC), Verb.CLAIM_MAKE, "520303")


def test_who_is_called_by_their_role_is_named_once() -> None:
    with pytest.raises(AccessError, match=r"^Investor may not claim land"):
        require(Actor("Investor", Role.INVESTOR), Verb.CLAIM_MAKE, "520303")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest, fresh: Any) -> Any:
    """Return one ledger for all: only what `deeds` prepares is ever committed."""
    with fresh(request.param) as url:
        kept = Ledger(url, b"a key for tests, not a secret")
        yield kept
        kept.close()


def a_check(work: Any, region: str) -> Any:
    return checks.keep(
        work,
        file_name="界址点.txt",
        sha256="a" * 64,
        result_hash=region + "0" * 58,
        verdicts={"clear": 1},
        area_m2=1.0,
        region=region,
    )


def an_appraisal(work: Any, project_id: int) -> Any:
    """Return an appraisal that waits for a decision."""
    begun = appraisals.begin(work, project_id)
    codes = appraisals.checklist(work).codes
    answers = {code: Answer(Found.FINE) for code in codes}
    kept = appraisals.answer(work, begun.id, version=1, answers=answers, summary="可行")
    return appraisals.submit(work, begun.id, version=kept.version)


def a_request(work: Any, region: str) -> Any:
    """Return a landed project and an answered request of its firm."""
    landed = projects.create(
        work,
        title="L",
        region=region,
        stage=Stage.STARTED,
        signed_on=date(2025, 1, 1),
        started_on=date(2025, 6, 1),
    )
    made = requests.open(
        work, project_id=landed.id, title="增容", channel=Channel.VISIT
    )
    handling.route(work, requests.LOOP, made.id, version=1, office="land")
    answered = handling.answer(work, requests.LOOP, made.id, version=2, text="列入计划")
    return landed, answered


def a_policy(work: Any, region: str) -> Any:
    """Return a document that is published and kept in a place."""
    made = policies.draft(
        work, Terms(title="办法", source="x"), keeper=region, origin=Origin.RECORDED
    )
    (draft,) = policies.editions(work, made.id)
    return policies.publish(work, draft.id, version=1)


def ask(work: Any, region: str) -> Any:
    return inquiries.receive(
        work,
        region=region,
        person="王先生",
        contact="a@b.cn",
        text="可有净地？",
        consents=True,
    )


@pytest.fixture(scope="module")
def deeds(ledger: Ledger) -> Any:  # noqa: PLR0915 - a deed for every verb
    """Return what each verb of the matrix does, on a project in a place."""
    made: dict[str, Any] = {}
    requested: dict[str, Any] = {}
    wanted: dict[str, Any] = {}
    cases: dict[str, Any] = {}

    def in_place(region: Any) -> Any:
        if region in made:
            return made[region]
        west = 106.7 + 0.1 * len(made)
        clerk = Actor("setter", Role.PROVINCE, region[:2] + "0000")
        with ledger.begin(clerk) as work:
            project = projects.create(work, title="A", region=region)
            held = claims.claim(
                work,
                project_id=project.id,
                parcel_id=f"held {region}",
                geometry=box(west, 26.6, west + 0.001, 26.601),
                area_m2=1.0,
            )
            problem = problems.open(
                work, project_id=project.id, kind=ProblemKind.SINGLE, title="缺电"
            )
            problem = handling.route(
                work, problems.LOOP, problem.id, version=1, office="land"
            )
            check = a_check(work, region)
            land = approvals.apply(
                work, project_id=project.id, title="用地", case="stock"
            )
            weighed = an_appraisal(work, project.id)
            requested[region] = a_request(work, region)
            promise = promises.write(
                work, project_id=project.id, title="补助", basis="协议"
            )
            cases[region] = (promise, ask(work, region), a_policy(work, region))
            other = projects.create(work, title="B", region=region)
            entry = queue.join(
                work,
                project_id=other.id,
                parcel_id=held.parcel_id,
                geometry=from_wkb(held.geometry),
                area_m2=1.0,
            )
            demand = demands.add(work, project_id=project.id, title="用地", area_mu=1.0)
            wanted[region] = (entry, demand)
            work.commit()
        ground = box(west, 26.7, west + 0.001, 26.701)
        made[region] = (project, held, problem, check, ground, land, weighed)
        return made[region]

    def do(verb: Any, work: Any, region: Any) -> Any:
        project, held, problem, check, ground, land, weighed = in_place(region)
        landed, request = requested[region]
        promise, inquiry, policy = cases[region]
        entry, demand = wanted[region]
        return {
            "project.read": lambda: projects.get(work, project.id),
            "project.create": lambda: projects.create(work, title="B", region=region),
            "project.edit": lambda: projects.edit(
                work, project.id, version=1, title="C"
            ),
            "project.move": lambda: projects.move(
                work, project.id, to=Stage.NEGOTIATION, version=1
            ),
            "shortlist.edit": lambda: shortlist.add(
                work, project_id=project.id, parcel_id="P"
            ),
            "claim.read": lambda: claims.conflicts(work, ground),
            "claim.state": lambda: holdings.held_parcels(work),
            "claim.make": lambda: claims.claim(
                work,
                project_id=project.id,
                parcel_id="P",
                geometry=ground,
                area_m2=1.0,
                kind=ClaimKind.LOCKED,
            ),
            "claim.release": lambda: claims.release(work, held.id, reason="让地"),
            "claim.queue": lambda: queue.leave(work, entry.id, why="另选", version=1),
            "claim.hand_over": lambda: claims.hand_over(work, held.id, version=1),
            "demand.edit": lambda: demands.match(
                work, demand.id, version=1, parcel_id="P"
            ),
            "demand.close": lambda: demands.meet(
                work, demand.id, evidence="合同", version=1
            ),
            "problem.edit": lambda: problems.open(
                work, project_id=project.id, kind=ProblemKind.FACTOR, title="缺水"
            ),
            "problem.route": lambda: handling.escalate(
                work, problems.LOOP, problem.id, version=2, why="逾期"
            ),
            "problem.answer": lambda: handling.answer(
                work, problems.LOOP, problem.id, version=2, text="已办"
            ),
            "problem.close": lambda: problems.close(
                work, problem.id, evidence="通电单", version=2
            ),
            "request.edit": lambda: requests.open(
                work, project_id=landed.id, title="缺工", channel=Channel.HOTLINE
            ),
            "request.answer": lambda: handling.answer(
                work, requests.LOOP, request.id, version=3, text="改期"
            ),
            "request.close": lambda: requests.confirm(
                work, request.id, version=3, said="好"
            ),
            "approval.edit": lambda: approval_decisions.withdraw(
                work, land.id, why="撤回", version=1
            ),
            "approval.advance": lambda: approvals.advance(
                work, land.id, version=1, despite="容缺"
            ),
            "appraisal.edit": lambda: appraisals.take_back(
                work, weighed.id, why="补", version=weighed.version
            ),
            "appraisal.say": lambda: appraisals.say(
                work, weighed.id, view=View.FOR, text="同意"
            ),
            "appraisal.decide": lambda: appraisals.decide(
                work,
                weighed.id,
                decision=Decision.BRING_IN,
                reason="会商",
                version=weighed.version,
                data={},
                software="1",
            ),
            "promise.edit": lambda: promises.write(
                work, project_id=project.id, title="贴息", basis="协议"
            ),
            "promise.settle": lambda: promises.keep(
                work, promise.id, evidence="验收单", version=1
            ),
            "facility.edit": lambda: facilities.add(
                work,
                kind=FacilityKind.ROAD,
                title="主干道",
                zone="52201028",
                region=region,
            ),
            "zone.edit": lambda: zones.put_figure(
                work,
                zones.Zone("52201028", region),
                year=2025,
                code="tax_per_mu",
                value=1.0,
                source="年报",
            ),
            "inquiry.make": lambda: ask(work, region),
            "search.save": lambda: saved_searches.save(
                work, need="{}", data_version="1", parcel_ids=["GZ-7"]
            ),
            "inquiry.answer": lambda: inquiries.answer(
                work, inquiry.id, text="请来电。", version=1
            ),
            "check.make": lambda: a_check(work, region),
            "check.keep": lambda: checks.to_project(
                work, check.id, project_id=project.id, version=1
            ),
            "check.overrule": lambda: checks.overrule(
                work,
                check.id,
                parcel_id="P",
                layer="farmland",
                says=Says.NO_CONFLICT,
                reason="现场核实",
            ),
            "indicator.read": lambda: indicators.kpis(work),
            "preference.edit": lambda: preferences.save(
                work, kind="ledger_filter", title="A", value="{}"
            ),
            "audit.read": lambda: audit.history(work, "project", project.id),
            "audit.verify": lambda: audit.verify(work),
            "policy.read": lambda: policies.on_day(work),
            "policy.edit": lambda: policies.revise(
                work, policy.id, why="改", version=policy.version
            ),
            "policy.publish": lambda: policies.withdraw(
                work, policy.id, why="录错", version=policy.version
            ),
            "rule.read": lambda: rules.text_of(work, "offices"),
            "rule.edit": lambda: rules.put_in_force(
                work,
                "offices",
                rules.shipped_text("offices").replace("2026-11", "2026-12"),
                effective_on=work.today(),
                check=offices.faults,
            ),
            "account.edit": lambda: accounts.add(
                work, issuer="x", subject="y", name="Z", role=Role.INVESTOR
            ),
        }[verb]

    do.prepare = in_place
    return do


PLACELESS = {"indicator.read", "audit.read", "audit.verify"}


@pytest.mark.parametrize(
    ("verb", "role", "right", "region"),
    [(*cell, region) for cell, region in product(EVERY, (OWN, OTHER))],
)
def test_the_verb_itself_checks_its_cell(
    ledger: Ledger, deeds: Any, verb: Any, role: Any, right: Any, region: Any
) -> None:
    deeds.prepare(region)
    granted = right == "a" or (right == "o" and (region == OWN or verb in PLACELESS))
    with ledger.begin(actor(role)) as work:
        deed = deeds(verb, work, region)
        if granted:
            deed()
        else:
            with pytest.raises(AccessError):
                deed()


def test_figures_and_history_hold_only_what_the_actor_may_see(
    ledger: Ledger, deeds: Any
) -> None:
    own, *_ = deeds.prepare(OWN)
    other, *_ = deeds.prepare(OTHER)
    with ledger.read(actor("county")) as work:
        found = {one.id: one.region for one in projects.find(work)}
        assert own.id in found
        assert set(found.values()) == {OWN}
        assert projects.regions(work) == [OWN]
        assert indicators.kpis(work).projects == len(found)
        listed = project_list.find(work, project_list.Asked(), Wanted())
        assert {one.id for one in listed.rows} == set(found)
        assert len(problems.open_ones(work)) == 1
        assert audit.history(work, "project", other.id) == []
        told = audit.history(work, "project", own.id)
        assert {row.project_id for row in told} == {own.id}
        assert projects.by_code(work, other.code) is None
        assert projects.by_code(work, own.code) == own


def test_the_other_verbs_check_too(ledger: Ledger, deeds: Any) -> None:
    """Verbs that share a cell with another are refused outside it as well."""
    project, held, problem, *_ = deeds.prepare(OTHER)
    county = actor("county")
    refused = [
        lambda work: projects.timeline(work, project.id),
        lambda work: projects.milestones(work, project.id),
        lambda work: projects.add_milestone(work, project.id, title="开工"),
        lambda work: shortlist.of(work, project.id),
        lambda work: shortlist.remove(work, project_id=project.id, parcel_id="P"),
        lambda work: claims.of(work, project.id),
        lambda work: claims.amend(work, held.id, version=1, expires_on=None),
        lambda work: problems.of(work, project.id),
        lambda work: problems.reopen(work, problem.id, why="又停", version=2),
        lambda work: handling.route(
            work, problems.LOOP, problem.id, version=2, office="water", why="转"
        ),
        lambda work: handling.course(work, problems.LOOP, problem.id),
        lambda work: requests.of(work, project.id),
        lambda work: problems.edit(
            work,
            problem.id,
            version=1,
            kind=ProblemKind.FACTOR,
            title="缺电",
            category="",
            due_on=None,
        ),
    ]
    for deed in refused:
        with ledger.begin(county) as work, pytest.raises(AccessError):
            deed(work)


@pytest.mark.parametrize("role", ["investor", "public"])
def test_the_public_sees_nothing_of_the_ledger(
    ledger: Ledger, deeds: Any, role: Any
) -> None:
    deeds.prepare(OWN)
    for look in (
        projects.find,
        projects.regions,
        claims.active,
        claims.holders,
        indicators.kpis,
        lambda work: project_list.find(work, project_list.Asked(), Wanted()),
        problems.open_ones,
        lambda work: case_list.figures(work, requests.LOOP),
        lambda work: claims.holder_of(work, f"held {OWN}"),
        lambda work: projects.by_code(work, "XM-2026-0001"),
        lambda work: audit.history(work, "project", 1),
    ):
        with ledger.read(actor(role)) as work, pytest.raises(AccessError):
            look(work)


def test_moving_a_project_to_another_region_needs_a_right_in_both(
    ledger: Ledger, deeds: Any
) -> None:
    own, *_ = deeds.prepare(OWN)
    with (
        ledger.begin(actor("county")) as work,
        pytest.raises(AccessError, match="520303"),
    ):
        projects.edit(work, own.id, version=1, region="520303")
    with ledger.begin(actor("city")) as work:
        assert projects.edit(work, own.id, version=1, region="520303").version == 2


def test_land_outside_the_office_s_places_is_refused_where_its_county_is_told(
    ledger: Ledger, deeds: Any, square: Callable[..., Polygon]
) -> None:
    own, *_ = deeds.prepare(OWN)
    with ledger.begin(actor("county")) as work:
        ground = {"geometry": square(5_000), "area_m2": 1.0, "parcel_id": "P"}
        with pytest.raises(AccessError, match="520303"):
            claims.claim(work, project_id=own.id, region="520303", **ground)
        assert claims.claim(work, project_id=own.id, region=OWN, **ground).region == OWN

"""Appraisals before signing: answered, spoken to, decided, frozen."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from gis.errors import AccessError, LedgerError, StaleError
from ledger import (
    appraisal_checklist,
    appraisals,
    audit,
    casework_tables,
    projects,
    rules,
)
from ledger.appraisal_checklist import Answer, Found
from ledger.appraisal_figures import figures
from ledger.appraisals import Site
from ledger.casework import Appraisal, AppraisalState, Decision, View
from ledger.model import Actor, Project, Role, Stage
from ledger.unit_of_work import Ledger, Work

TODAY = date(2026, 5, 20)
LEADER = Actor("分管领导", Role.LEADER, "520000")
PLANNER = Actor("规划处", Role.PLANNER, "520000")
ENERGY = Actor("能源局", Role.DEPARTMENT, "520000", "energy")
ADMIN = Actor("管理员", Role.ADMINISTRATOR, "520000")
SITE = Site(
    parcel_id="GZ-7",
    state="pass",
    score=81.5,
    result_hash="ab" * 32,
    need='{"title": "电池"}',
    layers={"parcels": "v1", "urban_boundary": "v2"},
    facts="f1",
)
RESTS = {"data": {"parcels": "v1"}, "software": "1.2.3"}


@pytest.fixture
def begun(ledger: Ledger, province: Actor, add: Callable[..., Project]) -> Appraisal:
    """Return an empty draft, of a project whose figures divide evenly."""
    project = add(
        stage=Stage.NEGOTIATION,
        land_demand_mu=200.0,
        investment_wan_cny=50_000.0,
        output_wan_cny=80_000.0,
        tax_wan_cny=4_000.0,
        jobs=500,
    )
    with ledger.begin(province) as work:
        made = appraisals.begin(work, project.id)
        work.commit()
    return made


def answered(work: Work, appraisal: Appraisal, **found: Found) -> Appraisal:
    """Answer every line; those named with what was found."""
    codes = appraisals.checklist(work).codes
    return appraisals.answer(
        work,
        appraisal.id,
        version=appraisals.get(work, appraisal.id).version,
        answers={
            code: Answer(found.get(code, Found.FINE), f"{code} 核实") for code in codes
        },
        summary="可行",
    )


def submitted(work: Work, appraisal: Appraisal) -> Appraisal:
    answered(work, appraisal)
    now = appraisals.get(work, appraisal.id)
    return appraisals.submit(work, appraisal.id, version=now.version)


@pytest.fixture
def waiting(ledger: Ledger, province: Actor, begun: Appraisal) -> Appraisal:
    """Return an appraisal that waits for a decision."""
    with ledger.begin(province) as work:
        made = submitted(work, begun)
        work.commit()
    return made


def test_figures_are_those_of_the_project_by_land_and_by_money(
    ledger: Ledger, province: Actor, begun: Appraisal
) -> None:
    with ledger.read(province) as work:
        project = projects.get(work, begun.project_id)
    assert {one.code: one.value for one in figures(project)} == {
        "investment_per_mu": 250.0,
        "output_per_mu": 400.0,
        "tax_per_mu": 20.0,
        "jobs_per_mu": 2.5,
        "output_per_investment": 1.6,
        "tax_per_investment": 0.08,
        "jobs_per_investment": 0.01,
    }
    assert figures(project)[2].share == "4,000.00 / 200.00"


@pytest.mark.parametrize("land", [None, 0.0])
def test_a_figure_without_its_parts_is_not_known(
    add: Callable[..., Project], land: float | None
) -> None:
    project = add(land_demand_mu=land, tax_wan_cny=10.0)
    assert {one.value for one in figures(project)} == {None}


def test_one_appraisal_is_under_way_at_a_time(
    ledger: Ledger, province: Actor, begun: Appraisal
) -> None:
    with ledger.begin(province) as work:
        with pytest.raises(LedgerError, match="under way already"):
            appraisals.begin(work, begun.project_id)
        assert appraisals.of(work, begun.project_id) == [begun]


def test_answers_are_kept_line_by_line(
    ledger: Ledger, province: Actor, begun: Appraisal
) -> None:
    with ledger.begin(province) as work:
        for version, (code, text) in enumerate(
            (("strength", "营收稳定"), ("credit", "有一起诉讼")), start=1
        ):
            kept = appraisals.answer(
                work,
                begun.id,
                version=version,
                answers={code: Answer(Found.CONCERN, f" {text} ")},
                summary=" 摘要 ",
            )
    assert appraisal_checklist.read_answers(kept.answers) == {
        "strength": Answer(Found.CONCERN, "营收稳定"),
        "credit": Answer(Found.CONCERN, "有一起诉讼"),
    }
    assert kept.summary == "摘要"


def test_what_the_checklist_does_not_ask_is_refused(
    ledger: Ledger, province: Actor, begun: Appraisal
) -> None:
    """A gate that no office filled in asks nothing."""
    with ledger.begin(province) as work:
        for code in ("gate_1", "weather"):
            with pytest.raises(LedgerError, match=f"does not ask for {code}"):
                appraisals.answer(
                    work,
                    begun.id,
                    version=1,
                    answers={code: Answer(Found.FINE)},
                    summary="",
                )


def test_the_four_gates_ship_empty_and_are_never_clear(
    ledger: Ledger, province: Actor
) -> None:
    with ledger.read(province) as work:
        asked = appraisals.checklist(work)
    fine = {code: Answer(Found.FINE) for code in asked.codes}
    assert [one.filled for one in asked.gates] == [False] * 4
    assert not appraisal_checklist.gates_clear(asked, fine)
    assert not asked.required


def test_an_appraisal_is_submitted_when_every_line_is_answered(
    ledger: Ledger, province: Actor, begun: Appraisal
) -> None:
    with ledger.begin(province) as work:
        with pytest.raises(LedgerError, match="cannot be submitted") as refused:
            appraisals.submit(work, begun.id, version=1)
        assert len(refused.value.faults) == 9
        assert submitted(work, begun).submitted_on == TODAY
        with pytest.raises(LedgerError, match="is no draft"):
            answered(work, begun)


def test_site_evidence_needs_a_parcel_and_a_hash(
    ledger: Ledger, province: Actor, begun: Appraisal
) -> None:
    with ledger.begin(province) as work:
        for faulty in ({"parcel_id": " "}, {"result_hash": "abc"}):
            with pytest.raises(LedgerError, match="Site evidence needs"):
                appraisals.rest_on(
                    work, begun.id, version=1, site=Site(**{**vars(SITE), **faulty})
                )
        kept = appraisals.rest_on(work, begun.id, version=1, site=SITE)
        assert appraisals.site_of(kept) == SITE
        assert appraisals.site_of(begun) is None


def test_opinions_are_given_in_a_role_and_only_grow(
    ledger: Ledger, province: Actor, begun: Appraisal
) -> None:
    with ledger.begin(province) as work:
        with pytest.raises(LedgerError, match="not waiting for a decision"):
            appraisals.say(work, begun.id, view=View.FOR, text="同意")
        submitted(work, begun)
        work.commit()
    for who, view in ((PLANNER, View.FOR), (ENERGY, View.AGAINST)):
        with ledger.begin(who) as work:
            with pytest.raises(LedgerError, match="needs its reasons"):
                appraisals.say(work, begun.id, view=view, text=" ")
            appraisals.say(work, begun.id, view=view, text=" 见附件 ")
            work.commit()
    with ledger.begin(province) as work:
        said = appraisals.opinions(work, begun.id)
        (card,) = appraisals.all_seen(work).rows
        with pytest.raises(sa.exc.DBAPIError, match="stay as they were written"):
            work.connection.execute(
                casework_tables.opinion.update().values(text="改口")
            )
    assert [(one.role, one.office, one.view, one.text) for one in said] == [
        (Role.PLANNER, "", View.FOR, "见附件"),
        (Role.DEPARTMENT, "energy", View.AGAINST, "见附件"),
    ]
    assert (card.opinions, card.against) == (2, 1)


def test_a_decision_is_a_leader_s(
    ledger: Ledger, province: Actor, waiting: Appraisal
) -> None:
    for who in (province, PLANNER, ENERGY):
        with ledger.begin(who) as work, pytest.raises(AccessError):
            decided(work, waiting)


def decided(work: Work, appraisal: Appraisal, **told: Any) -> Appraisal:
    asked = {"decision": Decision.BRING_IN, "reason": "会商同意", **RESTS} | told
    return appraisals.decide(work, appraisal.id, version=appraisal.version, **asked)


def test_what_is_decided_is_frozen_with_all_it_rested_on(
    ledger: Ledger, province: Actor, begun: Appraisal
) -> None:
    with ledger.begin(province) as work:
        appraisals.rest_on(work, begun.id, version=1, site=SITE)
        waits = submitted(work, begun)
        work.commit()
    with ledger.begin(PLANNER) as work:
        appraisals.say(work, begun.id, view=View.FOR, text="同意")
        work.commit()
    with ledger.begin(LEADER) as work:
        kept = decided(work, waits, decision=Decision.WITH_CONDITIONS)
        work.commit()
    told = json.loads(kept.frozen)
    assert told["project"]["tax_wan_cny"] == 4_000.0
    assert [one["value"] for one in told["figures"]][:3] == [250.0, 400.0, 20.0]
    assert told["site"]["result_hash"] == SITE.result_hash
    assert told["site"]["layers"] == dict(SITE.layers)
    assert [one["text"] for one in told["opinions"]] == ["同意"]
    assert {one["filled"] for one in told["gates"]} == {False}
    assert told["checklist"]["edition"] == rules.shipped("appraisal").edition
    assert (told["data"], told["software"]) == (RESTS["data"], RESTS["software"])
    assert (told["decision"], told["decided_by"]) == ("with_conditions", "分管领导")
    assert kept.decided_on == TODAY


def test_a_decided_appraisal_cannot_be_changed_by_any_way(
    ledger: Ledger, province: Actor, waiting: Appraisal
) -> None:
    with ledger.begin(LEADER) as work:
        kept = decided(work, waiting)
        work.commit()
    with ledger.begin(province) as work:
        with pytest.raises(LedgerError, match="is no draft"):
            answered(work, kept)
        with pytest.raises(LedgerError, match="not waiting"):
            appraisals.take_back(work, kept.id, why="再议", version=kept.version)
        with pytest.raises(LedgerError, match="not waiting"):
            appraisals.say(work, kept.id, view=View.FOR, text="同意")
        with pytest.raises(sa.exc.DBAPIError, match="decided appraisal stays"):
            work.connection.execute(
                casework_tables.appraisal.update().values(reason="改")
            )
    with ledger.begin(province) as work:
        again = appraisals.begin(work, kept.project_id)
        assert again.state is AppraisalState.DRAFT


def filled(work: Work, *, required: bool = False) -> None:
    """Put an edition in force in which the office filled the gates in."""
    text = rules.text_of(work, "appraisal")
    for number in range(1, 5):
        text = text.replace('title = ""', f'title = "测试情形{number}"', 1)
    if required:
        text = text.replace("required = false", "required = true")
    rules.put_in_force(
        work,
        "appraisal",
        text.replace("2026-11 (LandMap)", "办公室版"),
        effective_on=TODAY,
        check=appraisal_checklist.faults,
    )


def test_only_what_passes_every_gate_is_brought_in_without_a_reason(
    ledger: Ledger, province: Actor, waiting: Appraisal, begun: Appraisal
) -> None:
    with ledger.begin(LEADER) as work, pytest.raises(LedgerError, match="the reason"):
        decided(work, waiting, reason=" ")
    with ledger.begin(ADMIN) as work:
        filled(work)
        work.commit()
    with ledger.begin(province) as work:
        back = appraisals.take_back(
            work, begun.id, why="补核四个不招", version=waiting.version
        )
        assert back.summary == "补核四个不招\n可行"
        with pytest.raises(LedgerError) as refused:
            appraisals.submit(work, begun.id, version=back.version)
        assert len(refused.value.faults) == 4
        waits = submitted(work, begun)
        work.commit()
    with ledger.begin(LEADER) as work:
        with pytest.raises(LedgerError, match="Give the reason"):
            decided(work, waits, decision=Decision.DO_NOT, reason="")
        kept = decided(work, waits, reason="")
    assert kept.edition == "办公室版"
    assert json.loads(kept.frozen)["gates"][0]["title"] == "测试情形1"


def test_a_gate_that_applies_asks_for_a_reason(
    ledger: Ledger, province: Actor, begun: Appraisal
) -> None:
    with ledger.begin(ADMIN) as work:
        filled(work)
        work.commit()
    with ledger.begin(province) as work:
        now = answered(work, begun, gate_3=Found.CONCERN)
        waits = appraisals.submit(work, begun.id, version=now.version)
        work.commit()
    with ledger.begin(LEADER) as work, pytest.raises(LedgerError, match="the reason"):
        decided(work, waits, reason="")


def test_an_appraisal_is_taken_back_with_a_reason(
    ledger: Ledger, province: Actor, waiting: Appraisal
) -> None:
    with ledger.begin(province) as work, pytest.raises(LedgerError, match="Say why"):
        appraisals.take_back(work, waiting.id, why="", version=waiting.version)


def test_a_decision_on_an_outdated_appraisal_is_refused(
    ledger: Ledger, province: Actor, begun: Appraisal
) -> None:
    with ledger.begin(province) as work:
        answered(work, begun)
        for stale in (
            lambda: appraisals.submit(work, begun.id, version=1),
            lambda: appraisals.rest_on(work, begun.id, version=1, site=SITE),
        ):
            with pytest.raises(StaleError, match="changed this appraisal at"):
                stale()


def sign(work: Work, project_id: int) -> Project:
    project = projects.get(work, project_id)
    return projects.move(work, project_id, to=Stage.SIGNED, version=project.version)


def test_signing_without_a_decision_is_told_and_not_refused(
    ledger: Ledger, province: Actor, begun: Appraisal
) -> None:
    with ledger.begin(province) as work:
        project = projects.get(work, begun.project_id)
        fault = appraisals.signing_fault(work, project)
        assert fault is not None
        assert "No appraisal of this project is decided" in str(fault)
        assert sign(work, project.id).stage is Stage.SIGNED


@pytest.mark.parametrize(
    ("decision", "signed"),
    [
        (None, False),
        (Decision.DO_NOT, False),
        (Decision.WITH_CONDITIONS, True),
        (Decision.BRING_IN, True),
    ],
)
def test_where_the_table_requires_it_signing_follows_a_decision(
    ledger: Ledger,
    province: Actor,
    waiting: Appraisal,
    decision: Decision | None,
    signed: Any,
) -> None:
    with ledger.begin(ADMIN) as work:
        filled(work, required=True)
        work.commit()
    if decision is not None:
        with ledger.begin(LEADER) as work:
            decided(work, waiting, decision=decision)
            work.commit()
    with ledger.begin(province) as work:
        if signed:
            assert sign(work, waiting.project_id).stage is Stage.SIGNED
            return
        with pytest.raises(LedgerError, match="cannot be signed yet"):
            sign(work, waiting.project_id)


def test_a_project_is_not_added_past_the_appraisal_that_its_signing_needed(
    ledger: Ledger, province: Actor
) -> None:
    with ledger.begin(ADMIN) as work:
        filled(work, required=True)
        work.commit()
    new: dict[str, Any] = {"title": "x", "region": "520304", "stage": Stage.SIGNED}
    with ledger.begin(province) as work:
        with pytest.raises(LedgerError, match="needs a decided appraisal"):
            projects.create(work, signed_on=TODAY, **new)
        # What was signed before the table held is taken in, and corrected backwards.
        before = projects.create(work, signed_on=TODAY - timedelta(days=1), **new)
        on = projects.move(work, before.id, to=Stage.SITING, version=1)
        back = projects.move(
            work, on.id, to=Stage.SIGNED, version=on.version, why="选址未定"
        )
    assert back.stage is Stage.SIGNED


def test_what_waits_for_a_decision_comes_first(
    ledger: Ledger, province: Actor, waiting: Appraisal
) -> None:
    with ledger.begin(province) as work:
        draft = appraisals.begin(work, add_in(work).id)
        shown = [one.id for one in appraisals.all_seen(work).rows]
        drafts = appraisals.all_seen(work, states=[AppraisalState.DRAFT]).rows
    assert shown == [waiting.id, draft.id]
    assert [one.id for one in drafts] == [draft.id]


def add_in(work: Work) -> Project:
    return projects.create(work, title="另一个", region="520303")


def test_an_office_sees_its_own_alone(ledger: Ledger, waiting: Appraisal) -> None:
    with ledger.read(Actor("汇川", Role.COUNTY, "520303")) as work:
        assert appraisals.all_seen(work).rows == []
        with pytest.raises(AccessError):
            appraisals.get(work, waiting.id)


def test_every_deed_stands_in_the_history(
    ledger: Ledger, province: Actor, waiting: Appraisal
) -> None:
    with ledger.begin(LEADER) as work:
        decided(work, waiting)
        work.commit()
    with ledger.read(province) as work:
        told = [one.verb for one in audit.history(work, "appraisal", waiting.id)]
        assert audit.verify(work).broken is None
    assert told == [
        "appraisal.decide",
        "appraisal.submit",
        "appraisal.answer",
        "appraisal.begin",
    ]


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ('code = "credit"', 'code = "strength"', "a code of its own"),
        ('part = "accounts"', 'part = "elsewhere"', "one of the parts"),
        ('"planner", ', '"wizard", ', "no role wizard"),
    ],
)
def test_a_faulty_checklist_is_not_put_in_force(
    ledger: Ledger, before: str, after: str, sentence: str
) -> None:
    with ledger.begin(ADMIN) as work:
        text = rules.text_of(work, "appraisal").replace(before, after, 1)
        with pytest.raises(LedgerError) as refused:
            rules.put_in_force(
                work,
                "appraisal",
                text.replace("2026-11 (LandMap)", "x"),
                effective_on=TODAY,
                check=appraisal_checklist.faults,
            )
    assert any(sentence in str(fault) for fault in refused.value.faults)

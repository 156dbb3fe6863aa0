"""A project from an inquiry to production: every room, and rates as arithmetic."""

from collections.abc import Callable
from typing import Any

import pytest
from shapely import Polygon, from_wkb

from gis.errors import ClaimConflictError, LedgerError
from ledger import (
    accounts,
    appraisals,
    approval_course,
    approval_decisions,
    approvals,
    audit,
    claims,
    demands,
    handling,
    indicators,
    inquiries,
    problems,
    projects,
    promises,
    queue,
)
from ledger.appraisal_checklist import Answer, Found
from ledger.casework import ApprovalState, Decision, DemandState, PromiseState, View
from ledger.model import Actor, ClaimKind, Level, ProblemKind, Project, Role, Stage
from ledger.unit_of_work import Ledger

LEADER = Actor("分管领导", Role.LEADER, "520000")
LAND = Actor("自然资源部门", Role.FACTOR, "520000", office="land")


@pytest.fixture
def deed(ledger: Ledger, county: Actor) -> Callable[..., Any]:
    """Return what does one deed in a transaction of its own, as an office does."""

    def do(
        what: Callable[..., Any], *given: Any, by: Actor = county, **more: Any
    ) -> Any:
        with ledger.begin(by) as work:
            done = what(work, *given, **more)
            work.commit()
        return done

    return do


def rates(ledger: Ledger, actor: Actor) -> tuple[int, int, int]:
    """Return how many are signed, started and in production."""
    with ledger.read(actor) as work:
        told = indicators.kpis(work)
    assert (told.start_rate.numerator, told.start_rate.denominator) == (
        told.started,
        told.signed,
    )
    return told.signed, told.started, told.in_production


def appraised(deed: Callable[..., Any], ledger: Ledger, project: Project) -> None:
    """Weigh a project before it is signed; the leader decides, and it is frozen."""
    begun = deed(appraisals.begin, project.id)
    with ledger.read(LEADER) as work:
        codes = appraisals.checklist(work).codes
    answers = {code: Answer(Found.FINE) for code in codes}
    kept = deed(
        appraisals.answer, begun.id, version=1, answers=answers, summary="链条互补"
    )
    handed = deed(appraisals.submit, begun.id, version=kept.version)
    deed(appraisals.say, begun.id, view=View.CONDITIONS, text="先落实能耗", by=LAND)
    decided = deed(
        appraisals.decide,
        begun.id,
        decision=Decision.WITH_CONDITIONS,
        reason="会商同意",
        version=handed.version,
        data={"parcels": "v1"},
        software="1",
        by=LEADER,
    )
    assert "先落实能耗" in decided.frozen
    with pytest.raises(LedgerError):
        deed(appraisals.take_back, begun.id, why="再议", version=decided.version)


def test_from_an_inquiry_to_production_and_a_kept_promise(  # noqa: PLR0915 - a life
    ledger: Ledger,
    deed: Callable[..., Any],
    county: Actor,
    province: Actor,
    square: Callable[..., Polygon],
    add: Callable[..., Project],
) -> None:
    asked = deed(
        inquiries.receive,
        region="520304",
        person="王先生",
        contact="a@b.cn",
        text="想建电池材料厂，要二百亩净地。",
        firm="示例新能源",
        consents=True,
    )
    lead = deed(inquiries.make_lead, asked.id, version=asked.version)
    assert (lead.stage, lead.investor) == (Stage.LEAD, "示例新能源")
    appraised(deed, ledger, lead)
    assert rates(ledger, county) == (0, 0, 0)

    talks = deed(projects.move, lead.id, to=Stage.NEGOTIATION, version=lead.version)
    signed = deed(projects.move, lead.id, to=Stage.SIGNED, version=talks.version)
    assert rates(ledger, county) == (1, 0, 0)

    wanted = deed(demands.add, project_id=lead.id, title="一期用地", area_mu=15.0)
    ground = square(0)
    held = deed(
        claims.claim,
        project_id=lead.id,
        parcel_id="GZ-1",
        geometry=ground,
        area_m2=10_000.0,
        kind=ClaimKind.LOCKED,
    )
    rival = add("铝精深加工", "520322")
    with pytest.raises(ClaimConflictError, match="are held by"):
        deed(
            claims.claim,
            project_id=rival.id,
            parcel_id="GZ-1 改号",
            geometry=square(50),
            area_m2=10_000.0,
            by=province,
        )
    place = deed(
        queue.join,
        project_id=rival.id,
        parcel_id="GZ-1",
        geometry=from_wkb(held.geometry),
        area_m2=10_000.0,
        by=province,
    )
    with ledger.read(province) as work:
        assert [one.id for one in queue.behind(work, held)] == [place.id]
    matched = deed(demands.match, wanted.id, version=1, parcel_id="GZ-1")

    raised = deed(
        problems.open,
        project_id=lead.id,
        kind=ProblemKind.FACTOR,
        title="指标未落实",
        category="land",
    )
    routed = deed(
        handling.route, problems.LOOP, raised.id, version=raised.version, office="land"
    )
    higher = deed(
        handling.escalate,
        problems.LOOP,
        raised.id,
        version=routed.version,
        why="逾期未办结",
    )
    assert higher.level in {Level.CITY, Level.PROVINCE}
    answered = deed(
        handling.answer,
        problems.LOOP,
        raised.id,
        version=higher.version,
        text="指标已下达",
        by=LAND,
    )
    closed = deed(
        problems.close, raised.id, evidence="指标文", version=answered.version
    )
    assert (closed.escalations, closed.closed_on is None) == (1, False)

    siting = deed(projects.move, lead.id, to=Stage.SITING, version=signed.version)
    batch = deed(approvals.apply, project_id=lead.id, title="一期", case="stock")
    moved = deed(projects.move, lead.id, to=Stage.APPROVAL, version=siting.version)
    in_work = deed(demands.to_approval, wanted.id, version=matched.version)
    while True:
        with ledger.read(county) as work:
            course = approval_course.get(work, batch.id)
        if course.steps[-1].entered_on is not None:
            break
        deed(
            approvals.advance,
            batch.id,
            version=course.approval.version,
            despite="容缺受理",
        )
    done = deed(
        approval_decisions.approve,
        batch.id,
        document_no="黔府用地函〔2026〕示例号",
        version=course.approval.version,
        despite="容缺受理",
    )
    assert done.state is ApprovalState.APPROVED
    met = deed(demands.meet, wanted.id, evidence="批复", version=in_work.version)
    assert met.state is DemandState.MET

    started = deed(
        projects.move, lead.id, to=Stage.STARTED, version=_now(ledger, county, lead.id)
    )
    assert rates(ledger, county) == (1, 1, 0)
    deed(projects.move, lead.id, to=Stage.PRODUCTION, version=started.version)
    assert rates(ledger, county) == (1, 1, 1)

    promise = deed(
        promises.write,
        project_id=lead.id,
        title="固投奖补",
        basis="投资协议第六条",
        amount_wan_cny=100.0,
    )
    half = deed(
        promises.pay,
        promise.id,
        amount_wan_cny=40.0,
        evidence="拨付凭证1",
        version=promise.version,
    )
    assert half.state is PromiseState.OPEN
    whole = deed(
        promises.pay,
        promise.id,
        amount_wan_cny=60.0,
        evidence="拨付凭证2",
        version=half.version,
    )
    assert (whole.state, whole.paid_wan_cny) == (PromiseState.KEPT, 100.0)

    assert moved.stage is Stage.APPROVAL
    with ledger.read(accounts.OPERATOR) as work:
        chain = audit.verify(work)
    assert chain.broken is None
    assert chain.rows > 30


def _now(ledger: Ledger, actor: Actor, project_id: int) -> int:
    """Return the version a project has now: demands change it as well."""
    with ledger.read(actor) as work:
        return projects.get(work, project_id).version

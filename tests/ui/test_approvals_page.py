"""The pages of land approvals and appraisals, and their tabs in a project's sheet."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from casework_pages import HOSTILE, MAIN, PROVINCE, html, outcome
from streamlit.testing.v1 import AppTest

from ledger import appraisals, approval_course, approvals, projects
from ledger import approval_batches as batches
from ledger.appraisal_checklist import Answer, Found
from ledger.casework import AppraisalState, ApprovalState, Decision, Urgency, View
from ledger.model import Actor, Project, Role, Stage
from ledger.unit_of_work import Ledger, Work
from ui import (
    appraisal_page,
    approval_page,
    resources,
)
from ui.state import LANGUAGE, PROJECT

LEADER = Actor("分管领导", Role.LEADER, "520000")
PLANNER = Actor("规划", Role.PLANNER, "520000")
AREA = Actor("贵安新区", Role.COUNTY, "52M001")
NAMES = {"520304": "播州区", "520111": "花溪区", "520181": "清镇市"}


@pytest.fixture
def ledger(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """Return the ledger, with places of several paths."""
    monkeypatch.setattr(resources, "place_names", lambda _: NAMES)
    return ledger


@pytest.fixture
def project(ledger: Ledger) -> Project:
    """Return a project in negotiation, with two applications for land."""
    with ledger.begin(PROVINCE) as work:
        made = projects.create(
            work,
            code="XM-1",
            title=HOSTILE,
            region="520304",
            stage=Stage.NEGOTIATION,
            land_demand_mu=100.0,
            investment_wan_cny=20_000.0,
            tax_wan_cny=1_500.0,
        )
        begun = work.today() - timedelta(days=9)
        for title, urgency in (("一期", Urgency.NORMAL), (HOSTILE, Urgency.URGENT)):
            approvals.apply(
                work,
                project_id=made.id,
                title=title,
                case="conversion",
                urgency=urgency,
                begun_on=begun,
            )
        work.commit()
    return made


@pytest.fixture
def page(
    ledger: Ledger,  # noqa: ARG001 - the page reads it
    ask: Callable[[Actor], None],  # noqa: ARG001 - the page asks it
) -> Callable[..., AppTest]:
    """Return what opens a page, with slots set."""

    def open_page(name: str, **slots: Any) -> AppTest:
        app = AppTest.from_file(str(MAIN), default_timeout=60)
        app.session_state[LANGUAGE.key] = "en"
        for key, value in slots.items():
            app.session_state[key.replace("__", ".")] = value
        app.run().switch_page(f"screens/{name}.py").run()
        assert not app.exception
        return app

    return open_page


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Return what the tables of the pages are handed."""
    told: list[dict[str, Any]] = []
    for page in (approval_page, appraisal_page):
        monkeypatch.setattr(
            page,
            "case_table",
            lambda key, **given: told.append({"key": key, **given}),
        )
    return told


def press(app: AppTest, label: str) -> AppTest:
    (button,) = [one for one in app.button if one.label == label]
    return button.click().run()


def field(app: AppTest, part: str, kind: str = "text_input") -> Any:
    """Return the input whose key has that part."""
    (found,) = [one for one in app.get(kind) if part in (one.key or "")]
    return found


def course(ledger: Ledger, number: int) -> approval_course.Course:
    with ledger.read(PROVINCE) as work:
        return approval_course.get(work, number)


@pytest.mark.usefixtures("project")
def test_the_board_lists_urgent_ones_first_and_text_stays_text(
    page: Callable[..., AppTest], drawn: list[dict[str, Any]]
) -> None:
    app = page("approvals")
    table = drawn[-1]
    titles = [line.cells[0].text for line in table["lines"]]
    assert titles == [f"Urgent · {HOSTILE}", "一期"]
    assert table["lines"][1].cells[2].text == "9"
    assert table["lines"][1].cells[4].text == "8 documents missing"
    assert table["chosen"] == "2"
    said = html(app)
    assert "Dossier" in said
    assert "<img src=x" not in said
    assert "example limit 10 days, not confirmed: decides nothing" in said
    assert "who decides stands in a source" in said


@pytest.mark.usefixtures("project")
def test_documents_are_noted_and_the_application_goes_on(
    page: Callable[..., AppTest], ledger: Ledger
) -> None:
    app = page("approvals", landmap__approval=1)
    for one in app.checkbox:
        one.check()
    (save, *_) = [one for one in app.button if "approval.documents" in str(one.key)]
    save.click().run()
    assert outcome(app) == "The documents were noted."
    assert approval_course.lacking(course(ledger, 1).now) == []
    press(app, "Take it on")
    assert outcome(app) == "The application went a step on."
    assert course(ledger, 1).now.code == "county"
    assert "County review" in html(app)


@pytest.mark.usefixtures("project")
def test_going_on_without_documents_asks_for_a_reason(
    page: Callable[..., AppTest], ledger: Ledger
) -> None:
    app = press(page("approvals", landmap__approval=1), "Take it on")
    assert "Documents are missing" in outcome(app)
    field(app, ".despite").set_value("容缺受理")
    press(app, "Take it on")
    assert course(ledger, 1).now.code == "county"


@pytest.mark.usefixtures("project")
def test_lane_waiting_back_and_end_each_ask_and_tell(
    page: Callable[..., AppTest], ledger: Ledger
) -> None:
    app = page("approvals", landmap__approval=1)
    field(app, ".whom").set_value("县林业局")
    (save,) = [one for one in app.button if "approval.waits" in str(one.key)]
    save.click().run()
    assert course(ledger, 1).now.waits_for == "县林业局"
    press(app, "Put it there")
    assert "Say why" in outcome(app)
    field(app, "approval.lane.1.1.why").set_value("省重大项目")
    press(app, "Put it there")
    assert course(ledger, 1).approval.urgency is Urgency.URGENT
    field(app, "approval.withdraw.1.2.why").set_value("重报")
    press(app, "Withdraw the application")
    assert outcome(app) == "The application was withdrawn."
    assert course(ledger, 1).approval.state is ApprovalState.WITHDRAWN


@pytest.fixture
def at_batch(ledger: Ledger, project: Project) -> str:
    """Bring the first application to the weekly batch; return this week."""
    del project
    with ledger.begin(PROVINCE) as work:
        while (now := approval_course.get(work, 1)).now.code != "batch":
            approvals.go_on(work, now, on=work.today(), despite="容缺")
        week = batches.week_of(work.today())
        work.commit()
    return week


def test_the_week_s_batch_is_joined_and_submitted(
    page: Callable[..., AppTest],
    ledger: Ledger,
    at_batch: str,
    drawn: list[dict[str, Any]],
) -> None:
    app = page("approvals", landmap__approval=1)
    assert "Take it on" not in {one.label for one in app.button}
    press(app, "Put into this batch")
    assert course(ledger, 1).approval.batch == at_batch
    app.session_state[approval_page.VIEW.key] = approval_page.BATCH
    app.run()
    assert [line.id for line in drawn[-1]["lines"]] == ["1"]
    press(app, "Submit")
    said = outcome(app)
    assert f"{at_batch} was submitted" in said.replace("\\", "")
    assert course(ledger, 1).now.code == "reply"
    field(app, ".number").set_value("黔府用地函〔2026〕1号")
    press(app, "Write the approval down")
    assert course(ledger, 1).approval.state is ApprovalState.APPROVED
    app.session_state[approval_page.VIEW.key] = approval_page.DECIDED
    app.run()
    assert drawn[-1]["lines"][0].cells[1].text == "Approved"


def test_what_is_not_there_yet_is_named_when_a_batch_goes_up(
    page: Callable[..., AppTest], ledger: Ledger, at_batch: str, project: Project
) -> None:
    with ledger.begin(PROVINCE) as work:
        early = approvals.apply(
            work, project_id=project.id, title="二期", case="conversion"
        )
        for number in (1, early.id):
            version = approval_course.get(work, number).approval.version
            batches.join(work, number, week=at_batch, version=version)
        work.commit()
    app = page("approvals", landmap__approval_view=approval_page.BATCH)
    assert "1 are still in an earlier step" in str([one.value for one in app.markdown])
    press(app, "Submit")
    assert "二期" in outcome(app)
    assert "It is still in the step 组卷" in outcome(app)


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("approvals", "apply for land in its tab"),
        ("appraisals", "begin one in its tab"),
    ],
)
def test_an_empty_page_says_what_to_do(
    page: Callable[..., AppTest],
    drawn: list[dict[str, Any]],
    name: str,
    words: str,
) -> None:
    page(name)
    assert words in drawn[-1]["empty"]
    assert drawn[-1]["lines"] == []


@pytest.mark.parametrize("name", ["approvals", "appraisals"])
@pytest.mark.usefixtures("project")
def test_who_is_no_office_sees_nothing(ask: Callable[[Actor], None], name: str) -> None:
    ask(Actor("visitor", Role.PUBLIC))
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    app.session_state[LANGUAGE.key] = "en"
    app.run()
    assert name not in str(app.get("page_link"))
    assert "XM-1" not in html(app)


@pytest.mark.usefixtures("project")
def test_a_department_reads_and_is_offered_nothing(
    page: Callable[..., AppTest], ask: Callable[[Actor], None]
) -> None:
    ask(Actor("能源", Role.DEPARTMENT, "520000", "energy"))
    app = page("approvals", landmap__approval=1)
    labels = {one.label for one in app.button}
    assert not labels & {"Take it on", "Put it there", "Withdraw the application"}


def test_land_is_applied_for_in_the_project_s_tab(
    page: Callable[..., AppTest], ledger: Ledger, project: Project
) -> None:
    app = page(
        "project_ledger",
        **{PROJECT.key.replace(".", "__"): "XM-1", "ledger__tabs": "Land approval"},
    )
    case = field(app, ".case", "selectbox")
    assert case.options[0] == (
        "Conversion of farm land and expropriation → Provincial government"
    )
    case.set_value("stock")
    press(app, "Apply")
    assert outcome(app) == "The application is under way."
    with ledger.read(PROVINCE) as work:
        newest = approval_course.of(work, project.id)[0]
    assert newest.approval.path == "stock"
    field(app, ".path", "selectbox").set_value("guiyang_delegated")
    press(app, "Apply")
    assert "say why another one is taken" in outcome(app)


def appraised(work: Work, project: Project, *, submit: bool = True) -> int:
    """Answer an appraisal, and submit it."""
    made = appraisals.begin(work, project.id)
    codes = appraisals.checklist(work).codes
    made = appraisals.answer(
        work,
        made.id,
        version=1,
        answers={code: Answer(Found.FINE, HOSTILE) for code in codes},
        summary=HOSTILE,
    )
    if submit:
        appraisals.submit(work, made.id, version=made.version)
    return made.id


def test_an_appraisal_is_begun_answered_and_submitted(
    page: Callable[..., AppTest], ledger: Ledger, project: Project
) -> None:
    app = page(
        "project_ledger",
        **{PROJECT.key.replace(".", "__"): "XM-1", "ledger__tabs": "Appraisal"},
    )
    assert "15.00" in html(app)  # 1,500 of tax over 100 mu
    press(app, "Begin an appraisal")
    assert outcome(app) == "The appraisal is begun."
    app = page("appraisals")
    assert "Not filled in, not checked" in html(app)
    press(app, "Submit")
    assert "nothing is written" in outcome(app)
    for one in app.text_input:
        if one.key and one.key.endswith(".text"):
            one.set_value("核查属实")
    press(app, "Save the draft")
    assert outcome(app) == "The draft was saved."
    press(app, "Submit")
    assert outcome(app) == "The appraisal waits for a decision."
    with ledger.read(PROVINCE) as work:
        (kept,) = appraisals.of(work, project.id)
    assert kept.state is AppraisalState.SUBMITTED


class Shelf:
    """The layers in force."""

    @staticmethod
    def versions() -> dict[str, str]:
        return {"parcels": "abc123"}


def test_opinions_are_given_and_a_leader_decides(
    page: Callable[..., AppTest],
    ask: Callable[[Actor], None],
    ledger: Ledger,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(resources, "store", Shelf)
    with ledger.begin(PROVINCE) as work:
        number = appraised(work, project)
        work.commit()
    ask(PLANNER)
    app = page("appraisals")
    assert "Decide and freeze" not in {one.label for one in app.button}
    field(app, ".view", "selectbox").set_value(View.CONDITIONS)
    field(app, "appraisal.say", "text_area").set_value("用地可保障")
    press(app, "Give the opinion")
    assert outcome(app) == "The opinion was given."
    ask(LEADER)
    app = page("appraisals")
    assert "用地可保障" in html(app)
    press(app, "Decide and freeze")
    assert "Give the reason" in outcome(app)
    field(app, ".reason", "text_area").set_value("会商同意")
    press(app, "Decide and freeze")
    assert outcome(app) == "The appraisal is decided and frozen."
    with ledger.read(PROVINCE) as work:
        kept = appraisals.get(work, number)
    assert kept.decision is Decision.BRING_IN
    assert json.loads(kept.frozen)["data"] == {"parcels": "abc123"}
    assert "会商同意" in html(app)
    assert "<img src=x" not in html(app)


@pytest.mark.usefixtures("project")
def test_signing_without_a_decided_appraisal_is_told(
    page: Callable[..., AppTest],
) -> None:
    app = page("project_ledger", **{PROJECT.key.replace(".", "__"): "XM-1"})
    said = str([one.value for one in app.warning])
    assert "No appraisal of this project is decided" in said
    assert "It may be signed all the same" in said


def test_the_new_area_s_office_adds_a_project_that_it_runs(
    page: Callable[..., AppTest], ask: Callable[[Actor], None], ledger: Ledger
) -> None:
    ask(AREA)
    app = press(page("project_ledger"), "New project")
    field(app, "form.1.title").set_value("数据中心")
    region = field(app, "form.1.region", "selectbox")
    assert region.options == ["花溪区", "清镇市", "520402", "520403"]
    region.set_value("520111")
    assert field(app, ".managed_by", "selectbox").value == "52M001"
    press(app, "Save")
    assert outcome(app) == "The project was added."
    with ledger.read(PROVINCE) as work:
        (kept,) = projects.find(work)
    assert (kept.region, kept.managed_by) == ("520111", "52M001")

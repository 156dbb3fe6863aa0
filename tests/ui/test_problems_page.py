"""The page of problems and requests: its wiring, its words, its workbook."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from casework_pages import MAIN, PROVINCE, html, outcome
from streamlit.testing.v1 import AppTest

from gis.errors import AccessError
from ledger import case_list, handling, problems, projects, requests
from ledger.case_list import Asked
from ledger.casework import Channel
from ledger.model import Actor, Level, ProblemKind, Role, Stage
from ledger.unit_of_work import Ledger
from ui import (
    access,
    case_export,
    case_rows,
    i18n,
    table_part,
)
from ui.case_books import BOOKS, SHOWN
from ui.state import LANGUAGE, PROJECT

ENERGY = Actor("省能源局", Role.DEPARTMENT, "520000", office="energy")
NAMES = {"520300": "遵义市", "520304": "播州区"}
HOSTILE = "=1+1 缺电<img src=x onerror=alert(1)>"


@pytest.fixture
def filled(ledger: Ledger) -> Any:
    """Write a landed project with two problems and a request."""
    with ledger.begin(PROVINCE) as work:
        project = projects.create(
            work,
            code="XM-1",
            title="电池项目",
            investor="示例新能源",
            region="520304",
            stage=Stage.STARTED,
            signed_on=date(2025, 1, 5),
            started_on=date(2025, 6, 1),
        )
        projects.create(work, code="XM-2", title="白酒项目", region="520304")
        today = work.today()
        terms = {"project_id": project.id, "opened_on": today - timedelta(days=40)}
        late = problems.open(
            work,
            kind=ProblemKind.SINGLE,
            title=HOSTILE,
            category="power",
            due_on=today - timedelta(days=10),
            **terms,
        )
        handling.route(work, problems.LOOP, late.id, version=1, office="energy")
        problems.open(
            work, kind=ProblemKind.FACTOR, title="缺地", category="land", **terms
        )
        requests.open(
            work, project_id=project.id, title="增容", channel=Channel.HOTLINE
        )
        work.commit()
    return late


@pytest.fixture
def page(ledger: Ledger) -> Callable[..., AppTest]:  # noqa: ARG001 - the page reads it
    """Return what opens the page at a list."""

    def open_page(shown: str = "problems", view: str = "open") -> AppTest:
        app = AppTest.from_file(str(MAIN), default_timeout=60)
        app.session_state[LANGUAGE.key] = "en"
        app.session_state[SHOWN.key] = shown
        app.session_state[BOOKS[shown].view.key] = view
        app.run().switch_page("screens/problems.py").run()
        assert not app.exception
        return app

    return open_page


def press(app: AppTest, label: str, part: str = "") -> AppTest:
    """Press the one button of that name, or that of a form."""
    (button,) = [
        one for one in app.button if one.label == label and part in str(one.key)
    ]
    return button.click().run()


def put(app: AppTest, suffix: str, value: Any) -> None:
    """Fill the one input whose key ends so."""
    kinds = ("text_input", "text_area", "selectbox", "radio", "date_input")
    (found,) = [
        one
        for kind in kinds
        for one in app.get(kind)
        if one.key and one.key.endswith(suffix)
    ]
    found.set_value(value)


def case(ledger: Ledger, loop: Any, number: int = 1) -> Any:
    with ledger.read(PROVINCE) as work:
        found = case_list.find_one(work, loop, number)
    assert found is not None
    return found.case


@pytest.mark.usefixtures("filled")
def test_the_sheet_tells_the_case_its_state_and_its_course(
    page: Callable[..., AppTest],
) -> None:
    said = html(page())
    assert "=1+1 缺电&lt;img src=x onerror=alert(1)&gt;" in said
    assert "<img src=x" not in said
    for words in (
        "Awaiting answer · 10 days overdue",
        "Single-department problem",
        "Routed a problem",
        "Office: <ins>Energy</ins>",
        "电池项目 · XM-1 · 播州区",
    ):
        assert words in said


@pytest.mark.usefixtures("filled")
def test_the_figures_stand_above_with_level_by_kind(
    page: Callable[..., AppTest],
) -> None:
    said = html(page())
    assert "<dt>Overdue</dt><dd><b>1</b>" in said
    assert "<dt>To be handed up</dt><dd><b>1</b>" in said
    assert '1 <span class="late">1 overdue</span>' in said
    assert "31 to 90 days 2" in said


@pytest.mark.usefixtures("filled")
def test_the_rows_sent_are_bounded_and_the_rest_is_told(
    page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[dict[str, Any]] = []
    monkeypatch.setattr(
        case_rows, "case_table", lambda _key, **given: drawn.append(given)
    )
    monkeypatch.setattr(table_part, "SIZE", 1)
    page()
    (data,) = drawn
    assert [line.id for line in data["lines"]] == ["1"]
    assert data["lines"][0].cells[0].text == HOSTILE
    assert data["lines"][0].cells[-1].mark == "amber"
    told = data["shown"].data
    assert (told["text"], told["on"]) == ("1 to 1 of 2", "The 1 after")


@pytest.mark.usefixtures("filled")
def test_a_problem_is_answered_handed_up_closed_and_reopened(
    page: Callable[..., AppTest], ledger: Ledger
) -> None:
    app = page()
    put(app, ".answer.text", "下月通电")
    press(app, "Save the answer")
    assert outcome(app) == "The answer was saved."
    assert case(ledger, problems.LOOP).answer == "下月通电"
    put(app, ".up.why", "县级无权限")
    press(app, "Hand it up")
    assert outcome(app) == "It was handed up."
    assert case(ledger, problems.LOOP).level is Level.CITY
    press(app, "Strike it off")
    assert "closed with evidence" in outcome(app)
    put(app, ".close.evidence", "验收单")
    press(app, "Strike it off")
    assert outcome(app) == "It was struck off."
    put(app, ".reopen.why", "又停")
    press(app, "Open it again")
    assert outcome(app) == "It is open again."
    assert case(ledger, problems.LOOP).closed_on is None


@pytest.mark.parametrize(
    ("term", "due", "days"),
    [("normal", None, 15), ("urgent", None, 5), ("other", 3, 3), ("keep", None, -10)],
)
@pytest.mark.usefixtures("filled")
def test_a_problem_is_routed_on_with_the_term_that_is_chosen(
    page: Callable[..., AppTest], ledger: Ledger, term: Any, due: Any, days: Any
) -> None:
    with ledger.read(PROVINCE) as work:
        today = work.today()
    app = page()
    put(app, ".route.office", "water")
    put(app, ".route.term", term)
    put(app, ".route.why", "属供水")
    if due:
        put(app, ".route.due", today + timedelta(days=due))
    press(app, "Route it")
    assert outcome(app) == "It was routed."
    now = case(ledger, problems.LOOP)
    assert (now.office, now.due_on) == ("water", today + timedelta(days=days))


@pytest.mark.usefixtures("filled")
def test_what_is_written_of_a_case_is_changed(
    page: Callable[..., AppTest], ledger: Ledger
) -> None:
    app = page()
    put(app, ".edit.title", "缺电，二期也缺")
    put(app, ".edit.sort", ProblemKind.FACTOR)
    put(app, ".edit.category", "water")
    put(app, ".edit.due", None)
    press(app, "Save")
    assert outcome(app) == "The change was saved."
    now = case(ledger, problems.LOOP)
    assert (now.title, now.kind) == ("缺电，二期也缺", ProblemKind.FACTOR)
    assert (now.category, now.due_on, now.version) == ("water", None, 3)
    assert "sheet-stage amber" not in html(app)


def test_those_ticked_are_handed_up_together_or_not_at_all(
    page: Callable[..., AppTest], ledger: Ledger, filled: Any
) -> None:
    with ledger.begin(PROVINCE) as work:
        today = work.today()
        for title in ("缺水", "缺路"):
            problems.open(
                work,
                project_id=filled.project_id,
                kind=ProblemKind.SINGLE,
                title=title,
                opened_on=today - timedelta(days=90),
                due_on=today - timedelta(days=60),
            )
        work.commit()
    assert "Hand up those ticked" not in {one.label for one in page().button}
    app = page(view="to_hand_up")
    assert "sheet-stage amber" in html(app)
    assert [one.value for one in app.checkbox] == [True] * 3
    press(app, "Hand up those ticked")
    assert outcome(app) == "Say why it is handed up."
    app.checkbox[-1].uncheck()
    (why,) = [one for one in app.text_input if ".problems.up." in str(one.key)]
    why.set_value("均已逾期")
    press(app, "Hand up those ticked")
    assert outcome(app) == "They were handed up."
    levels = sorted(case(ledger, problems.LOOP, one).level for one in (1, 3, 4))
    assert levels == [Level.CITY, Level.CITY, Level.COUNTY]


@pytest.mark.usefixtures("filled")
def test_a_request_is_routed_answered_confirmed_and_closed(
    page: Callable[..., AppTest], ledger: Ledger
) -> None:
    app = page("requests")
    assert any(r"By the rules\: Investment" in one.value for one in app.caption)
    put(app, ".route.office", "energy")
    press(app, "Route it")
    put(app, ".answer.text", "列入计划")
    press(app, "Save the answer")
    put(app, ".confirm.said", "认可，张总")
    press(app, "Save", ".confirm")
    assert outcome(app) == "The firm's word was written down."
    put(app, ".close.evidence", "办结单")
    press(app, "Strike it off")
    assert outcome(app) == "It was struck off."
    now = case(ledger, requests.LOOP)
    assert (now.confirmation, now.evidence) == ("认可，张总", "办结单")


@pytest.mark.usefixtures("filled")
def test_new_ones_are_written_down_by_the_code_of_the_project(
    page: Callable[..., AppTest], ledger: Ledger
) -> None:
    app = page("requests")
    put(app, ".code", "XM-2")
    put(app, "new.1.title", "缺工")
    press(app, "Add")
    assert "once construction has started" in outcome(app)
    put(app, ".code", "XM-9")
    press(app, "Add")
    assert "There is no project XM" in outcome(app)
    put(app, ".code", "XM-1")
    press(app, "Add")
    assert outcome(app) == "It was written down. Route it now."
    assert case(ledger, requests.LOOP, 2).title == "缺工"


@pytest.mark.usefixtures("filled")
def test_filters_and_views_choose_what_is_listed(page: Callable[..., AppTest]) -> None:
    app = page()
    (search,) = [one for one in app.text_input if one.key == "cases.problems.text"]
    search.set_value("缺地").run()
    assert app.session_state[BOOKS["problems"].asked.key].text == "缺地"
    (level,) = [one for one in app.selectbox if one.key == "cases.problems.level"]
    level.set_value("city").run()
    assert app.session_state[BOOKS["problems"].asked.key].level is Level.CITY
    (views,) = [one for one in app.get("button_group") if one.key.endswith("ms.view")]
    views.set_value("overdue").run()
    assert app.session_state[BOOKS["problems"].view.key] == "overdue"
    assert not app.exception


@pytest.mark.usefixtures("filled")
def test_a_department_sees_its_inbox_and_only_answers(
    page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "current_actor", lambda: ENERGY)
    app = page()
    said = html(app)
    assert "<dt>Open</dt><dd><b>1</b>" in said
    assert "缺地" not in said
    labels = {one.label for one in app.button}
    assert "Save the answer" in labels
    assert not labels & {"Route it", "Hand it up", "Strike it off", "Add"}


def test_the_public_is_told_whom_the_page_is_for(
    page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "current_actor", lambda: Actor("", Role.PUBLIC))
    app = page()
    assert "may not see this project" in app.info[0].value


def test_an_empty_list_says_what_to_do(page: Callable[..., AppTest]) -> None:
    app = page()
    assert any("Choose a row" in one.value for one in app.caption)


@pytest.mark.usefixtures("filled")
def test_the_workbook_holds_the_rows_as_text_and_the_counts(ledger: Ledger) -> None:
    book = BOOKS["problems"]

    def written(actor: Actor) -> Any:
        made = case_export.workbook(
            book, Asked(), ledger=ledger, actor=actor, places=NAMES, spoken="en"
        )
        return openpyxl.load_workbook(BytesIO(made))

    sheets = written(PROVINCE)
    rows = sheets["Problems"]
    heads = [cell.value for cell in rows[1]]
    first = {head: rows.cell(2, at + 1) for at, head in enumerate(heads)}
    assert (first["Problems"].value, first["Problems"].data_type) == (HOSTILE, "s")
    assert (first["Days overdue"].value, first["Office"].value) == (10, "Energy")
    assert rows.max_row == 3
    counts = list(sheets["Counts"].iter_rows(min_row=2, values_only=True))
    assert ("County level", "Single-department problem", 1, 1, 0) in counts
    assert written(ENERGY)["Problems"].max_row == 2
    with pytest.raises(AccessError):
        written(Actor("", Role.PUBLIC))


@pytest.mark.usefixtures("filled")
def test_requests_go_out_with_the_firm_s_word(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(i18n, "language", lambda: "zh_CN")
    made = case_export.workbook(
        BOOKS["requests"],
        Asked(),
        ledger=ledger,
        actor=PROVINCE,
        places=NAMES,
        spoken="zh_CN",
    )
    sheet = openpyxl.load_workbook(BytesIO(made))["企业诉求"]
    assert [cell.value for cell in sheet[1]][-2:] == ["确认日期", "企业意见"]


@pytest.mark.usefixtures("filled")
def test_the_sheet_opens_its_project(page: Callable[..., AppTest]) -> None:
    app = page()
    press(app, "Open the project")
    assert app.session_state[PROJECT.key] == "XM-1"
    assert "电池项目" in html(app)

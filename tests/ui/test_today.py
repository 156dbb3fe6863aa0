"""The page of today: what is told to whom, and where a click leads."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from casework_pages import MAIN, PROVINCE, html
from streamlit.testing.v1 import AppTest

from ledger import problems, projects
from ledger.agenda import Agenda, Entry, Group, Matter
from ledger.model import Actor, ProblemKind, Project, Role
from ledger.unit_of_work import Ledger
from ui import (
    access,
    agenda_words,
    i18n,
    page_list,
    today_page,
)
from ui.state import LANGUAGE, PROJECT, SHEET_TAB, Slot

HOSTILE = "缺电<img src=x onerror=alert(1)>"


@pytest.fixture(autouse=True)
def data_of_today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no layer of a home tell when its data came."""
    monkeypatch.setattr(today_page, "data_of", dict)


@pytest.fixture
def late(ledger: Ledger) -> Project:
    """Return a project with a problem that was due yesterday."""
    with ledger.begin(PROVINCE) as work:
        made = projects.create(work, code="XM-1", title="电池", region="520304")
        opened = work.today() - timedelta(days=9)
        problems.open(
            work,
            project_id=made.id,
            kind=ProblemKind.SINGLE,
            title=HOSTILE,
            opened_on=opened,
            due_on=work.today() - timedelta(days=1),
        )
        work.commit()
    return made


@pytest.fixture
def page(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Return what opens the page, for an actor."""
    del ledger

    def open_page(actor: Actor = PROVINCE) -> AppTest:
        monkeypatch.setattr(access, "current_actor", lambda: actor)
        app = AppTest.from_file(str(MAIN), default_timeout=60)
        app.session_state[LANGUAGE.key] = "en"
        app.run().switch_page("screens/today.py").run()
        assert not app.exception
        return app

    return open_page


def test_an_empty_desk_says_where_work_comes_from(page: Callable[..., AppTest]) -> None:
    app = page()
    (said,) = [one.value for one in app.success]
    assert said.startswith("Nothing waits for you today")
    assert "<b>0</b>" in html(app)


@pytest.mark.usefixtures("late")
def test_what_is_overdue_is_counted_in_amber(page: Callable[..., AppTest]) -> None:
    said = html(page())
    assert 'kpi amber"><dt>Overdue or lost</dt><dd><b>1</b>' in said
    assert not page().success


def test_guests_are_told_whom_the_page_is_for(page: Callable[..., AppTest]) -> None:
    app = page(Actor("Guest", Role.PUBLIC))
    assert "may not save a setting" in app.info[0].value.replace("\\", "")


@pytest.mark.usefixtures("late")
def test_a_click_leads_to_the_problem_of_the_project(
    page: Callable[..., AppTest],
) -> None:
    app = page()
    app.session_state[PROJECT.key] = "XM-1"
    app.session_state[SHEET_TAB.key] = "Problems"
    app.session_state[today_page.GOING.key] = "project_ledger.py"
    app.run()
    assert not app.exception
    assert app.session_state["ledger.tabs"] == "Problems"
    assert "<img" not in html(app)
    assert "缺电&lt;img" in html(app)


@pytest.mark.parametrize(
    ("clicked", "remembered"),
    [
        (
            "problem_overdue/problem/XM-1",
            {
                "project": "XM-1",
                "sheet_tab": "Problems",
                "today_going": "project_ledger.py",
            },
        ),
        (
            "policy_ready/policy_edition/draft/7",
            {
                "policies_chosen": "draft/7",
                "policies_view": "library",
                "today_going": "policies.py",
            },
        ),
    ],
)
def test_the_choice_names_page_and_what_is_opened_there(
    monkeypatch: pytest.MonkeyPatch, clicked: str, remembered: dict[str, str]
) -> None:
    chosen: dict[str, Any] = {}
    state = {today_page.KEY: type("State", (), {"get": lambda *_: clicked})()}
    monkeypatch.setattr(today_page.st, "session_state", state)
    monkeypatch.setattr(
        Slot, "set", lambda self, value: chosen.__setitem__(self.name, value)
    )
    today_page._choose()
    assert chosen == remembered


def test_a_draft_s_line_leads_to_the_draft() -> None:
    draft = replace(entry(), entity="policy_edition", id=7, code="520304-0001")
    group = Group(Matter.POLICY_READY, 1, (draft,))
    (card,) = agenda_words.rows(Agenda(date(2026, 5, 20), (group,)), {})
    assert card["entries"][0]["id"] == "policy_ready/policy_edition/draft/7"


def entry(**more: Any) -> Entry:
    return Entry(
        **(
            {"entity": "problem", "id": 1, "title": "缺电"}
            | {
                "day": date(2026, 5, 19),
                "left": -1,
                "code": "XM-1",
                "project": "电池",
                "region": "520304",
            }
            | more
        )
    )


@pytest.mark.parametrize(
    ("matter", "left", "said"),
    [
        (Matter.PROBLEM_OVERDUE, -12, "12 days over"),
        (Matter.PROBLEM_DUE, 0, "today"),
        (Matter.PROBLEM_DUE, 3, "in 3 days"),
        (Matter.DEMAND, -61, "61 days"),
        (Matter.INQUIRY, 0, "since today"),
        (Matter.ROUTED, None, ""),
    ],
)
def test_the_days_are_told_in_words(
    monkeypatch: pytest.MonkeyPatch, matter: Matter, left: int | None, said: str
) -> None:
    monkeypatch.setattr(i18n, "language", lambda: "en")
    assert agenda_words.left_text(matter, left) == said


@pytest.mark.parametrize(
    ("matter", "more", "title"),
    [
        (Matter.PLAN_MISSED, {"title": "started"}, "Construction started was planned"),
        (Matter.LAND_LOST, {"title": "P1", "about": "铝业"}, "P1 is held by 铝业"),
        (Matter.DATA_CHANGED, {"about": "3"}, "3 candidates to screen again"),
        (Matter.PROBLEM_DUE, {}, "缺电"),
    ],
)
def test_an_entry_says_what_it_is_about(
    monkeypatch: pytest.MonkeyPatch, matter: Matter, more: Any, title: str
) -> None:
    monkeypatch.setattr(i18n, "language", lambda: "en")
    assert agenda_words.title_of(matter, entry(**more)) == title


def test_every_kind_of_work_leads_somewhere() -> None:
    for matter in Matter:
        entity = "firm_request" if matter is Matter.ROUTED else "problem"
        assert agenda_words.place_of(matter, entity).page.endswith(".py")


def test_every_tab_that_is_led_to_is_one_of_the_sheet() -> None:
    sheet = (MAIN.parent / "project_sheet.py").read_text("utf-8")
    tabs = {place.tab for place in agenda_words.PLACES.values() if place.tab}
    assert len(tabs) > 1
    assert [tab for tab in tabs if f't("{tab}")' not in sheet] == []


def test_every_page_that_is_led_to_is_listed() -> None:
    pages = {place.page for place in agenda_words.PLACES.values()}
    assert pages <= {one.file for one in page_list.PAGES}


def test_the_page_stands_alone_after_the_first() -> None:
    first, second, *_ = page_list.PAGES
    assert (first.file, second.file, second.menu) == ("find_site.py", "today.py", "")

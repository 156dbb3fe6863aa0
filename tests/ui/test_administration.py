"""The administrator's page: accounts, rule tables, the history."""

from collections.abc import Callable
from typing import Any

import pytest
from casework_pages import MAIN, PROVINCE, html, outcome
from streamlit.testing.v1 import AppTest

from ledger import accounts, projects, rules
from ledger.model import Actor, Role
from ledger.unit_of_work import Ledger
from ui import access
from ui.account_table import CHOSEN, NEW
from ui.rule_tables import CHECKS, TITLES
from ui.state import LANGUAGE

ADMINISTRATOR = Actor("管理员", Role.ADMINISTRATOR, "520000")
COUNTY = Actor("播州 李", Role.COUNTY, "520304")


@pytest.fixture
def ledger(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """Return the ledger with two projects, at an administrator's desk."""
    monkeypatch.setattr(access, "actor_name", lambda *_: "administrator")
    with ledger.begin(PROVINCE) as work:
        projects.create(work, title="<b>电池</b>", region="520304")
        projects.create(work, title="别县", region="520322")
        work.commit()
    return ledger


@pytest.fixture
def page(
    ledger: Ledger,  # noqa: ARG001 - the page reads it
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., AppTest]:
    """Return what opens the page at a tab, as somebody."""

    def open_page(tab: str = "", actor: Actor = ADMINISTRATOR, **state: Any) -> AppTest:
        monkeypatch.setattr(access, "current_actor", lambda: actor)
        app = AppTest.from_file(str(MAIN), default_timeout=60)
        app.session_state[LANGUAGE.key] = "en"
        if tab:
            app.session_state["administration.tabs"] = tab
        for name, value in state.items():
            app.session_state[name] = value
        app.run().switch_page("screens/administration.py").run()
        assert not app.exception
        return app

    return open_page


def field(app: AppTest, label: str, kind: str = "text_input") -> Any:
    (found,) = [one for one in app.get(kind) if one.label == label]
    return found


def press(app: AppTest, label: str) -> AppTest:
    (button,) = [one for one in app.button if one.label == label]
    return button.click().run()


def test_an_account_is_added_in_the_form(
    page: Callable[..., AppTest], ledger: Ledger
) -> None:
    app = page(**{CHOSEN.key: NEW})
    field(app, "Name").input("李科长")
    field(app, "Provider (issuer)").input("https://id.cn")
    field(app, "Subject").input("u-1")
    field(app, "Role", "selectbox").select(Role.COUNTY)
    field(app, "Region code").input("520304")
    assert "was saved" in outcome(press(app, "Save"))
    with ledger.read(accounts.OPERATOR) as work:
        (made,) = accounts.find(work)
    assert (made.name, made.role, made.region) == ("李科长", Role.COUNTY, "520304")


def test_every_fault_of_an_account_is_told(page: Callable[..., AppTest]) -> None:
    app = page(**{CHOSEN.key: NEW})
    said = outcome(press(app, "Save"))
    assert "Give the person's name" in said
    assert "subject or address" in said


def test_a_rule_table_shows_edition_and_source_and_takes_a_new_edition(
    page: Callable[..., AppTest], ledger: Ledger
) -> None:
    app = page("Rule tables", **{"rules.name": "offices"})
    assert "黔投提复字" in html(app)
    text = field(app, "Text of the table (TOML)", "text_area")
    text.input(str(text.value).replace("2026-11 (LandMap)", "本局版"))
    assert "put in force" in outcome(press(app, "Put in force"))
    with ledger.read(ADMINISTRATOR) as work:
        assert rules.in_force(work, "offices").edition == "本局版"


def test_a_faulty_table_is_refused_with_its_reason(
    page: Callable[..., AppTest],
) -> None:
    app = page("Rule tables", **{"rules.name": "offices"})
    field(app, "Text of the table (TOML)", "text_area").input("edition = ")
    assert "not valid TOML" in outcome(press(app, "Put in force"))


def test_the_history_is_shown_encoded_and_verified(
    page: Callable[..., AppTest],
) -> None:
    app = page("History")
    assert "&lt;b&gt;电池" in html(app)
    assert "<b>电池" not in html(app)
    assert "2 rows" in outcome(press(app, "Verify the chain"))


def test_a_county_reads_the_history_of_its_own_projects_and_nothing_else(
    page: Callable[..., AppTest],
) -> None:
    app = page(actor=COUNTY, tab="History")
    assert "电池" in html(app)
    assert "别县" not in html(app)
    assert [tab.label for tab in app.tabs] == ["Rule tables", "History"]
    assert "Verify the chain" not in [one.label for one in app.button]


def test_the_public_is_told_whom_the_page_is_for(page: Callable[..., AppTest]) -> None:
    app = page(actor=Actor("Public visitor", Role.PUBLIC))
    assert "may not read the history" in "".join(one.value for one in app.info)


def test_every_shipped_rule_table_has_a_title_and_a_check() -> None:
    assert set(CHECKS) == set(TITLES) == set(rules.names())

"""The page of promises and the tab of the project: wiring, refusals, encoding."""

from collections.abc import Callable
from datetime import date

import pytest
from casework_pages import (
    COUNTY,
    HOSTILE,
    PROVINCE,
    field,
    html,
    labels,
    opened,
    outcome,
    press,
)

from ledger import projects, promises
from ledger.casework import Promise, PromiseState
from ledger.model import Actor, Project, Stage
from ledger.unit_of_work import Ledger
from ui import access, promises_page
from ui.state import PROJECT

PUBLIC = access.PUBLIC


@pytest.fixture
def project(ledger: Ledger) -> Project:
    with ledger.begin(PROVINCE) as work:
        made = projects.create(
            work,
            code="XM-1",
            title=HOSTILE,
            region="520303",
            stage=Stage.SIGNED,
            signed_on=date(2026, 1, 5),
        )
        work.commit()
    return made


@pytest.fixture
def promise(ledger: Ledger, project: Project) -> Promise:
    """Return an overdue promise of 100, 40 of it paid."""
    with ledger.begin(PROVINCE) as work:
        made = promises.write(
            work,
            project_id=project.id,
            title=HOSTILE,
            basis=HOSTILE,
            amount_wan_cny=100.0,
            due_on=date(2026, 2, 1),
        )
        made = promises.pay(
            work,
            made.id,
            amount_wan_cny=40.0,
            evidence=HOSTILE,
            version=1,
            on=date(2026, 1, 20),
        )
        work.commit()
    return made


def stored(ledger: Ledger, promise: Promise) -> Promise:
    with ledger.read(PROVINCE) as work:
        return promises.get(work, promise.id)


@pytest.mark.usefixtures("promise")
def test_the_page_tells_what_is_overdue_with_its_denominators() -> None:
    said = html(opened("promises"))
    assert "0/1" in said
    assert "Overdue" in said
    assert "40.00 of 100.00 × 10,000 CNY paid" in said
    assert "<img" not in said
    assert "&lt;img src=x" in said


def test_an_empty_page_says_where_promises_are_written_down(ledger: Ledger) -> None:
    del ledger
    app = opened("promises")
    assert "Choose a promise in the table." in html(app)
    assert promises_page.read().found.rows == []


@pytest.mark.usefixtures("promise")
def test_filters_hold_the_list_to_a_state_and_to_words() -> None:
    for state, words, many in (
        ("due", "", 1),
        ("overdue", "XM-1", 1),
        ("kept", "", 0),
        ("all", "nothing of this", 0),
    ):
        app = opened(
            "promises",
            landmap__promises_filter=state,
            landmap__promises_text=words,
        )
        assert ('class="sheet-head"' in html(app)) is bool(many)


def test_the_rest_is_booked_and_the_promise_is_kept(
    ledger: Ledger, promise: Promise
) -> None:
    app = opened("promises")
    assert field(app, "Paid (10,000 CNY)", "number_input").value == 60.0
    press(app, "Book")
    assert "what proves the payment" in outcome(app)
    field(app, "Evidence of payment").set_value("凭证 7")
    press(app, "Book")
    assert "The payment was booked." in outcome(app)
    assert stored(ledger, promise).state is PromiseState.KEPT


def test_a_payment_is_taken_back_from_the_page(
    ledger: Ledger, promise: Promise
) -> None:
    app = opened("promises")
    field(app, "Reason").set_value("记错项目")
    press(app, "Take the payment back")
    assert "The payment was taken back." in outcome(app)
    assert stored(ledger, promise).paid_wan_cny == 0.0


def test_by_law_asks_for_all_three(ledger: Ledger, promise: Promise) -> None:
    app = opened("promises")
    field(app, "Lawful ground", "text_area").set_value("条例第三十一条")
    press(app, "Settle by law")
    assert "fill in all three" in outcome(app)
    for name in ("Lawful ground", "Procedure followed", "Compensation"):
        field(app, name, "text_area").set_value("已写明")
    press(app, "Settle by law")
    assert "settled by law" in outcome(app)
    assert stored(ledger, promise).state is PromiseState.CHANGED


def test_a_kept_promise_is_taken_up_again(ledger: Ledger, promise: Promise) -> None:
    app = opened("promises", landmap__promises_filter="all")
    field(app, "Evidence of keeping").set_value("验收单")
    press(app, "It was kept")
    assert "The promise is kept." in outcome(app)
    field(app, "Reason").set_value("验收有误")
    press(app, "Open it again")
    assert stored(ledger, promise).state is PromiseState.OPEN


def test_a_save_on_an_outdated_form_says_who_was_first(
    ledger: Ledger, promise: Promise
) -> None:
    app = opened("promises")
    with ledger.begin(Actor("遵义 吴", PROVINCE.role, "520000")) as work:
        promises.keep(work, promise.id, evidence="验收单", version=promise.version)
        work.commit()
    field(app, "Evidence of keeping").set_value("另一份")
    press(app, "It was kept")
    assert "遵义 吴 changed this promise" in outcome(app)
    assert stored(ledger, promise).evidence == "验收单"


@pytest.mark.usefixtures("promise")
def test_the_sheet_leads_to_the_project() -> None:
    app = press(opened("promises"), "Open the project")
    assert app.session_state[PROJECT.key] == "XM-1"


@pytest.mark.usefixtures("promise")
def test_another_county_sees_nothing_and_the_public_is_told_why(
    ask: Callable[[Actor], None],
) -> None:
    ask(COUNTY)
    assert 'class="sheet-head"' not in html(opened("promises"))
    ask(PUBLIC)
    app = opened("promises")
    assert "may not see this project" in app.info[0].value
    assert html(app).count("kpis") <= html(app).count(".kpis")


def test_a_promise_is_written_down_and_changed_on_the_project_s_tab(
    ledger: Ledger, project: Project
) -> None:
    app = opened("project_ledger", landmap__project="XM-1", ledger__tabs="Promises")
    field(app, "What was promised").set_value("设备补助")
    field(app, "Basis of the promise").set_value("协议第六条")
    field(app, "Amount (10,000 CNY)", "number_input").set_value(50.0)
    press(app, "Add")
    assert "The promise was written down." in outcome(app)
    with ledger.read(PROVINCE) as work:
        (made,) = promises.of(work, project.id)
    assert (made.title, made.amount_wan_cny, made.office) == ("设备补助", 50.0, "")
    next(
        one for one in app.text_input if one.key == f"promise.{made.id}.1.edit.title"
    ).set_value("设备购置补助")
    press(app, "Save")
    assert "The promise was saved." in outcome(app)
    assert stored(ledger, made).title == "设备购置补助"


@pytest.mark.usefixtures("promise")
def test_who_only_looks_is_offered_no_deed(ask: Callable[[Actor], None]) -> None:
    ask(Actor("领导", access.DEMO_ACTORS["leader"].role, "520000"))
    assert not labels(opened("promises")) & {
        "Book",
        "It was kept",
        "Settle by law",
        "Take the payment back",
        "Save",
    }

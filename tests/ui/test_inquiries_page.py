"""The page of inquiries: taken in, answered, a lead with one click, closed."""

from collections.abc import Callable

import pytest
from casework_pages import (
    COUNTY,
    HOSTILE,
    PROVINCE,
    field,
    html,
    opened,
    outcome,
    press,
)

from ledger import inquiries, projects
from ledger.casework import Inquiry, InquiryState
from ledger.model import Actor, Stage
from ledger.unit_of_work import Ledger
from ui import access, inquiries_page
from ui.state import PROJECT


@pytest.fixture
def asked(ledger: Ledger) -> Inquiry:
    with ledger.begin(access.PUBLIC) as work:
        made = inquiries.receive(
            work,
            region="520303",
            firm=HOSTILE,
            person="王先生",
            contact="a@b.cn",
            text=HOSTILE,
            consents=True,
        )
        work.commit()
    return made


def stored(ledger: Ledger) -> Inquiry:
    with ledger.read(PROVINCE) as work:
        return inquiries.listed(work).rows[0]


def test_what_comes_by_telephone_is_taken_in_with_consent(ledger: Ledger) -> None:
    app = opened("inquiries")
    assert "Choose an inquiry in the table." in html(app)
    field(app, "Region that answers", "selectbox").select("520303")
    field(app, "Contact person").set_value("王先生")
    field(app, "Phone or e-mail").set_value("138 0000 0000")
    field(app, "Inquiry text", "text_area").set_value("可有净地？")
    press(app, "Take it in")
    assert "Without consent" in outcome(app)
    app.checkbox[0].check()
    press(app, "Take it in")
    assert "The inquiry was taken in." in outcome(app)
    made = stored(ledger)
    assert (made.region, made.person, made.text) == ("520303", "王先生", "可有净地？")
    assert made.number in html(app)


def test_one_click_makes_a_lead_that_the_page_leads_to(
    ledger: Ledger, asked: Inquiry
) -> None:
    app = opened("inquiries")
    said = html(app)
    assert "<img" not in said
    assert "&lt;img src=x" in said
    press(app, "Make it a lead")
    assert "is a lead in the project ledger now" in outcome(app)
    with ledger.read(PROVINCE) as work:
        (project,) = projects.find(work, asked.number)
    assert (project.stage, project.investor) == (Stage.LEAD, HOSTILE)
    assert stored(ledger).state is InquiryState.LEAD
    assert app.session_state[PROJECT.key] == project.code
    assert project.title.split()[-1] in html(app)
    press(app, "Open the project")
    assert not app.exception


def test_an_answer_is_saved_and_the_inquiry_closed_with_a_reason(
    ledger: Ledger, asked: Inquiry
) -> None:
    app = opened("inquiries")
    field(app, "Answer", "text_area").set_value("请来电。")
    press(app, "Save the answer")
    assert "The answer was saved." in outcome(app)
    press(app, "Close the inquiry")
    assert "why the inquiry is closed" in outcome(app)
    field(app, "Reason").set_value("无投资计划")
    press(app, "Close the inquiry")
    assert "The inquiry was closed." in outcome(app)
    made = stored(ledger)
    assert made.id == asked.id
    assert (made.answer, made.reason) == ("请来电。", "无投资计划")
    assert "无投资计划" in html(app)


@pytest.mark.usefixtures("asked")
def test_the_list_is_held_to_a_state() -> None:
    app = opened("inquiries", landmap__inquiries_state="closed")
    assert "Choose an inquiry in the table." in html(app)


@pytest.mark.usefixtures("asked")
def test_only_who_answers_sees_who_asked(ask: Callable[[Actor], None]) -> None:
    ask(COUNTY)
    assert inquiries_page.read().found.rows == []
    for name in ("leader", "planner", "investor"):
        ask(access.DEMO_ACTORS[name])
        app = opened("inquiries")
        assert "may not answer an inquiry" in app.info[0].value
        assert "a@b.cn" not in html(app)


def test_an_answer_written_while_somebody_else_was_faster_is_not_lost(
    ledger: Ledger, asked: Inquiry
) -> None:
    app = opened("inquiries")
    with ledger.begin(PROVINCE) as work:
        inquiries.answer(work, asked.id, text="已安排", version=asked.version)
        work.commit()
    field(app, "Answer", "text_area").set_value("We have *two* parcels.\nCome and see.")
    press(app, "Save the answer")
    said = outcome(app)
    assert "after you opened it. Nothing was saved" in said
    assert r"You had written\: We have \*two\* parcels. Come and see." in said
    assert stored(ledger).answer == "已安排"
    assert field(app, "Answer", "text_area").value == "已安排"

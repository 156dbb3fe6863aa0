"""Inquiries: taken in from anybody, followed, answered, made a lead, closed."""

import json
import re
import secrets
from typing import Any

import pytest
import sqlalchemy as sa

from gis.errors import AccessError, LedgerError, StaleError
from ledger import inquiries, projects, tables
from ledger.casework import Inquiry, InquiryState
from ledger.model import Actor, Role, Stage
from ledger.unit_of_work import Ledger

PUBLIC = Actor("公众", Role.PUBLIC)
NEED = json.dumps({
    "title": "电池",
    "constraints": [{"use": "area_between", "minimum": "60 mu"}],
})


def ask(work: Any, **fields: Any) -> Inquiry:
    told: dict[str, Any] = {
        "region": "520304",
        "firm": "示例新能源",
        "person": "王先生",
        "contact": "138 0000 0000",
        "text": "需工业用地 120 亩。",
        "consents": True,
    }
    return inquiries.receive(work, **(told | fields))


@pytest.fixture
def asked(ledger: Ledger) -> Inquiry:
    """Return an inquiry that the public sent, with a need and a parcel."""
    with ledger.begin(PUBLIC) as work:
        made = ask(work, need=NEED, parcel_id="GZ-7")
        work.commit()
    return made


def test_anybody_may_ask_and_gets_a_number(asked: Inquiry) -> None:
    assert re.fullmatch(r"ZX-20260520-[A-Z]{2}\d{2}", asked.number)
    assert (asked.state, asked.answer) == (InquiryState.NEW, "")
    assert asked.consented_at == asked.received_at


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"person": " "}, "Contact person is missing"),
        ({"contact": ""}, "Phone or e-mail is missing"),
        ({"text": ""}, "Inquiry text is missing"),
        ({"text": "问" * 2_001}, "Inquiry text has 2001 letters, 2000 are the most"),
        ({"firm": "x\x00"}, "Firm holds control characters"),
        ({"contact": "no way"}, "no telephone number and no e-mail"),
        ({"region": "5203"}, "which county"),
        ({"need": "{"}, "not a need in JSON"),
        ({"need": '{"constraints": [{"use": "x"}]}'}, "cannot be screened"),
        ({"consents": False}, "Without consent"),
    ],
)
def test_an_inquiry_is_bounded_readable_and_agreed_to(
    ledger: Ledger, wrong: Any, said: str
) -> None:
    with ledger.begin(PUBLIC) as work, pytest.raises(LedgerError, match=said):
        ask(work, **wrong)


def test_all_faults_are_told_at_once(ledger: Ledger) -> None:
    with ledger.begin(PUBLIC) as work, pytest.raises(LedgerError) as refused:
        ask(work, person="", text="", consents=False)
    assert len(refused.value.faults) == 3


@pytest.mark.parametrize("contact", ["0851-8888 0000", "+86 138 0000 0000", "a@b.cn"])
def test_telephone_and_mail_are_taken(ledger: Ledger, contact: str) -> None:
    with ledger.begin(PUBLIC) as work:
        assert ask(work, contact=contact).contact == contact


def test_a_number_is_given_once_and_grows_where_all_are_taken(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "choice", lambda signs: signs[0])
    with ledger.begin(PUBLIC) as work:
        assert ask(work).number == "ZX-20260520-AA22"
        assert ask(work).number == "ZX-20260520-AA22AA"
        assert ask(work).number == "ZX-20260520-AA22AAAA"


def test_who_asked_follows_by_number_and_contact_together(
    ledger: Ledger, province: Actor, asked: Inquiry
) -> None:
    with ledger.begin(province) as work:
        inquiries.answer(work, asked.id, text="请来电。", version=1)
        work.commit()
    with ledger.begin(PUBLIC) as work:
        found = inquiries.follow(work, asked.number.lower(), asked.contact)
        assert (found.state, found.answer) == (InquiryState.ANSWERED, "请来电。")
        for number, contact in (
            (asked.number, "139 0000 0000"),
            ("ZX-20260520-ZZ99", asked.contact),
        ):
            with pytest.raises(LedgerError, match="no inquiry with this number"):
                inquiries.follow(work, number, contact)


def test_an_answer_may_be_given_anew_but_not_empty(
    ledger: Ledger, province: Actor, asked: Inquiry
) -> None:
    with ledger.begin(province) as work:
        with pytest.raises(LedgerError, match="Write the answer"):
            inquiries.answer(work, asked.id, text=" ", version=1)
        with pytest.raises(LedgerError, match="2001 letters"):
            inquiries.answer(work, asked.id, text="答" * 2_001, version=1)
        first = inquiries.answer(work, asked.id, text="请来电。", version=1)
        with pytest.raises(StaleError, match="changed this inquiry"):
            inquiries.answer(work, asked.id, text="旧", version=1)
        second = inquiries.answer(work, asked.id, text="请来访。", version=2)
    assert (first.state, second.answer) == (InquiryState.ANSWERED, "请来访。")


def test_a_lead_has_what_the_inquiry_told_and_both_name_each_other(
    ledger: Ledger, county: Actor, asked: Inquiry
) -> None:
    with ledger.begin(county) as work:
        project = inquiries.make_lead(work, asked.id, version=1)
        (found,) = inquiries.listed(work).rows
        assert projects.find(work, asked.number) == [project]
        own = tables.audit.c.project_id == project.id
        verbs = work.connection.scalars(sa.select(tables.audit.c.verb).where(own))
        assert set(verbs) == {"project.create", "inquiry.lead"}
        answered = inquiries.answer(work, asked.id, text="已立线索。", version=2)
        for deed in (
            lambda: inquiries.make_lead(work, asked.id, version=3),
            lambda: inquiries.close(work, asked.id, reason="重复", version=3),
        ):
            with pytest.raises(LedgerError, match="Became a lead"):
                deed()
    assert (found.state, found.project_id) == (InquiryState.LEAD, project.id)
    assert answered.state is InquiryState.LEAD
    assert (project.stage, project.region) == (Stage.LEAD, "520304")
    assert (project.investor, project.need) == ("示例新能源", NEED)
    assert asked.number in project.note
    assert "GZ-7" in project.note


def test_a_person_without_a_firm_is_the_investor(
    ledger: Ledger, province: Actor
) -> None:
    with ledger.begin(province) as work:
        made = ask(work, firm="")
        assert inquiries.make_lead(work, made.id, version=1).investor == "王先生"


def test_an_inquiry_is_closed_with_a_reason_that_stays_inside(
    ledger: Ledger, province: Actor, asked: Inquiry
) -> None:
    with ledger.begin(province) as work:
        with pytest.raises(LedgerError, match="why the inquiry is closed"):
            inquiries.close(work, asked.id, reason="", version=1)
        done = inquiries.close(work, asked.id, reason="无投资计划", version=1)
        assert (done.state, done.reason) == (InquiryState.CLOSED, "无投资计划")
        assert inquiries.follow(work, asked.number, asked.contact).answer == ""
        with pytest.raises(LedgerError, match="is closed"):
            inquiries.answer(work, asked.id, text="请来电。", version=2)


def test_offices_list_and_count_what_is_theirs_to_answer(
    ledger: Ledger, county: Actor, asked: Inquiry
) -> None:
    with ledger.begin(PUBLIC) as work:
        ask(work, region="522701")
        work.commit()
    with ledger.begin(county) as work:
        assert [one.id for one in inquiries.listed(work).rows] == [asked.id]
        assert inquiries.listed(work, [InquiryState.CLOSED]).rows == []
        assert inquiries.counts(work)[InquiryState.NEW] == 1
        assert sum(inquiries.counts(work).values()) == 1
    for who in (PUBLIC, Actor("领导", Role.LEADER, "520000")):
        with ledger.begin(who) as work:
            for look in (
                lambda: inquiries.listed(work),
                lambda: inquiries.counts(work),
                lambda: inquiries.answer(work, asked.id, text="x", version=1),
                lambda: inquiries.make_lead(work, asked.id, version=1),
            ):
                with pytest.raises(AccessError):
                    look()

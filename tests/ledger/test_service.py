"""The service checklist: its lines are data, what is settled is told."""

from datetime import date
from typing import Any

import pytest

from gis.errors import AccessError, LedgerError, StaleError
from ledger import audit, rules, service
from ledger.model import Actor, Role
from ledger.unit_of_work import Ledger

TODAY = date(2026, 5, 20)
OWN_EDITION = """
edition = "2027"
source = "省投促局"
confidence = "confirmed"
[[item]]
code = "clerk"
title = "一名代办员"
"""


def test_the_shipped_checklist_has_five_lines_and_says_where_they_are_from() -> None:
    shipped = rules.shipped(service.TABLE)
    assert len(shipped.data["item"]) == 5
    assert "未经确认" in shipped.confidence
    assert service.faults(shipped.data) == []


def test_a_line_is_settled_and_changed(ledger: Ledger, county: Any, add: Any) -> None:
    project = add()
    with ledger.begin(county) as work:
        before = service.checklist(work, project.id)
        service.settle(
            work, project.id, "leader", text=" 张县长 ", settled_on=date(2026, 5, 2)
        )
        service.settle(work, project.id, "team", text="待定", settled_on=None)
        work.commit()
    assert [line.code for line in before] == [
        "leader",
        "team",
        "plan",
        "ledger",
        "policy",
    ]
    assert not any(line.item for line in before)
    with ledger.begin(county) as work:
        one, two, *_ = service.checklist(work, project.id)
        assert (one.settled, one.item and one.item.text) == (True, "张县长")
        assert (two.settled, two.item and two.item.text) == (False, "待定")
        service.settle(
            work, project.id, "team", text="工业专班", settled_on=TODAY, version=1
        )
        work.commit()
    with ledger.read(county) as work:
        assert [x.settled for x in service.checklist(work, project.id)][:3] == [
            True,
            True,
            False,
        ]
        newest = audit.history(work, "project", project.id)[0]
    assert (newest.verb, newest.entity) == ("service.edit", "service_item")


def test_a_line_is_refused_without_words_of_the_future_or_unknown(
    ledger: Ledger, county: Any, add: Any
) -> None:
    project = add()
    for code, text, day, why in (
        ("leader", " ", TODAY, "say who or what"),
        ("leader", "张", date(2026, 5, 21), "in the future"),
        ("sixth", "张", TODAY, "no line sixth"),
    ):
        with ledger.begin(county) as work, pytest.raises(LedgerError, match=why):
            service.settle(work, project.id, code, text=text, settled_on=day)


def test_an_outdated_line_and_another_county_are_refused(
    ledger: Ledger, county: Any, add: Any
) -> None:
    project, other = add(), add(region="520303")
    with ledger.begin(county) as work:
        service.settle(work, project.id, "plan", text="方案", settled_on=None)
        with pytest.raises(StaleError):
            service.settle(work, project.id, "plan", text="方案二", settled_on=None)
        with pytest.raises(AccessError):
            service.settle(work, other.id, "plan", text="方案", settled_on=None)
        with pytest.raises(AccessError):
            service.checklist(work, other.id)


def test_an_edition_of_an_office_renames_the_lines_and_hides_nothing_written(
    ledger: Ledger, county: Any, add: Any
) -> None:
    project = add()
    with ledger.begin(county) as work:
        service.settle(work, project.id, "leader", text="张县长", settled_on=TODAY)
        work.commit()
    with ledger.begin(Actor("管理员", Role.ADMINISTRATOR, "520000")) as work:
        rules.put_in_force(
            work,
            service.TABLE,
            OWN_EDITION,
            effective_on=TODAY,
            check=service.faults,
        )
        work.commit()
    with ledger.read(county) as work:
        lines = service.checklist(work, project.id)
    assert [(line.code, line.english) for line in lines] == [
        ("clerk", "一名代办员"),
        ("leader", "leader"),
    ]
    assert lines[1].item is not None


def test_a_faulty_table_names_its_lines() -> None:
    found = service.faults({"item": [{"code": "a"}, {"code": "a", "title": "b"}]})
    assert [str(one) for one in found] == [
        "Line 1 needs a code and a title.",
        "Each line needs a code of its own.",
    ]
    assert len(service.faults({})) == 1

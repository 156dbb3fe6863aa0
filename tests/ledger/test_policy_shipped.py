"""The starting set: loaded once, followed while untouched, never overwriting."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gis.errors import LedgerError
from ledger import offices, policies, policy_shipped, rules
from ledger.applicability import About
from ledger.model import Actor, Role
from ledger.policy import Confidence, PolicyState, Standing
from ledger.policy_match import match
from ledger.policy_shipped import entries, is_loaded, load
from ledger.policy_subjects import one_subject
from ledger.unit_of_work import Ledger

PUBLIC = Actor("访客", Role.PUBLIC)


def test_every_entry_has_a_title_and_a_source_and_asks_an_office_there_is() -> None:
    known = {one["code"] for one in rules.shipped(offices.TABLE).data["office"]}
    for one in entries():
        assert one.terms.title
        assert one.terms.source
        assert not one.terms.text
        assert one.terms.ask in {"", *known}


def test_what_comes_from_memory_is_marked_and_nothing_of_it_is_told_to_apply() -> None:
    for one in entries():
        if "凭记忆" in one.terms.source or "未核对法律原文" in one.terms.source:
            assert one.terms.confidence is Confidence.UNCONFIRMED


def test_the_set_is_loaded_once_and_read_by_everybody(ledger: Ledger) -> None:
    assert not is_loaded(ledger)
    assert load(ledger) == len(entries())
    assert (is_loaded(ledger), load(ledger)) == (True, 0)
    with ledger.read(PUBLIC) as work:
        found = {one.policy.code: one for one in policies.on_day(work)}
    assert set(found) == {one.code for one in entries()}
    assert found["control-indicators-2008"].standing is Standing.ENDED
    assert found["mnr-guarantee-2023"].standing is Standing.ENDED
    assert found["price-floor-2006"].standing is Standing.IN_FORCE
    assert found["idle-land"].standing is Standing.UNDATED


def test_an_expired_notice_was_in_force_and_applies_to_nothing_since(
    ledger: Ledger,
) -> None:
    load(ledger)
    land = one_subject(About.PARCEL, {"region": "520304"})
    with ledger.read(PUBLIC) as work:
        for day, told in ((date(2025, 12, 31), 1), (date(2026, 1, 1), 0)):
            (notice,) = (
                one
                for one in policies.on_day(work, day)
                if one.policy.code == "mnr-guarantee-2023"
            )
            assert match([notice], land).item() == told


def test_what_an_office_changed_stays_and_the_rest_follows_the_files(
    ledger: Ledger, province: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(ledger)
    codes = ("idle-land", "price-floor-2006", "land-grades-2008")

    def of(code: str) -> Any:
        with ledger.read(province) as work:
            (held,) = (one for one in policies.on_day(work) if one.policy.code == code)
        return held

    with ledger.begin(province) as work:
        policy = of("idle-land").policy
        draft = policies.revise(work, policy.id, why="补全文", version=policy.version)
        policies.edit(
            work, draft.id, replace(draft.terms, text="全文"), version=draft.version
        )
        work.commit()
    newer = tuple(
        replace(one, digest="new", terms=replace(one.terms, abstract="新摘要"))
        if one.code in codes[:2]
        else replace(one, digest="new too")
        if one.code == codes[2]
        else one
        for one in entries()
    )
    monkeypatch.setattr(policy_shipped, "entries", lambda: newer)
    assert load(ledger) == 2
    assert load(ledger) == 0
    assert of("idle-land").edition.abstract != "新摘要"
    assert (
        of("price-floor-2006").edition.number,
        of("land-grades-2008").edition.number,
    ) == (2, 1)
    assert of("price-floor-2006").edition.abstract == "新摘要"
    assert of("price-floor-2006").policy.state is PolicyState.PUBLISHED


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ('code = "a"\nbecause = "x"', "unknown fields"),
        ('code = "a"\napplies = { about = [] }', "is faulty"),
    ],
)
def test_a_faulty_file_is_named(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, text: str, match: str
) -> None:
    (tmp_path / "x.toml").write_text(f"[[policy]]\n{text}\n", "utf-8")
    monkeypatch.setattr(policy_shipped, "SHIPPED", tmp_path)
    with pytest.raises(LedgerError, match=match):
        entries.__wrapped__()


def test_a_code_stands_in_the_files_once(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = '[[policy]]\ncode = "a"\ntitle = "甲"\nlevel = "city"\ntopic = "other"\n'
    (tmp_path / "x.toml").write_text((one + 'confidence = "source"\n') * 2, "utf-8")
    monkeypatch.setattr(policy_shipped, "SHIPPED", tmp_path)
    with pytest.raises(LedgerError, match="one code"):
        entries.__wrapped__()

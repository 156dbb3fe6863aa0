"""Buttons of a project go to the offices that the rule table names, as rights do."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger import accounts, projects, regions, rules
from ledger.model import Actor, Role
from ledger.unit_of_work import Ledger
from ui import resources
from ui.ruling import ruling_of, ruling_region


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    kept = Ledger.at(tmp_path / "ledger.db", b"a key for tests, not a secret")
    monkeypatch.setattr(resources, "ledger", lambda: kept)
    resources._management_regions.clear()
    yield kept
    resources._management_regions.clear()
    kept.close()


def test_the_place_that_rules_by_the_table_is_offered_the_buttons(
    ledger: Ledger,
) -> None:
    with ledger.begin(Actor("省", Role.PROVINCE, "520000")) as work:
        project = projects.create(
            work, title="数据中心", region="520111", managed_by="52M001"
        )
        work.commit()
    assert ruling_region(project) == "52M001"
    text = rules.shipped_text("management_regions").replace(
        'matter = "staff"\nwins = "region"', 'matter = "staff"\nwins = "county"'
    )
    with ledger.begin(accounts.OPERATOR) as work:
        rules.put_in_force(
            work,
            "management_regions",
            text.replace("2026-11 (LandMap)", "测试版"),
            effective_on=work.today(),
            check=regions.faults,
        )
        work.commit()
    resources._management_regions.clear()
    assert ruling_region(project) == ruling_of("520111", "52M001") == "520111"

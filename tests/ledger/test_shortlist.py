"""The parcels that a project considers."""

from collections.abc import Callable
from typing import Any

import pytest

from gis.errors import LedgerError
from ledger import audit, shortlist
from ledger.model import Actor, Project
from ledger.unit_of_work import Ledger


def test_a_parcel_is_put_on_with_the_screening_that_proposed_it(
    ledger: Ledger, province: Actor, add: Callable[..., Project], now: Any
) -> None:
    project = add()
    with ledger.begin(province) as work:
        item = shortlist.add(
            work,
            project_id=project.id,
            parcel_id="GZ-1",
            note=" 近高速口 ",
            score=86.2,
            result_hash="abc",
        )
        assert shortlist.of(work, project.id) == [item]
    assert (item.parcel_id, item.note, item.score) == ("GZ-1", "近高速口", 86.2)
    assert (item.result_hash, item.added_by) == ("abc", province.name)
    assert item.added_at == now.moment


def test_putting_it_on_again_changes_nothing(
    ledger: Ledger, province: Actor, add: Callable[..., Project]
) -> None:
    project = add()
    with ledger.begin(province) as work:
        first = shortlist.add(work, project_id=project.id, parcel_id="GZ-1", note="A")
        again = shortlist.add(work, project_id=project.id, parcel_id="GZ-1", note="B")
        assert again == first
        assert len(audit.history(work, "shortlist_item", first.id)) == 1


def test_each_project_has_its_own(
    ledger: Ledger, province: Actor, add: Callable[..., Project]
) -> None:
    first, second = add(), add()
    with ledger.begin(province) as work:
        for project in (first, second):
            shortlist.add(work, project_id=project.id, parcel_id="GZ-1")
        shortlist.remove(work, project_id=first.id, parcel_id="GZ-1")
        assert shortlist.of(work, first.id) == []
        assert [item.parcel_id for item in shortlist.of(work, second.id)] == ["GZ-1"]


def test_what_is_not_on_it_cannot_be_taken_off(
    ledger: Ledger, province: Actor, add: Callable[..., Project]
) -> None:
    project = add(title="电池")
    with ledger.begin(province) as work:
        with pytest.raises(LedgerError, match="GZ-9 is not on the shortlist of 电池"):
            shortlist.remove(work, project_id=project.id, parcel_id="GZ-9")
        with pytest.raises(LedgerError, match="Name the parcel"):
            shortlist.add(work, project_id=project.id, parcel_id=" ")

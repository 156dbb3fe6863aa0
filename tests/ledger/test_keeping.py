"""What is kept of the ledger is kept under every table it was counted of."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa

from ledger import agenda, approval_lists, holdings, trends
from ledger.columns import metadata
from ledger.keeping import anew
from ledger.model import Actor, Role
from ledger.unit_of_work import Ledger, Work

T = TypeVar("T")

MOVES_WITH = {"stage_move": "project"}
"""Tables that are never written to alone: the audit names the other."""
NO_FIGURES = {"audit", "alembic_version"}


@contextmanager
def looked_at() -> Iterator[set[str]]:
    """Gather the tables that queries name."""
    found: set[str] = set()
    known = {table.name for table in metadata.sorted_tables}

    def look(_: Any, __: Any, statement: str, *___: Any) -> None:
        named = re.findall(r"\b(?:FROM|JOIN)\s+\(*\"?(\w+)", statement)
        listed = re.findall(r"(?:FROM|,)\s+(\w+)(?= |,|$)", statement)
        found.update(known.intersection([*named, *listed]))

    sa.event.listen(sa.Engine, "before_cursor_execute", look)
    try:
        yield found
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", look)


class Watch:
    """Counts anew, and holds what each count looks at against what it says."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def __call__(
        self, work: Work, name: str, count: Callable[[Work], T], *entities: str
    ) -> T:
        with looked_at() as tables:
            found = anew(work, name, count, *entities)
        told = {MOVES_WITH.get(one, one) for one in tables - NO_FIGURES}
        assert told <= set(entities), f"{name} looks at {told - set(entities)}"
        self.names.append(name)
        return found


def test_a_dashboard_is_kept_under_all_it_counts(
    ledger: Ledger, province: Actor, add: Any
) -> None:
    add()
    watch = Watch()
    with ledger.read(province) as work:
        found = trends.dashboard(work, keep=watch)
        assert found == trends.dashboard(work)
    assert len(watch.names) == len(set(watch.names)) == 11


@pytest.mark.parametrize("role", [one for one in Role if one in agenda.DESKS])
def test_a_day_is_kept_under_all_it_is_read_of(
    ledger: Ledger, province: Actor, add: Any, role: Role
) -> None:
    add()
    watch = Watch()
    who = replace(province, role=role, office="land")
    with ledger.read(who) as work:
        newest = {"parcels": datetime(2026, 5, 1, tzinfo=UTC)}
        agenda.agenda(work, data_of=newest, keep=watch)
    assert len(watch.names) == len(set(watch.names)) == len(agenda.DESKS[role])


def test_lists_that_pages_keep_are_kept_under_all_they_are_read_of(
    ledger: Ledger, province: Actor
) -> None:
    watch = Watch()
    with ledger.read(province) as work:
        watch(
            work,
            "approval.board",
            approval_lists.board,
            *("project", "approval", "approval_step"),
        )
        watch(work, "claim.kinds", holdings.kinds, "claim")
        watch(work, "claim.called", holdings.called, "claim", "project")


def test_a_table_that_is_not_named_is_told(ledger: Ledger, province: Actor) -> None:
    with (
        ledger.read(province) as work,
        pytest.raises(AssertionError, match=r"looks at \{'claim'\}"),
    ):
        Watch()(work, "kinds", holdings.kinds, "project")

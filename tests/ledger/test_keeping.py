"""What is kept of the ledger is kept under every table it was counted of."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa

from benchmarks import casework_rows
from benchmarks.casework_rows import PROVINCE
from ledger import (
    agenda,
    approval_lists,
    demand_figures,
    holdings,
    policies,
    policy_uses,
    promise_figures,
    trends,
)
from ledger.agenda import Matter
from ledger.audit import Part
from ledger.casework import PromiseState
from ledger.columns import metadata
from ledger.keeping import anew, of_project
from ledger.model import Actor, Role
from ledger.policy import Origin, Terms
from ledger.unit_of_work import Ledger, Work

T = TypeVar("T")
NOON = datetime(2026, 5, 20, 4, 0, tzinfo=UTC)

MOVES_WITH = {"stage_move": "project"}
"""Tables that are never written to alone: the audit names the other."""
NO_FIGURES = {"audit", "alembic_version"}
SELDOM = {Matter.CLAIM_ENDED}
"""What even a full ledger may have none of on a day."""


@contextmanager
def looked_at() -> Iterator[tuple[set[str], set[tuple[str, str]]]]:
    """Gather the tables that queries name, and the columns with their tables."""
    found: set[str] = set()
    columns: set[tuple[str, str]] = set()
    known = {table.name for table in metadata.sorted_tables}

    def look(_: Any, __: Any, statement: str, *___: Any) -> None:
        named = re.findall(r"\b(?:FROM|JOIN)\s+\(*\"?(\w+)", statement)
        listed = re.findall(r"(?:FROM|,)\s+(\w+)(?= |,|$)", statement)
        found.update(known.intersection([*named, *listed]))
        columns.update(re.findall(r"\b(\w+)\.(\w+)", statement))

    sa.event.listen(sa.Engine, "before_cursor_execute", look)
    try:
        yield found, columns
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", look)


class Watch:
    """Counts anew, and holds what each count looks at against what it says."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def __call__(
        self, work: Work, name: str, count: Callable[[Work], T], *entities: str | Part
    ) -> T:
        with looked_at() as (tables, columns):
            found = anew(work, name, count, *entities)
        told = {MOVES_WITH.get(one, one) for one in tables - NO_FIGURES}
        known = {one if isinstance(one, str) else one.entity for one in entities}
        assert told <= known, f"{name} looks at {told - known}"
        for entity, some in (one for one in entities if isinstance(one, Part)):
            read = {column for table, column in columns if table == entity} - {"id"}
            read |= {"stage"} if "stage_move" in tables else set()
            assert entity in entities or read <= set(some), (
                f"{name} reads {read - set(some)}"
            )
        self.names.append(name)
        return found


@pytest.fixture(scope="module", params=("sqlite", "postgresql"))
def filled(request: pytest.FixtureRequest, fresh: Any) -> Iterator[Ledger]:
    """Return a ledger with rows of every kind: some queries follow on what is found.

    The tests only read it.
    """
    few = dict.fromkeys(casework_rows.COUNTS, 60)
    with fresh(request.param) as url, pytest.MonkeyPatch.context() as patch:
        patch.setattr(casework_rows, "COUNTS", few)
        ledger = Ledger(url, b"a key for tests, not a secret", now=lambda: NOON)
        casework_rows.fill(ledger, {"520304": "Bozhou", "520303": "Huichuan"})
        _fill_policies(ledger)
        yield ledger
        ledger.close()


def _fill_policies(ledger: Ledger) -> None:
    terms = Terms(title="保障办法", source="门户网站", until_on=date(2026, 6, 1))
    with ledger.begin(PROVINCE) as work:
        for origin in Origin:
            made = policies.draft(work, terms, keeper="520304", origin=origin)
        held = policies.draft(work, terms, keeper="520304", origin=Origin.RECORDED)
        (draft,) = policies.editions(work, held.id)
        policies.publish(work, draft.id, version=draft.version)
        promised = promise_figures.listed(work, state=PromiseState.OPEN).rows
        policy_uses.link(work, promised[0].promise.id, held.id)
        work.commit()
    assert made.id != held.id


def test_a_dashboard_is_kept_under_all_it_counts(
    filled: Ledger, province: Actor
) -> None:
    watch = Watch()
    with filled.read(province) as work:
        found = trends.dashboard(work, keep=watch)
        assert found == trends.dashboard(work)
    assert found.stuck
    assert found.unmet
    assert found.held_m2
    assert len(watch.names) == len(set(watch.names)) == 8


@pytest.mark.parametrize("role", [one for one in Role if one in agenda.DESKS])
def test_a_day_is_kept_under_all_it_is_read_of(
    filled: Ledger, province: Actor, role: Role
) -> None:
    watch = Watch()
    who = replace(province, role=role, office="land")
    with filled.read(who) as work:
        newest = {"parcels": datetime(2027, 5, 1, tzinfo=UTC)}
        found = agenda.agenda(work, data_of=newest, keep=watch)
    assert len(watch.names) == len(set(watch.names)) == len(agenda.DESKS[role])
    if role is Role.PROVINCE:
        told = {group.matter for group in found.groups}
        assert {*agenda.DESKS[role]} - told <= SELDOM


def test_lists_that_pages_keep_are_kept_under_all_they_are_read_of(
    filled: Ledger, province: Actor
) -> None:
    watch = Watch()
    with filled.read(province) as work:
        cards = watch(
            work,
            "approval.board",
            approval_lists.board,
            *approval_lists.OF_BOARD,
        )
        kinds = watch(work, "claim.kinds", holdings.kinds, "claim")
        called = watch(work, "claim.called", holdings.called, *holdings.OF_NAMES)
        held = watch(work, "claim.known", holdings.held_parcels, "claim")
    assert all((cards, kinds, called, held))


def test_a_column_that_is_not_named_is_told(ledger: Ledger, province: Actor) -> None:
    few = of_project("stage", "land_demand_mu", "demand_met")
    with (
        ledger.read(province) as work,
        pytest.raises(AssertionError, match=r"reads \{'industry'\}"),
    ):
        Watch()(work, "unmet", demand_figures.unmet, few, "demand")


def test_a_table_that_is_not_named_is_told(ledger: Ledger, province: Actor) -> None:
    with (
        ledger.read(province) as work,
        pytest.raises(AssertionError, match=r"looks at \{'claim'\}"),
    ):
        Watch()(work, "kinds", holdings.kinds, "project")

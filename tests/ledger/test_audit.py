"""The history: every write leaves one row, and a changed row is found."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from shapely import Polygon

from ledger import audit, claims, problems, projects, shortlist, sight
from ledger.migrations.append_only import allow_change
from ledger.model import Actor, ProblemKind, Project, Stage
from ledger.unit_of_work import Ledger

Raw = Callable[[], AbstractContextManager[sa.Connection]]


@pytest.fixture
def life(ledger: Ledger, province: Actor, square: Callable[..., Polygon]) -> Any:
    """Write one of everything; return the project."""
    with ledger.begin(province) as work:
        project = projects.create(work, title="铝精深加工", region="520304")
        project = projects.edit(work, project.id, version=1, jobs=300)
        projects.move(work, project.id, to=Stage.NEGOTIATION, version=2)
        projects.add_milestone(work, project.id, title="开工")
        shortlist.add(work, project_id=project.id, parcel_id="GZ-1")
        shortlist.remove(work, project_id=project.id, parcel_id="GZ-1")
        held = claims.claim(
            work,
            project_id=project.id,
            parcel_id="GZ-1",
            geometry=square(0),
            area_m2=10_000.0,
        )
        claims.release(work, held.id, reason="换地")
        problem = problems.open(
            work, project_id=project.id, kind=ProblemKind.FACTOR, title="缺水"
        )
        problem = problems.close(work, problem.id, evidence="通水单", version=1)
        problems.reopen(work, problem.id, why="又停水", version=2)
        work.commit()
    return project


def tamper(raw: Raw, *statements: str) -> None:
    """Change rows behind the ledger's back, as an administrator could."""
    with raw() as connection:
        allow_change(Operations(MigrationContext.configure(connection)), "audit")
        for statement in statements:
            assert connection.exec_driver_sql(statement).rowcount == 1


def test_each_write_leaves_one_row_and_the_newest_is_told_first(
    ledger: Ledger, province: Actor, life: Project
) -> None:
    with ledger.read(province) as work:
        told = audit.history(work, "project", life.id)
    assert [row.verb for row in told] == [
        "problem.reopen",
        "problem.close",
        "problem.open",
        "claim.release",
        "claim.make",
        "shortlist.remove",
        "shortlist.add",
        "milestone.add",
        "project.move",
        "project.edit",
        "project.create",
    ]
    assert {row.who for row in told} == {province.name}
    assert {row.role for row in told} == {province.role}
    assert {row.region for row in told} == {"520000"}
    assert [row.seq for row in told] == list(range(11, 0, -1))


def test_a_row_holds_what_was_and_what_became(
    ledger: Ledger, province: Actor, life: Project, now: Any
) -> None:
    with ledger.read(province) as work:
        edited = audit.history(work, "project", life.id)[-2]
        made = audit.history(work, "claim", 1)[-1]
        removed = audit.history(work, "shortlist_item", 1)[0]
    assert json.loads(edited.before) == {"jobs": None}
    assert json.loads(edited.after) == {"jobs": 300}
    assert edited.at == now.moment
    assert made.before == ""
    assert json.loads(made.after)["geometry"].startswith("sha256:")
    assert json.loads(made.after)["kind"] == "intent"
    assert json.loads(removed.before)["parcel_id"] == "GZ-1"
    assert removed.after == ""


def test_an_edit_that_changes_nothing_leaves_no_row(
    ledger: Ledger, province: Actor, add: Callable[..., Project]
) -> None:
    project = add(jobs=3)
    with ledger.begin(province) as work:
        same = projects.edit(work, project.id, version=1, jobs=3)
        assert same == project
        assert len(audit.history(work, "project", project.id)) == 1


def test_an_untouched_chain_verifies(
    ledger: Ledger, province: Actor, life: Project
) -> None:
    with ledger.read(province) as work:
        found = audit.verify(work)
        newest = audit.history(work, "project", life.id)[0]
    assert (found.rows, found.broken, found.why) == (11, None, "")
    assert found.head == newest.hash


@pytest.mark.usefixtures("life")
@pytest.mark.parametrize("column", ["who", "at", "verb", "before", "after", "region"])
def test_a_changed_row_is_found(
    raw: Raw, ledger: Ledger, province: Actor, column: Any
) -> None:
    before = "2020-01-01T00:00:00.000000+00:00" if column == "at" else "nobody"
    tamper(raw, f"UPDATE audit SET {column} = '{before}' WHERE seq = 5")  # noqa: S608
    with ledger.read(province) as work:
        found = audit.verify(work)
    assert (found.rows, found.broken) == (4, 5)
    assert found.why == "The row was changed after it was written."


@pytest.mark.usefixtures("life")
def test_a_removed_row_is_found(raw: Raw, ledger: Ledger, province: Actor) -> None:
    tamper(raw, "DELETE FROM audit WHERE seq = 5")
    with ledger.read(province) as work:
        found = audit.verify(work)
    assert (found.rows, found.broken) == (4, 5)
    assert found.why == "The row is missing from the history."


@pytest.mark.usefixtures("life")
def test_rows_that_were_exchanged_are_found(
    raw: Raw, ledger: Ledger, province: Actor
) -> None:
    tamper(
        raw,
        "UPDATE audit SET seq = 99 WHERE seq = 5",
        "UPDATE audit SET seq = 5 WHERE seq = 6",
        "UPDATE audit SET seq = 6 WHERE seq = 99",
    )
    with ledger.read(province) as work:
        assert audit.verify(work).broken == 5


@pytest.mark.usefixtures("life")
def test_rows_cut_off_the_end_are_found_by_the_head_kept_elsewhere(
    raw: Raw, ledger: Ledger, province: Actor
) -> None:
    with ledger.read(province) as work:
        kept = audit.verify(work).head
    tamper(raw, "DELETE FROM audit WHERE seq = 11")
    with ledger.read(province) as work:
        found = audit.verify(work)
    assert found.broken is None
    assert found.head != kept


@pytest.mark.usefixtures("life")
def test_another_key_verifies_nothing(
    opened: Callable[..., Ledger], province: Actor
) -> None:
    stranger = opened(b"some other key, sixteen bytes long")
    with stranger.read(province) as work:
        assert audit.verify(work).broken == 1


def test_an_empty_ledger_verifies(ledger: Ledger, province: Actor) -> None:
    with ledger.read(province) as work:
        assert audit.verify(work) == audit.Verified(rows=0, head="")


def test_numbers_of_removed_entries_are_never_given_again(
    ledger: Ledger, province: Actor, add: Callable[..., Project]
) -> None:
    project = add()
    with ledger.begin(province) as work:
        first = shortlist.add(work, project_id=project.id, parcel_id="A")
        shortlist.remove(work, project_id=project.id, parcel_id="A")
        assert shortlist.add(work, project_id=project.id, parcel_id="B").id > first.id


def test_a_mark_changes_with_what_is_written_to_a_table_and_with_nothing_else(
    ledger: Ledger, province: Actor, add: Any
) -> None:
    def marks() -> tuple[str, str]:
        with ledger.read(province) as work:
            return audit.mark(work, "project"), audit.mark(work, "problem", "claim")

    assert marks() == ("", "/")
    project = add()
    of_projects, of_cases = marks()
    assert of_projects
    assert of_cases == "/"
    with ledger.begin(province) as work:
        problems.open(
            work, project_id=project.id, kind=ProblemKind.SINGLE, title="缺电"
        )
        work.commit()
    assert marks()[0] == of_projects
    assert marks()[1] != of_cases


def test_a_mark_of_some_columns_outlives_what_is_written_to_the_others(
    ledger: Ledger, province: Actor, add: Any
) -> None:
    some = audit.Part("project", ("stage", "title"))

    def mark() -> str:
        with ledger.read(province) as work:
            return audit.mark(work, some)

    def edit(**changes: Any) -> None:
        with ledger.begin(province) as work:
            row = projects.get(work, project.id)
            projects.edit(work, row.id, version=row.version, **changes)
            work.commit()

    assert not mark()
    project = add()
    added = mark()
    assert added
    edit(note='{"stage":1}')
    edit(note="", jobs=3)
    assert mark() == added
    edit(title="正极材料")
    edited = mark()
    assert edited != added
    with ledger.begin(province) as work:
        row = projects.get(work, project.id)
        projects.move(work, row.id, to=Stage.NEGOTIATION, version=row.version)
        work.commit()
    assert mark() not in {added, edited}


def test_a_unit_that_looks_asks_for_a_mark_once_and_one_that_writes_each_time(
    ledger: Ledger, province: Actor, add: Any
) -> None:
    add()
    with ledger.read(province) as work:
        told = audit.mark(work, "project")
        assert told
        assert work.marks == {"project": told}
        assert sight.narrowed(work, "520304").marks is work.marks
    with ledger.begin(province) as work:
        before = audit.mark(work, "project")
        projects.create(work, title="铝精深加工", region="520303")
        assert audit.mark(work, "project") != before

"""The schema: what the migrations make is what the tables say."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from shapely import Polygon

from gis.errors import StoreError
from ledger import audit, claims, problems, projects, schema, shortlist, tables
from ledger.model import Actor, ProblemKind, Project
from ledger.sqlite import make_engine
from ledger.unit_of_work import Ledger

KEY = b"a key for tests, not a secret"


def written(file: Path, kind: Any) -> Any:
    """Return what a database holds of a kind, as SQL by name."""
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = ? AND sql IS NOT NULL",
            (kind,),
        )
        return {name: " ".join(sql.split()) for name, sql in rows}


def clauses(sql: Any) -> Any:
    """Split a CREATE TABLE into its columns and constraints, in no order."""
    body = sql[sql.index("(") + 1 : sql.rindex(")")]
    parts, depth, part = set(), 0, ""
    for letter in body:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and not depth:
            parts.add(part.strip())
            part = ""
        else:
            part += letter
    return parts | {part.strip()}


@pytest.fixture
def declared(tmp_path: Path) -> Any:
    """Return a database made from the tables, without any migration."""
    file = tmp_path / "declared.db"
    with make_engine(f"sqlite:///{file}", busy_s=1).connect() as connection:
        connection.begin()
        tables.metadata.create_all(connection)
        connection.commit()
    return file


@pytest.mark.usefixtures("ledger")
def test_the_migrations_make_the_declared_tables_checks_and_all(
    file: Path, declared: Path
) -> None:
    made, asked = written(file, "table"), written(declared, "table")
    assert set(made) == set(asked) | {"alembic_version"}
    for name, sql in asked.items():
        assert clauses(made[name]) == clauses(sql)
    assert written(file, "index") == written(declared, "index")
    assert (
        "WHERE kind != 'released'" in written(file, "index")["uq_claim_active_parcel"]
    )


@pytest.mark.usefixtures("ledger")
def test_alembic_finds_nothing_to_migrate(file: Path) -> None:
    with make_engine(f"sqlite:///{file}", busy_s=1).connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, tables.metadata) == []


def test_every_constraint_has_a_name() -> None:
    for table in tables.metadata.tables.values():
        for constraint in table.constraints:
            assert constraint.name, f"{table.name}: {constraint}"


def test_down_and_up_again_with_rows_inside(
    file: Path,
    ledger: Ledger,
    province: Actor,
    add: Callable[..., Project],
    square: Callable[..., Polygon],
) -> None:
    project = add()
    with ledger.begin(province) as work:
        claims.claim(
            work,
            project_id=project.id,
            parcel_id="P",
            geometry=square(0),
            area_m2=10_000.0,
        )
        shortlist.add(work, project_id=project.id, parcel_id="P")
        problems.open(
            work, project_id=project.id, kind=ProblemKind.SINGLE, title="缺电"
        )
        projects.add_milestone(work, project.id, title="开工")
        work.commit()
    before = {kind: written(file, kind) for kind in ("table", "index", "trigger")}
    with make_engine(f"sqlite:///{file}", busy_s=1).connect() as connection:
        connection.begin()
        schema.downgrade(connection, "base")
        connection.commit()
    assert set(written(file, "table")) == {"alembic_version", "sqlite_sequence"}
    assert written(file, "trigger") == {}
    again = Ledger(f"sqlite:///{file}", KEY)
    assert {
        kind: written(file, kind) for kind in ("table", "index", "trigger")
    } == before
    with again.begin(province) as work:
        assert projects.find(work) == []
        projects.create(work, title="after", region="520304")
        assert audit.verify(work).rows == 1


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    file: Path,
    ledger: Ledger,
    add: Callable[..., Project],
    province: Actor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project = add()
    before = written(file, "table")
    monkeypatch.setattr(
        "sqlalchemy.engine.Connection.commit", lambda _: pytest.fail("committed")
    )
    with make_engine(f"sqlite:///{file}", busy_s=1).connect() as connection:
        connection.begin()
        schema.downgrade(connection, "base")
        assert "project" not in sa.inspect(connection).get_table_names()
    assert written(file, "table") == before
    with ledger.read(province) as work:
        assert projects.get(work, project.id) == project


def test_the_audit_can_only_grow(file: Path, add: Callable[..., Project]) -> None:
    add()
    for forbidden in (
        "UPDATE audit SET who = 'nobody'",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE seq = 1",
        (
            "INSERT INTO audit SELECT 7, at, who, role, region, verb, entity,"
            " entity_id, project_id, before, after, hash FROM audit"
        ),
    ):
        with (
            closing(sqlite3.connect(file)) as connection,
            pytest.raises(sqlite3.IntegrityError, match="the audit is append-only"),
        ):
            connection.execute(forbidden)


@pytest.mark.usefixtures("ledger")
def test_a_ledger_of_a_newer_landmap_is_refused_and_left_alone(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(StoreError, match=r"newer LandMap \(schema 9999\)"):
        Ledger(f"sqlite:///{file}", KEY)


@pytest.mark.usefixtures("ledger")
def test_opening_again_changes_nothing(file: Path) -> None:
    before = file.read_bytes()
    Ledger(f"sqlite:///{file}", KEY)
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "forbidden",
    [
        "UPDATE project SET stage = 'flying'",
        "UPDATE project SET level = 'moon'",
        "UPDATE project SET region = '52'",
        "UPDATE project SET title = ''",
        "UPDATE project SET jobs = -1",
        "UPDATE project SET started_on = '2026-01-02', signed_on = '2026-01-03'",
        "UPDATE claim SET kind = 'mine'",
        "UPDATE claim SET kind = 'released'",
        "UPDATE claim SET area_m2 = 0",
        "UPDATE claim SET project_id = 99",
        (
            "INSERT INTO claim SELECT 9, project_id, parcel_id, kind, geometry,"
            " area_m2, minx, miny, maxx, maxy, region, note, claimed_at, claimed_by,"
            " expires_on,"
            " released_at, released_by, release_reason, part, version, updated_at,"
            " updated_by FROM claim"
        ),
        "UPDATE problem SET closed_on = '2026-05-20'",
        "UPDATE problem SET closed_on = '1999-01-01', evidence = 'x'",
        "DELETE FROM project",
    ],
)
def test_the_database_itself_refuses_what_makes_no_sense(
    file: Path,
    ledger: Ledger,
    province: Actor,
    add: Callable[..., Project],
    square: Callable[..., Polygon],
    forbidden: Any,
) -> None:
    project = add()
    with ledger.begin(province) as work:
        claims.claim(
            work, project_id=project.id, parcel_id="P", geometry=square(0), area_m2=1.0
        )
        problems.open(
            work, project_id=project.id, kind=ProblemKind.SINGLE, title="缺电"
        )
        work.commit()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(forbidden)

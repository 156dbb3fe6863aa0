"""The schema: what the migrations make is what the tables say, on each database."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from shapely import Polygon
from sqlalchemy.exc import IntegrityError

from gis.errors import StoreError
from ledger import (
    audit,
    claims,
    postgres,
    problems,
    projects,
    schema,
    shortlist,
    tables,
)
from ledger.engines import make_engine
from ledger.model import Actor, ProblemKind, Project
from ledger.unit_of_work import Ledger

Raw = Callable[[], AbstractContextManager[sa.Connection]]

OF_SQLITE = {
    kind: f"SELECT name, sql FROM sqlite_master WHERE type = '{kind}' AND sql NOT NULL"  # noqa: S608
    for kind in ("table", "index", "trigger")
}
OF_POSTGRESQL = {
    "table": """
        SELECT c.relname, string_agg(definition, ', ' ORDER BY definition)
        FROM pg_class c JOIN (
            SELECT a.attrelid AS relid, quote_ident(a.attname) || ' '
                || format_type(a.atttypid, a.atttypmod)
                || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
                || coalesce(' COLLATE ' || o.collname, '')
                || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '')
                AS definition
            FROM pg_attribute a
            LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
            LEFT JOIN pg_collation o ON o.oid = a.attcollation
            WHERE a.attnum > 0 AND NOT a.attisdropped
            UNION ALL
            SELECT conrelid, conname || ' ' || pg_get_constraintdef(oid)
            FROM pg_constraint WHERE contype <> 'n'
        ) parts ON parts.relid = c.oid
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
        GROUP BY c.relname""",
    "index": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "trigger": """
        SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL
        SELECT proname || '()', pg_get_functiondef(oid) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace""",
}


def written(connection: sa.Connection, kind: str) -> dict[str, str]:
    """Return what a database holds of a kind, as SQL by name."""
    of = OF_SQLITE if connection.dialect.name == "sqlite" else OF_POSTGRESQL
    found = connection.exec_driver_sql(of[kind].replace("%", "%%"))
    return {name: " ".join(sql.split()) for name, sql in found}


def everything(connection: sa.Connection) -> Any:
    return {kind: written(connection, kind) for kind in ("table", "index", "trigger")}


def clauses(sql: str) -> set[str]:
    """Split a table into its columns and constraints, in no order."""
    body = sql[sql.index("(") + 1 : sql.rindex(")")] if "CREATE" in sql else sql
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
def declared(kind: str, fresh: Any) -> Iterator[sa.Connection]:
    """Return a database made from the tables, without any migration."""
    with fresh(kind, bare=True) as url:
        engine = make_engine(url, busy_s=1)
        with engine.connect() as connection:
            connection.begin()
            tables.metadata.create_all(connection)
            if kind == "postgresql":
                postgres.order_by_code_point(connection, tables.metadata.tables)
            yield connection
        engine.dispose()


@pytest.mark.usefixtures("ledger")
def test_the_migrations_make_the_declared_tables_checks_and_all(
    raw: Raw, declared: sa.Connection
) -> None:
    with raw() as connection:
        made, indexes = written(connection, "table"), written(connection, "index")
    asked = written(declared, "table")
    assert set(made) == set(asked) | {"alembic_version"}
    for name, sql in asked.items():
        assert clauses(made[name]) == clauses(sql)
    indexes.pop("alembic_version_pkc", None)
    assert indexes == written(declared, "index")
    assert "WHERE" in indexes["uq_claim_active_parcel"]


@pytest.mark.usefixtures("ledger")
def test_alembic_finds_nothing_to_migrate(raw: Raw) -> None:
    with raw() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, tables.metadata) == []


def test_every_constraint_has_a_name() -> None:
    for table in tables.metadata.tables.values():
        for constraint in table.constraints:
            assert constraint.name, f"{table.name}: {constraint}"


def test_down_and_up_again_with_rows_inside(
    raw: Raw,
    opened: Callable[..., Ledger],
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
    with raw() as connection:
        before = everything(connection)
        schema.downgrade(connection, "base")
        kept = set(written(connection, "table")) - {"sqlite_sequence"}
        assert kept == {"alembic_version"}
        assert written(connection, "trigger") == {}
    again = opened()
    with raw() as connection:
        assert everything(connection) == before
    with again.begin(province) as work:
        assert projects.find(work) == []
        projects.create(work, title="after", region="520304")
        assert audit.verify(work).rows == 1


def test_each_step_down_and_up_keeps_the_rows_that_older_tables_hold(
    raw: Raw, ledger: Ledger, province: Actor, add: Callable[..., Project]
) -> None:
    project = add()
    with raw() as connection:
        before = everything(connection)
        while schema.revision(connection) != "0001":
            schema.downgrade(connection, "-1")
        schema.upgrade(connection)
        assert everything(connection) == before
    with ledger.read(province) as work:
        assert projects.get(work, project.id) == project
        assert audit.verify(work).rows == 1


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    raw: Raw, ledger: Ledger, add: Callable[..., Project], province: Actor
) -> None:
    project = add()
    with raw() as connection:
        before = everything(connection)
        schema.downgrade(connection, "base")
        assert "project" not in sa.inspect(connection).get_table_names()
        connection.get_transaction().rollback()
    with raw() as connection:
        assert everything(connection) == before
    with ledger.read(province) as work:
        assert projects.get(work, project.id) == project


COPIED = (
    "at, who, role, region, verb, entity, entity_id, project_id, before, after, hash"
)
AGAIN = f"INSERT INTO audit SELECT seq, {COPIED} FROM audit WHERE seq = 1"  # noqa: S608
FORBIDDEN = {
    "sqlite": ["INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE seq = 1"],
    "postgresql": [
        f"{AGAIN} ON CONFLICT (seq) DO UPDATE SET who = 'nobody'",
        "TRUNCATE audit",
        "TRUNCATE audit CASCADE",
        "MERGE INTO audit a USING audit b ON a.seq = b.seq WHEN MATCHED THEN DELETE",
    ],
}


def test_the_audit_can_only_grow(
    raw: Raw, kind: str, add: Callable[..., Project]
) -> None:
    add()
    for forbidden in (
        "UPDATE audit SET who = 'nobody'",
        "DELETE FROM audit",
        AGAIN,
        f"INSERT INTO audit SELECT 7, {COPIED} FROM audit",  # noqa: S608
        *FORBIDDEN[kind],
    ):
        with (
            pytest.raises(IntegrityError, match="the audit is append-only"),
            raw() as connection,
        ):
            connection.exec_driver_sql(forbidden)


@pytest.mark.usefixtures("ledger")
def test_a_ledger_of_a_newer_landmap_is_refused_and_left_alone(
    raw: Raw, opened: Callable[..., Ledger]
) -> None:
    with raw() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match=r"newer LandMap \(schema 9999\)"):
        opened()


def test_opening_again_changes_nothing(file: Path) -> None:
    Ledger.at(file, b"a key for tests, not a secret")
    before = file.read_bytes()
    Ledger.at(file, b"a key for tests, not a secret")
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
            "INSERT INTO claim (id, project_id, parcel_id, kind, geometry, area_m2,"
            " minx, miny, maxx, maxy, claimed_at, claimed_by, version, updated_at,"
            " updated_by) SELECT 9, project_id, parcel_id, kind, geometry, area_m2,"
            " minx, miny, maxx, maxy, claimed_at, claimed_by, version, updated_at,"
            " updated_by FROM claim"
        ),
        "UPDATE problem SET closed_on = '2026-05-20'",
        "UPDATE problem SET closed_on = '1999-01-01', evidence = 'x'",
        "DELETE FROM project",
    ],
)
def test_the_database_itself_refuses_what_makes_no_sense(
    raw: Raw,
    ledger: Ledger,
    province: Actor,
    add: Callable[..., Project],
    square: Callable[..., Polygon],
    forbidden: str,
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
    with pytest.raises(IntegrityError), raw() as connection:
        connection.exec_driver_sql(forbidden)

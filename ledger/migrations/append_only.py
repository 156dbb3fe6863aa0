"""Tables that only grow: what makes each database refuse to change their rows.

Batch changes of Alembic drop triggers in silence: a revision that rebuilds such a table
must call `forbid_change` for it again.
"""

from collections.abc import Callable
from typing import Protocol

from alembic.migration import MigrationContext


class Running(Protocol):
    """What runs a migration: `alembic.op`, or operations on another connection."""

    def execute(self, sqltext: str) -> None:
        """Run a statement."""

    def get_context(self) -> MigrationContext:
        """Tell which database it is run on."""


def forbid_change(
    op: Running, table: str, *, why: str = "", counted_by: str = ""
) -> None:
    """Make the database refuse to change, delete or overwrite rows of a table.

    Args:
        op: What the migration works with.
        table: The table; its key is `id`, or the column it is counted by.
        why: What the database says when it refuses.
        counted_by: A column that counts the rows from 1 without a gap.
    """
    why = why or f"rows of {table} stay as they were written"
    for statement in _of(op)[0](table, why, counted_by):
        op.execute(statement)


def allow_change(op: Running, table: str) -> None:
    """Take away what `forbid_change` made.

    Args:
        op: What the migration works with.
        table: The table.
    """
    for statement in _of(op)[1](table):
        op.execute(statement)


def freeze(op: Running, table: str, *, when: str, why: str) -> None:
    """Make the database refuse to change or delete rows that have come to an end.

    Args:
        op: What the migration works with.
        table: The table; its key is `id`.
        when: What is true of such a row, with `{row}.` before each column.
        why: What the database says when it refuses.
    """
    old = when.format(row="OLD")
    if op.get_context().dialect.name == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, '{why}'); END"
        there = when.format(row=table)
        over = f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id AND {there})"  # noqa: S608 - names of ours
        for name, deed in (
            ("is_never_changed", f"UPDATE ON {table} WHEN {old}"),
            ("is_never_deleted", f"DELETE ON {table} WHEN {old}"),
            ("is_never_replaced", f"INSERT ON {table} WHEN {over}"),
        ):
            op.execute(f"CREATE TRIGGER {table}_frozen_{name} BEFORE {deed} {refuse}")
        return
    op.execute(
        f"""
        CREATE FUNCTION {table}_frozen() RETURNS trigger LANGUAGE plpgsql AS $body$
        BEGIN
            -- Asked here and not in WHEN, which would tie the columns' types.
            IF TG_OP <> 'TRUNCATE' THEN
                IF NOT ({old}) THEN
                    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
                END IF;
            END IF;
            RAISE EXCEPTION '{why}'
            USING ERRCODE = 'integrity_constraint_violation';
        END $body$"""
    )
    op.execute(
        f"""
        CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION {table}_frozen()"""
    )
    op.execute(
        f"""
        CREATE TRIGGER {table}_frozen_whole BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION {table}_frozen()"""
    )


def thaw(op: Running, table: str) -> None:
    """Take away what `freeze` made.

    Args:
        op: What the migration works with.
        table: The table.
    """
    if op.get_context().dialect.name == "sqlite":
        for name in ("is_never_changed", "is_never_deleted", "is_never_replaced"):
            op.execute(f"DROP TRIGGER {table}_frozen_{name}")
        return
    op.execute(f"DROP FUNCTION {table}_frozen() CASCADE")


def _sqlite(table: str, why: str, counted_by: str) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{why}'); END"
    following = f"(SELECT coalesce(max({counted_by}), 0) + 1 FROM {table})"  # noqa: S608 - names of ours
    there = f"(SELECT id FROM {table})"  # noqa: S608 - the same
    # INSERT OR REPLACE deletes without firing the trigger against deleting.
    over = f"{counted_by} <> {following}" if counted_by else f"id IN {there}"
    return [
        f"CREATE TRIGGER {table}_{name} BEFORE {deed} {refuse}"
        for name, deed in (
            ("is_never_changed", f"UPDATE ON {table}"),
            ("is_never_deleted", f"DELETE ON {table}"),
            ("only_grows", f"INSERT ON {table} WHEN NEW.{over}"),
        )
    ]


def _sqlite_undone(table: str) -> list[str]:
    names = ("is_never_changed", "is_never_deleted", "only_grows")
    return [f"DROP TRIGGER {table}_{name}" for name in names]


def _postgresql(table: str, why: str, counted_by: str) -> list[str]:
    made = [
        f"""
        CREATE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS $body$
        BEGIN
            RAISE EXCEPTION '{why}'
            USING ERRCODE = 'integrity_constraint_violation';
        END $body$""",
        # Of a statement, not of its rows: so TRUNCATE and what an INSERT does ON
        # CONFLICT are refused like the others.
        f"""
        CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION {table}_stays()""",
    ]
    if not counted_by:
        return made
    return [
        *made,
        f"""
        CREATE FUNCTION {table}_only_grows() RETURNS trigger LANGUAGE plpgsql AS $body$
        DECLARE following bigint;
        BEGIN
            -- By its schema: nobody may put a table of that name before it.
            EXECUTE format('SELECT coalesce(max({counted_by}), 0) + 1 FROM %I.%I',
                           TG_TABLE_SCHEMA, TG_TABLE_NAME) INTO following;
            IF NEW.{counted_by} <> following THEN
                RAISE EXCEPTION '{why}'
                USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END $body$""",  # noqa: S608 - names of ours
        f"""
        CREATE TRIGGER {table}_only_grows BEFORE INSERT ON {table}
        FOR EACH ROW EXECUTE FUNCTION {table}_only_grows()""",
    ]


def _postgresql_undone(table: str) -> list[str]:
    # CASCADE takes the triggers along.
    return [
        f"DROP FUNCTION {table}_stays() CASCADE",
        f"DROP FUNCTION IF EXISTS {table}_only_grows() CASCADE",
    ]


_Kind = tuple[Callable[[str, str, str], list[str]], Callable[[str], list[str]]]
_KINDS: dict[str, _Kind] = {
    "sqlite": (_sqlite, _sqlite_undone),
    "postgresql": (_postgresql, _postgresql_undone),
}


def _of(op: Running) -> _Kind:
    return _KINDS[op.get_context().dialect.name]

"""Whether a ledger's database is whole after a kill: pages, indexes, references."""

import sqlalchemy as sa

from ledger import tables


def faults_of(connection: sa.Connection) -> list[str]:
    """Ask the database itself.

    Args:
        connection: In a transaction of its own.

    Returns:
        What is wrong with it; nothing where all is well.
    """
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        return [str(fault) for fault in found if fault != "ok"] + _orphans(connection)
    return _unlike_indexes(connection) + _orphans(connection)


def _unlike_indexes(connection: sa.Connection) -> list[str]:
    """Read every table whole, then by its key: PostgreSQL checks each page's sum."""
    found = []
    for table in tables.metadata.tables.values():
        (key,) = table.primary_key.columns
        connection.exec_driver_sql("SET LOCAL enable_indexscan = off")
        connection.exec_driver_sql("SET LOCAL enable_indexonlyscan = off")
        connection.exec_driver_sql("SET LOCAL enable_seqscan = on")
        whole = sorted(row[0] for row in connection.execute(sa.select(key, table)))
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        connection.exec_driver_sql("SET LOCAL enable_indexscan = on")
        by_key = connection.scalars(sa.select(key).order_by(key)).all()
        if whole != sorted(by_key):
            found.append(f"{table.name} and its key differ")
    return found


def _orphans(connection: sa.Connection) -> list[str]:
    found = []
    for table in tables.metadata.tables.values():
        for reference in table.foreign_keys:
            column, parent = reference.parent, reference.column
            missing = connection.scalar(
                sa
                .select(sa.func.count())
                .select_from(table)
                .where(column.is_not(None), ~sa.exists().where(parent == column))
            )
            if missing:
                found.append(f"{missing} rows of {table.name} without {parent}")
    return found

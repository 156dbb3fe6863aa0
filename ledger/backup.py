"""Backups: the whole ledger of one moment in one file, the same on every database.

The file is a ZIP of one JSON line a row and a manifest with counts, the head of the
audit chain and a hash of each table. It is read in one reading transaction, so that
people go on writing meanwhile, and is put back into an empty ledger of any database
alone. The key that signs the chain is not in it: keep that apart.
"""

import base64
import binascii
import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from gis.errors import LedgerError, StoreError
from ledger import audit, casework_tables, policy_tables, schema, tables
from ledger.columns import Choice, Instant, metadata
from ledger.tables import audit as audit_table
from ledger.unit_of_work import Work

__all__ = [
    "Backup",
    "casework_tables",
    "policy_tables",
    "read",
    "restore",
    "tables",
    "write",
]

FORMAT = 1
MANIFEST = "manifest.json"
_BATCH = 1000
_PIECE = 2**20


@dataclass(frozen=True)
class Backup:
    """What a backup holds: rows by table, the audit's head, when, of which schema."""

    counts: dict[str, int]
    rows: int
    head: str
    revision: str
    written_at: str


def write(work: Work, file: Path) -> Backup:
    """Write all that the ledger holds at this moment into a file.

    Args:
        work: A unit of work that reads; its chain is verified first.
        file: The backup; it appears whole or not at all.

    Returns:
        What was written.

    Raises:
        LedgerError: The audit chain is broken: a backup would keep the damage.
        StoreError: The file cannot be written.
    """
    chain = _sound(audit.verify(work))
    aside = file.with_name(file.name + ".part")
    try:
        told = _write(work, aside, chain)
        aside.replace(file)
    except OSError as error:
        raise StoreError(
            "The backup {file} cannot be written ({reason}): nothing was left behind.",
            file=file,
            reason=error.strerror,
        ) from error
    finally:
        aside.unlink(missing_ok=True)
    return told


def read(file: Path) -> Backup:
    """Read what a backup says of itself, and check that it is whole.

    Args:
        file: The backup.

    Returns:
        What it holds.

    Raises:
        StoreError: It is no backup, or damaged.
    """
    try:
        with zipfile.ZipFile(file) as packed:
            manifest = json.loads(packed.read(MANIFEST))
            if manifest["format"] != FORMAT:
                raise StoreError(
                    "The backup {file} is of another LandMap (format {format}).",
                    file=file,
                    format=manifest["format"],
                )
            for name, told in manifest["hashes"].items():
                if _hash(packed, f"{name}.jsonl") != told:
                    raise StoreError(
                        "The backup {file} is damaged in {table}.",
                        file=file,
                        table=name,
                    )
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise StoreError(
            "{file} is no backup of a ledger, or is damaged ({reason}).",
            file=file,
            reason=str(error),
        ) from error
    return Backup(
        counts=manifest["counts"],
        rows=manifest["rows"],
        head=manifest["head"],
        revision=manifest["revision"],
        written_at=manifest["written_at"],
    )


def restore(work: Work, file: Path) -> Backup:
    """Put a backup into an empty ledger; counts, head and chain are compared.

    Args:
        work: A unit of work that writes, of a ledger without any row.
        file: The backup.

    Returns:
        What was put back; the caller commits.

    Raises:
        LedgerError: The ledger is not empty, or the chain does not hold with the
            key of this ledger.
        StoreError: The backup is damaged, or of another schema.
    """
    told = read(file)
    here = schema.revision(work.connection) or ""
    if told.revision != here:
        raise StoreError(
            "The backup {file} has schema {theirs}, this LandMap {ours}: restore it "
            "with the LandMap that wrote it, then update.",
            file=file,
            theirs=told.revision,
            ours=here,
        )
    for table in metadata.sorted_tables:
        if _count(work, table):
            raise LedgerError(
                "The ledger holds rows already: a backup is put into an empty one."
            )
    with zipfile.ZipFile(file) as packed:
        for table in metadata.sorted_tables:
            for batch in _batches(packed, table, file):
                work.connection.execute(table.insert(), batch)
        for table in metadata.sorted_tables:
            _go_on_counting(work, table)
    counts = {table.name: _count(work, table) for table in metadata.sorted_tables}
    chain = _sound(audit.verify(work))
    if counts != told.counts or (chain.rows, chain.head) != (told.rows, told.head):
        raise StoreError(
            "The backup {file} does not hold what it says: nothing was restored.",
            file=file,
        )
    return told


def _write(work: Work, file: Path, chain: audit.Verified) -> Backup:
    counts, hashes = {}, {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for table in metadata.sorted_tables:
            digest, count = hashlib.sha256(), 0
            with packed.open(f"{table.name}.jsonl", "w", force_zip64=True) as member:
                for line in _lines(work, table):
                    member.write(line)
                    digest.update(line)
                    count += 1
            counts[table.name], hashes[table.name] = count, digest.hexdigest()
        told = Backup(
            counts=counts,
            rows=chain.rows,
            head=chain.head,
            revision=schema.revision(work.connection) or "",
            written_at=work.now().isoformat(timespec="seconds"),
        )
        manifest = {"format": FORMAT, "hashes": hashes, **vars(told)}
        packed.writestr(MANIFEST, json.dumps(manifest, indent=1))
    return told


def _sound(chain: audit.Verified) -> audit.Verified:
    if chain.broken is not None:
        raise LedgerError(
            "The history is broken at row {row}: {why} Was it signed with another key?",
            row=chain.broken,
            why=chain.why,
        )
    return chain


def _hash(packed: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with packed.open(name) as member:
        while piece := member.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _lines(work: Work, table: sa.Table) -> Iterator[bytes]:
    key = list(table.primary_key)
    found = work.connection.execution_options(yield_per=_BATCH).execute(
        sa.select(table).order_by(*key)
    )
    for row in found:
        values = [_plain(value) for value in row]
        yield (json.dumps(values, ensure_ascii=False) + "\n").encode()


def _batches(
    packed: zipfile.ZipFile, table: sa.Table, file: Path
) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    with packed.open(f"{table.name}.jsonl") as member:
        for line in member:
            try:
                values = json.loads(line)
                pairs = zip(table.columns, values, strict=True)
                batch.append({c.name: _typed(c, value) for c, value in pairs})
            except (ValueError, TypeError, binascii.Error) as error:
                raise StoreError(
                    "The backup {file} is damaged in {table}.",
                    file=file,
                    table=table.name,
                ) from error
            if len(batch) == _BATCH:
                yield batch
                batch = []
    if batch:
        yield batch


def _plain(value: object) -> object:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value


def _typed(column: sa.Column[Any], value: Any) -> Any:  # noqa: ANN401 - a column's value
    if value is None:
        return None
    if isinstance(column.type, sa.LargeBinary):
        return base64.b64decode(value, validate=True)
    if isinstance(column.type, sa.Date):
        return date.fromisoformat(value)
    if isinstance(column.type, Instant):
        return datetime.fromisoformat(value)
    if isinstance(column.type, Choice):
        return column.type.words(value)
    return value


def _count(work: Work, table: sa.Table) -> int:
    return work.connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def _go_on_counting(work: Work, table: sa.Table) -> None:
    """Let a table count on after all numbers it has given, removed rows' too.

    The history names rows that are gone: their numbers are never given again.
    """
    if "id" not in table.c:
        return
    told = audit_table.c
    named = sa.select(sa.func.max(told.entity_id)).where(told.entity == table.name)
    there = sa.select(sa.func.max(table.c.id))
    newest = max(work.connection.scalar(one) or 0 for one in (named, there))
    if not newest:
        return
    if work.connection.dialect.name == "postgresql":
        sequence = sa.func.pg_get_serial_sequence(table.name, "id")
        work.connection.execute(sa.select(sa.func.setval(sequence, newest)))
    elif table.dialect_options["sqlite"]["autoincrement"]:
        counted = sa.table("sqlite_sequence", sa.column("name"), sa.column("seq"))
        own = counted.c.name == table.name
        work.connection.execute(counted.delete().where(own))
        values = {"name": table.name, "seq": newest}
        work.connection.execute(counted.insert().values(values))

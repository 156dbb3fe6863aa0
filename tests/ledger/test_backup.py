"""Backups: one moment of the whole ledger, put back equal and no other way."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from shapely import Polygon

from gis.errors import AccessError, LedgerError, StoreError
from ledger import accounts, audit, backup, claims, problems, projects, shortlist
from ledger.model import Actor, ClaimKind, ProblemKind, Project
from ledger.unit_of_work import Ledger

KEY = b"a key for tests, not a secret"
Raw = Callable[[], AbstractContextManager[sa.Connection]]


@pytest.fixture
def filled(
    ledger: Ledger,
    province: Actor,
    add: Callable[..., Project],
    square: Callable[..., Polygon],
) -> Project:
    """Return a project with land, a problem and a history of five rows."""
    project = add()
    with ledger.begin(province) as work:
        held = claims.claim(
            work,
            project_id=project.id,
            parcel_id="P",
            geometry=square(0),
            area_m2=10_000.0,
        )
        claims.amend(work, held.id, version=1, expires_on=None, kind=ClaimKind.LOCKED)
        problem = problems.open(
            work, project_id=project.id, kind=ProblemKind.FACTOR, title="缺电"
        )
        problems.close(work, problem.id, evidence="通电验收单", version=1)
        work.commit()
    return project


@pytest.fixture
def packed(ledger: Ledger, filled: Project, tmp_path: Path) -> Path:
    """Return a backup of that ledger."""
    del filled
    file = tmp_path / "ledger.backup"
    with ledger.read(accounts.OPERATOR) as work:
        backup.write(work, file)
    return file


@pytest.fixture
def empty(kind: str, fresh: Any) -> Iterator[Ledger]:
    """Return an empty ledger of the same kind of database."""
    with fresh(kind) as url:
        made = Ledger(url, KEY)
        yield made
        made.close()


def test_a_backup_put_back_is_the_same_ledger_and_goes_on(
    ledger: Ledger,
    filled: Project,
    packed: Path,
    empty: Ledger,
    province: Actor,
    square: Callable[..., Polygon],
) -> None:
    with empty.begin(accounts.OPERATOR) as work:
        told = backup.restore(work, packed)
        work.commit()
    with ledger.read(province) as old, empty.read(province) as new:
        assert projects.get(new, filled.id) == projects.get(old, filled.id)
        assert claims.of(new, filled.id) == claims.of(old, filled.id)
        assert problems.of(new, filled.id) == problems.of(old, filled.id)
        assert audit.verify(new) == audit.verify(old)
    assert (told.rows, told.counts["project"], told.counts["claim"]) == (5, 1, 1)
    with empty.begin(province) as work:
        later = projects.create(work, title="之后", region="520304")
        claims.claim(
            work,
            project_id=later.id,
            parcel_id="Q",
            geometry=square(500),
            area_m2=10_000.0,
        )
        work.commit()
        assert later.id == filled.id + 1


def test_people_go_on_writing_while_it_is_written(
    ledger: Ledger, filled: Project, tmp_path: Path, province: Actor
) -> None:
    file = tmp_path / "now.backup"
    with ledger.read(accounts.OPERATOR) as reading:
        before = audit.verify(reading).rows
        told = backup.write(reading, file)
    with ledger.begin(province) as work:
        projects.edit(work, filled.id, version=1, title="改名")
        work.commit()
    assert told.rows == before == backup.read(file).rows


def test_it_is_put_into_an_empty_ledger_only(ledger: Ledger, packed: Path) -> None:
    with (
        ledger.begin(accounts.OPERATOR) as work,
        pytest.raises(LedgerError, match="holds rows already"),
    ):
        backup.restore(work, packed)


def test_a_chain_signed_with_another_key_is_not_taken_for_whole(
    packed: Path, tmp_path: Path
) -> None:
    other = Ledger(f"sqlite:///{tmp_path / 'o.db'}", b"another key, also no secret")
    with (
        other.begin(accounts.OPERATOR) as work,
        pytest.raises(LedgerError, match="broken at row 1"),
    ):
        backup.restore(work, packed)


def changed(packed: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """Write a backup again with one member changed."""
    file = packed.with_name(f"{packed.name}.{name}")
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(file, "w") as new:
        for member in old.namelist():
            raw = old.read(member)
            new.writestr(member, change(raw) if member == name else raw)
    return file


def test_a_changed_row_is_found(packed: Path) -> None:
    file = changed(packed, "problem.jsonl", lambda raw: raw.replace(b"P", b"Q") + b" ")
    with pytest.raises(StoreError, match="damaged in problem"):
        backup.read(file)


def test_a_row_changed_with_its_hash_is_found_by_the_chain(
    packed: Path, empty: Ledger
) -> None:
    file = changed(packed, "audit.jsonl", lambda raw: raw.replace(b"XM-", b"YM-"))
    with zipfile.ZipFile(file) as forged:
        digest = hashlib.sha256(forged.read("audit.jsonl")).hexdigest()

    def sign(raw: bytes) -> bytes:
        manifest = json.loads(raw)
        manifest["hashes"]["audit"] = digest
        return json.dumps(manifest).encode()

    with (
        empty.begin(accounts.OPERATOR) as work,
        pytest.raises(LedgerError, match="broken at row 1"),
    ):
        backup.restore(work, changed(file, "manifest.json", sign))


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04", b"no zip at all"])
def test_what_is_no_backup_is_told(tmp_path: Path, damage: bytes) -> None:
    file = tmp_path / "b"
    file.write_bytes(damage)
    with pytest.raises(StoreError, match="no backup of a ledger"):
        backup.read(file)


def test_a_backup_of_another_schema_is_refused(packed: Path, empty: Ledger) -> None:
    def older(raw: bytes) -> bytes:
        return json.dumps(json.loads(raw) | {"revision": "0001"}).encode()

    with (
        empty.begin(accounts.OPERATOR) as work,
        pytest.raises(StoreError, match="has schema 0001"),
    ):
        backup.restore(work, changed(packed, "manifest.json", older))


def test_a_broken_chain_is_not_backed_up(
    ledger: Ledger, filled: Project, raw: Raw, tmp_path: Path
) -> None:
    del filled
    with raw() as connection:
        on_sqlite = connection.dialect.name == "sqlite"
        trigger = "audit_is_never_changed" if on_sqlite else "audit_stays ON audit"
        connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
        connection.exec_driver_sql("UPDATE audit SET who = 'nobody' WHERE seq = 3")
    with (
        ledger.read(accounts.OPERATOR) as work,
        pytest.raises(LedgerError, match="broken at row 3"),
    ):
        backup.write(work, tmp_path / "never")
    assert not (tmp_path / "never").exists()


def test_only_who_may_verify_the_history_backs_up(
    ledger: Ledger, county: Actor, tmp_path: Path
) -> None:
    with ledger.read(county) as work, pytest.raises(AccessError):
        backup.write(work, tmp_path / "never")


def test_nothing_of_it_is_left_out(packed: Path) -> None:
    told: Any = backup.read(packed)
    with zipfile.ZipFile(packed) as members:
        assert set(members.namelist()) == {
            "manifest.json",
            *(f"{name}.jsonl" for name in told.counts),
        }
    assert {"project", "claim", "audit", "account", "loaded_file"} <= set(told.counts)


def test_a_folder_that_is_not_there_is_told(ledger: Ledger, tmp_path: Path) -> None:
    with (
        ledger.read(accounts.OPERATOR) as work,
        pytest.raises(StoreError, match="cannot be written"),
    ):
        backup.write(work, tmp_path / "nowhere" / "b")


def test_a_ledger_moves_from_one_kind_of_database_to_the_other(
    ledger: Ledger, packed: Path, kind: str, fresh: Any, province: Actor
) -> None:
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[kind]
    with fresh(other) as url:
        moved = Ledger(url, KEY)
        with moved.begin(accounts.OPERATOR) as work:
            backup.restore(work, packed)
            work.commit()
        with ledger.read(province) as old, moved.read(province) as new:
            assert projects.find(new) == projects.find(old)
            assert claims.active(new) == claims.active(old)
            assert audit.verify(new) == audit.verify(old)
        with moved.begin(province) as work:
            projects.create(work, title="之后", region="520304")
            work.commit()
        moved.close()


def test_the_number_of_a_removed_row_is_not_given_again_after_a_restore(
    ledger: Ledger, filled: Project, empty: Ledger, province: Actor, tmp_path: Path
) -> None:
    def put(on: Ledger, parcel: str) -> int:
        with on.begin(province) as work:
            made = shortlist.add(work, project_id=filled.id, parcel_id=parcel)
            work.commit()
        return made.id

    assert put(ledger, "P1") == 1
    with ledger.begin(province) as work:
        shortlist.remove(work, project_id=filled.id, parcel_id="P1")
        work.commit()
    with ledger.read(accounts.OPERATOR) as work:
        backup.write(work, tmp_path / "one.backup")
    with empty.begin(accounts.OPERATOR) as work:
        backup.restore(work, tmp_path / "one.backup")
        work.commit()
    assert put(empty, "P2") == 2

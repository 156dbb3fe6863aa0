"""Files that belong to documents: few kinds, of bounded size, told by their bytes."""

import hashlib
import os
import zipfile
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from gis.errors import LedgerError, StoreError
from ledger import policies, rows
from ledger.access import Verb, require
from ledger.policy import PolicyFile
from ledger.policy_tables import policy_file as _table
from ledger.unit_of_work import Work

MOST_BYTES: Final = 20 * 2**20
MOST_FILES: Final = 20
MOST_NAME: Final = 120
KINDS: Final = ("pdf", "docx", "xlsx", "ofd", "png", "jpg")


class PolicyFiles:
    """Where the bytes lie: a file each, named by its hash.

    Args:
        home: The folder; made when first written.
    """

    def __init__(self, home: Path) -> None:
        self.home = home

    def keep(self, data: bytes) -> str:
        """Keep bytes; the same bytes are one file.

        Args:
            data: The bytes.

        Returns:
            Their hash.

        Raises:
            StoreError: They cannot be written.
        """
        digest = hashlib.sha256(data).hexdigest()
        file = self.home / digest
        if file.exists():
            return digest
        aside = self.home / f".{digest}.{os.getpid()}.new"
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            aside.write_bytes(data)
            aside.replace(file)
        except OSError as error:
            with suppress(OSError):
                aside.unlink()
            raise StoreError(
                "The file cannot be kept in {folder}: {why}. Make room, then add it "
                "again.",
                folder=self.home,
                why=error.strerror or error,
            ) from error
        return digest

    def read(self, digest: str) -> bytes:
        """Read bytes, and see that they are those that were kept.

        Args:
            digest: Their hash.

        Returns:
            The bytes.

        Raises:
            StoreError: They are gone or damaged.
        """
        try:
            data = (self.home / digest).read_bytes()
        except OSError as error:
            raise StoreError("The file {hash} is gone.", hash=digest[:12]) from error
        if hashlib.sha256(data).hexdigest() != digest:
            raise StoreError("The file {hash} is damaged.", hash=digest[:12])
        return data


def kind_of(data: bytes) -> str:
    """Tell what a file is by its bytes.

    Args:
        data: The file.

    Returns:
        One of `KINDS`; "" for everything else.
    """
    for kind, begins in _BEGINNINGS:
        if data.startswith(begins):
            return kind
    return _kind_of_zip(data) if data.startswith(b"PK\x03\x04") else ""


def attach(
    work: Work, policy_id: int, *, name: str, data: bytes, files: PolicyFiles
) -> PolicyFile:
    """Add a file to a document.

    Args:
        work: The unit of work.
        policy_id: The document.
        name: Name of the file as it was sent.
        data: Its bytes.
        files: Where they are kept.

    Returns:
        The file.

    Raises:
        LedgerError: It is of no kind that is kept, too large, one too many, or there
            already.
    """
    policy = policies.get(work, policy_id)
    require(work.actor, Verb.POLICY_EDIT, policy.keeper)
    kind = kind_of(data)
    _require_good(kind, data)
    there = of(work, policy_id)
    if len(there) >= MOST_FILES:
        raise LedgerError(
            "The document has {most} files already, which is the most: remove one.",
            most=MOST_FILES,
        )
    digest = hashlib.sha256(data).hexdigest()
    if digest in {one.sha256 for one in there}:
        raise LedgerError("The document has this very file already.")
    file_id = rows.add(
        work,
        _table,
        {
            "policy_id": policy_id,
            "name": _name(name, kind),
            "kind": kind,
            "size": len(data),
            "sha256": digest,
            "removed": False,
        },
        verb="policy.attach",
    )
    # After the row is accepted: bytes of no row would lie there for ever.
    files.keep(data)
    return rows.get(work, _table, PolicyFile, file_id)


def remove(work: Work, file_id: int, *, version: int) -> PolicyFile:
    """Take a file off a document; its row and its bytes stay.

    Args:
        work: The unit of work.
        file_id: The file.
        version: The version that the person saw.

    Returns:
        The file as stored.
    """
    file = rows.get(work, _table, PolicyFile, file_id)
    require(work.actor, Verb.POLICY_EDIT, policies.get(work, file.policy_id).keeper)
    rows.change(
        work, _table, file, {"removed": True}, version=version, verb="policy.remove"
    )
    return rows.get(work, _table, PolicyFile, file_id)


def of(work: Work, policy_id: int) -> list[PolicyFile]:
    """List the files of a document.

    Args:
        work: The unit of work.
        policy_id: The document.

    Returns:
        Those that were not taken off, the first added first.
    """
    policies.get(work, policy_id)
    found = work.connection.execute(
        sa
        .select(_table)
        .where(_table.c.policy_id == policy_id, ~_table.c.removed)
        .order_by(_table.c.id)
    )
    return [rows.made(PolicyFile, row) for row in found]


def read(work: Work, file_id: int, files: PolicyFiles) -> tuple[PolicyFile, bytes]:
    """Read a file of a document that the actor may read.

    Args:
        work: The unit of work.
        file_id: The file.
        files: Where the bytes are kept.

    Returns:
        The file, and its bytes.

    Raises:
        LedgerError: It was taken off the document.
    """
    file = rows.get(work, _table, PolicyFile, file_id)
    policies.get(work, file.policy_id)
    if file.removed:
        raise LedgerError("The file was taken off the document.")
    return file, files.read(file.sha256)


def _require_good(kind: str, data: bytes) -> None:
    if not kind:
        raise LedgerError(
            "The file is none of {kinds}, told by its bytes and not by its name: save "
            "it as one of these.",
            kinds=", ".join(KINDS),
        )
    if len(data) > MOST_BYTES:
        raise LedgerError(
            "The file has {size} MB; at most {most} MB are kept.",
            size=f"{len(data) / 2**20:.1f}",
            most=MOST_BYTES // 2**20,
        )


def _name(name: str, kind: str) -> str:
    """Keep the last part of a name, printable, with the suffix of its kind."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(sign for sign in last if sign.isprintable()).strip(". ")
    stem = shown.rsplit(".", 1)[0][: MOST_NAME - len(kind) - 1] or "file"
    return f"{stem}.{kind}"


def _kind_of_zip(data: bytes) -> str:
    """Tell office files by the first part that each must hold; nothing is unpacked."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            names = set(packed.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return ""
    # Macros are programs: such a file is none of the kinds.
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return ""
    return next((kind for kind, has in _PARTS if has(names)), "")


_BEGINNINGS: Final = (
    ("pdf", b"%PDF-"),
    ("png", b"\x89PNG\r\n\x1a\n"),
    ("jpg", b"\xff\xd8\xff"),
)
_Has = Callable[[set[str]], bool]
_PARTS: Final[tuple[tuple[str, _Has], ...]] = (
    ("docx", lambda names: "word/document.xml" in names),
    ("xlsx", lambda names: "xl/workbook.xml" in names),
    ("ofd", lambda names: "OFD.xml" in names),
)

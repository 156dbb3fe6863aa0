"""Keep what was checked: the file as it was sent, what was read from it and found.

A report can be doubted years later: then the same bytes can be read again, and their
hash compared with the one the report tells.
"""

import json
import re
import shutil
from pathlib import Path
from typing import Any, Final

from gis.errors import StoreError
from layers.check import Check

ORIGINAL: Final = "original"
READ: Final = "read.json"
FINDINGS: Final = "findings.parquet"
_DOSSIER: Final = re.compile(r"^[A-Z0-9-]{8,40}$")
_SUFFIX: Final = re.compile(r"^\.[a-z0-9]{1,8}$")


class CheckFiles:
    """Files of checks, a folder each.

    Args:
        home: Where they are kept; made when first written.
    """

    def __init__(self, home: Path) -> None:
        self.home = home

    def keep(self, dossier: str, name: str, data: bytes, check: Check) -> Path:
        """Keep a check; one that is there already stays as it is.

        Args:
            dossier: Its number.
            name: Name of the file as it was sent; only its suffix becomes a name.
            data: Its bytes.
            check: What was read and found.

        Returns:
            Its folder.

        Raises:
            StoreError: It cannot be written, or the number is none.
        """
        folder = self.folder(dossier)
        if folder.exists():
            return folder
        aside = folder.with_name(f".{folder.name}.new")
        told = json.dumps(reading(check), ensure_ascii=False, indent=1)
        try:
            shutil.rmtree(aside, ignore_errors=True)
            aside.mkdir(parents=True)
            (aside / f"{ORIGINAL}{_suffix(name)}").write_bytes(data)
            (aside / READ).write_text(told, "utf-8")
            check.findings.to_parquet(aside / FINDINGS, index=False)
            aside.rename(folder)
        except OSError as error:
            raise StoreError(
                "The files of the check cannot be kept in {folder}: {why}. Make room, "
                "then keep it again.",
                folder=self.home,
                why=error.strerror or error,
            ) from error
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        return folder

    def original(self, dossier: str) -> tuple[str, bytes]:
        """Read the file that was checked.

        Args:
            dossier: Number of the check.

        Returns:
            The name it is kept under, and its bytes as they were sent.

        Raises:
            StoreError: It is not there.
        """
        for file in sorted(self.folder(dossier).glob(f"{ORIGINAL}*")):
            return file.name, file.read_bytes()
        raise StoreError("The files of the check {dossier} are gone.", dossier=dossier)

    def folder(self, dossier: str) -> Path:
        """Return where a check is kept.

        Args:
            dossier: Its number.

        Returns:
            The folder, there or not.

        Raises:
            StoreError: The number is none.
        """
        if not _DOSSIER.fullmatch(dossier):
            raise StoreError("{dossier} is no number of a check.", dossier=dossier[:40])
        return self.home / dossier


def reading(check: Check) -> dict[str, Any]:
    """Say what was read from a file and what was mended, ready for JSON.

    Args:
        check: The check.

    Returns:
        The file's hash, how it was understood, and every remark with its line.
    """
    submission = check.submission
    return {
        "file": submission.name,
        "sha256": submission.sha256,
        "bytes": submission.size,
        "format": submission.kind,
        "encoding": submission.encoding,
        "crs": submission.crs_names,
        "crs_from": submission.crs_from,
        "precision_m": submission.precision_m,
        "told": dict(submission.told),
        "remarks": [
            {
                "kind": one.kind,
                "line": one.line,
                "parcel": one.parcel,
                "what": str(one.as_error()),
            }
            for one in submission.remarks
        ],
        "layers": {one.layer.name: one.version for one in check.layers},
        "made_at": check.made_at,
        "software": check.software,
        "result_hash": check.result_hash,
    }


def _suffix(name: str) -> str:
    """Take the suffix of a name where it is a plain one."""
    suffix = Path(name).suffix.lower()
    return suffix if _SUFFIX.fullmatch(suffix) else ".bin"

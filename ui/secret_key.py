"""The key that signs cookies and the audit chain: made once, read in one place."""

import os
import secrets
import tempfile
from pathlib import Path

from gis.errors import SettingsError

KEY_BYTES = 32


def make_key(path: Path) -> None:
    """Write a new key that only its owner may read, unless there is one.

    It is written aside and linked into place whole: a start that is cut off leaves no
    half a key, and of two starts at once both use the same one.

    Args:
        path: The file.

    Raises:
        OSError: The folder cannot be written.
    """
    if path.exists():
        return
    descriptor, name = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    aside = Path(name)  # mkstemp makes it readable to its owner only
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        _link(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def read_key(path: Path) -> bytes:
    """Read the key.

    Args:
        path: The file.

    Returns:
        At least 32 bytes.

    Raises:
        SettingsError: It cannot be read, or is too short to prove anything.
    """
    try:
        key = path.read_bytes()
    except OSError as error:
        raise SettingsError(
            "The key {file} cannot be read ({why}): put its backup in place.",
            file=path,
            why=error.strerror or error,
        ) from error
    if len(key) < KEY_BYTES:
        raise SettingsError(
            "The key {file} has {length} bytes, at least {least} are needed: put its"
            " backup in place. Without one remove the file: the next start makes a new"
            " key, which does not prove what the old one signed.",
            file=path,
            length=len(key),
            least=KEY_BYTES,
        )
    return key


def _link(aside: Path, path: Path) -> None:
    """Put a file in place unless one is there; some disks know no links."""
    try:
        os.link(aside, path)
    except FileExistsError:
        return
    except OSError:
        if not path.exists():
            aside.replace(path)

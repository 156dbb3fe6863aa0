"""Say in a sentence that the disk is full, whoever was writing."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from gis.errors import StoreError

FULL: Final = frozenset([errno.ENOSPC, errno.EDQUOT, errno.EFBIG])


@contextmanager
def telling_when_full(folder: Path) -> Iterator[None]:
    """Turn the error of a full disk into a sentence.

    Args:
        folder: Where the block writes to.

    Yields:
        Nothing; the block writes aside and moves into place whole.

    Raises:
        StoreError: The disk is full.
        OSError: Anything else went wrong with the disk.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise StoreError(
            "The disk is full: {folder} takes nothing more. What was loaded and "
            "measured before stays in force. Make room and run `landmap ingest` again; "
            "what is done is not done twice.",
            folder=folder,
        ) from error

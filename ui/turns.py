"""Who draws a page now: a few at a time, or the crowd costs more than the work.

Threads that all want Python's one lock wake one another hundreds of times a second. Of
sixty pages drawn at once two thirds of the processor's time went that way.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Final

AT_ONCE: Final = 2
PATIENCE_S: Final = 5.0
"""So long one waits for a turn, then draws anyway: a slow page must not stop others."""

_TURNS: Final = BoundedSemaphore(AT_ONCE)


@contextmanager
def turn() -> Iterator[None]:
    """Wait for a turn, and give it back after the block.

    Yields:
        Nothing.
    """
    mine = _TURNS.acquire(timeout=PATIENCE_S)
    try:
        yield
    finally:
        if mine:
            _TURNS.release()

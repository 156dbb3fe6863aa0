"""Figures of the ledger, kept until something of what they count is written."""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Final, TypeVar

from cachetools import LRUCache

from ledger import audit
from ledger.audit import Part
from ledger.unit_of_work import Work

T = TypeVar("T")

MOST: Final = 1024
"""So many figures are kept: some thirty for each of thirty people."""

_KEPT: Final[LRUCache[Hashable, tuple[Hashable, Any]]] = LRUCache(MOST)
_LOCK: Final = Lock()


def kept(work: Work, name: str, count: Callable[[Work], T], *entities: str | Part) -> T:
    """Count something, or take what was counted before: a `ledger.keeping.Keep`.

    Args:
        work: The unit of work; its actor may read the figures.
        name: What is counted, the same name for the same count.
        count: Counts.
        *entities: Every table it looks at, by the name that the audit gives it.

    Returns:
        The figures; shared, never to be changed. Each actor has them counted for
        themselves, as the count asks what they may see.
    """
    key = (place_of(work), name, work.actor, work.within)
    state = (work.today(), audit.mark(work, *entities))
    with _LOCK:
        of, found = _KEPT.get(key, (None, None))
    if of == state:
        figures: T = found
        return figures
    figures = count(work)
    with _LOCK:  # in the place of what was counted before: states are never asked again
        _KEPT[key] = (state, figures)
    return figures


def place_of(work: Work) -> str:
    """Tell which ledger a unit of work looks into: what is kept is kept of one."""
    return str(work.connection.engine.url)

"""Figures of the ledger, kept until something of what they count is written."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from ledger import audit
from ledger.model import Actor
from ledger.unit_of_work import Work
from ui.shared_cache import shared

T = TypeVar("T")


def kept(work: Work, name: str, count: Callable[[Work], T], *entities: str) -> T:
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
    figures: T = _kept(
        place_of(work),
        name,
        work.actor,
        work.within,
        work.today(),
        audit.mark(work, *entities),
        work,
        count,
    )
    return figures


def place_of(work: Work) -> str:
    """Tell which ledger a unit of work looks into: what is kept is kept of one."""
    return str(work.connection.engine.url)


@shared(4096, key=lambda *told: told[:-2])
def _kept(  # noqa: PLR0913, PLR0917 - what tells one figure from another
    place: str,  # noqa: ARG001
    name: str,  # noqa: ARG001
    actor: Actor,  # noqa: ARG001
    within: str,  # noqa: ARG001
    today: date,  # noqa: ARG001
    mark: str,  # noqa: ARG001
    work: Work,
    count: Callable[[Work], Any],
) -> Any:  # noqa: ANN401 - what the count returns
    return count(work)

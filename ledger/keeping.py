"""Figures that need not be counted again while nothing of what they count is written.

The ledger counts anew each time. Who reads the same figures many times a minute passes
a `Keep` that remembers them under `audit.mark`.
"""

from collections.abc import Callable
from typing import Protocol, TypeVar

from ledger.audit import Part
from ledger.unit_of_work import Work

T = TypeVar("T")


def of_project(*columns: str) -> Part:
    """Name what is read of projects, so that writes to the rest of them pass.

    Args:
        *columns: Columns of projects, beside those that tell whose a project is.

    Returns:
        The part of the table.
    """
    return Part("project", ("region", "managed_by", *columns))


class Keep(Protocol):
    """Counts something, or takes what was counted before."""

    def __call__(
        self, work: Work, name: str, count: Callable[[Work], T], *entities: str | Part
    ) -> T:
        """Count, or remember.

        Args:
            work: The unit of work; its actor may read the figures.
            name: What is counted, the same name for the same count.
            count: Counts.
            *entities: Every table it looks at, by the name that the audit gives it.

        Returns:
            The figures; shared, never to be changed.
        """
        ...


def anew(work: Work, name: str, count: Callable[[Work], T], *_: str | Part) -> T:  # noqa: ARG001
    """Count, whatever was counted before.

    Args:
        work: The unit of work.
        name: What is counted.
        count: Counts.

    Returns:
        The figures.
    """
    return count(work)

"""Figures that need not be counted again while nothing of what they count is written.

The ledger counts anew each time. Who reads the same figures many times a minute passes
a `Keep` that remembers them under `audit.mark`.
"""

from collections.abc import Callable
from typing import Final, Protocol, TypeVar

from ledger.audit import Part
from ledger.unit_of_work import Work

T = TypeVar("T")

SHOWN_OF_PROJECT: Final = Part(
    "project",
    (
        "code",
        "title",
        "level",
        "region",
        "managed_by",
        "industry",
        "stage",
        "owner",
        "leader",
        "signed_on",
        "started_on",
        "production_on",
        "investment_wan_cny",
        "land_demand_mu",
        "demand_met",
        "synthetic",
    ),
)
"""What lists and figures read of projects: a note or a need saved changes none."""


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

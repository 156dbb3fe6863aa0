"""Infrastructure added up: by zone and kind, and money by source."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ledger.casework import Facility, FacilityKind, FacilityState, Fund, FundSource
from ledger.facilities import is_late


@dataclass
class Sum:
    """What infrastructure comes to; money in 10,000 yuan.

    Attributes:
        facilities: How many there are.
        missing: How many are missing or only planned.
        building: How many are under construction.
        done: How many are finished.
        late: How many should be finished by now and are not.
        planned_wan_cny: Money planned.
        arrived_wan_cny: Money that has arrived.
        by_source: Planned and arrived, by where it comes from.
    """

    facilities: int = 0
    missing: int = 0
    building: int = 0
    done: int = 0
    late: int = 0
    planned_wan_cny: float = 0.0
    arrived_wan_cny: float = 0.0
    by_source: dict[FundSource, tuple[float, float]] = field(default_factory=dict)

    @property
    def arrived_share(self) -> float | None:
        """Money arrived of money planned, None where none is planned."""
        if not self.planned_wan_cny:
            return None
        return self.arrived_wan_cny / self.planned_wan_cny


def total(
    facilities: Iterable[Facility], funds: Mapping[int, Sequence[Fund]], today: date
) -> Sum:
    """Add up infrastructure and its money.

    Args:
        facilities: The infrastructure.
        funds: Its money, by number of the infrastructure.
        today: The day it is.

    Returns:
        The sum.
    """
    found = Sum()
    for facility in facilities:
        _count(found, facility, today)
        for fund in funds.get(facility.id, ()):
            _add(found, fund)
    return found


def by_zone(
    facilities: Iterable[Facility], funds: Mapping[int, Sequence[Fund]], today: date
) -> dict[str, Sum]:
    """Add up infrastructure zone by zone.

    Args:
        facilities: The infrastructure.
        funds: Its money, by number of the infrastructure.
        today: The day it is.

    Returns:
        Sums by code of the zone; "" for what belongs to a project alone.
    """
    parted: dict[str, list[Facility]] = {}
    for facility in facilities:
        parted.setdefault(facility.zone, []).append(facility)
    return {zone: total(own, funds, today) for zone, own in sorted(parted.items())}


def by_kind(
    facilities: Iterable[Facility], funds: Mapping[int, Sequence[Fund]], today: date
) -> dict[FacilityKind, Sum]:
    """Add up infrastructure kind by kind.

    Args:
        facilities: The infrastructure.
        funds: Its money, by number of the infrastructure.
        today: The day it is.

    Returns:
        Sums by kind, in the order of the kinds.
    """
    parted: dict[FacilityKind, list[Facility]] = {}
    for facility in facilities:
        parted.setdefault(facility.kind, []).append(facility)
    return {
        kind: total(parted[kind], funds, today)
        for kind in FacilityKind
        if kind in parted
    }


def _count(found: Sum, facility: Facility, today: date) -> None:
    found.facilities += 1
    found.late += is_late(facility, today)
    if facility.state is FacilityState.DONE:
        found.done += 1
    elif facility.state is FacilityState.BUILDING:
        found.building += 1
    else:
        found.missing += 1


def _add(found: Sum, fund: Fund) -> None:
    found.planned_wan_cny += fund.planned_wan_cny
    found.arrived_wan_cny += fund.arrived_wan_cny
    planned, arrived = found.by_source.get(fund.source, (0.0, 0.0))
    found.by_source[fund.source] = (
        planned + fund.planned_wan_cny,
        arrived + fund.arrived_wan_cny,
    )

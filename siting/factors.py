"""Factors: what makes a parcel better. To add one, write one function here.

A factor gives each parcel a share of its weight by a fixed value function: 0 to 1, NaN
where unknown, never depending on the other parcels.
"""

from collections.abc import Mapping
from typing import Annotated, Final

import numpy as np

from gis.units import DECIMALS, Area, Numbers, Price, shown
from gis.words import Title, Unit
from siting.columns import Coded, Figures, Readable, Together
from siting.compare import (
    METRE_DECIMALS,
    SHARE_DECIMALS,
    Verdict,
    among,
    within,
    yes_or_no,
)
from siting.criterion import Fact, FromNeed
from siting.parameter import Bounds, Choices
from siting.register import FACTORS, factor
from siting.trials import Known
from siting.words import SERVICES
from siting.worth import Figured, Stated

__all__ = ["FACTORS"]

# Facts measured before the evidence was kept have none.
ZONE_EVIDENCE: Final = Fact("zone_evidence", "word", optional=True)
# What a service is worth at each level.
LEVEL_WORTH: Final = {"present": 1.0, "at_boundary": 0.75, "planned": 0.25, "none": 0.0}


def _graded(share: Figures, value: Readable) -> Verdict:
    """Give a share where there is no limit to pass: known is pass."""
    verdict = yes_or_no(Known(share.raw), value, None)
    greatest = share.keep("greatest", lambda: np.fmax.reduce(share.raw, initial=0.0))
    return verdict.worth(Figured(share.raw, greatest=float(greatest)))


def _mean_worth(
    asked: Mapping[str, Coded], services: tuple[str, ...], count: int
) -> Numbers:
    """Return the mean worth of services; NaN where one of them is unknown."""
    total = np.full(count, 0.0 if len(asked) == len(services) else np.nan)
    for state in asked.values():
        total += state.look_up([LEVEL_WORTH.get(one, np.nan) for one in state.words])
    return total / max(len(services), 1)


@factor(Title("Near"))
def near(
    distance_m: Annotated[Figures, Fact("{layer}_distance_m")],
    evidence: Annotated[
        Coded | None,
        Fact("{layer}_distance_evidence|{layer}_evidence", "word", optional=True),
    ],
    *,
    layer: Annotated[  # noqa: ARG001 - names the fact columns
        str, Title("Layer"), Choices(source="layer:infrastructure")
    ],
    within_m: Annotated[float, Title("Within"), Unit("m"), Bounds(1)] = 10_000.0,
) -> Verdict:
    """Prefer parcels near infrastructure of a kind.

    Args:
        distance_m: Metres from the parcel's boundary to the nearest feature.
        evidence: Whether that is the nearest for sure.
        layer: The kind of infrastructure.
        within_m: Distance from which the share is 0.

    Returns:
        1 at 0 m, falling linearly to 0 at `within_m`.
    """
    verdict = within(
        distance_m.shown(METRE_DECIMALS),
        high=within_m,
        unit="m",
        decimals=METRE_DECIMALS,
        evidence=evidence,
    )
    return verdict.worth(Figured(distance_m.raw, within_m))


@factor(Title("Low price"))
def price_low(
    price_cny_m2: Annotated[Figures, Fact("price_cny_m2")],
    *,
    at_most: Annotated[Price, Title("No points from"), Bounds(0.01)],
) -> Verdict:
    """Prefer cheap parcels.

    Args:
        price_cny_m2: Yuan per square metre, NaN unknown.
        at_most: Price from which the share is 0.

    Returns:
        1 for free land, falling linearly to 0 at the price named.
    """
    value, unit = price_cny_m2.price(at_most.unit), at_most.unit
    verdict = within(value, high=at_most.value, unit=unit, decimals=DECIMALS[unit])
    worth = Figured(price_cny_m2.raw, at_most.cny_m2)
    return verdict.worth(worth)


@factor(Title("Services level"))
def services_level(
    states: Annotated[dict[str, Coded], Fact("service_*", "word", of=tuple(SERVICES))],
    *,
    services: Annotated[tuple[str, ...], Title("Services"), Choices(SERVICES)] = tuple(
        SERVICES
    ),
) -> Verdict:
    """Prefer parcels whose services are there already.

    Args:
        states: State of each service.
        services: The services that count.

    Returns:
        The mean of the services: present 1, at the boundary 0.75, planned 0.25, none
        0; unknown where one of them is.
    """
    asked = {name: states[name] for name in services if name in states}
    first = next(iter(states.values()))
    share = first.keep(
        services, lambda: Figures(_mean_worth(asked, services, len(first)))
    )
    return _graded(share, Together(asked))


@factor(Title("Area close to the ideal"))
def area_near_ideal(
    area_m2: Annotated[Figures, Fact("{area_column}")],
    *,
    ideal: Annotated[Area, Title("Ideal"), Bounds(0)],
    tolerance: Annotated[Area, Title("No points from this far off"), Bounds(0.01)],
) -> Verdict:
    """Prefer parcels whose area is close to an ideal.

    Args:
        area_m2: The area that the need names.
        ideal: The best area.
        tolerance: How far off the share is 0.

    Returns:
        1 at the ideal, falling linearly to 0 at the tolerance on both sides.
    """
    unit = ideal.unit
    off = within(
        area_m2.area(unit),
        low=shown(ideal.m2 - tolerance.m2, unit),
        high=shown(ideal.m2 + tolerance.m2, unit),
        unit=unit,
        decimals=DECIMALS[unit],
    )
    worth = Figured(area_m2.raw, tolerance.m2, ideal.m2)
    return off.worth(worth)


@factor(Title("Compact shape"))
def compact(
    compactness: Annotated[Figures, Fact("compactness")],
) -> Verdict:
    """Prefer compact parcels: a circle counts 1, a square 0.79, a strip little.

    Args:
        compactness: 4 pi area / perimeter squared, 0 to 1.

    Returns:
        The compactness itself.
    """
    return _graded(compactness, compactness.shown(SHARE_DECIMALS))


@factor(Title("Leading industry of the zone"))
def zone_matches_industry(
    leading: Annotated[Coded, Fact("zone_leading_industries", "word")],
    evidence: Annotated[Coded | None, ZONE_EVIDENCE],
    industry: Annotated[str, FromNeed("industry")],
) -> Verdict:
    """Prefer parcels in zones whose leading industries include the need's.

    Args:
        leading: GB/T 4754-2017 codes of the zone's leading industries, joined by ";",
            "" outside zones.
        evidence: Whether a zone was found, or looked for all over the parcel.
        industry: Code of the need.

    Returns:
        1 where one of the zone's codes holds the industry or lies within it, else 0;
        unknown where no zone was found and not all ground was looked at.
    """

    def fits(codes: str) -> bool:
        named = [code.strip() for code in codes.split(";") if code.strip()]
        return any(industry.startswith(c) or c.startswith(industry) for c in named)

    verdict = among(leading, lambda codes: bool(industry) and fits(codes), industry)
    verdict = verdict.proven_by(evidence)
    return verdict.worth(Stated(verdict.trial))


@factor(Title("Key development zone"))
def in_key_zone(
    zone_code: Annotated[Coded, Fact("zone_code", "word")],
    evidence: Annotated[Coded | None, ZONE_EVIDENCE],
    *,
    zones: Annotated[
        tuple[str, ...], Title("Zones recognised as key"), Choices(source="zone:key")
    ],
) -> Verdict:
    """Prefer parcels in zones that are recognised as key development zones.

    The need names the zones, so that it answers the same when recognitions change.

    Args:
        zone_code: Zone that holds most of the parcel, "" where none does.
        evidence: Whether a zone was found, or looked for all over the parcel.
        zones: Codes of the zones recognised when the need was written.

    Returns:
        1 in one of the zones, else 0; unknown where no zone was found and not all
        ground was looked at.
    """
    verdict = among(zone_code, set(zones).__contains__, list(zones))
    verdict = verdict.proven_by(evidence)
    return verdict.worth(Stated(verdict.trial))

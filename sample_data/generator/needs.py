"""Land needs of the sample's projects, as `siting` reads them."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from numpy.random import Generator

Need = dict[str, Any]
Kind = Any
HAZARDS = ("farmland", "redline", "geohazard", "water_source")


def write_need(
    rng: Generator, kind: Kind, *, title: str, regions: Sequence[str]
) -> Need:
    """Write the need of a project of one kind.

    Args:
        rng: Random numbers of the project.
        kind: A row of the table `project_kinds`.
        title: Title of the project.
        regions: Region codes it may stand in; none is the whole province.

    Returns:
        The need, as JSON and TOML hold it.
    """
    low = int(kind.low_mu)
    span = int(kind.high_mu) - low
    minimum = low + int(rng.integers(0, max(span // 4, 1)))
    maximum = min(int(minimum * rng.uniform(1.6, 2.2)), int(kind.high_mu))
    return {
        "title": title,
        "industry": kind.industry,
        "accept_unconfirmed": False,
        "constraints": [
            *_ground(kind, minimum, maximum, regions),
            *_wishes(rng, kind),
        ],
        "factors": _factors(rng, kind, (minimum + maximum) // 2),
    }


def _ground(
    kind: Kind, minimum: int, maximum: int, regions: Sequence[str]
) -> list[Need]:
    """Write what every project asks of the ground."""
    found: list[Need] = [
        {"use": "area_between", "minimum": f"{minimum} mu", "maximum": f"{maximum} mu"},
        {"use": "land_use_permitted", "codes": kind.land_use.split(), "share": 0.9},
    ]
    if regions:
        found.append({"use": "region_in", "codes": list(regions)})
    found += [{"use": "clear_of", "layer": layer} for layer in HAZARDS[:2]]
    # A few square metres of a neighbour's slide do not decide.
    found += [
        {"use": "clear_of", "layer": layer, "up_to_share": 0.02}
        for layer in HAZARDS[2:]
    ]
    found.append({"use": "inside", "layer": "urban_boundary", "at_least_share": 0.95})
    return found


def _wishes(rng: Generator, kind: Kind) -> list[Need]:
    """Write what a project of a kind asks beyond the ground."""
    found: list[Need] = [
        {"use": "services_at_least", "services": {"power": kind.power}},
        {"use": "width_at_least", "width_m": float(kind.width_m)},
        {"use": "not_claimed"},
    ]
    if rng.uniform() < 0.75:  # noqa: PLR2004 - most lorries take the expressway
        found.append({
            "use": "within_distance",
            "layer": "interchange",
            "within_m": float(kind.interchange_m),
        })
    if kind.water_plant_m and rng.uniform() < 0.6:  # noqa: PLR2004 - a part needs much water
        found.append({
            "use": "within_distance",
            "layer": "water_plant",
            "within_m": float(kind.water_plant_m),
        })
    if rng.uniform() < 0.5:  # noqa: PLR2004 - half has a price in mind
        found.append({
            "use": "price_at_most",
            "price": f"{kind.price_wan_per_mu} wan_cny/mu",
        })
    if rng.uniform() < 0.3:  # noqa: PLR2004 - a third is in a hurry
        late = pd.Timestamp("2027-06-30") + pd.Timedelta(days=int(rng.integers(0, 540)))
        found.append({"use": "available_by", "by": late.date().isoformat()})
    return found


def _factors(rng: Generator, kind: Kind, ideal_mu: int) -> list[Need]:
    """Write what a project of a kind prefers, with weights."""
    found: list[Need] = [
        {
            "use": "near",
            "layer": "interchange",
            "within_m": float(kind.interchange_m),
            "weight": float(rng.integers(2, 4)),
        },
        {
            "use": "price_low",
            "at_most": f"{int(kind.price_wan_per_mu) + 10} wan_cny/mu",
            "weight": float(rng.integers(1, 4)),
        },
        {"use": "services_level", "weight": float(rng.integers(1, 4))},
        {
            "use": "area_near_ideal",
            "ideal": f"{ideal_mu} mu",
            "tolerance": f"{max(ideal_mu // 3, 5)} mu",
            "weight": 1.0,
        },
        {"use": "zone_matches_industry", "weight": 2.0},
    ]
    if kind.freight == "yes":
        found.append({
            "use": "near",
            "layer": "freight_yard",
            "within_m": 40_000.0,
            "weight": 2.0,
        })
    if rng.uniform() < 0.4:  # noqa: PLR2004 - some look at the shape
        found.append({"use": "compact", "weight": 1.0})
    return found

"""What land a zone has on offer: by size, services, prices; pure figures."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from pandas import DataFrame

from gis.units import M2_PER_MU
from siting.words import SERVICES

SIZES_MU: Final = (0.0, 30.0, 100.0, 300.0)
"""The least area of each class of size, in mu; the last has no end."""

READY: Final = frozenset({"present", "at_boundary"})


@dataclass(frozen=True)
class Size:
    """The land of one class of size.

    Attributes:
        least_mu: From this area on.
        most_mu: Below this one; None without end.
        count: How many parcels.
        area_m2: Their area.
    """

    least_mu: float
    most_mu: float | None
    count: int
    area_m2: float


@dataclass(frozen=True)
class ZoneLand:
    """The land on offer in a zone.

    Attributes:
        count: How many parcels.
        area_m2: Their area.
        sizes: The same by class of size.
        services: Of each service, how many parcels have it on the land or at its
            boundary, and of how many it is known.
        prices: Least and greatest price in yuan by m2; None where none is known.
        priced: Of how many parcels the price is known.
    """

    count: int
    area_m2: float
    sizes: tuple[Size, ...]
    services: dict[str, tuple[int, int]]
    prices: tuple[float, float] | None
    priced: int


def zone_land(table: DataFrame, zone: str) -> ZoneLand:
    """Add up the land on offer in a zone.

    Args:
        table: What is published of all parcels.
        zone: Code of the zone.

    Returns:
        The figures; zeros where it has no land on offer.
    """
    own = table.iloc[np.flatnonzero(_zones(table) == zone)]
    area = own["area_m2"].astype(float).fillna(0.0).to_numpy()
    priced = _prices(own)
    return ZoneLand(
        count=len(own),
        area_m2=float(area.sum()),
        sizes=tuple(_sizes(area)),
        services={
            name: _served(own, f"service_{name}")
            for name in SERVICES
            if f"service_{name}" in own
        },
        prices=(float(priced.min()), float(priced.max())) if len(priced) else None,
        priced=len(priced),
    )


def land_by_zone(table: DataFrame) -> dict[str, tuple[int, float]]:
    """Count the parcels on offer and their area in m2, by code of the zone.

    Args:
        table: What is published of all parcels.

    Returns:
        Count and area by zone.
    """
    zones = _zones(table)
    area = table["area_m2"].astype(float).fillna(0.0).to_numpy()
    codes, at = np.unique(zones, return_inverse=True)
    counts = np.bincount(at, minlength=len(codes))
    sums = np.bincount(at, weights=area, minlength=len(codes))
    return {
        str(code): (int(count), float(total))
        for code, count, total in zip(codes, counts, sums, strict=True)
        if code
    }


def _zones(table: DataFrame) -> np.ndarray:
    if "zone_code" not in table:
        return np.full(len(table), "", dtype=object).astype(str)
    return np.asarray(table["zone_code"].astype(object).fillna("").astype(str), str)


def _prices(own: DataFrame) -> np.ndarray:
    if "price_cny_m2" not in own:
        return np.zeros(0)
    return np.asarray(own["price_cny_m2"].astype(float).dropna())


def _sizes(area_m2: np.ndarray) -> list[Size]:
    mu = area_m2 / M2_PER_MU
    ends = (*SIZES_MU[1:], None)
    found = []
    for least, most in zip(SIZES_MU, ends, strict=True):
        fits = (mu >= least) & (mu < (np.inf if most is None else most))
        size = Size(least, most, int(fits.sum()), float(area_m2[fits].sum()))
        found.append(size)
    return found


def _served(own: DataFrame, column: str) -> tuple[int, int]:
    states = own[column].astype(object).fillna("").astype(str)
    known = ~states.isin(["", "unknown"])
    return int(states.isin(READY).sum()), int(known.sum())

"""Land at hand beside land wanted: by county and class of planned land use, in mu."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gis.units import M2_PER_MU
from ledger.demand_figures import Unmet
from siting.industries import land_use_name, permitted
from ui import resources
from ui.i18n import t

CLASS_DIGITS: Final = 4
"""Classes are told to the second level: industrial land as one, not in three."""
UNKNOWN: Final = ""


@dataclass(frozen=True)
class Balance:
    """What one county has and wants of one class, in mu."""

    region: str
    land_class: str
    unmet_mu: float
    available_mu: float


def balances(
    wanted: Sequence[Unmet], supply: Mapping[tuple[str, str], float]
) -> list[Balance]:
    """Put the land that is wanted beside the land that is at hand.

    Which class a project wants follows from its industry; "" where the table of
    industries does not tell.

    Args:
        wanted: Land that projects still want.
        supply: Land that is at hand, as `available` tells it.

    Returns:
        One line a county and class that has either, by both.
    """
    demand: dict[tuple[str, str], float] = {}
    for one in wanted:
        key = (one.region, class_of_industry(one.industry))
        demand[key] = demand.get(key, 0.0) + one.area_mu
    return [
        Balance(*key, demand.get(key, 0.0), supply.get(key, 0.0))
        for key in sorted({*supply, *demand})
    ]


def available(
    held_m2: Mapping[str, float], *, internal: bool
) -> Mapping[tuple[str, str], float]:
    """Add up the land that is at hand.

    Land is at hand where a parcel is loaded, may be seen and is not held today; of one
    that is held in part, the rest is.

    Args:
        held_m2: Land that claims hold, by the parcel they name.
        internal: Whether parcels marked internal count.

    Returns:
        Mu by county and class.
    """
    everything = dict(resources.land_by_class(internal=internal))
    for key, area_m2 in resources.land_held(held_m2, internal=internal).items():
        everything[key] -= area_m2
    return {key: max(area, 0.0) / M2_PER_MU for key, area in everything.items()}


def class_of_industry(industry: str) -> str:
    """Return the class of land an industry stands on; "" where nothing tells it."""
    mapping = permitted(industry) if industry else None
    return class_of(mapping.codes[0]) if mapping else UNKNOWN


def class_of(code: str) -> str:
    """Return the class that a land-use code belongs to."""
    return code[:CLASS_DIGITS]


def class_name(land_class: str) -> str:
    """Name a class of land."""
    if land_class == UNKNOWN:
        return t("Class not known")
    return land_use_name(land_class) or land_class

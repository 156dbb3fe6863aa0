"""Units a file's figures may have, and the one unit each column name stands for."""

from collections.abc import Mapping
from typing import Final

from gis.errors import LayerError
from gis.units import M2_PER_MU

# What one of the unit is in the unit of the column's name.
AREA: Final = {
    "m2": 1.0,
    "ha": 10_000.0,
    "har": 10_000.0,
    "mu": M2_PER_MU,
    "km2": 1e6,
    "ft2": 0.3048**2,
    "acre": 4046.8564224,
}
LENGTH: Final = {"m": 1.0, "km": 1000.0, "ft": 0.3048}
SHARE: Final = {"share": 1.0, "percent": 0.01}
PRICE: Final = {
    "cny/m2": 1.0,
    "cny/mu": 1 / M2_PER_MU,
    "wan_cny/mu": 10_000 / M2_PER_MU,
    "wan_cny/ha": 1.0,
}
# Column names end in their unit; the first that fits counts.
BY_SUFFIX: Final[tuple[tuple[str, Mapping[str, float]], ...]] = (
    ("_cny_m2", PRICE),
    ("_m2", AREA),
    ("_m", LENGTH),
    ("_max", SHARE),
    ("_min", SHARE),
    ("_share", SHARE),
)


def factor(target: str, unit: str) -> float:
    """Tell by what a file's figure is multiplied to stand under a column's name.

    Args:
        target: Name of the column here, which ends in its unit.
        unit: Unit of the file; empty means the unit of the name.

    Returns:
        The factor, 1 where nothing changes.

    Raises:
        LayerError: The unit does not measure what the column's name says.
    """
    if not unit:
        return 1.0
    for suffix, units in BY_SUFFIX:
        if target.endswith(suffix):
            if unit in units:
                return units[unit]
            raise LayerError(
                "The unit of `{column}` is {unit}; allowed: {allowed}.",
                column=target,
                unit=unit,
                allowed=", ".join(units),
            )
    raise LayerError(
        "The column `{column}` has the unit {unit}, but its name ends in no unit.",
        column=target,
        unit=unit,
    )

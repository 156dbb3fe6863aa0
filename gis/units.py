"""Units of area and price, converted in one place and rounded as people see them.

亩 (mu) is 10000/15 m2. What is compared is what is shown: mu and m2 to 0.01, hectares
to 0.0001, prices to 0.01. Halves round up (四舍五入).
"""

import math
import re
from dataclasses import dataclass
from typing import Final, Self, overload

import numpy as np
from numpy.typing import NDArray

from gis.errors import NeedError
from gis.words import Title

M2_PER_MU: Final = 10_000 / 15
M2_IN: Final[dict[str, float]] = {"mu": M2_PER_MU, "ha": 10_000.0, "m2": 1.0}
# What one of the unit is in yuan per square metre.
CNY_M2_IN: Final[dict[str, float]] = {
    "wan_cny/mu": 10_000 / M2_PER_MU,
    "cny/m2": 1.0,
}
DECIMALS: Final[dict[str, int]] = {
    "mu": 2,
    "ha": 4,
    "m2": 2,
    "wan_cny/mu": 2,
    "cny/m2": 2,
}
# What people read for a price's unit: in the head of a column, and after a figure.
UNIT_TITLES: Final[dict[str, str]] = {
    "wan_cny/mu": Title("10,000 CNY/mu"),
    "cny/m2": Title("CNY/m2"),
}
UNITS_AFTER: Final[dict[str, str]] = {
    "wan_cny/mu": Title("× 10,000 CNY/mu"),
    "cny/m2": Title("CNY/m2"),
}
_AREAS: Final = Title("mu, ha, m2")
_PRICES: Final = Title("× 10,000 CNY/mu, CNY/m2")
_ALIASES: Final[dict[str, str]] = {
    "亩": "mu",
    "公顷": "ha",
    "hm2": "ha",
    "平方米": "m2",
    "㎡": "m2",
    "m²": "m2",
    "万元/亩": "wan_cny/mu",
    "× 10,000 CNY/mu": "wan_cny/mu",
    "x 10,000 CNY/mu": "wan_cny/mu",
    "元/平方米": "cny/m2",
    "元/㎡": "cny/m2",
    "元/m2": "cny/m2",
    "元/m²": "cny/m2",
}
_QUANTITY: Final = re.compile(r"([-+]?[\d.,，]+(?:[eE][-+]?\d+)?)\s*(\D.*)")
# A thousandth of the last digit's half: hides float noise, not a surveyor's figure.
_NOISE: Final = 1e-6

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Area:
    """An area in the unit a person wrote it in.

    Attributes:
        value: How many of the unit.
        unit: "mu", "ha" or "m2".
    """

    value: float
    unit: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an area such as "150 mu", "10 公顷" or "2000 m2".

        Args:
            text: Number and unit.

        Returns:
            The area, its unit in the short form.

        Raises:
            NeedError: There is no number, or no unit of area after it.
        """
        return cls(*_parse(text, M2_IN))

    @property
    def m2(self) -> float:
        """Square metres."""
        return self.value * M2_IN[self.unit]

    def __str__(self) -> str:
        return f"{plain(self.value)} {self.unit}"


@dataclass(frozen=True, slots=True)
class Price:
    """A price of land in the unit a person wrote it in.

    Attributes:
        value: How many of the unit.
        unit: "wan_cny/mu" (万元/亩) or "cny/m2" (元/平方米).
    """

    value: float
    unit: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a price such as "25 wan_cny/mu", "25 万元/亩" or "375 cny/m2".

        Args:
            text: Number and unit.

        Returns:
            The price, its unit in the short form.

        Raises:
            NeedError: There is no number, or no unit of price after it.
        """
        return cls(*_parse(text, CNY_M2_IN))

    @property
    def cny_m2(self) -> float:
        """Yuan per square metre."""
        return self.value * CNY_M2_IN[self.unit]

    def __str__(self) -> str:
        return f"{plain(self.value)} {self.unit}"


def plain(value: float) -> str:
    """Write a number without a needless ".0"."""
    return str(int(value)) if value == int(value) else repr(float(value))


@overload
def rounded(values: float, decimals: int) -> float: ...
@overload
def rounded(values: Numbers, decimals: int) -> Numbers: ...
def rounded(values: float | Numbers, decimals: int) -> float | Numbers:
    """Round halves up, and float noise below a half as well.

    Args:
        values: Numbers; NaN stays NaN.
        decimals: Digits kept after the point.

    Returns:
        The nearest numbers of that many decimals, each the same float64 that its
        decimal text reads as.
    """
    scale = 10.0**decimals
    if not isinstance(values, np.ndarray):
        return math.floor(values * scale + (0.5 + _NOISE)) / scale
    grid = values * scale
    grid += 0.5 + _NOISE
    np.floor(grid, out=grid)
    grid /= scale
    return grid


@overload
def shown(area_m2: float, unit: str) -> float: ...
@overload
def shown(area_m2: Numbers, unit: str) -> Numbers: ...
def shown(area_m2: float | Numbers, unit: str) -> float | Numbers:
    """Convert areas to a unit, rounded as they are shown.

    Args:
        area_m2: Square metres.
        unit: "mu", "ha" or "m2".

    Returns:
        Areas in the unit: mu and m2 to 0.01, ha to 0.0001.
    """
    return rounded(area_m2 / M2_IN[unit], DECIMALS[unit])


@overload
def price_shown(price_cny_m2: float, unit: str) -> float: ...
@overload
def price_shown(price_cny_m2: Numbers, unit: str) -> Numbers: ...
def price_shown(price_cny_m2: float | Numbers, unit: str) -> float | Numbers:
    """Convert prices to a unit, rounded to 0.01 as they are shown.

    Args:
        price_cny_m2: Yuan per square metre.
        unit: "wan_cny/mu" or "cny/m2".

    Returns:
        Prices in the unit.
    """
    return rounded(price_cny_m2 / CNY_M2_IN[unit], DECIMALS[unit])


def _parse(text: str, units: dict[str, float]) -> tuple[float, str]:
    """Split a quantity into its number and its unit."""
    found = _QUANTITY.fullmatch(text.strip())
    if found:
        unit = _ALIASES.get(found[2].strip(), found[2].strip().lower())
        number = _number(found[1])
        if unit in units and number is not None:
            return number, unit
    raise NeedError(
        "{read} is not a number with one of the units {allowed}.",
        read=repr(text),
        allowed=_AREAS if units is M2_IN else _PRICES,
    )


def _number(text: str) -> float | None:
    """Read a number with or without thousands separators."""
    try:
        number = float(text.replace(",", "").replace("，", ""))
    except ValueError:
        return None
    return number if math.isfinite(number) else None

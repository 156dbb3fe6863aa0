"""The words of the data that a need may choose from, and how codes are read."""

import re
from collections.abc import Collection
from typing import Final

from gis.words import Title

SERVICES: Final = {
    "road": Title("Road"),
    "water": Title("Water supply"),
    "drainage": Title("Drainage"),
    "power": Title("Power"),
    "heat": Title("Heat"),
    "gas": Title("Gas"),
    "telecom": Title("Telecom"),
}
# The best first; "unknown" is no level.
SERVICE_LEVELS: Final = {
    "present": Title("present"),
    "at_boundary": Title("at the boundary"),
    "planned": Title("planned"),
    "none": Title("none"),
}
STOCK_STATUSES: Final = {
    "approved_unsupplied": Title("Approved, not supplied"),
    "supplied_unused": Title("Supplied, not used"),
    "net_land": Title("Net land"),
    "standard_land": Title("Standard land"),
    "inefficient": Title("Inefficient land"),
    "planned": Title("Planned"),
}
PROVINCE: Final = 2
_REGION: Final = re.compile(r"\d{2}|\d{4}|\d{6}")


def is_region_code(code: str) -> bool:
    """Tell whether a text is a GB/T 2260 code: province, prefecture or county."""
    return bool(_REGION.fullmatch(code))


def region_prefix(code: str) -> str:
    """Return the digits that all counties of a region begin with.

    "520000" and "52" are a province, "520100" and "5201" a prefecture, "520115" a
    county.
    """
    while len(code) > PROVINCE and code.endswith("00"):
        code = code[:-2]
    return code


def lies_in(code: str, regions: Collection[str]) -> bool:
    """Tell whether a county lies in one of some regions."""
    return any(code.startswith(region_prefix(region)) for region in regions)


def is_part_of(code: str, whole: str) -> bool:
    """Tell whether a land-use class is another or a class below it.

    Args:
        code: A class. Codes of 用地用海分类 grow by two digits a level; codes of other
            systems (letters among them) stand only for themselves.
        whole: The class that may hold it.

    Returns:
        Whether it does.
    """
    if code.isdigit() and whole.isdigit():
        return code.startswith(whole)
    return code == whole

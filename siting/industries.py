"""Industries, land-use classes, and which class an industry may stand on."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

INDUSTRY: Final = re.compile(r"[A-T](\d{2,4})?")
# A section letter and two digits: all divisions are in the table, not all classes.
DIVISION: Final = 3
MOST: Final = 4096
"""So many industries are remembered: all of GB/T 4754 are fewer."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """Where an industry may stand.

    Attributes:
        codes: Land-use classes to use as things are.
        confirmed: Whether they follow from the names in the two classifications.
        refined: A narrower choice that nobody has confirmed; empty where there is none.
        source: Why.
        edition: Edition of the table.
    """

    codes: tuple[str, ...]
    confirmed: bool
    refined: tuple[str, ...]
    source: str
    edition: str


@cache
def table(name: str) -> dict[str, Any]:
    """Read a rule table of this package; the answer is shared, never to be changed."""
    return tomllib.loads((files("siting.tables") / f"{name}.toml").read_text("utf-8"))


def land_use_name(code: str, *, english: bool = False) -> str:
    """Name a land-use class of 用地用海分类.

    Args:
        code: The class.
        english: By our own translation instead of the classification's Chinese.

    Returns:
        Its name, "" where it is unknown.
    """
    return str(_names("land_use_classes", english=english).get(code, ""))


def industry_name(code: str, *, english: bool = False) -> str:
    """Name an industry: its own name, or that of the division above it.

    Args:
        code: GB/T 4754-2017 code.
        english: By our own translation instead of the classification's Chinese.

    Returns:
        Its name, "" where it is unknown.
    """
    names = _names("industries", english=english)
    for length in range(len(code), 0, -1):
        if code[:length] in names:
            return str(names[code[:length]])
    return ""


def _names(of: str, *, english: bool) -> dict[str, str]:
    found: dict[str, str] = table("english")[of] if english else table(of)["names"]
    return found


def is_industry(code: str) -> bool:
    """Tell whether a text is a GB/T 4754-2017 code of a known division."""
    known = bool(INDUSTRY.fullmatch(code))
    return known and code[:DIVISION] in table("industries")["names"]


def is_land_use(code: str) -> bool:
    """Tell whether a text may be a land-use class.

    Args:
        code: Digits alone are 用地用海分类 and must be in its table; anything else is
            another system's code, which stands for itself.

    Returns:
        Whether it can be asked for.
    """
    return bool(land_use_name(code)) if code.isdigit() else bool(code.strip())


@lru_cache(MOST)
def permitted(industry: str) -> Mapping | None:
    """Look up where an industry may stand.

    Args:
        industry: GB/T 4754-2017 code, of any length.

    Returns:
        The row with the longest code that the industry begins with; None where the
        table has none.
    """
    told = table("industry_land_use")
    row = _longest(told["rows"], industry)
    if row is None:
        return None
    refined = _longest(told["refinements"], industry)
    return Mapping(
        codes=tuple(row["codes"]),
        confirmed=row["confidence"] == "confirmed",
        refined=tuple(refined["codes"]) if refined else (),
        source=row["source"],
        edition=told["edition"],
    )


def _longest(rows: list[dict[str, Any]], industry: str) -> dict[str, Any] | None:
    fits = [row for row in rows if industry.startswith(row["industry"])]
    return max(fits, key=lambda row: len(row["industry"]), default=None)

"""What stands in a cell of a ledger that is handed in, read as a project's field."""

import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from gis.errors import LedgerError
from ledger.fields import FIELD_TITLES
from ledger.model import Level, Stage

FIELDS: Final = (
    "code",
    "title",
    "investor",
    "industry",
    "level",
    "region",
    "stage",
    "signed_on",
    "started_on",
    "production_on",
    "investment_wan_cny",
    "output_wan_cny",
    "tax_wan_cny",
    "jobs",
    "land_demand_mu",
    "owner",
    "leader",
    "note",
)
"""Fields of a project that a table may hold, in the order of the template."""

DATES: Final = ("signed_on", "started_on", "production_on")
NUMBERS: Final = (
    "investment_wan_cny",
    "output_wan_cny",
    "tax_wan_cny",
    "jobs",
    "land_demand_mu",
)
CODED: Final = ("code", "region", "industry")
_DAY: Final = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\D.*)?"
)


@dataclass(frozen=True)
class Vocabulary:
    """Words of people for what is stored as codes, in any language they write.

    All words stand as `normal` writes them.

    Attributes:
        levels: Levels by word.
        stages: Stages by word.
        places: Region codes by name; names that several places share are left out.
        industries: Codes of industries by name.
    """

    levels: Mapping[str, Level]
    stages: Mapping[str, Stage]
    places: Mapping[str, str]
    industries: Mapping[str, str]


def read_cell(name: str, text: str, words: Vocabulary) -> Any:  # noqa: ANN401 - a field's value
    """Read a cell.

    Args:
        name: Field of `FIELDS`.
        text: What stands there.
        words: Words for what is stored as codes.

    Returns:
        The field's value; None or "" for an empty cell.

    Raises:
        LedgerError: It cannot be read as what the field is.
    """
    plain = normal(text)
    if name in DATES:
        return _day(name, plain)
    if name in NUMBERS:
        return _number(name, plain)
    strict: Mapping[str, Any] | None = {
        "level": words.levels,
        "stage": words.stages,
    }.get(name)
    if strict is not None:
        return _word(name, plain, strict)
    names = {"region": words.places, "industry": words.industries}.get(name, {})
    return names.get(plain, plain if name in CODED else text.strip())


def normal(text: str) -> str:
    """Write full-width letters, digits and brackets as their plain ones."""
    return unicodedata.normalize("NFKC", text).strip()


def _day(name: str, text: str) -> date | None:
    if not text:
        return None
    found = _DAY.fullmatch(text)
    with suppress(ValueError):
        if found is not None:
            year, month, day = map(int, found.groups())
            return date(year, month, day)
    raise LedgerError(
        "{field}: {value} is not a date (YYYY-MM-DD).",
        field=FIELD_TITLES[name],
        value=text,
    )


def _number(name: str, text: str) -> float | int | None:
    if not text:
        return None
    try:
        value = float(text.replace(",", "").replace(" ", ""))
    except ValueError as error:
        raise LedgerError(
            "{field}: {value} is not a number of 0 or more.",
            field=FIELD_TITLES[name],
            value=text,
        ) from error
    return int(value) if name == "jobs" and value.is_integer() else value


def _word(name: str, text: str, words: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a word's value
    if not text:
        return None
    if text not in words:
        raise LedgerError(
            "{field}: {value} is not one of {allowed}.",
            field=FIELD_TITLES[name],
            value=text,
            allowed=", ".join(w for w in words if w.isascii() is text.isascii()),
        )
    return words[text]

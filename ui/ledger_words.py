"""The words of a ledger's table in every language: heads, levels, stages, places."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from ledger.fields import FIELD_TITLES
from ledger.intake import VERSION
from ledger.intake_cells import FIELDS, Vocabulary, normal
from ledger.model import Level, Stage
from siting.industries import table
from ui import resources
from ui.i18n import LANGUAGES, say_in, t

UNITS: Final = {
    "investment_wan_cny": "10,000 CNY",
    "output_wan_cny": "10,000 CNY",
    "tax_wan_cny": "10,000 CNY",
    "land_demand_mu": "mu",
}
"""Units of the figures, as msgids that the app has words for."""


def heads(code: str) -> dict[str, str]:
    """Name the columns of a ledger's table in a language.

    Args:
        code: Code of the language.

    Returns:
        Heads by field, with units; the version last.
    """
    named = {name: say_in(code, FIELD_TITLES[name]) for name in FIELDS}
    for name, unit in UNITS.items():
        named[name] = f"{named[name]} ({say_in(code, unit)})"
    named[VERSION] = say_in(code, "Version (leave as it is)")
    return named


def guess(columns: list[str]) -> dict[str, str]:
    """Guess which field each column is, by its head in any language.

    Args:
        columns: Heads of a table.

    Returns:
        Fields by head, for the heads that are known.
    """
    known = {
        _bare(head): name for code in LANGUAGES for name, head in heads(code).items()
    }
    known |= {name: name for name in (*FIELDS, VERSION)}
    return {head: known[_bare(head)] for head in columns if _bare(head) in known}


def vocabulary() -> Vocabulary:
    """Return what people may write for levels, stages, places and industries."""
    return Vocabulary(
        levels=_words(Level),
        stages=_words(Stage),
        places=_unique(
            (name, place)
            for code in LANGUAGES
            for place, name in resources.place_names(code).items()
        ),
        industries=_unique(
            (str(name), code) for code, name in table("industries")["names"].items()
        ),
    )


def about_version() -> str:
    """Explain the column of versions."""
    return t("Version (leave as it is)")


def _words(kind: type[Any]) -> Mapping[str, Any]:
    found = {word.value: word for word in kind}
    for code in LANGUAGES:
        found |= {normal(say_in(code, word.label)): word for word in kind}
    return found


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Keep the names that mean one thing only."""
    found: dict[str, str] = {}
    shared: set[str] = set()
    for name, code in pairs:
        if found.setdefault(normal(name), code) != code:
            shared.add(normal(name))
    return {name: code for name, code in found.items() if name not in shared}


def _bare(head: str) -> str:
    """Compare heads without units, spaces and case."""
    return re.sub(r"[(（].*|\s", "", head).casefold()

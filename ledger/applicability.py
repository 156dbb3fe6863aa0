"""To whom a document applies, as data: conditions that are read, checked and written.

All conditions must hold; of the words of one condition any is enough. A condition that
names nothing asks nothing.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from math import isfinite
from typing import Any, Final

from gis.errors import LedgerError
from gis.words import Title
from ledger.access import is_code
from ledger.model import Stage, Word
from siting.industries import is_industry, is_land_use
from siting.words import STOCK_STATUSES

SECTION: Final = re.compile(r"[A-T]")
COLUMN: Final = re.compile(r"[a-z][a-z0-9_]{0,79}")
MOST_WORDS: Final = 200
MOST_TEXT: Final = 500


class About(Word):
    """What a document can be asked about."""

    PROJECT = "project", Title("Projects")
    PARCEL = "parcel", Title("Parcels")
    ZONE = "zone", Title("Development zones")


class Kind(Word):
    """The conditions, in the order they are told."""

    INDUSTRY = "industry", Title("Industry")
    REGION = "region", Title("Region")
    LAND_CLASS = "land_class", Title("Land class")
    STOCK = "stock", Title("Stock status")
    STAGE = "stage", Title("Project stage")
    INVESTMENT = "investment", Title("Investment")
    FACT = "fact", Title("Fact of the parcel")
    TOLD = "told", Title("To be judged by a person")


@dataclass(frozen=True)
class Limits:
    """From how much to how much, both included; None is open."""

    least: float | None = None
    most: float | None = None

    def __bool__(self) -> bool:
        """Tell whether anything is asked."""
        return self.least is not None or self.most is not None


@dataclass(frozen=True)
class FactAsked:
    """What a fact of the parcel must be, by the column that screening reads.

    Attributes:
        column: Name of the column, such as "farmland_overlap_m2".
        words: Words of which it must be one; none where it is a figure.
        least: The least it may be; None is open.
        most: The most it may be; None is open.
    """

    column: str
    words: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True)
class Applicability:
    """To whom a document applies.

    Attributes:
        about: What it can be asked about; it never applies to anything else.
        industries: GB/T 4754 codes, each with all below it.
        regions: Codes of provinces, prefectures, counties, management regions.
        land_classes: Land-use classes (用地用海分类), each with all below it.
        stocks: Stock statuses of land.
        stages: Stages of a project.
        investment: Investment in 10,000 yuan.
        facts: Facts of the parcel.
        told: What no column answers: said in words, judged by a person.
    """

    about: tuple[About, ...]
    industries: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    land_classes: tuple[str, ...] = ()
    stocks: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = ()
    investment: Limits = Limits()
    facts: tuple[FactAsked, ...] = ()
    told: tuple[str, ...] = ()


def read(text: str) -> Applicability | None:
    """Read what the ledger keeps.

    Args:
        text: JSON that was checked before it was stored.

    Returns:
        The conditions; None where nobody has written them down.
    """
    return of_data(json.loads(text)) if text else None


def of_data(data: Mapping[str, Any]) -> Applicability:
    """Read conditions out of plain data that has no faults.

    Args:
        data: As JSON or TOML reads it.

    Returns:
        The conditions.
    """
    limits = data.get("investment") or {}
    return Applicability(
        about=tuple(About(one) for one in data["about"]),
        investment=Limits(limits.get("least"), limits.get("most")),
        stages=tuple(Stage(one) for one in data.get("stages") or ()),
        facts=tuple(
            FactAsked(
                column=one["column"],
                words=tuple(one.get("words") or ()),
                least=one.get("least"),
                most=one.get("most"),
            )
            for one in data.get("facts") or ()
        ),
        **{name: tuple(data.get(name) or ()) for name in _WORDS},
    )


def written(applies: Applicability | None) -> str:
    """Write conditions as the ledger keeps them.

    Args:
        applies: The conditions; None where there are none.

    Returns:
        JSON, without what asks nothing; "" for None.
    """
    if applies is None:
        return ""
    told = {name: said for name, said in asdict(applies).items() if said}
    if not applies.investment:
        told.pop("investment", None)
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def faults(text: str) -> list[LedgerError]:
    """Find what is wrong with conditions that somebody hands in.

    Args:
        text: JSON; "" for none.

    Returns:
        One error for each fault.
    """
    if not text.strip():
        return []
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        return [LedgerError("The conditions of a policy are a table in JSON.")]
    return list(_faults(data))


def _faults(data: Mapping[str, Any]) -> Iterator[LedgerError]:
    known = {one.name for one in fields(Applicability)}
    if unknown := sorted(set(data) - known):
        yield LedgerError(
            "There is no condition called {names}: choose among {known}.",
            names=", ".join(unknown),
            known=", ".join(sorted(known)),
        )
    if not data.get("about"):
        yield LedgerError(
            "Say what the policy can be asked about: {known}.", known=", ".join(About)
        )
    for name, right in _CHECKS.items():
        yield from _words(name, data.get(name), right)
    limits = data.get("investment")
    if limits is not None and not _limited(limits):
        yield LedgerError(
            "The investment is told by least and most, numbers of 0 or more, in order."
        )
    facts = data.get("facts") or []
    if not isinstance(facts, list) or not all(map(_is_fact, facts)):
        yield LedgerError(
            "A fact of the parcel needs its column, and words, or least and most."
        )


def _words(
    name: str, found: object, right: Callable[[str], bool]
) -> Iterator[LedgerError]:
    if found is None:
        return
    if not isinstance(found, list) or len(found) > MOST_WORDS:
        yield LedgerError(
            "{name} is a list of at most {most} words.", name=name, most=MOST_WORDS
        )
        return
    wrong = [one for one in found if not isinstance(one, str) or not right(one)]
    if wrong:
        yield LedgerError(
            "{name} does not know {words}.",
            name=name,
            words=", ".join(str(one)[:40] for one in wrong),
        )


def _is_sector(code: str) -> bool:
    return bool(SECTION.fullmatch(code)) or is_industry(code)


def _limited(found: object) -> bool:
    if not isinstance(found, dict) or set(found) - {"least", "most"}:
        return False
    given = [found[name] for name in ("least", "most") if found.get(name) is not None]
    return all(_is_number(one, least=0) for one in given) and given == sorted(given)


def _is_fact(found: object) -> bool:
    if not isinstance(found, dict):
        return False
    words, column = found.get("words") or [], found.get("column")
    if not isinstance(column, str) or not COLUMN.fullmatch(column):
        return False
    if set(found) - {"column", "words", "least", "most"} or not isinstance(words, list):
        return False
    limits = [found[name] for name in ("least", "most") if found.get(name) is not None]
    numbers = all(_is_number(one) for one in limits) and (
        not limits or limits == sorted(limits)
    )
    worded = all(isinstance(one, str) and one for one in words)
    return numbers and worded and bool(words) is not bool(limits)


def _is_number(found: object, least: float | None = None) -> bool:
    if isinstance(found, bool) or not isinstance(found, int | float):
        return False
    return isfinite(found) and (least is None or found >= least)


def _is_told(text: str) -> bool:
    return 0 < len(text.strip()) <= MOST_TEXT


_CHECKS: Final[Mapping[str, Callable[[str], bool]]] = {
    "about": lambda one: one in list(About),
    "industries": _is_sector,
    "regions": is_code,
    "land_classes": is_land_use,
    "stocks": STOCK_STATUSES.__contains__,
    "stages": lambda one: one in list(Stage),
    "told": _is_told,
}
_WORDS: Final = ("industries", "regions", "land_classes", "stocks", "told")

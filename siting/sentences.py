"""Gaps as sentences: how far a parcel is from the limit, in the unit of the limit."""

from collections.abc import Mapping
from typing import Final

from gis.units import DECIMALS
from gis.words import Title
from siting.compare import METRE_DECIMALS, SHARE_DECIMALS
from siting.note import Note

AT_THE_LIMIT: Final = Title("exactly at the limit")
# By unit: below the least, above the most, to spare.
BY_UNIT: Final[Mapping[str, tuple[str, str, str]]] = {
    "mu": (
        Title("short by {gap} mu"),
        Title("{gap} mu too large"),
        Title("{gap} mu to spare"),
    ),
    "ha": (
        Title("short by {gap} ha"),
        Title("{gap} ha too large"),
        Title("{gap} ha to spare"),
    ),
    "m2": (
        Title("short by {gap} m2"),
        Title("{gap} m2 too large"),
        Title("{gap} m2 to spare"),
    ),
    "share": (
        Title("short by {gap} % of the parcel"),
        Title("{gap} % of the parcel too much"),
        Title("{gap} % of the parcel to spare"),
    ),
    "wan_cny/mu": (
        Title("{gap} × 10,000 CNY/mu too low"),
        Title("{gap} × 10,000 CNY/mu too dear"),
        Title("{gap} × 10,000 CNY/mu to spare"),
    ),
    "cny/m2": (
        Title("{gap} CNY/m2 too low"),
        Title("{gap} CNY/m2 too dear"),
        Title("{gap} CNY/m2 to spare"),
    ),
    "m": (
        Title("short by {gap}"),
        Title("{gap} too far"),
        Title("{gap} to spare"),
    ),
    "d": (
        Title("{gap} days too early"),
        Title("{gap} days too late"),
        Title("{gap} days to spare"),
    ),
    "": (
        Title("off the planned range by {gap}"),
        Title("off the planned range by {gap}"),
        Title("within the planned range by {gap}"),
    ),
}
BESIDE: Final[Mapping[str, str]] = {
    "hit": Title("overlaps it"),
    "clear": Title("checked, clear of it"),
    "partly_covered": Title("only part of the parcel was checked"),
    "not_checked": Title("the layer does not reach this parcel"),
    "measured": Title("measured"),
}
YES: Final = Title("as asked")
NO: Final = Title("not as asked")
UNKNOWN: Final = Title("not checked")
KILOMETRE: Final = 1_000
_DECIMALS: Final = {
    **DECIMALS,
    "m": METRE_DECIMALS,
    "share": SHARE_DECIMALS - 2,
    "d": 0,
    "": 2,
}


def figure(value: float, unit: str) -> str:
    """Write a figure as people read it; shares per cent, without needless zeros.

    Args:
        value: In the unit.
        unit: As an answer tells it.

    Returns:
        Digits with thousands parted by commas, no unit.
    """
    shown = value * 100 if unit == "share" else value
    text = f"{shown:,.{_DECIMALS[unit]}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def distance(value_m: float) -> str:
    """Write a distance with its unit: kilometres from 1,000 m on.

    Args:
        value_m: Metres.

    Returns:
        "81.3 m" or "2.78 km".
    """
    if value_m >= KILOMETRE:
        return f"{value_m / KILOMETRE:,.2f} km"
    return f"{figure(value_m, 'm')} m"


def gap_sentence(gap: float | None, unit: str, *, below: bool, state: str) -> Note:
    """Say how far a parcel is from what is asked.

    Args:
        gap: Signed, in the unit; None where there is none.
        unit: As the answer tells it.
        below: Whether a failing value lies below the least rather than above the most.
        state: "pass", "fail" or "not_checked".

    Returns:
        The sentence.
    """
    if state == "not_checked":
        return Note(UNKNOWN)
    # Wholly in, or not at all: there is no less and no more.
    if gap is None or (gap == 0 and unit == "share"):
        return Note(YES if state == "pass" else NO)
    if gap == 0:
        return Note(AT_THE_LIMIT)
    short, over, spare = BY_UNIT[unit]
    msgid = spare if gap > 0 else (short if below else over)
    away = distance(abs(gap)) if unit == "m" else figure(abs(gap), unit)
    return Note(msgid, gap=away)

"""Figures and blanks of facts, written for people; a blank is never shown as zero."""

import pandas as pd

from gis.units import M2_PER_MU, UNITS_AFTER
from gis.words import Title
from siting.industries import industry_name, land_use_name
from siting.sentences import distance
from ui.i18n import t

PRICE_PER_MU = M2_PER_MU / 10_000
UNKNOWN = Title("unknown")


def price_text(price_cny_m2: object) -> str:
    """Return a price in 10,000 yuan per mu, or that it is unknown."""
    if absent(price_cny_m2):
        return t("unknown")
    return f"{float(str(price_cny_m2)) * PRICE_PER_MU:,.2f}"


def area_mu(area_m2: float) -> str:
    """Return an area in mu, as shown: two decimals."""
    return f"{area_m2 / M2_PER_MU:,.2f}"


def land_use_text(code: object) -> str:
    """Return a land-use code with its name."""
    text = "" if absent(code) else str(code)
    return " ".join(filter(None, (text, land_use_name(text)))) or t("none")


def area_text(area_m2: float) -> str:
    """Write an area in mu and square metres."""
    return t("{mu} mu · {m2} m2", mu=area_mu(area_m2), m2=f"{area_m2:,.2f}")


def price_with_unit(price_cny_m2: object) -> str:
    """Write a price with its unit, or that it is unknown."""
    if absent(price_cny_m2):
        return t("unknown")
    return f"{price_text(price_cny_m2)} {unit_after('wan_cny/mu')}"


def unit_after(unit: str) -> str:
    """Write a unit of area or price as it stands after a figure."""
    return t(UNITS_AFTER.get(unit, unit))


def metres(away: object) -> str:
    """Write a distance; kilometres from 1,000 m on."""
    return distance(float(str(away)))


def industries_text(codes: str) -> str:
    """Name industries of GB/T 4754 by their codes, joined by ";"."""
    known = (code.strip() for code in codes.split(";"))
    return ", ".join(industry_name(code) or code for code in known if code)


def percent(share: object) -> str:
    """Write a share per cent, one decimal."""
    return f"{float(str(share)):.1%}"


def gap_text(gap: float, *, digits: int) -> str:
    """Write a relative difference per cent, with its sign."""
    return f"{gap:+.{digits}%}"


def range_text(low: object, high: object) -> str:
    """Write a range of which an end may be open."""
    if absent(low) and absent(high):
        return t("unknown")
    ends = ("" if absent(end) else f"{float(str(end)):g}" for end in (low, high))
    return " - ".join(ends)


def share_text(share: object) -> str:
    """Write a share as whole per cent, or that it is unknown."""
    return t("unknown") if absent(share) else f"{float(str(share)):.0%}"


def figure_text(value: object, unit: str) -> str:
    """Write a figure with its unit, or that it is unknown."""
    return t("unknown") if absent(value) else f"{float(str(value)):,.1f} {unit}"


def text_or(value: object, otherwise: str | None = None) -> str:
    """Write a text, or what stands for a blank."""
    return (otherwise or t("unknown")) if absent(value) else str(value)


def absent(value: object) -> bool:
    """Tell whether a fact holds nothing: None, NaN or an empty text."""
    return value is None or value == "" or bool(pd.isna(value))  # type: ignore[call-overload]

"""How land is told to visitors: names, figures and reasons in both languages.

In English, names of places and zones are English or pinyin, and every class and
industry has a name; what is not known says so.
"""

from typing import Any

from siting.industries import industry_name, land_use_name
from siting.plain_reasons import Called, Plain
from siting.words import STOCK_STATUSES
from ui import resources
from ui.figures import absent, price_with_unit
from ui.i18n import SOURCE, language, t
from ui.parcel_facts import public_area


def is_english() -> bool:
    """Tell whether the reader reads English."""
    return language() == SOURCE


def place(code: object) -> str:
    """Name a county or prefecture; "" where it is unknown."""
    text = "" if absent(code) else str(code)
    return resources.place_names(language()).get(text, text)


def place_line(code: object) -> str:
    """Name a county and the prefecture that it lies in."""
    text = "" if absent(code) else str(code)
    names = resources.place_names(language())
    found = [names.get(one, "") for one in (f"{text[:4]}00", text)]
    apart = ", " if is_english() else " "
    parts = [one for one in found if one]
    return apart.join(reversed(parts) if is_english() else parts)


def zone(code: object) -> str:
    """Name a development zone; "" where there is none."""
    text = "" if absent(code) else str(code)
    return named(resources.zone_names(language()).get(text, text))


def named(name: str) -> str:
    """Write a name of the data in the reader's letters."""
    return resources.english_name(name) if is_english() else name


def parcel(parcel_id: str, name: object) -> str:
    """Name a parcel: by its name, else by its number."""
    return parcel_id if absent(name) else named(str(name))


def industry(code: str) -> str:
    """Name an industry, "" for none."""
    return industry_name(code, english=is_english()) if code else ""


def industries(codes: object) -> str:
    """Name industries of GB/T 4754 by their codes, joined by ";"."""
    known = ("" if absent(codes) else str(codes)).split(";")
    names = (industry(one.strip()) or one.strip() for one in known)
    return t(", ").join(filter(None, names))


def land_use(code: object) -> str:
    """Name a class of land use with its code, or say that it is unknown."""
    text = "" if absent(code) else str(code)
    name = land_use_name(text, english=is_english())
    return " ".join(filter(None, (name, text))) or t("unknown")


def stock(status: object) -> str:
    """Name how ready land is, or say that it is unknown."""
    known = STOCK_STATUSES.get("" if absent(status) else str(status))
    return t(known) if known else t("unknown")


def area(area_m2: object) -> str:
    """Write an area in mu, hectares and square metres, or that it is unknown."""
    return t("unknown") if absent(area_m2) else public_area(float(str(area_m2)))


def price(price_cny_m2: object) -> str:
    """Write a price by mu and by square metre, or that it is unknown."""
    if absent(price_cny_m2):
        return t("unknown")
    return f"{price_with_unit(price_cny_m2)} · " + t(
        "{price} CNY/m2", price=f"{float(str(price_cny_m2)):,.0f}"
    )


def called(industry_code: str) -> Called:
    """Return what reasons call layers and the industry that was asked for."""
    layers = {name: t(one.title) for name, one in resources.catalog().items()}
    return Called(layers, industry(industry_code))


def reason(one: Plain) -> str:
    """Write a reason in the reader's language."""
    listed = t(", ").join(t(word) for word in one.listed)
    values: dict[str, Any] = dict(one.note.values)
    if one.listed:
        values["listed"] = listed
    return t(one.note.msgid, **values)

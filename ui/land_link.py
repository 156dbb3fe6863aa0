"""The address of a visitor's page: answers, short list, parcel, zone; no account.

Whatever stands in an address may have been typed by anybody: what is too long, unknown
or no figure is left out, and the rest still holds.
"""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote, urlencode

from siting.four_questions import (
    MOST_MU,
    MOST_NEAR,
    OPEN,
    USUAL_KM,
    WHEN,
    Answers,
)
from siting.industries import is_industry
from siting.words import is_region_code

MOST_LISTED: Final = 12
MOST_COMPARED: Final = 4
LONGEST_ID: Final = 80
LONGEST_CODE: Final = 32
MOST_KM: Final = 200.0
APART: Final = ","
# What the map adds to the address and reads again by itself.
MAPS_OWN: Final = ("layers", "view")


@dataclass(frozen=True)
class LandLink:
    """What an address tells.

    Attributes:
        answers: Answers to the four questions; None where none was given.
        listed: The short list, in the order it was made.
        parcel_id: The parcel that is looked at, "" for none.
        zone: Code of the zone that is looked at, "" for none.
        language: zh_CN or en, "" as the browser asks.
    """

    answers: Answers | None = None
    listed: tuple[str, ...] = ()
    parcel_id: str = ""
    zone: str = ""
    language: str = ""


def read(params: Mapping[str, str], layers: Collection[str]) -> LandLink:
    """Read an address.

    Args:
        params: Names and values of its query, decoded.
        layers: Names of the infrastructure layers that may be asked for.

    Returns:
        What it tells; whatever is wrong is left out.
    """
    return LandLink(
        answers=_answers(params, layers),
        listed=tidy(params.get("list", "").split(APART)),
        parcel_id=one_id(params.get("parcel", "")),
        zone=one_id(params.get("zone", ""))[:LONGEST_CODE],
        language=params.get("lang", "")[:8],
    )


def params_of(link: LandLink) -> dict[str, str]:
    """Return the query of an address as names and values; what is empty is left out.

    Args:
        link: What it is to tell.

    Returns:
        Values by name.
    """
    told = {
        **(_told(link.answers) if link.answers else {}),
        "list": APART.join(link.listed),
        "parcel": link.parcel_id,
        "zone": link.zone,
        "lang": link.language,
    }
    return {name: value for name, value in told.items() if value}


def query(link: LandLink) -> str:
    """Write an address's query, percent-encoded, without question mark."""
    return urlencode(params_of(link), quote_via=quote, safe=APART)


def tidy(ids: Iterable[str]) -> tuple[str, ...]:
    """Hold a short list to what it may be: each parcel once, and not too many."""
    kept = dict.fromkeys(filter(None, map(one_id, ids)))
    return tuple(kept)[:MOST_LISTED]


def toggled(listed: tuple[str, ...], parcel_id: str) -> tuple[str, ...]:
    """Put a parcel on a short list, or take it off.

    Args:
        listed: The short list.
        parcel_id: The parcel.

    Returns:
        The new list; a full one takes no more.
    """
    if parcel_id in listed:
        return tuple(one for one in listed if one != parcel_id)
    return tidy((*listed, parcel_id))


def one_id(text: str) -> str:
    """Return a parcel's id; "" for what cannot be one."""
    said = text.strip()
    fits = len(said) <= LONGEST_ID and said.isprintable() and APART not in said
    return said if fits else ""


def clean(answers: Answers, layers: Collection[str]) -> Answers:
    """Leave out of answers what nobody offered.

    Args:
        answers: As a form or an address tells them.
        layers: Names of the infrastructure layers that may be asked for.

    Returns:
        Answers that make a need.
    """
    near = [one for one in dict.fromkeys(answers.near) if one in layers]
    return replace(
        answers,
        industry=answers.industry if is_industry(answers.industry) else "",
        least_mu=_bounded(answers.least_mu, MOST_MU),
        most_mu=_bounded(answers.most_mu, MOST_MU),
        near=tuple(near[:MOST_NEAR]),
        within_km=_bounded(answers.within_km, MOST_KM) or USUAL_KM,
        when=answers.when if answers.when in WHEN else OPEN,
        place=answers.place if is_region_code(answers.place) else "",
        zone=answers.zone if answers.zone.isalnum() else "",
    )


def _answers(params: Mapping[str, str], layers: Collection[str]) -> Answers | None:
    if not {"industry", "area", "near", "when", "where", "within"} & params.keys():
        return None
    least, _, most = params.get("area", "")[:LONGEST_CODE].partition("-")
    answers = Answers(
        industry=params.get("industry", "")[:LONGEST_CODE],
        least_mu=_number(least),
        most_mu=_number(most),
        near=tuple(params.get("near", "")[:400].split(APART)),
        within_km=_number(params.get("km", "")) or USUAL_KM,
        when=params.get("when", "")[:LONGEST_CODE],
        place=params.get("where", "")[:LONGEST_CODE],
        zone=params.get("within", "")[:LONGEST_CODE],
    )
    return clean(answers, layers)


def _told(answers: Answers) -> dict[str, str]:
    ends = answers.least_mu, answers.most_mu
    area = "-".join("" if end is None else f"{end:g}" for end in ends)
    told = {
        "industry": answers.industry,
        "area": area if area != "-" else "",
        "near": APART.join(answers.near),
        "km": f"{answers.within_km:g}" if answers.near else "",
        # Answers that ask nothing are answers too: one word is always there.
        "when": answers.when,
        "where": answers.place,
        "within": answers.zone,
    }
    return {name: value for name, value in told.items() if value}


def _number(text: str) -> float | None:
    try:
        return float(text[:LONGEST_CODE])
    except ValueError:
        return None


def _bounded(value: float | None, most: float) -> float | None:
    if value is None or not math.isfinite(value) or value <= 0:
        return None
    return min(value, most)

"""What a visitor's session remembers, and the address that keeps it without an account.

The address is read once a session and written whenever it would tell something else,
so that any page can be copied, shared and reopened.
"""

from datetime import date
from typing import Final

import streamlit as st

from siting.four_questions import Answers, need_of
from siting.industries import industry_name
from siting.need import Need
from siting.screen import Screening
from ui import land_link, resources, seen, share_link
from ui.i18n import language
from ui.land_link import MAPS_OWN, LandLink
from ui.search_area import SearchArea
from ui.site_ledger import held_publicly
from ui.site_map import OPENED
from ui.state import PARCEL, Slot

CONTROL_EFFECTS: Final = frozenset({"forbidden", "approval"})


def _no_answers() -> Answers | None:
    return None


def _empty() -> tuple[str, ...]:
    return ()


def _text() -> str:
    return ""


ANSWERS: Slot[Answers | None] = Slot("land_answers", _no_answers)
LISTED: Slot[tuple[str, ...]] = Slot("land_listed", _empty)
ZONE: Slot[str] = Slot("land_zone", _text)
_READ: Slot[bool] = Slot("land_link_read", bool)


def take_link() -> None:
    """Take over what the address tells, once a session."""
    if _READ.get():
        return
    _READ.set(value=True)
    params = st.query_params.to_dict()
    link = land_link.read(params, near_layers())
    OPENED.set(share_link.read({k: v for k, v in params.items() if k in MAPS_OWN}))
    ANSWERS.set(link.answers)
    LISTED.set(link.listed)
    ZONE.set(link.zone)
    if link.parcel_id:
        PARCEL.set(link.parcel_id)


def link_now(*, parcel: bool = False, zone: bool = False) -> LandLink:
    """Return what the address of a page tells now.

    Args:
        parcel: Whether the page is about the parcel that is looked at.
        zone: Whether it is about the zone that is looked at.

    Returns:
        Answers and short list, which go with the visitor from page to page, and what
        the page is about.
    """
    return LandLink(
        answers=ANSWERS.get(),
        listed=LISTED.get(),
        parcel_id=(PARCEL.get() or "") if parcel else "",
        zone=ZONE.get() if zone else "",
        language=language(),
    )


def tell_link(link: LandLink) -> None:
    """Write the address of the page, where it tells something else now.

    Args:
        link: What it is to tell; what the map adds to it by itself stays.
    """
    params = st.query_params.to_dict()
    told = land_link.params_of(link)
    if {k: v for k, v in params.items() if k not in MAPS_OWN} == told:
        return
    kept = {k: v for k, v in params.items() if k in MAPS_OWN}
    st.query_params.from_dict(told | kept)


def near_layers() -> list[str]:
    """List the layers that land can be asked to be near: those measured here."""
    measured = resources.facts().table.columns
    return [
        layer.name
        for layer in resources.catalog().with_role("infrastructure")
        if layer.publish == "public" and f"{layer.name}_distance_m" in measured
    ]


def control_lines() -> list[str]:
    """List the layers that land on offer keeps clear of: those measured here."""
    measured = resources.facts().table.columns
    return [
        layer.name
        for layer in resources.catalog().with_role("constraint")
        if layer.publish == "public"
        and layer.asked == "avoid"
        and layer.effect in CONTROL_EFFECTS
        and f"{layer.name}_share" in measured
    ]


def need_now() -> Need:
    """Return the need that the answers make; without answers any land fits."""
    answers = ANSWERS.get() or Answers()
    return need_of(
        answers,
        today=date.fromisoformat(resources.today()),
        control_lines=control_lines(),
        free=resources.published().claims != "hidden",
        title=industry_name(answers.industry),
    )


def screened(need: Need, area: SearchArea | None = None) -> Screening:
    """Screen the land on offer, all of it published.

    Args:
        need: What is asked for.
        area: Where the search is held to; None searches everywhere.

    Returns:
        The answer.
    """
    return seen.screening(need, held_publicly(), "", area)


def toggle(parcel_id: str) -> None:
    """Put a parcel on the short list, or take it off."""
    LISTED.set(land_link.toggled(LISTED.get(), parcel_id))

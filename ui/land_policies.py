"""Policies that apply to land on offer, and whom to ask, as far as it is public."""

from html import escape
from typing import Final

import streamlit as st

from ledger import service_contacts
from ui import access, resources
from ui.i18n import t
from ui.land_words import place_line
from ui.policy_matches import found_for, offices, parcel_subject, zone_subject
from ui.policy_words import matches_html
from ui.zone_rows import ZoneRow

OFFICE: Final = "investment"
TITLE_HTML: Final = "<h2 class='land-part'>{title}</h2>"


def parcel_policies(parcel_id: str) -> None:
    """Draw what applies to a parcel, or may.

    Args:
        parcel_id: The parcel.
    """
    _title()
    st.html(matches_html(found_for(parcel_subject(parcel_id)), offices()))


def zone_policies(code: str, region: str) -> None:
    """Draw what applies to a development zone, or may.

    Args:
        code: The zone.
        region: Code of its county.
    """
    _title()
    row = ZoneRow(code, code, region)
    st.html(matches_html(found_for(zone_subject(row)), offices()))


def whom_to_ask(region: str) -> list[tuple[str, str]]:
    """Name the office of a county and how it is reached.

    Args:
        region: Code of the county.

    Returns:
        Lines of label and words; where no contact is public, what to do instead.
    """
    office = t("Investment promotion bureau of {place}", place=place_line(region))
    with resources.ledger().read(access.current_actor()) as work:
        known = [
            one
            for one in service_contacts.contacts(work)
            if one.public and one.office == OFFICE and one.region == region
        ]
    reached = [(one.post, one.reach) for one in known]
    none = t("No contact is on record yet: ask in writing here.")
    return [(t("Office"), office), *(reached or [(t("Contact"), none)])]


def _title() -> None:
    st.html(TITLE_HTML.format(title=escape(t("Policies that apply"))))

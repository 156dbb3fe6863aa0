"""What stands around every page for visitors: address, short list, source, sharing."""

from collections.abc import Callable
from html import escape
from typing import Final

import streamlit as st

from gis.words import Title
from reports.check_code import code_png
from ui import resources
from ui.i18n import t
from ui.land_cards import TO_OPEN
from ui.land_link import LandLink, query
from ui.land_rounding import rounding_note
from ui.land_state import LISTED, link_now, take_link, tell_link
from ui.page_parts import asset, part
from ui.settings import settings
from ui.state import PARCEL

PARCEL_PAGE: Final = "screens/land_parcel.py"
COMPARE_PAGE: Final = "screens/compare_land.py"
SHARE_HTML: Final = '<div class="box"></div>'


def land_page(
    draw: Callable[[], None], *, parcel: bool = False, zone: bool = False
) -> None:
    """Draw a page for visitors.

    Args:
        draw: Draws what the page is about.
        parcel: Whether its address names the parcel that is looked at.
        zone: Whether its address names the zone that is looked at.
    """
    take_link()
    st.html(f"<style>{asset('land.css')}</style>")
    with st.container(key="land_page"):
        draw()
        _short_list()
        _about_data()
    if TO_OPEN.get():
        PARCEL.set(TO_OPEN.get())
        TO_OPEN.set("")
        st.switch_page(PARCEL_PAGE)
    tell_link(link_now(parcel=parcel, zone=zone))


def share(link: LandLink, title: str, *, path: str = "", key: str = "land") -> None:
    """Offer to copy, share and print a page, and its address as a QR code.

    Args:
        link: What the address is to tell.
        title: What is shared.
        path: Path of the page below the app's address; "" for the page itself.
        key: Makes the keys of the elements.
    """
    address = address_of(link, path)
    with st.container(
        horizontal=True, gap="small", key=f"{key}_share", vertical_alignment="center"
    ):
        part("land_share", SHARE_HTML)(
            key=f"{key}.share",
            width="content",
            data={
                "address": address,
                "title": title,
                "copy": t("Copy link"),
                "copied": t("Copied"),
                "by_hand": t("Copy this link:"),
                "share": t("Share"),
                "print": t("Print"),
            },
        )
        with st.popover(t("QR code"), icon=":material/qr_code_2:", key=f"{key}.qr"):
            st.image(code_png(address), caption=address, width=220)


def address_of(link: LandLink, path: str = "") -> str:
    """Return the whole address of a page, as people open it.

    Args:
        link: What the address is to tell.
        path: Path of the page below the app's address; "" for the page itself.

    Returns:
        The public address where the operator told one, else the visitor's own.
    """
    here = (st.context.url or "").partition("?")[0].rstrip("/")
    base = settings().public_url.rstrip("/")
    if not base:
        base = here.rpartition("/")[0] if path else here
    told = query(link)
    return "/".join(filter(None, (base, path))) + (f"?{told}" if told else "")


def heading(text: str, about: str = "") -> None:
    """Draw the heading of a page.

    Args:
        text: The heading.
        about: A line below it.
    """
    below = f"<p class='land-about'>{escape(about)}</p>" if about else ""
    st.html(f"<h1 class='land-title'>{escape(text)}</h1>{below}")


def _short_list() -> None:
    """Lead to the comparison of what is on the short list."""
    listed = LISTED.get()
    if not listed:
        return
    with st.container(key="land_list_bar", horizontal=True, gap="small"):
        st.html(
            f"<b class='land-count' role='status'>"
            f"{escape(t('{count} on your list', count=len(listed)))}</b>",
            width="content",
        )
        st.page_link(
            COMPARE_PAGE,
            label=t("Compare"),
            icon=":material/compare_arrows:",
            width="content",
        )


def _about_data() -> None:
    """Say of what day the land is, whose it is, and that it is made up where it is."""
    versions = resources.store().versions()
    if "parcels" not in versions:
        return
    layer = resources.manifest("parcels").layer
    lines = [
        t("Land as of {date}.", date=t(Title(layer.data_date))),
        t("Source: {source}.", source=t(Title(layer.source))),
        t("Licence: {licence}.", licence=t(Title(layer.licence))),
        rounding_note(),
        t("Figures inform and bind nobody: the office confirms them."),
    ]
    st.html(f"<p class='land-foot'>{escape(' '.join(lines))}</p>")

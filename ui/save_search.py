"""Keep a search behind a private link, so that somebody sees later what is new."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from gis.errors import LandMapError
from ledger import saved_searches
from ui import access, notices, resources, visitor_quota
from ui.i18n import language, t, tell
from ui.land_frame import address_of
from ui.land_link import LandLink
from ui.state import Slot

PATH = "saved"


def _no_text() -> str:
    return ""


def _none() -> tuple[str, str] | None:
    return None


REFUSED: Slot[str] = Slot("land_save_refused", _no_text)
SAVED: Slot[tuple[str, str] | None] = Slot("land_saved", _none)
"""The need that was saved last, and the secret of its link."""


def save_search(need: str, parcel_ids: Sequence[str]) -> None:
    """Offer to keep a search; show its link once it is kept.

    Args:
        need: What is searched for, JSON.
        parcel_ids: The parcels that fit now.
    """
    saved = SAVED.get()
    if saved is not None and saved[0] == need:
        said = t(
            "Your search is saved. Keep this link: whoever has it sees the search, and "
            "it is shown once."
        )
        st.html(f"<p class='land-note' role='status'>{escape(said)}</p>")
        st.code(private_address(saved[1]), language=None, wrap_lines=True)
        return
    if REFUSED.get():
        notices.show(REFUSED.get(), "bad")
        REFUSED.set("")
    st.button(
        t("Save this search"),
        icon=":material/notifications:",
        help=t("Makes a private link that tells later what is new and what is gone"),
        key="land.save",
        width="stretch",
        on_click=_save,
        args=(need, tuple(parcel_ids)),
    )


def private_address(secret: str) -> str:
    """Return the link that opens a saved search."""
    link = address_of(LandLink(language=language()), PATH)
    return f"{link}&key={secret}"


def _save(need: str, parcel_ids: Sequence[str]) -> None:
    try:
        visitor_quota.save()
        with resources.ledger().begin(access.current_actor()) as work:
            secret = saved_searches.save(
                work,
                need=need,
                data_version=resources.facts().version,
                parcel_ids=parcel_ids,
            )
            work.commit()
    except LandMapError as error:
        REFUSED.set(tell(error))
        return
    SAVED.set((need, secret))

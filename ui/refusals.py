"""What a reader sees when something was refused or went wrong: a sentence, no trace."""

from html import escape
from logging import getLogger

import streamlit as st

from gis.errors import LandMapError
from gis.words import Title
from ui.i18n import t, tell

LOG = getLogger("landmap")
FAULT = Title(
    "Something went wrong on this page, and the log says what. Reload the page; if it"
    " happens again, tell whoever runs LandMap."
)


def show_error(error: LandMapError) -> None:
    """Show what was refused, as a sentence, with what to do.

    Args:
        error: What was raised.
    """
    head, *faults = tell(error).split("\n")
    with st.container(key="lm_error", border=True):
        st.html(
            f'<p class="lm-error">{escape(head)}</p>'
            + "".join(f"<p>{escape(fault)}</p>" for fault in faults)
        )


def show_any_error(error: Exception) -> bool:
    """Show whatever a page, a fragment or a callback did not catch itself.

    Args:
        error: What was raised.

    Returns:
        True: nothing else is to be shown. A fault of ours is logged with its trace.
    """
    if isinstance(error, LandMapError):
        show_error(error)
        return True
    LOG.error("A page failed", exc_info=error)
    with st.container(key="lm_error", border=True):
        st.html(f'<p class="lm-error">{escape(t(FAULT))}</p>')
        st.caption(t("What was being saved is kept whole or not at all."))
    return True

"""How often one address may do what is sent through a page: ask, follow, save.

What a page sends comes over its websocket, where no middleware counts it.
"""

from collections.abc import Callable
from typing import Final

import streamlit as st

from gis.errors import RequestError
from ui.quotas import HOUR_S, Allowance, household, may_inquire

MOST_FOLLOWED: Final = 30
MOST_SAVED: Final = 12
_FOLLOWED: Final = Allowance(HOUR_S)
_SAVED: Final = Allowance(HOUR_S)


def ask() -> None:
    """Count an inquiry of who looks at the page.

    Raises:
        RequestError: It is one too many for now.
    """
    _require(may_inquire)


def follow() -> None:
    """Count a look at what became of an inquiry: numbers are not to be guessed.

    Raises:
        RequestError: It is one too many for now.
    """
    _require(lambda address: _FOLLOWED.take(household(address or ""), MOST_FOLLOWED))


def save() -> None:
    """Count a search that is written down.

    Raises:
        RequestError: It is one too many for now.
    """
    _require(lambda address: _SAVED.take(household(address or ""), MOST_SAVED))


def _require(granted: Callable[[str | None], bool]) -> None:
    if not granted(st.context.ip_address):
        raise RequestError(
            "That was done too often from your address within an hour: try again "
            "later, or telephone the office."
        )

"""What a session remembers: one slot for each thing, seeded and typed in one place.

Widgets lose their values when their page is left; slots do not. A page reads slots,
seeds its widgets from them and writes back what the widgets say.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

import streamlit as st

T = TypeVar("T")


@dataclass(frozen=True)
class Slot(Generic[T]):
    """One remembered value of the session.

    Attributes:
        name: Key in the session's state, without the prefix that keeps it ours.
        default: Makes the value of a new session.
    """

    name: str
    default: Callable[[], T]

    @property
    def key(self) -> str:
        """Key in `st.session_state`."""
        return f"landmap.{self.name}"

    def get(self) -> T:
        """Return the remembered value, or the default of a new session."""
        try:  # one look: a page asks a thousand times for the language alone
            return cast("T", st.session_state[self.key])
        except KeyError:
            self.set(self.default())
            return cast("T", st.session_state[self.key])

    def set(self, value: T) -> None:
        """Remember a value for the rest of the session."""
        st.session_state[self.key] = value


def _none() -> str | None:
    return None


LANGUAGE: Slot[str | None] = Slot("language", _none)
PROJECT: Slot[str | None] = Slot("project", _none)
PARCEL: Slot[str | None] = Slot("parcel", _none)


def _no_tab() -> str:
    return ""


SHEET_TAB: Slot[str] = Slot("sheet_tab", _no_tab)
"""Tab of the project's sheet that another page asked for, by its English title."""

"""Tell on a page what became of something, word by word: nothing in it is Markdown.

Streamlit reads its messages as Markdown, and an error quotes names, files and numbers
that somebody else wrote: here alone they are shown.
"""

from typing import Final, Literal

import streamlit as st

from gis.errors import LandMapError
from ui.i18n import tell
from ui.page_parts import plain

Kind = Literal["good", "bad", "closed", "note", "care"]
ICONS: Final[dict[Kind, str]] = {
    "good": ":material/check_circle:",
    "bad": ":material/block:",
    "closed": ":material/lock:",
    "note": ":material/info:",
    "care": ":material/rule:",
}


def show(text: str, kind: Kind) -> None:
    """Show a sentence, and the faults behind it, a line each.

    Args:
        text: What to tell; its first line is the sentence.
        kind: Whether something was done, refused, is not for this reader, is worth
            knowing, or asks for care.
    """
    said = "  \n".join(map(plain, text.split("\n")))
    draw = {
        "good": st.success,
        "bad": st.error,
        "closed": st.info,
        "note": st.info,
        "care": st.warning,
    }[kind]
    draw(said, icon=ICONS[kind])


def show_error(error: LandMapError, kind: Kind = "bad") -> None:
    """Show why something was refused.

    Args:
        error: What was refused.
        kind: Whether it is refused, or not for this reader.
    """
    show(tell(error), kind)

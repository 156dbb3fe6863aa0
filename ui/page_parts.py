"""Our own small elements in the page: a table, a list, a button.

They are trusted code of `ui/assets/`; whatever comes from data reaches them as data
and is set as `textContent`, never as HTML.
"""

import re
from collections.abc import Iterable
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from streamlit.components.v2 import component
from streamlit.components.v2.types import ComponentRenderer

ASSETS = Path(__file__).parent / "assets"
TABLES = ("candidate_table", "case_table", "check_table")
BOX = '<div class="box"></div>'


@cache
def part(name: str, html: str = BOX) -> ComponentRenderer:
    """Register an element of `ui/assets/`, once.

    Args:
        name: Name of its script and style sheet.
        html: What it is mounted into.

    Returns:
        The command that mounts it.
    """
    script, style = (asset(f"{name}.{suffix}") for suffix in ("js", "css"))
    if name in TABLES:
        script = asset("table_parts.js") + script
    return component(f"landmap.{name}", html=html, css=style, js=script)


def asset(name: str) -> str:
    """Read one of our own assets."""
    return (ASSETS / name).read_text("utf-8")


def chosen_in(state: Any, name: str = "chosen") -> str | None:  # noqa: ANN401 - Streamlit's own type
    """Read what was chosen in an element, inside its callback."""
    value = state.get(name) if state is not None else None
    return str(value) if value is not None else None


def line_html(css: str, text: str) -> str:
    """Write a line of text, encoded.

    Args:
        css: Class of the line in our own style sheets.
        text: What it says.

    Returns:
        HTML.
    """
    return f'<p class="{css}">{escape(text)}</p>'


def facts_html(lines: Iterable[tuple[str, str]], css: str = "") -> str:
    """Write facts, a line each, encoded.

    Args:
        lines: Name and words of each.
        css: A class of its own beside that of all facts.

    Returns:
        HTML.
    """
    told = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(said)}</dd>" for name, said in lines
    )
    return f'<dl class="{f"lm-facts {css}".strip()}">{told}</dl>'


def plain(text: str) -> str:
    """Keep text from being read as Markdown in a label.

    Args:
        text: What is to be read as it is.

    Returns:
        The same text with every sign of Markdown escaped. Links, icons and arrows,
        which Streamlit finds after that, are broken by a sign that is not seen.
    """
    escaped = _FOUND_LATER.sub(_UNSEEN, text).translate(_MARKDOWN)
    return _AT_START.sub(r"\1\\", escaped)


_MARKDOWN = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]()<>$:~#|!"})
_UNSEEN = "\u2060"  # the word joiner: no width, no break
_FOUND_LATER = re.compile(
    r"(?<=:)(?=//|material/|streamlit:)|(?<=www)(?=\.)|(?<=@)|(?<=-)(?=[->])|(?<=<)(?=-)",
    re.IGNORECASE,
)
_AT_START = re.compile(r"^(\s*(?:\d{1,9}(?=\.)|(?=[-+=])))")  # of lists and headings

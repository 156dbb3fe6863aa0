"""Words in the reader's language: `t` for sentences, `tell` for errors.

English is the source, `ui/locales/<code>.po` holds the others. Streamlit runs callbacks
before the script and fragments without it, so the language is never kept in a variable
of the script: the session's state holds it, and the run that asked remembers it.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from locale import LC_CTYPE, setlocale
from logging import getLogger
from pathlib import Path

from babel.messages.pofile import read_po

from gis.errors import LandMapError, SettingsError, StoreError
from gis.words import Place, Title
from ui.settings import Settings, settings
from ui.source_messages import source_messages

__all__ = ["source_messages"]  # what the translations must hold

LOG = getLogger("landmap")
LOCALES = Path(__file__).parent / "locales"
SOURCE = "en"
DEFAULT = "zh_CN"
LANGUAGES = {"zh_CN": "简体中文", "en": "English"}

_spoken: ContextVar[str] = ContextVar("spoken", default=DEFAULT)
# A page speaks a thousand times, and the session's state takes 20 µs to answer.
_heard: ContextVar[tuple[object, str] | None] = ContextVar("heard", default=None)


def t(msgid: str, /, **values: object) -> str:
    """Say a sentence in the reader's language.

    Args:
        msgid: English sentence with named holes.
        **values: What fills the holes; a `Title` is translated too.

    Returns:
        The sentence, filled.
    """
    return say_in(language(), msgid, values)


def tell(error: LandMapError) -> str:
    """Say an error in the reader's language.

    Args:
        error: What was refused.

    Returns:
        Its sentence, and each of its faults as a line of its own after it.
    """
    told = discreet(error)
    head = t(told.msgid, **told.values)
    return "\n".join([head, *(f"- {tell(fault)}" for fault in told.faults)])


def discreet(error: LandMapError) -> LandMapError:
    """Keep from visitors without an account what names files and settings of ours.

    Args:
        error: What was refused.

    Returns:
        The same in the offices' process; in a public one a sentence that tells what a
        visitor can do, and the log tells the rest.
    """
    if not isinstance(error, StoreError | SettingsError) or not _public():
        return error
    LOG.error("Kept from a visitor: %s", error)
    return StoreError("The data cannot be read just now: try again in a few minutes.")


def _public() -> bool:
    try:
        return settings().public
    except SettingsError:  # told by whoever reads them first
        return False


def say_in(code: str, msgid: str, values: Mapping[str, object] | None = None) -> str:
    """Say a sentence in a language that is named.

    Args:
        code: Code of the language, such as `zh_CN`.
        msgid: English sentence with named holes.
        values: What fills the holes; a `Title` is translated too.

    Returns:
        The sentence, filled; in English where the language has no words for it.
    """
    sentence = read_messages(code).get(msgid, msgid)
    if not values:
        return sentence
    filled = {name: _word(code, value) for name, value in values.items()}
    return sentence.format_map(filled)


def language() -> str:
    """Return the code of the language the reader reads."""
    run = _run()
    if run is None:
        return _spoken.get()
    heard = _heard.get()
    if heard is not None and heard[0] is run:
        return heard[1]
    from ui.state import LANGUAGE  # noqa: PLC0415 - the terminal needs no Streamlit

    chosen = LANGUAGE.get()
    if chosen is None:
        chosen = first_language()
        LANGUAGE.set(chosen)
    _heard.set((run, chosen))
    return chosen


def read_in(code: str) -> None:
    """Change the language of the session.

    Args:
        code: Code of the language.
    """
    from ui.state import LANGUAGE  # noqa: PLC0415 - the terminal needs no Streamlit

    LANGUAGE.set(code)
    _heard.set(None)


def speak(code: str) -> None:
    """Set the language of everything that is no session: terminal, HTTP routes."""
    _spoken.set(code)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak a language while a file is written, then the one of before.

    Args:
        code: Code of the language.
    """
    before = _spoken.set(code)
    try:
        yield
    finally:
        _spoken.reset(before)


def terminal_language(chosen: Settings) -> str:
    """Choose the language of the command line: the setting's, else the locale's."""
    if chosen.language:
        return chosen.language
    spoken = setlocale(LC_CTYPE)  # `getlocale` calls the nameless "C" English
    return SOURCE if spoken.lower().startswith("en") else DEFAULT


def first_language() -> str:
    """Choose the language of a new session: link, then setting, then browser."""
    import streamlit as st  # noqa: PLC0415 - the terminal needs no Streamlit

    asked = str(st.query_params.get("lang", "")) or settings().language
    if asked in LANGUAGES:
        return asked
    return language_of(st.context.headers.get("Accept-Language", ""))


def language_of(accept_language: str) -> str:
    """Choose a language by what a browser accepts: English, else Chinese."""
    wanted = accept_language.split(",", maxsplit=1)[0].strip().lower()
    return SOURCE if wanted.startswith("en") else DEFAULT


@cache
def read_messages(code: str) -> dict[str, str]:
    """Read the words of a language, once.

    Args:
        code: Code of the language; the source language has no file.

    Returns:
        Sentence by English sentence; empty where nothing is translated.
    """
    path = LOCALES / f"{code}.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalog = read_po(file, locale=code)
    return {
        str(message.id): str(message.string)
        for message in catalog
        if message.id and message.string and not message.fuzzy
    }


def _run() -> object | None:
    """Return what draws a page of Streamlit just now, without importing it."""
    runner = sys.modules.get("streamlit.runtime.scriptrunner")
    if runner is None:
        return None
    run: object | None = runner.get_script_run_ctx(suppress_warning=True)
    return run


def _word(code: str, value: object) -> object:
    """Translate a value that is itself a word, name a place."""
    if isinstance(value, Place):
        return _place(code, value)
    return say_in(code, value) if isinstance(value, Title) else value


def _place(code: str, region: str) -> str:
    """Name a region; where no page is drawn its code stands."""
    if _run() is None:
        return region
    from ui.resources import office_names  # noqa: PLC0415 - the terminal needs no page

    return office_names(code).get(region, region)

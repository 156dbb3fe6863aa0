"""Do one thing in the ledger for who looks at the page; tell what became of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import streamlit as st

from gis.errors import LandMapError, StaleError
from gis.words import Title
from ledger.access import Verb, may
from ledger.unit_of_work import Work
from ui import access, notices, refused_claims, resources
from ui.i18n import t, tell
from ui.state import Slot


@dataclass(frozen=True)
class Outcome:
    """What became of the last click.

    Attributes:
        good: Whether it was done.
        text: A sentence, and the faults behind it, a line each.
        stale: Whether it was refused because somebody else was first.
    """

    good: bool
    text: str
    stale: bool = False


def _nothing() -> Outcome | None:
    return None


# What Streamlit calls the button of a form; ours are called by a row and its version.
_SENT: Final = re.compile(r"FormSubmitter:(?P<form>.+\.\d+\.\d+(\.\w+)*)-")

OUTCOME: Slot[Outcome | None] = Slot("ledger_outcome", _nothing)


def do(deed: Callable[[Work], object], done: Title) -> bool:
    """Do a deed in one transaction; the outcome is shown at the next run.

    Args:
        deed: Calls verbs of the ledger.
        done: What to say when it is done.

    Returns:
        Whether it was done.
    """

    def committed() -> None:
        with resources.ledger().begin(access.current_actor()) as work:
            deed(work)
            work.commit()

    return tried(committed, done)


def tried(deed: Callable[[], object], done: Title) -> bool:
    """Try a deed that keeps its own transactions; the outcome is shown next.

    Args:
        deed: What is to be done.
        done: What to say when it is done.

    Returns:
        Whether it was done.
    """
    try:
        deed()
    except LandMapError as error:
        refused_claims.remember(error)
        stale = isinstance(error, StaleError)
        text = "\n".join([tell(error), *(_typed() if stale else ())])
        OUTCOME.set(Outcome(good=False, text=text, stale=stale))
        return False
    OUTCOME.set(Outcome(good=True, text=t(done)))
    return True


def _typed() -> list[str]:
    """Repeat what was typed into the form that was sent.

    The form that comes next is another one, of the row as it is now: what stood in
    this one is not lost, and nothing of it is put there unasked.

    Returns:
        A sentence for each text; nothing where no form was sent.
    """
    state = {str(key): value for key, value in st.session_state.items()}
    sent = [
        found["form"]
        for key, value in state.items()
        if value is True and (found := _SENT.match(key))
    ]
    return [
        t("You had written: {text}", text=" ".join(value.split()))
        for key, value in state.items()
        if type(value) is str  # a choice among words of ours is no text
        and value.strip()
        and any(key.startswith(f"{form}.") for form in sent)
    ]


def show_outcome() -> None:
    """Show what became of the last click, once."""
    outcome = OUTCOME.get()
    OUTCOME.set(None)
    if outcome is None:
        return
    with st.container(key="ledger_outcome"):
        notices.show(outcome.text, "good" if outcome.good else "bad")


def allowed(verb: Verb, region: str | None = None) -> bool:
    """Tell whether to offer a button; the verb itself checks again."""
    return may(access.current_actor(), verb, region)

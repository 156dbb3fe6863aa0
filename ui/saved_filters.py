"""Filters of the project ledger that a person keeps under a name of their own."""

import json
from collections.abc import Sequence
from typing import Any, Final

import streamlit as st

from gis.words import Title
from ledger import preferences
from ledger.casework import Preference
from ledger.model import Level, Stage
from ledger.unit_of_work import Work
from ui.i18n import t
from ui.ledger_deeds import do
from ui.ledger_filters import LEVEL, REGION, STAGES, TEXT
from ui.page_parts import plain

KIND: Final = "ledger_filter"


def kept(work: Work) -> list[Preference]:
    """Read the filters that the actor keeps; none for who keeps nothing.

    Args:
        work: The unit of work.

    Returns:
        The filters, in the order they were made.
    """
    return preferences.of(work, KIND)


def saved_filters(found: Sequence[Preference], places: Sequence[str]) -> None:
    """Draw the filters that are kept: choose one, delete one, keep the one in force.

    Args:
        found: The filters.
        places: Codes of the places that can be chosen.
    """
    # One more or one fewer is a new popover: it closes when that is done.
    key = f"ledger.saved.{sum(one.version for one in found)}.{len(found)}"
    with st.popover(t("Saved filters"), icon=":material/bookmark:", key=f"{key}.open"):
        if not found:
            st.caption(t("Set filters, then keep them here under a name: yours alone."))
        for one in found:
            with st.container(
                horizontal=True, vertical_alignment="center", gap="small"
            ):
                st.button(
                    plain(one.title),
                    key=f"{key}.choose.{one.id}",
                    type="tertiary",
                    width="stretch",
                    on_click=choose,
                    args=(one.value, places),
                )
                st.button(
                    t("Delete"),
                    key=f"{key}.delete.{one.id}",
                    icon=":material/delete:",
                    type="tertiary",
                    on_click=_delete,
                    args=(one.id,),
                )
        with st.form(f"{key}.form", border=False):
            st.text_input(
                t("Name of the filter"),
                key=f"{key}.title",
                max_chars=preferences.LONGEST_TITLE,
                help=t("A filter of the same name is written over."),
            )
            st.form_submit_button(t("Keep these filters"), on_click=_save, args=(key,))


def in_force() -> str:
    """Return the filters that are set, as they are kept."""
    return json.dumps(
        {
            "text": TEXT.get(),
            "stages": [stage.value for stage in STAGES.get()],
            "region": REGION.get(),
            "level": LEVEL.get(),
        },
        ensure_ascii=False,
    )


def choose(value: str, places: Sequence[str]) -> None:
    """Set the filters that were kept; what can no longer be chosen is left open.

    Args:
        value: As `in_force` wrote it.
        places: Codes of the places that can be chosen.
    """
    told: dict[str, Any] = json.loads(value)
    region, level = str(told.get("region", "")), str(told.get("level", ""))
    stages = told.get("stages", [])
    TEXT.set(str(told.get("text", "")))
    STAGES.set(tuple(stage for stage in Stage if stage.value in stages))
    REGION.set(region if region in places else "")
    LEVEL.set(level if level in list(Level) else "")
    # The widgets have values of their own, which go before what slots say.
    st.session_state["ledger.search"] = TEXT.get()
    st.session_state["ledger.stages"] = list(STAGES.get())
    st.session_state["ledger.region"] = REGION.get()
    st.session_state["ledger.level"] = LEVEL.get()


def _save(key: str) -> None:
    title = str(st.session_state[f"{key}.title"] or "")
    value = in_force()
    do(
        lambda work: preferences.save(work, kind=KIND, title=title, value=value),
        Title("The filter was kept."),
    )


def _delete(number: int) -> None:
    do(lambda work: preferences.remove(work, number), Title("The filter was deleted."))

"""The page of today: what the actor must do, each entry leading to where it is done."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import streamlit as st

from ledger import agenda
from ledger.agenda import GRAVE, Agenda, Matter
from ui import access, agenda_words, notices, policy_state, resources
from ui.case_page import Figure, case_page, figures
from ui.i18n import language, t
from ui.kept_figures import kept
from ui.page_list import PAGES
from ui.page_parts import chosen_in, part
from ui.settings import ROOT
from ui.state import PROJECT, SHEET_TAB, Slot

KEY: Final = "today.agenda"
SCREENS: Final = ROOT / "ui" / "screens"


def _nowhere() -> str:
    return ""


GOING: Slot[str] = Slot("today_going", _nowhere)
"""The page that a click asked for, gone to before anything is drawn."""


def today_page() -> None:
    """Draw the page, or go where the last click led."""
    going = GOING.get()
    if going:
        GOING.set("")
        st.switch_page(SCREENS / going)
    case_page(_draw)


def data_of() -> Mapping[str, datetime]:
    """Tell when the current version of each layer that parcels are measured by came."""
    return {
        name: datetime.fromisoformat(told.loaded_at)
        for name, told in resources.manifests().items()
        if told.layer.role != "base"
    }


def _draw() -> None:
    actor = access.current_actor()
    with resources.ledger().read(actor) as work:
        found = agenda.agenda(work, data_of=data_of(), keep=kept)
    figures(_figures(found))
    if not found.groups:
        notices.show(_empty(), "good")
        return
    part("agenda")(
        key=KEY,
        data={
            "groups": _linked(agenda_words.rows(found, _names())),
            "fewer": t("Show fewer"),
        },
        on_chosen_change=_choose,
    )


def _figures(found: Agenda) -> list[Figure]:
    """Sum up the day in four figures."""
    over = found.count(*GRAVE)
    due = found.count(
        Matter.PROBLEM_DUE,
        Matter.REQUEST_DUE,
        Matter.PROMISE_DUE,
        Matter.MILESTONE_DUE,
        Matter.CLAIM_EXPIRING,
    )
    return [
        Figure(t("To do"), f"{found.total:,}", t("on {day}", day=found.today)),
        Figure(t("Overdue or lost"), f"{over:,}", amber=over > 0),
        Figure(t("Due soon"), f"{due:,}", t("within 14 days, land within 30")),
        Figure(t("Waiting for me"), f"{found.total - over - due:,}"),
    ]


def _empty() -> str:
    return t(
        "Nothing waits for you today. What falls due, is handed up or is routed to you "
        "appears here by itself; all projects stand in the project ledger."
    )


def _names() -> Mapping[str, str]:
    return resources.place_names(language())


def _linked(cards: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Take the link off entries whose page the actor is not offered."""
    there = {entry.file for entry in PAGES}
    for card in cards:
        for line in card["entries"]:
            matter, entity, _ = line["id"].split("/", 2)
            place = agenda_words.place_of(Matter(matter), entity)
            if place.page not in there:
                line["id"] = ""
    return cards


def _choose() -> None:
    """Remember where the click leads: pages are changed when the page is drawn."""
    chosen = chosen_in(st.session_state.get(KEY))
    if not chosen:
        return
    matter, entity, code = chosen.split("/", 2)
    place = agenda_words.place_of(Matter(matter), entity)
    if entity in {"policy", "policy_edition"}:
        policy_state.CHOSEN.set(code)
        policy_state.VIEW.set(policy_state.VIEW.default())
    elif code:
        PROJECT.set(code)
        SHEET_TAB.set(place.tab)
    GOING.set(place.page)

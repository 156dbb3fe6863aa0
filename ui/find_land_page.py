"""Find land: the four questions, what fits as cards, and the same land on the map."""

from collections.abc import Sequence
from html import escape
from typing import Final

import streamlit as st

from siting.four_questions import Answers
from siting.screen import Screening
from ui import land_words, resources, seen
from ui.i18n import t
from ui.land_cards import card_of, cards_of, land_cards
from ui.land_frame import heading, land_page, share
from ui.land_link import query
from ui.land_questions import four_questions, said
from ui.land_state import ANSWERS, link_now, need_now, screened
from ui.map_message import Focus
from ui.map_scene import Scene, box_of, lit_of, region_box
from ui.save_search import save_search
from ui.search_area import AREA
from ui.site_map import OPENED, site_map
from ui.state import PARCEL, Slot

A_PAGE: Final = 8
MOST_SHOWN: Final = 80
SAVED_PAGE: Final = "screens/saved_search.py"


SHOWN: Slot[tuple[str, int]] = Slot("land_shown", lambda: ("", A_PAGE))


def find_land_page() -> None:
    """Draw the page."""
    land_page(_draw)


def _draw() -> None:
    need = need_now()
    screening = screened(need, AREA.get())
    shown = _how_many(screening.result_hash)
    found = [str(one) for one in screening.board.ids(screening.best(shown))]
    with st.container(key="land_find"):
        left, right = st.columns([44, 56], gap="small")
        with right:  # first: its frame loads while the rest is drawn
            st.html(
                '<h2 class="land-hidden" id="land-map">' + escape(t("Map")) + "</h2>"
            )
            _map(screening, found)
        with left:
            _left(screening, found, need.to_json())


def _left(screening: Screening, found: Sequence[str], need: str) -> None:
    answers = ANSWERS.get()
    heading(
        t("Find land for your project"),
        t("Answer four questions, or look at the map or at a development zone."),
    )
    with st.expander(
        t("Four questions") if answers is None else t("Change your answers"),
        expanded=answers is None,
        icon=":material/help:",
        key=f"land.questions.{answers is None}",
    ):
        four_questions()
    _chosen(found)
    total = int(screening.counts["eligible"] + screening.counts["eligible_not_checked"])
    st.html(
        f"<p class='land-answer' role='status'><b>{escape(_count(total))}</b> "
        f"<span>{escape(said(answers or Answers()))}</span></p>"
        f"<a class='land-jump' href='#land-map'>{escape(t('To the map'))}</a>"
    )
    if not total:
        st.html(
            "<p class='none'>"
            + escape(t("No land on offer fits all answers: ask for less, or ask us."))
            + "</p>"
        )
    called = land_words.called((answers or Answers()).industry)
    land_cards(
        cards_of(screening, found, called), label=t("Land that fits, best first")
    )
    if total > len(found) and len(found) < MOST_SHOWN:
        st.button(
            t("Show more"),
            key="land.more",
            width="stretch",
            on_click=_more,
            args=(screening.result_hash, len(found)),
        )
    if answers is not None:
        ids = [str(one) for one in screening.board.ids(screening.best())]
        save_search(need, ids)
    share(link_now(), t("Find land for your project"))


def _count(total: int) -> str:
    return t("{count} parcels fit", count=f"{total:,}")


def _chosen(found: Sequence[str]) -> None:
    """Show the parcel that was chosen on the map, where no card shows it."""
    parcel_id = PARCEL.get()
    if not parcel_id or parcel_id in found or parcel_id not in seen.facts().table.index:
        return
    st.html(f"<h2 class='land-part'>{escape(t('Chosen on the map'))}</h2>")
    card = card_of(parcel_id, seen.parcel(parcel_id))
    land_cards([card], label=t("Chosen on the map"), key="land.chosen")


def _how_many(result: str) -> int:
    of, many = SHOWN.get()
    return many if of == result else A_PAGE


def _more(result: str, shown: int) -> None:
    SHOWN.set((result, min(shown + A_PAGE, MOST_SHOWN)))


def _map(screening: Screening, found: Sequence[str]) -> None:
    area = AREA.get()
    with st.container(key="land_map"):
        site_map(
            Scene(
                lit=lit_of(screening, seen.searched(area)),
                chosen=PARCEL.get(),
                focus=_focus(screening, found),
                link=query(link_now()),
                title=t("Land on offer"),
                area=None if area is None else area.geojson,
                opened=OPENED.get().layers,
            )
        )


def _focus(screening: Screening, found: Sequence[str]) -> Focus:
    """Look at what fits best; without answers at the whole region."""
    box = None
    if ANSWERS.get() is not None:
        box = box_of(resources.parcel_shapes().of(list(found)))
    return Focus(
        f"land/{screening.result_hash}" if box else "land/all",
        box or region_box(),
        max_zoom=12,
        gentle=OPENED.get().location is not None,
    )

"""A saved search opened by its private link: what is new, what is gone."""

import json
from collections.abc import Sequence
from html import escape
from typing import Final

import streamlit as st

from gis.errors import LandMapError
from ledger import saved_searches
from ledger.casework import SavedSearch
from ledger.saved_searches import LONGEST_SECRET, News
from ledger.unit_of_work import CHINA
from siting.need import Need, read_need
from ui import access, land_words, notices, resources, seen
from ui.i18n import t, tell
from ui.land_cards import Card, card_of, land_cards
from ui.land_frame import heading, land_page
from ui.land_state import screened
from ui.state import Slot

MOST_SHOWN: Final = 40


def _no_text() -> str:
    return ""


SECRET: Slot[str] = Slot("land_secret", _no_text)
REFUSED: Slot[str] = Slot("land_saved_refused", _no_text)


def saved_search_page() -> None:
    """Draw the page."""
    given = str(st.query_params.get("key", ""))[:LONGEST_SECRET]
    if given:
        SECRET.set(given)
    land_page(_draw)


def _draw() -> None:
    heading(t("Your saved search"))
    secret = SECRET.get()
    if not secret:
        said = t("Open the private link that you were given when you saved a search.")
        st.html(f"<p class='none'>{escape(said)}</p>")
        return
    if REFUSED.get():
        notices.show(REFUSED.get(), "bad")
        REFUSED.set("")
    try:
        with resources.ledger().read(access.current_actor()) as work:
            search = saved_searches.opened(work, secret)
    except LandMapError as error:
        notices.show_error(error)
        return
    need = read_need(json.loads(search.need))
    screening = screened(need)
    fits = [str(one) for one in screening.board.ids(screening.best())]
    news = saved_searches.news(search, fits)
    _told(search, need, news)
    _listed(t("New"), news.new)
    _listed(t("Gone"), news.gone)
    _listed(t("As before"), news.kept)
    _deeds(search, fits, anything=bool(news.new or news.gone))


def news_line(search: SavedSearch, news: News) -> str:
    """Say what changed in one line.

    Args:
        search: The search.
        news: What changed.

    Returns:
        "3 new, 1 gone since 2026-10-27".
    """
    return t(
        "{new} new, {gone} gone since {day}",
        new=f"{len(news.new):,}",
        gone=f"{len(news.gone):,}",
        day=f"{search.seen_at.astimezone(CHINA):%Y-%m-%d}",
    )


def _told(search: SavedSearch, need: Need, news: News) -> None:
    what = land_words.industry(need.industry) or t("Any land on offer")
    st.html(
        f"<p class='land-answer' role='status'><b>{escape(news_line(search, news))}</b>"
        f" <span>{escape(what)}</span></p>"
    )


def _listed(title: str, ids: Sequence[str]) -> None:
    if not ids:
        return
    st.html(f"<h2 class='land-part'>{escape(f'{title} ({len(ids):,})')}</h2>")
    table = seen.facts().table
    cards = [_card(one, known=one in table.index) for one in ids[:MOST_SHOWN]]
    land_cards(cards, label=title, key=f"land.saved.{title}")


def _card(parcel_id: str, *, known: bool) -> Card:
    """Describe a parcel; one that is published no more by its number alone."""
    if known:
        return card_of(parcel_id, seen.parcel(parcel_id))
    gone = t("no longer on offer")
    return Card(parcel_id, "", parcel_id, "", gone, ())


def _deeds(search: SavedSearch, fits: Sequence[str], *, anything: bool) -> None:
    with st.container(horizontal=True, gap="small", key="land_saved_deeds"):
        st.button(
            t("I have seen these"),
            icon=":material/done_all:",
            type="primary",
            disabled=not anything,
            key="land.saved.seen",
            on_click=_see,
            args=(tuple(fits), search.version),
        )
        st.button(
            t("Delete this search"),
            icon=":material/delete:",
            key="land.saved.forget",
            on_click=_forget,
        )


def _see(fits: Sequence[str], version: int) -> None:
    try:
        with resources.ledger().begin(access.current_actor()) as work:
            saved_searches.mark_seen(
                work,
                SECRET.get(),
                data_version=resources.facts().version,
                parcel_ids=fits,
                version=version,
            )
            work.commit()
    except LandMapError as error:
        REFUSED.set(tell(error))


def _forget() -> None:
    try:
        with resources.ledger().begin(access.current_actor()) as work:
            saved_searches.forget(work, SECRET.get())
            work.commit()
    except LandMapError as error:
        REFUSED.set(tell(error))

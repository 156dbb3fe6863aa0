"""Land on offer as cards: what it is, where, and why it suits, with two buttons."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from gis.words import Title
from siting.plain_reasons import BAD, GOOD, UNKNOWN, Called, Plain, plain_reasons
from siting.screen import Screening
from ui import land_words, resources
from ui.figures import absent
from ui.i18n import language, t
from ui.land_link import MOST_LISTED
from ui.land_state import LISTED, toggle
from ui.page_parts import chosen_in, part
from ui.shared_cache import shared
from ui.state import PARCEL, Slot

REASONS: Final = 4
SIGNS: Final = {GOOD: "✓", BAD: "✕", UNKNOWN: "?"}
STATES: Final = {
    GOOD: Title("Suits"),
    BAD: Title("Does not suit"),
    UNKNOWN: Title("Not known"),
}


def _nothing() -> str:
    return ""


TO_OPEN: Slot[str] = Slot("land_to_open", _nothing)
"""The parcel whose page is asked for by a card."""


@dataclass(frozen=True)
class Card:
    """One parcel on offer, in words.

    Attributes:
        parcel_id: Its id.
        rank: Its rank, "" where it has none.
        title: Its name in the reader's letters.
        own: Its Chinese name, for readers of English.
        place: Where it lies.
        facts: Area, kind, price.
        reasons: State and sentence of each.
    """

    parcel_id: str
    rank: str
    title: str
    own: str
    place: str
    facts: tuple[str, ...]
    reasons: tuple[tuple[str, str], ...] = ()


def _of_answer(screening: Screening, found: Sequence[str], _: Called) -> Hashable:
    """Name the cards of an answer; what things are called follows from the rest."""
    asked = (screening.result_hash, screening.need.to_json(), tuple(found))
    loaded = tuple(resources.store().versions().items())  # all that names come from
    return (*asked, resources.data_home(), loaded, language())


@shared(256, key=_of_answer)
def cards_of(
    screening: Screening, found: Sequence[str], called: Called
) -> Sequence[Card]:
    """Describe the best parcels of a screening.

    Args:
        screening: The answer.
        found: The parcels, best first.
        called: What things are called.

    Returns:
        A card for each, ranked from 1; shared, never to be changed.
    """
    table = screening.board.table
    return tuple(
        card_of(
            parcel_id,
            {str(name): value for name, value in table.loc[parcel_id].items()},
            rank=str(rank),
            reasons=plain_reasons(screening, parcel_id, called),
        )
        for rank, parcel_id in enumerate(found, start=1)
    )


def card_of(
    parcel_id: str,
    row: dict[str, Any],
    *,
    rank: str = "",
    reasons: Sequence[Plain] = (),
) -> Card:
    """Describe one parcel.

    Args:
        parcel_id: Its id.
        row: What is published of it.
        rank: Its rank.
        reasons: Why it suits.

    Returns:
        Its card.
    """
    name = row.get("name")
    title = land_words.parcel(parcel_id, name)
    zone = land_words.zone(row.get("zone_code"))
    price = row.get("price_cny_m2")
    kind = land_words.stock(row.get("stock_status"))
    return Card(
        parcel_id=parcel_id,
        rank=rank,
        title=title,
        own="" if absent(name) or str(name) == title else str(name),
        place=" · ".join(
            filter(None, (land_words.place_line(row.get("county_code")), zone))
        ),
        facts=(
            land_words.area(row.get("area_m2")),
            kind,
            *(() if absent(price) else (land_words.price(price),)),
        ),
        reasons=tuple((one.state, land_words.reason(one)) for one in reasons)[:REASONS],
    )


def land_cards(cards: Sequence[Card], *, label: str, key: str = "land.cards") -> None:
    """Draw cards; a click opens a parcel's page or changes the short list.

    Args:
        cards: What is on offer.
        label: What the list is called.
        key: Key of the element.
    """
    listed = LISTED.get()

    def open_one() -> None:
        TO_OPEN.set(chosen_in(st.session_state.get(key), "opened") or "")

    def toggle_one() -> None:
        parcel_id = chosen_in(st.session_state.get(key), "toggled")
        if parcel_id:
            toggle(parcel_id)

    part("land_cards")(
        key=key,
        data={
            "label": label,
            "why": t("Why it suits"),
            "open": t("Details"),
            "list": t("Add to the list"),
            "unlist": t("On the list"),
            "full": len(listed) >= MOST_LISTED,
            "chosen": PARCEL.get(),
            "signs": SIGNS,
            "states": {state: t(word) for state, word in STATES.items()},
            "cards": [_told(one, listed) for one in cards],
        },
        on_opened_change=open_one,
        on_toggled_change=toggle_one,
    )


def _told(one: Card, listed: Sequence[str]) -> dict[str, Any]:
    return {
        "id": one.parcel_id,
        "rank": one.rank,
        "title": one.title,
        "own": one.own,
        "place": one.place,
        "mark": "",
        "facts": list(one.facts),
        "reasons": [list(reason) for reason in one.reasons],
        "listed": one.parcel_id in listed,
    }

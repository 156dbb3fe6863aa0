"""The page of one parcel for visitors: what it is, where, and how to ask about it."""

from collections.abc import Mapping
from html import escape
from typing import Any, Final

import streamlit as st

from layers.layer import Layer
from siting.plain_reasons import plain_reasons
from ui import land_facts, land_words, resources, seen, site_ledger
from ui.ask_form import ask_form
from ui.figures import absent
from ui.i18n import language, t
from ui.land_cards import SIGNS
from ui.land_frame import heading, land_page, share
from ui.land_link import LandLink, query
from ui.land_policies import parcel_policies
from ui.land_state import ANSWERS, LISTED, link_now, need_now, screened, toggle
from ui.map_message import NOTHING_LIT, Focus
from ui.map_scene import Scene, box_of
from ui.parcel_card import group_html
from ui.routes.leaflet import LEAFLET
from ui.site_map import OPENED, site_map
from ui.state import PARCEL

FIND_PAGE: Final = "screens/find_land.py"
OPEN_GROUPS: Final = 4
UNKNOWN: Final = "unknown"  # as a layer's declaration says it


def land_parcel_page() -> None:
    """Draw the page."""
    land_page(_draw, parcel=True)


def layers_told() -> list[Layer]:
    """List the public layers that parcels were measured against, in their order."""
    return [
        layer
        for layer in resources.catalog().values()
        if layer.role in {"infrastructure", "constraint"} and layer.publish == "public"
    ]


def data_dates() -> dict[str, str]:
    """Return the date of each loaded layer's data, in words."""
    return {
        name: _date(resources.manifest(name).layer.data_date)
        for name in resources.store().versions()
    }


def _date(told: str) -> str:
    if told == UNKNOWN:
        return t("date of the data unknown")
    return t("data of {date}", date=told)


def _draw() -> None:
    if st.button(t("Back to the list"), icon=":material/arrow_back:", key="land.back"):
        st.switch_page(FIND_PAGE)
    parcel_id = PARCEL.get()
    if not parcel_id:
        heading(t("Parcel"))
        st.html(f"<p class='none'>{escape(t('Choose a parcel from the list.'))}</p>")
        return
    if parcel_id not in seen.facts().table.index:
        heading(t("Parcel"))
        gone = t("This parcel is not on offer: it was taken back or never published.")
        st.html(f"<p class='none' role='status'>{escape(gone)}</p>")
        return
    row = seen.parcel(parcel_id)
    with st.container(key="land_find"):
        left, right = st.columns([44, 56], gap="small")
        with right:
            _map(parcel_id)
        with left:
            _sheet(parcel_id, row)


def _sheet(parcel_id: str, row: Mapping[str, Any]) -> None:
    name = row.get("name")
    title = land_words.parcel(parcel_id, name)
    own = "" if absent(name) or str(name) == title else str(name)
    heading(title, " · ".join(filter(None, (own, parcel_id))))
    held = site_ledger.is_held(parcel_id)
    if held:
        said = escape(t("This land is held at present."))
        st.html(f"<p class='land-note' role='status'>{said}</p>")
    _deeds(parcel_id, title)
    _why(parcel_id)
    told = land_facts.groups(row, layers=layers_told(), dates=data_dates(), held=held)
    st.html(
        "".join(
            group_html(group, 0 if place < OPEN_GROUPS else place)
            for place, group in enumerate(told)
            if group.lines
        )
    )
    parcel_policies(parcel_id)
    st.html(f"<h2 class='land-part' id='ask'>{escape(t('Ask about this land'))}</h2>")
    ask_form(parcel_id=parcel_id, region=str(row.get("county_code") or ""))


def _deeds(parcel_id: str, title: str) -> None:
    listed = parcel_id in LISTED.get()
    with st.container(horizontal=True, gap="small", key="land_deeds"):
        st.button(
            t("On the list") if listed else t("Add to the list"),
            icon=":material/bookmark_added:" if listed else ":material/bookmark_add:",
            key="land.toggle",
            on_click=toggle,
            args=(parcel_id,),
        )
        st.link_button(
            t("Leaflet (PDF)"),
            leaflet_address((parcel_id,)),
            icon=":material/picture_as_pdf:",
            key="land.leaflet",
        )
    share(
        LandLink(language=language()),
        title,
        path=f"land/{parcel_id}",
        key="land_parcel",
    )


def leaflet_address(parcel_ids: tuple[str, ...]) -> str:
    """Return the address of the leaflet of some parcels."""
    link = LandLink(listed=parcel_ids, language=language())
    return f"{LEAFLET.lstrip('/')}?{query(link)}"


def _why(parcel_id: str) -> None:
    """Say why the parcel suits the answers, where there are any."""
    answers = ANSWERS.get()
    if answers is None:
        return
    screening = screened(need_now())
    called = land_words.called(answers.industry)
    lines = "".join(
        f"<li class='{one.state}'><span aria-hidden='true'>{SIGNS[one.state]}</span>"
        f"{escape(land_words.reason(one))}</li>"
        for one in plain_reasons(screening, parcel_id, called)
    )
    title = escape(t("How it suits your answers"))
    st.html(f"<h2 class='land-part'>{title}</h2><ul class='land-why'>{lines}</ul>")


def _map(parcel_id: str) -> None:
    shape = resources.parcel_shapes().of([parcel_id])
    box = box_of(shape)
    with st.container(key="land_map"):
        site_map(
            Scene(
                lit=NOTHING_LIT,
                chosen=parcel_id,
                focus=Focus(f"land/{parcel_id}", box, max_zoom=15) if box else None,
                link=query(link_now(parcel=True)),
                title=land_words.parcel(parcel_id, seen.parcel(parcel_id).get("name")),
                opened=OPENED.get().layers,
            )
        )

"""Development zones for visitors: which there are, and what each has on offer."""

from collections.abc import Mapping
from dataclasses import replace
from html import escape
from typing import Any, Final

import streamlit as st

from gis.words import Title
from siting.four_questions import Answers
from siting.words import SERVICES
from ui import land_words, resources, seen
from ui.figures import absent
from ui.i18n import language, t
from ui.land_frame import heading, land_page, share
from ui.land_link import LandLink, query
from ui.land_policies import whom_to_ask, zone_policies
from ui.land_questions import FORM
from ui.land_state import ANSWERS, ZONE, link_now
from ui.map_message import NOTHING_LIT, Focus
from ui.map_scene import Scene, box_of
from ui.page_parts import facts_html, plain
from ui.site_map import OPENED, site_map
from ui.zone_land import Size, ZoneLand, land_by_zone, zone_land

LAYER: Final = "development_zone"
FIND_PAGE: Final = "screens/find_land.py"
KINDS: Final[Mapping[str, str]] = {
    "经济技术开发区": Title("Economic and technological development zone"),
    "国家级新区": Title("National new area"),
    "高新技术产业开发区": Title("High-tech industrial development zone"),
    "海关特殊监管区域": Title("Special customs supervision area"),
    "省级经济开发区": Title("Provincial economic development zone"),
    "省级高新技术产业园区": Title("Provincial high-tech industrial park"),
    "其他省级经济功能区": Title("Other provincial functional zone"),
}
SERVED_HEAD: Final = Title("On the land or at its boundary")


def zone_land_page() -> None:
    """Draw the page."""
    land_page(_draw, zone=True)


def zones() -> dict[str, dict[str, Any]]:
    """Return what the layer of zones tells, by code; empty where none is loaded."""
    if LAYER not in resources.store().versions():
        return {}
    frame = resources.layer_frame(LAYER)
    told = frame.drop(columns=frame.geometry.name).to_dict("index")
    return {
        str(code): {str(name): value for name, value in row.items()}
        for code, row in told.items()
    }


def _draw() -> None:
    known = zones()
    code = ZONE.get()
    if code in known:
        _zone(code, known[code])
        return
    heading(
        t("Development zones"),
        t("What each zone leads in, and how much land it has on offer."),
    )
    if code:
        gone = t("There is no zone {zone} here.", zone=code)
        st.html(f"<p class='land-note' role='status'>{escape(gone)}</p>")
    if not known:
        none = t("No development zones are published.")
        st.html(f"<p class='none'>{escape(none)}</p>")
        return
    _choose(known)
    st.html(list_html(known, land_by_zone(seen.facts().table)))


def _choose(known: Mapping[str, Mapping[str, Any]]) -> None:
    """Let a zone be found by typing a part of its name."""
    st.selectbox(
        t("Open a zone"),
        sorted(known, key=land_words.zone),
        index=None,
        format_func=lambda code: plain(
            f"{land_words.zone(code)} · {_place(known[code])}"
        ),
        placeholder=t("Type a name or a county"),
        key="land.zone.choose",
        on_change=lambda: ZONE.set(str(st.session_state["land.zone.choose"] or "")),
    )


def list_html(
    known: Mapping[str, Mapping[str, Any]], land: Mapping[str, tuple[int, float]]
) -> str:
    """Write all zones as a table, the one with most land first, encoded.

    Args:
        known: What the layer tells of each.
        land: Count and area of the parcels on offer, by zone.

    Returns:
        HTML; each name leads to the zone's own address.
    """
    order = sorted(known, key=lambda code: -land.get(code, (0, 0.0))[1])
    lines = "".join(_line(code, known[code], land.get(code)) for code in order)
    heads = "".join(
        f"<th scope='col'>{escape(one)}</th>"
        for one in (
            t("Development zone"),
            t("Leading industries"),
            t("Parcels on offer"),
            t("Area on offer (mu)"),
        )
    )
    return (
        f'<div class="lm-scroll" tabindex="0" role="region" '
        f'aria-label="{escape(t("Development zones"))}">'
        f'<table class="lm-table land-table"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{lines}</tbody></table></div>"
    )


def _line(code: str, row: Mapping[str, Any], land: tuple[int, float] | None) -> str:
    count, area_m2 = land or (0, 0.0)
    mu = f"{area_m2 * 15 / 10_000:,.0f}"
    address = f"?{query(replace(link_now(), zone=code))}"
    return (
        f"<tr><th scope='row'><a href='{escape(address)}' target='_self'>"
        f"{escape(land_words.zone(code))}</a><small>{escape(_place(row))}</small></th>"
        f"<td class='t'>{escape(_leading(row))}</td>"
        f"<td class='n'>{count:,}</td><td class='n'>{mu}</td></tr>"
    )


def _zone(code: str, row: Mapping[str, Any]) -> None:
    if st.button(t("All zones"), icon=":material/arrow_back:", key="land.zone.back"):
        ZONE.set("")
        st.rerun()
    found = zone_land(seen.facts().table, code)
    with st.container(key="land_find"):
        left, right = st.columns([44, 56], gap="small")
        with right:
            _map(code)
        with left:
            _sheet(code, row, found)


def _sheet(code: str, row: Mapping[str, Any], found: ZoneLand) -> None:
    name = land_words.zone(code)
    own = resources.zone_names(language()).get(code, "")
    about = (own if own != name else "", _kind(row), _place(row))
    heading(name, " · ".join(filter(None, about)))
    share(LandLink(language=language()), name, path=f"zone/{code}", key="land_zone")
    _part(t("Leading industries"), [(_industries_title(row), _leading(row))])
    _part(
        t("Land on offer by size"),
        [
            (t("All"), _amount(found.count, found.area_m2)),
            *((_size(one), _amount(one.count, one.area_m2)) for one in found.sizes),
        ],
    )
    if found.count:
        st.button(
            t("Show this land"),
            icon=":material/search:",
            key="land.zone.find",
            on_click=_ask_for,
            args=(code,),
        )
        if st.session_state.get("land.zone.find"):
            st.switch_page(FIND_PAGE)
    _part(t("Services"), [(t(SERVED_HEAD), "")] if not found.services else [])
    _part("", [(t(SERVICES[name]), _served(*n)) for name, n in found.services.items()])
    _part(t("Price"), [(t("Price span"), _span(found))])
    county = str(row.get("county_code") or "")
    _part(t("Whom to ask"), whom_to_ask(county))
    zone_policies(code, county)


def _part(title: str, lines: list[tuple[str, str]]) -> None:
    head = f"<h2 class='land-part'>{escape(title)}</h2>" if title else ""
    if head or lines:
        st.html(head + facts_html(lines, "land-facts"))


def _amount(count: int, area_m2: float) -> str:
    if count == 1:
        return t("1 parcel · {area}", area=land_words.area(area_m2))
    return t(
        "{count} parcels · {area}", count=f"{count:,}", area=land_words.area(area_m2)
    )


def _size(one: Size) -> str:
    if one.most_mu is None:
        return t("{least} mu and more", least=f"{one.least_mu:g}")
    if not one.least_mu:
        return t("below {most} mu", most=f"{one.most_mu:g}")
    return t(
        "{least} to below {most} mu", least=f"{one.least_mu:g}", most=f"{one.most_mu:g}"
    )


def _served(ready: int, known: int) -> str:
    if not known:
        return t("unknown")
    return t("on or at {ready} of {known} parcels", ready=ready, known=known)


def _span(found: ZoneLand) -> str:
    if found.prices is None:
        return t("unknown")
    low, high = map(land_words.price, found.prices)
    span = low if low == high else f"{low} – {high}"
    return t("{span} (known of {known} parcels)", span=span, known=found.priced)


def _kind(row: Mapping[str, Any]) -> str:
    kind = "" if absent(row.get("category")) else str(row["category"])
    return t(KINDS[kind]) if kind in KINDS else land_words.named(kind)


def _place(row: Mapping[str, Any]) -> str:
    return land_words.place_line(row.get("county_code"))


def _industries_title(row: Mapping[str, Any]) -> str:
    if str(row.get("industries_basis") or "") == "synthetic":
        return t("Made up for the demonstration")
    return t("By GB/T 4754")


def _leading(row: Mapping[str, Any]) -> str:
    words = row.get("industry_words")
    if not absent(words) and not land_words.is_english():
        return str(words)
    return land_words.industries(row.get("leading_industries")) or t("not stated")


def _ask_for(zone: str) -> None:
    """Ask for the land of a zone."""
    ANSWERS.set(Answers(zone=zone))
    FORM.set(FORM.get() + 1)


def _map(code: str) -> None:
    frame = resources.layer_frame(LAYER)
    box = box_of(frame.loc[[code]].geometry)
    with st.container(key="land_map"):
        site_map(
            Scene(
                lit=NOTHING_LIT,
                chosen=None,
                focus=Focus(f"land/zone/{code}", box, max_zoom=14) if box else None,
                link=query(link_now(zone=True)),
                title=land_words.zone(code),
                opened=OPENED.get().layers,
            )
        )

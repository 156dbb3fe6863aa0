"""The page of land claims: table, map, calendar, refused claims; one claim beside."""

from collections.abc import Callable, Mapping
from html import escape
from typing import Final

import streamlit as st

from gis.words import Title
from ledger import claim_lists
from ledger.claim_lists import RUN_OUT
from ledger.model import ClaimKind
from ledger.unit_of_work import CHINA
from ui import land_claims_list, resources
from ui.case_page import Figure, case_page, facts, figures, sheet_head, table_and_sheet
from ui.claim_forms import claim_deeds, claim_state, entry_html, mu_text
from ui.i18n import language, t
from ui.land_claims_map import claims_map
from ui.land_claims_state import MAP, TABLE, VIEW, Shown, read
from ui.land_demand_list import PROJECT_LEDGER
from ui.project_land import FIND_SITE
from ui.ruling import ruling_of
from ui.state import PARCEL, PROJECT

VIEWS: Final[Mapping[str, tuple[Title, Callable[[Shown], None]]]] = {
    "table": (Title("Table"), land_claims_list.claims_table),
    "map": (Title("Map"), claims_map),
    "calendar": (Title("What runs out"), land_claims_list.calendar),
    "refused": (Title("Refused claims"), land_claims_list.refused),
}
WEEK, MONTH, QUARTER = 7, 30, 90


def land_claims_page() -> None:
    """Draw the page."""
    case_page(_page)


def _page() -> None:
    shown = read()
    figures(_figures(shown))
    table_and_sheet(lambda: _left(shown), lambda: _sheet(shown))


def _left(shown: Shown) -> None:
    st.segmented_control(
        t("View"),
        list(VIEWS),
        default=VIEW.get(),
        required=True,
        format_func=lambda one: t(VIEWS[one][0]),
        key="claims.view",
        label_visibility="collapsed",
        on_change=lambda: VIEW.set(st.session_state["claims.view"]),
    )
    if VIEW.get() in {TABLE, MAP}:
        land_claims_list.filters(shown)
    VIEWS[VIEW.get()][1](shown)


def _figures(shown: Shown) -> list[Figure]:
    holding = [one for one in shown.days if one.day is None or one.day >= shown.today]
    soon = {
        days: sum(
            one.claims for one in claim_lists.within(shown.days, shown.today, days=days)
        )
        for days in (WEEK, MONTH, QUARTER)
    }
    return [
        Figure(
            t("Land held"),
            mu_text(sum(one.area_m2 for one in holding)),
            t("{count} claims", count=f"{sum(one.claims for one in holding):,}"),
        ),
        *(
            Figure(
                t("Run out within {days} days", days=days),
                f"{count:,}",
                amber=days == WEEK and count > 0,
            )
            for days, count in soon.items()
        ),
        Figure(
            t("Run out, not released"),
            f"{shown.counts[RUN_OUT]:,}",
            amber=shown.counts[RUN_OUT] > 0,
        ),
        Figure(t("Queueing for land"), f"{len(shown.lines.entries):,}"),
        Figure(t("Refused claims"), f"{shown.refused:,}"),
    ]


def _sheet(shown: Shown) -> None:
    """Draw the chosen claim, who waits for it, what can be done."""
    one = shown.chosen
    if one is None:
        st.html(f'<p class="none">{escape(t("Choose a claim in the table."))}</p>')
        return
    claim, names = one.claim, resources.place_names(language())
    waiting, place = shown.behind(one), claim.region or one.region
    sheet_head(
        claim.parcel_id,
        claim_state(claim, shown.today),
        f"{one.project} ({one.code})",
        synthetic=one.synthetic,
        amber=claim.kind is not ClaimKind.RELEASED and claim.expired(shown.today),
    )
    with st.container(horizontal=True, gap="small"):
        if st.button(t("Map"), icon=":material/map:", key="claims.map"):
            PARCEL.set(claim.parcel_id)
            st.switch_page(FIND_SITE)
        if st.button(
            t("Open the project"), icon=":material/open_in_new:", key="claims.open"
        ):
            PROJECT.set(one.code)
            st.switch_page(PROJECT_LEDGER)
        claim_deeds(claim, ruling_of(one.region, one.managed_by), waiting)
    part = t("part of the parcel") if claim.part else t("whole parcel")
    facts([
        (t("Area"), f"{mu_text(claim.area_m2)} · {part}"),
        (t("Region"), names.get(place, place)),
        (t("Claimed on"), f"{claim.claimed_at.astimezone(CHINA):%Y-%m-%d}"),
        (t("Claimed by"), t(Title(claim.claimed_by))),
        (t("Last day"), str(claim.expires_on or t("open end"))),
        (t("What it rests on"), claim.note),
        *_released(claim.kind, one.claim.release_reason),
    ])
    st.html(f'<h3 class="part">{escape(t("Waiting for this land"))}</h3>')
    if not waiting:
        st.html(f'<p class="none">{escape(t("Nobody waits for this land."))}</p>')
    for n, (entry, name) in enumerate(waiting, start=1):
        st.html(entry_html(entry, name, n))


def _released(kind: ClaimKind, reason: str) -> list[tuple[str, str]]:
    if kind is not ClaimKind.RELEASED:
        return []
    return [(t("Reason of the release"), t(Title(reason)))]

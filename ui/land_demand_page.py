"""The page of land demand: what is wanted, matched and met; supply beside it."""

from typing import Final

import streamlit as st

from gis.words import Title
from ledger import claim_lists, claims, demand_figures, demand_list, projects
from ledger.casework import DemandState
from ui import access, resources
from ui.case_page import Figure, case_page, figures, table_and_sheet
from ui.i18n import t
from ui.land_demand_list import (
    CHOSEN,
    Shown,
    asked,
    demand_sheet,
    demand_table,
    place,
)
from ui.land_supply_view import supply_view
from ui.ledger_deeds import show_outcome
from ui.state import Slot

VIEWS: Final = {
    "list": Title("Demands"),
    "supply": Title("Supply and demand"),
}


def _list() -> str:
    return "list"


VIEW: Slot[str] = Slot("demand_view", _list)


def land_demand_page() -> None:
    """Draw the page."""
    case_page(_page)


def read() -> Shown:
    """Read what the page shows.

    Returns:
        What the actor may see.
    """
    with resources.ledger().read(access.current_actor()) as work:
        counties = demand_figures.by_county(work)
        found, number = demand_list.find(work, asked(), place().wanted), CHOSEN.get()
        chosen = demand_list.find_one(work, number) if number is not None else None
        if chosen is None and found.rows:
            chosen = found.rows[0]
        held = claims.of(work, chosen.demand.project_id) if chosen else []
        return Shown(
            counties=counties,
            found=found,
            counted=demand_list.count(work, asked()),
            regions=projects.regions(work),
            unwritten=demand_figures.unwritten(work),
            chosen=chosen,
            held=held,
            held_m2=claim_lists.held_m2(work) if VIEW.get() == "supply" else {},
            today=work.today(),
        )


def _page() -> None:
    shown = read()
    figures(_figures(shown))
    st.segmented_control(
        t("View"),
        list(VIEWS),
        default=VIEW.get(),
        required=True,
        format_func=lambda one: t(VIEWS[one]),
        key="demand.view",
        label_visibility="collapsed",
        on_change=lambda: VIEW.set(st.session_state["demand.view"]),
    )
    if VIEW.get() == "supply":
        show_outcome()
        supply_view(shown.counties, shown.held_m2)
    else:
        table_and_sheet(lambda: demand_table(shown), lambda: demand_sheet(shown))


def _figures(shown: Shown) -> list[Figure]:
    total = demand_figures.summed("", shown.counties)
    overdue = shown.counted.overdue
    return [
        Figure(
            t("Demand unmet"),
            t("{area} mu", area=f"{total.unmet_mu:,.0f}"),
            t("{count} wait", count=f"{total.waiting:,}"),
            amber=total.unmet_mu > 0,
        ),
        Figure(t(DemandState.OPEN.label), t("{area} mu", area=f"{total.open_mu:,.0f}")),
        Figure(
            t(DemandState.MATCHED.label),
            t("{area} mu", area=f"{total.matched_mu:,.0f}"),
        ),
        Figure(
            t(DemandState.APPROVAL.label),
            t("{area} mu", area=f"{total.approval_mu:,.0f}"),
        ),
        Figure(
            t(DemandState.MET.label),
            t("{area} mu", area=f"{total.met_mu:,.0f}"),
            t("of {area} mu", area=f"{total.total_mu:,.0f}"),
        ),
        Figure(
            t("Wanted earlier"),
            f"{overdue:,}",
            t("in this list"),
            amber=overdue > 0,
        ),
    ]

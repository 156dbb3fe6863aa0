"""The list of land demands: filters, table, the chosen one beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Final

import streamlit as st

from gis.words import Title
from ledger import demand_list, demands
from ledger.access import Verb, may
from ledger.casework import DemandState, Urgency
from ledger.demand_figures import DemandFigure, Unwritten
from ledger.demand_list import Asked, Counted, SeenDemand
from ledger.list_part import Part
from ledger.model import Claim
from ledger.unit_of_work import Work
from reports.tables_xlsx import Table
from ui import access, resources
from ui.case_page import facts, sheet_head
from ui.case_table import Cell, Column, Line, case_table
from ui.demand_forms import area_text, demand_deeds, is_overdue
from ui.i18n import language, t
from ui.ledger_deeds import do
from ui.project_table import EVERYWHERE, places
from ui.ruling import ruling_of
from ui.settings import ROOT
from ui.state import PROJECT, Slot
from ui.table_downloads import table_downloads
from ui.table_part import Place

KEY: Final = "demand.table"
PROJECT_LEDGER: Final = ROOT / "ui" / "screens" / "project_ledger.py"
MARKS: Final = {
    DemandState.OPEN: "amber",
    DemandState.MATCHED: "going",
    DemandState.APPROVAL: "going",
    DemandState.MET: "done",
    DemandState.WITHDRAWN: "over",
}


def _no_states() -> tuple[DemandState, ...]:
    return ()


def _text() -> str:
    return ""


def _none() -> int | None:
    return None


STATES: Slot[tuple[DemandState, ...]] = Slot("demand_states", _no_states)
REGION: Slot[str] = Slot("demand_region", _text)
URGENCY: Slot[str] = Slot("demand_urgency", _text)
TEXT: Slot[str] = Slot("demand_text", _text)
CHOSEN: Slot[int | None] = Slot("demand_chosen", _none)


@dataclass(frozen=True)
class Shown:
    """What the page shows, read in one look at the ledger.

    Attributes:
        counties: Figures by county.
        found: The part of the demands that the filters ask for.
        counted: How many stand in each state, without the filter by state.
        regions: Counties that have projects.
        unwritten: Projects that state land and have no demand written down.
        chosen: The demand beside the table.
        held: The claims of its project.
        held_m2: Land that is held, by parcel; only for the view that shows it.
        today: The day it is.
    """

    counties: Sequence[DemandFigure]
    found: Part[SeenDemand]
    counted: Counted
    regions: Sequence[str]
    unwritten: Sequence[Unwritten]
    chosen: SeenDemand | None
    held: Sequence[Claim]
    held_m2: dict[str, float]
    today: date


def asked() -> Asked:
    """Return what the reader filters the demands by."""
    return Asked(STATES.get(), REGION.get(), URGENCY.get(), TEXT.get())


def place() -> Place:
    """Return where the reader stands in the table."""
    return Place(KEY, asked())


def demand_table(shown: Shown) -> None:
    """Draw filters, table and files.

    Args:
        shown: What the page shows.
    """
    _filters(shown)
    _offer_to_write_down(shown.unwritten)
    names = resources.place_names(language())
    case_table(
        KEY,
        label=t("Land demands"),
        columns=[
            Column(t("Demand"), 34, "title", "title"),
            Column(t("State"), 15, "chip", "state"),
            Column(t("Area (mu)"), 12, "figure", "area"),
            Column(t("Wanted by"), 14, "day", "wanted"),
            Column(t("Region"), 12, "soft wide", "region"),
            Column(t("Followed by"), 13, "soft wide", "follower"),
        ],
        lines=[_line(one, names, shown.today) for one in shown.found.rows],
        chosen=str(shown.chosen.demand.id) if shown.chosen else None,
        empty=t(
            "No land demand is written down here. Open a project in the ledger, go to "
            "its land, and write down what it needs."
        ),
        count=t("{shown} demands", shown=f"{shown.found.total:,}"),
        choose=lambda one: CHOSEN.set(int(one)),
        shown=place().shown(shown.found),
    )
    ledger, actor, wanted = resources.ledger(), access.current_actor(), asked()

    def everything() -> Table:
        with ledger.read(actor) as work:
            return _list_table(demand_list.find(work, wanted).rows, names)

    table_downloads(everything, "land-demand")


def _line(one: SeenDemand, names: dict[str, str], today: date) -> Line:
    demand = one.demand
    day = str(demand.wanted_by or "")
    late = is_overdue(demand, today)
    urgent = f"{t(Urgency.URGENT.label)} · " if demand.urgency is Urgency.URGENT else ""
    return Line(
        str(demand.id),
        [
            Cell(demand.title),
            Cell(t(demand.state.label), mark=MARKS[demand.state]),
            Cell(f"{demand.area_mu:,.2f}", demand.area_mu),
            Cell(day, day or "9", "amber" if late else ""),
            Cell(names.get(one.region, one.region)),
            Cell(demand.follower),
        ],
        about=f"{urgent}{one.project} ({one.code})",
    )


def _list_table(found: Sequence[SeenDemand], names: dict[str, str]) -> Table:
    heads = (
        Title("Demand"),
        Title("Project"),
        Title("Project code"),
        Title("Region"),
        Title("State"),
        Title("Urgency"),
        Title("Area (mu)"),
        Title("Raised on"),
        Title("Wanted by"),
        Title("Parcel"),
        Title("Followed by"),
        Title("Closed on"),
        Title("Evidence that it is met"),
        Title("Note"),
        Title("Synthetic"),
    )
    return Table(
        t("Land demands"),
        [t(one) for one in heads],
        [
            [
                one.demand.title,
                one.project,
                one.code,
                names.get(one.region, one.region),
                t(one.demand.state.label),
                t(one.demand.urgency.label),
                one.demand.area_mu,
                str(one.demand.raised_on),
                str(one.demand.wanted_by or ""),
                one.demand.parcel_id,
                one.demand.follower,
                str(one.demand.closed_on or ""),
                one.demand.evidence,
                one.demand.note,
                t("yes") if one.synthetic else "",
            ]
            for one in found
        ],
    )


def _filters(shown: Shown) -> None:
    """Draw the filters; each writes its slot before the page is drawn again."""
    names = resources.place_names(language())
    with st.container(key="case_filters", horizontal=True, gap="small"):
        st.text_input(
            t("Search"),
            value=TEXT.get(),
            key="demand.text",
            placeholder=t("Search demand, project, code or parcel"),
            label_visibility="collapsed",
            icon=":material/search:",
            on_change=_take,
            args=("demand.text", TEXT),
        )
        offered = places(shown.regions)
        st.selectbox(
            t("Region"),
            offered,
            index=offered.index(REGION.get()) if REGION.get() in offered else 0,
            format_func=lambda one: names.get(one, one) if one else t("All regions"),
            key="demand.region",
            label_visibility="collapsed",
            on_change=_take,
            args=("demand.region", REGION),
        )
        urgencies = [EVERYWHERE, *Urgency]
        st.selectbox(
            t("Urgency"),
            urgencies,
            index=urgencies.index(URGENCY.get()),
            format_func=lambda one: t(Urgency(one).label) if one else t("Any urgency"),
            key="demand.urgency",
            label_visibility="collapsed",
            on_change=_take,
            args=("demand.urgency", URGENCY),
        )
    st.pills(
        t("State"),
        list(DemandState),
        selection_mode="multi",
        default=list(STATES.get()),
        format_func=lambda one: f"{t(one.label)} {shown.counted.states[one]:,}",
        key="demand.states",
        label_visibility="collapsed",
        on_change=lambda: STATES.set(tuple(st.session_state["demand.states"] or ())),
    )


def _take(key: str, slot: Slot[str]) -> None:
    slot.set(str(st.session_state[key] or "").strip())


def _offer_to_write_down(unwritten: Sequence[Unwritten]) -> None:
    """Offer to write down what projects state, where there is any such."""
    actor = access.current_actor()  # asked once: there may be thousands
    own = [one for one in unwritten if may(actor, Verb.DEMAND_EDIT, one.place)]
    if not own:
        return
    area = sum(one.area_mu for one in own)
    with st.popover(
        t(
            "{count} projects state {area} mu that nobody has written down",
            count=f"{len(own):,}",
            area=f"{area:,.0f}",
        ),
        icon=":material/playlist_add:",
        key="demand.unwritten",
    ):
        st.caption(
            t(
                "A demand is made for each of them, with the area, the need and the "
                "owner of its project; from then on the demand is what counts."
            )
        )
        st.button(
            t("Write them down"),
            type="primary",
            key="demand.write_down",
            on_click=_write_down,
            args=([one.project_id for one in own],),
        )


def _write_down(numbers: Sequence[int]) -> None:
    def deed(work: Work) -> None:
        for number in numbers:
            demands.write_down(work, number)

    do(deed, Title("The stated land demands were written down."))


def demand_sheet(shown: Shown) -> None:
    """Draw the chosen demand, with what can be done.

    Args:
        shown: What the page shows.
    """
    one = shown.chosen
    if one is None:
        st.html(f'<p class="none">{escape(t("Choose a demand in the table."))}</p>')
        return
    demand, names = one.demand, resources.place_names(language())
    sheet_head(
        demand.title,
        t(demand.state.label),
        f"{one.code} · {one.project} · {names.get(one.region, one.region)}",
        synthetic=one.synthetic,
        amber=is_overdue(demand, shown.today),
    )
    demand_deeds(demand, ruling_of(one.region, one.managed_by), shown.held)
    late = f" · {t('overdue')}" if is_overdue(demand, shown.today) else ""
    facts([
        (t("Area"), area_text(demand.area_mu)),
        (t("Urgency"), t(demand.urgency.label)),
        (t("Raised on"), str(demand.raised_on)),
        (t("Wanted by"), f"{demand.wanted_by or ''}{late}"),
        (t("Followed by"), demand.follower),
        (t("Parcel"), demand.parcel_id),
        (t("Closed on"), str(demand.closed_on or "")),
        (t("Evidence that it is met"), demand.evidence),
        (t("Note"), demand.note),
    ])
    if st.button(
        t("Open the project"), icon=":material/open_in_new:", key="demand.open"
    ):
        PROJECT.set(one.code)
        st.switch_page(PROJECT_LEDGER)

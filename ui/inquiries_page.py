"""The page of inquiries: figures, the list, one inquiry with what can be done."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

import streamlit as st

from gis.errors import AccessError
from gis.words import Title
from ledger import inquiries, projects
from ledger.casework import Inquiry, InquiryState
from ledger.list_part import Part
from ledger.model import Project
from ledger.unit_of_work import CHINA, Work
from ui import access, case_page, resources
from ui.case_table import Cell, Column, Line, case_table
from ui.i18n import language, t
from ui.inquiry_forms import CHOSEN, inquiry_deeds, new_inquiry
from ui.state import PROJECT, Slot
from ui.table_part import Place

KEY: Final = "inquiries.table"
ALL: Final = "all"
EVERY: Final = Title("All")
CHIPS: Final = {
    InquiryState.NEW: "going",
    InquiryState.LEAD: "done",
}
"""How the states are marked in the table."""


def _all() -> str:
    return ALL


STATE: Slot[str] = Slot("inquiries_state", _all)


@dataclass(frozen=True)
class Seen:
    """What the page shows, read in one look.

    Attributes:
        found: The part of the inquiries that the filter asks for.
        counts: How many stand at each state.
        chosen: The one beside the table, None for none.
        project: The project it became, None for none.
    """

    found: Part[Inquiry]
    counts: Mapping[InquiryState, int]
    chosen: Inquiry | None
    project: Project | None


def inquiries_page() -> None:
    """Draw the page."""
    case_page.case_page(_draw)


def place() -> Place:
    """Return where the reader stands in the table."""
    return Place(KEY, STATE.get())


def read() -> Seen:
    """Read what the page shows.

    Returns:
        What the actor may see.
    """
    state = STATE.get()
    asked = [] if state == ALL else [InquiryState(state)]
    with resources.ledger().read(access.current_actor()) as work:
        found, number = inquiries.listed(work, asked, place().wanted), CHOSEN.get()
        chosen = inquiries.find_one(work, number) if number is not None else None
        if chosen is None and found.rows:
            chosen = found.rows[0]
        return Seen(
            found=found,
            counts=inquiries.counts(work),
            chosen=chosen,
            project=_project(work, chosen),
        )


def shown_figures(counts: Mapping[InquiryState, int]) -> list[case_page.Figure]:
    """Tell how many inquiries stand at each state.

    Args:
        counts: How many there are.

    Returns:
        A figure for each state; new ones ask for attention.
    """
    total = f"{sum(counts.values()):,}"
    return [
        case_page.Figure(
            t(state.label),
            f"{counts[state]:,}",
            t("of {total}", total=total),
            amber=state is InquiryState.NEW and counts[state] > 0,
        )
        for state in InquiryState
    ]


def columns() -> list[Column]:
    """Name the columns, in the reader's language."""
    return [
        Column(t("Firm"), 30, "title", "firm"),
        Column(t("Number"), 24, "soft wide", "number"),
        Column(t("Region"), 16, "soft wide", "region"),
        Column(t("State"), 15, "chip", "state"),
        Column(t("Received on"), 15, "day wide", "received"),
    ]


def line(one: Inquiry, places: Mapping[str, str]) -> Line:
    """Describe an inquiry for the table.

    Args:
        one: The inquiry.
        places: Names of places by code.

    Returns:
        Its row.
    """
    received = f"{one.received_at.astimezone(CHINA):%Y-%m-%d}"
    return Line(
        id=str(one.id),
        cells=[
            Cell(one.firm or one.person),
            Cell(one.number),
            Cell(places.get(one.region, one.region), one.region),
            Cell(t(one.state.label), mark=CHIPS.get(one.state, "")),
            Cell(received),
        ],
        about=one.text,
    )


def _draw() -> None:
    seen = read()
    case_page.figures(shown_figures(seen.counts))
    case_page.table_and_sheet(lambda: _table(seen), lambda: _sheet(seen), wide=54)


def _table(seen: Seen) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.pills(
            t("State"),
            [ALL, *InquiryState],
            default=ALL if STATE.get() == ALL else InquiryState(STATE.get()),
            format_func=lambda one: t(EVERY if one == ALL else InquiryState(one).label),
            key="inquiries.state",
            label_visibility="collapsed",
            on_change=_take,
        )
        new_inquiry(sum(seen.counts.values()))
    places = resources.place_names(language())
    case_table(
        KEY,
        label=t("Inquiries"),
        columns=columns(),
        lines=[line(one, places) for one in seen.found.rows],
        chosen=str(seen.chosen.id) if seen.chosen else None,
        empty=t("No inquiry matches the filter.")
        if any(seen.counts.values())
        else t(
            "No inquiry has come in yet. Write down with the button above what comes "
            "by telephone, letter or visit."
        ),
        count=t("{count} inquiries", count=f"{seen.found.total:,}"),
        choose=_choose,
        shown=place().shown(seen.found),
    )


def _sheet(seen: Seen) -> None:
    one = seen.chosen
    if one is None:
        st.html(f'<p class="none">{escape(t("Choose an inquiry in the table."))}</p>')
        return
    places = resources.place_names(language())
    place = places.get(one.region, one.region)
    case_page.sheet_head(
        one.firm or one.person, t(one.state.label), f"{one.number} · {place}"
    )
    inquiry_deeds(one)
    st.html(f'<p class="inquiry-text">{escape(one.text)}</p>')
    received = f"{one.received_at.astimezone(CHINA):%Y-%m-%d %H:%M}"
    case_page.facts([
        (t("Contact person"), one.person),
        (t("Phone or e-mail"), one.contact),
        (t("Parcel"), one.parcel_id),
        (t("Received on"), received),
        (t("Answer"), one.answer),
        *([(t("Reason of closing"), one.reason)] if one.reason else []),
        (t("Project"), seen.project.title if seen.project else ""),
    ])
    if seen.project is not None and st.button(
        t("Open the project"), icon=":material/open_in_new:", key="inquiries.project"
    ):
        PROJECT.set(seen.project.code)
        st.switch_page("screens/project_ledger.py")


def _project(work: Work, chosen: Inquiry | None) -> Project | None:
    """Read the project that an inquiry became; a management region may run it now."""
    if chosen is None or chosen.project_id is None:
        return None
    try:
        return projects.get(work, chosen.project_id)
    except AccessError:
        return None


def _choose(number: str) -> None:
    CHOSEN.set(int(number))


def _take() -> None:
    STATE.set(str(st.session_state["inquiries.state"] or ALL))

"""The page of promises: figures, the list of all projects' promises, one beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Final

import streamlit as st

from gis.words import Title
from ledger import promise_figures, promises
from ledger.casework import Payment, PromiseState
from ledger.list_part import Part
from ledger.offices import offices as known_offices
from ledger.promise_figures import PromiseFigures, SeenPromise
from ui import access, case_page, resources
from ui.case_table import Cell, Column, Line, case_table
from ui.case_words import office_names
from ui.i18n import language, t
from ui.project_promises import money_line, payments, settled_lines, standing
from ui.promise_deeds import promise_deeds
from ui.ruling import ruling_of
from ui.state import PROJECT, Slot
from ui.table_part import Place

Filter = tuple[PromiseState | None, bool]

KEY: Final = "promises.table"
DUE: Final = "due"
FILTERS: Final[Mapping[str, tuple[Title, Filter]]] = {
    DUE: (Title("Due"), (PromiseState.OPEN, False)),
    "overdue": (Title("Overdue"), (PromiseState.OPEN, True)),
    "kept": (Title("Kept"), (PromiseState.KEPT, False)),
    "changed": (Title("Changed by law"), (PromiseState.CHANGED, False)),
    "refused": (Title("Refused by law"), (PromiseState.REFUSED, False)),
    "all": (Title("All"), (None, False)),
}
"""What the list may be held to: name, state, whether only what is overdue."""


def _due() -> str:
    return DUE


def _text() -> str:
    return ""


def _none() -> int | None:
    return None


FILTER: Slot[str] = Slot("promises_filter", _due)
TEXT: Slot[str] = Slot("promises_text", _text)
CHOSEN: Slot[int | None] = Slot("promises_chosen", _none)


@dataclass(frozen=True)
class Seen:
    """What the page shows, read in one look.

    Attributes:
        figures: Counts and money.
        found: The part of the promises that the filter asks for.
        chosen: The one beside the table, None for none.
        paid: What was paid on it.
        offices: Names of departments by code.
        today: The day it is.
    """

    figures: PromiseFigures
    found: Part[SeenPromise]
    chosen: SeenPromise | None
    paid: Sequence[Payment]
    offices: Mapping[str, str]
    today: date


def promises_page() -> None:
    """Draw the page."""
    case_page.case_page(_draw)


def place() -> Place:
    """Return where the reader stands in the table."""
    return Place(KEY, (FILTER.get(), TEXT.get()))


def read() -> Seen:
    """Read what the page shows.

    Returns:
        What the actor may see.
    """
    _, (state, overdue) = FILTERS[FILTER.get()]
    with resources.ledger().read(access.current_actor()) as work:
        found = promise_figures.listed(
            work, TEXT.get(), state=state, overdue=overdue, wanted=place().wanted
        )
        number = CHOSEN.get()
        chosen = promise_figures.find_one(work, number) if number is not None else None
        if chosen is None and found.rows:
            chosen = found.rows[0]
        paid: Sequence[Payment] = ()
        if chosen is not None:
            promise = chosen.promise
            paid = promises.payments(work, promise.project_id).get(promise.id, ())
        return Seen(
            figures=promise_figures.figures(work),
            found=found,
            chosen=chosen,
            paid=paid,
            offices=office_names(known_offices(work)),
            today=work.today(),
        )


def shown_figures(found: PromiseFigures) -> list[case_page.Figure]:
    """Tell the figures in the order they are read.

    Args:
        found: What was counted.

    Returns:
        Counts, the share kept with what it is a share of, money.
    """
    rate, wan = found.kept_rate, t("10,000 CNY")
    share = "—" if rate.value is None else f"{rate.value:.1%}"
    return [
        case_page.Figure(
            t("Due"), f"{found.due:,}", t("of {total}", total=f"{found.promises:,}")
        ),
        case_page.Figure(t("Overdue"), f"{found.overdue:,}", amber=bool(found.overdue)),
        case_page.Figure(
            t(rate.name), share, f"{rate.numerator:,}/{rate.denominator:,}"
        ),
        case_page.Figure(t("Promised"), f"{found.promised_wan_cny:,.0f}", wan),
        case_page.Figure(t("Paid"), f"{found.paid_wan_cny:,.0f}", wan),
        case_page.Figure(t("Left to pay"), f"{found.owed_wan_cny:,.0f}", wan),
        case_page.Figure(
            t("Overdue money"),
            f"{found.overdue_wan_cny:,.0f}",
            wan,
            amber=found.overdue_wan_cny > 0,
        ),
    ]


def columns() -> list[Column]:
    """Name the columns, in the reader's language."""
    return [
        Column(t("Promise"), 27, "title", "title"),
        Column(t("Project"), 27, "soft wide", "project"),
        Column(t("State"), 14, "chip", "state"),
        Column(t("To be kept by"), 13, "day", "due"),
        Column(t("Amount (10,000 CNY)"), 10, "figure wide", "amount"),
        Column(t("Paid (10,000 CNY)"), 9, "figure wide", "paid"),
    ]


def line(one: SeenPromise, today: date) -> Line:
    """Describe a promise for the table.

    Args:
        one: The promise and its project.
        today: The day it is.

    Returns:
        Its row.
    """
    promise = one.promise
    state, css = standing(promise, today)
    mark = {"amber": "amber", "held": "done"}.get(css, "")
    if promise.state is PromiseState.REFUSED:
        mark = "over"
    amount = promise.amount_wan_cny
    due = str(promise.due_on or "")
    return Line(
        id=str(promise.id),
        cells=[
            Cell(promise.title),
            Cell(one.project),
            Cell(state, mark=mark),
            Cell(due, mark="amber" if css == "amber" else ""),
            Cell("" if amount is None else f"{amount:,.0f}", amount or 0.0),
            Cell(
                "" if amount is None else f"{promise.paid_wan_cny:,.0f}",
                promise.paid_wan_cny,
            ),
        ],
        about=f"{one.code} · {one.project}",
    )


def _draw() -> None:
    seen = read()
    case_page.figures(shown_figures(seen.figures))
    case_page.table_and_sheet(lambda: _table(seen), lambda: _sheet(seen))
    rate = seen.figures.kept_rate
    st.html(
        f'<p class="kpi-defs">{escape(t(rate.name))}: {escape(t(rate.definition))}</p>'
    )


def _table(seen: Seen) -> None:
    with st.container(key="ledger_filters", horizontal=True, gap="small"):
        st.text_input(
            t("Search promises"),
            value=TEXT.get(),
            key="promises.search",
            placeholder=t("Search promise, project or basis"),
            label_visibility="collapsed",
            icon=":material/search:",
            on_change=_take,
            args=("promises.search", TEXT),
        )
        st.pills(
            t("State"),
            list(FILTERS),
            default=FILTER.get(),
            format_func=lambda one: t(FILTERS[one][0]),
            key="promises.filter",
            label_visibility="collapsed",
            on_change=_take,
            args=("promises.filter", FILTER),
        )
    case_table(
        KEY,
        label=t("Promises"),
        columns=columns(),
        lines=[line(one, seen.today) for one in seen.found.rows],
        chosen=None if seen.chosen is None else str(seen.chosen.promise.id),
        empty=_empty(seen),
        count=t("{count} promises", count=f"{seen.found.total:,}"),
        choose=_choose,
        shown=place().shown(seen.found),
    )


def _empty(seen: Seen) -> str:
    if seen.figures.promises:
        return t("No promise matches the filters. Take some of them off.")
    return t(
        "No promise is written down yet: open a project in the project ledger and add "
        "it on the tab “Promises”."
    )


def _sheet(seen: Seen) -> None:
    one = seen.chosen
    if one is None:
        st.html(f'<p class="none">{escape(t("Choose a promise in the table."))}</p>')
        return
    promise, region = one.promise, ruling_of(one.region, one.managed_by)
    state, css = standing(promise, seen.today)
    places = resources.place_names(language())
    about = f"{one.code} · {one.project} · {places.get(one.region, one.region)}"
    case_page.sheet_head(
        promise.title, state, about, synthetic=one.synthetic, amber=css == "amber"
    )
    promise_deeds(promise, region, seen.offices)
    case_page.facts([
        (t("Basis of the promise"), promise.basis),
        (t("Condition"), promise.condition),
        (t("Money"), money_line(promise)),
        (t("To be kept by"), str(promise.due_on or "")),
        (t("Promise settled on"), str(promise.settled_on or "")),
        (t("Office that keeps it"), seen.offices.get(promise.office, promise.office)),
        *(named for named in settled_lines(promise) if named[1]),
    ])
    if seen.paid:
        st.html(f'<h3 class="part">{escape(t("Payments"))}</h3>')
        payments(promise, seen.paid, region)
    if st.button(
        t("Open the project"), icon=":material/open_in_new:", key="promises.project"
    ):
        PROJECT.set(one.code)
        st.switch_page("screens/project_ledger.py")


def _choose(number: str) -> None:
    CHOSEN.set(int(number))


def _take(key: str, slot: Slot[str]) -> None:
    said = st.session_state[key]
    slot.set(str(said or slot.default()).strip())

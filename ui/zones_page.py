"""The page of zones: figures, the table of zones, one zone beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from ledger import facilities, facility_figures, zones
from ledger.casework import Facility, Fund, FundSource, ZoneFigure, ZoneTitle
from ledger.facility_figures import Sum
from ledger.zone_rules import Evaluation, evaluation
from ledger.zones import holds
from ui import access, case_page, resources
from ui.case_table import Cell, Column, Line, case_table
from ui.facility_forms import OPENED
from ui.i18n import language, t
from ui.state import Slot
from ui.zone_rows import ZoneRow, no_zones, recognition_name, zones_in_sight
from ui.zone_sheet import ZoneSeen, points, zone_sheet


def _text() -> str:
    return ""


TEXT: Slot[str] = Slot("zones_text", _text)
CHOSEN: Slot[str] = Slot("zones_chosen", _text)


@dataclass(frozen=True)
class Seen:
    """What the page shows, read in one look.

    Attributes:
        rows: The zones that the filter asks for.
        known: How many zones there are without it.
        table: The table of zone evaluation in force.
        titles: Recognitions by zone.
        figures: Figures by zone, then by year and criterion.
        facilities: Infrastructure by zone.
        funds: Money by number of the infrastructure.
        today: The day it is.
    """

    rows: Sequence[ZoneRow]
    known: int
    table: Evaluation
    titles: Mapping[str, Sequence[ZoneTitle]]
    figures: Mapping[str, Mapping[tuple[int, str], ZoneFigure]]
    facilities: Mapping[str, Sequence[Facility]]
    funds: Mapping[int, Sequence[Fund]]
    today: date

    def zone(self, row: ZoneRow) -> ZoneSeen:
        """Return what is known of one zone."""
        return ZoneSeen(
            row=row,
            table=self.table,
            titles=self.titles.get(row.code, ()),
            figures=self.figures.get(row.code, {}),
            facilities=self.facilities.get(row.code, ()),
            funds=self.funds,
            today=self.today,
        )


def zones_page() -> None:
    """Draw the page."""
    case_page.case_page(_draw)


def read() -> Seen:
    """Read what the page shows.

    Returns:
        What the actor may see.
    """
    with resources.ledger().read(access.current_actor()) as work:
        titles = zones.titles(work)
        figures = zones.figures(work)
        found, funds = facilities.of_zones(work), facilities.funds_of_zones(work)
        table, today = evaluation(work), work.today()
    rows = zones_in_sight(titles)
    places = resources.place_names(language())
    by_zone: dict[str, dict[tuple[int, str], ZoneFigure]] = {}
    for one in figures:
        by_zone.setdefault(one.zone, {})[one.year, one.code] = one
    built: dict[str, list[Facility]] = {}
    for facility in found:
        built.setdefault(facility.zone, []).append(facility)
    named: dict[str, list[ZoneTitle]] = {}
    for title in titles:
        named.setdefault(title.zone, []).append(title)
    words = TEXT.get().lower().split()
    return Seen(
        rows=[row for row in rows if _has(row, places, words)],
        known=len(rows),
        table=table,
        titles=named,
        figures=by_zone,
        facilities=built,
        funds=funds,
        today=today,
    )


def shown_figures(seen: Seen, found: Sum) -> list[case_page.Figure]:
    """Tell the figures in the order they are read.

    Args:
        seen: What was read.
        found: What the infrastructure of the zones comes to.

    Returns:
        Zones and recognitions, infrastructure, money.
    """
    keys = sum(
        any(
            one.title == zones.KEY and holds(one, seen.today)
            for one in seen.titles.get(row.code, ())
        )
        for row in seen.rows
    )
    wan, share = t("10,000 CNY"), found.arrived_share
    bonds = found.by_source.get(FundSource.BOND, (0.0, 0.0))[0]
    return [
        case_page.Figure(t("Development zones"), f"{len(seen.rows):,}"),
        case_page.Figure(recognition_name(seen.table, zones.KEY), f"{keys:,}"),
        case_page.Figure(
            t("Infrastructure finished"),
            f"{found.done:,}",
            t("of {total}", total=f"{found.facilities:,}"),
        ),
        case_page.Figure(t("Late"), f"{found.late:,}", amber=bool(found.late)),
        case_page.Figure(t("Money planned"), f"{found.planned_wan_cny:,.0f}", wan),
        case_page.Figure(
            t("Money arrived"),
            f"{found.arrived_wan_cny:,.0f}",
            wan if share is None else f"{wan} · {share:.0%}",
        ),
        case_page.Figure(t("Special bonds planned"), f"{bonds:,.0f}", wan),
    ]


def columns() -> list[Column]:
    """Name the columns, in the reader's language."""
    return [
        Column(t("Development zone"), 30, "title"),
        Column(t("Region"), 15, "soft wide"),
        Column(t("Recognition"), 15, "chip"),
        Column(t("Finished"), 11, "figure"),
        Column(t("Late"), 8, "figure"),
        Column(t("Money arrived"), 12, "figure wide"),
        Column(t("Score"), 9, "figure wide"),
    ]


def line(seen: Seen, row: ZoneRow, places: Mapping[str, str]) -> Line:
    """Describe a zone for the table.

    Args:
        seen: What was read.
        row: The zone.
        places: Names of places by code.

    Returns:
        Its row.
    """
    zone = seen.zone(row)
    found = facility_figures.total(zone.facilities, seen.funds, seen.today)
    held = [one for one in zone.titles if holds(one, seen.today)]
    share = found.arrived_share
    scored = points(zone, zone.years[0]).points if zone.years else None
    built = f"{found.done}/{found.facilities}" if found.facilities else ""
    return Line(
        id=row.code,
        cells=[
            Cell(row.name),
            Cell(places.get(row.region, row.region), row.region),
            Cell(
                recognition_name(seen.table, held[0].title) if held else "",
                mark="done" if held else "",
            ),
            Cell(built, found.done),
            Cell(
                str(found.late) if found.late else "",
                found.late,
                "amber" if found.late else "",
            ),
            Cell("" if share is None else f"{share:.0%}", share or 0.0),
            Cell("—" if scored is None else f"{scored:.1f}", scored or 0.0),
        ],
        about=" · ".join(filter(None, (row.code, row.about))),
    )


def _draw() -> None:
    seen = read()
    found = facility_figures.total(
        [one for row in seen.rows for one in seen.facilities.get(row.code, ())],
        seen.funds,
        seen.today,
    )
    case_page.figures(shown_figures(seen, found))
    chosen = _chosen(seen.rows)
    case_page.table_and_sheet(
        lambda: _table(seen, chosen), lambda: _sheet(seen, chosen), wide=56
    )


def _table(seen: Seen, chosen: ZoneRow | None) -> None:
    places = resources.place_names(language())
    with st.container(key="ledger_filters", horizontal=True):
        st.text_input(
            t("Search zones"),
            value=TEXT.get(),
            key="zones.search",
            placeholder=t("Search zone, code or county"),
            label_visibility="collapsed",
            icon=":material/search:",
            on_change=_take,
        )
    case_table(
        "zones.table",
        label=t("Development zones"),
        columns=columns(),
        lines=[line(seen, row, places) for row in seen.rows],
        chosen=chosen.code if chosen else None,
        empty=t("No zone matches the search.") if seen.known else no_zones(),
        count=t("{found} of {total} zones", found=len(seen.rows), total=seen.known),
        choose=_choose,
    )


def _sheet(seen: Seen, chosen: ZoneRow | None) -> None:
    if chosen is not None:
        zone_sheet(seen.zone(chosen))


def _chosen(rows: Sequence[ZoneRow]) -> ZoneRow | None:
    for row in rows:
        if row.code == CHOSEN.get():
            return row
    return rows[0] if rows else None


def _choose(code: str) -> None:
    CHOSEN.set(code)
    OPENED.set(None)


def _take() -> None:
    TEXT.set(str(st.session_state["zones.search"] or "").strip())


def _has(row: ZoneRow, places: Mapping[str, str], words: Sequence[str]) -> bool:
    said = f"{row.name} {row.code} {places.get(row.region, '')} {row.about}".lower()
    return all(word in said for word in words)

"""One zone beside the table: recognitions and figures, infrastructure, services."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

import streamlit as st

from ledger.casework import Facility, Fund, ZoneFigure, ZoneTitle
from ledger.facility_figures import Sum, by_kind, total
from ledger.zone_rules import Evaluation, Score, score
from ledger.zones import holds
from ui import case_page, resources
from ui.facility_forms import Owner
from ui.facility_list import facility_list
from ui.i18n import language, t
from ui.page_parts import plain
from ui.policy_matches import zone_part
from ui.zone_forms import end_form, figure_form, recognition_form
from ui.zone_rows import ZoneRow, criterion_name, is_synthetic, recognition_name
from ui.zone_services import services_tab


@dataclass(frozen=True)
class ZoneSeen:
    """What is known of one zone.

    Attributes:
        row: The zone.
        table: The table of zone evaluation in force.
        titles: What it is and was recognised as.
        figures: Its figures by year and criterion.
        facilities: Its infrastructure.
        funds: Money by number of the infrastructure.
        today: The day it is.
    """

    row: ZoneRow
    table: Evaluation
    titles: Sequence[ZoneTitle]
    figures: Mapping[tuple[int, str], ZoneFigure]
    facilities: Sequence[Facility]
    funds: Mapping[int, Sequence[Fund]]
    today: date

    @property
    def years(self) -> list[int]:
        """The years that there are figures of, the newest first."""
        return sorted({year for year, _ in self.figures}, reverse=True)


def zone_sheet(seen: ZoneSeen) -> None:
    """Draw the sheet of a zone.

    Args:
        seen: What is known of it.
    """
    row = seen.row
    place = resources.place_names(language()).get(row.region, row.region)
    held = [
        recognition_name(seen.table, one.title)
        for one in seen.titles
        if holds(one, seen.today)
    ]
    state = held[0] if held else t("Development zone")
    about = " · ".join(filter(None, (row.code, row.about, place)))
    case_page.sheet_head(row.name, state, about, synthetic=row.drawn and is_synthetic())
    if not row.drawn:
        st.caption(t("The layer of zones does not have it: it has no outline here."))
    tabs: tuple[tuple[str, Callable[[ZoneSeen], None]], ...] = (
        (t("Infrastructure"), _infrastructure),
        (t("Figures of the year"), _figures),
        (t("Recognition"), _recognitions),
        (t("Services of its parcels"), _services),
        (t("Policies"), _policies),
    )
    drawn = st.tabs([name for name, _ in tabs], key="zones.tabs", on_change="rerun")
    for place_, (_, draw) in zip(drawn, tabs, strict=True):
        if place_.open:
            with place_:
                draw(seen)


def points(seen: ZoneSeen, year: int) -> Score:
    """Weigh a zone's figures of a year.

    Args:
        seen: What is known of the zone.
        year: The year.

    Returns:
        Its score; without points where the table states no weights.
    """
    values = {code: one.value for (of, code), one in seen.figures.items() if of == year}
    return score(seen.table, values)


def sum_line(found: Sum) -> str:
    """Say what infrastructure comes to in one line."""
    said = t(
        "{done} of {all} finished, {late} late",
        done=found.done,
        all=found.facilities,
        late=found.late,
    )
    money = t(
        "{arrived} of {planned} × 10,000 CNY arrived",
        arrived=f"{found.arrived_wan_cny:,.0f}",
        planned=f"{found.planned_wan_cny:,.0f}",
    )
    return f"{said} · {money}" if found.planned_wan_cny else said


def figures_html(seen: ZoneSeen, years: Sequence[int]) -> str:
    """Write the figures of some years as a table, encoded.

    Args:
        seen: What is known of the zone.
        years: The years, one a column.

    Returns:
        HTML; "—" where a figure was not handed in.
    """
    lines = []
    for one in seen.table.criteria:
        cells = []
        for year in years:
            found = seen.figures.get((year, one.code))
            about = f' title="{escape(found.source)}"' if found else ""
            said = "—" if found is None else f"{found.value:,.6g}"
            cells.append(f'<td class="figure"{about}>{escape(said)}</td>')
        name = criterion_name(seen.table, one.code)
        lines.append(f"<tr><td>{escape(name)}</td>{''.join(cells)}</tr>")
    heads = "".join(f'<th class="figure">{year}</th>' for year in years)
    return (
        f'<div class="case-scroll"><table class="case-plain"><thead><tr>'
        f"<th>{escape(t('Indicator'))}</th>{heads}</tr></thead>"
        f"<tbody>{''.join(lines)}</tbody></table></div>"
    )


def _infrastructure(seen: ZoneSeen) -> None:
    if seen.facilities:
        st.caption(sum_line(total(seen.facilities, seen.funds, seen.today)))
    empty = t(
        "No infrastructure of this zone is written down: add what is missing, who "
        "builds it and where the money comes from."
    )
    owner = Owner(zone=seen.row.code, region=seen.row.region)
    facility_list(owner, seen.facilities, seen.funds, seen.today, empty)
    if not seen.facilities:
        return
    sums = by_kind(seen.facilities, seen.funds, seen.today)
    st.html(f'<h3 class="part">{escape(t("By kind"))}</h3>')
    case_page.facts([(t(kind.label), sum_line(one)) for kind, one in sums.items()])
    sources = total(seen.facilities, seen.funds, seen.today).by_source
    if sources:
        st.html(f'<h3 class="part">{escape(t("Money by source"))}</h3>')
        case_page.facts([
            (
                t(source.label),
                t(
                    "{arrived} of {planned} × 10,000 CNY arrived",
                    arrived=f"{arrived:,.0f}",
                    planned=f"{planned:,.0f}",
                ),
            )
            for source, (planned, arrived) in sources.items()
        ])


def _figures(seen: ZoneSeen) -> None:
    years = seen.years
    figure_form(
        seen.row, seen.table, seen.figures, years[0] if years else seen.today.year - 1
    )
    if not years:
        st.html(f'<p class="none">{escape(t("No figure is entered yet."))}</p>')
        return
    found = points(seen, years[0])
    if found.points is not None:
        st.caption(
            t("Score of {year}: {points} of 100", year=years[0], points=found.points)
        )
    elif found.missing:
        missing = ", ".join(
            criterion_name(seen.table, one.code) for one in found.missing
        )
        st.caption(plain(t("No score: {missing} is missing.", missing=missing)))
    else:
        st.caption(t("No score: the table in force states no weights."))
    st.html(figures_html(seen, years))
    told = t(
        "Table {edition}. Source: {source}. Confidence: {confidence}.",
        edition=seen.table.edition,
        source=seen.table.source,
        confidence=seen.table.confidence,
    )
    st.caption(plain(told))


def _recognitions(seen: ZoneSeen) -> None:
    recognition_form(seen.row, seen.table, len(seen.titles))
    if not seen.titles:
        st.html(f'<p class="none">{escape(t("The zone has no recognition."))}</p>')
    for one in seen.titles:
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.html(title_html(one, seen), width="stretch")
            if holds(one, seen.today):
                end_form(one)


def title_html(title: ZoneTitle, seen: ZoneSeen) -> str:
    """Write a recognition, encoded: what, from when to when, by which document."""
    in_force = holds(title, seen.today)
    css, state = ("held", t("In force")) if in_force else ("", t("Not in force"))
    days = t("since {day}", day=title.since)
    if title.until is not None:
        days = f"{days} · {t('until {day}', day=title.until)}"
    name = recognition_name(seen.table, title.title)
    return (
        f'<ul class="lines"><li><span class="chip {css}">{escape(state)}</span>'
        f"<b>{escape(name)}</b><small>{escape(days)}</small>"
        f"<small>{escape(title.basis)}</small></li></ul>"
    )


def _policies(seen: ZoneSeen) -> None:
    zone_part(seen.row)


def _services(seen: ZoneSeen) -> None:
    services_tab(seen.row, seen.facilities)

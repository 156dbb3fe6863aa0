"""The dashboard: figures, charts with their tables, the page for leaders."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Final

import streamlit as st

from gis.words import Title
from ledger import projects, sight, trends
from ledger.access import Verb, own_prefix, prefix_of, require
from ledger.trends import Dashboard
from reports.leaders_page import leaders_pdf
from ui import access, dashboard_charts, dashboard_tables, resources
from ui.case_page import case_page
from ui.chart_table import About, chart_with_table, drawn
from ui.dashboard_charts import MEASURES
from ui.i18n import language, t
from ui.kept_figures import kept
from ui.land_balance import Balance, available, balances, class_name
from ui.leaders_sheet import leaders_page
from ui.ledger_figures import definitions, figures, figures_html
from ui.page_parts import asset, plain
from ui.project_table import EVERYWHERE, places
from ui.state import Slot

ALL_CLASSES: Final = "all"
ONE_COUNTY: Final = 3
"""Choices where all lies in one county: everywhere, its prefecture, itself."""
DEFINITIONS: Final = ("nested", "disjoint")


def _nested() -> str:
    return "nested"


def _start() -> str:
    return "start"


def _everywhere() -> str:
    return EVERYWHERE


def _most_wanted() -> str:
    return "most wanted"  # no class: the first of the choice stands


DEFINITION: Slot[str] = Slot("dashboard_definition", _nested)
MEASURE: Slot[str] = Slot("dashboard_measure", _start)
REGION: Slot[str] = Slot("dashboard_region", _everywhere)
LAND_CLASS: Slot[str] = Slot("dashboard_class", _most_wanted)


@dataclass(frozen=True)
class Seen:
    """What the page shows, read in one look.

    Attributes:
        found: The figures.
        land: Land wanted and at hand in the actor's places.
        names: Names of places by code.
        about: What every file says of itself.
        scope: The places it is of.
        within: What the codes of these places begin with.
        choices: Codes of places that the page can be narrowed to, "" for all.
    """

    found: Dashboard
    land: Sequence[Balance]
    names: Mapping[str, str]
    about: About
    scope: str
    within: str
    choices: Sequence[str]


def dashboard_page() -> None:
    """Draw the page, or say who it is for."""
    case_page(_draw)


def read() -> Seen:
    """Read what the page shows.

    Returns:
        Figures of the actor's places, or of the one that they chose among them.
    """
    actor = access.current_actor()
    require(actor, Verb.INDICATOR_READ)
    internal = access.sees_internal(actor)
    with resources.ledger().read(actor) as work:
        choices = places(projects.regions(work))
        # Chosen as another actor, or of a place whose last project is gone.
        region = REGION.get() if REGION.get() in choices else EVERYWHERE
        here = sight.narrowed(work, region)
        found = trends.dashboard(here, keep=kept)
        supply = kept(
            here,
            f"land.available/{resources.facts().version}/{internal}",
            lambda _: available(found.held_m2, internal=internal),
            "claim",
        )
    everywhere = balances(found.unmet, supply)
    names = resources.place_names(language())
    own = prefix_of(region) if region else own_prefix(actor) or "-"
    land = [one for one in everywhere if one.region.startswith(own) or one.unmet_mu]
    scope = names.get(region or actor.region, t("All regions"))
    about = _about(found, scope)
    return Seen(found, land, names, about, scope, own, choices)


def _draw() -> None:
    st.html(f"<style>{asset('dashboard.css')}</style>")
    seen = read()
    kpis = seen.found.kpis
    st.html(figures_html(figures(kpis), definitions(kpis)))
    with st.container(
        key="dashboard_top", horizontal=True, vertical_alignment="center"
    ):
        _region(seen)
        st.caption(" · ".join(f"{name}: {plain(said)}" for name, said in _head(seen)))
        _pdf_button(seen)
    if not kpis.projects:
        nothing = t(
            "There are no projects to count yet. Add the first one on the page "
            "Project ledger."
        )
        st.html(f'<p class="none">{escape(nothing)}</p>')
        return
    parts: tuple[tuple[Callable[[Seen], None], ...], ...] = (
        (_rates, _places),
        (_funnel, _ages),
    )
    for pair in parts:
        for place, draw in zip(st.columns(2, gap="medium"), pair, strict=True):
            with place:
                draw(seen)
    _land(seen)
    _stuck(seen)


def _region(seen: Seen) -> None:
    """Draw the choice of the place that all figures are of."""

    def take() -> None:
        REGION.set(str(st.session_state["dashboard.region"] or EVERYWHERE))

    options = list(seen.choices)
    if len(options) <= ONE_COUNTY:
        return
    st.selectbox(
        t("Region"),
        options,
        index=options.index(REGION.get()) if REGION.get() in options else 0,
        format_func=lambda code: (
            seen.names.get(code, code) if code else t("All regions")
        ),
        key="dashboard.region",
        label_visibility="collapsed",
        on_change=take,
    )


def _rates(seen: Seen) -> None:
    _title(t("Start and production rates"))
    titles = {
        "nested": t("Nested: started includes in production"),
        "disjoint": t("Disjoint: started and not yet in production"),
    }
    chosen = _pills("dashboard.definition", DEFINITION, DEFINITIONS, titles)
    chart = drawn(
        dashboard_charts.rates_chart, seen.found.months, nested=chosen == "nested"
    )
    st.caption(
        t(
            "Denominator in both: projects signed or later and not ended, at the end "
            "of each month."
        )
    )
    table = dashboard_tables.rates_table(seen.found.months)
    chart_with_table("dashboard.rates", chart, table, seen.about)


def _places(seen: Seen) -> None:
    _title(t("By county"))
    titles = {name: t(title) for name, title in MEASURES.items()}
    measure = _pills("dashboard.measure", MEASURE, tuple(MEASURES), titles)
    outlines = [
        one for one in resources.county_outlines() if one[0].startswith(seen.within)
    ]
    chart = None
    if outlines:
        chart = drawn(
            dashboard_charts.places_chart,
            dashboard_charts.places_told(
                seen.found.places, [code for code, _ in outlines], seen.names, measure
            ),
            outlines,
            measure,
        )
    table = dashboard_tables.places_table(seen.found.places, seen.names)
    chart_with_table("dashboard.places", chart, table, seen.about)


def _funnel(seen: Seen) -> None:
    _title(t("Projects by stage"))
    chart = drawn(dashboard_charts.funnel_chart, seen.found.funnel)
    table = dashboard_tables.funnel_table(seen.found)
    chart_with_table("dashboard.funnel", chart, table, seen.about)


def _ages(seen: Seen) -> None:
    _title(t("Open problems by kind and age"))
    chart = drawn(dashboard_charts.ages_chart, seen.found.ages)
    table = dashboard_tables.ages_table(seen.found)
    chart_with_table("dashboard.ages", chart, table, seen.about)


def _land(seen: Seen) -> None:
    _title(t("Land wanted and land at hand"))
    wanted: dict[str, float] = {}
    for one in seen.land:
        if one.unmet_mu:
            wanted[one.land_class] = wanted.get(one.land_class, 0.0) + one.unmet_mu
    options = (*sorted(wanted, key=lambda one: -wanted[one]), ALL_CLASSES)
    titles = {one: class_name(one) for one in wanted} | {ALL_CLASSES: t("All classes")}
    chosen = _pills("dashboard.class", LAND_CLASS, options, titles)
    chart = drawn(
        dashboard_charts.balance_chart,
        seen.land,
        seen.names,
        None if chosen == ALL_CLASSES else chosen,
    )
    st.caption(
        t(
            "At hand: parcels loaded here that nobody holds today, by planned use. "
            "Wanted: demands neither met nor withdrawn; the class follows from the "
            "industry. The counties that want most are drawn, the table has all."
        )
    )
    table = dashboard_tables.balance_table(seen.land, seen.names)
    chart_with_table("dashboard.land", chart, table, seen.about)


def _stuck(seen: Seen) -> None:
    if not seen.found.stuck:
        return
    _title(t("Stuck projects: signed, not in production, problems open"))
    table = dashboard_tables.stuck_table(seen.found, seen.names)
    chart_with_table("dashboard.stuck", None, table, seen.about)


def _title(text: str) -> None:
    st.html(f'<h3 class="part">{escape(text)}</h3>')


def _head(seen: Seen) -> list[tuple[str, str]]:
    return list(seen.about.lines[:2])


def _pills(
    key: str, slot: Slot[str], options: Sequence[str], titles: Mapping[str, str]
) -> str:
    """Draw a choice of one, kept while the page is left."""

    def take() -> None:
        slot.set(str(st.session_state[key] or options[0]))

    chosen = slot.get() if slot.get() in options else options[0]
    st.pills(
        key,
        options,
        default=chosen,
        format_func=lambda one: titles[one],
        key=key,
        label_visibility="collapsed",
        on_change=take,
    )
    return chosen


def _pdf_button(seen: Seen) -> None:
    page = leaders_page(
        seen.found,
        seen.land,
        names=seen.names,
        actor=access.current_actor(),
        scope=seen.scope,
        synthetic=_synthetic(),
    )
    st.download_button(
        t("One page for leaders (PDF)"),
        data=partial(leaders_pdf, page),
        file_name=f"{page.title} {seen.found.today}.pdf",
        mime="application/pdf",
        key="dashboard.pdf",
        icon=":material/picture_as_pdf:",
        on_click="ignore",
    )


def _about(found: Dashboard, scope: str) -> About:
    mark = t("Synthetic data: made up for the demonstration, not for decisions.")
    return About((
        (t("Scope"), scope),
        (t("As of"), str(found.today)),
        (t("Made by"), t(Title(access.current_actor().name))),
        *([(t("Note"), mark)] if _synthetic() else []),
    ))


def _synthetic() -> bool:
    return bool(resources.synthetic_layers())

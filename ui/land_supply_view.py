"""Supply beside demand on a page: a chart with its table and its files."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

import altair as alt
import streamlit as st
from pandas import DataFrame

from ledger import demand_figures
from ledger.demand_figures import DemandFigure
from ui import land_supply, resources, seen
from ui.i18n import language, t
from ui.land_supply import Beside
from ui.plain_table import plain_table
from ui.state import Slot
from ui.table_downloads import table_downloads

MOST_BARS: Final = 15
WIDE: Final = alt.Axis(labelLimit=150)
FEW: Final = alt.Axis(tickCount=6, format=",.0f")
BY: Slot[str] = Slot("demand_supply_by", lambda: "prefecture")


def supply_view(counties: Sequence[DemandFigure], held_m2: Mapping[str, float]) -> None:
    """Draw supply beside demand: a chart, its table, its files.

    Args:
        counties: What projects want, by county.
        held_m2: Land that claims hold, by the parcel they name.
    """
    by = {"prefecture": t("By prefecture"), "county": t("By county")}
    st.pills(
        t("Places"),
        list(by),
        default=BY.get(),
        required=True,
        format_func=lambda one: by[one],
        key="demand.by",
        label_visibility="collapsed",
        on_change=lambda: BY.set(st.session_state["demand.by"]),
    )
    whole = BY.get() == "prefecture"
    supply = land_supply.available_mu(seen.facts().table, held_m2)
    told = demand_figures.by_prefecture(counties) if whole else counties
    lines = land_supply.beside(supply, told, whole=whole)
    names = resources.place_names(language())
    if not lines:
        st.html(f'<p class="none">{escape(t("No parcels are loaded yet."))}</p>')
        return
    st.caption(
        t(
            "Land available: parcels of the data of today that nobody holds; where a "
            "part is held, the rest. It says nothing about whether the land suits."
        )
    )
    st.altair_chart(_chart(lines[:MOST_BARS], names), width="stretch")
    if len(lines) > MOST_BARS:
        st.caption(
            t(
                "The chart shows the {count} places with the largest demand unmet, the "
                "table all {total}.",
                count=MOST_BARS,
                total=len(lines),
            )
        )
    table = land_supply.beside_table(lines, names)
    table_downloads(lambda: table, f"land-supply-{BY.get()}")
    plain_table(table)


def _chart(lines: Sequence[Beside], names: dict[str, str]) -> alt.Chart:
    """Draw two bars a place, told apart by colour, place and legend."""
    free, wanted = t("Land available"), t("Demand unmet")
    place, kind, area = t("Place"), t("Figure"), t("mu")
    frame = DataFrame([
        {place: names.get(one.region, one.region), kind: name, area: value}
        for one in lines
        for name, value in (
            (free, one.available_mu),
            (wanted, one.demand.unmet_mu),
        )
    ])
    order = [names.get(one.region, one.region) for one in lines]
    chart: alt.Chart = (
        alt
        .Chart(frame)
        .mark_bar()
        .encode(
            y=alt.Y(field=place, type="nominal", sort=order, title=None, axis=WIDE),
            yOffset=alt.YOffset(field=kind, type="nominal", sort=[wanted, free]),
            x=alt.X(field=area, type="quantitative", title=area, axis=FEW),
            color=alt.Color(
                field=kind,
                type="nominal",
                title=None,
                scale=alt.Scale(domain=[wanted, free], range=["#b45309", "#0f6e8c"]),
                legend=alt.Legend(orient="top"),
            ),
            tooltip=[
                alt.Tooltip(field=place, type="nominal"),
                alt.Tooltip(field=kind, type="nominal"),
                alt.Tooltip(field=area, type="quantitative", format=",.0f"),
            ],
        )
        .properties(height=max(120, 34 * len(lines)))
    )
    return chart

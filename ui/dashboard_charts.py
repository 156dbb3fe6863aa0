"""The charts of the dashboard: Vega-Lite by Altair, out of small tables of figures."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import altair as alt
import pandas as pd

from gis.words import Title
from ledger.trends import Aged, Month, Place, Standing
from ui.dashboard_tables import age_names, month_text, part, share
from ui.i18n import t
from ui.land_balance import Balance

TEAL: Final = "#0f6e8c"
AMBER: Final = "#d97706"
HEIGHT: Final = 260
COUNTIES: Final = 15
"""So many counties are drawn beside each other; the table holds all of them."""

Names = Mapping[str, str]
Outlines = Sequence[tuple[str, Mapping[str, Any]]]

MEASURES: Final[Mapping[str, Title]] = {
    "start": Title("Start rate"),
    "production": Title("Production rate"),
    "unmet": Title("Land demand unmet"),
    "overdue": Title("Problems overdue"),
}
"""What the map of counties can be coloured by."""


def rates_chart(months: Sequence[Month], *, nested: bool) -> alt.LayerChart:
    """Draw the rates month by month.

    Args:
        months: The months, the oldest first.
        nested: Whether the start rate holds what is in production as well.

    Returns:
        Two lines, told apart by dash and mark, not by colour alone.
    """
    start, production = t("Start rate"), t("Production rate")
    lines = [
        (name, month_text(one), value, f"{share(value)} = {some:,}/{one.signed:,}")
        for one in months
        for name, value, some in (
            (
                start,
                one.start_rate if nested else one.start_rate_disjoint,
                one.started if nested else one.started - one.in_production,
            ),
            (production, one.production_rate, one.in_production),
        )
    ]
    data = pd.DataFrame(lines, columns=["rate", "month", "value", "told"])
    scale = alt.Scale(domain=[start, production], range=[TEAL, AMBER])
    base = alt.Chart(data).encode(
        x=alt.X("month:O", title=None, axis=alt.Axis(labelOverlap=True, labelAngle=0)),
        y=alt.Y("value:Q", title=None, axis=alt.Axis(format="%", tickCount=5)).scale(
            domain=[0, 1]
        ),
        color=alt.Color(
            "rate:N", scale=scale, legend=alt.Legend(title=None, orient="top")
        ),
        tooltip=[
            alt.Tooltip("month:O", title=t("Month")),
            alt.Tooltip("rate:N", title=t("Rate")),
            alt.Tooltip("told:N", title=t("Share")),
        ],
    )
    dash = alt.StrokeDash(
        "rate:N",
        scale=alt.Scale(domain=[start, production], range=[[1, 0], [6, 3]]),
        legend=None,
    )
    drawn: alt.LayerChart = (
        base.mark_line().encode(strokeDash=dash) + base.mark_point(size=28)
    ).properties(height=HEIGHT)
    return drawn


def funnel_chart(funnel: Sequence[Standing]) -> alt.LayerChart:
    """Draw how many projects stand at each stage."""
    data = pd.DataFrame(
        [(t(one.stage.label), one.projects) for one in funnel],
        columns=["stage", "projects"],
    )
    base = alt.Chart(data).encode(
        x=alt.X(
            "projects:Q", title=t("Number of projects"), axis=alt.Axis(tickMinStep=1)
        ),
        y=alt.Y("stage:N", sort=None, title=None, axis=alt.Axis(labelLimit=160)),
        tooltip=[
            alt.Tooltip("stage:N", title=t("Stage")),
            alt.Tooltip("projects:Q", title=t("Number of projects"), format=","),
        ],
    )
    text = base.mark_text(align="left", dx=4).encode(
        text=alt.Text("projects:Q", format=",")
    )
    drawn: alt.LayerChart = (base.mark_bar(color=TEAL) + text).properties(height=HEIGHT)
    return drawn


def ages_chart(kinds: Sequence[Aged]) -> alt.Chart:
    """Draw the open problems of each kind, the older the darker."""
    ages = age_names()
    data = pd.DataFrame(
        [
            (t(one.kind.label), age, place, count)
            for one in kinds
            for place, (age, count) in enumerate(zip(ages, one.by_age, strict=True))
        ],
        columns=["kind", "age", "place", "problems"],
    )
    scale = alt.Scale(domain=ages, range=["#fde6c4", "#f6b25e", AMBER, "#7a3a06"])
    drawn: alt.Chart = (
        alt
        .Chart(data)
        .mark_bar(stroke="#8a5a12", strokeWidth=0.5)
        .encode(
            x=alt.X(
                "problems:Q", title=t("Open problems"), axis=alt.Axis(tickMinStep=1)
            ),
            y=alt.Y("kind:N", sort=None, title=None, axis=alt.Axis(labelLimit=150)),
            color=alt.Color(
                "age:N",
                scale=scale,
                sort=ages,
                legend=alt.Legend(title=t("Open for"), orient="bottom", columns=2),
            ),
            order="place:Q",
            tooltip=[
                alt.Tooltip("kind:N", title=t("Kind of problem")),
                alt.Tooltip("age:N", title=t("Open for")),
                alt.Tooltip("problems:Q", title=t("Open problems"), format=","),
            ],
        )
        .properties(height=HEIGHT)
    )
    return drawn


def places_told(
    places: Sequence[Place], codes: Iterable[str], names: Names, measure: str
) -> dict[str, dict[str, Any]]:
    """Tell what the map holds of each county: its name, one figure, and its words.

    Args:
        places: What each county has.
        codes: The counties that are drawn.
        names: Names of places by code.
        measure: One of `MEASURES`.

    Returns:
        `name`, `value` (None for no projects) and `told`, by code.
    """
    known = {one.region: one for one in places}
    return {
        code: _told(known.get(code), names.get(code, code), measure) for code in codes
    }


def places_chart(
    told: Mapping[str, Mapping[str, Any]], outlines: Outlines, measure: str
) -> alt.LayerChart:
    """Draw the counties coloured by one figure; those without any stay grey.

    Args:
        told: What is told of each county, as `places_told` makes it.
        outlines: Code and shape of each county, in a plane.
        measure: One of `MEASURES`.

    Returns:
        A map without a base: nothing is fetched.
    """
    features = [
        {"type": "Feature", "geometry": shape, "properties": told[code]}
        for code, shape in outlines
    ]
    is_share = measure in {"start", "production"}
    ground = alt.Chart().mark_geoshape(
        fill="#dfe3e6", stroke="#ffffff", strokeWidth=0.6
    )
    filled = (
        alt
        .Chart()
        .mark_geoshape(stroke="#ffffff", strokeWidth=0.6)
        .transform_filter("isValid(datum.properties.value)")
        .encode(
            color=alt.Color(
                "properties.value:Q",
                scale=alt.Scale(scheme="teals" if is_share else "oranges", zero=True),
                legend=alt.Legend(title=None, format="%" if is_share else ",.0f"),
            )
        )
    )
    on_hover = [
        alt.Tooltip("properties.name:N", title=t("Region")),
        alt.Tooltip("properties.told:N", title=t(MEASURES[measure])),
    ]
    drawn: Any = (
        alt
        .layer(ground.encode(tooltip=on_hover), filled.encode(tooltip=on_hover))
        .properties(data={"values": features}, height=HEIGHT + 40)
        .project(type="identity", reflectY=True)
    )
    counties: alt.LayerChart = drawn
    return counties


def balance_chart(
    balances: Sequence[Balance], names: Names, land_class: str | None
) -> alt.LayerChart:
    """Draw the land wanted and the land at hand, the counties that want most first.

    Args:
        balances: One line a county and class.
        names: Names of places by code.
        land_class: The class to draw; None adds up all of them.

    Returns:
        Two bars a county on one scale, which is drawn by its root: supply is a
        multiple of demand in most counties.
    """
    wanted, at_hand = t("Land demand unmet"), t("Land at hand")
    by_place: dict[str, list[float]] = {}
    for one in balances:
        if land_class is None or one.land_class == land_class:
            sums = by_place.setdefault(one.region, [0.0, 0.0])
            sums[0] += one.unmet_mu
            sums[1] += one.available_mu
    most = sorted(by_place.items(), key=lambda pair: (-pair[1][0], pair[0]))[:COUNTIES]
    data = pd.DataFrame(
        [
            (names.get(place, place), kind, area, f"{area:,.0f}")
            for place, sums in most
            for kind, area in zip((wanted, at_hand), sums, strict=True)
        ],
        columns=["place", "kind", "area", "text"],
    )
    order = [names.get(place, place) for place, _ in most]
    scale = alt.Scale(domain=[wanted, at_hand], range=[AMBER, TEAL])
    base = alt.Chart(data).encode(
        x=alt.X("place:N", sort=order, title=None, axis=alt.Axis(labelAngle=-30)),
        xOffset=alt.XOffset("kind:N", sort=[wanted, at_hand]),
        y=alt.Y("area:Q", title=t("mu (root scale)"), axis=alt.Axis(tickCount=5)).scale(
            type="sqrt"
        ),
        tooltip=[
            alt.Tooltip("place:N", title=t("Region")),
            alt.Tooltip("kind:N", title=t("Land")),
            alt.Tooltip("area:Q", title=t("Area (mu)"), format=",.2f"),
        ],
    )
    bars = base.mark_bar().encode(
        color=alt.Color(
            "kind:N", scale=scale, legend=alt.Legend(title=None, orient="top")
        )
    )
    text = base.mark_text(dy=-6, fontSize=10).encode(text="text:N")
    drawn: alt.LayerChart = (bars + text).properties(height=HEIGHT + 40)
    return drawn


def _told(place: Place | None, name: str, measure: str) -> dict[str, Any]:
    """Return what the map holds of a county: its name, the figure, and its words."""
    if place is None:
        return {"name": name, "value": None, "told": t("no projects")}
    if measure in {"start", "production"}:
        some = place.started if measure == "start" else place.in_production
        value = part(some, place.signed)
        return {
            "name": name,
            "value": value,
            "told": f"{share(value)} = {some:,}/{place.signed:,}",
        }
    if measure == "unmet":
        area = t("{area} mu", area=f"{place.unmet_mu:,.2f}")
        return {"name": name, "value": place.unmet_mu, "told": area}
    return {
        "name": name,
        "value": place.problems_overdue,
        "told": f"{place.problems_overdue:,}/{place.problems_open:,}",
    }

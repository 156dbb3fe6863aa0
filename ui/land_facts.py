"""What is published of a parcel, for visitors: every figure with the date of its data.

Page, comparison and leaflet lay the same words out. What is not known says so, and
distances are what was measured: straight lines, never times that nobody measured.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from gis.units import M2_PER_MU
from gis.words import Title
from layers.layer import Layer
from siting.words import SERVICE_LEVELS, SERVICES
from ui import land_words, resources
from ui.figures import absent, metres, percent, range_text, share_text
from ui.i18n import t
from ui.parcel_facts import Group, Line

STATES: Final = {"present": "good", "at_boundary": "good", "unknown": "unknown"}
UNKNOWN: Final = Title("unknown")


def groups(
    row: Mapping[str, Any],
    *,
    layers: Sequence[Layer],
    dates: Mapping[str, str],
    held: bool | None = None,
) -> tuple[Group, ...]:
    """Tell all that is published of a parcel.

    Args:
        row: What is published of it.
        layers: The layers that were measured, in the order they are told.
        dates: Date of each layer's data, in words; parcels among them.
        held: Whether a project holds it today; None where nothing is told of that.

    Returns:
        Groups in the order they are read.
    """
    own = dates.get("parcels", "")
    return (
        Group(t("Land"), (*_availability(held=held), *_land(row, own))),
        Group(t("Planning figures"), _planning(row, own)),
        Group(t("Services"), _services(row, own)),
        Group(t("Distances in a straight line"), _distances(row, layers, dates)),
        Group(t("Control lines"), _control(row, layers, dates)),
    )


def area_line(row: Mapping[str, Any], date: str) -> Line:
    """Tell the area, in the three units that visitors count by."""
    return Line(t("Area"), land_words.area(row.get("area_m2")), date)


def _availability(*, held: bool | None) -> tuple[Line, ...]:
    """Tell whether a project holds the land: of today, as the ledger knows it."""
    if held is None:
        return ()
    said = t("held for a project") if held else t("held by nobody")
    since = t("as of {date}", date=resources.today())
    return (Line(t("Availability"), said, since, "bad" if held else "good"),)


def _land(row: Mapping[str, Any], date: str) -> tuple[Line, ...]:
    zone = land_words.zone(row.get("zone_code"))
    available = row.get("available_from")
    surveyed = row.get("surveyed_on")
    return (
        area_line(row, date),
        Line(t("Place"), land_words.place_line(row.get("county_code")) or t(UNKNOWN)),
        Line(t("Development zone"), zone or t("none")),
        Line(
            t("Land use planned"), land_words.land_use(row.get("land_use_code")), date
        ),
        Line(t("How ready it is"), land_words.stock(row.get("stock_status")), date),
        Line(
            t("To be had from"),
            t(UNKNOWN) if absent(available) else str(available)[:10],
            date,
        ),
        Line(t("Price"), land_words.price(row.get("price_cny_m2")), date),
        *(() if absent(surveyed) else (Line(t("Surveyed on"), str(surveyed)[:10]),)),
    )


def _planning(row: Mapping[str, Any], date: str) -> tuple[Line, ...]:
    height = row.get("height_max_m")
    return (
        Line(
            t("Floor-area ratio"),
            range_text(row.get("far_min"), row.get("far_max")),
            date,
        ),
        Line(
            t("Building density, at most"),
            share_text(row.get("building_density_max")),
            date,
        ),
        Line(
            t("Height, at most"),
            t(UNKNOWN) if absent(height) else metres(height),
            date,
        ),
        Line(t("Greening, at least"), share_text(row.get("greening_min")), date),
    )


def _services(row: Mapping[str, Any], date: str) -> tuple[Line, ...]:
    lines = []
    for name, title in SERVICES.items():
        if f"service_{name}" not in row:
            continue
        told = row.get(f"service_{name}")
        state = "unknown" if absent(told) else str(told)
        on = row.get(f"service_{name}_on")
        since = date if absent(on) else t("as of {date}", date=str(on)[:10])
        word = t(SERVICE_LEVELS.get(state, UNKNOWN))
        lines.append(Line(t(title), word, since, STATES.get(state, "")))
    return tuple(lines)


def _distances(
    row: Mapping[str, Any], layers: Sequence[Layer], dates: Mapping[str, str]
) -> tuple[Line, ...]:
    lines = []
    for layer in layers:
        column = f"{layer.name}_distance_m"
        if column not in row:
            continue
        away = row[column]
        said = t("not checked") if absent(away) else metres(away)
        state = "unknown" if absent(away) else ""
        lines.append(Line(t(layer.title), said, dates.get(layer.name, ""), state))
    return tuple(lines)


def _control(
    row: Mapping[str, Any], layers: Sequence[Layer], dates: Mapping[str, str]
) -> tuple[Line, ...]:
    return tuple(
        Line(t(layer.title), *_overlap(row, layer, dates.get(layer.name, "")))
        for layer in layers
        if layer.role == "constraint" and f"{layer.name}_evidence" in row
    )


def _overlap(row: Mapping[str, Any], layer: Layer, date: str) -> tuple[str, str, str]:
    """Tell how a parcel meets a control line: words, date, state."""
    evidence = row.get(f"{layer.name}_evidence")
    share = row.get(f"{layer.name}_share")
    if absent(evidence) or evidence == "not_checked" or absent(share):
        return t("not checked"), date, "unknown"
    if layer.asked == "inside":
        inside = t("{share} inside", share=percent(share))
        return inside, date, "good" if float(str(share)) >= 1 - 1e-9 else ""
    if evidence == "hit":
        area = row.get("area_m2")
        met = percent(share)
        if not absent(area):
            mu = float(str(area)) * float(str(share)) / M2_PER_MU
            met = t("{area} mu, {share}", area=f"{mu:,.2f}", share=met)
        return met, date, "bad"
    if evidence == "partly_covered":
        return t("clear where it was checked"), date, "unknown"
    return t("clear"), date, "good"

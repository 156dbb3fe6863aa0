"""What is known about one parcel, put into words: pure, from a row of facts.

Whatever was not checked says so; a blank is never shown as clear or as zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from gis.units import M2_PER_MU
from gis.words import Title
from layers.layer import Layer
from siting.industries import land_use_name
from siting.words import SERVICE_LEVELS, SERVICES, STOCK_STATUSES
from ui.i18n import t

PRICE_PER_MU = M2_PER_MU / 10_000
UNKNOWN = Title("unknown")
SMALL_GAP = 0.0005


@dataclass(frozen=True)
class Line:
    """One fact in words.

    Attributes:
        label: What it is.
        value: How much, with unit; never blank.
        note: What to know beside it.
        state: "", "good", "bad" or "unknown": decides icon and colour.
    """

    label: str
    value: str
    note: str = ""
    state: str = ""


@dataclass(frozen=True)
class Group:
    """Facts that belong together."""

    title: str
    lines: tuple[Line, ...]


def area_lines(row: Mapping[str, Any]) -> tuple[Line, ...]:
    """Tell the three areas, and why they differ.

    Args:
        row: Facts of the parcel: `area_m2`, `area_plane_m2`, `area_declared_m2`,
            `gk_zone`.

    Returns:
        Ellipsoidal, plane and declared area, with the gap to the first.
    """
    true_m2, plane_m2 = float(row["area_m2"]), float(row["area_plane_m2"])
    declared = row.get("area_declared_m2")
    plane_note = t(
        "{gap} against the ellipsoid: the projection of zone {zone} stretches.",
        gap=_percent(plane_m2 / true_m2 - 1, digits=3),
        zone=int(row["gk_zone"]),
    )
    return (
        Line(
            t("On the ellipsoid"),
            _area(true_m2),
            t("CGCS2000; this one decides unless the need names another."),
        ),
        Line(t("3-degree plane"), _area(plane_m2), plane_note),
        _declared(declared, true_m2),
    )


def groups(
    row: Mapping[str, Any],
    *,
    layers: Mapping[str, Layer],
    dates: Mapping[str, str],
) -> tuple[Group, ...]:
    """Tell everything that is known about a parcel.

    Args:
        row: Its facts.
        layers: Declarations by name.
        dates: Data date and edition of each loaded layer, in words.

    Returns:
        Groups in the order of the card.
    """
    return (
        Group(t("Area"), area_lines(row)),
        Group(t("Land"), _land(row)),
        Group(t("Control lines"), _control(row, layers, dates)),
        Group(t("Planning conditions"), _planning(row)),
        Group(t("Services"), _services(row)),
        Group(t("Surroundings"), _distances(row, layers, dates)),
        Group(t("Record"), _record(row)),
    )


def price_text(price_cny_m2: object) -> str:
    """Return a price in 10,000 yuan per mu, or that it is unknown."""
    if _absent(price_cny_m2):
        return t("unknown")
    return f"{float(str(price_cny_m2)) * PRICE_PER_MU:,.2f}"


def area_mu(area_m2: float) -> str:
    """Return an area in mu, as shown: two decimals."""
    return f"{area_m2 / M2_PER_MU:,.2f}"


def land_use_text(code: object) -> str:
    """Return a land-use code with its name."""
    text = "" if _absent(code) else str(code)
    return " ".join(filter(None, (text, land_use_name(text)))) or t("none")


def disagrees(row: Mapping[str, Any]) -> bool:
    """Tell whether the parcel's own land-use code differs from its zoning's."""
    own, zoned = str(row.get("land_use_code") or ""), str(row.get("zoning_code") or "")
    return bool(own and zoned) and not (own.startswith(zoned) or zoned.startswith(own))


def _land(row: Mapping[str, Any]) -> tuple[Line, ...]:
    zoned = row.get("zoning_code")
    share = row.get("zoning_share")
    note = "" if _absent(share) else t("{share} of the parcel", share=_percent(share))
    conflict = t("Differs from the zoning.") if disagrees(row) else ""
    stock = str(row.get("stock_status") or "")
    return (
        Line(
            t("Land use of the parcel"),
            land_use_text(row.get("land_use_code")),
            conflict,
            "bad" if conflict else "",
        ),
        _zoning(row, zoned, note),
        Line(
            t("Stock status"),
            t(STOCK_STATUSES[stock]) if stock in STOCK_STATUSES else t("unknown"),
        ),
        Line(t("Price"), _with_unit(row.get("price_cny_m2"))),
        Line(t("Holder"), _text(row.get("holder"))),
        Line(t("Available from"), _text(row.get("available_from"))),
        Line(t("Development zone"), _text(row.get("zone_code"), t("none"))),
    )


def _zoning(row: Mapping[str, Any], zoned: object, note: str) -> Line:
    evidence = str(row.get("zoning_evidence") or "not_checked")
    if evidence == "not_checked":
        return Line(
            t("Zoning"), t("not checked"), t("Load the layer zoning."), "unknown"
        )
    return Line(t("Zoning"), land_use_text(zoned), note)


def _planning(row: Mapping[str, Any]) -> tuple[Line, ...]:
    low, high = row.get("far_min"), row.get("far_max")
    return (
        Line(t("Floor-area ratio"), _range(low, high)),
        Line(t("Building density, at most"), _share(row.get("building_density_max"))),
        Line(t("Height, at most"), _figure(row.get("height_max_m"), "m")),
        Line(t("Greening, at least"), _share(row.get("greening_min"))),
    )


def _services(row: Mapping[str, Any]) -> tuple[Line, ...]:
    lines = []
    for name, title in SERVICES.items():
        state = str(row.get(f"service_{name}") or "unknown")
        since = str(row.get(f"service_{name}_on") or "")
        mood = {"present": "good", "unknown": "unknown"}.get(state, "")
        word = t(SERVICE_LEVELS.get(state, UNKNOWN))
        lines.append(Line(t(title), word, since, mood))
    return tuple(lines)


def _control(
    row: Mapping[str, Any], layers: Mapping[str, Layer], dates: Mapping[str, str]
) -> tuple[Line, ...]:
    return tuple(
        _overlap(row, layer, dates.get(name, ""))
        for name, layer in layers.items()
        if layer.role == "constraint"
    )


def _overlap(row: Mapping[str, Any], layer: Layer, date: str) -> Line:
    """Tell how a parcel meets a control line; the boundary is good to be inside of."""
    title, evidence = t(layer.title), row.get(f"{layer.name}_evidence")
    if _absent(evidence) or evidence == "not_checked":
        return Line(title, t("not checked"), _why_unchecked(layer, date), "unknown")
    overlap, share = row[f"{layer.name}_overlap_m2"], row[f"{layer.name}_share"]
    if "inside" in layer.measured:
        mood = "good" if float(share) >= 1 - 1e-9 else ""
        return Line(title, t("{share} inside", share=_percent(share)), date, mood)
    if evidence == "hit":
        value = t("{area} mu, {share}", area=area_mu(overlap), share=_percent(share))
        return Line(title, value, date, "bad")
    if evidence == "partly_covered":
        checked = _percent(row[f"{layer.name}_covered_share"])
        value = t("clear where checked: {share} of the parcel", share=checked)
        return Line(title, value, date, "unknown")
    return Line(title, t("clear"), date, "good")


def _distances(
    row: Mapping[str, Any], layers: Mapping[str, Layer], dates: Mapping[str, str]
) -> tuple[Line, ...]:
    lines = []
    for name, layer in layers.items():
        if layer.role != "infrastructure":
            continue
        away = row.get(f"{name}_distance_m")
        if _absent(away):
            found = row.get(f"{name}_found_m")
            note = _why_unchecked(layer, dates.get(name, ""))
            if not _absent(found):
                note = t(
                    "nearest found {away}; one may be nearer beyond the covered ground",
                    away=_metres(found),
                )
            lines.append(Line(t(layer.title), t("not checked"), note, "unknown"))
        else:
            lines.append(Line(t(layer.title), _metres(away), dates.get(name, "")))
    return tuple(lines)


def _record(row: Mapping[str, Any]) -> tuple[Line, ...]:
    told: Sequence[tuple[str, object]] = (
        (t("Surveyed on"), row.get("surveyed_on")),
        (t("Minimum width"), _figure(row.get("width_min_m"), "m")),
        (t("Mended on reading"), row.get("mended")),
        (t("Duplicate of"), row.get("duplicate_of")),
        (t("Note"), row.get("note")),
    )
    return tuple(Line(label, str(value)) for label, value in told if not _absent(value))


def _why_unchecked(layer: Layer, date: str) -> str:
    if not date:
        return t("Load the layer {layer}.", layer=layer.name)
    return t("The layer does not reach this ground ({date}).", date=date)


def _declared(declared: object, true_m2: float) -> Line:
    if _absent(declared):
        return Line(t("Declared"), t("unknown"), "", "unknown")
    gap = float(str(declared)) / true_m2 - 1
    note = t("{gap} against the measured area.", gap=_percent(gap, digits=2))
    if abs(gap) < SMALL_GAP:
        return Line(t("Declared"), _area(float(str(declared))), note)
    note += " " + t("Ask for the survey report.")
    return Line(t("Declared"), _area(float(str(declared))), note, "bad")


def _area(area_m2: float) -> str:
    return t("{mu} mu · {m2} m2", mu=area_mu(area_m2), m2=f"{area_m2:,.2f}")


def _with_unit(price_cny_m2: object) -> str:
    if _absent(price_cny_m2):
        return t("unknown")
    return t("{price} 10,000 CNY/mu", price=price_text(price_cny_m2))


def _metres(away: object) -> str:
    metres = float(str(away))
    return f"{metres / 1000:,.2f} km" if metres >= 1000 else f"{metres:,.0f} m"  # noqa: PLR2004


def _percent(share: object, *, digits: int = 1) -> str:
    return (
        f"{float(str(share)) * 100:+.{digits}f}%"
        if digits > 1
        else f"{float(str(share)):.1%}"
    )


def _range(low: object, high: object) -> str:
    if _absent(low) and _absent(high):
        return t("unknown")
    ends = ("" if _absent(end) else f"{float(str(end)):g}" for end in (low, high))
    return " - ".join(ends)


def _share(share: object) -> str:
    return t("unknown") if _absent(share) else f"{float(str(share)):.0%}"


def _figure(value: object, unit: str) -> str:
    return t("unknown") if _absent(value) else f"{float(str(value)):,.1f} {unit}"


def _text(value: object, otherwise: str | None = None) -> str:
    return (otherwise or t("unknown")) if _absent(value) else str(value)


def _absent(value: object) -> bool:
    return value is None or value == "" or bool(pd.isna(value))  # type: ignore[call-overload]

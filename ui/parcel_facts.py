"""What is known about one parcel, put into words: pure, from a row of facts.

Whatever was not checked says so; a blank is never shown as clear or as zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gis.units import M2_IN
from layers.layer import Layer
from siting.words import SERVICE_LEVELS, SERVICES, STOCK_STATUSES
from ui.figures import (
    UNKNOWN,
    absent,
    area_mu,
    area_text,
    gap_text,
    land_use_text,
    metres,
    percent,
    price_with_unit,
    range_text,
    share_text,
    text_or,
)
from ui.i18n import t

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


def area_lines(row: Mapping[str, Any], plane: str = "") -> tuple[Line, ...]:
    """Tell the three areas, and why they differ.

    Args:
        row: Facts of the parcel: `area_m2`, `area_plane_m2`, `area_declared_m2`,
            `gk_zone` (only where the region's plane is Gauss-Kruger).
        plane: The region's plane, named where there is no zone.

    Returns:
        Ellipsoidal, plane and declared area, with the gap to the first; of published
        facts, which know one area, that one.
    """
    if absent(row.get("area_m2")):
        return (Line(t("Area"), t("unknown"), "", "unknown"),)
    if "area_plane_m2" not in row:
        return (Line(t("Area"), public_area(float(row["area_m2"]))),)
    true_m2, plane_m2 = float(row["area_m2"]), float(row["area_plane_m2"])
    declared = row.get("area_declared_m2")
    gap, zone = gap_text(plane_m2 / true_m2 - 1, digits=3), row.get("gk_zone")
    if zone is None or absent(zone):
        plane_title = t("Surveyors' plane")
        plane_note = t("{gap} against the ellipsoid: {plane}.", gap=gap, plane=plane)
    else:
        plane_title = t("3-degree plane")
        plane_note = t(
            "{gap} against the ellipsoid: the projection of zone {zone} stretches.",
            gap=gap,
            zone=int(zone),
        )
    return (
        Line(
            t("On the ellipsoid"),
            area_text(true_m2),
            t("CGCS2000; this one decides unless the need names another."),
        ),
        Line(plane_title, area_text(plane_m2), plane_note),
        _declared(declared, true_m2),
    )


def public_area(area_m2: float) -> str:
    """Write an area as it is published: in three units, none with feigned digits."""
    return t(
        "about {mu} mu · {ha} ha · {m2} m2",
        mu=f"{area_m2 / M2_IN['mu']:,.1f}".removesuffix(".0"),
        ha=f"{area_m2 / M2_IN['ha']:,.2f}",
        m2=f"{area_m2:,.0f}",
    )


def groups(
    row: Mapping[str, Any],
    *,
    layers: Mapping[str, Layer],
    dates: Mapping[str, str],
    zones: Mapping[str, str],
    plane: str = "",
) -> tuple[Group, ...]:
    """Tell everything that is known about a parcel.

    Args:
        row: Its facts.
        layers: Declarations by name.
        dates: Data date and edition of each loaded layer, in words.
        zones: Names of the development zones by code.
        plane: The region's plane, where it is not Gauss-Kruger.

    Returns:
        Groups in the order of the card.
    """
    return (
        Group(t("Area"), area_lines(row, plane)),
        Group(t("Land"), _land(row, zones)),
        Group(t("Control lines"), _control(row, layers, dates)),
        Group(t("Planning conditions"), _planning(row)),
        Group(t("Services"), _services(row)),
        Group(t("Surroundings"), _distances(row, layers, dates)),
        Group(t("Record"), _record(row)),
    )


def disagrees(row: Mapping[str, Any]) -> bool:
    """Tell whether the parcel's own land-use code differs from its zoning's."""
    own, zoned = str(row.get("land_use_code") or ""), str(row.get("zoning_code") or "")
    return bool(own and zoned) and not (own.startswith(zoned) or zoned.startswith(own))


def _land(row: Mapping[str, Any], zones: Mapping[str, str]) -> tuple[Line, ...]:
    zone = row.get("zone_code")
    zoned = row.get("zoning_code")
    share = row.get("zoning_share")
    note = "" if absent(share) else t("{share} of the parcel", share=percent(share))
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
        Line(t("Price"), price_with_unit(row.get("price_cny_m2"))),
        *_holder(row),
        Line(t("Available from"), text_or(row.get("available_from"))),
        Line(t("Development zone"), text_or(zones.get(str(zone), zone), t("none"))),
    )


def _holder(row: Mapping[str, Any]) -> tuple[Line, ...]:
    """Tell who holds it; published facts do not know, which is not "unknown"."""
    if "holder" not in row:
        return ()
    return (Line(t("Holder"), text_or(row["holder"])),)


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
        Line(t("Floor-area ratio"), range_text(low, high)),
        Line(
            t("Building density, at most"), share_text(row.get("building_density_max"))
        ),
        Line(t("Height, at most"), _length(row.get("height_max_m"))),
        Line(t("Greening, at least"), share_text(row.get("greening_min"))),
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
    if absent(evidence) or evidence == "not_checked":
        return Line(title, t("not checked"), _why_unchecked(layer, date), "unknown")
    overlap, share = row[f"{layer.name}_overlap_m2"], row[f"{layer.name}_share"]
    if "inside" in layer.measured:
        mood = "good" if float(share) >= 1 - 1e-9 else ""
        return Line(title, t("{share} inside", share=percent(share)), date, mood)
    if evidence == "hit":
        value = t("{area} mu, {share}", area=area_mu(overlap), share=percent(share))
        return Line(title, value, date, "bad")
    if evidence == "partly_covered":
        checked = percent(row[f"{layer.name}_covered_share"])
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
        if absent(away):
            found = row.get(f"{name}_found_m")
            note = _why_unchecked(layer, dates.get(name, ""))
            if not absent(found):
                note = t(
                    "nearest found {away}; one may be nearer beyond the covered ground",
                    away=metres(found),
                )
            lines.append(Line(t(layer.title), t("not checked"), note, "unknown"))
        else:
            lines.append(Line(t(layer.title), metres(away), dates.get(name, "")))
    return tuple(lines)


def _record(row: Mapping[str, Any]) -> tuple[Line, ...]:
    told: Sequence[tuple[str, object]] = (
        (t("Surveyed on"), row.get("surveyed_on")),
        (t("Minimum width"), _length(row.get("width_min_m"))),
        (t("Largest rectangle"), _rectangle(row)),
        (t("Mended on reading"), row.get("mended")),
        (t("Duplicate of"), row.get("duplicate_of")),
        (t("Note"), row.get("note")),
    )
    return tuple(Line(label, str(value)) for label, value in told if not absent(value))


def _rectangle(row: Mapping[str, Any]) -> str:
    """Write both sides; nothing where nobody has looked for rectangles."""
    sides = row.get("rectangle_length_m"), row.get("rectangle_width_m")
    return "" if any(map(absent, sides)) else " × ".join(map(metres, sides))


def _length(value_m: object) -> str:
    return t("unknown") if absent(value_m) else metres(value_m)


def _why_unchecked(layer: Layer, date: str) -> str:
    if not date:
        return t("Load the layer {layer}.", layer=layer.name)
    return t("The layer does not reach this ground ({date}).", date=date)


def _declared(declared: object, true_m2: float) -> Line:
    if absent(declared):
        return Line(t("Declared"), t("unknown"), "", "unknown")
    gap = float(str(declared)) / true_m2 - 1
    if area_text(float(str(declared))) == area_text(true_m2):
        return Line(t("Declared"), area_text(true_m2))
    note = t(
        "{gap} against the area computed from the outline.", gap=gap_text(gap, digits=2)
    )
    if abs(gap) < SMALL_GAP:
        return Line(t("Declared"), area_text(float(str(declared))), note)
    note += " " + t("Ask for the survey report.")
    return Line(t("Declared"), area_text(float(str(declared))), note, "bad")

"""The tables of what a land check knows: all findings, by layer, and what it lacks."""

import math
from collections.abc import Iterator
from typing import Final

import pandas as pd

from gis.words import Title
from layers.check import Check, CheckedLayer
from layers.check_titles import EFFECT_TITLES
from layers.layer import Layer
from reports import check_cells as cells
from reports.candidates import Say
from reports.check_cells import Cell, Mark, words
from reports.check_conflicts import (
    Row,
    Told,
    effect_of,
    said_against,
    state_cell,
)

MOST_NAMED: Final = 30
MOST_ROWS: Final = 60_000  # of a sheet that is written in seconds
STATES: Final = ("hit", "clear", "partly_covered", "not_checked")
RULES: Final = {
    "avoid": Title("lie clear of it"),
    "inside": Title("lie inside it"),
    "within": Title("lie within {limit} m of it"),
    "beyond": Title("lie {limit} m or more away from it"),
}
LEFT_OUT: Final = Title(
    "There are too many findings for one sheet: clear ones are left out. The GeoPackage"
    " holds all of them."
)
NOT_CHECKED_NOTE: Final = Title(
    "What is listed here was not checked, wholly or in part: it must not be read as"
    " free of conflict."
)


def by_layer(check: Check, say: Say) -> Told:
    """Tell, by layer, how many parcels came to which state of evidence.

    Args:
        check: The check.
        say: Translates an English msgid.

    Returns:
        A table: a row for each layer and state there is.
    """
    rows = [
        [
            words(say(Title(one.layer.title))),
            words(_asked(one.layer, say)),
            cells.state(name, one.layer.asked, _worst(one.layer, some), say),
            words(f"{len(some):,}"),
            words(_named(some["parcel_id"], say)),
        ]
        for one, told in _told_of(check)
        for name in STATES
        if len(some := told[told["state"] == name])
    ]
    heads = [
        say("Layer"),
        say(Title("What is asked of land")),
        say(Title("State")),
        say(Title("Number of parcels")),
        say(Title("Which")),
    ]
    return {
        "title": say(Title("Layer by layer")),
        "heads": heads,
        "rows": rows,
        "figures": (3,),
        "wide": (4,),
    }


def not_checked(check: Check, say: Say) -> Told:
    """Tell what was not checked, wholly or in part, and why.

    Args:
        check: The check.
        say: Translates an English msgid.

    Returns:
        A table.
    """
    rows = [
        [
            words(say(Title(one.layer.title))),
            cells.state(name, one.layer.asked, "", say),
            words(f"{len(some):,}"),
            words(_named(some["parcel_id"], say)),
            words(_why(one, name, some, say)),
        ]
        for one, told in _told_of(check)
        for name in ("not_checked", "partly_covered")
        if len(some := told[is_state(told, name)])
    ]
    heads = [
        say("Layer"),
        say(Title("State")),
        say(Title("Number of parcels")),
        say(Title("Which")),
        say(Title("Why")),
    ]
    return {
        "title": say(Title("Not checked")),
        "heads": heads,
        "rows": rows,
        "figures": (2,),
        "wide": (3, 4),
        "note": say(NOT_CHECKED_NOTE),
    }


def all_findings(check: Check, say: Say) -> Told:
    """Tell every finding, clear ones too: a row for each parcel and layer.

    Args:
        check: The check.
        say: Translates an English msgid.

    Returns:
        A table for a workbook, bounds in columns of their own. Where there are too
        many, clear ones are left out, and the table says so.
    """
    heads = [
        say("Parcel"),
        say("Layer"),
        say(Title("State")),
        say(Title("Class")),
        say(Title("Ground (m2)")),
        say("Plane area (m2)"),
        say("mu"),
        say(Title("Share")),
        say(Title("At least (m2)")),
        say(Title("At most (m2)")),
        say(Title("Distance (m)")),
        say(Title("Share covered by the layer")),
        say(Title("Features met")),
        say(Title("Clause")),
        say(Title("What it means")),
        say(Title("Decided by")),
        say(Title("Overruled, and why")),
    ]
    found = check.findings.drop(columns="geometry")
    many = len(found) > MOST_ROWS
    plain = (found[found["state"] != "clear"] if many else found).to_dict("records")
    layers = {one.layer.name: _of_layer(one.layer, say) for one in check.layers}
    return {
        "title": say(Title("All findings")),
        "note": say(LEFT_OUT) if many else "",
        "heads": heads,
        "rows": [_whole_row(check, one, layers[one["layer"]], say) for one in plain],
        "figures": (4, 5, 6, 7, 8, 9, 10, 11),
    }


def _told_of(check: Check) -> Iterator[tuple[CheckedLayer, pd.DataFrame]]:
    """Give the findings of each layer."""
    for one in check.layers:
        yield one, check.findings[check.findings["layer"] == one.layer.name]


def _asked(layer: Layer, say: Say) -> str:
    title = RULES.get(layer.asked)
    return say(title).format(limit=f"{layer.limit_m or 0:g}") if title else ""


def _worst(layer: Layer, some: pd.DataFrame) -> Mark:
    """Mark hits by the worst of them."""
    kinds = set(some["class"])
    worst = next((kind for kind in cells.CLASS_MARKS if kind in kinds), "")
    return cells.hit_mark(worst, layer.effect)


def _named(keys: pd.Series, say: Say) -> str:
    """Name parcels; where they are too many, say how many more there are."""
    told = ", ".join(keys.astype(str)[:MOST_NAMED])
    more = len(keys) - MOST_NAMED
    if more <= 0:
        return told
    return say(Title("{named} and {count} more")).format(named=told, count=f"{more:,}")


def is_state(told: pd.DataFrame, name: str) -> "pd.Series[bool]":
    """Choose findings of a state; a hit on ground covered in part is known in part.

    Args:
        told: Findings.
        name: The state.

    Returns:
        Whether each is in it.
    """
    if name == "partly_covered":
        partly = (told["state"] == "hit") & (told["covered_share"] < 1.0)
        return (told["state"] == name) | partly
    return told["state"] == name


def _why(one: CheckedLayer, name: str, some: pd.DataFrame, say: Say) -> str:
    if not one.loaded:
        return say(Title("The layer is not loaded."))
    if name == "not_checked":
        return say(Title("The layer does not reach the parcel."))
    # Rounded down: what is covered in part is never told to be covered whole.
    least = math.floor(float(some["covered_share"].min()) * 1_000) / 1_000
    sentence = say(Title("The layer reaches a part only, {share} at the least."))
    return sentence.format(share=f"{least:.1%}")


def _of_layer(layer: Layer, say: Say) -> tuple[Cell, list[Cell]]:
    """Say what is the same in every finding of a layer."""
    clause = say(Title(layer.clause)) if layer.clause else ""
    by = say(Title(layer.effect_by)) if layer.effect_by else ""
    means = say(EFFECT_TITLES[layer.effect])
    return words(say(Title(layer.title))), [words(clause), words(means), words(by)]


def _whole_row(
    check: Check, one: Row, layer: tuple[Cell, list[Cell]], say: Say
) -> list[Cell]:
    mark = cells.hit_mark(one["class"], effect_of(check, one["layer"]))
    title, rule = layer
    return [
        words(one["parcel_id"]),
        title,
        state_cell(check, one, say),
        cells.class_of(one["class"], say, mark),
        cells.figure(one["overlap_m2"]),
        cells.figure(one["plane_m2"]),
        cells.mu(one["overlap_m2"]),
        cells.share(one["share"]),
        cells.figure(one["low_m2"]),
        cells.figure(one["high_m2"]),
        cells.figure(one["distance_m"]),
        cells.share(one["covered_share"]),
        words(one["features"]),
        *rule,
        words(said_against(check, one, say, reason=True)),
    ]

"""The tables of a land check's report, each as its heads and rows."""

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from gis.outline import FAULTS
from gis.words import Title
from layers.check import Check, CheckedLayer
from layers.check_titles import (
    CONFIDENCE_TITLES,
    EFFECT_TITLES,
    NEIGHBOUR_TITLES,
    REMARK_TITLES,
)
from layers.layer import Layer
from reports import check_cells as cells
from reports.candidates import Say
from reports.check_cells import NOTHING, Cell, words
from reports.check_conflicts import Told, conflicts, overrules, rules
from reports.check_evidence import by_layer, not_checked


def sections_of(check: Check, say: Say) -> Iterator[Told]:
    """Make the tables, the most important first.

    Args:
        check: The check.
        say: Translates an English msgid.

    Yields:
        Title, heads, rows, note, places of figures and of wide columns of each.
    """
    yield _verdicts(check, say)
    yield conflicts(check, say)
    yield rules(check, say)
    yield not_checked(check, say)
    yield overrules(check, say)
    yield by_layer(check, say)
    for name in check.compositions:
        yield composition(check, name, say)
    yield neighbours(check, say)
    yield outlines(check, say)
    yield changes(check, say)
    yield clauses(check, say)
    yield _remarks(check, say)
    yield data(check, say)


def _section(
    title: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    figures: Sequence[int] = (),
    wide: Sequence[int] = (),
) -> Told:
    return {
        "title": title,
        "heads": heads,
        "rows": rows,
        "figures": figures,
        "wide": wide,
    }


def _verdicts(check: Check, say: Say) -> Told:
    rows = [
        [
            words(key),
            words(one["name"]),
            cells.verdict(one["verdict"], say),
            cells.mu(one["area_m2"]),
            cells.figure(one["area_m2"]),
            cells.figure(one["plane_m2"]),
            cells.figure(one["declared_m2"]),
            cells.signed(one["declared_gap_m2"]),
            words(one["gk_zone"]),
            words(one["county"]),
        ]
        for key, one in check.parcels.iterrows()
    ]
    heads = [
        say("Parcel"),
        say("Name"),
        say(Title("Verdict")),
        say("Area (mu)"),
        say("Ellipsoidal area (m2)"),
        say("Plane area (m2)"),
        say("Declared area (m2)"),
        say(Title("Plane less declared (m2)")),
        say(Title("Zone")),
        say("County"),
    ]
    return _section(say(Title("Verdicts")), heads, rows, (3, 4, 5, 6, 7, 8), (1,))


def composition(check: Check, name: str, say: Say) -> Told:
    """Tell what parcels consist of, by the classes of a layer.

    Args:
        check: The check.
        name: Name of the layer.
        say: Translates an English msgid.

    Returns:
        A table.
    """
    rows = [
        [
            words(one["parcel_id"]),
            _class_cell(one["code"], one["title"], say),
            cells.figure(one["area_m2"]),
            cells.mu(one["area_m2"]),
            cells.share(one["share"]),
        ]
        for _, one in check.compositions[name].iterrows()
    ]
    heads = [
        say("Parcel"),
        say(Title("Kind")),
        say(Title("Area (m2)")),
        say("mu"),
        say(Title("Share")),
    ]
    told = f"{say(Title('Composition'))} · {say(check.title(name))}"
    return _section(told, heads, rows, (2, 3, 4), (1,))


def _class_cell(code: str, title: str, say: Say) -> Cell:
    if code == "":
        return Cell(say(Title("not covered")), "amber")
    if code == "*":
        return Cell(say(Title("in several classes at once")), "amber")
    return words(f"{code} {title}".strip() if title != code else code)


def neighbours(check: Check, say: Say) -> Told:
    """Tell how parcels stand to other parcels and to land that projects hold.

    Args:
        check: The check.
        say: Translates an English msgid.

    Returns:
        A table.
    """
    rows = [
        [
            words(one["parcel_id"]),
            words(say(check.title(one["against"]))),
            words(f"{one['other']} {one['title']}".strip()),
            words(say(NEIGHBOUR_TITLES[one["kind"]])),
            cells.figure(one["area_m2"]),
            cells.share(one["share"]),
            cells.class_of(one["class"], say),
        ]
        for _, one in check.neighbours.iterrows()
    ]
    heads = [
        say("Parcel"),
        say(Title("Against")),
        say(Title("Whom")),
        say(Title("What")),
        say(Title("Ground (m2)")),
        say(Title("Share")),
        say(Title("Class")),
    ]
    return _section(say(Title("Neighbours")), heads, rows, (4, 5), (2,))


def outlines(check: Check, say: Say) -> Told:
    """Tell the faults of outlines, and where they are.

    Args:
        check: The check.
        say: Translates an English msgid.

    Returns:
        A table.
    """
    rows = [
        [
            words(one["parcel_id"]),
            words(say(FAULTS[one["kind"]])),
            words(_value(one["value"], one["unit"])),
            words(f"{one['lng']:.7f}"),
            words(f"{one['lat']:.7f}"),
        ]
        for _, one in check.outline_faults.iterrows()
    ]
    heads = [
        say("Parcel"),
        say(Title("What")),
        say(Title("Value")),
        say("Longitude (CGCS2000)"),
        say("Latitude (CGCS2000)"),
    ]
    return _section(say(Title("Outlines")), heads, rows, (2, 3, 4), (1,))


def _value(value: float, unit: str) -> str:
    if pd.isna(value):
        return NOTHING
    return f"{value:.3f} m" if unit == "m" else f"{value:.1f}°"


def changes(check: Check, say: Say) -> Told:
    """Tell how parcels differ from those on record of the same id.

    Args:
        check: The check.
        say: Translates an English msgid.

    Returns:
        A table.
    """
    rows = [
        [
            words(one["parcel_id"]),
            words(say(Title("yes")) if one["same"] else say(Title("no"))),
            cells.figure(one["moved_m"]),
            cells.figure(one["gained_m2"]),
            cells.figure(one["lost_m2"]),
        ]
        for _, one in check.changes.iterrows()
    ]
    heads = [
        say("Parcel"),
        say(Title("As on record")),
        say(Title("Moved (m)")),
        say(Title("More (m2)")),
        say(Title("Less (m2)")),
    ]
    return _section(say(Title("Against the parcels on record")), heads, rows, (2, 3, 4))


def clauses(check: Check, say: Say) -> Told:
    """Tell the clauses that rules rest on, and what is in force.

    Args:
        check: The check.
        say: Translates an English msgid.

    Returns:
        A table.
    """
    day = check.made_at[:10]
    rows = [
        [
            words(say(Title(one.layer.title))),
            words(say(Title(one.layer.clause))),
            words(say(EFFECT_TITLES[one.layer.effect])),
            words(one.layer.edition),
            _in_force(one.layer.clause_from, one.layer.clause_from > day, say),
            _in_force(one.layer.clause_until, "" < one.layer.clause_until < day, say),
            _confidence(one.layer, say),
        ]
        for one in check.layers
        if one.layer.clause
    ]
    heads = [
        say("Layer"),
        say(Title("Clause")),
        say(Title("What it means")),
        say("Edition"),
        say(Title("In force from")),
        say(Title("Until")),
        say(Title("Source of the clause")),
    ]
    return _section(say(Title("Clauses")), heads, rows, (), (1,))


def _in_force(date: str, out: bool, say: Say) -> Cell:  # noqa: FBT001 - of this date
    """Write a date; a clause not in force on the day of the check says so."""
    if not out:
        return words(date)
    return Cell(f"{date} {say(Title('not in force on the day of the check'))}", "amber")


def _confidence(layer: Layer, say: Say) -> Cell:
    title = CONFIDENCE_TITLES.get(layer.clause_confidence)
    if title is None:
        return Cell(NOTHING)
    return Cell(say(title), "amber" if layer.clause_confidence == "unconfirmed" else "")


def _remarks(check: Check, say: Say) -> Told:
    rows = [
        [
            words(one.line or ""),
            words(one.parcel),
            words(say(REMARK_TITLES[one.kind])),
            words(_filled(one.what, one.values, say)),
        ]
        for one in check.submission.remarks
    ]
    heads = [
        say(Title("Line")),
        say("Parcel"),
        say(Title("How it was handled")),
        say(Title("What")),
    ]
    return _section(say(Title("Remarks on the file")), heads, rows, (0,), (3,))


def _filled(what: str, values: Any, say: Say) -> str:  # noqa: ANN401 - a mapping of anything
    """Fill a sentence; a value that is itself a word is translated too."""
    told = {
        name: say(value) if isinstance(value, Title) else value
        for name, value in values.items()
    }
    return say(what).format_map(told)


def _version(one: CheckedLayer) -> str:
    """Write a version: the begin of a hash, or the moment land of projects was read."""
    return one.version[:16].replace("T", " ")


def data(check: Check, say: Say) -> Told:
    """Tell which data the check rests on.

    Args:
        check: The check.
        say: Translates an English msgid.

    Returns:
        A table.
    """
    rows = [
        [
            words(say(Title(one.layer.title))),
            words(say(Title(one.layer.data_date))),
            words(one.layer.edition),
            words(_version(one) or say(Title("not loaded"))),
            words(
                "" if one.layer.accuracy_m is None else f"± {one.layer.accuracy_m:g}"
            ),
            words(say(Title(one.layer.source))),
            words(say(Title(one.layer.licence))),
        ]
        for one in check.layers
    ]
    heads = [
        say("Layer"),
        say("Data of"),
        say("Edition"),
        say("Version"),
        say(Title("Accuracy (m)")),
        say("Source"),
        say("Licence"),
    ]
    return _section(say(Title("Data used")), heads, rows, (), (5, 6))

"""The tables of a land check's report, each as its heads and rows."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import pandas as pd

from gis.outline import FAULTS
from gis.words import Title
from layers.check import CLAIMS, EFFECT_TITLES, WITHIN, Check, CheckedLayer, Overrule
from layers.layer import Layer
from reports import check_cells as cells
from reports.candidates import Say
from reports.check_cells import NOTHING, Cell, words

Told = dict[str, Any]
KINDS: Final = {
    "overlap": Title("overlap"),
    "duplicate": Title("the same ground"),
    "gap": Title("gap between parcels"),
}
SAYS: Final = {
    "conflict": Title("It is a conflict"),
    "no_conflict": Title("It is no conflict"),
}
DONE: Final = {
    "noticed": Title("noticed"),
    "mended": Title("mended"),
    "refused": Title("left out"),
    "offered": Title("to be decided"),
}
CONFIDENCE: Final = {
    "confirmed": Title("confirmed"),
    "unconfirmed": Title("unconfirmed"),
}
NOT_CHECKED_NOTE: Final = Title(
    "What is listed here was not checked, wholly or in part: it must not be read as"
    " free of conflict."
)


def sections_of(check: Check, say: Say) -> Iterator[Told]:
    """Make the tables, the most important first.

    Args:
        check: The check.
        say: Translates an English msgid.

    Yields:
        Title, heads, rows, note, places of figures and of wide columns of each.
    """
    yield _verdicts(check, say)
    yield _conflicts(check, say)
    yield _not_checked(check, say)
    yield _overrules(check, say)
    for name in check.compositions:
        yield _composition(check, name, say)
    yield _neighbours(check, say)
    yield _outlines(check, say)
    yield _changes(check, say)
    yield _clauses(check, say)
    yield _remarks(check, say)
    yield _data(check, say)


def conflict_rows(check: Check) -> pd.DataFrame:
    """Return the findings with ground or a distance in conflict, the worst first.

    Args:
        check: The check.

    Returns:
        Rows of its findings: certain ones, those to verify, boundary errors; by area.
    """
    found = check.findings[check.findings["class"] != ""]
    rank = found["class"].map({"certain": 0, "to_verify": 1, "within_precision": 2})
    order = pd.DataFrame({"rank": rank, "area": -found["overlap_m2"].fillna(0.0)})
    kept: pd.DataFrame = found.loc[order.sort_values(["rank", "area"]).index]
    return kept


def title_of(check: Check, name: str, say: Say) -> str:
    """Name a layer; parcels on record are named by their own layer."""
    for one in check.layers:
        if one.layer.name == name:
            return say(Title(one.layer.title))
    return say(Title("Construction-land parcels")) if name == "parcels" else name


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


def _conflicts(check: Check, say: Say) -> Told:
    rows = []
    for number, (_, one) in enumerate(conflict_rows(check).iterrows(), start=1):
        layer = check.layer(one["layer"])
        rows.append([
            words(number),
            words(one["parcel_id"]),
            words(say(Title(layer.title))),
            cells.state(one["state"], one["rule"], one["class"], say),
            cells.class_of(one["class"], say),
            cells.figure(one["overlap_m2"]),
            cells.figure(one["plane_m2"]),
            cells.mu(one["overlap_m2"]),
            cells.share(one["share"]),
            cells.bounds(one["low_m2"], one["high_m2"]),
            cells.figure(one["distance_m"]),
            words(_meaning(layer, say)),
            words(_word_of(check, one, say)),
        ])
    heads = [
        say(Title("No.")),
        say("Parcel"),
        say("Layer"),
        say(Title("State")),
        say(Title("Class")),
        say(Title("Ground (m2)")),
        say("Plane area (m2)"),
        say("mu"),
        say(Title("Share")),
        say(Title("At least – at most (m2)")),
        say(Title("Distance (m)")),
        say(Title("What it means")),
        say(Title("Overruled")),
    ]
    return _section(
        say(Title("Conflicts")), heads, rows, (0, 5, 6, 7, 8, 9, 10), (2, 11)
    )


def _meaning(layer: Layer, say: Say) -> str:
    parts = [say(EFFECT_TITLES[layer.effect])]
    if layer.effect_by:
        parts.append(say(Title(layer.effect_by)))
    if layer.limit_m is not None:
        parts.append(f"{layer.limit_m:g} m")
    return " · ".join(parts)


def _word_of(check: Check, one: "pd.Series[Any]", say: Say) -> str:
    """Return the last word against a finding; all of them stand in their own table."""
    told = [word for word in check.overrules if concerns(word, one)]
    return say(SAYS[told[-1].says]) if told else ""


def concerns(word: Overrule, finding: "pd.Series[Any]") -> bool:
    """Tell whether a word is against a finding."""
    return (word.parcel_id, word.layer) == (finding["parcel_id"], finding["layer"])


def _not_checked(check: Check, say: Say) -> Told:
    rows = []
    for one in check.layers:
        told = check.findings[check.findings["layer"] == one.layer.name]
        for name in ("not_checked", "partly_covered"):
            some = told[_is(told, name)]
            if some.empty:
                continue
            why = _why(one, name, some, say)
            rows.append([
                words(say(Title(one.layer.title))),
                cells.state(name, one.layer.asked, "", say),
                words(", ".join(some["parcel_id"].astype(str)[:30])),
                words(why),
            ])
    heads = [say("Layer"), say(Title("State")), say("Parcels"), say(Title("Why"))]
    section = _section(say(Title("Not checked")), heads, rows, (), (2, 3))
    return {**section, "note": say(NOT_CHECKED_NOTE)}


def _is(told: pd.DataFrame, name: str) -> "pd.Series[bool]":
    """Choose findings of a state; a hit on ground covered in part is known in part."""
    if name == "partly_covered":
        partly = (told["state"] == "hit") & (told["covered_share"] < 1.0)
        return (told["state"] == name) | partly
    return told["state"] == name


def _why(one: CheckedLayer, name: str, some: pd.DataFrame, say: Say) -> str:
    if not one.loaded:
        return say(Title("The layer is not loaded."))
    if name == "not_checked":
        return say(Title("The layer does not reach the parcel."))
    least = float(some["covered_share"].min())
    sentence = say(Title("The layer reaches a part only, {share} at the least."))
    return sentence.format(share=f"{least:.1%}")


def _overrules(check: Check, say: Say) -> Told:
    rows = [
        [
            words(one.parcel_id),
            words(title_of(check, one.layer, say)),
            words(say(SAYS[one.says])),
            words(one.reason),
            words(say(Title(one.who))),
            words(one.at[:16].replace("T", " ")),  # noqa: PD008 - a moment
        ]
        for one in check.overrules
    ]
    heads = [
        say("Parcel"),
        say("Layer"),
        say(Title("What holds instead")),
        say("Reason"),
        say(Title("By whom")),
        say("Date"),
    ]
    return _section(say(Title("Findings overruled")), heads, rows, (), (3,))


def _composition(check: Check, name: str, say: Say) -> Told:
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
    title = {"zoning": Title("By zoning"), "county": Title("By county")}.get(name)
    heads = [
        say("Parcel"),
        say(Title("Class")),
        say(Title("Area (m2)")),
        say("mu"),
        say(Title("Share")),
    ]
    told = f"{say(Title('Composition'))} · {say(title) if title else name}"
    return _section(told, heads, rows, (2, 3, 4), (1,))


def _class_cell(code: str, title: str, say: Say) -> Cell:
    if code == "":
        return Cell(say(Title("not covered")), "amber")
    if code == "*":
        return Cell(say(Title("in several classes at once")), "amber")
    return words(f"{code} {title}".strip() if title != code else code)


def _neighbours(check: Check, say: Say) -> Told:
    against = {
        WITHIN: say(Title("the same file")),
        CLAIMS: say(Title("Land held by projects")),
    }
    rows = [
        [
            words(one["parcel_id"]),
            words(against.get(one["against"]) or title_of(check, one["against"], say)),
            words(f"{one['other']} {one['title']}".strip()),
            words(say(KINDS[one["kind"]])),
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


def _outlines(check: Check, say: Say) -> Told:
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


def _changes(check: Check, say: Say) -> Told:
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


def _clauses(check: Check, say: Say) -> Told:
    rows = [
        [
            words(say(Title(one.layer.title))),
            words(say(Title(one.layer.clause))),
            words(say(EFFECT_TITLES[one.layer.effect])),
            words(one.layer.clause_from),
            words(one.layer.clause_until),
            _confidence(one.layer, say),
        ]
        for one in check.layers
        if one.layer.clause
    ]
    heads = [
        say("Layer"),
        say(Title("Clause")),
        say(Title("What it means")),
        say(Title("In force from")),
        say(Title("Until")),
        say(Title("Source of the clause")),
    ]
    return _section(say(Title("Clauses")), heads, rows, (), (1,))


def _confidence(layer: Layer, say: Say) -> Cell:
    title = CONFIDENCE.get(layer.clause_confidence)
    if title is None:
        return Cell(NOTHING)
    return Cell(say(title), "amber" if layer.clause_confidence == "unconfirmed" else "")


def _remarks(check: Check, say: Say) -> Told:
    rows = [
        [
            words(one.line or ""),
            words(one.parcel),
            words(say(DONE[one.kind])),
            words(_filled(one.what, one.values, say)),
        ]
        for one in check.submission.remarks
    ]
    heads = [say(Title("Line")), say("Parcel"), say(Title("Done")), say(Title("What"))]
    return _section(say(Title("Remarks on the file")), heads, rows, (0,), (3,))


def _filled(what: str, values: Any, say: Say) -> str:  # noqa: ANN401 - a mapping of anything
    """Fill a sentence; a value that is itself a word is translated too."""
    told = {
        name: say(value) if isinstance(value, Title) else value
        for name, value in values.items()
    }
    return say(what).format_map(told)


def _data(check: Check, say: Say) -> Told:
    rows = [
        [
            words(say(Title(one.layer.title))),
            words(say(Title(one.layer.data_date))),
            words(one.layer.edition),
            words(one.version[:16] if one.loaded else say(Title("not loaded"))),
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

"""The tables of a land check's conflicts: their figures, and the rules that apply."""

from collections.abc import Hashable, Mapping
from typing import Any, Final

import pandas as pd

from gis.words import Title
from layers.check import Check, Overrule
from layers.check_titles import EFFECT_TITLES, SAYS_TITLES
from reports import check_cells as cells
from reports.candidates import Say
from reports.check_cells import NOTHING, Cell, words

Told = dict[str, Any]
Row = Mapping[Hashable, Any]
_RANKS: Final = {"certain": 0, "to_verify": 1, "within_precision": 2}


def conflict_rows(check: Check) -> pd.DataFrame:
    """Return the findings with ground or a distance in conflict, the worst first.

    Args:
        check: The check.

    Returns:
        Rows of its findings: what the layer allows comes last; certain ones before
        those to verify and boundary errors; by area. The place of a row, from 1, is
        the number it bears in every table and on every map.
    """
    found = check.findings[check.findings["class"] != ""]
    effects = {one.layer.name: one.layer.effect for one in check.layers}
    order = pd.DataFrame({
        "allowed": found["layer"].map(effects) == "allowed",
        "rank": found["class"].map(_RANKS),
        "area": -found["overlap_m2"].fillna(0.0),
    })
    by = ["allowed", "rank", "area"]
    kept: pd.DataFrame = found.loc[order.sort_values(by, kind="stable").index]
    return kept


def conflicts(check: Check, say: Say) -> Told:
    """Tell the figures of each conflict.

    Args:
        check: The check.
        say: Translates an English msgid.

    Returns:
        A table, its rows numbered.
    """
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
        say(Title("Overruled")),
    ]
    return {
        "title": say(Title("Conflicts")),
        "heads": heads,
        "rows": [_figures(check, number, one, say) for number, one in _numbered(check)],
        "figures": (0, 5, 6, 7, 8, 9, 10),
        "wide": (2,),
    }


def rules(check: Check, say: Say) -> Told:
    """Tell which rule applies to each conflict, and the last word against it.

    Args:
        check: The check.
        say: Translates an English msgid.

    Returns:
        A table, its rows numbered as those of the figures.
    """
    rows = []
    for number, one in _numbered(check):
        layer = check.layer(one["layer"])
        rows.append([
            words(number),
            words(one["parcel_id"]),
            words(say(Title(layer.title))),
            words(say(Title(layer.clause)) if layer.clause else ""),
            words(say(EFFECT_TITLES[layer.effect])),
            words(say(Title(layer.effect_by)) if layer.effect_by else ""),
            words(said_against(check, one, say, reason=True)),
        ])
    heads = [
        say(Title("No.")),
        say("Parcel"),
        say("Layer"),
        say(Title("Clause")),
        say(Title("What it means")),
        say(Title("Decided by")),
        say(Title("Overruled, and why")),
    ]
    return {
        "title": say(Title("Rules that apply to the conflicts")),
        "heads": heads,
        "rows": rows,
        "figures": (0,),
        "wide": (3, 6),
    }


def said_against(check: Check, one: Row, say: Say, *, reason: bool = False) -> str:
    """Return the last word against a finding; all of them stand in their own table.

    Args:
        check: The check.
        one: The finding.
        say: Translates an English msgid.
        reason: Whether to tell why, and who said it.

    Returns:
        What a person holds instead; "" where nobody said anything.
    """
    told = [word for word in check.overrules if concerns(word, one)]
    if not told:
        return ""
    last = told[-1]
    said = say(SAYS_TITLES[last.says])
    if not reason:
        return said
    return f"{said}{say(': ')}{last.reason} ({say(Title(last.who))})"


def concerns(word: Overrule, finding: Row) -> bool:
    """Tell whether a word is against a finding."""
    return (word.parcel_id, word.layer) == (finding["parcel_id"], finding["layer"])


def state_cell(check: Check, one: Row, say: Say) -> Cell:
    """Make the cell of a finding's state; what is known in part says so."""
    mark = cells.hit_mark(one["class"], effect_of(check, one["layer"]))
    partly = bool(one["covered_share"] < 1.0)
    return cells.state(one["state"], one["rule"], mark, say, partly=partly)


def effect_of(check: Check, name: str) -> str:
    """Return what a breach of a layer's rule means; "" of what is no layer."""
    return next(
        (one.layer.effect for one in check.layers if one.layer.name == name), ""
    )


def overrules(check: Check, say: Say) -> Told:
    """Tell every word against a finding, the finding beside it.

    Args:
        check: The check.
        say: Translates an English msgid.

    Returns:
        A table.
    """
    heads = [
        say("Parcel"),
        say("Layer"),
        say(Title("Finding")),
        say(Title("What holds instead")),
        say("Reason"),
        say(Title("By whom")),
        say("Date"),
    ]
    rows = [
        [
            words(one.parcel_id),
            words(say(check.title(one.layer))),
            _found(check, one, say),
            words(say(SAYS_TITLES[one.says])),
            words(one.reason),
            words(say(Title(one.who))),
            words(one.at[:16].replace("T", " ")),  # noqa: PD008 - a moment
        ]
        for one in check.overrules
    ]
    return {
        "title": say(Title("Findings overruled")),
        "heads": heads,
        "rows": rows,
        "wide": (4,),
    }


def _numbered(check: Check) -> list[tuple[int, Row]]:
    """Number the conflicts as tables and maps do."""
    rows = conflict_rows(check).drop(columns="geometry").to_dict("records")
    return list(enumerate(rows, start=1))


def _figures(check: Check, number: int, one: Row, say: Say) -> list[Cell]:
    mark = cells.hit_mark(one["class"], effect_of(check, one["layer"]))
    return [
        words(number),
        words(one["parcel_id"]),
        words(say(check.title(one["layer"]))),
        state_cell(check, one, say),
        cells.class_of(one["class"], say, mark),
        cells.figure(one["overlap_m2"]),
        cells.figure(one["plane_m2"]),
        cells.mu(one["overlap_m2"]),
        cells.share(one["share"]),
        cells.bounds(one["low_m2"], one["high_m2"]),
        cells.figure(one["distance_m"]),
        words(said_against(check, one, say)),
    ]


def _found(check: Check, word: Overrule, say: Say) -> Cell:
    """Say what was found that a word is against."""
    rows = check.findings.drop(columns="geometry")
    same = (rows["parcel_id"] == word.parcel_id) & (rows["layer"] == word.layer)
    found = rows[same].to_dict("records")
    if not found:
        return Cell(NOTHING)
    state = state_cell(check, found[0], say)
    kind = cells.class_of(found[0]["class"], say)
    if kind.text == NOTHING:
        return state
    return Cell(f"{state.text}{say(', ')}{kind.text}", state.mark)

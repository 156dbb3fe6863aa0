"""The tables of a land check on the page: those of its reports, and two of its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import pandas as pd

from gis.words import Title
from layers.check import Check
from layers.check_titles import CLASS_TITLES, EFFECT_TITLES, VERDICT_TITLES
from reports import check_cells as cells
from reports import check_sections as sections
from reports.check_cells import Cell
from reports.check_conflicts import Told, said_against, state_cell
from reports.check_evidence import not_checked
from ui.check_state import finding_name, finding_of
from ui.figures import percent
from ui.foremost import foremost, ranked
from ui.i18n import t

MOST_ROWS: Final = 1_000
GRAVEST: Final = Title("{count} rows are shown, the gravest first; the files hold all.")
FIRST: Final = Title("The first {count} are shown; the files hold all.")
RULES: Final = {
    "within": Title("nearest within {limit} m"),
    "beyond": Title("nearest beyond {limit} m"),
}


@dataclass(frozen=True)
class Table:
    """A table of the page.

    Attributes:
        title: Its heading.
        data: Columns and rows, as the page's element reads them.
        notes: What must be said of it.
    """

    title: str
    data: dict[str, Any]
    notes: tuple[str, ...] = ()

    @property
    def rows(self) -> Sequence[Mapping[str, Any]]:
        """Its rows."""
        rows: Sequence[Mapping[str, Any]] = self.data["rows"]
        return rows


def verdicts(check: Check, chosen: str) -> Table:
    """Tell what each parcel comes to.

    Args:
        check: The check.
        chosen: The parcel that is looked at.

    Returns:
        A table to choose from; the gravest where there are too many, and the chosen.
    """
    found = check.findings[check.findings["class"] != ""]
    met = found.groupby("parcel_id")["layer"].agg(list).to_dict()
    ranks = ranked(check.parcels["verdict"], VERDICT_TITLES)
    places = foremost(ranks, check.parcels.index == chosen, MOST_ROWS)
    rows = []
    for key, one in check.parcels.iloc[sorted(places)].iterrows():
        layers = [t(check.title(name)) for name in met.get(key, [])]
        told = [
            cells.verdict(one["verdict"], t),
            cells.mu(one["area_m2"]),
            cells.figure(one["area_m2"]),
            cells.figure(one["plane_m2"]),
            cells.figure(one["declared_m2"]),
            cells.signed(one["declared_gap_m2"]),
            cells.words(one["gk_zone"]),
            cells.words(one["county"]),
            cells.words(", ".join(layers)),
        ]
        first = {"text": str(key), "more": one["name"]}
        rows.append({"id": str(key), "cells": [first, *map(_cell, told)]})
    heads = [
        t("Parcel"),
        t("Verdict"),
        t("Area (mu)"),
        t("Ellipsoidal area (m2)"),
        t("Plane area (m2)"),
        t("Declared area (m2)"),
        t("Plane less declared (m2)"),
        t("Zone"),
        t("County"),
        t("Met"),
    ]
    columns = _columns(heads, figures=(2, 3, 4, 5, 6, 7), wide=(9,))
    return _chosen_from(t("Verdicts"), columns, rows, chosen)


def findings(check: Check, chosen: str, parcel: str = "") -> Table:
    """Tell what was found of each parcel and layer, conflicts first.

    Args:
        check: The check.
        chosen: The finding that is looked at, by its name.
        parcel: The parcel whose findings are told; "" for all.

    Returns:
        A table to choose from.
    """
    told = check.findings
    if parcel:
        told = told[told["parcel_id"] == parcel]
    kinds = ranked(told["class"], (*CLASS_TITLES, "unknown"))
    unknown = told["state"].isin(["not_checked", "partly_covered"]).to_numpy()
    kinds[unknown & (told["class"] == "").to_numpy()] = len(CLASS_TITLES)
    of_parcel, of_layer = finding_of(chosen)
    seen = (told["parcel_id"] == of_parcel) & (told["layer"] == of_layer)
    places = foremost(kinds, seen, MOST_ROWS)
    ordered = sorted(places, key=lambda at: (kinds[at], at))
    rows = [
        {
            "id": finding_name(one["parcel_id"], one["layer"]),
            "cells": _finding_cells(check, one),
        }
        for _, one in told.iloc[ordered].iterrows()
    ]
    heads = [
        t("Parcel"),
        t("Layer"),
        t("State"),
        t("Class"),
        t("Ground (m2)"),
        t("mu"),
        t("Share"),
        t("At least – at most (m2)"),
        t("Distance (m)"),
        t("What it means"),
        t("Overruled"),
    ]
    columns = _columns(heads, figures=(4, 5, 6, 7, 8))
    return _chosen_from(t("Findings"), columns, rows, chosen)


def _finding_cells(check: Check, one: "pd.Series[Any]") -> list[dict[str, str]]:
    """Write the cells of a finding."""
    layer = check.layer(one["layer"])
    hit = one["state"] == "hit"
    rule = RULES.get(one["rule"])
    said = t(rule, limit=f"{layer.limit_m or 0:g}") if rule and hit else ""
    partly = one["state"] == "partly_covered" or (hit and one["covered_share"] < 1)
    covered = t("{share} covered", share=percent(one["covered_share"]))
    mark = cells.hit_mark(one["class"], layer.effect)
    means = [t(EFFECT_TITLES[layer.effect])] if hit else []
    if hit and layer.effect_by:
        means.append(t(Title(layer.effect_by)))
    word = said_against(check, one.to_dict(), t)
    return [
        _cell(cells.words(one["parcel_id"])),
        _cell(cells.words(t(Title(layer.title))), said),
        _cell(state_cell(check, one.to_dict(), t), covered if partly else ""),
        _cell(cells.class_of(one["class"], t, mark)),
        _cell(cells.figure(one["overlap_m2"])),
        _cell(cells.mu(one["overlap_m2"])),
        _cell(cells.share(one["share"])),
        _cell(cells.bounds(one["low_m2"], one["high_m2"])),
        _cell(cells.figure(one["distance_m"])),
        _cell(cells.words(" · ".join(means))),
        _cell(cells.words(word)),
    ]


def told_of(check: Check, tab: str, parcel: str = "") -> list[Table]:
    """Tell what a tab tells as the reports do, no more rows than a page can show.

    Args:
        check: The check.
        tab: "composition", "neighbours", "outlines", "not_checked" or "data".
        parcel: The parcel whose composition is told; "" for all.

    Returns:
        Tables, nothing chosen in them.
    """
    some = replace(
        check,
        neighbours=check.neighbours.iloc[:MOST_ROWS],
        outline_faults=check.outline_faults.iloc[:MOST_ROWS],
        changes=check.changes.iloc[:MOST_ROWS],
        compositions={
            name: _of_parcel(frame, parcel).iloc[:MOST_ROWS]
            for name, frame in check.compositions.items()
        },
    )
    return [_of_report(make()) for make in _makers(some)[tab]]


def _makers(check: Check) -> dict[str, list[Callable[[], Told]]]:
    """Say what makes the tables of each tab; only one tab is looked at."""
    return {
        "composition": [
            partial(sections.composition, check, name, t) for name in check.compositions
        ],
        "neighbours": [partial(sections.neighbours, check, t)],
        "outlines": [
            partial(sections.outlines, check, t),
            partial(sections.changes, check, t),
        ],
        "not_checked": [partial(not_checked, check, t)],
        "data": [partial(sections.data, check, t), partial(sections.clauses, check, t)],
    }


def _of_parcel(frame: pd.DataFrame, parcel: str) -> pd.DataFrame:
    return frame[frame["parcel_id"] == parcel] if parcel else frame


def _of_report(told: Told) -> Table:
    """Lay a table of a report out for the page."""
    rows = [
        {"id": str(number), "cells": [_cell(cell) for cell in row]}
        for number, row in enumerate(told["rows"])
    ]
    figures, wide = told.get("figures", ()), told.get("wide", ())
    columns = _columns(told["heads"], figures=figures, wide=wide)
    notes = [told["note"]] if told.get("note") and rows else []
    if len(rows) >= MOST_ROWS:
        notes.append(t(FIRST, count=f"{MOST_ROWS:,}"))
    data = _data(told["title"], columns, rows)
    return Table(told["title"], data, tuple(notes))


def _chosen_from(
    title: str,
    columns: Sequence[Mapping[str, str]],
    rows: Sequence[Mapping[str, Any]],
    chosen: str,
) -> Table:
    """Lay a table out whose rows can be chosen."""
    cut = len(rows) >= MOST_ROWS
    notes = (t(GRAVEST, count=f"{MOST_ROWS:,}"),) if cut else ()
    data = {**_data(title, columns, rows), "chosen": chosen, "choose": True}
    return Table(title, data, notes)


def _data(
    label: str,
    columns: Sequence[Mapping[str, str]],
    rows: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """Return what the page's element draws."""
    return {
        "label": label,
        "columns": columns,
        "rows": rows,
        "chosen": "",
        "choose": False,
    }


def _columns(
    heads: Sequence[str], *, figures: Sequence[int] = (), wide: Sequence[int] = ()
) -> list[dict[str, str]]:
    """Say how columns are set: figures to the right, what needs room in lines."""
    kinds = {**dict.fromkeys(wide, "wide"), **dict.fromkeys(figures, "figure")}
    return [{"text": head, "css": kinds.get(at, "")} for at, head in enumerate(heads)]


def _cell(cell: Cell, more: str = "") -> dict[str, str]:
    """Write a cell of a report for the page, its mark as a sign beside the colour."""
    told = {"text": cell.text, "kind": cell.mark, "more": more}
    return {name: value for name, value in told.items() if value}

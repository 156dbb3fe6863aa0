"""The tables of a land check: rows in words, for the page's table element."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from gis.outline import FAULTS
from gis.units import M2_PER_MU
from gis.words import Title
from layers.check import (
    CLASS_TITLES,
    EFFECT_TITLES,
    EVIDENCE_TITLES,
    VERDICT_TITLES,
    Check,
    Overrule,
)
from ui.check_state import finding_name
from ui.figures import area_mu, percent
from ui.foremost import foremost, ranked
from ui.i18n import t

Cell = str | dict[str, str]
Table = dict[str, Any]
NOTHING: Final = "—"
MOST_ROWS: Final = 1_000
VERDICT_KINDS: Final[Mapping[str, str]] = {
    "conflict": "red",
    "to_verify": "amber",
    "not_fully_checked": "amber",
    "clear": "good",
}
STATE_KINDS: Final[Mapping[str, str]] = {
    "hit": "red",
    "clear": "good",
    "partly_covered": "amber",
    "not_checked": "amber",
}
CLASS_KINDS: Final[Mapping[str, str]] = {
    "certain": "red",
    "to_verify": "amber",
    "within_precision": "plain",
}
RULES: Final = {
    "within": Title("nearest within {limit} m"),
    "beyond": Title("nearest beyond {limit} m"),
}
INSIDE_TITLES: Final[Mapping[str, Title]] = {
    **EVIDENCE_TITLES,
    "hit": Title("reaches beyond it"),
    "clear": Title("lies inside it"),
}
SAYS: Final = {
    "conflict": Title("It is a conflict"),
    "no_conflict": Title("It is no conflict"),
}
KINDS: Final = {
    "overlap": Title("overlap"),
    "duplicate": Title("the same ground"),
    "gap": Title("gap between parcels"),
}


def verdicts(check: Check, chosen: str) -> Table:
    """Tell what each parcel comes to."""
    worst = check.findings[check.findings["class"] != ""]
    found = worst.groupby("parcel_id")["layer"].agg(list).to_dict()
    rows = []
    ranks = ranked(check.parcels["verdict"], VERDICT_TITLES)
    places = foremost(ranks, check.parcels.index == chosen, MOST_ROWS)
    for key, one in check.parcels.iloc[sorted(places)].iterrows():
        layers = [t(check.title(name)) for name in found.get(key, [])]
        rows.append({
            "id": str(key),
            "cells": [
                {"text": str(key), "more": one["name"]},
                flag(VERDICT_TITLES, VERDICT_KINDS, one["verdict"]),
                area_mu(one["area_m2"]),
                f"{one['area_m2']:,.2f}",
                f"{one['plane_m2']:,.2f}",
                figure(one["declared_m2"]),
                signed(one["declared_gap_m2"]),
                str(one["gk_zone"]),
                one["county"] or NOTHING,
                ", ".join(layers) or NOTHING,
            ],
        })
    heads = [
        (t("Parcel"), ""),
        (t("Verdict"), ""),
        (t("Area (mu)"), "figure"),
        (t("Ellipsoidal area (m2)"), "figure"),
        (t("Plane area (m2)"), "figure"),
        (t("Declared area (m2)"), "figure"),
        (t("Plane less declared (m2)"), "figure"),
        (t("Zone"), "figure"),
        (t("County"), ""),
        (t("Met"), "wide"),
    ]
    return table(t("Verdicts"), heads, rows, chosen, choose=True)


def findings(check: Check, chosen: str, parcel: str = "") -> Table:
    """Tell what was found of each parcel and layer, conflicts first."""
    told = check.findings
    if parcel:
        told = told[told["parcel_id"] == parcel]
    rank = told["class"].map({"certain": 0, "to_verify": 1, "within_precision": 2})
    unknown = told["state"].isin(["not_checked", "partly_covered"])
    order = rank.fillna(4).where(~unknown | (told["class"] != ""), 3)
    told = told.assign(order=order).sort_values("order", kind="stable")
    rows = [
        {
            "id": finding_name(one["parcel_id"], one["layer"]),
            "cells": _finding_cells(check, one),
        }
        for _, one in _first(told).iterrows()
    ]
    heads = [
        (t("Parcel"), ""),
        (t("Layer"), ""),
        (t("State"), ""),
        (t("Class"), ""),
        (t("Ground (m2)"), "figure"),
        (t("mu"), "figure"),
        (t("Share"), "figure"),
        (t("At least – at most (m2)"), "figure"),
        (t("Distance (m)"), "figure"),
        (t("What it means"), ""),
        (t("Overruled"), ""),
    ]
    return table(t("Findings"), heads, rows, chosen, choose=True)


def _finding_cells(check: Check, one: "pd.Series[Any]") -> list[Cell]:
    """Write the cells of a finding."""
    layer = check.layer(one["layer"])
    words = [word for word in check.overrules if _concerns(word, one)]
    state = one["state"]
    rule = RULES.get(one["rule"])
    hit = state == "hit"
    area = one["overlap_m2"]
    bounds = (
        NOTHING
        if pd.isna(one["low_m2"])
        else f"{one['low_m2']:,.2f} – {one['high_m2']:,.2f}"
    )
    meaning = [t(EFFECT_TITLES[layer.effect])] if hit else []
    if hit and layer.effect_by:
        meaning.append(t(Title(layer.effect_by)))
    said = t(rule, limit=f"{layer.limit_m or 0:g}") if rule and hit else ""
    covered = (
        t("{share} covered", share=percent(one["covered_share"]))
        if state == "partly_covered" or (hit and one["covered_share"] < 1)
        else ""
    )
    return [
        one["parcel_id"],
        {"text": t(Title(layer.title)), "more": said},
        {**flag(states_of(one["rule"]), STATE_KINDS, state, covered), **_hit_kind(one)},
        {**flag(CLASS_TITLES, CLASS_KINDS, one["class"]), **_hit_kind(one)}
        if one["class"]
        else NOTHING,
        NOTHING if pd.isna(area) else f"{area:,.2f}",
        NOTHING if pd.isna(area) else f"{area / M2_PER_MU:,.2f}",
        NOTHING if pd.isna(one["share"]) else percent(one["share"]),
        bounds,
        figure(one["distance_m"]),
        " · ".join(meaning) or NOTHING,
        f"{t(SAYS[words[-1].says])} · {t(Title(words[-1].who))}" if words else NOTHING,
    ]


def states_of(rule: str) -> Mapping[str, Title]:
    """Name the states of evidence as a rule means them."""
    return INSIDE_TITLES if rule == "inside" else EVIDENCE_TITLES


def _hit_kind(one: "pd.Series[Any]") -> dict[str, str]:
    """Colour a hit by what it amounts to: red only for what is certain."""
    if one["state"] != "hit":
        return {}
    allowed = one["effect"] == "allowed"
    return {"kind": "plain" if allowed else CLASS_KINDS[one["class"]]}


def _concerns(word: Overrule, finding: "pd.Series[Any]") -> bool:
    return (word.parcel_id, word.layer) == (finding["parcel_id"], finding["layer"])


def composition(check: Check, name: str, parcel: str = "") -> Table:
    """Tell what parcels consist of, by the classes of a layer."""
    told = check.compositions[name]
    if parcel:
        told = told[told["parcel_id"] == parcel]
    rows = [
        {
            "id": f"{one['parcel_id']}/{one['code']}",
            "cells": [
                one["parcel_id"],
                class_text(one["code"], one["title"]),
                f"{one['area_m2']:,.2f}",
                area_mu(one["area_m2"]),
                percent(one["share"]),
            ],
        }
        for _, one in _first(told).iterrows()
    ]
    heads = [
        (t("Parcel"), ""),
        (t("Class"), "wide"),
        (t("Area (m2)"), "figure"),
        (t("mu"), "figure"),
        (t("Share"), "figure"),
    ]
    return table(t("Composition"), heads, rows, "")


def class_text(code: str, title: str) -> Cell:
    """Write a class of a composition: what is not covered says so."""
    if code == "":
        return {"text": t("not covered"), "kind": "amber"}
    if code == "*":
        return {"text": t("in several classes at once"), "kind": "amber"}
    return f"{code} {title}".strip() if title != code else code


def neighbours(check: Check) -> Table:
    """Tell how parcels stand to other parcels and to land that projects hold."""
    rows = [
        {
            "id": str(place),
            "cells": [
                one["parcel_id"],
                t(check.title(one["against"])),
                {"text": str(one["other"]), "more": one["title"]},
                t(KINDS[one["kind"]]),
                f"{one['area_m2']:,.2f}",
                NOTHING if pd.isna(one["share"]) else percent(one["share"]),
                flag(CLASS_TITLES, CLASS_KINDS, one["class"])
                if one["class"]
                else NOTHING,
            ],
        }
        for place, one in _first(check.neighbours).iterrows()
    ]
    heads = [
        (t("Parcel"), ""),
        (t("Against"), ""),
        (t("Whom"), ""),
        (t("What"), ""),
        (t("Ground (m2)"), "figure"),
        (t("Share"), "figure"),
        (t("Class"), ""),
    ]
    return table(t("Neighbours"), heads, rows, "")


def outlines(check: Check) -> Table:
    """Tell the faults of outlines, and how parcels differ from those on record."""
    rows: list[dict[str, Any]] = [
        {
            "id": f"o{place}",
            "cells": [
                one["parcel_id"],
                t(FAULTS[one["kind"]]),
                _value(one["value"], one["unit"]),
                f"{one['lng']:.6f}, {one['lat']:.6f}",
            ],
        }
        for place, one in _first(check.outline_faults).iterrows()
    ]
    rows += [
        {
            "id": f"c{place}",
            "cells": [
                one["parcel_id"],
                t("As on record")
                if one["same"]
                else t(
                    "Differs from the parcel on record: {gained} m2 more, {lost} m2"
                    " less",
                    gained=f"{one['gained_m2']:,.2f}",
                    lost=f"{one['lost_m2']:,.2f}",
                ),
                t("moved by {metres} m", metres=f"{one['moved_m']:.2f}"),
                NOTHING,
            ],
        }
        for place, one in _first(check.changes).iterrows()
    ]
    heads = [
        (t("Parcel"), ""),
        (t("What"), "wide"),
        (t("Value"), "figure"),
        (t("Longitude, latitude"), ""),
    ]
    return table(t("Outlines and changes"), heads, rows, "")


def not_checked(check: Check) -> Table:
    """List what could not be checked: layers not loaded, ground not covered."""
    rows = []
    for one in check.layers:
        told = check.findings[check.findings["layer"] == one.layer.name]
        states = told["state"].value_counts()
        missing = int(states.get("not_checked", 0))
        partly = int(
            ((told["covered_share"] < 1) & (told["state"] != "not_checked")).sum()
        )
        if not missing and not partly:
            continue
        why = (
            t("covers none of {count} parcels", count=missing)
            if one.loaded
            else t("The layer is not loaded.")
        )
        parts = [why] if missing else []
        if partly:
            parts.append(t("covers {count} parcels in part", count=partly))
        rows.append({
            "id": one.layer.name,
            "cells": [
                t(Title(one.layer.title)),
                {"text": t(EVIDENCE_TITLES["not_checked"]), "kind": "amber"}
                if missing
                else {"text": t(EVIDENCE_TITLES["partly_covered"]), "kind": "amber"},
                "; ".join(parts),
            ],
        })
    heads = [(t("Layer"), ""), (t("State"), ""), (t("Why"), "wide")]
    return table(t("Not checked"), heads, rows, "")


def data_used(check: Check) -> Table:
    """List the data that the check rests on, and the clauses."""
    rows = [
        {
            "id": one.layer.name,
            "cells": [
                t(Title(one.layer.title)),
                t(Title(one.layer.data_date)),
                one.layer.edition or NOTHING,
                one.version[:16] or t("not loaded"),
                NOTHING
                if one.layer.accuracy_m is None
                else f"± {one.layer.accuracy_m:g}",
                t(Title(one.layer.clause)) if one.layer.clause else NOTHING,
                {"confirmed": t("confirmed"), "unconfirmed": t("unconfirmed")}.get(
                    one.layer.clause_confidence, NOTHING
                ),
            ],
        }
        for one in check.layers
    ]
    heads = [
        (t("Layer"), ""),
        (t("Data of"), ""),
        (t("Edition"), ""),
        (t("Version"), ""),
        (t("Accuracy (m)"), "figure"),
        (t("Clause"), "wide"),
        (t("Source of the clause"), ""),
    ]
    return table(t("Data and clauses"), heads, rows, "")


def flag(
    titles: Mapping[str, Title], kinds: Mapping[str, str], word: str, more: str = ""
) -> dict[str, str]:
    """Write a state with its sign: never by colour alone."""
    return {
        "text": t(titles[word]),
        "kind": kinds.get(word, "plain"),
        **({"more": more} if more else {}),
    }


def table(
    label: str,
    heads: Sequence[tuple[str, str]],
    rows: Sequence[Mapping[str, Any]],
    chosen: str,
    *,
    choose: bool = False,
) -> Table:
    """Lay a table out for the page's element."""
    return {
        "label": label,
        "columns": [{"text": text, "css": css} for text, css in heads],
        "rows": list(rows),
        "chosen": chosen,
        "choose": choose,
    }


def figure(value: object) -> str:
    """Write a figure, or that there is none."""
    return NOTHING if pd.isna(value) else f"{float(str(value)):,.2f}"  # type: ignore[call-overload]


def signed(value: object) -> str:
    """Write a difference with its sign."""
    return NOTHING if pd.isna(value) else f"{float(str(value)):+,.2f}"  # type: ignore[call-overload]


def _value(value: float, unit: str) -> str:
    if pd.isna(value):
        return NOTHING
    return f"{value:.3f} m" if unit == "m" else f"{value:.1f}°"


def _first(frame: pd.DataFrame) -> pd.DataFrame:
    """Take as many rows as a page can show."""
    return frame.iloc[:MOST_ROWS]


Maker = Callable[[Check], Table]

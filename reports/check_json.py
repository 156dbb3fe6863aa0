"""A land check as plain values: what `landmap check --json` prints."""

from typing import Any

import pandas as pd

from layers.check import Check


def check_json(check: Check) -> dict[str, Any]:
    """Return a check as values for programs.

    Args:
        check: The check.

    Returns:
        `file`, `crs`, `mended`, `parcels` (each with its `findings`), `not_checked`,
        `layers`, `overruled`, `result_hash`; what is not known is None.
    """
    given = check.submission
    by_parcel = {
        str(key): [_finding(check, one) for _, one in rows.iterrows()]
        for key, rows in check.findings.groupby("parcel_id", sort=False)
    }
    return {
        "file": given.name,
        "sha256": given.sha256,
        "crs": given.crs_names,
        "crs_from": str(given.crs_from),
        "precision_m": check.precision_m,
        "mended": [
            str(one.as_error()) for one in given.remarks if one.kind == "mended"
        ],
        "remarks": [
            {"kind": one.kind, "line": one.line, "what": str(one.as_error())}
            for one in given.remarks
        ],
        "parcels": [
            {
                "id": str(key),
                "name": one["name"],
                "verdict": one["verdict"],
                "area_m2": _known(one["area_m2"]),
                "plane_m2": _known(one["plane_m2"]),
                "declared_m2": _known(one["declared_m2"]),
                "zone": int(one["gk_zone"]),
                "findings": by_parcel.get(str(key), []),
            }
            for key, one in check.parcels.iterrows()
        ],
        "not_checked": _not_checked(check),
        "layers": [
            {
                "layer": one.layer.name,
                "version": one.version,
                "data_date": one.layer.data_date,
                "edition": one.layer.edition,
                "rule": one.layer.asked,
                "limit_m": one.layer.limit_m,
                "accuracy_m": one.layer.accuracy_m,
                "synthetic": one.layer.synthetic,
            }
            for one in check.layers
        ],
        "overruled": [vars(one) for one in check.overrules],
        "made_at": check.made_at,
        "software": check.software,
        "result_hash": check.result_hash,
    }


def _finding(check: Check, one: "pd.Series[Any]") -> dict[str, Any]:
    layer = check.layer(one["layer"])
    return {
        "layer": one["layer"],
        "rule": one["rule"],
        "state": one["state"],
        "class": one["class"] or None,
        "overlap_m2": _known(one["overlap_m2"]),
        "share": _known(one["share"]),
        "low_m2": _known(one["low_m2"]),
        "high_m2": _known(one["high_m2"]),
        "covered_share": _known(one["covered_share"]),
        "distance_m": _known(one["distance_m"]),
        "features": [part for part in one["features"].split(" | ") if part],
        "clause": layer.clause or None,
        "effect": layer.effect or None,
    }


def _not_checked(check: Check) -> list[dict[str, str]]:
    """List parcels and layers of which something is not known."""
    told = check.findings
    partly = (told["state"] == "hit") & (told["covered_share"] < 1.0)
    some = told[told["state"].isin(["not_checked", "partly_covered"]) | partly]
    return [
        {
            "id": str(one["parcel_id"]),
            "layer": str(one["layer"]),
            "state": "not_checked"
            if one["state"] == "not_checked"
            else "partly_covered",
        }
        for _, one in some.iterrows()
    ]


def _known(value: Any) -> float | None:  # noqa: ANN401 - a figure of a frame
    """Keep what is known; NaN is no JSON."""
    return None if pd.isna(value) else float(value)

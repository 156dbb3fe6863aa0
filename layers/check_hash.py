"""Hash a check: the same land against the same data gives the same hash."""

import hashlib
import json
from typing import Final

import numpy as np
from pandas import DataFrame

from layers.check import Check

# What a square millimetre or millimetre changes is no other result.
DECIMALS: Final = 3
_LEFT_OUT: Final = ("geometry",)


def result_hash(check: Check) -> str:
    """Hash what went into a check and what came out.

    Args:
        check: The check; its time, its overrules and its own hash do not count.

    Returns:
        SHA-256, hexadecimal.
    """
    submission = check.submission
    told = {
        "file": submission.sha256,
        "crs": submission.crs_names,
        "precision_m": check.precision_m,
        "layers": [
            [one.layer.name, one.version, one.layer.asked, one.layer.limit_m]
            for one in check.layers
        ],
        "findings": _rows(check.findings),
        "parcels": _rows(check.parcels.reset_index()),
        "neighbours": _rows(check.neighbours),
        "compositions": {
            name: _rows(frame) for name, frame in check.compositions.items()
        },
        "changes": _rows(check.changes),
    }
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _rows(frame: DataFrame) -> list[list[object]]:
    """Write rows as plain values, figures rounded."""
    plain = frame.drop(columns=[one for one in _LEFT_OUT if one in frame])
    columns = []
    for name in plain.columns:
        values = plain[name]
        if values.dtype == np.float64:
            rounded = values.round(DECIMALS)
            columns.append([None if v != v else v + 0.0 for v in rounded.tolist()])  # noqa: PLR0124 - NaN
        else:
            columns.append([str(value) for value in values.tolist()])
    return [list(row) for row in zip(*columns, strict=True)]

"""Recognise what the columns of an uploaded file mean, by the names offices give."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from gis.units import M2_PER_MU
from gis.words import Title
from layers.boundary import Remark, unique_ids

# What each column may be called, the surest name first.
NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "parcel_id": (
        "地块编号", "DKBH", "parcel_id", "宗地代码", "ZDDM", "宗地编号", "ZDBH",
        "地块代码", "DKDM", "地块号", "DKH", "id", "BSM", "OBJECTID", "EntityHandle",
    ),
    "name": (
        "地块名称", "DKMC", "parcel_name", "name", "名称", "XMMC", "项目名称",
    ),
    "use": ("地块用途", "DKYT", "土地用途", "TDYT", "land_use", "use"),
    "code": ("地类编码", "DLBM", "地类代码", "land_use_code", "code"),
    "sheet": ("图幅号", "TFH", "sheet"),
}  # fmt: skip
_AREA: Final = re.compile(r"面积|mj$|^mj|area", re.IGNORECASE)
_UNITS: Final[Mapping[str, float]] = {
    "m2": 1.0,
    "平方米": 1.0,
    "平米": 1.0,
    "㎡": 1.0,
    "ha": 10_000.0,
    "hm2": 10_000.0,
    "公顷": 10_000.0,
    "mu": M2_PER_MU,
    "亩": M2_PER_MU,
}
# The unit stands last, after an underscore, in brackets, or as a Chinese word.
_UNIT: Final = re.compile(
    r"(?:[_ (（\[](m2|ha|hm2|mu|㎡)|(平方米|平米|公顷|亩))[)）\]]?$", re.IGNORECASE
)
UNITLESS: Final = Title(
    "The column {column} looks like an area, but its name tells no unit (such as "
    "area_m2, area_ha, 面积_亩): it was not taken as the declared area."
)
RENAMED: Final = Title(
    "{count} parcels had no number of their own, or one that stands above; each was "
    "given one."
)
_Columns = Mapping[str, Sequence[Any]]


def is_known_column(name: str) -> bool:
    """Tell whether a column may mean something to LandMap.

    Args:
        name: As the file calls it.

    Returns:
        Whether it is one of the names, or an area.
    """
    told = name.strip().lower()
    return told in _LOWER or bool(_AREA.search(told))


def parcel_rows(
    columns: _Columns, count: int
) -> tuple[list[dict[str, object]], list[Remark]]:
    """Make the rows of parcels out of a file's columns.

    Args:
        columns: Values by the file's own names, each `count` long.
        count: How many parcels.

    Returns:
        A dictionary for each parcel, its names from `layers.boundary.COLUMNS`; and
        what there is to remark.
    """
    texts = {name: _texts(columns, name, count) for name in NAMES}
    areas, remarks = _declared(columns, count)
    ids, changed = unique_ids(texts["parcel_id"])
    # Where no parcel has a number, places are numbers enough and need no word.
    if changed.any() and any(texts["parcel_id"]):
        remarks.append(Remark(RENAMED, {"count": int(changed.sum())}, kind="mended"))
    texts["parcel_id"] = ids
    rows = [
        {
            **{name: values[place] for name, values in texts.items()},
            "declared_m2": areas[place],
            "line": place + 1,
        }
        for place in range(count)
    ]
    return rows, remarks


def _texts(columns: _Columns, meaning: str, count: int) -> list[str]:
    """Read the first column of a meaning that says anything."""
    own = {name.strip().lower(): values for name, values in columns.items()}
    for name in NAMES[meaning]:
        texts = [_text(value) for value in own.get(name.lower(), ())]
        if any(texts):
            return texts
    return [""] * count


def _text(value: object) -> str:
    """Write a value as a person would: 7 for 7.0, nothing for a missing one."""
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, (float, np.floating)):
        whole = float(value)
        if not np.isfinite(whole):
            return ""
        return str(int(whole)) if whole.is_integer() else str(whole)
    text = "".join(letter if letter.isprintable() else " " for letter in str(value))
    return text.strip()[:500]


def _declared(columns: _Columns, count: int) -> tuple[list[float], list[Remark]]:
    """Read the declared area in m2, only where its name tells the unit."""
    remarks = []
    for name, values in columns.items():
        if not _AREA.search(name.strip()):
            continue
        unit = _UNIT.search(name.strip())
        if unit:
            scale = _UNITS[(unit[1] or unit[2]).lower()]
            return [_area(value) * scale for value in values], []
        remarks.append(Remark(UNITLESS, {"column": name.strip()[:80]}))
    return [np.nan] * count, remarks


def _area(value: object) -> float:
    """Read a number; NaN for what is none, and for areas that cannot be declared."""
    try:
        area = float(str(value).strip())
    except ValueError:
        return np.nan
    return area if np.isfinite(area) and 0 < area < 1e12 else np.nan  # noqa: PLR2004 - a continent


_LOWER: Final = {name.lower() for names in NAMES.values() for name in names}

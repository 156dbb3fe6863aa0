"""`/places?q=`: find a place or a parcel by its name."""

import re
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from layers.gazetteer import SHOWN
from ui import resources
from ui.i18n import language, t
from ui.routes.desk import Asked

LONGEST: Final = 40
# Numbers have digits, names are Chinese: no other text is sought among all parcels.
_PARCEL: Final = re.compile(r"[0-9]|[^\x00-\x7f]")
FROM: Final = 3  # letters from which parcels are sought as well


def places(asked: Asked) -> dict[str, Any]:
    """Find places, then parcels.

    Args:
        asked: `q` of the query, what is sought.

    Returns:
        `places`: name, English name, kind, where it lies and its box in degrees.
    """
    text = asked.query.get("q", "").strip()[:LONGEST]
    found = resources.gazetteer_of(internal=asked.internal).find(text)
    names = resources.place_names(language())
    layers = resources.catalog()
    told = [
        {
            "name": one.name,
            "name_en": one.name_en,
            "kind": one.kind,
            "kind_text": t(layers[one.kind].title),
            "where": _where(one.within, one.kind, names),
            "box": one.box,
        }
        for one in found
    ]
    if len(told) < SHOWN and len(text) >= FROM and _PARCEL.search(text):
        told += _parcels(text, SHOWN - len(told), internal=asked.internal)
    return {"places": told}


def _where(code: str, kind: str, names: dict[str, str]) -> str:
    """Name the county and the prefecture around a place."""
    prefecture = names.get(f"{code[:4]}00", "")
    if kind in {"prefecture", "province"}:
        return ""
    county = names.get(code, "") if kind != "county" else ""
    return " ".join(dict.fromkeys(filter(None, (prefecture, county))))


def _parcels(text: str, room: int, *, internal: bool) -> list[dict[str, Any]]:
    """Find parcels by the beginning of their number or a part of their name."""
    table = resources.facts_of(internal=internal).table
    if text.isascii():
        ids = pa.array(table.index.astype("str").array)
        met = pc.starts_with(ids, text.upper())
    elif "name" in table:
        met = pc.match_substring(pa.array(table["name"].astype("str").array), text)
    else:
        return []
    rows = pc.indices_nonzero(met).to_numpy()[:room]
    return [
        {
            "name": str(table["name"].iloc[row])
            if "name" in table
            else str(table.index[row]),
            "name_en": "",
            "kind": "parcel",
            "kind_text": t("A parcel"),
            "where": str(table.index[row]),
            "box": [
                float(table[edge].iloc[row])
                for edge in ("minx", "miny", "maxx", "maxy")
            ],
        }
        for row in rows.tolist()
    ]

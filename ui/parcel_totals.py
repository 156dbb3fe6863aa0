"""What some parcels come to together: how many, how large, of which kinds."""

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pandas import Series, factorize

from gis.errors import OversizeError, RequestError
from gis.units import M2_IN, shown
from gis.words import Title
from siting.words import STOCK_STATUSES
from ui.figures import absent, area_mu, land_use_text
from ui.i18n import t
from ui.parcel_ground import ParcelGround
from ui.search_area import SearchArea

MOST_PLACES: Final = 5_000
MOST_GROUPS: Final = 5
TOLD_GROUPS: Final = 3
INSIDE: Final = Title(
    "Counted as inside: parcels with their point inside the outline in the area."
)

_Rows = NDArray[np.intp]


def totals_of_places(ground: ParcelGround, places: object) -> dict[str, Any]:
    """Sum up parcels named by their numbers.

    Args:
        ground: The parcels that may be seen.
        places: Numbers in the tiles; those of no parcel that may be seen are left
            out, and each counts once.

    Returns:
        As `totals` tells it.

    Raises:
        RequestError: They are no list of whole numbers.
        OversizeError: They are more than `MOST_PLACES`.
    """
    if not isinstance(places, list):
        raise RequestError("{name} must be a list of whole numbers.", name="places")
    if len(places) > MOST_PLACES:
        raise OversizeError(
            "{count} parcels were named; at most {most} are summed up by name.",
            count=len(places),
            most=MOST_PLACES,
        )
    wrong = (type(one) is not int or not 0 <= one < 2**31 for one in places)
    if any(wrong):
        raise RequestError("{name} must be a list of whole numbers.", name="places")
    return totals(ground, ground.at(places))


def totals_in_area(ground: ParcelGround, area: SearchArea) -> dict[str, Any]:
    """Sum up the parcels of an area.

    Args:
        ground: The parcels that may be seen.
        area: Where they lie.

    Returns:
        As `totals` tells it, of the parcels whose point inside their outline (facts
        `lon`, `lat`) lies in the area or on its border, and `inside`: a sentence that
        says so.
    """
    told = totals(ground, ground.inside(area.geometry))
    told["text"].append(t(INSIDE))
    return told | {"inside": t(INSIDE)}


def totals(ground: ParcelGround, rows: _Rows) -> dict[str, Any]:
    """Sum up parcels.

    Args:
        ground: The parcels that may be seen.
        rows: Rows of its table, each once.

    Returns:
        `count`; `area_m2`, the sum of the parcels' own areas on the ellipsoid, and the
        same as `area_mu` and `area_ha`; `by_stock_status` and `by_land_use`, the
        groups with the most land; `places`, the numbers of the first `MOST_PLACES`;
        `text`, all this in lines.
    """
    area_m2 = np.asarray(ground.table["area_m2"].iloc[rows], dtype=np.float64)
    whole_m2 = math.fsum(area_m2)
    places = ground.numbers(rows)[:MOST_PLACES]
    stock = _groups(ground.values("stock_status", rows), area_m2, _stock_name)
    use = _groups(ground.values("land_use_code", rows), area_m2, land_use_text)
    lines = [
        t("{count} parcels, {mu} mu", count=f"{len(rows):,}", mu=area_mu(whole_m2)),
        t(
            "{ha} ha · {m2} m2, the sum of the parcels' own areas",
            ha=f"{whole_m2 / M2_IN['ha']:,.4f}",
            m2=f"{whole_m2:,.2f}",
        ),
        *_lines(t("Stock status"), stock),
        *_lines(t("Land use"), use),
    ]
    if len(rows) > MOST_PLACES:
        first = f"{MOST_PLACES:,}"
        lines.append(t("Only the first {first} are marked on the map.", first=first))
    return {
        "count": len(rows),
        "area_m2": whole_m2,
        "area_mu": shown(whole_m2, "mu"),
        "area_ha": shown(whole_m2, "ha"),
        "by_stock_status": stock,
        "by_land_use": use,
        "places": places.tolist(),
        "text": lines,
    }


def _groups(
    codes: Series | None, area_m2: NDArray[np.float64], name: Callable[[str], str]
) -> list[dict[str, Any]]:
    """List the groups with the most land, the largest first."""
    if codes is None:
        return []
    group, met = factorize(codes, use_na_sentinel=False)
    found = ["" if absent(code) else str(code) for code in met]
    counts = np.bincount(group, minlength=len(found))
    order = np.argsort(group, kind="stable")
    parts = np.split(area_m2[order], np.cumsum(counts)[:-1])
    sums = [math.fsum(part) for part in parts]
    best = sorted(range(len(found)), key=lambda at: -sums[at])[:MOST_GROUPS]
    return [
        {
            "code": found[at],
            "name": name(found[at]),
            "count": int(counts[at]),
            "area_m2": sums[at],
            "area_mu": shown(sums[at], "mu"),
        }
        for at in best
    ]


def _lines(title: str, groups: Sequence[dict[str, Any]]) -> list[str]:
    """Tell the greatest groups in a line; nothing of none."""
    told = [
        t(
            "{name} {count} ({mu} mu)",
            name=one["name"],
            count=f"{one['count']:,}",
            mu=area_mu(one["area_m2"]),
        )
        for one in groups[:TOLD_GROUPS]
    ]
    if not told:
        return []
    return [t("{title}: {groups}", title=title, groups=t("; ").join(told))]


def _stock_name(code: str) -> str:
    return t(STOCK_STATUSES[code]) if code in STOCK_STATUSES else t("unknown")

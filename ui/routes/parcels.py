"""`/parcels/...`: what the map says of a parcel under the cursor, or of several."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pandas import Series
from starlette.exceptions import HTTPException

from gis.errors import LayerMissingError
from gis.units import M2_PER_MU
from siting.words import STOCK_STATUSES
from ui import resources, search_area
from ui.figures import area_mu, land_use_text
from ui.i18n import t
from ui.routes.desk import Asked

MOST: Final = 5_000
GROUPS: Final = 4
M2_PER_HA: Final = 10_000.0
SHOWN: Final = ("name", "area_m2", "land_use_code", "stock_status")


def parcel(asked: Asked) -> dict[str, Any]:
    """Tell the lines of a parcel's tooltip.

    Args:
        asked: `place` in the path, the parcel's number in the tiles; `version` in the
            query, that of the tiles.

    Returns:
        `place`, `id` and the lines, `text`.

    Raises:
        HTTPException: The number is none.
        HTTPException: The version is not in force.
        LayerMissingError: There is no such parcel for this reader.
    """
    _require_current(asked.query.get("version", ""))
    try:
        place = int(asked.path["place"])
    except ValueError as error:
        raise HTTPException(400, "place") from error
    table = resources.facts().table
    if not len(_seen(np.array([place]), internal=asked.internal)):
        raise LayerMissingError("There is no parcel {parcel_id}.", parcel_id=place)
    told = {name: table[name].iloc[place] for name in SHOWN if name in table}
    parcel_id = str(table.index[place])
    stock = str(told.get("stock_status") or "")
    lines = [
        str(told.get("name") or parcel_id),
        parcel_id,
        t("{area} mu", area=area_mu(float(told["area_m2"]))),
        land_use_text(told.get("land_use_code")),
        t(STOCK_STATUSES[stock]) if stock in STOCK_STATUSES else "",
    ]
    return {"place": place, "id": parcel_id, "text": [one for one in lines if one]}


def totals(asked: Asked) -> dict[str, Any]:
    """Add up some parcels, named by their numbers or by an area they lie in.

    Args:
        asked: Posted `{"places": [...]}` or `{"area": GeoJSON}`, and `version`.

    Returns:
        The numbers that are there, at most `MOST`, and the sums as lines of `text`.

    Raises:
        HTTPException: Neither can be read.
        HTTPException: The version is not in force.
        GeometryError: The area is none.
    """
    _require_current(str(asked.body.get("version", "")))
    inside = "area" in asked.body
    if inside:
        area = search_area.read_area(asked.body["area"])
        found = resources.searched(internal=asked.internal, area=area.wkb)
        every = np.arange(len(found.facts.table), dtype=np.intp)
        places = np.sort(found.tile_places(every))
    else:
        places = _seen(_numbers(asked.body.get("places")), internal=asked.internal)
    table = resources.facts().table
    area_m2 = float(np.sum(np.asarray(table["area_m2"].iloc[places], dtype=float)))
    lines = [
        t("{n} parcels", n=f"{len(places):,}"),
        t(
            "{mu} mu · {ha} ha · {m2} m2",
            mu=f"{area_m2 / M2_PER_MU:,.2f}",
            ha=f"{area_m2 / M2_PER_HA:,.4f}",
            m2=f"{area_m2:,.2f}",
        ),
    ]
    if len(places) and "stock_status" in table:
        lines.append(_by_stock(table["stock_status"].iloc[places]))
    if inside:
        lines.append(t("Counted are parcels whose point inside lies in the area."))
    if len(places) > MOST:
        lines.append(t("The first {n} are marked.", n=f"{MOST:,}"))
    return {
        "places": places[:MOST].tolist(),
        "count": len(places),
        "area_m2": round(area_m2, 2),
        "text": lines,
    }


def _by_stock(statuses: Series) -> str:
    counts = statuses.astype("str").value_counts().head(GROUPS)
    return " · ".join(
        f"{t(STOCK_STATUSES[name]) if name in STOCK_STATUSES else t('unknown')} {n:,}"
        for name, n in counts.items()
    )


def _numbers(given: object) -> NDArray[np.intp]:
    if not isinstance(given, list) or len(given) > MOST:
        raise HTTPException(400, "places")
    if not all(isinstance(one, int) and not isinstance(one, bool) for one in given):
        raise HTTPException(400, "places")
    return np.unique(np.array(given, dtype=np.intp))


def _seen(places: NDArray[np.intp], *, internal: bool) -> NDArray[np.intp]:
    """Keep the numbers of parcels that are there, and that the reader may see."""
    table = resources.facts().table
    there = places[(places >= 0) & (places < len(table))]
    if internal:
        return there
    open_to_all = resources.searched(internal=False).rows
    if open_to_all is None:
        return there[:0]
    return there[np.isin(there, open_to_all)]


def _require_current(version: str) -> None:
    if version != resources.map_version("parcels"):
        raise HTTPException(410)

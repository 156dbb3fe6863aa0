"""County seats and towns, where they are."""

import numpy as np
import shapely
from geopandas import GeoDataFrame
from pandas import DataFrame, concat

from sample_data.generator.facts import read_facts
from sample_data.generator.frame import Frame
from sample_data.generator.latin import in_latin
from sample_data.generator.plane import PLANE, points_to_plane

APART_M = 4_000.0


def draw_settlements(frame: Frame) -> GeoDataFrame:
    """Place the county seats and the towns that have a name.

    Args:
        frame: The real frame.

    Returns:
        Points on the plane with `feature_id`, `name`, `name_en`, `class` ("seat" or
        "town") and `county_code`; a town less than 4 km from a seat or an earlier town
        is left out.
    """
    seats = read_facts("seats")
    at = points_to_plane(seats[["seat_lon", "seat_lat"]].to_numpy(dtype=float))
    first = DataFrame({
        "name": seats["name"],
        "x": at[:, 0],
        "y": at[:, 1],
        "class": "seat",
    })
    towns = frame.settlements.assign(**{"class": "town"})
    every = concat([first, towns], ignore_index=True)
    points = every[["x", "y"]].to_numpy(dtype=float)
    kept: list[int] = []
    for number, point in enumerate(points):
        taken = points[kept]
        near = len(kept) and np.hypot(*(taken - point).T).min() < APART_M
        if every["class"].iloc[number] == "seat" or not near:
            kept.append(number)
    table = every.iloc[kept].reset_index(drop=True)
    shapes = np.asarray(shapely.points(table[["x", "y"]].to_numpy(dtype=float)))
    counties = list(frame.counties)
    tree = shapely.STRtree(list(frame.counties.values()))
    town, county = tree.query(shapes, predicate="within")
    code = np.full(len(table), "", dtype=object)
    code[town] = [counties[one] for one in county]
    inside = code != ""
    return GeoDataFrame(
        {
            "feature_id": [f"S{number:04d}" for number in range(1, inside.sum() + 1)],
            "name": (names := table["name"][inside].to_numpy()),
            "name_en": [in_latin(name) for name in names],
            "class": table["class"][inside].to_numpy(),
            "county_code": code[inside],
        },
        geometry=list(shapes[inside]),
        crs=PLANE,
    )

"""Expressways and railways: shortest paths of the package `routrs`, laid together.

`routrs` holds OpenStreetMap's network as a graph but gives it away only as shortest
paths, 0.1 s each; so the network is drawn once (`python -m
sample_data.generator.routing`) into `sample_data/frame/` and read from there.
"""

from collections.abc import Sequence

import numpy as np
import routrs
import shapely
from geopandas import GeoDataFrame
from scipy.spatial import Delaunay
from shapely.geometry.base import BaseGeometry

from sample_data.generator.boundaries import read_boundaries
from sample_data.generator.draw import Floats
from sample_data.generator.facts import read_facts
from sample_data.generator.network import FOLDER
from sample_data.generator.plane import LONLAT

Leg = tuple[tuple[float, float], tuple[float, float]]
# Beyond the border (lat, lon), so that roads that leave are followed to it.
NEIGHBOURS = (
    (29.56, 106.55),  # Chongqing
    (28.87, 105.44),  # Luzhou
    (28.77, 104.62),  # Yibin
    (27.34, 103.72),  # Zhaotong
    (25.49, 103.80),  # Qujing
    (25.04, 102.72),  # Kunming
    (23.90, 106.62),  # Baise
    (24.69, 108.06),  # Hechi
    (25.27, 110.29),  # Guilin
    (27.55, 109.99),  # Huaihua
    (28.31, 109.74),  # Jishou
    (28.44, 109.01),  # Xiushan
)


def legs_between_seats() -> list[Leg]:
    """Choose the legs to route: seats that are neighbours, and across the border."""
    seats = read_facts("seats")[["seat_lat", "seat_lon"]].to_numpy(dtype=float)
    points = np.vstack([seats, NEIGHBOURS])
    corners = Delaunay(points).simplices
    pairs = np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])
    # Neighbours of neighbours bring the roads that pass a seat by.
    linked = np.zeros((len(points), len(points)), dtype=bool)
    linked[pairs[:, 0], pairs[:, 1]] = linked[pairs[:, 1], pairs[:, 0]] = True
    twice = np.triu((linked.astype(int) @ linked.astype(int)) > 1, k=1)
    chosen = np.argwhere(np.triu(linked, k=1) | twice)
    where = [(float(lat), float(lon)) for lat, lon in points]
    return [(where[first], where[second]) for first, second in chosen]


def draw_network(
    paths: Sequence[Floats], within: BaseGeometry, *, stem: str
) -> GeoDataFrame:
    """Lay paths together into one network of lines without doubles.

    Args:
        paths: Longitudes and latitudes, each shape (k, 2), without the connectors
            from a seat to its nearest road.
        within: Outline in EPSG:4490 to cut the network to.
        stem: Letters before the numbers of the lines.

    Returns:
        Lines in EPSG:4490, merged between junctions, with `feature_id`.
    """
    steps = np.vstack([np.hstack([path[:-1], path[1:]]) for path in paths])
    ends = np.round(steps.reshape(-1, 2, 2), 5)
    first_is_less = np.lexsort(ends.transpose(2, 1, 0)[::-1], axis=0)[0] == 0
    ends[~first_is_less] = ends[~first_is_less][:, ::-1]
    unique = np.unique(ends.reshape(-1, 4), axis=0).reshape(-1, 2, 2)
    unique = unique[(unique[:, 0] != unique[:, 1]).any(axis=1)]
    shapely.prepare(within)
    segments = shapely.linestrings(unique)
    segments = segments[shapely.intersects(segments, within)]
    merged = shapely.line_merge(shapely.multilinestrings(list(segments)))
    lines = shapely.get_parts(shapely.intersection(merged, within))
    lines = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(list(lines))))
    lines = lines[np.lexsort(shapely.bounds(lines).T)]
    ids = [f"{stem}-{number:04d}" for number in range(1, len(lines) + 1)]
    return GeoDataFrame({"feature_id": ids}, geometry=lines, crs=LONLAT)


def main() -> None:
    """Route every leg and write both networks."""
    within = read_boundaries("province").geometry.iloc[0]
    legs = legs_between_seats()
    routers = {
        "expressway": ("GS", routrs.par_highway_distance),
        "railway": ("TL", routrs.par_railway_distance),
    }
    FOLDER.mkdir(exist_ok=True)
    for kind, (stem, route) in routers.items():
        answers = route(legs)
        paths = [np.array(path)[1:-1, ::-1] for _, path in answers if len(path) > 3]  # noqa: PLR2004 - two connectors and one step
        network = draw_network(paths, within, stem=stem)
        network.to_parquet(FOLDER / f"{kind}.parquet", compression="zstd", index=False)


if __name__ == "__main__":
    main()

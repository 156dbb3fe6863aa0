"""Parcels as 界址点坐标 TXT, the text that land offices hand from desk to desk."""

import re
from collections.abc import Hashable, Iterator
from typing import Any, Final

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries
from numpy.typing import NDArray

from gis.crs import CGCS2000, gauss_kruger_crs, require_crs
from gis.errors import LayerError
from gis.measure import plane_zone
from gis.units import M2_IN

ENCODINGS: Final = ("gb18030", "utf-8", "utf-8-sig")
# What would begin another field, parcel or line in a reader, ours or another's.
_BREAKS: Final = re.compile(
    r"[\s,，;；@＠=＝:：\[\]【】\x00-\x1f\x7f\x85\u2028\u2029]+"
)
_POLYGONAL: Final = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
_LINE_END: Final = "\r\n"
_MOST_DECIMALS: Final = 4
_LONGEST_FIELD: Final = 200
_Ring = NDArray[np.float64]


def boundary_txt(
    parcels: GeoDataFrame,
    *,
    zone: int | None = None,
    encoding: str = "gb18030",
    made_by: str = "",
    made_on: str = "",
    precision_m: float | None = None,
) -> bytes:
    """Write parcels as a text of boundary points, in 3-degree Gauss-Kruger.

    Args:
        parcels: Polygons and multipolygons, by parcel_id; columns `name`, `use`,
            `code` and `sheet` are written where they are there.
        zone: 3-degree zone of all parcels; None for that of each one's centroid.
        encoding: "gb18030", "utf-8" or "utf-8-sig".
        made_by: Who made the data.
        made_on: When, as it is to be read.
        precision_m: How exact the points are, in metres; blank where nobody says.
            Finer than a millimetre, coordinates have four decimals.

    Returns:
        The file. X is the northing, Y the easting with its zone before it; rings are
        numbered through all parts of a parcel, and every ring ends on its first
        point. Areas are hectares of the plane, to 0.0001.

    Raises:
        CrsError: The parcels have no CRS, lie outside the zones of China, or there
            is no such zone.
        LayerError: There is no parcel, one has no polygon, or the encoding is not
            written.
    """
    if encoding not in ENCODINGS:
        raise LayerError(
            "{encoding} is no encoding that boundary points are written in; choose "
            "one of {known}.",
            encoding=encoding[:40],
            known=", ".join(ENCODINGS),
        )
    lonlat = _polygons(parcels)
    zones = (
        plane_zone(lonlat).to_numpy() if zone is None else np.full(len(lonlat), zone)
    )
    planes = _planes(lonlat, zones)
    decimals = 3 if precision_m is None or precision_m >= 1e-3 else _MOST_DECIMALS  # noqa: PLR2004 - a millimetre
    lines = _head(sorted(set(zones.tolist())), made_by, made_on, precision_m)
    told = parcels.drop(columns=parcels.geometry.name).to_dict("records")
    for key, row, plane in zip(parcels.index, told, planes, strict=True):
        lines.extend(_parcel(key, row, plane, decimals))
    return _LINE_END.join([*lines, ""]).encode(encoding, errors="replace")


def _polygons(parcels: GeoDataFrame) -> GeoSeries:
    """Let parcels pass that can be written.

    Args:
        parcels: Geometries.

    Returns:
        Their shapes, EPSG:4490.

    Raises:
        LayerError: There are none, or one has no polygon.
    """
    lonlat = require_crs(parcels).geometry.to_crs(CGCS2000)
    if lonlat.empty:
        raise LayerError("There is no parcel to write.")
    shapes = lonlat.to_numpy()
    wrong = ~np.isin(shapely.get_type_id(shapes), _POLYGONAL) | shapely.is_empty(shapes)
    if wrong.any():
        raise LayerError(
            "The parcel {parcel} has no polygon: boundary points cannot be written.",
            parcel=str(lonlat.index[np.flatnonzero(wrong)[0]]),
        )
    return lonlat


def _planes(lonlat: GeoSeries, zones: NDArray[np.int64]) -> NDArray[np.object_]:
    """Project each parcel to its zone, eastings with the zone before them."""
    planes = np.empty(len(lonlat), dtype=object)
    for number in np.unique(zones).tolist():
        rows = np.flatnonzero(zones == number)
        same = GeoSeries(lonlat.to_numpy()[rows], crs=CGCS2000)
        planes[rows] = same.to_crs(gauss_kruger_crs(number, prefixed=True)).to_numpy()
    return planes


def _head(
    zones: list[int], made_by: str, made_on: str, precision_m: float | None
) -> list[str]:
    """Write what the file says of itself; a zone only where all parcels share it."""
    exact = "" if precision_m is None else f"{precision_m:.6f}".rstrip("0").rstrip(".")
    return [
        "[属性描述]",
        "格式版本号=1.01版本",
        f"数据产生单位={_field(made_by)}",
        f"数据产生日期={_field(made_on)}",
        "坐标系=2000国家大地坐标系",
        "几度分带=3",
        "投影类型=高斯克吕格",
        "计量单位=米",
        f"带号={zones[0] if len(zones) == 1 else ''}",
        f"精度={exact}",
        "转换参数=,,,,,,",
        "[地块坐标]",
    ]


def _parcel(
    key: Hashable,
    row: dict[Hashable, Any],
    plane: shapely.Polygon | shapely.MultiPolygon,
    decimals: int,
) -> Iterator[str]:
    """Yield the lines of a parcel."""
    rings = [ring for part in shapely.get_parts(plane) for ring in _rings(part)]
    said = {name: _field(row.get(name)) for name in ("name", "sheet", "use", "code")}
    fields = (
        str(sum(map(len, rings))),
        f"{plane.area / M2_IN['ha']:.4f}",
        _field(key),
        said["name"],
        "面",
        said["sheet"],
        said["use"],
        said["code"],
        "@",
    )
    yield ",".join(fields)
    name = 0
    for number, ring in enumerate(rings, start=1):
        first = name + 1
        for east, north in ring[:-1]:
            name += 1
            yield f"J{name},{number},{north:.{decimals}f},{east:.{decimals}f}"
        east, north = ring[0]
        yield f"J{first},{number},{north:.{decimals}f},{east:.{decimals}f}"


def _rings(part: shapely.Polygon) -> list[_Ring]:
    """List the rings of a polygon, the outer one first, each closed."""
    return [shapely.get_coordinates(ring) for ring in (part.exterior, *part.interiors)]


def _field(value: object) -> str:
    """Write a text so that it stays one field."""
    missing = value is None or value != value  # noqa: PLR0124 - NaN
    text = "" if missing else str(value)
    return _BREAKS.sub(" ", text).strip()[:_LONGEST_FIELD]

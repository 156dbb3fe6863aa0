"""Parcels as files of other systems: SHP, GPKG, GeoJSON, KML, DXF, workbook."""

import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO, StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import ezdxf
import numpy as np
import pyogrio
import shapely
import xlsxwriter
from geopandas import GeoDataFrame, GeoSeries
from pandas import DataFrame

from gis.crs import CGCS2000, gauss_kruger_crs
from gis.errors import LayerError
from gis.measure import plane_zone
from gis.words import Title
from reports.candidates import Say
from reports.workbook import SAFE

# Names of columns in files: short enough for a shapefile.
COLUMNS: Final[Mapping[str, str]] = {
    "name": "DKMC",
    "use": "TDYT",
    "code": "DLBM",
    "sheet": "TFH",
    "declared_m2": "MJ_M2",
}
TEXT_HEIGHT_M: Final = 3.0
TEXT_STYLE: Final = "LANDMAP"
_LAYER_NAME: Final = str.maketrans(dict.fromkeys('<>/\\":;?*|=`,', "_"))


def parcel_file(parcels: GeoDataFrame, kind: str, *, say: Say) -> bytes:
    """Write parcels as a file.

    Args:
        parcels: Polygons, EPSG:4490, by `parcel_id`, with `name`, `use`, `code`,
            `sheet`, `declared_m2` as far as they are known.
        kind: "shp" (a zip), "gpkg", "geojson", "kml", "dxf" or "xlsx".
        say: Translates an English msgid.

    Returns:
        The file's bytes. DXF and workbook hold coordinates of the 3-degree plane, the
        zone before the easting.

    Raises:
        LayerError: There is no such kind.
    """
    writers: dict[str, Callable[[GeoDataFrame], bytes]] = {
        "shp": _shapefile,
        "gpkg": lambda frame: _written(frame, "GPKG", "parcels.gpkg"),
        "geojson": _geojson,
        "kml": lambda frame: _written(frame, "KML", "parcels.kml"),
        "dxf": _dxf,
        "xlsx": lambda frame: _workbook(frame, say),
    }
    if kind not in writers:
        raise LayerError(
            "Parcels are not written as {kind}; they are as: {kinds}.",
            kind=kind,
            kinds=", ".join(writers),
        )
    return writers[kind](parcels)


def _plain(parcels: GeoDataFrame) -> GeoDataFrame:
    """Keep the columns that files hold, under the names they have there."""
    columns: dict[str, Any] = {"DKBH": parcels.index.astype("str")}
    for name, told in COLUMNS.items():
        if name in parcels:
            columns[told] = parcels[name].to_numpy()
    return GeoDataFrame(columns, geometry=parcels.geometry.to_numpy(), crs=CGCS2000)


def _written(parcels: GeoDataFrame, driver: str, name: str) -> bytes:
    """Write a file by GDAL."""
    frame = _plain(parcels)
    if driver == "KML":
        frame = frame.rename(columns={"DKBH": "Name"})
        frame = frame.assign(Description=frame.get("DKMC", ""))
    with TemporaryDirectory() as folder:
        file = Path(folder) / name
        pyogrio.write_dataframe(frame, file, driver=driver)
        return file.read_bytes()


def _shapefile(parcels: GeoDataFrame) -> bytes:
    """Write a shapefile, packed, its text in UTF-8 and saying so."""
    packed = BytesIO()
    with TemporaryDirectory() as folder:
        file = Path(folder) / "parcels.shp"
        frame = _plain(parcels)
        pyogrio.write_dataframe(frame, file, driver="ESRI Shapefile", encoding="UTF-8")
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(Path(folder).iterdir()):
                archive.write(part, part.name)
    return packed.getvalue()


def _geojson(parcels: GeoDataFrame) -> bytes:
    """Write GeoJSON, longitude and latitude of CGCS2000."""
    frame = _plain(parcels)
    rows = DataFrame(frame.drop(columns="geometry")).astype(object)
    rows = rows.where(rows.notna(), None)
    shapes = shapely.to_geojson(frame.geometry.to_numpy())
    features = [
        {"type": "Feature", "geometry": json.loads(shape), "properties": row}
        for shape, row in zip(shapes, rows.to_dict("records"), strict=True)
    ]
    told = {"type": "FeatureCollection", "features": features}
    return json.dumps(told, ensure_ascii=False).encode()


def _dxf(parcels: GeoDataFrame) -> bytes:
    """Write DXF: a closed line a ring, the number inside, a layer a zone."""
    drawing = ezdxf.new("R2010", setup=True)  # type: ignore[attr-defined]
    drawing.header["$INSUNITS"] = 6  # metres
    # The standard font has no Chinese characters: they would be drawn as "?".
    drawing.styles.add(TEXT_STYLE, font="simsun.ttc")
    space = drawing.modelspace()
    for key, zone, shape in _in_zones(parcels):
        layer = f"DK_{zone}"
        if layer not in drawing.layers:
            drawing.layers.add(layer)
        for ring in shapely.get_rings(shape):
            points = shapely.get_coordinates(ring)[:-1].tolist()
            space.add_lwpolyline(points, close=True, dxfattribs={"layer": layer})
        at = shape.representative_point()
        text = space.add_text(
            _one_line(key),
            height=TEXT_HEIGHT_M,
            dxfattribs={"layer": layer, "style": TEXT_STYLE},
        )
        text.set_placement((at.x, at.y))
    written = StringIO()
    drawing.write(written)
    return written.getvalue().encode("utf-8")


def _workbook(parcels: GeoDataFrame, say: Say) -> bytes:
    """Write boundary points as rows: parcel, ring, number, X, Y."""
    heads = [
        say(Title("Parcel")),
        say(Title("Name")),
        say(Title("Ring")),
        say(Title("Point")),
        "X",
        "Y",
    ]
    names = dict(
        zip(parcels.index.astype("str"), parcels.get("name", ""), strict=False)
    )
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, SAFE) as book:
        sheet = book.add_worksheet(say(Title("Boundary points")))
        figure = book.add_format({"num_format": "0.000"})
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head)
        row = 1
        for key, _, shape in _in_zones(parcels):
            for number, point, x, y in _points(shape):
                sheet.write_string(row, 0, key)
                sheet.write_string(row, 1, str(names.get(key, "")))
                sheet.write_number(row, 2, number)
                sheet.write_string(row, 3, f"J{point}")
                sheet.write_number(row, 4, y, figure)
                sheet.write_number(row, 5, x, figure)
                row += 1
    return buffer.getvalue()


def _points(shape: Any) -> Iterator[tuple[int, int, float, float]]:  # noqa: ANN401 - a polygon
    """Number boundary points through all rings; a ring ends where it began."""
    before = 0
    for number, ring in enumerate(shapely.get_rings(shape), start=1):
        points = shapely.get_coordinates(ring).tolist()
        for at, (x, y) in enumerate(points):
            yield number, before + at % (len(points) - 1) + 1, x, y
        before += len(points) - 1


def _in_zones(parcels: GeoDataFrame) -> list[tuple[str, int, Any]]:
    """Project each parcel into its 3-degree zone, the zone before the easting."""
    zones = plane_zone(parcels.geometry).to_numpy()
    shapes = np.full(len(parcels), None, dtype=object)
    for zone in np.unique(zones):
        rows = np.flatnonzero(zones == zone)
        some = GeoSeries(parcels.geometry.to_numpy()[rows], crs=CGCS2000)
        shapes[rows] = some.to_crs(
            gauss_kruger_crs(int(zone), prefixed=True)
        ).to_numpy()
    return list(
        zip(parcels.index.astype("str"), zones.tolist(), shapes.tolist(), strict=True)
    )


def _one_line(text: str) -> str:
    """Keep a text from breaking out of its line."""
    return " ".join(text.translate(_LAYER_NAME).split())

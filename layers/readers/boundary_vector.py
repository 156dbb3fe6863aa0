"""Read shapefile, GeoPackage, GeoJSON, KML and DXF that somebody sent in.

Runs in the child that `layers.sandbox` walls in. Everything stays in memory: no path,
neither ours nor the file's, is ever handed to GDAL.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from typing import Final

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray

from gis.errors import LayerError
from gis.words import Title
from layers.boundary import Boundary, Remark, parcels_frame
from layers.readers.boundary_columns import parcel_rows
from layers.readers.boundary_crs import TAKEN, code_in, in_degrees, known_crs
from layers.readers.boundary_gdal import Rows, Source, read_rows
from layers.readers.boundary_gpkg import gpkg_table
from layers.readers.boundary_json import plain_geojson
from layers.readers.boundary_reading import Reading
from layers.readers.boundary_shapes import areal, shapes_of
from layers.readers.boundary_texts import Texts, decoded, dxf_encoding

LINES_ARE_AREAS: Final = {"geojson", "kml", "dxf"}
_DEGREES: Final = "EPSG:4490"
_DECLARES: Final = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_SILENT: Final = ("geojson", "kml")
UNNAMED: Final = Title(
    "The file does not tell its CRS, and its numbers cannot be degrees: say which one "
    "it is."
)


def read_shapefile(parts: Mapping[str, bytes], reading: Reading) -> Boundary:
    """Read a shapefile.

    Args:
        parts: Its files by suffix: .shp, .shx, .dbf, and .prj, .cpg where there are.
        reading: How to read it.

    Returns:
        The parcels; `encoding` says how the text of the .dbf was read.

    Raises:
        LayerError: Damaged, too big, in an old datum, or without an area.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for suffix in (".shp", ".shx", ".dbf"):
            archive.writestr(f"parcels{suffix}", parts[suffix])
    rows = read_rows(Source(packed.getvalue(), "shp", raw=True), reading)
    texts = decoded(rows.columns, parts.get(".cpg", b""), reading.encoding)
    # PROJ reads the .prj itself; GDAL would stumble over one that is no UTF-8.
    crs = parts.get(".prj", b"").decode("utf-8", "replace").strip("\x00\ufeff \r\n\t")
    told = Rows(rows.shapes, rows.columns, crs)
    return _boundary(told, "shp", reading, texts=texts)


def read_gpkg(data: bytes, reading: Reading) -> Boundary:
    """Read a layer of a GeoPackage.

    Args:
        data: The file.
        reading: How to read it, and which layer.

    Returns:
        The parcels.

    Raises:
        LayerError: Damaged, too big, a layer that is no table, several layers and
            none named, in an old datum, or without an area.
    """
    layer = gpkg_table(data, reading.table)
    options = {"LIST_ALL_TABLES": "NO", "IMMUTABLE": "YES"}
    source = Source(data, "gpkg", layer=layer, options=options)
    return _boundary(read_rows(source, reading), "gpkg", reading)


def read_geojson(data: bytes, reading: Reading) -> Boundary:
    """Read a GeoJSON.

    Args:
        data: The file.
        reading: How to read it.

    Returns:
        The parcels; in degrees unless the file names another CRS.

    Raises:
        LayerError: Damaged, no GeoJSON, too big, in an old datum, or without an area.
    """
    plain, name = plain_geojson(data, reading.limits)
    rows = read_rows(Source(plain, "geojson"), reading)
    code = code_in(name) or name
    # The format's own default, written out, tells no more than silence does.
    said = "" if code == "EPSG:4326" else code
    return _boundary(Rows(rows.shapes, rows.columns, said), "geojson", reading)


def read_kml(data: bytes, reading: Reading) -> Boundary:
    """Read a KML: the placemarks of all its folders.

    Args:
        data: The file.
        reading: How to read it.

    Returns:
        The parcels, in degrees.

    Raises:
        LayerError: Damaged, with a document type, too big, or without an area.
    """
    if b"\x00" in data or _DECLARES.search(data):
        raise LayerError(
            "The KML declares a document type or is not in UTF-8: LandMap does not "
            "read that. Export it again."
        )
    rows = read_rows(Source(data, "kml"), reading)
    return _boundary(Rows(rows.shapes, rows.columns, ""), "kml", reading)


def read_dxf(data: bytes, reading: Reading) -> Boundary:
    """Read the closed outlines of a DXF drawing.

    Args:
        data: The file.
        reading: How to read it.

    Returns:
        The parcels, named by layer and handle, of unknown CRS; `encoding` says how the
        names of layers were read.

    Raises:
        LayerError: Damaged, too big, or without a closed outline.
    """
    # Newer drawings are in UTF-8, which GDAL does not mind: it may not decode at all.
    pyogrio.set_gdal_config_options({"DXF_ENCODING": "ISO-8859-1"})
    rows = read_rows(Source(data, "dxf"), reading)
    layers, handles = (
        [said or "" for said in rows.columns.get(name, [None] * len(rows.shapes))]
        for name in ("Layer", "EntityHandle")
    )
    named = [" ".join(both).strip() for both in zip(layers, handles, strict=True)]
    columns = {"name": named, "EntityHandle": handles}
    texts = decoded(columns, dxf_encoding(data), reading.encoding)
    return _boundary(Rows(rows.shapes, columns, ""), "dxf", reading, texts=texts)


def _boundary(
    rows: Rows, kind: str, reading: Reading, *, texts: Texts | None = None
) -> Boundary:
    """Make the boundary of features: parcels, columns, CRS and remarks."""
    columns = rows.columns if texts is None else texts.columns
    shapes = shapes_of(rows.shapes, kind)
    parcels = areal(shapes, reading.limits, lines=kind in LINES_ARE_AREAS)
    chosen = {name: [all_[i] for i in parcels.rows] for name, all_ in columns.items()}
    box = shapely.total_bounds(parcels.shapes)
    crs, crs_remarks = _crs(rows.crs, kind, box)
    told, column_remarks = parcel_rows(chosen, len(parcels.shapes))
    for row, place in zip(told, parcels.rows, strict=True):
        row |= {"crs": crs, "line": int(place) + 1}
    return Boundary(
        parcels=parcels_frame(told, parcels.shapes),
        kind=kind,
        encoding="" if texts is None else texts.encoding,
        crs=crs,
        remarks=(
            *parcels.remarks,
            *crs_remarks,
            *(() if texts is None else texts.remarks),
            *column_remarks,
        ),
    )


def _crs(said: str, kind: str, box: NDArray[np.float64]) -> tuple[str, list[Remark]]:
    """Name the CRS: what the file says, or what its format means by silence."""
    if said or kind not in _SILENT:
        return known_crs(said, box)
    if in_degrees(box):
        return _DEGREES, [Remark(TAKEN)]
    return "", [Remark(UNNAMED)]

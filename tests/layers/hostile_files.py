"""Write files that were made to do harm, and the sound ones they pretend to be."""

import io
import json
import sqlite3
import struct
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import ezdxf
import shapely
from geopandas import GeoDataFrame
from shapely import box

CANARY = "机密canary4711"
RING = [[106.6, 26.5], [106.7, 26.5], [106.7, 26.6], [106.6, 26.6], [106.6, 26.5]]
NAMES = ["贵阳地块", "遵义地块"]


@dataclass(frozen=True)
class Trap:
    """Where a hostile file wants to reach.

    Attributes:
        secret: A file that must not be read.
        port: Of a local server that must not be asked.
    """

    secret: Path
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/x.geojson"


def parcels(crs: str = "EPSG:4490", *, east: float = 106.6) -> GeoDataFrame:
    """Draw two squares of a tenth of a degree."""
    shapes = [
        box(east, 26.5, east + 0.1, 26.6),
        box(east + 0.2, 26.5, east + 0.3, 26.6),
    ]
    columns = {"DKBH": ["A-1", "A-2"], "DKMC": NAMES, "面积_亩": [1.5, 3.0]}
    return GeoDataFrame(columns, geometry=shapes, crs=4490).to_crs(crs)


def shapefile(
    folder: Path, frame: GeoDataFrame, *, encoding: str = "GBK", cpg: bool = False
) -> dict[str, bytes]:
    """Write a shapefile; its parts by suffix."""
    frame.to_file(folder / "parts.shp", encoding=encoding)
    parts = {one.suffix: one.read_bytes() for one in folder.glob("parts.*")}
    if not cpg:
        del parts[".cpg"]
    return parts


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Pack files into a ZIP."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


def shapefile_zip(folder: Path, frame: GeoDataFrame, stem: str = "地块") -> bytes:
    return zipped({f"{stem}{k}": v for k, v in shapefile(folder, frame).items()})


def gpkg(folder: Path, frame: GeoDataFrame, **layers: GeoDataFrame) -> bytes:
    file = folder / "made.gpkg"
    file.unlink(missing_ok=True)
    for layer, rows in {"parcels": frame, **layers}.items():
        rows.to_file(file, layer=layer)
    return file.read_bytes()


def geojson(*, ring: object = RING, count: int = 2, **more: object) -> bytes:
    feature = {
        "type": "Feature",
        "properties": {"地块名称": "贵阳地块"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    told = {"type": "FeatureCollection", "features": [feature] * count, **more}
    return json.dumps(told, ensure_ascii=False).encode()


def kml(inside: str = "", *, before: str = "", count: int = 2) -> bytes:
    corners = " ".join(f"{x},{y},0" for x, y in RING)
    mark = (
        "<Placemark><name>贵阳地块</name><Polygon><outerBoundaryIs><LinearRing>"
        f"<coordinates>{corners}</coordinates></LinearRing></outerBoundaryIs></Polygon>"
        "</Placemark>"
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<kml '
        'xmlns="http://www.opengis.net/kml/2.2"><Document>'
        f"{inside}{mark * count}</Document></kml>"
    ).encode()


def dxf() -> bytes:
    """Draw two closed outlines, an open line, a point and a text."""
    drawing = ezdxf.new("R2010")
    space = drawing.modelspace()
    for x in (500_000, 500_200):
        corners = [(x, 2_900_000), (x + 100, 2_900_000), (x + 100, 2_900_050)]
        space.add_lwpolyline(corners, close=True, dxfattribs={"layer": "红线"})
    space.add_line((500_000, 2_900_000), (500_001, 2_900_001))
    space.add_point((500_000, 2_900_000))
    space.add_text("图名")
    written = io.StringIO()
    drawing.write(written)
    return written.getvalue().encode()


def vrt(trap: Trap) -> bytes:
    return (
        '<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>'
        f"{trap.secret}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    ).encode()


def vrt_as_kml(trap: Trap) -> bytes:
    return vrt(trap) + b"<!-- <kml > -->"


def vrt_as_dxf(trap: Trap) -> bytes:
    return vrt(trap) + b"\n  0\nSECTION\n"


def gdalg(trap: Trap) -> bytes:
    command = f"gdal vector pipeline ! read {trap.secret} ! write --of=stream x"
    return json.dumps({"type": "gdal_streamed_alg", "command_line": command}).encode()


def url_in_gdalg(trap: Trap) -> bytes:
    command = f"gdal vector pipeline ! read /vsicurl/{trap.url} ! write --of=stream x"
    return json.dumps({"type": "gdal_streamed_alg", "command_line": command}).encode()


def linked_crs(trap: Trap) -> bytes:
    properties = {"href": trap.url, "type": "proj4"}
    return geojson(crs={"type": "link", "properties": properties})


def network_link(trap: Trap) -> bytes:
    link = f"<NetworkLink><Link><href>{trap.url}</href></Link></NetworkLink>"
    style = (
        f"<Style><IconStyle><Icon><href>{trap.url}</href></Icon></IconStyle></Style>"
    )
    return kml(link + style)


def outside_entity(trap: Trap) -> bytes:
    before = f'<!DOCTYPE k [<!ENTITY x SYSTEM "file://{trap.secret}">]>'
    return kml("<name>&x;</name>", before=before)


def outside_entity_in_utf16(trap: Trap) -> bytes:
    text = outside_entity(trap).decode().replace("UTF-8", "UTF-16")
    return b"<kml >" + text.encode("utf-16")


def billion_laughs(_: Trap) -> bytes:
    lines = ['<!ENTITY a0 "ha">']
    lines += [f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10)]
    before = f"<!DOCTYPE k [{''.join(lines)}]>"
    return kml("<name>&a9;</name>", before=before)


def altered_gpkg(folder: Path, *statements: str) -> bytes:
    """Write a GeoPackage and alter it by SQL."""
    gpkg(folder, parcels())
    with sqlite3.connect(folder / "made.gpkg") as base:
        for statement in statements:
            base.execute(statement)
    base.close()
    return (folder / "made.gpkg").read_bytes()


ENDLESS = (
    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) "
    "SELECT x AS fid, NULL AS geom FROM c"
)


def endless_view(folder: Path) -> bytes:
    return altered_gpkg(
        folder,
        f"CREATE VIEW evil AS {ENDLESS}",
        "UPDATE gpkg_contents SET table_name = 'evil'",
        "UPDATE gpkg_geometry_columns SET table_name = 'evil'",
    )


def endless_contents(folder: Path) -> bytes:
    return altered_gpkg(
        folder,
        "ALTER TABLE gpkg_contents RENAME TO was",
        f"CREATE VIEW gpkg_contents AS {ENDLESS}",
    )


def disguised_view(folder: Path) -> bytes:
    """Write a view that the schema's own list calls a table."""
    return altered_gpkg(
        folder,
        f"CREATE VIEW evil AS {ENDLESS}",
        "UPDATE gpkg_contents SET table_name = 'evil'",
        "UPDATE gpkg_geometry_columns SET table_name = 'evil'",
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET type = 'table' WHERE name = 'evil'",
    )


def computed_column(folder: Path) -> bytes:
    return altered_gpkg(
        folder,
        "ALTER TABLE parcels ADD COLUMN name TEXT AS (hex(zeroblob(900000000)))",
    )


def infinite_gpkg(folder: Path) -> bytes:
    rows = parcels()
    xy = shapely.get_coordinates(rows.geometry).copy()
    xy[7] = [float("inf"), 26.5]
    return gpkg(
        folder,
        rows.set_geometry(shapely.set_coordinates(rows.geometry.to_numpy().copy(), xy)),
    )


def bomb(size: int = 1_000_000_000) -> bytes:
    """Pack a gigabyte of nothing into a megabyte."""
    packed = io.BytesIO()
    piece = bytes(1 << 20)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("a.dbf", "w", force_zip64=True) as stream:
            for _ in range(size >> 20):
                stream.write(piece)
        archive.writestr("a.shp", b"\x00\x00\x27\x0a")
        archive.writestr("a.shx", b"\x00\x00\x27\x0a")
    return packed.getvalue()


def lying(data: bytes, size: int) -> bytes:
    """Let the directory of a ZIP tell another unpacked size of its first file."""
    told = bytearray(data)
    entry = data.index(b"PK\x01\x02")
    told[entry + 24 : entry + 28] = struct.pack("<I", size)
    return bytes(told)


def linked(data: bytes = b"/etc/passwd") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        link = zipfile.ZipInfo("a.geojson")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, data)
    return packed.getvalue()


def encrypted(data: bytes) -> bytes:
    """Mark the files of a ZIP as encrypted."""
    told = bytearray(data)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(mark)
        while start >= 0:
            told[start + at] |= 1
            start = data.find(mark, start + 4)
    return bytes(told)


def overlapping() -> bytes:
    """Let two files of a ZIP share their bytes."""
    data = zipped({"a.txt": b"a" * 100, "b.txt": b"a" * 100})
    told = bytearray(data)
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    told[second + 42 : second + 46] = struct.pack("<I", 0)
    return bytes(told)


def deep() -> bytes:
    depth = 200_000
    head = b'{"type":"Polygon","coordinates":'
    return head + b"[" * depth + b"]" * depth + b"}"


def mutated_archives(
    data: bytes, count: int, *, rng: Callable[[int], int]
) -> Iterable[bytes]:
    """Damage a file inside a ZIP, again and again; the ZIP itself stays sound."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    for _ in range(count):
        name = sorted(files)[rng(len(files))]
        [evil] = mutations(files[name], 1, rng=rng)
        yield zipped({**files, name: evil}, zipfile.ZIP_STORED)


def mutations(data: bytes, count: int, *, rng: Callable[[int], int]) -> Iterable[bytes]:
    """Damage a file in some way, again and again: bytes, cuts, copies, numbers."""
    extremes = [b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", bytes(8), b"999999999999"]
    for _ in range(count):
        told = bytearray(data)
        for _ in range(1 + rng(4)):
            at = rng(len(told))
            how = rng(5)
            if how == 0:
                told[at] = rng(256)
            elif how == 1:
                told[at : at + rng(64)] = b""
            elif how == 2:
                told[at:at] = told[rng(len(told)) :][: rng(64)]
            elif how == 3:
                told[at : at + 8] = extremes[rng(len(extremes))]
            else:
                told[at] ^= 1 << rng(8)
            if not told:
                told = bytearray(b"0")
        yield bytes(told)

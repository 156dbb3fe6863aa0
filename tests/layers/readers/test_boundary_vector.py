"""Vector files of strangers, read in this process: parcels, names, CRS, encodings."""

import io
from dataclasses import replace
from pathlib import Path

import ezdxf
import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame
from hostile_files import (
    NAMES,
    RING,
    altered_gpkg,
    computed_column,
    disguised_view,
    dxf,
    endless_contents,
    endless_view,
    geojson,
    gpkg,
    infinite_gpkg,
    kml,
    parcels,
    shapefile,
    shapefile_zip,
    zipped,
)
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS
from shapely import LineString, MultiPolygon, Polygon, box

from gis.errors import LayerError
from gis.units import M2_PER_MU
from layers.boundary import Boundary
from layers.readers.boundary_crs import is_plain, known_crs
from layers.readers.boundary_file import read_file
from layers.readers.boundary_reading import Reading
from layers.readers.boundary_texts import decoded
from layers.readers.boundary_vector import read_shapefile
from layers.sandbox_limits import Limits

READING = Reading()


def said(boundary: Boundary) -> str:
    return " ".join(one.what.format_map(one.values) for one in boundary.remarks)


def refused(name: str, data: bytes, reading: Reading = READING) -> str:
    with pytest.raises(LayerError) as error:
        read_file(name, data, reading)
    return str(error.value)


def test_every_format_gives_the_same_two_parcels(tmp_path: Path) -> None:
    rows = parcels()
    (tmp_path / "g").mkdir()
    rows.to_file(tmp_path / "a.geojson")
    rows.to_file(tmp_path / "a.kml", driver="LIBKML")
    files = {
        "a.zip": shapefile_zip(tmp_path / "g", rows),
        "a.gpkg": gpkg(tmp_path, rows),
        "a.geojson": (tmp_path / "a.geojson").read_bytes(),
        "a.json": (tmp_path / "a.geojson").read_bytes(),
        "a.kml": (tmp_path / "a.kml").read_bytes(),
        "a.kmz": zipped({"doc.kml": (tmp_path / "a.kml").read_bytes(), "i.png": b"x"}),
        "b.zip": zipped({"一.gpkg": gpkg(tmp_path, rows)}),
    }
    plain = rows.geometry.set_crs(None, allow_override=True).normalize()
    for name, data in files.items():
        read = read_file(name, data, READING)

        assert read.parcels["name"].tolist() == NAMES, name
        assert read.crs == "EPSG:4490", name
        assert set(read.parcels["crs"]) == {"EPSG:4490"}, name
        assert read.parcels.normalize().geom_equals_exact(plain, 1e-9).all(), name
        assert read.parcels["declared_m2"].tolist() == pytest.approx([
            1.5 * M2_PER_MU,
            3 * M2_PER_MU,
        ]), name
        if not name.endswith(("kml", "kmz")):
            assert read.parcels["parcel_id"].tolist() == ["A-1", "A-2"], name


@pytest.mark.parametrize("code", [4523, 4524, 4525, 4544, 4545, 4490, 32648])
def test_the_crs_of_a_prj_comes_out_as_its_code(tmp_path: Path, code: int) -> None:
    rows = parcels(f"EPSG:{code}")
    parts = shapefile(tmp_path, rows)
    parts[".prj"] = CRS.from_epsg(code).to_wkt("WKT1_ESRI").encode()

    assert read_shapefile(parts, READING).crs == f"EPSG:{code}"


def test_a_prj_in_another_encoding_is_no_harm(tmp_path: Path) -> None:
    parts = shapefile(tmp_path, parcels("EPSG:4545"))
    own = CRS.from_epsg(4545).to_wkt("WKT1_ESRI")
    parts[".prj"] = own.replace("CGCS2000_3_Degree_GK", "国家大地坐标系").encode("gbk")

    assert read_shapefile(parts, READING).crs == "EPSG:4545"


@pytest.mark.parametrize("name", ["GK_Zone_36", "GK_CM_108E"])
def test_the_names_esri_gives_are_known(tmp_path: Path, name: str) -> None:
    code, east = (4524, 36_500_000) if "Zone" in name else (4545, 500_000)
    parts = shapefile(tmp_path, parcels(f"EPSG:{code}"))
    parts[".prj"] = (
        f'PROJCS["CGCS2000_3_Degree_{name}",GEOGCS["GCS_China_Geodetic_Coordinate_'
        'System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,'
        '298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],'
        f'PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",{east}.0],PARAMETER['
        '"False_Northing",0.0],PARAMETER["Central_Meridian",108.0],PARAMETER['
        '"Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
    ).encode()

    assert read_shapefile(parts, READING).crs == f"EPSG:{code}"


def test_scraps_of_too_few_points_are_left_out() -> None:
    square, scrap = RING, [RING[0], RING[1], RING[0]]
    shapes = [
        {"type": "MultiPolygon", "coordinates": [[square], [scrap], []]},
        {"type": "Polygon", "coordinates": [square, scrap]},
        {"type": "Polygon", "coordinates": [scrap]},
    ]
    features = [{"type": "Feature", "geometry": one} for one in shapes]
    read = read_file("a.json", geojson(features=features), READING)

    assert [one.wkt for one in read.parcels.geometry] == [Polygon(RING).wkt] * 2
    assert "1 features without a shape were left out." in said(read)


@pytest.mark.parametrize("code", [2360, 2381, 2433, 4214, 4610])
def test_old_datums_need_parameters(tmp_path: Path, code: int) -> None:
    parts = shapefile(tmp_path, parcels())
    parts[".prj"] = CRS.from_epsg(code).to_wkt("WKT1_ESRI").encode()

    with pytest.raises(LayerError, match="only with the local parameters"):
        read_shapefile(parts, READING)


def test_a_plane_of_its_own_is_told_whole_and_not_by_a_code_like_it(
    tmp_path: Path,
) -> None:
    parts = shapefile(tmp_path, parcels("EPSG:4545"))
    own = CRS.from_epsg(4545).to_wkt("WKT1_ESRI").replace("108.0", "107.0")
    parts[".prj"] = own.encode()

    read = read_shapefile(parts, READING)

    assert "107" in read.crs
    assert is_plain(read.crs)


@pytest.mark.parametrize(
    ("drawn", "called"), [("EPSG:4545", 4490), ("EPSG:4490", 4545)]
)
def test_numbers_that_cannot_be_in_the_crs_leave_it_open(
    tmp_path: Path, drawn: str, called: int
) -> None:
    rows = parcels(drawn)
    parts = shapefile(tmp_path, rows)
    parts[".prj"] = CRS.from_epsg(called).to_wkt("WKT1_ESRI").encode()

    read = read_shapefile(parts, READING)

    assert read.crs == ""
    assert set(read.parcels["crs"]) == {""}
    assert "its coordinates cannot be in it" in said(read)


@pytest.mark.parametrize(
    "told",
    [
        "+proj=longlat +nadgrids=/etc/passwd +type=crs",
        'LOCAL_CS["a",UNIT["m",1]]',
        "nonsense",
    ],
)
def test_a_crs_that_refers_or_is_none_is_not_used(told: str) -> None:
    code, remarks = known_crs(told, [106.0, 26.0, 107.0, 27.0])

    assert code == ""
    assert len(remarks) == 1
    assert not is_plain(told)


def test_without_a_prj_nothing_is_guessed(tmp_path: Path) -> None:
    parts = shapefile(tmp_path, parcels())
    del parts[".prj"]

    assert read_shapefile(parts, READING).crs == ""


@pytest.mark.parametrize(
    ("written", "cpg", "chosen", "read_as"),
    [
        ("GBK", "", "", "GB18030"),
        ("UTF-8", "", "", "UTF-8"),
        ("GBK", "cpg", "", "GB18030"),
        ("UTF-8", "cpg", "", "UTF-8"),
        ("GBK", "", "gbk", "GB18030"),
    ],
)
def test_chinese_names_come_through_in_any_encoding(
    tmp_path: Path, written: str, cpg: str, chosen: str, read_as: str
) -> None:
    parts = shapefile(tmp_path, parcels(), encoding=written, cpg=bool(cpg))
    read = read_shapefile(parts, replace(READING, encoding=chosen))

    assert read.parcels["name"].tolist() == NAMES
    assert read.encoding == read_as
    assert ("does not tell the encoding" in said(read)) == (not cpg and not chosen)


def test_a_cpg_that_lies_is_found_out(tmp_path: Path) -> None:
    parts = {**shapefile(tmp_path, parcels()), ".cpg": b"UTF-8"}
    read = read_shapefile(parts, READING)

    assert read.parcels["name"].tolist() == NAMES
    assert "text is in UTF-8, which it is not; it was read as GB18030" in said(read)


def test_an_encoding_nobody_knows_is_refused(tmp_path: Path) -> None:
    parts = shapefile(tmp_path, parcels())
    with pytest.raises(LayerError, match="The encoding zlib is not read"):
        read_shapefile(parts, replace(READING, encoding="zlib"))


def test_a_text_cut_in_the_middle_of_a_letter_is_still_utf8() -> None:
    cut = "贵阳地块".encode()[:-1].decode("latin-1")
    read = decoded({"DKMC": [cut, None, "b"], "other": [1, 2, 3]}, b"", "")

    assert read.encoding == "UTF-8"
    assert read.columns == {"DKMC": ["贵阳地", None, "b"]}


def test_closed_lines_are_areas_in_a_drawing_and_others_are_left_out() -> None:
    read = read_file("a.dxf", dxf(), READING)

    assert read.parcels.geometry.area.tolist() == [2500.0, 2500.0]
    assert read.parcels["name"].str.startswith("红线 ").all()
    assert read.parcels["parcel_id"].is_unique
    assert read.crs == ""
    assert "2 closed lines were taken as areas." in said(read)
    assert "1 lines that are not closed were left out." in said(read)
    assert "2 points or texts were left out." in said(read)


def test_layers_of_an_old_drawing_are_read_in_its_code_page() -> None:
    drawing = ezdxf.new("R2000")
    drawing.header["$DWGCODEPAGE"] = "ANSI_936"
    drawing.encoding = "gbk"
    corners = [(0, 0), (9, 0), (9, 9)]
    drawing.modelspace().add_lwpolyline(
        corners, close=True, dxfattribs={"layer": "红线"}
    )
    data = b"\n".join(line.encode("gbk") for line in _lines(drawing))

    read = read_file("a.dxf", data, READING)

    assert read.parcels["name"][0].startswith("红线 ")
    assert read.encoding == "GB18030"


def _lines(drawing: "ezdxf.document.Drawing") -> list[str]:
    written = io.StringIO()
    drawing.write(written)
    return written.getvalue().split("\n")


def test_lines_are_no_areas_where_a_format_has_areas(tmp_path: Path) -> None:
    ring = LineString(RING)
    rows = GeoDataFrame({"name": ["a", "b"]}, geometry=[ring, ring], crs=4490)

    assert "nothing with an area: 2 lines" in refused("a.gpkg", gpkg(tmp_path, rows))


def test_open_lines_points_and_nothing_are_counted() -> None:
    features = [
        {"type": "Feature", "properties": {}, "geometry": shape}
        for shape in (
            {"type": "Polygon", "coordinates": [RING]},
            {"type": "LineString", "coordinates": RING},
            {"type": "LineString", "coordinates": RING[:3]},
            {"type": "Point", "coordinates": RING[0]},
            None,
            {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Point", "coordinates": RING[0]},
                    {"type": "Polygon", "coordinates": [RING]},
                ],
            },
        )
    ]
    read = read_file("a.json", geojson(features=features), READING)

    assert read.parcels["line"].tolist() == [1, 2, 6]
    for sentence in (
        "1 closed lines were taken",
        "1 lines that are not closed",
        "1 points or texts",
        "1 features without a shape",
        "1 features mix areas",
    ):
        assert sentence in said(read)


@given(
    st.lists(
        st.tuples(st.integers(0, 900), st.integers(0, 900), st.integers(1, 9)),
        min_size=1,
        max_size=8,
    )
)
def test_geojson_gives_back_the_shapes_it_was_written_of(
    squares: list[tuple[int, int, int]],
) -> None:
    shapes = [
        MultiPolygon([
            box(x, y, x + 10, y + 10).difference(box(x + 1, y + 1, x + size, y + size)),
            box(x + 20, y, x + 21, y + 1),
        ])
        if size > 2
        else Polygon([(x, y), (x + size, y), (x, y + size)])
        for x, y, size in squares
    ]
    features = [
        {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(one)}
        for one in shapes
    ]
    read = read_file("a.geojson", geojson(features=features), READING)

    assert [
        a.equals(b) for a, b in zip(read.parcels.geometry, shapes, strict=True)
    ] == [True] * len(shapes)


@pytest.mark.parametrize(
    ("crs", "code"),
    [
        (
            {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4545"}},
            "4545",
        ),
        ({"type": "name", "properties": {"name": "EPSG:4545"}}, "4545"),
        ({"type": "link", "properties": {"href": "http://127.0.0.1:1/"}}, ""),
        ({"type": "name", "properties": {"name": "/etc/passwd"}}, ""),
        ({"type": "name"}, ""),
        ("EPSG:4545", ""),
        (None, ""),
    ],
)
def test_only_a_named_crs_of_geojson_counts(crs: object, code: str) -> None:
    ring = [[500_000, 2_900_000], [500_100, 2_900_000], [500_100, 2_900_100]]
    read = read_file("a.json", geojson(ring=[*ring, ring[0]], crs=crs), READING)

    assert read.crs == (f"EPSG:{code}" if code else "")
    if not code:
        assert "say which one it is" in said(read)


def test_degrees_of_geojson_and_kml_are_taken_as_cgcs2000_and_said_so() -> None:
    crs84 = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    for name, data in (
        ("a.json", geojson()),
        ("a.json", geojson(crs=crs84)),
        ("a.kml", kml()),
    ):
        read = read_file(name, data, READING)

        assert read.crs == "EPSG:4490"
        assert "taken as CGCS2000" in said(read)


def test_folders_of_a_kml_are_read_together() -> None:
    folder = kml().split(b"<Document>")[1].split(b"</Document>")[0].decode()
    inside = f"<Folder><name>a</name>{folder}</Folder><Folder>{folder}</Folder>"

    read = read_file("a.kml", kml(inside, count=0), READING)

    assert len(read.parcels) == 4
    assert read.parcels["parcel_id"].is_unique


def test_a_geopackage_of_several_layers_asks_which(tmp_path: Path) -> None:
    data = gpkg(tmp_path, parcels(), other=parcels().iloc[:1])

    assert "several layers: parcels, other" in refused("a.gpkg", data)
    assert "parcels, other" in refused("a.gpkg", data, replace(READING, table="none"))
    read = read_file("a.gpkg", data, replace(READING, table="other"))
    assert len(read.parcels) == 1


def test_layers_that_are_computed_are_refused(tmp_path: Path) -> None:
    assert "is no plain table" in refused("a.gpkg", endless_view(tmp_path))
    assert "is damaged" in refused("a.gpkg", endless_contents(tmp_path))
    assert "is no plain table" in refused("a.gpkg", computed_column(tmp_path))
    assert "LandMap" not in refused("a.gpkg", disguised_view(tmp_path))
    none = altered_gpkg(tmp_path, "DELETE FROM gpkg_contents")
    assert "no layer of features" in refused("a.gpkg", none)


def test_infinities_are_refused_by_the_number_of_the_feature(tmp_path: Path) -> None:
    assert "Feature 2 has a coordinate that cannot be: read (inf, 26.5)" in refused(
        "a.gpkg", infinite_gpkg(tmp_path)
    )
    for number in (b"1e999", b"NaN", b"-Infinity"):
        data = geojson().replace(b"106.6", number, 1)
        assert "Feature 1 has a coordinate that is no number" in refused("a.json", data)
    assert "cannot be: read (1e+300" in refused(
        "a.json", geojson().replace(b"106.6", b"1e300")
    )


@pytest.mark.parametrize(
    ("limits", "why"),
    [
        (Limits(features=1), "2 features; 1 are allowed"),
        (Limits(vertices=9), "10 vertices; 9 are allowed"),
        (Limits(feature_vertices=4), "Feature 1 has 5 vertices; 4 are allowed"),
    ],
)
def test_counts_are_bounded(limits: Limits, why: str) -> None:
    assert why in refused("a.json", geojson(), Reading(limits=limits))


def test_counts_are_bounded_before_all_is_read() -> None:
    few = Reading(limits=Limits(features=3))

    assert "more than 3 features" in refused("a.kml", kml(count=9), few)


def test_heights_are_left_out_and_said_so() -> None:
    read = read_file("a.json", geojson(ring=[[*xy, 7.0] for xy in RING]), READING)

    assert not shapely.has_z(read.parcels.geometry.to_numpy()).any()
    assert "Heights (Z) were left out." in said(read)


@pytest.mark.parametrize(
    ("column", "value", "area_m2"),
    [
        ("area_m2", "12.5", 12.5),
        ("area_ha", 2, 20_000.0),
        ("面积_亩", 15, 10_000.0),
        ("地块面积（公顷）", 1, 10_000.0),
        ("面积平方米", 7, 7.0),
        ("MJ", 7, np.nan),
        ("地块面积", 7, np.nan),
        ("area_m2", "seven", np.nan),
        ("area_m2", -1, np.nan),
    ],
)
def test_an_area_counts_only_with_its_unit(
    column: str, value: object, area_m2: float
) -> None:
    feature = {
        "type": "Feature",
        "properties": {column: value},
        "geometry": {"type": "Polygon", "coordinates": [RING]},
    }
    read = read_file("a.json", geojson(features=[feature]), READING)

    assert read.parcels["declared_m2"].tolist() == pytest.approx([area_m2], nan_ok=True)
    assert ("tells no unit" in said(read)) == (column in {"MJ", "地块面积"})


def test_columns_are_known_by_the_names_offices_give() -> None:
    told = {"OBJECTID": 7, "DLBM": "0101", "TDYT": "工业", "TFH": "H48", "XMMC": "厂房"}
    features = [
        {
            "type": "Feature",
            "properties": told | {"BSM": None},
            "geometry": {"type": "Polygon", "coordinates": [RING]},
        }
    ] * 2
    read = read_file("a.json", geojson(features=features), READING)
    first = read.parcels.iloc[0]

    assert (first["code"], first["use"], first["sheet"], first["name"]) == (
        "0101",
        "工业",
        "H48",
        "厂房",
    )
    assert read.parcels["parcel_id"].tolist() == ["7", "7-2"]
    assert "1 parcels had no number of their own" in said(read)


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.exe", b"MZ", "Files of the kind .exe are not read"),
        ("a", b"x", "Files of the kind - are not read"),
        ("a.vrt", b"<OGRVRTDataSource>", "Files of the kind .vrt are not read"),
        ("a.shp", b"\x00\x00\x27\x0a", "a shapefile has to be packed as ZIP"),
        ("a.geojson", b"", "is empty"),
        ("a.gpkg", b"{}", "not what its suffix .gpkg says"),
        ("a.zip", zipped({"b.kml": b"{}"}), "not what its suffix .kml says"),
        ("a.zip", zipped({"a.shp": b"", "a.shx": b"", "a.dbf": b""}), "is damaged"),
        ("a.json", b'{"type":"Topology"}', "its type is Topology"),
        ("a.json", b'{"type":["Point"]}', "but no GeoJSON"),
        ("a.json", b'{"type":"FeatureCollection"}', "is damaged"),
        ("a.json", b'{"type":"FeatureCollection","features":[1]}', "is damaged"),
        ("a.json", b'{"type":"Feature","geometry":{"type":"X"}}', "is damaged"),
        ("a.json", b'{"type":"GeometryCollection"}', "is damaged"),
        ("a.json", b'{"type":"Polygon"}', "is damaged"),
        ("a.json", b"{" + b"\xff" * 9, "is damaged"),
        ("a.kml", b"<kml ><Document>", "is damaged"),
        ("a.kml", b"<!DOCTYPE a><kml ></kml>", "declares a document type"),
        ("a.dxf", b"  0\nSECTION\n  2\n", "is damaged"),
        ("a.gpkg", b"SQLite format 3\x00" + bytes(200), "is damaged"),
    ],
)
def test_what_is_no_such_file_is_refused_with_a_sentence(
    name: str, data: bytes, why: str
) -> None:
    assert why in refused(name, data)


def test_a_point_file_has_no_parcels() -> None:
    assert "1 points" in refused("a.json", b'{"type":"Point","coordinates":[106,26]}')

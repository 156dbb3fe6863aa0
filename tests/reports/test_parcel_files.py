"""Parcels as files of other systems: read back they are the same land."""

import io
import json
import zipfile
from pathlib import Path

import ezdxf
import openpyxl
import pyogrio
import pytest
import shapely
from geopandas import GeoDataFrame
from pyproj import Transformer
from shapely import Polygon

from gis.errors import LayerError
from reports.parcel_files import parcel_file

WEST = Polygon(
    [(106.40, 26.5), (106.40, 26.501), (106.401, 26.501), (106.401, 26.5)],
    [[(106.4004, 26.5004), (106.4006, 26.5004), (106.4006, 26.5006)]],
)
EAST = Polygon([(106.6, 26.5), (106.6, 26.501), (106.601, 26.501), (106.601, 26.5)])
NAME = '=1+1 <b>&"甲"'


@pytest.fixture
def parcels() -> GeoDataFrame:
    return GeoDataFrame(
        {
            "name": [NAME, "乙"],
            "use": ["工业用地", ""],
            "code": ["1001", ""],
            "sheet": ["", ""],
            "declared_m2": [10_000.0, float("nan")],
        },
        geometry=[WEST, EAST],
        index=["DK,1", "DK-2"],
        crs="EPSG:4490",
    ).rename_axis("parcel_id")


def say(msgid: str) -> str:
    return msgid


def read(data: bytes, name: str, folder: Path) -> GeoDataFrame:
    file = folder / name
    file.write_bytes(data)
    return pyogrio.read_dataframe(file)


@pytest.mark.parametrize(
    ("kind", "name"), [("gpkg", "a.gpkg"), ("geojson", "a.geojson"), ("kml", "a.kml")]
)
def test_shapes_and_names_come_back(
    parcels: GeoDataFrame, tmp_path: Path, kind: str, name: str
) -> None:
    back = read(parcel_file(parcels, kind, say=say), name, tmp_path)
    assert len(back) == 2
    for shape, again in zip(parcels.geometry, back.geometry, strict=True):
        assert shapely.hausdorff_distance(shape, again) < 1e-8
    texts = back.drop(columns="geometry").astype(str).to_numpy().ravel().tolist()
    assert NAME in texts
    assert "DK,1" in texts


def test_a_shapefile_says_its_encoding_and_its_crs(
    parcels: GeoDataFrame, tmp_path: Path
) -> None:
    packed = parcel_file(parcels, "shp", say=say)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        names = archive.namelist()
        assert archive.read("parcels.cpg").strip() == b"UTF-8"
        archive.extractall(tmp_path)
    assert {"parcels.shp", "parcels.shx", "parcels.dbf", "parcels.prj"} <= set(names)
    back = pyogrio.read_dataframe(tmp_path / "parcels.shp")
    assert back.crs == "EPSG:4490"
    assert back["DKMC"].tolist() == [NAME, "乙"]


def test_a_drawing_holds_a_ring_a_line_in_the_plane_of_its_zone(
    parcels: GeoDataFrame,
) -> None:
    text = parcel_file(parcels, "dxf", say=say).decode("utf-8")
    drawing = ezdxf.read(io.StringIO(text))  # type: ignore[attr-defined]
    lines = list(drawing.modelspace().query("LWPOLYLINE"))
    assert len(lines) == 3
    assert all(line.closed for line in lines)
    assert {line.dxf.layer for line in lines} == {"DK_35", "DK_36"}
    to_36 = Transformer.from_crs(4490, 4524, always_xy=True)
    drawn = next(line for line in lines if line.dxf.layer == "DK_36")
    first = min(drawn.get_points("xy"))
    assert first == pytest.approx(to_36.transform(106.6, 26.5), abs=20.0)
    assert 36_000_000 < first[0] < 37_000_000
    assert {one.dxf.text for one in drawing.modelspace().query("TEXT")} == {
        "DK_1",
        "DK-2",
    }


def test_a_workbook_lists_points_with_the_northing_as_x(parcels: GeoDataFrame) -> None:
    written = parcel_file(parcels, "xlsx", say=say)
    sheet = openpyxl.load_workbook(io.BytesIO(written)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("Parcel", "Name", "Ring", "Point", "X", "Y")
    assert rows[1][:4] == ("DK,1", NAME, 1, "J1")
    assert 2_900_000 < float(str(rows[1][4])) < 3_000_000
    assert 35_000_000 < float(str(rows[1][5])) < 36_000_000


def test_another_kind_is_refused_with_those_there_are(parcels: GeoDataFrame) -> None:
    with pytest.raises(LayerError, match="they are as: shp, gpkg"):
        parcel_file(parcels, "dwg", say=say)


def test_geojson_is_json_without_nan(parcels: GeoDataFrame) -> None:
    told = json.loads(parcel_file(parcels, "geojson", say=say))
    assert told["features"][1]["properties"]["MJ_M2"] is None


def test_points_are_numbered_through_all_rings_and_a_ring_ends_where_it_began(
    parcels: GeoDataFrame,
) -> None:
    written = parcel_file(parcels.iloc[:1], "xlsx", say=say)
    sheet = openpyxl.load_workbook(io.BytesIO(written)).worksheets[0]
    told = [(row[2], row[3]) for row in sheet.iter_rows(min_row=2, values_only=True)]
    shell = [(1, f"J{number}") for number in (1, 2, 3, 4, 1)]
    assert told == [*shell, *((2, f"J{number}") for number in (5, 6, 7, 5))]


def test_a_drawing_writes_numbers_in_a_font_that_has_chinese(
    parcels: GeoDataFrame,
) -> None:
    named = parcels.rename(index={"DK-2": "甲-2"})
    text = parcel_file(named, "dxf", say=say).decode("utf-8")
    drawing = ezdxf.read(io.StringIO(text))  # type: ignore[attr-defined]
    written = list(drawing.modelspace().query("TEXT"))
    assert {one.dxf.text for one in written} == {"DK_1", "甲-2"}
    fonts = {drawing.styles.get(one.dxf.style).dxf.font for one in written}
    assert fonts == {"simsun.ttc"}

"""Tables of coordinates: heads, orders, separators, degrees, workbooks, damage."""

import io
import random
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
import shapely

from gis.errors import LandMapError, LayerError
from layers.boundary import Boundary
from layers.readers.coordinate_table import read_coordinate_table
from layers.readers.coordinate_table_numbers import coordinate

CORNERS = ((0, 0), (100, 0), (100, 100), (0, 100))  # up, right
NORTH, EAST = 2_941_000.0, 36_371_000.0
SQUARE = shapely.box(EAST, NORTH, EAST + 100, NORTH + 100)


def read(text: str, kind: str = "text") -> Boundary:
    return read_coordinate_table(text.encode(), kind=kind)


def said(boundary: Boundary) -> list[str]:
    return [one.what.format_map(one.values) for one in boundary.remarks]


def table(row: str, east: float = EAST, north: float = NORTH) -> str:
    """Write the corners of a square, a row for each."""
    return "".join(
        row.format(n=n, x=north + up, y=east + right) + "\n"
        for n, (up, right) in enumerate(CORNERS, 1)
    )


def workbook(*sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


@pytest.mark.parametrize(
    "row",
    [
        "{x},{y}",
        "{y},{x}",
        "{x}\t{y}",
        "{x};{y}",
        "{x}，{y}",
        "{x}   {y}",
        "J{n},{x},{y}",
        "J{n},1,{x},{y}",
        "{n},1,{x},{y}",
        "D1,J{n},{x},{y}",
        "D1,{n},{x},{y}",
        "D1,J{n},1,{x},{y}",
        "J{n} {x} {y} 1234.5",
        '"J{n}","{x}","{y}"',
    ],
)
def test_a_table_without_a_head_is_told_by_its_size(row: str) -> None:
    boundary = read(table(row))

    assert boundary.parcels.geometry[0].equals(SQUARE)
    assert boundary.crs == "EPSG:4524"
    assert boundary.parcels["parcel_id"][0] == ("D1" if "D1" in row else "1")
    [sentence] = said(boundary)
    assert "no head" in sentence


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("点号,X,Y", "J{n},{x},{y}"),
        ("序号,X坐标(m),Y坐标(m)", "{n},{x},{y}"),
        ("点号,北坐标,东坐标", "J{n},{x},{y}"),
        ("点号,东坐标,北坐标", "J{n},{y},{x}"),
        ("纵坐标X,横坐标Y", "{x},{y}"),
        ("地块编号,圈号,点号,X,Y,备注", "A,1,J{n},{x},{y},埋石"),
        ("parcel,ring,Easting,Northing", "A,1,{y},{x}"),
        ("点号，Ｘ，Ｙ", "J{n}，{x}，{y}"),
    ],
)
def test_a_head_names_the_columns(head: str, row: str) -> None:
    boundary = read(f"{head}\n{table(row)}", "csv")

    assert boundary.parcels.geometry[0].equals(SQUARE)
    assert boundary.remarks == ()
    assert boundary.kind == "csv"


def test_a_head_whose_x_is_the_easting_is_told_by_size() -> None:
    boundary = read("点号,X,Y\n" + table("J{n},{y},{x}"), "csv")

    assert boundary.parcels.geometry[0].equals(SQUARE)
    assert not boundary.swapped
    assert boundary.remarks[0].line == 2
    assert "other order" in said(boundary)[0]


@pytest.mark.parametrize(
    "head", ["经度,纬度\n", "lng,lat\n", "Longitude,Latitude\n", ""]
)
def test_degrees_are_longitude_and_latitude(head: str) -> None:
    boundary = read(head + "106.71,26.58\n106.71,26.59\n106.72,26.59\n")

    assert boundary.crs == "EPSG:4490"
    assert boundary.parcels.geometry[0].bounds == (106.71, 26.58, 106.72, 26.59)
    assert len(boundary.remarks) == (not head)


def test_degrees_with_the_latitude_first_are_told_by_size() -> None:
    for head in ("纬度,经度\n", "B,L\n", ""):
        boundary = read(head + "26.58,106.71\n26.59,106.71\n26.59,106.72\n")

        assert boundary.parcels.geometry[0].bounds == (106.71, 26.58, 106.72, 26.59)


@pytest.mark.parametrize(
    ("written", "degrees"),
    [
        ("106.71", 106.71),
        ("106°42'36.5\"", 106 + 42 / 60 + 36.5 / 3600),
        ("106°42′36.5″", 106 + 42 / 60 + 36.5 / 3600),
        ("106度42分36.5秒", 106 + 42 / 60 + 36.5 / 3600),
        ("106-42-36.5", 106 + 42 / 60 + 36.5 / 3600),
        ("１０６－４２－３６．５", 106 + 42 / 60 + 36.5 / 3600),
        ("106° 42' 36.5\" E", 106 + 42 / 60 + 36.5 / 3600),
        ("东经106°42'", 106.7),
        ("106.71°", 106.71),
        ("E106.71", 106.71),
        ("106°60'00\"", None),
        ("106-42-60", None),
        ("181-00-00", None),
        ("nan", None),
        ("inf", None),
        ("0x10", None),
        ("1e999", None),
        ("", None),
    ],
)
def test_degrees_may_have_minutes_and_seconds(
    written: str, degrees: float | None
) -> None:
    assert coordinate(written) == (degrees and pytest.approx(degrees, abs=1e-12))


def test_quoted_degrees_are_read_out_of_comma_separated_text() -> None:
    rows = "".join(
        f"106°42'{at}.5\",26-34-{up}\n" for at, up in ((9, 2), (2, 3), (5, 40))
    )
    west, south, _, _ = read(rows, "csv").parcels.geometry[0].bounds

    assert west == pytest.approx(106 + 42 / 60 + 2.5 / 3600)
    assert south == pytest.approx(26 + 34 / 60 + 2 / 3600)


def test_blank_lines_separate_parcels() -> None:
    boundary = read(table("{x},{y}") + "\n\n" + table("{x},{y}", EAST + 500))

    assert boundary.parcels["parcel_id"].tolist() == ["1", "2"]
    assert boundary.parcels["line"].tolist() == [1, 7]


def test_a_parcel_column_separates_parcels_however_rows_are_mixed() -> None:
    ours = table("A,{x},{y}").splitlines()
    theirs = table("B,{x},{y}", EAST + 500).splitlines()
    mixed = [line for pair in zip(ours, theirs, strict=True) for line in pair]
    boundary = read("地块号,X,Y\n" + "\n\n".join(mixed), "csv")

    assert boundary.parcels["parcel_id"].tolist() == ["A", "B"]
    assert boundary.parcels.geometry.area.tolist() == [10_000, 10_000]


def test_a_merged_parcel_cell_speaks_for_the_rows_below_it() -> None:
    rows = ("A" + table(",{x},{y}")) + ("B" + table(",{x},{y}", EAST + 500))

    assert read("地块编号,X,Y\n" + rows, "csv").parcels["parcel_id"].tolist() == [
        "A",
        "B",
    ]


def test_a_line_of_words_above_points_is_the_parcels_name() -> None:
    boundary = read(
        "东区\n" + table("{x} {y}") + "西区\n" + table("{x} {y}", EAST - 900)
    )

    assert boundary.parcels["name"].tolist() == ["东区", "西区"]


def test_a_ring_column_cuts_holes() -> None:
    hole = "2,2941010,36371010\n2,2941020,36371010\n2,2941020,36371020\n"
    boundary = read("圈号,X,Y\n" + table("1,{x},{y}") + hole, "csv")

    assert boundary.parcels.geometry[0].area == pytest.approx(10_000 - 50)


def test_a_zone_column_names_the_zone_of_eastings_without_one() -> None:
    rows = table("A,35,{x},{y}", 671_000) + table("B,36带,{x},{y}", 371_000)
    boundary = read("parcel,带号,X,Y\n" + rows, "csv")

    assert boundary.parcels["crs"].tolist() == ["EPSG:4544", "EPSG:4545"]
    assert boundary.remarks == ()


def test_without_a_zone_the_crs_is_left_open() -> None:
    boundary = read(table("{x},{y}", 371_000))

    assert boundary.crs == ""
    assert "say which zone" in said(boundary)[1]


def test_titles_and_footers_around_a_table_are_left_aside_and_told() -> None:
    text = "界址点成果表\n点号,X,Y\n" + table("J{n},{x},{y}") + "制表,,,张三\n"
    boundary = read(text, "csv")

    assert boundary.parcels.geometry[0].equals(SQUARE)
    assert [one.line for one in boundary.remarks] == [0, 7]


def test_a_pasted_boundary_text_is_read_as_one() -> None:
    text = "[地块坐标]\n4,1.0,D1,甲,面,,,,@\n" + table("J{n},1,{x},{y}")
    boundary = read(text)

    assert boundary.kind == "txt"
    assert boundary.parcels["name"][0] == "甲"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_other_encodings_are_found(encoding: str) -> None:
    data = ("地块名称,X,Y\n" + table("甲地块,{x},{y}")).encode(encoding)
    boundary = read_coordinate_table(data, kind="csv")

    assert boundary.encoding == encoding
    assert boundary.parcels["name"][0] == "甲地块"


HOLED = shapely.box(106.7, 26.5, 106.8, 26.6).difference(
    shapely.box(106.72, 26.52, 106.74, 26.54)
)


@pytest.mark.parametrize("write", [shapely.to_wkt, shapely.to_geojson])
def test_pasted_shapes_are_read(write: Callable[[shapely.Geometry], str]) -> None:
    both = shapely.MultiPolygon([HOLED, shapely.box(107, 26, 107.1, 26.1)])
    boundary = read(write(both))

    assert boundary.kind == "text"
    assert boundary.crs == "EPSG:4490"
    assert boundary.parcels.geometry[0].equals(both)


def test_pasted_shapes_may_be_many_and_of_metres() -> None:
    boundary = read(f"SRID=4524;{SQUARE.wkt};\n{SQUARE.wkt}")
    features = ",".join(
        f'{{"type":"Feature","properties":{{}},"geometry":{shapely.to_geojson(HOLED)}}}'
        for _ in range(2)
    )
    collection = read(f'{{"type":"FeatureCollection","features":[{features}]}}')

    assert boundary.parcels["line"].tolist() == [1, 2]
    assert boundary.crs == "EPSG:4524"
    assert boundary.parcels.geometry[0].equals(SQUARE)
    assert len(collection.parcels) == 2


def test_pasted_shapes_with_the_latitude_first_are_told_by_size() -> None:
    turned = shapely.transform(HOLED, lambda xy: xy[:, ::-1])
    boundary = read(turned.wkt)

    assert boundary.parcels.geometry[0].equals(HOLED)
    assert "other order" in said(boundary)[0]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("POLYGON((1 2,3 4", "Line 1 is no WKT"),
        ("POLYGON((106 26,106 nan,107 27,106 26))", "Line 1 is no WKT"),
        ("POLYGON((106 26,106 1e999,107 27,106 26))", "a point that is none"),
        ("POLYGON" + "(" * 100_000 + ")" * 100_000, "Line 1 is no WKT"),
        ("POLYGON" + " " * 1_000_000 + "x", "Line 1 is no WKT"),
        ("GEOMETRYCOLLECTION EMPTY", "no columns of coordinates"),
        ('{"type":"Point","coordinates":[1,2]}', "holds no polygon: .* Point"),
        ('{"a":' * 100_000, "no GeoJSON"),
        ('{"type":"Polygon","coordinates":[[["a","b"],[1,2]]]}', "that is none"),
        ('{"type":"Polygon","coordinates":[[[NaN,26],[1,2],[3,4]]]}', "that is none"),
        ('{"type":"Polygon","coordinates":[]}', "no boundary point"),
        ("点号,X,Y\nJ1,nan,36371000\n", "Line 2 holds no point: J1 nan 36371000"),
        ("点号,X,Y\nJ1,,\n", "Line 2 holds no point: J1"),
        (table("{x} {y}") + "J5\n", "Line 5 holds no point: J5"),
        ("J1,1e999,5\n" + table("J{n},{x},{y}"), "Line 1 holds no point: J1 1e999 5"),
        ("圈号,X,Y\n内,2941000,36371000\n", "Line 2: 内 is no ring number"),
        ("一,二\n三,四\n", "line 1 reads 一 二"),
        ("2941000,36371000\n2941100,36371000\n", "2 different points"),
        (table("{x},{y}", 18_371_000), "line 1 .*|Line 1 .*6-degree zone 18"),
        ("", "is empty"),
        ("x" * 2_001, "has 2001 characters"),
    ],
)
def test_what_is_no_table_is_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(LayerError, match=sentence):
        read(text)


def test_kinds_that_are_not_read_are_refused() -> None:
    with pytest.raises(LayerError, match="kind ods"):
        read("1,2", "ods")


def test_a_workbook_is_read_from_its_first_sheet_with_anything() -> None:
    rows: list[list[object]] = [["界址点成果表"], [], ["点号", "X", "Y", "地块编号"]]
    rows += [
        [n, NORTH + up, EAST + right, 5 if n == 1 else None]
        for n, (up, right) in enumerate(CORNERS, 1)
    ]
    boundary = read_coordinate_table(workbook([], rows, [[1]]), kind="xlsx")

    assert boundary.kind == "xlsx"
    assert boundary.encoding == ""
    assert boundary.parcels.geometry[0].equals(SQUARE)
    assert boundary.parcels["parcel_id"][0] == "5"
    assert boundary.parcels["line"][0] == 4
    assert "3 sheets" in said(boundary)[0]


def test_coordinates_written_as_text_in_a_workbook_are_read() -> None:
    rows: list[list[object]] = [["经度", "纬度"]]
    rows += [["106°42'10\"", "26-34-00"], ["106.8", 26.6], [106.7, "26.6"]]

    boundary = read_coordinate_table(workbook(rows), kind="xlsx")

    assert boundary.crs == "EPSG:4490"


def packed(**files: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return written.getvalue()


def test_workbooks_that_cannot_be_read_are_one_sentence() -> None:
    far = openpyxl.Workbook()
    far.active["XFD1048576"] = 1
    reach = io.BytesIO()
    far.save(reach)
    cases = {
        "row 1048576 and column 16384": reach.getvalue(),
        "no XLSX": packed(content_xml="<a/>"),
        "damaged": b"PK\x03\x04 and no more",
        "cannot be read": packed(xl__workbook_xml="<workbook"),
        "holds a cell": workbook([], []),
        "is empty": b"",
    }
    for sentence, data in cases.items():
        with pytest.raises(LayerError, match=sentence):
            read_coordinate_table(data, kind="xlsx")


def outcome(data: bytes, kind: str) -> Boundary | LandMapError:
    """Read a table; anything else than these two fails the test."""
    try:
        boundary = read_coordinate_table(data, kind=kind)
    except LandMapError as refused:
        return refused
    assert len(boundary.parcels)
    assert said(boundary) is not None
    return boundary


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Damage a file in one to four places."""
    for _ in range(chance.randint(1, 4)):
        at, size = chance.randrange(len(data)), chance.randint(1, 40)
        flipped = bytes([data[at] ^ (1 << chance.randrange(8))])
        data = chance.choice([
            data[:at] + flipped + data[at + 1 :],
            data[:at] + data[at + size :],
            data[: at + size] + data[at:],
            data[: at + 1],
        ])
        data = data or b"x"
    return data


def inside(data: bytes, chance: random.Random) -> bytes:
    """Damage a part of a workbook and pack it again, so that it is looked into."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as archive,
        zipfile.ZipFile(written, "w") as copy,
    ):
        names = archive.namelist()
        victim = chance.choice([name for name in names if name.startswith("xl/")])
        for name in names:
            part = archive.read(name)
            copy.writestr(name, mutated(part, chance) if name == victim else part)
    return written.getvalue()


@pytest.mark.parametrize("kind", ["csv", "text", "shapes", "xlsx", "inside"])
def test_damaged_tables_give_a_boundary_or_a_sentence(kind: str) -> None:
    rows: list[list[object]] = [["点号", "X", "Y"]]
    rows += [[f"J{n}", NORTH + u, EAST + r] for n, (u, r) in enumerate(CORNERS, 1)]
    whole = {
        "csv": ("点号,X,Y,地块编号\n" + table("J{n},{x},{y},甲")).encode("gb18030"),
        "text": (table("{x} {y}") + "\n106°42'36.5\" 26-34-48\n" * 3).encode(),
        "shapes": f"{HOLED.wkt}\n{SQUARE.wkt}".encode(),
        "xlsx": workbook(rows),
        "inside": workbook(rows),
    }[kind]
    damage = inside if kind == "inside" else mutated
    read_as = {"shapes": "text", "inside": "xlsx"}.get(kind, kind)
    chance = random.Random(7)  # noqa: S311 - the same damage in every run
    results = [outcome(damage(whole, chance), read_as) for _ in range(1_000)]

    assert all(str(one) for one in results)
    assert any(isinstance(one, LandMapError) for one in results)

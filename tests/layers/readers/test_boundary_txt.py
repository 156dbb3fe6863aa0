"""Boundary text: every variant that was seen in the wild, and what must be refused."""

import random
import time

import numpy as np
import pytest
import shapely

from gis.errors import LandMapError, LayerError
from layers.boundary import COLUMNS, Boundary
from layers.readers.boundary_txt import read_boundary_txt
from layers.readers.boundary_txt_datum import Datum, datum_of
from layers.readers.boundary_txt_limits import MAX_DIGITS

HEAD = """[属性描述]
格式版本号=1.01版本
数据产生单位=某测绘院
数据产生日期=2026-03-01
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号=36
精度=0.001
转换参数=,,,,,,
[地块坐标]
"""
FIRST = HEAD.count("\n") + 1  # the line of the first parcel
PARCEL = "5,1.0000,D1,甲地块,面,H49G001,工业,100101,@\n"
NORTH, EAST = 2_941_000.0, 36_371_000.0


def square(
    east: float = EAST,
    north: float = NORTH,
    side: float = 100.0,
    ring: str = "1",
    *,
    closed: bool = True,
) -> str:
    """Write a square of a hectare, X the northing."""
    corners = [(0, 0), (side, 0), (side, side), (0, side)]
    names = ["J1", "J2", "J3", "J4"]
    if closed:
        corners.append(corners[0])
        names.append("J1")
    return "".join(
        f"{name},{ring},{north + up:.3f},{east + right:.3f}\n"
        for name, (up, right) in zip(names, corners, strict=True)
    )


def read(text: str, **options: object) -> Boundary:
    return read_boundary_txt(text.encode(), **options)  # type: ignore[arg-type]


def one(text: str, **options: object) -> shapely.Polygon:
    boundary = read(text, **options)
    assert len(boundary.parcels) == 1
    return boundary.parcels.geometry[0]


def said(boundary: Boundary, line: int | None = None) -> list[str]:
    return [
        remark.what.format_map(remark.values)
        for remark in boundary.remarks
        if line is None or remark.line == line
    ]


GOOD = HEAD + PARCEL + square()
SQUARE = shapely.box(EAST, NORTH, EAST + 100, NORTH + 100)


def test_the_common_form_is_read_without_a_remark() -> None:
    boundary = read(GOOD)
    row = boundary.parcels.iloc[0]

    assert boundary.remarks == ()
    assert boundary.kind == "txt"
    assert boundary.encoding == "utf-8"
    assert boundary.crs == "EPSG:4524"
    assert boundary.precision_m == 0.001
    assert boundary.told["数据产生单位"] == "某测绘院"
    assert not boundary.swapped
    assert set(COLUMNS) | {"geometry"} == set(boundary.parcels.columns)
    assert boundary.parcels.crs is None
    assert row.geometry.equals(SQUARE)
    assert row.drop("geometry").to_dict() == {
        "parcel_id": "D1",
        "name": "甲地块",
        "declared_m2": 10_000.0,
        "use": "工业",
        "code": "100101",
        "sheet": "H49G001",
        "crs": "EPSG:4524",
        "line": FIRST,
    }


def test_a_file_without_any_head_is_read_as_cgcs2000_and_says_so() -> None:
    boundary = read(PARCEL + square())

    assert boundary.crs == "EPSG:4524"
    assert boundary.precision_m is None
    assert "no head" in said(boundary)[0]
    assert "[地块坐标]" in said(boundary)[1]


def test_a_file_without_the_line_before_its_parcels_is_read() -> None:
    boundary = read(GOOD.replace("[地块坐标]\n", ""))

    assert said(boundary) == ["The file has no line [地块坐标] before its parcels."]
    assert boundary.parcels.geometry[0].equals(SQUARE)


@pytest.mark.parametrize("more", [0, 1, 4, 5])
def test_eight_nine_twelve_and_thirteen_fields_are_common(more: int) -> None:
    fields = PARCEL.replace("@", "x," * more + "@")

    boundary = read(HEAD + fields + square())

    assert boundary.remarks == ()
    assert boundary.parcels["code"][0] == "100101"


@pytest.mark.parametrize("header", ["5,1.0,D1,甲,@", "5,1.0,D1,甲,面,@"])
def test_fewer_fields_are_read_with_a_remark(header: str) -> None:
    boundary = read(f"{HEAD}{header}\n{square()}")

    assert boundary.parcels["name"][0] == "甲"
    assert boundary.parcels["code"][0] == ""
    assert "not 8" in said(boundary, FIRST)[0]


@pytest.mark.parametrize(
    "header",
    [",1.0,D1,甲,面,,,,@", "1.0公顷,D1,甲,面,,,,@", "1.0000,D1,甲,,,,,@"],
)
def test_the_number_of_points_may_be_missing(header: str) -> None:
    boundary = read(f"{HEAD}{header}\n{square()}")
    row = boundary.parcels.iloc[0]

    assert (row.parcel_id, row["name"]) == ("D1", "甲")
    assert row.declared_m2 == 10_000
    assert "how many points" in said(boundary, FIRST)[0]


def test_full_width_punctuation_and_digits_are_understood() -> None:
    text = (
        GOOD
        .replace("[属性描述]", "【属性描述】")
        .replace("[地块坐标]", "【地块坐标】")
        .replace("几度分带=3", "几度分带：３")
        .replace("带号=36", "带号＝３６")
        .replace(PARCEL, PARCEL.replace(",", "，").replace("@", "＠"))
        .replace("J2,1,", "J2，１，")
    )
    boundary = read(text)

    assert boundary.parcels.geometry[0].equals(SQUARE)
    assert boundary.parcels["name"][0] == "甲地块"
    assert {remark.line for remark in boundary.remarks} == {1, 12, FIRST, FIRST + 2}


def test_a_full_width_comma_inside_a_name_stays_in_it() -> None:
    boundary = read(GOOD.replace("甲地块", "甲（一），乙＠北"))

    assert boundary.parcels["name"][0] == "甲（一），乙＠北"
    assert boundary.remarks == ()


def test_tabs_and_blanks_around_and_between_fields_are_no_matter() -> None:
    text = HEAD.replace("=", " = ") + "\t" + PARCEL.replace(",", " , ")
    text += square().replace(",", "\t")

    assert one(text).equals(SQUARE)


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
    ],
)
def test_the_encoding_is_found(encoding: str, told: str) -> None:
    boundary = read_boundary_txt(GOOD.encode(encoding))

    assert boundary.encoding == told
    assert boundary.parcels["name"][0] == "甲地块"
    assert boundary.remarks == ()


def test_an_encoding_that_was_told_is_used() -> None:
    boundary = read_boundary_txt(GOOD.encode("gbk"), encoding="gbk")

    assert (boundary.encoding, boundary.parcels["name"][0]) == ("gbk", "甲地块")


def test_the_ends_of_lines_may_be_of_any_system() -> None:
    for end in ("\r\n", "\r"):
        assert one(GOOD.replace("\n", end)).equals(SQUARE)


@pytest.mark.parametrize("line", ["分带=3度带", "几度分带=3度", "几度分带=三度带"])
def test_the_width_of_zones_may_be_written_in_several_ways(line: str) -> None:
    assert read(GOOD.replace("几度分带=3", line)).remarks == ()


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("几度分带=6", "zones of 6"),
        ("分带=6度带", "zones of 6度带"),
        ("带号=18", "zone 18"),
    ],
)
def test_zones_of_six_degrees_are_refused(line: str, value: str) -> None:
    key = line.split("=", maxsplit=1)[0]
    old = "带号=36" if key == "带号" else "几度分带=3"
    with pytest.raises(LayerError, match=f"Line [69] .*{value}.* 3-degree"):
        read(GOOD.replace(old, line))


def test_an_easting_of_a_six_degree_zone_is_refused() -> None:
    with pytest.raises(LayerError, match=f"Line {FIRST + 1} .*18371000.* zone 18"):
        read(HEAD.replace("带号=36", "带号=") + PARCEL + square(18_371_000))


@pytest.mark.parametrize(
    ("zone", "code"), [(25, 4513), (34, 4522), (35, 4523), (37, 4525), (45, 4533)]
)
def test_the_zone_before_the_eastings_names_the_crs(zone: int, code: int) -> None:
    text = HEAD.replace("带号=36", f"带号={zone}") + PARCEL
    boundary = read(text + square(zone * 1_000_000 + 371_000))

    assert boundary.crs == f"EPSG:{code}"
    assert boundary.remarks == ()


@pytest.mark.parametrize(("zone", "code"), [("35", 4544), ("36带", 4545), ("37", 4546)])
def test_the_head_names_the_zone_of_eastings_without_one(zone: str, code: int) -> None:
    boundary = read(HEAD.replace("带号=36", f"带号={zone}") + PARCEL + square(371_000))

    assert boundary.crs == f"EPSG:{code}"
    assert boundary.parcels.geometry[0].bounds[0] == 371_000


def test_without_any_zone_the_crs_is_left_open() -> None:
    boundary = read(HEAD.replace("带号=36", "带号=") + PARCEL + square(371_000))

    assert boundary.parcels["crs"].tolist() == [""]
    assert "say which zone" in said(boundary, FIRST + 1)[0]


def test_one_file_may_hold_parcels_of_two_zones() -> None:
    text = HEAD.replace("带号=36", "带号=")
    text += PARCEL + square() + PARCEL.replace("D1", "D2") + square(35_671_000)
    boundary = read(text)

    assert boundary.parcels["crs"].tolist() == ["EPSG:4524", "EPSG:4523"]
    assert boundary.crs == ""


def test_the_zone_before_the_eastings_wins_over_the_head() -> None:
    boundary = read(HEAD.replace("带号=36", "带号=35") + PARCEL + square())

    assert boundary.crs == "EPSG:4524"
    [sentence] = said(boundary, FIRST + 1)
    assert "carry zone 36, the head says 35: the eastings count" in sentence


@pytest.mark.parametrize("east", ["35371000.000", "371000.000"])
def test_a_ring_of_two_zones_is_refused_at_its_line(east: str) -> None:
    text = GOOD.replace(f"J2,1,{NORTH + 100:.3f},{EAST:.3f}", f"J2,1,2941100.0,{east}")
    with pytest.raises(LayerError, match=f"Line {FIRST + 2} .*{float(east)}"):
        read(text)


def test_an_easting_of_no_zone_is_refused() -> None:
    with pytest.raises(LayerError, match=f"Line {FIRST + 1} .*51371000.* zone 51"):
        read(HEAD + PARCEL + square(51_371_000))


@pytest.mark.parametrize(
    ("written", "m2"),
    [
        ("1.2345", 12_345),
        ("1.2345公顷", 12_345),
        ("1.5hm2", 15_000),
        ("15亩", 10_000),
        ("9000平方米", 9_000),
        ("9000m2", 9_000),
        ("9000㎡", 9_000),
        ("１．５", 15_000),
    ],
)
def test_areas_are_hectares_or_what_is_written_behind(written: str, m2: float) -> None:
    boundary = read(GOOD.replace("1.0000", written))

    assert boundary.parcels["declared_m2"][0] == pytest.approx(m2)
    assert said(boundary, FIRST) == []


@pytest.mark.parametrize(("written", "unit"), [("10010", "m2"), ("15.01", "mu")])
def test_a_number_that_fits_only_another_unit_is_read_so(
    written: str, unit: str
) -> None:
    boundary = read(GOOD.replace("1.0000", written))

    assert boundary.parcels["declared_m2"][0] == pytest.approx(10_000, rel=0.002)
    assert f"only in {unit}" in said(boundary, FIRST)[0]


@pytest.mark.parametrize("written", ["", "约十亩", "-1", "1e999公顷"])
def test_an_area_that_is_none_is_left_open_with_a_remark(written: str) -> None:
    boundary = read(GOOD.replace("1.0000", written))

    assert np.isnan(boundary.parcels["declared_m2"][0])
    assert "area" in said(boundary, FIRST)[0]


def test_rings_after_the_first_are_holes() -> None:
    hole = square(EAST + 10, NORTH + 10, 20, ring="2")
    shape = one(HEAD + PARCEL.replace("5", "10", 1) + square() + hole)

    assert shape.area == pytest.approx(100**2 - 20**2)
    assert len(shape.interiors) == 1


def test_holes_may_be_written_before_their_outer_ring() -> None:
    hole = square(EAST + 10, NORTH + 10, 20, ring="2")

    assert one(HEAD + PARCEL + hole + square()).area == pytest.approx(9_600)


def test_a_ring_outside_the_first_is_a_further_part() -> None:
    boundary = read(HEAD + PARCEL + square() + square(EAST + 500, ring="2"))

    assert boundary.parcels.geometry[0].geom_type == "MultiPolygon"
    assert boundary.parcels.geometry[0].area == pytest.approx(20_000)
    assert "further part" in said(boundary, FIRST + 6)[0]


def test_an_island_in_a_hole_is_land_again() -> None:
    hole = square(EAST + 10, NORTH + 10, 50, ring="2")
    island = square(EAST + 20, NORTH + 20, 10, ring="3")

    assert one(HEAD + PARCEL + square() + hole + island).area == pytest.approx(7_600)


def test_further_outer_rings_may_have_the_number_one_again() -> None:
    boundary = read(HEAD + PARCEL + square() + square(EAST + 500))

    assert boundary.parcels.geometry[0].area == pytest.approx(20_000)
    assert "another ring" in said(boundary, FIRST + 6)[0]


def test_a_hole_that_crosses_its_outer_ring_is_kept_and_told() -> None:
    boundary = read(HEAD + PARCEL + square() + square(EAST + 60, ring="2", side=60))

    assert "does not lie inside" in " ".join(said(boundary))


def test_the_closing_point_may_be_left_out() -> None:
    boundary = read(HEAD + PARCEL.replace("5", "4", 1) + square(closed=False))

    assert boundary.parcels.geometry[0].equals(SQUARE)
    assert [remark.kind for remark in boundary.remarks] == ["mended"]
    assert boundary.remarks[0].line == FIRST + 1


@pytest.mark.parametrize("count", ["4", "5"])
def test_the_count_may_or_may_not_hold_the_closing_point(count: str) -> None:
    assert read(GOOD.replace("5,1.0000", f"{count},1.0000")).remarks == ()


def test_a_count_that_disagrees_is_remarked() -> None:
    [sentence] = said(read(GOOD.replace("5,1.0000", "34,1.0000")), FIRST)
    assert "says 34 points; 5 were read" in sentence


def test_points_may_be_plain_numbers() -> None:
    assert one(GOOD.replace("J", "")).equals(SQUARE)


def test_points_without_ring_numbers_belong_to_ring_one() -> None:
    boundary = read(HEAD + PARCEL + square().replace(",1,", ","))

    assert boundary.parcels.geometry[0].equals(SQUARE)
    assert "no ring number" in said(boundary, FIRST + 1)[0]


def test_a_comment_behind_a_point_is_no_matter() -> None:
    assert one(GOOD.replace(".000\n", ".000,埋石,a@b\n")).equals(SQUARE)


def test_comments_blank_lines_and_the_template_are_left_out() -> None:
    template = (
        "界址点数,地块面积,地块编号,地块名称,记录图形属性,图幅号,地块用途,地类编码,@\n"
        "点号,地块圈号,X坐标,Y坐标\n\n# 注释，一\n// two\n"
    )
    boundary = read(HEAD + template + PARCEL + square())

    assert boundary.remarks == ()
    assert boundary.parcels["line"][0] == FIRST + 5


def exchanged(text: str) -> str:
    """Write the last two fields of each point the other way round."""
    lines = [line.split(",") for line in text.splitlines()]
    return "".join(f"{name},{ring},{y},{x}\n" for name, ring, x, y in lines)


def test_exchanged_axes_are_offered_not_done() -> None:
    boundary = read(HEAD + PARCEL + exchanged(square()))

    assert boundary.swapped
    assert boundary.crs == ""
    assert boundary.parcels.geometry[0].bounds[:2] == (NORTH, EAST)
    assert [(one.kind, one.line) for one in boundary.remarks] == [
        ("offered", FIRST + 1)
    ]


@pytest.mark.parametrize("east", [EAST, 371_000.0])
def test_exchanged_axes_are_read_right_when_asked_for(east: float) -> None:
    boundary = read(HEAD + PARCEL + exchanged(square(east)), swap_axes=True)

    assert not boundary.swapped
    assert boundary.crs == ("EPSG:4524" if east == EAST else "EPSG:4545")
    assert boundary.parcels.geometry[0].bounds[:2] == (east, NORTH)
    assert boundary.remarks[0].kind == "mended"


def test_exchanging_what_is_right_is_offered_back() -> None:
    boundary = read(GOOD, swap_axes=True)

    assert boundary.swapped
    assert boundary.parcels.geometry[0].bounds[:2] == (NORTH, EAST)


def test_one_parcel_exchanged_among_others_is_told_by_its_name() -> None:
    text = GOOD + PARCEL.replace("D1", "D2") + exchanged(square())
    boundary = read(text)

    assert not boundary.swapped
    assert boundary.parcels["crs"].tolist() == ["EPSG:4524", ""]
    assert [remark.parcel for remark in boundary.remarks] == ["D2"]


def test_axes_that_change_within_a_parcel_are_refused() -> None:
    text = GOOD.replace(f"{NORTH + 100:.3f},{EAST:.3f}", f"{EAST:.3f},{NORTH:.3f}")
    with pytest.raises(LayerError, match=rf"Line {FIRST + 2} reads \(36371000"):
        read(text)


def test_a_closing_point_that_repeats_the_easting_is_dropped() -> None:
    points = exchanged(square())
    points += f"1,1,{EAST:.3f},{EAST:.3f}\n"
    boundary = read(HEAD + PARCEL + points, swap_axes=True)

    assert boundary.parcels.geometry[0].equals(SQUARE)
    assert [r.line for r in boundary.remarks] == [0, FIRST, FIRST + 6]
    assert "repeats 36371000.0 for both" in said(boundary, FIRST + 6)[0]


def test_the_same_closing_point_without_a_sound_one_before_it() -> None:
    points = exchanged(square(closed=False)) + f"J1,1,{EAST:.3f},{EAST:.3f}\n"

    assert one(HEAD + PARCEL + points, swap_axes=True).equals(SQUARE)


def test_a_closing_point_that_misses_by_a_rounding_closes_the_ring() -> None:
    closing = f"J1,1,{NORTH:.3f},{EAST + 0.01:.3f}\n"
    boundary = read(HEAD + PARCEL + square(closed=False) + closing)

    assert boundary.parcels.geometry[0].equals(SQUARE)
    assert said(boundary, FIRST + 5)[0].endswith("by 0.01: closed on the first.")


def test_a_point_that_only_has_the_first_ones_name_stays() -> None:
    other = f"J1,1,{NORTH + 50:.3f},{EAST + 200:.3f}\n"
    boundary = read(HEAD + PARCEL + square(closed=False) + other)

    assert len(boundary.parcels.geometry[0].exterior.coords) == 6
    assert "lies elsewhere" in said(boundary, FIRST + 5)[0]


@pytest.mark.parametrize(
    ("name", "datum"),
    [
        ("2000国家大地坐标系", Datum.CGCS2000),
        ("国家2000大地坐标系", Datum.CGCS2000),
        ("cgcs2000", Datum.CGCS2000),
        ("cgcs2000_3_degree_gk_zone_36", Datum.CGCS2000),
        ("1980西安坐标系", Datum.OLD),
        ("80国家大地坐标系", Datum.OLD),
        ("西安80", Datum.OLD),
        ("1954北京坐标系", Datum.OLD),
        ("北京54", Datum.OLD),
        ("贵阳2000独立坐标系", Datum.UNKNOWN),
        ("北京2000坐标系", Datum.UNKNOWN),
        ("wgs84", Datum.UNKNOWN),
        ("国家大地坐标系", Datum.UNKNOWN),
        ("", Datum.UNSAID),
    ],
)
def test_names_of_coordinate_systems(name: str, datum: Datum) -> None:
    assert datum_of(name) is datum


@pytest.mark.parametrize("name", ["1980西安坐标系", "1954北京坐标系"])
def test_old_coordinate_systems_are_refused(name: str) -> None:
    with pytest.raises(LayerError, match=f"Line 5 says {name}.*local parameters"):
        read(GOOD.replace("2000国家大地坐标系", name))


def test_an_unknown_coordinate_system_leaves_the_crs_open() -> None:
    boundary = read(GOOD.replace("2000国家大地坐标系", "贵阳市独立坐标系"))

    assert boundary.crs == ""
    assert "贵阳市独立坐标系" in said(boundary, 5)[0]


@pytest.mark.parametrize("kind", ["", "经纬度"])
def test_degrees_are_read_in_either_order(kind: str) -> None:
    head = HEAD.replace("投影类型=高斯克吕格", f"投影类型={kind}")
    head = head.replace("带号=36", "带号=").replace("计量单位=米", "计量单位=")
    header = PARCEL.replace("1.0000", "99.2公顷")
    points = "1,1,26.58,106.71\n2,1,26.59,106.71\n3,1,26.59,106.72\n1,1,26.58,106.71\n"
    straight = read(head + header + points)
    turned = read(head + header + exchanged(points))

    assert straight.crs == turned.crs == "EPSG:4490"
    assert straight.parcels.geometry[0].bounds == (106.71, 26.58, 106.72, 26.59)
    assert turned.parcels.geometry[0].equals(straight.parcels.geometry[0])
    assert "other order" in said(turned, FIRST + 1)[0]
    assert not turned.swapped


def test_metres_under_a_head_of_degrees_are_refused() -> None:
    with pytest.raises(LayerError, match=rf"line {FIRST + 1} reads \(2941000"):
        read(GOOD.replace("投影类型=高斯克吕格", "投影类型=经纬度"))


def test_degrees_under_a_head_of_metres_are_told() -> None:
    points = "1,1,26.58,106.71\n2,1,26.59,106.71\n3,1,26.59,106.72\n1,1,26.58,106.71\n"
    boundary = read(HEAD + PARCEL + points)

    assert boundary.crs == "EPSG:4490"
    assert "reads degrees" in said(boundary, FIRST + 1)[0]


def test_numbers_of_no_known_size_are_read_and_left_open() -> None:
    boundary = read(HEAD + PARCEL + square(5_000, 8_000))

    assert boundary.crs == ""
    assert boundary.parcels.geometry[0].bounds == (5_000, 8_000, 5_100, 8_100)
    assert "which CRS" in said(boundary, FIRST + 1)[0]


@pytest.mark.parametrize(
    ("written", "metres"), [("0.05", 0.05), ("0.05米", 0.05), ("", None), ("高", None)]
)
def test_precision_is_metres_or_open(written: str, metres: float | None) -> None:
    boundary = read(GOOD.replace("精度=0.001", f"精度={written}"))

    assert boundary.precision_m == metres
    assert len(boundary.remarks) == (metres is None)


@pytest.mark.parametrize("unit", ["毫米", "公里", "尺"])
def test_other_units_than_metres_are_refused(unit: str) -> None:
    with pytest.raises(LayerError, match=f"Line 8 says the unit {unit}"):
        read(GOOD.replace("计量单位=米", f"计量单位={unit}"))


def test_transformation_parameters_are_told_and_not_applied() -> None:
    boundary = read(GOOD.replace("转换参数=,,,,,,", "转换参数=1.5,0,0,0,0,0,1"))

    assert boundary.parcels.geometry[0].equals(SQUARE)
    assert "not applied" in said(boundary, 11)[0]


def test_the_same_number_of_two_parcels_is_made_unique() -> None:
    boundary = read(GOOD + PARCEL + square(EAST + 500))

    assert boundary.parcels["parcel_id"].tolist() == ["D1", "D1-2"]
    assert [(r.kind, r.line, r.parcel) for r in boundary.remarks] == [
        ("mended", FIRST + 6, "D1-2")
    ]


def test_a_parcel_line_that_lost_its_sign_is_known() -> None:
    boundary = read(GOOD.replace(",@", ""))

    assert boundary.parcels["name"][0] == "甲地块"
    assert "without the @" in said(boundary, FIRST)[0]


def test_points_before_any_parcel_line_begin_one() -> None:
    boundary = read(HEAD + square())

    assert boundary.parcels["parcel_id"].tolist() == ["1"]
    assert "no parcel line" in said(boundary, FIRST)[0]


def test_a_file_put_behind_another_brings_its_own_head() -> None:
    other = GOOD.replace("带号=36", "带号=35").replace("精度=0.001", "精度=0.01")
    other = other.replace(f"{EAST:.3f}", "371000.000").replace("36371100", "371100")
    boundary = read(GOOD + other)

    assert boundary.parcels["crs"].tolist() == ["EPSG:4524", "EPSG:4544"]
    assert boundary.precision_m == 0.01
    assert "another head" in " ".join(said(boundary))


def test_points_and_lines_are_left_out_and_told() -> None:
    line = PARCEL.replace("面", "线").replace("D1", "L1")
    boundary = read(GOOD + line + square())

    assert boundary.parcels["parcel_id"].tolist() == ["D1"]
    assert [(r.kind, r.parcel) for r in boundary.remarks] == [("refused", "L1")]
    with pytest.raises(LayerError, match="no polygon"):
        read(HEAD + line + square())


@pytest.mark.parametrize(
    "number",
    ["nan", "inf", "1e999", "0x2CE1C8", "29_41000", "二九", "1" * (MAX_DIGITS + 1), ""],
)
def test_what_is_no_number_is_refused_at_its_line(number: str) -> None:
    bad = GOOD.replace(f"J3,1,{NORTH + 100:.3f}", f"J3,1,{number}")
    with pytest.raises(LayerError) as refused:
        read(bad)

    assert refused.value.values["line"] == FIRST + 3
    assert number in str(refused.value)


def test_faults_are_gathered_and_no_more_than_twenty() -> None:
    bad = HEAD + PARCEL + "".join(f"J{at},1,x{at},2\n" for at in range(50))
    with pytest.raises(LayerError) as refused:
        read(bad)

    lines = [fault.values["line"] for fault in refused.value.faults]
    assert lines == list(range(FIRST + 1, FIRST + 21))
    assert "x19" in str(refused.value)


def test_a_digit_too_few_is_found_among_good_points() -> None:
    with pytest.raises(LayerError, match=rf"Line {FIRST + 3} reads \(294110.0"):
        read(GOOD.replace(f"J3,1,{NORTH + 100:.3f}", "J3,1,294110.000"))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (HEAD + PARCEL + "J1,1,2941000,36371000\n" * 4, f"from line {FIRST + 1}"),
        (HEAD + PARCEL + PARCEL + square(), f"D1 from line {FIRST} has no points"),
        (HEAD + "5,1.0,@\n" + square(), f"Line {FIRST} begins a parcel with 2 fields"),
        (GOOD + "不知所云 一二三\n", "neither a parcel nor a point: 不知所云 一二三"),
        (GOOD + "x" * 2_001, "has 2001 characters"),
        (HEAD + "\n", "no boundary point"),
    ],
)
def test_what_cannot_be_a_boundary_is_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(LayerError, match=sentence):
        read(text)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b" \r\n ", "is empty"),
        (b"PK\x03\x04\0\0" + GOOD.encode(), "byte 5 is zero"),
        (GOOD.encode() + b"\x01", f"line {FIRST + 6} holds the control character"),
        (GOOD.encode().replace("块".encode(), b"\xe5\x9d,"), "damaged character"),
        (b"\xff\xff\xff", "Line 1 cannot be read as gb18030"),
        (b"x" * (20 * 2**20 + 1), "20.0 MB"),
        (b"\n" * 2_100_001 + b"x", "2100002 lines"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, sentence: str) -> None:
    with pytest.raises(LayerError, match=sentence):
        read_boundary_txt(data)


def test_an_unknown_encoding_is_refused() -> None:
    for encoding in ("zip", "unicode_escape", "latin-1"):
        with pytest.raises(LayerError, match=f"{encoding} is no encoding"):
            read_boundary_txt(GOOD.encode(), encoding=encoding)


def test_too_many_parcels_and_rings_are_refused() -> None:
    with pytest.raises(LayerError, match="begins parcel 20001"):
        read(HEAD + (PARCEL + "J1,1,2,3\n") * 20_001)
    rings = "".join(f"J1,{at},2941000,36371000\n" for at in range(501))
    with pytest.raises(LayerError, match="begins ring 501"):
        read(HEAD + PARCEL + rings)


def test_remarks_of_one_sentence_are_bounded() -> None:
    boundary = read(GOOD.replace(",1,", ",") * 150)

    assert len(boundary.remarks) < 700
    assert any("more lines deviate" in text for text in said(boundary))


def test_twenty_thousand_parcels_are_read_in_seconds() -> None:
    parcels = []
    for at in range(20_000):
        east, north = EAST + 200 * (at % 140), NORTH + 200 * (at // 140)
        angle = np.linspace(0, 2 * np.pi, 30)
        ups, rights = north + 90 * np.cos(angle), east + 90 * np.sin(angle)
        parcels.append(f"30,2.5,D{at},甲,面,,,,@")
        parcels += [
            f"J{point},1,{up:.2f},{right:.2f}"
            for point, (up, right) in enumerate(zip(ups, rights, strict=True), 1)
        ]
    data = (HEAD + "\n".join(parcels)).encode()
    begun = time.process_time()
    boundary = read_boundary_txt(data)

    assert len(boundary.parcels) == 20_000
    assert boundary.remarks == ()
    # 2.3 s of work where this was written; only a change of order is to be caught.
    assert time.process_time() - begun < 20


@pytest.mark.parametrize("filler", [" " * 1_990, "a" + " " * 1_990 + "b", "1" * 1_990])
def test_lines_made_to_be_slow_are_not(filler: str) -> None:
    begun = time.process_time()
    outcome(((filler + "\n") * 5_000 + GOOD).encode())

    # A search that went back over each blank would take a minute and more.
    assert time.process_time() - begun < 10


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Damage a file in one to four places."""
    for _ in range(chance.randint(1, 4)):
        at, size = chance.randrange(len(data)), chance.randint(1, 40)
        cut = data[at : at + size]
        data = data[:at] + chance.choice([
            bytes([chance.randrange(256)]) + data[at + 1 :],
            data[at + size :],
            cut + data[at:],
            b"",
            chance.choice([b",", b"@", b"\n", b"-", b"9", b"=", b"."]) + data[at:],
        ])
        data = data or b"x"
    return data


def outcome(data: bytes) -> Boundary | LandMapError:
    """Read a file; anything else than these two fails the test."""
    try:
        boundary = read_boundary_txt(data)
    except LandMapError as refused:
        return refused
    assert len(boundary.parcels)
    assert said(boundary) is not None
    return boundary


def test_a_thousand_damaged_files_give_a_boundary_or_a_sentence() -> None:
    hole = square(EAST + 10, NORTH + 10, 20, ring="2")
    degrees = (
        "1,1,26.58,106.71\n2,1,26.59,106.71\n3,1,26.59,106.72\n4,1,26.585,106.73\n"
    )
    whole = [
        (GOOD + hole + PARCEL + square(EAST + 500)).encode("gb18030"),
        (PARCEL + square(371_000, closed=False)).encode("utf-8-sig"),
        (HEAD.replace("带号=36", "带号=") + PARCEL + degrees).encode(),
    ]
    chance = random.Random(5)  # noqa: S311 - the same damage in every run
    results = [outcome(mutated(whole[at % 3], chance)) for at in range(1_000)]
    read_well = sum(isinstance(one, Boundary) for one in results)

    assert all(str(one) for one in results)
    assert 50 < read_well < 950

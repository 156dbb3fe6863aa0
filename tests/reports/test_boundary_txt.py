"""Boundary text written: read again it is the same ground, and nothing slips in."""

import re

import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame, GeoSeries
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.crs import CGCS2000, gauss_kruger_crs
from gis.errors import CrsError, LayerError
from layers.readers.boundary_txt import read_boundary_txt
from reports.boundary_txt import boundary_txt

# domain-facts 3.1: 106.71 E 26.58 N in zone 36 and, out of its zone, in zone 35.
PLACE = (106.71, 26.58)
IN_36, IN_35 = (2_941_741.624, 36_371_482.393), (2_942_231.972, 35_670_367.130)


def parcels(*shapes: shapely.Geometry, **columns: object) -> GeoDataFrame:
    ids = [f"P{at}" for at in range(1, len(shapes) + 1)]
    return GeoDataFrame(
        columns, geometry=list(shapes), crs=CGCS2000, index=ids
    ).rename_axis("parcel_id")


def triangle(lon: float = PLACE[0], lat: float = PLACE[1]) -> shapely.Polygon:
    return shapely.Polygon([(lon, lat), (lon + 0.001, lat), (lon, lat + 0.001)])


def points(data: bytes) -> list[list[str]]:
    text = data.decode("gb18030")
    return [line.split(",") for line in text.splitlines() if line.startswith("J")]


def test_the_file_has_the_form_that_offices_expect() -> None:
    frame = parcels(triangle(), name=["甲地块"], use=["工业"], code=["100101"])
    data = boundary_txt(
        frame, made_by="某测绘院", made_on="2026-03-01", precision_m=0.01
    )
    lines = data.decode("gb18030").split("\r\n")

    assert lines[:12] == [
        "[属性描述]",
        "格式版本号=1.01版本",
        "数据产生单位=某测绘院",
        "数据产生日期=2026-03-01",
        "坐标系=2000国家大地坐标系",
        "几度分带=3",
        "投影类型=高斯克吕格",
        "计量单位=米",
        "带号=36",
        "精度=0.01",
        "转换参数=,,,,,,",
        "[地块坐标]",
    ]
    assert re.fullmatch(r"4,0\.55\d\d,P1,甲地块,面,,工业,100101,@", lines[12])
    assert [line.split(",")[0] for line in lines[13:]] == ["J1", "J2", "J3", "J1", ""]
    assert lines[13] == lines[16]


def test_x_is_the_northing_and_y_carries_the_zone() -> None:
    name, ring, x, y = points(boundary_txt(parcels(triangle())))[0]

    assert (name, ring) == ("J1", "1")
    assert (float(x), float(y)) == pytest.approx(IN_36, abs=6e-4)


def test_a_zone_that_was_told_is_written() -> None:
    _, _, x, y = points(boundary_txt(parcels(triangle()), zone=35))[0]

    assert (float(x), float(y)) == pytest.approx(IN_35, abs=6e-4)


def test_parcels_of_two_zones_have_one_each() -> None:
    data = boundary_txt(parcels(triangle(), triangle(106.2)))

    assert {row[3][:2] for row in points(data)} == {"36", "35"}
    assert "带号=\r\n" in data.decode("gb18030")
    assert read_boundary_txt(data).parcels["crs"].tolist() == ["EPSG:4524", "EPSG:4523"]


def test_a_tenth_of_a_millimetre_is_written_where_it_was_measured() -> None:
    fine = points(boundary_txt(parcels(triangle()), precision_m=0.0001))
    plain = points(boundary_txt(parcels(triangle())))

    assert len(fine[0][2].split(".")[1]) == 4
    assert len(plain[0][2].split(".")[1]) == 3


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig"])
def test_every_encoding_that_is_written_is_read_again(encoding: str) -> None:
    frame = parcels(triangle(), name=["镇宁布依族苗族自治县䶮㐀"])
    boundary = read_boundary_txt(boundary_txt(frame, encoding=encoding))

    assert boundary.encoding == encoding
    assert boundary.parcels["name"][0] == "镇宁布依族苗族自治县䶮㐀"


def test_texts_cannot_begin_fields_lines_or_parcels() -> None:
    evil = "甲,@\r\n5,1,X,乙,面,,,,@\nJ1,1,1,1\u2028\x85，＠【地块坐标】=："
    frame = parcels(triangle(), name=[evil], use=[evil], code=[evil], sheet=[evil])
    frame.index = [evil]
    data = boundary_txt(frame, made_by=evil, made_on=evil)
    text = data.decode("gb18030")
    boundary = read_boundary_txt(data)

    assert text.count("@") == 1
    assert text.count("[") == 2
    assert len(text.splitlines()) == 12 + 1 + 4
    assert len(boundary.parcels) == 1
    assert boundary.parcels["name"][0].startswith("甲 5 1 X 乙")


def test_missing_texts_are_blank_fields() -> None:
    frame = parcels(triangle(), name=[None], use=[np.nan])
    header = boundary_txt(frame).decode("gb18030").split("\r\n")[12]

    assert header.split(",")[3:] == ["", "面", "", "", "", "@"]


def test_what_cannot_be_written_is_refused() -> None:
    with pytest.raises(LayerError, match="no parcel to write"):
        boundary_txt(parcels())
    with pytest.raises(LayerError, match="P2 has no polygon"):
        boundary_txt(parcels(triangle(), shapely.Point(PLACE)))
    with pytest.raises(LayerError, match="P1 has no polygon"):
        boundary_txt(parcels(shapely.Polygon()))
    with pytest.raises(LayerError, match="latin-1 is no encoding"):
        boundary_txt(parcels(triangle()), encoding="latin-1")
    with pytest.raises(CrsError, match="no CRS"):
        boundary_txt(parcels(triangle()).set_crs(None, allow_override=True))
    with pytest.raises(CrsError, match="zone 46"):
        boundary_txt(parcels(triangle()), zone=46)
    with pytest.raises(CrsError, match="longitude"):
        boundary_txt(parcels(triangle(10, 50)))


@st.composite
def holed(draw: st.DrawFn, east: float, north: float) -> shapely.Polygon:
    """Draw a star-shaped polygon about a centre, in metres, perhaps with holes."""
    count = draw(st.integers(3, 9))
    radii = draw(st.lists(st.floats(60, 400), min_size=count, max_size=count))
    turn = draw(st.floats(0, 6))
    angles = turn + 2 * np.pi * np.arange(count) / count
    outer = np.column_stack([
        east + radii * np.cos(angles),
        north + radii * np.sin(angles),
    ])
    # A triangle's inner circle has half the radius of its corners: 60 m leave 30.
    holes = [
        shapely.box(east + at * 8, north - 3, east + at * 8 + 5, north + 3).exterior
        for at in range(draw(st.integers(0, 2)))
    ]
    whole = shapely.Polygon(outer, holes)
    return whole if whole.is_valid else shapely.Polygon(outer)


@st.composite
def grounds(draw: st.DrawFn) -> tuple[list[int], list[shapely.Geometry]]:
    """Draw parcels in the planes of the zones 35 and 36, some of several parts."""
    zones = draw(st.lists(st.sampled_from([35, 36]), min_size=1, max_size=4))
    shapes: list[shapely.Geometry] = []
    for zone in zones:
        east = zone * 1e6 + 500_000 + draw(st.integers(-60_000, 60_000))
        north = draw(st.integers(2_740_000, 3_200_000))
        parts = [
            draw(holed(east + 1_000 * at, north))
            for at in range(draw(st.integers(1, 3)))
        ]
        shapes.append(parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts))
    return zones, shapes


@settings(max_examples=60, deadline=None)
@given(grounds())
def test_what_is_written_is_read_again_to_a_millimetre(
    drawn: tuple[list[int], list[shapely.Geometry]],
) -> None:
    zones, planes = drawn
    lonlat = [
        GeoSeries([shape], crs=gauss_kruger_crs(zone, prefixed=True)).to_crs(CGCS2000)[
            0
        ]
        for zone, shape in zip(zones, planes, strict=True)
    ]
    boundary = read_boundary_txt(boundary_txt(parcels(*lonlat), precision_m=0.001))
    read = boundary.parcels.geometry.to_numpy()

    assert boundary.parcels["crs"].tolist() == [
        gauss_kruger_crs(zone, prefixed=True) for zone in zones
    ]
    assert [shape.geom_type for shape in read] == [one.geom_type for one in planes]
    assert [shapely.get_num_coordinates(one) for one in read] == [
        shapely.get_num_coordinates(one) for one in planes
    ]
    for ours, theirs in zip(read, planes, strict=True):
        assert shapely.hausdorff_distance(ours.boundary, theirs.boundary) < 1e-3
        assert ours.area == pytest.approx(theirs.area, abs=1e-3 * theirs.length)
    declared = boundary.parcels["declared_m2"].to_numpy()
    assert declared == pytest.approx([one.area for one in planes], abs=0.51)

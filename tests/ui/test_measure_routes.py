"""What is drawn on the map, measured by the real server."""

import math

import pytest
from pyproj import Geod, Transformer

GRS80 = Geod(ellps="GRS80")  # the axes of CGCS2000
SURFACE_M2 = 510_065_621.7e6  # of that ellipsoid, Moritz (2000)
SQUARE = [[106.7, 26.5], [106.71, 26.5], [106.71, 26.51], [106.7, 26.51], [106.7, 26.5]]


def measured(desk, kind, coordinates, **more):
    given = {"type": kind, "coordinates": coordinates, **more}
    status, told = desk.post("/measure", given)
    assert status == 200, told
    return told


def test_a_line_is_as_long_as_its_geodesics(desk) -> None:
    way = [[106.7, 26.5], [106.9, 26.6], [107.4, 26.1]]
    told = measured(desk, "LineString", way)
    assert told["length_m"] == pytest.approx(GRS80.line_length(*zip(*way, strict=True)))
    assert told["text"] == [f"Length {told['length_m'] / 1000:,.3f} km"]


def test_a_degree_of_the_meridian_is_as_long_as_known(desk) -> None:
    told = measured(desk, "LineString", [[106, 0], [106, 1]])
    assert told["length_m"] == pytest.approx(110_574.389, abs=1e-3)


def test_an_eighth_of_the_earth_is_an_eighth_of_its_surface(desk) -> None:
    told = measured(desk, "Polygon", [[[0, 0], [90, 0], [0, 90], [0, 0]]])
    assert told["area_m2"] == pytest.approx(SURFACE_M2 / 8, rel=1e-9)


def test_a_polygon_tells_its_area_on_the_ellipsoid_and_in_the_plane(desk) -> None:
    told = measured(desk, "Polygon", [SQUARE])
    lng, lat = zip(*SQUARE, strict=True)
    area, around = GRS80.polygon_area_perimeter(lng, lat)
    assert told["area_m2"] == pytest.approx(abs(area), rel=1e-12)
    assert told["perimeter_m"] == pytest.approx(around, rel=1e-12)
    assert told["area_mu"] == pytest.approx(abs(area) * 3 / 2000, abs=0.005)
    assert told["area_ha"] == pytest.approx(abs(area) / 1e4, abs=5e-5)
    plane = told["plane"]
    assert (plane["zone"], plane["central_meridian"]) == (36, 108)
    x, y = Transformer.from_crs("EPSG:4490", "EPSG:4545", always_xy=True).transform(
        lng, lat
    )
    twice = sum(a * d - b * c for a, b, c, d in zip(x, y, x[1:], y[1:], strict=False))
    assert plane["area_m2"] == pytest.approx(abs(twice) / 2, rel=1e-9)
    assert "zone 36" in told["text"][2]
    assert "108° E" in told["text"][2]


def test_a_hole_is_no_area_but_has_an_edge(desk) -> None:
    hole = [[106.702, 26.502], [106.704, 26.502], [106.703, 26.504], [106.702, 26.502]]
    outer, inner = (
        GRS80.polygon_area_perimeter(*zip(*r, strict=True)) for r in (SQUARE, hole)
    )
    told = measured(desk, "Polygon", [SQUARE, hole])
    assert told["area_m2"] == pytest.approx(abs(outer[0]) - abs(inner[0]))
    assert told["perimeter_m"] == pytest.approx(outer[1] + inner[1])


def test_a_circle_is_measured_true_on_the_ground(desk) -> None:
    told = measured(desk, "Point", [106.7, 26.5], radius_m=1_000)
    assert told["area_m2"] == pytest.approx(math.pi * 1e6, rel=1e-5)
    assert told["perimeter_m"] == pytest.approx(math.tau * 1e3, rel=1e-5)


def test_outside_the_zones_of_china_no_plane_is_told(desk) -> None:
    told = measured(desk, "Polygon", [[[0, 0], [1, 0], [0, 1], [0, 0]]])
    assert told["plane"] is None
    assert len(told["text"]) == 2


def test_figures_are_told_in_chinese(desk) -> None:
    _, _, body = desk.raw(
        "/measure?lang=zh_CN",
        body='{"type": "LineString", "coordinates": [[106, 26], [106, 26.001]]}',
        Origin=desk.address,
        **{"Content-Type": "application/json"},
    )
    assert "长度 110." in body.decode()
    assert "米" in body.decode()


@pytest.mark.parametrize(
    "given",
    [
        None,
        3,
        [],
        {},
        {"type": "Polygon"},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": "x"},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]},
        {"type": "LineString", "coordinates": [[0, 0]]},
        {"type": "LineString", "coordinates": [[0, 0], [500, 0]]},
        {"type": "LineString", "coordinates": [[0, 0], [None, 0]]},
        {"type": "LineString", "coordinates": [[0, 0], ["a", "b"]]},
        {"type": "LineString", "coordinates": [[0, 0], [1e999, 0]]},
        {"type": "Point", "coordinates": [106, 26]},
        {"type": "Point", "coordinates": [106, 26], "radius_m": 0},
        {"type": "Point", "coordinates": [106, 26], "radius_m": "x"},
        {"type": "Point", "coordinates": [], "radius_m": 5},
        {"type": "MultiPoint", "coordinates": [[0, 0]]},
        {"type": "GeometryCollection", "geometries": []},
        {"type": "Feature", "geometry": None},
        {"type": {"x": 1}, "coordinates": 5},
    ],
)
def test_what_cannot_be_measured_is_refused_in_a_sentence(desk, given) -> None:
    body = "null" if given is None else given
    status, told = desk.post("/measure", body)
    assert status == 400
    assert told["error"].endswith((".", "m"))


def test_too_many_vertices_are_refused(desk) -> None:
    way = [[106 + i * 1e-6, 26] for i in range(20_001)]
    status, _ = desk.post("/measure", {"type": "LineString", "coordinates": way})
    assert status == 413


def test_coordinates_are_told_in_degrees_and_in_the_plane(desk) -> None:
    told = desk.get("/coordinates", lng=106.71, lat=26.575, lang="en")
    assert told["dms"] == ["106°42'36.00\"E", "26°34'30.00\"N"]
    to = Transformer.from_crs("EPSG:4490", "EPSG:4524")
    north, east = to.transform(26.575, 106.71)
    plane = told["plane"]
    assert (plane["zone"], plane["central_meridian"]) == (36, 108)
    assert plane["x_m"] == pytest.approx(north, abs=1e-6)
    assert plane["y_m"] == pytest.approx(east, abs=1e-6)
    assert told["text"] == f"zone 36 · X {north:.2f} · Y {east:.2f}"


def test_south_and_west_are_told(desk) -> None:
    told = desk.get("/coordinates", lng=-1.5, lat=-2.25, lang="en")
    assert told["dms"] == ["1°30'00.00\"W", "2°15'00.00\"S"]
    assert told["plane"] is None
    assert "Outside" in told["text"]


@pytest.mark.parametrize("query", ["", "lng=1", "lng=a&lat=b", "lng=190&lat=0"])
def test_a_place_that_is_none_has_no_coordinates(desk, query) -> None:
    assert desk.ask(f"/coordinates?{query}")[0] == 400

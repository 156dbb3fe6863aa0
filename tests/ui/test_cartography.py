"""The map and the message that redraws what varies."""

import json
from itertools import accumulate

import pytest
from folium import FeatureGroup
from geopandas import GeoDataFrame, GeoSeries
from shapely.geometry import LineString, Point, Polygon, box
from streamlit_folium import generate_js_hash, generate_leaflet_string
from ui.map_sections import Candidate

from layers.layer import Layer, Style
from ui import map_sections
from ui.cartography import (
    Base,
    Focus,
    Message,
    geojson,
    packed,
    section,
    site_map,
    varying,
)
from ui.map_text import map_text
from ui.offline_map import assert_offline

HOSTILE = "地块{{7*7}}${alert(1)}<img src=x onerror=alert(1)>"
BOX = (103.6, 24.6, 109.6, 29.2)
LAYER = Layer(
    name="farmland",
    title="Farmland",
    role="constraint",
    source="s",
    licence="l",
    data_date="2026",
    style=Style(colour="#eab308", weight=1.5, dash="4 2", fill_opacity=0.3),
)


def _script(base: Base) -> str:
    return str(generate_leaflet_string(site_map(base)))


def _sent(message: Message) -> str:
    base = site_map(Base(BOX))
    base.render()
    group: FeatureGroup = varying(message)
    group.add_to(base)
    group.render()
    return str(generate_leaflet_string(group, base_id="feature_group_0"))


def _base(name: str) -> Base:
    feature = json.dumps({"at": [26.5, 106.7], "text": map_text(name)})
    return Base(BOX, (section("county-names", "names", [feature]),))


def _candidate(parcel_id: str) -> Candidate:
    shape = geojson(GeoSeries([box(106.7, 26.5, 106.71, 26.51)]))[0]
    return Candidate(parcel_id, shape, (26.505, 106.705), (parcel_id,), rank=1)


def test_the_stock_hash_takes_two_parcels_for_one_map() -> None:
    # The trap itself: without it the next test would prove nothing.
    assert generate_js_hash("draw('520100_001')") == generate_js_hash(
        "draw('520100_002')"
    )


def test_a_base_that_differs_only_behind_an_underscore_is_another_map() -> None:
    first, second = (_script(_base(f"520100_{n}")) for n in ("001", "002"))
    assert generate_js_hash(first) != generate_js_hash(second)


def test_the_same_base_is_the_same_map_however_often_it_is_built() -> None:
    hashes = {generate_js_hash(_script(_base("贵阳"))) for _ in range(3)}
    assert len(hashes) == 1


def test_candidates_that_differ_only_behind_an_underscore_are_sent_apart() -> None:
    first, second = (
        _sent(Message([map_sections.candidates([_candidate(f"520100_{n}")])]))
        for n in ("001", "002")
    )
    assert first != second
    assert "520100_001" in first
    assert "520100_002" in second


def test_a_hostile_name_reaches_the_browser_encoded_and_the_server_runs_nothing() -> (
    None
):
    sent = _sent(Message([map_sections.candidates([_candidate(HOSTILE)])]))
    assert map_text(HOSTILE) in sent
    assert "地块49" not in sent
    assert "${alert" not in sent
    assert "<img" not in sent


def test_a_map_asks_no_other_host_for_anything() -> None:
    base = site_map(_base("贵阳"))
    varying(Message([map_sections.candidates([_candidate("a")])])).add_to(base)
    assert_offline(base)


def test_a_message_is_json_that_the_page_can_read() -> None:
    message = Message(
        [map_sections.candidates([_candidate("a"), _candidate("b")])],
        link="project=A&need=x",
        focus=Focus("A", (106.0, 26.0, 107.0, 27.0)),
    )
    told = json.loads(message.text())
    assert told["link"] == "project=A&need=x"
    assert told["focus"]["box"] == [[26.0, 106.0], [27.0, 107.0]]
    assert len(told["sections"]["candidates"]["features"]) == message.count == 2
    assert len(told["sections"]["candidates"]["digest"]) == 12


def test_geometry_is_rounded_and_straightened_but_never_lost() -> None:
    wiggly = LineString([(106.0, 26.0), (106.1, 26.00001), (106.2, 26.0)])
    (text,) = geojson(GeoSeries([wiggly]), tolerance_deg=0.001, decimals=3)
    assert json.loads(text)["coordinates"] == [[106.0, 26.0], [106.2, 26.0]]


def test_packed_rings_unpack_to_the_same_ground() -> None:
    ring = Polygon(
        [(106.0, 26.0), (106.01, 26.0), (106.01, 26.02), (106.0, 26.02)],
        [[(106.002, 26.002), (106.004, 26.002), (106.004, 26.004)]],
    )
    (text,) = packed(GeoSeries([ring]), tolerance_deg=0.0)
    ((outer, inner),) = json.loads(text)
    assert outer[:2] == [1_060_000, 260_000]
    back = Polygon(_walked(outer), [_walked(inner)])
    assert back.equals_exact(ring, 1e-9)


def _walked(steps: list[int]) -> list[tuple[float, float]]:
    xs, ys = accumulate(steps[0::2]), accumulate(steps[1::2])
    return [(x / 1e4, y / 1e4) for x, y in zip(xs, ys, strict=True)]


def test_a_ring_that_shrinks_to_a_point_is_left_out() -> None:
    tiny = box(106.00001, 26.00001, 106.00002, 26.00002)
    assert packed(GeoSeries([tiny]), tolerance_deg=0.0) == ["[]"]


def test_the_features_of_a_county_are_drawn_as_one_shape_and_none_is_lost() -> None:
    frame = GeoDataFrame(
        {"county_code": ["b", "a", "b"]},
        geometry=[box(n, 0, n + 1, 1) for n in range(3)],
        crs="EPSG:4490",
    )
    gathered = map_sections.together(frame)
    assert [len(shape.geoms) for shape in gathered.geometry] == [1, 2]
    assert sum(shape.area for shape in gathered.geometry) == pytest.approx(3)
    assert gathered["features"].tolist() == [1, 2]


def test_details_are_cut_to_their_box() -> None:
    frame = GeoDataFrame(geometry=[box(0, 0, 10, 10)], crs="EPSG:4490")
    told = json.loads(map_sections.details(LAYER, frame, (1, 1, 2, 2)).text)
    assert told["features"][0]["g"]["coordinates"][0][0][0] == [1, 1]
    assert told["pane"] == "detail"


def test_more_features_than_the_limit_keeps_the_largest_in_their_order() -> None:
    sizes = [0.1, 0.3, 0.05, 0.2]
    frame = GeoDataFrame(
        {"name": list("abcd")}, geometry=[box(0, 0, s, s) for s in sizes]
    )
    assert list(map_sections.largest(frame, 2)["name"]) == ["b", "d"]
    zones = LAYER.model_copy(update={"role": "zone"})
    assert map_sections.areas(zones, frame, limit=3, language="en").count == 3


def test_a_layer_drawn_in_part_tells_how_many_features_it_stands_for() -> None:
    frame = GeoDataFrame(
        {"county_code": ["a", "b", "b"]},
        geometry=[box(n, 0, n + 0.5, 0.5) for n in range(3)],
        crs="EPSG:4490",
    )
    whole = map_sections.areas(LAYER, frame, limit=9, language="en")
    part = map_sections.areas(LAYER, frame, limit=1, language="en")
    assert (whole.count, whole.stands_for) == (2, 3)
    assert (part.count, part.stands_for) == (1, 2)


def test_a_layer_is_drawn_in_the_style_it_declares() -> None:
    frame = GeoDataFrame({"name": ["a"]}, geometry=[box(0, 0, 1, 1)])
    told = json.loads(map_sections.areas(LAYER, frame, limit=9, language="en").text)
    assert told["style"]["colour"] == "#eab308"
    assert told["style"]["dash"] == "4 2"
    assert told["style"]["fill"] == pytest.approx(0.3)


def test_lines_are_never_filled() -> None:
    frame = GeoDataFrame(geometry=[LineString([(0, 0), (1, 1)])])
    told = json.loads(map_sections.areas(LAYER, frame, limit=9, language="en").text)
    assert told["style"]["fill"] == 0
    assert told["pane"] == "line"


def test_a_point_layer_carries_its_letter_and_its_encoded_names() -> None:
    layer = replace_layer(name="substation", role="infrastructure")
    frame = GeoDataFrame({"name": [HOSTILE]}, geometry=[Point(106.7, 26.5)])
    told = json.loads(map_sections.symbols(layer, frame, limit=9, language="en").text)
    assert told["glyph"] == "E"
    assert told["features"][0]["at"] == [26.5, 106.7]
    assert map_text(HOSTILE) in told["features"][0]["tip"]


def test_a_digest_survives_the_hash_that_strips_underscored_parts() -> None:
    digest = section("a", "names", []).digest
    assert generate_js_hash(digest) != generate_js_hash("")
    assert digest == digest.upper()


def test_polygons_with_holes_keep_them() -> None:
    ring = Polygon(box(0, 0, 3, 3).exterior, [box(1, 1, 2, 2).exterior])
    assert len(json.loads(geojson(GeoSeries([ring]))[0])["coordinates"]) == 2


def replace_layer(**changes: object) -> Layer:
    return LAYER.model_copy(update=changes)

"""Parcels asked for by a point, by a number, and in sum: of the real server."""

import json
import math
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from gis.units import M2_PER_MU


@pytest.fixture(scope="module")
def parcels(desk):
    """Read all parcels as the store has them: the oracle of what lies where."""
    return desk.store.read("parcels")


def smallest_there(frame, lng, lat):
    """Find the smallest parcel that a point touches, by looking at every one."""
    shapes = frame.geometry.to_numpy()
    hit = np.flatnonzero(shapely.intersects(shapes, shapely.Point(lng, lat)))
    if not len(hit):
        return None
    return str(frame.index[hit[np.argmin(shapely.area(shapes[hit]))]])


def test_the_parcel_under_a_point_is_found(desk, parcels) -> None:
    for number in range(0, len(parcels), 97):
        point = parcels.geometry.iloc[number].representative_point()
        found = desk.get("/parcels/at", lng=point.x, lat=point.y)
        assert found["id"] == smallest_there(parcels, point.x, point.y)
        assert str(parcels.index[found["place"]]) == found["id"]


def test_a_corner_of_a_parcel_belongs_to_it(desk, parcels) -> None:
    for number in range(0, len(parcels), 211):
        x, y = shapely.get_coordinates(parcels.geometry.iloc[number])[0]
        found = desk.get("/parcels/at", lng=repr(float(x)), lat=repr(float(y)))
        assert found["id"] == smallest_there(parcels, x, y)


def test_just_beside_a_parcel_there_is_none(desk, parcels) -> None:
    west, south, _, north = parcels.geometry.iloc[0].bounds
    lng, lat = west - 1e-9, (south + north) / 2
    assert smallest_there(parcels, lng, lat) is None
    assert desk.get("/parcels/at", lng=repr(lng), lat=repr(lat)) == {}


def test_a_parcel_by_its_number_tells_its_own_facts(desk, parcels) -> None:
    facts = desk.facts.table
    for place in (0, 7, len(parcels) - 1):
        found = desk.get(f"/parcels/{place}", version=desk.version, lang="en")
        assert found["id"] == str(parcels.index[place])
        assert found["name"] == parcels["name"].iloc[place]
        assert found["area_m2"] == facts.loc[found["id"], "area_m2"]
        mu = found["area_m2"] / M2_PER_MU
        assert found["area_mu"] == pytest.approx(mu, abs=0.005)
        assert found["text"][:3] == [
            found["name"],
            found["id"],
            f"{found['area_m2'] / M2_PER_MU:,.2f} mu",
        ]


def test_numbers_of_another_version_are_refused(desk) -> None:
    status, told = desk.ask("/parcels/1?version=0123abcd&lang=en")
    assert status == 410
    assert told["error"] == "The parcels were loaded anew: reload the page."
    status, _ = desk.ask("/parcels/1")
    assert status == 410
    body = {"places": [1], "version": "0123abcd"}
    assert desk.post("/parcels/totals", body)[0] == 410


@pytest.mark.parametrize(
    "query",
    [
        "",
        "lng=106",
        "lng=x&lat=26",
        "lng=nan&lat=26",
        "lng=106&lat=inf",
        "lng=1e400&lat=26",
        "lng=181&lat=26",
        "lng=106&lat=-91",
        "lng=" + "1" * 500 + "&lat=26",
        "lng=106&lat=%00",
    ],
)
def test_a_point_that_is_none_is_refused_in_a_sentence(desk, query) -> None:
    status, told = desk.ask(f"/parcels/at?{query}&lang=en")
    assert status == 400
    assert told["error"].endswith(".")


@pytest.mark.parametrize("place", ["x", "-1", "1.5", "9" * 40, "%C2%B2"])
def test_a_number_that_is_none_is_refused(desk, place) -> None:
    status, _ = desk.ask(f"/parcels/{place}?{urlencode({'version': desk.version})}")
    assert status in {400, 404}


def test_a_number_beyond_the_last_parcel_is_not_found(desk, parcels) -> None:
    query = urlencode({"version": desk.version, "lang": "en"})
    status, told = desk.ask(f"/parcels/{len(parcels)}?{query}")
    assert (status, told["error"]) == (404, "There is no such parcel.")


def test_totals_are_the_sum_of_the_parcels_own_areas(desk) -> None:
    places = [3, 1, 4, 1, 59, 26]
    area = desk.facts.table["area_m2"].to_numpy()
    status, told = desk.post("/parcels/totals", desk.named(places))
    assert status == 200
    expected = math.fsum(area[[1, 3, 4, 26, 59]])
    assert told["count"] == 5
    assert told["places"] == [1, 3, 4, 26, 59]
    assert told["area_m2"] == expected
    assert told["area_ha"] == pytest.approx(expected / 10_000, abs=5e-5)
    assert told["area_mu"] == pytest.approx(expected * 3 / 2_000, abs=0.005)
    groups = told["by_stock_status"]
    assert sum(one["count"] for one in groups) == 5
    assert math.fsum(one["area_m2"] for one in groups) == pytest.approx(expected)
    assert [one["area_m2"] for one in groups] == sorted(
        (one["area_m2"] for one in groups), reverse=True
    )


def test_no_parcels_come_to_nothing(desk) -> None:
    _, told = desk.post("/parcels/totals", desk.named([]))
    assert (told["count"], told["area_m2"], told["places"]) == (0, 0.0, [])


@pytest.fixture(scope="module")
def inner_points(desk):
    """Give the points that areas are counted by."""
    table = desk.facts.table
    return shapely.points(table["lon"].to_numpy(), table["lat"].to_numpy())


@hypothesis_settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    lng=st.floats(104.5, 108.5),
    lat=st.floats(25.2, 28.2),
    wide=st.floats(0.01, 1.5),
)
def test_an_area_counts_the_parcels_whose_point_lies_in_it(
    desk, inner_points, lng, lat, wide
) -> None:
    corners = [(lng, lat), (lng + wide, lat), (lng + wide / 2, lat + wide), (lng, lat)]
    area = {"type": "Polygon", "coordinates": [corners]}
    status, told = desk.post("/parcels/totals", {"area": area})
    inside = np.flatnonzero(shapely.intersects(shapely.Polygon(corners), inner_points))
    assert status == 200
    assert told["places"] == inside.tolist()
    area_m2 = desk.facts.table["area_m2"].to_numpy()[inside]
    assert told["area_m2"] == math.fsum(area_m2)
    assert "point inside" in told["inside"]


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"places": 5},
        {"places": [1.5]},
        {"places": [True]},
        {"places": ["1"]},
        {"places": [-1]},
        {"places": [2**40]},
        {"places": [1], "area": {}},
        {"area": None},
        {"area": {"type": "Polygon"}},
        {"area": {"type": "Polygon", "coordinates": [[[0, 0]]]}},
        {"area": {"type": "Point", "coordinates": [106, 26], "radius_m": 1e9}},
    ],
)
def test_rubbish_is_no_area_and_names_no_parcel(desk, body) -> None:
    if isinstance(body, dict):
        body = {**body, "version": desk.version}
    status, told = desk.post("/parcels/totals", body)
    assert status == 400
    assert told["error"]


def test_too_many_parcels_are_not_summed_up_by_name(desk) -> None:
    status, told = desk.post("/parcels/totals", desk.named(list(range(5_001))))
    assert status == 413
    assert "5000" in told["error"]


def test_more_than_a_megabyte_is_not_read(desk) -> None:
    body = json.dumps({"places": [], "x": "y" * 2**20})
    assert desk.post("/parcels/totals", body)[0] == 413


@pytest.mark.parametrize("body", ["", "{", "[" * 100_000, '{"places": [NaN]}', "\xff"])
def test_what_is_no_json_is_refused(desk, body) -> None:
    assert desk.post("/parcels/totals", body)[0] == 400


def test_another_site_gets_no_sums(desk) -> None:
    for origin in ("https://evil.example", "null", ""):
        status, _ = desk.post("/parcels/totals", desk.named([1]), Origin=origin)
        assert status == 403
    kind = {"Content-Type": "text/plain"}
    assert desk.post("/parcels/totals", desk.named([1]), **kind)[0] == 400


def test_a_guest_never_meets_a_parcel_that_nobody_published(desk, parcels) -> None:
    hidden = np.flatnonzero(parcels["publish"] != "public")
    assert len(hidden) > 100
    for place in hidden[:: len(hidden) // 12].tolist():
        name, point = str(parcels.index[place]), parcels.geometry.iloc[place]
        point = point.representative_point()
        where = {"lng": point.x, "lat": point.y}
        assert desk.get("/parcels/at", **where)["id"] == name
        for guest in ("public", "investor"):
            seen = desk.get("/parcels/at", actor=guest, **where)
            assert seen.get("id") != name
            query = urlencode({"version": desk.version})
            assert desk.ask(f"/parcels/{place}?{query}", actor=guest)[0] == 404
    public = np.flatnonzero(parcels["publish"] == "public")
    both = [int(hidden[0]), int(public[5])]
    told = desk.post("/parcels/totals", desk.named(both), actor="public")[1]
    assert told["places"] == [int(public[5])]
    assert told["area_m2"] == desk.facts.table["area_m2"].iloc[int(public[5])]
    area = shapely.geometry.mapping(shapely.box(106, 26, 107, 27))
    told = desk.post("/parcels/totals", {"area": area}, actor="public")[1]
    assert told["count"] > 10
    assert not set(told["places"]) & set(hidden.tolist())


def test_a_guest_sees_what_is_public_by_the_same_number(desk, parcels) -> None:
    public = np.flatnonzero(parcels["publish"] == "public")
    for place in (public[0], public[-1]):
        found = desk.get(f"/parcels/{place}", actor="public", version=desk.version)
        assert (found["place"], found["id"]) == (place, parcels.index[place])


def test_every_reader_is_answered_in_the_language_asked_for(desk) -> None:
    def ask(number):
        spoken, unit = (("zh_CN", "亩"), ("en", "mu"))[number % 2]
        told = desk.get("/parcels/5", version=desk.version, lang=spoken)
        return told["text"][2].endswith(unit)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(80)))


def test_answers_are_kept_by_nobody(desk) -> None:
    _, headers, _ = desk.raw(f"/parcels/5?version={desk.version}")
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"

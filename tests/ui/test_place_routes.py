"""Places asked for by name, of the real server."""

import numpy as np
import pytest


def found(desk, text, **options):
    return desk.get("/places", q=text, **options)["places"]


@pytest.mark.parametrize(
    ("typed", "name", "kind"),
    [
        ("遵义", "遵义市", "prefecture"),
        ("zy", "遵义市", "prefecture"),
        ("tongzi", "桐梓县", "county"),
        ("gzsn", "贵州思南经济开发区", "zone"),
        ("Guizhou", "贵州省", "province"),
        ("zunyihuochang", "遵义货场", "freight_yard"),
        ("贵阳互通", "贵阳互通", "interchange"),
    ],
)
def test_a_place_of_our_own_layers_is_found(desk, typed, name, kind) -> None:
    first = found(desk, typed)[0]
    assert (first["name"], first["kind"]) == (name, kind)
    west, south, east, north = first["box"]
    assert west < east
    assert south < north


def test_whoever_types_nothing_goes_from_prefecture_to_county_to_zone(desk) -> None:
    def names(place: str) -> list[str]:
        told = desk.get("/places", **{"in": place})["places"]
        return [one["name"] for one in told]

    prefectures = desk.store.read("prefecture")["name"].sort_index().tolist()
    assert names("") == prefectures
    told = desk.get("/places", **{"in": "遵义市"})["places"]
    kinds = [one["kind"] for one in told]
    assert kinds == sorted(kinds)  # counties before zones
    counties = desk.store.read("county").sort_index()
    inside = counties["name"][counties.index.str.startswith("5203")].tolist()
    assert [one["name"] for one in told if one["kind"] == "county"] == inside
    assert "zone" in kinds
    with_zones = next(one for one in told if one["kind"] == "county" and one["inner"])
    assert with_zones["inner"] == f"遵义市/{with_zones['name']}"
    inner = desk.get("/places", **{"in": with_zones["inner"]})["places"]
    assert {one["kind"] for one in inner} == {"zone"}
    assert {one["inner"] for one in inner} == {""}
    assert names("没有这个地方") == []
    assert names(with_zones["name"]) == []  # of which prefecture?


def test_a_place_says_what_it_is_and_lies_in_in_each_language(desk) -> None:
    told = found(desk, "桐梓县", lang="zh_CN")[0]
    assert (told["kind_text"], told["where"]) == ("县（市、区）", "遵义市")
    told = found(desk, "桐梓县", lang="en")[0]
    assert (told["kind_text"], told["where"]) == ("County", "Zunyi")
    told = found(desk, "gzsn", lang="en")[0]
    assert told["where"] == "Sinan, Tongren"


def test_the_box_of_a_place_is_where_it_lies(desk) -> None:
    county = desk.store.read("county", ids=["520322"]).geometry.iloc[0]
    assert found(desk, "桐梓县")[0]["box"] == pytest.approx(county.bounds)
    yard = desk.store.read("freight_yard")
    shape = yard.geometry[yard["name"] == "遵义货场"].iloc[0].centroid
    west, south, east, north = found(desk, "遵义货场")[0]["box"]
    assert west < shape.x < east
    assert south < shape.y < north


def test_a_parcel_is_found_by_its_id_whole_or_begun(desk) -> None:
    table = desk.facts.table
    parcel_id = str(table.index[10])
    first = found(desk, parcel_id.lower())[0]
    assert first["kind"] == "parcel"
    assert first["place"] == 10
    assert first["where"].startswith(parcel_id)
    edges = table[["minx", "miny", "maxx", "maxy"]].iloc[10]
    assert first["box"] == edges.tolist()
    begun = found(desk, parcel_id[:9])
    assert 0 < len(begun) <= 12
    assert all(parcel_id[:9] in one["where"] for one in begun)


def test_a_parcel_is_found_by_its_name(desk) -> None:
    name = str(desk.facts.table["name"].iloc[20])
    assert name in [one["name"] for one in found(desk, name)]


def test_at_most_twelve_are_told(desk) -> None:
    assert len(found(desk, "县")) == 12
    assert found(desk, "") == []
    assert found(desk, "x" * 5_000) == []
    assert found(desk, "<script>alert(1)</script>") == []


def test_a_guest_finds_no_parcel_that_nobody_published(desk) -> None:
    table = desk.facts.table
    hidden = np.flatnonzero(table["publish"] != "public")
    for row in hidden[:: len(hidden) // 8]:
        parcel_id, name = str(table.index[row]), str(table["name"].iloc[row])
        for text in (parcel_id, parcel_id[:-1], name):
            seen = found(desk, text)
            assert text != parcel_id or seen[0]["place"] == row
            for guest in ("public", "investor"):
                told = str(found(desk, text, actor=guest))
                assert parcel_id not in told
                assert f"'place': {row}," not in told

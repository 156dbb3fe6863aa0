"""Places found by name, in the order somebody expects them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.gazetteer import BEGINS, EXACT, Gazetteer, Place

BOX = (106.0, 26.0, 107.0, 27.0)
PLACES = [
    Place("freight_yard", "遵义货场", "", BOX),
    Place("zone", "贵州思南经济开发区", "", BOX),
    Place("zone", "遵义经济技术开发区", "", BOX),
    Place("county", "桐梓县", "Tongzi", BOX),
    Place("county", "都匀市", "Duyun", BOX),
    Place("county", "长顺县", "Changshun", BOX),
    Place("county", "紫云苗族布依族自治县", "Ziyun", BOX),
    Place("prefecture", "遵义市", "Zunyi", BOX),
    Place("province", "贵州省", "Guizhou", BOX),
    Place("settlement", "绿塘", "", BOX),
    Place("interchange", "长田互通", "", BOX),
    Place("settlement", "Old Mill", "Old Mill", BOX),
]
GAZETTEER = Gazetteer(PLACES)


def names(text: str) -> list[str]:
    return [place.name for _, place in GAZETTEER.search(text, 12)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("遵义", "遵义市"),
        ("zunyi", "遵义市"),
        ("ZunYi", "遵义市"),
        ("zun yi", "遵义市"),
        ("zun'yi", "遵义市"),
        ("zy", "遵义市"),
        ("zuny", "遵义市"),
        ("gzsn", "贵州思南经济开发区"),
        ("思南", "贵州思南经济开发区"),
        ("sinan", "贵州思南经济开发区"),
        ("guizhousinan", "贵州思南经济开发区"),
        ("duyun", "都匀市"),
        ("dy", "都匀市"),
        ("changshun", "长顺县"),
        ("changtian", "长田互通"),
        ("tz", "桐梓县"),
        ("货", "遵义货场"),
        ("gz", "贵州省"),
        ("lvtang", "绿塘"),
        ("lutang", "绿塘"),
        ("mill", "Old Mill"),
        ("紫云", "紫云苗族布依族自治县"),
        ("ＺＵＮＹＩ", "遵义市"),
    ],
)
def test_a_place_is_found_as_people_type_it(typed, first) -> None:
    assert names(typed)[0] == first


def test_exact_comes_before_beginning_and_greater_before_smaller() -> None:
    assert names("遵义") == [
        "遵义市",
        "遵义经济技术开发区",
        "遵义货场",
    ]
    found = GAZETTEER.search("遵义", 12)
    assert [fit for fit, _ in found] == [EXACT, BEGINS, BEGINS]


def test_letters_in_the_middle_of_a_syllable_find_nothing() -> None:
    assert names("unyi") == []
    assert names("ill") == []


def test_no_more_are_found_than_asked_for() -> None:
    assert len(GAZETTEER.search("遵", 2)) == 2
    assert GAZETTEER.search("遵", 0) == []


@pytest.mark.parametrize("text", ["", " ", "'", "\n", "\x00", "🙂", "<>", "%"])
def test_what_names_nothing_finds_nothing(text) -> None:
    assert names(text) == []


def test_an_empty_gazetteer_finds_nothing() -> None:
    assert Gazetteer([]).search("遵义", 12) == []
    assert Gazetteer([]).search("zy", 12) == []


@given(st.text(max_size=80))
def test_any_text_at_all_is_answered(text) -> None:
    for _, place in GAZETTEER.search(text, 12):
        assert place in PLACES


@given(st.sampled_from(PLACES), st.data())
def test_every_part_of_a_chinese_name_finds_it(place, data) -> None:
    at = data.draw(st.integers(0, len(place.name) - 1))
    stop = data.draw(st.integers(at + 1, len(place.name)))
    if place.name.isascii():
        return
    assert place in [found for _, found in GAZETTEER.search(place.name[at:stop], 99)]


def test_what_lies_in_a_place_is_listed_by_the_whole_path_to_it() -> None:
    box = (0.0, 0.0, 1.0, 1.0)
    first = (("甲市", "Jia"), ("鼓楼区", "Gulou"))
    second = (("乙市", "Yi"), ("鼓楼区", "Gulou"))
    gazetteer = Gazetteer([
        Place("zone", "乙区", "", box, second),
        Place("zone", "甲区", "", box, first),
        Place("county", "鼓楼区", "", box, first[:1]),
    ])

    def named(*kinds: str, within: tuple[str, ...] = ()) -> list[str]:
        return [one.name for one in gazetteer.listed(kinds, within)]

    assert named("zone", within=("甲市", "鼓楼区")) == ["甲区"]
    assert named("county", "zone", within=("甲市",)) == ["鼓楼区", "甲区"]
    assert named("zone") == ["乙区", "甲区"]
    assert named("zone", within=("鼓楼区",)) == []

"""Chinese names in pinyin, held to the English names of real counties."""

import geopandas
import pytest

from layers.spelling import folded, initials, readings, short_name
from sample_data import __file__ as sample_room


def test_every_county_of_guizhou_is_spelled_as_its_english_name() -> None:
    folder = sample_room.removesuffix("__init__.py")
    frame = geopandas.read_parquet(f"{folder}layers/county.parquet")
    wrong = {
        name: english
        for name, english in zip(frame["name"], frame["name_en"], strict=True)
        if not any(
            "".join(syllables).startswith(folded(english))
            for syllables in readings(name)
        )
    }
    assert len(frame) == 88
    assert wrong == {"播州区": "Banzhou"}  # a slip of the source: 播 is read bo


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("遵义市", "遵义"),
        ("黔南布依族苗族自治州", "黔南"),
        ("三都水族自治县", "三都"),
        ("务川仡佬族苗族自治县", "务川"),
        ("六枝特区", "六枝"),
        ("贵州省", "贵州"),
        ("关县", "关县"),
        ("水族", "水族"),
        ("遵义货场", "遵义货场"),
    ],
)
def test_a_short_name_leaves_out_what_kind_of_place_it_is(name, short) -> None:
    assert short_name(name) == short


def test_the_likeliest_reading_comes_first() -> None:
    assert readings("遵义市")[0] == ("zun", "yi", "shi")
    assert initials(readings("贵州思南")[0]) == "gzsn"


def test_an_office_has_one_reading() -> None:
    assert {syllables[-1] for syllables in readings("遵义市")} == {"shi"}


def test_case_width_accents_and_spaces_do_not_tell_names_apart() -> None:
    assert folded("Zūn-Yì  ＳＨＩ'") == "zunyishi"
    assert folded("lǜ") == folded("lv") == folded("lu")

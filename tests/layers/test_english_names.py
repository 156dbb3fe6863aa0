"""Names for readers of English: kinds translated, known names taken, pinyin else."""

import pytest

from layers.english_names import english_name, known_names, pinyin_word

KNOWN = known_names({
    "贵州省": "Guizhou",
    "贵阳市": "Guiyang",
    "白云区": "Baiyun",
    "威宁彝族回族苗族自治县": "Weining",
    "正安县": "Zheng'an",
})


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("贵阳经济技术开发区", "Guiyang Economic and Technological Development Zone"),
        ("贵州白云经济开发区", "Guizhou Baiyun Economic Development Zone"),
        ("贵州省正安经济开发区", "Guizhou Zheng'an Economic Development Zone"),
        ("贵州顶效经济开发区", "Guizhou Dingxiao Economic Development Zone"),
        ("威宁彝族回族苗族自治县城区A-62号地块", "Weining urban area A-62"),
        ("贵阳综合保税区B-14号地块", "Guiyang Comprehensive Bonded Zone B-14"),
        ("贵州贵安新区", "Guizhou Gui'an New Area"),
        ("老鹰岩地块", "Laoyingyan plot"),
        ("Lot 7", "Lot 7"),
        ("", ""),
    ],
)
def test_a_name_is_written_as_its_parts_say(name: str, english: str) -> None:
    assert english_name(name, KNOWN) == english


def test_a_syllable_that_begins_with_a_vowel_is_set_off() -> None:
    assert pinyin_word("正安") == "Zheng'an"
    assert pinyin_word("安顺") == "Anshun"

"""Codes of the facts in the words of an export."""

import pytest

from ui.export_files import fact_word
from ui.figures import industries_text
from ui.i18n import DEFAULT, language, speaking

NAMES = {"region": {"520115": "观山湖区"}, "zone": {"52201003": "水城经济开发区"}}


@pytest.mark.parametrize(
    ("column", "code", "word"),
    [
        ("stock_status", "net_land", "净地"),
        ("land_use_code", "100102", "100102 二类工业用地"),
        ("county_code", "520115", "观山湖区"),
        ("zone_code", "52201003", "水城经济开发区"),
        ("zone_code", "99", "99"),
        ("zone_code", "", ""),
        ("name", "=1+1", "=1+1"),
    ],
)
def test_a_code_is_written_as_its_name(column: str, code: str, word: str) -> None:
    with speaking(DEFAULT):
        assert fact_word(column, code, names=NAMES.__getitem__) == word


def test_industries_are_named() -> None:
    assert industries_text("C34;C35") == "通用设备制造业, 专用设备制造业"


def test_a_file_is_written_in_its_language_and_the_page_keeps_its_own() -> None:
    before = language()
    with speaking("en"):
        assert language() == "en"
    assert language() == before

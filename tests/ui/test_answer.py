"""A screening put into words: counts, rows, flags, reasons."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from pandas import DataFrame

from layers.catalog import read_catalog
from siting.need import read_need
from siting.screen import Screening, screen
from ui import answer, reasons
from ui.answer import Flag
from ui.i18n import DEFAULT, speak

M2_PER_MU = 10_000 / 15
HOSTILE = "地块{{7*7}}${alert(1)}<img src=x onerror=alert(1)>"
LAYERS = read_catalog()


@dataclass(frozen=True)
class Known:
    table: DataFrame
    version: str = "1"
    layers: dict[str, str] = field(default_factory=dict)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    speak("en")
    yield
    speak(DEFAULT)


def _facts() -> DataFrame:
    return DataFrame(
        {
            "name": ["甲", HOSTILE, "丙", "丁"],
            "area_m2": [
                100 * M2_PER_MU,
                150 * M2_PER_MU,
                90 * M2_PER_MU,
                120 * M2_PER_MU,
            ],
            "price_cny_m2": [300.0, None, 450.0, 600.0],
            "county_code": ["520115", "520115", "520304", ""],
            "land_use_code": ["100102", "100102", "100102", "100101"],
            "zoning_code": ["100102", "100102", "100102", "090101"],
            "farmland_share": [0.0, float("nan"), 0.0, 0.0],
            "farmland_covered_share": [1.0, 0.0, 1.0, 1.0],
            "farmland_overlap_m2": [0.0, float("nan"), 0.0, 0.0],
            "farmland_evidence": ["clear", "not_checked", "clear", "clear"],
            "interchange_distance_m": [1_000.0, 5_000.0, 100.0, 9_000.0],
        },
        index=["A", "B", "C", "D"],
    ).rename_axis("parcel_id")


def _screened(minimum: str = "100 mu") -> Screening:
    need = read_need({
        "constraints": [
            {"use": "area_between", "minimum": minimum},
            {"use": "clear_of", "layer": "farmland"},
        ],
        "factors": [{"use": "near", "layer": "interchange", "within_m": 10_000}],
    })
    return screen(need, Known(_facts()))


def _rows(screening: Screening, top: int = 9) -> list[answer.Row]:
    return answer.rows(screening, places={"520115": "观山湖区"}, layers=LAYERS, top=top)


def _text(html: str) -> str:
    told: list[str] = []

    class Reader(HTMLParser):
        def handle_data(self, data: str) -> None:
            told.append(data)

    Reader().feed(html)
    return "".join(told)


def test_rows_come_best_first_with_area_in_mu_and_price_in_its_unit() -> None:
    first, second, third = _rows(_screened())
    assert (first.parcel_id, first.rank, first.score) == ("A", 1, 90.0)
    assert (first.area, first.price, first.county) == ("100.00", "20.00", "观山湖区")
    assert (second.parcel_id, third.parcel_id) == ("B", "D")


def test_a_price_that_nobody_knows_is_never_zero() -> None:
    assert _rows(_screened())[1].price == "unknown"


def test_what_was_not_checked_is_flagged_amber_by_its_layer() -> None:
    row = _rows(_screened())[1]
    assert row.flagged
    assert Flag("amber", "Permanent basic farmland not checked") in row.flags


def test_a_land_use_code_against_its_zoning_is_flagged_without_being_amber() -> None:
    row = _rows(_screened())[2]
    assert row.flags == (Flag("plain", "own code 100101, zoned 090101"),)
    assert not row.flagged


def test_no_more_rows_are_told_than_asked_for() -> None:
    assert [row.parcel_id for row in _rows(_screened(), top=1)] == ["A"]


def test_the_answer_line_counts_eligible_unchecked_and_excluded() -> None:
    told = _text(answer.answer_html(_screened(), LAYERS, shown=2))
    assert "3 of 4 eligible" in told
    assert "1 with something not checked" in told
    assert "best 2 shown" in told
    assert "excluded by: Area 1" in told


def test_the_table_takes_names_as_plain_text_and_says_who_holds_a_parcel() -> None:
    data = answer.table_data(_rows(_screened()), "B", claimed={"A": "某项目"})
    assert data["chosen"] == "B"
    first, second = data["rows"][:2]
    assert second[2] == HOSTILE
    assert data["flags"][first[-1][0]] == ("red", "claimed by 某项目")
    assert first[3] == "90.0"


def test_reasons_begin_with_what_excludes_and_tell_the_gap() -> None:
    why, told = reasons.told(
        _screened("130 mu"), "A", layers=LAYERS, names=lambda _source: {}
    )
    assert not why.eligible
    assert [one.state for one in told] == ["fail", "pass", "pass"]
    assert told[0].gap == "short by 30 mu"
    assert told[0].asked == "≥ 130 mu"
    assert told[0].value == "100 mu"
    assert told[-1].factor


def test_a_bar_is_as_long_as_the_value_and_its_tick_stands_at_the_limit() -> None:
    _, told = reasons.told(
        _screened("200 mu"), "A", layers=LAYERS, names=lambda _source: {}
    )
    bar = told[0].bar
    assert bar is not None
    assert bar.fill == pytest.approx(100 / 250)
    assert bar.ticks == (pytest.approx(200 / 250),)


def test_a_state_is_told_by_sign_and_word_not_by_colour_alone() -> None:
    _, told = reasons.told(_screened(), "B", layers=LAYERS, names=lambda _source: {})
    html = reasons.reasons_html(told)
    assert 'title="not checked">!</span>' in html
    assert 'title="passes">✓</span>' in html


def test_reasons_escape_what_comes_from_data() -> None:
    _, told = reasons.told(
        _screened(), "A", layers=LAYERS, names=lambda _source: {"x": HOSTILE}
    )
    hostile = [
        *told,
        reasons.Told("fail", HOSTILE, HOSTILE, "", "", (HOSTILE,), None, factor=False),
    ]
    html = reasons.reasons_html(hostile)
    assert "<img" not in html
    assert HOSTILE in _text(html)

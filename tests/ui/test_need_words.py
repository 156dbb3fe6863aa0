"""A criterion in one short line, and faults by the names of the form."""

import time
from collections.abc import Iterator
from datetime import datetime

import pytest

from gis.errors import NeedError
from layers.catalog import read_catalog
from ledger.unit_of_work import CHINA
from siting.criteria import CONSTRAINTS, FACTORS
from siting.need import read_need
from ui import need_form, need_words, resources
from ui.i18n import DEFAULT, speak

LAYERS = read_catalog()


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    speak("en")
    yield
    speak(DEFAULT)


def _names(source: str) -> dict[str, str]:
    return {"520100": "贵阳市"} if source == "region" else {}


@pytest.mark.parametrize(
    ("use", "values", "told"),
    [
        ("area_between", {"minimum": "150 亩", "maximum": "220 mu"}, "150 mu – 220 mu"),
        ("area_between", {"maximum": "10 ha"}, "≤ 10 ha"),
        ("area_between", {"minimum": "much"}, "≥ much"),
        ("within_distance", {"layer": "interchange", "within_m": 10_000}, "≤ 10 km"),
        ("beyond_distance", {"layer": "interchange", "beyond_m": 800}, "≥ 800 m"),
        ("clear_of", {"layer": "farmland"}, ""),
        ("clear_of", {"layer": "farmland", "up_to_share": 0.02}, "≤ 2%"),
        ("region_in", {"codes": ["520100"]}, "贵阳市"),
        ("in_development_zone", {"zones": "none"}, "outside the zones"),
        ("services_at_least", {"services": {"power": "present"}}, "Power present"),
        ("price_at_most", {"price": "25 万元/亩"}, "≤ 25 × 10,000 CNY/mu"),
        (
            "stock_status_in",
            {"statuses": ["net_land", "planned", "inefficient"]},
            "3 chosen",
        ),
    ],
)
def test_a_folded_line_tells_what_is_asked(
    use: str, values: dict[str, object], told: str
) -> None:
    assert need_words.summary(CONSTRAINTS[use], values, _names) == told


def test_a_line_names_the_layer_it_is_about() -> None:
    title = need_words.title_of(CONSTRAINTS["clear_of"], {"layer": "farmland"}, LAYERS)
    assert title == "Clear of Permanent basic farmland"
    assert need_words.title_of(CONSTRAINTS["clear_of"], {"layer": "x"}, LAYERS) == (
        CONSTRAINTS["clear_of"].title
    )


def test_one_message_tells_every_fault_by_the_names_of_the_form() -> None:
    need = {
        "industry": "ZZ",
        "constraints": [
            {"use": "area_between", "minimum": "much"},
            {"use": "within_distance", "layer": "interchange", "within_m": -5},
        ],
        "factors": [{"use": "compact", "weight": -1}],
    }
    with pytest.raises(NeedError) as caught:
        read_need(need)
    told = need_words.fault_text(caught.value, need, LAYERS).split("\n")
    assert len(told) == 5
    assert any("Area, At least" in line and "much" in line for line in told)
    assert any("Expressway interchanges, Within" in line for line in told)
    assert any("Industry" in line and "ZZ" in line for line in told)
    assert any("Weight" in line for line in told)
    assert not any("constraints[" in line for line in told)


@pytest.mark.usefixtures("at_home")
def test_every_criterion_can_be_added_and_the_need_stays_whole() -> None:
    for kind, criteria in (("constraints", CONSTRAINTS), ("factors", FACTORS)):
        for criterion in criteria.values():
            begun = need_form.starter(criterion)
            assert read_need({kind: [begun]}), criterion.name


def test_today_is_china_s_wherever_the_server_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # More than a day behind China: the dates differ at every hour.
    monkeypatch.setenv("TZ", "FAR+23:59")
    time.tzset()
    try:
        before = datetime.now(tz=CHINA).date().isoformat()
        assert before <= resources.today() <= datetime.now(tz=CHINA).date().isoformat()
    finally:
        monkeypatch.undo()
        time.tzset()

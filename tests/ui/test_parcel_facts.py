"""What is known about a parcel in words; what was not checked says so."""

from collections.abc import Iterator
from typing import Any

import pytest
from pandas import DataFrame

from layers.catalog import read_catalog
from ui import parcel_card, parcel_facts
from ui.i18n import DEFAULT, speak
from ui.parcel_search import found_parcels

LAYERS = read_catalog()
HOSTILE = "地块{{7*7}}${alert(1)}<img src=x onerror=alert(1)>"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    speak("en")
    yield
    speak(DEFAULT)


def _row(**changes: Any) -> dict[str, Any]:
    return {
        "area_m2": 100_000.0,
        "area_plane_m2": 100_055.0,
        "area_declared_m2": 98_000.0,
        "gk_zone": 35,
        "land_use_code": "100102",
        "zoning_code": "100102",
        "zoning_share": 1.0,
        "zoning_evidence": "clear",
        "stock_status": "net_land",
        "price_cny_m2": 300.0,
        "farmland_evidence": "hit",
        "farmland_overlap_m2": 2_000.0,
        "farmland_share": 0.02,
        "farmland_covered_share": 1.0,
        "interchange_distance_m": 1_234.0,
        "substation_distance_m": float("nan"),
        "substation_found_m": 800.0,
        "service_road": "present",
        "service_road_on": "2025-01-01",
        **changes,
    }


def _lines(group: str, **changes: Any) -> dict[str, parcel_facts.Line]:
    told = parcel_facts.groups(
        _row(**changes),
        layers=LAYERS,
        dates={"farmland": "2026", "substation": "2026"},
        zones={"52011501": "贵安综合保税区"},
    )
    (one,) = (each for each in told if each.title == group)
    return {line.label: line for line in one.lines}


def test_three_areas_are_shown_and_each_gap_is_explained() -> None:
    lines = _lines("Area")
    assert lines["On the ellipsoid"].value == "150.00 mu · 100,000.00 m2"
    assert "+0.055%" in lines["3-degree plane"].note
    assert "zone 35" in lines["3-degree plane"].note
    assert "-2.00%" in lines["Declared"].note
    assert lines["Declared"].state == "bad"


def test_a_region_of_another_plane_has_no_zone_and_names_its_plane() -> None:
    row = {name: value for name, value in _row().items() if name != "gk_zone"}
    for other in (row, _row(gk_zone=float("nan"))):
        plane = parcel_facts.area_lines(other, "EPSG:26986")[1]
        assert plane.note == "+0.055% against the ellipsoid: EPSG:26986."


def test_an_undeclared_area_is_unknown_never_zero() -> None:
    line = _lines("Area", area_declared_m2=float("nan"))["Declared"]
    assert (line.value, line.state) == ("unknown", "unknown")


def test_a_control_line_that_is_met_says_how_much() -> None:
    line = _lines("Control lines")["Permanent basic farmland"]
    assert line.value == "3.00 mu, 2.0%"
    assert line.state == "bad"


def test_a_layer_that_is_not_loaded_is_not_checked_and_says_what_to_load() -> None:
    line = _lines("Control lines")["Ecological protection redline"]
    assert (line.value, line.state) == ("not checked", "unknown")
    assert "redline" in line.note


def test_partly_covered_ground_is_never_called_clear() -> None:
    line = _lines(
        "Control lines", farmland_evidence="partly_covered", farmland_covered_share=0.4
    )["Permanent basic farmland"]
    assert line.state == "unknown"
    assert "40.0%" in line.value


def test_a_distance_beyond_the_coverage_tells_what_was_found_all_the_same() -> None:
    lines = _lines("Surroundings")
    assert lines["Expressway interchanges"].value == "1.23 km"
    assert lines["Substations"].value == "not checked"
    assert "800 m" in lines["Substations"].note


def test_a_service_nobody_knows_of_is_unknown() -> None:
    lines = _lines("Services")
    assert (lines["Road"].value, lines["Road"].note) == ("present", "2025-01-01")
    assert (lines["Gas"].value, lines["Gas"].state) == ("unknown", "unknown")


def test_a_card_escapes_what_comes_from_data() -> None:
    group = parcel_facts.Group("Record", (parcel_facts.Line("Note", HOSTILE, HOSTILE),))
    html = parcel_card.group_html(group, 0)
    assert "<img" not in html
    assert "&lt;img" in html


def test_a_parcel_is_found_by_id_or_by_part_of_its_name() -> None:
    facts = DataFrame(
        {"name": ["东区A", "东区B", "西区A"]}, index=["GZ-1", "GZ-2", "GZ-10"]
    )
    assert found_parcels("gz-1", facts) == ([("GZ-1", "东区A")], 1)
    assert found_parcels("东区", facts) == ([("GZ-1", "东区A"), ("GZ-2", "东区B")], 2)
    assert found_parcels("GZ-1[", facts) == ([], 0)
    assert found_parcels("  ", facts) == ([], 0)
    assert found_parcels("GZ", facts, shown=1) == ([("GZ-1", "东区A")], 3)

"""Four answers make a need; reasons say what decided, in plain words."""

from datetime import date
from typing import Any

import pytest

from gis.errors import NeedError
from siting.four_questions import Answers, need_of
from siting.plain_reasons import Called, Plain, plain_reasons
from siting.screen import Screening, screen

TODAY = date(2026, 11, 27)
MU = 10_000 / 15
CALLED = Called(
    {"interchange": "Interchange", "farmland": "Farmland"}, "car manufacturing"
)


@pytest.fixture
def screened(parcels: Any) -> Any:
    """Return what screens a few parcels for somebody's answers."""

    def screened(answers: Answers, *rows: dict[str, Any], **more: Any) -> Screening:
        return screen(need_of(answers, today=TODAY, **more), parcels(*rows))

    return screened


def fitting(found: Screening) -> list[str]:
    return [str(one) for one in found.board.ids(found.best())]


def said(found: Screening, parcel_id: str = "A") -> list[tuple[str, str]]:
    def sentence(one: Plain) -> str:
        return one.note.msgid.format(**one.note.values, listed=", ".join(one.listed))

    return [
        (one.state, sentence(one)) for one in plain_reasons(found, parcel_id, CALLED)
    ]


def test_who_answers_nothing_is_offered_all_land(screened: Any) -> None:
    found = screened(Answers(), {}, {"area_m2": 1.0}, {"stock_status": ""})
    assert sorted(fitting(found)) == ["A", "B", "C"]


def test_the_area_decides_at_both_ends_and_the_middle_comes_first(
    screened: Any,
) -> None:
    sizes = (99.99, 100, 150, 200, 200.01)
    rows = [{"area_m2": mu * MU} for mu in sizes]
    found = screened(Answers(least_mu=200, most_mu=100), *rows)
    assert fitting(found)[0] == "C"
    assert sorted(fitting(found)) == ["B", "C", "D"]
    assert ("good", "150 mu; you asked for 100 to 200.") in said(found, "C")
    assert said(found, "A")[0] == ("bad", "99.99 mu; you asked for 100 to 200.")


@pytest.mark.parametrize(
    ("when", "kept"), [("now", "A"), ("year", "AC"), ("two_years", "ACD")]
)
def test_how_soon_is_counted_from_today(screened: Any, when: str, kept: str) -> None:
    ready = {"stock_status": "standard_land"} | {
        f"service_{name}": "present" for name in ("road", "water", "power")
    }
    days = ("2026-11-27", "2030-01-01", "2027-11-27", "2028-11-26")
    found = screened(
        Answers(when=when), *(ready | {"available_from": day} for day in days)
    )
    assert "".join(sorted(fitting(found))) == kept


def test_land_for_at_once_is_cleared_and_served(screened: Any) -> None:
    ready = {
        "stock_status": "net_land",
        "available_from": "2026-01-01",
        "service_road": "present",
        "service_water": "at_boundary",
        "service_power": "present",
    }
    found = screened(
        Answers(when="now"),
        ready,
        ready | {"stock_status": "planned"},
        ready | {"service_power": "planned"},
        ready | {"service_power": "unknown"},
    )
    assert sorted(fitting(found)) == ["A", "D"]
    assert ("unknown", "Not known: Power.") in said(found, "D")
    assert ("bad", "Not there yet: Power.") in said(found, "C")


def test_what_must_be_near_decides_by_the_distance_asked_for(screened: Any) -> None:
    rows: list[dict[str, Any]] = [
        {"interchange_distance_m": m} for m in (10_000.0, 10_000.1, float("nan"))
    ]
    rows[2] |= {"interchange_evidence": "not_checked"}
    found = screened(Answers(near=("interchange", "interchange"), within_km=10), *rows)
    assert fitting(found) == ["A", "C"]
    assert ("good", "Interchange: 10.00 km in a straight line.") in said(found)
    assert said(found, "C")[-1] == (
        "unknown",
        "Interchange: how far it is, is not known.",
    )
    # It decides and counts, and is told once.
    assert sum("Interchange" in text for _, text in said(found)) == 1


def test_land_in_a_control_line_is_no_offer_whoever_asks(screened: Any) -> None:
    hit = {
        "farmland_evidence": "hit",
        "farmland_share": 0.1,
        "farmland_overlap_m2": 9.0,
    }
    found = screened(Answers(), {}, hit, control_lines=["farmland"])
    assert fitting(found) == ["A"]
    assert ("good", "Clear of Farmland.") in said(found)
    assert said(found, "B")[0] == ("bad", "A part of it lies in Farmland.")


def test_the_industry_asks_the_plan_and_prefers_zones_of_its_trade(
    screened: Any,
) -> None:
    zoned = {"zoning_share_1001": 1.0, "zoning_covered_share": 1.0}
    trade = {"zone_leading_industries": "C36", "zone_evidence": "hit"}
    found = screened(Answers(industry="C36"), zoned, zoned | trade)
    assert fitting(found) == ["B", "A"]
    assert (
        "good",
        "Your industry is a leading one of its development zone.",
    ) in said(found, "B")
    assert not any("leading" in text for _, text in said(found, "A"))
    assert ("good", "The plan permits it: car manufacturing.") in said(found)


def test_a_place_holds_the_offer_to_it(screened: Any) -> None:
    rows = [{"county_code": code} for code in ("520115", "520302")]
    assert fitting(screened(Answers(place="520300"), *rows)) == ["B"]


def test_an_answer_that_nobody_offered_is_refused() -> None:
    with pytest.raises(NeedError):
        need_of(Answers(industry="Z99"), today=TODAY)
    with pytest.raises(NeedError):
        need_of(Answers(place="nowhere"), today=TODAY)

"""Reasons, near misses and relaxations: why a parcel is in or out, what would help."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import LayerMissingError
from siting.explain import (
    candidates,
    near_misses,
    relaxations,
    relaxed,
    to_json,
    why,
)
from siting.need import read_need
from siting.note import Note
from siting.screen import screen
from siting.sentences import distance

MU = 10_000 / 15


def ask(*constraints, **rest):
    return read_need({"constraints": list(constraints), **rest})


AREA = {"use": "area_between", "minimum": "100 mu", "maximum": "200 mu"}
LEAST = {"use": "area_between", "minimum": "100 mu"}
WITHIN = {"use": "within_distance", "layer": "interchange", "within_m": 10_000}
CLEAR = {"use": "clear_of", "layer": "farmland"}
STATUS = {"use": "stock_status_in", "statuses": ["net_land"]}
DEAR = {"use": "price_at_most", "price": "15 wan_cny/mu"}
STRICT = {"not_checked": "exclude"}
HIT = {"farmland_evidence": "hit", "farmland_share": 0.123}


def test_json_has_the_stable_keys_and_only_what_json_holds(many, need_text) -> None:
    found = screen(read_need(need_text), many(2, 300))
    told = json.loads(json.dumps(to_json(found, 5), allow_nan=False))

    assert list(told) == [
        "need",
        "data",
        "counts",
        "candidates",
        "excluded_by",
        "result_hash",
    ]
    assert 0 < len(told["candidates"]) <= 5
    for one in told["candidates"]:
        assert list(one) == ["parcel_id", "score", "criteria"]
        assert len(one["criteria"]) == len(found.answers)
        for said in one["criteria"]:
            assert list(said) == ["name", "state", "value", "threshold", "gap", "unit"]
    assert read_need(told["need"]) == found.need


def test_criteria_are_named_by_use_and_layer_each_differently(parcels) -> None:
    clear = {"use": "clear_of", "layer": "farmland"}
    need = ask(AREA, clear, clear, factors=[{"use": "near", "layer": "interchange"}])
    found = screen(need, parcels({}))

    assert [one.name for one in found.answers] == [
        "area_between",
        "clear_of:farmland",
        "clear_of:farmland#2",
        "near:interchange",
    ]
    assert found.answer("clear_of:farmland#2").layer == "farmland"


def test_candidates_come_best_first_and_ties_by_id(parcels) -> None:
    prices = [300.0, 100.0, 300.0]
    facts = parcels(*({"price_cny_m2": one} for one in prices))
    need = ask(factors=[{"use": "price_low", "at_most": "600 cny/m2"}])
    best = candidates(screen(need, facts))

    assert [(one.parcel_id, one.rank, one.score) for one in best] == [
        ("B", 1, 83.33),
        ("A", 2, 50.0),
        ("C", 3, 50.0),
    ]
    assert candidates(screen(need, facts), 1) == best[:1]


def test_the_points_of_the_factors_add_up_to_the_score(many, need_text) -> None:
    found = screen(read_need(need_text), many(4, 200))

    for one in candidates(found, 20):
        assert sum(said.points for said in one.criteria) == pytest.approx(
            one.score, abs=0.05
        )
        assert all(
            said.points == 0 for said in one.criteria if said.kind == "constraint"
        )


def test_a_parcel_that_is_out_has_no_rank_and_names_what_keeps_it_out(parcels) -> None:
    facts = parcels({"area_m2": 96.8 * MU}, {})
    told = why(screen(ask(AREA, {"use": "not_claimed"}), facts), "A")

    assert (told.eligible, told.rank, told.score) == (False, None, None)
    assert [one.name for one in told.excluding] == ["area_between"]
    assert str(told.excluding[0].sentence) == "short by 3.2 mu"
    assert told.excluding[0].sentence.values == {"gap": "3.2"}


def test_an_eligible_parcel_has_its_rank(parcels) -> None:
    found = screen(ask(AREA), parcels({}, {}, {}))

    assert [why(found, key).rank for key in "ABC"] == [1, 2, 3]


def test_a_parcel_that_does_not_exist_is_told(parcels) -> None:
    with pytest.raises(LayerMissingError, match="no parcel Z"):
        why(screen(ask(AREA), parcels({})), "Z")


@pytest.mark.parametrize(
    ("row", "constraint", "sentence"),
    [
        ({"area_m2": 250 * MU}, AREA, "50 mu too large"),
        ({"area_m2": 100 * MU}, AREA, "exactly at the limit"),
        ({"area_m2": 1100 * MU}, LEAST, "1,000 mu to spare"),
        ({"area_m2": 12_345.0}, LEAST | {"minimum": "2 ha"}, "short by 0.7655 ha"),
        ({"interchange_distance_m": 10_410.0}, WITHIN, "410 m too far"),
        (HIT, CLEAR, "12.3 % of the parcel too much"),
        ({}, CLEAR, "as asked"),
        ({"farmland_evidence": "not_checked"}, CLEAR, "not checked"),
        ({"stock_status": "planned"}, STATUS, "not as asked"),
        ({}, {"use": "available_by", "by": "2026-06-23"}, "7 days too late"),
        ({}, {"use": "far_allows", "far": 2.25}, "off the planned range by 0.25"),
        ({}, DEAR, "5 × 10,000 CNY/mu too dear"),
    ],
)
def test_a_gap_is_told_in_words(parcels, row, constraint, sentence) -> None:
    told = why(screen(ask(constraint), parcels(row)), "A")

    assert str(told.criteria[0].sentence) == sentence


def test_a_sentence_is_the_same_where_its_words_are() -> None:
    one, same = Note("{gap} m too far", gap="3"), Note("{gap} m too far", gap="3")

    assert {one, same} == {one}
    assert one != Note("{gap} m too far", gap="4")
    assert repr(one) == "Note('3 m too far')"


def test_near_misses_fail_exactly_one_and_come_nearest_first(parcels) -> None:
    facts = parcels(
        {"area_m2": 90 * MU},
        {"area_m2": 202 * MU},
        {"area_m2": 90 * MU, "interchange_distance_m": 20_000.0},
        {"interchange_distance_m": 10_050.0},
        {"stock_status": "planned"},
        {},
    )
    within = {"use": "within_distance", "layer": "interchange", "within_m": 10_000}
    status = {"use": "stock_status_in", "statuses": ["net_land"]}
    misses = near_misses(screen(ask(AREA, within, status), facts))

    assert [(one.parcel_id, one.name, one.gap) for one in misses] == [
        ("D", "within_distance:interchange", -50.0),
        ("B", "area_between", -2.0),
        ("A", "area_between", -10.0),
        ("E", "stock_status_in", None),
    ]
    assert [one.relative for one in misses] == [0.005, 0.01, 0.1, None]


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), limit=st.integers(1, 30))
def test_near_misses_are_the_first_of_all(many, need_text, seed, limit) -> None:
    found = screen(read_need(need_text), many(seed, 120))
    every = near_misses(found, 10_000)

    assert near_misses(found, limit) == every[:limit]
    assert len(every) == ((found.blocked == 1) & _one_fails(found)).sum()


def _one_fails(found):
    return np.any([one.state == 0 for one in found.constraints], axis=0)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), policy=st.sampled_from(["keep", "exclude"]))
def test_a_relaxation_admits_exactly_what_it_says(
    many, need_text, seed, policy
) -> None:
    facts = many(seed, 150)
    need = read_need(need_text).model_copy(update={"not_checked": policy})
    found = screen(need, facts)
    offers = relaxations(found)

    for offer in offers:
        if not offer.parameter:
            assert offer.firm
            continue
        after = screen(relaxed(need, found, offer), facts)
        assert offer.admits > 0
        assert (after.eligible & ~found.eligible).sum() == offer.admits
        assert (found.eligible & ~after.eligible).sum() == offer.loses
        assert offer.loses == 0 or offer.name == "far_allows"


def test_a_control_line_is_never_relaxed_and_it_says_so(parcels) -> None:
    facts = parcels({"farmland_evidence": "hit", "farmland_share": 0.001})
    (offer,) = relaxations(screen(ask({"use": "clear_of", "layer": "farmland"}), facts))

    assert (offer.control_line, offer.parameter, offer.excludes) == (True, "", 1)
    assert str(offer.firm) == "A control line is never relaxed."


def test_steps_admit_the_nearest_parcel_ten_and_a_hundred(parcels) -> None:
    facts = parcels(*({"area_m2": (99.5 - n) * MU} for n in range(12)))
    offers = relaxations(screen(ask(AREA), facts))

    assert [(one.parameter, one.to, one.admits) for one in offers] == [
        ("minimum", "99.5 mu", 1),
        ("minimum", "90.5 mu", 10),
        ("minimum", "88.5 mu", 12),
    ]


def test_a_date_a_price_and_a_distance_are_relaxed_in_their_own_units(parcels) -> None:
    late = {"use": "available_by", "by": "2026-06-01"}
    dear = {"use": "price_at_most", "price": "15 wan_cny/mu"}
    far = {"use": "within_distance", "layer": "interchange", "within_m": 4000}

    for constraint, to in ((late, "2026-06-30"), (dear, "20 wan_cny/mu"), (far, 5000)):
        (offer,) = relaxations(screen(ask(constraint), parcels({})))
        assert offer.to == to


def test_a_list_of_words_is_relaxed_by_the_word_that_admits_most(parcels) -> None:
    facts = parcels(
        {"stock_status": "planned"},
        {"stock_status": "inefficient"},
        {"stock_status": "planned"},
    )
    status = {"use": "stock_status_in", "statuses": ["net_land"]}
    offers = relaxations(screen(ask(status), facts))

    assert [(one.to, one.admits) for one in offers] == [
        (["net_land", "planned"], 2),
        (["net_land", "inefficient"], 1),
    ]


def offered(constraint, facts):
    """List what one constraint offers: setting, value, how many it admits."""
    found = screen(ask(constraint), facts)
    return [(one.parameter, one.to, one.admits) for one in relaxations(found)]


def test_a_zone_may_be_added_any_may_do_or_the_condition_is_left_out(parcels) -> None:
    facts = parcels({"zone_code": ""}, {"zone_code": ""}, {}, {"zone_code": "7"})
    inside = {"use": "in_development_zone", "zones": ["52103001"]}

    assert offered(inside | {"zones": "any"}, facts) == [("zones", None, 2)]
    assert offered(inside | {"zones": "none"}, facts) == [("zones", None, 2)]
    assert offered(inside, facts) == [
        ("zones", ["52103001", "52101001"], 1),
        ("zones", ["52103001", "7"], 1),
        ("zones", "any", 2),
        ("zones", None, 4),
    ]


def test_a_condition_left_out_is_gone_from_the_need(parcels) -> None:
    facts = parcels({"zone_code": ""})
    found = screen(ask(AREA, {"use": "in_development_zone"}), facts)
    (offer,) = relaxations(found)
    after = relaxed(found.need, found, offer)

    assert offer.drops
    assert [one.use for one in after.constraints] == ["area_between"]
    assert screen(after, facts).eligible.all()


def test_control_lines_are_checked_not_kept(parcels) -> None:
    unseen = {"farmland_evidence": "not_checked", "farmland_covered_share": 0.0}
    facts = parcels(unseen, unseen, HIT)
    (waiting, firm) = relaxations(screen(ask(CLEAR | STRICT), facts))

    assert {waiting.parameter, firm.parameter} == {""}
    assert str(waiting.firm) == (
        "2 parcels only need checking against this line; it is never relaxed."
    )
    assert str(firm.firm) == "A control line is never relaxed."


def test_what_was_not_checked_may_be_kept(parcels) -> None:
    facts = parcels({"price_cny_m2": float("nan")})
    found = screen(ask(DEAR | STRICT), facts)
    (offer,) = relaxations(found)

    assert (offer.parameter, offer.to, offer.admits) == ("not_checked", "keep", 1)
    assert screen(relaxed(found.need, found, offer), facts).flagged.all()
    assert near_misses(found) == []


def test_one_service_is_lowered_a_level_or_done_without(parcels) -> None:
    services = {
        "use": "services_at_least",
        "services": {"power": "present", "gas": "present"},
    }
    facts = parcels(
        {"service_power": "at_boundary"},
        {"service_power": "none"},
        {"service_gas": "at_boundary"},
        {"service_power": "none", "service_gas": "none"},
    )

    assert offered(services, facts) == [
        ("services", {"power": "at_boundary", "gas": "present"}, 1),
        ("services", {"gas": "present"}, 2),
        ("services", {"power": "present", "gas": "at_boundary"}, 1),
        ("services", {"power": "present"}, 1),
    ]


def test_the_only_service_is_done_without_by_leaving_the_condition_out(parcels) -> None:
    services = {"use": "services_at_least", "services": {"power": "present"}}
    facts = parcels({"service_power": "none"})

    assert offered(services, facts) == [("services", None, 1)]
    held = {"use": "services_at_least", "services": {"power": "planned"}}
    assert offered(held, facts) == [("services", {"power": "none"}, 1)]


def test_parcels_that_lack_two_services_are_told_so(parcels) -> None:
    services = {"power": "present", "gas": "present"}
    facts = parcels({"service_power": "none", "service_gas": "none"})
    need = ask({"use": "services_at_least", "services": services})
    (offer,) = relaxations(screen(need, facts))

    assert (offer.parameter, offer.excludes) == ("", 1)
    assert "lacks more than one service" in str(offer.firm)


def test_another_ratio_is_proposed_and_tells_whom_it_loses(parcels) -> None:
    facts = parcels({}, {"far_min": 2.5, "far_max": 5.0}, {"far_min": 3, "far_max": 9})
    found = screen(ask({"use": "far_allows", "far": 2.25}), facts)

    assert [(one.to, one.admits, one.loses) for one in relaxations(found)] == [
        (2.0, 1, 0),
        (2.5, 1, 0),
        (3.0, 2, 0),
    ]
    found = screen(ask({"use": "far_allows", "far": 2.0}), facts)
    assert [(one.to, one.admits, one.loses) for one in relaxations(found)] == [
        (2.5, 1, 1),
        (3.0, 2, 1),
    ]


def test_a_range_that_contradicts_itself_is_told_so(parcels) -> None:
    facts = parcels({"far_min": 3.0, "far_max": 2.0})
    (offer,) = relaxations(screen(ask({"use": "far_allows", "far": 2.5}), facts))

    assert offer.parameter == ""
    assert "contradicts itself" in str(offer.firm)


def test_a_ratio_is_missed_by_a_share_of_the_ratio_asked(parcels) -> None:
    facts = parcels({"far_min": 0.5, "far_max": 3.5})
    (miss,) = near_misses(screen(ask({"use": "far_allows", "far": 9}), facts))

    assert miss.gap == -5.5
    assert miss.relative == pytest.approx(5.5 / 9)


@pytest.mark.parametrize(
    ("metres", "text"),
    [(81.31, "81.3 m"), (999.0, "999 m"), (2_784.5, "2.78 km"), (10_000.0, "10.00 km")],
)
def test_a_distance_is_written_one_way(metres: float, text: str) -> None:
    assert distance(metres) == text

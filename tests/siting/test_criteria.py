"""Each criterion by arithmetic, on parcels small enough to count by hand."""

import numpy as np
import pytest
from pandas import Series

from siting.criteria import CONSTRAINTS, FACTORS
from siting.explain import why
from siting.need import read_need
from siting.screen import screen

MU = 10_000 / 15
P, F, U = "pass", "fail", "not_checked"


def states(facts, use, need=None, **settings):
    """Ask one constraint; return the state of each parcel."""
    asked = {"constraints": [{"use": use, **settings}], **(need or {})}
    answer = screen(read_need(asked), facts).constraints[0]
    return [answer.state_at(place) for place in range(len(facts.table))]


def reasons(facts, use, need=None, **settings):
    asked = {"constraints": [{"use": use, **settings}], **(need or {})}
    found = screen(read_need(asked), facts)
    return [why(found, key).criteria[0] for key in found.parcel_ids]


def points(facts, use, need=None, **settings):
    asked = {"factors": [{"use": use, **settings}], **(need or {})}
    return screen(read_need(asked), facts).score.tolist()


def test_a_hundred_mu_are_at_least_a_hundred_mu(parcels) -> None:
    facts = parcels(
        {"area_m2": 100 * MU}, {"area_m2": 99.995 * MU}, {"area_m2": 99.99 * MU}
    )

    assert states(facts, "area_between", minimum="100 mu") == [P, P, F]
    assert [one.gap for one in reasons(facts, "area_between", minimum="100 mu")] == [
        0.0,
        0.0,
        -0.01,
    ]


def test_the_unit_of_the_threshold_decides_how_areas_are_compared(parcels) -> None:
    facts = parcels({"area_m2": 66_666.5})

    assert states(facts, "area_between", minimum="100 mu") == [P]
    assert states(facts, "area_between", minimum="66666.67 m2") == [F]
    assert states(facts, "area_between", minimum="6.6667 ha") == [P]


def test_a_maximum_in_another_unit_is_compared_in_that_of_the_minimum(parcels) -> None:
    facts = parcels({"area_m2": 100 * MU}, {"area_m2": 150.01 * MU})
    told = reasons(facts, "area_between", minimum="100 mu", maximum="10 ha")

    assert [one.state for one in told] == [P, F]
    assert told[1].threshold == [100, 150]
    assert (told[1].gap, told[1].unit) == (-0.01, "mu")


def test_the_need_says_which_area_counts(parcels) -> None:
    facts = parcels({
        "area_m2": 99 * MU,
        "area_plane_m2": 100 * MU,
        "area_declared_m2": float("nan"),
    })
    for basis, state in (("ellipsoidal", F), ("plane", P), ("declared", U)):
        need = {"area_basis": basis}
        assert states(facts, "area_between", need, minimum="100 mu") == [state]


def test_zoning_decides_over_the_parcels_own_code_which_is_flagged(parcels) -> None:
    facts = parcels(
        {"zoning_share_100102": 0.9, "zoning_share_0902": 0.1},
        {"zoning_share_100102": 0.89, "zoning_share_0902": 0.11},
        {"zoning_share_100102": 1.0, "land_use_code": "0902"},
        {"land_use_code": "0902", "land_use_system": "GB/T 21010"},
        {"land_use_code": ""},
    )
    told = reasons(facts, "land_use_permitted", codes=["1001"])

    assert [one.state for one in told] == [P, F, P, P, P]
    assert [one.value for one in told] == [0.9, 0.89, 1.0, 1.0, 1.0]
    assert [bool(one.notes) for one in told] == [False, True, True, False, False]


def test_ground_without_zoning_may_be_permitted_so_it_is_not_checked(parcels) -> None:
    half = {"zoning_share_100102": 0.5}
    facts = parcels(
        {**half, "zoning_covered_share": 0.5},
        {**half, "zoning_covered_share": 0.8},
        {"zoning_covered_share": 0.0, "zoning_share_100102": float("nan")},
        {"zoning_share_100102": 0.95, "zoning_covered_share": 0.95},
    )

    assert states(facts, "land_use_permitted", codes=["100102"]) == [U, F, U, P]


def test_zoning_of_a_class_above_the_one_wanted_is_not_checked(parcels) -> None:
    coarse = parcels({"zoning_share_100102": 0.0, "zoning_share_1001": 1.0})

    assert states(coarse, "land_use_permitted", codes=["100102"]) == [U]
    assert states(coarse, "land_use_permitted", codes=["1001"]) == [P]
    assert states(coarse, "land_use_permitted", codes=["0902"]) == [F]


def test_digits_name_all_classes_below_and_letters_only_themselves(parcels) -> None:
    facts = parcels({"zoning_share_100102": 0.0, "zoning_share_O-1": 1.0})

    assert states(facts, "land_use_permitted", codes=["O-1"]) == [P]
    assert states(facts, "land_use_permitted", codes=["O"]) == [F]


def test_a_confirmed_industry_uses_its_class_and_says_what_is_open(parcels) -> None:
    facts = parcels({}, {"zoning_share_100102": 0.0, "zoning_share_100101": 1.0})
    told = reasons(facts, "land_use_permitted", {"industry": "C3849"})

    assert [one.state for one in told] == [P, P]
    assert "100102, 100103" in str(told[0].notes[0])


def test_an_unconfirmed_refinement_counts_on_the_users_word(parcels) -> None:
    facts = parcels(
        {"zoning_share_100101": 0.0},
        {"zoning_share_100102": 0.0, "zoning_share_100101": 1.0},
    )
    need = {"industry": "C3849", "accept_unconfirmed": True}

    assert states(facts, "land_use_permitted", need) == [P, F]


def test_an_unconfirmed_mapping_is_not_used_without_the_users_word(parcels) -> None:
    facts = parcels({"zoning_share_100102": 0.0, "zoning_share_0902": 1.0})
    told = reasons(facts, "land_use_permitted", {"industry": "I6450"})

    assert [one.state for one in told] == [U]
    assert "1001, 0902" in str(told[0].notes[0])
    need = {"industry": "I6450", "accept_unconfirmed": True}
    assert states(facts, "land_use_permitted", need) == [P]


def test_a_confirmed_mapping_without_refinement_needs_no_remark(parcels) -> None:
    told = reasons(
        parcels({"zoning_share_1101": 1.0}), "land_use_permitted", {"industry": "G59"}
    )

    assert (told[0].state, told[0].notes[1:]) == (P, ())


@pytest.mark.parametrize("industry", ["", "T97"])
def test_without_a_mapping_nothing_is_checked_and_the_answer_says_so(
    parcels, industry
) -> None:
    told = reasons(parcels({}), "land_use_permitted", {"industry": industry})

    assert told[0].state == U
    assert "name the classes" in str(told[0].notes[0])


def test_a_class_that_the_zoning_does_not_have_is_told(parcels) -> None:
    told = reasons(parcels({}), "land_use_permitted", codes=["1301"])

    assert told[0].state == F
    assert "1301" in str(told[0].notes[0])


def test_stock_status_is_one_of_those_wanted(parcels) -> None:
    facts = parcels({}, {"stock_status": "planned"}, {"stock_status": ""})

    assert states(facts, "stock_status_in", statuses=["net_land"]) == [P, F, U]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("520115", [P, F, U]),
        ("520100", [P, F, U]),
        ("5203", [F, P, U]),
        ("52", [P, P, U]),
        ("520000", [P, P, U]),
    ],
)
def test_a_region_is_a_county_a_prefecture_or_a_province(
    parcels, code, expected
) -> None:
    facts = parcels({}, {"county_code": "520302"}, {"county_code": ""})

    assert states(facts, "region_in", codes=[code]) == expected


def test_where_zones_were_not_looked_for_none_found_is_not_checked(parcels) -> None:
    outside = {"zone_code": "", "zone_leading_industries": ""}
    facts = parcels(
        {"zone_evidence": "hit"},
        *(
            outside | {"zone_evidence": one}
            for one in ("partly_covered", "not_checked")
        ),
        outside | {"zone_evidence": "clear"},
    )

    assert states(facts, "in_development_zone") == [P, U, U, F]
    assert states(facts, "in_development_zone", zones="none") == [F, U, U, P]
    assert states(facts, "in_development_zone", zones=["52103001"]) == [F, U, U, F]
    need = {"factors": [{"use": "zone_matches_industry"}], "industry": "C3849"}
    (factor,) = screen(read_need(need), facts).factors
    assert factor.state.tolist() == [1, -1, -1, 0]
    assert np.isnan(factor.share).tolist() == [False, True, True, False]


def test_a_parcel_is_in_any_zone_in_none_or_in_one_named(parcels) -> None:
    facts = parcels({}, {"zone_code": ""}, {"zone_code": "52103001"})

    assert states(facts, "in_development_zone") == [P, F, P]
    assert states(facts, "in_development_zone", zones="none") == [F, P, F]
    assert states(facts, "in_development_zone", zones=["52103001"]) == [F, F, P]


def overlap(share, covered, evidence, layer="geohazard"):
    return {
        f"{layer}_share": share,
        f"{layer}_overlap_m2": share * 1000,
        f"{layer}_covered_share": covered,
        f"{layer}_evidence": evidence,
    }


def test_only_a_parcel_wholly_checked_is_clear_of_a_control_line(parcels) -> None:
    facts = parcels(
        overlap(0.0, 1.0, "clear"),
        overlap(1e-7, 1.0, "clear"),
        overlap(0.0, 0.99, "partly_covered"),
        overlap(float("nan"), 0.0, "not_checked"),
        overlap(0.05, 1.0, "hit"),
    )

    assert states(facts, "clear_of", layer="geohazard") == [P, P, U, U, F]
    assert states(facts, "clear_of", layer="geohazard", up_to_share=0.05) == [
        P,
        P,
        U,
        U,
        P,
    ]


def test_a_hit_above_the_share_fails_however_little_was_checked(parcels) -> None:
    facts = parcels(overlap(0.1, 0.2, "hit"), overlap(0.05, 0.2, "hit"))

    assert states(facts, "clear_of", layer="geohazard", up_to_share=0.05) == [F, U]


def test_a_hit_never_rounds_down_to_nothing(parcels) -> None:
    told = reasons(parcels(overlap(2e-6, 1.0, "hit")), "clear_of", layer="geohazard")

    assert (told[0].state, told[0].value, told[0].gap) == (F, 0.0001, -0.0001)
    assert told[0].beside == {"overlap_m2": 0.002}
    assert told[0].evidence == "hit"


def test_what_was_not_checked_has_no_value(parcels) -> None:
    facts = parcels(overlap(float("nan"), 0.0, "not_checked"))
    told = reasons(facts, "clear_of", layer="geohazard")

    assert (told[0].value, told[0].gap) == (None, None)
    assert told[0].beside == {"overlap_m2": None}


def test_inside_a_boundary_counts_what_cannot_be_known(parcels) -> None:
    facts = parcels(
        overlap(1.0, 1.0, "hit", "urban_boundary"),
        overlap(0.6, 0.6, "hit", "urban_boundary"),
        overlap(0.2, 0.6, "hit", "urban_boundary"),
        overlap(0.0, 1.0, "clear", "urban_boundary"),
        overlap(float("nan"), 0.0, "not_checked", "urban_boundary"),
    )

    assert states(facts, "inside") == [P, U, F, F, U]
    assert states(facts, "inside", at_least_share=0.6) == [P, P, U, F, U]


def reach(distance, found=None):
    known = distance is not None
    return {
        "interchange_distance_m": distance if known else float("nan"),
        "interchange_found_m": distance if known else found,
        "interchange_evidence": "measured" if known else "not_checked",
    }


def test_distances_count_to_a_tenth_of_a_metre(parcels) -> None:
    facts = parcels(
        reach(1000.04), reach(1000.05), reach(999.94), reach(None, found=10.0)
    )
    ask = {"layer": "interchange"}

    assert states(facts, "within_distance", within_m=1000, **ask) == [P, F, P, U]
    assert states(facts, "beyond_distance", beyond_m=1000, **ask) == [P, P, F, F]


def test_one_found_far_away_does_not_prove_that_none_is_nearer(parcels) -> None:
    facts = parcels(reach(None, found=5000.0), reach(None, found=float("nan")))
    told = reasons(facts, "beyond_distance", layer="interchange", beyond_m=1000)

    assert [one.state for one in told] == [U, U]
    assert [one.value for one in told] == [5000.0, None]


def test_distances_do_without_the_columns_that_only_explain(parcels) -> None:
    facts = parcels(reach(500.0))
    table = facts.table.drop(columns=["interchange_found_m", "interchange_evidence"])
    bare = type(facts)(table)

    assert states(bare, "beyond_distance", layer="interchange", beyond_m=500) == [P]
    assert states(bare, "within_distance", layer="interchange", within_m=499) == [F]


def test_every_service_must_reach_its_level(parcels) -> None:
    facts = parcels(
        {},
        {"service_power": "at_boundary"},
        {"service_water": "unknown"},
        {"service_water": "unknown", "service_power": "none"},
    )
    ask = {"power": "present", "water": "planned"}

    assert states(facts, "services_at_least", services=ask) == [P, F, U, F]


def test_a_service_without_a_column_is_not_checked(parcels) -> None:
    facts = parcels({}, {"service_power": "none"})
    bare = type(facts)(facts.table.drop(columns=["service_gas"]))
    ask = {"power": "present", "gas": "none"}

    assert states(bare, "services_at_least", services=ask) == [U, F]


def test_prices_are_compared_in_the_unit_of_the_limit(parcels) -> None:
    facts = parcels({"price_cny_m2": 367.5}, {"price_cny_m2": float("nan")})

    assert states(facts, "price_at_most", price="24.5 wan_cny/mu") == [P, U]
    assert states(facts, "price_at_most", price="24.49 万元/亩") == [F, U]
    assert states(facts, "price_at_most", price="367.49 cny/m2") == [F, U]


def test_the_planned_ratio_allows_what_lies_between_its_ends(parcels) -> None:
    unknown = float("nan")
    facts = parcels(
        {"far_min": 1.0, "far_max": 2.0},
        {"far_min": 1.6, "far_max": 2.0},
        {"far_min": 1.0, "far_max": 1.4},
        {"far_min": 1.0, "far_max": unknown},
        {"far_min": 1.6, "far_max": unknown},
        {"far_min": unknown, "far_max": unknown},
    )
    told = reasons(facts, "far_allows", far=1.5)

    assert [one.state for one in told] == [P, F, F, U, F, U]
    assert [one.gap for one in told] == [0.5, -0.1, -0.1, None, -0.1, None]
    assert told[0].value == {"far_min": 1.0, "far_max": 2.0}
    assert told[0].threshold == 1.5


def test_width_and_day_are_inclusive(parcels) -> None:
    facts = parcels(
        {"available_from": "2026-06-30"},
        {"available_from": "2026-07-01", "width_min_m": 149.9},
        {"available_from": ""},
        {"available_from": "soon"},
    )
    told = reasons(facts, "available_by", by="2026-06-30")

    assert [one.state for one in told] == [P, F, U, U]
    assert [one.gap for one in told] == [0, -1, None, None]
    assert (told[1].value, told[1].threshold) == ("2026-07-01", "2026-06-30")
    assert states(facts, "width_at_least", width_m=150) == [P, F, P, P]


def test_a_rectangle_fits_either_way_round_limits_included(parcels) -> None:
    sides = [(150.0, 80.0), (149.9, 80.0), (400.0, 79.0), (90.0, 60.0), (None, None)]
    facts = parcels(
        *(
            {"rectangle_length_m": length, "rectangle_width_m": width}
            for length, width in sides
        )
    )
    facts.table["rectangle_length_m"] = facts.table["rectangle_length_m"].astype(float)
    facts.table["rectangle_width_m"] = facts.table["rectangle_width_m"].astype(float)
    told = reasons(facts, "fits_rectangle", length_m=80, width_m=150)

    assert [one.state for one in told] == [P, F, F, F, U]
    assert [one.gap for one in told] == [0.0, -0.1, -1.0, -60.0, None]
    assert told[0].value == {"length_m": 150.0, "width_m": 80.0}
    assert told[0].threshold == {"length_m": 150.0, "width_m": 80.0}
    assert [len(one.notes) for one in told] == [0, 0, 1, 0, 0]


def test_without_rectangles_it_says_what_makes_them(parcels) -> None:
    told = reasons(parcels({}), "fits_rectangle", length_m=80, width_m=150)

    assert told[0].state == U
    assert "landmap rectangles" in str(told[0].notes[0])


def test_a_parcel_that_the_own_project_holds_is_free(parcels) -> None:
    facts = parcels({}, {}, {})
    need = read_need({"constraints": [{"use": "not_claimed"}]})
    claims = Series({"A": "ours", "B": "theirs"})
    found = screen(need, facts, claims=claims, project_id="ours")

    assert [found.answers[0].state_at(place) for place in range(3)] == [P, F, P]
    assert found.answers[0].value_at(1) == "theirs"


def test_without_a_snapshot_of_claims_nothing_is_known_of_them(parcels) -> None:
    told = reasons(parcels({}), "not_claimed")

    assert told[0].state == U
    assert told[0].notes


def test_a_layer_that_is_not_loaded_answers_not_checked_and_says_what_to_load(
    parcels,
) -> None:
    told = reasons(parcels({}), "clear_of", layer="ecology")

    assert told[0].state == U
    assert "landmap ingest ecology" in str(told[0].notes[0])


def test_a_fact_that_was_never_measured_is_named(parcels) -> None:
    facts = parcels({})
    bare = type(facts)(facts.table.drop(columns=["width_min_m"]))

    assert "width_min_m" in str(reasons(bare, "width_at_least", width_m=1)[0].notes[0])


def test_nearness_falls_in_a_straight_line_to_nothing(parcels) -> None:
    facts = parcels(reach(0.0), reach(2500.0), reach(10_000.0), reach(20_000.0))

    assert points(facts, "near", layer="interchange") == [100, 75, 0, 0]


def test_half_the_price_is_half_the_points(parcels) -> None:
    facts = parcels(
        {"price_cny_m2": 300.0}, {"price_cny_m2": 0.0}, {"price_cny_m2": float("nan")}
    )

    assert points(facts, "price_low", at_most="40 wan_cny/mu") == [50, 100, 0]


def test_services_count_by_how_far_they_have_come(parcels) -> None:
    facts = parcels(
        {"service_power": "at_boundary"},
        {"service_power": "planned", "service_gas": "none"},
        {"service_power": "unknown"},
    )

    assert points(facts, "services_level", services=["power", "gas"]) == [87.5, 12.5, 0]


def test_a_service_level_without_its_column_is_unknown(parcels) -> None:
    facts = parcels({})
    bare = type(facts)(facts.table.drop(columns=["service_gas"]))
    need = read_need({"factors": [{"use": "services_level", "services": ["gas"]}]})

    assert screen(need, bare).flagged.tolist() == [True]


def test_the_ideal_area_counts_fully_and_less_on_both_sides(parcels) -> None:
    facts = parcels(*({"area_m2": mu * MU} for mu in (100, 75, 125, 150, 300)))

    assert points(facts, "area_near_ideal", ideal="100 mu", tolerance="50 mu") == [
        100,
        50,
        50,
        0,
        0,
    ]


def test_compactness_is_its_own_share(parcels) -> None:
    facts = parcels({"compactness": 0.7854}, {"compactness": float("nan")})

    assert points(facts, "compact") == [78.54, 0]


@pytest.mark.parametrize(
    ("leading", "score"),
    [("C38", 100), ("C15;C384", 100), ("C3849", 100), ("C15", 0), ("", 0)],
)
def test_a_zone_fits_whose_leading_industry_holds_that_of_the_need(
    parcels, leading, score
) -> None:
    facts = parcels({"zone_leading_industries": leading})

    assert points(facts, "zone_matches_industry", {"industry": "C3849"}) == [score]


def test_a_need_of_a_whole_division_fits_a_zone_of_a_class_within_it(parcels) -> None:
    facts = parcels({"zone_leading_industries": "C3849"})

    assert points(facts, "zone_matches_industry", {"industry": "C38"}) == [100]
    assert points(facts, "zone_matches_industry", {"industry": "C39"}) == [0]


def test_without_an_industry_no_zone_fits(parcels) -> None:
    assert points(parcels({}), "zone_matches_industry") == [0]


def test_zones_that_the_need_names_as_key_are_preferred(parcels) -> None:
    facts = parcels(
        {"zone_code": "52201033", "zone_evidence": "hit"},
        {"zone_code": "52201028", "zone_evidence": "hit"},
        {"zone_code": "", "zone_evidence": "clear"},
        {"zone_code": "", "zone_evidence": "partly_covered"},
    )
    asked = {"zones": ["52201033", "52201009"]}

    assert points(facts, "in_key_zone", **asked) == [100, 0, 0, 0]


def test_there_are_sixteen_constraints_and_seven_factors() -> None:
    assert len(CONSTRAINTS) == 16
    assert len(FACTORS) == 7


def test_overlapping_classes_add_up_to_no_more_than_was_zoned(parcels) -> None:
    facts = parcels({
        "zoning_share_100101": 0.6,
        "zoning_share_100102": 0.6,
        "zoning_covered_share": 0.7,
    })
    asked = {"codes": ["1001"], "share": 0.9}

    assert states(facts, "land_use_permitted", **asked) == [U]
    assert states(facts, "land_use_permitted", codes=["1001"], share=0.7) == [P]

"""The laws that hold for every need and every set of parcels."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas import Series

from siting.explain import to_json
from siting.need import read_need
from siting.screen import prepare, screen

seeds = st.integers(0, 10**6)
law = settings(max_examples=25, deadline=None)


def by_parcel(found):
    """Tell everything a screening says of each parcel, by its id."""
    ranks = {int(place): rank for rank, place in enumerate(found.order)}
    return {
        key: (
            [int(one.state[place]) for one in found.answers],
            [one.gap_at(place) for one in found.answers],
            [one.value_at(place) for one in found.answers],
            float(found.score[place]),
            bool(found.eligible[place]),
            bool(found.flagged[place]),
            place in ranks,
        )
        for place, key in enumerate(found.parcel_ids)
    }


def ranking(found):
    return [found.parcel_ids[place] for place in found.order]


@law
@given(
    seed=seeds,
    cut=st.integers(1, 49),
    method=st.sampled_from(["weighted_sum", "topsis"]),
)
def test_cutting_the_parcels_changes_no_answer(
    many, need_text, seed, cut, method
) -> None:
    facts = many(seed, 50)
    need = read_need(need_text).model_copy(update={"method": method})
    whole = by_parcel(screen(need, facts))
    parts = [facts.table.iloc[:cut], facts.table.iloc[cut:]]

    pieces = [by_parcel(screen(need, replace(facts, table=part))) for part in parts]

    assert pieces[0] | pieces[1] == whole


@law
@given(seed=seeds, shuffle=seeds)
def test_the_order_of_the_parcels_changes_nothing_but_their_order(
    many, need_text, seed, shuffle
) -> None:
    facts, need = many(seed, 40), read_need(need_text)
    other = replace(facts, table=facts.table.sample(frac=1, random_state=shuffle))
    found, again = screen(need, facts), screen(need, other)

    assert by_parcel(again) == by_parcel(found)
    assert ranking(again) == ranking(found)
    assert again.result_hash == found.result_hash
    assert to_json(again) == to_json(found)


@law
@given(
    seed=seeds,
    left_out=st.sets(st.integers(0, 39), max_size=20),
    method=st.sampled_from(["weighted_sum", "topsis"]),
)
def test_leaving_parcels_out_never_reorders_the_others(
    many, need_text, seed, left_out, method
) -> None:
    facts = many(seed, 40)
    need = read_need(need_text).model_copy(update={"method": method, "constraints": ()})
    kept = [place for place in range(40) if place not in left_out]
    fewer = screen(need, replace(facts, table=facts.table.iloc[kept]))

    assert ranking(fewer) == [
        key for key in ranking(screen(need, facts)) if key in set(fewer.parcel_ids)
    ]


LOOSER = [
    ("area_between", {"minimum": ["120 mu", "80 mu", "10 mu"]}),
    ("area_between", {"maximum": ["80 mu", "8 ha", "150000 m2"]}),
    ("land_use_permitted", {"codes": [["100102"]] * 3, "share": [0.95, 0.5, 0.0]}),
    ("land_use_permitted", {"codes": [["100102"], ["1001"], ["10", "09"]]}),
    ("stock_status_in", {"statuses": [["planned"], ["planned", "net_land"]]}),
    ("region_in", {"codes": [["520115"], ["520100"], ["52"]]}),
    ("clear_of", {"layer": ["farmland"] * 3, "up_to_share": [0.0, 0.05, 1.0]}),
    ("inside", {"at_least_share": [1.0, 0.5, 0.0]}),
    ("within_distance", {"layer": ["interchange"] * 2, "within_m": [1000, 9000]}),
    ("beyond_distance", {"layer": ["substation"] * 2, "beyond_m": [9000, 10]}),
    (
        "services_at_least",
        {"services": [{"power": "present"}, {"power": "planned"}, {"power": "none"}]},
    ),
    ("price_at_most", {"price": ["15 wan_cny/mu", "300 cny/m2", "40 wan_cny/mu"]}),
    ("width_at_least", {"width_m": [200, 20]}),
    ("available_by", {"by": ["2026-01-01", "2026-12-31", "2028-01-01"]}),
]


@pytest.mark.parametrize(("use", "steps"), LOOSER)
@pytest.mark.parametrize("policy", ["keep", "exclude"])
def test_loosening_a_threshold_never_removes_a_candidate(
    many, use, steps, policy
) -> None:
    facts = many(11, 400)
    before = np.zeros(400, dtype=bool)
    for step in range(len(next(iter(steps.values())))):
        asked = {"use": use, **{key: values[step] for key, values in steps.items()}}
        need = read_need({"not_checked": policy, "constraints": [asked]})
        now = screen(need, facts).eligible

        assert (now >= before).all()
        before = now
    assert before.any()


@law
@given(seed=seeds)
def test_what_is_not_known_is_never_green(many, seed) -> None:
    facts = many(seed, 60)
    table = facts.table
    need = read_need({
        "constraints": [
            {"use": "clear_of", "layer": "farmland"},
            {"use": "within_distance", "layer": "interchange", "within_m": 50_000},
            {"use": "price_at_most", "price": "1000 wan_cny/mu"},
            {"use": "services_at_least", "services": {"power": "none"}},
        ],
    })
    found = screen(need, facts)
    unknown = [
        table["farmland_evidence"].isin(["partly_covered", "not_checked"]),
        table["interchange_evidence"] == "not_checked",
        table["price_cny_m2"].isna(),
        table["service_power"] == "unknown",
    ]
    for answer, rows in zip(found.constraints, unknown, strict=True):
        assert (answer.state[rows] == -1).all()
        assert np.isnan(answer.gap[rows]).all()
    anything = np.any(unknown, axis=0)
    assert (found.flagged == (found.eligible & anything)).all()
    strict = screen(need.model_copy(update={"not_checked": "exclude"}), facts)
    assert not strict.eligible[anything].any()
    assert (strict.eligible == (found.eligible & ~found.flagged)).all()


@law
@given(seed=seeds)
def test_an_unknown_factor_adds_nothing_and_is_flagged(many, seed) -> None:
    facts = many(seed, 40)
    need = read_need({"factors": [{"use": "near", "layer": "interchange"}]})
    found = screen(need, facts)
    unknown = (facts.table["interchange_evidence"] == "not_checked").to_numpy()

    assert (found.score[unknown] == 0).all()
    assert (found.flagged == unknown).all()


@law
@given(seed=seeds)
def test_the_three_counts_add_up_to_the_parcels(many, need_text, seed) -> None:
    found = screen(read_need(need_text), many(seed, 60))
    counts = found.counts

    assert counts["parcels"] == 60
    assert sum(counts.values()) == 2 * 60
    assert counts["eligible"] + counts["eligible_not_checked"] == len(found.order)
    assert counts["eligible_not_checked"] == found.flagged.sum()
    assert sum(found.excluded_only_by.values()) == (found.blocked == 1).sum()


def test_one_board_answers_any_number_of_needs_as_fresh_facts_do(
    many, need_text
) -> None:
    facts, need = many(5, 80), read_need(need_text)
    board = prepare(facts)
    for minimum in ("20 mu", "50 mu", "3 ha", "80 mu", "50 mu"):
        constraints = [{"use": "area_between", "minimum": minimum}]
        changed = read_need({**need.model_dump(), "constraints": constraints})

        assert by_parcel(screen(changed, board)) == by_parcel(screen(changed, facts))
    assert by_parcel(screen(need, board)) == by_parcel(screen(need, facts))


def test_claims_change_only_the_parcels_they_name(many) -> None:
    facts = many(3, 30)
    need = read_need({"constraints": [{"use": "not_claimed"}]})
    named = list(facts.table.index[:3])
    claims = Series(["P-1", "P-2", ""], index=named)
    found = screen(need, facts, claims=claims, project_id="P-2")

    assert [found.answers[0].state_at(place) for place in range(4)] == [
        "fail",
        "pass",
        "pass",
        "pass",
    ]
    assert found.counts["excluded"] == 1

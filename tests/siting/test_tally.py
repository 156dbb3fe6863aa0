"""One pass by compiled loops says what numpy says, for any threads and blocks."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siting import contenders, measures, screen_loops
from siting.answer import Answer
from siting.compare import yes_or_no
from siting.contenders import Questions, score_of
from siting.explain import to_json
from siting.need import read_need
from siting.rank import best_of
from siting.screen import prepare, screen, warm
from siting.tally import tally
from siting.trials import AllOf, Given, Known, Proven, Trial, Wanted

LEVELS = ("present", "at_boundary", "planned", "none")
shares = st.sampled_from([0.0, 0.05, 0.5, 0.9, 1.0]) | st.floats(0, 1)
metres = st.sampled_from([0.0, 200.0, 8000.0, 1e9]) | st.floats(0, 12_000)
CONSTRAINTS = st.one_of(
    st.builds(
        lambda low, more: {
            "use": "area_between",
            "minimum": f"{low} mu",
            "maximum": f"{low + more} mu",
        },
        st.integers(0, 300),
        st.integers(0, 200),
    ),
    st.builds(
        lambda high, unit: {"use": "area_between", "maximum": f"{high} {unit}"},
        st.integers(0, 10**12),
        st.sampled_from(["mu", "ha", "m2"]),
    ),
    st.builds(
        lambda code, share: {
            "use": "land_use_permitted",
            "codes": [code],
            "share": share,
        },
        st.sampled_from(["1001", "100102", "10", "1101"]),
        shares,
    ),
    st.just({"use": "stock_status_in", "statuses": ["net_land", "planned"]}),
    st.just({"use": "region_in", "codes": ["5201"]}),
    st.sampled_from(["any", "none"]).map(
        lambda zones: {"use": "in_development_zone", "zones": zones}
    ),
    st.builds(
        lambda layer, share: {"use": "clear_of", "layer": layer, "up_to_share": share},
        st.sampled_from(["farmland", "geohazard", "nowhere"]),
        shares,
    ),
    shares.map(lambda share: {"use": "inside", "at_least_share": share}),
    metres.map(
        lambda far: {"use": "within_distance", "layer": "interchange", "within_m": far}
    ),
    metres.map(
        lambda far: {"use": "beyond_distance", "layer": "substation", "beyond_m": far}
    ),
    st.dictionaries(
        st.sampled_from(["power", "water", "gas"]), st.sampled_from(LEVELS), min_size=1
    ).map(lambda services: {"use": "services_at_least", "services": services}),
    st.floats(0, 60).map(
        lambda price: {"use": "price_at_most", "price": f"{price:.4f} wan_cny/mu"}
    ),
    (st.sampled_from([0.8, 1.0, 1.1, 2.0]) | st.floats(0, 4)).map(
        lambda far: {"use": "far_allows", "far": far}
    ),
    metres.map(lambda width: {"use": "width_at_least", "width_m": width}),
    st.just({"use": "available_by", "by": "2026-12-31"}),
    st.just({"use": "not_claimed"}),
)
FACTORS = st.one_of(
    st.floats(1, 20_000).map(
        lambda far: {"use": "near", "layer": "interchange", "within_m": far}
    ),
    st.just({"use": "near", "layer": "nowhere"}),
    st.floats(1, 60).map(
        lambda price: {"use": "price_low", "at_most": f"{price:.3f} wan_cny/mu"}
    ),
    st.just({"use": "services_level"}),
    st.just({"use": "services_level", "services": ["power", "gas"]}),
    st.builds(
        lambda ideal, off: {
            "use": "area_near_ideal",
            "ideal": f"{ideal} mu",
            "tolerance": f"{off} mu",
        },
        st.integers(0, 300),
        st.integers(1, 300),
    ),
    st.just({"use": "compact"}),
    st.just({"use": "zone_matches_industry"}),
    st.just({"use": "in_key_zone", "zones": ["52201033"]}),
)
NEEDS = st.builds(
    lambda constraints, factors, weights, policy, method: read_need({
        "industry": "C3849",
        "not_checked": policy,
        "method": method,
        "constraints": constraints,
        "factors": [
            {**one, "weight": weight}
            for one, weight in zip(factors, weights, strict=False)
        ],
    }),
    st.lists(CONSTRAINTS, max_size=8),
    st.lists(FACTORS, max_size=6),
    st.lists(st.floats(0.1, 10), min_size=6, max_size=6),
    st.sampled_from(["keep", "exclude"]),
    st.sampled_from(["weighted_sum", "weighted_sum", "topsis"]),
)


@pytest.fixture
def everything_is_many(monkeypatch):
    """Take the path of many parcels for few."""
    for module in (measures, contenders):
        monkeypatch.setattr(module, "MANY", 0)
    monkeypatch.setattr("siting.compare.MANY", 0)
    monkeypatch.setattr("siting.tally.MANY", 0)
    monkeypatch.setattr(contenders, "SAMPLE", 7)


def questions(found):
    return Questions(
        found.constraints, found.factors, found.need.method, len(found.board)
    )


@settings(max_examples=60, deadline=None)
@given(
    need=NEEDS,
    seed=st.integers(0, 10**6),
    count=st.integers(0, 400),
    threads=st.integers(1, 3),
    block=st.integers(1, 500),
    top=st.integers(0, 30),
)
def test_compiled_loops_say_what_numpy_says(
    many, need, seed, count, threads, block, top
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        asked = questions(screen(need, prepare(many(seed, count))))
        by_rule = tally(asked)
        order = best_of(
            by_rule.places,
            score_of(asked, by_rule.places),
            screen(need, many(seed, count)).board.ranks,
        )
        for module in (measures, contenders):
            patched.setattr(module, "MANY", 0)
        patched.setattr("siting.compare.MANY", 0)
        patched.setattr(contenders, "SAMPLE", 7)
        found = screen(need, prepare(many(seed, count)))
        asked = questions(found)
        told = tally(asked, loops=screen_loops, threads=threads, block=block)
        few = contenders.contenders(
            asked, told.places, top, screen_loops, threads=threads, block=block
        )
        best = best_of(few, score_of(asked, few), found.board.ranks, top)

    for name in ("blocked", "excluded", "alone", "places", "flagged"):
        assert (getattr(told, name) == getattr(by_rule, name)).all(), name
    assert (told.last == by_rule.last)[told.blocked > 0].all()
    assert best.tolist() == order[:top].tolist()


@pytest.mark.usefixtures("everything_is_many")
def test_many_parcels_are_answered_as_few_are(many, need_text, monkeypatch) -> None:
    facts, need = many(4, 3000), read_need(need_text)
    need = need.model_copy(update={"constraints": need.constraints[:4]})
    warm()
    compiled = screen(need, facts)
    fast, top = to_json(compiled, 50), compiled.best(50).tolist()
    assert compiled.tally.blocked.dtype == np.uint8

    monkeypatch.undo()
    plain = screen(need, facts)

    assert plain.tally.blocked.dtype == np.int16
    assert to_json(plain, 50) == fast
    assert plain.order[:50].tolist() == top
    assert [plain.rank(place) for place in top] == list(range(1, 51))


def test_infinite_figures_are_compared_as_they_are(many) -> None:
    facts = many(1, 300)
    table = facts.table.copy()
    table.loc[table.index[:40], "interchange_distance_m"] = np.inf
    table.loc[table.index[20:80], "compactness"] = np.inf
    table.loc[table.index[60:90], "price_cny_m2"] = 1e300
    need = read_need({
        "constraints": [
            {"use": "within_distance", "layer": "interchange", "within_m": 9000},
            {"use": "price_at_most", "price": "900 wan_cny/mu"},
        ],
        "factors": [{"use": "compact"}, {"use": "near", "layer": "interchange"}],
    })
    asked = questions(screen(need, replace(facts, table=table)))

    told, rule = tally(asked, loops=screen_loops), tally(asked)

    assert told.places.tolist() == rule.places.tolist()
    assert told.excluded.tolist() == rule.excluded.tolist()


def states_of(trial: Trial) -> list[int]:
    """Answer a trial by the compiled loops: what each parcel's state is."""
    found = []
    for keeps in (True, False):
        one = Answer(name="it", asked=None, verdict=yes_or_no(trial, [], None))
        one = replace(one, keeps_unknown=keeps)
        asked = Questions([one], [], "weighted_sum", len(trial))
        found.append(tally(asked, loops=screen_loops, block=3).blocked)
    return [0 if out else -1 if doubt else 1 for out, doubt in zip(*found, strict=True)]


@pytest.mark.parametrize("kind", [np.int8, np.int16, np.int32, np.int64])
def test_words_are_looked_up_however_they_are_kept(kind) -> None:
    codes = np.array([0, 1, -1, 2, 0, 2, -1], dtype=kind)
    table = np.array([1, 0, 1, -1], dtype=np.int8)

    assert states_of(Wanted(codes, table)) == table[codes].tolist()


@pytest.mark.parametrize(("kind", "words"), [(np.int8, 12), (np.int16, 12),
    (np.int8, 40), (np.int16, 300)])  # fmt: skip
def test_many_words_of_all_answers_are_looked_up(kind, words) -> None:
    draw = np.random.default_rng(words)
    codes = draw.integers(-1, words, 1_000).astype(kind)
    table = draw.integers(-1, 2, words + 1).astype(np.int8)

    assert states_of(Wanted(codes, table)) == table[codes].tolist()


def test_answers_join_whatever_they_are_made_of() -> None:
    some = Given(np.array([1, 1, 1, 0, 0, -1, -1, 1], dtype=np.int8))
    others = Given(np.array([1, 0, -1, 1, -1, 1, -1, 1], dtype=np.int8))
    known = Known(np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, np.nan, np.nan]))
    proof = Wanted(np.array([0, 0, 0, 0, 1, 1, 0, 0]), np.array([1, 0, -1], np.int8))
    nested = AllOf((some, Proven(AllOf((others, known)), proof)))

    for trial in (some, known, AllOf((some, others)), Proven(some, proof), nested):
        assert states_of(trial) == trial.at(slice(None)).tolist()


def test_a_column_of_another_length_is_not_read() -> None:
    short = yes_or_no(Known(np.zeros(3)), [], None)
    one = Answer(name="short", asked=None, verdict=short)

    with pytest.raises(ValueError, match="short does not answer 4 parcels"):
        tally(Questions([one], [], "weighted_sum", 4), loops=screen_loops)

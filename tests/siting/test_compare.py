"""The comparator: inclusive at the limit, on the value shown, unknown never passes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siting.columns import Coded, Figures
from siting.compare import FAIL, NOT_CHECKED, PASS, among, between_known, within

LIMIT = 100.0


def answer(values: list[float], **limits: float) -> list[int]:
    shown = Figures(np.array(values)).shown(2)
    return within(shown, unit="mu", decimals=2, **limits).state.tolist()


def test_a_value_at_the_limit_passes_and_a_hundredth_beyond_does_not() -> None:
    assert answer([99.99, 100.0, 100.01], low=LIMIT) == [FAIL, PASS, PASS]
    assert answer([99.99, 100.0, 100.01], high=LIMIT) == [PASS, PASS, FAIL]
    assert answer([49.99, 50.0, 100.0, 100.01], low=50, high=LIMIT) == [0, 1, 1, 0]


def test_the_value_compared_is_the_value_shown() -> None:
    assert answer([99.995, 99.9949], low=LIMIT) == [PASS, FAIL]
    assert answer([100.0049, 100.005], high=LIMIT) == [PASS, FAIL]


def test_a_limit_counts_as_it_is_shown() -> None:
    assert answer([100.0], low=100.004) == [PASS]


def test_an_unknown_value_neither_passes_nor_fails() -> None:
    assert answer([np.nan], low=LIMIT) == [NOT_CHECKED]
    assert answer([np.nan], high=LIMIT) == [NOT_CHECKED]
    assert answer([np.nan], low=1, high=LIMIT) == [NOT_CHECKED]


@given(
    st.lists(st.floats(-1e6, 1e6) | st.just(float("nan")), min_size=1),
    st.floats(-1e6, 1e6),
    st.floats(-1e6, 1e6),
    st.sampled_from(["low", "high", "both"]),
)
def test_a_parcel_passes_exactly_where_its_gap_is_not_negative(
    values: list[float], one: float, other: float, sides: str
) -> None:
    low, high = min(one, other), max(one, other)
    limits = {"low": low} if sides == "low" else {"high": high}
    limits = {"low": low, "high": high} if sides == "both" else limits
    verdict = within(Figures(np.array(values)).shown(2), unit="m", decimals=2, **limits)

    assert ((verdict.gap >= 0) == (verdict.state == PASS)).all()
    assert (np.isnan(verdict.gap) == (verdict.state == NOT_CHECKED)).all()


def test_the_gap_of_a_range_is_the_one_to_the_nearer_limit() -> None:
    verdict = within(
        np.array([40.0, 60.0, 95.0, 103.5]), low=50, high=100, unit="mu", decimals=2
    )

    assert verdict.gap.tolist() == [-10.0, 10.0, 5.0, -3.5]
    assert verdict.below(slice(None)).tolist() == [True, True, False, False]
    assert verdict.threshold == [50, 100]


def test_a_gap_has_no_more_digits_than_its_value() -> None:
    verdict = within(np.array([100.01]), low=100.0, unit="mu", decimals=2)

    assert verdict.gap.tolist() == [0.01]


def test_what_may_lie_on_both_sides_of_the_limit_is_not_checked() -> None:
    least, most = np.array([0.0, 0.6, 0.2]), np.array([0.4, 0.9, 0.9])
    verdict = between_known(least, most, low=0.5, unit="share", decimals=4)

    assert verdict.state.tolist() == [FAIL, PASS, NOT_CHECKED]
    assert verdict.gap[:2].tolist() == [-0.1, 0.1]


@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_no_value_in_the_known_range_contradicts_the_answer(
    ranges: list[tuple[float, float]], limit: float, where: float
) -> None:
    least = Figures(np.array([min(one) for one in ranges])).shown(4).array
    most = Figures(np.array([max(one) for one in ranges])).shown(4).array
    told = between_known(least, most, high=limit, unit="share", decimals=4).state
    truth = Figures(least + (most - least) * where).shown(4)
    exact = within(truth, high=limit, unit="share", decimals=4).state

    assert ((told == NOT_CHECKED) | (told == exact)).all()


def test_words_pass_if_wanted_and_unknown_words_are_not_checked() -> None:
    words = Coded(np.array([0, 1, 2, -1]), ("a", "b", ""))
    verdict = among(words, {"a"}.__contains__, ["a"], unknown=[""])

    assert verdict.state.tolist() == [PASS, FAIL, NOT_CHECKED, NOT_CHECKED]
    assert np.isnan(verdict.gap).all()
    assert [words[place] for place in range(4)] == ["a", "b", "", None]


def test_without_limits_everything_known_passes() -> None:
    told = within(np.array([1.0, np.nan]), unit="", decimals=2)

    assert told.state.tolist() == [PASS, NOT_CHECKED]


@pytest.mark.parametrize("low", [None, 1.0])
def test_a_one_sided_limit_is_told_as_one_number(low: float | None) -> None:
    limits = {"low": low} if low is not None else {"high": 2.0}

    assert within(np.array([1.0]), unit="", decimals=2, **limits).threshold == (
        low or 2
    )

"""Units: what a mu is, how areas and prices are read, and how they are rounded."""

import math
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import NeedError
from gis.units import (
    DECIMALS,
    M2_IN,
    M2_PER_MU,
    Area,
    Price,
    plain,
    price_shown,
    rounded,
    shown,
)


def test_fifteen_mu_are_a_hectare() -> None:
    assert math.isclose(15 * M2_PER_MU, 10_000)
    assert Area(15, "mu").m2 == pytest.approx(Area(1, "ha").m2)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("150 mu", 150, "mu"),
        ("150亩", 150, "mu"),
        ("1,500.5 亩", 1500.5, "mu"),
        ("10 公顷", 10, "ha"),
        ("2e4 m2", 20_000, "m2"),
        (" 2000 平方米 ", 2000, "m2"),
        ("3 HA", 3, "ha"),
    ],
)
def test_an_area_is_read_in_both_languages(text: str, value: float, unit: str) -> None:
    assert Area.parse(text) == Area(value, unit)


@pytest.mark.parametrize(
    "text", ["150", "mu", "150 km", "1.2.3 mu", "", "nan mu", "inf mu", "1e999 mu"]
)
def test_what_is_no_area_is_refused_with_the_units_allowed(text: str) -> None:
    with pytest.raises(NeedError) as refused:
        Area.parse(text)

    assert refused.value.values["allowed"] == "mu, ha, m2"
    assert text in str(refused.value.values["read"])


def test_a_price_per_mu_is_what_it_says_per_square_metre() -> None:
    per_mu = Price.parse("24.5 万元/亩")

    assert per_mu == Price(24.5, "wan_cny/mu")
    assert per_mu.cny_m2 == pytest.approx(245_000 / (10_000 / 15))
    assert Price.parse("375 元/㎡").cny_m2 == 375


@given(
    st.floats(0, 1e7, allow_nan=False).map(lambda one: round(one, 4)),
    st.sampled_from(["mu", "ha", "m2"]),
)
def test_an_area_written_is_the_area_read(value: float, unit: str) -> None:
    assert Area.parse(str(Area(value, unit))) == Area(value, unit)


@given(st.integers(0, 10**8), st.sampled_from(["mu", "ha", "m2"]))
def test_an_area_of_as_many_digits_as_are_shown_is_shown_as_it_is(
    steps: int, unit: str
) -> None:
    value = float(Decimal(steps).scaleb(-DECIMALS[unit]))

    assert shown(value * M2_IN[unit], unit) == value


@given(st.integers(0, 10**7), st.sampled_from([1, 2, 4]))
def test_a_half_rounds_up_whatever_the_float_thinks_of_it(
    steps: int, decimals: int
) -> None:
    half = Decimal(steps).scaleb(-decimals) + Decimal(5).scaleb(-decimals - 1)

    by_hand = half.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    assert rounded(float(half), decimals) == float(by_hand)


@pytest.mark.parametrize(
    ("mu", "seen"), [(99.995, 100.0), (99.9949, 99.99), (100.0, 100.0), (99.985, 99.99)]
)
def test_mu_are_shown_to_a_hundredth(mu: float, seen: float) -> None:
    assert shown(Area(mu, "mu").m2, "mu") == seen
    assert shown(np.array([Area(mu, "mu").m2]), "mu")[0] == seen


def test_rounding_many_leaves_the_given_numbers_and_the_unknown_as_they_are() -> None:
    given_ones = np.array([1.005, np.nan, -0.004])
    kept = given_ones.copy()

    answer = rounded(given_ones, 2)

    assert np.isnan(answer[1])
    assert answer[[0, 2]].tolist() == [1.01, 0.0]
    assert np.array_equal(given_ones, kept, equal_nan=True)


def test_prices_are_shown_to_a_hundredth() -> None:
    assert price_shown(367.5, "wan_cny/mu") == 24.5
    assert price_shown(np.array([100.004]), "cny/m2").tolist() == [100.0]


def test_whole_numbers_are_written_without_a_point() -> None:
    assert [plain(150.0), plain(0.25)] == ["150", "0.25"]

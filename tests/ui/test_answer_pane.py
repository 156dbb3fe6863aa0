"""Relaxations are offered at figures that people would write."""

import pytest

from ui.answer_pane import rounded_outward


@pytest.mark.parametrize(
    ("limit", "up", "expected"),
    [
        (2441.7, True, 2500.0),
        (2441.7, False, 2400.0),
        (2500.0, True, 2500.0),
        (0.0, False, 0.0),
        ("157.99 mu", False, "150 mu"),
        ("25.01 wan_cny/mu", True, "26 wan_cny/mu"),
        ("2027-06-30", True, "2027-06-30"),
    ],
)
def test_a_limit_is_rounded_so_that_it_admits_no_less(
    limit: object, *, up: bool, expected: object
) -> None:
    assert rounded_outward(limit, up=up) == expected

"""Which rows a page shows where there are too many: the gravest, and the chosen."""

import numpy as np

from ui.foremost import foremost, ranked


def test_the_chosen_row_comes_first_then_the_gravest_then_as_they_came() -> None:
    ranks = [2, 0, 1, 0, 2]
    chosen = [False, False, False, False, True]
    assert foremost(ranks, chosen, 4).tolist() == [4, 1, 3, 2]


def test_the_chosen_row_is_shown_however_many_are_graver() -> None:
    chosen = np.arange(10_000) == 9_999
    places = foremost(np.zeros(10_000), chosen, 5)
    assert places.tolist() == [9_999, 0, 1, 2, 3]


def test_all_rows_are_shown_where_they_are_not_too_many() -> None:
    assert sorted(foremost([1, 0, 1], [False] * 3, 10)) == [0, 1, 2]
    assert foremost([], [], 10).tolist() == []


def test_words_are_ranked_by_their_order_and_strange_ones_come_last() -> None:
    assert ranked(["b", "?", "a"], ("a", "b")).tolist() == [1, 2, 0]

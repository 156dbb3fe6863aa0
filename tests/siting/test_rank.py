"""Scores: fixed value functions, weights, and TOPSIS as pymcdm has it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymcdm.methods import TOPSIS

from siting.rank import best_first, scores

rows = st.lists(
    st.lists(st.floats(0, 1), min_size=3, max_size=3), min_size=1, max_size=20
)
WEIGHTS = [3.0, 2.0, 0.5]


def by_hand(row, weights):
    """TOPSIS between the point of all ones and the point of all zeros."""
    weighted = [value * weight for value, weight in zip(row, weights, strict=True)]
    to_best = sum((w - x) ** 2 for w, x in zip(weights, weighted, strict=True)) ** 0.5
    to_worst = sum(x**2 for x in weighted) ** 0.5
    return 100 * to_worst / (to_worst + to_best)


@settings(deadline=None)
@given(rows)
def test_topsis_is_the_distance_between_the_best_and_the_worst_there_can_be(
    table,
) -> None:
    shares = list(np.array(table).T)
    found = scores(shares, WEIGHTS, "topsis", len(table))

    assert found == pytest.approx([by_hand(row, WEIGHTS) for row in table], abs=0.00501)


def test_topsis_agrees_with_pymcdm_where_the_anchors_are_among_the_parcels() -> None:
    table = np.array([[1.0, 1, 1], [0, 0, 0], [0.2, 0.9, 0.4], [0.7, 0.1, 0.5]])
    weights = np.array(WEIGHTS) / sum(WEIGHTS)
    theirs = TOPSIS()(table, weights, np.ones(3), validation=False) * 100

    assert scores(list(table.T), WEIGHTS, "topsis", 4) == pytest.approx(
        theirs, abs=0.00501
    )


@settings(deadline=None)
@given(rows, st.sampled_from(["weighted_sum", "topsis"]))
def test_scores_lie_between_nothing_and_a_hundred(table, method) -> None:
    found = scores(list(np.array(table).T), WEIGHTS, method, len(table))

    assert ((found >= 0) & (found <= 100)).all()
    anchors = [np.array([1.0, 0.0, np.nan])] * 3
    assert scores(anchors, WEIGHTS, method, 3).tolist() == [100, 0, 0]


def test_weights_count_by_their_proportion() -> None:
    shares = [np.array([1.0, 0.0]), np.array([0.0, 1.0])]

    assert scores(shares, [3, 1], "weighted_sum", 2).tolist() == [75, 25]
    assert scores(shares, [6, 2], "weighted_sum", 2).tolist() == [75, 25]


def test_without_factors_there_is_no_score() -> None:
    assert np.isnan(scores([], [], "weighted_sum", 2)).all()


def test_equal_scores_stand_in_the_order_of_their_ids() -> None:
    score = np.array([50.0, 70.0, 50.0, 90.0])
    rank = np.array([3, 2, 1, 0])

    assert best_first(score, rank, np.array([True, True, True, False])).tolist() == [
        1,
        2,
        0,
    ]
    unscored = best_first(np.full(4, np.nan), rank, np.ones(4, dtype=bool))
    assert unscored.tolist() == [3, 2, 1, 0]

"""Boxes that meet a box."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from pandas import DataFrame
from shapely import box, intersects

from gis.box_index import BLOCK, BoxIndex

SIDES = ["minx", "miny", "maxx", "maxy"]


def boxes(count: int, seed: int) -> DataFrame:
    rng = np.random.default_rng(seed)
    low = np.sort(rng.integers(0, 50, (count, 2)), axis=0)
    high = low + rng.integers(0, 5, (count, 2))
    return DataFrame(np.hstack([low, high]).astype(float), columns=SIDES)


@given(
    count=st.integers(0, 3 * BLOCK),
    seed=st.integers(0, 99),
    corner=st.tuples(st.integers(-3, 55), st.integers(-3, 55)),
    size=st.tuples(st.integers(0, 20), st.integers(0, 20)),
)
def test_the_same_boxes_are_found_as_by_asking_each(
    count: int, seed: int, corner: tuple[int, int], size: tuple[int, int]
) -> None:
    frame = boxes(count, seed)
    (west, south), (wide, high) = corner, size
    asked = (west, south, west + wide, south + high)

    found = BoxIndex(frame).meeting(asked)

    each = box(*frame[SIDES].to_numpy().T) if count else np.array([])
    assert found.tolist() == np.flatnonzero(intersects(each, box(*asked))).tolist()


def test_a_box_with_a_missing_edge_meets_nothing() -> None:
    frame = DataFrame([[0.0, 0.0, 1.0, 1.0], [0.0, np.nan, 1.0, 1.0]], columns=SIDES)

    assert BoxIndex(frame).meeting((0, 0, 1, 1)).tolist() == [0]
    assert BoxIndex(frame.iloc[1:]).meeting((0, 0, 1, 1)).tolist() == []


@given(count=st.integers(0, 2 * BLOCK), seed=st.integers(0, 99), many=st.integers(0, 9))
def test_boxes_that_meet_any_of_many_are_those_that_meet_one_of_them(
    count: int, seed: int, many: int
) -> None:
    frame = boxes(count, seed)
    frame.loc[frame.index % 7 == 3, "maxy"] = np.nan
    asked = boxes(many, seed + 100).to_numpy()
    index = BoxIndex(frame)

    found = index.meeting_any(asked)

    one_by_one = {place for box in asked for place in index.meeting(tuple(box))}
    assert found.tolist() == sorted(one_by_one)

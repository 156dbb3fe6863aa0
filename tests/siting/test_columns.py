"""Columns as screening reads them, and what is kept of them."""

import numpy as np
import pandas as pd

from siting.board import prepare
from siting.columns import KEPT, Dates, Figures, Together, coded, days, numbers


def test_missing_figures_are_not_a_number() -> None:
    column = pd.Series([1, None, 3], dtype="Int64")

    assert numbers(column).raw.tolist()[::2] == [1.0, 3.0]
    assert np.isnan(numbers(column)[1])
    assert len(numbers(column)) == 3


def test_words_are_the_same_whatever_the_column_is_kept_as() -> None:
    words = ["b", "a", None, "b", ""]
    for dtype in ("str", "category", "object"):
        read = coded(pd.Series(words, dtype=dtype))
        assert [read[place] for place in range(5)] == words


def test_dates_are_days_and_no_date_is_unknown() -> None:
    read = days(pd.Series(["1970-01-02", "", "soon", None], dtype="str"))

    assert read.raw[0] == 1
    assert np.isnan(read.raw[1:]).all()
    assert len(Dates(read.raw)) == 4
    assert [Dates(read.raw)[place] for place in range(4)] == [
        "1970-01-02",
        None,
        None,
        None,
    ]


def test_what_is_made_of_a_column_is_made_once_and_only_the_newest_are_kept() -> None:
    column, made = Figures(np.zeros(1)), []
    for key in [*range(KEPT), 0, KEPT, KEPT]:
        column.keep(key, lambda key=key: made.append(key) or key)

    assert made == [*range(KEPT), KEPT]
    assert column.keep(0, lambda: "again") == "again"


def test_several_values_are_read_together() -> None:
    both = Together({"a": Figures(np.array([1.0])), "b": Figures(np.array([2.0]))})

    assert both[0] == {"a": 1.0, "b": 2.0}
    assert (len(both), len(Together({}))) == (1, 0)


def test_a_board_reads_a_column_once_and_says_what_is_not_there(parcels) -> None:
    board = prepare(parcels({}, {}))

    assert board.column("area_m2", "number") is board.column("area_m2", "number")
    assert board.column("nothing", "number") is None
    assert board.column("nothing_*", "number") is None
    assert set(board.column("zoning_share_*", "number")) >= {"100102", "0902"}
    assert set(board.column("service_*", "word", of=("gas",))) == {"gas"}
    assert len(board) == 2

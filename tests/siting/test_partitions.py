"""A screening in partitions is the screening of all."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from siting.need import read_need
from siting.partitions import merged, partition_of
from siting.screen import screen


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    cuts=st.lists(st.integers(0, 60), max_size=5),
    top=st.integers(1, 70),
    backwards=st.booleans(),
    method=st.sampled_from(["weighted_sum", "topsis"]),
)
def test_any_cut_in_any_order_gives_the_same_counts_and_candidates(
    many, need_text, seed, cuts, top, backwards, method
) -> None:
    facts = many(seed, 60)
    need = read_need(need_text).model_copy(update={"method": method})
    edges = [0, *sorted(cuts), 60]
    pieces = [
        replace(facts, table=facts.table.iloc[start:stop])
        for start, stop in pairwise(edges)
    ]

    parts = [partition_of(screen(need, piece), top) for piece in pieces]

    together = merged(parts[::-1] if backwards else parts, top)
    assert together == partition_of(screen(need, facts), top)


def test_a_need_without_factors_keeps_the_order_of_ids(many) -> None:
    facts = many(3, 40)
    need = read_need({"title": "any", "constraints": [], "factors": []})
    halves = [facts.table.iloc[:20], facts.table.iloc[20:]]
    parts = [partition_of(screen(need, replace(facts, table=one)), 9) for one in halves]

    together = merged(parts, 9)

    assert together == partition_of(screen(need, facts), 9)
    assert {one.score for one in together.best} == {None}

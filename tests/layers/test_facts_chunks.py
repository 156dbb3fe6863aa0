"""Chunks: all rows, borders that stay, digests of keys and shapes."""

from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import StoreError
from layers.facts_chunks import (
    CHUNKS,
    borders,
    chunks_of,
    digest_of,
    hashes_of,
    rows_of,
)
from layers.store import DATA

HASHES = st.lists(st.integers(0, 2**64 - 1), max_size=200)


def cut(hashes: list[int], fewest: int = 5, most: int = 20) -> list[tuple[int, int]]:
    return borders(np.array(hashes, dtype=np.uint64), fewest=fewest, most=most)


@given(hashes=HASHES)
def test_the_pieces_are_all_rows_in_order_and_of_fair_size(hashes: list[int]) -> None:
    pieces = cut(hashes)

    rows = [row for start, stop in pieces for row in range(start, stop)]
    assert rows == list(range(len(hashes)))
    assert all(5 <= stop - start <= 20 for start, stop in pieces[:-1])


@given(seed=st.integers(0, 1000), at=st.integers(0, 1999))
def test_a_row_more_moves_few_borders(seed: int, at: int) -> None:
    rows = np.random.default_rng(seed).integers(0, 2**63, 2000).tolist()
    more = [*rows[:at], 12345, *rows[at:]]

    before = {tuple(rows[start:stop]) for start, stop in cut(rows, 10, 60)}
    after = {tuple(more[start:stop]) for start, stop in cut(more, 10, 60)}

    assert len(after - before) <= 12
    assert len(after & before) >= len(after) - 12


def test_a_key_hashes_to_the_same_number_for_ever() -> None:
    keys = pa.chunked_array([["520102-1"], ["520102-2", ""]])

    whole = pa.chunked_array([keys.to_pylist()])
    assert hashes_of(keys).tolist() == hashes_of(whole).tolist()
    assert hashes_of(pa.chunked_array([["P0"]])).tolist() == [6304832345494417932]


@given(
    keys=st.lists(st.text(max_size=5), min_size=1, max_size=8),
    cuts=st.lists(st.integers(0, 8), max_size=3),
)
def test_a_digest_depends_on_the_rows_and_not_on_how_they_are_held(
    keys: list[str], cuts: list[int]
) -> None:
    whole = pa.table({"key": keys, "shape": [key.encode() for key in keys]})
    edges = sorted({0, len(keys), *(min(cut, len(keys)) for cut in cuts)})
    pieces = [whole.slice(start, stop - start) for start, stop in pairwise(edges)]

    assert digest_of(pa.concat_tables(pieces)) == digest_of(whole)
    assert digest_of(whole) != digest_of(whole.slice(1))


def test_what_runs_over_into_the_next_cell_is_other_rows() -> None:
    one = pa.table({"key": ["ab", "c"], "shape": [b"", b""]})
    other = pa.table({"key": ["a", "bc"], "shape": [b"", b""]})

    assert digest_of(one) != digest_of(other)


def test_chunks_are_made_once_and_again_for_other_sizes(world: SimpleNamespace) -> None:
    file = world.store.folder("parcels") / CHUNKS
    made = chunks_of(world.store, "parcels", fewest=1, most=2)

    assert made[-1].stop == 6
    assert chunks_of(world.store, "parcels", fewest=1, most=2) == made
    file.write_text("{")
    assert chunks_of(world.store, "parcels", fewest=1, most=2) == made
    assert len(chunks_of(world.store, "parcels", fewest=6, most=6)) == 1
    file.unlink()


def test_rows_are_read_from_the_row_groups_they_lie_in(tmp_path: Path) -> None:
    file = tmp_path / "rows.parquet"
    table = pa.table({"n": list(range(25))})
    pq.write_table(table, file, row_group_size=10)

    for start, stop in [(0, 25), (9, 11), (10, 20), (24, 25), (7, 7)]:
        assert rows_of(file, ["n"], start, stop)["n"].to_pylist() == list(
            range(start, stop)
        )


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "parcels" / "v1" / DATA
    file.parent.mkdir(parents=True)
    file.write_bytes(b"PAR1")

    with pytest.raises(StoreError, match="landmap ingest parcels"):
        rows_of(file, ["n"])

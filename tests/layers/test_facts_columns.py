"""Facts as columns in a folder: what is written in any order is what is opened."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas import Categorical, DataFrame, Index
from pandas.testing import assert_frame_equal

from gis.errors import StoreError
from layers.facts_columns import (
    FactColumnsWriter,
    check_columns,
    read_columns,
    read_told,
)

WORDS = st.sampled_from(["", "hit", "clear", "工业用地", "a\x00b", None])


@st.composite
def facts(draw: st.DrawFn) -> DataFrame:
    count = draw(st.integers(0, 20))

    def column(one: st.SearchStrategy) -> list:
        return draw(st.lists(one, min_size=count, max_size=count))

    columns = {
        "area_m2": np.array(column(st.floats()), dtype=np.float64),
        "gk_zone": np.array(column(st.integers(25, 45)), dtype=np.int64),
        "mended_bool": np.array(column(st.booleans()), dtype=np.bool_),
        "name": Index(column(WORDS), dtype="str"),
        "full": Index(column(st.text("ab工", max_size=3)), dtype="str"),
        "evidence": Categorical(Index(column(WORDS), dtype="str")),
    }
    ids = Index([f"P-{n}" for n in range(count)], dtype="str", name="parcel_id")
    return DataFrame(columns, index=ids)


def schema_of(table: DataFrame) -> pa.Schema:
    return pa.Schema.from_pandas(table.reset_index(), preserve_index=False)


def written(folder: Path, table: DataFrame, cuts: list[int]) -> Path:
    writer = FactColumnsWriter(folder, len(table), schema_of(table))
    for at, start in enumerate(cuts):
        end = min((one for one in cuts if one > start), default=len(table))
        rows = table.iloc[start:end]
        if at % 2:
            writer.write(start, pa.Table.from_pandas(rows.reset_index()))
        else:
            writer.write(start, rows[["area_m2", "name", "evidence"]])
            writer.write(
                start,
                rows[["gk_zone", "mended_bool", "full"]].set_index(
                    Index(range(len(rows)))
                ),
            )
    writer.close({"version": "v1"})
    return folder


@settings(max_examples=25)
@given(table=facts(), data=st.data())
def test_any_cut_in_any_order_opens_as_what_was_written(
    table: DataFrame, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
):
    places = st.sets(st.integers(0, max(len(table) - 1, 0)))
    cuts = data.draw(st.permutations(sorted(data.draw(places) | {0})))

    folder = written(tmp_path_factory.mktemp("facts"), table, cuts)

    assert_frame_equal(read_columns(folder), table)
    assert read_told(folder) == {"version": "v1"}
    check_columns(folder)
    whole = written(tmp_path_factory.mktemp("facts"), table, [0])
    names = sorted(one.name for one in folder.iterdir())
    assert names == sorted(one.name for one in whole.iterdir())
    assert all((folder / n).read_bytes() == (whole / n).read_bytes() for n in names)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    table = DataFrame(
        {
            "area_m2": [1.0, np.nan],
            "gk_zone": [35, 36],
            "mended_bool": [True, False],
            "name": Index(["a", None], dtype="str"),
            "full": Index(["x", "y"], dtype="str"),
            "evidence": Categorical(["hit", "clear"]),
        },
        index=Index(["P-1", "P-2"], name="parcel_id", dtype="str"),
    )
    return written(tmp_path, table, [0])


def test_columns_are_opened_not_copied(folder: Path):
    table = read_columns(folder)

    figures = table["area_m2"].to_numpy()
    assert not figures.flags.writeable
    assert not figures.flags.owndata


def test_a_file_cut_off_is_refused_at_once(folder: Path):
    file = next(folder.glob("c001*"))
    file.write_bytes(file.read_bytes()[:-1])

    with pytest.raises(StoreError, match="landmap ingest"):
        read_columns(folder)


def test_every_missing_file_is_refused_at_once(folder: Path):
    for file in list(folder.iterdir()):
        kept = file.read_bytes()
        file.unlink()
        with pytest.raises(StoreError):
            read_columns(folder)
        file.write_bytes(kept)


def test_a_flipped_bit_anywhere_is_found_by_the_full_check(folder: Path):
    for file in sorted(folder.glob("c*.*")):
        if file.name == "columns.json":
            continue
        kept = file.read_bytes()
        file.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
        with pytest.raises(StoreError, match="checksum"):
            check_columns(folder)
        file.write_bytes(kept)


def test_columns_that_were_not_filled_are_no_facts(tmp_path: Path):
    schema = pa.schema({"parcel_id": pa.string(), "area_m2": pa.float64()})
    writer = FactColumnsWriter(tmp_path, 2, schema)
    writer.write(0, DataFrame({"parcel_id": ["A"], "area_m2": [1.0]}))

    with pytest.raises(ValueError, match="parcel_id, area_m2"):
        writer.close()
    with pytest.raises(StoreError):
        read_columns(tmp_path)

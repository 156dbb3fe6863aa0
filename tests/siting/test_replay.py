"""A screening can be run again and proves to be the same."""

from dataclasses import replace

import pytest
from pandas import Series

from siting import replay
from siting.need import read_need
from siting.screen import screen


@pytest.fixture
def asked(many, need_text):
    return read_need(need_text), many(9, 60)


def test_the_same_question_gives_the_same_hash(asked) -> None:
    need, facts = asked
    first, again = screen(need, facts), screen(read_need(need.to_toml()), facts)

    assert first.result_hash == again.result_hash
    assert len(first.result_hash) == 64


def test_everything_that_decides_changes_the_hash(asked, monkeypatch) -> None:
    need, facts = asked
    held = Series({facts.table.index[0]: "P-1"})
    table = facts.table.copy()
    table.iloc[0, table.columns.get_loc("area_m2")] = 1.0
    hashes = [
        screen(need, facts).result_hash,
        screen(need.model_copy(update={"title": "other"}), facts).result_hash,
        screen(need, replace(facts, layers={"parcels": "p2"})).result_hash,
        screen(need, replace(facts, version="facts-2")).result_hash,
        screen(need, replace(facts, table=table)).result_hash,
        screen(need, replace(facts, table=facts.table.iloc[1:])).result_hash,
        screen(need, facts, claims=Series(dtype=str)).result_hash,
        screen(need, facts, claims=held).result_hash,
        screen(need, facts, claims=held, project_id="P-1").result_hash,
    ]
    monkeypatch.setattr(replay, "EDITION", "next")
    hashes.append(screen(need, facts).result_hash)

    assert len(set(hashes)) == len(hashes)


def test_free_parcels_of_a_snapshot_do_not_change_the_hash(asked) -> None:
    need, facts = asked
    short = Series({facts.table.index[0]: "P-1"})
    free = dict.fromkeys(facts.table.index, "")
    long = Series({**free, **short.to_dict(), "elsewhere": "P-2"})

    assert (
        screen(need, facts, claims=short).result_hash
        == screen(need, facts, claims=long).result_hash
    )


def test_json_is_written_in_one_way() -> None:
    assert (
        replay.canonical({"b": [1.5, None], "a": "地"})
        == '{"a":"地","b":[1.5,null]}'.encode()
    )

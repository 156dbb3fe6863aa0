"""Which stage may follow which."""

from itertools import pairwise
from typing import Any

import pytest

from ledger.model import Stage
from ledger.stages import ROAD, dates_asked, needs_reason, next_stages


def test_every_stage_stands_on_the_road_once_but_the_end() -> None:
    assert sorted(ROAD) == sorted(set(Stage) - {Stage.ENDED})


@pytest.mark.parametrize(
    ("stage", "to"),
    [
        ("lead", {"negotiation", "ended"}),
        ("negotiation", {"signed", "lead", "ended"}),
        ("signed", {"siting", "approval", "started", "negotiation", "ended"}),
        ("siting", {"approval", "started", "signed", "ended"}),
        ("approval", {"started", "siting", "ended"}),
        ("started", {"production", "approval", "ended"}),
        ("production", {"full_capacity", "started", "ended"}),
        ("full_capacity", {"production", "ended"}),
        ("ended", {"negotiation"}),
    ],
)
def test_the_ways_on_are_these_and_no_others(stage: Any, to: Any) -> None:
    assert set(next_stages(Stage(stage))) == to


def test_the_usual_next_stage_comes_first() -> None:
    for stage, following in pairwise(ROAD):
        assert next_stages(stage)[0] is following


def test_a_step_on_needs_no_reason_and_every_other_step_does() -> None:
    for stage in Stage:
        for to in next_stages(stage):
            on = Stage.ENDED not in {stage, to} and ROAD.index(to) > ROAD.index(stage)
            assert needs_reason(stage, to) is not on


@pytest.mark.parametrize(
    ("stage", "asked"),
    [
        ("lead", ()),
        ("negotiation", ()),
        ("signed", ("signed_on",)),
        ("siting", ("signed_on",)),
        ("approval", ("signed_on",)),
        ("started", ("signed_on", "started_on")),
        ("production", ("signed_on", "started_on", "production_on")),
        ("full_capacity", ("signed_on", "started_on", "production_on")),
        ("ended", ()),
    ],
)
def test_a_stage_asks_for_the_dates_behind_it(stage: Any, asked: Any) -> None:
    assert dates_asked(Stage(stage)) == asked

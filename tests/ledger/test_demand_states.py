"""Which state of a demand may follow which."""

from typing import Any

import pytest

from ledger.casework import DemandState
from ledger.demand_states import NEXT, WANTED, may_follow, needs_reason

OPEN, MATCHED, APPROVAL, MET, WITHDRAWN = DemandState


def test_every_state_has_a_way_on_and_none_stays_where_it_is() -> None:
    assert set(NEXT) == set(DemandState)
    assert all(NEXT[state] for state in DemandState)
    assert not any(may_follow(state, state) for state in DemandState)


@pytest.mark.parametrize(
    ("state", "to", "may"),
    [
        (OPEN, MATCHED, True),
        (OPEN, APPROVAL, False),
        (MATCHED, APPROVAL, True),
        (APPROVAL, OPEN, False),
        (MET, WITHDRAWN, False),
        (MET, MATCHED, False),
        (WITHDRAWN, OPEN, True),
    ],
)
def test_land_is_applied_for_once_it_is_matched(
    state: DemandState, to: DemandState, may: Any
) -> None:
    assert may_follow(state, to) is may


def test_whatever_is_wanted_can_be_met_or_given_up() -> None:
    for state in WANTED:
        assert {MET, WITHDRAWN} <= set(NEXT[state])


def test_a_step_back_says_why_and_a_step_on_does_not() -> None:
    asked = {
        (state, to)
        for state, after in NEXT.items()
        for to in after
        if needs_reason(state, to)
    }
    assert asked == {
        (OPEN, WITHDRAWN),
        (MATCHED, WITHDRAWN),
        (APPROVAL, WITHDRAWN),
        (MATCHED, OPEN),
        (APPROVAL, MATCHED),
        (MET, OPEN),
        (WITHDRAWN, OPEN),
    }

"""Which state of a land demand may follow which: pure rules."""

from collections.abc import Mapping
from typing import Final

from ledger.casework import DemandState

NEXT: Final[Mapping[DemandState, tuple[DemandState, ...]]] = {
    DemandState.OPEN: (DemandState.MATCHED, DemandState.MET, DemandState.WITHDRAWN),
    DemandState.MATCHED: (
        DemandState.APPROVAL,
        DemandState.MET,
        DemandState.OPEN,
        DemandState.WITHDRAWN,
    ),
    DemandState.APPROVAL: (
        DemandState.MET,
        DemandState.MATCHED,
        DemandState.WITHDRAWN,
    ),
    DemandState.MET: (DemandState.OPEN,),
    DemandState.WITHDRAWN: (DemandState.OPEN,),
}
"""What may follow each state, the usual next one first.

Land is applied for once it is matched; a demand may be met from anywhere on the way, as
by a factory that is rented.
"""

WANTED: Final = (DemandState.OPEN, DemandState.MATCHED, DemandState.APPROVAL)
"""States in which the land is still wanted."""

_ROAD: Final = (*WANTED, DemandState.MET)


def may_follow(state: DemandState, to: DemandState) -> bool:
    """Tell whether a demand may go from one state to another."""
    return to in NEXT[state]


def needs_reason(state: DemandState, to: DemandState) -> bool:
    """Tell whether a step must say why: every step back, and giving the demand up."""
    if DemandState.WITHDRAWN in {state, to}:
        return True
    return _ROAD.index(to) < _ROAD.index(state)

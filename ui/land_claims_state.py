"""What the page of land claims shows, read in one look, and what a reader chose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ledger import attempts, claim_lists, queue
from ledger.access import prefix_of
from ledger.attempts import SeenAttempt
from ledger.casework import QueueEntry
from ledger.claim_lists import SeenClaim
from ledger.model import HOLDING, ClaimKind
from ledger.queue import Lines
from ui import access, resources
from ui.project_table import EVERYWHERE
from ui.state import Slot

MOST_RELEASED = 500
RUN_OUT = "run_out"
STATES = (*(kind.value for kind in HOLDING), RUN_OUT, ClaimKind.RELEASED.value)
"""What claims are filtered by: how firmly they hold, run out, released."""


def _no_states() -> tuple[str, ...]:
    return ()


def _everywhere() -> str:
    return EVERYWHERE


def _none() -> int | None:
    return None


def _table() -> str:
    return "table"


VIEW: Slot[str] = Slot("claims_view", _table)
SHOWN_STATES: Slot[tuple[str, ...]] = Slot("claims_states", _no_states)
REGION: Slot[str] = Slot("claims_region", _everywhere)
TEXT: Slot[str] = Slot("claims_text", _everywhere)
CHOSEN: Slot[int | None] = Slot("claims_chosen", _none)


@dataclass(frozen=True)
class Shown:
    """What the page shows.

    Attributes:
        every: All claims that were not released, of all places.
        found: The claims that the filters ask for.
        counts: How many claims of all are in each state.
        lines: Who waits for which land.
        names: Title and code of each project that waits, by number.
        attempts: Refused claims, the newest first.
        refused: How many claims were refused in all.
        chosen: The claim beside the table.
        today: The day it is.
    """

    every: Sequence[SeenClaim]
    found: Sequence[SeenClaim]
    counts: Mapping[str, int]
    lines: Lines
    names: Mapping[int, str]
    attempts: Sequence[SeenAttempt]
    refused: int
    chosen: SeenClaim | None
    today: date

    def behind(self, one: SeenClaim) -> list[tuple[QueueEntry, str]]:
        """Return who waits for the ground of a claim, with the project's name."""
        waiting = self.lines.behind.get(one.claim.id, [])
        return [(entry, self.names[entry.project_id]) for entry in waiting]


def read() -> Shown:
    """Read what the page shows.

    Returns:
        Claims of all places: what another office holds must be seen as held.
    """
    with resources.ledger().read(access.current_actor()) as work:
        today = work.today()
        every = claim_lists.holding(work)
        released: list[SeenClaim] = []
        if ClaimKind.RELEASED.value in SHOWN_STATES.get():
            released = claim_lists.released(work, MOST_RELEASED)
        lines = queue.lines(work, [one.claim for one in every])
        found, number = _asked_for([*every, *released], today), CHOSEN.get()
        chosen = next((one for one in found if one.claim.id == number), None)
        return Shown(
            every=every,
            found=found,
            counts=_counts(every, today),
            lines=lines,
            names=queue.names(work),
            attempts=attempts.newest(work),
            refused=attempts.count(work),
            chosen=chosen or (found[0] if found else None),
            today=today,
        )


def state_of(one: SeenClaim, today: date) -> str:
    """Return the state a claim is filtered by, one of `STATES`."""
    claim = one.claim
    if claim.kind is ClaimKind.RELEASED or not claim.expired(today):
        return claim.kind.value
    return RUN_OUT


def _asked_for(some: Sequence[SeenClaim], today: date) -> list[SeenClaim]:
    """Keep the claims that the filters ask for; each filter is read once."""
    states, words = SHOWN_STATES.get(), TEXT.get().lower().split()
    prefix = prefix_of(REGION.get()) if REGION.get() else ""
    return [
        one
        for one in some
        if (not states or state_of(one, today) in states)
        and (one.claim.region or one.region).startswith(prefix)
        and _told_of(one, words)
    ]


def _told_of(one: SeenClaim, words: Sequence[str]) -> bool:
    """Tell whether a claim or its project is called by all of some words."""
    if not words:
        return True
    told = f"{one.claim.parcel_id} {one.project} {one.code} {one.claim.note}".lower()
    return all(word in told for word in words)


def _counts(every: Sequence[SeenClaim], today: date) -> dict[str, int]:
    counts = dict.fromkeys(STATES, 0)
    for one in every:
        counts[state_of(one, today)] += 1
    return counts

"""What the page of land claims shows, read in one look, and what a reader chose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from ledger import attempts, claim_lists, queue
from ledger.attempts import SeenAttempt
from ledger.casework import QueueEntry
from ledger.claim_lists import RUN_OUT, WEEK_DAYS, Asked, Day, Hatched, SeenClaim
from ledger.list_part import Part, Wanted
from ledger.model import HOLDING, ClaimKind
from ledger.queue import Lines
from ledger.unit_of_work import Work
from ui import access, resources
from ui.project_table import EVERYWHERE
from ui.state import Slot
from ui.table_part import Place

TABLE, MAP, CALENDAR, REFUSED = "table", "map", "calendar", "refused"
CALENDAR_DAYS: Final = 90
MOST_DRAWN: Final = 300
"""As many as the map marks with dots."""


def _no_states() -> tuple[str, ...]:
    return ()


def _everywhere() -> str:
    return EVERYWHERE


def _none() -> int | None:
    return None


def _table() -> str:
    return TABLE


VIEW: Slot[str] = Slot("claims_view", _table)
SHOWN_STATES: Slot[tuple[str, ...]] = Slot("claims_states", _no_states)
REGION: Slot[str] = Slot("claims_region", _everywhere)
TEXT: Slot[str] = Slot("claims_text", _everywhere)
WEEK: Slot[str] = Slot("claims_week", _everywhere)
"""Monday of the week that the calendar shows, `RUN_OUT` for what is past, or all."""
CHOSEN: Slot[int | None] = Slot("claims_chosen", _none)


@dataclass(frozen=True)
class Shown:
    """What the page shows.

    Attributes:
        found: The part of the claims that the view asks for.
        place: Where the reader stands among them.
        days: What runs out on which day, of all claims that were not released.
        counts: How many claims of all are in each state.
        regions: Counties in which land is claimed.
        hatched: The claims that the map hatches; only for the map.
        lines: Who waits for which of these claims.
        names: Title and code of each project that waits, by number.
        attempts: Refused claims, the newest first; only for their view.
        refused: How many claims were refused in all.
        chosen: The claim beside the table.
        today: The day it is.
    """

    found: Part[SeenClaim]
    place: Place
    days: Sequence[Day]
    counts: Mapping[str, int]
    regions: Sequence[str]
    hatched: Sequence[Hatched]
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
        view, asked = VIEW.get(), asked_on(work.today())
        place = Place(f"claims.{CALENDAR if view == CALENDAR else TABLE}", asked)
        wanted = Wanted(most=MOST_DRAWN) if view == MAP else place.wanted
        found = claim_lists.find(work, asked, wanted)
        chosen = _chosen(work, found)
        near = {one.claim.id: one.claim for one in (*found.rows, chosen) if one}
        held = [claim for claim in near.values() if claim.kind in HOLDING]
        return Shown(
            found=found,
            place=place,
            days=claim_lists.by_day(work),
            counts=claim_lists.counts(work),
            regions=claim_lists.regions(work),
            hatched=claim_lists.hatched(work, asked) if view == MAP else (),
            lines=queue.lines(work, held),
            names=queue.names(work),
            attempts=attempts.newest(work) if view == REFUSED else (),
            refused=attempts.count(work),
            chosen=chosen,
            today=work.today(),
        )


def asked_on(today: date) -> Asked:
    """Return what the view asks for.

    Args:
        today: The day it is.

    Returns:
        What the filters say; of the calendar the days that are looked at.
    """
    if VIEW.get() != CALENDAR:
        return Asked(SHOWN_STATES.get(), REGION.get(), TEXT.get())
    week = WEEK.get()
    if week == RUN_OUT:
        return Asked((RUN_OUT,))
    first, last = today, today + timedelta(days=CALENDAR_DAYS)
    if week:
        monday = date.fromisoformat(week)
        first = max(first, monday)
        last = min(last, monday + timedelta(days=WEEK_DAYS - 1))
    return Asked(first=first, last=last)


def _chosen(work: Work, found: Part[SeenClaim]) -> SeenClaim | None:
    """Return the claim that was chosen, on whichever part of the list it stands."""
    number = CHOSEN.get()
    chosen = None if number is None else claim_lists.find_one(work, number)
    if chosen is None and found.rows:
        return found.rows[0]
    return chosen


def state_of(one: SeenClaim, today: date) -> str:
    """Return the state a claim is filtered by, one of `claim_lists.STATES`."""
    claim = one.claim
    if claim.kind is ClaimKind.RELEASED or not claim.expired(today):
        return claim.kind.value
    return RUN_OUT

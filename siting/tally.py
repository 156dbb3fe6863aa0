"""Put the answers of all criteria together, in one pass over blocks of parcels.

Small data take one block by numpy. Of many parcels each block stays in the cache while
compiled loops count one constraint after the other in and list what is left; runs of
blocks go to threads and are joined in the order of the parcels. Which way is taken, in
how many threads and blocks, changes no bit.
"""

import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from siting.columns import Codes
from siting.contenders import Questions
from siting.measures import MANY
from siting.threads import pool, processors
from siting.trials import FAIL, PASS, States

BLOCK: Final = 1 << 18
# Numbers of constraints are kept in a byte.
MOST: Final = 250
LOOPS: Final = "siting.screen_loops"


@dataclass(frozen=True)
class Tally:
    """What the criteria of a need say together.

    Attributes:
        blocked: How many constraints exclude each parcel, shape (n,).
        last: Number of the last that does, anything where none does, shape (n,).
        excluded: How many parcels each of c constraints excludes, shape (c,).
        alone: How many it excludes that no other does, shape (c,).
        places: Parcels that nothing excludes, ascending; m of them.
        flagged: Of which of these something was not checked, shape (m,).
    """

    blocked: NDArray[np.integer]
    last: NDArray[np.integer]
    excluded: NDArray[np.int64]
    alone: NDArray[np.int64]
    places: Codes
    flagged: NDArray[np.bool_]


def tally(
    asked: Questions,
    *,
    loops: ModuleType | None = None,
    threads: int | None = None,
    block: int = BLOCK,
) -> Tally:
    """Put the answers of all criteria together.

    Args:
        asked: The criteria.
        loops: `siting.screen_loops`, or None for numpy.
        threads: How many; None takes one for each processor.
        block: Parcels in a block.

    Returns:
        The same for any loops, threads and block.
    """
    if loops is None or len(asked.constraints) > MOST:
        return _by_numpy(asked, block if asked.count >= MANY else asked.count)
    for one in (*asked.constraints, *asked.factors):
        one.verdict.trial.prepare()
    workers = threads or processors()
    run = max(-(-asked.count // (workers * block)), 1) * block
    runs = [slice(at, min(at + run, asked.count)) for at in range(0, asked.count, run)]

    def work(rows: slice) -> Tally:
        return _by_loops(asked, rows, loops, block)

    found = list(pool(workers).map(work, runs) if len(runs) > 1 else map(work, runs))
    return _joined(asked, found)


def loops_at_hand(count: int) -> ModuleType | None:
    """Return the compiled loops where they pay and need not be waited for.

    Args:
        count: How many parcels there are.

    Returns:
        The loops; None for few parcels, and until `warm` has made them ready, which
        this starts.
    """
    if count < MANY:
        return None
    if not _ready.is_set():
        threading.Thread(target=warm, name="siting.warm", daemon=True).start()
        return None
    return sys.modules[LOOPS]


def warm() -> None:
    """Make the compiled loops ready: seconds at the very first time, then less.

    For the start of the app and for ingest, in the background; a screening never waits
    for it.
    """
    from siting import screen_loops  # noqa: PLC0415 - the compiler takes half a second
    from siting.warming import exercise  # noqa: PLC0415 - only here

    with _warming:
        if not _ready.is_set():
            exercise(screen_loops)
            _ready.set()


_ready = threading.Event()
_warming = threading.Lock()


def _by_numpy(asked: Questions, block: int) -> Tally:
    """Answer block after block; arrays all the way."""
    count = asked.count
    blocked = np.zeros(count, dtype=np.int16)
    last = np.zeros(count, dtype=np.int16)
    unknown = np.zeros(count, dtype=np.bool_)
    excluded = np.zeros(len(asked.constraints), dtype=np.int64)
    for start in range(0, count, max(block, 1)):
        rows = slice(start, start + block)
        for number, one in enumerate(asked.constraints):
            states = one.verdict.states(rows)
            blocks = _blocks(states, keeps=one.keeps_unknown)
            blocked[rows] += blocks.view(np.int8)
            np.copyto(last[rows], number, where=blocks)
            unknown[rows] |= states < FAIL
            excluded[number] += np.count_nonzero(blocks)
    places = np.flatnonzero(blocked == 0)
    flagged = unknown[places]
    for one in asked.factors:
        flagged |= one.verdict.states(places) < FAIL
    return Tally(
        blocked=blocked,
        last=last,
        excluded=excluded,
        alone=np.bincount(last[blocked == 1], minlength=len(excluded)),
        places=places,
        flagged=flagged,
    )


def _blocks(states: States, *, keeps: bool) -> NDArray[np.bool_]:
    return np.asarray(states == FAIL if keeps else states < PASS)


class _Run:
    """A run of blocks that one thread does; its arrays are its own."""

    def __init__(
        self, asked: Questions, rows: slice, loops: ModuleType, block: int
    ) -> None:
        count = rows.stop - rows.start
        self.asked, self.rows, self.loops = asked, rows, loops
        self.block = min(block, max(count, 1))
        self.blocked = np.zeros(count, dtype=np.uint8)
        self.last = np.zeros(count, dtype=np.uint8)
        self.excluded = np.zeros(len(asked.constraints), dtype=np.int64)
        self.alone = np.zeros(max(len(asked.constraints), 1), dtype=np.int64)
        self.states = np.empty(self.block, dtype=np.int8)
        self.unknown = np.empty(self.block, dtype=np.uint8)
        self.places = np.empty(self.block, dtype=np.intp)
        self.flagged = np.empty(self.block, dtype=np.uint8)
        self.found: list[tuple[Codes, NDArray[np.bool_]]] = []

    def count(self, start: int, stop: int) -> None:
        """Count all constraints of a block in, and list what none excludes."""
        ours = slice(start - self.rows.start, stop - self.rows.start)
        states, unknown = self.states[: stop - start], self.unknown[: stop - start]
        blocked, last = self.blocked[ours], self.last[ours]
        unknown[:] = 0
        rows = slice(start, stop)
        for number, one in enumerate(self.asked.constraints):
            one.verdict.trial.write(rows, states, self.loops)
            keeps = one.keeps_unknown
            self.loops.count_in(states, keeps, number, blocked, last, unknown)
            self.excluded[number] += np.count_nonzero(states.view(np.bool_))
        for one in self.asked.factors:
            one.verdict.trial.write(rows, states, self.loops)
            self.loops.note_unknown(states, unknown)
        m = self.loops.sort_out(
            blocked, last, unknown, self.alone, self.places, self.flagged
        )
        self.found.append((self.places[:m] + start, self.flagged[:m] > 0))

    def done(self) -> Tally:
        """Return what was found."""
        places, flagged = (np.concatenate(one) for one in zip(*self.found, strict=True))
        return Tally(
            blocked=self.blocked,
            last=self.last,
            excluded=self.excluded,
            alone=self.alone[: len(self.excluded)],
            places=places,
            flagged=flagged,
        )


def _by_loops(asked: Questions, rows: slice, loops: ModuleType, block: int) -> Tally:
    """Answer a run of blocks, compiled."""
    run = _Run(asked, rows, loops, block)
    for start in range(rows.start, rows.stop, block):
        run.count(start, min(start + block, rows.stop))
    return run.done()


def _joined(asked: Questions, found: Sequence[Tally]) -> Tally:
    """Put runs together in the order of the parcels."""
    if not found:
        return _by_numpy(asked, 0)
    if len(found) == 1:
        return found[0]
    return Tally(
        blocked=np.concatenate([one.blocked for one in found]),
        last=np.concatenate([one.last for one in found]),
        excluded=np.sum([one.excluded for one in found], axis=0, dtype=np.int64),
        alone=np.sum([one.alone for one in found], axis=0, dtype=np.int64),
        places=np.concatenate([one.places for one in found]),
        flagged=np.concatenate([one.flagged for one in found]),
    )

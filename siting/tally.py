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
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from siting.answer import Answer
from siting.columns import Codes
from siting.contenders import Questions
from siting.measures import MANY
from siting.threads import pool, processors
from siting.trials import FAIL, PASS, States

BLOCK: Final = 1 << 17
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
    work = _Blocks(asked, loops)
    starts = range(0, asked.count, block)
    rows = [slice(start, min(start + block, asked.count)) for start in starts]
    found = pool(threads or processors()).map(work.done, rows)
    return work.joined(list(found))


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


class _Found(NamedTuple):
    """What a block found beside what it wrote for each of its parcels."""

    excluded: NDArray[np.int64]
    alone: NDArray[np.int64]
    places: Codes
    flagged: NDArray[np.bool_]


class _Blocks:
    """Blocks that threads take one after the other; each writes rows of its own.

    Args:
        asked: The criteria.
        loops: `siting.screen_loops`.
    """

    def __init__(self, asked: Questions, loops: ModuleType) -> None:
        self._asked, self._loops = asked, loops
        self._blocked = np.zeros(asked.count, dtype=np.uint8)
        self._last = np.zeros(asked.count, dtype=np.uint8)
        self._steps, self._held = _steps(asked, loops)

    def done(self, rows: slice) -> _Found:
        """Count all constraints of a block in, and list what none excludes."""
        count = rows.stop - rows.start
        excluded, alone = np.zeros((2, len(self._asked.constraints)), dtype=np.int64)
        places, flagged = np.empty(count, np.intp), np.empty(count, np.bool_)
        m = self._loops.screen(
            self._steps,
            rows.start,
            self._blocked[rows],
            self._last[rows],
            excluded,
            alone,
            places,
            flagged,
        )
        return _Found(excluded, alone, places[:m], flagged[:m])

    def joined(self, found: Sequence[_Found]) -> Tally:
        """Put blocks together in the order of the parcels."""
        if not found:
            return _by_numpy(self._asked, 0)
        excluded, alone, places, flagged = zip(*found, strict=True)
        return Tally(
            blocked=self._blocked,
            last=self._last,
            excluded=np.sum(excluded, axis=0, dtype=np.int64),
            alone=np.sum(alone, axis=0, dtype=np.int64),
            places=np.concatenate(places),
            flagged=np.concatenate(flagged),
        )


def _steps(
    asked: Questions, loops: ModuleType
) -> tuple[NDArray[np.int64], list[NDArray[Any]]]:
    """Write constraints, each with the factors like it behind it, as the loop has them.

    What a constraint has just read a factor like it then finds in the cache.

    Returns:
        A row for each step, and the arrays whose addresses stand in them.

    Raises:
        ValueError: A column has not as many rows as there are parcels.
    """
    rows: list[list[int]] = []
    held: list[NDArray[Any]] = []

    def add(one: Answer, number: int) -> None:
        for step in one.verdict.trial.steps(loops):
            # The loop takes an address at its word.
            if any(len(column) != asked.count for column in step.columns):
                msg = f"{one.name} does not answer {asked.count} parcels"
                raise ValueError(msg)
            arrays = [
                np.ascontiguousarray(each) for each in (step.limits, *step.columns)
            ]
            held.extend(arrays)
            limits, *columns = (each.ctypes.data for each in arrays)
            row = [step.what, step.join, loops.GOES_ON, one.keeps_unknown]
            row += [limits, len(step.limits), *columns]
            rows.append(row + [0] * (loops.WIDTH - len(row)))
        rows[-1][loops.ENDS] = number

    left = list(asked.factors)
    for number, one in enumerate(asked.constraints):
        add(one, number)
        like = [own.verdict.least is one.verdict.least for own in left]
        for own, alike in zip(left, like, strict=True):
            if alike:
                add(own, loops.FACTOR)
        left = [own for own, alike in zip(left, like, strict=True) if not alike]
    for own in left:
        add(own, loops.FACTOR)
    return np.array(rows, dtype=np.int64).reshape(-1, loops.WIDTH), held

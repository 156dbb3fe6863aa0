"""Call every compiled loop once with each type of column that there is."""

from types import ModuleType

import numpy as np

from siting.measures import fixed


def exercise(loops: ModuleType) -> None:
    """Compile the loops, or load what was compiled before.

    Args:
        loops: `siting.screen_loops`.
    """
    steps = np.zeros((0, loops.WIDTH), dtype=np.int64)
    blocked, last, flagged = np.zeros((3, 1), dtype=np.uint8)
    counts, places = np.zeros((2, 1), dtype=np.int64), np.zeros(1, dtype=np.intp)
    flags = flagged.view(np.bool_)
    loops.screen(steps, 0, blocked, last, *counts, places, flags)
    score, raw = np.zeros(1), fixed(np.zeros(1))
    left, added = places.copy(), score.copy()
    loops.earn(raw, places, score, np.zeros(3), 1.0, 0.0, left, added)
    loops.thin_out(places, score, 0.0, left, added)

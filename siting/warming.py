"""Call every compiled loop once with each type of column that there is."""

from types import ModuleType

import numpy as np

from siting.measures import fixed


def exercise(loops: ModuleType) -> None:
    """Compile the loops, or load what was compiled before.

    Args:
        loops: `siting.screen_loops`.
    """
    states, bits = np.ones(1, dtype=np.int8), np.zeros(1, dtype=np.uint8)
    for kind in (np.int16, np.int32):
        column, ends = fixed(np.zeros(1, dtype=kind)), np.zeros(4, dtype=kind)
        loops.value_states(column, ends, states)
        loops.range_states(column, column, column, column, ends, states)
    for word in (np.int8, np.int16, np.int32):
        loops.word_states(fixed(np.zeros(1, dtype=word)), states.copy(), states)
    loops.all_of(states, states)
    loops.proven(states, states)
    counts, places = np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.intp)
    loops.count_in(states, True, 0, bits, bits, bits)  # noqa: FBT003 - no keywords there
    loops.sort_out(bits, bits, bits, 0, counts, places, bits.view(np.bool_))
    loops.note_unknown(states, bits)
    score, raw = np.zeros(1), fixed(np.zeros(1))
    left, added = places.copy(), score.copy()
    loops.earn(raw, places, score, np.zeros(3), 1.0, 0.0, left, added)
    loops.thin_out(places, score, 0.0, left, added)

"""Compare a block of parcels with one limit after the other, all in the cache.

State of a parcel against a limit: 1 pass, 0 fail, -1 not checked. Numbers are whole, in
units of their last decimal (`siting.measures`): the least code of the type is unknown,
the next one minus infinity, the greatest infinity. With `least` and `most` the ends of
what a value may be, all of it lies within [low, high] where least >= low and
most <= high, none of it where most < low or least > high; unknown ends prove nothing.

Blocks are short enough for a block's states to stay near the processor; loops have no
branches where the compiler can do without, and then use the whole width of the machine.
Points are added up only to tell who cannot be among the best (`siting.contenders`).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.compiled import compiled

_Whole = NDArray[np.signedinteger[Any]]
_States = NDArray[np.int8]
_Bytes = NDArray[np.uint8]
_Places = NDArray[np.intp]
_Float = NDArray[np.float64]

_FEW, _FOUR = 5, 4
# So many bytes are added up at once: eight lanes of 128.
_RUN = 1024


@compiled
def range_states(
    passes_least: _Whole,
    passes_most: _Whole,
    fails_least: _Whole,
    fails_most: _Whole,
    ends: _Whole,
    states: _States,
) -> None:
    """Write the states of a range; `ends` is low, high, least code known, unknown."""
    low, high, floor, unknown = ends[0], ends[1], ends[2], ends[3]
    for i in range(len(states)):
        most, least = passes_most[i], passes_least[i]
        passes = (least >= low) & (most <= high) & (most >= floor)
        out, over = fails_most[i], fails_least[i]
        fails = ((out < low) & (out > unknown)) | (over > high)
        states[i] = np.int8(passes) - np.int8(passes == fails)


@compiled
def value_states(codes: _Whole, ends: _Whole, states: _States) -> None:
    """Write the states of values that are known but for rounding, as `range_states`."""
    low, high, floor, unknown = ends[0], ends[1], ends[2], ends[3]
    for i in range(len(states)):
        code = codes[i]
        passes = (code >= low) & (code <= high) & (code >= floor)
        fails = ((code < low) & (code > unknown)) | (code > high)
        states[i] = np.int8(passes) - np.int8(passes == fails)


@compiled
def word_states(  # noqa: C901 - common words first
    codes: _Whole, table: _States, states: _States
) -> None:
    """Write the state of each word; the last of the table answers an unknown one."""
    unknown = len(table) - 1
    # What most words answer is written first; then word by word, many rows at a time.
    common, most = table[unknown], 0
    for answer in range(-1, 2):
        many = 0
        for word in range(unknown):
            many += table[word] == answer
        if many > most:
            common, most = np.int8(answer), many
    if unknown - most > _FEW:
        for i in range(len(states)):
            code = codes[i]
            states[i] = table[code if code >= 0 else unknown]
        return
    state = table[unknown]
    for i in range(len(states)):
        states[i] = state if codes[i] < 0 else common
    for word in range(unknown):
        state = table[word]
        if state != common:
            for i in range(len(states)):
                states[i] = state if codes[i] == word else states[i]


@compiled
def all_of(states: _States, more: _States) -> None:
    """Join two states: a failure of one fails both, else the worse one counts."""
    for i in range(len(states)):
        one, other = states[i], more[i]
        fails = (one == 0) | (other == 0)
        states[i] = np.int8(0) if fails else min(one, other)


@compiled
def proven(states: _States, evidence: _States) -> None:
    """Leave the states that evidence proves; the others are not checked."""
    for i in range(len(states)):
        states[i] = states[i] if evidence[i] > 0 else np.int8(-1)


@compiled
def count_in(
    states: _States,
    keeps: bool,  # noqa: FBT001 - the same
    number: int,
    blocked: _Bytes,
    last: _Bytes,
    unknown: _Bytes,
) -> int:
    """Count a constraint's states in; return how many parcels it excludes.

    The states become 1 where it excludes, else 0.
    """
    worst = 0 if keeps else -1
    for i in range(len(states)):
        state = states[i]
        blocks = np.uint8(state == 0) | np.uint8(state == worst)
        blocked[i] += blocks
        # Without a branch: all bits set where it excludes, none where it does not.
        chosen = np.uint8(0) - blocks
        last[i] = (last[i] & ~chosen) | (np.uint8(number) & chosen)
        unknown[i] |= np.uint8(state < 0)
        states[i] = blocks
    return _ones(states)


@compiled
def _ones(bits: _States) -> int:
    """Add up bytes that are 0 or 1, eight at a time."""
    total, whole = 0, len(bits) // _RUN * _RUN
    words, even = bits[:whole].view(np.uint64), np.uint64(0x00FF00FF00FF00FF)
    for start in range(0, len(words), _RUN // 8):
        # Each byte of the sum holds its share of a run, 255 at most.
        added = np.uint64(0)
        run = words[start : start + _RUN // 8]
        for i in range(len(run)):
            added += run[i]
        added = (added & even) + ((added >> np.uint64(8)) & even)
        # The product's highest quarter is the sum of all four.
        total += np.int64((added * np.uint64(0x0001000100010001)) >> np.uint64(48))
    for i in range(whole, len(bits)):
        total += bits[i]
    return total


@compiled
def sort_out(  # noqa: PLR0913, PLR0917 - what a block found, and where it is put
    blocked: _Bytes,
    last: _Bytes,
    unknown: _Bytes,
    start: int,
    alone: NDArray[np.int64],
    places: _Places,
    flagged: NDArray[np.bool_],
) -> int:
    """List the parcels that nothing excludes, and count those one alone excludes.

    Places count from `start`; returned is how many are listed.
    """
    m = 0
    for i in range(len(blocked)):
        # Written whether it counts or not: who is excluded no branch can guess.
        places[m] = start + i
        flagged[m] = unknown[i] > 0
        m += blocked[i] == 0
    # Neighbours are excluded by the same: four in a row have counters of their own.
    counts = np.zeros((_FOUR, 256), np.int64)
    whole = len(blocked) - len(blocked) % _FOUR
    for i in range(0, whole, _FOUR):
        for nth in range(_FOUR):
            counts[nth, last[i + nth]] += blocked[i + nth] == 1
    for i in range(whole, len(blocked)):
        counts[0, last[i]] += blocked[i] == 1
    for nth in range(_FOUR):
        for number in range(len(alone)):
            alone[number] += counts[nth, number]
    return m


@compiled
def note_unknown(states: _States, unknown: _Bytes) -> None:
    """Note which parcels a factor was not checked of."""
    for i in range(len(states)):
        unknown[i] |= np.uint8(states[i] < 0)


@compiled
def earn(
    raw: _Float,
    places: _Places,
    points: _Float,
    form: _Float,
    weight: float,
    bound: float,
    left: _Places,
    added: _Float,
) -> int:
    """Add a factor's points: its share is 1 - x/b, 1 - |x - a|/b, or x itself.

    The parcels that then reach the bound are listed with their points; returned is how
    many they are.
    """
    kind, at, scale = form[0], form[1], form[2]
    m = 0
    for j in range(len(places)):
        place = places[j]
        x = raw[place]
        away = abs(x - at) if kind == 1 else x
        share = x if kind == 2 else min(1 - away / scale, 1.0)  # noqa: PLR2004
        total = points[j] + (share * weight if share > 0 else 0.0)
        # Written whether it stays or not: who stays no branch can guess.
        left[m], added[m] = place, total
        m += total >= bound
    return m


@compiled
def thin_out(
    places: _Places, points: _Float, bound: float, left: _Places, added: _Float
) -> int:
    """List the parcels that reach a bound, and their points; return how many do."""
    m = 0
    for j in range(len(places)):
        left[m], added[m] = places[j], points[j]
        m += points[j] >= bound
    return m

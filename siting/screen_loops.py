"""Compare a block of parcels with one limit after the other, all in the cache.

State of a parcel against a limit: 1 pass, 0 fail, -1 not checked. Numbers are whole, in
units of their last decimal (`siting.measures`): the least code of the type is unknown,
the next one minus infinity, the greatest infinity. With `least` and `most` the ends of
what a value may be, all of it lies within [low, high] where least >= low and
most <= high, none of it where most < low or least > high; unknown ends prove nothing.

`screen` does all that a need asks of a block before it takes the next: blocks are short
enough for states and columns to stay near the processor, so a column that two criteria
ask is read once. Loops have no branches where the compiler can do without, and then use
the whole width of the machine. Points are added up only to tell who cannot be among the
best (`siting.contenders`).
"""

from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from gis.compiled import carray, compiled, pointer

_Whole = NDArray[np.signedinteger[Any]]
_States = NDArray[np.int8]
_Bytes = NDArray[np.uint8]
_Places = NDArray[np.intp]
_Float = NDArray[np.float64]

_Steps = NDArray[np.int64]
_Number = TypeVar("_Number", bound=np.generic)

# What a step asks: a value, or two ends, kept in 2 or 4 bytes; words kept in 1, 2 or 4;
# whether a number is known; or the states are there.
VALUE_2: Final = 0
VALUE_4: Final = 1
ENDS_2: Final = 2
ENDS_4: Final = 3
WORD_1: Final = 4
WORD_2: Final = 5
WORD_4: Final = 6
KNOWN: Final = 7
STATES: Final = 8
# How a step's states join those of the steps before it.
BEGIN: Final = 0
ALL_OF: Final = 1
PROVEN: Final = 2
# What a row of steps holds: what is asked, how it joins, which constraint ends with it
# (or one of the two below), whether that keeps unknown, the addresses of the limits or
# the table, how many they are, and the addresses of the columns.
_WHAT, _JOIN, ENDS, _KEEPS, _LIMITS, _MANY, _COLUMNS = 0, 1, 2, 3, 4, 5, 6
WIDTH: Final = 10
GOES_ON: Final = -2
FACTOR: Final = -1

_BLOCK = 1 << 14
_FEW = 16
# So many bytes are added up at once: eight lanes of 128.
_RUN = 1024


@compiled
def _range_states(
    passes_least: _Whole,
    passes_most: _Whole,
    fails_least: _Whole,
    fails_most: _Whole,
    ends: _Whole,
    states: _States,
) -> None:
    """Write the states of a range; `ends` is low, high, least code known, unknown."""
    low, high, floor, unknown = ends[0], ends[1], ends[2], ends[3]
    if low == unknown:
        # Nothing lies below such a limit: there is none.
        for i in range(len(states)):
            most = passes_most[i]
            passes = (most >= floor) & (most <= high)
            fails = fails_least[i] > high
            states[i] = np.int8(passes) - np.int8(passes == fails)
        return
    for i in range(len(states)):
        most, least = passes_most[i], passes_least[i]
        passes = (least >= low) & (most <= high) & (most >= floor)
        out, over = fails_most[i], fails_least[i]
        fails = ((out < low) & (out > unknown)) | (over > high)
        states[i] = np.int8(passes) - np.int8(passes == fails)


@compiled
def _value_states(codes: _Whole, ends: _Whole, states: _States) -> None:
    """Write the states of values that are known but for rounding, as `_range_states`.

    An unknown one is never within limits that are there.
    """
    least, high, unknown = max(ends[0], ends[2]), ends[1], ends[3]
    for i in range(len(states)):
        code = codes[i]
        passes = (code >= least) & (code <= high)
        states[i] = np.int8(passes) - np.int8(code == unknown)


@compiled
def _word_states(  # noqa: C901 - common words first
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
    # Bits, not choices, and words as wide as the codes: so many are compared at once.
    own = np.empty(1, codes.dtype)
    other = table[unknown] ^ common
    for i in range(len(states)):
        states[i] = common ^ (other & (np.int8(0) - np.int8(codes[i] < 0)))
    for word in range(unknown):
        own[0] = word
        named, other = own[0], table[word] ^ common
        if other != 0:
            for i in range(len(states)):
                states[i] ^= other & (np.int8(0) - np.int8(codes[i] == named))


@compiled
def _all_of(states: _States, more: _States) -> None:
    """Join two states: a failure of one fails both, else the worse one counts."""
    for i in range(len(states)):
        one, other = states[i], more[i]
        fails = (one == 0) | (other == 0)
        states[i] = np.int8(0) if fails else min(one, other)


@compiled
def _proven(states: _States, evidence: _States) -> None:
    """Leave the states that evidence proves; the others are not checked."""
    for i in range(len(states)):
        open_ = np.int8(evidence[i] > 0) - np.int8(1)
        states[i] |= open_


@compiled
def _count_in(
    states: _States,
    keeps: bool,  # noqa: FBT001 - the same
    number: int,
    blocked: _Bytes,
    last: _Bytes,
    unknown: _Bytes,
) -> int:
    """Count a constraint's states in; they become 1 where it excludes, else 0.

    Returns:
        How many parcels it excludes.
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
        total += int((added * np.uint64(0x0001000100010001)) >> np.uint64(48))
    for i in range(whole, len(bits)):
        total += int(bits[i])
    return total


@compiled
def _sort_out(
    blocked: _Bytes,
    unknown: _Bytes,
    start: int,
    places: _Places,
    flagged: NDArray[np.bool_],
) -> int:
    """List the rows that nothing excludes by their places, which count from `start`."""
    m = 0
    for i in range(len(blocked)):
        # Written whether it counts or not: who is excluded no branch can guess.
        places[m] = start + i
        m += blocked[i] == 0
    for nth in range(m):
        flagged[nth] = unknown[places[nth] - start] > 0
    return m


@compiled
def _count_alone(
    blocked: _Bytes, last: _Bytes, alone: NDArray[np.int64], bits: _States
) -> None:
    """Count the rows that one constraint alone excludes, by constraint."""
    sole = np.empty(len(blocked), np.uint8)
    for i in range(len(blocked)):
        # No constraint has the number of all bits.
        sole[i] = last[i] | (np.uint8(0) - np.uint8(blocked[i] != 1))
    for number in range(len(alone)):
        own = np.uint8(number)
        for i in range(len(bits)):
            bits[i] = np.uint8(sole[i] ^ own) == 0
        alone[number] += _ones(bits)


@compiled
def _note_unknown(states: _States, unknown: _Bytes) -> None:
    """Note which parcels a factor was not checked of."""
    for i in range(len(states)):
        unknown[i] |= np.uint8(states[i] < 0)


@compiled
def screen(  # noqa: PLR0913, PLR0917 - the rows, and all that is found of them
    steps: _Steps,
    start: int,
    blocked: _Bytes,
    last: _Bytes,
    excluded: NDArray[np.int64],
    alone: NDArray[np.int64],
    places: _Places,
    flagged: NDArray[np.bool_],
) -> int:
    """Answer all steps of the rows from `start`, and list what nothing excludes.

    Args:
        steps: A row for each.
        start: The first row.
        blocked: How many constraints exclude each of the rows; zero so far.
        last: Number of the last that does.
        excluded: How many each constraint excludes is added to it.
        alone: How many it alone excludes is added.
        places: Takes the rows that nothing excludes; has room for all.
        flagged: Takes which of these something was not checked of.

    Returns:
        How many are listed.
    """
    states, more = np.empty(_BLOCK, np.int8), np.empty(_BLOCK, np.int8)
    unknown = np.empty(_BLOCK, np.uint8)
    m = 0
    for at in range(0, len(blocked), _BLOCK):
        count = min(_BLOCK, len(blocked) - at)
        ours, theirs, open_ = states[:count], more[:count], unknown[:count]
        hit, who = blocked[at : at + count], last[at : at + count]
        open_[:] = 0
        for nth in range(len(steps)):
            step = steps[nth]
            if step[_JOIN] == BEGIN:
                _answer(step, start + at, ours)
            else:
                _answer(step, start + at, theirs)
                if step[_JOIN] == ALL_OF:
                    _all_of(ours, theirs)
                else:
                    _proven(ours, theirs)
            number = step[ENDS]
            if number == FACTOR:
                _note_unknown(ours, open_)
            elif number >= 0:
                keeps = step[_KEEPS] > 0
                excluded[number] += _count_in(ours, keeps, number, hit, who, open_)
        _count_alone(hit, who, alone, ours)
        m += _sort_out(hit, open_, start + at, places[m:], flagged[m:])
    return m


@compiled
def _answer(step: _Steps, start: int, states: _States) -> None:  # noqa: C901 - kinds
    """Write the states of the rows from `start` as one step has them."""
    what, end, first = step[_WHAT], start + len(states), step[_COLUMNS]
    if what == VALUE_2:
        ends = carray(pointer(step[_LIMITS], np.int16(0)), 4)
        _value_states(_column(first, np.int16(0), start, end), ends, states)
    elif what == VALUE_4:
        wide = carray(pointer(step[_LIMITS], np.int32(0)), 4)
        _value_states(_column(first, np.int32(0), start, end), wide, states)
    elif what == ENDS_2:
        _answer_ends(step, np.int16(0), start, end, states)
    elif what == ENDS_4:
        _answer_ends(step, np.int32(0), start, end, states)
    elif what == KNOWN:
        _known_states(_column(first, np.float64(0), start, end), states)
    elif what == STATES:
        states[:] = _column(first, np.int8(0), start, end)
    else:
        table = carray(pointer(step[_LIMITS], np.int8(0)), step[_MANY])
        if what == WORD_1:
            _word_states(_column(first, np.int8(0), start, end), table, states)
        elif what == WORD_2:
            _word_states(_column(first, np.int16(0), start, end), table, states)
        else:
            _word_states(_column(first, np.int32(0), start, end), table, states)


@compiled
def _answer_ends(
    step: _Steps, like: np.signedinteger[Any], start: int, end: int, states: _States
) -> None:
    """Write the states of a range that is kept in numbers like one."""
    passes_least, passes_most, fails_least, fails_most = step[_COLUMNS:]
    _range_states(
        _column(passes_least, like, start, end),
        _column(passes_most, like, start, end),
        _column(fails_least, like, start, end),
        _column(fails_most, like, start, end),
        carray(pointer(step[_LIMITS], like), 4),
        states,
    )


@compiled
def _column(address: int, like: _Number, start: int, end: int) -> NDArray[_Number]:
    """Return some rows of the column at an address, of numbers like one."""
    rows: NDArray[_Number] = carray(pointer(address, like), end)[start:]
    return rows


@compiled
def _known_states(raw: _Float, states: _States) -> None:
    """Write 1 where a number is known, else -1."""
    for i in range(len(states)):
        states[i] = np.int8(-1) if np.isnan(raw[i]) else np.int8(1)


@compiled
def earn(  # noqa: PLR0913, PLR0917 - a factor, parcels, and who of them stays
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

    Args:
        raw: The factor's figures, shape (n,).
        places: Some parcels; m of them.
        points: What they have so far, shape (m,).
        form: What a share is, a and b.
        weight: Points for a whole share.
        bound: Who stays below it is left out.
        left: Takes the places of the others.
        added: Takes their points.

    Returns:
        How many they are.
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

"""Read numbers as surveyors write them, and nothing else that Python would take."""

import re
from typing import Final

from layers.readers.boundary_txt_limits import MAX_DIGITS, MAX_NUMBER

_NUMBER: Final = re.compile(
    r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?"
)
_WHOLE: Final = re.compile(r"[0-9]{1,9}(?:\.0{1,6})?")


def number(text: str) -> float | None:
    """Read a decimal number.

    Args:
        text: Half-width text without outer blanks.

    Returns:
        The number; None for anything else: words, "nan", hexadecimal, more than 20
        digits, or what is larger than any coordinate.
    """
    if len(text) > 2 * MAX_DIGITS or _NUMBER.fullmatch(text) is None:
        return None
    if sum(one.isdigit() for one in text) > MAX_DIGITS:
        return None
    value = float(text)
    return value if abs(value) <= MAX_NUMBER else None


def whole(text: str) -> int | None:
    """Read a count or a ring number.

    Args:
        text: Half-width text without outer blanks; "1.0" is 1.

    Returns:
        The number, not negative; None for anything else.
    """
    return None if _WHOLE.fullmatch(text) is None else int(text.partition(".")[0])

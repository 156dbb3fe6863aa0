"""Read a coordinate in a cell: metres, degrees, or degrees with minutes and seconds."""

import re
from typing import Final

from layers.readers.boundary_txt_numbers import number
from layers.readers.coordinate_table_rows import plain

_AROUND: Final = re.compile(
    r"^(?:东经|北纬|[enbl](?=[0-9]))[:=]?|(?:e|n|东|北|米|m)$|^[xy]="
)
_ANGLE: Final = re.compile(
    r"(-?[0-9]{1,3})[°º度d-](?:([0-9]{1,2}(?:\.[0-9]{1,12})?)['′’‘分-]?)?"
    r"(?:([0-9]{1,2}(?:\.[0-9]{1,12})?)(?:\"|″|”|“|''|秒)?)?"
)
_DECIMAL: Final = re.compile(r"(-?[0-9]{1,3}\.[0-9]{1,15})[°º度]")
_PARTS = 60
_MOST_DEGREES = 180


def coordinate(cell: str) -> float | None:
    """Read a coordinate.

    Args:
        cell: As it stands in the table.

    Returns:
        Metres or degrees; None for what is no coordinate. Degrees may have minutes
        and seconds, by their signs or by dashes (106-42-36.5).
    """
    text = plain(cell)
    value = number(text)
    if value is not None:
        return value
    text = _AROUND.sub("", text)
    decimal = _DECIMAL.fullmatch(text)
    if decimal is not None:
        return float(decimal.group(1))
    value = number(text)
    return _angle(text) if value is None else value


def _angle(text: str) -> float | None:
    found = _ANGLE.fullmatch(text)
    if found is None:
        return None
    degrees, minutes, seconds = (float(part or 0) for part in found.groups())
    if minutes >= _PARTS or seconds >= _PARTS or abs(degrees) > _MOST_DEGREES:
        return None
    size = abs(degrees) + minutes / _PARTS + seconds / _PARTS**2
    return -size if text.startswith("-") else size

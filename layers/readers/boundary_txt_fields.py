"""Split the lines of a boundary text into fields: parcel lines and point lines."""

import re
from typing import Final, NamedTuple

from gis.errors import LayerError
from gis.words import Title
from layers.readers.boundary_txt_notes import Notes, quoted
from layers.readers.boundary_txt_numbers import number, whole
from layers.readers.boundary_txt_raw import RawParcel
from layers.readers.boundary_txt_text import folded

_FULL_COMMA: Final = Title("Line {line} separates its fields by full-width commas.")
_NO_AT: Final = Title("Line {line} begins a parcel without the @ at its end.")
_AFTER_AT: Final = Title("Line {line} goes on after the @: {value} was left aside.")
_FIELDS: Final = Title(
    "Line {line} begins a parcel with {count} fields before the @, not 8."
)
_NO_COUNT: Final = Title("Line {line} does not say how many points the parcel has.")
_STRANGE_COUNT: Final = Title(
    "Line {line}: {value} is no number of points and was left aside."
)
_KNOWN_FIELDS: Final = {8, 9, 12, 13}
_LEAST_FIELDS: Final = 4
_LEAST_WITHOUT_AT: Final = 6
_SHAPE_AT: Final = 4  # where 点, 线 or 面 stands
_SHAPES: Final = {"点", "线", "面"}
_FIRST_RING = 10_000  # ring numbers are smaller, coordinates in metres larger
_DECIMAL: Final = re.compile(r"[0-9]*\.[0-9]+\D*|[0-9.]+\s*[^0-9.\s]+")


class PointFields(NamedTuple):
    """A point line as written.

    Args:
        name: Name of the point.
        ring: Ring number; "" where none is written.
        first: The coordinate called X, as text.
        second: The coordinate called Y, as text.
    """

    name: str
    ring: str
    first: str
    second: str


def point_fields(text: str) -> PointFields | None:
    """Split a line that may be a point.

    Args:
        text: Half-width text without outer blanks.

    Returns:
        Its fields, not yet read as numbers; None for a line with fewer than three.
    """
    fields = _split(text)
    if len(fields) == 3:  # noqa: PLR2004 - name, X, Y
        return PointFields(fields[0], "", fields[1], fields[2])
    if len(fields) < _LEAST_FIELDS:
        return None
    pair = number(fields[1]) is not None and number(fields[2]) is not None
    if pair and not _is_ring(fields[1]):
        return PointFields(fields[0], "", fields[1], fields[2])
    return PointFields(*fields[:4])


def _split(text: str) -> list[str]:
    """Split at the first separator that is there; empty fields at the end go."""
    for separator in (",", ";", "\t"):
        if separator in text:
            fields = [one.strip() for one in text.split(separator)]
            break
    else:
        fields = text.split()
    while fields and not fields[-1]:
        fields.pop()
    return fields


def _is_ring(text: str) -> bool:
    value = whole(text)
    return not text or (value is not None and value < _FIRST_RING)


def may_be_header(text: str) -> bool:
    """Tell a parcel line whose @ was lost.

    Args:
        text: Half-width text without outer blanks.

    Returns:
        Whether there are six fields or more, the first two blank or numbers, and the
        third and fourth no pair of coordinates.
    """
    fields = _split(text)
    if len(fields) < _LEAST_WITHOUT_AT or "," not in text:
        return False
    begins = all(not one or one[0].isdigit() for one in fields[:2])
    pair = number(fields[2]) is not None and number(fields[3]) is not None
    return begins and not pair


def parcel_of(line: int, text: str, notes: Notes) -> RawParcel | None:
    """Read a parcel line.

    Args:
        line: Where it stands.
        text: The line as written.
        notes: Where deviations are put.

    Returns:
        The parcel, without points; None where the line has too few fields, which is
        put into `notes` as a fault.
    """
    fields = _header_fields(line, text, notes)
    count = len(fields)
    if count < _LEAST_FIELDS:
        notes.fault(
            LayerError(
                "Line {line} begins a parcel with {count} fields ({value}): at least "
                "4 are needed (points, area, number, name).",
                line=line,
                count=count,
                value=quoted(text),
            )
        )
        return None
    if _lacks_count(fields):
        fields.insert(0, "")
    elif count not in _KNOWN_FIELDS:
        notes.add(_FIELDS, "noticed", line, count=count)
    fields += [""] * (8 - len(fields))
    points, area, key, name, kind, sheet, use, code = fields[:8]
    return RawParcel(
        line,
        key=key,
        name=name,
        area=area,
        use=use,
        code=code,
        sheet=sheet,
        kind=kind,
        count=_count(line, points, notes),
    )


def _header_fields(line: int, text: str, notes: Notes) -> list[str]:
    """Split a parcel line; a full-width comma inside a name stays in it."""
    sign = "@" if "@" in text else "＠"
    body, at, after = text.rpartition(sign)
    if not at:
        body = after
        notes.add(_NO_AT, "mended", line)
    elif folded(after).strip(",; \t"):
        notes.add(_AFTER_AT, "noticed", line, value=quoted(after))
    fields = body.split(",")
    if any("，" in one for one in (fields[0], fields[-1], *fields[1:2])):
        fields = re.split("[,，]", body)
        notes.add(_FULL_COMMA, "noticed", line)
    elif len(fields) == 1:
        fields = re.split(r"[\t;；]", body)
        fields = (body.split() or [""]) if len(fields) == 1 else fields
    fields = [one.strip() for one in fields]
    # The comma before the @ ends the last field and begins none.
    return fields[:-1] if at and not fields[-1] else fields


def _lacks_count(fields: list[str]) -> bool:
    """Tell a parcel line that begins with its area."""
    if len(fields) > _SHAPE_AT and fields[_SHAPE_AT] in _SHAPES:
        return False
    if fields[_SHAPE_AT - 1] in _SHAPES:
        return True
    first, second = folded(fields[0]), folded(fields[1])
    return bool(_DECIMAL.fullmatch(first)) and number(second) is None


def _count(line: int, text: str, notes: Notes) -> int | None:
    written = folded(text)
    count = whole(written)
    if not written:
        notes.add(_NO_COUNT, "noticed", line)
    elif count is None:
        notes.add(_STRANGE_COUNT, "noticed", line, value=quoted(text))
    return count

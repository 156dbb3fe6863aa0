"""Go through the lines of a boundary text once: heads, parcels, points."""

import re
from collections.abc import Callable
from typing import Final

from gis.errors import LayerError
from gis.words import Title
from layers.readers.boundary_txt_fields import (
    may_be_header,
    parcel_of,
    point_fields,
)
from layers.readers.boundary_txt_head import Line
from layers.readers.boundary_txt_notes import Notes, quoted
from layers.readers.boundary_txt_numbers import number, whole
from layers.readers.boundary_txt_raw import RawParcel, Tracer
from layers.readers.boundary_txt_text import folded

_NO_HEAD: Final = Title(
    "The file has no head [属性描述]: CGCS2000 and 3-degree zones are taken."
)
_NO_HEAD_LINE: Final = Title("The file has no line [属性描述] before its head.")
_NO_BODY: Final = Title("The file has no line [地块坐标] before its parcels.")
_SECTION: Final = Title("Line {line} begins a section that is not known: {value}.")
_HEADS: Final = Title("Line {line} begins another head: it speaks for what follows.")
_LATE: Final = Title("Line {line} belongs to the head, but stands among the parcels.")
_AGAIN: Final = Title("Line {line} says {key} once more: the last word counts.")
_PUNCTUATION: Final = Title("Line {line} uses full-width punctuation or digits.")
_NO_RING: Final = Title("Line {line} has no ring number: ring 1 was taken.")
_EXPONENT: Final = Title(
    "Line {line} writes a coordinate with an exponent ({value}): digits may be lost."
)
_COMMENTS: Final = ("#", "//", "--", ";", "'", "*")
_TEMPLATES: Final = ("界址点数", "点号")  # the lines that explain the format
_ATTRIBUTES, _COORDINATES = "属性描述", "地块坐标"
_MOST_KEYS = 200
# The form nearly every point has; all others take the longer way.
# Possessive, so that a line of blanks costs no more than any other.
_POINT: Final = re.compile(
    r"\s*+([^,@\s]{0,40}+)\s*+,\s*+([0-9]{1,4}+)\s*+,"
    r"\s*+([+-]?[0-9]{1,9}+(?:\.[0-9]{0,10}+)?+)\s*+,"
    r"\s*+([+-]?[0-9]{1,9}+(?:\.[0-9]{0,10}+)?+)\s*+,?\s*+"
).fullmatch
_KEY: Final = re.compile(r"([^\d,=:@][^,=:@]*+)[=:](.*)")


class Scan:
    """What a boundary text says, line by line.

    Attributes:
        heads: Keys of each head in the file, in order; at least one.
        parcels: Parcels with their rings.
    """

    def __init__(self, notes: Notes) -> None:
        self.heads: list[dict[str, Line]] = [{}]
        self.parcels: list[RawParcel] = []
        self._notes = notes
        self._tracer = Tracer(notes)
        self._in_body = False
        self._sections: set[str] = set()

    def read(self, lines: list[str]) -> None:
        """Take all lines of a file.

        Args:
            lines: Without their ends.
        """
        take = self._tracer.point
        for line, text in enumerate(lines, start=1):
            found = _POINT(text)
            if found is None:
                self._other(line, text)
            else:
                name, ring, first, second = found.groups()
                take(line, name, int(ring), float(first), float(second))
        self.parcels = self._tracer.finish()
        if not any(self.heads):
            self._notes.add(_NO_HEAD, "noticed")
        elif _ATTRIBUTES not in self._sections:
            self._notes.add(_NO_HEAD_LINE, "noticed")
        if _COORDINATES not in self._sections:
            self._notes.add(_NO_BODY, "noticed")

    def _other(self, line: int, text: str) -> None:
        """Take a line that is no point of the common form."""
        plain = folded(text)
        if not plain or plain.startswith((*_COMMENTS, *_TEMPLATES)):
            return
        if not any(step(line, text, plain) for step in self._steps()):
            self._notes.fault(
                LayerError(
                    "Line {line} is neither a parcel nor a point: {value}.",
                    line=line,
                    value=quoted(text),
                )
            )

    def _steps(self) -> tuple[Callable[[int, str, str], bool], ...]:
        # A head may hold an @ (an address), a parcel line begins with no word.
        return self._section, self._key, self._ended, self._headed, self._point

    def _section(self, line: int, text: str, plain: str) -> bool:
        bracketed = plain.startswith("[") and plain.endswith("]")
        word = plain.strip("[]:= \t")
        if not bracketed and word not in {_ATTRIBUTES, _COORDINATES}:
            return False
        if plain.strip() != text.strip():
            self._notes.add(_PUNCTUATION, "noticed", line)
        if word == _ATTRIBUTES:
            self._begin_head(line)
        elif word != _COORDINATES:
            self._notes.add(_SECTION, "noticed", line, value=quoted(text))
        self._in_body = word == _COORDINATES
        self._sections.add(word)
        return True

    def _begin_head(self, line: int) -> None:
        """Begin a head: the first, or that of a file that was put behind another."""
        if self._tracer.parcels:
            self.heads.append({})
            self._tracer.break_ring()
            self._notes.add(_HEADS, "noticed", line)

    def _ended(self, line: int, text: str, plain: str) -> bool:
        """Take a parcel line that has its @."""
        if "@" not in plain:
            return False
        if not plain.rstrip(",; \t").endswith("@"):
            fields = point_fields(plain)
            if fields and number(fields.first) and number(fields.second):
                return False
        self._begin(line, text)
        return True

    def _headed(self, line: int, text: str, plain: str) -> bool:
        """Take a parcel line that has lost its @."""
        if not may_be_header(plain):
            return False
        self._begin(line, text)
        return True

    def _begin(self, line: int, text: str) -> None:
        parcel = parcel_of(line, text, self._notes)
        if parcel is not None:
            parcel.head = len(self.heads) - 1
            self._tracer.begin(parcel)

    def _key(self, line: int, text: str, plain: str) -> bool:
        """Take a line of the head, `key=value`."""
        found = _KEY.fullmatch(plain)
        if found is None:
            return False
        head, key = self.heads[-1], found.group(1).strip()
        if key in head:
            self._notes.add(_AGAIN, "noticed", line, key=quoted(key))
        if self._in_body:
            self._notes.add(_LATE, "noticed", line)
        if len(head) < _MOST_KEYS:
            value = re.split("[=:＝：]", text, maxsplit=1)[1].strip()
            head[key] = Line(value, line)
        return True

    def _point(self, line: int, text: str, plain: str) -> bool:
        """Take a point in another form than the common one."""
        fields = point_fields(plain)
        if fields is None:
            return False
        read = [number(one) for one in (fields.first, fields.second)]
        ring = whole(fields.ring) if fields.ring else 1
        first, second = read
        if first is None or second is None or ring is None:
            at = read.index(None) if None in read else -1
            self._no_number(line, (fields.first, fields.second, fields.ring)[at])
            return True
        self._remark_point(line, text, fields.ring, fields.first + fields.second)
        self._tracer.point(line, fields.name, ring, first, second)
        return True

    def _no_number(self, line: int, value: str) -> None:
        self._notes.fault(
            LayerError(
                "Line {line}: {value} is no number that a point can have. Write "
                "coordinates as decimals, such as 2941741.624.",
                line=line,
                value=quoted(value) or '""',
            )
        )

    def _remark_point(self, line: int, text: str, ring: str, numbers: str) -> None:
        if not text.isascii() and folded(text) != text.strip():
            self._notes.add(_PUNCTUATION, "noticed", line)
        if not ring:
            self._notes.add(_NO_RING, "mended", line)
        if "e" in numbers.lower():
            self._notes.add(_EXPONENT, "noticed", line, value=quoted(numbers))

"""Understand the head of a boundary text: CRS, zone, units, precision."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from gis.errors import LayerError
from gis.words import Title
from layers.readers.boundary_txt_datum import Datum, datum_of
from layers.readers.boundary_txt_notes import Notes, quoted
from layers.readers.boundary_txt_numbers import number
from layers.readers.boundary_txt_text import folded

FIRST_ZONE, LAST_ZONE = 25, 45  # 3-degree zones of China
FIRST_WIDE, LAST_WIDE = 13, 23  # its 6-degree zones

NO_CRS: Final = Title("The file does not name the coordinate system: read as CGCS2000.")
_STRANGE_CRS: Final = Title(
    "Line {line}: {value} is no coordinate system that is known: say which one it is."
)
_NO_WIDTH: Final = Title(
    "The head does not say how wide the zones are: 3 degrees are taken."
)
_STRANGE_PLANE: Final = Title(
    "Line {line}: {value} is no projection that is known: say which CRS it is."
)
_NO_ZONE: Final = Title("The head names no zone.")
_STRANGE_ZONE: Final = Title(
    "Line {line}: {value} is no 3-degree zone (25 to 45) and was left aside."
)
_NO_PRECISION: Final = Title("The head does not say how exact the points are.")
_STRANGE_PRECISION: Final = Title(
    "Line {line}: {value} is no precision in metres and was left aside."
)
_PARAMETERS: Final = Title(
    "Line {line} gives transformation parameters ({value}): they were not applied."
)
_METRES: Final = {"", "米", "公尺", "m", "meter", "metre", "meters", "metres"}
_DEGREES: Final = {"度", "degree", "degrees", "十进制度", "度分秒"}
_WORDS: Final = {"三": "3", "六": "6"}


@dataclass(frozen=True)
class Line:
    """What stands behind a key of the head.

    Attributes:
        value: The text, outer blanks removed.
        line: Where it stands, from 1.
    """

    value: str
    line: int

    @property
    def plain(self) -> str:
        """The value in half width and lower case, without blanks."""
        return "".join(folded(self.value).lower().split())


@dataclass(frozen=True)
class Said:
    """What a head says of the coordinates after it.

    Attributes:
        zones: 3-degree zones it names.
        cgcs2000: Whether they can be taken for CGCS2000: said, or nothing said.
        degrees: Whether it says they are degrees.
        precision_m: How exact they are, in metres.
    """

    zones: tuple[int, ...] = ()
    cgcs2000: bool = True
    degrees: bool = False
    precision_m: float | None = None


Head = Mapping[str, Line]
_NOTHING: Final = Line("", 0)


def understand(head: Head, notes: Notes) -> Said:
    """Read the keys of a head.

    Args:
        head: Its lines by key.
        notes: Where deviations are put.

    Returns:
        What it says. Coordinate systems that need local parameters, zones of 6
        degrees and units other than metres are put into `notes` as faults.
    """
    said = Said()
    if not head:
        return said
    for step in (_datum, _width, _plane, _zone, _precision):
        said = step(head, said, notes)
    parameters = head.get("转换参数", _NOTHING)
    if re.search(r"[1-9]", parameters.plain):
        notes.add(
            _PARAMETERS, "noticed", parameters.line, value=quoted(parameters.value)
        )
    return said


_Step = Callable[[Head, Said, Notes], Said]


def _datum(head: Head, said: Said, notes: Notes) -> Said:
    written = head.get("坐标系", _NOTHING)
    datum = datum_of(written.plain)
    if datum is Datum.UNSAID:
        notes.add(NO_CRS, "noticed", written.line)
    elif datum is Datum.OLD:
        notes.fault(
            LayerError(
                "Line {line} says {value}: coordinates of Xi'an 1980 and Beijing 1954 "
                "need local parameters that LandMap does not have. Convert the file "
                "to CGCS2000 first.",
                line=written.line,
                value=quoted(written.value),
            )
        )
    elif datum is Datum.UNKNOWN:
        notes.add(_STRANGE_CRS, "noticed", written.line, value=quoted(written.value))
        return replace(said, cgcs2000=False)
    return said


def _width(head: Head, said: Said, notes: Notes) -> Said:
    written = head.get("几度分带") or head.get("分带") or _NOTHING
    found = re.search(r"\d+(?:\.\d+)?|[三六]", written.plain)
    width = _WORDS.get(found.group(), found.group()) if found else ""
    if not width:
        notes.add(_NO_WIDTH, "noticed", written.line)
    elif float(width) != 3:  # noqa: PLR2004 - degrees
        notes.fault(
            LayerError(
                "Line {line} says zones of {value}: only 3-degree zones are read. "
                "Project the coordinates to a 3-degree zone first.",
                line=written.line,
                value=quoted(written.value),
            )
        )
    return said


def _plane(head: Head, said: Said, notes: Notes) -> Said:
    written, unit = head.get("投影类型", _NOTHING), head.get("计量单位", _NOTHING)
    plane = written.plain
    degrees = bool(re.search(r"经纬|地理|lon.?lat", plane)) or unit.plain in _DEGREES
    if unit.plain not in _METRES | _DEGREES:
        notes.fault(
            LayerError(
                "Line {line} says the unit {value}: only metres (米) are read.",
                line=unit.line,
                value=quoted(unit.value),
            )
        )
    if plane and not degrees and not re.search(r"高斯|gau(ss|ß)|^gk$", plane):
        notes.add(_STRANGE_PLANE, "noticed", written.line, value=quoted(written.value))
        return replace(said, cgcs2000=False)
    return replace(said, degrees=degrees)


def _zone(head: Head, said: Said, notes: Notes) -> Said:
    written = head.get("带号", _NOTHING)
    numbers = [int(one) for one in re.findall(r"[0-9]{1,9}", written.plain)]
    zones = tuple(one for one in numbers if FIRST_ZONE <= one <= LAST_ZONE)
    wide = [one for one in numbers if FIRST_WIDE <= one <= LAST_WIDE]
    if zones and len(zones) == len(numbers):
        return replace(said, zones=zones)
    if wide:
        notes.fault(
            LayerError(
                "Line {line} names zone {value}, which is a 6-degree zone: only "
                "3-degree zones (25 to 45) are read. Project the coordinates first.",
                line=written.line,
                value=quoted(written.value),
            )
        )
    elif written.plain:
        notes.add(_STRANGE_ZONE, "noticed", written.line, value=quoted(written.value))
    elif not said.degrees:
        notes.add(_NO_ZONE, "noticed", written.line)
    return said


def _precision(head: Head, said: Said, notes: Notes) -> Said:
    written = head.get("精度", _NOTHING)
    value = number(re.sub(r"(米|m)$", "", written.plain))
    if value is not None and value > 0:
        return replace(said, precision_m=value)
    if written.plain:
        notes.add(
            _STRANGE_PRECISION, "noticed", written.line, value=quoted(written.value)
        )
    else:
        notes.add(_NO_PRECISION, "noticed", written.line)
    return said

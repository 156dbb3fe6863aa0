"""Tell by its name which coordinate system a boundary file means."""

import re
from enum import Enum
from typing import Final


class Datum(Enum):
    """What a name of a coordinate system can mean to us."""

    CGCS2000 = "CGCS2000"
    OLD = "Xi'an 1980 or Beijing 1954"
    UNKNOWN = "unknown"
    UNSAID = ""


_OLD: Final = re.compile(r"西安|xian|xi'an|北京|beijing|1980|1954")
# What may stand around the year without changing what is meant.
_AROUND: Final = re.compile(
    r"国家|中国|大地|坐标系统?|坐标|gcs|cgcs|china|geodetic|coordinate|system|系$"
    r"|[\s_\-/()年]"
)
_LOCAL: Final = re.compile(r"独立|地方|城市|local")
_CGCS: Final = re.compile(r"cgcs_?2000")
_YEARS: Final = {
    "2000": Datum.CGCS2000,
    "80": Datum.OLD,
    "54": Datum.OLD,
}


def datum_of(name: str) -> Datum:
    """Tell what a coordinate system's name means.

    Args:
        name: In half width and lower case, without blanks.

    Returns:
        CGCS2000 for what the surveyors of the land offices call so, OLD for the
        systems before it, UNKNOWN for local and foreign ones.
    """
    if not name:
        return Datum.UNSAID
    if _LOCAL.search(name):
        return Datum.UNKNOWN
    if _CGCS.match(name):
        return Datum.CGCS2000
    if _OLD.search(name) and "2000" not in name:
        return Datum.OLD
    return _YEARS.get(_AROUND.sub("", name), Datum.UNKNOWN)

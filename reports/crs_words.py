"""CRSs as surveyors name them: never as the text of their definition."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from pyproj import CRS
from pyproj.exceptions import CRSError

from gis.crs import CGCS2000, zone_of_code
from gis.words import Title
from reports.candidates import Say

LONGEST: Final = 80
UNNAMED: Final = Title("a CRS without a name")


def crs_words(names: Iterable[str], say: Say) -> str:
    """Name CRSs.

    Args:
        names: Each "EPSG:4524" or WKT.
        say: Translates an English msgid.

    Returns:
        Their titles; a CRS that has a code is told with it.
    """
    return say(", ").join(_title(one, say) for one in names)


def _title(crs: str, say: Say) -> str:
    if crs == CGCS2000:
        title = say(Title("CGCS2000 degrees"))
    elif zone := zone_of_code(crs):
        title = say(Title("CGCS2000, 3-degree zone {zone}")).format(zone=zone)
    else:
        title = _own_name(crs) or say(UNNAMED)
    return f"{title} ({crs})" if crs.startswith("EPSG:") else title


@lru_cache
def _own_name(crs: str) -> str:
    """Read what a CRS calls itself; "" where it has no name."""
    try:
        name = CRS.from_user_input(crs).name
    except CRSError:
        return ""
    return "" if name.lower() in {"unknown", "unnamed"} else name[:LONGEST]

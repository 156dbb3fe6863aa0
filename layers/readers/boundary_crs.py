"""Tell the CRS of an uploaded file by a code where that is safe, else not at all."""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError

from gis.errors import LayerError
from gis.words import Title
from layers.boundary import Remark

Box = Sequence[float] | NDArray[np.float64]
LONGEST: Final = 10_000
_FLAT: Final = 2
DEGREES_EAST, DEGREES_NORTH = 180.0, 90.0
_CODE: Final = re.compile(r"EPSG:[0-9]{4,6}")
_NAMED: Final = re.compile(r"(?:^|:)EPSG:(?:[0-9.]*:)?([0-9]{4,6})$", re.IGNORECASE)
# Words by which a CRS names files or addresses of grids, or hides another CRS.
_REFERS: Final = re.compile(
    r"EXTENSION|GRIDS|BOUNDCRS|PARAMETERFILE|ABRIDGED|https?:|/vsi", re.IGNORECASE
)
_WKT: Final = re.compile(
    r"\s*(PROJCRS|PROJCS|GEOGCRS|GEOGCS|GEODCRS)\s*\[", re.IGNORECASE
)
# Krassowsky 1940 of Beijing 1954, IAG 1975 of Xi'an 1980: no other CRS of China has
# them, whatever a .prj calls itself.
_OLD: Final = {6_378_245.0: "Beijing 1954", 6_378_140.0: "Xi'an 1980"}
UNUSABLE: Final = Title(
    "The file tells a CRS that LandMap does not use ({crs}); say which one it is."
)
UNFIT: Final = Title(
    "The file says that its CRS is {crs}, but its coordinates cannot be in it: read "
    "x {west} to {east}, y {south} to {north}. Say which one it is."
)
TAKEN: Final = Title(
    "The file counts in WGS 84 degrees, as its format asks; they were taken as "
    "CGCS2000, which differs by less than a metre."
)


def is_plain(said: str) -> bool:
    """Tell whether a CRS may be used: a code, or a definition that names no files.

    Args:
        said: "EPSG:4490" or WKT.

    Returns:
        True for a geographic or projected CRS that stands on its own.
    """
    if _CODE.fullmatch(said):
        return True
    if len(said) > LONGEST or not _WKT.match(said) or _REFERS.search(said):
        return False
    try:
        return not CRS.from_wkt(said).is_bound
    except CRSError:
        return False


def known_crs(said: str, box: Box) -> tuple[str, list[Remark]]:
    """Name the CRS a file tells, if its coordinates can be in it.

    Args:
        said: Code or WKT; "" where the file tells none.
        box: West, south, east, north of its coordinates.

    Returns:
        "EPSG:4524", or WKT where no code fits, or "" where somebody has to say; and
        what there is to remark.

    Raises:
        LayerError: The CRS needs parameters that only the survey office has.
    """
    if not said:
        return "", []
    crs = _parsed(said)
    if crs is None:
        return "", [Remark(UNUSABLE, {"crs": said[:80]})]
    old = _OLD.get(crs.ellipsoid.semi_major_metre) if crs.ellipsoid else None
    if old:
        raise LayerError(
            "The file is in {old} ({crs}): that can be turned into CGCS2000 only with "
            "the local parameters of the survey office. Have it transformed there and "
            "send it in CGCS2000.",
            old=old,
            crs=crs.name[:80],
        )
    if not fits(crs, box):
        west, south, east, north = (float(edge) for edge in box)
        values = {"west": west, "south": south, "east": east, "north": north}
        return "", [Remark(UNFIT, {"crs": crs.name[:80], **values})]
    # 70: the same parameters; below that only the name agrees, which may lie.
    code = crs.to_epsg(min_confidence=70)
    found = f"EPSG:{code}" if code else str(crs.to_wkt())
    if not is_plain(found):
        return "", [Remark(UNUSABLE, {"crs": said[:80]})]
    return found, []


def in_degrees(box: Box) -> bool:
    """Tell whether coordinates may be degrees.

    Args:
        box: West, south, east, north.

    Returns:
        Whether all lie on the globe.
    """
    west, south, east, north = np.abs(np.asarray(box, dtype=np.float64))
    return bool(max(west, east) <= DEGREES_EAST and max(south, north) <= DEGREES_NORTH)


def fits(crs: CRS, box: Box) -> bool:
    """Tell whether coordinates may be in a CRS: degrees are small, metres are not.

    Args:
        crs: Geographic or projected.
        box: West, south, east, north.

    Returns:
        False for metres called degrees and for degrees called metres.
    """
    return in_degrees(box) == bool(crs.is_geographic)


def code_in(name: str) -> str:
    """Read the code out of the name of a CRS as GeoJSON writes it.

    Args:
        name: "urn:ogc:def:crs:EPSG::4490", "EPSG:4490", "urn:...:CRS84".

    Returns:
        "EPSG:4490"; "EPSG:4326" for CRS84; "" for anything else.
    """
    if name.upper().endswith(":CRS84"):
        return "EPSG:4326"
    found = _NAMED.search(name.strip())
    return f"EPSG:{found[1]}" if found else ""


def _parsed(said: str) -> CRS | None:
    """Read a CRS; None where it is none, or none that stands on its own."""
    if len(said) > LONGEST or _REFERS.search(said):
        return None
    try:
        crs = CRS.from_user_input(said)
        if crs.is_compound:
            crs = crs.sub_crs_list[0]
        if len(crs.axis_info) > _FLAT:
            crs = crs.to_2d()
    except CRSError:
        return None
    usable = (crs.is_geographic or crs.is_projected) and not crs.is_bound
    return crs if usable else None

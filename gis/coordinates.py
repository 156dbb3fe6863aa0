"""A point in the coordinates of Chinese surveying: degrees and 3-degree plane."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pyproj import Transformer

from gis.crs import CGCS2000, gauss_kruger_crs, gauss_kruger_zone
from gis.errors import CrsError

ZONE_M: Final = 1_000_000  # the zone's number stands before seven digits of metres


@dataclass(frozen=True)
class PlanePoint:
    """A point in a 3-degree Gauss-Kruger plane of CGCS2000.

    Attributes:
        zone: Number of the zone.
        north_m: X of Chinese surveying: metres from the equator.
        east_m: Y without the zone's number: metres, 500,000 on the central meridian.
    """

    zone: int
    north_m: float
    east_m: float

    @property
    def meridian(self) -> int:
        """The zone's central meridian in degrees east."""
        return 3 * self.zone

    @property
    def east_with_zone_m(self) -> float:
        """Y as it is written: the zone's number before it."""
        return self.zone * ZONE_M + self.east_m


def plane_point(lng: float, lat: float) -> PlanePoint:
    """Project a point into its zone.

    Args:
        lng: Longitude in degrees, EPSG:4490.
        lat: Latitude in degrees, EPSG:4490.

    Returns:
        The point in the zone its longitude lies in.

    Raises:
        CrsError: It lies in none of the zones of China, or at no latitude.
    """
    zone = int(gauss_kruger_zone(lng))
    if not abs(lat) <= 90:  # noqa: PLR2004 - the globe
        raise CrsError("The latitude {lat} is none.", lat=lat)
    east, north = _to_zone(zone).transform(lng, lat)
    return PlanePoint(zone, float(north), float(east))


def dms(degrees: float, *, decimals: int = 2) -> str:
    """Write degrees, minutes and seconds.

    Args:
        degrees: Degrees without their sign's direction.
        decimals: Digits of the seconds; 2 are 0.3 m on the ground.

    Returns:
        Text as 106°42'36.00"; never 60 seconds.
    """
    parts = 10**decimals
    total = round(abs(degrees) * 3_600 * parts)
    minutes, rest = divmod(total, 60 * parts)
    whole, minute = divmod(minutes, 60)
    width = 3 + decimals if decimals else 2
    return f"{whole}°{minute:02d}'{rest / parts:0{width}.{decimals}f}\""


@lru_cache(maxsize=32)
def _to_zone(zone: int) -> Transformer:
    return Transformer.from_crs(CGCS2000, gauss_kruger_crs(zone), always_xy=True)

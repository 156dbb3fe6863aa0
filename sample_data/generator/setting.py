"""What is known of each parcel before its attributes are drawn."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from sample_data.generator.draw import Floats
from sample_data.generator.parcels import Stock
from sample_data.generator.sites import Site

AS_OF = np.datetime64("2026-11-01")


@dataclass(frozen=True)
class Setting:
    """The ground each parcel lies on.

    Attributes:
        site: Its site, by position.
        sites: All sites.
        area_m2: Its area, shape (n,).
        code: Planned use of its block, shape (n,).
        remote: 0 in the middle of its site, 1 at its rim, shape (n,).
    """

    site: np.ndarray
    sites: Sequence[Site]
    area_m2: Floats
    code: np.ndarray
    remote: Floats

    def of_site(self, field: str) -> np.ndarray:
        """Look up a field of each parcel's site."""
        known = np.array([getattr(site, field) for site in self.sites])
        own: np.ndarray = known[self.site]
        return own


def setting_of(stock: Stock, sites: Sequence[Site]) -> Setting:
    """Collect what is known of each parcel."""
    area = np.abs(shapely.area(stock.shapes))
    centres = shapely.get_coordinates(shapely.centroid([s.outline for s in sites]))
    reach = np.sqrt(shapely.area([s.outline for s in sites]))
    points = shapely.get_coordinates(shapely.centroid(stock.shapes))
    away = np.hypot(*(points - centres[stock.plan]).T) / reach[stock.plan]
    return Setting(stock.plan, sites, area, stock.code, np.clip(away / 0.85, 0, 1))


def days_of(dates: np.ndarray) -> np.ndarray:
    """Write dates as ISO text."""
    return np.datetime_as_string(dates.astype("datetime64[D]"), unit="D")

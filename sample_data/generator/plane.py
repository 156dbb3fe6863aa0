"""The plane the province is drawn on: an equal-area Albers, in metres."""

import numpy as np
import shapely
from geopandas import GeoDataFrame, GeoSeries
from pyproj import CRS, Transformer

from sample_data.generator.draw import Floats

LONLAT = CRS("EPSG:4490")
# Standard parallels a sixth inside Guizhou's southern and northern ends; GRS80 is the
# ellipsoid of CGCS2000 to 0.1 mm.
PLANE = CRS.from_proj4(
    "+proj=aea +lat_1=25.4 +lat_2=28.4 +lat_0=26.9 +lon_0=106.5"
    " +ellps=GRS80 +units=m +no_defs"
)
DECIMALS = 7  # degrees: about 1 cm
_TO_PLANE = Transformer.from_crs(LONLAT, PLANE, always_xy=True)
_TO_LONLAT = Transformer.from_crs(PLANE, LONLAT, always_xy=True)


def points_to_plane(lonlat: Floats) -> Floats:
    """Project longitudes and latitudes.

    Args:
        lonlat: Degrees, EPSG:4490, shape (n, 2).

    Returns:
        Metres on the plane, shape (n, 2).
    """
    return np.column_stack(_TO_PLANE.transform(lonlat[:, 0], lonlat[:, 1]))


def points_to_lonlat(metres: Floats) -> Floats:
    """Project points of the plane back, rounded as they are shipped.

    Args:
        metres: On the plane, shape (n, 2).

    Returns:
        Degrees, EPSG:4490, rounded to 1e-7, shape (n, 2).
    """
    lon, lat = _TO_LONLAT.transform(metres[:, 0], metres[:, 1])
    return np.round(np.column_stack([lon, lat]), DECIMALS)


def to_plane(geometry: GeoSeries) -> GeoSeries:
    """Project shapes in degrees (EPSG:4490) to the plane."""
    moved = shapely.transform(geometry.to_numpy(), points_to_plane)
    return GeoSeries(moved, index=geometry.index, crs=PLANE)


def to_lonlat(frame: GeoDataFrame) -> GeoDataFrame:
    """Project a frame of the plane to degrees (EPSG:4490), rounded to 1e-7."""
    moved = shapely.transform(frame.geometry.to_numpy(), points_to_lonlat)
    return frame.set_geometry(GeoSeries(moved, index=frame.index, crs=LONLAT))

"""The synthetic terrain as a shaded picture, dark and light over any ground."""

from pathlib import Path

import numpy as np
import rasterio.shutil
from rasterio.features import rasterize
from rasterio.io import MemoryFile
from rasterio.transform import from_origin
from scipy.ndimage import gaussian_filter
from shapely.geometry.base import BaseGeometry

from sample_data.generator.draw import Floats
from sample_data.generator.plane import PLANE
from sample_data.generator.rivers import heights_of
from sample_data.generator.terrain import Terrain

SUN_AZIMUTH, SUN_HEIGHT = 315.0, 45.0
STRETCH = 6.0  # the relief is gentle: shown steeper than it is


def write_relief(terrain: Terrain, outline: BaseGeometry, path: Path) -> None:
    """Write the shaded relief as a cloud-optimised GeoTIFF.

    Args:
        terrain: What to shade.
        outline: The province on the plane; beyond it nothing is shaded.
        path: The file to write: grey and alpha, so that it darkens and lightens
            whatever lies below it.
    """
    heights = heights_of(terrain)
    fine = gaussian_filter(heights.metres, 0.8)
    cell_m = heights.grid.cell_m
    shade = hillshade(fine, cell_m)
    away = shade - np.sin(np.radians(SUN_HEIGHT))
    grey = np.where(away < 0, 0, 255).astype(np.uint8)
    strength = np.where(away < 0, -away * 210.0, away * 320.0)
    # Sixteen steps are enough for the eye, and pack small.
    alpha = (np.clip(strength, 0, 150) // 10 * 10).astype(np.uint8)
    left = heights.grid.left - heights.grid.cell_m / 2
    top = heights.grid.bottom + heights.grid.cell_m * (heights.grid.shape[0] - 0.5)
    bands = np.stack([grey, alpha])[:, ::-1]
    at = from_origin(left, top, cell_m, cell_m)
    bands[:, rasterize([outline], bands.shape[1:], transform=at) == 0] = 0
    write_cog(bands, path, left=left, top=top, pixel_m=cell_m, lossless=True)


def hillshade(metres: Floats, cell_m: float) -> Floats:
    """Shade heights lit from the north-west.

    Args:
        metres: Heights, rows from the south.
        cell_m: Side of a cell, metres.

    Returns:
        0 in the dark to 1 in the full sun; flat ground has sin 45 degrees.

    Source:
        Horn (1981), Proceedings of the IEEE 69(1), doi:10.1109/PROC.1981.11918.
    """
    north, east = np.gradient(metres * STRETCH, cell_m)
    sun, up = np.radians(SUN_AZIMUTH), np.radians(SUN_HEIGHT)
    lit = np.sin(up) - np.cos(up) * (np.sin(sun) * east + np.cos(sun) * north)
    shade: Floats = np.clip(lit / np.sqrt(1.0 + north**2 + east**2), 0.0, 1.0)
    return shade


def write_cog(
    bands: np.ndarray,
    path: Path,
    *,
    left: float,
    top: float,
    pixel_m: float,
    lossless: bool,
) -> None:
    """Write bytes of the plane as a cloud-optimised GeoTIFF.

    Args:
        bands: Shape (b, rows, columns), rows from the north, uint8.
        path: The file to write.
        left: Easting of the left edge, metres.
        top: Northing of the upper edge, metres.
        pixel_m: Side of a pixel, metres.
        lossless: Whether every pixel stays as it is; else it is packed as JPEG.
    """
    count, rows, columns = bands.shape
    profile = {
        "driver": "GTiff",
        "dtype": "uint8",
        "count": count,
        "height": rows,
        "width": columns,
        "crs": PLANE.to_wkt(),
        "transform": from_origin(left, top, pixel_m, pixel_m),
        "photometric": "MINISBLACK" if count <= 2 else "RGB",  # noqa: PLR2004 - grey
        "alpha": "YES" if count in {2, 4} else "NO",
    }
    packing = {"COMPRESS": "DEFLATE", "LEVEL": "9", "PREDICTOR": "YES"}
    if not lossless:
        packing = {"COMPRESS": "JPEG", "QUALITY": "78"}
    with MemoryFile() as memory:
        with memory.open(**profile) as plain:
            plain.write(bands)
        with memory.open() as plain:
            rasterio.shutil.copy(
                plain,
                path,
                driver="COG",
                BLOCKSIZE="512",
                RESAMPLING="AVERAGE",
                **packing,
            )

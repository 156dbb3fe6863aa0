"""The synthetic terrain as a shaded picture, dark and light over any ground.

One band: 128 is flat ground and what lies beyond the province, less is shade, more is
light. Whoever draws it darkens and lightens what lies below.
"""

from pathlib import Path

import numpy as np
import rasterio.shutil
from rasterio.features import rasterize
from rasterio.io import MemoryFile
from rasterio.transform import from_origin
from scipy.ndimage import gaussian_filter, zoom
from shapely.geometry.base import BaseGeometry

from sample_data.generator.draw import Floats, stream
from sample_data.generator.plane import PLANE
from sample_data.generator.rivers import Heights, Rivers, carved, heights_of
from sample_data.generator.terrain import Grid, Terrain

SUN_AZIMUTH, SUN_HEIGHT = 315.0, 45.0
STRETCH = 3.6  # the relief is gentle: shown steeper than it is
FINER = 2  # cells of the picture to a cell of the terrain, either way
CRAGS_M = 15.0  # karst: small hills all over the ridges, none in the valleys
FLAT, MOST = 128, 80
STEP = 8  # sixteen steps are enough for the eye, and pack small


def write_relief(
    terrain: Terrain, rivers: Rivers, outline: BaseGeometry, path: Path, *, seed: int
) -> None:
    """Write the shaded relief as a cloud-optimised GeoTIFF.

    Args:
        terrain: What to shade.
        rivers: What is cut into it.
        outline: The province on the plane; beyond it nothing is shaded.
        path: The file to write, one band.
        seed: Seed of the province.
    """
    heights = fine_heights(terrain, rivers, seed=seed)
    grid = heights.grid
    even = gaussian_filter(heights.metres, 0.7)
    away = hillshade(even, grid.cell_m) - np.sin(np.radians(SUN_HEIGHT))
    strength = np.clip(np.where(away < 0, away * 150.0, away * 190.0), -MOST, MOST)
    shade = (FLAT + np.rint(strength / STEP) * STEP).astype(np.uint8)[::-1]
    left = grid.left - grid.cell_m / 2
    top = grid.bottom + grid.cell_m * (grid.shape[0] - 0.5)
    at = from_origin(left, top, grid.cell_m, grid.cell_m)
    shade[rasterize([outline], shade.shape, transform=at) == 0] = FLAT
    write_cog(shade[None], path, left=left, top=top, pixel_m=grid.cell_m, lossless=True)


def fine_heights(terrain: Terrain, rivers: Rivers, *, seed: int) -> Heights:
    """Draw the heights finely, with small hills and the beds of the rivers.

    Args:
        terrain: The relief.
        rivers: The rivers.
        seed: Seed of the province.

    Returns:
        Heights in cells of 250 m.
    """
    coarse = heights_of(terrain)
    cell_m = coarse.grid.cell_m / FINER
    metres = zoom(coarse.metres, FINER, order=3, mode="nearest", grid_mode=True)
    # Fine cells share the coarse ones' edges: the first middle lies nearer the edge.
    shift = (coarse.grid.cell_m - cell_m) / 2
    grid = Grid(
        coarse.grid.left - shift, coarse.grid.bottom - shift, cell_m, metres.shape
    )
    rough = np.clip(
        zoom(terrain.relief, FINER, order=1, grid_mode=True, mode="nearest"), 0.0, 2.0
    )
    crags = gaussian_filter(stream(seed, "crags").standard_normal(grid.shape), 1.5)
    metres = metres + CRAGS_M * rough * crags / crags.std()
    return carved(Heights(grid, metres), rivers)


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
    packing = {"COMPRESS": "DEFLATE", "LEVEL": "9"}
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

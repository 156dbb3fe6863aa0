"""A picture from above, painted from the sample's own zoning: it looks like a photo.

It shows that imagery of one's own is served and lies where it belongs; "SYNTHETIC" is
written across it.
"""

from pathlib import Path

import numpy as np
import shapely
from geopandas import GeoDataFrame
from PIL import Image, ImageDraw, ImageFont
from rasterio.features import rasterize
from rasterio.transform import from_origin
from scipy.ndimage import gaussian_filter, sobel, zoom
from shapely.geometry.base import BaseGeometry

from sample_data.generator.draw import Floats, stream
from sample_data.generator.relief import write_cog

PIXEL_M = 2.0
SIDE_M = 4_000.0
MARGIN_M = 7.0
WOODED = 0.15  # of the noise: more is woods
EMPTY = 0.15  # share of the places where no building stands
# Ground as it looks from above, by the head of its planned use; red, green, blue.
GROUND = {
    "07": (150, 146, 138),
    "08": (142, 146, 136),
    "09": (158, 150, 142),
    "10": (150, 152, 154),
    "11": (146, 148, 152),
    "12": (168, 166, 160),
    "13": (132, 138, 134),
    "14": (84, 116, 70),
    "16": (148, 134, 104),
    "17": (58, 84, 92),
}
ROOFS = np.array([
    (178, 92, 70),
    (196, 200, 204),
    (88, 120, 160),
    (208, 204, 196),
    (120, 124, 128),
])
BUILT = ("07", "08", "09", "10", "11")
ROOF_PX = {
    "07": (9, 16),
    "08": (14, 22),
    "09": (14, 26),
    "10": (26, 46),
    "11": (26, 40),
}


def write_orthophoto(
    zoning: GeoDataFrame, zone: BaseGeometry, path: Path, *, seed: int
) -> None:
    """Paint the ground around the middle of a zone.

    Args:
        zoning: Blocks on the plane, with `land_use_code`.
        zone: The zone whose middle is shown, on the plane.
        path: The file to write.
        seed: Seed of the province.
    """
    middle = zone.representative_point()
    left = np.floor((middle.x - SIDE_M / 2) / PIXEL_M) * PIXEL_M
    top = np.ceil((middle.y + SIDE_M / 2) / PIXEL_M) * PIXEL_M
    side = int(SIDE_M / PIXEL_M)
    near = zoning[
        zoning.intersects(shapely.box(left, top - SIDE_M, left + SIDE_M, top))
    ]
    random = stream(seed, "orthophoto")
    picture = _country(side, random)
    at = from_origin(left, top, PIXEL_M, PIXEL_M)
    for head, colour in GROUND.items():
        blocks = near[near["land_use_code"].str.startswith(head)].geometry
        if blocks.empty:
            continue
        mask = rasterize(blocks, out_shape=(side, side), transform=at).astype(bool)
        picture[mask] = np.array(colour) + random.normal(0, 5, (int(mask.sum()), 1))
        if head in BUILT:
            inner = rasterize(
                blocks.buffer(-MARGIN_M * 2), out_shape=(side, side), transform=at
            )
            _roofs(picture, inner.astype(bool), ROOF_PX[head], random)
    picture += random.normal(0, 4, picture.shape[:2])[..., None]
    _written(picture)
    bands = np.clip(picture, 0, 255).astype(np.uint8).transpose(2, 0, 1)
    write_cog(bands, path, left=left, top=top, pixel_m=PIXEL_M, lossless=False)


def _country(side: int, random: np.random.Generator) -> Floats:
    """Paint woods and terraces."""
    broad = zoom(
        gaussian_filter(random.standard_normal((80, 80)), 3), side / 80, order=1
    )
    fine = gaussian_filter(random.standard_normal((side, side)), 3)
    woods = broad / broad.std() + 1.2 * fine / fine.std() > WOODED
    field = np.where(woods[..., None], (62, 88, 52), (136, 140, 92)).astype(float)
    slopes = sobel(gaussian_filter(broad, 4), axis=0)
    terraces = np.sin(broad / broad.std() * 40) * 7 * ~woods
    light = 14 * slopes / slopes.std() + terraces + 7 * fine / fine.std()
    painted: Floats = field + light[..., None]
    return painted


def _roofs(
    picture: Floats,
    inside: np.ndarray,
    size: tuple[int, int],
    random: np.random.Generator,
) -> None:
    """Stand buildings in rows, each with its shadow, where there is room."""
    step = size[1] + 8
    rows, columns = inside.shape
    for row in range(0, rows - step, step):
        for column in range(0, columns - step, step):
            tall, wide = random.integers(size[0], size[1], 2)
            box = (slice(row, row + tall), slice(column, column + wide))
            if not inside[box].all() or random.random() < EMPTY:
                continue
            shadow = (
                slice(row + 3, row + tall + 3),
                slice(column + 3, column + wide + 3),
            )
            picture[shadow] *= 0.55
            roof = ROOFS[random.integers(len(ROOFS))]
            picture[box] = roof + np.linspace(10, -10, tall)[:, None, None]


def _written(picture: Floats) -> None:
    """Write faintly across the picture that it is none."""
    rows, columns = picture.shape[:2]
    sheet = Image.new("L", (columns, rows))
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(size=64)
    for row in range(120, rows, 420):
        for column in range(60 + row % 3 * 90, columns, 620):
            pen.text((column, row), "SYNTHETIC", fill=90, font=font)
    picture += np.asarray(sheet, dtype=float)[..., None] * 0.35

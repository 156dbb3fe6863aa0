"""A picture from above, painted from the sample's own zoning: it looks like a photo.

It shows that imagery of one's own is served and lies where it belongs; "SYNTHETIC" is
written across it.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import shapely
from geopandas import GeoDataFrame
from PIL import Image, ImageDraw, ImageFont
from rasterio.features import rasterize
from rasterio.transform import Affine, from_origin
from scipy.ndimage import gaussian_filter, sobel, zoom
from shapely import Polygon
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
    "07": (146, 148, 134),
    "08": (142, 146, 136),
    "09": (158, 150, 142),
    "10": (152, 151, 146),
    "11": (146, 148, 152),
    "12": (118, 118, 118),
    "13": (132, 138, 134),
    "14": (84, 116, 70),
    "16": (148, 134, 104),
    "17": (58, 84, 92),
}
ROOFS = np.array([
    (158, 112, 96),
    (188, 191, 194),
    (110, 130, 152),
    (196, 192, 184),
    (128, 130, 132),
    (172, 172, 168),
])
BUILT = ("07", "08", "09", "10", "11")
# Least and greatest length of a building by the head of its block's use, metres.
ROOF_M = {
    "07": (24.0, 46.0),
    "08": (30.0, 60.0),
    "09": (28.0, 60.0),
    "10": (55.0, 130.0),
    "11": (60.0, 120.0),
}
SHADOW_PX = np.array([2.5, 2.5])  # the sun stands in the north-west, as the relief's
# "Synthetic" in Chinese, by strokes in a box of 100: no machine's fonts are asked.
SYNTHETIC_STROKES = (
    (
        ((50, 2), (28, 30), (2, 50)),
        ((50, 2), (72, 30), (98, 50)),
        ((30, 46), (70, 46)),
        ((24, 62), (24, 98)),
        ((24, 62), (76, 62), (76, 98)),
        ((24, 92), (76, 92)),
    ),
    (
        ((16, 22), (92, 22)),
        ((18, 22), (18, 60), (4, 96)),
        ((18, 46), (46, 46), (44, 80), (34, 76)),
        ((52, 2), (60, 50), (74, 84), (94, 96), (96, 78)),
        ((86, 40), (70, 70), (44, 96)),
        ((68, 4), (82, 14)),
    ),
)


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
        if head == "12":
            _kerbs(picture, mask)
        if head == "14":
            picture[mask] += _crowns(side, random)[mask]
        if head in BUILT:
            for block in shapely.get_parts(blocks.to_numpy()):
                _roofs(picture, block, head, at, random)
    picture += random.normal(0, 4, picture.shape[:2])[..., None]
    _written(picture)
    bands = np.clip(picture, 0, 255).astype(np.uint8).transpose(2, 0, 1)
    write_cog(bands, path, left=left, top=top, pixel_m=PIXEL_M, lossless=False)


def _kerbs(picture: Floats, road: np.ndarray) -> None:
    """Edge roads with light pavements."""
    rim = road & (gaussian_filter(road.astype(float), 1.2) < 0.8)  # noqa: PLR2004 - of its surroundings
    picture[rim] = picture[rim] * 0.5 + np.array([178.0, 176.0, 168.0]) * 0.5


def _crowns(side: int, random: np.random.Generator) -> Floats:
    """Mottle a park as crowns of trees do."""
    fine = gaussian_filter(random.standard_normal((side, side)), 2.2)
    mottled: Floats = (13.0 * fine / fine.std())[..., None]
    return mottled


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
    block: BaseGeometry,
    head: str,
    at: Affine,
    random: np.random.Generator,
) -> None:
    """Stand buildings in rows along a block's own streets, each with its shadow."""
    inner = block.buffer(-MARGIN_M)
    if inner.is_empty:
        return
    corners = shapely.get_coordinates(inner.minimum_rotated_rectangle)
    if len(corners) < 4:  # noqa: PLR2004 - a line: no room
        return
    across, along = corners[1] - corners[0], corners[3] - corners[0]
    wide, deep = np.hypot(*across), np.hypot(*along)
    across, along = across / wide, along / deep
    low, high = ROOF_M[head]
    boxes, v = [], 0.0
    while v + low < deep:
        tall = random.uniform(low, high) * 0.6
        u = 0.0
        while u + low < wide:
            long = random.uniform(low, high)
            start = corners[0] + u * across + v * along
            box = start + np.array([
                0 * across,
                long * across,
                long * across + tall * along,
                tall * along,
            ])
            if random.random() > EMPTY:
                boxes.append(box)
            u += long + random.uniform(8.0, 16.0)
        v += tall + random.uniform(10.0, 18.0)
    shapely.prepare(inner)
    for box in boxes:
        if shapely.contains(inner, Polygon(box)):
            _roof(picture, box, at, random)


def _roof(
    picture: Floats, box: Floats, at: Affine, random: np.random.Generator
) -> None:
    """Paint one building: its shadow to the north-west's far side, two halves."""
    pixels = np.column_stack(~at @ (box[:, 0], box[:, 1]))
    _fill(picture, pixels + SHADOW_PX, lambda below: below * 0.62)
    roof = ROOFS[random.integers(len(ROOFS))] + random.normal(0, 7)
    half = (pixels + pixels[[3, 2, 1, 0]]) / 2
    _fill(picture, pixels, lambda _below: roof)
    _fill(picture, np.vstack([pixels[:2], half[1::-1]]), lambda _below: roof * 0.93)


def _fill(picture: Floats, corners: Floats, paint: Callable[[Floats], Floats]) -> None:
    """Paint a polygon of pixels; what lies beyond the picture is left out."""
    low = np.maximum(np.floor(corners.min(axis=0)).astype(int), 0)
    high = np.minimum(
        np.ceil(corners.max(axis=0)).astype(int) + 1, picture.shape[1::-1]
    )
    if (low >= high).any():
        return
    sheet = Image.new("1", tuple((high - low).tolist()))
    ImageDraw.Draw(sheet).polygon([tuple(c) for c in (corners - low).tolist()], fill=1)
    inside = np.asarray(sheet)
    part = picture[low[1] : high[1], low[0] : high[0]]
    part[inside] = paint(part[inside])


def _written(picture: Floats) -> None:
    """Write faintly across the picture, in two languages, that it is none."""
    rows, columns = picture.shape[:2]
    sheet = Image.new("L", (columns, rows))
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(size=56)
    for row in range(120, rows, 420):
        for column in range(40 + row % 3 * 90, columns, 640):
            pen.text((column, row), "SYNTHETIC", fill=90, font=font)
            for number, strokes in enumerate(SYNTHETIC_STROKES):
                left = column + 330 + number * 66
                for stroke in strokes:
                    line = [(left + x * 0.58, row + 4 + y * 0.58) for x, y in stroke]
                    pen.line(line, fill=90, width=5, joint="curve")
    picture += np.asarray(sheet, dtype=float)[..., None] * 0.35

"""The plane of a sheet: Web Mercator, its frame on paper, true scale, graticule."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.crs import ELLIPSOID, Box
from gis.mercator import RADIUS_M, metres_to_degrees, to_metres

INCH_MM: Final = 25.4
# Steps of a graticule in seconds of arc, the widest first.
STEPS_S: Final = (
    *(36_000, 18_000, 7_200, 3_600, 1_800, 900, 600, 300, 120, 60, 30, 20, 10, 5, 2),
    1,
)
LINES: Final = 5  # at least so many meridians where the steps allow it
DEGREE_S: Final = 3_600
MINUTE_S: Final = 60

_Float = NDArray[np.float64]


@dataclass(frozen=True)
class Frame:
    """The part of the plane that a sheet shows, and how large it is on paper.

    Attributes:
        box: West, south, east, north in metres of Web Mercator.
        width_mm: Width on paper; the height follows from the box.
    """

    box: Box
    width_mm: float

    @property
    def plane_m_mm(self) -> float:
        """Metres of the plane that a millimetre of paper shows."""
        return (self.box[2] - self.box[0]) / self.width_mm

    @property
    def degrees(self) -> Box:
        """West, south, east, north in degrees, EPSG:4490."""
        west, south = metres_to_degrees(self.box[0], self.box[1])
        east, north = metres_to_degrees(self.box[2], self.box[3])
        return west, south, east, north

    @property
    def centre(self) -> tuple[float, float]:
        """Longitude and latitude of the middle of the frame."""
        west, south, east, north = self.box
        return metres_to_degrees((west + east) / 2, (south + north) / 2)

    @property
    def ground_m_mm(self) -> float:
        """Metres on the ellipsoid that a millimetre shows, eastward at the middle."""
        lng, lat = self.centre
        step = 1e-3
        _, _, ground_m = ELLIPSOID.inv(lng - step / 2, lat, lng + step / 2, lat)
        return float(ground_m) / (math.radians(step) * RADIUS_M) * self.plane_m_mm

    @property
    def ratio(self) -> float:
        """How many times smaller the sheet is than the ground at its middle."""
        return self.ground_m_mm * 1_000


def frame_of(box: Box, width_mm: float, height_mm: float) -> Frame:
    """Fit a box into a frame: all of it is seen, in the middle.

    Args:
        box: West, south, east, north in degrees, EPSG:4490.
        width_mm: Width of the frame on paper.
        height_mm: Its height.

    Returns:
        The frame, as wide or as high as the box and no less of the other.
    """
    west, south, east, north = box
    x, y = to_metres(np.array([west, east]), np.array([south, north]))
    middle_x, middle_y = x.mean(), y.mean()
    wide = max(x[1] - x[0], (y[1] - y[0]) * width_mm / height_mm)
    high = wide * height_mm / width_mm
    return Frame(
        (
            float(middle_x - wide / 2),
            float(middle_y - high / 2),
            float(middle_x + wide / 2),
            float(middle_y + high / 2),
        ),
        width_mm,
    )


def placed(
    shapes: NDArray[np.object_], frame: Frame, fine_mm: float
) -> NDArray[np.object_]:
    """Bring shapes into the plane, no finer than the eye sees, none beyond the frame.

    Args:
        shapes: Geometries in degrees, EPSG:4490, shape (n,).
        frame: The frame.
        fine_mm: What the eye sees on paper.

    Returns:
        Geometries in metres of the plane, shape (n,); empty where nothing of a shape
        is seen. Shapes smaller than the eye sees are their boxes.
    """
    _, lat = frame.centre
    fine_deg = math.degrees(frame.plane_m_mm * fine_mm / RADIUS_M) * math.cos(
        math.radians(lat)
    )
    bounds = shapely.bounds(shapes)
    tiny = (bounds[:, 2:] - bounds[:, :2]).max(axis=1) < fine_deg
    areal = shapely.get_dimensions(shapes) == 2  # noqa: PLR2004 - areas
    kept = shapes.copy()
    kept[tiny & areal] = shapely.box(*bounds[tiny & areal].T)
    west, south, east, north = frame.degrees
    # Strokes that run along the cut lie beyond the frame.
    spare_x, spare_y = (east - west) / 20, (north - south) / 20
    window = (west - spare_x, south - spare_y, east + spare_x, north + spare_y)
    beyond = (bounds[:, :2] < window[:2]).any(axis=1)
    beyond |= (bounds[:, 2:] > window[2:]).any(axis=1)
    cut = shapely.clip_by_rect(kept[beyond], *window)
    kept[beyond] = cut
    simple = shapely.simplify(kept, fine_deg, preserve_topology=False)
    lost = shapely.is_empty(simple) & ~shapely.is_empty(kept)
    simple[lost] = kept[lost]
    return np.asarray(shapely.transform(simple, _plane))


def scale_bar(frame: Frame, most_mm: float) -> float:
    """Choose the length of a scale bar.

    Args:
        frame: The frame.
        most_mm: The longest it may be on paper.

    Returns:
        Metres on the ground, 1, 2 or 5 times a power of ten.
    """
    most_m = frame.ground_m_mm * most_mm
    power = 10.0 ** math.floor(math.log10(most_m))
    return max(step * power for step in (1, 2, 5) if step * power <= most_m)


def graticule(low: float, high: float, *, lines: int = LINES) -> list[float]:
    """Choose the meridians or parallels to draw.

    Args:
        low: Least degrees seen.
        high: Most degrees seen.
        lines: At least so many, where seconds of arc are fine enough.

    Returns:
        Whole steps of degrees, minutes or seconds, ascending.
    """
    seconds = (high - low) * DEGREE_S
    step = next((s for s in STEPS_S if seconds / s >= lines), STEPS_S[-1])
    first = math.ceil(low * DEGREE_S / step - 1e-9)
    last = math.floor(high * DEGREE_S / step + 1e-9)
    return [number * step / DEGREE_S for number in range(first, last + 1)]


def degrees_text(degrees: float, letters: str) -> str:
    """Write a line of the graticule: 106°42′E, with seconds where there are any.

    Args:
        degrees: Degrees with their sign.
        letters: The letter of the positive and of the negative half.

    Returns:
        The text.
    """
    total = round(abs(degrees) * DEGREE_S)
    whole, rest = divmod(total, DEGREE_S)
    minutes, seconds = divmod(rest, MINUTE_S)
    parts = [f"{whole}°"]
    if rest:
        parts.append(f"{minutes:02d}′")
    if seconds:
        parts.append(f"{seconds:02d}″")
    return "".join(parts) + letters[degrees < 0]


def _plane(xy: _Float) -> _Float:
    x, y = to_metres(xy[:, 0], xy[:, 1])
    return np.column_stack([x, y])

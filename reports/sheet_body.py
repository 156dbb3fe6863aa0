"""The map of a sheet: layers in their style, candidates lit, names, graticule."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from gis.mercator import to_metres
from layers.layer import Style
from layers.tile_density import LEVELS
from reports.sheet_content import Density, Sheet, SheetCandidate, SheetLayer, SheetName
from reports.sheet_font import printable
from reports.sheet_plane import Frame, degrees_text, graticule, placed

PAPER: Final = "#f4f6f5"
INK: Final = "#1f2933"
QUIET: Final = "#6b7280"
LIT: Final = "#0f6e8c"
AMBER: Final = "#b45309"
CHOSEN: Final = "#111827"
FINE_MM: Final = 0.08  # 0.3 pixels of a screen
POINT_PER_PX: Final = 0.75
MM_PER_POINT: Final = 25.4 / 72
CELL_MM: Final = 2.5
BADGE_MM: Final = 4.2
SHAPE_SEEN_MM: Final = 1.6  # smaller candidates are dots
AT_ONCE: Final = 400  # shapes in one path: Agg counts its cells
NAME_GAP_MM: Final = 1.0
CORNER_MM: Final = 5.0
SHADES: Final = (0.08, 0.16, 0.26, 0.38, 0.52, 0.68)  # one for each of LEVELS

_Shapes = NDArray[np.object_]


def draw_body(axes: Axes, sheet: Sheet, frame: Frame) -> None:
    """Draw everything inside the frame.

    Args:
        axes: Axes whose limits are the frame's box and that fill the frame.
        sheet: What to draw.
        frame: The frame.
    """
    axes.set_facecolor(PAPER)
    for at, layer in enumerate(sheet.layers):
        _layer(axes, layer, frame, z=10 + at)
    _graticule(axes, frame)
    taken = _candidates(axes, sheet, frame)
    _names(axes, sheet.names, frame, taken)


def line_width(style: Style) -> float:
    """Return the width of a layer's stroke in points."""
    return style.weight * POINT_PER_PX


def dashes(style: Style) -> Any:  # noqa: ANN401 - matplotlib's own
    """Return a layer's dashes as matplotlib reads them, in widths of the stroke."""
    steps = [float(part) * POINT_PER_PX for part in style.dash.split()]
    width = max(line_width(style), 0.1)
    return (0, [step / width for step in steps]) if len(steps) > 1 else "solid"


def path_of(shapes: _Shapes) -> Path:
    """Join polygons or lines in one path; holes turn against their shells."""
    parts = shapely.get_parts(shapes)
    areal = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    rings = shapely.get_rings(shapely.orient_polygons(parts[areal]))
    linear = np.isin(
        shapely.get_type_id(parts),
        (shapely.GeometryType.LINESTRING, shapely.GeometryType.LINEARRING),
    )
    pieces = np.concatenate([rings, parts[linear]])
    xy, of = shapely.get_coordinates(pieces, return_index=True)
    codes = np.full(len(xy), Path.LINETO, dtype=Path.code_type)
    codes[np.flatnonzero(np.diff(of, prepend=-1))] = Path.MOVETO
    ends = np.flatnonzero(np.diff(of, append=len(pieces)))
    codes[ends[: len(rings)]] = Path.CLOSEPOLY
    return Path(xy, codes) if len(xy) else Path(np.empty((0, 2)))


def _layer(axes: Axes, layer: SheetLayer, frame: Frame, *, z: int) -> None:
    if layer.density is not None:
        _density(axes, layer, layer.density, frame, z)
    shapes = placed(layer.shapes, frame, FINE_MM) if len(layer.shapes) else layer.shapes
    seen = ~(shapely.is_empty(shapes) | shapely.is_missing(shapes))
    if layer.kind == "point":
        _points(axes, layer, shapes[seen], z)
        return
    colours = np.array(layer.colours or [layer.style.colour] * len(shapes), dtype=str)
    for colour in dict.fromkeys(colours[seen].tolist()):
        same = shapes[seen & (colours == colour)]
        for start in range(0, len(same), AT_ONCE):
            path = path_of(same[start : start + AT_ONCE])
            _patch(axes, layer, path, colour, z)


def _patch(axes: Axes, layer: SheetLayer, path: Path, colour: str, z: int) -> None:
    style = layer.style
    filled = layer.kind == "area" and style.fill_opacity > 0
    fill = to_rgba(colour, style.fill_opacity * layer.opacity if filled else 0.0)
    axes.add_artist(  # not `add_patch`, which looks at every vertex in Python
        PathPatch(
            path,
            facecolor=fill,
            fill=filled,
            edgecolor=to_rgba(colour, layer.opacity * 0.9),
            linewidth=line_width(style),
            linestyle=dashes(style),
            capstyle="butt" if style.dash else "round",
            joinstyle="round",
            zorder=z,
        )
    )


def _points(axes: Axes, layer: SheetLayer, shapes: _Shapes, z: int) -> None:
    """Draw points as squares with a letter, without a letter as dots."""
    xy = shapely.get_coordinates(shapes)
    if not layer.glyph:
        dots(axes, xy, layer, zorder=z + 0.2)
        return
    for x, y in xy:
        point_symbol(axes, (x, y), layer, zorder=z + 0.2)


def dots(
    axes: Axes, xy: NDArray[np.float64], layer: SheetLayer, *, zorder: float
) -> None:
    """Draw points of a layer as dots: the same on the map and in the legend."""
    axes.plot(
        xy[:, 0],
        xy[:, 1],
        marker="o",
        markersize=2.6,
        markerfacecolor=layer.style.colour,
        markeredgecolor="white",
        markeredgewidth=0.3,
        linestyle="none",
        alpha=layer.opacity,
        zorder=zorder,
        scalex=False,
        scaley=False,
    )


def point_symbol(
    axes: Axes, at: tuple[float, float], layer: SheetLayer, *, zorder: float
) -> None:
    """Draw the symbol of a point layer: the same on the map and in the legend."""
    axes.annotate(
        printable(layer.glyph),
        at,
        ha="center",
        va="center_baseline",
        fontsize=5.2,
        fontweight="bold",
        color="white",
        alpha=layer.opacity,
        zorder=zorder,
        parse_math=False,
        annotation_clip=True,
        bbox={
            "boxstyle": "square,pad=0.22",
            "facecolor": layer.style.colour,
            "edgecolor": "white",
            "linewidth": 0.6,
            "alpha": layer.opacity,
        },
    )


def _density(
    axes: Axes, layer: SheetLayer, density: Density, frame: Frame, z: int
) -> None:
    """Shade cells by the share of their ground that is covered."""
    x, y = to_metres(density.lng, density.lat)
    west, south, east, north = frame.box
    side = CELL_MM * frame.plane_m_mm
    columns = int(np.ceil((east - west) / side))
    rows = int(np.ceil((north - south) / side))
    column, row = np.floor((x - west) / side), np.floor((y - south) / side)
    seen = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    cell = (row[seen] * columns + column[seen]).astype(np.int64)
    covered = np.bincount(cell, density.area_m2[seen], minlength=columns * rows)
    ground_m2 = (CELL_MM * frame.ground_m_mm) ** 2
    level = np.searchsorted(LEVELS, covered / ground_m2, side="right")
    level[(level == 0) & (covered > 0)] = 1
    for number, shade in enumerate(SHADES, start=1):
        met = np.flatnonzero(level == number)
        if not len(met):
            continue
        left = west + met % columns * side
        low = south + met // columns * side
        cells = shapely.box(left, low, left + side, low + side)
        axes.add_artist(
            PathPatch(
                path_of(cells),
                facecolor=layer.style.colour,
                edgecolor="none",
                alpha=shade * layer.opacity,
                zorder=z,
            )
        )


def _graticule(axes: Axes, frame: Frame) -> None:
    """Draw meridians and parallels, and name them in the margin."""
    west, south, east, north = frame.degrees
    gap, corner = 0.8 * frame.plane_m_mm, CORNER_MM * frame.plane_m_mm
    style: dict[str, Any] = {
        "fontsize": 5.5,
        "color": QUIET,
        "clip_on": False,
        "parse_math": False,
    }
    for lng in graticule(west, east):
        x = float(to_metres(np.array([lng]), np.array([0.0]))[0][0])
        axes.axvline(x, color=QUIET, linewidth=0.3, alpha=0.35, zorder=200)
        if min(x - frame.box[0], frame.box[2] - x) < corner:
            continue  # two labels would stand in each other's way
        text = degrees_text(lng, "EW")
        axes.text(x, frame.box[3] + gap, text, ha="center", va="bottom", **style)
        axes.text(x, frame.box[1] - gap, text, ha="center", va="top", **style)
    for lat in graticule(south, north):
        y = float(to_metres(np.array([0.0]), np.array([lat]))[1][0])
        axes.axhline(y, color=QUIET, linewidth=0.3, alpha=0.35, zorder=200)
        if min(y - frame.box[1], frame.box[3] - y) < corner:
            continue
        text = degrees_text(lat, "NS")
        upright: dict[str, Any] = {"rotation": 90, "va": "center", **style}
        axes.text(frame.box[0] - gap, y, text, ha="right", **upright)
        axes.text(frame.box[2] + gap, y, text, ha="left", **upright)


def _candidates(axes: Axes, sheet: Sheet, frame: Frame) -> list[tuple[float, float]]:
    """Light the candidates; return where their badges stand."""
    badges: list[tuple[float, float]] = []
    apart = BADGE_MM * frame.plane_m_mm
    for one in seen_candidates(sheet, frame):
        edge = AMBER if one.flagged else LIT
        shape = placed(np.array([one.shape], dtype=object), frame, FINE_MM)
        x, y = _point(one.at)
        if _is_shape(one, frame):
            axes.add_artist(
                PathPatch(
                    path_of(shape),
                    facecolor=to_rgba(LIT, 0.42),
                    edgecolor=edge,
                    linewidth=1.1,
                    zorder=301,
                )
            )
        if one.chosen:
            _ring(axes, shape)
        crowded = any(abs(x - u) < apart and abs(y - v) < apart for u, v in badges)
        if crowded:
            badge(axes, (x, y), "", flagged=one.flagged)
        else:
            badges.append((x, y))
            badge(axes, (x, y), str(one.rank), flagged=one.flagged)
    if sheet.chosen is not None:
        shape = placed(np.array([sheet.chosen], dtype=object), frame, FINE_MM)
        _ring(axes, shape)
    return badges


def seen_candidates(sheet: Sheet, frame: Frame) -> list[SheetCandidate]:
    """List the candidates whose point lies in the frame, best first."""
    west, south, east, north = frame.degrees
    return [
        one
        for one in sorted(sheet.candidates, key=lambda one: one.rank)
        if west <= one.at[0] <= east and south <= one.at[1] <= north
    ]


def unnumbered(sheet: Sheet, frame: Frame) -> bool:
    """Tell whether a candidate stands too near a better one to carry its number."""
    met: list[tuple[float, float]] = []
    apart = BADGE_MM * frame.plane_m_mm
    for one in seen_candidates(sheet, frame):
        x, y = _point(one.at)
        if any(abs(x - u) < apart and abs(y - v) < apart for u, v in met):
            return True
        met.append((x, y))
    return False


def badge(axes: Axes, at: tuple[float, float], text: str, *, flagged: bool) -> None:
    """Draw a candidate's number, or a dot without one: as in the legend."""
    edge = AMBER if flagged else "white"
    if not text:
        axes.plot(
            *([part] for part in at),
            marker="o",
            markersize=3.4,
            markerfacecolor=LIT,
            markeredgecolor=edge,
            markeredgewidth=0.7,
            linestyle="none",
            zorder=302,
            scalex=False,
            scaley=False,
        )
        return
    axes.annotate(
        text,
        at,
        ha="center",
        va="center_baseline",
        fontsize=5.8 if len(text) < 3 else 4.8,  # noqa: PLR2004 - three digits are wide
        fontweight="bold",
        color="white",
        zorder=303,
        parse_math=False,
        bbox={
            "boxstyle": "circle,pad=0.25" if len(text) < 3 else "round,pad=0.3",  # noqa: PLR2004
            "facecolor": LIT,
            "edgecolor": edge,
            "linewidth": 1.1 if flagged else 0.8,
        },
    )


def _ring(axes: Axes, shape: _Shapes) -> None:
    axes.add_artist(
        PathPatch(
            path_of(shape),
            fill=False,
            edgecolor=CHOSEN,
            linewidth=2.2,
            zorder=301.5,
            path_effects=[withStroke(linewidth=3.6, foreground="white")],
        )
    )


def _is_shape(one: SheetCandidate, frame: Frame) -> bool:
    """Tell whether a candidate is large enough to be seen as a shape."""
    west, south, east, north = shapely.bounds(one.shape)
    x, y = to_metres(np.array([west, east]), np.array([south, north]))
    size = max(x[1] - x[0], y[1] - y[0])
    return bool(size >= SHAPE_SEEN_MM * frame.plane_m_mm)


def _names(
    axes: Axes,
    names: Sequence[SheetName],
    frame: Frame,
    taken: Sequence[tuple[float, float]],
) -> None:
    """Write names where nothing else is written, the greater places first."""
    half = BADGE_MM / 2 * frame.plane_m_mm
    boxes = [(x - half, y - half, x + half, y + half) for x, y in taken]
    west, south, east, north = frame.box
    for one, box in _boxed(names, frame):
        inside = west < box[0] and box[2] < east and south < box[1] and box[3] < north
        if not inside or any(_meet(box, other) for other in boxes):
            continue
        boxes.append(box)
        at = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        halo = [withStroke(linewidth=1.8, foreground="white")]
        # The halo is an outline, the name itself stays text that can be searched.
        for effects in (halo, None):
            axes.text(
                *at,
                printable(one.name),
                fontsize=one.size,
                ha="center",
                va="center",
                color="#374151",
                zorder=250,
                parse_math=False,
                path_effects=effects,
            )


def _boxed(
    names: Sequence[SheetName], frame: Frame
) -> Iterator[tuple[SheetName, tuple[float, float, float, float]]]:
    """Estimate the room that names take."""
    for one in names:
        x, y = _point(one.at)
        em = one.size * MM_PER_POINT * frame.plane_m_mm
        gap = NAME_GAP_MM * frame.plane_m_mm
        wide, high = text_ems(one.name) * em / 2 + gap, em * 0.6 + gap
        yield one, (x - wide, y - high, x + wide, y + high)


def text_ems(text: str) -> float:
    """Estimate how wide a text is, in the size of its font."""
    return sum(1.0 if ord(sign) > 0x2E7F else 0.56 for sign in text)  # noqa: PLR2004 - Han


def _meet(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _point(at: tuple[float, float]) -> tuple[float, float]:
    x, y = to_metres(np.array([at[0]]), np.array([at[1]]))
    return float(x[0]), float(y[0])

"""A view of the map as a sheet of paper: PDF to print, PNG to paste."""

from io import BytesIO
from threading import Lock
from typing import Any, Final, Literal

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.figure import Figure

from gis.mercator import to_metres
from reports.sheet_body import INK, draw_body
from reports.sheet_content import Sheet
from reports.sheet_font import families
from reports.sheet_margin import heading, note_step, notes, panel, wrapped
from reports.sheet_plane import INCH_MM, Frame, frame_of

Format = Literal["pdf", "png"]

PAPER_MM: Final = {
    "A4": (297.0, 210.0),
    "A3": (420.0, 297.0),
    "figure": (174.0, 122.0),
}
MARGIN_MM: Final = 8.0
HEAD_MM: Final = 10.0
LABEL_MM: Final = 4.5  # room of the graticule's labels
PANEL_MM: Final = 56.0
GAP_MM: Final = 4.0
DPI: Final = 200
# Figures are drawn one at a time: matplotlib's settings belong to the whole process.
_ONE: Final = Lock()
_SETTINGS: Final[dict[Any, Any]] = {
    "pdf.fonttype": 3,
    "pdf.compression": 6,
    "path.simplify": False,
    "axes.unicode_minus": False,
    "svg.fonttype": "path",
    "text.hinting": "none",  # else a name is set wider than the halo behind it
}


def map_sheet(sheet: Sheet, kind: Format) -> bytes:
    """Draw a sheet.

    Args:
        sheet: What to draw; upright where its box is higher than wide.
        kind: "pdf" (lines and text stay such) or "png" (200 dots an inch).

    Returns:
        The file's bytes.

    Raises:
        SettingsError: No font with Chinese characters is installed.
    """
    family = list(families())
    with _ONE, mpl.rc_context({**_SETTINGS, "font.family": family}):
        figure = _figure(sheet)
        buffer = BytesIO()
        if kind == "pdf":
            FigureCanvasPdf(figure)
            told = {"Title": sheet.title, "Creator": "LandMap", "Producer": "LandMap"}
            figure.savefig(buffer, format="pdf", metadata=told)
        else:
            FigureCanvasAgg(figure)
            figure.savefig(buffer, format="png", dpi=DPI)
        return buffer.getvalue()


def layout(sheet: Sheet) -> tuple[float, float, Frame, list[str], tuple[float, ...]]:
    """Say where everything stands.

    Args:
        sheet: What to draw.

    Returns:
        Width and height of the paper in millimetres, the map's frame, the lines of the
        notes, and left, bottom, right, top of the map on the paper.
    """
    long, short = PAPER_MM[sheet.size]
    width, height = (short, long) if _is_upright(sheet) else (long, short)
    lines = [
        line
        for note in sheet.notes
        for line in wrapped(note, width - 2 * MARGIN_MM - 2)
    ]
    rows = max(len(lines), sheet.note_lines)
    foot = rows * note_step() + (5.0 if sheet.warning else 0.0) + 1.5
    left = MARGIN_MM + LABEL_MM
    bottom = MARGIN_MM + foot + LABEL_MM
    right = width - MARGIN_MM - PANEL_MM - GAP_MM - LABEL_MM
    top = height - MARGIN_MM - HEAD_MM - LABEL_MM
    frame = frame_of(sheet.box, right - left, top - bottom)
    return width, height, frame, lines, (left, bottom, right, top)


def _is_upright(sheet: Sheet) -> bool:
    """Tell whether the view is higher than wide, as it stands on the screen."""
    west, south, east, north = sheet.box
    x, y = to_metres(np.array([west, east]), np.array([south, north]))
    return bool(y[1] - y[0] > x[1] - x[0])


def _figure(sheet: Sheet) -> Figure:
    width, height, frame, lines, (left, bottom, right, top) = layout(sheet)
    figure = Figure((width / INCH_MM, height / INCH_MM), facecolor="white")
    page = figure.add_axes((0, 0, 1, 1))
    page.set_xlim(0, width)
    page.set_ylim(0, height)
    page.set_axis_off()
    body = figure.add_axes((
        left / width,
        bottom / height,
        (right - left) / width,
        (top - bottom) / height,
    ))
    _bare(body, frame)
    draw_body(body, sheet, frame)
    heading(page, sheet, MARGIN_MM, width - MARGIN_MM, height - MARGIN_MM)
    beside = right + LABEL_MM + GAP_MM
    panel(page, sheet, frame, (beside, bottom, width - MARGIN_MM, top))
    foot = bottom - LABEL_MM - 1.0
    notes(page, sheet, lines, (MARGIN_MM, MARGIN_MM, width - MARGIN_MM, foot))
    return figure


def _bare(body: Axes, frame: Frame) -> None:
    """Leave the map's axes nothing but a frame."""
    west, south, east, north = frame.box
    body.set_xlim(west, east)
    body.set_ylim(south, north)
    body.set_xticks([])
    body.set_yticks([])
    body.set_autoscale_on(False)
    for spine in body.spines.values():
        spine.set_edgecolor(INK)
        spine.set_linewidth(0.9)
        spine.set_zorder(400)

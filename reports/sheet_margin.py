"""What stands around the map of a sheet: heading, legend, scale, north, sources."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle

from layers.tile_density import LEVELS
from reports.sheet_body import (
    CHOSEN,
    INK,
    MM_PER_POINT,
    QUIET,
    SHADES,
    badge,
    dashes,
    dots,
    line_width,
    point_symbol,
    seen_candidates,
    text_ems,
    unnumbered,
)
from reports.sheet_content import Sheet, SheetLayer
from reports.sheet_font import printable
from reports.sheet_plane import Frame, scale_bar

WARNING: Final = "#9e2a2b"
ROW_MM: Final = 4.8
LEAST_ROW_MM: Final = 2.6
SWATCH_MM: Final = 6.5
HEAD_PT: Final = 9.0
LEGEND_PT: Final = 7.0
NOTE_PT: Final = 5.6
KILOMETRE_M: Final = 1_000

# A Chinese sign with the stops after it, or a word with its blanks.
_WORD: Final = re.compile(
    r"[\u2e80-\uffff][，。；：、）！？”]*|[^\s\u2e80-\uffff]+\s*|\s+"
)

Draw = Callable[[Axes, float, float], object]


@dataclass(frozen=True)
class Entry:
    """A row of the legend: a symbol drawn at its left edge and middle, and words."""

    title: str
    draw: Draw


def heading(page: Axes, sheet: Sheet, left: float, right: float, top: float) -> None:
    """Write the title, who made the sheet and when.

    Args:
        page: Axes over the whole sheet, in millimetres.
        sheet: The sheet.
        left: Left edge.
        right: Right edge.
        top: Upper edge.
    """
    made = printable(sheet.made)
    room = right - left - text_ems(made) * 7 * MM_PER_POINT - 6
    title = printable(sheet.title)
    size = min(16.0, max(9.0, room / MM_PER_POINT / max(text_ems(title), 1)))
    title = cut(title, room / (size * MM_PER_POINT))
    write(page, left, top - 4.5, title, size, weight="bold", va="center")
    write(page, right, top - 4.5, made, 7, colour=QUIET, ha="right", va="center")


def panel(page: Axes, sheet: Sheet, frame: Frame, box: tuple[float, ...]) -> None:
    """Draw north arrow, scale and legend.

    Args:
        page: Axes over the whole sheet, in millimetres.
        sheet: The sheet.
        frame: What the map shows.
        box: Left, bottom, right, top of the panel.
    """
    left, bottom, right, top = box
    _north(page, right - 5, top - 1, sheet.words.north)
    at = _scale(page, sheet, frame, (left, right, top))
    write(page, left, at, sheet.words.legend, HEAD_PT, weight="bold", va="top")
    at -= 6.5
    entries = list(legend(sheet, frame))
    row = min(ROW_MM, max(LEAST_ROW_MM, (at - bottom) / max(len(entries), 1)))
    size = min(LEGEND_PT, row / ROW_MM * LEGEND_PT + 0.6)
    room = (right - left - SWATCH_MM - 2) / (size * MM_PER_POINT)
    for entry in entries:
        middle = at - row / 2
        entry.draw(page, left, middle)
        words = cut(printable(entry.title), room)
        write(page, left + SWATCH_MM + 2, middle, words, size, va="center")
        at -= row


def legend(sheet: Sheet, frame: Frame) -> Iterator[Entry]:
    """List what is drawn on the map: all of it and nothing else, the highest first."""
    lit = seen_candidates(sheet, frame)
    words = sheet.words
    if lit:
        yield Entry(words.ranked, _badge("1", flagged=False))
    if unnumbered(sheet, frame):
        yield Entry(words.further, _badge("", flagged=False))
    if any(one.flagged for one in lit):
        yield Entry(words.flagged, _badge("1", flagged=True))
    if sheet.chosen is not None or any(one.chosen for one in lit):
        yield Entry(words.chosen, _outline(CHOSEN))
    for layer in reversed(sheet.layers):
        yield from _layer_entries(layer)


def notes(
    page: Axes, sheet: Sheet, lines: Sequence[str], box: tuple[float, ...]
) -> None:
    """Write the warning, sources and dates.

    Args:
        page: Axes over the whole sheet, in millimetres.
        sheet: The sheet.
        lines: The notes, wrapped by `wrapped`.
        box: Left, bottom, right, top.
    """
    left, _, _, top = box
    if sheet.warning:
        style: dict[str, Any] = {"colour": WARNING, "weight": "bold", "va": "top"}
        write(page, left, top, sheet.warning, 7.5, **style)
        top -= 4.2
    for number, line in enumerate(lines):
        at = top - number * note_step()
        write(page, left, at, line, NOTE_PT, colour="#4b5563", va="top")


def note_step() -> float:
    """Return the distance of two lines of notes in millimetres."""
    return NOTE_PT * MM_PER_POINT * 1.45


def wrapped(text: str, room_mm: float, size: float = NOTE_PT) -> list[str]:
    """Break a text into lines: Chinese anywhere, other words between them.

    Args:
        text: The text.
        room_mm: Width of a line.
        size: Size of the font in points.

    Returns:
        The lines.
    """
    room = room_mm / (size * MM_PER_POINT)
    lines, line = [], ""
    for word in _WORD.findall(printable(text)):
        if line and text_ems(line) + text_ems(word) > room:
            lines.append(line.rstrip())
            line = word.lstrip()
        else:
            line += word
        while text_ems(line) > room:  # one word longer than a line
            head = cut(line, room, mark="")
            lines.append(head)
            line = line[len(head) :]
    return [*lines, line] if line else lines


def cut(text: str, room: float, *, mark: str = "…") -> str:
    """Cut a text that is wider than its room, in sizes of its font."""
    if text_ems(text) <= room:
        return text
    kept = ""
    for sign in text:
        if text_ems(kept + sign + mark) > room:
            break
        kept += sign
    return (kept or text[:1]) + mark


def write(  # noqa: PLR0913 - where, what and how
    page: Axes,
    x: float,
    y: float,
    text: str,
    size: float,
    *,
    colour: str = INK,
    weight: str = "normal",
    ha: Any = "left",  # noqa: ANN401 - matplotlib's own words
    va: Any = "baseline",  # noqa: ANN401 - the same
) -> None:
    """Write text as it is: no formula is read in it, no sign is a box."""
    page.text(
        x,
        y,
        printable(text),
        fontsize=size,
        color=colour,
        fontweight=weight,
        ha=ha,
        va=va,
        parse_math=False,
    )


def _layer_entries(layer: SheetLayer) -> Iterator[Entry]:
    if layer.density is not None:
        if len(layer.shapes):  # the largest are drawn singly above the shares
            yield Entry(layer.title, _symbol(layer, layer.style.colour))
        yield Entry(layer.density.title, _nothing)
        for shade, low in reversed(list(zip(SHADES, LEVELS, strict=True))):
            share = f"≥ {low:.0%}" if low > LEVELS[0] else "> 0%"
            yield Entry(share, _fill(layer, layer.style.colour, shade))
        return
    if not layer.swatches:
        yield Entry(layer.title, _symbol(layer, layer.style.colour))
        return
    yield Entry(layer.title, _nothing)
    for swatch in layer.swatches:
        yield Entry(swatch.title, _symbol(layer, swatch.colour))


def _symbol(layer: SheetLayer, colour: str) -> Draw:
    if layer.kind == "point":
        return _point(layer)
    if layer.kind == "line":
        return _stroke(layer, colour)

    def area(page: Axes, x: float, y: float) -> None:
        if layer.style.fill_opacity > 0:
            _fill(layer, colour, layer.style.fill_opacity)(page, x, y)
        if layer.style.weight > 0:
            page.add_artist(
                Rectangle(
                    (x, y - 1.4),
                    SWATCH_MM,
                    2.8,
                    fill=False,
                    edgecolor=colour,
                    linewidth=line_width(layer.style),
                    linestyle=dashes(layer.style),
                    alpha=layer.opacity * 0.9,
                )
            )

    return area


def _point(layer: SheetLayer) -> Draw:
    def draw(page: Axes, x: float, y: float) -> None:
        middle = x + SWATCH_MM / 2
        if layer.glyph:
            point_symbol(page, (middle, y), layer, zorder=5)
        else:
            dots(page, np.array([[middle, y]]), layer, zorder=5)

    return draw


def _stroke(layer: SheetLayer, colour: str) -> Draw:
    return lambda page, x, y: page.add_artist(
        Line2D(
            [x, x + SWATCH_MM],
            [y, y],
            color=colour,
            linewidth=line_width(layer.style),
            linestyle=dashes(layer.style),
            alpha=layer.opacity * 0.9,
        )
    )


def _fill(layer: SheetLayer, colour: str, share: float) -> Draw:
    return lambda page, x, y: page.add_artist(
        Rectangle(
            (x, y - 1.4),
            SWATCH_MM,
            2.8,
            facecolor=colour,
            edgecolor="none",
            alpha=share * layer.opacity,
        )
    )


def _badge(text: str, *, flagged: bool) -> Draw:
    return lambda page, x, y: badge(page, (x + SWATCH_MM / 2, y), text, flagged=flagged)


def _outline(colour: str) -> Draw:
    return lambda page, x, y: page.add_artist(
        Rectangle((x, y - 1.4), SWATCH_MM, 2.8, fill=False, edgecolor=colour, lw=2.2)
    )


def _nothing(_page: Axes, _x: float, _y: float) -> None:
    """Draw no symbol: the row is a heading."""


def _north(page: Axes, x: float, top: float, letter: str) -> None:
    """Draw the arrow that points north: up, everywhere in this plane."""
    write(page, x, top, letter, 8, weight="bold", ha="center", va="top")
    tip, foot = top - 4, top - 13
    for side, fill in ((-2.6, INK), (2.6, "white")):
        corners = [(x, tip), (x + side, foot), (x, foot + 2.2)]
        page.add_artist(Polygon(corners, facecolor=fill, edgecolor=INK, linewidth=0.6))


def _scale(
    page: Axes, sheet: Sheet, frame: Frame, box: tuple[float, float, float]
) -> float:
    """Draw ratio and bar; return what height is left below them."""
    left, right, top = box
    words = sheet.words
    ratio = float(f"{frame.ratio:.3g}")
    write(page, left, top - 1, f"1:{ratio:,.0f}", 10, weight="bold", va="top")
    length_m = scale_bar(frame, (right - left) - 20)
    wide = length_m / frame.ground_m_mm
    for quarter in range(4):
        page.add_artist(
            Rectangle(
                (left + wide * quarter / 4, top - 9.4),
                wide / 4,
                1.4,
                facecolor=INK if quarter % 2 == 0 else "white",
                edgecolor=INK,
                linewidth=0.5,
            )
        )
    far = length_m >= KILOMETRE_M
    unit = words.kilometres if far else words.metres
    for part, ends in ((0.0, ""), (0.5, ""), (1.0, f" {unit}")):
        told = length_m * part / (KILOMETRE_M if far else 1)
        label = f"{told:g}{ends}"
        ha = "left" if not part else "center"
        write(page, left + wide * part, top - 10.2, label, 5.6, ha=ha, va="top")
    lat = f"{frame.centre[1]:.2f}°"
    at = top - 14.5
    for line in wrapped(words.scale_at.format(lat=lat), right - left, 5.2):
        write(page, left, at, line, 5.2, colour=QUIET, va="top")
        at -= 2.6
    for line in wrapped(words.reference, right - left, 5.2):
        write(page, left, at, line, 5.2, colour=QUIET, va="top")
        at -= 2.6
    return at - 2.5

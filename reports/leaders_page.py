"""The ledger on one page for leaders, as PDF: set by Typst, charts by matplotlib.

All words and figures come as they are read on screen; nothing is counted here.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import typst
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ticker import PercentFormatter

from reports.check_pdf import font_folders
from reports.sheet_font import families, printable
from reports.tables_xlsx import Table

TEMPLATE: Final = Path(__file__).parent / "templates" / "leaders_page.typ"
TEAL, AMBER = "#0f6e8c", "#d97706"
INCHES: Final = (3.5, 2.6)
_BAR = 0.38
_TICKS: Final = 6


@dataclass(frozen=True)
class Told:
    """One figure: its name, its value with the unit, what it is a share of."""

    name: str
    value: str
    about: str
    amber: bool = False


@dataclass(frozen=True)
class Series:
    """Values under names, drawn as a line or as bars.

    Attributes:
        title: What they are.
        values: One a name; None where there is nothing to tell.
    """

    title: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class Drawing:
    """One chart: its title, the names along it, two series of values."""

    title: str
    names: Sequence[str]
    first: Series
    second: Series


@dataclass(frozen=True)
class LeadersPage:
    """What the page says, in the reader's language.

    Attributes:
        title: Its title.
        about: Place, day and who made it, a line.
        warning: That the data is made up, "" where it is not.
        figures: The figures.
        definitions: How the rates are counted, each with its figures.
        rates: Shares, 0 to 1, month by month.
        land: Land wanted and at hand, in mu, place by place.
        overdue: Problems by kind.
        stuck: The projects that are stuck.
        lang: Code of the language.
    """

    title: str
    about: str
    warning: str
    figures: Sequence[Told]
    definitions: Sequence[str]
    rates: Drawing
    land: Drawing
    overdue: Table
    stuck: Table
    lang: str


def leaders_pdf(page: LeadersPage) -> bytes:
    """Write the page.

    Args:
        page: What it says.

    Returns:
        The file's bytes: one sheet of A4.

    Raises:
        SettingsError: No font with Chinese characters is installed.
    """
    names = list(families())
    with TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "page.typ").write_bytes(TEMPLATE.read_bytes())
        (root / "rates.svg").write_bytes(_svg(page.rates, _lines))
        (root / "land.svg").write_bytes(_svg(page.land, _bars))
        made: bytes = typst.compile(
            str(root / "page.typ"),
            root=str(root),
            font_paths=font_folders(names),
            ignore_system_fonts=True,
            sys_inputs={
                "told": json.dumps(asdict(page), ensure_ascii=False),
                "fonts": "|".join(names),
                "lang": page.lang,
            },
        )
    return made


def _svg(drawing: Drawing, draw: Any) -> bytes:  # noqa: ANN401 - one of the two below
    figure = Figure(INCHES, facecolor="white", layout="constrained")
    FigureCanvasSVG(figure)
    axes = figure.add_subplot()
    font = FontProperties(family=list(families()), size=7)
    draw(axes, drawing)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(
        prop=font, frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2
    )
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(font)
    buffer = BytesIO()
    figure.savefig(buffer, format="svg")
    return buffer.getvalue()


def _lines(axes: Axes, drawing: Drawing) -> None:
    """Draw two shares month by month, told apart by dash as well as by colour."""
    at = range(len(drawing.names))
    for series, colour, style in (
        (drawing.first, TEAL, "-"),
        (drawing.second, AMBER, "--"),
    ):
        values = [float("nan") if v is None else v for v in series.values]
        axes.plot(at, values, style, color=colour, label=printable(series.title))
    step = max(len(drawing.names) // _TICKS, 1)
    shown = list(at)[::-step][::-1]
    axes.set_xticks(shown, [drawing.names[place] for place in shown])
    axes.set_ylim(0, 1)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))


def _bars(axes: Axes, drawing: Drawing) -> None:
    """Draw two areas place by place, on a scale that shows the smaller one too."""
    at = range(len(drawing.names))
    for series, colour, shift, hatch in (
        (drawing.first, AMBER, -_BAR / 2, "//"),
        (drawing.second, TEAL, _BAR / 2, ""),
    ):
        axes.barh(
            [place + shift for place in at],
            [value or 0.0 for value in series.values],
            _BAR,
            color=colour,
            hatch=hatch,
            edgecolor="white",
            linewidth=0.3,
            label=printable(series.title),
        )
    axes.set_xscale("symlog", linthresh=100)
    axes.set_yticks(list(at), [printable(name) for name in drawing.names])
    axes.invert_yaxis()

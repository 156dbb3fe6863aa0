"""The legend: swatches drawn from the same styles as the map, for what is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from layers.layer import Layer
from ui.map_sections import glyph_of


@dataclass(frozen=True)
class Entry:
    """One line of the legend.

    Attributes:
        swatch: HTML of the sample, made here.
        text: What it means, plain text.
    """

    swatch: str
    text: str


def layer_entry(layer: Layer, text: str, *, language: str, kind: str) -> Entry:
    """Describe a layer as it is drawn.

    Args:
        layer: Its declaration.
        text: Its title in the reader's language.
        language: Language of the letter of a point layer.
        kind: "area", "line" or "point".

    Returns:
        The entry.
    """
    style = layer.style
    if kind == "point":
        letter = escape(glyph_of(layer, language))
        return Entry(
            f'<i class="lg-point" style="--c:{style.colour}">{letter}</i>', text
        )
    dash = "dashed" if style.dash else "solid"
    width = max(1.0, min(style.weight, 3.0))
    edge = f"{width}px {dash} {style.colour}"
    if kind == "line":
        return Entry(f'<i class="lg-line" style="border-top:{edge}"></i>', text)
    opacity = round(255 * style.fill_opacity)
    drawn = f"border:{edge};background:{style.colour}{opacity:02x}"
    return Entry(f'<i class="lg-area" style="{drawn}"></i>', text)


def own_entry(css: str, text: str, sample: str = "") -> Entry:
    """Describe one of the app's own marks: a candidate, the chosen parcel."""
    return Entry(f'<i class="lg-own {css}">{escape(sample)}</i>', text)


def legend_html(title: str, entries: Sequence[Entry]) -> str:
    """Write the legend.

    Args:
        title: Its heading, plain text.
        entries: What is drawn, in order.

    Returns:
        HTML for `st.html`; a `details` element that can be folded.
    """
    lines = "".join(
        f'<li><span class="lg-swatch">{entry.swatch}</span>{escape(entry.text)}</li>'
        for entry in entries
    )
    return (
        f'<details class="lg" open><summary>{escape(title)}</summary>'
        f"<ul>{lines}</ul></details>"
    )

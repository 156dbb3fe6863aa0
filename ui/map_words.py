"""The words of the map's own controls, in the reader's language."""

from typing import Any, Final

from gis.words import Title
from ledger.model import HOLDING
from ui.i18n import t

TOOLS: Final = {
    "length": Title("Measure a length"),
    "surface": Title("Measure an area"),
    "polygon": Title("Search inside a polygon"),
    "rectangle": Title("Search inside a rectangle"),
    "circle": Title("Search around a point"),
    "upload": Title("Search inside a boundary file (GeoJSON, degrees)"),
    "pick": Title("Pick parcels in a box"),
    "compare": Title("Compare two sites"),
    "print": Title("Print the view"),
    "view": Title("List the candidates in view"),
    "full": Title("Full screen"),
    "clear": Title("Clear drawings and limits"),
}
HINTS: Final = {
    "length": Title("Click from point to point, end on the last point."),
    "surface": Title("Click from point to point, end on the first point."),
    "polygon": Title("Click from point to point, end on the first point."),
    "rectangle": Title("Click one corner, then the opposite one."),
    "circle": Title("Click the centre, then a point on the circle."),
    "pick": Title(
        "Click one corner, then the opposite one; or press Shift and click parcels."
    ),
}


def map_words() -> dict[str, Any]:
    """Return the words by their name in the map's scripts."""
    return {
        "layers": t("Layers"),
        "legend": t("Legend"),
        "opacity": t("Opacity of {layer}", layer="{layer}"),
        "coloured": t("Coloured by"),
        "unavailable": t("cannot be had at the moment"),
        "synthetic": t("Synthetic data"),
        "ranked": t("Candidate, with its rank"),
        "further": t("Further candidate"),
        "flagged": t("Something was not checked"),
        "chosen": t("Parcel of the card"),
        "candidate": t("Candidate {rank}", rank="{rank}"),
        "density": t("Squares: what is too small to draw, by its share of the ground"),
        "reach": t("{layer}: looked for inside", layer="{layer}"),
        "claims": {kind.value: t(kind.label) for kind in HOLDING},
        "score": t("Score"),
        "find_place": t("Find a place"),
        "other_class": t("Other, or not stated"),
        "no_answer": t("The server does not answer; try again."),
        "nothing_found": t("No place of that name."),
        "toolbar": t("Tools of the map"),
        "tools": {name: t(title) for name, title in TOOLS.items()},
        "hints": {name: t(title) for name, title in HINTS.items()},
        "search_here": t("Search inside this area"),
        "search": t("Only candidates in here"),
        "picked": t("Picked parcels"),
        "compare": t("Compare two sites"),
        "compare_how": t("Click two parcels; the parcel of the card is the first."),
        "print": t("Print the view"),
        "print_how": t("A sheet with title, legend, north arrow, date and sources."),
        "working": t("Being made ..."),
        "printed": t("The sheet is in your downloads."),
        "close": t("Close"),
        "too_large": t("The file is larger than 1 MB."),
        "no_geojson": t("The file holds no polygon in GeoJSON."),
        "overview": t("Overview map"),
    }

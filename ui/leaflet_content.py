"""What a leaflet tells: the words of the parcels' pages, and one map of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import shapely

from gis.crs import Box
from gis.errors import LayerMissingError
from gis.words import Title
from ledger.model import Actor
from reports.candidates import SYNTHETIC
from reports.leaflet import Leaflet, LeafletGroup, LeafletLine, LeafletParcel
from reports.map_sheet import map_sheet
from ui import land_facts, land_words, resources, site_ledger
from ui.figures import absent
from ui.i18n import SOURCE, language, t
from ui.land_link import MOST_COMPARED
from ui.land_parcel_page import data_dates, layers_told
from ui.land_rounding import rounding_note
from ui.parcel_ground import ParcelGround
from ui.print_order import Candidate, LayerOn, PrintOrder, View
from ui.print_sheet import Reader, sheet_of

LEAST_DEGREES: Final = 0.012  # some 1.2 km around a parcel: where it lies is seen
ROOM: Final = 0.6
ASPECT: Final = 1.25
DRAWN: Final = (
    "county",
    "road",
    "river",
    "railway",
    "expressway",
    "development_zone",
    "interchange",
    "freight_yard",
    "substation",
    "parcels",
)
"""Layers on the map of a leaflet, where they are published."""


def leaflet_of(ids: Sequence[str], *, actor: Actor, base: str) -> Leaflet:
    """Gather the leaflet of some parcels.

    Args:
        ids: One to four parcels.
        actor: Who asks.
        base: Address of the app as people open it, without a slash at its end.

    Returns:
        The leaflet, in the language that is spoken.

    Raises:
        LayerMissingError: None of the parcels is on offer.
    """
    ground = resources.parcel_ground(internal=False)
    table = resources.facts_of(internal=False).table
    there = [one for one in dict.fromkeys(ids) if one in table.index][:MOST_COMPARED]
    if not there:
        raise LayerMissingError("There is no such parcel.")
    gone = len(set(ids)) - len(there)
    rows = {
        one: {str(name): value for name, value in table.loc[one].items()}
        for one in there
    }
    title = (
        land_words.parcel(there[0], rows[there[0]].get("name"))
        if len(there) == 1
        else t("Land on offer, side by side")
    )
    return Leaflet(
        title=title,
        made=t("Made on {day}", day=f"{datetime.now().astimezone():%Y-%m-%d %H:%M}"),
        warning=t(SYNTHETIC) if resources.synthetic_layers() else "",
        language="en" if language() == SOURCE else "zh",
        picture=_map(there, ground, actor, title),
        parcels=[_parcel(one, row, base) for one, row in rows.items()],
        notes=[*_gone(gone), *_notes()],
        labels={
            "page": t("Page"),
            "scan": t("Scan for the page of the parcel"),
        },
    )


def _parcel(parcel_id: str, row: dict[str, Any], base: str) -> LeafletParcel:
    name = row.get("name")
    title = land_words.parcel(parcel_id, name)
    own = "" if absent(name) or str(name) == title else str(name)
    told = land_facts.groups(
        row,
        layers=layers_told(),
        dates=data_dates(),
        held=site_ledger.is_held(parcel_id),
    )
    return LeafletParcel(
        title=title,
        about=" · ".join(filter(None, (own, parcel_id))),
        place=land_words.place_line(row.get("county_code")),
        address=f"{base}/land/{parcel_id}?lang={language()}",
        groups=[
            LeafletGroup(
                group.title,
                [
                    LeafletLine(one.label, one.value, one.note, one.state)
                    for one in group.lines
                ],
            )
            for group in told
            if group.lines
        ],
    )


def _map(ids: Sequence[str], ground: ParcelGround, actor: Actor, title: str) -> bytes:
    """Draw the parcels where they lie, numbered where there are several."""
    places = ground.places_of(list(ids)).tolist()
    shapes = ground.shapes.of(places).to_numpy()
    loaded = resources.store().versions()
    catalog = resources.catalog()
    order = PrintOrder(
        view=View(box=_box(shapes)),
        layers=tuple(
            LayerOn(name=name)
            for name in DRAWN
            if name in loaded and name in catalog and catalog[name].publish == "public"
        ),
        candidates=tuple(
            Candidate(place=place, rank=rank)
            for rank, place in enumerate(places, start=1)
        ),
        title=title,
        format="png",
        version=ground.version,
    )
    sheet = sheet_of(order, Reader(actor, internal=False))
    # Sources and warning stand on the leaflet itself.
    small = replace(
        sheet,
        title="",
        size="figure",
        notes=(),
        note_lines=0,
        warning="",
        made="",
        words=replace(sheet.words, ranked=t("Land on this leaflet")),
    )
    return map_sheet(small, "png")


def _box(shapes: Any) -> Box:  # noqa: ANN401 - an array of shapes
    """Box shapes with room around them, wider than high, as the paper has room."""
    west, south, east, north = shapely.total_bounds(shapes)
    spare = max(LEAST_DEGREES, ROOM * max(east - west, north - south))
    high = north - south + 2 * spare
    wide = max(east - west + 2 * spare, ASPECT * high)
    middle = (west + east) / 2
    return (
        float(middle - wide / 2),
        float(south - spare),
        float(middle + wide / 2),
        float(north + spare),
    )


def _gone(count: int) -> list[str]:
    """Say how much of what was asked for is not on the leaflet."""
    if not count:
        return []
    return [t("{count} of your list are no longer on offer.", count=count)]


def _notes() -> list[str]:
    layer = resources.manifest("parcels").layer
    return [
        t(
            "Land: {source}. Licence: {licence}. As of {date}.",
            source=t(Title(layer.source)),
            licence=t(Title(layer.licence)),
            date=t(Title(layer.data_date)),
        ),
        t(
            "Distances are straight lines from the parcel's boundary; times were not "
            "measured and are not told."
        ),
        rounding_note(),
        t("Figures inform and bind nobody: the office confirms them."),
    ]

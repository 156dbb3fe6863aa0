"""What the map shows: candidates, the chosen parcel, who holds land, layers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from geopandas import GeoSeries

from gis.crs import Box
from siting.screen import Screening
from ui import access, map_layers, resources, seen
from ui.i18n import language, t
from ui.map_message import Claimed, Focus, Lit, Message
from ui.searched import Searched
from ui.share_link import View, query

MAX_LIT: Final = 2_000


@dataclass(frozen=True)
class Scene:
    """What the map shows beside its layers.

    Attributes:
        lit: Candidates, best first.
        chosen: The parcel whose card is open.
        focus: Where to look.
        link: What a copied link tells: a view, or a page's own query.
        title: Heading of the map.
        claimed: Kind of claim by parcel, for readers who may know.
        area: GeoJSON that the search is held to.
        opened: Layers that a link switched on; None leaves the page's own choice.
    """

    lit: Lit
    chosen: str | None
    focus: Focus | None
    link: View | str
    title: str
    claimed: Mapping[str, str] = field(default_factory=dict)
    area: Mapping[str, Any] | None = None
    opened: Sequence[str] | None = None


def lit_of(screening: Screening, searched: Searched, top: int = MAX_LIT) -> Lit:
    """Pack the best candidates of a screening for the map.

    Args:
        screening: The answer.
        searched: The parcels it answers.
        top: At most this many.

    Returns:
        Best first; numbers are those of the parcels' layer.
    """
    best = screening.best(top)
    found = screening.tally
    flagged = found.flagged[np.searchsorted(found.places, best)]
    table = screening.board.table
    at = np.column_stack([
        np.asarray(table[name].iloc[best], dtype=np.float64) for name in ("lon", "lat")
    ])
    return Lit(searched.tile_places(best), at, flagged, screening.scores(best))


def message_of(scene: Scene) -> Message:
    """Put a scene into the message that redraws the map."""
    version = resources.map_version("parcels")
    chosen = _chosen(scene.chosen) if scene.chosen else None
    held = _claimed(scene.claimed)
    return Message(
        version=version,
        source=f"parcels/{version}",
        lit=scene.lit,
        claimed=held,
        chosen=chosen,
        area=scene.area,
        focus=scene.focus,
        link=scene.link if isinstance(scene.link, str) else query(scene.link),
        more={
            "lang": language(),
            "routes": map_layers.ROUTES,
            "title": scene.title,
            "refused": t("The layers cannot be read at the moment; asked again soon."),
            "setting": map_layers.setting_address(
                internal=access.sees_internal(access.current_actor())
            ),
            "opened": None if scene.opened is None else list(scene.opened),
        },
    )


def region_box() -> Box:
    """Return the box of the province as drawn, or of the region where none is."""
    if "county" not in resources.store().versions():
        return resources.region().box
    return box_of(resources.layer_frame("county").geometry) or resources.region().box


def box_of(shapes: GeoSeries) -> Box | None:
    """Return west, south, east, north of some parcels; None of none."""
    if shapes.empty:
        return None
    west, south, east, north = (float(edge) for edge in shapes.total_bounds)
    return west, south, east, north


def hit(lng: float, lat: float, *, shown: object = None) -> str | None:
    """Return the parcel under a point; None beside all that the reader may see.

    Args:
        lng: Longitude in degrees, EPSG:4490.
        lat: Latitude in degrees, EPSG:4490.
        shown: Number in the tiles of the parcel that the map showed there.

    Returns:
        The parcel.
    """
    ground = seen.ground()
    place = ground.under(lng, lat, shown=shown)
    return None if place is None else ground.id_of(place)


def _chosen(parcel_id: str) -> tuple[int, tuple[float, float]] | None:
    """Return a parcel's number, and latitude and longitude of a point inside it."""
    ground = seen.ground()
    found = ground.at(ground.places_of([parcel_id]).tolist())
    if not len(found):
        return None
    row = ground.table.iloc[found[0]]
    return int(ground.numbers(found)[0]), (float(row["lat"]), float(row["lon"]))


def _claimed(kinds: Mapping[str, str]) -> Claimed:
    """Name the held parcels by their number."""
    places = seen.ground().places_of(list(kinds)).tolist()
    found = [(p, k) for p, k in zip(places, kinds.values(), strict=True) if p >= 0]
    return Claimed([p for p, _ in found], [k for _, k in found])

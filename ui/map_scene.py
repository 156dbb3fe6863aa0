"""What the map shows: candidates, the chosen parcel, the ground around it, layers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from geopandas import GeoDataFrame, GeoSeries

from layers.layer import Layer
from ui import cartography, map_sections, resources, seen
from ui.answer import Row, score_text
from ui.cartography import Box, Focus, Section
from ui.i18n import language, say_in, t
from ui.map_click import boxes_at, parcel_at, parcels_around
from ui.map_sections import Candidate
from ui.parcel_search import names_of
from ui.share_link import View

MAX_CANDIDATES: Final = 300
MAX_NEARBY: Final = 120
AROUND_DEG: Final = 0.012
NEAR_DEG: Final = (0.06, 0.04)


@dataclass(frozen=True)
class Scene:
    """What the map shows beside its layers.

    Attributes:
        rows: Candidates, best first.
        chosen: The parcel whose card is open.
        focus: Where to look.
        link: What a copied link tells.
        title: Heading of the map.
    """

    rows: Sequence[Row]
    chosen: str | None
    focus: Focus | None
    link: View
    title: str


def layer_sections(layers: Sequence[Layer], left: int) -> list[Section]:
    """Draw layers until the map is full.

    Args:
        layers: Layers in drawing order.
        left: How many features may still be drawn.

    Returns:
        A section for each layer.
    """
    sections = []
    sizes = {layer.name: resources.layer_size(layer.name) for layer in layers}
    # The small ones first: a full layer of few features beats a part of a large one.
    for rank, layer in enumerate(sorted(layers, key=lambda one: sizes[one.name])):
        limit = min(sizes[layer.name], left // (len(layers) - rank))
        sections.append(resources.layer_section(layer.name, language(), limit))
        left -= sections[-1].count
    order = {layer.name: place for place, layer in enumerate(layers)}
    sections.sort(key=lambda section: order[section.name])
    reach = [resources.coverage_section(layer.name) for layer in layers]
    return [*sections, *(outline for outline in reach if outline)]


def near_sections(chosen: str | None, layers: Sequence[Layer]) -> list[Section]:
    """Draw the ground around a parcel to the metre: there every metre counts.

    Args:
        chosen: The parcel; None draws nothing.
        layers: What is switched on.

    Returns:
        Paper over the overview, and each polygon layer on it.
    """
    shapes = resources.parcel_shapes().of([chosen] if chosen else [])
    box = box_of(shapes)
    if box is None:
        return []
    east, north = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    near = (
        round(east - NEAR_DEG[0], 4),
        round(north - NEAR_DEG[1], 4),
        round(east + NEAR_DEG[0], 4),
        round(north + NEAR_DEG[1], 4),
    )
    details = [
        resources.layer_near(layer.name, near)
        for layer in layers
        if layer.role in {"constraint", "zoning"}
    ]
    return [map_sections.paper(near), *details]


def candidate_marks(rows: Sequence[Row], shapes: GeoSeries) -> list[Candidate]:
    """Turn candidates into what the map lights.

    Args:
        rows: Candidates, best first.
        shapes: Their geometries by id.

    Returns:
        Those that have a geometry, in the same order.
    """
    kept = [row for row in rows if row.parcel_id in shapes.index]
    found = GeoSeries(shapes.loc[[row.parcel_id for row in kept]])
    points = found.representative_point()
    figures = say_in(language(), "{area} mu · score {score}")
    return [
        Candidate(
            parcel_id=row.parcel_id,
            geometry=geometry,
            at=(round(float(y), 6), round(float(x), 6)),
            tip=_tip(row, figures),
            rank=row.rank if row.numbered else 0,
            flagged=row.flagged,
        )
        for row, geometry, y, x in zip(
            kept, cartography.geojson(found), points.y, points.x, strict=True
        )
    ]


def box_of(shapes: GeoSeries) -> Box | None:
    """Return west, south, east, north of some parcels; None of none."""
    if shapes.empty:
        return None
    west, south, east, north = (float(edge) for edge in shapes.total_bounds)
    return west, south, east, north


def hit(lng: float, lat: float) -> str | None:
    """Return the parcel under a point, reading only those whose box holds it."""
    ids = boxes_at(lng, lat, seen.boxes())
    shapes = resources.parcel_shapes().of(ids)
    return parcel_at(lng, lat, GeoDataFrame(geometry=shapes))


def scene_sections(scene: Scene) -> list[Section]:
    """Draw candidates, the chosen parcel and what lies around it."""
    rows = scene.rows[:MAX_CANDIDATES]
    known = resources.parcel_shapes()
    sections = []
    chosen = known.of([scene.chosen] if scene.chosen else [])
    if not chosen.empty:
        sections.append(_around(chosen, {row.parcel_id for row in rows}))
    shapes = known.of([row.parcel_id for row in rows])
    sections.append(map_sections.candidates(candidate_marks(rows, shapes)))
    if not chosen.empty:
        points = chosen.representative_point()
        at = (round(float(points.y.iloc[0]), 6), round(float(points.x.iloc[0]), 6))
        sections.append(map_sections.chosen(cartography.geojson(chosen)[0], at))
    return sections


def _around(chosen: GeoSeries, lit: set[str]) -> Section:
    """Draw the parcels around the chosen one that are not lit, to be clicked on."""
    west, south, east, north = chosen.total_bounds
    reach = (
        west - AROUND_DEG,
        south - AROUND_DEG,
        east + AROUND_DEG,
        north + AROUND_DEG,
    )
    ids = [one for one in parcels_around(reach, seen.boxes()) if one not in lit]
    shapes = resources.parcel_shapes().of(ids[:MAX_NEARBY])
    names = names_of(seen.facts().table.loc[shapes.index])
    origin = (0.0, 0.0)
    return map_sections.nearby(
        Candidate(str(one), geometry, origin, (str(name), str(one), t("not eligible")))
        for one, geometry, name in zip(
            shapes.index, cartography.geojson(shapes), names, strict=True
        )
    )


def _tip(row: Row, told: str) -> tuple[str, ...]:
    """Write a tooltip; the sentence is looked up once for all candidates."""
    head = f"{row.rank} · {row.name}" if row.numbered else row.name
    figures = told.format(area=row.area, score=score_text(row.score))
    return (head, row.parcel_id, figures, *(flag.text for flag in row.flags))

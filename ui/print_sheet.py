"""What a sheet shows to a reader: gathered from store and facts, by role."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import numpy as np
import pyarrow.parquet as pq
import shapely
from geopandas import GeoDataFrame

from gis.crs import Box
from gis.errors import LayerMissingError
from gis.words import Title
from layers.layer import Layer, Style
from layers.store import DATA
from ledger.model import Actor
from reports.candidates import SYNTHETIC
from reports.map_sheet import layout
from reports.sheet_content import (
    Density,
    Kind,
    Sheet,
    SheetCandidate,
    SheetLayer,
    SheetName,
    SheetWords,
    Swatch,
)
from reports.sheet_plane import Frame
from siting.industries import land_use_name
from ui import resources
from ui.figures import absent
from ui.i18n import language, t
from ui.land_use_colours import land_use_colours
from ui.map_layers import glyph_of
from ui.parcel_brief import require_version
from ui.parcel_ground import ParcelGround
from ui.print_order import PrintOrder

MOST_SHAPES: Final = 12_000
MOST_READ: Final = 60_000
SEEN_MM: Final = 0.7  # the middle parcel is drawn from this size on
LARGE_MM: Final = 2.5  # a parcel of this size is drawn at any scale
LETTERS_UP_TO: Final = 800_000  # at smaller scales points are dots
WORLD_MM_AT_ZOOM_0: Final = (
    591_657.0  # metres of the plane a millimetre of screen shows
)
DEGREE_M: Final = 111_000.0
PARCELS: Final = "parcels"
OTHER: Final = "#9aa3a0"
BELOW: Final = {"boundary", "base"}
NAME_PT: Final[Mapping[str, float]] = {
    "prefecture": 9.0,
    "county": 7.5,
    "town": 6.0,
    "zone": 5.5,
}
MOST_NAMES: Final = 400
# Names of smaller places are for larger scales.
NAMED_UP_TO: Final[Mapping[str, float]] = {"town": 400_000, "zone": 300_000}


@dataclass(frozen=True)
class Reader:
    """For whom a sheet is made."""

    actor: Actor
    internal: bool


@dataclass(frozen=True)
class _Wanted:
    """A layer to be drawn, and how strongly."""

    layer: Layer
    opacity: float


def sheet_of(order: PrintOrder, reader: Reader) -> Sheet:
    """Gather what a sheet shows.

    Args:
        order: What is asked for.
        reader: Who asks.

    Returns:
        The sheet: nothing on it that the reader may not see.

    Raises:
        LayerMissingError: A layer is not loaded, or not for this reader.
        OutdatedError: The candidates' numbers are of another version.
    """
    ground = resources.parcel_ground(internal=reader.internal)
    if order.candidates or order.chosen is not None:
        require_version(ground, order.version)
    wanted = _wanted(order, reader)
    lit = list(_candidates(order, ground))
    plain = Sheet(
        title=order.title.strip() or t("LandMap: land for investment"),
        made=_made(reader.actor),
        box=order.view.box,
        words=_words(),
        candidates=lit,
        chosen=_chosen(order, ground, lit),
        warning=t(SYNTHETIC) if any(one.layer.synthetic for one in wanted) else "",
        notes=_notes(wanted, lit=bool(lit), crowded=wanted),
        size=order.size,
    )
    # The notes decide how much room the map has, and so what of it is seen.
    _, _, frame, lines, _ = layout(plain)
    drawn = [(one, list(_drawn(one, frame, ground))) for one in wanted]
    there = [one for one, parts in drawn if any(map(_has_ink, parts))]
    crowded = [one for one, parts in drawn if any(part.density for part in parts)]
    skipped = [one for one, parts in drawn if parts and one not in there]
    return replace(
        plain,
        layers=[part for _, parts in drawn for part in parts if _has_ink(part)],
        names=list(_names(frame.degrees, frame.ratio)),
        notes=_notes(there, lit=bool(lit), crowded=crowded, skipped=skipped),
        note_lines=len(lines),
    )


def _has_ink(layer: SheetLayer) -> bool:
    return bool(len(layer.shapes)) or layer.density is not None


def _wanted(order: PrintOrder, reader: Reader) -> list[_Wanted]:
    """Look up what is switched on, lowest first."""
    loaded = resources.store().versions()
    seen = {
        name: layer
        for name, layer in resources.catalog().items()
        if name in loaded and (reader.internal or layer.publish == "public")
    }
    wanted = {}
    for one in order.layers:
        if one.name not in seen:
            raise LayerMissingError("There is no layer {layer}.", layer=one.name)
        wanted[one.name] = _Wanted(seen[one.name], one.opacity)
    return sorted(
        wanted.values(),
        key=lambda one: (one.layer.role not in BELOW, one.layer.style.z),
    )


def _drawn(wanted: _Wanted, frame: Frame, ground: ParcelGround) -> Iterator[SheetLayer]:
    """Read what of a layer is seen; nothing where nothing of it is."""
    layer = wanted.layer
    if layer.role == "parcel":
        parcels = _parcels(wanted, frame, ground)
        if _has_ink(parcels):
            yield parcels
        return
    read = _read(layer, frame.degrees)
    if read is None:
        yield _plain(wanted, "area", np.zeros(0, dtype=object), frame)
        return
    themed = _themed(wanted, read, frame)
    if _has_ink(themed):
        yield themed
    if resources.is_partly_covered(layer.name):
        reach = _reach(layer)
        if _inked(reach.shapes, frame, filled=False).any():
            yield reach


def _inked(shapes: Any, frame: Frame, *, filled: bool) -> Any:  # noqa: ANN401 - arrays
    """Tell which shapes leave ink inside the frame: the legend tells no other."""
    window = shapely.box(*frame.degrees)
    met = shapely.intersects(window, shapes)
    if not filled:  # an outline around all that is seen is not seen itself
        met &= ~shapely.contains_properly(shapes, window)
    return met


def _parcels(wanted: _Wanted, frame: Frame, ground: ParcelGround) -> SheetLayer:
    """Draw parcels as shapes, or where they are too many or too small as shares."""
    rows = ground.boxes.meeting(frame.degrees)
    edges = np.column_stack([
        np.asarray(ground.table[name].iloc[rows], dtype=np.float64)
        for name in ("minx", "miny", "maxx", "maxy")
    ])
    size = (edges[:, 2:] - edges[:, :2]).max(axis=1, initial=0)
    size_mm = size * DEGREE_M / frame.ground_m_mm
    usual = float(np.median(size_mm)) if len(rows) else SEEN_MM
    whole = len(rows) <= MOST_SHAPES and usual >= SEEN_MM
    singly = rows if whole else rows[size_mm >= LARGE_MM][:MOST_SHAPES]
    shapes = ground.shapes.of(ground.numbers(singly).tolist()).to_numpy()
    shapes = shapes[_inked(shapes, frame, filled=True)]
    drawn = _plain(wanted, "area", shapes, frame)
    if whole:
        return drawn
    small = rows[~np.isin(rows, singly)]
    lng, lat, area_m2 = (
        np.asarray(ground.table[name].iloc[small], dtype=np.float64)
        for name in ("lon", "lat", "area_m2")
    )
    told = t("{layer}: share of the ground", layer=drawn.title)
    return replace(drawn, density=Density(lng, lat, area_m2, told))


def _read(layer: Layer, seen: Box) -> GeoDataFrame | None:
    """Read what lies in the view; None where that is too much to be drawn."""
    manifest = resources.manifest(layer.name)
    if manifest.count > MOST_READ and _count_in(layer.name, seen) > MOST_READ:
        return None
    themed = layer.role == "zoning" and "land_use_code" in manifest.columns
    columns = ["land_use_code"] if themed else []
    return resources.store().read(layer.name, columns=columns, box=seen)


def _count_in(name: str, seen: Box) -> int:
    """Count the features whose bounds meet a box, without reading their shapes."""
    file = resources.store().folder(name) / DATA
    if "bbox" not in pq.read_schema(file).names:
        return resources.manifest(name).count
    bounds = pq.read_table(file, columns=["bbox"])["bbox"].combine_chunks()
    low_x, low_y, high_x, high_y = (
        bounds.field(edge).to_numpy(zero_copy_only=False)
        for edge in ("xmin", "ymin", "xmax", "ymax")
    )
    west, south, east, north = seen
    met = (low_x <= east) & (high_x >= west) & (low_y <= north) & (high_y >= south)
    return int(met.sum())


def _themed(wanted: _Wanted, read: GeoDataFrame, frame: Frame) -> SheetLayer:
    """Draw a layer in its style; planned land use in the colours of its classes."""
    shapes = read.geometry.to_numpy()
    kind = _kind(shapes)
    drawn = _plain(wanted, kind, shapes, frame)
    filled = kind == "area" and drawn.style.fill_opacity > 0
    met = _inked(shapes, frame, filled=filled or kind != "area")
    drawn = replace(drawn, shapes=shapes[met])
    if "land_use_code" not in read or not met.any():
        return drawn
    table = land_use_colours().colours
    classes = [_class_of(code, table) for code in read["land_use_code"][met]]
    swatches = [
        Swatch(
            f"{code} {land_use_name(code)}" if code else t("Other land use"),
            table.get(code, OTHER),
        )
        for code in sorted(set(classes), key=lambda code: (not code, code))
    ]
    style = drawn.style.model_copy(update={"weight": 0.4})
    colours = [table.get(code, OTHER) for code in classes]
    return replace(drawn, style=style, colours=colours, swatches=swatches)


def _class_of(code: object, table: Mapping[str, str]) -> str:
    """Return the class a code is coloured as: its own, or the nearest above it."""
    text = "" if absent(code) else str(code)
    while text and text not in table:
        text = text[:-1]
    return text


def _plain(wanted: _Wanted, kind: Kind, shapes: Any, frame: Frame) -> SheetLayer:  # noqa: ANN401 - an array of shapes
    layer = wanted.layer
    lettered = kind == "point" and frame.ratio <= LETTERS_UP_TO
    return SheetLayer(
        title=t(Title(layer.title)),
        kind=kind,
        style=_style(layer, frame),
        shapes=shapes,
        opacity=wanted.opacity,
        glyph=glyph_of(layer, language()) if lettered else "",
    )


def _style(layer: Layer, frame: Frame) -> Style:
    """Return the style of a layer at a scale: of boundaries the outline alone."""
    style = layer.style
    if layer.role == "boundary":
        quiet = {"colour": style.stroke or style.colour, "fill_opacity": 0.0}
        return style.model_copy(update=quiet)
    # As on the screen (map_pens.js): strokes are thinner where more ground is seen.
    zoom = np.log2(WORLD_MM_AT_ZOOM_0 / frame.plane_m_mm)
    thin = float(np.clip(0.3 + (zoom - 7) * 0.12, 0.3, 1.0))
    dash = " ".join(f"{float(part) * thin:.2f}" for part in style.dash.split())
    return style.model_construct(**{
        **style.model_dump(),
        "weight": style.weight * thin,
        "dash": dash,
    })


def _reach(layer: Layer) -> SheetLayer:
    """Outline the ground on which a layer was looked for."""
    return SheetLayer(
        title=t("{layer}: looked for inside", layer=t(Title(layer.title))),
        kind="area",
        style=Style(colour="#6b7280", weight=1.6, dash="2 5", fill_opacity=0),
        shapes=np.array([resources.layer_coverage(layer.name)], dtype=object),
    )


def _kind(shapes: Any) -> Kind:  # noqa: ANN401 - an array of shapes
    most = int(shapely.get_dimensions(shapes).max(initial=0))
    kinds: tuple[Kind, ...] = ("point", "line", "area")
    return kinds[most]


def _candidates(order: PrintOrder, ground: ParcelGround) -> Iterator[SheetCandidate]:
    """Look up the candidates that the reader may see."""
    for one in order.candidates:
        at = ground.at([one.place])
        if not len(at):
            continue
        row = int(at[0])
        lng, lat = (float(ground.table[name].iloc[row]) for name in ("lon", "lat"))
        yield SheetCandidate(
            rank=one.rank,
            shape=ground.shapes.of([one.place]).iloc[0],
            at=(lng, lat),
            flagged=one.flagged,
            chosen=one.place == order.chosen,
        )


def _chosen(
    order: PrintOrder, ground: ParcelGround, lit: Sequence[SheetCandidate]
) -> Any:  # noqa: ANN401 - a shape or None
    """Return the outline of the parcel of the card where it is no candidate."""
    if order.chosen is None or any(one.chosen for one in lit):
        return None
    if not len(ground.at([order.chosen])):
        return None
    return ground.shapes.of([order.chosen]).iloc[0]


def _names(seen: Box, ratio: float) -> Iterator[SheetName]:
    """List the names in the view, the greater places first."""
    west, south, east, north = seen
    told = 0
    for one in resources.map_names(language()):
        lat, lng = one["at"]
        kind = str(one["kind"])
        if ratio > NAMED_UP_TO.get(kind, np.inf) or told >= MOST_NAMES:
            continue
        if west <= lng <= east and south <= lat <= north:
            told += 1
            yield SheetName(str(one["name"]), (lng, lat), NAME_PT.get(kind, 6.0))


def _made(actor: Actor) -> str:
    """Say who made the sheet and when, with the offset of the clock."""
    now = datetime.now().astimezone()
    offset = now.strftime("%z")
    return t(
        "Made by {who}, {when} (UTC{offset})",
        who=t(Title(actor.name)),
        when=now.strftime("%Y-%m-%d %H:%M"),
        offset=f"{offset[:3]}:{offset[3:]}",
    )


def _notes(
    drawn: Sequence[_Wanted],
    *,
    lit: bool,
    crowded: Sequence[_Wanted],
    skipped: Sequence[_Wanted] = (),
) -> list[str]:
    """Tell sources, dates and what was not checked of all that is drawn."""
    by_source: dict[tuple[str, str], list[str]] = {}
    for one in drawn:
        date = t(Title(resources.manifest(one.layer.name).data_date))
        key = t(Title(one.layer.source)), date
        by_source.setdefault(key, []).append(t(Title(one.layer.title)))
    told = [
        t(
            "{layers}: {source}, data of {date}",
            layers=t(", ").join(titles),
            source=source,
            date=date,
        )
        for (source, date), titles in by_source.items()
    ]
    notes = [t("Sources. {sources}.", sources=t("; ").join(told))] if told else []
    partly = [one for one in drawn if resources.is_partly_covered(one.layer.name)]
    parcels = [one for one in crowded if one.layer.role == "parcel"]
    lines = (
        (
            partly,
            Title(
                "Looked for in a part of the region only, and not checked beyond it:"
                " {layers}."
            ),
        ),
        (
            parcels,
            Title(
                "Too many or too small to be drawn singly at this scale, shaded by"
                " their share of the ground: {layers}."
            ),
        ),
        (skipped, Title("Too many to be drawn at this scale, left out: {layers}.")),
    )
    for some, msgid in lines:
        if some:
            titles = [t(Title(one.layer.title)) for one in some]
            notes.append(t(msgid, layers=t(", ").join(titles)))
    if lit:
        notes.append(
            t(
                "Candidates are those of the screening on the screen; an amber edge"
                " says that something about the parcel was not checked."
            )
        )
    credited = sorted({one.layer.credit for one in drawn} - {""})
    if credited:
        notes.append(t("Credits: {names}.", names=t(", ").join(credited)))
    return notes


def _words() -> SheetWords:
    return SheetWords(
        legend=t("Legend"),
        north=t("N"),
        ranked=t("Candidate, with its rank"),
        further=t("Further candidate"),
        flagged=t("Something was not checked"),
        chosen=t("Parcel of the card"),
        scale_at=t("Scale along {lat} N, printed at full size", lat="{lat}"),
        reference=t("CGCS2000 degrees; map in Web Mercator"),
        kilometres=t("km"),
        metres=t("m"),
    )

"""Layers as the map's scripts read them: where their tiles are and how they look."""

from collections.abc import Iterator
from typing import Any, Final

from gis.errors import LayerError, StoreError
from gis.words import Title
from layers.layer import Layer, Style
from siting.industries import land_use_name
from siting.words import STOCK_STATUSES
from ui import resources
from ui.i18n import language, t, tell
from ui.land_use_colours import land_use_colours
from ui.map_text import map_text
from ui.map_words import map_words
from ui.online_base import SIDE_PX
from ui.settings import settings

ROUTES: Final = "../.."  # from the component's frame to our own routes
ONLINE: Final = Title("Other hosts (internet)")
GROUPS: Final = {
    "parcel": Title("Land"),
    "zoning": Title("Planning"),
    "zone": Title("Planning"),
    "constraint": Title("Control lines"),
    "infrastructure": Title("Infrastructure"),
    "base": Title("Base map"),
    "boundary": Title("Base map"),
}
# Status of land: a hue for each, told apart by lightness as well.
STATUS_COLOURS: Final = {
    "approved_unsupplied": "#2a6f97",
    "supplied_unused": "#e09f3e",
    "net_land": "#6aa84f",
    "standard_land": "#274e13",
    "inefficient": "#9e2a2b",
    "planned": "#a7b5bd",
}


def map_setting(*, internal: bool) -> dict[str, Any]:
    """Gather what the map's scripts read once for each state of the data.

    Args:
        internal: Whether the reader sees what is internal.

    Returns:
        Words and layers in the reader's language, ready for JSON.
    """
    return {
        "words": map_words(),
        "layers": map_layers(internal=internal),
        "missing": missing_layers(),
        "credits": credits_of_loaded(),
        "names": names_address(),
    }


def setting_address(*, internal: bool) -> str:
    """Return where `map_setting` is read, with its own version."""
    digest, _ = resources.map_setting(language(), internal=internal)
    staff = "&for=staff" if internal else ""
    return f"{ROUTES}/map/{digest}.json?lang={language()}{staff}"


def credits_of_loaded() -> list[str]:
    """List whom the loaded layers ask the map to name, encoded for HTML."""
    loaded = resources.store().versions()
    layers = resources.catalog().items()
    named = {layer.credit for name, layer in layers if name in loaded}
    return [map_text(one) for one in sorted(named - {""})]


def map_layers(*, internal: bool) -> list[dict[str, Any]]:
    """List the layers a reader may see, lowest first.

    Args:
        internal: Whether the reader sees what is internal.

    Returns:
        One mapping a layer, ready for JSON.
    """
    loaded = resources.store().versions()
    catalog = resources.catalog()
    seen = [
        catalog[name]
        for name in loaded
        if name in catalog and (internal or catalog[name].publish == "public")
    ]
    order = sorted(seen, key=lambda layer: (_below(layer), layer.style.z), reverse=True)
    drawn = [_layer(layer, internal=internal) for layer in reversed(order)]
    return [*online_layers(), *_rasters(internal=internal), *drawn]


def missing_layers() -> list[dict[str, str]]:
    """List the declared layers that are not loaded, and what loads them."""
    loaded = resources.store().versions()
    return [
        {
            "title": t(layer.title),
            "why": t(
                "Not loaded: put {file} in place and run `landmap ingest {layer}`.",
                file=layer.path.name if layer.path else f"{name}.parquet",
                layer=name,
            ),
        }
        for name, layer in resources.catalog().items()
        if name not in loaded and layer.publish == "public"
    ] + [{"title": t(Title(title)), "why": why} for title, why in _unusable()]


def _rasters(*, internal: bool) -> list[dict[str, Any]]:
    """List the pictures that can be used, those that cover the ground lowest."""
    order = sorted(resources.rasters().values(), key=lambda one: one.kind != "imagery")
    specs = []
    for number, one in enumerate(order):
        if one.publish != "public" and not internal:
            continue
        try:
            source = resources.raster_source(one.name)
        except (LayerError, StoreError):
            continue  # told by `missing_layers`
        west, south, east, north = source.box
        path = f"{ROUTES}/tiles/{one.name}/{source.version}/{{z}}/{{x}}/{{y}}.png"
        specs.append({
            "name": one.name,
            "source": f"{one.name}/{source.version}",
            "url": path + tile_query(internal=internal and one.publish != "public"),
            "role": one.kind,
            "kind": "raster",
            "title": t(one.title),
            "group": t(GROUPS["base"]),
            "listed": True,
            "on": one.on,
            "date": t(Title(one.data_date)),
            "source_text": t(Title(one.source)),
            "synthetic": one.synthetic,
            "opacity": one.opacity,
            "native": source.most_zoom + 1,
            "bounds": [[south, west], [north, east]],
            "z": number,
        })
    return specs


def online_layers() -> list[dict[str, Any]]:
    """List the ground of other hosts that the operator asked for; none by default."""
    return [
        {
            "name": one.name,
            "source": one.name,
            "url": one.url,
            "role": "online",
            "kind": "raster",
            "title": t(Title(one.title)),
            "group": t(ONLINE),
            "listed": True,
            "on": False,  # nothing is asked of another host before somebody wants it
            "date": "",
            "source_text": map_text(one.attribution),
            "synthetic": False,
            "opacity": 1,
            "native": one.most_zoom,
            "size": SIDE_PX,
            "subdomains": list(one.subdomains),
            "attribution": map_text(one.attribution),
            "referrer": "origin",  # both hosts want to know the site
            "z": 50 + number if one.over else number - 50,
        }
        for number, one in enumerate(settings().online)
    ]


def _unusable() -> Iterator[tuple[str, str]]:
    """Name the pictures that are declared and cannot be used, and why."""
    for one in resources.rasters().values():
        if one.publish != "public":
            continue
        try:
            resources.raster_source(one.name)
        except (LayerError, StoreError) as error:
            yield one.title, tell(error)


def tile_query(*, internal: bool) -> str:
    """Return what a tile's address ends with for this reader."""
    return "?for=staff" if internal else ""


def _below(layer: Layer) -> bool:
    """Tell whether a layer is ground to stand on, not a theme."""
    return layer.role in {"boundary", "base"}


def _opened_with(layer: Layer) -> bool:
    """Tell whether the map opens with a layer that does not say."""
    return _below(layer) or layer.role == "parcel"


def _layer(layer: Layer, *, internal: bool) -> dict[str, Any]:
    version = resources.map_version(layer.name)
    source = resources.tile_source(layer.name)
    path = f"{ROUTES}/tiles/{layer.name}/{version}/{{z}}/{{x}}/{{y}}.mvt"
    spec = {
        "name": layer.name,
        "source": f"{layer.name}/{version}",
        "url": path + tile_query(internal=internal),
        "role": layer.role,
        "kind": source.kind,
        "title": t(layer.title),
        "group": t(GROUPS[layer.role]),
        "listed": layer.role != "boundary",
        "on": _opened_with(layer) if layer.style.on is None else layer.style.on,
        "below": _below(layer),
        "told": layer.role in {"parcel", "zone", "infrastructure", "constraint"},
        "date": t(Title(layer.data_date)),
        "source_text": t(Title(layer.source)),
        "synthetic": layer.synthetic,
        **_drawn(layer.style, kind=source.kind),
    }
    if source.kind == "point":
        spec["glyph"] = glyph_of(layer, language())
    if layer.role == "zoning":
        spec |= {"by": _by_land_use(), "line": 0.5}
    if layer.role == "parcel":
        spec |= {
            "bys": {"land_use": _by_land_use(), "stock": _by_stock()},
            "plain_title": t("One colour"),
        }
    if resources.is_partly_covered(layer.name):
        spec["reach"] = f"{ROUTES}/coverage/{layer.name}/{version}.json" + tile_query(
            internal=internal
        )
    return spec


def _drawn(style: Style, *, kind: str) -> dict[str, Any]:
    """Tell a style as the map's pens read it, no more than it says."""
    told: dict[str, Any] = {
        "colour": style.colour,
        "fill": 0 if kind == "line" else style.fill_opacity,
        "weight": style.weight,
        "dash": [float(part) for part in style.dash.split()],
        "opacity": 1,
        "stroke": style.stroke,
        "mini": style.overview,
        "widths": style.widths,
        "from_zoom": style.from_zoom,
    }
    dark = {"colour": style.dark_colour, "stroke": style.dark_stroke}
    if named := {name: colour for name, colour in dark.items() if colour}:
        told["dark"] = named
    always = {"colour", "fill", "weight", "dash", "opacity"}
    return {name: one for name, one in told.items() if one or name in always}


def glyph_of(layer: Layer, spoken: str) -> str:
    """Return the letter that stands for a point layer."""
    return layer.style.glyph_en if spoken == "en" else layer.style.glyph


def _by_land_use() -> dict[str, Any]:
    table = land_use_colours()
    return {
        "attribute": "land_use_code",
        "title": t("By land use"),
        "colours": table.colours,
        "names": {code: f"{code} {land_use_name(code)}" for code in table.colours},
        "other": "#9aa3a0",
    }


def _by_stock() -> dict[str, Any]:
    return {
        "attribute": "stock_status",
        "title": t("By stock status"),
        "colours": STATUS_COLOURS,
        "names": {code: t(STOCK_STATUSES[code]) for code in STATUS_COLOURS},
        "other": "#9aa3a0",
    }


def names_address() -> str:
    """Return where the names of the map are read, with the data's own version."""
    return f"{ROUTES}/names/{resources.names_version()}.json?lang={language()}"

"""What ground the map can stand on: own layers and pictures, others on demand."""

from typing import Any, Final

from gis.errors import LayerError, StoreError
from gis.words import Title
from ui import resources
from ui.i18n import say_in
from ui.online_base import SIDE_PX

GROUP: Final = Title("Base map")
ROLES: Final = ("base", "boundary")
ONLINE: Final = Title("Other hosts (internet)")
VECTOR_MOST_ZOOM: Final = 16
# From below: ground that covers, shade over it, lines and names on top.
IMAGERY_Z, RELIEF_Z, VECTOR_Z, ONLINE_Z = 10, 20, 100, 0


def base_layers(language: str, *, internal: bool) -> list[dict[str, Any]]:
    """List the ground this machine serves, lowest first.

    Args:
        language: Language of the titles.
        internal: Whether the reader sees what is marked internal.

    Returns:
        A mapping a layer, ready for JSON: `name`, `title`, `kind` ("vector" or
        "raster"), `role`, `group`, `date`, `edition`, `synthetic`, `version`, `path`
        (of its tiles below the app's own address), `min_zoom`, `max_zoom`, `z`, and
        for pictures `bounds` (west, south, east, north in degrees), `opacity`, `on`.
        A picture that cannot be used is left out.
    """
    found = [*_pictures(language, internal), *_vectors(language, internal)]
    return sorted(found, key=lambda one: (one["z"], one["name"]))


def online_layers(language: str) -> list[dict[str, Any]]:
    """List the ground of other hosts that the operator asked for; none by default.

    Args:
        language: Language of the titles.

    Returns:
        A mapping a base map, ready for JSON: `name`, `title`, `kind`, `group`, `url`,
        `subdomains`, `size` (pixels of a tile), `max_zoom`, `attribution`, `over`,
        `on` (False: nothing is asked of another host before somebody wants it),
        `referrer`: both hosts want to know the site, which our pages do not tell.
    """
    return [
        {
            "name": one.name,
            "title": say_in(language, one.title),
            "kind": "raster",
            "role": "online",
            "group": say_in(language, ONLINE),
            "url": one.url,
            "subdomains": one.subdomains,
            "size": SIDE_PX,
            "max_zoom": one.most_zoom,
            "attribution": one.attribution,
            "over": one.over,
            "referrer": "origin",
            "on": False,
            "z": ONLINE_Z + number,
        }
        for number, one in enumerate(resources.settings().online)
    ]


def _vectors(language: str, internal: bool) -> list[dict[str, Any]]:  # noqa: FBT001 - as above
    loaded = resources.store().versions()
    return [
        {
            "name": name,
            "title": say_in(language, layer.title),
            "kind": "vector",
            "role": layer.role,
            "group": say_in(language, GROUP),
            "date": layer.data_date,
            "edition": layer.edition,
            "synthetic": layer.synthetic,
            "version": version,
            "path": f"tiles/{name}/{version}/{{z}}/{{x}}/{{y}}.mvt"
            + _query(layer.publish),
            "min_zoom": layer.min_zoom,
            "max_zoom": VECTOR_MOST_ZOOM,
            "z": VECTOR_Z + layer.style.z,
        }
        for name, layer in resources.catalog().items()
        if layer.role in ROLES
        and name in loaded
        and (internal or layer.publish == "public")
        for version in [resources.map_version(name)]
    ]


def _pictures(language: str, internal: bool) -> list[dict[str, Any]]:  # noqa: FBT001 - as above
    found = []
    for name, declared in resources.rasters().items():
        if declared.publish != "public" and not internal:
            continue
        try:
            source = resources.raster_source(name)
        except (LayerError, StoreError):
            continue  # the page of the data tells why
        found.append({
            "name": name,
            "title": say_in(language, declared.title),
            "kind": "raster",
            "role": declared.kind,
            "group": say_in(language, GROUP),
            "date": declared.data_date,
            "edition": declared.edition,
            "synthetic": declared.synthetic,
            "version": source.version,
            "path": f"tiles/{name}/{source.version}/{{z}}/{{x}}/{{y}}.png"
            + _query(declared.publish),
            "min_zoom": max(source.least_zoom - 1, 0),
            "max_zoom": source.most_zoom,
            "bounds": list(source.box),
            "opacity": declared.opacity,
            "on": declared.on,
            "z": RELIEF_Z if declared.kind == "relief" else IMAGERY_Z,
        })
    return found


def _query(publish: str) -> str:
    """Return what the address of a layer's tiles ends with."""
    return "" if publish == "public" else "?for=staff"

"""A Folium map whose scripts and styles come from our own `/assets/` route.

streamlit-folium bundles no Leaflet: a stock map loads ten files from other hosts and
stays blank where one of them cannot be reached. The component's frame lies at
`<base>/component/streamlit_folium.st_folium/index.html`, so `../../assets/` is right
under any base path.
"""

import re
from collections.abc import Iterator, Sequence

from branca.colormap import ColorMap
from branca.element import Element
from folium import Map

from ui.map_text import harden

ASSETS = "../../assets"
MAX_ZOOM = 20  # Folium hands it to a tile layer, and there is none
_VENDOR = f"{ASSETS}/vendor"
_FOREIGN = re.compile(r"""["'`(](?:https?:)?//[^"'`)\s]+""", re.IGNORECASE)

harden()


class OfflineMap(Map):
    """An empty map of a box: no tiles, no foreign file.

    Args:
        box: West, south, east, north in degrees, shown when the map opens.
        scripts: Files of `ui/assets/` to load after Leaflet.
        styles: Style sheets of `ui/assets/`.
    """

    default_js = [("leaflet", f"{_VENDOR}/leaflet/leaflet.js")]  # noqa: RUF012 - Folium's way
    default_css = [("leaflet_css", f"{_VENDOR}/leaflet/leaflet.css")]  # noqa: RUF012

    def __init__(
        self,
        box: tuple[float, float, float, float],
        *,
        scripts: Sequence[str] = (),
        styles: Sequence[str] = (),
    ) -> None:
        """Make the map."""
        west, south, east, north = box
        super().__init__(
            location=((south + north) / 2, (west + east) / 2),
            tiles=None,
            zoom_start=7,
            zoom_control=True,
            attribution_control=False,
        )
        self.options["maxZoom"] = MAX_ZOOM
        self.options["fadeAnimation"] = False
        self.default_js = [*self.default_js, *_named(scripts)]
        self.default_css = [*self.default_css, *_named(styles)]
        self.fit_bounds([[south, west], [north, east]])


def assert_offline(site_map: Map) -> None:
    """Check that a map asks no other host for anything.

    Args:
        site_map: The map as it is handed to the page; it is rendered by this.

    Raises:
        RuntimeError: A part of the map loads from elsewhere.
    """
    links = [link for part in _parts(site_map) for link in _links(part)]
    foreign = [link for link in links if not link.startswith(f"{ASSETS}/")]
    foreign += _FOREIGN.findall(site_map.get_root().render())
    if foreign:
        message = f"The map would load from other hosts: {sorted(set(foreign))}"
        raise RuntimeError(message)


def _named(files: Sequence[str]) -> list[tuple[str, str]]:
    return [(name, f"{ASSETS}/{name}") for name in files]


def _parts(element: Element) -> Iterator[Element]:
    yield element
    for child in element._children.values():  # noqa: SLF001 - branca has no other way
        yield from _parts(child)


def _links(part: Element) -> list[str]:
    """List what streamlit-folium makes the browser load for a part of a map."""
    if isinstance(part, ColorMap):  # streamlit-folium adds d3 of two hosts
        return ["//d3"]
    files = [*getattr(part, "default_js", ()), *getattr(part, "default_css", ())]
    return [link for _, link in files]

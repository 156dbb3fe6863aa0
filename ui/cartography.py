"""The site map as Folium makes it: drawn once, and a message that redraws what varies.

streamlit-folium mounts a map anew when its script changes, and tells scripts apart by
a hash that ignores everything of the form `_xxx`. So the map's own script never varies
in a session, whatever the language, the project or the data; all that varies travels
in one feature group, whose text is compared as it is.
"""

import json
from typing import Any, Final

import folium
from branca.element import MacroElement
from jinja2 import Template

from gis.crs import Box
from ui.map_message import Message
from ui.offline_map import OfflineMap
from ui.routes.map_script import MAP_SCRIPT

SCRIPTS: Final = (
    "vendor/vector-tile/vector-tile.js",
    MAP_SCRIPT,
)
STYLES: Final = ("site_map.css",)


class _Script(MacroElement):
    """Script that st_folium takes as it is.

    Rendering into a page is left out: Folium would parse the finished script a
    second time as a template, slowly, and run whatever it finds in it.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}{{ this.text }}{% endmacro %}"
    )

    def __init__(self, text: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Script"
        self.text = text

    def render(self, **_kwargs: Any) -> str:  # noqa: ANN401 - branca's signature
        """Render nothing: `st_folium` reads the script from the template."""
        return ""


def site_map(
    box: Box, *, at: tuple[float, float] | None = None, zoom: float | None = None
) -> OfflineMap:
    """Build the map that everything else is drawn on.

    Args:
        box: West, south, east, north of the region, in degrees.
        at: Latitude and longitude of the first view; None shows the region.
        zoom: Zoom of the first view.

    Returns:
        A fresh map: drawing changes a Folium object, so none is ever kept.
    """
    drawn = OfflineMap(box, scripts=SCRIPTS, styles=STYLES)
    # Its own fit is animated, and would end after the first view is set.
    children = drawn._children  # noqa: SLF001 - branca has no other way
    for name in [name for name in children if name.startswith("fit_bounds")]:
        del children[name]
    west, south, east, north = box
    base = {"box": [[south, west], [north, east]], "at": at, "zoom": zoom}
    script = f"window.landmap = makeSiteMap(map_div, {json.dumps(base)});"
    drawn.add_child(_Script(script), name="site_map")
    return drawn


def varying(message: Message) -> folium.FeatureGroup:
    """Wrap a message in the feature group that carries it to a map that stays.

    Args:
        message: What to draw.

    Returns:
        A fresh feature group for `feature_group_to_add`.
    """
    group = folium.FeatureGroup(name="varying")
    group.add_child(_Script(f"landmap.draw({message.text()});"), name="message")
    return group

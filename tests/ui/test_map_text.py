"""Text from data stays text: encoded once, never run, on the server or in a browser."""

import json
from html import unescape

import folium
import pytest
from folium.plugins import MarkerCluster

from ui.map_text import map_properties, map_text
from ui.offline_map import OfflineMap

PAYLOAD = "地块{{7*7}}${alert(1)}<img src=x onerror=alert(1)>"
CORPUS = [
    PAYLOAD,
    "{{7*7}}",
    "{% for i in range(9) %}x{% endfor %}",
    "{#3号",
    "地块{{",
    "</script><script>alert(1)</script>",
    "`+alert(1)+`",
    "${alert(1)}",
    "'-alert(1)-'",
    '"onmouseover="alert(1)',
    "\\u003cimg src=x onerror=alert(1)\\u003e",
    "&lt;img src=x onerror=alert(1)&gt;",
    "观山湖 GSH-0213 · 182.4 亩",
]


@pytest.mark.parametrize("text", CORPUS)
def test_encoded_text_reads_the_same_and_holds_no_special_sign(text):
    encoded = map_text(text)
    assert unescape(encoded) == text
    bare = encoded.replace("&#", "")
    assert not set("&<>\"'`${}\\") & set(bare)


def test_nothing_is_read_as_nothing_and_numbers_as_their_digits():
    assert map_text(None) == ""
    assert map_text(182.4) == "182.4"


def test_every_string_and_key_of_properties_is_encoded_however_deep():
    deep = {"{{k}}": ["<b>", {"n": 1, "s": "`"}], "ok": None, "yes": True}
    assert map_properties(deep) == {
        "&#123;&#123;k&#125;&#125;": ["&#60;b&#62;", {"n": 1, "s": "&#96;"}],
        "ok": None,
        "yes": True,
    }


def sinks(text: str) -> folium.Map:
    """Put a text into every place of a map that takes one."""
    site_map = OfflineMap((103.6, 24.6, 109.6, 29.3))
    here = (26.5, 106.7)
    folium.Marker(here, popup=text, tooltip=text, icon=folium.DivIcon(html=text)).add_to(
        site_map
    )
    folium.CircleMarker(here, popup=folium.Popup(text, lazy=True)).add_to(site_map)
    shape = {"type": "Point", "coordinates": [106.7, 26.5]}
    feature = {"type": "Feature", "properties": {"name": text}, "geometry": shape}
    folium.GeoJson(
        {"type": "FeatureCollection", "features": [feature]},
        tooltip=folium.GeoJsonTooltip(["name"], aliases=[text]),
        popup=folium.GeoJsonPopup(["name"], aliases=[text]),
        marker=folium.CircleMarker(),
    ).add_to(site_map)
    folium.FeatureGroup(name=text).add_to(site_map)
    cluster = MarkerCluster(name=text)
    cluster.default_js, cluster.default_css = [], []
    folium.Marker(here, popup=text, icon=folium.DivIcon()).add_to(cluster)
    cluster.add_to(site_map)
    folium.LayerControl().add_to(site_map)
    return site_map


@pytest.mark.parametrize("text", ["{{7*7}}", "地块{{", "{#3号", "{% raw"])
def test_folium_never_reads_rendered_text_as_a_template_again(text):
    page = sinks(text).get_root().render()
    assert ">49<" not in page
    assert text in page


def test_hardening_leaves_ordinary_maps_as_they_were():
    page = sinks("观山湖 182.4 亩").get_root().render()
    assert page.count("观山湖 182.4 亩") >= 8
    assert "L.map(" in page


def test_what_is_encoded_survives_json_and_script():
    encoded = map_text(PAYLOAD)
    assert json.loads(json.dumps(encoded)) == encoded
    assert f"`{encoded}`".count("`") == 2

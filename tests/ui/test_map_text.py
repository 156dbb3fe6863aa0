"""Text from data stays text: encoded once, never run, on the server or in a browser."""

import re
import subprocess
import sys
from html import unescape

import folium
import pytest
from playwright.sync_api import BrowserContext, Page

from ui.map_text import map_properties, map_text
from ui.offline_map import OfflineMap
from ui.settings import ROOT

HTML = "text/html; charset=utf-8"
OPEN_ALL = """() => {
  const map = Object.entries(window).find(([k, v]) => v instanceof L.Map)[1];
  map.eachLayer(one => { if (one.openTooltip) one.openTooltip(); });
  map.eachLayer(one => { if (one.fire) one.fire('click', {latlng: map.getCenter()}); });
  map.eachLayer(one => { if (one.getPopup && one.getPopup()) {
    one.openPopup(); window.seen = (window.seen || []).concat(
      document.querySelector('.leaflet-popup')?.textContent ?? ''); } });
}"""
ALL_TEXT = """() => (window.seen || []).concat(
  [...document.querySelectorAll('.leaflet-tooltip, .leaflet-div-icon,'
    + ' .leaflet-control-layers')].map(one => one.textContent))"""

# Folium's popups are made by jQuery, which our own map does without.
DOLLAR = """window.$ = (html) => { const box = document.createElement('div');
  box.innerHTML = html; return box.children; };"""
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
def test_encoded_text_reads_the_same_and_holds_no_special_sign(text: str) -> None:
    encoded = map_text(text)
    assert unescape(encoded) == text
    bare = encoded.replace("&#", "")
    assert not set("&<>\"'`${}\\") & set(bare)


def test_nothing_is_read_as_nothing_and_numbers_as_their_digits() -> None:
    assert map_text(None) == ""
    assert map_text(182.4) == "182.4"


def test_every_string_and_key_of_properties_is_encoded_however_deep() -> None:
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
    icon = folium.DivIcon(html=text)
    folium.Marker(here, popup=text, tooltip=text, icon=icon).add_to(site_map)
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
    folium.LayerControl().add_to(site_map)
    return site_map


@pytest.mark.parametrize("text", ["{{7*7}}", "地块{{", "{#3号", "{% raw"])
def test_folium_never_reads_rendered_text_as_a_template_again(text: str) -> None:
    page = sinks(text).get_root().render()
    assert ">49<" not in page
    assert text in page


UNHARDENED = """
import re, sys
import folium
from ui.map_text import harden

def page(text):
    drawn = folium.Map(tiles=None)
    point = folium.Marker((26.5, 106.7), popup=text, tooltip=text)
    point.add_to(drawn)
    folium.LayerControl().add_to(drawn)
    return re.sub("[0-9a-f]{32}", "id", drawn.get_root().render())

before, ran = page("182.4"), "49" in page("{{7*7}}")
harden()
same = page("182.4") == before
print(same, ran, "49" in page("{{7*7}}"))
"""


def test_hardening_changes_nothing_but_the_second_reading_as_a_template() -> None:
    said = subprocess.run(
        [sys.executable, "-c", UNHARDENED],
        capture_output=True,
        check=True,
        text=True,
        cwd=ROOT,
    ).stdout.split()
    assert said == ["True", "True", "False"]


def open_in_browser(page: Page, server: str, site_map: folium.Map) -> list[str]:
    """Show a map where the component's frame would, and collect what it says."""
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.add_init_script(DOLLAR)
    address = f"{server}/component/streamlit_folium.st_folium/map.html"
    html = site_map.get_root().render()
    page.route(address, lambda route: route.fulfill(body=html, content_type=HTML))
    page.goto(address)
    page.wait_for_selector(".leaflet-container")
    return said


@pytest.mark.browser
def test_no_text_runs_in_any_place_of_a_map_and_all_of_it_is_read_as_it_is(
    page: Page, server: str
) -> None:
    for text in CORPUS:
        said = open_in_browser(page, server, sinks(map_text(text)))
        page.evaluate(OPEN_ALL)
        shown = page.evaluate(ALL_TEXT)
        assert said == []
        assert page.locator("img[src=x]").count() == 0
        plain = re.sub(r"\s+", " ", text)
        places = [one for one in shown if plain in re.sub(r"\s+", " ", one)]
        assert len(places) >= 4, (text, shown)
        page.unroute_all()


@pytest.mark.browser
def test_unencoded_text_would_run_so_the_encoder_is_what_stops_it(
    context: BrowserContext, server: str
) -> None:
    page = context.new_page()
    said = open_in_browser(page, server, sinks("<img src=/x onerror=alert(1)>"))
    page.evaluate(OPEN_ALL)
    page.wait_for_function("() => document.querySelector('img[src=\"/x\"]') !== null")
    page.wait_for_timeout(500)
    assert "1" in said

"""A map asks no other host for anything, and the check of that can fail."""

import folium
import pytest
from branca.colormap import LinearColormap
from folium.plugins import Fullscreen
from folium.raster_layers import ImageOverlay

from ui.offline_map import MAX_ZOOM, OfflineMap, assert_offline

BOX = (103.6, 24.6, 109.6, 29.3)


def test_our_map_loads_from_our_assets_only() -> None:
    site_map = OfflineMap(BOX, scripts=["site_map.js"], styles=["site_map.css"])
    folium.CircleMarker((26.5, 106.7), popup="a", tooltip="b").add_to(site_map)
    assert_offline(site_map)
    page = site_map.get_root().render()
    assert '"../../assets/vendor/leaflet/leaflet.js"' in page
    assert page.index("leaflet.js") < page.index("site_map.js")


def test_our_map_says_how_far_it_zooms_though_it_has_no_tiles() -> None:
    page = OfflineMap(BOX).get_root().render()
    assert f'"maxZoom": {MAX_ZOOM}' in page


def test_scripts_of_one_map_do_not_reach_another() -> None:
    OfflineMap(BOX, scripts=["site_map.js"])
    assert "site_map.js" not in OfflineMap(BOX).get_root().render()


def test_a_stock_map_is_found_out() -> None:
    with pytest.raises(RuntimeError, match="other hosts"):
        assert_offline(folium.Map())


def test_a_plugin_a_tile_server_and_a_colour_scale_are_found_out() -> None:
    for part in (
        Fullscreen(),
        folium.TileLayer("https://tiles.example/{z}/{x}/{y}.png", attr="x"),
        LinearColormap(["red", "blue"]),
        ImageOverlay("https://pics.example/a.png", [[0, 0], [1, 1]]),
    ):
        site_map = OfflineMap(BOX)
        part.add_to(site_map)
        with pytest.raises(RuntimeError, match="other hosts"):
            assert_offline(site_map)

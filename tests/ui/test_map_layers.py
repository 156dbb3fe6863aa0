"""Layers as the map's scripts read them: all they look like stands in the catalogue."""

from collections.abc import Iterator
from typing import Any

import pytest
import streamlit as st

from layers.layer import Style
from ui import map_layers, resources
from ui.i18n import speaking
from ui.settings import Settings, settings


@pytest.fixture(autouse=True)
def _home(at_home: Settings) -> Iterator[None]:
    del at_home
    settings.cache_clear()
    st.cache_resource.clear()
    yield
    settings.cache_clear()
    st.cache_resource.clear()


def told(name: str) -> dict[str, Any]:
    layers = map_layers.map_layers(internal=True)
    return next(one for one in layers if one["name"] == name)


def restyled(monkeypatch: pytest.MonkeyPatch, name: str, **style: Any) -> None:
    """Declare another style for a layer."""
    given = Style.model_validate(style)
    declared = resources.catalog()[name].model_copy(update={"style": given})
    catalog = resources.catalog().joined({name: declared})
    monkeypatch.setattr(resources, "catalog", lambda: catalog)


def test_the_ground_and_the_parcels_are_on_without_a_word() -> None:
    assert told("parcels")["on"]
    assert told("county")["on"]
    assert not told("farmland")["on"]


def test_a_declaration_decides_what_the_map_opens_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert told("redline")["on"]
    assert not told("settlement")["on"]
    restyled(monkeypatch, "redline", on=False)
    assert not told("redline")["on"]


def test_a_style_reaches_the_pens_as_it_is_declared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    restyled(
        monkeypatch,
        "county",
        colour="#112233",
        stroke="#445566",
        dark_colour="#000001",
        weight=2.5,
        dash="4 2",
        fill_opacity=0.25,
        overview=True,
        widths={"1": 2.0},
        from_zoom={"1": 7},
    )
    county = told("county")
    wanted = {
        "colour": "#112233",
        "stroke": "#445566",
        "dark": {"colour": "#000001"},
        "weight": 2.5,
        "dash": [4.0, 2.0],
        "fill": 0.25,
        "mini": True,
        "widths": {"1": 2.0},
        "from_zoom": {"1": 7},
    }
    assert {name: county[name] for name in wanted} == wanted


def test_a_style_that_says_little_is_told_in_few_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    restyled(monkeypatch, "county")
    said = {"stroke", "dark", "mini", "widths", "from_zoom"}
    assert not said & told("county").keys()


def test_the_letter_of_a_point_is_in_the_reader_s_language() -> None:
    with speaking("en"):
        assert told("substation")["glyph"] == "E"
    with speaking("zh_CN"):
        assert told("substation")["glyph"] == "电"

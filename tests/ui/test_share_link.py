"""The link that reopens a view."""

import base64
import json
import zlib
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui import share_link
from ui.share_link import View

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


def _params(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}


@given(changes=st.dictionaries(st.text(max_size=6), JSON, min_size=1, max_size=4))
def test_a_link_gives_back_what_it_was_made_of(changes: dict[str, object]) -> None:
    view = View(
        project="GZ-2026-001",
        changes=changes,
        parcel_id="GZ-520115-000123",
        layers=("farmland", "redline"),
        language="en",
    )
    assert share_link.read(_params(share_link.query(view))) == view


def test_a_link_holds_nothing_that_a_page_could_take_for_code() -> None:
    query = share_link.query(View(project="{{7*7}}${x}<img>'\"`\\"))
    assert not set(query) & set("{}$<>'\"`\\ ")
    assert share_link.read(_params(query)).project == "{{7*7}}${x}<img>'\"`\\"


def test_no_layer_switched_on_is_not_the_same_as_nothing_said_of_layers() -> None:
    assert share_link.read({"layers": ""}).layers == ()
    assert share_link.read({}).layers is None


def test_the_browsers_view_is_read_as_latitude_longitude_zoom() -> None:
    view = share_link.read({"view": "26.58000,106.71000,11"})
    assert view.location == (26.58, 106.71)
    assert view.zoom == 11


@pytest.mark.parametrize(
    "text", ["", "26.58", "a,b,c", "200,106,11", "26,106,99", "nan,nan,9", "26,inf,9"]
)
def test_a_view_that_is_no_place_is_left_out(text: str) -> None:
    view = share_link.read({"view": text})
    assert (view.location, view.zoom) == (None, None)


@pytest.mark.parametrize("code", ["!", "AAAA", "x" * 9_000, "eJwDAAAAAAE"])
def test_a_damaged_need_is_told_and_the_rest_still_holds(code: str) -> None:
    view = share_link.read({"need": code, "project": "P1"})
    assert view.damaged
    assert view.changes is None
    assert view.project == "P1"


@pytest.mark.parametrize(
    "changes",
    [
        {"constraints": 5},
        {"constraints": [5]},
        {"constraints": [{"use": "region_in", "codes": 5}]},
        {"constraints": [{"use": ["region_in"]}]},
        {"constraints": [{"use": "in_development_zone", "zones": "moon"}]},
        {"constraints": [{"use": "services_at_least", "services": {"power": 1}}]},
        {"constraints": [{"use": "clear_of", "layer": {"a": 1}}]},
        {"factors": [{"use": "near", "weight": "a"}]},
        {"factors": [{"use": "near", "within_m": "far"}]},
        {"title": [1]},
    ],
)
def test_what_no_form_can_show_is_a_damaged_need(changes: dict[str, object]) -> None:
    view = share_link.read({"need": share_link.encode(changes), "project": "P1"})
    assert view.damaged
    assert view.project == "P1"


@pytest.mark.parametrize("depth", [100, 30_000])
def test_a_need_nested_without_end_is_a_damaged_need(depth: int) -> None:
    text = '{"x":' + "[" * depth + "]" * depth + "}"
    code = base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode()
    assert share_link.read({"need": code}).damaged


def test_a_faulty_value_is_left_for_the_form_to_tell() -> None:
    changes = {"constraints": [{"use": "area_between", "minimum": "5 acres"}]}
    assert share_link.decode(share_link.encode(changes)) == changes


def test_a_need_that_unpacks_to_megabytes_is_refused() -> None:
    bomb = zlib.compress(json.dumps({"title": "x" * 4_000_000}).encode(), 9)
    assert share_link.decode(base64.urlsafe_b64encode(bomb).decode()) is None


def test_only_the_fields_that_differ_from_the_project_travel() -> None:
    original = {"title": "A", "method": "topsis", "constraints": [1]}
    need = {"title": "A", "constraints": [1, 2]}
    changes = share_link.changed(need, original)
    assert changes == {"constraints": [1, 2], "method": None}
    assert share_link.merged(original, changes) == need

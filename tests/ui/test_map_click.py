"""What the map says of a click."""

from ui.map_click import point_of


def test_a_map_that_was_not_clicked_tells_no_point() -> None:
    assert point_of(None) is None
    assert point_of({"last_clicked": None}) is None
    assert point_of({"last_clicked": {"lat": 26.5, "lng": 106.7}}) == (106.7, 26.5)

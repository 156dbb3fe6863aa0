"""Corners that are typed become the drawn area, in whatever CRS they are written."""

import pytest
import shapely
from geopandas import GeoSeries
from shapely.geometry.base import BaseGeometry

from gis.crs import CGCS2000, gauss_kruger_crs
from gis.errors import AccessError, CrsError
from ledger.model import Actor, Role
from ui import access, resources, site_claims
from ui.search_area import AREA
from ui.settings import Settings
from ui.typed_part import read_corners


@pytest.fixture
def parcel(at_home: Settings, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a parcel of the demo, looked at by the provincial office."""
    clerk = access.DEMO_ACTORS["province"]
    monkeypatch.setattr(resources, "settings", lambda: at_home)
    monkeypatch.setattr(access, "current_actor", lambda: clerk)
    return str(resources.facts().table.index[0])


@pytest.fixture
def west(parcel: str) -> BaseGeometry:
    """Return the western half of the parcel's box, EPSG:4490."""
    left, bottom, right, top = resources.parcel_shapes().of([parcel]).total_bounds
    return shapely.box(left, bottom, (left + right) / 2, top)


def written(shape: BaseGeometry, crs: str, *, north_first: bool) -> str:
    """Write the corners as a surveyor does, a point a line."""
    (placed,) = GeoSeries([shape], crs=CGCS2000).to_crs(crs)
    corners = shapely.get_coordinates(placed)[:-1]
    decimals = 9 if crs == CGCS2000 else 4
    return "\n".join(
        ",".join(f"{one:.{decimals}f}" for one in (xy[::-1] if north_first else xy))
        for xy in corners
    )


@pytest.mark.parametrize("plane", [False, True])
def test_corners_are_read_where_the_parcel_lies(
    parcel: str, west: BaseGeometry, *, plane: bool
) -> None:
    crs = gauss_kruger_crs(round(west.centroid.x / 3)) if plane else CGCS2000
    area, told = read_corners(written(west, crs, north_first=plane), parcel)
    assert told == crs
    assert shapely.hausdorff_distance(area.geometry, west) < 1e-8


def test_the_part_they_cut_out_is_what_is_claimed(
    parcel: str, west: BaseGeometry, monkeypatch: pytest.MonkeyPatch
) -> None:
    area, _ = read_corners(written(west, CGCS2000, north_first=False), parcel)
    monkeypatch.setattr(type(AREA), "get", lambda _: area)
    part = site_claims.part_inside(parcel)
    assert part is not None
    whole = float(resources.facts().table.loc[parcel, "area_m2"])
    assert 0 < part.area_m2 < whole


def test_corners_elsewhere_are_refused_and_say_what_to_look_at(
    parcel: str, west: BaseGeometry
) -> None:
    aside = shapely.affinity.translate(west, 0.05, 0.05)
    with pytest.raises(CrsError, match="order of X and Y"):
        read_corners(written(aside, CGCS2000, north_first=False), parcel)


def test_who_may_not_read_files_types_no_corners(
    parcel: str, west: BaseGeometry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "current_actor", lambda: Actor("", Role.PUBLIC))
    with pytest.raises(AccessError):
        read_corners(written(west, CGCS2000, north_first=False), parcel)

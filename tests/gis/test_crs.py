"""The door: what has no CRS, the wrong one, or impossible coordinates stays out."""

import csv

import numpy as np
import pytest
from geopandas import GeoDataFrame, GeoSeries
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Proj, Transformer
from shapely import Point, Polygon, box

from gis.crs import (
    CGCS2000,
    conformal,
    equal_area,
    gauss_kruger_crs,
    gauss_kruger_zone,
    require_crs,
    require_inside,
    require_one_projected_crs,
    require_projected,
    zone_of_code,
)
from gis.errors import CrsError

GUIZHOU = (103.6, 24.6, 109.6, 29.2)


def places(*xy, crs=CGCS2000):
    names = [f"P{nth}" for nth in range(len(xy))]
    return GeoSeries([Point(at) for at in xy], index=names, crs=crs)


def test_a_missing_crs_is_asked_for_and_never_guessed():
    with pytest.raises(CrsError, match="have no CRS"):
        require_crs(places((106.7, 26.6), crs=None))


def test_a_frame_with_a_crs_passes_as_the_same_object():
    frame = GeoDataFrame(geometry=places((106.7, 26.6)))
    assert require_crs(frame) is frame
    assert require_inside(frame, GUIZHOU) is frame


@pytest.mark.parametrize("crs", [CGCS2000, "EPSG:2264"], ids=["degrees", "feet"])
def test_degrees_and_feet_are_no_metres(crs):
    with pytest.raises(CrsError, match="projected CRS in metres"):
        require_projected(places((106.7, 26.6), crs=crs))


def test_two_planes_do_not_meet():
    with pytest.raises(CrsError, match="two CRSs"):
        require_one_projected_crs(
            places((0, 0), crs="EPSG:4544"), places((0, 0), crs="EPSG:4545")
        )


def test_one_plane_meets_itself():
    same = places((400_000, 2_900_000), crs="EPSG:4545")
    assert require_one_projected_crs(same, same) == CRS("EPSG:4545")


def test_metres_labelled_as_degrees_are_refused_by_row():
    frame = places((106.7, 26.6), (372_073.2, 2_941_037.5))
    with pytest.raises(CrsError, match=r"Rows P1 read \(372073.2, 2941037.5\)") as told:
        require_inside(frame, GUIZHOU)
    assert "look like metres" in str(told.value)


@pytest.mark.parametrize("bad", [np.inf, -np.inf, np.nan])
def test_coordinates_that_are_no_numbers_are_refused_by_row(bad):
    with np.errstate(invalid="ignore"):
        ring = Polygon([(106, 26), (106.1, 26), (bad, 26.1)])
    frame = GeoSeries([box(106, 26, 106.1, 26.1), ring], index=["A", "B"], crs=CGCS2000)
    with pytest.raises(CrsError, match="Rows B have coordinates that are no numbers"):
        require_inside(frame, GUIZHOU)


def test_places_outside_the_box_are_refused_and_the_first_five_rows_named():
    far = [(116.4 + nth / 10, 39.9) for nth in range(7)]
    with pytest.raises(CrsError, match=r"Rows P0, P1, P2, P3, P4 \(\+2\) lie outside"):
        require_inside(places(*far), GUIZHOU)


def test_swapped_axes_are_outside_and_the_sentence_says_to_check_them():
    with pytest.raises(CrsError, match="order of the axes"):
        require_inside(places((26.6, 106.7 - 20)), GUIZHOU)


def test_the_edge_of_the_box_belongs_to_it():
    require_inside(places((103.6, 24.6), (109.6, 29.2)), GUIZHOU)
    with pytest.raises(CrsError):
        require_inside(places((103.599999, 24.6)), GUIZHOU)


def test_a_plane_is_looked_at_in_degrees():
    require_inside(places((371_482.393, 2_941_741.624), crs="EPSG:4545"), GUIZHOU)
    with pytest.raises(CrsError, match="outside the region"):
        require_inside(places((371_482.393, 0.0), crs="EPSG:4545"), GUIZHOU)


def test_coordinates_that_no_place_has_are_refused():
    with pytest.raises(CrsError, match="no place on earth"):
        require_inside(places((1e12, 1e12), crs="EPSG:4545"), GUIZHOU)


def test_missing_and_empty_geometries_are_not_the_doors_matter():
    frame = GeoSeries([None, Polygon(), Point(106.7, 26.6)], crs=CGCS2000)
    assert require_inside(frame, GUIZHOU) is frame


def test_guizhous_plane_has_the_parallels_of_the_province():
    plane = equal_area(GUIZHOU)
    assert plane.name == "CGCS2000 / Albers 25.4 28.4 106.5"
    for lat in (25.4, 28.4):
        scale = Proj(plane).get_factors(106.5, lat)
        assert scale.meridional_scale == pytest.approx(1.0, abs=1e-9)
    assert Proj(plane)(106.5, 25.4) == pytest.approx((0.0, 0.0), abs=1e-6)


@settings(deadline=None)
@given(lon=st.floats(103.6, 109.6), lat=st.floats(24.6, 29.2))
def test_the_equal_area_plane_stretches_one_way_what_it_squeezes_the_other(lon, lat):
    scale = Proj(equal_area(GUIZHOU)).get_factors(lon, lat)
    assert scale.areal_scale == pytest.approx(1.0, abs=1e-9)


@settings(deadline=None)
@given(lon=st.floats(103.6, 109.6), lat=st.floats(24.6, 29.2))
def test_the_conformal_plane_has_no_direction(lon, lat):
    scale = Proj(conformal(GUIZHOU)).get_factors(lon, lat)
    assert scale.angular_distortion == pytest.approx(0.0, abs=1e-5)
    assert scale.meridional_scale == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize(
    "region",
    [(109.6, 24.6, 103.6, 29.2), (100.0, -5.0, 110.0, 5.0), (100.0, 20.0, 400.0, 30.0)],
    ids=["reversed", "astride the equator", "beyond the earth"],
)
def test_a_box_that_is_no_region_is_refused(region):
    with pytest.raises(CrsError, match="no region"):
        equal_area(region)


@pytest.mark.parametrize(
    ("lon", "zone"),
    [(103.5, 35), (106.4999999, 35), (106.5, 36), (109.4999, 36), (109.5, 37)],
)
def test_a_seam_belongs_to_the_zone_east_of_it(lon, zone):
    assert gauss_kruger_zone(lon) == zone


@pytest.mark.parametrize("lon", [np.nan, 73.4, 136.5])
def test_longitudes_outside_the_zones_of_china_are_refused(lon):
    with pytest.raises(CrsError, match="none of the 3-degree zones"):
        gauss_kruger_zone([106.5, lon])


def test_zones_have_their_codes_and_central_meridians():
    assert gauss_kruger_crs(35) == "EPSG:4544"
    assert gauss_kruger_crs(36) == "EPSG:4545"
    assert gauss_kruger_crs(36, prefixed=True) == "EPSG:4524"
    for zone in range(25, 46):
        east, north = Proj(gauss_kruger_crs(zone))(3 * zone, 0.0)
        assert (east, north) == pytest.approx((500_000.0, 0.0), abs=1e-6)
        east, _ = Proj(gauss_kruger_crs(zone, prefixed=True))(3 * zone, 0.0)
        assert east == pytest.approx(zone * 1e6 + 500_000, abs=1e-6)


def test_a_zone_is_told_by_its_code_with_and_without_prefix() -> None:
    assert zone_of_code("EPSG:4545") == zone_of_code("EPSG:4524") == 36
    codes = [gauss_kruger_crs(n, prefixed=p) for n in (25, 45) for p in (True, False)]
    assert [zone_of_code(code) for code in codes] == [25, 25, 45, 45]
    for other in ("EPSG:4490", "EPSG:4555", "EPSG:4512", "PROJCS[]", ""):
        assert zone_of_code(other) == 0


@pytest.mark.parametrize("zone", [24, 46])
def test_there_are_no_other_zones(zone):
    with pytest.raises(CrsError, match="no 3-degree zone"):
        gauss_kruger_crs(zone)


def test_the_test_vector_of_guiyang_is_met():
    to_plane = Transformer.from_crs(
        CGCS2000, gauss_kruger_crs(36, prefixed=True), always_xy=True
    )
    east, north = to_plane.transform(106.71, 26.58)
    assert (round(east, 3), round(north, 3)) == (36_371_482.393, 2_941_741.624)


@pytest.mark.shared
def test_the_88_seats_have_the_coordinates_of_an_independent_series(shared):
    oracle = shared / "data/oracles/cgcs2000_gk3_oracle_88seats.csv"
    with oracle.open(encoding="utf-8-sig", newline="") as lines:
        seats = list(csv.DictReader(lines))
    assert len(seats) == 88
    for seat in seats:
        lon, lat = float(seat["lon"]), float(seat["lat"])
        zone = int(gauss_kruger_zone(lon))
        assert zone == int(seat["zone3"])
        assert gauss_kruger_crs(zone) == f"EPSG:{seat['epsg_cm']}"
        plain = GeoSeries([Point(lon, lat)], crs=CGCS2000).to_crs(
            gauss_kruger_crs(zone)
        )
        assert plain.x[0] == pytest.approx(float(seat["easting_no_prefix"]), abs=1e-3)
        assert plain.y[0] == pytest.approx(float(seat["northing"]), abs=1e-3)

"""The shipped layers make sense: totals, tiling, sizes, faults put in on purpose."""

from collections.abc import Callable

import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame
from pyproj import Geod

from layers.catalog import read_catalog
from sample_data.generator.facts import read_facts
from sample_data.generator.plane import PLANE

Shipped = Callable[[str], GeoDataFrame]
GEOD = Geod(a=6_378_137.0, rf=298.257222101)


def km2(frame: GeoDataFrame) -> float:
    """Measure polygons on the ellipsoid, edges densified: another way than Albers."""
    fine = frame.geometry.segmentize(0.01)
    return sum(abs(GEOD.geometry_area_perimeter(shape)[0]) for shape in fine) / 1e6


@pytest.mark.parametrize("row", list(read_facts("plan_limits").itertuples(index=False)))
def test_control_lines_have_the_published_areas(shipped: Shipped, row: object) -> None:
    layer = shipped(row.line)
    stem = row.code.removesuffix("00").removesuffix("00")
    own = layer[layer["county_code"].str.startswith(stem)]
    within = 0.01 if row.code == "520000" else 0.05
    assert km2(own) == pytest.approx(float(row.area_km2), rel=within)


def test_urban_boundaries_elsewhere_are_small_shares(shipped: Shipped) -> None:
    counties = shipped("county").set_index("code").to_crs(PLANE).area
    urban = shipped("urban_boundary").to_crs(PLANE)
    share = urban.area.groupby(urban["county_code"]).sum() / counties
    rest = share[~share.index.str.startswith("5201")]
    assert rest.between(0.004, 0.20).all()
    assert rest.median() == pytest.approx(0.019, abs=0.006)


def test_farmland_and_redline_keep_apart(shipped: Shipped) -> None:
    farmland, redline = shipped("farmland"), shipped("redline")
    pairs = farmland.sindex.query(redline.geometry, predicate="intersects")
    overlap = redline.geometry.iloc[pairs[0]].intersection(
        farmland.geometry.iloc[pairs[1]], align=False
    )
    assert overlap.to_crs(PLANE).area.sum() < 100


def test_zoning_tiles_each_zone(shipped: Shipped) -> None:
    zones = shipped("development_zone").to_crs(PLANE)
    zoning = shipped("zoning").to_crs(PLANE)
    assert len(zones) == 65
    for zone in zones.itertuples():
        own = zoning[zoning["site_code"] == zone.zone_code].geometry
        # Coordinates are rounded to a centimetre: a sheet of paper along each edge.
        tolerance = 0.02 * own.length.sum()
        assert own.area.sum() == pytest.approx(zone.geometry.area, abs=tolerance)
        assert (
            shapely.union_all(own).symmetric_difference(zone.geometry).area < tolerance
        )


def test_zones_are_plausible_ground(shipped: Shipped) -> None:
    zones = shipped("development_zone").to_crs(PLANE)
    counties = shipped("county").set_index("code").to_crs(PLANE).geometry
    size = zones.area / 1e6
    assert size.between(4.5, 40).all()
    assert zones.geometry.within(counties.loc[zones["county_code"]], align=False).all()
    left, right = zones.sindex.query(zones.geometry, predicate="intersects")
    assert (left == right).all()
    assert zones["zone_code"].is_unique
    assert "52109001" not in set(zones["zone_code"])


def test_parcels_are_between_a_fifth_and_eighty_hectares(shipped: Shipped) -> None:
    parcels = shipped("parcels")
    size = parcels[parcels.is_valid].to_crs(PLANE).area / 1e4
    assert len(parcels) == 20_000
    assert size.between(0.2, 80).all()
    low, middle, high = np.percentile(size, [5, 50, 95])
    assert low < 0.4
    assert 0.8 < middle < 2.5
    assert 6 < high < 20


def test_faults_were_put_in(shipped: Shipped) -> None:
    parcels = shipped("parcels")
    assert 5 <= (~parcels.is_valid).sum() <= 30
    assert parcels.geometry.to_wkb().duplicated().sum() == 40
    repeated = shapely.get_num_coordinates(
        shapely.remove_repeated_points(parcels.geometry.to_numpy())
    ) < shapely.get_num_coordinates(parcels.geometry.to_numpy())
    assert repeated.sum() >= 5


def test_some_neighbours_overlap_by_a_survey_sliver(shipped: Shipped) -> None:
    parcels = shipped("parcels").to_crs(PLANE)
    sound = parcels[parcels.is_valid].reset_index(drop=True)
    left, right = sound.sindex.query(sound.geometry, predicate="overlaps")
    first = left < right
    overlap = sound.geometry.iloc[left[first]].intersection(
        sound.geometry.iloc[right[first]], align=False
    )
    area = overlap.area.to_numpy()
    assert (area > 1).sum() > 100
    assert np.percentile(area[area > 1], 95) < 3_000


def test_parcels_lie_in_their_county_and_zone(shipped: Shipped) -> None:
    parcels = shipped("parcels")
    at = parcels.geometry.representative_point()
    zones = shipped("development_zone").set_index("zone_code").geometry
    inside = parcels["zone_code"] != ""
    assert 0.45 < inside.mean() < 0.75
    named = zones.loc[parcels["zone_code"][inside]]
    assert at[inside].within(named, align=False).all()
    counties = shipped("county").set_index("code").geometry
    assert at.within(counties.loc[parcels["county_code"]], align=False).all()


def test_most_parcels_agree_with_their_zoning(shipped: Shipped) -> None:
    parcels, zoning = shipped("parcels"), shipped("zoning")
    at = parcels.geometry.representative_point()
    parcel, zone = zoning.sindex.query(at, predicate="within")
    own = parcels["land_use_code"].to_numpy()[parcel]
    agree = own == zoning["land_use_code"].to_numpy()[zone]
    assert len(np.unique(parcel)) > 19_900
    assert 0.85 < agree.mean() < 0.97


@pytest.mark.parametrize("name", sorted(read_catalog()))
def test_every_layer_has_the_columns_of_its_declaration(
    shipped: Shipped, name: str
) -> None:
    layer, declared = shipped(name), read_catalog()[name]
    assert layer.crs.to_epsg() == 4490
    assert len(layer) > 0
    assert layer[declared.key].is_unique if declared.key else True
    wanted = {c.source or own for own, c in declared.columns.items() if c.required}
    assert wanted <= set(layer.columns)


@pytest.mark.parametrize("name", ["geohazard", "substation"])
def test_some_layers_do_not_cover_the_province(shipped: Shipped, name: str) -> None:
    ground = shipped(f"{name}.coverage").geometry.iloc[0]
    province = shipped("province").geometry.iloc[0]
    assert 0.4 < ground.area / province.area < 0.9
    assert shipped(name).geometry.intersects(ground.buffer(1e-6)).all()


def test_services_are_worse_away_from_the_middle(shipped: Shipped) -> None:
    parcels = shipped("parcels").to_crs(PLANE)
    zones = shipped("development_zone").to_crs(PLANE).set_index("zone_code")
    own = parcels[(parcels["zone_code"] != "") & parcels.is_valid]
    zone = zones.geometry.loc[own["zone_code"]]
    reach = own.centroid.distance(zone.centroid, align=False) / np.sqrt(
        zone.area.to_numpy()
    )
    for service in ("power", "water", "road", "gas"):
        present = own[f"service_{service}"] == "present"
        near, far = reach < reach.quantile(0.3), reach > reach.quantile(0.7)
        assert present[near].mean() > present[far].mean() + 0.05
    assert (own["service_heat"] == "present").mean() < 0.1


def test_three_in_five_parcels_are_public(shipped: Shipped) -> None:
    assert (shipped("parcels")["publish"] == "public").mean() == pytest.approx(
        0.6, abs=0.02
    )

"""Land units: what a sample of more parcels than settlements hold is made of."""

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import shapely
from geopandas import GeoDataFrame, read_parquet

from gis.errors import GeometryError
from sample_data.generator.draw import stream
from sample_data.generator.patches import place_patches
from sample_data.generator.sites import Site
from sample_data.generator.survey import survey_units
from sample_data.generator.terrain import Terrain, make_grid, make_terrain
from sample_data.generator.units import draw_units
from sample_data.generator.write import write_parts

COUNTIES = {
    "520102": shapely.box(0, 0, 30_000, 40_000),
    "520103": shapely.box(30_000, 0, 70_000, 40_000),
}
ZONE = Site(
    "试验开发区", "Z1", "zone", "520103", shapely.box(40e3, 1e4, 58e3, 28e3), 0, 2
)
COUNT = 60_001


@pytest.fixture(scope="module")
def terrain() -> Terrain:
    return make_terrain(make_grid(np.array([0.0, 0.0, 70e3, 40e3])), seed=1)


@pytest.fixture(scope="module")
def units(terrain: Terrain) -> list[GeoDataFrame]:
    return list(survey_units(COUNTIES, terrain, [ZONE], COUNT, seed=1))


def test_the_count_is_exact_and_ids_are_unique(units: list[GeoDataFrame]) -> None:
    ids = np.concatenate([part["parcel_id"] for part in units])
    assert len(ids) == COUNT
    assert len(set(ids)) == COUNT


def test_all_units_are_valid_and_in_their_county(units: list[GeoDataFrame]) -> None:
    for part in units:
        assert part.is_valid.all()
        (county,) = part["county_code"].unique()
        assert part.within(COUNTIES[county].buffer(50)).all()


def test_units_have_the_points_and_sizes_of_a_survey(units: list[GeoDataFrame]) -> None:
    shapes = np.concatenate([part.geometry.to_numpy() for part in units])
    points, area = shapely.get_num_coordinates(shapes), shapely.area(shapes) / 1e4
    assert (points.min(), points.max()) >= (9, 37)
    assert 18 <= np.median(points) <= 24
    assert 0.2 < np.median(area) < 2.0
    assert ((area > 0.008) & (area < 16)).all()


def test_units_of_a_zone_lie_in_it(units: list[GeoDataFrame]) -> None:
    own = units[1][units[1]["zone_code"] == "Z1"]
    assert len(own) > 1_000
    assert own.within(ZONE.outline.buffer(50)).all()


def test_a_few_overlap_and_a_few_stand_twice() -> None:
    box = np.array([[0.0, 0.0, 1_200.0, 1_200.0]] * 20)
    box += np.arange(20)[:, None] * 2_000.0
    shapes = draw_units(stream(3, "units"), box, 2_880)
    assert len(set(shapely.to_wkb(shapes))) == 2_880 - 12
    tree = shapely.STRtree(shapes)
    left, right = tree.query(shapes, "overlaps")
    area = shapely.area(shapely.intersection(shapes[left], shapes[right]))
    assert 0.02 < len(np.unique(left[area > 1])) / 2_880 < 0.4


def test_neighbours_share_their_edges_exactly() -> None:
    shapes = draw_units(stream(1, "units"), np.array([[0.0, 0.0, 900.0, 900.0]]), 144)
    apart = shapely.union_all(shapes).area
    both = shapely.area(shapes).sum() - apart
    assert abs(both) < 0.1 * apart
    assert len(shapely.get_parts(shapely.union_all(shapes, grid_size=0.001))) == 1


def test_the_same_seed_draws_the_same_units(
    terrain: Terrain, units: list[GeoDataFrame]
) -> None:
    again = next(survey_units(COUNTIES, terrain, [ZONE], COUNT, seed=1))
    other = next(survey_units(COUNTIES, terrain, [ZONE], COUNT, seed=2))
    assert again.equals(units[0])
    assert not other.geometry.iloc[:100].equals(units[0].geometry.iloc[:100])


def test_more_units_than_the_ground_holds_are_refused(terrain: Terrain) -> None:
    tiny = {"520102": shapely.box(0, 0, 1_000, 1_000)}
    with pytest.raises(GeometryError, match="ask for fewer"):
        place_patches(tiny, terrain, [], 10_000, seed=1)


def test_parts_make_one_file_whose_box_holds_all(
    units: list[GeoDataFrame], tmp_path: Path
) -> None:
    path = tmp_path / "parcels.parquet"
    assert write_parts((part.iloc[:500] for part in units), path) == 1_000
    read = read_parquet(path)
    geo = json.loads(pq.read_metadata(path).metadata[b"geo"])
    assert geo["columns"]["geometry"]["bbox"] == read.total_bounds.tolist()
    assert pq.read_metadata(path).num_row_groups == 2
    assert read.crs.to_epsg() == 4490
    assert read["parcel_id"].tolist() == [
        own for part in units for own in part["parcel_id"].iloc[:500]
    ]

"""Land drawn on a shifted map is suspected, never corrected unasked."""

from pathlib import Path
from types import SimpleNamespace

import geopandas
import pytest
from geopandas import GeoSeries
from shapely.geometry.base import BaseGeometry

from gis.gcj02 import shifted, unshifted
from layers.boundary import Boundary, parcels_frame
from layers.catalog import Catalog
from layers.column import Column
from layers.load import load_layer
from layers.placing import place
from layers.region import Region
from layers.shift import corrected, suspect_shift
from layers.store import LayerStore
from layers.submission import Submission

SHARED = Path(__file__).resolve().parents[3] / "shared"


def handed_in(shapes: GeoSeries, region: Region) -> Submission:
    rows: list[dict[str, object]] = [
        {"parcel_id": str(n), "crs": "EPSG:4490"} for n in range(len(shapes))
    ]
    given = Boundary(parcels_frame(rows, shapes.to_numpy()), kind="gpkg")
    return place(given, name="a.gpkg", data=b"", region=region)


@pytest.fixture
def parcels(hand: SimpleNamespace) -> GeoSeries:
    shapes: list[BaseGeometry] = [hand.rectangle(0, 100), hand.rectangle(200, 300)]
    return GeoSeries(hand.ground(*shapes))


def test_land_where_it_is_known_to_lie_is_not_suspected(
    world: SimpleNamespace, region: Region, parcels: GeoSeries
) -> None:
    found = suspect_shift(
        handed_in(parcels, region), world.store, world.catalog, region
    )
    assert found.before == pytest.approx(1.0, abs=1e-6)
    assert not found.suspected


def test_land_shifted_as_web_maps_are_is_suspected_and_corrected_when_asked(
    world: SimpleNamespace, region: Region, parcels: GeoSeries
) -> None:
    given = handed_in(shifted(parcels), region)
    found = suspect_shift(given, world.store, world.catalog, region)
    assert found.suspected
    assert (found.against, round(found.after, 3)) == ("parcels", 1.0)
    assert given.parcels.geometry.iloc[0].equals(shifted(parcels).iloc[0])
    right = corrected(given)
    again = suspect_shift(right, world.store, world.catalog, region)
    assert again.before == pytest.approx(1.0, abs=1e-4)
    assert [one.kind for one in right.remarks] == ["mended"]


def test_land_beside_everything_known_is_not_suspected(
    world: SimpleNamespace, region: Region, hand: SimpleNamespace
) -> None:
    far = GeoSeries(hand.ground(hand.rectangle(5_000, 5_100)))
    found = suspect_shift(handed_in(far, region), world.store, world.catalog, region)
    assert (found.before, found.against, found.suspected) == (0.0, "", False)


@pytest.mark.shared
def test_county_outlines_of_a_web_map_are_suspected(
    world: SimpleNamespace, region: Region, tmp_path: Path
) -> None:
    folder = SHARED / "data" / "guizhou"
    known = geopandas.read_file(folder / "gz_admin_tianditu.gpkg", layer="county")
    amap = geopandas.read_file(
        folder / "gz_admin_amap_gcj02_fixture.gpkg", layer="county"
    )
    known.to_parquet(tmp_path / "outline.parquet")
    layer = world.catalog["county"].model_copy(
        update={
            "name": "outline",
            "path": tmp_path / "outline.parquet",
            "key": "code",
            "fact": "",
            "carry": {},
            "coverage": "self",
            "columns": {"code": Column(source="district_adcode")},
        }
    )
    store = LayerStore(tmp_path / "layers")
    load_layer(layer, store=store, region=region)
    some = GeoSeries(amap.geometry.iloc[:6].to_numpy(), crs="EPSG:4490")
    catalog = Catalog({"outline": layer})
    found = suspect_shift(handed_in(some, region), store, catalog, region)
    assert found.suspected
    assert found.against == "outline"
    right = suspect_shift(handed_in(unshifted(some), region), store, catalog, region)
    assert not right.suspected

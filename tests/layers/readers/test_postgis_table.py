"""A table of an office's own PostGIS as the source of a layer."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import geopandas
import pytest
import shapely
from pandas.testing import assert_frame_equal

from benchmarks.own_postgis import OwnPostgis
from gis.errors import LayerError
from layers.catalog import Catalog, read_catalog
from layers.from_database import fetch_tables
from layers.load import load_layer, silent
from layers.manifest import Manifest
from layers.readers.postgis_table import read_table_address
from layers.region import Region
from layers.store import LayerStore

TABLE = """
    CREATE TABLE "国土"."地块" (
        "编号" text, "面积" numeric(9, 2), floors int, price float8, seen date,
        changed timestamp, open boolean, geom geometry(Polygon, 4545))
"""
ROWS = """
    INSERT INTO "国土"."地块" VALUES
    ('A''"1', 15.5, 3, 0.1, '2026-03-31', '2026-03-31 10:20', true,
        ST_MakeEnvelope(370000, 2930000, 370100, 2930100, 4545)),
    ('二,号', NULL, NULL, NULL, NULL, NULL, false,
        ST_MakeEnvelope(371000, 2930000, 371100, 2930100, 4545))
"""


@pytest.fixture(scope="module")
def office(postgis: OwnPostgis) -> Iterator[str]:
    """Make an office's database; return the address of its tables."""
    postgis.make("office")
    postgis.run('CREATE SCHEMA "国土"', TABLE, ROWS, database="office")
    yield postgis.url("office").replace("postgres@", "postgres:secret@")
    postgis.drop("office")


@pytest.fixture
def catalog(tmp_path: Path, hand: SimpleNamespace) -> Catalog:
    """Declare a layer that reads all columns of the office's table."""
    columns = {
        "parcel_id": {"source": "编号"},
        "area_declared_m2": {"source": "面积", "unit": "mu"},
        "floors": {"type": "number"},
        "price_cny_m2": {"source": "price", "type": "number"},
        "seen_on": {"source": "seen", "type": "date"},
        "changed_on": {"source": "changed", "type": "date"},
        "open": {},
    }
    hand.declare(
        tmp_path, "parcels", role="parcel", key="parcel_id", columns=columns,
        coverage="box", max_refused_share=0.0,
    )  # fmt: skip
    return read_catalog(tmp_path)


@pytest.fixture
def loaded(
    catalog: Catalog, region: Region, tmp_path: Path
) -> Callable[[str], tuple[LayerStore, Manifest]]:
    def loaded(address: str) -> tuple[LayerStore, Manifest]:
        (file,) = fetch_tables(["parcels", address], catalog, tmp_path, silent)
        store = LayerStore(tmp_path / "layers")
        layer = catalog["parcels"]
        return store, load_layer(layer, store=store, region=region, path=Path(file))

    return loaded


@pytest.mark.postgis
def test_a_table_is_loaded_like_a_file(loaded: Callable, office: str) -> None:
    store, manifest = loaded(f"{office}&table=国土.地块")

    read = store.read("parcels").sort_index()
    assert read.index.tolist() == ["A'\"1", "二,号"]
    first, second = (row for _, row in read.iterrows())
    assert first["area_declared_m2"] == pytest.approx(15.5 * 10_000 / 15)
    assert first[["floors", "price_cny_m2"]].tolist() == [3.0, 0.1]
    assert first[["seen_on", "changed_on", "open"]].tolist() == [
        "2026-03-31", "2026-03-31", "true",
    ]  # fmt: skip
    assert read[["area_declared_m2", "floors", "price_cny_m2"]].iloc[1].isna().all()
    assert second[["seen_on", "open"]].tolist() == ["", "false"]
    assert read.to_crs(4545).geometry.iloc[0].bounds == pytest.approx(
        (370000, 2930000, 370100, 2930100), abs=1e-6
    )
    assert manifest.source_name.endswith("/office 国土.地块")
    assert "secret" not in manifest.model_dump_json()


@pytest.mark.postgis
def test_the_same_rows_in_another_order_are_the_same_version(
    loaded: Callable, office: str, postgis: OwnPostgis
) -> None:
    store, before = loaded(f"{office}&table=国土.地块")
    rows = store.read("parcels")
    postgis.run(
        'UPDATE "国土"."地块" SET floors = floors WHERE floors = 3', database="office"
    )
    _, again = loaded(f"{office}&table=国土.地块")
    assert again.loaded_at == before.loaded_at
    assert again.version == before.version

    postgis.run(
        'DROP VIEW IF EXISTS "part of it"',
        'CREATE VIEW "part of it" AS SELECT * FROM "国土"."地块" WHERE floors = 3',
        database="office",
    )
    store, part = loaded(f"{office}&table=part of it")
    assert part.version != before.version
    assert_frame_equal(store.read("parcels"), rows[rows["floors"] == 3])


@pytest.mark.postgis
@pytest.mark.parametrize(
    ("made", "told"),
    [
        ("SELECT 1 AS id", "these columns hold shapes: -"),
        ("SELECT geom AS a, geom AS b FROM {}", "these columns hold shapes: a, b"),
        (
            "SELECT geom FROM {} UNION ALL SELECT ST_SetSRID(geom, 4544) FROM {}",
            "several CRS",
        ),
        ("SELECT ST_SetSRID(geom, 990001) AS geom FROM {}", "SRID 990001"),
        ("SELECT geom FROM {} WHERE floors / 0 = 1", "division by zero"),
    ],
)
def test_a_table_that_cannot_be_a_layer_says_why(
    loaded: Callable, office: str, postgis: OwnPostgis, made: str, told: str
) -> None:
    view = made.replace("{}", '"国土"."地块"')
    postgis.run(
        "DROP VIEW IF EXISTS odd", f"CREATE VIEW odd AS {view}", database="office"
    )

    with pytest.raises(LayerError) as caught:
        loaded(f"{office}&table=odd")
    assert told in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.postgis
def test_one_of_several_columns_is_named_and_curves_become_lines(
    office: str, postgis: OwnPostgis, catalog: Catalog, tmp_path: Path
) -> None:
    postgis.run(
        "CREATE TABLE round (at geometry(Point, 4545), shape geometry(Geometry, 4545))",
        "INSERT INTO round VALUES (ST_Point(0, 0, 4545), 'SRID=4545;CURVEPOLYGON("
        "CIRCULARSTRING(0 0, 50 50, 100 0, 50 -50, 0 0))')",
        database="office",
    )
    (file,) = fetch_tables(
        ["parcels", f"{office}&table=public.round&geometry=shape"],
        catalog,
        tmp_path,
        silent,
    )

    (shape,) = geopandas.read_parquet(file).geometry
    assert isinstance(shape, shapely.Polygon)
    assert shape.bounds == pytest.approx((0, -50, 100, 50), abs=0.1)


@pytest.mark.postgis
def test_shapes_without_a_crs_need_one_declared(
    loaded: Callable, office: str, postgis: OwnPostgis
) -> None:
    postgis.run(
        "DROP VIEW IF EXISTS bare",
        'CREATE VIEW bare AS SELECT "编号", "面积", floors, price, seen, changed, open,'
        ' ST_SetSRID(geom, 0) AS geom FROM "国土"."地块"',
        database="office",
    )
    with pytest.raises(LayerError, match="has no CRS: declare `crs`"):
        loaded(f"{office}&table=bare")


@pytest.mark.postgis
@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("/office", "/nowhere"), '"nowhere" does not exist'),
        (("host=", "host=/nowhere"), "failed"),
    ],
)
def test_a_database_that_is_away_is_told_without_the_password(
    loaded: Callable, office: str, change: tuple[str, str], told: str
) -> None:
    with pytest.raises(LayerError) as caught:
        loaded(f"{office}&table=国土.地块".replace(*change))
    assert told in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://u:secret@host/db",
        "postgresql://u:se@cret@host/db?table=a.b",
        "postgres://u:secret@host/db?table=a.b",
        "postgresql+asyncpg://u:secret@host/db?table=a.b",
        "postgresql://u:secret@host/?table=a.b",
    ],
)
def test_what_is_no_address_of_a_table_is_refused_and_not_shown(address: str) -> None:
    with pytest.raises(LayerError, match="no address of a table") as caught:
        read_table_address(address)
    assert "cret" not in str(caught.value)


@pytest.mark.parametrize("before", [[], ["nothing"], ["parcels.gpkg"]])
def test_an_address_follows_the_name_of_its_layer(
    catalog: Catalog, tmp_path: Path, before: list[str]
) -> None:
    given = [*before, "postgresql://u:secret@host/db?table=a.b"]
    with pytest.raises(
        LayerError, match="`landmap ingest parcels postgresql"
    ) as caught:
        fetch_tables(given, catalog, tmp_path, silent)
    assert "secret" not in str(caught.value)

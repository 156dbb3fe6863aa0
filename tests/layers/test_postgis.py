"""The store in PostGIS: what a database adds to what every store does."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import geopandas
import pytest
import shapely
import sqlalchemy as sa
from drawn_layer import OUTLINE, manifest, rows
from geopandas import GeoDataFrame
from pandas.testing import assert_frame_equal

from benchmarks.own_postgis import OwnPostgis
from gis.errors import LayerError, LayerMissingError, StoreError
from layers.shapes_at import shapes_at
from layers.shelf import KEPT
from layers.store import DATA
from layers.stores.opened import open_store
from layers.stores.postgis import FRESH_S, PostgisStore

pytestmark = pytest.mark.postgis
Ask = Callable[..., list[tuple[object, ...]]]


@pytest.fixture
def stores(layers_url: str) -> Iterator[Callable[[Path], PostgisStore]]:
    """Return what opens the database with copies in a folder, as a machine does."""
    made: list[PostgisStore] = []

    def opened(home: Path) -> PostgisStore:
        store = open_store(home, layers_url)
        assert isinstance(store, PostgisStore)
        made.append(store)
        return store

    yield opened
    for store in made:
        store.close()


@pytest.fixture
def store(stores: Callable[[Path], PostgisStore], tmp_path: Path) -> PostgisStore:
    return stores(tmp_path / "here")


@pytest.fixture
def ask(layers_url: str) -> Iterator[Ask]:
    """Return what asks the database behind the store's back."""
    engine = sa.create_engine(layers_url, poolclass=sa.NullPool)

    def ask(*statements: str) -> list[tuple[object, ...]]:
        with engine.begin() as connection:
            for statement in statements:
                found = connection.exec_driver_sql(statement)
            return [tuple(row) for row in found.all()] if found.returns_rows else []

    yield ask
    engine.dispose()


def table_of(ask: Ask, version: str) -> str:
    ((name,),) = ask(
        f"SELECT rows_in FROM landmap_store.versions WHERE version = '{version}'"  # noqa: S608
    )
    return f"landmap_store.{name}"


def test_a_gis_program_opens_the_version_in_force_under_the_layer_s_name(
    store: PostgisStore, ask: Ask, layers_url: str
) -> None:
    store.swap("redline", rows(3), OUTLINE, manifest("v1"))
    ask("GRANT SELECT ON landmap.redline TO public")
    store.swap("redline", rows(5), OUTLINE, manifest("v2", 5))

    engine = sa.create_engine(layers_url, poolclass=sa.NullPool)
    read = geopandas.read_postgis("SELECT * FROM landmap.redline", engine, "geometry")
    assert_frame_equal(read, rows(5), check_dtype=False)
    assert read.crs == 4490
    assert ask(
        "SELECT type, srid FROM geometry_columns WHERE f_table_schema = 'landmap'"
    ) == [("GEOMETRY", 4490)]
    ((wkt,),) = ask("SELECT srtext FROM spatial_ref_sys WHERE srid = 4490")
    assert "China Geodetic Coordinate System 2000" in str(wkt)
    assert ask("SELECT has_table_privilege('public', 'landmap.redline', 'SELECT')") == [
        (True,)
    ]


def test_a_view_follows_columns_that_come_and_go(store: PostgisStore, ask: Ask) -> None:
    store.swap("redline", rows(3), OUTLINE, manifest("v1"))
    fewer = manifest("v2").model_copy(update={"columns": ("id",)})
    store.swap("redline", rows(3)[["id", "geometry"]], OUTLINE, fewer)

    assert [row[0] for row in ask(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = 'landmap' ORDER BY ordinal_position")
    ] == ["id", "geometry"]  # fmt: skip
    store.use("redline", "v1")
    assert ask("SELECT DISTINCT grade FROM landmap.redline") == [("high",)]


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE {} SET grade = 'low'",
        "DELETE FROM {}",
        "TRUNCATE {}",
        "INSERT INTO {} (landmap_place) VALUES (9)",
    ],
)
def test_a_loaded_version_is_not_edited_by_mistake(
    store: PostgisStore, ask: Ask, edit: str
) -> None:
    store.swap("redline", rows(3), OUTLINE, manifest("v1"))

    with pytest.raises(sa.exc.DBAPIError, match="never changed"):
        ask(edit.format(table_of(ask, "v1")))
    assert store.is_intact("redline", "v1")


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        ("DROP TABLE {} CASCADE", "does not exist"),
        ("ALTER TABLE {} DROP COLUMN grade CASCADE", "grade"),
        ("ALTER TABLE {} ALTER grade TYPE integer USING 1", "23"),
        ("DELETE FROM {} WHERE id = 'R1'", "2 / 3"),
        ("UPDATE {} SET grade = 'low' WHERE id = 'R1'", ""),
        ("UPDATE {} SET geometry = ST_Translate(geometry, 1e-12, 0)", ""),
        ("UPDATE landmap_store.versions SET coverage = ST_Reverse(coverage)", ""),
        ("UPDATE landmap_store.versions SET manifest = '[]'", "store.versions"),
    ],
)
def test_what_was_harmed_is_told_and_loaded_anew(
    store: PostgisStore, ask: Ask, harm: str, told: str
) -> None:
    store.swap("redline", rows(3), OUTLINE, manifest("v1"))
    table = table_of(ask, "v1")
    ask("DROP VIEW landmap.redline", f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    ask(harm.format(table))

    assert not store.is_intact("redline", "v1")
    if told:
        with pytest.raises(StoreError) as caught:
            store.read("redline")
        message = str(caught.value)
        assert told in message
        assert "`landmap ingest redline`" in message
        assert "ledger is not affected" in message
    store.swap("redline", rows(3), OUTLINE, manifest("v1"))
    assert store.is_intact("redline", "v1")
    assert_frame_equal(store.read("redline"), rows(3).set_index("id"))
    assert len(ask("SELECT FROM pg_tables WHERE tablename LIKE 'rows%%'")) == 1


def test_another_machine_copies_what_it_maps_from_its_disk(
    store: PostgisStore, stores: Callable[[Path], PostgisStore], tmp_path: Path
) -> None:
    store.swap("redline", rows(3), OUTLINE, manifest("v1"))
    there = stores(tmp_path / "there")

    assert there.read("redline").equals(store.read("redline"))
    assert not there.home.exists()
    ours, theirs = (shapes_at(one, "redline").rows(0, 3) for one in (store, there))
    assert theirs.equals(ours)
    assert there.is_intact("redline", "v1")
    (there.home / "redline" / "v1" / DATA).write_bytes(b"PAR1 and nothing else")
    assert not there.is_intact("redline", "v1")
    assert store.is_intact("redline", "v1")
    there.swap("redline", rows(3), OUTLINE, manifest("v1"))
    assert there.is_intact("redline", "v1")


def test_what_another_machine_loads_is_told_a_second_later(
    store: PostgisStore,
    stores: Callable[[Path], PostgisStore],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = [100.0]
    monkeypatch.setattr("layers.stores.postgis.monotonic", lambda: clock[0])
    there = stores(tmp_path / "there")
    assert store.versions() == there.versions() == {}

    there.swap("redline", rows(3), OUTLINE, manifest("v1"))

    assert there.versions() == {"redline": "v1"}
    clock[0] += FRESH_S
    assert store.versions() == {"redline": "v1"}


def test_many_rows_are_copied_to_disk_as_they_were(
    store: PostgisStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layers.stores.copied_rows.ROWS", 7)
    store.swap("redline", rows(20), OUTLINE, manifest("v1", 20))
    shutil.rmtree(store.home)

    folder = store.folder("redline")

    told = geopandas.read_parquet(folder / DATA, bbox=(106.1, 26, 106.1, 26))
    assert told["id"].tolist() == ["R10"]
    assert_frame_equal(geopandas.read_parquet(folder / DATA), rows(20))


def test_a_version_that_is_not_kept_is_told(store: PostgisStore) -> None:
    store.swap("redline", rows(3), OUTLINE, manifest("v1"))

    for ask in (store.folder_of, store.manifest_of, store.use):
        with pytest.raises(LayerMissingError, match="has no version v0"):
            ask("redline", "v0")


def test_an_old_version_goes_when_nobody_reads_it_any_more(
    store: PostgisStore, ask: Ask, layers_url: str
) -> None:
    store.swap("redline", rows(3), OUTLINE, manifest("v0"))
    engine = sa.create_engine(layers_url, poolclass=sa.NullPool)
    with engine.connect() as reader:
        reader.exec_driver_sql(f"SELECT FROM {table_of(ask, 'v0')}")
        for number in range(1, KEPT + 1):
            store.swap("redline", rows(3), OUTLINE, manifest(f"v{number}"))
        assert store.manifest_of("redline", "v0").count == 3

    store.swap("redline", rows(3), OUTLINE, manifest(f"v{KEPT + 1}"))

    (versions,) = ask(
        "SELECT array_agg(version ORDER BY version) FROM landmap_store.versions"
    )
    assert versions[0] == [f"v{number}" for number in range(2, KEPT + 2)]
    assert len(ask("SELECT FROM pg_tables WHERE tablename LIKE 'rows%%'")) == KEPT


def test_who_holds_a_view_too_long_keeps_the_version_before(
    store: PostgisStore, layers_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.swap("redline", rows(3), OUTLINE, manifest("v1"))
    monkeypatch.setattr("layers.stores.postgis_versions.WAITS", "50ms")
    engine = sa.create_engine(layers_url, poolclass=sa.NullPool)
    with engine.connect() as reader:
        reader.exec_driver_sql("SELECT FROM landmap.redline")
        with pytest.raises(StoreError, match="is busy: somebody else has held it"):
            store.swap("redline", rows(5), OUTLINE, manifest("v2", 5))
        assert store.versions() == {"redline": "v1"}

    store.swap("redline", rows(5), OUTLINE, manifest("v2", 5))
    assert len(store.read("redline")) == 5


@pytest.mark.parametrize("name", ["ctid", "landmap_place", "地" * 22])
def test_a_column_no_table_can_have_is_refused_by_name(
    store: PostgisStore, name: str
) -> None:
    store.swap("redline", rows(3), OUTLINE, manifest("v1"))
    told = manifest("v2").model_copy(update={"columns": ("id", name)})

    with pytest.raises(LayerError, match=f"with the name {name}: choose another"):
        store.swap("redline", rows(3).rename(columns={"grade": name}), OUTLINE, told)
    assert store.versions() == {"redline": "v1"}


def test_a_sign_postgresql_cannot_keep_is_refused_with_its_row(
    store: PostgisStore, ask: Ask
) -> None:
    store.swap("redline", rows(3), OUTLINE, manifest("v1"))
    frame = rows(3).assign(grade=["high", "hi\x00gh", None])

    with pytest.raises(LayerError, match=r"`grade` of 'R1' holds the sign U\+0000"):
        store.swap("redline", frame, OUTLINE, manifest("v2"))
    assert store.versions() == {"redline": "v1"}
    assert len(ask("SELECT FROM pg_tables WHERE tablename LIKE 'rows%%'")) == 1


def test_heights_are_refused_because_measures_know_none(store: PostgisStore) -> None:
    high = GeoDataFrame(rows(3)).set_geometry(shapely.force_3d(rows(3).geometry, 1.0))

    with pytest.raises(LayerError, match="Z dimension"):
        store.swap("redline", high, OUTLINE, manifest("v1"))
    assert store.versions() == {}


def test_a_database_without_postgis_says_what_to_install(
    postgis: OwnPostgis, tmp_path: Path
) -> None:
    store = open_store(tmp_path, postgis.url("template1"))

    assert store.versions() == {}
    with pytest.raises(StoreError, match=r"template1 has no PostGIS.*CREATE EXTENSION"):
        store.swap("redline", rows(3), OUTLINE, manifest("v1"))
    store.close()


def test_a_user_without_rights_and_a_server_that_is_away_are_told_without_a_password(
    postgis: OwnPostgis, store: PostgisStore, layers_url: str, tmp_path: Path
) -> None:
    store.swap("redline", rows(3), OUTLINE, manifest("v1"))
    postgis.run("DROP ROLE IF EXISTS guest", "CREATE ROLE guest LOGIN")
    guest = open_store(tmp_path, layers_url.replace("postgres@", "guest:secret@"))
    away = open_store(tmp_path, layers_url.replace("/stores", "/nowhere"))
    for other, told in ((guest, "permission denied"), (away, '"nowhere" does not')):
        with pytest.raises(StoreError) as caught:
            other.read("redline")
        assert told in str(caught.value)
        assert "secret" not in str(caught.value)
        other.close()


def test_a_store_goes_on_after_the_server_broke_its_connections(
    store: PostgisStore, postgis: OwnPostgis
) -> None:
    store.swap("redline", rows(3), OUTLINE, manifest("v1"))
    postgis.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name = 'LandMap'"
    )

    assert len(store.read("redline")) == 3

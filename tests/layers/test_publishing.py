"""What is published: parcels, columns, layers and figures that a rule lets out."""

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import shapely
from pandas import Series

from gis.errors import LayerError, StoreError
from layers.catalog import read_catalog
from layers.facts_store import FactStore
from layers.ingest import ingest
from layers.open_data import open_columns, open_frame, write_open_data
from layers.published import published_home, read_published
from layers.publishing import is_published, publish
from layers.publishing_facts import told
from layers.publishing_rules import ColumnRule, PublishingRules, read_rules
from layers.publishing_source import Private, private_of
from layers.region import Region
from layers.store import LayerStore
from layers.tiles import tile_source

CANARY = "Kanarienvogel"
RULES = PublishingRules.model_validate({
    "edition": "of the tests",
    "licence": "CC0-1.0",
    "layers": {
        "parcels": {
            "outline": "generalised",
            "tolerance_m": 1.0,
            "columns": {
                "name": {},
                "county_code": {},
                "stock_status": {},
                "area_m2": {"step": 2_000.0},
                "width_min_m": {
                    "step": 30.0,
                    "down": True,
                    "open_as": "width_min_dm",
                    "times": 10.0,
                    "unit": "dm",
                },
            },
        },
        "flood": {"outline": "exact"},
        "zoning": {"outline": "generalised", "columns": {"land_use_code": {}}},
        "county": {"outline": "exact", "columns": {"code": {}}},
    },
})


@pytest.fixture(scope="module")
def home(
    tmp_path_factory: pytest.TempPathFactory, hand: SimpleNamespace, region: Region
) -> Path:
    """Ingest the small world with names, notes and two parcels kept inside."""
    folder = hand.draw_world(tmp_path_factory.mktemp("published"))
    parcels = hand.frame(
        {
            "ID": [f"P{number}" for number in range(6)],
            "NAME": [f"Parcel {number}" for number in range(6)],
            "STATUS": ["net_land"] * 6,
            "SEEN": ["public", "internal", "public", "public", "", "public"],
            "NOTE": [f"{CANARY} {number}" for number in range(6)],
            "AREA": [9_876.5] * 6,
        },
        *(hand.rectangle(x, x + 103.0, 1, 98) for x in range(0, 1200, 200)),
    )
    parcels.to_parquet(folder / "parcels.parquet")
    hand.declare(
        folder,
        "parcels",
        role="parcel",
        path="parcels.parquet",
        key="parcel_id",
        columns={
            "parcel_id": "ID",
            "name": "NAME",
            "stock_status": "STATUS",
            "publish": "SEEN",
            "note": "NOTE",
            "area_declared_m2": "AREA",
        },
    )
    made = folder / "home"
    ingest(read_catalog(folder), *hand.stores(made), region)
    publish(made, private_of(made, LayerStore(made / "layers"), region), RULES)
    return made


@pytest.fixture(scope="module")
def private(home: Path, region: Region) -> Private:
    return private_of(home, LayerStore(home / "layers"), region)


@pytest.fixture(scope="module")
def out(home: Path) -> Path:
    return published_home(home)


def table(out: Path):
    return FactStore(out / "facts").read().table


def test_parcels_leave_whose_publication_somebody_declared(out: Path) -> None:
    assert sorted(table(out).index) == ["P0", "P2", "P3", "P5"]
    assert sorted(LayerStore(out / "layers").read("parcels").index) == [
        *("P0", "P2", "P3", "P5")
    ]


def test_facts_and_outlines_stand_in_one_order(out: Path) -> None:
    store, facts = LayerStore(out / "layers"), FactStore(out / "facts").read()
    assert list(store.read("parcels").index) == list(facts.table.index)
    assert facts.layers["parcels"] == store.version("parcels")


def test_columns_leave_that_a_rule_names_and_no_others(out: Path) -> None:
    own = {
        *("name", "county_code", "stock_status", "area_m2", "width_min_m", "publish"),
        *("lon", "lat", "minx", "miny", "maxx", "maxy"),
    }
    flood = {f"flood_{fact}" for fact in ("overlap_m2", "share", "covered_share")}
    flood |= {"flood_evidence", "flood_distance_m", "flood_found_m"}
    flood |= {"flood_distance_evidence"}
    zoning = {name for name in table(out).columns if name.startswith("zoning_")}
    assert set(table(out).columns) == own | flood | zoning
    parcels = LayerStore(out / "layers").read("parcels")
    assert set(parcels.columns) == {"name", "stock_status", "publish", "geometry"}


def test_layers_leave_that_a_rule_names_and_no_others(out: Path) -> None:
    assert set(LayerStore(out / "layers").versions()) == {
        *("parcels", "flood", "zoning", "county")
    }
    assert not [name for name in table(out).columns if name.startswith("hydrant")]


def test_a_column_that_is_carried_stays_inside_with_its_layer_s_column(
    out: Path,
) -> None:
    declared = LayerStore(out / "layers").manifest("county").layer
    assert declared.carry == {}
    assert set(declared.columns) == {"code"}


def test_areas_leave_in_bands(out: Path) -> None:
    # 103 m by 97 m are 9,991 m2: the nearest multiple of 2,000 m2 is 10,000.
    assert table(out)["area_m2"].tolist() == [10_000.0] * 4


def test_widths_are_never_told_as_more_than_they_are(out: Path) -> None:
    assert table(out)["width_min_m"].tolist() == [90.0] * 4


def test_no_true_vertex_leaves(out: Path, home: Path, region: Region) -> None:
    plane = region.equal_area_crs
    true = LayerStore(home / "layers").read("parcels").geometry.to_crs(plane)
    for name in ("parcels", "zoning"):
        shown = LayerStore(out / "layers").read(name).geometry.to_crs(plane)
        ours, exact = (shapely.get_coordinates(one) for one in (shown, true))
        gaps = np.hypot(*(ours[:, None] - exact[None]).T)
        assert gaps.min() >= 4.0 - 1e-3


def test_places_are_those_of_the_outline_that_is_shown(out: Path) -> None:
    shown = LayerStore(out / "layers").read("parcels").geometry
    told_of = table(out)
    assert told_of[["minx", "miny", "maxx", "maxy"]].to_numpy() == pytest.approx(
        shown.bounds.to_numpy(), abs=1e-12
    )
    points = shapely.points(told_of["lon"], told_of["lat"])
    assert shapely.within(points, shown.to_numpy()).all()


def test_a_hit_is_told_as_the_step_above_and_a_miss_as_nothing(out: Path) -> None:
    # P0 lies from 50 m of its 103 m on in the flood: 0.515 is told as 0.55.
    row = table(out).loc["P0"]
    assert row["flood_evidence"] == "hit"
    assert row["flood_share"] == pytest.approx(0.55)
    assert row["flood_overlap_m2"] == pytest.approx(0.55 * 10_000)
    assert table(out).loc["P2", "flood_share"] == 0.0


def test_distances_leave_in_steps_and_touching_stays_nothing(out: Path) -> None:
    # The flood ends at 300 m, P2 begins at 400 m, P3 at 600 m.
    told_of = table(out)["flood_distance_m"]
    assert told_of.loc[["P0", "P2"]].tolist() == [0.0, 100.0]


@pytest.mark.parametrize(
    ("value", "rule", "expected"),
    [
        (9_991.0, ColumnRule(step=2_000), 10_000.0),
        (10_999.0, ColumnRule(step=2_000), 10_000.0),
        (11_001.0, ColumnRule(step=2_000), 12_000.0),
        (300.0, ColumnRule(step=2_000), 2_000.0),
        (0.0, ColumnRule(step=2_000), 0.0),
        (99.9, ColumnRule(step=10, down=True), 90.0),
        (7.0, ColumnRule(step=10, down=True), 0.0),
        (0.3, ColumnRule(step=0.1, down=True), 0.3),
        (7.25, ColumnRule(), 7.25),
    ],
)
def test_figures_are_told_as_their_rule_says(
    value: float, rule: ColumnRule, expected: float
) -> None:
    assert told(Series([value, np.nan]), rule).tolist() == pytest.approx(
        [expected, np.nan], nan_ok=True
    )


def test_tiles_are_laid_out_from_the_outlines_that_are_shown(out: Path) -> None:
    source = tile_source(LayerStore(out / "layers"), "parcels")
    assert source.count == 4


def test_no_file_holds_what_stays_inside(out: Path) -> None:
    held = [CANARY.encode(), b"P1", b"P4", b"9876.5", b"world", b"parcels.gpkg"]
    for file in (one for one in out.rglob("*") if one.is_file()):
        raw = file.read_bytes()
        if file.suffix == ".parquet":
            raw += str(pq.read_table(file).to_pylist()).encode()
        assert not [one for one in held if one in raw], file


def test_the_open_data_has_its_own_names_and_units(out: Path) -> None:
    columns = {one.fact: one for one in open_columns(out)}
    width = columns["width_min_m"]
    assert (width.name, width.unit, width.step) == ("width_min_dm", "dm", 300.0)
    assert columns["flood_distance_m"].step == 100.0
    frame = open_frame(out)
    assert frame["width_min_dm"].tolist() == [900.0] * 4
    assert next(iter(frame.columns)) == "parcel_id"
    assert "publish" not in frame


def test_a_spreadsheet_reads_no_formula_out_of_the_open_data(
    out: Path, tmp_path: Path
) -> None:
    copy = tmp_path / out.name
    shutil.copytree(out, copy)
    facts = FactStore(copy / "facts").read()
    facts.table["name"] = ["=1+1", "@x", "+1", "plain"]
    FactStore(copy / "facts").write(facts)
    write_open_data(copy)
    read = pd.read_csv(copy / "open" / "parcels.csv")
    assert read["name"].tolist() == ["'=1+1", "'@x", "'+1", "plain"]
    assert set(read["licence"]) == {"CC0-1.0"}
    assert set(read["data_date"]) == {"2026-01-31"}


def test_what_is_told_names_edition_licence_and_date(out: Path) -> None:
    made = read_published(out)
    assert (made.edition, made.licence, made.count) == ("of the tests", "CC0-1.0", 4)
    assert made.data_date == "2026-01-31"
    assert made.version == out.name


def test_the_same_rules_and_data_are_the_same_version(
    home: Path, private: Private
) -> None:
    assert is_published(home, private, RULES)
    before = (published_home(home) / "published.json").stat().st_mtime_ns
    publish(home, private, RULES)
    assert (published_home(home) / "published.json").stat().st_mtime_ns == before


def test_other_rules_are_another_version_and_the_last_ones_are_kept(
    home: Path, private: Private, tmp_path: Path
) -> None:
    copy = tmp_path / "home"
    shutil.copytree(home, copy)
    versions = {published_home(copy).name}
    for edition in ("a", "b", "c"):
        rules = RULES.model_copy(update={"edition": edition})
        assert not is_published(copy, private, rules)
        versions.add(publish(copy, private, rules).version)
    assert len(versions) == 4
    kept = [one.name for one in (copy / "published").iterdir() if one.is_dir()]
    assert len(kept) == 3
    assert published_home(copy).name in kept


def test_without_a_rule_for_parcels_none_leaves(
    home: Path, private: Private, tmp_path: Path
) -> None:
    rules = RULES.model_copy(update={"hidden": ("parcels",)})
    made = publish(tmp_path, private, rules)
    assert made.count == 0
    assert table(published_home(tmp_path)).empty
    assert home.exists()


def test_where_nothing_is_published_the_command_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="landmap publish"):
        published_home(tmp_path)


def test_a_damaged_version_is_named(out: Path, tmp_path: Path) -> None:
    (tmp_path / "published.json").write_text(json.dumps({"version": 1}), "utf-8")
    with pytest.raises(StoreError, match="damaged"):
        read_published(tmp_path)
    assert out.is_dir()


def test_the_rules_of_an_office_go_before_the_shipped_ones(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        'edition = "ours"\nhidden = ["farmland"]\n'
        '[layers.parcels]\noutline = "generalised"\ncolumns = { name = {} }\n',
        "utf-8",
    )
    rules, shipped = read_rules(own), read_rules()
    assert (rules.edition, shipped.edition) == ("ours", "LandMap 1")
    assert set(rules.layers["parcels"].columns) == {"name"}
    assert rules.rule_of("farmland") is None
    assert shipped.rule_of("farmland") is not None
    assert rules.rule_of("county") == shipped.rule_of("county")
    assert rules.digest() != shipped.digest()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[layers.x]\n", "`layers.x.outline` is required"),
        ("publish = 1\n", "`publish` is unknown"),
        ('[layers.x]\noutline = "blurred"\n', "'exact' or 'generalised'"),
        (
            '[layers.x]\noutline = "generalised"\ngrid_m = 5.0\n',
            "less than half of `grid_m`",
        ),
        ("= 1", "cannot be read"),
    ],
)
def test_faults_of_the_rules_are_told(tmp_path: Path, text: str, sentence: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(text, "utf-8")
    with pytest.raises(LayerError, match=sentence):
        read_rules(own)

"""Every fact column is described, so that screening and pages can find it."""

from types import SimpleNamespace

import pytest

from layers.facts_schema import fact_column, layers_with
from layers.layer import Layer


def test_every_column_of_the_facts_is_described(world: SimpleNamespace) -> None:
    told = {name: fact_column(name, layers=world.facts.layers) for name in world.table}

    assert [name for name, column in told.items() if column is None] == ["county_lead"]
    assert all(column.title for column in told.values() if column)


@pytest.mark.parametrize(
    ("name", "layer", "fact", "unit"),
    [
        ("area_m2", "", "area_m2", "m2"),
        ("flood_overlap_m2", "flood", "overlap_m2", "m2"),
        ("flood_distance_evidence", "flood", "distance_evidence", ""),
        ("water_plant_distance_m", "water_plant", "distance_m", "m"),
        ("service_power_on", "", "service_power_on", ""),
    ],
)
def test_a_column_tells_its_layer_and_unit(
    name: str, layer: Layer, fact: str, unit: str
) -> None:
    column = fact_column(name, layers=["water", "flood", "water_plant"])

    assert (column.layer, column.fact, column.unit) == (layer, fact, unit)


def test_a_zoning_share_tells_its_code() -> None:
    column = fact_column("zoning_share_100102", layers=["zoning"])

    assert (column.layer, column.fact, column.code) == ("zoning", "share_of", "100102")


def test_what_only_the_file_knows_is_not_described() -> None:
    assert fact_column("colour", layers=["zoning"]) is None


def test_layers_are_found_by_what_was_measured(world: SimpleNamespace) -> None:
    columns, layers = list(world.table), world.facts.layers

    assert layers_with("overlap_m2", columns=columns, layers=layers) == ["flood"]
    assert layers_with("distance_m", columns=columns, layers=layers) == [
        "flood",
        "hydrant",
    ]

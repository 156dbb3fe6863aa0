"""Guests learn nothing of internal layers."""

from pandas import DataFrame

from layers.catalog import SHIPPED, read_catalog
from layers.facts import Facts
from layers.layer import Layer
from ui.public_facts import public_facts

SHIPPED_LAYERS = read_catalog(SHIPPED)
FACTS = Facts(
    table=DataFrame(
        {
            "publish": ["public", "internal"],
            "area_m2": [1.0, 2.0],
            "farmland_evidence": ["hit", "clear"],
            "redline_evidence": ["clear", "clear"],
        },
        index=["A", "B"],
    ),
    version="v1",
    layers={"farmland": "1", "redline": "2", "parcels": "3"},
    built_at="2026-01-01",
)


def catalog(*internal: str) -> dict[str, Layer]:
    return {
        name: SHIPPED_LAYERS[name].model_copy(
            update={"publish": "internal" if name in internal else "public"}
        )
        for name in FACTS.layers
    }


def test_what_was_measured_on_an_internal_layer_is_left_out() -> None:
    seen = public_facts(FACTS, catalog("farmland"))
    assert list(seen.table.index) == ["A"]
    assert list(seen.table.columns) == ["publish", "area_m2", "redline_evidence"]
    assert set(seen.layers) == {"redline", "parcels"}


def test_public_layers_stay() -> None:
    assert "farmland_evidence" in public_facts(FACTS, catalog()).table


def test_an_internal_parcel_layer_shows_no_parcel() -> None:
    assert public_facts(FACTS, catalog("parcels")).table.empty

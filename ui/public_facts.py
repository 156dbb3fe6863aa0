"""What guests may know: public parcels, and nothing measured on internal layers."""

from collections.abc import Mapping
from dataclasses import replace

from pandas import DataFrame, Series

from layers.facts import Facts
from layers.layer import Layer


def public_facts(facts: Facts, layers: Mapping[str, Layer]) -> Facts:
    """Leave out what is internal, so that criteria about it answer "not checked".

    Args:
        facts: All that is known.
        layers: Declarations by name.

    Returns:
        Facts of the public parcels; none where the parcels' layer is internal, and
        none where nothing says which parcels are public.
    """
    internal = {name for name, one in layers.items() if one.publish == "internal"}
    table = facts.table[_published(facts.table)]
    if any(layers[name].role == "parcel" for name in internal):
        table = table.iloc[:0]
    hidden = [name for name in table.columns if _layer_of(name, layers) in internal]
    return replace(
        facts,
        table=table.drop(columns=hidden),
        version=f"{facts.version}-public",
        layers={n: one for n, one in facts.layers.items() if n not in internal},
    )


def _published(table: DataFrame) -> Series:
    """Tell which parcels may be shown: those somebody said so of."""
    if "publish" not in table:
        return Series(data=False, index=table.index)
    return table["publish"] == "public"


def _layer_of(column: str, layers: Mapping[str, Layer]) -> str:
    """Name the layer a column was measured on, the longest that fits; "" for none."""
    fitting = [name for name in layers if column.startswith(f"{name}_")]
    return max(fitting, key=len, default="")

"""What guests may know: public parcels, and nothing measured on internal layers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pandas import DataFrame, Series

from layers.facts import Facts
from layers.layer import Layer

# What the map tells of a parcel anybody may see: of itself, measured on no layer.
SHOWN_FACTS: Final = frozenset({
    *("name", "county_code", "land_use_code", "stock_status", "area_m2"),
    *("lon", "lat", "minx", "miny", "maxx", "maxy"),
})


def public_rows(facts: Facts, layers: Mapping[str, Layer]) -> NDArray[np.intp]:
    """Find the parcels that anybody may see.

    Args:
        facts: All that is known.
        layers: Declarations by name.

    Returns:
        Their rows, ascending; none where the parcels' layer is internal, and none
        where nothing says which parcels are public.
    """
    internal = [one for one in layers.values() if one.publish == "internal"]
    if any(one.role == "parcel" for one in internal):
        return np.zeros(0, dtype=np.intp)
    return np.flatnonzero(_published(facts.table).to_numpy(dtype=bool))


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
    table = facts.table.iloc[public_rows(facts, layers)]
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

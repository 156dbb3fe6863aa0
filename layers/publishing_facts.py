"""The facts of parcels as they leave: fewer, rounded, placed by the public outline.

Whoever asks for land of at least so much is answered from these figures and from no
others: asking again and again narrows down a rounded figure, never the true one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from geopandas import GeoSeries
from numpy.typing import NDArray
from pandas import DataFrame, Series

from gis.units import rounded
from layers.facts_schema import FactColumn, fact_column
from layers.publishing_rules import ColumnRule, LayerRule, MeasuredRule

PLACED: Final = ("lon", "lat", "minx", "miny", "maxx", "maxy")
DISTANCES: Final = frozenset({"distance_m", "found_m"})
STATES: Final = frozenset({"evidence", "distance_evidence", "code"})
SHARES: Final = frozenset({"share", "share_of"})
CLEAR: Final = "clear"
_NOISE: Final = 1e-6  # of a step: what dividing by it leaves behind
_DECIMALS: Final = 6


@dataclass(frozen=True)
class FactRules:
    """What decides how facts leave.

    Attributes:
        parcels: The rule of the parcels' layer.
        measured: How leaves what was measured on layers.
        layers: All layers measured, by name.
        public: Those of them that leave.
        inside: Those that land should lie in, where less is the worse.
    """

    parcels: LayerRule
    measured: MeasuredRule
    layers: frozenset[str]
    public: frozenset[str]
    inside: frozenset[str] = frozenset()


def public_table(table: DataFrame, outlines: GeoSeries, rules: FactRules) -> DataFrame:
    """Make the facts that leave.

    Args:
        table: Facts of the parcels that leave, shape (n,), by `parcel_id`.
        outlines: Their public outlines, EPSG:4490, indexed the same.
        rules: How they leave.

    Returns:
        A row for each parcel, in the same order and by the same ids: columns a rule
        names, the place of the public outline, and what was measured on layers that
        leave themselves; none of them more exact than its rule.
    """
    made: dict[str, Series] = {}
    for name in map(str, table.columns):
        if (rule := rules.parcels.columns.get(name)) is not None:
            made[name] = told(table[name], rule)
    measured = _measured(table, made.get("area_m2"), rules)
    placed = _placed(outlines)
    public = Series("public", index=table.index, dtype="str")
    ordered = [name for name in map(str, table.columns) if name in made | measured]
    columns = {name: (made | measured)[name] for name in ordered}
    return DataFrame({**columns, **placed, "publish": public}, index=table.index)


def told(values: Series, rule: ColumnRule) -> Series:
    """Tell the values of a column no more exactly than its rule allows.

    Args:
        values: The true values, shape (n,).
        rule: The rule.

    Returns:
        Multiples of the rule's step, indexed as `values`, the nearest or the next
        below; what is not nothing is one step at the least, unless it is rounded down.
        Without a step the values as they are.
    """
    if rule.step is None:
        return values
    return _in_steps(values, rule.step, down=rule.down)


def _measured(
    table: DataFrame, area_m2: Series | None, rules: FactRules
) -> dict[str, Series]:
    """Tell what was measured on layers that leave."""
    made: dict[str, Series] = {}
    overlaps: dict[str, str] = {}
    for name in map(str, table.columns):
        column = fact_column(name, layers=rules.layers)
        if column is None or column.layer not in rules.public:
            continue
        if column.fact == "overlap_m2":
            overlaps[name] = f"{column.layer}_share"
        elif (one := _told(table, column, rules)) is not None:
            made[name] = one
    if area_m2 is not None:  # ground shared, of the area that is told
        for name, share in overlaps.items():
            made[name] = (made[share] * area_m2).rename(name)
    return made


def _told(table: DataFrame, column: FactColumn, rules: FactRules) -> Series | None:
    """Tell one thing that was measured on a layer; None where no rule is known."""
    values, rule = table[column.name], rules.measured
    if column.fact in STATES:
        return values
    if column.fact in DISTANCES:
        return _in_steps(values, rule.distance_step_m)
    if column.fact == "covered_share" or column.layer in rules.inside:
        return _in_steps(values, rule.share_step, down=True)
    if column.fact not in SHARES:
        return None
    if f"{column.layer}_overlap_m2" not in table:  # how it is zoned: neither worse
        return _rounded(np.rint(_float(values) / rule.share_step), values, rule)
    state = table[f"{column.layer}_evidence"]
    return _met(values, rule).mask((state == CLEAR) & values.notna(), 0.0)


def _met(values: Series, rule: MeasuredRule) -> Series:
    """Round up what land should not meet: a hit is never told as nothing."""
    return _rounded(np.ceil(_float(values) / rule.share_step - _NOISE), values, rule)


def _rounded(steps: NDArray[np.float64], values: Series, rule: MeasuredRule) -> Series:
    shares = np.clip(rounded(steps * rule.share_step, _DECIMALS), 0.0, 1.0)
    return Series(shares, index=values.index, name=values.name)


def _in_steps(values: Series, step: float, *, down: bool = False) -> Series:
    known = _float(values)
    parts = known / step
    whole = np.floor(parts + _NOISE) if down else np.rint(parts)
    if not down:
        whole = np.where((known > 0) & (whole < 1), 1.0, whole)
    return Series(rounded(whole * step, _DECIMALS), values.index, name=values.name)


def _placed(outlines: GeoSeries) -> dict[str, Series]:
    """Place parcels by their public outlines."""
    point, bounds = outlines.representative_point(), outlines.bounds
    sides: Mapping[str, Series] = {side: bounds[side] for side in PLACED[2:]}
    return {"lon": point.x, "lat": point.y, **sides}


def _float(values: Series) -> NDArray[np.float64]:
    return np.asarray(values, dtype=np.float64)

"""Facts made up for tests: a few parcels by hand, or many by a seed."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest
from pandas import DataFrame, Index

SERVICES = ("road", "water", "drainage", "power", "heat", "gas", "telecom")
CONSTRAINTS = ("farmland", "redline", "geohazard", "urban_boundary")
KINDS = ("interchange", "substation")
CODES = ("1001", "100101", "100102", "0902")
CATEGORIES = ("county_code", "zone_code", "land_use_code", "stock_status")
MU = 10_000 / 15


@dataclass(frozen=True)
class MadeFacts:
    """Facts as `layers.facts.Facts` has them."""

    table: DataFrame
    version: str = "facts-1"
    layers: dict[str, str] = field(default_factory=lambda: {"parcels": "p1"})


def facts_of(*rows: dict[str, object]) -> MadeFacts:
    """Make facts of parcels A, B, C...: each row names what differs from `PARCEL`."""
    names = Index([chr(65 + n) for n in range(len(rows))], name="parcel_id")
    return MadeFacts(typed(DataFrame([PARCEL | row for row in rows], index=names)))


def typed(table: DataFrame) -> DataFrame:
    """Keep columns of few words as categories, as the facts do."""
    few = [one for one in table if one in CATEGORIES or one.endswith("_evidence")]
    few += [f"service_{one}" for one in SERVICES if f"service_{one}" in table]
    return table.astype(dict.fromkeys(few, "category"))


def facts_by_seed(seed: int, count: int) -> MadeFacts:
    """Make facts of many parcels in which everything occurs, unknown things as well."""
    draw = np.random.default_rng(seed)

    def pick(*words: str) -> np.ndarray:
        return draw.choice(np.array(words), count)

    def maybe(values: np.ndarray, unknown: float = 0.15) -> np.ndarray:
        return np.where(draw.random(count) < unknown, np.nan, values)

    # Many areas lie exactly on a hundredth of a mu, so that limits are met exactly.
    area = np.round(draw.uniform(1, 300, count), 2) * MU
    columns = {
        "area_m2": area,
        "area_plane_m2": area * 1.0005,
        "area_declared_m2": maybe(np.round(area)),
        "county_code": pick("520115", "520302", "522301", ""),
        "zone_code": pick("", "52101001", "52103001"),
        "zone_evidence": pick("hit", "clear", "clear", "partly_covered", "not_checked"),
        "zone_leading_industries": pick("", "C38;C32", "C15", "C3849"),
        "land_use_code": pick("100101", "100102", "0902", ""),
        "land_use_system": pick("用地用海2023", "GB/T 21010"),
        "stock_status": pick("net_land", "planned", "inefficient", ""),
        "price_cny_m2": maybe(np.round(draw.uniform(60, 600, count), 1)),
        "far_min": maybe(np.round(draw.uniform(0.4, 1.5, count), 1)),
        "far_max": maybe(np.round(draw.uniform(1.0, 3.0, count), 1)),
        "width_min_m": np.round(draw.uniform(5, 400, count), 1),
        "compactness": draw.uniform(0.1, 0.95, count),
        "available_from": pick("2026-01-01", "2026-12-31", "2027-06-30", ""),
    }
    for name in SERVICES:
        columns[f"service_{name}"] = pick(
            "present", "present", "at_boundary", "planned", "none", "unknown"
        )
        columns[f"service_{name}_on"] = pick("2026-01-01", "")
    for name in CONSTRAINTS:
        columns |= _overlap(draw, name, area)
    columns |= _zoning(draw, count)
    for name in KINDS:
        found = np.round(draw.uniform(0, 12_000, count), 1)
        known = draw.random(count) < 0.8
        columns[f"{name}_found_m"] = found
        columns[f"{name}_distance_m"] = np.where(known, found, np.nan)
        columns[f"{name}_evidence"] = np.where(known, "measured", "not_checked")
    ids = Index([f"GZ-{n:06d}" for n in draw.permutation(count)], name="parcel_id")
    return MadeFacts(typed(DataFrame(columns, index=ids)))


def _overlap(
    draw: np.random.Generator, name: str, area: np.ndarray
) -> dict[str, np.ndarray]:
    """Make overlaps with a layer that covers most parcels, some partly, some not."""
    count = len(area)
    covered = draw.choice([1.0, 0.6, 0.0], count, p=[0.7, 0.2, 0.1])
    inside = draw.choice([0.0, 1e-7, 0.05, 0.5, 1.0], count)
    share = np.minimum(inside, covered)
    hit = share * area > 1.0
    state = np.where(
        covered == 1, "clear", np.where(covered > 0, "partly_covered", "not_checked")
    )
    share = np.where((covered == 0) & ~hit, np.nan, share)
    return {
        f"{name}_overlap_m2": share * area,
        f"{name}_share": share,
        f"{name}_covered_share": covered,
        f"{name}_evidence": np.where(hit, "hit", state),
    }


def _zoning(draw: np.random.Generator, count: int) -> dict[str, np.ndarray]:
    """Make zoning in tenths, some of it only of the coarse class, some of it unseen."""
    tenths = draw.multinomial(10, [0.1, 0.2, 0.5, 0.2], count) / 10
    covered = draw.choice([1.0, 0.95, 0.0], count, p=[0.7, 0.2, 0.1])
    seen = covered[:, None] > 0
    parts = np.where(seen, tenths * covered[:, None], np.nan)
    return {
        **{f"zoning_share_{code}": parts[:, at] for at, code in enumerate(CODES)},
        "zoning_covered_share": covered,
        "zoning_evidence": np.where(covered > 0, "hit", "not_checked"),
        "zoning_code": np.where(covered > 0, "100102", ""),
    }


PARCEL: dict[str, object] = {
    "area_m2": 100 * MU,
    "area_plane_m2": 100 * MU,
    "area_declared_m2": 100 * MU,
    "county_code": "520115",
    "zone_code": "52101001",
    "zone_evidence": "clear",
    "zone_leading_industries": "C38",
    "land_use_code": "100102",
    "land_use_system": "用地用海2023",
    "stock_status": "net_land",
    "price_cny_m2": 300.0,
    "far_min": 0.8,
    "far_max": 2.0,
    "width_min_m": 150.0,
    "compactness": 0.8,
    "available_from": "2026-06-30",
    **{f"service_{name}": "present" for name in SERVICES},
    **{f"service_{name}_on": "2026-01-01" for name in SERVICES},
    "zoning_share_100102": 1.0,
    "zoning_share_100101": 0.0,
    "zoning_share_1001": 0.0,
    "zoning_share_1101": 0.0,
    "zoning_share_0902": 0.0,
    "zoning_covered_share": 1.0,
    "zoning_evidence": "hit",
    "zoning_code": "100102",
}
for _layer in CONSTRAINTS:
    PARCEL |= {
        f"{_layer}_overlap_m2": 0.0,
        f"{_layer}_share": 0.0,
        f"{_layer}_covered_share": 1.0,
        f"{_layer}_evidence": "clear",
    }
for _kind in KINDS:
    PARCEL |= {
        f"{_kind}_found_m": 5_000.0,
        f"{_kind}_distance_m": 5_000.0,
        f"{_kind}_evidence": "measured",
    }


NEED = """
title = "动力电池正极材料项目"
industry = "C3849"

[[constraints]]
use = "area_between"
minimum = "50 mu"
maximum = "220 mu"
[[constraints]]
use = "land_use_permitted"
share = 0.5
[[constraints]]
use = "stock_status_in"
statuses = ["net_land", "planned"]
[[constraints]]
use = "clear_of"
layer = "farmland"
[[constraints]]
use = "clear_of"
layer = "geohazard"
up_to_share = 0.05
[[constraints]]
use = "inside"
at_least_share = 0.5
[[constraints]]
use = "within_distance"
layer = "interchange"
within_m = 8000
[[constraints]]
use = "beyond_distance"
layer = "substation"
beyond_m = 200
[[constraints]]
use = "services_at_least"
services = { power = "planned", water = "planned" }
[[constraints]]
use = "price_at_most"
price = "30 wan_cny/mu"
[[constraints]]
use = "far_allows"
far = 1.1
[[constraints]]
use = "available_by"
by = 2026-12-31

[[factors]]
use = "near"
layer = "interchange"
within_m = 10000
weight = 3
[[factors]]
use = "price_low"
at_most = "40 wan_cny/mu"
weight = 2
[[factors]]
use = "services_level"
[[factors]]
use = "area_near_ideal"
ideal = "120 mu"
tolerance = "100 mu"
[[factors]]
use = "compact"
[[factors]]
use = "zone_matches_industry"
weight = 0.5
"""


@pytest.fixture(scope="session")
def parcels() -> Callable[..., MadeFacts]:
    """Return the maker of a few parcels by hand."""
    return facts_of


@pytest.fixture(scope="session")
def many() -> Callable[[int, int], MadeFacts]:
    """Return the maker of many parcels by a seed."""
    return facts_by_seed


@pytest.fixture(scope="session")
def need_text() -> str:
    """Return a need that asks nearly everything."""
    return NEED

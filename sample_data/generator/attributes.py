"""What the parcel table says beside the shape: stock, price, rules, dates, words."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.random import Generator
from pandas import DataFrame, Series

from sample_data.generator.draw import Floats, stream
from sample_data.generator.facts import read_facts
from sample_data.generator.parcels import Stock
from sample_data.generator.services import rules, services
from sample_data.generator.setting import AS_OF, Setting, days_of, setting_of
from sample_data.generator.sites import Site

STATUS = {
    "approved_unsupplied": 0.24, "supplied_unused": 0.13, "net_land": 0.19,
    "standard_land": 0.12, "inefficient": 0.12, "planned": 0.20,
}  # fmt: skip
SIBLINGS = {
    "100101": "100102", "100102": "100101", "100103": "100102", "110101": "110102",
    "110102": "110101", "0701": "0901", "0901": "0902", "0902": "0901",
    "0801": "0804", "0804": "0801", "0806": "0801", "0802": "100101", "16": "100101",
}  # fmt: skip
PUBLIC_SHARE = 0.6


def describe(stock: Stock, sites: Sequence[Site], *, seed: int) -> DataFrame:
    """Write the attribute columns of all parcels.

    Args:
        stock: Parcels on the plane.
        sites: All sites, by position.
        seed: Seed of the province.

    Returns:
        All columns of the parcel layer but the geometry, in their order.
    """
    setting = setting_of(stock, sites)
    count = len(stock)
    status = _pick(stream(seed, "status"), STATUS, count)
    table = _identity(setting, seed)
    table["land_use_code"] = own_codes(setting.code, seed)
    table["land_use_system"] = "用地用海2023"
    table["stock_status"] = status
    table["area_declared_m2"] = _declared(setting.area_m2, seed)
    table["price_cny_m2"] = prices(setting, status, seed)
    table = table.join(rules(table["land_use_code"], seed))
    table = table.join(services(setting, status, seed))
    table["holder"] = _holders(setting, status, seed)
    table["available_from"] = _available(status, seed)
    surveyed = stream(seed, "surveyed").integers(20, 1_500, count)
    table["surveyed_on"] = days_of(AS_OF - surveyed)
    public = stream(seed, "publish").uniform(size=count) < PUBLIC_SHARE
    table["publish"] = np.where(public, "public", "internal")
    table["note"] = _notes(status, seed)
    return table


def _pick(rng: Generator, shares: dict[str, float], count: int) -> np.ndarray:
    """Draw words by their shares."""
    weights = np.array(list(shares.values()))
    at = rng.choice(len(shares), size=count, p=weights / weights.sum())
    words: np.ndarray = np.array(list(shares))[at]
    return words


def _identity(setting: Setting, seed: int) -> DataFrame:
    """Number and name the parcels by county."""
    county = Series(setting.of_site("county"))
    number = county.groupby(county).cumcount() + 1
    ids = "GZ-" + county + "-" + number.astype(str).str.zfill(6)
    names = read_facts("seats").set_index("code")["name"]
    site = Series(setting.of_site("name"))
    within = Series(setting.site).groupby(setting.site).cumcount() + 1
    letters = np.array(list("ABCDEFGH"))
    block = letters[stream(seed, "letters").integers(0, 8, len(county))]
    is_zone = setting.of_site("kind") == "zone"
    short = site.str.removeprefix("贵州省").str.removeprefix("贵州")
    kind = np.where(setting.of_site("kind") == "town", site, "城区")
    short = short.where(is_zone, county.map(names) + Series(kind))
    return DataFrame({
        "parcel_id": ids,
        "name": short + Series(block) + "-" + within.astype(str) + "号地块",
        "county_code": county,
        "zone_code": np.where(is_zone, setting.of_site("code"), ""),
    })


def own_codes(planned: np.ndarray, seed: int) -> np.ndarray:
    """Draw the parcel's own class: mostly the planned one, 7 % a sibling."""
    other = stream(seed, "own code").uniform(size=len(planned)) < 0.07  # noqa: PLR2004 - share of disagreement
    siblings = Series(planned).map(SIBLINGS).fillna(Series(planned)).to_numpy()
    return np.where(other, siblings, planned).astype(str)


def _declared(area_m2: Floats, seed: int) -> Floats:
    """Write the declared area: old surveys are off by 0.1 %, a few by 3 %."""
    rng = stream(seed, "declared")
    coarse = rng.uniform(size=len(area_m2)) < 0.03  # noqa: PLR2004 - share of coarse surveys
    off = np.where(coarse, rng.normal(0, 0.03, len(area_m2)), 0)
    off = off + rng.normal(0, 0.0008, len(area_m2))
    declared: Floats = np.round(area_m2 * (1 + off), 1)
    return declared


def prices(setting: Setting, status: np.ndarray, seed: int) -> Floats:
    """Draw prices in CNY/m2 around the synthetic level of rank and use.

    Args:
        setting: What is known of each parcel.
        status: Stock status of each.
        seed: Seed of the province.

    Returns:
        Whole CNY/m2; NaN where no price is known.
    """
    rng = stream(seed, "price")
    table = read_facts("price_levels").set_index("use").drop(columns="source")
    levels = table.astype(float)
    use = Series(setting.code).str[:2].where(lambda two: two.isin(levels.index), "10")
    rank = setting.of_site("rank")
    base = levels.to_numpy()[levels.index.get_indexer(pd.Index(use)), rank - 1]
    county = np.unique(setting.of_site("county"), return_inverse=True)[1]
    local = stream(seed, "price", "county").normal(0, 0.10, county.max() + 1)[county]
    own = rng.normal(0, 0.07, len(base)) - 0.12 * setting.remote
    price = np.round(base * np.exp(local + own))
    chance = rng.uniform(size=len(base))
    unknown = np.where(status == "planned", chance < 0.55, chance < 0.06)  # noqa: PLR2004 - shares of unknown prices
    return np.where(unknown, np.nan, price)


def _holders(setting: Setting, status: np.ndarray, seed: int) -> np.ndarray:
    """Name who holds the land: the state's reserve, a zone, or somebody."""
    rng = stream(seed, "holder")
    county = Series(setting.of_site("county")).map(
        read_facts("seats").set_index("code")["name"]
    )
    site = Series(setting.of_site("name"))
    reserve = county + "土地储备中心"
    board = (site + "管理委员会").where(setting.of_site("kind") == "zone", reserve)
    firm = county + "示例企业" + Series(rng.integers(1, 400, len(status))).astype(str)
    held = np.isin(status, ["supplied_unused", "inefficient"])
    state = np.where(rng.uniform(size=len(status)) < 0.5, reserve, board)  # noqa: PLR2004 - half and half
    return np.where(held, firm, state)


def _available(status: np.ndarray, seed: int) -> np.ndarray:
    """Draw from when a parcel can be used: now, or in up to four years."""
    rng = stream(seed, "available")
    ahead = {
        "net_land": (-200, 60), "standard_land": (-120, 90),
        "approved_unsupplied": (-60, 420), "supplied_unused": (60, 720),
        "inefficient": (180, 900), "planned": (240, 1_500),
    }  # fmt: skip
    low = np.array([ahead[word][0] for word in STATUS])
    high = np.array([ahead[word][1] for word in STATUS])
    kind = pd.Index(STATUS).get_indexer(pd.Index(status))
    days = low[kind] + rng.integers(0, 10_000, len(status)) % (high - low)[kind]
    return days_of(AS_OF + days)


def _notes(status: np.ndarray, seed: int) -> np.ndarray:
    """Write a remark for some parcels."""
    rng = stream(seed, "note")
    words = {
        "approved_unsupplied": "批次用地已批，供地方案待报",
        "supplied_unused": "闲置原因待认定",
        "net_land": "征拆补偿已完成",
        "standard_land": "区域评估已完成",
        "inefficient": "拟收回或盘活",
        "planned": "规划用地，尚未报批",
    }
    text = Series(status).map(words).to_numpy()
    return np.where(rng.uniform(size=len(status)) < 0.3, text, "")  # noqa: PLR2004 - share with a remark

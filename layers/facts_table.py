"""The facts as a value: a table of all parcels, and what it was measured from."""

import hashlib
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
from pandas import Categorical, DataFrame, Index, Series

from layers.region import Region
from layers.schema import SERVICES

Engine = Literal["shapely", "kernel"]

# Raised whenever the same layers would be measured into other facts.
CODE: Final = "6"
# From here on compiled loops over bare coordinates measure, below it shapely: a rule
# of the data alone, so that every machine gives a version of the facts the same bits.
KERNEL_FROM: Final = 100_000
CATEGORIES: Final = frozenset(
    ["stock_status", "land_use_code", "county_code", "prefecture_code", "zone_code"]
    + [f"service_{name}" for name in SERVICES]
)


@dataclass(frozen=True)
class Facts:
    """What is known of every parcel.

    Attributes:
        table: A row for each parcel, by parcel_id, in the order of the store; the
            columns are told by `layers.facts_schema`.
        version: Hash of the layers measured and of the code that measured them.
        layers: The version of each layer measured, by name.
        built_at: When, ISO, UTC.
        seen: The version of every layer in the store at that time, by name.
        code: Which code measured.
        engine: What it measured with.
    """

    table: DataFrame
    version: str
    layers: dict[str, str]
    built_at: str
    seen: dict[str, str] = field(default_factory=dict)
    code: str = CODE
    engine: Engine = "shapely"


def engine_for(parcels: int) -> Engine:
    """Choose the engine for a number of parcels.

    Args:
        parcels: How many there are.

    Returns:
        Shapely for few, which need not wait for a compiler.
    """
    return "kernel" if parcels >= KERNEL_FROM else "shapely"


def facts_version(
    layers: dict[str, str], region: Region, engine: Engine = "shapely"
) -> str:
    """Name the facts that these layers give.

    Args:
        layers: Layer versions by name.
        region: The region, which tells the planes.
        engine: What measures.

    Returns:
        A hash of 16 digits.
    """
    told = [CODE, engine, region.digest(), *map(str, sorted(layers.items()))]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def is_category(name: str) -> bool:
    """Tell columns of few values, which are kept as categories."""
    return name in CATEGORIES or name.endswith("_evidence")


def prefecture_of(county: Series) -> Series:
    """Derive the codes of prefectures from those of counties, "" from "".

    Args:
        county: Codes of six digits, categories or text, shape (n,).

    Returns:
        Codes as categories, indexed as `county`.
    """
    known = Categorical(county)
    codes = [str(code)[:4] + "00" if code else "" for code in known.categories]
    names = sorted(set(codes))
    place = {name: at for at, name in enumerate(names)}
    # The last one answers for counties that are missing.
    of = np.array([*(place[code] for code in codes), -1], dtype=np.int64)
    return Series(
        Categorical.from_codes(of[known.codes], categories=Index(names)),
        index=county.index,
    )

"""Screening against tables and databases: `python -m benchmarks screen`.

The facts are those of the shipped sample, tiled. A need of twelve constraints and four
factors is asked with other limits each time. Everybody finds how many parcels are
eligible and the best 200 with their scores; ours also counts what each constraint
excludes. How it behaves in pages is `benchmarks/screening.py`.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count as numbers
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pandas import DataFrame

from benchmarks.contest import DisagreementError, Race
from benchmarks.peers import entries
from benchmarks.scene import SHIPPED, cache
from benchmarks.screening import Tiled, tiled
from layers.catalog import read_catalog
from layers.facts_store import FactStore
from layers.ingest import ingest
from layers.region import read_region
from layers.store import LayerStore
from siting.board import prepare
from siting.need import read_need
from siting.screen import screen, warm

TOP = 200
STATUSES = ("net_land", "standard_land", "planned")
LEVELS = ("present", "at_boundary", "planned")
LINES = ("farmland", "redline", "water_source")
# Layer, weight, and metres from which the factor is worth nothing.
FACTORS = (
    ("interchange", 3, 10_000.0), ("freight_yard", 2, 40_000.0),
    ("expressway", 1, 8_000.0), ("railway", 1, 20_000.0),
)  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """What changes from need to need.

    Attributes:
        least_m2: Least area.
        within_m: Greatest distance to an interchange.
    """

    least_m2: int
    within_m: int

    @property
    def farthest(self) -> dict[str, int]:
        """Greatest distance by layer, metres."""
        others = {"freight_yard": 60_000, "railway": 50_000}
        return {"interchange": self.within_m, **others}


@dataclass(frozen=True)
class Asked:
    """What all engines work on.

    Attributes:
        table: The facts' columns.
        folder: Where they lie on disk.
        limits: The next need, another each time; starts anew for each engine.
    """

    table: DataFrame
    limits: Callable[[], Iterator[Limits]]


def race(count: int, peers: list[str], repeats: int) -> dict[str, Any]:
    """Race on `count` parcels.

    Args:
        count: How many rows.
        peers: Whom to measure against.
        repeats: Most runs of each.

    Returns:
        The figures.
    """
    sample = _facts()
    print(f"screening of {count:,} parcels, 12 constraints, {len(FACTORS)} factors")
    warm()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=cache())))
        facts = tiled(sample, count, folder)
        board = prepare(facts)
        upcoming = limits()

        def ours() -> Any:  # noqa: ANN401
            found = screen(read_need(need(next(upcoming))), board)
            best = found.best(TOP)
            _ = found.counts, found.excluded_by
            scores = found.scores(best)
            return len(found.tally.places), np.sort(scores)[::-1]

        asked = Asked(facts.table, limits)
        one = Race("screening", ours, _same, 10 * repeats, {"parcels": count})
        # Plain configurations are as quick as the best here.
        return one.run(entries("screen", peers, asked, 0))


def limits() -> Iterator[Limits]:
    """Tell needs; the first is the one whose answers are compared."""
    for number in numbers():
        yield Limits(3_000 + 100 * (number % 40), 15_000 + 10 * (number % 97))


def need(one: Limits) -> dict[str, Any]:
    """Write a need as ours reads it."""
    constraints: list[dict[str, Any]] = [
        {"use": "area_between", "minimum": f"{one.least_m2} m2", "maximum": "20 ha"},
        {"use": "stock_status_in", "statuses": list(STATUSES)},
        *({"use": "clear_of", "layer": own, "up_to_share": 0.05} for own in LINES),
        {"use": "inside", "layer": "urban_boundary", "at_least_share": 0.5},
        {"use": "services_at_least", "services": {"power": "planned"}},
        {"use": "price_at_most", "price": "900 cny/m2"},
        {"use": "far_allows", "far": 1.2},
        {"use": "within_distance", "layer": "interchange", "within_m": one.within_m},
        {"use": "within_distance", "layer": "freight_yard", "within_m": 60_000},
        {"use": "within_distance", "layer": "railway", "within_m": 50_000},
    ]
    factors = [
        {"use": "near", "layer": own, "weight": weight, "within_m": within}
        for own, weight, within in FACTORS
    ]
    return {"constraints": constraints, "factors": factors}


def where(one: Limits) -> str:
    """Write the same as a condition; unknown is kept, half a digit is rounded.

    Returns:
        SQL that both DuckDB, polars and PostgreSQL read.
    """
    near = [
        f"({own}_distance_m < {metres} + 0.05 or {own}_distance_m is null)"
        for own, metres in one.farthest.items()
    ]
    clear = " and ".join(f"{own}_share < 0.0500005" for own in LINES)
    status, power = ("', '".join(words) for words in (STATUSES, LEVELS))
    return f"""
        area_m2 >= {one.least_m2} - 0.005 and area_m2 < 200000.005
        and stock_status in ('{status}') and {clear}
        and urban_boundary_share >= 0.4999995
        and service_power in ('{power}', 'unknown')
        and (price_cny_m2 <= 900.005 or price_cny_m2 is null)
        and (far_min < 1.205 or far_min is null)
        and (far_max >= 1.195 or far_max is null)
        and {near[0]} and {near[1]} and {near[2]}
    """


def score() -> str:
    """Write the score, 0 to 100, as SQL."""
    total = sum(weight for _, weight, _ in FACTORS)
    parts = [
        f"{100 * weight / total!r} * greatest(0.0, 1.0 - {own}_distance_m / {within})"
        for own, weight, within in FACTORS
    ]
    return " + ".join(parts)


def columns() -> list[str]:
    """Name the columns that the need reads."""
    distances = [f"{own}_distance_m" for own, _, _ in FACTORS]
    shares = [f"{own}_share" for own in (*LINES, "urban_boundary")]
    figures = ["area_m2", "price_cny_m2", "far_min", "far_max"]
    return [*figures, *shares, *distances, "stock_status", "service_power"]


def _facts() -> Tiled:
    """Ingest the shipped sample once."""
    home = cache() / "home"
    store, kept = LayerStore(home / "layers"), FactStore(home / "facts")
    if kept.version() is None:
        files = [SHIPPED / "layers" / f"{name}.parquet" for name in read_catalog()]
        ingest(read_catalog(), store, kept, read_region(), files)
    facts = kept.read()
    return Tiled(facts.table, facts.version, facts.layers)


def _same(ours: tuple[int, NDArray], theirs: tuple[int, NDArray]) -> str:
    """Compare how many are eligible and the scores of the best.

    Args:
        ours: Count, scores descending.
        theirs: The same by a peer.

    Returns:
        The largest difference in words.

    Raises:
        DisagreementError: They differ.
    """
    if ours[0] != theirs[0]:
        msg = f"{ours[0]} and {theirs[0]} parcels are eligible"
        raise DisagreementError(msg)
    off = np.abs(ours[1] - np.asarray(theirs[1], dtype=float)).max(initial=0.0)
    if off > 0.00501:  # noqa: PLR2004 - ours are rounded to 0.01
        msg = f"scores differ by {off}"
        raise DisagreementError(msg)
    return f"{off:.0e} points"

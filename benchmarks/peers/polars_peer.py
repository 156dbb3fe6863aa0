"""Polars: a lazy query over a frame in memory, both cores."""

from contextlib import ExitStack
from typing import Any

from benchmarks.contest import NotHereError, Run
from benchmarks.screen import FACTORS, LEVELS, LINES, STATUSES, TOP, Asked, columns


def screen(asked: Asked, *, best: bool, stack: ExitStack) -> Run:  # noqa: ARG001
    """Count the eligible, score, take the best; at its best words are enums."""
    try:
        import polars as pl  # noqa: PLC0415 - of the dependency group `peers`
    except ImportError as error:
        raise NotHereError("polars is not installed: --group peers") from error
    rows = pl.from_pandas(asked.table[columns()].reset_index(drop=True))
    words = pl.col("stock_status", "service_power")
    rows = rows.with_columns(words.cast(pl.Categorical if best else pl.String))
    rows = rows.rechunk()
    upcoming = asked.limits()

    def run() -> Any:  # noqa: ANN401
        one = next(upcoming)
        kept = [
            pl.col("area_m2").is_between(one.least_m2 - 0.005, 200_000.005),
            pl.col("stock_status").is_in(STATUSES),
            *(pl.col(f"{own}_share") < 0.0500005 for own in LINES),  # noqa: PLR2004
            pl.col("urban_boundary_share") >= 0.4999995,  # noqa: PLR2004
            pl.col("service_power").is_in((*LEVELS, "unknown")),
            (pl.col("price_cny_m2") <= 900.005).fill_null(value=True),  # noqa: PLR2004
            (pl.col("far_min") < 1.205).fill_null(value=True),  # noqa: PLR2004
            (pl.col("far_max") >= 1.195).fill_null(value=True),  # noqa: PLR2004
            *(
                (pl.col(f"{own}_distance_m") < metres + 0.05).fill_null(value=True)
                for own, metres in one.farthest.items()
            ),
        ]
        total = sum(weight for _, weight, _ in FACTORS)
        worth = pl.sum_horizontal(
            (1 - pl.col(f"{own}_distance_m") / within).clip(lower_bound=0.0)
            * (100 * weight / total)
            for own, weight, within in FACTORS
        )
        left = rows.lazy().filter(*kept).select(score=worth)
        best_rows, count = pl.collect_all([
            left.top_k(TOP, by="score"),
            left.select(pl.len()),
        ])
        return count.item(), best_rows["score"].sort(descending=True).to_numpy()

    return run

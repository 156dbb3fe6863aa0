"""How time and memory of the ingest grow: `python -m benchmarks scale`."""

from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import cluster
from benchmarks.whole_ingest import measure

MOST_ON_CLUSTER = 1_000_000


def race(counts: list[int], picture: Path | None) -> dict[str, Any]:
    """Ingest samples of several sizes.

    Args:
        counts: How many parcels each has.
        picture: File to draw time and memory into.

    Returns:
        Seconds and peak megabytes by count, and the exponent of time over count.
    """
    figures = []
    for count in counts:
        own = measure(count, None)
        figures.append(own)
        print(
            f"  {own['parcels']:>12,} parcels {own['seconds']:>9.1f} s"
            f" {own['peak_mb']:>9,.0f} MB, {own['own_peak_mb']:,.0f} without mapped"
            " files",
            flush=True,
        )
    sizes = np.log([one["parcels"] for one in figures])
    times = np.log([one["seconds"] for one in figures])
    exponent = float(np.polyfit(sizes, times, 1)[0]) if len(counts) > 1 else np.nan
    if len(counts) > 1:
        print(f"  seconds grow with the {exponent:.2f}th power of the parcels")
    if picture is not None:
        _draw(figures, picture)
    for one in figures:
        del one["curve"]
    dask = cluster.race(min(max(counts), MOST_ON_CLUSTER))
    ours = {"runs": figures, "exponent": exponent, "dask": dask}
    return {"ours": ours, "peers": {}, "ratios": {}}


def _draw(figures: list[dict[str, Any]], picture: Path) -> None:
    """Draw the growth, and the memory over the time of each run."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - slow, only for this

    figure = Figure(figsize=(9, 3.6), layout="constrained")
    growth, memory = figure.subplots(1, 2)
    parcels = [one["parcels"] for one in figures]
    growth.loglog(parcels, [one["seconds"] for one in figures], "o-", label="seconds")
    growth.loglog(
        parcels, [one["peak_mb"] / 1024 for one in figures], "s--", label="peak, GB"
    )
    growth.set_xlabel("parcels")
    growth.legend()
    growth.grid(visible=True, which="major", alpha=0.3)
    for one in figures:
        at, used = np.array(one["curve"]).reshape(-1, 2).T
        memory.plot(at / one["seconds"], used / 1024, label=f"{one['parcels']:,}")
    memory.set_xlabel("share of the ingest's time")
    memory.set_ylabel("memory, GB")
    memory.legend(title="parcels")
    memory.grid(alpha=0.3)
    figure.savefig(picture, metadata={"Date": None})

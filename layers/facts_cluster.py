"""Measure chunks on a Dask cluster: the same function, by workers elsewhere.

Futures over chunks and nothing else: every worker maps the same grids into memory,
reads its rows, writes its parts aside and moves them into place. A worker that dies
leaves whole parts or none, and its chunk goes to another one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gis.errors import StoreError
from gis.words import Title
from layers.cluster import Cluster, dask_here
from layers.facts_plan import Plan, measure_chunk
from layers.load import Say
from layers.shared_storage import Share, fetched, measure_shared, send_layers


@dataclass(frozen=True)
class ClusterWorkers:
    """Workers of a cluster, as `layers.facts_renew.Workers` asks for them.

    Attributes:
        cluster: Where they are.
    """

    cluster: Cluster

    def measure_all(self, plan: Plan, *, say: Say) -> None:
        """Measure every chunk that was not measured before.

        Args:
            plan: What to measure against what.
            say: Takes progress.

        Raises:
            SettingsError: There is no cluster there, or Dask is not installed.
            StoreError: Workers died over one chunk again and again.
        """
        share = None if self.cluster.share is None else Share(self.cluster.share)
        if share is not None:
            send_layers(plan, share)
        count, done = plan.chunks[-1].stop if plan.chunks else 0, 0
        with self.cluster.client() as client:
            for finished in _measured(client, plan, share):
                done += finished
                values = {"done": done, "count": count}
                say(Title("Facts: {done} of {count} parcels measured"), values)
        if share is not None:
            fetched(plan, share)
        say(Title("Facts: {count} parcels measured"), {"count": count})


def _measured(client: Any, plan: Plan, share: Share | None) -> Iterator[int]:  # noqa: ANN401 - Dask's
    """Measure all chunks; yield the number of parcels of each as it is done."""
    dask = dask_here()
    what = client.scatter((plan, share), broadcast=True)
    numbers = range(len(plan.chunks))
    work = [client.submit(_chunk, what, number, pure=False) for number in numbers]
    try:
        for future in dask.as_completed(work):
            yield int(future.result())
    except dask.KilledWorker as error:
        raise StoreError(
            "Workers died over the same parcels again and again, likely for want of "
            "memory; what was measured is kept. Give them more, and ingest again."
        ) from error
    finally:
        client.cancel(work)


def _chunk(what: tuple[Plan, Share | None], number: int) -> int:
    """Measure one chunk, where this worker stands."""
    plan, share = what
    if share is None:
        return measure_chunk(plan, number)
    return measure_shared(plan, share, number)

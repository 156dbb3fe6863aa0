"""Screen partitions of the parcels on a cluster, and put the answers together."""

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from pandas import Series

from layers.cluster import Cluster
from layers.facts import Facts
from layers.facts_store import FactStore
from siting.need import read_need
from siting.partitions import Partition, merged, partition_of
from siting.screen import screen


@dataclass(frozen=True)
class Job:
    """What every worker is told once.

    Attributes:
        facts: Folder of the facts, as the workers see it.
        version: Their version; workers keep the facts of one.
        need: The need, as JSON.
        claims: Who holds which parcel, by parcel.
        top: How many candidates.
    """

    facts: Path
    version: str
    need: str
    claims: dict[str, str]
    top: int


def screened_on(
    cluster: Cluster, job: Job, *, parcels: int, partitions: int
) -> Partition:
    """Screen all parcels, a partition a task.

    Args:
        cluster: Where.
        job: What for.
        parcels: How many parcels there are.
        partitions: Into how many parts they are cut.

    Returns:
        What one screening of all parcels answers, whatever the cut.

    Raises:
        SettingsError: There is no cluster at the address, or Dask is not installed.
    """
    edges = np.linspace(0, parcels, partitions + 1).astype(int).tolist()
    with cluster.client() as client:
        what = client.scatter(job, broadcast=True)
        work = [
            client.submit(screen_rows, what, start, stop, pure=False)
            for start, stop in pairwise(edges)
        ]
        return merged(client.gather(work), job.top)


def screen_rows(job: Job, start: int, stop: int) -> Partition:
    """Screen some parcels.

    Args:
        job: What for.
        start: Place of the first parcel in the facts.
        stop: Place after the last one.

    Returns:
        Their answer.
    """
    facts = _facts(job.facts, job.version)
    some = replace(facts, table=facts.table.iloc[start:stop])
    claims = Series(job.claims, dtype="str")
    return partition_of(screen(read_need(job.need), some, claims=claims), job.top)


@lru_cache(maxsize=1)
def _facts(home: Path, version: str) -> Facts:  # noqa: ARG001 - part of the key
    return FactStore(home).read()

"""A Dask cluster: one that runs somewhere, or one started here."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from gis.errors import SettingsError

LOCAL: Final = "local"
MEMORY: Final = "3GiB"  # a worker that needs more is restarted, its task tried again
WAIT_S: Final = 10


@dataclass(frozen=True)
class Cluster:
    """Where to compute.

    Attributes:
        address: Of the scheduler, as "tcp://10.0.0.5:8786"; "local" starts one here.
        workers: How many a local cluster has, each a process with one thread.
        share: Storage that all workers reach, as fsspec writes it; None where they see
            the same folders as this machine.
    """

    address: str
    workers: int = 2
    share: str | None = None

    @contextmanager
    def client(self) -> Iterator[Any]:
        """Connect to the cluster, or start one here and stop it in the end.

        Yields:
            Dask's client.

        Raises:
            SettingsError: There is no cluster at the address, or Dask is not installed.
        """
        dask = dask_here()
        if self.address == LOCAL:
            with (
                dask.LocalCluster(
                    n_workers=self.workers,
                    threads_per_worker=1,
                    memory_limit=MEMORY,
                    dashboard_address=None,
                ) as cluster,
                dask.Client(cluster) as client,
            ):
                yield client
            return
        try:
            client = dask.Client(self.address, timeout=WAIT_S)
        except (OSError, ValueError) as error:
            raise SettingsError(
                "No Dask scheduler answers at {address} ({why}): start one with "
                "`dask scheduler`, or say `--cluster local`.",
                address=self.address,
                why=str(error),
            ) from error
        with client:
            yield client


def dask_here() -> Any:  # noqa: ANN401 - half of it is typed
    """Load Dask, which only clusters need.

    Returns:
        The module `distributed`.

    Raises:
        SettingsError: It is not installed.
    """
    try:
        import distributed  # noqa: PLC0415 - only clusters need it
    except ImportError as error:
        raise SettingsError(
            "A cluster needs Dask: install LandMap with its extra `cluster`."
        ) from error
    return distributed

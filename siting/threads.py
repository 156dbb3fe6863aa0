"""Threads for loops that hold no lock: one for each processor."""

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0))


@cache
def pool(workers: int) -> ThreadPoolExecutor:
    """Return the threads of this process for blocks of parcels.

    Args:
        workers: How many.

    Returns:
        The same ones at every call.
    """
    return ThreadPoolExecutor(workers, thread_name_prefix="siting")

"""Processes of our own that begin at once and tell what became of their work."""

import multiprocessing
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

PRELOADED = ["__main__", "benchmarks.claims", "benchmarks.kills"]


@contextmanager
def started(
    work: Callable[..., None], *arguments: tuple[Any, ...]
) -> Iterator[list[tuple[BaseProcess, Connection]]]:
    """Start a process for each row of arguments; stop those left in the end.

    Args:
        work: What each does; it gets a connection to us, then its arguments.
        *arguments: Of each process.

    Yields:
        The processes, each with its connection.
    """
    context = multiprocessing.get_context(
        "spawn" if sys.platform == "win32" else "forkserver"
    )
    if sys.platform != "win32":
        # Imported once, not by each of them.
        context.set_forkserver_preload(PRELOADED)
    running = []
    try:
        for given in arguments:
            ours, theirs = context.Pipe()
            process = context.Process(target=work, args=(theirs, *given), daemon=True)
            process.start()
            theirs.close()
            running.append((process, ours))
        yield running
    finally:
        for process, ours in running:
            ours.close()
            process.kill()
            process.join()
            process.close()

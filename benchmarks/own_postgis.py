"""A PostGIS of our own for tests and benchmarks: Debian's programs, our folder."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

SERVERS = Path("/usr/lib/postgresql")
EXTENSIONS = Path("/usr/share/postgresql")
ABSENT = (
    "there is no PostGIS: install it (Debian: `apt-get install postgresql-postgis`)"
)
_OWNER = "postgres"  # whom Debian's packages make: no server runs as root


def programs() -> Path | None:
    """Find the newest PostgreSQL of Debian that has PostGIS; None without one."""
    found = [
        folder / "bin"
        for folder in SERVERS.glob("*")
        if (EXTENSIONS / folder.name / "extension/postgis.control").is_file()
        and (folder / "bin/initdb").is_file()
    ]
    return max(found, key=lambda one: int(one.parent.name), default=None)


@dataclass(frozen=True)
class OwnPostgis:
    """A running server.

    Attributes:
        folder: Where its socket is.
    """

    folder: Path

    def url(self, database: str) -> str:
        """Return the address of one of its databases."""
        return f"postgresql+psycopg://{_OWNER}@/{database}?host={self.folder}"

    def run(self, *statements: str, database: str = "postgres") -> None:
        """Run statements, each by itself."""
        asked = f"host={self.folder} user={_OWNER} dbname={database}"
        with psycopg.connect(asked, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def make(self, database: str, *, like: str = "with_postgis") -> str:
        """Make a database.

        Args:
            database: Its name.
            like: The database it begins as a copy of.

        Returns:
            Its address.
        """
        self.run(f"CREATE DATABASE {database} TEMPLATE {like}")
        return self.url(database)

    def drop(self, database: str) -> None:
        """Drop a database, whoever is connected to it."""
        self.run(f"DROP DATABASE {database} WITH (FORCE)")


@contextmanager
def own_postgis() -> Iterator[OwnPostgis]:
    """Start a server of this process alone; stop and remove it in the end.

    Yields:
        The server, with a database `with_postgis` to be copied.

    Raises:
        RuntimeError: There is no PostGIS on this machine.
    """
    found = programs()
    if found is None:
        raise RuntimeError(ABSENT)
    with _folder_of_owner() as folder:
        data = str(folder / "data")
        locale = ("-E", "UTF8", "--no-locale")
        _run(found / "initdb", "-A", "trust", "-U", _OWNER, *locale, "-N", "-D", data)
        # Gone with its folder, so it never waits for a disk; and no port is open.
        options = f"-F -k {folder} -c listen_addresses="
        control = (found / "pg_ctl", "-D", data)
        _run(*control, "start", "-w", "-o", options, "-l", str(folder / "log"))
        try:
            own = OwnPostgis(folder)
            own.make("with_postgis", like="template0")
            own.run("CREATE EXTENSION postgis", database="with_postgis")
            yield own
        finally:
            _run(*control, "stop", "-m", "immediate")


@contextmanager
def _folder_of_owner() -> Iterator[Path]:
    """Make a folder for whom the server runs as; remove it in the end."""
    folder = Path(tempfile.mkdtemp(prefix="landmap-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, _OWNER)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(program: Path, *given: str) -> None:
    """Run a program of the server as its owner."""
    done = subprocess.run(
        [program, *given],
        user=_OWNER if os.geteuid() == 0 else None,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)

"""A PostgreSQL of our own: made in a temporary folder, gone afterwards."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.contest import NotHereError

SETTINGS = {
    "shared_buffers": "1GB",
    "work_mem": "256MB",
    "maintenance_work_mem": "512MB",
    "max_parallel_workers_per_gather": "2",
    "max_parallel_workers": "2",
    "jit": "off",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "4GB",
}


@contextmanager
def postgres() -> Iterator[Any]:
    """Start a server on a free local port and connect to it.

    Yields:
        A connection of psycopg with autocommit.

    Raises:
        NotHereError: The server or psycopg is not installed.
    """
    try:
        import psycopg  # noqa: PLC0415 - of the dependency group `peers`
    except ImportError as error:
        raise NotHereError("psycopg is not installed: --group peers") from error
    home = Path(tempfile.mkdtemp(prefix="landmap-postgres-"))
    try:
        with _running(home) as port:
            where = f"host=127.0.0.1 port={port} user=bench dbname=postgres"
            with psycopg.connect(where, autocommit=True) as connection:
                yield connection
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _running(home: Path) -> Iterator[int]:
    """Make and start a server in a folder; yield its port."""
    tools, data, port = _tools(), home / "data", _free_port()
    if os.geteuid() == 0:  # the server refuses to be root
        owner = pwd.getpwnam("postgres")
        os.chown(home, owner.pw_uid, owner.pw_gid)
    _tool(tools / "initdb", "-D", data, "-A", "trust", "-U", "bench")
    options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
    told = f"-p {port} -c listen_addresses=127.0.0.1 -k {home} {options}"
    _tool(tools / "pg_ctl", "-D", data, "-w", "-l", home / "log", "-o", told, "start")
    try:
        yield port
    finally:
        _tool(tools / "pg_ctl", "-D", data, "-m", "immediate", "stop")


def _tools() -> Path:
    """Find the newest server installed."""
    homes = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    found = max(homes, key=lambda path: int(path.parts[-3]), default=None)
    if found is None:
        raise NotHereError("PostgreSQL is not installed")
    return found.parent


def _tool(*command: str | Path) -> None:
    """Run a tool of the server, as `postgres` where we are root."""
    whole = [str(word) for word in command]
    if os.geteuid() == 0:
        whole = ["runuser", "-u", "postgres", "--", *whole]
    subprocess.run(
        whole, check=True, cwd="/", stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port

"""Wall a process in: no network, no files but Python's own, little of everything.

Several walls, because none stands everywhere: namespaces and Landlock are the kernel's
and hold GDAL too; the audit hook holds what goes through Python; limits hold the rest.
"""

import ctypes
import math
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

if sys.platform != "win32":
    import resource

_NEW_USER: Final = 0x10000000
_NEW_NET: Final = 0x40000000
_NO_NEW_PRIVILEGES: Final = 38
# Numbers of the system calls of Landlock, the same on every architecture.
_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446
_READ: Final = (1 << 2) | (1 << 3)  # files, folders
# How many rights on files each version of Landlock knows; later ones know the last.
_FILE_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_NET_FROM: Final = 4
_CONNECT_AND_BIND: Final = 3

_space: list[int] = []  # bytes of address space after the start, once noted
_WORDS: Final = 1 << 16  # what a process may write: its last words, no more
_OPEN_FILES: Final = 64
_WRITES: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_REFUSED: Final = (
    "ctypes.",
    "ftplib.",
    "http.",
    "os.chmod",
    "os.chown",
    "os.exec",
    "os.fork",
    "os.link",
    "os.mkdir",
    "os.posix_spawn",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.spawn",
    "os.startfile",
    "os.symlink",
    "os.system",
    "os.truncate",
    "pty.",
    "shutil.",
    "smtplib.",
    "socket.",
    "sqlite3.enable_load_extension",
    "sqlite3.load_extension",
    "subprocess.",
    "urllib.",
)


def cut_network() -> bool:
    """Leave the network for an empty one; before the process has a second thread.

    Returns:
        Whether the system allowed it.
    """
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    # A user namespace also takes away what an administrator may do.
    return any(libc.unshare(how) == 0 for how in (_NEW_USER | _NEW_NET, _NEW_NET))


def own_folders() -> list[str]:
    """List where Python, its packages and ours lie: all that may still be read."""
    rooms = Path(__file__).resolve().parents[1]
    system = ("/usr/lib", "/lib", "/lib64", "/usr/share/zoneinfo")
    own: list[str | Path] = [
        sys.prefix,
        sys.base_prefix,
        rooms / "gis",
        rooms / "layers",
        *system,
    ]
    return sorted({os.path.realpath(folder) for folder in own if Path(folder).exists()})


def close_files(folders: list[str]) -> bool:
    """Close the file system but for reading some folders, and TCP where possible.

    Args:
        folders: What may be read.

    Returns:
        Whether the system allowed it.
    """
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    call = _system_call(libc)
    version = call(_CREATE, None, 0, 1)
    if version < 1:
        return False
    rights = (1 << _FILE_RIGHTS.get(version, 16)) - 1
    net = _CONNECT_AND_BIND if version >= _NET_FROM else 0
    asked = (ctypes.c_uint64 * 2)(rights, net)
    rules = call(_CREATE, asked, 16 if net else 8, 0)
    if rules < 0:
        return False
    for folder in folders:
        _allow(call, rules, folder)
    closed = call(_RESTRICT, rules, 0, 0) == 0
    os.close(rules)
    return closed


def _system_call(libc: ctypes.CDLL) -> Callable[..., int]:
    """Make a caller of system calls by number."""

    def call(*words: object) -> int:
        typed = [ctypes.c_long(one) if isinstance(one, int) else one for one in words]
        return int(libc.syscall(*typed))

    return call


def _allow(call: Callable[..., int], rules: int, folder: str) -> None:
    """Let a folder be read; one that cannot be named stays closed, which is safe."""
    opened = os.open(folder, os.O_PATH)
    words = _READ.to_bytes(8, sys.byteorder) + opened.to_bytes(4, sys.byteorder)
    call(_ADD_RULE, rules, 1, ctypes.create_string_buffer(words, len(words)), 0)
    os.close(opened)


def limit_means() -> None:
    """Allow no core dumps, few open files, no other process, a few last words."""
    if sys.platform == "win32":
        return
    for means, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, _WORDS),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_NPROC, 0),
    ):
        _lower(means, most)


def limit_work(memory: int, cpu_s: float) -> None:
    """Bound what is used from now on; the process is ended past it.

    Args:
        memory: Bytes beyond what is used now.
        cpu_s: Seconds of work beyond what was done.
    """
    if sys.platform == "win32":
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    done_s = used.ru_utime + used.ru_stime
    # The first limit tells why the process ends; the second ends it for certain.
    most_s = math.ceil(done_s + cpu_s)
    _lower(resource.RLIMIT_CPU, most_s, spare=1)
    if _space:
        _lower(resource.RLIMIT_AS, _space[0] + memory)


def _lower(means: int, most: int, *, spare: int = 0) -> None:
    """Lower a limit, never raise it; what enforces it may come a little later."""
    _, hard = resource.getrlimit(means)
    last = most + spare
    last = last if hard == resource.RLIM_INFINITY else min(last, hard)
    resource.setrlimit(means, (min(most, last), last))


def note_space() -> None:
    """Remember how much address space is in use, while that can still be asked."""
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        _space[:] = [pages * resource.getpagesize()]


def watch(folders: list[str]) -> None:
    """Refuse, from now on, what Python code of this process must not do.

    Args:
        folders: What may be read.
    """
    inside = tuple(folder.rstrip(os.sep) + os.sep for folder in folders)

    def hook(event: str, told: tuple[object, ...]) -> None:
        if event in {"open", "os.listdir", "os.scandir"}:
            flags = told[2] if event == "open" else 0
            _require_reading(told[0], flags, inside)
        elif (event == "sqlite3.connect" and told[0] != ":memory:") or event.startswith(
            _REFUSED
        ):
            raise PermissionError(event)

    sys.addaudithook(hook)


def _require_reading(path: object, flags: object, inside: tuple[str, ...]) -> None:
    """Let a file be opened that lies inside, for reading."""
    if isinstance(path, int):
        return
    real = os.path.realpath(os.fsdecode(path)) if isinstance(path, (str, bytes)) else ""
    writes = isinstance(flags, int) and flags & _WRITES
    if writes or not (real + os.sep).startswith(inside):
        raise PermissionError(real)

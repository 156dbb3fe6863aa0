"""Read untrusted files in child processes: one for each file, one always warm."""

import json
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import cache
from logging import getLogger
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self, cast

import pyogrio

from gis.errors import LayerError
from layers.boundary import Boundary
from layers.sandbox_child import ALLOWED, MEMORY, READY, SIZES
from layers.sandbox_limits import Limits
from layers.sandbox_unpack import unpack_boundary, unpack_error

STARTS_WITHIN_S: Final = 60.0
_MOST_HEAD: Final = 256_000_000
_MOST_WORDS: Final = 2_000
_SPARE: Final = 4_096
_ROOT: Final = Path(__file__).resolve().parents[1]
_ENVIRONMENT: Final[Mapping[str, str]] = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "PYTHONUTF8": "1",
    "PYTHONPATH": str(_ROOT),
    # Whatever still wants to reach out meets a dead end, even without namespaces.
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "none-such",
    "GDAL_HTTP_PROXY": "127.0.0.1:1",
    "GDAL_HTTPS_PROXY": "127.0.0.1:1",
    "http_proxy": "http://127.0.0.1:1",
    "https_proxy": "http://127.0.0.1:1",
    "PROJ_NETWORK": "OFF",
    "GDAL_DRIVER_PATH": "disable",
    "GDAL_VRT_ENABLE_PYTHON": "NO",
    "OGR_SQLITE_LOAD_EXTENSIONS": "NO",
    "CPL_DEBUG": "OFF",
    # A single thread: namespaces and Landlock bind the thread that asks for them.
    "GDAL_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}


@cache
def environment() -> Mapping[str, str]:
    """Return the whole environment of a child: nothing of ours, few drivers.

    Returns:
        Variables by name; GDAL reads them when it is imported and never again.
    """
    skipped = sorted(set(pyogrio.list_drivers()) - ALLOWED)
    # With a comma in it the list is split at commas, so that names may hold spaces.
    return {**_ENVIRONMENT, "GDAL_SKIP": ",".join([*skipped, ""])}


@dataclass(frozen=True, eq=False)
class _Child:
    """A process that reads one file.

    Attributes:
        process: The process.
        to: The pipe to it.
        back: The pipe from it.
        words: What it wrote to its standard error; its own limit bounds that.
    """

    process: subprocess.Popen[bytes]
    to: IO[bytes]
    back: IO[bytes]
    words: IO[bytes]

    def end(self) -> str:
        """Kill it if it is not gone, and return its last words."""
        self.process.kill()
        self.process.wait()
        self.words.seek(0)
        said = self.words.read()[-_MOST_WORDS:].decode("utf-8", "replace")
        self.back.close()
        self.words.close()
        with suppress(BrokenPipeError):  # what was not written yet has no reader
            self.to.close()
        return said


class Sandbox:
    """Reads files of strangers, each in a process of its own that is walled in.

    A process is started ahead and waits, so that a small file need not. May be used by
    many threads; ends with `close` or as a context manager.

    Args:
        at_once: How many files are read at the same time; others wait.
    """

    def __init__(self, *, at_once: int = 2) -> None:
        self._turns = threading.BoundedSemaphore(at_once)
        self._lock = threading.Lock()
        self._busy: set[_Child] = set()
        self._closed = False
        self._spare: _Child | None = _started()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all processes; files that are being read are refused."""
        with self._lock:
            self._closed = True
            spare, self._spare = self._spare, None
            for child in self._busy:
                child.process.kill()  # the thread that waits for it cleans up
        if spare:
            spare.end()

    def read(
        self, name: str, data: bytes, *, limits: Limits, options: Mapping[str, Any]
    ) -> Boundary:
        """Read a file in a process of its own.

        Args:
            name: As it was sent; only its suffix counts.
            data: The file.
            limits: Bounds of the file and of the process.
            options: Fields of `layers.readers.boundary_reading.Reading`.

        Returns:
            The parcels, checked again.

        Raises:
            LandMapError: What the reader refused the file with; or it took too long,
                took too much memory, or stopped the reader.
        """
        head = {"name": name[-80:], "limits": asdict(limits), **options}
        with self._turns, self._child() as child:
            answer, body = _asked(child, json.dumps(head).encode(), data, limits)
        if "error" in answer:
            refusal = unpack_error(answer["error"])
            raise refusal
        return unpack_boundary(answer.get("boundary"), body, limits)

    @contextmanager
    def _child(self) -> Iterator[_Child]:
        """Take the spare process, start the next, and end the one that was taken."""
        with self._lock:
            if self._closed:
                raise LayerError("Files are not read any more: LandMap is stopping.")
            spare, self._spare = self._spare, None
            if spare and spare.process.poll() is not None:
                spare.end()  # it died while it waited
                spare = None
            child = spare or _started()
            self._busy.add(child)
            self._spare = _started()
        try:
            yield child
        finally:
            with self._lock:
                self._busy.discard(child)
            words = child.end()
            if words:
                getLogger(__name__).info("A reader of files said: %s", words)


def _started() -> _Child:
    """Start a process; it says by itself when it is ready."""
    words = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
    process = subprocess.Popen(
        [sys.executable, "-s", "-P", "-m", "layers.sandbox_child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=words,
        env=environment(),
        cwd=tempfile.gettempdir(),
        start_new_session=True,
    )
    to, back = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
    return _Child(process, to, back, words)


def _asked(
    child: _Child, head: bytes, data: bytes, limits: Limits
) -> tuple[dict[str, Any], bytes]:
    """Hand a file to a process and wait for its answer, not for ever."""
    with _killed_after(child, STARTS_WITHIN_S):
        ready = child.back.read(len(READY)) == READY
    if not ready:
        raise LayerError(
            "Files cannot be read now: the reader did not start. Try again, and tell "
            "the people who run LandMap."
        )
    with _killed_after(child, limits.wall_s) as late:
        answer = _exchanged(child, head, data, limits)
    if answer is None:
        raise _lost(child, limits, late=late.is_set())
    if answer[0].get("stopped") == MEMORY:
        raise LayerError(
            "Reading the file took more memory than is allowed ({limit} MB): it was "
            "stopped. Send fewer parcels at a time.",
            limit=limits.memory // 1_000_000,
        )
    return answer


@contextmanager
def _killed_after(child: _Child, wall_s: float) -> Iterator[threading.Event]:
    """Kill a process that is not done in time; the event tells that it was so."""
    late = threading.Event()

    def kill() -> None:
        late.set()
        child.process.kill()

    timer = threading.Timer(wall_s, kill)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()


def _exchanged(
    child: _Child, head: bytes, data: bytes, limits: Limits
) -> tuple[dict[str, Any], bytes] | None:
    """Send a file, read the answer; None where there is none, or none of ours."""
    with suppress(BrokenPipeError):  # a process that died also answers nothing
        child.to.write(SIZES.pack(len(head), len(data)))
        child.to.write(head)
        child.to.write(data)
        child.to.flush()
    sizes = child.back.read(SIZES.size)
    if len(sizes) < SIZES.size:
        return None
    told, body = SIZES.unpack(sizes)
    # Two numbers a vertex and at most three offsets.
    if told > _MOST_HEAD or body > limits.vertices * 40 + _SPARE:
        return None
    words, numbers = child.back.read(told), child.back.read(body)
    try:
        answer = json.loads(words)
    except (ValueError, RecursionError):
        return None
    whole = len(numbers) == body and isinstance(answer, dict)
    return (answer, numbers) if whole else None


def _lost(child: _Child, limits: Limits, *, late: bool) -> LayerError:
    """Say why a process gave no answer, as far as that can be known."""
    child.process.kill()
    code = child.process.wait()
    if late or code == -signal.SIGXCPU:
        return LayerError(
            "Reading the file took too long (more than {limit} s): it was stopped. "
            "Send fewer parcels at a time.",
            limit=limits.wall_s if late else limits.cpu_s,
        )
    return LayerError(
        "The file stopped its reader without a word: it is damaged or made to do harm. "
        "Export it again."
    )

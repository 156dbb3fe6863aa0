"""The process in which one untrusted file is read; `layers.sandbox` starts it.

It cuts itself off, warms up, walls itself in, says that it is ready, reads one file
from its standard input, answers on its standard output and ends.
"""

import json
import os
import struct
import sys
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from layers import sandbox_walls

if TYPE_CHECKING:
    from layers.boundary import Boundary

READY: Final = b"R"
SIZES: Final = struct.Struct("<QQ")  # length of the head in JSON, of the bytes after it
MEMORY: Final = "memory"
# All that GDAL may know; a reader checks again which of them opened a file.
ALLOWED: Final = frozenset({
    "ESRI Shapefile",
    "GPKG",
    "GeoJSON",
    "KML",
    "LIBKML",
    "DXF",
    "MEM",
})
_TASTE: Final = (
    b'{"type":"Polygon","coordinates":[[[106,26],[107,26],[107,27],[106,26]]]}'
)


def main() -> None:
    """Read one file in a process of its own."""
    answers = _private_output()
    sandbox_walls.cut_network()
    _warm_up()
    folders = sandbox_walls.own_folders()
    sandbox_walls.note_space()
    sandbox_walls.limit_means()
    sandbox_walls.close_files(folders)
    sandbox_walls.watch(folders)
    answers.write(READY)
    answers.flush()
    asked = sys.stdin.buffer.read(SIZES.size)
    if len(asked) < SIZES.size:  # nobody had a file
        return
    head, data = (sys.stdin.buffer.read(size) for size in SIZES.unpack(asked))
    _send(answers, *_answer(json.loads(head), data))


def _private_output() -> BinaryIO:
    """Keep standard output for answers: what a library prints goes to the errors."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _warm_up() -> None:
    """Import what reading needs and read something, so that a file need not wait."""
    import pyogrio  # noqa: PLC0415 - after the network is cut

    drivers = set(pyogrio.list_drivers())
    if drivers != ALLOWED:
        # Too many could follow references; too few would call sound files damaged.
        sys.exit(f"GDAL has other drivers than it should: {sorted(drivers ^ ALLOWED)}")
    from layers.readers.boundary_file import read_file  # noqa: PLC0415
    from layers.readers.boundary_reading import Reading  # noqa: PLC0415

    _packed(read_file("taste.json", _TASTE, Reading()))


def _answer(asked: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    """Read the file; a refusal is an answer, and so is a lack of memory."""
    from gis.errors import LandMapError  # noqa: PLC0415
    from layers.readers.boundary_file import read_file  # noqa: PLC0415
    from layers.readers.boundary_reading import Reading  # noqa: PLC0415
    from layers.sandbox_limits import Limits  # noqa: PLC0415
    from layers.sandbox_pack import pack_error  # noqa: PLC0415

    limits = Limits(**asked.pop("limits"))
    name = asked.pop("name")
    sandbox_walls.limit_work(limits.memory, limits.cpu_s)
    try:
        return _packed(read_file(name, data, Reading(limits=limits, **asked)))
    except LandMapError as error:
        return {"error": pack_error(error)}, b""
    except MemoryError:
        return {"stopped": MEMORY}, b""


def _packed(boundary: "Boundary") -> tuple[dict[str, Any], bytes]:
    from layers.sandbox_pack import pack_boundary  # noqa: PLC0415

    head, body = pack_boundary(boundary)
    return {"boundary": head}, body


def _send(answers: BinaryIO, head: dict[str, Any], body: bytes) -> None:
    written = json.dumps(head, allow_nan=False).encode("ascii")
    answers.write(SIZES.pack(len(written), len(body)))
    answers.write(written)
    answers.write(body)
    answers.flush()


if __name__ == "__main__":
    main()

"""Read a boundary file that somebody sent in, without trusting it anywhere."""

from gis.errors import LayerError
from layers.boundary import Boundary
from layers.placing import exchanged
from layers.readers.boundary_file import SUFFIXES, suffix_of
from layers.sandbox import Sandbox
from layers.sandbox_limits import Limits

__all__ = ["SUFFIXES", "Limits", "read_upload"]
_DEFAULT = Limits()
# Its own reader exchanges axes, because it knows where they stand in the text.
_OWN_AXES = "txt"


def read_upload(  # noqa: PLR0913 - what a person may say of a file
    name: str,
    data: bytes,
    *,
    sandbox: Sandbox,
    limits: Limits = _DEFAULT,
    table: str = "",
    swap_axes: bool = False,
    encoding: str = "",
) -> Boundary:
    """Read a boundary file of any format in a process of its own.

    Args:
        name: As it was sent; only its suffix counts, and no file is opened by it.
        data: The file.
        sandbox: What reads it.
        limits: Bounds of the file and of the process that reads it.
        table: Layer of a GeoPackage that holds several.
        swap_axes: Whether a person says that x and y are exchanged.
        encoding: Encoding of its text, as a person chose it; "" to find out.

    Returns:
        The parcels as they stand in the file: polygons with finite coordinates.

    Raises:
        LayerError: Not read, not what its suffix says, damaged, hostile, too big, too
            slow to read, or nothing with an area inside.
    """
    suffix_of(name)
    if len(data) > limits.bytes:
        raise LayerError(
            "The file has {size} MB; {limit} MB are allowed.",
            size=-(-len(data) // 1_000_000),
            limit=limits.bytes // 1_000_000,
        )
    options = {"table": table, "swap_axes": swap_axes, "encoding": encoding}
    boundary = sandbox.read(name, data, limits=limits, options=options)
    if swap_axes and boundary.kind != _OWN_AXES:
        return exchanged(boundary)
    return boundary

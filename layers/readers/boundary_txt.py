"""Read 界址点坐标 TXT: strict about numbers, forgiving about all around them."""

from layers.boundary import Boundary
from layers.readers.boundary_txt_assemble import Manner, assemble
from layers.readers.boundary_txt_head import understand
from layers.readers.boundary_txt_notes import Notes
from layers.readers.boundary_txt_scan import Scan
from layers.readers.boundary_txt_text import lines_of


def read_boundary_txt(
    data: bytes, *, encoding: str = "", swap_axes: bool = False
) -> Boundary:
    """Read a text of boundary points (界址点坐标).

    Every deviation from the format that was survived is a remark with its line.

    Args:
        data: The file.
        encoding: What a person says it is written in: "utf-8", "gb18030", "gbk" ...;
            "" to find out.
        swap_axes: Whether X and Y are to be exchanged. Left False, axes that look
            exchanged are read as written, `swapped` is set and a remark offers it.

    Returns:
        The parcels, x east and y north. Their `crs` is that of the zone their
        eastings carry ("EPSG:4523"), else of the zone the head names ("EPSG:4544"),
        "EPSG:4490" for degrees, "" where nobody says.

    Raises:
        LayerError: It is no such text, too large, or lines in it cannot be read: the
            sentence or its faults, at most 20, name line and value. Or it is in
            Xi'an 1980, Beijing 1954, 6-degree zones, or other units than metres.
    """
    lines, found = lines_of(data, encoding)
    return read_lines(lines, Manner("txt", encoding=found, swap_axes=swap_axes))


def read_lines(lines: list[str], manner: Manner) -> Boundary:
    """Read a text of boundary points that was decoded before.

    Args:
        lines: Its lines, without their ends.
        manner: How it is read.

    Returns:
        As `read_boundary_txt`.

    Raises:
        LayerError: As `read_boundary_txt`.
    """
    notes = Notes()
    scan = Scan(notes)
    scan.read(lines)
    said = [understand(head, notes) for head in scan.heads]
    notes.require_none()
    told = {key: line.value for head in scan.heads for key, line in head.items()}
    return assemble(scan.parcels, said, told, manner, notes)

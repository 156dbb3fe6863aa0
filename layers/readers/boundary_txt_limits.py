"""How much a file of boundary points may hold, for text and tables alike."""

from typing import Final

from gis.errors import LayerError

MAX_BYTES: Final = 20 * 2**20
MAX_LINES: Final = 2_100_000
MAX_LINE: Final = 2_000  # characters
MAX_POINTS: Final = 2_000_000
MAX_PARCELS: Final = 20_000
MAX_RINGS: Final = 500  # of one parcel: which lies in which takes all pairs
MAX_DIGITS: Final = 20
MAX_NUMBER: Final = 1e9  # metres; no coordinate on earth is larger


def require_bytes(data: bytes) -> bytes:
    """Let a file pass that holds something, and not too much.

    Args:
        data: The file.

    Returns:
        The same bytes.

    Raises:
        LayerError: It is empty or too large.
    """
    if not data.strip():
        raise LayerError("The file is empty: it holds {size} bytes.", size=len(data))
    if len(data) > MAX_BYTES:
        raise LayerError(
            "The file has {size:.1f} MB; at most {most:.0f} MB are read. Split it.",
            size=len(data) / 2**20,
            most=MAX_BYTES / 2**20,
        )
    return data


def require_lines(lines: list[str]) -> list[str]:
    """Let lines pass that are neither too many nor too long.

    Args:
        lines: Text in lines.

    Returns:
        The same lines.

    Raises:
        LayerError: There are too many, or one is too long.
    """
    if len(lines) > MAX_LINES:
        raise LayerError(
            "The file has {lines} lines; at most {most} are read. Split it.",
            lines=len(lines),
            most=MAX_LINES,
        )
    longest = max(map(len, lines), default=0)
    if longest > MAX_LINE:
        line = next(at for at, text in enumerate(lines, 1) if len(text) == longest)
        raise LayerError(
            "Line {line} has {length} characters; at most {most} are read. Is this a "
            "file of boundary points?",
            line=line,
            length=longest,
            most=MAX_LINE,
        )
    return lines


def require_parcels(count: int, line: int) -> None:
    """Let a file go on that has no more parcels than are read.

    Args:
        count: Parcels so far.
        line: Where the last of them begins.

    Raises:
        LayerError: There are too many.
    """
    if count > MAX_PARCELS:
        raise LayerError(
            "Line {line} begins parcel {count}; at most {most} parcels are read. "
            "Split the file.",
            line=line,
            count=count,
            most=MAX_PARCELS,
        )


def require_points(count: int) -> None:
    """Let a file pass that has no more points than are read.

    Args:
        count: All its points.

    Raises:
        LayerError: There are none, or too many.
    """
    if count > MAX_POINTS:
        raise LayerError(
            "The file has {count} points; at most {most} are read. Split it.",
            count=count,
            most=MAX_POINTS,
        )
    if not count:
        raise LayerError(
            "The file holds no boundary point: no line was read as one ({count})."
            " A point is written as name, ring, X, Y.",
            count=count,
        )

"""How much one uploaded file may be, hold and cost."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds of one upload; past one of them the file is refused with a sentence.

    Attributes:
        bytes: Size of the file as sent.
        entries: Files inside an archive.
        unpacked: Bytes an archive may unpack to.
        ratio: How many times its packed size an archive may unpack to.
        features: Parcels, lines and points in the file.
        vertices: Corners of all of them.
        feature_vertices: Corners of one of them.
        memory: Bytes the reader may use beyond what it takes to start.
        cpu_s: Seconds of work.
        wall_s: Seconds of waiting.
    """

    bytes: int = 50_000_000
    entries: int = 200
    unpacked: int = 500_000_000
    ratio: int = 100
    features: int = 20_000
    vertices: int = 2_000_000
    feature_vertices: int = 200_000
    memory: int = 2 * 2**30
    cpu_s: float = 20.0
    wall_s: float = 30.0

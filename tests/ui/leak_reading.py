"""Read an answer as somebody would who looks for what must not be in it."""

import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import shapely
from leak_home import Secrets, in_metres
from pypdf import PdfReader
from scipy.spatial import cKDTree

from gis.mercator import EXTENT
from ui.settings import Settings

CLEAR_M = 2.5  # the rules promise 3 m; coordinates are told to 0.1 m
FIGURE = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+(?:e[+-]?\d+)?")
PLACE = re.compile(r"(?<![\d.])(10[3-9]\.\d{4,})\D{1,4}(2[4-9]\.\d{4,})(?![\d.])")
TURNED = re.compile(r"(?<![\d.])(2[4-9]\.\d{4,})\D{1,4}(10[3-9]\.\d{4,})(?![\d.])")
IN_MU = re.compile(r"(\d{1,3}(?:,\d{3})*\.\d\d) ?(?:mu|亩)")


# Follow from the outline that is shown, whatever lies near them (tests/layers hold it).
PLACED = ["lon", "lat", "minx", "miny", "maxx", "maxy"]


@dataclass
class Reader:
    """Finds what must not be in an answer.

    Attributes:
        secrets: What must not be there.
        settings: Of the home it was asked of.
        places: How many places of published outlines were looked at.
    """

    secrets: Secrets
    settings: Settings
    places: int = 0
    _near: cKDTree = field(init=False)

    def __post_init__(self) -> None:
        self._near = cKDTree(self.secrets.vertices)

    def found(self, body: bytes, kind: str) -> list[str]:
        """List what must not be in an answer.

        Args:
            body: The answer.
            kind: Its media type.

        Returns:
            What was found; empty where all is well.
        """
        body = gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body
        if "mapbox-vector-tile" in kind:
            return self._words(body)
        if "parquet" in kind:
            return self._parquet(body)
        if "pdf" in kind:
            return self._pdf(body)
        if kind.startswith("image/") and "svg" not in kind:
            return self._words(body)
        if "csv" in kind:
            body = _without_places(body)
        return self._text(body)

    def tile(self, body: bytes, at: tuple[int, int, int], tmp: Path) -> list[str]:
        """List true vertices that a tile draws; those that cutting made are none."""
        if not body:
            return []
        body = gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body
        inner = drawn_in(body, tmp)
        inner = inner[((inner > 0) & (inner < 4096)).all(axis=1)]
        return self._words(body) + self._vertices(on_the_ground(inner, *at))

    def _text(self, body: bytes) -> list[str]:
        text = body.decode("utf-8", errors="replace")
        pairs = [(float(x), float(y)) for x, y in PLACE.findall(text)]
        # Without those, or the latitude of one would be read with the next longitude.
        rest = PLACE.sub(" | ", text)
        pairs += [(float(x), float(y)) for y, x in TURNED.findall(rest)]
        numbers = np.array([
            float(one.replace(",", "")) for one in FIGURE.findall(text)
        ])
        mu = {one for one in IN_MU.findall(text) if one in self.secrets.mu}
        return [
            *self._words(body),
            *self._figures(numbers),
            *(f"area in mu {one}" for one in sorted(mu)),
            *self._vertices(np.array(pairs).reshape(-1, 2)),
        ]

    def _words(self, body: bytes) -> list[str]:
        return [
            f"word {one}"
            for one in self.secrets.words
            if one.encode() in body or one.encode("utf-16-le") in body
        ]

    def _figures(self, numbers: np.ndarray) -> list[str]:
        """Find exact figures, to the cent as people write them."""
        numbers = numbers[(numbers > 1_000) & (numbers != np.rint(numbers))]
        if not len(numbers):
            return []
        exact = self.secrets.figures
        at = np.clip(np.searchsorted(exact, numbers), 1, len(exact) - 1)
        gap = np.minimum(np.abs(exact[at] - numbers), np.abs(exact[at - 1] - numbers))
        return [f"figure {one}" for one in numbers[gap < 0.006]]

    def _vertices(self, lonlat: np.ndarray) -> list[str]:
        if not len(lonlat):
            return []
        self.places += len(lonlat)
        gap, _ = self._near.query(in_metres(lonlat, self.settings))
        return [f"vertex {one}" for one in lonlat[gap < CLEAR_M].tolist()]

    def _parquet(self, body: bytes) -> list[str]:
        file = pq.ParquetFile(BytesIO(body))
        told = [str(file.metadata.metadata)]
        for group in range(file.metadata.num_row_groups):
            row_group = file.metadata.row_group(group)
            told += [
                str(row_group.column(n).statistics)
                for n in range(row_group.num_columns)
            ]
        frame = geopandas.read_parquet(BytesIO(body))
        plain = frame.drop(columns=["geometry", *PLACED], errors="ignore").to_csv()
        corners = shapely.get_coordinates(frame.geometry.to_numpy())
        text = "\n".join([*told, plain]).encode()
        return self._text(text) + self._vertices(corners) + self._words(body)

    def _pdf(self, body: bytes) -> list[str]:
        text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(body)).pages)
        inner = b"".join(_inflated(body))
        return self._text(text.encode()) + self._words(inner)


def _without_places(body: bytes) -> bytes:
    read = pd.read_csv(BytesIO(body), dtype=str, keep_default_na=False)
    return read.drop(columns=PLACED, errors="ignore").to_csv(index=False).encode()


def _inflated(body: bytes) -> Iterator[bytes]:
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", body, re.DOTALL):
        try:
            yield zlib.decompressobj().decompress(stream)
        except zlib.error:
            yield stream


def drawn_in(tile: bytes, folder: Path) -> np.ndarray:
    """Read the vertices of a tile's outlines by GDAL, in its units, y to the south."""
    file = folder / "plain.mvt"  # a name of numbers would be read as its place
    file.write_bytes(tile)
    if "outlines" not in {name for name, _ in pyogrio.list_layers(file)}:
        return np.empty((0, 2))
    read = pyogrio.read_dataframe(file, layer="outlines", CLIP="NO")
    corners = shapely.get_coordinates(read.geometry.to_numpy())
    return corners * (1, -1) + (0, EXTENT)  # GDAL counts from the south


def on_the_ground(units: np.ndarray, z: int, x: int, y: int) -> np.ndarray:
    """Bring units of a tile to degrees."""
    wide = 2.0**z
    lon = (x + units[:, 0] / EXTENT) / wide * 360.0 - 180.0
    north = np.pi * (1.0 - 2.0 * (y + units[:, 1] / EXTENT) / wide)
    return np.column_stack([lon, np.degrees(np.arctan(np.sinh(north)))])
